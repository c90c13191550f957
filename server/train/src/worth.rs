//! How far a sentence is worth checking, learned from ClaimBuster's sentences of debates: a logistic
//! regression on the clues of `extract`, with weights drawn to zero the more, the less a clue tells the
//! two kinds of sentences apart.

use crate::data::{self, DebateSentence};
use crate::linear::{self, Problem, Rows};
use extract::learn::worth::{self as learn, Group, UNIT};
use std::collections::{BTreeMap, HashSet};
use std::path::Path;

/// The target of a fact of no importance: nearer to what is no fact than to one worth checking.
const UNIMPORTANT: f64 = 0.1;
/// How much a sentence counts that also stands in one of the folds, whose labels had to be surer.
const SURE: f64 = 2.0;
/// A clue must stand in so many sentences; rarer ones would let their sentences be read off.
const LEAST: u32 = 5;
/// How strongly weights are drawn to zero.
const PULL: f64 = 2.0;
/// The weight of the words and of the letters of a sentence beside one typed clue.
const SHARE: f64 = 2.0;
/// How much of a clue's scale is its log ratio between the kinds of sentences.
const TELLING: f64 = 0.6;
const STEPS: usize = 100;
/// Into how many parts the sentences are dealt to find the threshold.
const PARTS: usize = 4;

/// A sentence as the learning sees it.
pub struct Example {
    clues: Vec<(u32, Group, f64)>,
    verdict: i32,
    count: f64,
}

/// The clues of a text with their values, each once.
fn values(text: &str) -> Vec<(u32, Group, f64)> {
    let clues = learn::clues(text);
    let share = |group: Group| {
        let count = clues.iter().filter(|c| c.0 == group).count().max(1);
        if group == Group::Typed { 1.0 } else { 1.0 / libm::sqrt(count as f64) }
    };
    let shares = [share(Group::Words), share(Group::Letters), share(Group::Typed)];
    let mut sums: BTreeMap<u32, (Group, f64)> = BTreeMap::new();
    for (group, hash) in clues {
        sums.entry(hash).or_insert((group, 0.0)).1 += shares[group as usize];
    }
    sums.into_iter().map(|(hash, (group, value))| (hash, group, value)).collect()
}

/// The examples of sentences; `sure` are the numbers of those whose labels are surer.
pub fn examples(sentences: &[DebateSentence], sure: &HashSet<String>) -> Vec<Example> {
    sentences
        .iter()
        .map(|s| Example {
            clues: values(&s.text),
            verdict: s.verdict,
            count: if sure.contains(&s.id) { SURE } else { 1.0 },
        })
        .collect()
}

/// The numbers of the sentences that stand in a fold.
pub fn sure(folds: &[Vec<data::FoldSentence>]) -> HashSet<String> {
    folds.iter().flatten().map(|s| s.sentence_id.to_string()).collect()
}

/// Weights by hash, in the order of the hashes, and the constant.
pub struct Learned {
    weights: BTreeMap<u32, f64>,
    constant: f64,
}

impl Learned {
    fn sum(&self, clues: &[(u32, Group, f64)]) -> f64 {
        clues.iter().fold(self.constant, |sum, (hash, _, value)| {
            self.weights.get(hash).map_or(sum, |weight| sum + weight * value)
        })
    }

    /// The score before it becomes a chance: from 0 on a sentence is worth checking.
    pub fn score(&self, text: &str) -> f64 {
        self.sum(&values(text))
    }

    /// The bytes that `extract` embeds.
    pub fn bytes(&self) -> Vec<u8> {
        let whole = |weight: f64| libm::round(weight * UNIT);
        let weights: Vec<(u32, i16)> = self
            .weights
            .iter()
            .map(|(hash, weight)| (*hash, whole(*weight).clamp(-32767.0, 32767.0) as i16))
            .filter(|(_, weight)| *weight != 0)
            .collect();
        learn::write(whole(self.constant) as i32, &weights)
    }
}

struct Seen {
    group: Group,
    worth: f64,
    other: f64,
}

