//! Claims with the verdicts that stand, as CSV or JSON Lines: the same bytes from the command line
//! and from the API, a batch at a time.

use crate::config;
use anyhow::Context as _;
use desk::{ClaimFilter, ExportRow, Fetched, Fetcher};
use domain::measure::Measure;
use domain::media::AssessedMedia;
use domain::policy::{Actor, Role};
use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// One row a claim, with a head; opens in any spreadsheet
    Csv,
    /// One JSON object a line, with all measures
    Jsonl,
}

/// The columns, in order.
const COLUMNS: [&str; 21] = [
    "id",
    "article_id",
    "article",
    "outlet",
    "text",
    "kind",
    "source",
    "polarity",
    "measures",
    "stage",
    "stage_since",
    "rating",
    "scale",
    "scale_version",
    "reviewer",
    "rationale",
    "figure",
    "given_at",
    "priority",
    "version",
    "media",
];

/// A claim as a line of JSON.
#[derive(Serialize)]
struct Line<'a> {
    id: String,
    article_id: String,
    article: &'a str,
    outlet: Option<&'a str>,
    text: &'a str,
    kind: &'static str,
    source: Option<&'a str>,
    /// Whether the source asserts the claim, denies it or leaves it open.
    polarity: &'static str,
    measures: &'a [Measure],
    stage: &'static str,
    stage_since: String,
    rating: Option<&'a str>,
    /// Which of the desk's scales the rating is of, and which version of it.
    scale: Option<&'a str>,
    scale_version: Option<i32>,
    reviewer: Option<&'a str>,
    rationale: Option<&'a str>,
    figure: Option<&'a str>,
    given_at: Option<String>,
    priority: i16,
    version: i32,
    /// What pictures, videos and recordings among the evidence were found to be.
    media: &'a [AssessedMedia],
}

impl<'a> Line<'a> {
    fn of(row: &'a ExportRow) -> Self {
        let claim = &row.claim;
        Self {
            id: claim.id.to_string(),
            article_id: claim.article.to_string(),
            article: &claim.article_title,
            outlet: claim.outlet.as_deref(),
            text: &claim.text,
            kind: claim.kind.word(),
            source: claim.source.as_deref(),
            polarity: row.polarity.word(),
            measures: &claim.measures,
            stage: claim.stage.word(),
            stage_since: claim.stage_since.to_rfc3339(),
            rating: claim.rating.as_deref(),
            scale: claim.scale.as_deref(),
            scale_version: claim.scale_version,
            reviewer: row.reviewer.as_deref(),
            rationale: row.rationale.as_deref(),
            figure: row.figure.as_deref(),
            given_at: row.given_at.map(|at| at.to_rfc3339()),
            priority: claim.priority,
            version: claim.version,
            media: &row.media,
        }
    }

    fn cells(&self) -> [String; 21] {
        let measures: Vec<String> = self.measures.iter().map(Measure::described).collect();
        let media: Vec<String> = self.media.iter().map(|one| one.phrase().to_string()).collect();
        let text = |text: Option<&str>| cell(text.unwrap_or_default());
        [
            self.id.clone(),
            self.article_id.clone(),
            cell(self.article),
            text(self.outlet),
            cell(self.text),
            self.kind.to_owned(),
            text(self.source),
            self.polarity.to_owned(),
            cell(&measures.join("; ")),
            self.stage.to_owned(),
            self.stage_since.clone(),
            text(self.rating),
            text(self.scale),
            self.scale_version.map(|version| version.to_string()).unwrap_or_default(),
            text(self.reviewer),
            text(self.rationale),
            text(self.figure),
            self.given_at.clone().unwrap_or_default(),
            self.priority.to_string(),
            self.version.to_string(),
            cell(&media.join(" ")),
        ]
    }
}

/// Text that a spreadsheet will not take for a formula, also where it is set to cut lines at semicolons or
/// tabs: articles are written by anybody. A line that begins with a dash and a space stays a line of a list.
pub(crate) fn cell(text: &str) -> String {
    let mut guarded = String::with_capacity(text.len());
    let mut before = None;
    for (at, c) in text.char_indices() {
        let begins = matches!(before, None | Some(';' | '\t' | '\n' | '\r'));
        let is_of_list = before.is_some_and(|before| before != ';')
            && text.get(at..).is_some_and(|rest| rest.starts_with("- "));
        let is_blank = before.is_none() && matches!(c, '\t' | '\r');
        if begins && (matches!(c, '=' | '+' | '-' | '@') && !is_of_list || is_blank) {
            guarded.push('\'');
        }
        guarded.push(c);
        before = Some(c);
    }
    guarded
}

