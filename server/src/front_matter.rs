//! The head of an article file: TOML between two lines of `+++`.

use anyhow::Context as _;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use domain::words::Invalid;
use serde::Deserialize;

/// What a head may say. Other keys are for other programs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Head {
    pub title: Option<String>,
    pub outlet: Option<String>,
    pub address: Option<String>,
    pub author: Option<String>,
    pub published: Option<String>,
    pub language: Option<String>,
}

/// Divides a file into its head and its text; a file without a head is all text.
///
/// # Errors
/// Where a head is begun and not ended, or is not TOML.
pub fn split(file: &str) -> anyhow::Result<(Head, &str)> {
    let file = file.strip_prefix('\u{feff}').unwrap_or(file);
    let Some(rest) = file.strip_prefix("+++\n").or_else(|| file.strip_prefix("+++\r\n")) else {
        return Ok((Head::default(), file));
    };
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        if line.trim_end() == "+++" {
            let (head, text) = rest.split_at(at);
            let head =
                toml::from_str(head).context("the head between the two +++ lines is not as expected")?;
            return Ok((head, text.get(line.len()..).unwrap_or_default().trim_start_matches(['\r', '\n'])));
        }
        at += line.len();
    }
    anyhow::bail!("the head begins with +++ and does not end: close it with another +++ line")
}

/// A time of publication: RFC 3339, or a day (its beginning, UTC).
///
/// # Errors
/// `Invalid` for anything else.
pub fn published(text: &str) -> Result<DateTime<Utc>, Invalid> {
    let text = text.trim();
    let day = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
    DateTime::parse_from_rfc3339(text)
        .map(|at| at.with_timezone(&Utc))
        .or_else(|_| text.parse().map(day))
        .ok()
        // Postgres knows later times than people do, but a year of five digits is a slip.
        .filter(|at| (1..=9999).contains(&chrono::Datelike::year(at)))
        .ok_or_else(|| {
            Invalid::new(
                "published",
                "Write a day, 2024-03-12, or a time with its offset, 2024-03-12T18:42:00+03:00.",
            )
        })
}

/// A language: the two letters of ISO 639-1.
///
/// # Errors
/// `Invalid` for anything else.
pub fn language(text: &str) -> Result<String, Invalid> {
    let text = text.trim();
    if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_lowercase()) {
        Ok(text.to_owned())
    } else {
        Err(Invalid::new("language", "Write two letters, such as en or uk."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_divided_from_the_text() {
        let (head, text) =
            split("+++\r\ntitle = \"T\"\nincident = \"i\"\n+++\n\nOne.\n\n+++\n").expect("a head");
        assert_eq!(head.title.as_deref(), Some("T"));
        assert_eq!(text, "One.\n\n+++\n");
        assert_eq!(split("No head.").expect("text"), (Head::default(), "No head."));
        assert!(split("+++\ntitle = 1").is_err());
    }

    #[test]
    fn a_day_is_its_beginning() {
        assert_eq!(published("2024-03-12").expect("a day").to_rfc3339(), "2024-03-12T00:00:00+00:00");
        assert_eq!(
            published("2024-03-12T18:42:00+03:00").expect("a time").to_rfc3339(),
            "2024-03-12T15:42:00+00:00"
        );
        assert!(published("12 March").is_err());
        assert!(published("+262143-01-01").is_err());
    }
}
