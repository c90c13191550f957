//! Keeps the catalogues of the interface in step with the source: every text that the macros of
//! `phrase` mark stands in `app/language/*.po`, translated, with the same holes.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use polib::catalog::Catalog;
use polib::message::Message;
use polib::metadata::CatalogMetadata;
use polib::po_file;
use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

use crate::project;
use crate::structure;

#[path = "../../server/phrase/src/scan.rs"]
mod scan;

/// Languages with a catalogue, and how gettext counts in them (its manual, "Plural forms").
const LANGUAGES: [(&str, usize, &str); 3] = [
    (
        "uk",
        3,
        "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);",
    ),
    (
        "ru",
        3,
        "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);",
    ),
    (
        "ar",
        6,
        "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
    ),
];

/// Where texts for people stand.
const SOURCES: [&str; 5] =
    ["app/src", "server/domain/src", "server/extract/src", "server/desk/src", "server/src"];
/// Scales that come with the program: what they say is in the catalogue as well, and is said as it stands
/// once a desk has changed it.
const SCALES: &str = "seeds/scales";
/// What people read of a scale.
const OF_A_SCALE: [&str; 3] = ["name", "about", "meaning"];

#[derive(clap::Args)]
pub struct Options {
    /// Only say what is missing, and fail where something is
    #[arg(long)]
    check: bool,
    /// List literals that read like words for people and are not marked
    #[arg(long, conflicts_with = "check")]
    unmarked: bool,
}

/// A text and where it stands.
struct Text {
    many: Option<String>,
    places: Vec<String>,
}

/// Writes every text into every catalogue, keeps the translations there are, drops what is gone.
pub fn run(options: &Options) -> Result<()> {
    if options.check {
        return check();
    }
    if options.unmarked {
        return list_unmarked();
    }
    let texts = texts()?;
    for (language, forms, rule) in LANGUAGES {
        let path = file(language);
        let old = read(&path)?;
        let mut fresh = Catalog::new(metadata(language, rule)?);
        let mut missing = 0;
        for (one, text) in &texts {
            let known = old.find_message(None, one, text.many.as_deref());
            let places = text.places.join(" ");
            let message = match &text.many {
                Some(many) => {
                    let kept = known.and_then(|known| known.msgstr_plural().ok().cloned());
                    let mut strings = kept.unwrap_or_default();
                    strings.resize(forms, String::new());
                    missing += usize::from(strings.iter().any(String::is_empty));
                    let mut built = Message::build_plural();
                    built
                        .with_msgid(one.clone())
                        .with_msgid_plural(many.clone())
                        .with_msgstr_plural(strings)
                        .with_source(places)
                        .done()
                }
                None => {
                    let kept =
                        known.and_then(|known| known.msgstr().ok().map(str::to_owned)).unwrap_or_default();
                    missing += usize::from(kept.is_empty());
                    let mut built = Message::build_singular();
                    built.with_msgid(one.clone()).with_msgstr(kept).with_source(places).done()
                }
            };
            fresh.append_or_update(message);
        }
        po_file::write_to_file(&fresh, &path)
            .with_context(|| format!("could not write {}", project::shown(&path)))?;
        println!("{}: {} texts, {missing} not translated", project::shown(&path), texts.len());
    }
    Ok(())
}

/// Fails where a catalogue lacks a text, has one that is gone, or fills other holes.
pub fn check() -> Result<()> {
    let texts = texts()?;
    let mut wrong = Vec::new();
    for (language, forms, _) in LANGUAGES {
        let path = file(language);
        let shown = project::shown(&path);
        let catalogue = read(&path)?;
        for (one, text) in &texts {
            let Some(message) = catalogue.find_message(None, one, text.many.as_deref()) else {
                wrong.push(format!("{shown} lacks “{one}” ({})", text.places.join(", ")));
                continue;
            };
            let strings: Vec<&str> = match &text.many {
                Some(_) => message
                    .msgstr_plural()
                    .map(|s| s.iter().map(String::as_str).collect())
                    .unwrap_or_default(),
                None => message.msgstr().map(|s| vec![s]).unwrap_or_default(),
            };
            let wanted = if text.many.is_some() { forms } else { 1 };
            if strings.len() != wanted || strings.iter().any(|s| s.trim().is_empty()) {
                wrong.push(format!("{shown} has no translation of “{one}”"));
            }
            let holes = holes_of(text.many.as_deref().unwrap_or(one));
            for string in strings.iter().filter(|s| !s.is_empty()) {
                let has = holes_of(string);
                // A form for one, two or none may say its number in a word.
                let is_same = has == holes
                    || (text.many.is_some()
                        && holes.iter().filter(|h| *h != "n").eq(has.iter().filter(|h| *h != "n")));
                if !is_same {
                    wrong.push(format!("{shown}: “{string}” has other holes than “{one}”"));
                }
            }
        }
        for message in catalogue.messages() {
            if !texts.contains_key(message.msgid()) {
                wrong.push(format!("{shown} has “{}”, which nothing says any more", message.msgid()));
            }
        }
    }
    if wrong.is_empty() {
        return Ok(());
    }
    let count = wrong.len();
    wrong.truncate(40);
    bail!(
        "{count} texts of the interface are not as the source has them (run `cargo xtask words`, then translate):\n    {}",
        wrong.join("\n    ")
    )
}

