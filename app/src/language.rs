//! Words in the reader's language. Texts stand in English in the source; `app/language/*.po` holds them in
//! the other languages, as gettext does, and `cargo xtask words` keeps those files in step.

#[cfg(target_family = "wasm")]
mod here {
    /// In the browser, what the server wrote stands already; a text is only the key.
    pub const fn t(text: &'static str) -> &'static str {
        text
    }
}

#[cfg(not(target_family = "wasm"))]
mod here {
    use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
    use domain::language::Language;
    use domain::phrase::{English, Phrase, Speaker};
    use icu_plurals::{PluralCategory, PluralRules};
    use leptos::prelude::use_context;
    use std::borrow::Cow;
    use std::collections::HashMap;
    use std::sync::OnceLock;

    /// The reader's language; the server provides it to every page and action.
    pub fn language() -> Language {
        use_context::<Language>().unwrap_or(Language::English)
    }

    /// A text in the reader's language.
    pub fn t(text: &'static str) -> &'static str {
        let language = language();
        if language == Language::English { text } else { catalogue(language).text(text).unwrap_or(text) }
    }

    /// A label or a stored text in the reader's language; what the catalogue does not know stays.
    pub fn label(text: &str) -> String {
        speaker(language()).label(text).into_owned()
    }

    /// Says a phrase in the reader's language.
    pub fn say(phrase: &Phrase) -> String {
        phrase.say(speaker(language()))
    }

    /// A name between words of the interface, kept from mixing with them where they are written the other
    /// way.
    pub fn apart(name: &str) -> String {
        speaker(language()).isolated(name)
    }

    /// Says phrases in a language that is not the reader's own: mail, for one.
    pub fn speaker(language: Language) -> &'static dyn Speaker {
        if language == Language::English { &English } else { catalogue(language) }
    }

    /// A number, grouped as the reader's language does: "12,400", "12 400".
    pub fn number(number: f64) -> String {
        speaker(language()).number(number)
    }

    /// Several as one list: "A", "A and B", "A, B and C".
    pub fn together(words: &[String]) -> String {
        match words {
            [] => String::new(),
            [one] => one.clone(),
            [first @ .., last] => format!("{}{}{last}", first.join(t(", ")), t(" and ")),
        }
    }

    /// "20 March 2024".
    pub fn day(day: NaiveDate) -> String {
        speaker(language()).day(day)
    }

    /// "20 March 2024, 14:10 UTC".
    pub fn moment(at: DateTime<Utc>) -> String {
        speaker(language()).moment(at)
    }

    /// "20 Mar", where there is little room.
    pub fn short_day(day: NaiveDate) -> String {
        format!("{} {}", day.day(), t(short_month(day)))
    }

    /// "20 Mar", and "20 Mar 2024" among days of several years.
    pub fn short_day_of(day: NaiveDate, several_years: bool) -> String {
        let short = short_day(day);
        if several_years { format!("{short} {}", day.year()) } else { short }
    }

    /// "20 Mar 14:10", and "20 Mar 2024 14:10" among moments of several years.
    pub fn short_moment(at: DateTime<Utc>, several_years: bool) -> String {
        format!("{} {}", short_day_of(at.date_naive(), several_years), at.format("%H:%M"))
    }

    /// The days from one to another: "3–5 May 2024".
    pub fn days(from: NaiveDate, to: NaiveDate) -> String {
        if from == to {
            day(from)
        } else if (from.year(), from.month()) == (to.year(), to.month()) {
            // Both days before the month that they share.
            let (of, month) = (f64::from(from.day()), day(to));
            let month = month.split_once(' ').map_or("", |(_, month)| month);
            format!("{} {month}", speaker(language()).range(of, f64::from(to.day())))
        } else {
            format!("{} – {}", day(from), day(to))
        }
    }

    /// One language's texts.
    pub struct Catalogue {
        language: Language,
        texts: HashMap<&'static str, Vec<&'static str>>,
        /// Which form goes with a number below 200. Larger ones take the form of their last two digits: in
        /// these languages the rules look at nothing else (CLDR, plural rules).
        forms: Vec<usize>,
    }

