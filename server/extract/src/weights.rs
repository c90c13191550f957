//! Learned weights as they are embedded: one table from hashed features to small integers, one for
//! each label. Scores are sums of integers, so every machine finds the same.
//!
//! The file: `cdw1`, the number of labels and the binary logarithm of the number of lines (each two
//! bytes, little end first), the weights of the first label and of each step from label to label
//! (two bytes each), then the lines. A line holds eight entries: first their checks, two bytes each,
//! then their weights, one byte for each label but the first, whose weight is 0. With seven labels a
//! line is as long as a processor's cache line.

/// Entries of one line. All entries of a feature's line are compared with its check.
pub const LINE: usize = 8;
#[cfg(any(test, feature = "model", feature = "learn"))]
const MAGIC: &[u8] = b"cdw1";

/// The labels that weights are kept for.
pub const LABELS: usize = 7;
const WIDE: usize = LINE * (LABELS + 1);

/// The weights of many features added up, several labels to a word: each weight is a byte raised by 128,
/// so that none is negative, and has sixteen bits of room, which 257 features cannot overflow.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sums {
    /// The second and every other label but the first, whose weights are 0.
    even: u64,
    odd: u64,
    known: u32,
}

impl Sums {
    const RAISED: u64 = 0x8080_8080_8080_8080;
    const LANES: u64 = 0x00ff_00ff_00ff_00ff;

    /// The sum of each label.
    pub fn scores(&self) -> [i32; LABELS] {
        let raised = 128 * self.known as i32;
        std::array::from_fn(|label| {
            let lane = |sums: u64, lane: usize| (sums >> (16 * lane) & 0xffff) as i32 - raised;
            match label {
                0 => 0,
                // The lowest lanes hold what stands before an entry.
                _ if label % 2 == 1 => lane(self.even, label / 2 + 1),
                _ => lane(self.odd, label / 2),
            }
        })
    }
}

/// A table of weights over bytes that are not copied.
#[derive(Clone, Copy, Debug)]
pub struct Weights<'b> {
    lines: u32,
    steps: &'b [u8],
    table: &'b [[u8; WIDE]],
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
        let (table, rest) = table.as_chunks::<WIDE>();
        (table.len() == 1 << lines && rest.is_empty()).then_some(Self { lines, steps, table })
    }

    /// Adds a feature's weights to the sums. A feature that was never learned adds nothing.
    #[inline]
    pub fn add(&self, feature: u64, sums: &mut Sums) {
        let (line, check) = address(feature, self.lines);
        let Some(line) = self.table.get(line) else { return };
        let Some(checks) = line.first_chunk::<{ 2 * LINE }>() else { return };
        // All eight at once and without a branch: about every second feature was learned, in no order
        // that a processor could foresee. A check that equals leaves sixteen zero bits, of which
        // subtraction borrows; only lanes above the lowest such may be marked wrongly.
        const ONES: u128 = 0x0001_0001_0001_0001_0001_0001_0001_0001;
        let differs = u128::from_le_bytes(*checks) ^ (u128::from(check) * ONES);
        let equal = differs.wrapping_sub(ONES) & !differs & (ONES << 15);
        let at = equal.trailing_zeros() as usize / 16 % LINE;
        let known = u64::from(equal != 0);
        // An entry with the two bytes before it, so that the last ends with its line.
        let Some(entry) = line.get(2 * LINE - 2 + at * (LABELS - 1)..).and_then(|e| e.first_chunk()) else {
            return;
        };
        let raised = (u64::from_le_bytes(*entry) ^ Sums::RAISED) & known.wrapping_neg();
        sums.even += raised & Sums::LANES;
        sums.odd += raised >> 8 & Sums::LANES;
        sums.known += known as u32;
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
    let wide = LABELS - 1;
    let size = WIDE;
    let mut table = vec![0u8; size << lines];
    let mut used = vec![0usize; 1 << lines];
    let mut left_out = 0;
    for (feature, weights) in sorted {
        let (line, check) = address(feature, lines);
        let (Some(room), Some(count)) = (table.get_mut(line * size..(line + 1) * size), used.get_mut(line))
        else {
            continue;
        };
        if *count == LINE {
            left_out += 1;
            continue;
        }
        let checks = room.iter_mut().skip(2 * *count);
        checks.zip(check.to_le_bytes()).for_each(|(slot, byte)| *slot = byte);
        let entry = room.iter_mut().skip(2 * LINE + *count * wide);
        entry.zip(weights).for_each(|(slot, weight)| *slot = weight.cast_unsigned());
        *count += 1;
    }
    let mut out = MAGIC.to_vec();
    out.extend((LABELS as u16).to_le_bytes());
    out.extend((lines as u16).to_le_bytes());
    out.extend(steps.iter().flat_map(|s| s.to_le_bytes()));
    out.resize(head_end(LABELS), 0);
    out.extend(table);
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
            weights.add(mix(1, k, 0), &mut sums);
            assert_eq!(sums.scores(), [0, k as i32, -1, 2, 3, 4, 5]);
        }
        let mut sums = Sums::default();
        weights.add(mix(2, 1, 0), &mut sums);
        assert_eq!(sums.scores(), [0; LABELS]);
    }

    #[test]
    fn many_features_add_up() {
        let entries = (0..40u64).map(|k| (mix(1, k, 0), vec![127, -128, k as i8, -1, 0, -127]));
        let (bytes, _) = write(3, &[0; 56], entries);
        let weights = Weights::read(&bytes).expect("a file of weights");
        let mut sums = Sums::default();
        (0..60).for_each(|k| weights.add(mix(1, k, 0), &mut sums));
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
