//! Finds the words that people read in source text: what the macros mark for translation, and what the
//! catalogue is therefore made of. The tool that writes the catalogue includes this very file, so that
//! both see the same.

use proc_macro2::{Literal, TokenStream, TokenTree};

/// Attributes whose values people read, or have read to them.
const SPOKEN: [&str; 6] = ["title", "placeholder", "aria-label", "alt", "data-says", "label"];
/// Elements whose words are the same in every language.
const UNSPOKEN: [&str; 2] = ["kbd", "code"];

/// The text of a string literal; `None` for other literals.
pub fn text_of(literal: &Literal) -> Option<String> {
    match syn::Lit::new(literal.clone()) {
        syn::Lit::Str(text) => Some(text.value()),
        _ => None,
    }
}

/// Whether there is something to translate: a word, not only signs or a single letter.
pub fn has_words(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphabetic()).nth(1).is_some()
}

/// Walks what stands in a view: its literal texts and spoken attributes are given to `spoken`, and
/// replaced by what that returns; everything else stays.
pub fn view(tokens: TokenStream, mut spoken: impl FnMut(&Literal, String) -> TokenStream) -> TokenStream {
    let mut made: Vec<TokenTree> = Vec::new();
    let mut tag = String::new();
    for token in tokens {
        let text = match &token {
            TokenTree::Literal(literal) => text_of(literal).filter(|text| has_words(text)),
            TokenTree::Ident(name) => {
                if is_sign(made.last(), '<') {
                    tag = name.to_string();
                }
                None
            }
            TokenTree::Punct(sign) if sign.as_char() == '/' && is_sign(made.last(), '<') => {
                tag.clear();
                None
            }
            _ => None,
        };
        let is_spoken = match made.last() {
            Some(TokenTree::Punct(sign)) if sign.as_char() == '=' => {
                SPOKEN.contains(&attribute(made.get(..made.len() - 1).unwrap_or_default()).as_str())
            }
            _ => !UNSPOKEN.contains(&tag.as_str()),
        };
        match (text, &token) {
            (Some(text), TokenTree::Literal(literal)) if is_spoken => made.extend(spoken(literal, text)),
            _ => made.push(token),
        }
    }
    made.into_iter().collect()
}

fn is_sign(token: Option<&TokenTree>, wanted: char) -> bool {
    matches!(token, Some(TokenTree::Punct(sign)) if sign.as_char() == wanted)
}

/// The name that ends here: `aria-label` is three tokens.
fn attribute(before: &[TokenTree]) -> String {
    let mut name = String::new();
    let mut wants_word = true;
    for token in before.iter().rev() {
        match token {
            TokenTree::Ident(word) if wants_word => name.insert_str(0, &word.to_string()),
            TokenTree::Punct(sign) if !wants_word && matches!(sign.as_char(), '-' | ':') => {
                name.insert(0, sign.as_char());
            }
            _ => break,
        }
        wants_word = !wants_word;
    }
    name
}

/// A hole in a text: what fills it and how it is formatted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hole {
    /// A name, or a position in digits.
    pub name: String,
    /// What follows the colon.
    pub format: String,
}

/// The text with every hole named, and its holes in order: `"{} of {n:.1}"` becomes `"{0} of {n}"`.
///
/// # Errors
/// Where a brace is not closed.
pub fn holes(text: &str) -> Result<(String, Vec<Hole>), String> {
    let mut named = String::new();
    let mut found = Vec::new();
    let mut rest = text.chars().peekable();
    let mut next = 0;
    while let Some(c) = rest.next() {
        match c {
            '{' if rest.peek() == Some(&'{') => {
                rest.next();
                named.push_str("{{");
            }
            '}' if rest.peek() == Some(&'}') => {
                rest.next();
                named.push_str("}}");
            }
            '{' => {
                let mut inside = String::new();
                loop {
                    match rest.next() {
                        Some('}') => break,
                        Some(c) => inside.push(c),
                        None => return Err(format!("a brace is not closed in “{text}”")),
                    }
                }
                let (name, format) = inside.split_once(':').unwrap_or((&inside, ""));
                let mut name = name.trim().to_owned();
                if name.is_empty() {
                    name = next.to_string();
                    next += 1;
                }
                named.push('{');
                named.push_str(&name);
                named.push('}');
                if !found.iter().any(|hole: &Hole| hole.name == name) {
                    found.push(Hole { name, format: format.to_owned() });
                }
            }
            c => named.push(c),
        }
    }
    Ok((named, found))
}
