//! Says a claim so that it is understood alone: who "he" is, which strike "it" was, what "12 of them"
//! are, who also "destroyed 20 others". Made only of words of the article, and only where what is meant
//! is plain; a reviewer reads it beside the claim's own words, never instead of them.

use crate::claim::{Read, after_dateline};
use crate::lexicon::Class;
use crate::phrase;
use crate::schema::Claim;
use crate::source::Resolved;
use crate::token::Kind;
use domain::claim::{Manner, SourceKind};
use domain::measure::{Indicator, Measure, PartOf};
use rustc_hash::FxHashSet;
use std::cell::LazyCell;
use std::ops::Range;

/// Where a claim stands.
pub struct Place {
    pub tokens: Range<usize>,
    pub sentence: Range<usize>,
    pub said: Option<usize>,
}

/// How far back somebody is still meant by "he": two sentences, as a reader looks back.
const BACK: usize = 90;

/// Resolutions less sure than this are left as the article has them.
const SURE: f64 = 0.6;

/// Gives each claim its statement where its own words do not stand alone. `places` run with `claims`.
pub fn state(read: &Read<'_, '_>, claims: &mut [Claim], places: &[Place]) {
    let words = LazyCell::new(|| vocabulary(read));
    let the = LazyCell::new(|| (0..read.text.len()).find(|&k| read.text.low(k) == "the"));
    for k in 0..claims.len() {
        let (Some(claim), Some(place)) = (claims.get(k), places.get(k)) else { return };
        let teller = Teller { read, place, the: &the };
        let mut edits = Vec::new();
        edits.extend(teller.subject());
        let before = k.checked_sub(1).and_then(|b| Some((claims.get(b)?, places.get(b)?)));
        edits.extend(teller.members(claim, claims, before));
        edits.extend(before.and_then(|(other, at)| teller.noun(claim, other, at)));
        edits.extend(teller.when());
        let statement = teller.made(edits).filter(|made| {
            made != &claim.text && parts(made).all(|w| words.contains(w.to_lowercase().as_str()))
        });
        if let Some(claim) = claims.get_mut(k) {
            claim.statement = statement;
        }
    }
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty())
}

/// Every word of the article in small letters.
fn vocabulary<'t>(read: &Read<'t, '_>) -> FxHashSet<&'t str> {
    (0..read.text.len()).flat_map(|k| parts(read.text.low(k))).collect()
}

/// Words in place of tokens of the claim; an empty range puts them in between.
struct Edit {
    tokens: Range<usize>,
    words: String,
}

struct Teller<'t, 'r, 'a> {
    read: &'t Read<'r, 'a>,
    place: &'t Place,
    the: &'t dyn std::ops::Deref<Target = Option<usize>>,
}