/// A file of rows under its head, in which every text stands in quotes, so that nothing in it ends a cell.
/// Without a mark of its encoding: programs would take that for a part of the first column's name.
pub(crate) fn table<S: std::borrow::Borrow<str>>(head: &[S]) -> csv::Writer<Vec<u8>> {
    let mut file = head.join(",").into_bytes();
    if !head.is_empty() {
        file.extend(b"\r\n");
    }
    csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .quote_style(csv::QuoteStyle::NonNumeric)
        .from_writer(file)
}

impl Format {
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Jsonl => "application/jsonl",
        }
    }

    pub fn fetched(self) -> Fetched {
        match self {
            Self::Csv => Fetched::Csv,
            Self::Jsonl => Fetched::Jsonl,
        }
    }

    pub fn file_name(self) -> &'static str {
        match self {
            Self::Csv => "claims.csv",
            Self::Jsonl => "claims.jsonl",
        }
    }

    /// What comes before the first claim.
    pub fn head(self) -> Vec<u8> {
        match self {
            Self::Csv => format!("{}\r\n", COLUMNS.join(",")).into_bytes(),
            Self::Jsonl => Vec::new(),
        }
    }

    /// Some claims.
    ///
    /// # Errors
    /// Where a claim cannot be written, which no claim is known to do.
    pub fn lines(self, rows: &[ExportRow]) -> anyhow::Result<Vec<u8>> {
        match self {
            Self::Csv => {
                let mut writer = table::<&str>(&[]);
                for row in rows {
                    writer.write_record(Line::of(row).cells())?;
                }
                Ok(writer.into_inner()?)
            }
            Self::Jsonl => {
                let mut lines = Vec::new();
                for row in rows {
                    serde_json::to_writer(&mut lines, &Line::of(row))?;
                    lines.push(b'\n');
                }
                Ok(lines)
            }
        }
    }
}

/// # Errors
/// Where the desk has nobody yet, or the database fails.
pub async fn run(options: config::Export) -> anyhow::Result<()> {
    let desk = options.database.connect().await?;
    let accounts = desk.all_accounts().await?;
    let anybody = accounts
        .into_iter()
        .filter(|account| account.disabled_at.is_none())
        .max_by_key(|account| account.role == Role::Admin)
        .context("the desk has no account yet; add one with `claimdesk user add`")?;
    let actor = Actor { id: anybody.id, name: anybody.name, role: anybody.role };
    let filter = ClaimFilter::default();
    desk.note_export(Fetcher::CommandLine, options.format.fetched(), &filter).await?;
    crate::print(&options.format.head())?;
    let mut after = None;
    loop {
        let (rows, next) = desk.export(&actor, &filter, after).await?;
        crate::print(&options.format.lines(&rows)?)?;
        match next {
            Some(next) => after = Some(next),
            None => return Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_formula_is_made_text() {
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("-5 degrees"), "'-5 degrees");
        assert_eq!(cell("Five = 5"), "Five = 5");
        assert_eq!(cell("x;=1+1;y"), "x;'=1+1;y");
        assert_eq!(cell("x\t@SUM(A1)"), "x\t'@SUM(A1)");
        assert_eq!(cell("Seen:\n- a crater\n=1+1"), "Seen:\n- a crater\n'=1+1");
        assert_eq!(cell("\tx"), "'\tx");
    }

    #[test]
    fn every_text_stands_in_quotes_and_no_number_does() {
        let mut rows = table(&["text", "n"]);
        rows.write_record(["x;y", "12.5"]).expect("a row");
        rows.write_record(["said \"no\"", ""]).expect("a row");
        let file = String::from_utf8(rows.into_inner().expect("a file")).expect("text");
        assert_eq!(file, "text,n\r\n\"x;y\",12.5\r\n\"said \"\"no\"\"\",\"\"\r\n");
    }
}
