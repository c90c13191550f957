//! Marks sources, cues and contents token by token with learned weights: a chain of labels, of which
//! the one with the highest sum over features and steps is chosen (a conditional random field). What
//! the rules found stands among the features.

use crate::attribution::Said;
use crate::lexicon::Class;
use crate::quote::Passages;
use crate::token::{Kind, Text};
pub use crate::weights::LABELS;
use crate::weights::{Sums, Weights, mix};
use std::ops::Range;
use std::sync::LazyLock;

/// The weights are whole numbers of this part of one.
pub const UNITS: f64 = 24.0;

/// What a stretch of tokens is to an attribution. A token's label is 0 for none, or stands for the
/// first or a later token of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Source,
    Cue,
    Content,
}

impl Part {
    /// The label of its first token; the one of later tokens follows.
    pub fn first(self) -> usize {
        match self {
            Self::Source => 1,
            Self::Cue => 3,
            Self::Content => 5,
        }
    }

    fn of(label: usize) -> Option<Self> {
        match label {
            1 | 2 => Some(Self::Source),
            3 | 4 => Some(Self::Cue),
            5 | 6 => Some(Self::Content),
            _ => None,
        }
    }
}

/// A paragraph longer than this is tagged in pieces, so that no text makes the chain long.
const LONGEST: usize = 600;

/// What the features of one token are made of.
#[derive(Clone, Copy, Default)]
struct Cell {
    word: u64,
    class: u64,
    ending: u64,
    shape: u64,
    quote: u64,
    rule: u64,
    /// The nearest cues of the sentence to the left and to the right: word, and distance with the
    /// number of commas between.
    left: u64,
    left_far: u64,
    right: u64,
    right_far: u64,
    /// Where it stands in its sentence, and the sentence's first word.
    place: u64,
    opening: u64,
    /// The marks around its clause.
    mark_before: u64,
    mark_after: u64,
}

/// The cells of one stretch, with room at both ends.
pub struct Stretch {
    pub tokens: Range<usize>,
    cells: Vec<Cell>,
}

const MARGIN: usize = 2;

impl Stretch {
    /// Names every feature of the token at a place of the stretch.
    pub fn features(&self, i: usize, mut name: impl FnMut(u64)) {
        let Some([a, b, c, d, e]) = self.cells.get(i..).and_then(|cells| cells.first_chunk()) else { return };
        name(mix(1, 0, 0));
        for (template, cell) in [(3, a), (4, b), (5, c), (6, d), (7, e)] {
            name(mix(template, cell.word, 0));
            name(mix(template + 10, cell.class, 0));
        }
        name(mix(20, b.word, c.word));
        name(mix(21, c.word, d.word));
        name(mix(22, b.word, d.word));
        name(mix(23, b.class, c.class));
        name(mix(24, c.class, d.class));
        name(mix(25, mix(0, b.class, c.class), d.class));
        name(mix(26, mix(0, a.class, b.class), c.class));
        name(mix(27, mix(0, c.class, d.class), e.class));
        name(mix(28, c.ending, 0));
        name(mix(31, mix(0, b.shape, c.shape), d.shape));
        name(mix(32, c.word & !0xff | c.shape, 0));
        name(mix(33, mix(0, b.quote, c.quote), d.quote));
        name(mix(34, c.quote, c.word));
        name(mix(35, c.quote, c.left));
        name(mix(36, mix(0, b.rule, c.rule), d.rule));
        name(mix(37, c.rule, c.word));
        name(mix(38, c.rule, c.class));
        name(mix(39, mix(0, a.rule, b.rule), c.rule));
        name(mix(40, mix(0, c.rule, d.rule), e.rule));
        name(mix(41, c.rule, c.left));
        name(mix(42, c.rule, mix(0, b.word, d.word)));
        name(mix(43, c.left, 0));
        name(mix(44, c.left, c.left_far));
        name(mix(46, c.right, 0));
        name(mix(47, c.right, c.right_far));
        name(mix(48, mix(0, c.left_far, c.right_far), mix(0, c.class, c.quote)));
        name(mix(49, c.place, c.class));
        name(mix(50, c.opening, c.place.min(3)));
        name(mix(51, c.mark_before, c.mark_after));
        name(mix(52, mix(0, c.mark_before, c.mark_after), mix(0, c.left_far, c.right_far)));
        name(mix(53, c.left, mix(0, c.mark_before, c.place.min(2))));
        name(mix(55, c.quote, mix(0, c.mark_before, c.rule)));
        name(mix(56, mix(0, b.word, c.class), d.class));
    }
}

