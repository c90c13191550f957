//! The bytes that the history's hashes are made of. The database makes the same bytes with functions
//! of its own when an event is written; this is what they are checked with, so neither may be
//! changed without the other. Each part has its length or its absence in front, so that no two
//! different entries have the same bytes.

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// SHA-256.
pub type Hash = [u8; 32];

/// What the first entry of a chain, and the first checkpoint, has before it.
pub const NOTHING: Hash = [0; 32];

/// A hash as people write it: 64 hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The SHA-256 of a text's UTF-8 bytes.
pub fn of_text(text: &str) -> Hash {
    Sha256::digest(text.as_bytes()).into()
}

/// One event as its chain has it.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    pub chain: Uuid,
    /// 1 for the chain's first.
    pub number: i64,
    pub previous: &'a [u8],
    pub id: i64,
    pub at: DateTime<Utc>,
    pub actor: Option<Uuid>,
    pub article: Option<Uuid>,
    pub claim: Option<Uuid>,
    pub account: Option<Uuid>,
    pub incident: Option<Uuid>,
    pub kind: &'a str,
    /// JSON as the database writes it.
    pub body: &'a str,
    pub standing: Standing<'a>,
    /// Where the claim stood before, if the event moved it from somewhere.
    pub was: Standing<'a>,
    pub moved: bool,
    /// The last version that this entry or one before it stands for.
    pub kept: i64,
    /// Hash over the versions it stands for.
    pub content: Option<&'a [u8]>,
}

/// Where a claim stood.
#[derive(Clone, Copy, Debug, Default)]
pub struct Standing<'a> {
    pub stage: Option<&'a str>,
    pub rating: Option<&'a str>,
    pub since: Option<DateTime<Utc>>,
}

impl Entry<'_> {
    /// The chain that an event about these belongs to: the claim's, else the article's, else the
    /// account's, else the incident's, else the desk's.
    pub fn chain_of(
        claim: Option<Uuid>,
        article: Option<Uuid>,
        account: Option<Uuid>,
        incident: Option<Uuid>,
    ) -> Uuid {
        claim.or(article).or(account).or(incident).unwrap_or(Uuid::nil())
    }

    pub fn hash(&self) -> Hash {
        let mut bytes = Bytes::begin(b"claimdesk.event/1");
        bytes.raw(self.chain.as_bytes()).int(self.number).raw(self.previous).int(self.id).time(self.at);
        bytes.uuid(self.actor).uuid(self.article).uuid(self.claim).uuid(self.account);
        bytes.text(Some(self.kind)).text(Some(self.body));
        for standing in [self.standing, self.was] {
            bytes.text(standing.stage).text(standing.rating).moment(standing.since);
        }
        bytes.flag(self.moved).int(self.kept).bytes(self.content);
        // Events had no incident before there were any: theirs keep their hashes.
        if self.incident.is_some() {
            bytes.uuid(self.incident);
        }
        bytes.end()
    }
}

/// What a row said when it was written.
#[derive(Clone, Copy, Debug)]
pub struct Version<'a> {
    pub id: i64,
    /// The table.
    pub what: &'a str,
    /// Which of the chain's rows in that table.
    pub key: &'a str,
    /// Whether the row was deleted.
    pub gone: bool,
    /// JSON as the database writes it.
    pub row: &'a str,
}

/// The hash over the versions that one event stands for, in the order of their ids; `None` for none.
pub fn of_versions<'a>(versions: impl IntoIterator<Item = Version<'a>>) -> Option<Hash> {
    let mut bytes = Bytes::begin(b"");
    let mut any = false;
    for version in versions {
        any = true;
        bytes.int(version.id).text(Some(version.what)).text(Some(version.key));
        bytes.flag(version.gone).text(Some(version.row));
    }
    any.then(|| bytes.end())
}

/// What one checkpoint covers, event by event in the order of their ids.
#[derive(Clone, Debug)]
pub struct Covered {
    bytes: Bytes,
    next: i64,
    events: i64,
    gaps: Vec<i64>,
}

impl Covered {
    /// Begins after the last event of the checkpoint before.
    pub fn after(up_to: i64) -> Self {
        Self { bytes: Bytes::begin(b""), next: up_to + 1, events: 0, gaps: Vec::new() }
    }

    /// The next event.
    pub fn event(&mut self, id: i64, hash: &[u8]) {
        if id > self.next {
            self.gaps.extend([self.next, id - 1]);
        }
        self.next = id + 1;
        self.events += 1;
        self.bytes.int(id).raw(hash);
    }

    /// How many events, which ids name none (pairs of first and last), and the hash over all.
    pub fn end(self) -> (i64, Vec<i64>, Hash) {
        (self.events, self.gaps, self.bytes.end())
    }
}

/// A checkpoint: what its hash is made of.
#[derive(Clone, Copy, Debug)]
pub struct Checkpoint<'a> {
    pub number: i64,
    pub at: DateTime<Utc>,
    pub by: Option<Uuid>,
    pub up_to: i64,
    pub events: i64,
    pub total: i64,
    pub gaps: &'a [i64],
    pub content: &'a [u8],
    pub previous: &'a [u8],
}

