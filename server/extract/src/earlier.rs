//! Whether a figure is told as a count of an earlier time: "up from 12", "an earlier toll of 30", "the
//! ministry had said on Monday that 9 were killed". News tells what was known before beside what is known
//! now; whoever took the old number for a second one would find sources contradict themselves.
//!
//! Decided from the words around a number after everything else was read; looks at a few of them only.

use crate::attribution::Said;
use crate::lexicon::Class;
use crate::token::{Kind, Text};
use domain::measure::Past;
use std::ops::Range;

/// What the words around a figure say about when it was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    Now,
    /// As something said before: it still holds where the article has nothing newer.
    Perhaps,
    /// The words themselves say that it is no longer the count.
    Past(Past),
}

/// A figure and where it stands.
pub struct Place<'p> {
    pub sentence: &'p Range<usize>,
    /// The number itself.
    pub number: &'p Range<usize>,
    /// Where the number's noun ends.
    pub phrase_end: usize,
    /// Whose words it stands in, if nobody else tells of these words.
    pub said: Option<&'p Said>,
    /// The article tells it in its own voice.
    pub is_own: bool,
}

/// Reads the words around a figure.
pub fn told(text: &Text<'_>, place: &Place<'_>) -> Told {
    let reader = Reader { text, place };
    if reader.is_taken_back() {
        return Told::Past(Past::Withdrawn);
    }
    let noun = reader.count_noun();
    if noun == Some(Told::Past(Past::Earlier))
        || reader.follows_from()
        || reader.is_measure_of_change()
        || reader.is_replaced()
        || reader.previously()
        || reader.as_had_been_said()
        || reader.was_in_an_earlier_report()
    {
        return Told::Past(Past::Earlier);
    }
    if noun == Some(Told::Perhaps)
        || reader.is_known_already()
        || reader.was_said_before()
        || place.is_own && reader.had_been_told()
    {
        return Told::Perhaps;
    }
    Told::Now
}

/// Of "revised an initial toll of 12 to 19" and the like the number that holds: where a verb of change
/// governs what else would be a range, its end is the news.
pub fn is_change(text: &Text<'_>, sentence: &Range<usize>, number: &Range<usize>) -> bool {
    number.clone().any(|k| text.low(k) == "to")
        && text.low(number.start.wrapping_sub(1)) == "of"
        && (sentence.start.max(number.start.saturating_sub(9))..number.start)
            .rev()
            .take_while(|&k| !matches!(text.at(k).sign, ';' | ','))
            .any(|k| changes(text.low(k)))
}

struct Reader<'p, 'a> {
    text: &'p Text<'a>,
    place: &'p Place<'p>,
}

impl Reader<'_, '_> {
    /// "Whose estimate of 400 deaths was included in our first story": a correction names what stood before.
    fn was_in_an_earlier_report(&self) -> bool {
        let text = self.text;
        let ours = |k: usize| {
            matches!(text.low(k), "our" | "its" | "an" | "the")
                && matches!(text.low(k + 1), "first" | "earlier" | "previous" | "original" | "initial")
                && matches!(
                    text.low(k + 2),
                    "story" | "report" | "article" | "version" | "dispatch" | "account" | "edition"
                )
        };
        let mut after = self.after(10);
        after.any(|k| text.low(k) == "in" && text.low(k.wrapping_sub(1)).ends_with("ed") && ours(k + 1))
    }

    /// The tokens before the number, nearest first, to the beginning of its clause.
    fn before(&self, most: usize) -> impl Iterator<Item = usize> {
        let floor = self.place.sentence.start.max(self.place.number.start.saturating_sub(most));
        (floor..self.place.number.start).rev().take_while(|&k| self.text.at(k).sign != ';')
    }

    /// The tokens after the number and its noun.
    fn after(&self, most: usize) -> impl Iterator<Item = usize> {
        let from = self.place.phrase_end.max(self.place.number.end);
        let to = self.place.sentence.end.min(from + most);
        (from..to).take_while(|&k| !matches!(self.text.at(k).sign, ';' | ','))
    }

    /// The word that leads to the number: over articles and what only qualifies it.
    fn leader(&self) -> Option<usize> {
        self.before(5).find(|&k| {
            let passes = self.text.at(k).has(Class::DETERMINER.or(Class::ADVERB))
                || is_old(self.text.low(k))
                || is_first(self.text.low(k))
                || matches!(
                    self.text.low(k),
                    "its" | "their" | "his" | "her" | "some" | "official" | "reported"
                );
            !passes || self.text.low(k) == "not"
        })
    }

    /// "up from 12", "raised from 9 on Monday", "to 37 from 41": what a change starts from is over.
    fn follows_from(&self) -> bool {
        let Some(from) = self.leader().filter(|&k| self.text.low(k) == "from") else { return false };
        let floor = self.place.sentence.start.max(from.saturating_sub(10));
        (floor..from).rev().take_while(|&k| self.text.at(k).sign != ';').any(|k| {
            let word = self.text.low(k);
            changes(word)
                || matches!(word, "up" | "down" | "higher" | "lower") && k + 3 > from
                || word == "to" && self.text.at(k + 1).kind == Kind::Number
        })
    }

