//! Learned weights as they are embedded: one table from hashed features to small integers, one for
//! each label. Scores are sums of integers, so every machine finds the same.
//!
//! The file: `cdw2`, the number of labels and the binary logarithm of the number of lines (each two
//! bytes, little end first), the weights of the first label and of each step from label to label
//! (two bytes each), then the lines, then the entries. A line holds the checks of up to eight entries,
//! two bytes each, and the number of entries in the lines before it (four bytes); an entry holds one
//! byte for each label but the first, whose weight is 0. A feature that was never learned, as about
//! every second one, is told from the lines alone, and what is left is dense: both fit into a
//! processor's nearer caches.

use wide::u16x8;

/// Entries of one line. All entries of a feature's line are compared with its check.
pub const LINE: usize = 8;
#[cfg(any(test, feature = "model", feature = "learn"))]
const MAGIC: &[u8] = b"cdw2";

/// The labels that weights are kept for.
pub const LABELS: usize = 7;
/// Bytes of a line: checks, and where its entries begin.
const WIDE: usize = 2 * LINE + 4;
/// Bytes of an entry's weights.
const ENTRY: usize = LABELS - 1;
/// What stands before the first entry, so that eight bytes that end with an entry can be read.
#[cfg(any(test, feature = "model", feature = "learn"))]
const BEFORE: usize = 8 - ENTRY;

/// The weights of many features added up, several labels to a word: each weight is a byte raised by 128,
/// so that none is negative, and has sixteen bits of room, which 257 features cannot overflow. The lowest
/// lane of `even` counts the features.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sums {
    /// The second and every other label but the first, whose weights are 0.
    even: u64,
    odd: u64,
}

impl Sums {
    const RAISED: u64 = 0x8080_8080_8080_0000;
    /// What of the bytes before an entry is left out, and the one that counts it.
    const ENTRY: u64 = !0xffff;
    const LANES: u64 = 0x00ff_00ff_00ff_00ff;

    /// Adds what other features weigh.
    #[inline]
    pub fn join(&mut self, other: &Self) {
        self.even += other.even;
        self.odd += other.odd;
    }

    /// The sum of each label.
    pub fn scores(&self) -> [i32; LABELS] {
        let lane = |sums: u64, lane: usize| (sums >> (16 * lane) & 0xffff) as i32;
        let raised = 128 * lane(self.even, 0);
        std::array::from_fn(|label| match label {
            0 => 0,
            // The lowest lanes hold what stands before an entry.
            _ if label % 2 == 1 => lane(self.even, label / 2 + 1) - raised,
            _ => lane(self.odd, label / 2) - raised,
        })
    }
}

/// A table of weights over bytes that are not copied.
#[derive(Clone, Copy, Debug)]
pub struct Weights<'b> {
    lines: u32,
    steps: &'b [u8],
    table: &'b [[u8; WIDE]],
    /// The weights of all entries with the two bytes before each.
    entries: &'b [u8],
}

impl<'b> Weights<'b> {
    /// Reads a file of weights; nothing where it is not one or is cut short.
    #[cfg(any(test, feature = "model", feature = "learn"))]
    pub fn read(bytes: &'b [u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (head, rest) = rest.split_at_checked(4)?;
        let labels = usize::from(u16::from_le_bytes([*head.first()?, *head.get(1)?]));
        let lines = u32::from(u16::from_le_bytes([*head.get(2)?, *head.get(3)?]));
        if labels != LABELS || lines > 24 {
            return None;
        }
        let (steps, table) = rest.split_at_checked(head_end(labels) - MAGIC.len() - 4)?;
        let (table, entries) = table.split_at_checked(WIDE << lines)?;
        let (table, _) = table.as_chunks();
        let count: usize = table.iter().map(filled).sum();
        (entries.len() == BEFORE + count * ENTRY).then_some(Self { lines, steps, table, entries })
    }

    /// The place of a feature's entry, and whether there is one: for a feature that was never learned
    /// the place means nothing.
    #[inline]
    pub fn find(&self, feature: u64) -> (u32, bool) {
        let (line, check) = address(feature, self.lines);
        let Some(line) = self.table.get(line) else { return (0, false) };
        // All eight at once and without a branch: which features were learned comes in no order that
        // a processor could foresee.
        let equal = checks(line).simd_eq(u16x8::splat(check)).to_bitmask();
        (begin(line).wrapping_add(equal.trailing_zeros()), equal != 0)
    }

    /// Adds the weights of the entry at a place that was found.
    #[inline]
    pub fn add(&self, place: u32, sums: &mut Sums) {
        let bytes = self.entries.get(place as usize * ENTRY..).and_then(|rest| rest.first_chunk());
        let Some(entry) = bytes else { return };
        let raised = u64::from_le_bytes(*entry) & Sums::ENTRY ^ (Sums::RAISED | 1);
        sums.even += raised & Sums::LANES;
        sums.odd += raised >> 8 & Sums::LANES;
    }

    /// The weight of beginning with a label.
    pub fn first(&self, label: usize) -> i32 {
        self.step_at(label)
    }

    /// The weight of one label following another.
    pub fn step(&self, from: usize, to: usize) -> i32 {
        self.step_at(LABELS * (1 + from) + to)
    }

    fn step_at(&self, index: usize) -> i32 {
        match self.steps.get(2 * index..2 * index + 2) {
            Some([low, high]) => i32::from(i16::from_le_bytes([*low, *high])),
            _ => 0,
        }
    }
}