fn regress(examples: &[&Example]) -> Learned {
    let mut seen: BTreeMap<u32, Seen> = BTreeMap::new();
    let (mut worth, mut other) = (0.0, 0.0);
    for example in examples {
        let positive = example.verdict == 1;
        *(if positive { &mut worth } else { &mut other }) += 1.0;
        for (hash, group, _) in &example.clues {
            let entry = seen.entry(*hash).or_insert(Seen { group: *group, worth: 0.0, other: 0.0 });
            *(if positive { &mut entry.worth } else { &mut entry.other }) += 1.0;
        }
    }
    seen.retain(|_, s| s.worth + s.other >= f64::from(LEAST));
    let scales: Vec<f64> = seen
        .values()
        .map(|s| {
            let ratio =
                libm::log((s.worth + 1.0) / (worth + 2.0)) - libm::log((s.other + 1.0) / (other + 2.0));
            match s.group {
                Group::Typed => 1.0,
                Group::Words | Group::Letters => SHARE * (TELLING * libm::fabs(ratio) + 1.0 - TELLING),
            }
        })
        .collect();
    let columns: BTreeMap<u32, usize> =
        seen.keys().enumerate().map(|(column, hash)| (*hash, column)).collect();
    let mut rows = Rows::default();
    for example in examples {
        rows.push(example.clues.iter().filter_map(|(hash, _, value)| {
            columns.get(hash).map(|column| (*column as u32, value * scales[*column]))
        }));
    }
    let targets: Vec<f64> = examples
        .iter()
        .map(|e| match e.verdict {
            1 => 1.0,
            0 => UNIMPORTANT,
            _ => 0.0,
        })
        .collect();
    let counts: Vec<f64> = examples.iter().map(|e| e.count).collect();
    let pull = vec![PULL; scales.len()];
    let problem = Problem { rows: &rows, targets: &targets, counts: &counts, pull: &pull };
    let weights = linear::fit(&problem, STEPS);
    Learned {
        constant: weights.last().copied().unwrap_or(0.0),
        weights: columns.into_iter().map(|(hash, column)| (hash, weights[column] * scales[column])).collect(),
    }
}

/// The threshold of the best F1 of a ranking: the middle of those that come within a hundredth of it.
fn threshold(mut ranking: Vec<(f64, bool)>) -> f64 {
    ranking.sort_by(|a, b| b.0.total_cmp(&a.0));
    let all = ranking.iter().filter(|r| r.1).count() as f64;
    let mut hits = 0.0;
    let cut = |place: usize| {
        let below = ranking.get(place + 1).or(ranking.get(place)).map_or(0.0, |r| r.0);
        ranking.get(place).map_or(below, |r| 0.5 * (r.0 + below))
    };
    let scored: Vec<(f64, f64)> = ranking
        .iter()
        .enumerate()
        .map(|(place, (_, worth))| {
            hits += f64::from(u8::from(*worth));
            (cut(place), 2.0 * hits / (all + place as f64 + 1.0))
        })
        .collect();
    let best = scored.iter().map(|s| s.1).fold(0.0, f64::max);
    let mut near = scored.iter().filter(|s| s.1 >= best - 0.01).map(|s| s.0);
    let high = near.next().unwrap_or(0.0);
    0.5 * (high + near.next_back().unwrap_or(high))
}

/// Learns from examples. The constant is set so that 0 is the threshold of the best F1 on examples
/// that were left out, at the mix in which they come.
pub fn learn(examples: &[&Example]) -> Learned {
    let mut ranking = Vec::with_capacity(examples.len());
    for part in 0..PARTS {
        let kept: Vec<&Example> =
            examples.iter().enumerate().filter(|(k, _)| k % PARTS != part).map(|(_, e)| *e).collect();
        let learned = regress(&kept);
        let left = examples.iter().enumerate().filter(|(k, _)| k % PARTS == part);
        ranking.extend(left.map(|(_, e)| (learned.sum(&e.clues), e.verdict == 1)));
    }
    let mut learned = regress(examples);
    learned.constant -= threshold(ranking);
    learned
}

/// The weights of the sentence score.
pub fn train(data: &Path) -> anyhow::Result<Vec<u8>> {
    let sentences = data::debate_sentences(data)?;
    let sure = sure(&data::folds(data)?);
    let examples = examples(&sentences, &sure);
    Ok(learn(&examples.iter().collect::<Vec<_>>()).bytes())
}
