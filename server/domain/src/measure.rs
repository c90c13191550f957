//! Normalised quantities: what was counted, how many, and the wording that said so.

use crate::closed_set;
use crate::phrase::{Phrase, Value};
use phrase::phrase;
use serde::{Deserialize, Serialize};

closed_set! {
    /// What a figure counts. `killed_or_wounded` and `destroyed_or_damaged` are for one number that
    /// two outcomes share; they are never split.
    Indicator {
        Killed = "killed", "killed";
        Wounded = "wounded", "wounded";
        KilledOrWounded = "killed_or_wounded", "killed or wounded";
        Captured = "captured", "captured";
        Missing = "missing", "missing";
        Displaced = "displaced", "displaced";
        Detained = "detained", "detained";
        Rescued = "rescued", "rescued";
        Affected = "affected", "affected";
        Destroyed = "destroyed", "destroyed";
        Damaged = "damaged", "damaged";
        DestroyedOrDamaged = "destroyed_or_damaged", "destroyed or damaged";
        Count = "count", "counted";
        Money = "money", "money";
        Percent = "percent", "per cent";
        Other = "other", "other";
    }
}

impl Indicator {
    /// Whether the figure is about people who came to harm: these go first.
    pub fn is_harm_to_people(self) -> bool {
        matches!(self, Self::Killed | Self::Wounded | Self::KilledOrWounded | Self::Missing | Self::Captured)
    }
}

closed_set! {
    /// How the wording limits the number.
    Bound {
        Exact = "exact", "";
        AtLeast = "at_least", "at least";
        AtMost = "at_most", "at most";
        About = "about", "about";
        Range = "range", "between";
        Vague = "vague", "roughly";
    }
}

closed_set! {
    /// Who was counted.
    Class {
        Civilian = "civilian", "civilians";
        Combatant = "combatant", "combatants";
        Unknown = "unknown", "people not told apart";
    }
}

closed_set! {
    /// Whether a figure adds to what was known or replaces it.
    Reading {
        Incremental = "incremental", "new";
        Cumulative = "cumulative", "total so far";
        // The text counts places one by one and gives no total: its figures added up.
        Sum = "sum", "added up over places";
        Unknown = "unknown", "new or total not said";
    }
}

closed_set! {
    /// How the text says the figure is known. What a side claims and what was seen are different
    /// quantities and are never merged (STANDARDS: equipment losses after Oryx).
    Confirmation {
        Claimed = "claimed", "claimed";
        Visual = "visual", "visually confirmed";
        Official = "official", "official";
        Unknown = "unknown", "not said";
    }
}

closed_set! {
    /// How a text tells a figure that it does not give as the count that holds now.
    Past {
        // "up from 12", "an earlier toll of 30", "had said on Monday that 9 were killed"
        Earlier = "earlier", "told as an earlier count";
        // "withdrew its toll of 3,870"
        Withdrawn = "withdrawn", "told as taken back";
    }
}

/// The figure of which this one is a part ("including three children").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PartOf {
    /// Index of a measure of the same claim.
    Here(u32),
    /// A measure of another claim of the same extraction.
    Elsewhere { claim: u32, measure: u32 },
}

/// One quantity as a claim states it. `low`, `best`, `high` follow UCDP; a side that the wording
/// leaves open is `None`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// Where the number's wording stands, when it stands in one place.
    pub start: u32,
    pub end: u32,
    pub indicator: Indicator,
    pub low: Option<f64>,
    pub best: Option<f64>,
    pub high: Option<f64>,
    pub bound: Bound,
    /// The wording it came from: never thrown away.
    pub text: String,
    /// The noun that is counted ("soldiers").
    pub counts: Option<String>,
    /// For money and the like: "USD", "%".
    pub unit: Option<String>,
    pub class: Class,
    /// The side whose people or things were counted, in the article's words.
    pub side: Option<String>,
    pub part_of: Option<PartOf>,
    /// The text denies it or says "no".
    pub denied: bool,
    /// Told of as what was counted before; nothing where the text gives it as what holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub past: Option<Past>,
    /// Whether it counts only some of a total, as a person says; nothing: as its text is read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only_some: Option<bool>,
    pub reading: Reading,
    pub confirmation: Confirmation,
    pub place: Option<String>,
    /// First and last day of the period, `YYYY-MM-DD`.
    pub from: Option<String>,
    pub to: Option<String>,
}