/// What stands between the parts of a list; they differ between scripts.
const JOINTS: [&str; 2] = [", ", "; "];

fn without_holes(text: &str) -> String {
    let mut depth = 0;
    text.chars()
        .filter(|c| {
            depth += i32::from(*c == '{');
            let is_outside = depth == 0;
            depth -= i32::from(*c == '}');
            is_outside
        })
        .collect()
}

fn holes_of(text: &str) -> Vec<String> {
    let mut names: Vec<String> = scan::holes(text)
        .map(|(_, holes)| holes.into_iter().map(|hole| hole.name).collect())
        .unwrap_or_default();
    names.sort();
    names
}

fn file(language: &str) -> PathBuf {
    project::root().join("app/language").join(format!("{language}.po"))
}

fn read(path: &std::path::Path) -> Result<Catalog> {
    po_file::parse(path)
        .map_err(|error| anyhow::anyhow!("{error:?}"))
        .with_context(|| format!("could not read {}", project::shown(path)))
}

fn metadata(language: &str, rule: &str) -> Result<CatalogMetadata> {
    let head = format!(
        "Project-Id-Version: Claimdesk\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n\
         Content-Transfer-Encoding: 8bit\nLanguage: {language}\nPlural-Forms: {rule}"
    );
    CatalogMetadata::parse(&head).context("the head of a catalogue is not as gettext has it")
}

/// Prints every literal of the pages and of the rules that reads like words for people, and that no macro
/// marks: an aid for who writes them, since only a person can tell words from names of things.
fn list_unmarked() -> Result<()> {
    for folder in SOURCES {
        for path in structure::rust_files(&project::root().join(folder)) {
            let source = fs::read_to_string(&path)
                .with_context(|| format!("could not read {}", project::shown(&path)))?;
            let source = source.split("#[cfg(test)]").next().unwrap_or_default();
            let tokens: TokenStream = source
                .parse()
                .map_err(|error| anyhow::anyhow!("{error}"))
                .with_context(|| format!("{} is not Rust", project::shown(&path)))?;
            unmarked(tokens, &mut |line, text| println!("{}:{line}: {text:?}", project::shown(&path)));
        }
    }
    Ok(())
}

fn unmarked(tokens: TokenStream, say: &mut impl FnMut(usize, &str)) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => match macro_of(&tokens, at).as_str() {
                // What is left of a view's own literals are names of classes and the like.
                "view" => unmarked(
                    group
                        .stream()
                        .into_iter()
                        .filter(|token| !matches!(token, TokenTree::Literal(_)))
                        .collect(),
                    say,
                ),
                "closed_set" | "query" | "query_as" | "query_scalar" => {}
                name if marks(name) > 0 => {
                    let mut left = marks(name);
                    let rest = group.stream().into_iter().filter(|token| {
                        let is_mark =
                            left > 0 && matches!(token, TokenTree::Literal(l) if scan::text_of(l).is_some());
                        left -= usize::from(is_mark);
                        !is_mark
                    });
                    unmarked(rest.collect(), say);
                }
                _ if is_attribute(&tokens, at) => {}
                _ => unmarked(group.stream(), say),
            },
            TokenTree::Literal(literal) => {
                if let Some(text) = scan::text_of(literal).filter(|text| reads_like_words(text)) {
                    say(literal.span().start().line, &text);
                }
            }
            _ => {}
        }
    }
}

fn is_attribute(tokens: &[TokenTree], at: usize) -> bool {
    matches!(at.checked_sub(1).and_then(|before| tokens.get(before)), Some(TokenTree::Punct(sign)) if matches!(sign.as_char(), '#' | '!'))
        && tokens
            .get(at.saturating_sub(2))
            .is_some_and(|t| matches!(t, TokenTree::Punct(p) if p.as_char() == '#'))
        || matches!(at.checked_sub(1).and_then(|b| tokens.get(b)), Some(TokenTree::Punct(sign)) if sign.as_char() == '#')
}

