//! Figures as people write them, read with the engine that reads articles.

use crate::error::storable;
use domain::figure::Read;
use domain::measure::Bound;
use domain::words::Invalid;

/// A figure as it was read.
pub(crate) struct Number {
    pub text: String,
    pub low: Option<f64>,
    pub best: Option<f64>,
    pub high: Option<f64>,
    pub bound: Bound,
    pub unit: Option<String>,
}

/// Reads a figure with the same engine that reads articles.
///
/// # Errors
/// `Invalid` where it has no number or is longer than any.
pub(crate) fn read_number(text: &str) -> Result<Number, Invalid> {
    if text.chars().count() > 100 {
        return Err(Invalid::new("figure", "Use at most 100 characters."));
    }
    let Read { low, best, high, bound, unit, .. } = read_figure(text)?;
    Ok(Number { text: storable(text.trim()), low, best, high, bound, unit })
}

/// What the figure is in what somebody wrote: its own words, its number, and what it counts.
///
/// # Errors
/// `Invalid` where it has no number.
pub(crate) fn read_figure(text: &str) -> Result<Read, Invalid> {
    let text = storable(text.trim());
    // In an article four digits alone may well be a year; here they are a figure.
    if let Some(number) = bare_number(&text) {
        let best = Some(number);
        return Ok(Read {
            start: 0,
            end: text.len() as u32,
            text,
            low: best,
            best,
            high: best,
            bound: Bound::Exact,
            unit: None,
            counts: None,
            indicator: None,
        });
    }
    let read = extract::extract(&text, &extract::Options::default());
    let quantity = read.quantities.into_iter().next().ok_or_else(|| {
        Invalid::new("figure", "Write a number, such as 41, 38-44, “at least 12” or “dozens”.")
    })?;
    Ok(Read {
        start: quantity.start,
        end: quantity.end,
        text: quantity.text,
        low: quantity.low,
        best: quantity.best,
        high: quantity.high,
        bound: quantity.bound,
        unit: quantity.unit,
        counts: quantity.counts,
        indicator: None,
    })
}

/// A number in digits, in one piece or with its thousands set apart.
fn bare_number(text: &str) -> Option<f64> {
    let groups: Vec<&str> = text.split([',', ' ', '\u{a0}', '\u{202f}']).collect();
    let (first, rest) = groups.split_first()?;
    let apart = rest.is_empty() || (first.len() <= 3 && rest.iter().all(|group| group.len() == 3));
    let digits = groups.concat();
    let plain = !first.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if apart && plain { digits.parse().ok() } else { None }
}