impl Measure {
    /// The number in English: [`Self::phrase`].
    pub fn in_words(&self) -> String {
        self.phrase().to_string()
    }

    /// The number in words: "at least 12", "100–999 (“hundreds”)".
    pub fn phrase(&self) -> Phrase {
        let unit = match self.unit.as_deref() {
            Some("%") => Phrase::verbatim(" %"),
            Some(unit) => Phrase::verbatim(format!(" {unit}")),
            None => Phrase::empty(),
        };
        let number = match (self.bound, self.low, self.best, self.high) {
            (Bound::AtLeast, Some(low), ..) => phrase!("at least {}", low),
            (Bound::AtMost, .., Some(high)) => phrase!("at most {}", high),
            (Bound::About, _, Some(best), _) => phrase!("about {}", best),
            (_, Some(low), _, Some(high)) if low != high => Phrase::range(low, high),
            (_, Some(low), _, None) => phrase!("{} or more", low),
            (_, None, _, Some(high)) => phrase!("up to {}", high),
            (_, _, Some(best), _) => phrase!("{}", best),
            (_, Some(low), None, Some(_)) => phrase!("{}", low),
            (_, None, None, None) => phrase!("“{}”", self.text),
        };
        let said =
            if self.bound == Bound::Vague { phrase!(" (“{}”)", self.text) } else { Phrase::empty() };
        Phrase::beside([number, unit, said])
    }

    /// What is known about the number: what was counted, who, whose, where, when, and how it is
    /// known; each piece in words.
    pub fn known(&self) -> Vec<Phrase> {
        // The noun says nothing new where it is the outcome itself ("1,839 dead").
        let outcomes = [
            "dead",
            "deaths",
            "killed",
            "fatalities",
            "wounded",
            "injured",
            "injuries",
            "missing",
            "casualties",
        ];
        let counted = self.counts.as_deref().filter(|counts| !outcomes.contains(counts));
        let outcome = match self.indicator {
            Indicator::Other => None,
            indicator => Some(indicator.label()),
        };
        let mut known: Vec<Phrase> = Vec::new();
        match (counted, outcome) {
            (Some(counted), Some(outcome)) => known.push(phrase!("{counted} {}", Phrase::label(outcome))),
            (Some(counted), None) => known.push(Phrase::verbatim(counted)),
            (None, Some(outcome)) => known.push(Phrase::label(outcome)),
            (None, None) => {}
        }
        if self.class != Class::Unknown {
            known.push(Phrase::label(self.class.label()));
        }
        known.extend(self.side.clone().map(Phrase::verbatim));
        known.extend(self.place.clone().map(Phrase::verbatim));
        known.extend(self.period());
        if self.only_some.unwrap_or(self.part_of.is_some()) {
            known.push(phrase!("part of another figure"));
        }
        if let Some(past) = self.past {
            known.push(Phrase::label(past.label()));
        }
        // What a text calls neither a total nor "more" is not told as new.
        if !matches!(self.reading, Reading::Unknown | Reading::Incremental) {
            known.push(Phrase::label(self.reading.label()));
        }
        if self.confirmation != Confirmation::Unknown {
            known.push(Phrase::label(self.confirmation.label()));
        }
        known
    }

    /// All of it in words: "at least 12 soldiers killed, combatants, claimed".
    pub fn described(&self) -> String {
        self.description().to_string().trim().to_owned()
    }

    /// [`Self::described`], to be said in any language.
    pub fn description(&self) -> Phrase {
        let denied = if self.denied { phrase!("denied: ") } else { Phrase::empty() };
        Phrase::beside([denied, self.phrase(), Phrase::verbatim(" "), Phrase::listed(self.known())])
    }

    fn period(&self) -> Option<Phrase> {
        let day = |text: &str| {
            text.parse::<chrono::NaiveDate>().map_or_else(|_| Value::Text(text.to_owned()), Value::Day)
        };
        let (from, to) = (self.from.as_deref()?, self.to.as_deref()?);
        Some(if from == to { phrase!("{}", day(from)) } else { phrase!("{} to {}", day(from), day(to)) })
    }
}