    /// "compared with 12", "four fewer than the 41", "double the 19 deaths", "against 30 a day earlier".
    fn is_measure_of_change(&self) -> bool {
        let text = self.text;
        let Some(k) = self.leader() else { return false };
        let definite = k + 1 < self.place.number.start
            && matches!(text.low(k + 1), "the" | "its" | "their" | "an" | "last");
        let before = text.low(k.wrapping_sub(1));
        match text.low(k) {
            "with" | "to" => matches!(before, "compared" | "comparison"),
            "than" => {
                definite && matches!(before, "more" | "fewer" | "less" | "higher" | "lower" | "greater")
            }
            "double" | "twice" | "triple" | "half" => definite,
            "against" => {
                self.after(6).any(|k| matches!(text.low(k), "earlier" | "before" | "ago" | "previously"))
            }
            _ => false,
        }
    }

    /// "37, not 41", "instead of the 14 first reported".
    fn is_replaced(&self) -> bool {
        let text = self.text;
        let Some(k) = self.leader() else { return false };
        let before = k.wrapping_sub(1);
        match text.low(k) {
            "of" => text.low(before) == "instead",
            "than" => text.low(before) == "rather",
            "not" => text.at(before).sign == ',' && !self.after(5).any(|k| text.at(k).has(Class::BE)),
            _ => false,
        }
    }

    /// "previously reported 15", "Previously, officials had spoken of 12".
    fn previously(&self) -> bool {
        let text = self.text;
        self.before(9)
            .take_while(|&k| text.at(k).sign != ',' || text.low(k.wrapping_sub(1)) == "previously")
            .any(|k| text.low(k) == "previously")
    }

    /// "the 41 it had reported", "30 as first reported": a count whose telling is told as past.
    fn as_had_been_said(&self) -> bool {
        let text = self.text;
        let mut passive = false;
        let mut had = false;
        for k in self.after(8) {
            let word = text.low(k);
            if reports(word) {
                let how = text.low(k.wrapping_sub(1));
                return had || !passive && (is_first(how) || matches!(how, "previously" | "earlier"));
            }
            passive |= text.at(k).has(Class::BE);
            had |= word == "had" && !text.at(k + 1).has(Class::BE);
            if text.at(k).has(Class::CONJUNCTION) || crate::trigger::is_outcome(word) && word != "dead" {
                return false;
            }
        }
        false
    }

    /// "the 19 deaths reported on the day of the attack", "12 people were initially reported dead".
    fn is_known_already(&self) -> bool {
        let text = self.text;
        let first = self.after(4).next();
        let reduced = first.is_some_and(|k| reports(text.low(k)) && text.low(k) != "said")
            && text.low(self.place.number.start.wrapping_sub(1)) == "the";
        reduced
            || self.after(4).chain(self.before(6)).any(|k| {
                matches!(text.low(k), "initially" | "originally" | "first")
                    && (reports(text.low(k + 1))
                        || matches!(text.low(k + 1), "thought" | "believed" | "feared"))
            })
    }

    /// "had said", "said earlier", "first put the toll at": a statement that is told as an older one. What
    /// somebody says that others "had counted" is only the tense of reported speech, so `said` is left out there.
    fn was_said_before(&self) -> bool {
        let text = self.text;
        let Some(cue) = self.place.said.and_then(|said| said.cue.clone()) else { return false };
        let floor = cue.start.saturating_sub(7).max(self.place.sentence.start);
        let clause = |k: &usize| !text.at(*k).has(Class::CONJUNCTION) && text.at(*k).sign != ';';
        let first = (floor..cue.start).rev().take_while(clause).last().unwrap_or(cue.start);
        let near = first..cue.end + 2;
        let had = (near.start.max(cue.start.saturating_sub(3))..cue.end).any(|k| {
            text.low(k) == "had"
                && !text.at(k + 1).has(Class::BE)
                && (k + 1..cue.start).all(|k| text.at(k).has(Class::ADVERB) || is_first(text.low(k)))
        });
        had || near.clone().any(|k| {
            let word = text.low(k);
            matches!(word, "initially" | "originally" | "earlier")
                || word == "first" && (cue.start.saturating_sub(2)..cue.end).contains(&k)
        })
    }

    /// "who had spoken of 23 dead", told by the article itself.
    fn had_been_told(&self) -> bool {
        let text = self.text;
        let verb = self.before(5).find(|&k| reports(text.low(k)) || matches!(text.low(k), "spoken" | "put"));
        let had = verb
            .and_then(|verb| (verb.saturating_sub(3)..verb).rev().find(|&k| !text.at(k).has(Class::ADVERB)));
        had.is_some_and(|k| k >= self.place.sentence.start && text.low(k) == "had")
    }

