//! By when an article's claims have to be decided, and how that weighs.

use crate::closed_set;
use crate::priority::Contribution;
use chrono::{DateTime, TimeDelta, Utc};
use phrase::msg;

closed_set! {
    /// How close a deadline is.
    Phase {
        Set = "set", "has a deadline";
        DueSoon = "due_soon", "due soon";
        Overdue = "overdue", "overdue";
    }
}

/// From how long before it a deadline is soon. Our choice: time for a few claims of an article.
pub const SOON: TimeDelta = TimeDelta::hours(2);

impl Phase {
    /// How close a deadline is now.
    pub fn at(deadline: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        match deadline - now {
            left if left <= TimeDelta::zero() => Self::Overdue,
            left if left <= SOON => Self::DueSoon,
            _ => Self::Set,
        }
    }

    /// What it adds to the priority of the article's claims. Our choice: overdue weighs more than a
    /// missing source and less than people who were harmed.
    pub fn contribution(self) -> Contribution {
        let (points, why) = match self {
            Self::Set => (4, msg!("the article has a deadline")),
            Self::DueSoon => (10, msg!("the article is due soon")),
            Self::Overdue => (15, msg!("the article is overdue")),
        };
        Contribution { points, why: why.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_gets_closer_and_weighs_more_each_time() {
        let due = DateTime::UNIX_EPOCH + TimeDelta::days(1);
        let at = |hours| Phase::at(due, due - TimeDelta::minutes(hours));
        assert_eq!(
            [at(121), at(120), at(1), at(0), at(-600)],
            [Phase::Set, Phase::DueSoon, Phase::DueSoon, Phase::Overdue, Phase::Overdue]
        );
        let points: Vec<i32> = Phase::ALL.iter().map(|phase| phase.contribution().points).collect();
        assert!(points.is_sorted() && points.iter().all(|points| *points > 0));
    }
}