/// A number as people write it: thousands set apart, no trailing zeros.
pub fn number(value: f64) -> String {
    let rounded = (value * 100.0).round() / 100.0;
    let plain = format!("{rounded}");
    let (whole, fraction) = plain.split_once('.').map_or((plain.as_str(), None), |(w, f)| (w, Some(f)));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |rest| ("−", rest));
    let mut grouped = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    match fraction {
        Some(fraction) => format!("{sign}{grouped}.{fraction}"),
        None => format!("{sign}{grouped}"),
    }
}

/// What a vague word stands for: a conservative low and a high, no best.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Vague {
    pub word: &'static str,
    pub low: f64,
    pub high: Option<f64>,
}

/// Vague words. The low follows the ACLED codebook's most conservative reading (tens = 10,
/// dozens = 12, hundreds = 100, thousands = 1000); the high is the largest number the same word
/// would still be used for, just below the next word.
pub const VAGUE: &[Vague] = &[
    Vague { word: "a couple", low: 2.0, high: Some(3.0) },
    Vague { word: "a few", low: 2.0, high: Some(9.0) },
    Vague { word: "several", low: 3.0, high: Some(9.0) },
    Vague { word: "tens", low: 10.0, high: Some(99.0) },
    Vague { word: "dozens", low: 12.0, high: Some(99.0) },
    Vague { word: "scores", low: 20.0, high: Some(99.0) },
    Vague { word: "hundreds", low: 100.0, high: Some(999.0) },
    Vague { word: "thousands", low: 1_000.0, high: Some(9_999.0) },
    Vague { word: "tens of thousands", low: 10_000.0, high: Some(99_999.0) },
    Vague { word: "hundreds of thousands", low: 100_000.0, high: Some(999_999.0) },
    Vague { word: "millions", low: 1_000_000.0, high: Some(9_999_999.0) },
    Vague { word: "tens of millions", low: 10_000_000.0, high: Some(99_999_999.0) },
    Vague { word: "hundreds of millions", low: 100_000_000.0, high: Some(999_999_999.0) },
    Vague { word: "billions", low: 1e9, high: Some(9_999_999_999.0) },
];

/// Looks a vague word up; the word in lower case.
pub fn vague(word: &str) -> Option<Vague> {
    VAGUE.iter().copied().find(|entry| entry.word == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!(number(1_234_567.0), "1,234,567");
        assert_eq!(number(999.0), "999");
        assert_eq!(number(-3.5), "−3.5");
    }

    #[test]
    fn a_vague_word_keeps_its_wording_beside_the_range() {
        let hundreds = vague("hundreds").expect("in the table");
        let measure = sample(Bound::Vague, Some(hundreds.low), None, hundreds.high, "hundreds");
        assert_eq!(measure.in_words(), "100–999 (“hundreds”)");
    }

    #[test]
    fn an_open_side_is_said() {
        assert_eq!(
            sample(Bound::AtLeast, Some(12.0), Some(12.0), None, "at least 12").in_words(),
            "at least 12"
        );
        assert_eq!(sample(Bound::AtMost, None, None, Some(30.0), "up to 30").in_words(), "at most 30");
        assert_eq!(sample(Bound::Exact, Some(4.0), Some(4.0), Some(4.0), "four").in_words(), "4");
    }

    #[test]
    fn a_measure_is_told_in_words() {
        let mut measure = sample(Bound::AtLeast, Some(12.0), Some(12.0), None, "at least 12");
        measure.counts = Some("soldiers".to_owned());
        measure.class = Class::Combatant;
        measure.confirmation = Confirmation::Claimed;
        measure.from = Some("2024-03-12".to_owned());
        measure.to = measure.from.clone();
        assert_eq!(measure.described(), "at least 12 soldiers killed, combatants, 12 March 2024, claimed");
        measure.denied = true;
        measure.counts = Some("dead".to_owned());
        assert!(measure.described().starts_with("denied: at least 12 killed, "));
    }

    fn sample(bound: Bound, low: Option<f64>, best: Option<f64>, high: Option<f64>, text: &str) -> Measure {
        Measure {
            start: 0,
            end: 0,
            indicator: Indicator::Killed,
            low,
            best,
            high,
            bound,
            text: text.to_owned(),
            counts: None,
            unit: None,
            class: Class::Unknown,
            side: None,
            part_of: None,
            denied: false,
            past: None,
            only_some: None,
            reading: Reading::Unknown,
            confirmation: Confirmation::Unknown,
            place: None,
            from: None,
            to: None,
        }
    }
}
