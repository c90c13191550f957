//! What a person types as the second step of signing in.

use crate::words::Invalid;

/// Digits of an authenticator's code (RFC 6238 with the values that every authenticator knows).
pub const DIGITS: usize = 6;
/// Seconds for which an authenticator shows one code.
pub const STEP_SECONDS: i64 = 30;
/// Recovery codes are handed out by this many.
pub const RECOVERY_CODES: usize = 10;
/// Letters and digits of a recovery code that nobody takes for each other: five bits each.
pub const RECOVERY_LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// Characters of a recovery code: 80 bits.
pub const RECOVERY_LENGTH: usize = 16;

/// A code as it was typed, without the spaces and dashes that make it easy to read.
#[derive(Clone, PartialEq, Eq)]
pub enum Code {
    /// Of the authenticator.
    Shown(String),
    /// Of the recovery codes.
    Recovery(String),
}

impl Code {
    /// # Errors
    /// `Invalid` where it is neither: nobody loses a try over a code that cannot be one.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let plain: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .flat_map(char::to_lowercase)
            .take(RECOVERY_LENGTH + 1)
            .collect();
        if plain.len() == DIGITS && plain.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self::Shown(plain))
        } else if plain.len() == RECOVERY_LENGTH && plain.bytes().all(|byte| RECOVERY_LETTERS.contains(&byte))
        {
            Ok(Self::Recovery(plain))
        } else {
            Err(Invalid::new(
                "code",
                "Type the six digits that your authenticator shows now, or one of your recovery codes.",
            ))
        }
    }
}

/// A recovery code as people read it: four groups of four.
pub fn in_groups(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// The time step of a moment, given in seconds since 1970 (RFC 6238, section 4.2).
pub const fn step(seconds: i64) -> i64 {
    seconds.div_euclid(STEP_SECONDS)
}

/// The steps whose codes are taken at a moment: clocks differ, and typing takes time (RFC 6238,
/// section 5.2), so the one before and the one after count too. None that was used, nor any before
/// it.
pub fn acceptable(seconds: i64, last_used: i64) -> impl Iterator<Item = i64> {
    let now = step(seconds);
    (now - 1..=now + 1).filter(move |step| *step > last_used)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_however_they_are_grouped() {
        assert!(Code::parse(" 123 456 ") == Ok(Code::Shown("123456".into())));
        let recovery = Code::Recovery("abcdefghjkmnpq23".into());
        assert!(Code::parse("ABCD-efgh-jkmn-pq23") == Ok(recovery));
        for bad in
            ["", "12345", "1234567", "12345a", "abcd-efgh-jkmn-pq2", "abcd-efgh-jkmn-pq2l", "１２３４５６"]
        {
            assert!(Code::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_recovery_code_is_shown_in_groups_and_read_back() {
        let shown = in_groups("abcdefghjkmnpq23");
        assert_eq!(shown, "abcd-efgh-jkmn-pq23");
        assert!(Code::parse(&shown).is_ok());
    }

    #[test]
    fn the_neighbouring_steps_count_and_used_ones_do_not() {
        assert_eq!(acceptable(300, 0).collect::<Vec<_>>(), [9, 10, 11]);
        assert_eq!(acceptable(300, 10).collect::<Vec<_>>(), [11]);
        assert_eq!(acceptable(300, 11).count(), 0);
    }
}
