//! Words that people type, checked once where they come in. Each type trims, bounds its length in
//! code points and deals with control characters; the error names the field and the fix.

use crate::phrase::Phrase;
use phrase::phrase;
use std::fmt;

/// What is wrong with a field and how to mend it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{field}: {fix}")]
pub struct Invalid {
    /// The field's name in the form and the API.
    pub field: &'static str,
    pub fix: Phrase,
    /// More than can be kept, whatever it says: answered with a status of its own.
    pub is_too_large: bool,
}

impl Invalid {
    /// The field and the fix.
    pub fn phrase(&self) -> Phrase {
        phrase!("{}: {}", self.field, self.fix)
    }

    pub fn new(field: &'static str, fix: impl Into<Phrase>) -> Self {
        Self { field, fix: fix.into(), is_too_large: false }
    }

    /// Where the size alone is wrong.
    pub fn too_large(field: &'static str, fix: impl Into<Phrase>) -> Self {
        Self { is_too_large: true, ..Self::new(field, fix) }
    }
}

/// A moment as an address or a field has it: a time with its offset, or without one in UTC, as
/// browsers send what is chosen; seconds may be left out.
///
/// # Errors
/// `Invalid` where it is none.
pub fn moment(field: &'static str, text: &str) -> Result<chrono::DateTime<chrono::Utc>, Invalid> {
    use chrono::{DateTime, Datelike as _, NaiveDateTime, Utc};
    // A plus sign in an address that nobody escaped is a space.
    let text = text.trim().replace(' ', "+");
    let with_offset = |text: &str| {
        let formats = ["%Y-%m-%dT%H:%M%#z", "%Y-%m-%dT%H:%M:%S%.f%#z"];
        formats.iter().find_map(|format| DateTime::parse_from_str(text, format).ok())
    };
    let without = |text: &str| {
        let formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S%.f"];
        formats.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
    };
    let zulu = text.strip_suffix(['Z', 'z']).unwrap_or(&text);
    without(zulu)
        .map(|at| at.and_utc())
        .or_else(|| with_offset(&text).map(|at| at.with_timezone(&Utc)))
        // Later and earlier years are slips.
        .filter(|at| (1..=9999).contains(&at.year()))
        .ok_or_else(|| Invalid::new(field, "Write a moment such as 2024-03-12T14:00Z."))
}

