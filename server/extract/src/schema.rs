//! The shape of an extraction: schema `claimdesk.extract/1`. Field names and order are fixed;
//! offsets are half-open and count code points.

use domain::claim::{ClaimKind, Manner, Polarity, SourceKind};
use domain::measure::{Bound, Indicator, Measure};
use serde::{Deserialize, Serialize};

pub const SCHEMA: &str = "claimdesk.extract/1";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Extraction {
    pub schema: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    pub extractor: String,
    /// ISO 639-1 code where the language is known, else "und".
    pub language: String,
    pub sentences: Vec<Sentence>,
    pub quantities: Vec<Quantity>,
    pub dates: Vec<Date>,
    pub quotations: Vec<Quotation>,
    pub claims: Vec<Claim>,
    pub totals: Vec<Total>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sentence {
    pub start: u32,
    pub end: u32,
    /// 0 to 1: how much the sentence is worth checking.
    pub checkworthiness: f64,
    /// 0 to 1: how much it is opinion.
    pub subjectivity: f64,
}

/// Which way a quantity moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    Up,
    Down,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quantity {
    pub start: u32,
    pub end: u32,
    pub text: String,
    pub low: Option<f64>,
    pub best: Option<f64>,
    pub high: Option<f64>,
    pub bound: Bound,
    pub unit: Option<String>,
    pub counts: Option<String>,
    pub ordinal: bool,
    pub change: Option<Change>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Date {
    pub start: u32,
    pub end: u32,
    pub text: String,
    /// First and last day, `YYYY-MM-DD`; null where the text does not tell the year.
    pub from: Option<String>,
    pub to: Option<String>,
}

/// A piece of the text with its words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Piece {
    pub start: u32,
    pub end: u32,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Content {
    pub start: u32,
    pub end: u32,
    pub text: String,
    /// The pieces of a broken quotation; empty where it stands in one piece.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Piece>,
}

/// Who says it: the mention in the text and whom it was resolved to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Speaker {
    pub start: u32,
    pub end: u32,
    pub text: String,
    /// The resolved name ("Oleksiy B." for "he"); null where the text does not tell.
    pub name: Option<String>,
    pub kind: SourceKind,
    pub role: Option<String>,
    pub organisation: Option<String>,
    /// The party to the conflict it speaks for, where the text tells ("Russia").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<String>,
    /// 0 to 1: how sure the resolution is; 1 where the mention is the name itself.
    pub confidence: f64,
    /// The rule that linked mention and name, in words.
    pub linked_by: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quotation {
    pub content: Content,
    pub manner: Manner,
    pub cue: Option<Piece>,
    pub source: Option<Speaker>,
    pub told_to: Option<String>,
    pub polarity: Polarity,
    /// Index into `quotations` of the one this was reported in: of "X said Y had claimed …" what Y
    /// claimed stands within what X said. Null for whoever speaks to the article.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    pub start: u32,
    pub end: u32,
    pub text: String,
    /// The claim so that it can be understood alone, made only of words of the article; null where
    /// `text` already is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<String>,
    pub kind: ClaimKind,
    pub checkworthiness: f64,
    /// Why it ranks where it does, in words a reviewer can read.
    pub reasons: Vec<String>,
    /// Index into `quotations`; null where the article itself says it.
    pub quotation: Option<u32>,
    pub measures: Vec<Measure>,
}

/// The article's own toll for its main incident; sub-counts are not added.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Total {
    pub indicator: Indicator,
    pub low: Option<f64>,
    pub best: Option<f64>,
    pub high: Option<f64>,
    pub bound: Bound,
}