    /// "an earlier toll of 30", "the previous count stood at 12"; of "Monday's toll of 12" and "an initial
    /// toll of 12" only the rest of the article tells whether it was replaced.
    fn count_noun(&self) -> Option<Told> {
        let text = self.text;
        let near = self.place.number.start.wrapping_sub(1);
        if is_old(text.low(near)) && text.at(near.wrapping_sub(1)).has(Class::DETERMINER.or(Class::PRONOUN)) {
            return Some(Told::Past(Past::Earlier));
        }
        let noun = self.before(7).find(|&k| !links(text, k)).filter(|&k| counts(text.low(k)))?;
        for k in (self.place.sentence.start.max(noun.saturating_sub(4))..noun).rev() {
            let word = text.low(k);
            if is_old(word) {
                return Some(Told::Past(Past::Earlier));
            }
            let day = text.at(k).has(Class::WEEKDAY) || word == "yesterday";
            if is_first(word) || day && text.low(k + 1) == "'s" {
                return Some(Told::Perhaps);
            }
            if word == "'s" {
                continue;
            }
            if text.at(k).has(Class::BE.or(Class::HAVE).or(Class::PREPOSITION).or(Class::CONJUNCTION)) {
                return None;
            }
        }
        None
    }

    /// "withdrew its toll of 41", "the figure of 41 was a mistake".
    fn is_taken_back(&self) -> bool {
        let text = self.text;
        // "A bulletin that had put the displaced at 196,300 contained a typing error."
        let document = self
            .before(10)
            .any(|k| text.at(k).has(Class::DOCUMENT) && matches!(text.low(k + 1), "that" | "which"));
        if document && self.is_wrong() {
            return true;
        }
        let Some(noun) = self.before(8).find(|&k| counts(text.low(k))) else { return false };
        let before = (self.place.sentence.start.max(noun.saturating_sub(6))..noun).rev();
        let verb = before.take_while(|&k| !matches!(text.at(k).sign, ';' | ',')).any(|k| {
            matches!(
                text.low(k),
                "withdrew"
                    | "withdraws"
                    | "withdrawing"
                    | "withdrawn"
                    | "retracted"
                    | "retracts"
                    | "retracting"
            ) || matches!(text.low(k), "took" | "taken" | "takes") && text.low(k + 1) == "back"
        });
        let close = self.before(8).take_while(|&k| k != noun).all(|k| links(text, k));
        close && (verb || self.is_wrong())
    }

    /// "was withdrawn", "had been wrong", "contained an error", told behind the number.
    fn is_wrong(&self) -> bool {
        let text = self.text;
        let mut is = false;
        for k in self.after(8) {
            let word = text.low(k);
            if text.at(k).has(Class::NEGATION) {
                return false;
            }
            if is
                && matches!(
                    word,
                    "withdrawn" | "retracted" | "wrong" | "mistake" | "mistaken" | "error" | "incorrect"
                )
            {
                return true;
            }
            is |= text.at(k).has(Class::BE) || matches!(word, "contained" | "contains");
        }
        false
    }
}

/// What may stand between the noun of a count and its number: "toll of", "count stood at".
fn links(text: &Text<'_>, k: usize) -> bool {
    text.at(k).has(Class::BE.or(Class::DETERMINER).or(Class::HAVE))
        || matches!(
            text.low(k),
            "of" | "at"
                | "as"
                | "stood"
                | "stands"
                | "put"
                | "that"
                | "about"
                | "around"
                | "some"
                | "said"
                | "spoke"
        )
}

fn is_old(word: &str) -> bool {
    matches!(word, "previous" | "prior" | "earlier" | "outdated" | "former")
}

fn is_first(word: &str) -> bool {
    matches!(word, "initial" | "initially" | "original" | "originally" | "first")
}

fn counts(word: &str) -> bool {
    matches!(
        word,
        "toll"
            | "tolls"
            | "count"
            | "counts"
            | "tally"
            | "figure"
            | "figures"
            | "number"
            | "total"
            | "estimate"
            | "estimates"
            | "report"
            | "reports"
            | "statement"
            | "record"
    )
}

fn reports(word: &str) -> bool {
    matches!(
        word,
        "reported"
            | "announced"
            | "said"
            | "given"
            | "gave"
            | "stated"
            | "claimed"
            | "counted"
            | "estimated"
            | "published"
            | "recorded"
            | "cited"
            | "mentioned"
            | "listed"
    )
}

fn changes(word: &str) -> bool {
    matches!(
        word,
        "rose"
            | "risen"
            | "rise"
            | "rises"
            | "rising"
            | "climbed"
            | "climbs"
            | "climbing"
            | "jumped"
            | "jumps"
            | "increased"
            | "increase"
            | "increases"
            | "increasing"
            | "grew"
            | "grown"
            | "soared"
            | "surged"
            | "fell"
            | "fallen"
            | "dropped"
            | "lowered"
            | "lowers"
            | "lowering"
            | "cut"
            | "cuts"
            | "cutting"
            | "reduced"
            | "reduces"
            | "reducing"
            | "revised"
            | "revises"
            | "revising"
            | "raised"
            | "raises"
            | "raising"
            | "corrected"
            | "halved"
            | "doubled"
            | "updated"
            | "changed"
            | "adjusted"
            | "brought"
            | "bringing"
    )
}

#[cfg(test)]
#[path = "earlier/tests.rs"]
mod tests;
