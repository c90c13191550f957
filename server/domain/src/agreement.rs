//! How far people who judged the same things without sight of each other agree: in per cent, and
//! beyond what chance would give.

use std::collections::BTreeMap;

/// Below this many things judged by two, the figures say too little to be shown.
pub const ENOUGH: usize = 10;

/// The share of pairs that are equal, 0 to 1; `None` where there are none.
pub fn share<C: Eq>(pairs: &[(C, C)]) -> Option<f64> {
    let equal = pairs.iter().filter(|(one, other)| one == other).count();
    (!pairs.is_empty()).then(|| equal as f64 / pairs.len() as f64)
}

/// Cohen's κ of two people: 1 where they always agree, 0 where they agree as often as chance would
/// have it from how often each gives each answer. Each pair has the same person first. `None` where
/// there are no pairs, and where both give one and the same answer throughout, which leaves nothing
/// to chance.
///
/// Cohen, J. (1960): A coefficient of agreement for nominal scales. Educational and Psychological
/// Measurement 20, 37–46.
pub fn cohens_kappa<C: Ord>(pairs: &[(C, C)]) -> Option<f64> {
    let observed = share(pairs)?;
    let (mut ones, mut others) = (BTreeMap::new(), BTreeMap::new());
    for (one, other) in pairs {
        *ones.entry(one).or_insert(0.0) += 1.0;
        *others.entry(other).or_insert(0.0) += 1.0;
    }
    let all = pairs.len() as f64;
    let by_chance: f64 = ones
        .iter()
        .filter_map(|(answer, one)| Some(one * others.get(answer)?))
        .map(|product: f64| product / (all * all))
        .sum();
    (by_chance < 1.0).then(|| (observed - by_chance) / (1.0 - by_chance))
}

/// Krippendorff's α for answers without an order: 1 where all agree, 0 where they agree as often as
/// chance would have it. Each unit has the answers it got, from however many people; units with
/// fewer than two say nothing and are left out. `None` where no unit has two answers, and where all
/// answers are the same.
///
/// Krippendorff, K. (2011): Computing Krippendorff’s alpha-reliability. University of Pennsylvania,
/// Annenberg School for Communication.
pub fn krippendorffs_alpha<C: Ord>(units: &[Vec<C>]) -> Option<f64> {
    let mut answers: BTreeMap<&C, f64> = BTreeMap::new();
    let mut apart = 0.0;
    let mut all = 0.0;
    for unit in units.iter().filter(|unit| unit.len() >= 2) {
        let mut here: BTreeMap<&C, f64> = BTreeMap::new();
        for answer in unit {
            *here.entry(answer).or_default() += 1.0;
            *answers.entry(answer).or_default() += 1.0;
        }
        let size = unit.len() as f64;
        let alike: f64 = here.values().map(|n| n * (n - 1.0)).sum();
        apart += (size * (size - 1.0) - alike) / (size - 1.0);
        all += size;
    }
    let apart_by_chance = all * all - answers.values().map(|n| n * n).sum::<f64>();
    (apart_by_chance > 0.0).then(|| 1.0 - (all - 1.0) * apart / apart_by_chance)
}

/// How far two people, or all pairs of a group, agree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Agreement {
    /// Things that two people judged.
    pub judged: usize,
    /// 0 to 1; `None` below [`ENOUGH`].
    pub share: Option<f64>,
    /// Only between two people; `None` below [`ENOUGH`] and where nothing is left to chance.
    pub kappa: Option<f64>,
    /// `None` below [`ENOUGH`] and where nothing is left to chance.
    pub alpha: Option<f64>,
}

impl Agreement {
    /// Of two people, the same one first in each pair.
    pub fn of_two<C: Ord + Clone>(pairs: &[(C, C)]) -> Self {
        let enough = pairs.len() >= ENOUGH;
        Self { kappa: enough.then(|| cohens_kappa(pairs)).flatten(), ..Self::of_many(pairs) }
    }

    /// Of whoever judged: any two for each thing.
    pub fn of_many<C: Ord + Clone>(pairs: &[(C, C)]) -> Self {
        let enough = pairs.len() >= ENOUGH;
        let units = || pairs.iter().map(|(one, other)| vec![one.clone(), other.clone()]).collect::<Vec<_>>();
        Self {
            judged: pairs.len(),
            share: enough.then(|| share(pairs)).flatten(),
            kappa: None,
            alpha: enough.then(|| krippendorffs_alpha(&units())).flatten(),
        }
    }

