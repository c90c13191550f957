//! How much a claim or a sentence is worth checking: a sum of named contributions, so that a reviewer
//! can read why a claim ranks where it does. A sentence's score is learned from debates; it stays out of
//! the claims', because what makes a debate's sentence worth checking is commonplace in news.

use crate::clues::{self, Group};
use crate::lexicon::Class;
use crate::linear::{Sums, Weights};
use crate::quantity::Quantity;
use crate::token::Text;
use ::phrase::msg;
use domain::claim::{ClaimKind, SourceKind};
use domain::measure::{Bound, Class as Who, Indicator, Measure};
use std::cell::RefCell;
use std::ops::Range;

/// A score with what made it, largest first.
#[derive(Clone, Debug, Default)]
pub struct Worth {
    sum: f64,
    parts: Vec<(f64, &'static str)>,
}

impl Worth {
    fn add(&mut self, value: f64, reason: &'static str) {
        self.sum += value;
        self.parts.push((value, reason));
    }

    /// Between 0 and 1, two decimals would tie too often: three.
    pub fn score(&self) -> f64 {
        squash(self.sum)
    }

    pub fn reasons(mut self) -> Vec<String> {
        self.parts.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
        self.parts.into_iter().map(|(_, r)| r.to_owned()).collect()
    }
}

fn squash(sum: f64) -> f64 {
    (sum.clamp(0.01, 0.99) * 1000.0).round() / 1000.0
}

/// What is known of a claim when it is weighed.
pub struct Known<'k> {
    pub kind: ClaimKind,
    pub measures: &'k [Measure],
    pub source: Option<SourceKind>,
    pub attributed: bool,
    pub named: bool,
    /// Its place in the text, 0 at the beginning to 1 at the end.
    pub place: f64,
    pub old: bool,
    pub hedged: bool,
    pub toll: bool,
    pub about_others: bool,
}

pub fn claim(known: &Known<'_>) -> Worth {
    let mut worth = Worth::default();
    let (base, reason) = match known.kind {
        ClaimKind::Casualty => (0.62, msg!("counts people harmed")),
        ClaimKind::EquipmentLoss => (0.56, msg!("counts what was destroyed or damaged")),
        ClaimKind::Displacement => (0.64, msg!("counts people driven from home")),
        ClaimKind::Detention => (0.5, msg!("counts people detained")),
        ClaimKind::Money => (0.42, msg!("states an amount of money")),
        ClaimKind::Percent => (0.42, msg!("states a percentage")),
        ClaimKind::Count => (0.38, msg!("states a number")),
        ClaimKind::Trend => (0.4, msg!("says that something rose or fell")),
        ClaimKind::Superlative => (0.36, msg!("says that something is the first or most")),
        ClaimKind::Date => (0.22, msg!("states when something happened")),
        ClaimKind::Event => (0.3, msg!("says that something happened")),
        ClaimKind::Statement => (0.22, msg!("asserts a fact")),
    };
    worth.add(base, reason);
    if known.measures.iter().any(|m| m.indicator == Indicator::Killed) {
        worth.add(0.12, msg!("counts people killed"));
    } else if known.measures.iter().any(|m| m.indicator.is_harm_to_people()) {
        worth.add(0.05, msg!("counts people wounded, captured or missing"));
    }
    if known.measures.iter().any(|m| m.class == Who::Civilian && m.indicator.is_harm_to_people()) {
        worth.add(0.03, msg!("civilians are concerned"));
    }
    let largest = known.measures.iter().filter_map(|m| m.best.or(m.low).or(m.high)).fold(0.0f64, f64::max);
    if largest >= 1000.0 {
        worth.add(0.05, msg!("a large figure"));
    } else if largest >= 10.0 {
        worth.add(0.03, msg!("more than a handful"));
    }
    if known.kind == ClaimKind::Displacement
        && !known.measures.iter().any(|m| m.indicator == Indicator::Displaced)
    {
        worth.add(-0.08, msg!("says who is affected, not who had to leave"));
    }
    if known.toll {
        worth.add(0.05, msg!("gives a total toll"));
    }
    if known.about_others {
        worth.add(0.06, msg!("one side’s claim about the other"));
    }
    if known.attributed {
        match known.source {
            Some(SourceKind::Anonymous) | None => worth.add(0.04, msg!("its source is not named")),
            Some(_) if known.named => worth.add(0.03, msg!("a named source can be asked")),
            Some(_) => worth.add(0.02, msg!("the source is a group or office")),
        }
    } else {
        worth.add(0.01, msg!("the article says it itself, no source named"));
    }
    if known.measures.iter().any(|m| m.bound == Bound::Vague) {
        worth.add(-0.05, msg!("the figure is vague"));
    }
    if known.measures.iter().all(|m| m.part_of.is_some()) && !known.measures.is_empty() {
        worth.add(-0.08, msg!("part of a larger figure"));
    }
    if known.hedged {
        worth.add(-0.04, msg!("hedged in the text"));
    }
    if known.old {
        worth.add(-0.12, msg!("background from an earlier time"));
    }
    worth.add(0.06 * (1.0 - known.place), msg!("how early it stands"));
    worth
}

/// The learned weights of a sentence's clues.
static WEIGHTS: Option<Weights<'static>> = Weights::read(BYTES);
#[cfg(feature = "model")]
const BYTES: &[u8] = include_bytes!("../model/worth.bin");
#[cfg(not(feature = "model"))]
const BYTES: &[u8] = &[];

/// What the parts of a word weigh, and how many they are.
#[derive(Clone, Copy, Default)]
struct Weighed {
    /// The word, filled up with zeros; a longer one is not kept.
    word: [u8; 16],
    weight: i32,
    parts: u32,
}

