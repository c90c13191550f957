//! Who carries how much of the work, and how to spread it evenly.

use crate::id::{AccountId, ClaimId};
use std::collections::BTreeMap;

/// How far the work rests on few people.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Concentration {
    /// Share of the verdicts that the busiest person gave, 0 to 1.
    pub busiest: f64,
    /// Share that the busiest two gave.
    pub busiest_two: f64,
    /// The least number of people who gave half of the verdicts: so many would have to be away for
    /// the desk to lose half of its strength.
    pub half: usize,
    /// How many people gave any.
    pub people: usize,
}

impl Concentration {
    /// From how much each person did; `None` where nobody did anything.
    pub fn of(done: &[i64]) -> Option<Self> {
        let mut done: Vec<i64> = done.iter().copied().filter(|n| *n > 0).collect();
        done.sort_unstable_by(|one, other| other.cmp(one));
        let all: i64 = done.iter().sum();
        if all == 0 {
            return None;
        }
        let share = |people: usize| done.iter().take(people).sum::<i64>() as f64 / all as f64;
        let half = (1..=done.len()).find(|people| share(*people) >= 0.5).unwrap_or(done.len());
        Some(Self { busiest: share(1), busiest_two: share(2), half, people: done.len() })
    }
}

/// A person whom claims may be given to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hand {
    pub person: AccountId,
    /// How many claims the person has already.
    pub has: i64,
}

/// A claim to be given to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToGive {
    pub claim: ClaimId,
    /// Who has it now.
    pub with: Option<AccountId>,
    /// Who may not have it: they gave a verdict that another's is compared with.
    pub not_to: Vec<AccountId>,
}

/// Gives each claim to whoever has least, in the order of the claims, so that the most urgent ones
/// spread first; of several who have least, the one named first. `None` for a claim that none of
/// them may have.
pub fn balance(claims: &[ToGive], hands: &[Hand]) -> Vec<(ClaimId, Option<AccountId>)> {
    let mut has: BTreeMap<usize, i64> = hands.iter().map(|hand| hand.has).enumerate().collect();
    let place = |person: AccountId| hands.iter().position(|hand| hand.person == person);
    // What is given out anew is nobody's first.
    for from in claims.iter().filter_map(|claim| claim.with.and_then(place)) {
        has.entry(from).and_modify(|n| *n -= 1);
    }
    claims
        .iter()
        .map(|claim| {
            let may = |at: &usize| hands.get(*at).is_some_and(|hand| !claim.not_to.contains(&hand.person));
            let least = has.iter().filter(|(at, _)| may(at)).min_by_key(|(at, n)| (**n, **at));
            let Some(at) = least.map(|(at, _)| *at) else { return (claim.claim, None) };
            has.entry(at).and_modify(|n| *n += 1);
            (claim.claim, hands.get(at).map(|hand| hand.person))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn person(n: u128) -> AccountId {
        AccountId(Uuid::from_u128(n))
    }

    fn claims(n: u128) -> Vec<ToGive> {
        (0..n)
            .map(|n| ToGive { claim: ClaimId(Uuid::from_u128(1000 + n)), with: None, not_to: Vec::new() })
            .collect()
    }

    #[test]
    fn one_person_who_does_half_of_it_is_a_bus_factor_of_one() {
        let found = Concentration::of(&[3, 10, 0, 7]).expect("some");
        assert_eq!((found.half, found.people), (1, 3));
        assert!((found.busiest - 0.5).abs() < 1e-9 && (found.busiest_two - 0.85).abs() < 1e-9);
        assert_eq!(Concentration::of(&[5; 6]).map(|all| all.half), Some(3));
        assert_eq!(Concentration::of(&[0, 0]), None);
    }

    #[test]
    fn nobody_is_given_what_they_gave_the_first_verdict_on() {
        let mut all = claims(3);
        all[0].not_to = vec![person(1)];
        let one = [Hand { person: person(1), has: 0 }];
        let given = balance(&all, &one);
        assert_eq!(
            given.iter().map(|(_, to)| *to).collect::<Vec<_>>(),
            [None, Some(person(1)), Some(person(1))]
        );
    }

    #[test]
    fn what_is_spread_anew_does_not_count_for_who_has_it() {
        let mut all = claims(4);
        for claim in &mut all {
            claim.with = Some(person(1));
        }
        let hands = [Hand { person: person(1), has: 4 }, Hand { person: person(2), has: 0 }];
        let given = balance(&all, &hands);
        assert_eq!(given.iter().filter(|(_, to)| *to == Some(person(1))).count(), 2);
    }

    proptest! {
        #[test]
        fn nobody_ends_with_two_more_than_another_unless_they_had_them(
            had in prop::collection::vec(0_i64..30, 1..8),
            n in 0_u128..120,
        ) {
            let hands: Vec<Hand> =
                (1..).zip(&had).map(|(n, has)| Hand { person: person(n), has: *has }).collect();
            let given = balance(&claims(n), &hands);
            prop_assert!(given.iter().all(|(_, to)| to.is_some()));
            let ends: Vec<(i64, i64)> = hands
                .iter()
                .map(|hand| {
                    let more = given.iter().filter(|(_, to)| *to == Some(hand.person)).count() as i64;
                    (more, hand.has + more)
                })
                .collect();
            let least = ends.iter().map(|(_, end)| *end).min().unwrap_or_default();
            for (more, end) in ends {
                prop_assert!(more == 0 || end <= least + 1);
            }
        }
    }
}
