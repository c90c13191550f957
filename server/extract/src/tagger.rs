//! Marks sources, cues and contents token by token with learned weights: a chain of labels, of which
//! the one with the highest sum over features and steps is chosen (a conditional random field). What
//! the rules found stands among the features.

use crate::attribution::Said;
use crate::lexicon::{self, Class};
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
    /// What the cell before and this one are together, by class, shape, quotation and rule; both
    /// distances; both marks. Several features are made of them.
    classes: u64,
    shapes: u64,
    quotes: u64,
    rules: u64,
    fars: u64,
    clause: u64,
}

impl Cell {
    /// Puts together what several features need, `before` being the cell before.
    fn join(&mut self, before: &Cell) {
        self.classes = mix(0, before.class, self.class);
        self.shapes = mix(0, before.shape, self.shape);
        self.quotes = mix(0, before.quote, self.quote);
        self.rules = mix(0, before.rule, self.rule);
        self.fars = mix(0, self.left_far, self.right_far);
        self.clause = mix(0, self.mark_before, self.mark_after);
    }
}

/// The cells of one stretch, with room at both ends.
pub struct Stretch {
    pub tokens: Range<usize>,
    cells: Vec<Cell>,
}

const MARGIN: usize = 2;

impl Stretch {
    /// Names every feature of the token at a place of the stretch.
    #[cfg(any(test, feature = "learn"))]
    pub fn features(&self, i: usize, name: impl FnMut(u64)) {
        let Some(window) = self.window(i) else { return };
        let [a, b, c, d, e] = window;
        let mut all: Vec<(u64, u64)> = Vec::with_capacity(64);
        let mut add = |template: u64, a, b| all.push((template, mix(template, a, b)));
        c.own(&mut add);
        c.marked(&mut add);
        for (place, cell) in [a, b, d, e].into_iter().enumerate() {
            cell.around(place, &mut add);
        }
        joined(window, &mut add);
        voiced(window, &mut add);
        c.near(&mut add);
        c.far(&mut add);
        // The order in which the weights were learned, which sums of fractions depend on: a word before
        // its class, else by number.
        all.sort_by_key(|(template, _)| match template {
            13..=17 => (template - 10, 1),
            _ => (*template, 0),
        });
        all.into_iter().map(|(_, feature)| feature).for_each(name);
    }

    /// The cell of a token with two on either side.
    fn window(&self, i: usize) -> Option<&[Cell; 2 * MARGIN + 1]> {
        self.cells.get(i..)?.first_chunk()
    }
}

impl Cell {
    /// What a token is by itself.
    #[inline]
    fn own(&self, mut name: impl FnMut(u64, u64, u64)) {
        name(5, self.word, 0);
        name(15, self.class, 0);
        name(28, self.ending, 0);
        name(32, self.word & !0xff | self.shape, 0);
    }

    /// What a token is within a quotation or a part that the rules found.
    #[inline]
    fn marked(&self, mut name: impl FnMut(u64, u64, u64)) {
        name(34, self.quote, self.word);
        name(37, self.rule, self.word);
        name(38, self.rule, self.class);
    }

    /// What a token is to another beside it: two before, one before, one after, two after.
    #[inline]
    fn around(&self, place: usize, mut name: impl FnMut(u64, u64, u64)) {
        const TEMPLATES: [u64; 2 * MARGIN] = [3, 4, 6, 7];
        let template = TEMPLATES.get(place).copied().unwrap_or(0);
        name(template, self.word, 0);
        name(template + 10, self.class, 0);
    }

    /// The cues and the opening of a token's sentence: much the same from token to token.
    #[inline]
    fn near(&self, mut name: impl FnMut(u64, u64, u64)) {
        name(1, 0, 0);
        name(35, self.quote, self.left);
        name(43, self.left, 0);
        name(46, self.right, 0);
        name(50, self.opening, self.place.min(3));
        name(53, self.left, mix(0, self.mark_before, self.place.min(2)));
    }

    /// What the features of `near` are made of.
    #[inline]
    fn near_key(&self) -> [u64; 6] {
        [self.quote | self.place.min(3) << 8, self.left, self.right, self.opening, self.mark_before, 0]
    }

    /// How far the cues are.
    #[inline]
    fn far(&self, mut name: impl FnMut(u64, u64, u64)) {
        name(44, self.left, self.left_far);
        name(47, self.right, self.right_far);
    }

    /// What the features of `far` are made of.
    #[inline]
    fn far_key(&self) -> [u64; 6] {
        [self.left, self.left_far, self.right, self.right_far, 0, 0]
    }
}

