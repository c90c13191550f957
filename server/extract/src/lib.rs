//! Article text in, checkable claims with their sources out. Pure: the same text and options give
//! the same bytes on every machine; no I/O, no clock, no randomness.
//!
//! The text is cut into tokens and sentences; numbers and dates are read; speech is joined to its
//! speakers; outcomes ("killed", "death toll") are joined to the figures they govern; and from all
//! of it claims are cut. Every step takes time linear in the text.

pub mod schema;

mod attribution;
mod claim;
mod clues;
mod content;
mod date;
mod earlier;
mod foreign;
mod language;
mod lexicon;
mod linear;
mod living;
mod marks;
mod number;
mod opinion;
mod party;
mod phrase;
mod quantity;
mod quote;
mod report;
mod sentence;
mod source;
mod statement;
mod tagger;
mod token;
mod totals;
mod trigger;
mod voice;
mod weights;
mod worth;

#[cfg(feature = "learn")]
pub mod learn;

pub use schema::Extraction;

use schema::{Content, Date, Piece, Quotation, Sentence, Speaker};
use std::ops::Range;
use token::Text;

/// Names this reading in whatever it finds: what a claim was found by is kept with it.
pub const EXTRACTOR: &str = if cfg!(feature = "model") { "rules+tagger/2.2" } else { "rules/2.2" };

/// What the caller knows about the text.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The day of publication, which anchors "Tuesday" and "last week".
    pub published: Option<chrono::NaiveDate>,
    /// Copied into the output.
    pub id: Option<String>,
}

/// Reads a text. Never fails: any valid UTF-8 of any length and language gives an extraction.
pub fn extract(source: &str, options: &Options) -> Extraction {
    extract_watched(source, options, |_| {})
}

