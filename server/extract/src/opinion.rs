//! How much of a sentence is judgement rather than report: a sum of marks of both, weighed by hand.
//!
//! What speaks for judgement: evaluative words, necessity, denial, absolutes, comparison, intensifiers,
//! the general present, connectives of argument, deixis to what was said before. What speaks for report:
//! figures, dates, names, the past tense, and speech joined to a speaker, since a report of another's
//! opinion is a report. That a sentence is worth checking speaks for report too. No weight was fitted
//! to sentences labelled for opinion: each is a round share of the step from "hardly" to "likely".

use crate::lexicon::Class;
use crate::marks::Marks;
use crate::token::{Kind, Text};
use std::ops::Range;

/// The sum from which on a sentence is more judgement than report. News reports more than it judges:
/// a sentence needs some marks of judgement before it counts as one.
const THRESHOLD: f64 = 0.6;

/// 0 to 1: how much of a sentence is judgement. `worth` is the sum behind its check-worthiness, `told`
/// how many passages of speech with a speaker it holds.
pub fn subjectivity(text: &Text<'_>, range: &Range<usize>, worth: f64, told: usize) -> f64 {
    let counts = counts(text, range);
    let sum = judgement(&counts) + opening(text, range)
        - report(&counts)
        - 0.25 * worth.clamp(-6.0, 4.0)
        - 0.4 * told.min(2) as f64;
    let chance = 1.0 / (1.0 + libm::exp(THRESHOLD - sum));
    (chance.clamp(0.001, 0.999) * 1000.0).round() / 1000.0
}

/// How often each of the marks that count stands in a sentence.
#[derive(Default)]
struct Counts {
    words: u32,
    names: u32,
    numbers: u32,
    evaluative: u32,
    endings: u32,
    denials: u32,
    modals: u32,
    necessity: u32,
    degree: u32,
    absolutes: u32,
    present: u32,
    pointing: u32,
    argument: u32,
    here: u32,
    asides: u32,
    exclaimed: u32,
    scare_quotes: u32,
    speech: u32,
    past: u32,
    times: u32,
}

fn counts(text: &Text<'_>, range: &Range<usize>) -> Counts {
    let mut counts = Counts::default();
    for k in range.clone() {
        let token = text.at(k);
        match token.kind {
            Kind::Word => word(text, k, range.start, &mut counts),
            Kind::Number => counts.numbers += 1,
            Kind::Dash => counts.asides += 1,
            Kind::Open | Kind::SingleOpen => {
                counts.scare_quotes += u32::from(scare_quote(text, k, range.end))
            }
            _ => match token.sign {
                ';' | ':' | '(' => counts.asides += 1,
                '!' => counts.exclaimed += 1,
                _ => {}
            },
        }
    }
    counts
}

fn word(text: &Text<'_>, k: usize, start: usize, counts: &mut Counts) {
    let (token, low) = (text.at(k), text.low(k));
    let marks = token.marks;
    let bears = |mark: Marks| u32::from(marks.meets(mark));
    counts.words += 1;
    counts.names += u32::from(k > start && text.is_name(k) && low.len() > 1);
    counts.evaluative += bears(Marks::EVALUATIVE);
    counts.endings += u32::from(has_evaluative_ending(low));
    counts.denials += u32::from(token.has(Class::NEGATION) || low == "nothing");
    counts.modals += bears(Marks::MODAL);
    counts.necessity += bears(Marks::NECESSITY);
    counts.degree += bears(Marks::DEGREE);
    counts.absolutes += bears(Marks::ABSOLUTE);
    counts.present += bears(Marks::PRESENT);
    counts.pointing += bears(Marks::POINTING);
    counts.argument += bears(Marks::ARGUMENT);
    counts.here += bears(Marks::HERE);
    counts.speech += bears(Marks::SPEECH);
    counts.past +=
        u32::from(low.len() > 4 && low.ends_with("ed") || matches!(low, "was" | "were" | "had" | "did"));
    counts.times += u32::from(marks.meets(Marks::TIME) || token.has(Class::WEEKDAY.or(Class::MONTH)));
}

