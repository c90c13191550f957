//! A linear model over hashed clues: a table from a clue's hash to its weight, read where it lies in
//! the program. Weights are whole numbers and a sum of them is exact, so a score is the same on every
//! machine.

use crate::clues::Group;

/// The first bytes of a table of weights.
pub const MAGIC: [u8; 4] = *b"CLW1";
/// Magic, the number of slots as a power of two, three bytes kept free, the constant.
pub const HEADER: usize = 12;
/// A slot: a tag and a weight.
pub const SLOT: usize = 4;
/// A weight of one is written as this number.
pub const UNIT: f64 = 1024.0;

/// Weights by the hash of a clue.
#[derive(Clone, Copy)]
pub struct Weights<'b> {
    slots: &'b [u8],
    mask: u32,
    /// What every sentence starts from, in units.
    pub constant: i32,
}

impl<'b> Weights<'b> {
    /// None where the bytes are no table of weights.
    pub const fn read(bytes: &'b [u8]) -> Option<Self> {
        let Some((&[m0, m1, m2, m3, bits, _, _, _, c0, c1, c2, c3], slots)) =
            bytes.split_first_chunk::<HEADER>()
        else {
            return None;
        };
        let bits = bits as u32;
        if u32::from_le_bytes([m0, m1, m2, m3]) != u32::from_le_bytes(MAGIC)
            || bits > 20
            || slots.len() != SLOT << bits
        {
            return None;
        }
        Some(Weights { slots, mask: (1 << bits) - 1, constant: i32::from_le_bytes([c0, c1, c2, c3]) })
    }

    fn slot(&self, at: u32) -> (u16, i16) {
        let at = (at & self.mask) as usize * SLOT;
        match self.slots.get(at..at + SLOT) {
            Some(&[a, b, c, d]) => (u16::from_le_bytes([a, b]), i16::from_le_bytes([c, d])),
            _ => (0, 0),
        }
    }

    /// The weight of a clue in units; 0 where it is not known.
    pub fn of(&self, hash: u32) -> i32 {
        let tag = tag(hash);
        let mut at = hash;
        // No run of taken slots is longer in a table that `write` made.
        for _ in 0..64 {
            match self.slot(at) {
                (0, _) => return 0,
                (found, weight) if found == tag => return i32::from(weight),
                _ => at = at.wrapping_add(1),
            }
        }
        0
    }
}

/// The weights of a sentence's clues, added up group by group.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sums([(i64, u32); 3]);

impl Sums {
    pub fn add(&mut self, group: Group, weight: i32) {
        self.add_many(group, i64::from(weight), 1);
    }

    /// The sum of the weights of several clues.
    pub fn add_many(&mut self, group: Group, weights: i64, count: u32) {
        let [words, letters, typed] = &mut self.0;
        let sum = match group {
            Group::Words => words,
            Group::Letters => letters,
            Group::Typed => typed,
        };
        sum.0 += weights;
        sum.1 += count;
    }

    /// The sum, where words and letters count by the root of their number, so that a long sentence is
    /// not worth more for its length alone.
    pub fn total(&self, constant: i32) -> f64 {
        let [words, letters, typed] = self.0;
        let shared = |(sum, count): (i64, u32)| sum as f64 / f64::from(count.max(1)).sqrt();
        (f64::from(constant) + shared(words) + shared(letters) + typed.0 as f64) / UNIT
    }
}

/// What tells the clues of neighbouring slots apart: the bits that do not choose the slot. Never 0.
fn tag(hash: u32) -> u16 {
    ((hash >> 16) as u16).max(1)
}

/// Writes a table; of two clues that cannot be told apart the earlier stays. The weights come in a
/// fixed order, so the bytes are fixed too.
#[cfg(any(test, feature = "learn"))]
pub fn write(constant: i32, weights: &[(u32, i16)]) -> Vec<u8> {
    let mut bits = 4u8;
    while weights.len() * 5 > (4usize << bits) {
        bits += 1;
    }
    loop {
        if let Some(bytes) = fill(bits, constant, weights) {
            return bytes;
        }
        bits += 1;
    }
}

#[cfg(any(test, feature = "learn"))]
fn fill(bits: u8, constant: i32, weights: &[(u32, i16)]) -> Option<Vec<u8>> {
    let size = 1usize << bits;
    let mut slots = vec![(0u16, 0i16); size];
    for &(hash, weight) in weights {
        let free = (0..63usize)
            .map(|step| (hash as usize + step) & (size - 1))
            .find(|&at| slots.get(at).is_some_and(|slot| slot.0 == 0 || slot.0 == tag(hash)))?;
        let slot = slots.get_mut(free)?;
        if slot.0 == 0 {
            *slot = (tag(hash), weight);
        }
    }
    let mut bytes = MAGIC.to_vec();
    bytes.extend([bits, 0, 0, 0]);
    bytes.extend(constant.to_le_bytes());
    for (tag, weight) in slots {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(weight.to_le_bytes());
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_written_weight_is_found_again() {
        let weights: Vec<(u32, i16)> =
            (1..5000u32).map(|k| (k.wrapping_mul(2_654_435_769), k as i16)).collect();
        let bytes = write(-7, &weights);
        let table = Weights::read(&bytes).expect("a table");
        assert_eq!(table.constant, -7);
        assert!(weights.iter().all(|(hash, weight)| table.of(*hash) == i32::from(*weight)));
        assert_eq!(table.of(12_345), 0);
    }

    #[test]
    fn bytes_that_are_no_table_are_refused() {
        let bytes = write(0, &[(1, 1)]);
        assert!(Weights::read(&[]).is_none());
        assert!(Weights::read(&bytes[..bytes.len() - 1]).is_none());
        let mut other = bytes.clone();
        other[0] = b'X';
        assert!(Weights::read(&other).is_none());
    }

    #[test]
    #[cfg(feature = "model")]
    fn the_embedded_weights_are_well_formed() {
        let bytes = include_bytes!("../model/worth.bin");
        let table = Weights::read(bytes).expect("a table");
        assert!(bytes.len() <= 600_000, "{} bytes", bytes.len());
        assert!(table.of(crate::clues::named("a percentage")) > 0);
        assert!(table.of(crate::clues::named("a question")) < 0);
    }
}