    /// Whether there is too little to say anything.
    pub fn is_too_few(&self) -> bool {
        self.judged < ENOUGH
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(value: Option<f64>, expected: f64) {
        let value = value.expect("defined");
        assert!((value - expected).abs() < 0.0005, "{value} is not {expected}");
    }

    /// Pairs of a table of two answers: both yes, only the first, only the second, both no.
    fn table(yes: usize, first: usize, second: usize, no: usize) -> Vec<(bool, bool)> {
        let times = |n: usize, pair| std::iter::repeat_n(pair, n);
        times(yes, (true, true))
            .chain(times(first, (true, false)))
            .chain(times(second, (false, true)))
            .chain(times(no, (false, false)))
            .collect()
    }

    /// Fifty grant proposals, each read by two: 20 yes by both, 15 no by both, agreement .70, by
    /// chance .50, κ .40 (Wikipedia, “Cohen’s kappa”, simple example).
    #[test]
    fn kappa_of_the_grant_proposals() {
        let pairs = table(20, 5, 10, 15);
        close(share(&pairs), 0.70);
        close(cohens_kappa(&pairs), 0.40);
    }

    /// Two tables with the same agreement of .60, but κ .1304 and .2593 (Wikipedia, “Cohen’s
    /// kappa”, same percentages but different numbers).
    #[test]
    fn kappa_tells_apart_what_per_cent_does_not() {
        let (one, other) = (table(45, 15, 25, 15), table(25, 35, 5, 35));
        close(share(&one), 0.60);
        close(share(&other), 0.60);
        close(cohens_kappa(&one), 0.1304);
        close(cohens_kappa(&other), 0.2593);
    }

    fn units(rows: &[&str]) -> Vec<Vec<char>> {
        let rows: Vec<Vec<char>> =
            rows.iter().map(|row| row.split(' ').flat_map(str::chars).collect()).collect();
        (0..rows[0].len()).map(|at| rows.iter().map(|row| row[at]).filter(|c| *c != '.').collect()).collect()
    }

    /// Krippendorff (2011), A: binary data, two observers, no missing data; α .095.
    #[test]
    fn alpha_of_two_observers_with_two_answers() {
        close(krippendorffs_alpha(&units(&["0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0"])), 0.095);
    }

    /// Krippendorff (2011), B: nominal data, two observers, no missing data; α .692.
    #[test]
    fn alpha_of_two_observers_with_five_answers() {
        close(krippendorffs_alpha(&units(&["a a b b d c c c e d d a", "b a b b b c c c e d d d"])), 0.692);
    }

    /// Krippendorff (2011), C: nominal data, any number of observers, missing data; α .743.
    #[test]
    fn alpha_of_four_observers_who_did_not_see_everything() {
        let observers = [
            "1 2 3 3 2 1 4 1 2 . . .",
            "1 2 3 3 2 2 4 1 2 5 . 3",
            ". 3 3 3 2 3 4 2 2 5 1 .",
            "1 2 3 3 2 4 4 1 2 5 1 .",
        ];
        close(krippendorffs_alpha(&units(&observers)), 0.743);
    }

    #[test]
    fn where_nothing_is_left_to_chance_there_is_no_figure() {
        assert_eq!(cohens_kappa(&table(12, 0, 0, 0)), None);
        assert_eq!(krippendorffs_alpha(&[vec![1, 1], vec![1, 1]]), None);
        assert_eq!(krippendorffs_alpha::<u8>(&[vec![1], vec![]]), None);
        assert_eq!(share::<u8>(&[]), None);
        close(share(&table(12, 0, 0, 0)), 1.0);
    }

    #[test]
    fn too_few_say_nothing() {
        let nine = Agreement::of_two(&table(4, 1, 0, 4));
        assert!(nine.is_too_few() && nine.share.is_none() && nine.kappa.is_none() && nine.alpha.is_none());
        let ten = Agreement::of_two(&table(4, 1, 1, 4));
        assert!(!ten.is_too_few() && ten.kappa.is_some() && ten.alpha.is_some());
        assert_eq!(Agreement::of_many(&table(4, 1, 1, 4)).kappa, None);
    }
}