/// A count, no more than `most`: a long sentence is no stronger opinion.
fn upto(most: u32, count: u32) -> f64 {
    f64::from(count.min(most))
}

fn judgement(counts: &Counts) -> f64 {
    let mut sum = 0.3 * upto(3, counts.evaluative);
    sum += 0.2 * upto(4, counts.endings);
    sum += 0.3 * upto(3, counts.denials);
    sum += 0.2 * upto(3, counts.modals);
    sum += 0.3 * upto(2, counts.necessity);
    sum += 0.15 * upto(4, counts.degree);
    sum += 0.15 * upto(3, counts.absolutes);
    sum += 0.15 * upto(4, counts.present);
    sum += 0.12 * upto(3, counts.pointing);
    sum += 0.15 * upto(3, counts.argument);
    sum += 0.1 * upto(3, counts.here);
    sum += 0.1 * upto(3, counts.asides);
    sum += 0.3 * upto(1, counts.exclaimed);
    sum += 0.2 * upto(1, counts.scare_quotes);
    sum
}

/// How a sentence opens: with a step of an argument, or by pointing at what was said before.
fn opening(text: &Text<'_>, range: &Range<usize>) -> f64 {
    let Some(first) = range.clone().find(|&k| text.at(k).is_word()) else { return 0.0 };
    match text.low(first) {
        "and" | "so" | "or" | "of" => 0.3,
        "this" | "these" | "such" | "that" | "it" | "there" | "what" => 0.2,
        _ if text.at(first).marks.meets(Marks::ARGUMENT) => 0.3,
        _ => 0.0,
    }
}

fn report(counts: &Counts) -> f64 {
    let mut sum = 0.3 * upto(4, counts.numbers);
    sum += 4.0 * f64::from(counts.names) / f64::from(counts.words.max(1));
    sum += 0.4 * upto(2, counts.speech);
    sum += 0.1 * upto(4, counts.past);
    sum += 0.2 * upto(3, counts.times);
    sum
}

/// One to three words in quotation marks: a word held at arm's length.
fn scare_quote(text: &Text<'_>, at: usize, end: usize) -> bool {
    let opens = matches!(text.at(at).kind, Kind::Open | Kind::SingleOpen);
    let close =
        (at + 2..(at + 5).min(end)).find(|&k| matches!(text.at(k).kind, Kind::Close | Kind::SingleClose));
    opens && close.is_some_and(|close| (at + 1..close).all(|k| text.at(k).is_word() && !text.is_name(k)))
}

fn has_evaluative_ending(word: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "less", "ous", "ful", "ism", "ist", "ive", "ible", "able", "ity", "ness", "ish", "ical", "ary", "ic",
    ];
    let may = word.len() > 5
        && matches!(word.bytes().next_back(), Some(b's' | b'l' | b'm' | b't' | b'e' | b'y' | b'h' | b'c'));
    may && ENDINGS.iter().any(|e| word.ends_with(e))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token;

    fn score(source: &str, worth: f64, told: usize) -> f64 {
        let text = token::read(source);
        subjectivity(&text, &(0..text.len()), worth, told)
    }

    #[test]
    fn a_judgement_is_more_subjective_than_a_report() {
        assert!(
            score(
                "It is outrageous and shameful that we must live with this brutal, senseless policy!",
                -2.0,
                0
            ) > 0.5
        );
        assert!(score("Police said on Monday that 12 people were arrested.", 1.0, 1) < 0.5);
    }

    #[test]
    fn an_opinion_told_of_another_is_a_report() {
        let words = "The plan is a disgraceful and pointless mess, the mayor of Ostrava said.";
        assert!(score(words, -1.0, 1) < score(words, -1.0, 0));
    }
}
