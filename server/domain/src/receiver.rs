//! Programs elsewhere that are told of what is published: where they may be, what they are told,
//! and how often it is tried.

use crate::closed_set;
use crate::ledger_news::LedgerStep;
use crate::publication::PublicationKind;
use crate::words::{Invalid, WebAddress};
use chrono::TimeDelta;

closed_set! {
    /// What a receiver is told.
    Telling {
        Published = "claim.published", "published";
        Corrected = "claim.corrected", "corrected";
        Withdrawn = "claim.withdrawn", "withdrawn";
        FiguresPublished = "incident.published", "figures published";
        FiguresChanged = "incident.changed", "figures changed";
        FiguresWithdrawn = "incident.withdrawn", "figures withdrawn";
        Test = "test", "test";
    }
}

impl Telling {
    /// A claim that is public again is told as published: whoever has it already replaces it.
    pub fn of(kind: PublicationKind) -> Self {
        match kind {
            PublicationKind::Published | PublicationKind::Reinstated => Self::Published,
            PublicationKind::Corrected => Self::Corrected,
            PublicationKind::Withdrawn => Self::Withdrawn,
        }
    }

    /// Whether it tells of an incident's figures, not of a claim.
    pub fn is_of_figures(self) -> bool {
        matches!(self, Self::FiguresPublished | Self::FiguresChanged | Self::FiguresWithdrawn)
    }

    /// The same of an incident's figures.
    pub fn of_figures(step: LedgerStep) -> Self {
        match step {
            LedgerStep::Published | LedgerStep::Reinstated => Self::FiguresPublished,
            LedgerStep::Changed => Self::FiguresChanged,
            LedgerStep::Withdrawn => Self::FiguresWithdrawn,
        }
    }
}

/// How many things are sent side by side.
pub const AT_ONCE: usize = 16;
/// How many of these places those have together who did not answer soon when they were last sent something:
/// half, so that the others have the rest whoever is silent.
pub const SLOW_AT_ONCE: i64 = 8;
/// Within how long an answer is soon. Our choice: well above what a program far away takes.
const SOON: TimeDelta = TimeDelta::seconds(3);

/// Whether an attempt took no longer than a receiver takes that works: refusing it is an answer, too.
pub fn is_soon(took: TimeDelta) -> bool {
    took <= SOON
}

/// Whether a receiver may be on this machine, over plain HTTP: for trying things out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loopback {
    Refused,
    Allowed,
}

/// Where a receiver is.
///
/// # Errors
/// `Invalid` unless it is an `https` address without a user and password in it.
pub fn address(given: &str, loopback: Loopback) -> Result<WebAddress, Invalid> {
    let address = WebAddress::parse("address", given)?;
    let lower = address.as_str().to_ascii_lowercase();
    let (scheme, rest) = lower.split_once("://").unwrap_or_default();
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        let fix = "Leave user and password out; what is sent is signed with the receiver’s secret.";
        return Err(Invalid::new("address", fix));
    }
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    let is_here = ["localhost", "127.0.0.1", "[::1]"].contains(&host);
    match (scheme, is_here, loopback) {
        ("https", false, _) | (_, true, Loopback::Allowed) => Ok(address),
        (_, true, Loopback::Refused) => {
            Err(Invalid::new("address", "Give an address on the public internet."))
        }
        _ => Err(Invalid::new("address", "Give an address that begins with https://.")),
    }
}

/// How often something is tried before it is given up.
pub const MOST_ATTEMPTS: i32 = 9;

/// How long to wait after so many attempts: ten seconds, then three times as long each time, nine
/// hours in all. `None` where it is given up.
pub fn next_after(attempts: i32) -> Option<TimeDelta> {
    if !(1..MOST_ATTEMPTS).contains(&attempts) {
        return None;
    }
    Some(TimeDelta::seconds(10 * 3_i64.pow(attempts.unsigned_abs() - 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        assert_eq!(next_after(1), Some(TimeDelta::seconds(10)));
        assert_eq!(next_after(4), Some(TimeDelta::seconds(270)));
        let all: TimeDelta = (1..MOST_ATTEMPTS).filter_map(next_after).sum();
        assert!((9..10).contains(&all.num_hours()), "{all}");
        assert_eq!(next_after(MOST_ATTEMPTS), None);
    }

    #[test]
    fn receivers_are_on_the_public_internet_over_https() {
        for good in ["https://hooks.example/a", "HTTPS://hooks.example:8443", "https://203.0.113.9/x"] {
            assert!(address(good, Loopback::Refused).is_ok(), "{good}");
        }
        for bad in [
            "http://hooks.example/a",
            "https://user:pw@hooks.example/",
            "http://127.0.0.1:9000/",
            "https://localhost/",
            "ftp://hooks.example",
            "hooks.example",
        ] {
            assert!(address(bad, Loopback::Refused).is_err(), "{bad}");
        }
        assert!(address("http://127.0.0.1:9000/hook", Loopback::Allowed).is_ok());
        assert!(address("http://127.0.0.1.evil.example/hook", Loopback::Allowed).is_err());
        assert!(address("http://10.0.0.1/hook", Loopback::Allowed).is_err());
    }
}