fn hash(word: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    for byte in word.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash ^ (hash >> 31)
}

/// Whether a token may be what reports speech.
pub fn is_cue(text: &Text<'_>, i: usize) -> bool {
    is_cue_word(text.at(i).class, text.low(i))
}

/// Whether a word may be what reports speech.
pub fn is_cue_word(class: Class, low: &str) -> bool {
    class.meets(Class::SAY.or(Class::SAYING).or(Class::CUE_NOUN)) || low == "according"
}

fn far(distance: usize, commas: usize) -> u64 {
    let near = match distance {
        0..=4 => distance,
        5..=7 => 5,
        8..=12 => 6,
        13..=20 => 7,
        _ => 8,
    };
    (near + 10 * commas.min(2) + 1) as u64
}

/// The stretches of a text in which somebody may say something: neighbouring sentences of a paragraph
/// with a cue or a quotation, long ones cut at sentence ends. What an article tells itself is left out.
pub fn stretches(
    text: &Text<'_>,
    sentences: &[Range<usize>],
    passages: &Passages,
    said: &[Said],
) -> Vec<Stretch> {
    let ruled = labels_of(text.len(), said);
    let mut out: Vec<Stretch> = Vec::new();
    let mut from = 0;
    let promising = |sentence: &Range<usize>| {
        sentence.clone().any(|i| {
            is_cue(text, i) || passages.around(i).is_some() || ruled.get(i).is_some_and(|label| *label != 0)
        })
    };
    while from < sentences.len() {
        if !sentences.get(from).is_some_and(promising) {
            from += 1;
            continue;
        }
        let start = sentences.get(from).map_or(0, |s| s.start);
        let paragraph = text.at(start).paragraph;
        let mut to = from + 1;
        while let Some(next) = sentences.get(to)
            && text.at(next.start).paragraph == paragraph
            && next.end - start <= LONGEST
            && promising(next)
        {
            to += 1;
        }
        let group = sentences.get(from..to).unwrap_or_default();
        out.push(stretch(text, group, passages, &ruled));
        from = to;
    }
    out
}

fn stretch(text: &Text<'_>, sentences: &[Range<usize>], passages: &Passages, ruled: &[u8]) -> Stretch {
    let tokens = sentences.first().map_or(0, |s| s.start)..sentences.last().map_or(0, |s| s.end);
    let mut cells = vec![Cell::default(); MARGIN];
    cells.reserve(tokens.len() + MARGIN);
    for (number, sentence) in sentences.iter().enumerate() {
        let first_cell = cells.len();
        let opening = hash(text.low(sentence.start));
        let (mut left, mut left_at, mut commas) = (0u64, 0usize, 0usize);
        let mut mark = 0u64;
        for i in sentence.clone() {
            let token = text.at(i);
            let around = passages.around(i).and_then(|p| passages.get(p));
            let quote = around.map_or(0, |p| {
                if p.tokens.start == i {
                    1
                } else if p.tokens.end == i + 1 {
                    2
                } else {
                    3
                }
            });
            let low = text.low(i);
            let tail = low.len().saturating_sub(3);
            let ending = low.get(tail..).or_else(|| low.get(tail + 1..)).unwrap_or("");
            let shape = u64::from(token.capital && !text.upper_case)
                | u64::from(token.shouted && !text.upper_case) << 1
                | match token.kind {
                    Kind::Word => 4,
                    Kind::Number => 8,
                    Kind::Open | Kind::SingleOpen => 12,
                    Kind::Close | Kind::SingleClose => 16,
                    Kind::Dash => 20,
                    Kind::Ellipsis => 24,
                    Kind::Mark | Kind::Nothing => 28,
                };
            let word = match token.kind {
                Kind::Number => 7,
                _ => hash(low),
            };
            let left_far = if left == 0 { 0 } else { far(i - left_at, commas) };
            let at = i - sentence.start;
            cells.push(Cell {
                word,
                class: token.class.bits() ^ shape << 56,
                ending: hash(ending),
                shape,
                quote,
                rule: u64::from(ruled.get(i).copied().unwrap_or(0)),
                left,
                left_far,
                right: 0,
                right_far: 0,
                place: at.min(4) as u64 + u64::from(number == 0) * 8,
                opening,
                mark_before: mark,
                mark_after: 0,
            });
            if is_cue(text, i) && quote == 0 {
                (left, left_at, commas) = (hash(low), i, 0);
            } else if token.sign == ',' && token.kind == Kind::Mark {
                commas += 1;
            }
            if !token.is_word() && token.kind != Kind::Number {
                mark = u64::from(u32::from(token.sign)) + 1;
            }
        }
        let (mut right, mut right_at, mut commas, mut mark) = (0u64, 0usize, 0usize, 0u64);
        for i in sentence.clone().rev() {
            let token = text.at(i);
            let Some(cell) = cells.get_mut(first_cell + i - sentence.start) else { continue };
            cell.right = right;
            cell.right_far = if right == 0 { 0 } else { far(right_at - i, commas) };
            cell.mark_after = mark;
            if is_cue(text, i) && cell.quote == 0 {
                (right, right_at, commas) = (cell.word, i, 0);
            } else if token.sign == ',' && token.kind == Kind::Mark {
                commas += 1;
            }
            if !token.is_word() && token.kind != Kind::Number {
                mark = u64::from(u32::from(token.sign)) + 1;
            }
        }
    }
    cells.resize(cells.len() + MARGIN, Cell::default());
    Stretch { tokens, cells }
}