/// What a token is together with its neighbours: seldom the same twice.
#[inline]
fn joined([_, b, c, d, e]: &[Cell; 5], mut name: impl FnMut(u64, u64, u64)) {
    name(20, b.word, c.word);
    name(21, c.word, d.word);
    name(22, b.word, d.word);
    name(23, b.class, c.class);
    name(24, c.class, d.class);
    name(25, c.classes, d.class);
    name(26, b.classes, c.class);
    name(27, d.classes, e.class);
    name(31, c.shapes, d.shape);
    name(42, c.rule, mix(0, b.word, d.word));
    name(48, c.fars, mix(0, c.class, c.quote));
    name(49, c.place, c.class);
    name(51, c.mark_before, c.mark_after);
    name(52, c.clause, c.fars);
    name(56, mix(0, b.word, c.class), d.class);
}

/// What the rules found around a token, and the quotation it stands in: much the same from token to
/// token.
#[inline]
fn voiced([_, b, c, d, e]: &[Cell; 5], mut name: impl FnMut(u64, u64, u64)) {
    name(33, c.quotes, d.quote);
    name(36, c.rules, d.rule);
    name(39, b.rules, c.rule);
    name(40, d.rules, e.rule);
    name(41, c.rule, c.left);
    name(55, c.quote, mix(0, c.mark_before, c.rule));
}

/// What the features of `voiced` are made of.
#[inline]
fn voiced_key([_, b, c, d, e]: &[Cell; 5]) -> [u64; 6] {
    let small = c.quote | d.quote << 8 | e.rule << 16;
    [small, c.quotes, b.rules, d.rules, c.mark_before, c.left]
}

/// A word by the hash that its token keeps, the upper half mixed into the lower.
fn folded(hash: u64) -> u64 {
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
        let opening = folded(text.at(sentence.start).hash);
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
                _ => folded(token.hash),
            };
            let left_far = if left == 0 { 0 } else { far(i - left_at, commas) };
            let at = i - sentence.start;
            cells.push(Cell {
                word,
                class: token.class.bits() ^ shape << 56,
                ending: folded(lexicon::hash(ending)),
                shape,
                quote,
                rule: u64::from(ruled.get(i).copied().unwrap_or(0)),
                left,
                left_far,
                place: at.min(4) as u64 + u64::from(number == 0) * 8,
                opening,
                mark_before: mark,
                ..Cell::default()
            });
            if is_cue(text, i) && quote == 0 {
                (left, left_at, commas) = (folded(token.hash), i, 0);
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
    let mut before = Cell::default();
    for cell in &mut cells {
        cell.join(&before);
        before = *cell;
    }
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

/// No fewer than the features that are looked up together.
const TOGETHER: usize = 16;

/// Features on their way to a sum: first where all of them are, then what they weigh, so that no look-up
/// waits for another's memory.
struct Weighing<'w> {
    weights: &'w Weights<'w>,
    places: [u32; TOGETHER],
    known: usize,
}

impl<'w> Weighing<'w> {
    #[inline]
    fn of(weights: &'w Weights<'w>) -> Self {
        Self { weights, places: [0; TOGETHER], known: 0 }
    }

    #[inline]
    fn add(&mut self, feature: u64) {
        let (place, is_known) = self.weights.find(feature);
        if let Some(slot) = self.places.get_mut(self.known) {
            *slot = place;
        }
        self.known += usize::from(is_known);
    }

    #[inline]
    fn sums(self) -> Sums {
        let mut sums = Sums::default();
        self.places.iter().take(self.known).for_each(|place| self.weights.add(*place, &mut sums));
        sums
    }
}

/// The sum of the features that are named.
macro_rules! weigh {
    ($weights:expr, |$name:ident| $features:expr) => {{
        let mut weighing = Weighing::of($weights);
        let $name = |template, a, b| weighing.add(mix(template, a, b));
        $features;
        weighing.sums()
    }};
}

/// What the features weigh that a word has by itself, wherever it stands.
#[derive(Clone, Copy, Default)]
struct Kept {
    /// Word, class and ending.
    key: [u64; 3],
    own: Sums,
    /// Where neither a quotation nor a rule holds it.
    plain: Sums,
    around: [Sums; 2 * MARGIN],
}

/// The sums of words are kept, for the words of news come again and again. What is kept changes no sum.
pub struct Memory(Vec<Kept>);

impl Memory {
    /// How many words are kept at most.
    const WORDS: usize = 4096;

    pub fn new() -> Self {
        Self(vec![Kept { key: [u64::MAX; 3], ..Kept::default() }; Self::WORDS])
    }

    #[inline]
    fn word(&mut self, weights: &Weights<'_>, cell: &Cell) -> Option<&Kept> {
        let place = (cell.word ^ cell.word >> 23 ^ cell.class >> 56) as usize % Self::WORDS;
        let kept = self.0.get_mut(place)?;
        let key = [cell.word, cell.class, cell.ending];
        if kept.key != key {
            kept.key = key;
            kept.own = weigh!(weights, |name| cell.own(name));
            kept.plain = weigh!(weights, |name| Cell { quote: 0, rule: 0, ..*cell }.marked(name));
            for (place, sums) in kept.around.iter_mut().enumerate() {
                *sums = weigh!(weights, |name| cell.around(place, name));
            }
        }
        Some(kept)
    }
}

