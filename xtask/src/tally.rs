//! Reads how many tests passed and failed from what the test programs print.

use std::ops::AddAssign;

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    pub passed: u64,
    pub failed: u64,
}

impl Tally {
    pub const ONE_PASSED: Self = Self { passed: 1, failed: 0 };
    pub const ONE_FAILED: Self = Self { passed: 0, failed: 1 };
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// What a line of nextest, `cargo test` or Playwright adds, if it is a summary.
pub fn read(line: &str) -> Option<Tally> {
    let line = line.trim();
    let summary = if let Some(rest) = line.strip_prefix("test result:") {
        rest
    } else if line.starts_with("Summary [") {
        line.split_once(':')?.1
    } else if is_playwright_summary(line) {
        line
    } else {
        return None;
    };
    let words: Vec<&str> =
        summary.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let count = |labels: &[&[&str]]| {
        words
            .iter()
            .enumerate()
            .filter(|(at, _)| labels.iter().any(|label| words[at + 1..].starts_with(label)))
            .filter_map(|(_, word)| word.parse::<u64>().ok())
            .sum()
    };
    Some(Tally {
        passed: count(&[&["passed"], &["flaky"]]),
        failed: count(&[&["failed"], &["timed", "out"], &["exec", "failed"], &["did", "not", "run"]]),
    })
}

/// `12 passed (3.4s)` and its likes: a number and a word, at most a time behind them.
fn is_playwright_summary(line: &str) -> bool {
    let (number, rest) = line.split_once(' ').unwrap_or((line, ""));
    let label = rest.split(" (").next().unwrap_or(rest);
    !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && ["passed", "failed", "flaky", "did not run"].contains(&label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(line: &str) -> Option<(u64, u64)> {
        read(line).map(|tally| (tally.passed, tally.failed))
    }

    #[test]
    fn each_programs_summary_is_understood() {
        assert_eq!(counts("     Summary [   0.010s] 5 tests run: 5 passed, 0 skipped"), Some((5, 0)));
        assert_eq!(
            counts(
                "     Summary [  12.3s] 9/12 tests run: 6 passed (1 slow), 2 failed, 1 timed out, 3 skipped"
            ),
            Some((6, 3))
        );
        assert_eq!(
            counts(
                "test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s"
            ),
            Some((3, 1))
        );
        assert_eq!(counts("  12 passed (3.4s)"), Some((12, 0)));
        assert_eq!(counts("  1 failed"), Some((0, 1)));
        assert_eq!(counts("  2 did not run"), Some((0, 2)));
    }

    #[test]
    fn other_lines_are_not_summaries() {
        for line in ["PASS [ 0.1s] desk claims::passed", "40 claims passed review", "12 skipped", ""] {
            assert_eq!(counts(line), None, "{line}");
        }
    }
}
