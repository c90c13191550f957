//! Joins and shrinks the style sheets.
//!
//! Only what cannot change their meaning is removed: comments, and white space where CSS ignores it.
//! Compression on the wire does the rest, so nothing cleverer would pay.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// All style sheets of a folder in the order of their names (`10-tokens.css`, `20-base.css`, …; a
/// subfolder's come at the place of its name), as one.
pub fn join(dir: &Path) -> Result<String> {
    let mut sheet = String::new();
    for file in sheets(dir)? {
        let text = fs::read_to_string(&file).with_context(|| format!("could not read {}", file.display()))?;
        let small = minify(&text).with_context(|| format!("in {}", file.display()))?;
        sheet.push_str(&small);
    }
    Ok(sheet)
}

fn sheets(dir: &Path) -> Result<Vec<PathBuf>> {
    if !dir.exists() {
        return Ok(Vec::new());
    }
    let mut entries = fs::read_dir(dir)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>())
        .with_context(|| format!("could not list {}", dir.display()))?;
    entries.sort();
    let mut files = Vec::new();
    for entry in entries {
        if entry.is_dir() {
            files.extend(sheets(&entry)?);
        } else if entry.extension().is_some_and(|extension| extension == "css") {
            files.push(entry);
        }
    }
    Ok(files)
}

/// One style sheet without comments and without white space that has no meaning.
pub fn minify(css: &str) -> Result<String> {
    let mut out = String::with_capacity(css.len());
    let mut chars = css.chars().peekable();
    let mut space = false;
    while let Some(c) = chars.next() {
        if c == '/' && chars.peek() == Some(&'*') {
            chars.next();
            skip_comment(&mut chars)?;
            // `a/**/b` is two tokens.
            space = true;
            continue;
        }
        if c.is_ascii_whitespace() {
            space = true;
            continue;
        }
        if space {
            if needs_space(out.chars().next_back(), c) {
                out.push(' ');
            }
            space = false;
        }
        match c {
            '"' | '\'' => copy_string(c, &mut chars, &mut out)?,
            '(' if out.to_ascii_lowercase().ends_with("url") => {
                out.push('(');
                copy_address(&mut chars, &mut out)?;
            }
            '\\' => {
                out.push('\\');
                out.extend(chars.next());
            }
            '}' => {
                if out.ends_with(';') {
                    out.pop();
                }
                out.push('}');
            }
            _ => out.push(c),
        }
    }
    Ok(out)
}

/// White space means nothing beside these signs, wherever they stand. Beside `:`, `+`, `>`, `(` and
/// others it sometimes does, so there one space is kept.
fn needs_space(before: Option<char>, after: char) -> bool {
    let free = |c: char| matches!(c, '{' | '}' | ';' | ',');
    before.is_some_and(|before| !free(before)) && !free(after)
}

type Chars<'a> = std::iter::Peekable<std::str::Chars<'a>>;

fn skip_comment(chars: &mut Chars<'_>) -> Result<()> {
    while let Some(c) = chars.next() {
        if c == '*' && chars.peek() == Some(&'/') {
            chars.next();
            return Ok(());
        }
    }
    bail!("a comment is not closed")
}

fn copy_string(quote: char, chars: &mut Chars<'_>, out: &mut String) -> Result<()> {
    out.push(quote);
    while let Some(c) = chars.next() {
        out.push(c);
        if c == quote {
            return Ok(());
        }
        if c == '\\' {
            out.extend(chars.next());
        }
    }
    bail!("a string is not closed")
}

/// An address without quotes may hold `/*` and anything else up to its bracket.
fn copy_address(chars: &mut Chars<'_>, out: &mut String) -> Result<()> {
    while let Some(c) = chars.next() {
        match c {
            ')' => {
                out.push(')');
                return Ok(());
            }
            '"' | '\'' => copy_string(c, chars, out)?,
            _ => out.push(c),
        }
    }
    bail!("the bracket of a url( is not closed")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small(css: &str) -> String {
        minify(css).expect("well-formed CSS")
    }

    #[test]
    fn comments_and_white_space_go() {
        assert_eq!(
            small("/* a */ a ,\n b  {\n  color : red ;\n  margin: 0 1px;\n}\n\nc{}"),
            "a,b{color : red;margin: 0 1px}c{}"
        );
    }

    #[test]
    fn spaces_with_a_meaning_stay() {
        assert_eq!(small("a :hover { width: calc(1px + 2px) }"), "a :hover{width: calc(1px + 2px)}");
        assert_eq!(small("@media (a) and (b) { x { y: z } }"), "@media (a) and (b){x{y: z}}");
        assert_eq!(small("a/* */b{}"), "a b{}");
    }

    #[test]
    fn strings_and_addresses_are_left_as_they_are() {
        let css = r#"a::before{content:" /* x */  ;} \" "}"#;
        assert_eq!(small(css), css);
        let css = "a{background:url(data:image/svg+xml,/*  */)}";
        assert_eq!(small(css), css);
        assert_eq!(small(r".sm\:a  b{}"), r".sm\:a b{}");
    }

    #[test]
    fn what_is_not_closed_is_an_error() {
        assert!(minify("/* a").is_err());
        assert!(minify("a{content:\"b}").is_err());
        assert!(minify("a{b:url(c}").is_err());
    }
}
