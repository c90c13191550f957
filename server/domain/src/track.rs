//! How what a source said held up: counted, and never mixed with what people think of it.

use crate::closed_set;
use crate::scale::Tone;

closed_set! {
    /// What became of a claim that is settled or published.
    Outcome {
        Settled = "settled", "settled, whatever came of it";
        Held = "held", "settled: it holds";
        NotHeld = "not_held", "settled: it does not hold";
        Other = "other", "settled: not known, disputed or in part";
    }
}

impl Outcome {
    /// Whether a claim with such a rating came out so.
    pub fn is_of(self, tone: Tone) -> bool {
        match self {
            Self::Settled => true,
            Self::Held => tone == Tone::Verified,
            Self::NotHeld => tone == Tone::False,
            Self::Other => !matches!(tone, Tone::Verified | Tone::False),
        }
    }
}

/// How many settled and published claims came out how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Track {
    pub held: i64,
    pub not_held: i64,
    pub other: i64,
}

impl Track {
    /// From how many claims have a rating that says this of them.
    pub fn of(rated: impl IntoIterator<Item = (Tone, i64)>) -> Self {
        let mut track = Self::default();
        for (tone, claims) in rated {
            match tone {
                Tone::Verified => track.held += claims,
                Tone::False => track.not_held += claims,
                Tone::Unverified | Tone::Disputed | Tone::Context => track.other += claims,
            }
        }
        track
    }

    pub const fn settled(self) -> i64 {
        self.held + self.not_held + self.other
    }

    /// The share of its settled claims that held, 0 to 1; `None` where none is settled.
    pub fn share(self) -> Option<f64> {
        (self.settled() > 0).then(|| self.held as f64 / self.settled() as f64)
    }

    /// Between what the share lies with 95 % confidence, as far as so few claims tell: Wilson's score
    /// interval, which stays within 0 and 1 and is wide for small numbers (E. B. Wilson, "Probable
    /// inference, the law of succession, and statistical inference", JASA 22, 1927, 209-212).
    pub fn interval(self) -> Option<(f64, f64)> {
        /// Of the normal distribution: 95 % lie within as many deviations of its middle.
        const Z: f64 = 1.959_964;
        let share = self.share()?;
        let n = self.settled() as f64;
        let middle = (share + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
        let half = Z / (1.0 + Z * Z / n) * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
        Some(((middle - half).max(0.0), (middle + half).min(1.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track(held: i64, not_held: i64, other: i64) -> Track {
        Track { held, not_held, other }
    }

    #[test]
    fn what_is_not_known_neither_held_nor_did_not() {
        let rated = Tone::ALL.iter().map(|tone| (*tone, 1));
        assert_eq!(Track::of(rated), track(1, 1, 3));
        for tone in Tone::ALL {
            let outcomes = [Outcome::Held, Outcome::NotHeld, Outcome::Other];
            assert_eq!(outcomes.iter().filter(|outcome| outcome.is_of(*tone)).count(), 1, "{tone}");
            assert!(Outcome::Settled.is_of(*tone));
        }
    }

    #[test]
    fn of_nothing_there_is_no_share() {
        assert_eq!((Track::default().share(), Track::default().interval()), (None, None));
    }

    #[test]
    fn one_of_one_tells_less_than_ninety_of_a_hundred() {
        let (low, high) = track(1, 0, 0).interval().expect("an interval");
        assert!((low - 0.2065).abs() < 1e-3 && (high - 1.0).abs() < 1e-9, "{low} {high}");
        let (low, high) = track(90, 6, 4).interval().expect("an interval");
        assert!((low - 0.8256).abs() < 1e-3 && (high - 0.9448).abs() < 1e-3, "{low} {high}");
        let (low, high) = track(0, 1, 0).interval().expect("an interval");
        assert!(low.abs() < 1e-9 && (high - 0.7935).abs() < 1e-3, "{low} {high}");
    }
}
