//! Scales of ratings. A scale is data in versions that are never changed: a verdict keeps the key
//! and version of the scale it was given under, and so keeps the name it had then.

use crate::closed_set;
use crate::grounds::Precondition;
use crate::phrase::Phrase;
use crate::words::Invalid;
use phrase::{msg, phrase};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

closed_set! {
    /// What a rating says of the claim. It gives the colour, and tells whether an article can run
    /// as it stands.
    Tone {
        Verified = "verified", "holds (green)";
        Unverified = "unverified", "not known (amber)";
        Disputed = "disputed", "disputed (violet)";
        False = "false", "does not hold (red)";
        Context = "context", "holds in part (blue)";
    }
}

impl Tone {
    /// Whether an article should not run with such a claim as it stands.
    pub fn is_unsound(self) -> bool {
        matches!(self, Self::False | Self::Context | Self::Disputed)
    }
}

closed_set! {
    /// The drawing beside a rating's name: colour never stands alone.
    Icon {
        Check = "check", "tick";
        DoubleCheck = "double_check", "two ticks";
        Question = "question", "question mark";
        Arrows = "arrows", "two arrows";
        Cross = "cross", "cross";
        Dots = "dots", "three dots";
        Half = "half", "half a disc";
        Eye = "eye", "eye";
    }
}

/// One step of a scale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rating {
    /// The word in the database, the API and addresses.
    pub key: String,
    pub name: String,
    /// When to give it, in one sentence.
    pub meaning: String,
    /// The key on the keyboard that gives it.
    #[serde(default)]
    pub shortcut: Option<char>,
    pub tone: Tone,
    pub icon: Icon,
    /// `ratingValue` of schema.org's ClaimReview, 1 (worst) to 5 (best); `None` where a number
    /// would mislead.
    #[serde(default)]
    pub claim_review: Option<u8>,
    /// Whether giving it says that the claim's figure is right: then evidence without the figure
    /// is no ground for it.
    #[serde(default)]
    pub asserts_figure: bool,
    #[serde(default)]
    pub needs: Vec<Precondition>,
}

/// One version of a set of ratings.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    pub key: String,
    /// 1, 2, …; a file has the first.
    #[serde(default = "first")]
    pub version: i32,
    pub name: String,
    /// What it is for, in a sentence or two.
    pub about: String,
    #[serde(rename = "rating", deserialize_with = "shared")]
    pub ratings: Vec<Arc<Rating>>,
}

fn first() -> i32 {
    1
}

fn shared<'de, D: serde::Deserializer<'de>>(ratings: D) -> Result<Vec<Arc<Rating>>, D::Error> {
    Ok(Vec::<Rating>::deserialize(ratings)?.into_iter().map(Arc::new).collect())
}

/// The key of the scale that a desk starts with.
pub const DEFAULT: &str = "default";
/// Fewest and most ratings of a scale.
pub const RATINGS: std::ops::RangeInclusive<usize> = 2..=12;
/// Most preconditions of a rating.
pub const MAX_NEEDS: usize = 8;
/// Most that a precondition may ask for.
pub const MAX_LEAST: u8 = 20;
/// Keys that do something else on the workbench.
pub const RESERVED: &[char] = &['c', 'e', 'g', 'j', 'k', 'n', 'o', 'p', 'r', 's', 't', 'x'];

/// What is wrong with a scale and where, by the name of the field in its form.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{field}: {fix}")]
pub struct Faulty {
    /// `name`, `about` or `ratings[2][key]`.
    pub field: String,
    pub fix: Phrase,
}

impl From<Faulty> for Invalid {
    fn from(faulty: Faulty) -> Self {
        Invalid::new("scale", faulty.to_string())
    }
}

impl Scale {
    pub fn rating(&self, key: &str) -> Option<&Arc<Rating>> {
        self.ratings.iter().find(|rating| rating.key == key)
    }