/// The name of the macro that a group belongs to.
fn macro_of(tokens: &[TokenTree], at: usize) -> String {
    match at.checked_sub(2).and_then(|from| tokens.get(from..at)) {
        Some([TokenTree::Ident(name), TokenTree::Punct(sign)])
            if sign.as_char() == '!' && sign.spacing() == Spacing::Alone =>
        {
            name.to_string()
        }
        _ => String::new(),
    }
}

/// Whether there is something to translate in a text that somebody marked: a unit may be one letter, as
/// in "{hours} h {minutes}".
fn has_letters(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
}

fn reads_like_words(text: &str) -> bool {
    let bytes = text.trim().as_bytes();
    let spaced =
        bytes.windows(3).any(|w| w[1] == b' ' && w[0].is_ascii_alphabetic() && w[2].is_ascii_alphabetic());
    let hole = text.contains("} ") || text.contains(" {");
    let capital = bytes.len() > 2 && bytes[0].is_ascii_uppercase() && bytes[1].is_ascii_lowercase();
    (spaced || hole || capital) && scan::has_words(text)
}

/// Every text of the source, without the spaces around it, in order.
fn texts() -> Result<BTreeMap<String, Text>> {
    let mut texts: BTreeMap<String, Text> = BTreeMap::new();
    for folder in SOURCES {
        for path in structure::rust_files(&project::root().join(folder)) {
            let source = fs::read_to_string(&path)
                .with_context(|| format!("could not read {}", project::shown(&path)))?;
            // What tests say is nobody's to read.
            let tokens: TokenStream = source
                .split("#[cfg(test)]\nmod tests {")
                .next()
                .unwrap_or_default()
                .parse()
                .map_err(|error| anyhow::anyhow!("{error}"))
                .with_context(|| format!("{} is not Rust", project::shown(&path)))?;
            let mut found = Vec::new();
            find(tokens, &mut found);
            for Found { one, many, .. } in found {
                if !has_letters(&without_holes(&one)) && !JOINTS.contains(&one.as_str()) {
                    continue;
                }
                let text = texts
                    .entry(one.trim().to_owned())
                    .or_insert_with(|| Text { many: None, places: Vec::new() });
                if let Some(many) = many {
                    text.many = Some(many.trim().to_owned());
                }
                let place = project::shown(&path);
                if !text.places.contains(&place) {
                    text.places.push(place);
                }
            }
        }
    }
    for entry in fs::read_dir(project::root().join(SCALES)).context("could not list the scales")? {
        let path = entry?.path();
        let read =
            fs::read_to_string(&path).with_context(|| format!("could not read {}", project::shown(&path)))?;
        let scale: toml::Table =
            read.parse().with_context(|| format!("{} is not TOML", project::shown(&path)))?;
        let ratings = scale.get("rating").and_then(toml::Value::as_array).into_iter().flatten();
        for table in std::iter::once(&scale).chain(ratings.filter_map(toml::Value::as_table)) {
            for said in OF_A_SCALE.iter().filter_map(|name| table.get(*name)?.as_str()) {
                let text =
                    texts.entry(said.to_owned()).or_insert_with(|| Text { many: None, places: Vec::new() });
                let place = project::shown(&path);
                if !text.places.contains(&place) {
                    text.places.push(place);
                }
            }
        }
    }
    Ok(texts)
}

/// The macros that mark texts, by name, and how many literals of theirs are texts.
fn marks(name: &str) -> usize {
    match name {
        "t" | "phrase" | "msg" | "frame" => 1,
        "plural" | "tn" => 2,
        _ => 0,
    }
}

/// A text that was found: one form, or one for one and one for many.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Found {
    one: String,
    many: Option<String>,
}

/// Calls whose last literal is a text for people.
const TELLING: [&str; 4] = ["Invalid::new", "Invalid::too_large", "on_constraint", "NotFound"];
/// Fields whose literals are texts for people.
const TOLD: [&str; 1] = ["wanted"];