/// As `extract`; `done` is told the name of each stage when it is done, so that who has a clock can
/// tell where the time goes.
pub fn extract_watched(source: &str, options: &Options, mut done: impl FnMut(&'static str)) -> Extraction {
    let text = token::read(source);
    done("tokens");
    let told = language::detect(&text);
    done("language");
    let sentences = sentence::split(&text);
    done("sentences");
    // A short text in another language may look like English until its figures are read.
    let foreign = if told.sure && matches!(told.code, "en" | "und") {
        None
    } else {
        foreign::scan(&text, &sentences, &told)
    };
    let language =
        foreign.as_ref().map_or(told.code, |found| if told.sure { told.code } else { found.language });
    let english = matches!(language, "en" | "und");
    done("figures of other languages");
    let dates = if english { date::scan(&text, options.published) } else { Vec::new() };
    done("dates");
    let mut taken = vec![false; text.len()];
    for date in &dates {
        taken.get_mut(date.tokens.clone()).unwrap_or_default().fill(true);
    }
    let mut quantities = quantity::scan(&text, &taken);
    if !english {
        foreign::renumber(&text, &mut quantities);
    }
    done("quantities");
    let (said, sources) = if english {
        let passages = quote::scan(&text);
        done("quotes");
        let ruled = attribution::scan(&text, &sentences, &passages);
        done("attribution by rules");
        let said = voice::heard(&text, &sentences, &passages, ruled);
        done("attribution learned");
        let mut names = source::names(&text);
        let sources = source::resolve(&text, &sentences, &passages, &mut names, &said);
        (said, sources)
    } else {
        (Vec::new(), Vec::new())
    };
    let within = attribution::nesting(&said);
    done("sources");
    let read = claim::Read {
        text: &text,
        sentences: &sentences,
        quantities: &quantities,
        dates: &dates,
        said: &said,
        sources: &sources,
        within: &within,
    };
    let cut = match &foreign {
        _ if english => claim::cut(&read),
        Some(found) => claim::cut_foreign(&read, &found.assertions),
        None => claim::Cut::default(),
    };
    done("claims");
    let length = text.at(text.len().wrapping_sub(1)).end;
    let totals = totals::totals(&text, &cut.claims, length, totals::shooting(&text, cut.incident));
    done("totals");
    let weighed = shown_sentences(&text, &sentences, &quantities, &dates, &cut.claims, &said, english);
    done("worth");
    let extraction = Extraction {
        schema: schema::SCHEMA.to_owned(),
        id: options.id.clone(),
        extractor: EXTRACTOR.to_owned(),
        language: language.to_owned(),
        sentences: weighed,
        quantities: quantities.iter().map(|q| shown_quantity(&text, q)).collect(),
        dates: dates.iter().map(|d| shown_date(&text, d)).collect(),
        quotations: said
            .iter()
            .zip(&sources)
            .zip(within.iter().copied())
            .map(|((s, who), within)| shown_quotation(&text, s, who.as_ref(), within))
            .collect(),
        claims: cut.claims,
        totals,
    };
    done("spans");
    extraction
}

fn shown_sentences(
    text: &Text<'_>,
    sentences: &[Range<usize>],
    quantities: &[quantity::Quantity],
    dates: &[date::DateSpan],
    claims: &[schema::Claim],
    said: &[attribution::Said],
    english: bool,
) -> Vec<Sentence> {
    sentences
        .iter()
        .zip(&told(sentences, said))
        .map(|(range, told)| {
            let (start, end) = text.place(range);
            let first = quantities.partition_point(|q| q.tokens.start < range.start);
            let last = quantities.partition_point(|q| q.tokens.start < range.end);
            let dated = dates
                .get(dates.partition_point(|d| d.tokens.start < range.start))
                .is_some_and(|d| d.tokens.start < range.end);
            let mine = claims.partition_point(|c| c.start < start);
            let claimed = claims.get(mine).is_some_and(|c| c.start < end);
            let inside = quantities.get(first..last).unwrap_or_default();
            let found = clues::Found { quantities: inside, dated };
            let worth = worth::sentence(text, range, &found, claimed, english);
            Sentence {
                start,
                end,
                checkworthiness: worth::chance(worth),
                subjectivity: opinion::subjectivity(text, range, worth, *told),
            }
        })
        .collect()
}

/// How many passages of speech with a speaker reach into each sentence, up to two.
fn told(sentences: &[Range<usize>], said: &[attribution::Said]) -> Vec<usize> {
    // A passage that fills more sentences than this is a speech, and each of its sentences its own.
    const LONGEST: usize = 50;
    let mut told = vec![0; sentences.len()];
    for content in said.iter().map(attribution::Said::hull) {
        let first = sentences.partition_point(|s| s.end <= content.start);
        let reached = sentences.iter().zip(&mut told).skip(first).take(LONGEST);
        for (_, count) in reached.take_while(|(s, _)| s.start < content.end) {
            *count = 2.min(*count + 1);
        }
    }
    told
}

fn shown_quantity(text: &Text<'_>, quantity: &quantity::Quantity) -> schema::Quantity {
    let (start, end) = text.place(&quantity.tokens);
    schema::Quantity {
        start,
        end,
        text: text.words(&quantity.tokens).to_owned(),
        low: quantity.low,
        best: quantity.best,
        high: quantity.high,
        bound: quantity.bound,
        unit: quantity.unit.clone(),
        counts: quantity
            .counts
            .as_ref()
            .map(|c| text.words(c).split_whitespace().collect::<Vec<_>>().join(" ")),
        ordinal: quantity.ordinal,
        change: quantity.change,
    }
}

fn shown_date(text: &Text<'_>, date: &date::DateSpan) -> Date {
    let (start, end) = text.place(&date.tokens);
    Date {
        start,
        end,
        text: text.words(&date.tokens).to_owned(),
        from: date.days.map(|d| d.0.to_string()),
        to: date.days.map(|d| d.1.to_string()),
    }
}

fn piece(text: &Text<'_>, range: &Range<usize>) -> Piece {
    let (start, end) = text.place(range);
    Piece { start, end, text: text.words(range).to_owned() }
}

fn shown_quotation(
    text: &Text<'_>,
    said: &attribution::Said,
    who: Option<&source::Resolved>,
    within: Option<usize>,
) -> Quotation {
    let whole = piece(text, &said.hull());
    let parts =
        if said.parts.len() > 1 { said.parts.iter().map(|p| piece(text, p)).collect() } else { Vec::new() };
    Quotation {
        content: Content { start: whole.start, end: whole.end, text: whole.text, parts },
        manner: said.manner,
        cue: said.cue.as_ref().map(|c| piece(text, c)),
        source: who.map(|who| {
            // An apposition stands between two commas: the second closes it.
            let inside = who.tokens.clone().any(|k| text.at(k).sign == ',');
            let closed = who.tokens.end + usize::from(inside && text.at(who.tokens.end).sign == ',');
            let mention = piece(text, &(who.tokens.start..closed));
            Speaker {
                start: mention.start,
                end: mention.end,
                text: mention.text,
                name: who.name.clone(),
                kind: who.kind,
                role: who.role.clone(),
                organisation: who.organisation.clone(),
                party: party::of(text, who),
                confidence: who.confidence,
                linked_by: who.linked_by.to_owned(),
            }
        }),
        told_to: said.told_to.as_ref().map(|t| text.words(t).to_owned()),
        polarity: said.polarity(text),
        within: within.map(|w| w as u32),
    }
}