/// One label for each token from attributions that may lie within each other: the widest counts.
pub fn labels_of(len: usize, said: &[Said]) -> Vec<u8> {
    let mut spans: Vec<(usize, &Said)> = said.iter().map(|s| (s.hull().len(), s)).collect();
    spans.sort_by_key(|(wide, s)| (std::cmp::Reverse(*wide), s.hull().start));
    let mut labels = vec![0u8; len];
    for (_, said) in spans {
        let parts = said
            .parts
            .iter()
            .map(|p| (Part::Content, p))
            .chain(said.cue.iter().map(|c| (Part::Cue, c)))
            .chain(said.source.iter().map(|s| (Part::Source, s)));
        for (part, range) in parts {
            mark(&mut labels, part, range);
        }
    }
    labels
}

/// Labels a range where none of it is labelled yet.
pub fn mark(labels: &mut [u8], part: Part, range: &Range<usize>) {
    let Some(slots) = labels.get_mut(range.clone()) else { return };
    if slots.iter().any(|l| *l != 0) {
        return;
    }
    slots.fill(part.first() as u8 + 1);
    if let Some(first) = slots.first_mut() {
        *first = part.first() as u8;
    }
}

/// Whether a label may stand after another: what goes on must have begun.
pub fn may_follow(before: usize, label: usize) -> bool {
    label == 0 || label % 2 == 1 || before == label || before + 1 == label
}

/// The sums of the weights of each label at each place of a stretch.
pub struct Scores<'w> {
    weights: &'w Weights<'w>,
    rows: Vec<[i32; LABELS]>,
}

impl<'w> Scores<'w> {
    pub fn of(weights: &'w Weights<'w>, stretch: &Stretch) -> Self {
        let mut rows = vec![[0i32; LABELS]; stretch.tokens.len()];
        for (i, row) in rows.iter_mut().enumerate() {
            let mut sums = Sums::default();
            stretch.features(i, |feature| weights.add(feature, &mut sums));
            *row = sums.scores();
        }
        Self { weights, rows }
    }

    /// The labels that fit best.
    pub fn labels(&self) -> Vec<u8> {
        best(self.weights, &self.rows)
    }

    /// How sure each label is, 0 to 1: its share among all ways to label the stretch.
    pub fn shares(&self, labels: &[u8]) -> Vec<f64> {
        shares(self.weights, &self.rows, labels)
    }
}