    fn catalogue(language: Language) -> &'static Catalogue {
        static UKRAINIAN: OnceLock<Catalogue> = OnceLock::new();
        static RUSSIAN: OnceLock<Catalogue> = OnceLock::new();
        static ARABIC: OnceLock<Catalogue> = OnceLock::new();
        let (kept, file) = match language {
            Language::Russian => (&RUSSIAN, include_str!("../language/ru.po")),
            Language::Arabic => (&ARABIC, include_str!("../language/ar.po")),
            // English has no catalogue and is never asked for one.
            Language::Ukrainian | Language::English => (&UKRAINIAN, include_str!("../language/uk.po")),
        };
        kept.get_or_init(|| Catalogue::read(language, file))
    }

    impl Catalogue {
        fn read(language: Language, file: &str) -> Self {
            let mut texts = HashMap::new();
            // The file is a part of the program: a test reads it, and an entry that is no text is left out.
            if let Ok(read) = polib::po_file::parse_from_reader(file.as_bytes()) {
                for message in read.messages() {
                    let forms: Vec<String> = if message.is_plural() {
                        message.msgstr_plural().cloned().unwrap_or_default()
                    } else {
                        message.msgstr().map(|text| vec![text.to_owned()]).unwrap_or_default()
                    };
                    let forms: Vec<&'static str> = forms.into_iter().map(|form| &*form.leak()).collect();
                    if forms.iter().any(|form| form.is_empty()) || forms.is_empty() {
                        continue;
                    }
                    let text = message.msgid();
                    // Texts beside an element keep the space between in the source.
                    for (before, after) in [("", ""), (" ", ""), ("", " "), (" ", " ")] {
                        let around = |text: &str| &*format!("{before}{text}{after}").leak();
                        texts.insert(around(text), forms.iter().map(|form| around(form)).collect());
                    }
                }
            }
            let rules = language
                .word()
                .parse::<icu_locale_core::LanguageIdentifier>()
                .ok()
                .and_then(|locale| PluralRules::try_new_cardinal(locale.into()).ok());
            let forms = (0_u64..200)
                .map(|n| rules.as_ref().map_or(0, |rules| place(language, rules.category_for(n))));
            Self { language, texts, forms: forms.collect() }
        }

        /// A text, with the spaces around it that the source has.
        fn text(&self, text: &str) -> Option<&'static str> {
            self.texts.get(text).and_then(|forms| forms.first()).copied()
        }

