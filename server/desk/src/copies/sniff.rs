//! What content is, by its own bytes. What a client calls it is never asked. Few kinds are kept,
//! and what is none of them is refused: a kind that nobody recognises cannot be shown safely.

use domain::copy::MediaType;

/// How much of the beginning is looked at for the marks of a kind.
const HEAD: usize = 4096;

/// Reads content piece by piece and keeps only its beginning.
#[derive(Debug, Default)]
pub(super) struct Sniffer {
    head: Vec<u8>,
    has_binary: bool,
    is_not_utf8: bool,
    /// The first bytes of a character that goes on in the next piece.
    begun: Vec<u8>,
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub media_type: MediaType,
    /// For text: whether it is UTF-8.
    pub is_utf8: bool,
}

impl Sniffer {
    pub fn take(&mut self, piece: &[u8]) {
        let room = HEAD.saturating_sub(self.head.len()).min(piece.len());
        self.head.extend(piece.iter().take(room));
        self.has_binary |= piece.iter().any(|byte| is_binary(*byte));
        if self.is_not_utf8 || self.has_binary {
            return;
        }
        self.begun.extend_from_slice(piece);
        let whole = match std::str::from_utf8(&self.begun) {
            Ok(text) => text.len(),
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Err(_) => {
                self.is_not_utf8 = true;
                self.begun.len()
            }
        };
        self.begun.drain(..whole);
    }

    /// What it is; or, where that is nothing that is kept, what it seems to be.
    pub fn finish(self) -> Result<Found, Option<&'static str>> {
        if let Some(media_type) = by_mark(&self.head) {
            return Ok(Found { media_type, is_utf8: false });
        }
        if self.has_binary || self.head.is_empty() {
            return Err(infer::get(&self.head).map(|kind| kind.mime_type()));
        }
        let media_type = if is_page(&self.head) { MediaType::Html } else { MediaType::Text };
        Ok(Found { media_type, is_utf8: !self.is_not_utf8 && self.begun.is_empty() })
    }
}

/// The bytes that no text has (WHATWG MIME Sniffing, “binary data byte”).
fn is_binary(byte: u8) -> bool {
    matches!(byte, 0x00..=0x08 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f)
}

/// By the marks at the beginning: what the library says, and the whole of the mark where the
/// library is content with a part.
fn by_mark(head: &[u8]) -> Option<MediaType> {
    let media_type = match infer::get(head)?.mime_type() {
        "application/pdf" => MediaType::Pdf,
        "image/png" => MediaType::Png,
        "image/jpeg" => MediaType::Jpeg,
        "image/webp" => MediaType::Webp,
        "image/gif" => MediaType::Gif,
        _ => return None,
    };
    let is_whole = match media_type {
        MediaType::Pdf => head.starts_with(b"%PDF-"),
        MediaType::Png => head.starts_with(b"\x89PNG\r\n\x1a\n"),
        MediaType::Gif => head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a"),
        MediaType::Webp => head.starts_with(b"RIFF"),
        _ => true,
    };
    is_whole.then_some(media_type)
}