/// How many words are kept at most.
const KEPT: usize = 2048;

thread_local! {
    /// The words of news come again and again, so what the parts of a word weigh is kept, from one text
    /// to the next too. It changes no sum.
    static WORDS: RefCell<Vec<Weighed>> = RefCell::new(vec![Weighed::default(); KEPT]);
}

struct Weighing<'w> {
    weights: &'w Weights<'static>,
    words: &'w mut [Weighed],
    sums: Sums,
}

impl Weighing<'_> {
    fn parts(&self, word: &str) -> (i32, u32) {
        let (mut weight, mut parts) = (0, 0);
        clues::letters(word, |hash| {
            weight += self.weights.of(hash);
            parts += 1;
        });
        (weight, parts)
    }

    fn kept(&mut self, word: &str, hash: u64) -> (i32, u32) {
        let mut key = [0; 16];
        let Some(slots) = key.get_mut(..word.len()) else { return self.parts(word) };
        slots.copy_from_slice(word.as_bytes());
        let place = (hash ^ hash >> 32) as usize % KEPT;
        if let Some(kept) = self.words.get(place).filter(|kept| kept.word == key) {
            return (kept.weight, kept.parts);
        }
        let (weight, parts) = self.parts(word);
        if let Some(kept) = self.words.get_mut(place) {
            *kept = Weighed { word: key, weight, parts };
        }
        (weight, parts)
    }
}

impl clues::Sink for Weighing<'_> {
    fn clue(&mut self, group: Group, hash: u32) {
        self.sums.add(group, self.weights.of(hash));
    }

    fn letters(&mut self, word: &str, hash: u64) {
        let (weight, parts) = self.kept(word, hash);
        self.sums.add_many(Group::Letters, i64::from(weight), parts);
    }
}

/// How far a sentence is worth checking: a sum that is above 0 where it is. Learned from debates where
/// the weights are there and the text is English, else by rules.
pub fn sentence(
    text: &Text<'_>,
    range: &Range<usize>,
    found: &clues::Found<'_>,
    has_claim: bool,
    english: bool,
) -> f64 {
    match &WEIGHTS {
        Some(weights) if english => WORDS.with_borrow_mut(|words| {
            let mut weighing = Weighing { weights, words, sums: Sums::default() };
            clues::each(text, range, found, &mut weighing);
            weighing.sums.total(weights.constant)
        }),
        _ => {
            let share = by_rules(text, range, found.quantities, found.dated, has_claim);
            libm::log(share / (1.0 - share))
        }
    }
}

/// The sum as a chance, with four decimals: a debate has more than a thousand sentences.
pub fn chance(sum: f64) -> f64 {
    let chance = 1.0 / (1.0 + libm::exp(-sum));
    (chance.clamp(0.0001, 0.9999) * 1e4).round() / 1e4
}

/// How much checkable matter a sentence holds, told by a few rules.
fn by_rules(
    text: &Text<'_>,
    range: &Range<usize>,
    quantities: &[Quantity],
    has_date: bool,
    has_claim: bool,
) -> f64 {
    let mut sum: f64 = 0.26;
    let words = range.clone().filter(|&k| text.at(k).is_word()).count();
    if words < 5 {
        sum -= 0.08;
    }
    sum += (words.min(30) as f64) * 0.004;
    let numbers = quantities.iter().filter(|q| !q.ordinal && q.best != Some(1.0)).count();
    if numbers > 0 {
        sum += 0.3;
    }
    if numbers > 1 {
        sum += 0.06;
    }
    if quantities.iter().any(|q| q.is_percent() || q.is_money()) {
        sum += 0.12;
    }
    if has_date {
        sum += 0.08;
    }
    let any = |class: Class| range.clone().any(|k| text.at(k).has(class));
    let says = |words: &[&str]| range.clone().any(|k| words.contains(&text.low(k)));
    if any(Class::TREND) && numbers > 0 {
        sum += 0.08;
    }
    if says(&[
        "highest", "lowest", "largest", "biggest", "most", "least", "more", "less", "fewer", "every",
        "never", "first", "only",
    ]) {
        sum += 0.06;
    }
    if says(&[
        "voted",
        "vote",
        "record",
        "percent",
        "million",
        "billion",
        "jobs",
        "taxes",
        "tax",
        "unemployment",
        "deficit",
        "debt",
        "spending",
        "budget",
        "inflation",
        "crime",
    ]) {
        sum += 0.1;
    }
    let past = range
        .clone()
        .filter(|&k| {
            text.at(k).is_word()
                && (text.low(k).ends_with("ed")
                    || matches!(text.low(k), "was" | "were" | "had" | "did" | "has" | "have" | "been"))
        })
        .count();
    sum += (past.min(3) as f64) * 0.04;
    if range.clone().any(|k| text.is_name(k) && k > range.start) {
        sum += 0.05;
    }
    if range.clone().any(|k| text.at(k).sign == '?') {
        sum -= 0.22;
    }
    if says(&["i", "i'm", "me", "my"]) {
        sum -= 0.08;
    }
    if says(&[
        "think", "believe", "hope", "feel", "want", "know", "let", "should", "must", "please", "thank",
        "going",
    ]) {
        sum -= 0.1;
    }
    if any(Class::FUTURE) {
        sum -= 0.07;
    }
    if has_claim {
        sum += 0.06;
    }
    squash(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_name_every_contribution() {
        let worth = claim(&Known {
            kind: ClaimKind::Statement,
            measures: &[],
            source: None,
            attributed: true,
            named: false,
            place: 0.0,
            old: false,
            hedged: false,
            toll: false,
            about_others: false,
        });
        assert!(worth.reasons().iter().any(|r| r == "its source is not named"));
    }
}
