//! Pages by cursor: a list goes on after the last row seen, however many rows came meanwhile.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Datelike, Utc};
use domain::words::Invalid;
use uuid::Uuid;

/// Where a list goes on: the sort key and id of the last row seen. Opaque to clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub key: i64,
    pub id: Uuid,
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut bytes = [0; 24];
        bytes[..8].copy_from_slice(&self.key.to_be_bytes());
        bytes[8..].copy_from_slice(self.id.as_bytes());
        f.write_str(&URL_SAFE_NO_PAD.encode(bytes))
    }
}

impl std::str::FromStr for Cursor {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let bytes: [u8; 24] =
            URL_SAFE_NO_PAD.decode(text).map_err(|_| Self::bad())?.try_into().map_err(|_| Self::bad())?;
        let (key, id) = bytes.split_at(8);
        Ok(Self {
            key: i64::from_be_bytes(key.try_into().map_err(|_| Self::bad())?),
            id: Uuid::from_bytes(id.try_into().map_err(|_| Self::bad())?),
        })
    }
}

impl Cursor {
    /// The key as a moment, for lists that are sorted by one.
    ///
    /// # Errors
    /// `Invalid` for a moment that no list has: cursors come back from outside.
    pub(crate) fn moment(&self) -> Result<DateTime<Utc>, Invalid> {
        DateTime::from_timestamp_micros(self.key)
            .filter(|at| (1..=9999).contains(&at.year()))
            .ok_or_else(Self::bad)
    }

    fn bad() -> Invalid {
        Invalid::new("cursor", "Use the cursor of the page before, unchanged, or none.")
    }
}

/// Some rows of a list and where it goes on.
#[derive(Clone, Debug)]
pub struct Page<T> {
    pub rows: Vec<T>,
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// Makes a page of rows that were asked for with a limit of one more than `limit`.
    pub(crate) fn of(mut rows: Vec<T>, limit: i64, cursor: impl Fn(&T) -> Cursor) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(cursor) } else { None };
        Self { rows, next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_the_address() {
        let cursor = Cursor { key: -7, id: Uuid::from_u128(99) };
        assert_eq!(cursor.to_string().parse::<Cursor>(), Ok(cursor));
        assert!("nonsense".parse::<Cursor>().is_err());
    }

    #[test]
    fn a_made_up_cursor_is_no_moment() {
        for key in [i64::MIN, -100_000_000_000_000_000, 260_000_000_000_000_000, i64::MAX] {
            assert!(Cursor { key, id: Uuid::nil() }.moment().is_err(), "{key}");
        }
    }
}