macro_rules! line {
    ($($(#[$meta:meta])* $name:ident($field:literal, $min:literal..=$max:literal);)+) => { $(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct $name(String);

        impl $name {
            /// # Errors
            /// `Invalid` where the trimmed text is too short or too long.
            pub fn parse(text: &str) -> Result<Self, Invalid> {
                one_line($field, text, $min, $max).map(Self)
            }

            /// `None` for blank text.
            ///
            /// # Errors
            /// As [`Self::parse`].
            pub fn optional(text: &str) -> Result<Option<Self>, Invalid> {
                if text.trim().is_empty() { Ok(None) } else { Self::parse(text).map(Some) }
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+ };
}

line! {
    /// An article's headline.
    Title("title", 1..=300);
    /// Who publishes.
    OutletName("outlet", 1..=120);
    /// Who wrote it.
    Author("author", 1..=200);
    /// A person's name as colleagues see it.
    PersonName("name", 1..=100);
    /// What a token is for.
    TokenName("name", 1..=100);
    /// What a receiver is known by.
    ReceiverName("name", 1..=100);
    /// A piece of evidence's own title.
    EvidenceTitle("title", 1..=300);
    /// What a source is known by.
    SourceName("name", 1..=100);
    /// What a source does ("spokesman").
    SourceRole("role", 1..=200);
    /// Whom a source speaks or works for.
    Organisation("organisation", 1..=200);
    /// The noun that a figure counts.
    Counted("counts", 1..=100);
    /// Whose people or things were counted.
    Side("side", 1..=100);
    /// What money and the like are counted in.
    Unit("unit", 1..=20);
    /// What the desk is called.
    DeskName("name", 2..=120);
    /// What a saved view of the claims list is called.
    ViewName("name", 1..=80);
}

macro_rules! passage {
    ($($(#[$meta:meta])* $name:ident($field:literal, $min:literal..=$max:literal);)+) => { $(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// # Errors
            /// `Invalid` where the trimmed text is too short or too long.
            pub fn parse(text: &str) -> Result<Self, Invalid> {
                let text = well_formed(clean(text));
                bounded($field, text.trim(), $min, $max).map(Self)
            }

            /// `None` for blank text.
            ///
            /// # Errors
            /// As [`Self::parse`].
            pub fn optional(text: &str) -> Result<Option<Self>, Invalid> {
                if text.trim().is_empty() { Ok(None) } else { Self::parse(text).map(Some) }
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    )+ };
}

passage! {
    /// Why a verdict was given.
    Rationale("rationale", 3..=5_000);
    /// Why something was done.
    Reason("reason", 3..=1_000);
    /// What readers are told about a correction.
    CorrectionNote("note", 10..=2_000);
    /// The words of a piece of evidence.
    Excerpt("excerpt", 1..=10_000);
    /// What the original of a picture, a video or a recording shows, and where it comes from.
    OriginalContext("context", 3..=2_000);
    /// What somebody says about a claim.
    CommentText("text", 1..=5_000);
    /// Who runs the desk and who pays for it.
    Organised("organisation", 10..=5_000);
    /// How the desk corrects.
    CorrectionsPolicy("corrections", 10..=5_000);
    /// Words of an article that are one claim: a sentence or a few.
    ClaimWords("words", 3..=2_000);
}

/// Largest article, in bytes of UTF-8: some 150,000 words, beyond any news piece.
pub const MAX_ARTICLE_BYTES: usize = 1_048_576;

/// An article's text as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleText(String);

impl ArticleText {
    /// Line ends become `\n`, empty lines and byte order marks before the text are dropped, and
    /// every other control character but the tab becomes U+FFFD, so that nothing invisible is kept
    /// and nothing shifts. Every other character stays as it is.
    ///
    /// # Errors
    /// `Invalid` where nothing but white space is left, or where it is too large.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text.len() > MAX_ARTICLE_BYTES {
            return Err(Invalid::too_large(
                "text",
                phrase!(
                    "The text has {} bytes; the most is {}. Split it into parts and add each as an article.",
                    crate::measure::number(text.len() as f64),
                    crate::measure::number(MAX_ARTICLE_BYTES as f64)
                ),
            ));
        }
        let text = clean(text);
        let kept = text.trim_end().trim_start_matches(['\n', '\u{feff}']);
        if kept.chars().all(|c| c.is_whitespace() || c == '\u{feff}') {
            return Err(Invalid::new("text", "Paste the article's text."));
        }
        Ok(Self(kept.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An address on the web.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebAddress(String);

impl WebAddress {
    /// # Errors
    /// `Invalid` unless it is `http://` or `https://` with a host.
    pub fn parse(field: &'static str, text: &str) -> Result<Self, Invalid> {
        let text = text.trim();
        let lower = text.to_ascii_lowercase();
        let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
        let host_given = rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_alphanumeric() || c == '['));
        let plain = !text.chars().any(|c| c.is_control() || c.is_whitespace());
        if text.len() > 2_000 {
            return Err(Invalid::new(field, "An address has at most 2,000 characters."));
        }
        if !host_given || !plain {
            return Err(Invalid::new(field, "Give the whole address, beginning with https:// or http://."));
        }
        Ok(Self(text.to_owned()))
    }

    /// `None` for blank text.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn optional(field: &'static str, text: &str) -> Result<Option<Self>, Invalid> {
        if text.trim().is_empty() { Ok(None) } else { Self::parse(field, text).map(Some) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An e-mail address, in lower case. Only what every address has is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Email(String);

impl Email {
    /// # Errors
    /// `Invalid` unless it looks like `name@host`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let text = text.trim().to_lowercase();
        let good = text.len() <= 254
            && !text.chars().any(|c| c.is_whitespace() || c.is_control())
            && text.split_once('@').is_some_and(|(name, host)| {
                !name.is_empty() && host.contains('.') && !host.contains('@') && !host.ends_with('.')
            });
        if good {
            Ok(Self(text))
        } else {
            Err(Invalid::new("email", "Give an address such as name@example.org."))
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where readers write to: an e-mail address, or the address of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact(String);

impl Contact {
    /// # Errors
    /// `Invalid` where it is neither.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let text = text.trim();
        if text.contains("://") {
            return WebAddress::parse("contact", text).map(|address| Self(address.0));
        }
        Email::parse(text).map(|email| Self(email.0)).map_err(|_| {
            Invalid::new("contact", "Give an address such as name@example.org, or a form’s with https://.")
        })
    }

    /// `None` for blank text.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn optional(text: &str) -> Result<Option<Self>, Invalid> {
        if text.trim().is_empty() { Ok(None) } else { Self::parse(text).map(Some) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A new password. NIST SP 800-63B: length is what counts, no rules of composition.
pub struct NewPassword(String);

impl NewPassword {
    /// # Errors
    /// `Invalid` unless it has 12 to 256 characters.
    pub fn parse(field: &'static str, text: &str) -> Result<Self, Invalid> {
        match text.chars().count() {
            0..12 => {
                Err(Invalid::new(field, "Use at least 12 characters; a few words are easy to remember."))
            }
            12..=256 => Ok(Self(text.to_owned())),
            _ => Err(Invalid::new(field, "Use at most 256 characters.")),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether XML 1.0 allows a character, however it is written (its production 2, `Char`).
fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..)
}

/// XML without characters that XML forbids, whatever was kept in the texts that are in it.
pub fn well_formed(xml: String) -> String {
    if xml.chars().all(is_xml) { xml } else { xml.replace(|c| !is_xml(c), "\u{fffd}") }
}

fn one_line(field: &'static str, text: &str, min: usize, max: usize) -> Result<String, Invalid> {
    let text: String = text.chars().map(|c| if c.is_control() || !is_xml(c) { ' ' } else { c }).collect();
    bounded(field, text.trim(), min, max)
}

fn bounded(field: &'static str, text: &str, min: usize, max: usize) -> Result<String, Invalid> {
    let length = text.chars().count();
    let fix = if length == 0 && min > 0 {
        phrase!("This may not be empty.")
    } else if length < min {
        phrase!("Write at least {min} characters.")
    } else if length > max {
        phrase!("Use at most {max} characters; this has {length}.")
    } else {
        return Ok(text.to_owned());
    };
    Err(Invalid::new(field, fix))
}

fn clean(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                if chars.peek() != Some(&'\n') {
                    out.push('\n');
                }
            }
            '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' => out.push('\n'),
            '\u{2029}' => out.push_str("\n\n"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn line_ends_are_unified_and_other_controls_are_made_visible() {
        let text = ArticleText::parse("\u{feff}One\r\ntwo\rthree\u{0}four\tfive\u{202e}").expect("text");
        assert_eq!(text.as_str(), "One\ntwo\nthree\u{fffd}four\tfive\u{202e}");
    }

    #[test]
    fn an_error_names_the_field_and_the_fix() {
        let error = Title::parse("   ").expect_err("empty");
        assert_eq!(error.to_string(), "title: This may not be empty.");
        assert!(ArticleText::parse(&"x".repeat(MAX_ARTICLE_BYTES + 1)).is_err());
    }

    #[test]
    fn only_web_addresses_are_addresses() {
        assert!(WebAddress::parse("address", "https://courier.example/a?b=ü").is_ok());
        for bad in ["javascript:alert(1)", "http://", "ftp://x.example", "https:// x.example", "//x.example"]
        {
            assert!(WebAddress::parse("address", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn nothing_invisible_is_left_before_the_text() {
        let text = ArticleText::parse("\u{feff}\r\n\u{feff}One").expect("text");
        assert_eq!(text.as_str(), "One");
    }

    #[test]
    fn a_moment_is_read_with_and_without_seconds_and_offset() {
        let noon = "2024-03-12T12:00:00Z".parse().ok();
        for text in [
            "2024-03-12T12:00",
            "2024-03-12T12:00Z",
            "2024-03-12T12:00:00.000Z",
            "2024-03-12T14:00 02:00",
            "2024-03-12T14:00:00+02:00",
        ] {
            assert_eq!(moment("as_of", text).ok(), noon, "{text}");
        }
        for text in ["", "2024-03-12", "noon", "2024-03-12T25:00", "12024-03-12T12:00Z"] {
            assert!(moment("as_of", text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_kept_may_stand_in_xml(
            text in "(?s)(.|[\u{0}-\u{1f}\u{7f}-\u{9f}\u{fffe}\u{ffff}\u{1fffe}]){1,60}",
        ) {
            let forbidden = |c: char| matches!(c, '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
            if let Ok(kept) = Rationale::parse(&text) {
                prop_assert!(!kept.as_str().contains(forbidden), "{kept:?}");
            }
            if let Ok(kept) = Title::parse(&text) {
                prop_assert!(!kept.as_str().contains(forbidden), "{kept:?}");
            }
            let written = well_formed(text.clone());
            prop_assert!(!written.contains(forbidden));
            prop_assert_eq!(written.chars().count(), text.chars().count());
            if !text.contains(forbidden) {
                prop_assert_eq!(written, text);
            }
        }

        #[test]
        fn keeping_a_text_twice_changes_nothing(text in "(?s).{1,200}") {
            if let Ok(once) = ArticleText::parse(&text) {
                prop_assert_eq!(ArticleText::parse(once.as_str()).expect("kept"), once);
            }
        }
    }
}
