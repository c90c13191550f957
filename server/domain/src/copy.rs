//! Copies of evidence: what may be kept, what it is called, and what a look at it can find.

use crate::closed_set;
use crate::phrase::Phrase;
use crate::words::Invalid;
use chrono::{DateTime, TimeDelta, Utc};
use phrase::{phrase, plural};

/// The largest copy, in bytes: 25 MB.
pub const MAX_BYTES: u64 = 25 << 20;
/// The longest text that may be pasted as a copy, in bytes of UTF-8; longer ones come as files.
pub const MAX_PASTED_BYTES: usize = 1 << 20;
/// The longest name of a file, in code points.
const MAX_NAME: usize = 120;
/// How far the clock of whoever captured something may be ahead of ours.
const AHEAD: TimeDelta = TimeDelta::minutes(5);

closed_set! {
    /// What a copy is, as its own content shows.
    MediaType {
        Pdf = "application/pdf", "PDF";
        Png = "image/png", "PNG picture";
        Jpeg = "image/jpeg", "JPEG picture";
        Webp = "image/webp", "WebP picture";
        Gif = "image/gif", "GIF picture";
        Html = "text/html", "HTML page";
        Text = "text/plain", "text";
    }
}

impl MediaType {
    /// The end of a file's name. That of a page does not make a browser open it as one.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Webp => "webp",
            Self::Gif => "gif",
            Self::Html => "html.txt",
            Self::Text => "txt",
        }
    }

    pub const fn is_picture(self) -> bool {
        matches!(self, Self::Png | Self::Jpeg | Self::Webp | Self::Gif)
    }

    pub const fn is_text(self) -> bool {
        matches!(self, Self::Html | Self::Text)
    }
}

closed_set! {
    /// What a look at a copy found.
    Outcome {
        /// Every byte is as it was kept.
        Intact = "intact", "intact";
        /// Other bytes are there than were kept.
        Altered = "altered", "altered";
        /// Nothing is there.
        Missing = "missing", "lost";
        /// Something is there that cannot be read.
        Unreadable = "unreadable", "unreadable";
    }
}

/// What the sender called a file: for people to read, never to find or to open anything by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileName(String);

impl FileName {
    /// Drops folders, whatever cannot be seen, and what would turn the direction of reading; `None`
    /// where nothing is left.
    pub fn clean(text: &str) -> Option<Self> {
        let last = text.rsplit(['/', '\\']).next().unwrap_or_default();
        let seen: String = last.chars().filter(|c| !is_hidden(*c)).collect();
        let start = seen.trim_start_matches(|c: char| c == '.' || c.is_whitespace());
        let name: String = start.chars().take(MAX_NAME).collect();
        let name = name.trim_end();
        (!name.is_empty()).then(|| Self(name.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Controls, and the characters that hide or turn what stands around them.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// When something was captured: what was said, or else now.
///
/// # Errors
/// `Invalid` for a moment that has not come yet, or one before there was a web.
pub fn captured(given: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<DateTime<Utc>, Invalid> {
    let Some(at) = given else { return Ok(now) };
    if at > now + AHEAD {
        return Err(Invalid::new("captured_at", "This moment has not come yet. Times are in UTC."));
    }
    // 6 August 1991: the first page.
    if at.timestamp() < 681_436_800 {
        return Err(Invalid::new("captured_at", "Nothing was captured from the web before August 1991."));
    }
    Ok(at.min(now))
}

/// A size in words: "812 bytes", "24 kB", "1.2 MB", in steps of 1024 as the limit is.
pub fn size_in_words(bytes: u64) -> Phrase {
    let tenths = |unit: u64| {
        let tenths = (bytes * 10 + unit / 2) / unit;
        if tenths < 100 && !tenths.is_multiple_of(10) {
            format!("{}.{}", tenths / 10, tenths % 10)
        } else {
            ((tenths + 5) / 10).to_string()
        }
    };
    match bytes {
        0..1024 => plural!(bytes, "1 byte", "{n} bytes"),
        1024..1_048_576 => phrase!("{} kB", tenths(1 << 10)),
        _ => phrase!("{} MB", tenths(1 << 20)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn clean(text: &str) -> Option<String> {
        FileName::clean(text).map(|name| name.as_str().to_owned())
    }

    #[test]
    fn a_file_name_has_no_folder_and_hides_nothing() {
        assert_eq!(clean("list.pdf").as_deref(), Some("list.pdf"));
        assert_eq!(clean("C:\\Users\\noor\\list of names.pdf").as_deref(), Some("list of names.pdf"));
        assert_eq!(clean("../../etc/passwd").as_deref(), Some("passwd"));
        assert_eq!(clean("photo\u{202e}gnp.exe\r\nX: y").as_deref(), Some("photognp.exeX: y"));
        assert_eq!(clean("список загиблих.pdf").as_deref(), Some("список загиблих.pdf"));
        for nothing in ["", " ", "/", "a/", "..", ".\u{200b}.", "\u{0}"] {
            assert_eq!(clean(nothing), None, "{nothing:?}");
        }
    }

    proptest! {
        #[test]
        fn a_clean_file_name_stays_as_it_is(text in "\\PC{0,200}|(?s).{0,40}") {
            if let Some(name) = FileName::clean(&text) {
                prop_assert!(name.as_str().chars().count() <= MAX_NAME);
                prop_assert_eq!(FileName::clean(name.as_str()), Some(name));
            }
        }
    }

    #[test]
    fn nothing_is_captured_tomorrow() {
        let now: DateTime<Utc> = "2026-03-12T09:00:00Z".parse().expect("a moment");
        assert_eq!(captured(None, now), Ok(now));
        assert_eq!(captured(Some(now - TimeDelta::days(3)), now), Ok(now - TimeDelta::days(3)));
        assert_eq!(captured(Some(now + TimeDelta::minutes(2)), now), Ok(now));
        assert!(captured(Some(now + TimeDelta::hours(1)), now).is_err());
        assert!(captured(Some("1990-01-01T00:00:00Z".parse().expect("a moment")), now).is_err());
    }

    #[test]
    fn sizes_are_read_at_a_glance() {
        let words: Vec<String> = [1, 812, 1024, 1536, 10_300, 1_048_576, 1_258_291, 26_214_400]
            .map(|bytes| size_in_words(bytes).to_string())
            .to_vec();
        assert_eq!(words, ["1 byte", "812 bytes", "1 kB", "1.5 kB", "10 kB", "1 MB", "1.2 MB", "25 MB"]);
    }

    #[test]
    fn no_file_is_given_a_name_that_a_browser_runs() {
        for media in MediaType::ALL {
            assert!(!["html", "htm", "svg", "xhtml", "js"].contains(&media.ending()), "{media}");
        }
    }
}
