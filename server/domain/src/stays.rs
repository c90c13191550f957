//! How long claims stay in a stage: percentiles from counters, without reading single stays.
//!
//! Finished stays are counted in buckets whose bounds grow by the fourth root of 2. A percentile is
//! given as the geometric middle of its bucket, so it is off by at most [`ERROR`] of the exact value;
//! stays under a second count as none. What is in a stage now is counted by the hour of its entry
//! (by the day after [`BY_HOUR`]), so an age is off by at most half an hour (half a day).

use crate::workflow::Stage;
use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};

/// How many buckets double the time.
const PER_DOUBLING: f64 = 4.0;
/// How far a percentile may be from the exact one: half a bucket, 2^(1/8) − 1.
pub const ERROR: f64 = 0.0906;
/// Entries older than this are counted by the day.
pub const BY_HOUR: TimeDelta = TimeDelta::days(30);
/// Fewer finished stays than this say too little about what is usual.
pub const ENOUGH: i64 = 20;

/// The stages that a claim is meant to leave, in the order it meets them.
pub const TIMED: [Stage; 6] = [
    Stage::Open,
    Stage::InReview,
    Stage::AwaitingSecondReview,
    Stage::Disagreed,
    Stage::Reopened,
    Stage::Settled,
];

/// The bucket that a stay belongs to; the database counts by the same (`stay_bucket`).
pub fn bucket_of(seconds: f64) -> i16 {
    if seconds < 1.0 { 0 } else { 1 + (PER_DOUBLING * seconds.ln() / 2.0_f64.ln()).floor() as i16 }
}

/// The middle of a bucket, in seconds.
fn middle_of(bucket: i16) -> f64 {
    if bucket <= 0 { 0.0 } else { 2.0_f64.powf((f64::from(bucket) - 0.5) / PER_DOUBLING) }
}

/// Finished stays by bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stays {
    /// In the order of the buckets.
    counted: std::collections::BTreeMap<i16, i64>,
}

impl Stays {
    pub fn add(&mut self, bucket: i16, n: i64) {
        *self.counted.entry(bucket).or_default() += n;
    }

    /// How many there are.
    pub fn n(&self) -> i64 {
        self.counted.values().sum()
    }

    /// What at least `share` of them do not exceed (the nearest rank); `None` where there are none.
    pub fn percentile(&self, share: f64) -> Option<TimeDelta> {
        let at = ranked(self.counted.iter().map(|(bucket, n)| (*bucket, *n)), share)?;
        TimeDelta::try_milliseconds((middle_of(at) * 1000.0).round() as i64)
    }
}

/// The key at which `share` of all that is counted is reached.
fn ranked<K>(counted: impl Iterator<Item = (K, i64)> + Clone, share: f64) -> Option<K> {
    let all: i64 = counted.clone().map(|(_, n)| n).sum();
    let rank = ((all as f64 * share.clamp(0.0, 1.0)).ceil() as i64).max(1);
    let mut before = 0;
    for (key, n) in counted {
        before += n;
        if before >= rank {
            return Some(key);
        }
    }
    None
}

/// What is in a stage now, by when it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entered {
    /// Beginnings of hours or days, oldest first.
    counted: std::collections::BTreeMap<DateTime<Utc>, i64>,
}

impl Entered {
    pub fn add(&mut self, began: DateTime<Utc>, n: i64) {
        *self.counted.entry(began).or_default() += n;
    }

    /// How many there are.
    pub fn n(&self) -> i64 {
        self.counted.values().sum()
    }

    /// The age that `share` of them do not exceed; `None` where there are none.
    pub fn age(&self, share: f64, now: DateTime<Utc>) -> Option<TimeDelta> {
        let began = ranked(self.counted.iter().rev().map(|(began, n)| (*began, *n)), share)?;
        Some((now - began - half(began, now)).max(TimeDelta::zero()))
    }

    /// How many came in hours before the one that a moment is in. It is exact for moments of the last
    /// thirty days.
    pub fn before_the_hour_of(&self, moment: DateTime<Utc>) -> i64 {
        let hour = moment.duration_trunc(TimeDelta::hours(1)).unwrap_or(moment);
        self.counted.range(..hour).map(|(_, n)| n).sum()
    }
}

/// Half of what an entry is counted by.
fn half(began: DateTime<Utc>, now: DateTime<Utc>) -> TimeDelta {
    if now - began > BY_HOUR { TimeDelta::hours(12) } else { TimeDelta::minutes(30) }
}