/// The labels with the highest sum (Viterbi).
fn best(weights: &Weights<'_>, scores: &[[i32; LABELS]]) -> Vec<u8> {
    const NEVER: i32 = i32::MIN / 4;
    let mut best = [NEVER; LABELS];
    let mut back: Vec<[u8; LABELS]> = Vec::with_capacity(scores.len());
    for (i, row) in scores.iter().enumerate() {
        let mut next = [NEVER; LABELS];
        let mut from = [0u8; LABELS];
        for (label, score) in row.iter().enumerate() {
            let (mut most, mut which) = (NEVER, 0);
            if i == 0 {
                if may_follow(0, label) {
                    most = weights.first(label);
                }
            } else {
                for (before, so_far) in best.iter().enumerate() {
                    if may_follow(before, label) && *so_far > NEVER {
                        let sum = so_far + weights.step(before, label);
                        if sum > most {
                            (most, which) = (sum, before);
                        }
                    }
                }
            }
            if most > NEVER
                && let (Some(slot), Some(origin)) = (next.get_mut(label), from.get_mut(label))
            {
                *slot = most + score;
                *origin = which as u8;
            }
        }
        best = next;
        back.push(from);
    }
    let mut label = best
        .iter()
        .enumerate()
        .fold(0, |top, (k, score)| if *score > best.get(top).copied().unwrap_or(NEVER) { k } else { top });
    let mut labels = vec![0u8; scores.len()];
    for (slot, from) in labels.iter_mut().zip(&back).rev() {
        *slot = label as u8;
        label = usize::from(from.get(label).copied().unwrap_or(0));
    }
    labels
}

/// `libm::exp` of units: sums of small differences come again and again.
fn raised(units: i32) -> f64 {
    static TABLE: LazyLock<Vec<f64>> =
        LazyLock::new(|| (0..2048).map(|k| libm::exp(f64::from(-k) / UNITS)).collect());
    usize::try_from(-units)
        .ok()
        .and_then(|k| TABLE.get(k).copied())
        .unwrap_or_else(|| libm::exp(f64::from(units) / UNITS))
}

/// The share of each chosen label (forward and backward sums).
fn shares(weights: &Weights<'_>, scores: &[[i32; LABELS]], labels: &[u8]) -> Vec<f64> {
    type Row = [f64; LABELS];
    let mut step = [[0.0; LABELS]; LABELS];
    for (before, row) in step.iter_mut().enumerate() {
        for (label, slot) in row.iter_mut().enumerate().filter(|(label, _)| may_follow(before, *label)) {
            *slot = raised(weights.step(before, label));
        }
    }
    let odds: Vec<Row> = scores
        .iter()
        .map(|row| {
            let most = row.iter().copied().max().unwrap_or(0);
            row.map(|score| raised(score - most))
        })
        .collect();
    let scaled = |mut row: Row| {
        let sum: f64 = row.iter().sum();
        row.iter_mut().for_each(|x| *x /= sum.max(f64::MIN_POSITIVE));
        row
    };
    let mut forward: Vec<Row> = Vec::with_capacity(odds.len());
    for here in &odds {
        let mut row: Row = [0.0; LABELS];
        for (label, (slot, odd)) in row.iter_mut().zip(here).enumerate() {
            *slot = odd
                * match forward.last() {
                    None if may_follow(0, label) => raised(weights.first(label)),
                    None => 0.0,
                    Some(last) => {
                        last.iter().zip(&step).map(|(a, to)| a * to.get(label).copied().unwrap_or(0.0)).sum()
                    }
                };
        }
        forward.push(scaled(row));
    }
    let mut sure = vec![0.0; labels.len()];
    let mut backward: Row = [1.0; LABELS];
    for (((here, ahead), label), slot) in odds.iter().zip(&forward).zip(labels).zip(&mut sure).rev() {
        let mut both = *ahead;
        both.iter_mut().zip(&backward).for_each(|(a, b)| *a *= b);
        let sum: f64 = both.iter().sum();
        *slot = both.get(usize::from(*label)).copied().unwrap_or(0.0) / sum.max(f64::MIN_POSITIVE);
        let mut row: Row = [0.0; LABELS];
        for (slot, to) in row.iter_mut().zip(&step) {
            *slot = to.iter().zip(here).zip(&backward).map(|((t, o), b)| t * o * b).sum();
        }
        backward = scaled(row);
    }
    sure
}

/// The labelled stretches of tokens, in order; `offset` is the place of the first label.
pub fn spans(labels: &[u8], offset: usize) -> Vec<(Part, Range<usize>)> {
    let mut out: Vec<(Part, Range<usize>)> = Vec::new();
    for (i, label) in labels.iter().enumerate() {
        let Some(part) = Part::of(usize::from(*label)) else { continue };
        let at = offset + i;
        match out.last_mut() {
            Some((last, range)) if *last == part && range.end == at && label % 2 == 0 => range.end = at + 1,
            _ => out.push((part, at..at + 1)),
        }
    }
    out
}