/// The checks of a line; 0 where there is no entry.
#[inline]
fn checks(line: &[u8; WIDE]) -> u16x8 {
    let (lanes, _) = line.as_chunks();
    u16x8::new(std::array::from_fn(|k| lanes.get(k).copied().map_or(0, u16::from_le_bytes)))
}

/// How many entries stand before a line's first.
#[inline]
fn begin(line: &[u8; WIDE]) -> u32 {
    line.last_chunk().copied().map_or(0, u32::from_le_bytes)
}

#[cfg(any(test, feature = "model", feature = "learn"))]
fn filled(line: &[u8; WIDE]) -> usize {
    checks(line).to_array().iter().filter(|check| **check != 0).count()
}

/// Where the table begins: after the head, filled up to the next 64 bytes.
#[cfg(any(test, feature = "model", feature = "learn"))]
fn head_end(labels: usize) -> usize {
    (MAGIC.len() + 4 + 2 * (labels + labels * labels)).next_multiple_of(64)
}

/// The line a feature stands in and the check it is known by; 0 is kept for empty entries.
fn address(feature: u64, lines: u32) -> (usize, u16) {
    let line = (feature >> 16) & ((1u64 << lines) - 1);
    let check = (feature & 0xffff) as u16;
    (line as usize, check.max(1))
}

/// Mixes the parts of a feature into one number that is spread evenly.
#[inline]
pub fn mix(template: u64, a: u64, b: u64) -> u64 {
    let mut x = (a ^ template.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 29) ^ b).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 32)
}

/// Writes a file of weights. What finds no room in its line gives way to heavier entries; the number
/// of those left out is returned beside the bytes.
#[cfg(any(test, feature = "learn"))]
pub fn write(lines: u32, steps: &[i16], entries: impl Iterator<Item = (u64, Vec<i8>)>) -> (Vec<u8>, usize) {
    let mut sorted: Vec<(u64, Vec<i8>)> =
        entries.filter(|(_, weights)| weights.iter().any(|w| *w != 0)).collect();
    let weight = |w: &[i8]| w.iter().map(|x| i32::from(*x).abs()).sum::<i32>();
    sorted.sort_by(|a, b| weight(&b.1).cmp(&weight(&a.1)).then(a.0.cmp(&b.0)));
    let mut table: Vec<Vec<(u16, Vec<i8>)>> = vec![Vec::new(); 1 << lines];
    let mut left_out = 0;
    for (feature, weights) in sorted {
        let (line, check) = address(feature, lines);
        match table.get_mut(line) {
            Some(line) if line.len() < LINE => line.push((check, weights)),
            _ => left_out += 1,
        }
    }
    let mut out = MAGIC.to_vec();
    out.extend((LABELS as u16).to_le_bytes());
    out.extend((lines as u16).to_le_bytes());
    out.extend(steps.iter().flat_map(|s| s.to_le_bytes()));
    out.resize(head_end(LABELS), 0);
    let mut begin = 0u32;
    for line in &table {
        let checks = line.iter().map(|entry| entry.0).chain(std::iter::repeat(0)).take(LINE);
        out.extend(checks.flat_map(u16::to_le_bytes));
        out.extend(begin.to_le_bytes());
        begin += line.len() as u32;
    }
    out.extend([0; BEFORE]);
    for (_, weights) in table.iter().flatten() {
        out.extend(weights.iter().take(ENTRY).map(|weight| weight.cast_unsigned()));
    }
    (out, left_out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let steps: Vec<i16> = (0..56).collect();
        let entries = (0..40u64).map(|k| (mix(1, k, 0), vec![k as i8, -1, 2, 3, 4, 5]));
        let (bytes, left_out) = write(3, &steps, entries);
        assert_eq!(left_out, 0);
        let weights = Weights::read(&bytes).expect("a file of weights");
        assert_eq!((weights.first(6), weights.step(0, 2)), (6, 9));
        for k in 0..40 {
            let mut sums = Sums::default();
            let (place, known) = weights.find(mix(1, k, 0));
            assert!(known);
            weights.add(place, &mut sums);
            assert_eq!(sums.scores(), [0, k as i32, -1, 2, 3, 4, 5]);
        }
        assert!(!weights.find(mix(2, 1, 0)).1);
        assert_eq!(Sums::default().scores(), [0; LABELS]);
    }

    #[test]
    fn many_features_add_up() {
        let entries = (0..40u64).map(|k| (mix(1, k, 0), vec![127, -128, k as i8, -1, 0, -127]));
        let (bytes, _) = write(3, &[0; 56], entries);
        let weights = Weights::read(&bytes).expect("a file of weights");
        let mut sums = Sums::default();
        for (place, known) in (0..60).map(|k| weights.find(mix(1, k, 0))) {
            if known {
                weights.add(place, &mut sums);
            }
        }
        assert_eq!(sums.scores(), [0, 40 * 127, -40 * 128, 780, -40, 0, -40 * 127]);
    }

    #[test]
    fn a_file_cut_short_is_no_file_of_weights() {
        let (bytes, _) = write(1, &[0; 56], std::iter::empty());
        assert!(Weights::read(&bytes).is_some());
        for end in 0..bytes.len() {
            assert!(Weights::read(&bytes[..end]).is_none(), "{end}");
        }
        assert!(Weights::read(b"cdw1\xff\xff\xff\xff").is_none());
    }
}