/// After how long a claim counts as stalled in a stage: longer than nine of ten that left it lately,
/// within a quarter of an hour and three days. Where too few have left it, what this desk holds for
/// the longest that anybody should wait: a day to be taken up or published, less where a person is
/// already at it or readers may be looking at what is being decided again.
pub fn stalled_after(stage: Stage, left: &Stays) -> TimeDelta {
    if left.n() >= ENOUGH
        && let Some(usual) = left.percentile(0.9)
    {
        return usual.clamp(TimeDelta::minutes(15), TimeDelta::days(3));
    }
    match stage {
        Stage::InReview => TimeDelta::hours(1),
        Stage::Disagreed | Stage::Reopened => TimeDelta::hours(4),
        Stage::AwaitingSecondReview => TimeDelta::hours(8),
        _ => TimeDelta::hours(24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn exact(sorted: &[f64], share: f64) -> f64 {
        let rank = ((sorted.len() as f64 * share).ceil() as usize).max(1);
        sorted[rank - 1]
    }

    proptest! {
        #[test]
        fn a_percentile_is_within_half_a_bucket_of_the_exact_one(
            mut seconds in prop::collection::vec(1.0_f64..40_000_000.0, 1..200),
            share in 0.01_f64..1.0,
        ) {
            let mut stays = Stays::default();
            for one in &seconds {
                stays.add(bucket_of(*one), 1);
            }
            seconds.sort_by(f64::total_cmp);
            let found = stays.percentile(share).expect("some").num_milliseconds() as f64 / 1000.0;
            let exact = exact(&seconds, share);
            prop_assert!((found / exact - 1.0).abs() <= ERROR + 0.001, "{found} for {exact}");
        }

        #[test]
        fn an_age_is_within_half_an_hour_of_the_exact_one(
            mut minutes in prop::collection::vec(60_i64..40_000, 1..200),
            share in 0.01_f64..1.0,
        ) {
            let now = DateTime::UNIX_EPOCH + TimeDelta::days(1000) + TimeDelta::minutes(17);
            let mut entered = Entered::default();
            for one in &minutes {
                let at = now - TimeDelta::minutes(*one);
                let hour = at.timestamp().div_euclid(3600) * 3600;
                entered.add(DateTime::from_timestamp(hour, 0).expect("a time"), 1);
            }
            minutes.sort_unstable();
            let sorted: Vec<f64> = minutes.iter().map(|one| *one as f64).collect();
            let found = entered.age(share, now).expect("some").num_minutes() as f64;
            prop_assert!((found - exact(&sorted, share)).abs() <= 31.0);
        }
    }

    #[test]
    fn nothing_has_no_percentile_and_no_age() {
        assert_eq!(Stays::default().percentile(0.5), None);
        assert_eq!(Entered::default().age(0.5, DateTime::UNIX_EPOCH), None);
    }

    #[test]
    fn what_a_counter_took_back_does_not_count() {
        let mut stays = Stays::default();
        stays.add(bucket_of(10.0), 3);
        stays.add(bucket_of(10_000.0), 1);
        stays.add(bucket_of(10_000.0), -1);
        assert_eq!(stays.n(), 3);
        assert!(stays.percentile(1.0).is_some_and(|most| most < TimeDelta::seconds(12)));
    }

    #[test]
    fn what_is_usual_says_what_is_late_once_enough_is_known() {
        let mut left = Stays::default();
        left.add(bucket_of(7200.0), ENOUGH - 1);
        assert_eq!(stalled_after(Stage::Open, &left), TimeDelta::hours(24));
        left.add(bucket_of(7200.0), 1);
        let after = stalled_after(Stage::Open, &left);
        assert!(after > TimeDelta::minutes(100) && after < TimeDelta::minutes(140), "{after}");
        let mut quick = Stays::default();
        quick.add(bucket_of(5.0), 100);
        assert_eq!(stalled_after(Stage::InReview, &quick), TimeDelta::minutes(15));
    }

    #[test]
    fn what_came_before_an_hour_is_known_exactly() {
        let hour = DateTime::UNIX_EPOCH + TimeDelta::days(100);
        let mut entered = Entered::default();
        entered.add(hour - TimeDelta::hours(30 * 24), 1);
        entered.add(hour - TimeDelta::hours(1), 2);
        entered.add(hour, 5);
        for minutes in [0, 1, 59] {
            assert_eq!(entered.before_the_hour_of(hour + TimeDelta::minutes(minutes)), 3);
        }
        assert_eq!(entered.before_the_hour_of(hour + TimeDelta::hours(1)), 8);
    }
}