/// Whether a text begins as a page does, after what may stand before it. Being wrong costs a label
/// only: text and pages are both shown as text.
fn is_page(head: &[u8]) -> bool {
    const BEGINS: [&str; 14] = [
        "<!doctype html",
        "<html",
        "<head",
        "<body",
        "<script",
        "<style",
        "<title",
        "<meta",
        "<iframe",
        "<table",
        "<div",
        "<p",
        "<h1",
        "<a",
    ];
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    let mut rest = text.trim_start_matches(['\u{feff}', '\u{fffd}']).trim_start();
    loop {
        let after = match rest {
            comment if comment.starts_with("<!--") => comment.split_once("-->"),
            prolog if prolog.starts_with("<?") => prolog.split_once("?>"),
            _ => break,
        };
        match after {
            Some((_, after)) => rest = after.trim_start(),
            // A comment that is longer than what was read.
            None => return true,
        }
    }
    BEGINS.iter().any(|begin| {
        rest.strip_prefix(begin).is_some_and(|after| after.starts_with([' ', '\t', '\n', '\r', '>', '/']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sniff(content: &[u8], pieces: usize) -> Result<Found, Option<&'static str>> {
        let mut sniffer = Sniffer::default();
        for piece in content.chunks(pieces.max(1)) {
            sniffer.take(piece);
        }
        sniffer.finish()
    }

    fn kind(content: &[u8]) -> Option<MediaType> {
        sniff(content, 7).ok().map(|found| found.media_type)
    }

    #[test]
    fn each_kind_is_known_by_its_mark() {
        assert_eq!(kind(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), Some(MediaType::Pdf));
        assert_eq!(kind(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Some(MediaType::Png));
        assert_eq!(kind(b"\xff\xd8\xff\xe0\0\x10JFIF\0"), Some(MediaType::Jpeg));
        assert_eq!(kind(b"RIFF\x24\0\0\0WEBPVP8 "), Some(MediaType::Webp));
        assert_eq!(kind(b"GIF89a\x01\0\x01\0"), Some(MediaType::Gif));
        assert_eq!(kind("Двенадцать имён.\n".as_bytes()), Some(MediaType::Text));
    }

    #[test]
    fn half_a_mark_is_none() {
        for content in [&b"\x89PNG\0\0\0\0"[..], b"GIF90a\0", b"\0\0%PDF-1.7", b"XXXX\x24\0\0\0WEBPVP8 "] {
            assert_eq!(kind(content), None, "{content:?}");
        }
    }

    #[test]
    fn a_page_is_known_however_it_begins() {
        for page in [
            "<!DOCTYPE html><title>x</title>",
            "\u{feff}\r\n <HTML lang='en'>",
            "<!-- saved from url=(0014)about:internet -->\n<html>",
            "<?xml version=\"1.0\"?>\n<!DOCTYPE html PUBLIC \"…\">",
            "<script>alert(1)</script>",
            "<p>Twelve names.",
        ] {
            assert_eq!(kind(page.as_bytes()), Some(MediaType::Html), "{page}");
        }
    }

    #[test]
    fn what_is_no_page_and_no_picture_is_text() {
        for text in [
            "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>",
            "<?xml version=\"1.0\"?><svg onload=\"alert(1)\"/>",
            "alert(1)",
            "#!/bin/sh\nrm -rf /",
            "<article>",
            "<paragraph>",
            "a <html> b",
        ] {
            assert_eq!(kind(text.as_bytes()), Some(MediaType::Text), "{text}");
        }
    }

    #[test]
    fn what_is_not_kept_is_named() {
        assert_eq!(sniff(b"PK\x03\x04\x14\0\0\0", 4), Err(Some("application/zip")));
        assert_eq!(sniff(b"MZ\x90\0\x03\0", 4), Err(Some("application/vnd.microsoft.portable-executable")));
        assert_eq!(sniff(b"\xff\xfea\0b\0", 4), Err(None));
        assert_eq!(sniff(b"", 4), Err(None));
    }

    #[test]
    fn text_in_an_old_encoding_is_text_that_is_not_utf_8() {
        let old = sniff(b"\xcf\xf0\xe8\xe2\xe5\xf2", 2).expect("text");
        assert_eq!(old, Found { media_type: MediaType::Text, is_utf8: false });
        assert!(!sniff("Привет".as_bytes().split_last().expect("bytes").1, 3).expect("text").is_utf8);
    }

    proptest! {
        #[test]
        fn where_the_pieces_end_makes_no_difference(text in "(?s).{1,60}", pieces in 1usize..9) {
            let found = sniff(text.as_bytes(), pieces);
            prop_assert_eq!(found, sniff(text.as_bytes(), usize::MAX));
            if let Ok(Found { media_type: MediaType::Text | MediaType::Html, is_utf8 }) = found {
                prop_assert!(is_utf8);
            }
        }

        #[test]
        fn any_bytes_are_looked_at_calmly(content in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = sniff(&content, 13);
        }
    }
}