/// The sum of features that are much the same from token to token, with what they were made of.
struct Last([u64; 6], Sums);

impl Last {
    fn new() -> Self {
        Self([u64::MAX; 6], Sums::default())
    }

    #[inline]
    fn sums(&mut self, key: [u64; 6], sums: impl FnOnce() -> Sums) -> &Sums {
        // All at once: they are too short for a call, and seldom differ in the first.
        let differs = self.0.iter().zip(&key).fold(0, |differs, (a, b)| differs | (a ^ b));
        if differs != 0 {
            *self = Self(key, sums());
        }
        &self.1
    }
}

/// The sums of the weights of each label at each place of a stretch.
pub struct Scores<'w> {
    weights: &'w Weights<'w>,
    rows: Vec<[i32; LABELS]>,
}

impl<'w> Scores<'w> {
    pub fn of(weights: &'w Weights<'w>, memory: &mut Memory, stretch: &Stretch) -> Self {
        // With room for the cells beside the stretch: a word's sums go to its neighbours too.
        let mut sums = vec![Sums::default(); stretch.cells.len() + 2 * MARGIN];
        for (i, cell) in stretch.cells.iter().enumerate() {
            let Some(kept) = memory.word(weights, cell) else { continue };
            let Some([behind2, behind, own, ahead, ahead2]) =
                sums.get_mut(i..).and_then(|sums| sums.first_chunk_mut())
            else {
                continue;
            };
            let [before2, before, after, after2] = &kept.around;
            // What stands after a token is told to the token before.
            behind2.join(after2);
            behind.join(after);
            own.join(&kept.own);
            if cell.quote | cell.rule == 0 {
                own.join(&kept.plain);
            } else {
                own.join(&weigh!(weights, |name| cell.marked(name)));
            }
            ahead.join(before);
            ahead2.join(before2);
        }
        let (mut told, mut near, mut far) = (Last::new(), Last::new(), Last::new());
        let rows = (0..stretch.tokens.len()).map(|i| {
            let Some(window) = stretch.window(i) else { return [0; LABELS] };
            let cell = &window[MARGIN];
            let mut all = sums.get(i + 2 * MARGIN).copied().unwrap_or_default();
            all.join(&weigh!(weights, |name| joined(window, name)));
            all.join(told.sums(voiced_key(window), || weigh!(weights, |name| voiced(window, name))));
            all.join(near.sums(cell.near_key(), || weigh!(weights, |name| cell.near(name))));
            all.join(far.sums(cell.far_key(), || weigh!(weights, |name| cell.far(name))));
            all.scores()
        });
        Self { weights, rows: rows.collect() }
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
    /// Far below every sum that can be reached.
    const NEVER: i32 = -1 << 24;
    let step: [[i32; LABELS]; LABELS] = std::array::from_fn(|label| {
        std::array::from_fn(
            |before| {
                if may_follow(before, label) { weights.step(before, label) } else { NEVER }
            },
        )
    });
    let mut best = [NEVER; LABELS];
    let mut back: Vec<[u8; LABELS]> = Vec::with_capacity(scores.len());
    for (i, row) in scores.iter().enumerate() {
        let mut next = [NEVER; LABELS];
        let mut from = [0u8; LABELS];
        for (label, (((slot, origin), score), step)) in
            next.iter_mut().zip(&mut from).zip(row).zip(&step).enumerate()
        {
            let (most, which) = if i == 0 {
                (if may_follow(0, label) { weights.first(label) } else { NEVER }, 0)
            } else {
                // Of equals the first.
                let sums =
                    best.iter().zip(step).zip(0..).map(|((so_far, step), before)| (so_far + step, before));
                sums.fold((i32::MIN, 0), |most, sum| if sum.0 > most.0 { sum } else { most })
            };
            *slot = (most + score).max(NEVER);
            *origin = which;
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
    /// Filled up with zeros to a number that a processor takes in pairs.
    type Row = [f64; LABELS + 1];
    let mut step: [Row; LABELS] = Default::default();
    for (before, row) in step.iter_mut().enumerate() {
        for (label, slot) in
            row.iter_mut().take(LABELS).enumerate().filter(|(label, _)| may_follow(before, *label))
        {
            *slot = raised(weights.step(before, label));
        }
    }
    let odds: Vec<Row> = scores
        .iter()
        .map(|row| {
            let most = row.iter().copied().max().unwrap_or(0);
            let mut odds = Row::default();
            odds.iter_mut().zip(row).for_each(|(slot, score)| *slot = raised(score - most));
            odds
        })
        .collect();
    let scaled = |mut row: Row| {
        let sum = row.iter().sum::<f64>().max(f64::MIN_POSITIVE);
        row.iter_mut().for_each(|x| *x /= sum);
        row
    };
    let mut back: [Row; LABELS] = Default::default();
    for (before, row) in step.iter().enumerate() {
        for (to, slot) in row.iter().zip(&mut back) {
            if let Some(slot) = slot.get_mut(before) {
                *slot = *to;
            }
        }
    }
    let mut forward: Vec<Row> = Vec::with_capacity(odds.len());
    for here in &odds {
        let mut row = Row::default();
        match forward.last() {
            None => {
                for (label, slot) in
                    row.iter_mut().take(LABELS).enumerate().filter(|(label, _)| may_follow(0, *label))
                {
                    *slot = raised(weights.first(label));
                }
            }
            Some(last) => {
                for (a, to) in last.iter().zip(&step) {
                    row.iter_mut().zip(to).for_each(|(slot, to)| *slot += a * to);
                }
            }
        }
        row.iter_mut().zip(here).for_each(|(slot, odd)| *slot *= odd);
        forward.push(scaled(row));
    }
    let mut sure = vec![0.0; labels.len()];
    let mut backward: Row = [1.0; LABELS + 1];
    for (((here, ahead), label), slot) in odds.iter().zip(&forward).zip(labels).zip(&mut sure).rev() {
        let mut both = *ahead;
        both.iter_mut().zip(&backward).for_each(|(a, b)| *a *= b);
        let sum: f64 = both.iter().sum();
        *slot = both.get(usize::from(*label)).copied().unwrap_or(0.0) / sum.max(f64::MIN_POSITIVE);
        let mut row = Row::default();
        for ((from, odd), behind) in back.iter().zip(here).zip(&backward) {
            row.iter_mut().zip(from).for_each(|(slot, from)| *slot += from * odd * behind);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{attribution, quote, sentence, token, weights};

    const TEXT: &str = "“We counted 12 dead and 40 wounded,” the mayor, Ana Ruiz, said on Monday. The ministry said \
        that 12 people were killed, and “at least” 300 had fled; officials, who spoke in Arlo, denied it. Police \
        said on Monday that 12 people were killed, the mayor said.";

    #[test]
    fn what_is_kept_from_token_to_token_changes_no_sum() {
        let text = token::read(TEXT);
        let sentences = sentence::split(&text);
        let passages = quote::scan(&text);
        let said = attribution::scan(&text, &sentences, &passages);
        let stretches = stretches(&text, &sentences, &passages, &said);
        let tokens = || stretches.iter().flat_map(|s| (0..s.tokens.len()).map(move |i| (s, i)));
        let mut features: Vec<u64> = Vec::new();
        tokens().for_each(|(stretch, i)| stretch.features(i, |feature| features.push(feature)));
        features.sort_unstable();
        features.dedup();
        // Two of three are known, each with weights of its own.
        let known = features.iter().zip(0..).filter(|(_, k)| k % 3 != 0);
        let entries = known.map(|(feature, k): (_, i32)| {
            let weight = |label: i32| (k * (label + 7) % 61 - 30) as i8;
            (*feature, (1..LABELS as i32).map(weight).collect())
        });
        let (bytes, left_out) = weights::write(12, &[0; LABELS * (LABELS + 1)], entries);
        assert_eq!(left_out, 0);
        let weights = Weights::read(&bytes).expect("a file of weights");
        let mut memory = Memory::new();
        let rows: Vec<_> =
            stretches.iter().flat_map(|stretch| Scores::of(&weights, &mut memory, stretch).rows).collect();
        let sums: Vec<_> = tokens()
            .map(|(stretch, i)| {
                let mut sums = Sums::default();
                stretch.features(i, |feature| {
                    let (place, is_known) = weights.find(feature);
                    if is_known {
                        weights.add(place, &mut sums);
                    }
                });
                sums.scores()
            })
            .collect();
        assert!(sums.len() > 60 && sums.iter().any(|row| row.iter().any(|sum| *sum != 0)));
        assert_eq!(rows, sums);
    }

    #[test]
    fn no_more_features_are_looked_up_together_than_there_is_room_for() {
        type Name<'n> = &'n mut dyn FnMut(u64, u64, u64);
        let none = [Cell::default(); 2 * MARGIN + 1];
        let mut most = 0;
        for group in [
            &(|name: Name<'_>| joined(&none, name)) as &dyn Fn(Name<'_>),
            &|name| voiced(&none, name),
            &|name| Cell::default().near(name),
            &|name| Cell::default().own(name),
        ] {
            let mut count = 0;
            group(&mut |_, _, _| count += 1);
            most = most.max(count);
        }
        assert!(most <= TOGETHER, "{most}");
    }
}
