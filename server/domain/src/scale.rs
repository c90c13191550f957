//! Scales of ratings. A verdict keeps the key and version of the scale it was given under.

/// What a rating's colour and icon say; the page draws them, never colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Verified,
    Unverified,
    Disputed,
    False,
    Context,
}

impl Tone {
    /// Its name where it is stored and drawn.
    pub fn word(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Unverified => "unverified",
            Self::Disputed => "disputed",
            Self::False => "false",
            Self::Context => "context",
        }
    }
}

/// One step of a scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rating {
    /// The word in the database, the API and addresses.
    pub key: &'static str,
    pub name: &'static str,
    /// When to give it, in one sentence.
    pub meaning: &'static str,
    /// The key on the keyboard that gives it.
    pub shortcut: char,
    pub tone: Tone,
    /// `ratingValue` of schema.org's ClaimReview, 1 (worst) to 5 (best); `None` where a number
    /// would mislead.
    pub claim_review: Option<u8>,
}

/// A versioned set of ratings.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    pub key: &'static str,
    pub version: i32,
    pub name: &'static str,
    pub ratings: &'static [Rating],
}

impl Scale {
    pub fn rating(&self, key: &str) -> Option<&'static Rating> {
        self.ratings.iter().find(|rating| rating.key == key)
    }
}

/// The scale that a desk starts with.
pub const DEFAULT: Scale = Scale {
    key: "default",
    version: 1,
    name: "Default",
    ratings: &[
        Rating {
            key: "verified",
            name: "Verified",
            meaning: "The evidence shows that it happened as claimed.",
            shortcut: 'v',
            tone: Tone::Verified,
            claim_review: Some(5),
        },
        Rating {
            key: "unverified",
            name: "Unverified",
            meaning: "Nothing found either supports or refutes it well enough.",
            shortcut: 'u',
            tone: Tone::Unverified,
            claim_review: None,
        },
        Rating {
            key: "disputed",
            name: "Disputed",
            meaning: "Credible sources contradict each other.",
            shortcut: 'd',
            tone: Tone::Disputed,
            claim_review: Some(3),
        },
        Rating {
            key: "false",
            name: "False",
            meaning: "The evidence shows that it did not happen as claimed.",
            shortcut: 'f',
            tone: Tone::False,
            claim_review: Some(1),
        },
        Rating {
            key: "missing_context",
            name: "Missing context",
            meaning: "True as far as it goes, but misleading without what is left out.",
            shortcut: 'm',
            tone: Tone::Context,
            claim_review: Some(3),
        },
    ],
};

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_rating_has_a_key_of_its_own_on_the_keyboard() {
        let keys: HashSet<char> = DEFAULT.ratings.iter().map(|r| r.shortcut).collect();
        assert_eq!(keys.len(), DEFAULT.ratings.len());
        assert!(DEFAULT.rating("verified").is_some() && DEFAULT.rating("unverified").is_some());
    }
}