impl Teller<'_, '_, '_> {
    fn words(&self, range: &Range<usize>) -> String {
        self.read.text.words(range).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn made(&self, mut edits: Vec<Edit>) -> Option<String> {
        if edits.is_empty() {
            return None;
        }
        edits.sort_by_key(|e| (e.tokens.start, e.tokens.end));
        let mut pieces: Vec<String> = Vec::new();
        let mut at = self.place.tokens.start;
        for edit in edits {
            if edit.tokens.start < at {
                continue;
            }
            if edit.tokens.start > at {
                pieces.push(self.words(&(at..edit.tokens.start)));
            }
            pieces.push(edit.words);
            at = edit.tokens.end;
        }
        if at < self.place.tokens.end {
            pieces.push(self.words(&(at..self.place.tokens.end)));
        }
        Some(pieces.join(" "))
    }

    fn speaker(&self) -> Option<&Resolved> {
        self.place.said.and_then(|s| self.read.sources.get(s)).and_then(Option::as_ref)
    }

    /// The claim's first words: a pronoun, "the ministry", or a verb whose subject stands further left.
    fn subject(&self) -> Option<Edit> {
        let text = self.read.text;
        let mut first = self.place.tokens.start;
        while first < self.place.tokens.end && text.at(first).is_quote() {
            first += 1;
        }
        match text.low(first) {
            "i" => self.speaking(first),
            "he" | "she" => self.person(first),
            "it" => self.own(first).or_else(|| self.attack(first)),
            "they" => self.own(first),
            "the" => self.office(first),
            _ => self.ellipsis(first),
        }
    }

    fn named(&self, who: &Resolved) -> Option<String> {
        // In capitals throughout it is rather a dateline than somebody's name.
        let shouted = |name: &str| !name.chars().any(char::is_lowercase) && name.contains(' ');
        who.name
            .clone()
            .filter(|name| who.confidence >= SURE && name.split_whitespace().count() < 8 && !shouted(name))
    }

    /// "I saw 12 bodies": the speaker did. Forms of "to be" and "have" would not fit a name.
    fn speaking(&self, first: usize) -> Option<Edit> {
        let who = self.speaker().filter(|w| w.kind == SourceKind::Person)?;
        let verb = self.read.text.low(first + 1);
        if matches!(verb, "am" | "have" | "do" | "'m" | "'ve") || !verb.ends_with("ed") && !is_past(verb) {
            return None;
        }
        Some(Edit { tokens: first..first + 1, words: self.named(who)? })
    }

    /// "he" in what somebody is reported to have said is mostly the speaker; elsewhere the one person
    /// named shortly before.
    fn person(&self, first: usize) -> Option<Edit> {
        let indirect =
            self.place.said.and_then(|s| self.read.said.get(s)).map(|s| s.manner != Manner::Direct);
        if let Some(indirect) = indirect {
            let who = self.speaker().filter(|w| w.kind == SourceKind::Person && indirect)?;
            return Some(Edit { tokens: first..first + 1, words: self.named(who)? });
        }
        let last = self.read.said.partition_point(|s| s.hull().start < first);
        let mut names: Vec<String> = Vec::new();
        for k in last.saturating_sub(8)..last {
            let Some(Some(who)) = self.read.sources.get(k) else { continue };
            if who.tokens.start >= first || who.tokens.start + BACK < first || who.kind != SourceKind::Person
            {
                continue;
            }
            let name = self.named(who)?;
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let [name] = names.as_slice() else { return None };
        // Another name in between may be the one meant.
        let text = self.read.text;
        let others = (first.saturating_sub(BACK)..first)
            .filter(|&k| text.is_name(k) && text.is_name(k + 1))
            .any(|k| !name.contains(text.words(&(k..k + 1))) && !text.before(k).has(Class::PREPOSITION));
        (!others).then(|| Edit { tokens: first..first + 1, words: name.clone() })
    }

    /// "The ministry said it had destroyed 12": the one who speaks.
    fn own(&self, first: usize) -> Option<Edit> {
        let said = self.place.said.and_then(|s| self.read.said.get(s))?;
        let who = self.speaker().filter(|_| said.manner != Manner::Direct)?;
        let group = who.kind != SourceKind::Person;
        // A mention before the claim, in its sentence: what "it" takes up.
        let near = who.tokens.start >= self.place.sentence.start && who.tokens.end <= first;
        if !group || !near {
            return None;
        }
        let words = self.named(who).unwrap_or_else(|| self.words(&who.tokens));
        (!self.read.text.at(who.tokens.start).has(Class::PRONOUN))
            .then_some(Edit { tokens: first..first + 1, words })
    }

    /// "It killed 12 people": the one attack or disaster of the sentence before.
    fn attack(&self, first: usize) -> Option<Edit> {
        let text = self.read.text;
        let the = (**self.the)?;
        if !text.at(first + 1).is_word() || !crate::trigger::is_outcome(text.low(first + 1)) {
            return None;
        }
        let sentences = self.read.sentences;
        let here = sentences.partition_point(|s| s.start < self.place.sentence.start);
        let before = here.checked_sub(1).and_then(|k| sentences.get(k))?;
        let mut found = None;
        for k in before.start..before.end.min(before.start + BACK) {
            if is_attack(text.low(k)) && !is_attack(text.low(k + 1)) {
                if found.is_some() {
                    return None;
                }
                found = Some(k);
            }
        }
        let noun = found?;
        let from = (before.start..noun)
            .rev()
            .take(3)
            .take_while(|&k| phrase::nounish(text, k))
            .last()
            .unwrap_or(noun);
        let words = format!("{} {}", self.words(&(the..the + 1)), self.words(&(from..noun + 1)));
        Some(Edit { tokens: first..first + 1, words })
    }

    /// "The ministry": the only one that the article names in full before.
    fn office(&self, first: usize) -> Option<Edit> {
        let text = self.read.text;
        let noun = first + 1;
        if !text.at(noun).has(Class::ORGANISATION) || text.is_name(noun) || phrase::nounish(text, noun + 1) {
            return None;
        }
        if matches!(text.low(noun + 1), "'s" | "'" | "of" | "for" | "in") || noun >= self.place.tokens.end {
            return None;
        }
        let last = self.read.said.partition_point(|s| s.hull().start < first);
        let mut name: Option<String> = None;
        for k in last.saturating_sub(12)..last {
            let Some(Some(who)) = self.read.sources.get(k) else { continue };
            let Some(full) = who.organisation.clone().or_else(|| who.name.clone()) else { continue };
            if who.tokens.start >= first || who.confidence < SURE {
                continue;
            }
            let fits =
                parts(&full).count() > 1 && parts(&full).any(|w| w.eq_ignore_ascii_case(text.low(noun)));
            if !fits {
                continue;
            }
            if name.as_ref().is_some_and(|n| *n != full) {
                return None;
            }
            name = Some(full);
        }
        let name = name?;
        let article = text.low(first) == "the" && !name.to_lowercase().starts_with("the ");
        Some(Edit { tokens: if article { noun..noun + 1 } else { first..noun + 1 }, words: name })
    }

    /// "destroyed 20 others": whose verb it is stands before the "and".
    fn ellipsis(&self, first: usize) -> Option<Edit> {
        let text = self.read.text;
        let word = text.low(first);
        if word.ends_with("ing")
            && word.len() > 5
            && (text.before(first).sign == ',' || text.before(first).has(Class::CONJUNCTION))
        {
            return self.participle(first);
        }
        if !crate::trigger::is_outcome(text.low(first)) || first == self.place.sentence.start {
            return None;
        }
        let number =
            (first + 1..first + 4).any(|k| text.at(k).kind == Kind::Number || text.at(k).has(Class::NUMBER));
        if !number {
            return None;
        }
        let joined = (first.saturating_sub(3)..first)
            .any(|k| text.at(k).has(Class::CONJUNCTION) || text.at(k).sign == ',');
        let floor = self.place.sentence.start;
        let verb = (floor + 1..first).find(|&k| {
            let token = text.at(k);
            token.is_word()
                && (token.has(Class::VERB.or(Class::HAVE).or(Class::BE))
                    || crate::trigger::is_outcome(text.low(k)))
                && !token.has(Class::SAY)
                && !text.is_name(k)
                && self.same_voice(k)
        })?;
        let subject = phrase::subject(text, verb, floor)?;
        let plain = !text.at(subject.start).has(Class::PRONOUN) && subject.end <= verb && joined;
        if !plain || text.at(verb).has(Class::BE) || !self.same_voice(subject.start) {
            return None;
        }
        // "has damaged 80 houses and destroyed 20": the auxiliary goes with both.
        let until = if text.at(verb).has(Class::HAVE) { verb + 1 } else { subject.end };
        Some(Edit { tokens: first..first, words: self.words(&(subject.start..until)) })
    }

    /// "…, killing at least 70 people": the main clause before it says what did.
    fn participle(&self, first: usize) -> Option<Edit> {
        let text = self.read.text;
        let from =
            (self.place.sentence.start..first).find(|&k| self.same_voice(k) && text.at(k).is_word())?;
        let comma = (from + 3..first.min(from + 26))
            .find(|&k| text.at(k).sign == ',' && text.low(k + 1).ends_with("ing"))?;
        let clause = from..comma;
        let whole = clause.clone().all(|k| self.same_voice(k) && !text.at(k).is_quote())
            && crate::attribution::has_verb(text, clause.clone())
            && !clause.clone().any(|k| text.at(k).has(Class::SAY))
            && !text.at(from).has(Class::PRONOUN.or(Class::SUBORDINATOR).or(Class::CONJUNCTION));
        whole.then(|| Edit { tokens: first..first, words: self.words(&clause) })
    }

    /// Whether a token is said by whoever says the claim.
    fn same_voice(&self, token: usize) -> bool {
        match self.place.said.and_then(|s| self.read.said.get(s)) {
            Some(said) => said.holds(token),
            None => true,
        }
    }

    /// "12 of them were children": of those whom the whole counts.
    fn members(&self, claim: &Claim, claims: &[Claim], before: Option<(&Claim, &Place)>) -> Option<Edit> {
        let text = self.read.text;
        let at = self.place.tokens.clone().find(|&k| {
            text.low(k) == "of"
                && matches!(text.low(k + 1), "them" | "these" | "those")
                && k + 1 < self.place.tokens.end
        })?;
        let whole = claim.measures.iter().find_map(|m| match m.part_of {
            Some(PartOf::Elsewhere { claim, measure }) => {
                claims.get(claim as usize)?.measures.get(measure as usize)
            }
            _ => None,
        });
        // Else the people counted just before, if nobody else was.
        let told = || {
            let (other, at) = before?;
            let near =
                at.tokens.end <= self.place.tokens.start && at.tokens.start + BACK > self.place.tokens.start;
            let people = other.measures.iter().filter(|m| counted_people(m).is_some()).collect::<Vec<_>>();
            people.first().copied().filter(|_| near && people.len() == 1)
        };
        let inside = claim.measures.iter().any(|m| counted_people(m).is_some());
        let whole = whole.or_else(|| if inside { None } else { told() })?;
        let the = (**self.the)?;
        let words = format!("{} {}", self.words(&(the..the + 1)).to_lowercase(), whole.counts.as_deref()?);
        Some(Edit { tokens: at + 1..at + 2, words })
    }

    /// "12 were killed" after "40 people were shot": 12 people.
    fn noun(&self, claim: &Claim, other: &Claim, at: &Place) -> Option<Edit> {
        let text = self.read.text;
        let bare = claim
            .measures
            .first()
            .filter(|m| m.counts.is_none() && of_people(m) && !m.denied && m.part_of.is_none())?;
        // One of several: their noun does not fit.
        if bare.best == Some(1.0) {
            return None;
        }
        let near =
            at.tokens.end <= self.place.tokens.start && at.tokens.start + BACK > self.place.tokens.start;
        let noun = other.measures.iter().rev().filter(|m| m.part_of.is_none()).find_map(counted_people)?;
        // The measure's last token: the noun belongs behind it.
        let end = self.place.tokens.clone().find(|&k| text.at(k).end == bare.end)? + 1;
        let verb = text.at(end).has(Class::BE.or(Class::HAVE))
            || matches!(text.low(end), "died" | "perished" | "fled");
        let people = self
            .place
            .tokens
            .clone()
            .any(|k| text.at(k).has(Class::PERSON) && !crate::trigger::is_outcome(text.low(k)));
        (near && verb && !people).then(|| Edit { tokens: end..end, words: noun.to_owned() })
    }

    /// The day that the rest of the sentence tells, where the claim was cut from it.
    fn when(&self) -> Option<Edit> {
        let text = self.read.text;
        if self.place.said.is_some() {
            return None;
        }
        let dates = self.read.dates;
        let body = after_dateline(text, &self.place.sentence, self.place.tokens.start);
        let first = dates.partition_point(|d| d.tokens.start < body);
        let here =
            dates.get(first..)?.iter().take_while(|d| d.tokens.start < self.place.sentence.end).take(3);
        let mut day: Option<Range<usize>> = None;
        for date in here {
            let inside =
                date.tokens.start < self.place.tokens.end && date.tokens.end > self.place.tokens.start;
            if inside || day.is_some() || date.days.is_none_or(|(from, to)| (to - from).num_days() > 31) {
                return None;
            }
            day = Some(date.tokens.clone());
        }
        let day = day?;
        // What was said that day need not have happened that day.
        let speech = self.place.sentence.clone().any(|k| text.at(k).has(Class::SAY.or(Class::SAYING)));
        let lead = day.start.wrapping_sub(1);
        let from = if matches!(text.low(lead), "on" | "in" | "during" | "since") { lead } else { day.start };
        let end = self.place.tokens.end;
        (!speech).then(|| Edit { tokens: end..end, words: lowered(&self.words(&(from..day.end))) })
    }
}

/// "On Monday" within a sentence: "on Monday".
fn lowered(words: &str) -> String {
    match words.split_once(' ') {
        Some((first, rest)) if matches!(first, "On" | "In" | "During" | "Since") => {
            format!("{} {rest}", first.to_lowercase())
        }
        _ => words.to_owned(),
    }
}

fn of_people(measure: &Measure) -> bool {
    measure.indicator.is_harm_to_people() || measure.indicator == Indicator::Displaced
}

/// The last word of what a figure counts, where it names people.
fn counted_people(measure: &Measure) -> Option<&str> {
    let noun = measure.counts.as_deref()?.split_whitespace().next_back()?;
    crate::lexicon::class(&noun.to_lowercase()).meets(Class::PERSON).then_some(noun)
}

fn is_past(verb: &str) -> bool {
    matches!(
        verb,
        "saw"
            | "was"
            | "had"
            | "heard"
            | "found"
            | "took"
            | "went"
            | "came"
            | "lost"
            | "knew"
            | "left"
            | "made"
            | "got"
            | "ran"
            | "told"
            | "said"
            | "wrote"
            | "sent"
            | "paid"
            | "sold"
            | "bought"
            | "brought"
            | "fought"
            | "held"
    )
}

fn is_attack(word: &str) -> bool {
    matches!(
        word,
        "strike"
            | "attack"
            | "blast"
            | "explosion"
            | "earthquake"
            | "quake"
            | "storm"
            | "shelling"
            | "raid"
            | "bombing"
            | "bomb"
            | "missile"
            | "airstrike"
            | "flood"
            | "fire"
            | "landslide"
            | "typhoon"
            | "cyclone"
            | "hurricane"
            | "tornado"
            | "crash"
            | "accident"
            | "ambush"
            | "collapse"
            | "shooting"
            | "avalanche"
            | "eruption"
            | "derailment"
    )
}