/// Every text that is marked in a file's tokens: in views, in the macros above, as labels of closed sets,
/// as what errors say, and where a type keeps a text for later.
fn find(tokens: TokenStream, found: &mut Vec<Found>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    // What follows `#[derive(Phrased)]`, up to its braces, says what its attributes say.
    let mut says_errors = false;
    for (at, token) in tokens.iter().enumerate() {
        let group = match token {
            TokenTree::Group(group) => group,
            TokenTree::Literal(literal) if is_told(&tokens, at) => {
                found.extend(scan::text_of(literal).map(|one| Found { one, many: None }));
                continue;
            }
            _ => continue,
        };
        let name = macro_of(&tokens, at);
        match name.as_str() {
            "view" => {
                scan::view(group.stream(), |_, text| {
                    found.push(Found { one: text, many: None });
                    TokenStream::new()
                });
            }
            "closed_set" => labels(group.stream(), found),
            "action" => {
                let literals = group.stream().into_iter().filter_map(|token| match token {
                    TokenTree::Literal(literal) => scan::text_of(&literal),
                    _ => None,
                });
                found.extend(literals.map(|one| Found { one, many: None }));
            }
            name if marks(name) > 0 => marked(group.stream(), marks(name), found),
            _ if TELLING.contains(&path_before(&tokens, at).as_str()) => {
                let literals: Vec<String> = group
                    .stream()
                    .into_iter()
                    .filter_map(|token| match token {
                        TokenTree::Literal(literal) => scan::text_of(&literal),
                        _ => None,
                    })
                    .collect();
                // The first of several is the field's name.
                let least = if path_before(&tokens, at) == "NotFound" { 1 } else { 2 };
                if literals.len() >= least {
                    let last = literals.into_iter().last().filter(|text| scan::has_words(text));
                    found.extend(last.map(|one| Found { one, many: None }));
                }
            }
            _ => {}
        }
        let is_attribute = matches!(at.checked_sub(1).and_then(|before| tokens.get(before)), Some(TokenTree::Punct(sign)) if sign.as_char() == '#');
        if is_attribute {
            let inside = group.stream().to_string();
            says_errors |= inside.starts_with("derive") && inside.contains("Phrased");
            if says_errors {
                errors(group.stream(), found);
            }
        } else if says_errors && group.delimiter() == Delimiter::Brace {
            says_errors = false;
            for token in group.stream() {
                if let TokenTree::Group(attribute) = token {
                    errors(attribute.stream(), found);
                }
            }
        }
        find(group.stream(), found);
    }
}

/// The text of `error("…")`.
fn errors(attribute: TokenStream, found: &mut Vec<Found>) {
    let tokens: Vec<TokenTree> = attribute.into_iter().collect();
    if let [TokenTree::Ident(name), TokenTree::Group(inside)] = tokens.as_slice()
        && *name == "error"
    {
        marked(inside.stream(), 1, found);
    }
}

fn is_told(tokens: &[TokenTree], at: usize) -> bool {
    matches!(
        at.checked_sub(2).and_then(|from| tokens.get(from..at)),
        Some([TokenTree::Ident(field), TokenTree::Punct(sign)])
            if sign.as_char() == ':' && TOLD.contains(&field.to_string().as_str())
    )
}

/// The name that a call's arguments follow, with the type it belongs to.
fn path_before(tokens: &[TokenTree], at: usize) -> String {
    let before = tokens.get(at.saturating_sub(4)..at).unwrap_or_default();
    match before {
        [TokenTree::Ident(of), TokenTree::Punct(_), TokenTree::Punct(sign), TokenTree::Ident(name)]
            if sign.as_char() == ':' && *of == "Invalid" =>
        {
            format!("{of}::{name}")
        }
        [.., TokenTree::Ident(name)] => name.to_string(),
        _ => String::new(),
    }
}

/// The first literals of a macro that marks texts.
fn marked(inside: TokenStream, wanted: usize, found: &mut Vec<Found>) {
    let literals: Vec<String> = inside
        .into_iter()
        .filter_map(|token| match token {
            TokenTree::Literal(literal) => scan::text_of(&literal),
            _ => None,
        })
        .take(wanted)
        .collect();
    let named = |text: &str| scan::holes(text).map_or_else(|_| text.to_owned(), |(named, _)| named);
    match literals.as_slice() {
        [one] if wanted == 1 => found.push(Found { one: named(one), many: None }),
        [one, many] => {
            found.push(Found { one: named(one), many: Some(named(many)) });
        }
        _ => {}
    }
}

/// The labels of a closed set: in `Variant = "word", "label";` the second.
fn labels(inside: TokenStream, found: &mut Vec<Found>) {
    for token in inside {
        let TokenTree::Group(members) = token else { continue };
        if members.delimiter() != Delimiter::Brace {
            continue;
        }
        let mut after_comma = false;
        for token in members.stream() {
            match &token {
                TokenTree::Literal(literal) if after_comma => {
                    if let Some(text) = scan::text_of(literal).filter(|text| scan::has_words(text)) {
                        found.push(Found { one: text, many: None });
                    }
                }
                TokenTree::Punct(sign) => after_comma = sign.as_char() == ',',
                _ => {}
            }
        }
    }
}