        fn index(&self, count: i64) -> usize {
            let count = count.unsigned_abs();
            let like = if count < 200 { count } else { 100 + count % 100 };
            usize::try_from(like).ok().and_then(|like| self.forms.get(like)).copied().unwrap_or_default()
        }
    }

    /// Where the form of a plural category stands in the catalogue: gettext's order for the language.
    const fn place(language: Language, category: PluralCategory) -> usize {
        match (language, category) {
            (Language::Arabic, PluralCategory::Zero) => 0,
            (Language::Arabic, PluralCategory::One) => 1,
            (Language::Arabic, PluralCategory::Two) => 2,
            (Language::Arabic, PluralCategory::Few) => 3,
            (Language::Arabic, PluralCategory::Many) => 4,
            (Language::Arabic, PluralCategory::Other) => 5,
            (_, PluralCategory::One) => 0,
            (_, PluralCategory::Few) => 1,
            _ => 2,
        }
    }

    impl Speaker for Catalogue {
        fn form(
            &self,
            one: &'static str,
            many: Option<&'static str>,
            count: Option<i64>,
        ) -> Cow<'static, str> {
            let forms = self.texts.get(one);
            let form = match (forms, count) {
                (Some(forms), Some(count)) => forms.get(self.index(count)).or(forms.last()).copied(),
                (Some(forms), None) => forms.first().copied(),
                (None, _) => None,
            };
            form.map_or_else(|| English.form(one, many, count), Cow::Borrowed)
        }

        fn label<'a>(&self, label: &'a str) -> Cow<'a, str> {
            self.text(label).map_or(Cow::Borrowed(label), Cow::Borrowed)
        }

        fn number(&self, number: f64) -> String {
            let english = English.number(number);
            match self.language {
                // CLDR: thousands apart by a no-break space, decimals after a comma.
                Language::Ukrainian | Language::Russian => english.replace(',', "\u{a0}").replace('.', ","),
                // Western digits, as articles have the figures that are checked.
                _ => english,
            }
        }

        fn day(&self, day: NaiveDate) -> String {
            format!("{} {} {}", day.day(), self.label(month(day)), day.year())
        }

        fn moment(&self, at: DateTime<Utc>) -> String {
            let comma = if self.language == Language::Arabic { "،" } else { "," };
            format!("{}{comma} {} UTC", self.day(at.date_naive()), at.format("%H:%M"))
        }

        fn isolated(&self, words: &str) -> String {
            if self.language.direction() == "rtl" {
                // First strong isolate, and its end (Unicode Annex 9): Latin words between Arabic ones
                // neither turn them round nor are turned.
                format!("\u{2068}{words}\u{2069}")
            } else {
                words.to_owned()
            }
        }
    }

    fn short_month(day: NaiveDate) -> &'static str {
        use phrase::msg;
        const MONTHS: [&str; 12] = [
            msg!("Jan"),
            msg!("Feb"),
            msg!("Mar"),
            msg!("Apr"),
            msg!("May"),
            msg!("Jun"),
            msg!("Jul"),
            msg!("Aug"),
            msg!("Sep"),
            msg!("Oct"),
            msg!("Nov"),
            msg!("Dec"),
        ];
        MONTHS.get(day.month0() as usize).copied().unwrap_or_default()
    }

    /// The month as it stands in a date: the catalogue has it in the case that goes with a day.
    fn month(day: NaiveDate) -> &'static str {
        use phrase::msg;
        const MONTHS: [&str; 12] = [
            msg!("January"),
            msg!("February"),
            msg!("March"),
            msg!("April"),
            msg!("May"),
            msg!("June"),
            msg!("July"),
            msg!("August"),
            msg!("September"),
            msg!("October"),
            msg!("November"),
            msg!("December"),
        ];
        MONTHS.get(day.month0() as usize).copied().unwrap_or_default()
    }

    #[cfg(test)]
    mod tests {
        use chrono::{NaiveDate, TimeZone as _, Utc};
        use domain::language::Language;
        use domain::phrase::Phrase;

        #[test]
        fn a_range_runs_the_same_way_alone_and_among_arabic_words() {
            let said = |language| Phrase::range(37.0, 44.0).say(super::speaker(language));
            assert_eq!([said(Language::English), said(Language::Russian)], ["37–44", "37–44"]);
            // Isolated: without letters of its own it runs from left to right.
            assert_eq!(said(Language::Arabic), "\u{2068}37–44\u{2069}");
            let day = |day| NaiveDate::from_ymd_opt(2024, 5, day).expect("a day");
            assert_eq!(super::days(day(3), day(5)), "3–5 May 2024");
        }

        #[test]
        fn among_several_years_a_short_date_has_its_year() {
            let at = Utc.with_ymd_and_hms(2024, 3, 20, 14, 10, 0).single().expect("a moment");
            assert_eq!(super::short_moment(at, false), "20 Mar 14:10");
            assert_eq!(super::short_moment(at, true), "20 Mar 2024 14:10");
        }

        #[test]
        fn several_are_one_list_with_one_and() {
            let said =
                |words: &[&str]| super::together(&words.iter().map(|&one| one.into()).collect::<Vec<_>>());
            assert_eq!([said(&[]), said(&["A"]), said(&["A", "B"])], ["", "A", "A and B"]);
            assert_eq!(said(&["A", "B", "C"]), "A, B and C");
        }
    }
}

pub use here::*;
