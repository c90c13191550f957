//! Progress on the terminal: which step runs, of how many, and how long each took.

use std::fmt;
use std::io::Write;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::shell;

/// Numbered steps, printed as they run.
pub struct Steps {
    total: usize,
    current: usize,
}

impl Steps {
    pub fn new(total: usize) -> Self {
        Self { total, current: 0 }
    }

    /// Announces a step, runs it and says how long it took. Stops between steps once the person has
    /// pressed Ctrl-C.
    pub fn run<T>(&mut self, title: &str, step: impl FnOnce() -> Result<T>) -> Result<T> {
        shell::stop_if_interrupted()?;
        self.current += 1;
        let label = format!("[{}/{}]", self.current, self.total);
        println!("{label} {title} …");
        flush();
        let started = Instant::now();
        let outcome = step()?;
        println!("{label} {title}: {}", Elapsed(started.elapsed()));
        flush();
        Ok(outcome)
    }
}

/// Something worth knowing inside a step. On stderr: a command's own answer has stdout to itself.
pub fn note(text: impl fmt::Display) {
    eprintln!("      {text}");
}

/// Something that did not work but does not stop the step.
pub fn warn(text: impl fmt::Display) {
    eprintln!("      warning: {text}");
}

fn flush() {
    // A closed pipe must not stop what is being built.
    let _ = std::io::stdout().flush();
}

/// A duration as a person says it: `0.4 s`, `12 s`, `3 min 12 s`.
pub struct Elapsed(pub Duration);

impl fmt::Display for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        if seconds >= 60 {
            write!(f, "{} min {:02} s", seconds / 60, seconds % 60)
        } else if seconds >= 10 {
            write!(f, "{seconds} s")
        } else {
            write!(f, "{:.1} s", self.0.as_secs_f64())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_said_in_the_largest_fitting_unit() {
        let said = |millis| Elapsed(Duration::from_millis(millis)).to_string();
        assert_eq!(said(440), "0.4 s");
        assert_eq!(said(12_300), "12 s");
        assert_eq!(said(192_000), "3 min 12 s");
        assert_eq!(said(60_000), "1 min 00 s");
    }
}
