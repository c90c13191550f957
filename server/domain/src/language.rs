//! The languages of the interface.

use crate::closed_set;

closed_set! {
    /// A language that every text of the interface is in; its label is its own name for itself.
    Language {
        English = "en", "English";
        Ukrainian = "uk", "Українська";
        Russian = "ru", "Русский";
        Arabic = "ar", "العربية";
    }
}

impl Language {
    /// Which way it is written, as the `dir` attribute has it.
    pub const fn direction(self) -> &'static str {
        match self {
            Self::Arabic => "rtl",
            _ => "ltr",
        }
    }

    /// The first of what a browser accepts that there is (RFC 9110, section 12.5.4): ranges such as
    /// "uk-UA" count for their language, a weight of nought refuses, and of equal weights the first wins.
    pub fn accepted(header: &str) -> Option<Self> {
        let mut best: Option<(f32, Self)> = None;
        for range in header.split(',').take(32) {
            let mut parts = range.split(';');
            let tag = parts.next().unwrap_or_default().trim();
            let weight = parts
                .find_map(|part| part.trim().strip_prefix("q="))
                .map_or(Some(1.0), |weight| weight.trim().parse::<f32>().ok());
            let (Some(weight), Some(language)) = (weight, Self::of_tag(tag)) else { continue };
            if weight > 0.0 && best.is_none_or(|(known, _)| weight > known) {
                best = Some((weight, language));
            }
        }
        best.map(|(_, language)| language)
    }

    fn of_tag(tag: &str) -> Option<Self> {
        tag.split('-').next()?.to_ascii_lowercase().parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_accepted_language_is_taken() {
        assert_eq!(Language::accepted("uk-UA,uk;q=0.9,en;q=0.8"), Some(Language::Ukrainian));
        assert_eq!(Language::accepted("fr, ar;q=0.4, ru;q=0.7"), Some(Language::Russian));
        assert_eq!(Language::accepted("en, uk"), Some(Language::English));
        assert_eq!(Language::accepted("uk;q=0, AR"), Some(Language::Arabic));
        assert_eq!(Language::accepted("fr;q=x, *"), None);
        assert_eq!(Language::accepted(""), None);
    }
}