impl Checkpoint<'_> {
    pub fn hash(&self) -> Hash {
        let mut bytes = Bytes::begin(b"claimdesk.checkpoint/1");
        bytes.int(self.number).time(self.at).uuid(self.by).int(self.up_to).int(self.events).int(self.total);
        bytes.int(i64::try_from(self.gaps.len()).unwrap_or(i64::MAX));
        for gap in self.gaps {
            bytes.int(*gap);
        }
        bytes.bytes(Some(self.content)).bytes(Some(self.previous));
        bytes.end()
    }
}

/// Bytes on their way into a hash.
#[derive(Clone, Debug)]
struct Bytes(Sha256);

impl Bytes {
    fn begin(tag: &[u8]) -> Self {
        Self(Sha256::new_with_prefix(tag))
    }

    fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.update(bytes);
        self
    }

    fn int(&mut self, value: i64) -> &mut Self {
        self.raw(&value.to_be_bytes())
    }

    fn flag(&mut self, value: bool) -> &mut Self {
        self.raw(&[u8::from(value)])
    }

    fn uuid(&mut self, value: Option<Uuid>) -> &mut Self {
        match value {
            Some(value) => self.flag(true).raw(value.as_bytes()),
            None => self.flag(false),
        }
    }

    /// Microseconds since 2000, as Postgres counts.
    fn time(&mut self, value: DateTime<Utc>) -> &mut Self {
        const FROM_1970_TO_2000: i64 = 946_684_800_000_000;
        self.int(value.timestamp_micros() - FROM_1970_TO_2000)
    }

    fn moment(&mut self, value: Option<DateTime<Utc>>) -> &mut Self {
        match value {
            Some(value) => self.flag(true).time(value),
            None => self.flag(false),
        }
    }

    fn bytes(&mut self, value: Option<&[u8]>) -> &mut Self {
        match value {
            Some(value) => {
                let length = u32::try_from(value.len()).unwrap_or(u32::MAX);
                self.flag(true).raw(&length.to_be_bytes()).raw(value)
            }
            None => self.flag(false),
        }
    }

    fn text(&mut self, value: Option<&str>) -> &mut Self {
        self.bytes(value.map(str::as_bytes))
    }

    fn end(self) -> Hash {
        self.0.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entry() -> Entry<'static> {
        Entry {
            chain: Uuid::from_u128(1),
            number: 1,
            previous: &NOTHING,
            id: 7,
            at: DateTime::UNIX_EPOCH,
            actor: None,
            article: Some(Uuid::from_u128(2)),
            claim: Some(Uuid::from_u128(1)),
            account: None,
            incident: None,
            kind: "published",
            body: "{}",
            standing: Standing { stage: Some("open"), rating: None, since: None },
            was: Standing::default(),
            moved: true,
            kept: 0,
            content: None,
        }
    }

    #[test]
    fn every_part_of_an_entry_counts() {
        let one = entry();
        let other = Uuid::from_u128(9);
        let later = DateTime::UNIX_EPOCH + chrono::TimeDelta::microseconds(1);
        let standing = |stage, rating, since| Standing { stage, rating, since };
        let changed = [
            Entry { chain: other, ..one },
            Entry { number: 2, ..one },
            Entry { previous: &[1; 32], ..one },
            Entry { id: 8, ..one },
            Entry { at: later, ..one },
            Entry { actor: Some(other), ..one },
            Entry { article: None, ..one },
            Entry { claim: None, ..one },
            Entry { account: Some(other), ..one },
            Entry { kind: "publishes", ..one },
            Entry { body: "[]", ..one },
            Entry { standing: standing(Some("open"), Some(""), None), ..one },
            Entry { standing: standing(None, Some("open"), None), ..one },
            Entry { standing: standing(Some("open"), None, Some(later)), ..one },
            Entry { was: standing(Some("open"), None, None), ..one },
            Entry { moved: false, ..one },
            Entry { kept: 1, ..one },
            Entry { content: Some(&NOTHING), ..one },
        ];
        let mut hashes: Vec<Hash> = changed.iter().map(Entry::hash).chain([one.hash()]).collect();
        let all = hashes.len();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), all);
    }

    #[test]
    fn what_names_no_event_is_a_gap() {
        let mut covered = Covered::after(4);
        for id in [5, 8, 9, 11] {
            covered.event(id, &NOTHING);
        }
        let (events, gaps, _) = covered.end();
        assert_eq!((events, gaps), (4, vec![6, 7, 10, 10]));
    }

    proptest! {
        #[test]
        fn words_cannot_move_from_one_part_to_the_next(a in ".{0,8}", b in ".{0,8}", cut in 0usize..8) {
            let both = format!("{a}{b}");
            let cut = both.char_indices().nth(cut).map_or(both.len(), |(at, _)| at);
            let (left, right) = both.split_at(cut);
            let of = |kind, body| Entry { kind, body, ..entry() }.hash();
            prop_assert_eq!(of(&a, &b) == of(left, right), a == left);
        }
    }
}