    /// The keys of its ratings, for a message that lists them.
    pub fn keys(&self) -> String {
        self.ratings.iter().map(|rating| rating.key.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// The scale with its words trimmed, if it is one that people can judge by.
    ///
    /// # Errors
    /// `Faulty` with the first field to mend.
    pub fn checked(mut self) -> Result<Self, Faulty> {
        let faulty = |field: &str, fix: Phrase| Faulty { field: field.to_owned(), fix };
        if !is_key(&self.key) {
            return Err(faulty("key", Phrase::label(KEY_RULE)));
        }
        self.name = words("name", &self.name, 60)?;
        self.about = words("about", &self.about, 400)?;
        if !RATINGS.contains(&self.ratings.len()) {
            let fix = phrase!("A scale has {} to {} ratings.", RATINGS.start(), RATINGS.end());
            return Err(faulty("ratings", fix));
        }
        let mut checked: Vec<Arc<Rating>> = Vec::with_capacity(self.ratings.len());
        for (at, rating) in self.ratings.iter().enumerate() {
            let rating = rating.as_ref().clone().checked(at)?;
            let place = |field: &str| format!("ratings[{at}][{field}]");
            for other in &checked {
                if other.key == rating.key {
                    return Err(Faulty { field: place("key"), fix: phrase!("Another rating has this key.") });
                }
                if other.name.to_lowercase() == rating.name.to_lowercase() {
                    return Err(Faulty {
                        field: place("name"),
                        fix: phrase!("Another rating has this name."),
                    });
                }
                if rating.shortcut.is_some() && other.shortcut == rating.shortcut {
                    let fix = phrase!("Another rating is given with this key of the keyboard.");
                    return Err(Faulty { field: place("shortcut"), fix });
                }
            }
            checked.push(Arc::new(rating));
        }
        self.ratings = checked;
        Ok(self)
    }

    /// What this version changes of the one before, in words, for the history.
    pub fn changes_from(&self, before: &Self) -> String {
        let mut changes = Vec::new();
        let mut compare = |what: &str, before: &str, after: &str| {
            if before != after {
                changes.push(format!("{what}: “{before}” became “{after}”"));
            }
        };
        compare("name", &before.name, &self.name);
        compare("what it is for", &before.about, &self.about);
        for rating in &self.ratings {
            let Some(old) = before.rating(&rating.key) else {
                changes.push(format!("added {}", rating.name));
                continue;
            };
            let mut parts = Vec::new();
            for ((what, before), (_, after)) in old.in_words().into_iter().zip(rating.in_words()) {
                if before != after {
                    parts.push(format!("{what} “{before}” became “{after}”"));
                }
            }
            if !parts.is_empty() {
                changes.push(format!("{}: {}", old.name, parts.join(", ")));
            }
        }
        for old in before.ratings.iter().filter(|old| self.rating(&old.key).is_none()) {
            changes.push(format!("took out {}", old.name));
        }
        let order = |of: &Self, with: &Self| -> Vec<String> {
            of.ratings.iter().filter(|r| with.rating(&r.key).is_some()).map(|r| r.key.clone()).collect()
        };
        if order(self, before) != order(before, self) {
            changes.push("put the ratings in another order".to_owned());
        }
        changes.join("; ")
    }
}

const KEY_RULE: &str = msg!("Use 1 to 40 small letters, digits and underscores, beginning with a letter.");

impl Rating {
    fn checked(mut self, at: usize) -> Result<Self, Faulty> {
        let place = |field: &str| format!("ratings[{at}][{field}]");
        let faulty = |field: &str, fix: Phrase| Faulty { field: place(field), fix };
        if !is_key(&self.key) {
            return Err(faulty("key", Phrase::label(KEY_RULE)));
        }
        self.name = words(&place("name"), &self.name, 40)?;
        self.meaning = words(&place("meaning"), &self.meaning, 300)?;
        if let Some(key) = self.shortcut {
            if !(key.is_ascii_lowercase() || key.is_ascii_digit()) {
                return Err(faulty("shortcut", phrase!("Use one small letter or one digit, or none.")));
            }
            if RESERVED.contains(&key) {
                let fix = phrase!("{} does something else on the workbench.", key.to_ascii_uppercase());
                return Err(faulty("shortcut", fix));
            }
        }
        if self.claim_review.is_some_and(|number| !(1..=5).contains(&number)) {
            return Err(faulty("claim_review", phrase!("Use a number from 1 (worst) to 5 (best), or none.")));
        }
        if self.needs.len() > MAX_NEEDS {
            return Err(faulty("needs", phrase!("A rating has at most {MAX_NEEDS} preconditions.")));
        }
        for (row, need) in self.needs.iter().enumerate() {
            let field = format!("needs][{row}][least");
            if !(1..=MAX_LEAST).contains(&need.least) {
                return Err(faulty(&field, phrase!("Use a number from 1 to {MAX_LEAST}.")));
            }
            if self.needs.iter().take(row).any(|other| other.kind == need.kind) {
                let fix = phrase!("This precondition stands above already.");
                return Err(faulty(&format!("needs][{row}][kind"), fix));
            }
        }
        Ok(self)
    }

    fn in_words(&self) -> Vec<(&'static str, String)> {
        let needs: Vec<String> = self.needs.iter().map(Precondition::in_words).collect();
        vec![
            ("name", self.name.clone()),
            ("meaning", self.meaning.clone()),
            ("key", self.shortcut.map(String::from).unwrap_or_default()),
            ("colour", self.tone.label().to_owned()),
            ("icon", self.icon.label().to_owned()),
            ("number", self.claim_review.map(|number| number.to_string()).unwrap_or_default()),
            ("asserts the figure", if self.asserts_figure { "yes" } else { "no" }.to_owned()),
            ("needs", if needs.is_empty() { "nothing".to_owned() } else { needs.join(" and ") }),
        ]
    }
}

fn is_key(key: &str) -> bool {
    key.len() <= 40
        && key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn words(field: &str, text: &str, most: usize) -> Result<String, Faulty> {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let text = text.trim();
    let length = text.chars().count();
    let fix = if length == 0 {
        phrase!("This may not be empty.")
    } else if length > most {
        phrase!("Use at most {most} characters; this has {length}.")
    } else {
        return Ok(text.to_owned());
    };
    Err(Faulty { field: field.to_owned(), fix })
}

/// Every version of every scale of the desk.
#[derive(Clone, Debug, Default)]
pub struct Scales {
    /// In the order of the scales, the newest version of each first.
    versions: Vec<Arc<Scale>>,
}

impl Scales {
    /// `versions` in the order of the scales, the newest version of each first.
    pub fn new(versions: Vec<Arc<Scale>>) -> Self {
        Self { versions }
    }

    pub fn is_empty(&self) -> bool {
        self.versions.is_empty()
    }

    /// The versions in force.
    pub fn current(&self) -> impl Iterator<Item = &Arc<Scale>> {
        let mut last: Option<&str> = None;
        self.versions.iter().filter(move |scale| {
            let is_first = last != Some(scale.key.as_str());
            last = Some(&scale.key);
            is_first
        })
    }

    /// The version in force of a scale.
    pub fn find(&self, key: &str) -> Option<&Arc<Scale>> {
        self.versions.iter().find(|scale| scale.key == key)
    }

    pub fn version(&self, key: &str, version: i32) -> Option<&Arc<Scale>> {
        self.versions.iter().find(|scale| scale.key == key && scale.version == version)
    }

    /// The rating that a verdict was given under.
    pub fn rating(&self, scale: &str, version: i32, key: &str) -> Option<&Arc<Rating>> {
        self.version(scale, version)?.rating(key)
    }

    /// A rating by its key alone, as counters have it: of the first scale in force that has it,
    /// else of the newest version that had.
    pub fn by_key(&self, key: &str) -> Option<&Arc<Rating>> {
        self.current().chain(&self.versions).find_map(|scale| scale.rating(key))
    }

    /// Every rating once by its key: those in force in the order of their scales, then those that
    /// only older versions have.
    pub fn ratings(&self) -> Vec<&Arc<Rating>> {
        let mut all: Vec<&Arc<Rating>> = Vec::new();
        for rating in self.current().chain(&self.versions).flat_map(|scale| &scale.ratings) {
            if !all.iter().any(|known| known.key == rating.key) {
                all.push(rating);
            }
        }
        all
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::grounds::Need;

    pub(crate) fn rating(key: &str, needs: &[(Need, u8)]) -> Rating {
        Rating {
            key: key.to_owned(),
            name: key.replace('_', " "),
            meaning: "When it is so.".to_owned(),
            shortcut: None,
            tone: Tone::Verified,
            icon: Icon::Check,
            claim_review: None,
            asserts_figure: false,
            needs: needs.iter().map(|(kind, least)| Precondition { kind: *kind, least: *least }).collect(),
        }
    }

    fn scale(key: &str, version: i32, ratings: &[&str]) -> Scale {
        Scale {
            key: key.to_owned(),
            version,
            name: key.to_owned(),
            about: "For tests.".to_owned(),
            ratings: ratings.iter().map(|key| Arc::new(rating(key, &[]))).collect(),
        }
    }

    fn with(change: impl FnOnce(&mut Rating)) -> Scale {
        let mut changed = scale("s", 1, &["a", "b"]);
        change(Arc::make_mut(&mut changed.ratings[1]));
        changed
    }

    #[test]
    fn what_is_wrong_with_a_scale_is_said_at_its_field() {
        let field = |scale: Scale| scale.checked().expect_err("faulty").field;
        assert_eq!(field(scale("s", 1, &["a"])), "ratings");
        assert_eq!(field(scale("No key", 1, &["a", "b"])), "key");
        assert_eq!(field(scale("s", 1, &["a", "a"])), "ratings[1][key]");
        assert_eq!(field(with(|r| r.name = " A ".into())), "ratings[1][name]");
        assert_eq!(field(with(|r| r.name = " ".into())), "ratings[1][name]");
        assert_eq!(field(with(|r| r.shortcut = Some('e'))), "ratings[1][shortcut]");
        assert_eq!(field(with(|r| r.claim_review = Some(6))), "ratings[1][claim_review]");
        let none = Precondition { kind: Need::Sources, least: 0 };
        assert_eq!(field(with(|r| r.needs = vec![none])), "ratings[1][needs][0][least]");
        assert!(scale("s", 1, &["a", "b"]).checked().is_ok());
    }

    #[test]
    fn an_old_rating_keeps_its_name_and_the_newest_version_is_in_force() {
        let mut old = scale("s", 1, &["a", "b"]);
        Arc::make_mut(&mut old.ratings[0]).name = "As it was called".into();
        let scales = Scales::new(vec![
            Arc::new(scale("s", 2, &["a", "c"])),
            Arc::new(old),
            Arc::new(scale("t", 1, &["a", "d"])),
        ]);
        assert_eq!(scales.rating("s", 1, "a").expect("there").name, "As it was called");
        assert_eq!(scales.find("s").expect("there").version, 2);
        let current: Vec<_> = scales.current().map(|s| (s.key.as_str(), s.version)).collect();
        assert_eq!(current, [("s", 2), ("t", 1)]);
        let keys: Vec<_> = scales.ratings().into_iter().map(|r| r.key.as_str()).collect();
        assert_eq!(keys, ["a", "c", "d", "b"]);
        assert_eq!(scales.by_key("b").expect("in an older version").key, "b");
    }

    #[test]
    fn what_a_new_version_changes_is_told_in_words() {
        let before = scale("s", 1, &["a", "b"]);
        let mut after = scale("s", 2, &["a", "c"]);
        Arc::make_mut(&mut after.ratings[0]).needs = vec![Precondition { kind: Need::Sources, least: 2 }];
        assert_eq!(
            after.changes_from(&before),
            "a: needs “nothing” became “2 independent original sources”; added c; took out b"
        );
        assert_eq!(before.changes_from(&before), "");
    }
}
