//! Who says what, in token places: every stretch of reported words with its cue and the mention of
//! its source. Patterns around reporting verbs first, then quotation marks that no verb claimed.
//! Whom a mention means is decided in `source`.

#![expect(clippy::single_range_in_vec_init, reason = "a content in one piece is a list of one range")]

use crate::lexicon::Class;
use crate::phrase;
use crate::quote::Passages;
use crate::token::{Kind, Text};
use domain::claim::{Manner, Polarity};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// One attribution.
#[derive(Clone, Debug)]
pub struct Said {
    /// The pieces of the content, in order.
    pub parts: Vec<Range<usize>>,
    pub cue: Option<Range<usize>>,
    /// The mention of the source, apposition included.
    pub source: Option<Range<usize>>,
    pub told_to: Option<Range<usize>>,
    pub manner: Manner,
    /// The speaker goes on from an earlier attribution.
    pub carried: bool,
    pub negated: bool,
    /// How sure the learned tagger is of the cue, 0 to 1 (1 for a pattern of words that needs none);
    /// nothing where only the rules found it.
    pub sure: Option<f64>,
}

impl Said {
    pub fn hull(&self) -> Range<usize> {
        let start = self.parts.first().map_or(0, |p| p.start);
        start..self.parts.last().map_or(start, |p| p.end)
    }

    /// What the source does with the content, by the words of the cue.
    pub fn polarity(&self, text: &Text<'_>) -> Polarity {
        let Some(cue) = self.cue.clone() else { return Polarity::Asserted };
        let any = |words: &[&str]| cue.clone().any(|k| words.contains(&text.low(k)));
        let negated = self.negated || cue.clone().any(|k| text.at(k).has(Class::NEGATION));
        if any(DENIALS) {
            // "did not deny"
            return if negated { Polarity::Doubted } else { Polarity::Denied };
        }
        if negated || any(DOUBTS) || any(WITHHOLDING) && any(CONFIRMATIONS) {
            return Polarity::Doubted;
        }
        Polarity::Asserted
    }

    pub fn holds(&self, token: usize) -> bool {
        self.parts.iter().any(|p| p.contains(&token))
    }
}

/// Cues that say that something is not so.
const DENIALS: &[&str] = &[
    "denied",
    "denies",
    "deny",
    "denying",
    "denial",
    "rejected",
    "rejects",
    "reject",
    "rejecting",
    "dismissed",
    "dismisses",
    "dismissing",
    "disputed",
    "disputes",
    "disputing",
    "refuted",
    "refutes",
    "refuting",
    "rebutted",
    "rebuts",
    "contradicted",
    "contradicts",
    "debunked",
    "debunks",
    "disproved",
];

/// Cues that leave open whether something is so.
const DOUBTS: &[&str] =
    &["doubted", "doubts", "doubt", "doubting", "questioned", "questions", "questioning", "disbelieved"];

const CONFIRMATIONS: &[&str] =
    &["confirm", "verify", "corroborate", "say", "comment", "confirming", "verifying"];

/// Cues that hold back a confirmation that was asked for.
const WITHHOLDING: &[&str] =
    &["declined", "declines", "declining", "refused", "refuses", "refusing", "unable"];

/// Whether "to confirm", "to verify" or the like follows a word that holds it back.
pub fn is_withheld(text: &Text<'_>, i: usize) -> bool {
    text.low(i + 1) == "to" && CONFIRMATIONS.contains(&text.low(i + 2)) && WITHHOLDING.contains(&text.low(i))
}

/// All attributions of the text, ordered by content.
pub fn scan(text: &Text<'_>, sentences: &[Range<usize>], passages: &Passages) -> Vec<Said> {
    let mut finder =
        Finder { text, sentences, passages, said: Vec::new(), claimed: vec![false; passages.list.len()] };
    finder.labels();
    for sentence in sentences {
        finder.sentence(sentence.clone());
    }
    finder.loose_passages();
    let mut said = finder.said;
    said.sort_by_key(|s| (s.hull().start, s.hull().end, s.cue.as_ref().map_or(0, |c| c.start)));
    said
}

/// For each attribution the narrowest one whose content it stands in, cue and content both: "X said Y
/// had claimed that …" has what Y claimed within what X said.
pub fn nesting(said: &[Said]) -> Vec<Option<usize>> {
    /// How far back an attribution is looked for that goes around one.
    const BACK: usize = 48;
    said.iter()
        .enumerate()
        .map(|(k, inner)| {
            // "…, the agency said, citing officials": the same words at second hand.
            if let Some(outer) = k.checked_sub(1).filter(|o| {
                said.get(*o).is_some_and(|o| {
                    o.parts == inner.parts
                        && o.cue.as_ref().zip(inner.cue.as_ref()).is_some_and(|(a, b)| a.end < b.start)
                })
            }) {
                return Some(outer);
            }
            let hull = inner.hull();
            let from = inner.cue.as_ref().map_or(hull.start, |c| c.start.min(hull.start));
            let to = inner.cue.as_ref().map_or(hull.end, |c| c.end.max(hull.end));
            let first = k.saturating_sub(BACK);
            said.iter()
                .enumerate()
                .skip(first)
                .take(BACK + 24)
                .filter(|(j, outer)| {
                    *j != k
                        && outer.parts.iter().any(|p| p.start <= from && to <= p.end && p.len() > to - from)
                })
                .min_by_key(|(j, outer)| (outer.hull().len(), *j))
                .map(|(j, _)| j)
        })
        .collect()
}

struct Finder<'t, 'a> {
    text: &'t Text<'a>,
    sentences: &'t [Range<usize>],
    passages: &'t Passages,
    said: Vec<Said>,
    claimed: Vec<bool>,
}

/// What stands after a cue before its content begins.
struct After {
    content: usize,
    told_to: Option<Range<usize>>,
    colon: bool,
    comma: bool,
    that: bool,
}

impl Finder<'_, '_> {
    fn sentence(&mut self, sentence: Range<usize>) {
        let text = self.text;
        self.poll(&sentence);
        let first_said = self.said.len();
        let mut i = sentence.start;
        let mut cues = 0;
        while i < sentence.end && cues < 24 {
            let token = text.at(i);
            let outside = self.passages.around(i).is_none();
            if outside && text.low(i) == "according" && text.low(i + 1) == "to" {
                self.according(&sentence, i);
                cues += 1;
            } else if outside && token.has(Class::SAY.or(Class::SAYING)) && self.is_verb(i, &sentence) {
                let before = self.said.len();
                self.verb(&sentence, i, first_said);
                cues += usize::from(self.said.len() > before);
            } else if outside && restates_toll(text, i, &sentence) {
                self.toll(&sentence, i, first_said);
            } else if outside && token.has(Class::CUE_NOUN) && text.low(i + 1) == "that" {
                self.noun(&sentence, i);
            } else if !outside && token.has(Class::STRONG_SAY) && self.is_verb(i, &sentence) {
                self.quoted_speech(&sentence, i);
                cues += 1;
            }
            i += 1;
        }
    }

    /// "The ministry on Friday lowered the death toll to 37": whoever restates a count says it. An event
    /// that raises a toll ("Monday's blast raised the toll to 41") says nothing, so the subject has to be
    /// somebody: an office, a group, a role or a name.
    fn toll(&mut self, sentence: &Range<usize>, i: usize, first_said: usize) {
        let text = self.text;
        let mut cue_start = i;
        while cue_start > sentence.start && text.at(cue_start - 1).has(Class::HAVE.or(Class::ADVERB)) {
            cue_start -= 1;
        }
        let Some((source, ..)) = self.source_before(sentence, cue_start, first_said) else { return };
        let somebody =
            Class::ORGANISATION.or(Class::GROUP).or(Class::ROLE).or(Class::TITLE).or(Class::PERSON);
        let is_somebody = source.clone().any(|k| text.at(k).has(somebody))
            || source
                .clone()
                .next_back()
                .is_some_and(|k| text.at(k).capital && !text.at(k).has(Class::THING));
        if !is_somebody {
            return;
        }
        let end = self.content_end(sentence, i + 1);
        if end > i + 2 {
            // The verb is part of what is said: that the count was lowered.
            let before = self.said.len();
            self.push(vec![cue_start..end], Some(cue_start..i + 1), Some(source), None, false);
            if let Some(said) = self.said.get_mut(before) {
                said.sure = Some(1.0);
            }
        }
    }

    /// Paragraphs that begin with who speaks: "Amina Yusuf: We counted nine." in an interview, "Kyiv:
    /// 12 killed" as a headline. A label that stands once only is taken in the first paragraph, where
    /// a figure follows it; elsewhere it heads a list or a caption.
    fn labels(&mut self) {
        let text = self.text;
        let labelled: Vec<(Range<usize>, Range<usize>)> = text
            .paragraphs
            .iter()
            .filter_map(|paragraph| {
                let label = speaker_label(text, paragraph)?;
                let content = label.end + 1..content_stop(text, label.end + 1, paragraph.end);
                (content.len() >= 2).then_some((label, content))
            })
            .collect();
        let mut times: FxHashMap<String, u32> = FxHashMap::default();
        for (label, _) in &labelled {
            *times.entry(text.words(label).to_lowercase()).or_default() += 1;
        }
        for (label, content) in labelled {
            let again = times.get(&text.words(&label).to_lowercase()).is_some_and(|n| *n >= 2);
            let headline = text.at(label.start).paragraph == 0
                && !text.upper_case
                && content.clone().any(|k| text.at(k).kind == Kind::Number || text.at(k).has(Class::NUMBER));
            if again || headline {
                let cue = label.end..label.end + 1;
                self.claim(content.clone());
                let manner = if again { Manner::Direct } else { Manner::Indirect };
                self.push_made(vec![content], Some(cue), Some(label), None, manner, false);
            }
        }
    }

    /// Speech that somebody tells of inside quotation marks: “The mayor said there were ten.” Only
    /// third persons with a clause after the cue: what "I" said is the quotation itself.
    fn quoted_speech(&mut self, sentence: &Range<usize>, verb: usize) {
        let text = self.text;
        let Some(passage) = self.passages.around(verb).and_then(|p| self.passages.get(p)) else { return };
        let inner = sentence.start.max(passage.tokens.start + 1)
            ..sentence.end.min(passage.tokens.end.saturating_sub(usize::from(passage.closed)));
        let mut cue_start = verb;
        while cue_start > inner.start
            && verb - cue_start < 4
            && text.at(cue_start - 1).has(Class::HAVE.or(Class::ADVERB).or(Class::NEGATION).or(Class::DO))
        {
            cue_start -= 1;
        }
        let Some(source) = phrase::subject(text, cue_start, inner.start) else { return };
        let somebody = !text.at(source.start).has(Class::RELATIVE)
            && !matches!(
                text.low(source.start),
                "i" | "we" | "you" | "it" | "that" | "this" | "there" | "what"
            );
        let after = self.after(verb, &inner);
        let start = after.content;
        let mut end = inner.end;
        while end > start && !text.at(end - 1).is_word() && text.at(end - 1).kind != Kind::Number {
            end -= 1;
        }
        if let Some(stop) = (start..end).find(|&k| text.at(k).sign == ';') {
            end = stop;
        }
        if somebody
            && end > start + 1
            && has_verb(text, start..end)
            && (after.that || text.low(start) != "to")
        {
            let negated = (cue_start..verb).any(|k| text.at(k).has(Class::NEGATION));
            self.push_made(
                vec![start..end],
                Some(cue_start..verb + 1),
                Some(source),
                after.told_to,
                Manner::Indirect,
                negated,
            );
        }
    }

    /// "In a poll released last week, 38 percent of voters said …": the poll is the source of its
    /// figures, whoever of the polled is named after them.
    fn poll(&mut self, sentence: &Range<usize>) {
        let text = self.text;
        let first = sentence.start;
        if text.low(first) != "in" || !text.at(first + 1).has(Class::DETERMINER) {
            return;
        }
        let Some(comma) = (first + 2..sentence.end.min(first + 22)).find(|&k| text.at(k).sign == ',') else {
            return;
        };
        let poll = (first + 1..comma).any(|k| {
            matches!(
                text.low(k),
                "poll" | "polls" | "survey" | "surveys" | "study" | "census" | "tally" | "referendum"
            )
        });
        let figure = (comma + 1..sentence.end.min(comma + 5))
            .any(|k| text.at(k).kind == Kind::Number || text.at(k).has(Class::NUMBER));
        let end = self.content_end(&(comma..sentence.end), comma + 1).max(content_stop(
            text,
            comma + 1,
            sentence.end,
        ));
        if poll && figure && end > comma + 1 {
            self.push(vec![comma + 1..end], Some(first..first + 1), Some(first + 1..comma), None, false);
        }
    }

    /// A reporting verb, not the noun that looks like it.
    fn is_verb(&self, i: usize, sentence: &Range<usize>) -> bool {
        let text = self.text;
        let word = text.low(i);
        let before = text.low(i.wrapping_sub(1));
        let previous = text.before(i);
        if i > sentence.start
            && (previous.has(Class::DETERMINER)
                && !matches!(before, "all" | "both" | "some" | "this" | "that" | "his" | "her" | "another")
                || matches!(before, "'s" | "'" | "of" | "his" | "their" | "its" | "our")
                || matches!(before, "some" | "this" | "that")
                    && matches!(
                        word,
                        "claims"
                            | "reports"
                            | "notes"
                            | "calls"
                            | "charges"
                            | "states"
                            | "comments"
                            | "report"
                            | "claim"
                            | "call"
                            | "charge"
                            | "state"
                            | "demand"
                            | "point"
                            | "thought"
                    ))
        {
            return false;
        }
        let nounlike = matches!(
            word,
            "claims"
                | "reports"
                | "notes"
                | "calls"
                | "charges"
                | "shows"
                | "demands"
                | "points"
                | "states"
                | "estimates"
                | "projects"
                | "comments"
                | "promises"
                | "fears"
                | "hopes"
                | "doubts"
                | "urges"
                | "hints"
                | "records"
                | "agrees"
                | "claim"
                | "report"
                | "note"
                | "call"
                | "charge"
                | "show"
                | "demand"
                | "point"
                | "state"
                | "estimate"
                | "project"
                | "hope"
                | "fear"
                | "doubt"
                | "forecast"
                | "dispute"
                | "joke"
                | "present"
                | "finding"
        );
        let speaker_like = text.is_name(i.wrapping_sub(1))
            || previous.has(
                Class::PRONOUN
                    .or(Class::GROUP)
                    .or(Class::DOCUMENT)
                    .or(Class::ORGANISATION)
                    .or(Class::ROLE)
                    .or(Class::ADVERB)
                    .or(Class::RELATIVE)
                    .or(Class::MODAL)
                    .or(Class::DO),
            ) && !previous.has(Class::NUMBER)
            || matches!(previous.sign, ',' | ')');
        if nounlike && !speaker_like && !text.upper_case {
            return false;
        }
        // "the AP report merits": the base form needs a plural before it.
        let base = nounlike && !word.ends_with('s') && !matches!(word, "forecast" | "present" | "finding");
        let plural = before.ends_with('s')
            || !previous.is_word()
            || previous.has(
                Class::PRONOUN
                    .or(Class::GROUP)
                    .or(Class::ADVERB)
                    .or(Class::MODAL)
                    .or(Class::DO)
                    .or(Class::HAVE)
                    .or(Class::RELATIVE),
            )
            || matches!(before, "data" | "media" | "to" | "and");
        if base && !plural && !text.upper_case {
            return false;
        }
        if word == "states"
            && !previous.has(Class::PRONOUN.or(Class::DOCUMENT).or(Class::ROLE).or(Class::ADVERB))
            && text.low(i + 1) != "that"
        {
            return false;
        }
        // "a tsunami warning": a noun, unless it goes on as a report does.
        if word == "warning"
            && previous.is_word()
            && !previous.has(
                Class::BE.or(Class::ADVERB).or(Class::RELATIVE).or(Class::CONJUNCTION).or(Class::PREPOSITION),
            )
            && text.low(i + 1) != "that"
            && !text.at(i + 1).is_quote()
            && !matches!(text.at(i + 1).sign, ',' | ':')
            && text.low(i + 1) != "of"
        {
            return false;
        }
        // "calls himself Kedr" names somebody.
        if is_naming(text, i) {
            return false;
        }
        // "The men accused of shooting him": somebody else accuses.
        if matches!(word, "accused" | "blamed" | "charged" | "credited")
            && matches!(text.low(i + 1), "of" | "with")
        {
            return false;
        }
        // "What she added was": the clause is the subject of what follows.
        if text.at(i + 1).has(Class::BE) && text.low(i + 1) != "being" && !text.at(i + 1).is_quote() {
            return false;
        }
        if matches!(word, "claimed" | "claims" | "claim" | "claiming")
            && (i + 1..i + 6)
                .any(|k| matches!(text.low(k), "lives" | "life" | "responsibility" | "credit" | "victory"))
        {
            return false;
        }
        if text.low(i + 1) == "by" && !text.before(i).has(Class::BE) {
            return false;
        }
        if matches!(word, "called" | "calling" | "dubbed" | "named")
            && !text.at(i + 1).is_quote()
            && text.low(i + 1) != "on"
            && text.low(i + 1) != "for"
            && !previous.has(Class::PRONOUN)
            && !text.is_name(i.wrapping_sub(1))
        {
            return false;
        }
        // "a weekly countdown called “YouTube 15”" names a thing.
        if matches!(word, "called" | "dubbed" | "named" | "labelled" | "labeled" | "branded")
            && text.at(i + 1).is_quote()
            && !text.is_name(i.wrapping_sub(1))
            && !previous.has(
                Class::PRONOUN
                    .or(Class::PERSON)
                    .or(Class::ROLE)
                    .or(Class::GROUP)
                    .or(Class::ORGANISATION)
                    .or(Class::DOCUMENT)
                    .or(Class::HAVE)
                    .or(Class::ADVERB)
                    .or(Class::MODAL)
                    .or(Class::BE)
                    .or(Class::CONJUNCTION),
            )
            && previous.is_word()
        {
            return false;
        }
        if matches!(word, "state" | "present" | "states" | "released" | "related" | "like")
            && text.at(i).capital
        {
            return false;
        }
        if nounlike && previous.has(Class::PREPOSITION.or(Class::CONJUNCTION)) {
            return false;
        }
        if nounlike
            && word.ends_with('s')
            && text.at(i + 1).has(Class::BE.or(Class::HAVE).or(Class::MODAL).or(Class::PREPOSITION))
            && !previous.has(Class::PRONOUN)
        {
            return false;
        }
        true
    }

    fn verb(&mut self, sentence: &Range<usize>, i: usize, first_said: usize) {
        let text = self.text;
        let participle = text.at(i).has(Class::SAYING);
        let told = |s: &Said| s.cue.as_ref().is_some_and(|c| c.contains(&i));
        if self.said.get(first_said..).unwrap_or_default().iter().any(told) {
            return;
        }
        // Auxiliaries and adverbs belong to the cue.
        let mut cue_start = i;
        let mut passive = false;
        let mut negated = false;
        let mut infinitive = false;
        while cue_start > sentence.start && i - cue_start < 6 {
            let previous = text.at(cue_start - 1);
            let word = text.low(cue_start - 1);
            if !previous.is_word() {
                break;
            }
            negated |= previous.has(Class::NEGATION);
            if previous.has(Class::BE) && word != "'s" {
                passive = !participle;
            } else if word == "to" {
                infinitive = true;
            } else if !previous
                .has(Class::HAVE.or(Class::DO).or(Class::MODAL).or(Class::ADVERB).or(Class::NEGATION))
                || previous.has(Class::PRONOUN)
                || matches!(word, "all" | "both" | "many" | "most" | "no")
            {
                break;
            }
            cue_start -= 1;
        }
        if infinitive {
            let chain = text.low(cue_start.wrapping_sub(1));
            if !matches!(
                chain,
                "continued" | "went" | "went-on" | "continues" | "seemed" | "appeared" | "on" | "failed"
            ) {
                return;
            }
            cue_start = cue_start.saturating_sub(if chain == "on" { 2 } else { 1 }).max(sentence.start);
        }
        if passive {
            self.passive(sentence, i, cue_start);
            return;
        }
        if self.relayed(sentence, i, cue_start, first_said) {
            return;
        }
        if matches!(text.low(cue_start), "who" | "which" | "that") {
            cue_start += 1;
        }
        let after = self.after(i, sentence);
        let cue = cue_start..self.cue_end(i, sentence);
        let source_before = self.source_before(sentence, cue_start, first_said);
        let strong = text.at(i).has(Class::STRONG_SAY) || participle;
        let tail_empty = after.content >= sentence.end
            || is_terminal(text, after.content) && after.content + 3 >= sentence.end
            || after.comma && matches!(text.low(after.content), "citing" | "quoting");

        // “…,” said X
        if let Some(inverted) = self.inverted(sentence, i, cue_start, &source_before) {
            self.content_before(sentence, cue, Some(inverted.clone()), inverted.end, None, cue_start);
            return;
        }
        let Some((source, source_start, inherited)) = source_before else { return };
        // Outside quotation marks nobody reports what "you" think.
        if source.len() == 1 && text.low(source.start) == "you" {
            return;
        }
        // "If we thought they were secure": a condition, no report.
        if text.at(i).has(Class::BELIEF)
            && source_start > sentence.start
            && matches!(text.low(source_start - 1), "if" | "unless" | "whether")
        {
            return;
        }
        let quote_before = self.passage_before(source_start);
        // "S, X said." and "“…,” X said"
        if quote_before.is_some() && !inherited && (strong || tail_empty || text.at(i).has(Class::TELL)) {
            self.content_before(
                sentence,
                cue,
                Some(source),
                after.content.max(i + 1),
                after.told_to,
                source_start,
            );
            return;
        }
        let comma_before = source_start > sentence.start && text.at(source_start - 1).sign == ',';
        if !inherited && comma_before && tail_empty && source_start > sentence.start + 3 && !after.colon {
            self.content_before(sentence, cue, Some(source), after.content, after.told_to, source_start);
            return;
        }
        // "S, X said, S"
        if !inherited
            && comma_before
            && after.comma
            && strong
            && !matches!(text.low(after.content), "citing" | "quoting")
            && !after.that
            && after.told_to.is_none()
            && has_verb(text, sentence.start..source_start)
            && !matches!(
                text.low(sentence.start),
                "after" | "when" | "if" | "while" | "although" | "in" | "on" | "as"
            )
            && self.passages.starting_at(after.content).is_none()
        {
            let first = trim_lead(text, sentence.start)..source_start - 1;
            let second = after.content..self.content_end(sentence, after.content);
            if first.len() > 2 && second.len() > 1 {
                self.push(vec![first, second], Some(cue), Some(source), after.told_to, negated);
                return;
            }
        }
        // Content after the cue; perhaps the next paragraph after a colon.
        if tail_empty {
            if after.colon
                && let Some(passage) = self.passages.starting_at(sentence.end)
            {
                self.push_passage(passage, Some(cue), Some(source), after.told_to);
            }
            return;
        }
        let quoted = self.passages.around(after.content).filter(|p| {
            self.passages.get(*p).is_some_and(|q| q.tokens.start >= after.content.saturating_sub(1))
        });
        if after.comma && quoted.is_none() && !strong && !after.that {
            return;
        }
        let ok = after.that
            || quoted.is_some()
            || after.colon
            || strong
            || text.at(i).has(Class::BELIEF)
            || text.at(i).has(Class::TAKES_TO) && text.low(after.content) == "to"
            || text.at(i).has(Class::TAKES_NOUN)
            || matches!(text.low(after.content), "how" | "why" | "whether");
        let puts = matches!(text.low(i), "put" | "puts")
            && (after.content..sentence.end.min(after.content + 14)).any(|k| {
                text.low(k) == "at"
                    && (text.at(k + 1).kind == Kind::Number
                        || text.at(k + 1).has(Class::NUMBER.or(Class::ADVERB)))
            });
        if !ok && !puts || matches!(text.low(i), "put" | "puts") && quoted.is_none() && !puts {
            return;
        }
        if text.low(after.content) == "for"
            && text.at(i).has(Class::TAKES_NOUN)
            && !matches!(text.low(i), "called" | "calls" | "call" | "calling" | "blamed" | "blames")
        {
            return;
        }
        if quoted.is_none()
            && !after.that
            && matches!(text.low(after.content), "by" | "for" | "into" | "against" | "with" | "to")
            && !(text.at(i).has(Class::TAKES_TO) && text.low(after.content) == "to"
                || text.at(i).has(Class::TELL))
        {
            return;
        }
        match quoted {
            Some(passage) => self.quoted_after(sentence, passage, cue, source, after.told_to, negated),
            None => {
                let end = self.content_end(sentence, after.content);
                // "wrote a letter", "writes his own songs": a work, no statement.
                let work = matches!(text.low(i), "wrote" | "writes" | "write" | "writing")
                    && !after.that
                    && !after.colon
                    && (!has_verb(text, after.content..end)
                        || matches!(
                            text.low(after.content),
                            "a" | "an"
                                | "his"
                                | "her"
                                | "their"
                                | "my"
                                | "its"
                                | "several"
                                | "many"
                                | "two"
                                | "three"
                        ));
                if end > after.content && !work {
                    self.push(vec![after.content..end], Some(cue), Some(source), after.told_to, negated);
                }
            }
        }
    }

    /// A quotation follows the cue: “…” alone, or with more of the sentence around it.
    fn quoted_after(
        &mut self,
        sentence: &Range<usize>,
        passage: usize,
        cue: Range<usize>,
        source: Range<usize>,
        told_to: Option<Range<usize>>,
        negated: bool,
    ) {
        let text = self.text;
        let Some(quote) = self.passages.get(passage).map(|p| p.tokens.clone()) else { return };
        let rest = quote.end;
        let paragraph_end = self.paragraph_end(quote.start);
        if rest >= sentence.end
            || is_terminal(text, rest)
            || !text.at(rest).is_word() && text.at(rest).sign != ','
        {
            self.push_passage(passage, Some(cue), Some(source), told_to);
            return;
        }
        let end = self
            .content_end(&(sentence.start..sentence.end.max(rest).min(paragraph_end)), rest.saturating_sub(1))
            .max(rest);
        let comma_only = text.at(rest).sign == ','
            && (text.at(rest + 1).has(Class::SAYING)
                || text.at(rest + 1).has(Class::CONJUNCTION)
                || text.at(rest + 1).has(Class::PREPOSITION));
        if comma_only || end <= rest {
            self.push_passage(passage, Some(cue), Some(source), told_to);
            return;
        }
        self.claim(quote.start..end);
        self.push(vec![quote.start..end], Some(cue), Some(source), told_to, negated);
    }

    /// The source before the cue: where it is, where it begins, and whether it was taken over from
    /// the cue before ("…, adding that").
    fn source_before(
        &self,
        sentence: &Range<usize>,
        cue_start: usize,
        first_said: usize,
    ) -> Option<(Range<usize>, usize, bool)> {
        let text = self.text;
        let participle = text.at(cue_start).has(Class::SAYING);
        let previous = cue_start.wrapping_sub(1);
        let joined =
            cue_start > sentence.start && matches!(text.low(previous), "and" | "but" | "or" | "then");
        let after_comma = cue_start > sentence.start && text.at(previous).sign == ',';
        if joined
            || participle
                && !text.before(cue_start).has(Class::BE)
                && (after_comma
                    || text.before(cue_start).is_word() && !phrase::nounish(text, previous)
                    || text.before(cue_start).kind == Kind::Close
                    || cue_start == sentence.start)
        {
            if let Some(last) = self.said.get(first_said..).and_then(|s| s.last()) {
                return last.source.clone().map(|s| (s, cue_start, true));
            }
            // The subject of the sentence.
            if participle && cue_start == sentence.start {
                return None;
            }
            let start = lead_end(text, sentence);
            return phrase::right(text, start, cue_start)
                .filter(|e| *e > start)
                .map(|e| (start..e, cue_start, true));
        }
        let floor = self.floor(sentence, cue_start);
        let source = phrase::subject(text, cue_start, floor)?;
        let start = source.start;
        if source.len() == 1 && matches!(text.low(start), "who" | "which" | "that") {
            // The noun before the relative clause.
            let end = if text.before(start).sign == ',' { start.checked_sub(1)? } else { start };
            let antecedent = phrase::left(text, end.checked_sub(1)?, floor)?;
            return Some((antecedent..end, start, true));
        }
        if text.at(start).has(Class::WEEKDAY) && source.len() == 1
            || matches!(text.low(start), "there" | "what" | "this" | "that" | "it")
                && source.len() == 1
                && text.low(start) != "it"
        {
            return None;
        }
        // "The rebels accused of shooting down the plane had said": the participle is an aside.
        let blamed = (start.saturating_sub(6).max(sentence.start + 1)..start).find(|&k| {
            matches!(text.low(k), "accused" | "suspected" | "convicted" | "charged" | "blamed")
                && matches!(text.low(k + 1), "of" | "with" | "for")
                && phrase::nounish(text, k - 1)
        });
        if let Some(k) = blamed
            && let Some(first) = phrase::left(text, k - 1, floor)
        {
            return Some((first..k, first, false));
        }
        // "A poll in June showed": the date is no part of the source.
        let mut end = source.end;
        if end > start + 3
            && text.at(end - 1).has(Class::MONTH.or(Class::WEEKDAY))
            && matches!(text.low(end - 2), "in" | "on" | "last")
        {
            end -= 2;
        }
        let source = start..end;
        // "As X said" begins with a conjunction that is no part of the content.
        Some((source, start, false))
    }

    /// Nothing before a quotation or a clause mark belongs to the subject of a verb.
    fn floor(&self, sentence: &Range<usize>, verb: usize) -> usize {
        let text = self.text;
        let mut at = verb;
        while at > sentence.start && verb - at < 40 {
            let token = text.at(at - 1);
            if matches!(token.kind, Kind::Close | Kind::Open)
                || matches!(token.sign, ';' | ':') && token.kind == Kind::Mark
            {
                return at;
            }
            at -= 1;
        }
        at
    }

    fn passage_before(&self, at: usize) -> Option<usize> {
        let text = self.text;
        let mut last = at.checked_sub(1)?;
        if text.at(last).sign == ',' || text.at(last).kind == Kind::Dash {
            last = last.checked_sub(1)?;
        }
        if text.at(last).paragraph != text.at(at).paragraph {
            return None;
        }
        self.passages.ending_at(last)
    }

    /// "said X" after the content.
    fn inverted(
        &self,
        sentence: &Range<usize>,
        verb: usize,
        cue_start: usize,
        source_before: &Option<(Range<usize>, usize, bool)>,
    ) -> Option<Range<usize>> {
        let text = self.text;
        if cue_start != verb
            || !text.at(verb).has(Class::STRONG_SAY)
            || text.at(verb).has(Class::BELIEF.or(Class::TELL))
        {
            return None;
        }
        let after_quote = self.passage_before(verb).is_some();
        let after_comma = verb > sentence.start && text.before(verb).sign == ',';
        // An apposition before the verb closes with a comma too; then what follows decides.
        if !after_quote && !after_comma {
            return None;
        }
        let first = verb + 1;
        let token = text.at(first);
        if token.has(Class::SUBORDINATOR) || token.is_quote() || token.has(Class::PRONOUN) && !after_quote {
            return None;
        }
        let mut end = phrase::right(text, first, sentence.end.max(first))?;
        // The verb's own clause must end here: what follows is no predicate.
        let next = text.at(end);
        if next.has(Class::BE.or(Class::HAVE).or(Class::MODAL).or(Class::VERB).or(Class::DO)) && !after_quote
            || next.has(Class::SAY) && next.is_word()
        {
            return None;
        }
        if !after_quote {
            let settled = end >= sentence.end
                || matches!(next.sign, ',' | '.' | ';')
                || next.has(Class::PREPOSITION.or(Class::WEEKDAY).or(Class::RELATIVE))
                || next.has(Class::ADVERB);
            let apposition = source_before.as_ref().is_some_and(|s| {
                !s.2 && s.0.end + 1 == verb
                    && text.at(s.0.end).sign == ','
                    && (s.0.start <= sentence.start + 6 || self.passage_before(s.0.start).is_some())
            });
            if !settled || apposition {
                return None;
            }
            if !has_verb(text, sentence.start..verb) {
                return None;
            }
        }
        // An apposition: "said Adrian Man, a vice president for Asia"
        if text.at(end).sign == ',' {
            let start = end + 1;
            let opens = text.at(start).has(Class::DETERMINER)
                && !matches!(text.low(start), "that" | "this" | "those" | "these")
                || text.at(start).has(Class::ROLE)
                || text.low(start) == "who"
                || text.at(start).kind == Kind::Number
                    && text.low(start).len() == 2
                    && text.at(start + 1).sign == ',';
            if opens {
                if let Some(close) = (start..sentence.end.min(start + 30)).find(|&k| {
                    matches!(text.at(k).sign, ',' | '.' | ';') && text.at(k).kind == Kind::Mark
                        || text.at(k).is_quote()
                }) {
                    end = close;
                } else if sentence.end < start + 30 {
                    end = sentence.end;
                }
            }
        }
        // "wrote a supporter who runs the account"
        if text.low(end) == "who"
            && let Some(close) = (end + 1..sentence.end.min(end + 24)).find(|&k| {
                matches!(text.at(k).sign, ',' | '.' | ';') && text.at(k).kind == Kind::Mark
                    || text.at(k).is_quote()
            })
        {
            end = close;
        }
        Some(first..end)
    }

    /// The content stands before source and cue; it may go on after them.
    fn content_before(
        &mut self,
        sentence: &Range<usize>,
        cue: Range<usize>,
        source: Option<Range<usize>>,
        rest: usize,
        told_to: Option<Range<usize>>,
        said_start: usize,
    ) {
        let text = self.text;
        let mut parts = Vec::new();
        let mut manner = Manner::Indirect;
        if let Some(passage) = self.passage_before(said_start) {
            let Some(quote) = self.passages.get(passage).map(|p| p.tokens.clone()) else { return };
            let lead = quote.start > sentence.start && quote.start < sentence.end;
            let start = if lead { trim_lead(text, sentence.start) } else { quote.start };
            // Before the quotation may stand another part of the same sentence, or nothing.
            let mixed = lead
                && start < quote.start
                && self.passages.around(start) != Some(passage)
                && has_word(text, start..quote.start);
            parts.push(if mixed { start..quote.end } else { quote.start..quote.end });
            manner = if mixed { Manner::Mixed } else { Manner::Direct };
            self.claim(parts.first().cloned().unwrap_or(0..0));
            self.backwards(passage, &source);
        } else {
            let end = said_start.saturating_sub(usize::from(text.before(said_start).sign == ','));
            let start = trim_lead(text, sentence.start);
            if end <= start {
                return;
            }
            if (start..end).any(|k| self.passages.around(k).is_some()) {
                manner = Manner::Mixed;
                self.claim(start..end);
            }
            parts.push(start..end);
        }
        // “A,” he said, “B.”  or  “A,” he said. “B.”
        let mut next = rest;
        while matches!(text.at(next).sign, ',' | '.' | ':') && next < rest + 2 {
            next += 1;
        }
        let mut limit = 0;
        while limit < 12
            && !text.at(next).is_quote()
            && next < sentence.end
            && text.at(next).kind != Kind::Nothing
        {
            next += 1;
            limit += 1;
        }
        if let Some(passage) = self.passages.starting_at(next).filter(|_| {
            manner != Manner::Indirect && text.at(next).paragraph == text.at(said_start).paragraph
        }) {
            let between = rest..next;
            let broken = next < sentence.end || next == sentence.end && between.len() <= 2;
            if broken && let Some(quote) = self.passages.get(passage).map(|p| p.tokens.clone()) {
                self.claim(quote.clone());
                parts.push(quote);
                self.forwards(passage, &source);
            }
        }
        self.push_made(parts, Some(cue), source, told_to, manner, false);
    }

    /// Earlier paragraphs that the quotation began in.
    fn backwards(&mut self, passage: usize, source: &Option<Range<usize>>) {
        let mut at = passage;
        let mut steps = 0;
        while at > 0
            && steps < 40
            && self.passages.get(at - 1).is_some_and(|p| p.goes_on)
            && !self.claimed.get(at - 1).copied().unwrap_or(true)
        {
            at -= 1;
            steps += 1;
            if let Some(tokens) = self.passages.get(at).map(|p| p.tokens.clone()) {
                self.claim(tokens.clone());
                self.said.push(Said {
                    parts: vec![tokens],
                    cue: None,
                    source: source.clone(),
                    told_to: None,
                    manner: Manner::Direct,
                    carried: true,
                    negated: false,
                    sure: None,
                });
            }
        }
    }

    /// Later paragraphs that the quotation goes on in.
    fn forwards(&mut self, passage: usize, source: &Option<Range<usize>>) {
        let mut at = passage;
        let mut steps = 0;
        while steps < 40 && self.passages.get(at).is_some_and(|p| p.goes_on) {
            at += 1;
            steps += 1;
            let Some(tokens) = self.passages.get(at).map(|p| p.tokens.clone()) else { break };
            if self.claimed.get(at).copied().unwrap_or(true) {
                break;
            }
            self.claim(tokens.clone());
            self.said.push(Said {
                parts: vec![tokens],
                cue: None,
                source: source.clone(),
                told_to: None,
                manner: Manner::Direct,
                carried: true,
                negated: false,
                sure: None,
            });
        }
    }

    /// Speech at second hand: "the agency quoted the minister as saying …", "…, state television said,
    /// citing officials". Whoever relays it says the whole; what is relayed stands within it.
    fn relayed(&mut self, sentence: &Range<usize>, verb: usize, cue_start: usize, first_said: usize) -> bool {
        let text = self.text;
        if !matches!(text.low(verb), "quoted" | "quotes" | "quoting" | "cited" | "cites" | "citing") {
            return false;
        }
        let reach = sentence.end.min(verb + 24);
        let saying = (verb + 2..reach).find(|&k| {
            text.low(k) == "as"
                && matches!(
                    text.low(k + 1),
                    "saying" | "telling" | "stating" | "claiming" | "warning" | "adding" | "reporting"
                )
        });
        if let Some(saying) = saying {
            let source = verb + 1..saying;
            let mut content = saying + 2;
            if matches!(text.at(content).sign, ',' | ':') && content < sentence.end {
                content += 1;
            }
            let cue = saying..saying + 2;
            let before = self.said.len();
            match self.passages.starting_at(content) {
                Some(passage) => self.quoted_after(sentence, passage, cue, source.clone(), None, false),
                None => {
                    let end = self.content_end(sentence, content);
                    if end > content {
                        self.push(vec![content..end], Some(cue), Some(source.clone()), None, false);
                    }
                }
            }
            let end = self.said.get(before).map(|s| s.hull().end);
            let relay = self.source_before(sentence, cue_start, first_said);
            if let (Some(end), Some((relay, _, false))) = (end, relay) {
                let whole = source.start..end;
                self.push_made(
                    vec![whole],
                    Some(cue_start..verb + 1),
                    Some(relay),
                    None,
                    Manner::Indirect,
                    false,
                );
            }
            return true;
        }
        if text.low(verb) == "citing"
            && let Some(last) = self.said.get(first_said..).and_then(|s| s.last()).cloned()
            && let Some(end) = phrase::right(text, verb + 1, sentence.end)
            && (verb + 1..end).any(|k| {
                text.at(k).has(
                    Class::ORGANISATION.or(Class::GROUP).or(Class::ROLE).or(Class::DOCUMENT).or(Class::TITLE),
                ) || text.at(k).shouted
            })
        {
            self.said.push(Said {
                cue: Some(verb..verb + 1),
                source: Some(verb + 1..end),
                told_to: None,
                ..last
            });
            return true;
        }
        false
    }

    /// "X was told by Y that …", "Y was quoted as saying".
    fn passive(&mut self, sentence: &Range<usize>, verb: usize, cue_start: usize) {
        let text = self.text;
        let word = text.low(verb);
        if word == "quoted" {
            let Some(saying) = (verb + 1..sentence.end.min(verb + 10)).find(|&k| text.low(k) == "saying")
            else {
                return;
            };
            let Some(source) = phrase::subject(text, cue_start, self.floor(sentence, cue_start)) else {
                return;
            };
            let content = if text.low(saying + 1) == ":" { saying + 2 } else { saying + 1 };
            let end = self.content_end(sentence, content);
            if end > content {
                self.push(vec![content..end], Some(cue_start..saying + 1), Some(source), None, false);
            }
            return;
        }
        if text.low(verb + 1) == "by" {
            let Some(end) = phrase::right(text, verb + 2, sentence.end) else { return };
            if text.low(end) == "that" {
                let last = self.content_end(sentence, end);
                self.push(vec![end..last], Some(cue_start..verb + 2), Some(verb + 2..end), None, false);
            }
        }
    }

    /// "the claim that …", "their report that …"
    fn noun(&mut self, sentence: &Range<usize>, i: usize) {
        let text = self.text;
        let owner = i.checked_sub(1).filter(|k| *k >= sentence.start);
        let Some(owner) = owner else { return };
        let source = if text.at(owner).has(Class::POSSESSIVE) && text.low(owner) != "'s" {
            Some(owner..owner + 1)
        } else if text.low(owner) == "'s" {
            owner.checked_sub(1).and_then(|last| phrase::left(text, last, sentence.start)).map(|s| s..owner)
        } else {
            None
        };
        let Some(source) = source else { return };
        let end = self.content_end(sentence, i + 1);
        self.push(vec![i + 1..end], Some(i..i + 1), Some(source), None, false);
    }

    /// Where an apposition to a noun ends that stands between two commas: "the mayor, Pavel Orsic,",
    /// "David Eun, a passenger on the airplane,".
    fn apposition(&self, noun: Range<usize>, limit: usize) -> Option<usize> {
        let text = self.text;
        let open = noun.end;
        if text.at(open).sign != ',' {
            return None;
        }
        let close = (open + 2..limit.min(open + 18)).find(|&k| text.at(k).sign == ',')?;
        let aside = open + 1..close;
        let role = text.at(noun.end - 1).has(Class::ROLE.or(Class::TITLE).or(Class::PERSON));
        let named = role && aside.len() <= 4 && aside.clone().all(|k| text.is_name(k));
        let described = text.is_name(noun.end - 1)
            && (matches!(text.low(open + 1), "a" | "an" | "the" | "who")
                || text.at(open + 1).has(Class::ROLE)
                || text.at(open + 1).kind == Kind::Number && aside.len() == 1)
            && (text.low(open + 1) == "who" || !has_verb(text, aside));
        (named || described).then_some(close)
    }

    fn according(&mut self, sentence: &Range<usize>, i: usize) {
        let text = self.text;
        let first = i + 2;
        let Some(mut end) = phrase::right(text, first, sentence.end) else { return };
        let initial = i <= sentence.start + 2;
        // The source reaches to the comma: "data released by the ministry".
        if let Some(stop) = (end..sentence.end.min(end + 14)).find(|&k| {
            matches!(text.at(k).sign, ',' | '.' | ';' | '(') && text.at(k).kind == Kind::Mark
                || text.at(k).is_quote()
        }) {
            let plain = (end..stop)
                .all(|k| !text.at(k).has(Class::BE.or(Class::HAVE).or(Class::MODAL).or(Class::CONJUNCTION)));
            if plain && !(initial && text.at(stop).sign != ',') {
                end = stop;
            }
        }
        if initial && let Some(close) = self.apposition(first..end, sentence.end) {
            end = close;
        }
        let source = first..end;
        if initial {
            let content = if text.at(end).sign == ',' { end + 1 } else { end };
            let last = self.content_end(sentence, content);
            if last > content {
                self.push(vec![content..last], Some(i..first), Some(source), None, false);
            }
            return;
        }
        let start = trim_lead(text, sentence.start);
        let mut last = i;
        while last > start
            && !text.at(last - 1).is_word()
            && text.at(last - 1).kind != Kind::Number
            && text.at(last - 1).kind != Kind::Close
            && text.at(last - 1).sign != '%'
        {
            last -= 1;
        }
        if matches!(text.low(last.wrapping_sub(1)), "and" | "but" | "while") {
            last -= 1;
        }
        if last > start {
            self.push(vec![start..last], Some(i..first), Some(source), None, false);
        }
    }

    /// What stands between a cue and its content: object, adverbials, "that", a colon.
    fn after(&self, verb: usize, sentence: &Range<usize>) -> After {
        let text = self.text;
        let mut at = verb + 1;
        let mut told_to = None;
        let mut comma = false;
        let particle = self.particle(verb);
        at += particle;
        if text.at(verb).has(Class::TELL)
            && particle == 0
            && let Some(end) = phrase::right(text, at, sentence.end)
        {
            told_to = Some(at..end);
            at = end;
        }
        if text.low(at) == "to"
            && text.at(verb).has(Class::STRONG_SAY)
            && let Some(end) = phrase::right(text, at + 1, sentence.end)
        {
            told_to = Some(at + 1..end);
            at = end;
        }
        for _ in 0..5 {
            let token = text.at(at);
            if at >= sentence.end {
                break;
            }
            let word = text.low(at);
            if token.has(Class::WEEKDAY)
                || matches!(
                    word,
                    "today"
                        | "yesterday"
                        | "tonight"
                        | "earlier"
                        | "later"
                        | "recently"
                        | "however"
                        | "again"
                )
            {
                at += 1;
                while matches!(text.low(at), "morning" | "afternoon" | "evening" | "night") {
                    at += 1;
                }
                continue;
            }
            if matches!(word, "last" | "this") && text.at(at + 1).has(Class::TIME) {
                at += 2;
                continue;
            }
            if token.has(Class::ADVERB)
                && word.ends_with("ly")
                && text.at(at + 1).kind != Kind::Nothing
                && matches!(text.at(at + 1).sign, ',' | '“' | '"')
            {
                at += 1;
                continue;
            }
            let adverbial = matches!(
                word,
                "on" | "in"
                    | "at"
                    | "during"
                    | "through"
                    | "via"
                    | "after"
                    | "by"
                    | "before"
                    | "from"
                    | "with"
                    | "of"
            );
            if adverbial {
                let dated = word == "on" && text.at(at + 1).has(Class::WEEKDAY.or(Class::MONTH));
                let mut end = match phrase::right(text, at + 1, sentence.end) {
                    Some(end) => end,
                    None => break,
                };
                if dated {
                    end = at + 2;
                    while text.at(end).kind == Kind::Number || text.at(end).has(Class::MONTH) {
                        end += 1;
                    }
                }
                if (text.low(end) == "with"
                    || text.low(end) == "on"
                    || text.low(end) == "to"
                    || text.low(end) == "about")
                    && let Some(more) = phrase::right(text, end + 1, sentence.end)
                {
                    end = more;
                }
                while text.at(end).has(Class::MONTH)
                    || text.at(end).kind == Kind::Number && text.before(end).has(Class::MONTH)
                    || text.low(end) == "of" && text.at(end + 1).has(Class::MONTH)
                {
                    end += 1;
                }
                let follows = text.at(end);
                let statement = text.at(end.wrapping_sub(1)).has(Class::DOCUMENT)
                    || matches!(
                        text.low(end.wrapping_sub(1)),
                        "interview" | "conference" | "briefing" | "speech" | "remarks" | "address"
                    );
                if dated
                    || statement
                    || end >= sentence.end
                    || matches!(follows.sign, ',' | ':')
                    || follows.is_quote()
                    || text.low(end) == "that"
                    || is_terminal(text, end)
                {
                    at = end;
                    continue;
                }
            }
            if token.sign == ',' && token.kind == Kind::Mark {
                // A short aside: ", a day later,", ", in Kabul,"
                if let Some(close) = (at + 1..sentence.end.min(at + 12))
                    .find(|&k| text.at(k).sign == ',')
                    .filter(|_| text.at(at + 1).has(Class::PREPOSITION) || text.at(at + 1).has(Class::ADVERB))
                    && (text.low(close + 1) == "that" || text.at(close + 1).is_quote())
                {
                    at = close + 1;
                    comma = true;
                    continue;
                }
            }
            break;
        }
        let mut colon = false;
        if matches!(text.at(at).sign, ',' | ':') && text.at(at).kind == Kind::Mark && at < sentence.end {
            colon = text.at(at).sign == ':';
            comma = !colon;
            at += 1;
        }
        let that = text.low(at) == "that";
        After { content: at, told_to, colon, comma, that }
    }

    /// "said in a statement" is one cue.
    fn cue_end(&self, verb: usize, sentence: &Range<usize>) -> usize {
        let text = self.text;
        let particle = self.particle(verb);
        if particle > 0 {
            return verb + 1 + particle;
        }
        if text.at(verb + 1).sign == ':' && verb + 1 < sentence.end {
            return verb + 2;
        }
        if verb + 3 < sentence.end
            && text.low(verb + 1) == "in"
            && text.low(verb + 2) == "a"
            && matches!(text.low(verb + 3), "statement" | "tweet" | "interview")
        {
            return verb + 4;
        }
        verb + 1
    }

    /// How many words after the verb belong to it: "pointed out", "called for", "complained about".
    fn particle(&self, verb: usize) -> usize {
        let next = self.text.low(verb + 1);
        let belongs = match self.text.low(verb) {
            "pointed" | "points" | "pointing" | "point" => next == "out",
            "called" | "calls" | "calling" | "call" => next == "for",
            "asked" | "asks" | "asking" | "complained" | "complains" | "complaining" | "wrote" | "writes"
            | "warned" | "warns" | "joked" | "jokes" | "boasted" | "bragged" | "commented" => next == "about",
            _ => false,
        };
        usize::from(belongs)
    }

    /// Where indirect content ends: at the end of the sentence, before its stop; before ", adding",
    /// and before the next clause with a cue of its own.
    fn content_end(&self, sentence: &Range<usize>, start: usize) -> usize {
        let text = self.text;
        let mut end = sentence.end;
        let mut k = start;
        while k < sentence.end {
            if let Some(passage) = self.passages.around(k).and_then(|p| self.passages.get(p)) {
                k = passage.tokens.end.max(k + 1);
                continue;
            }
            let token = text.at(k);
            if token.sign == ';' && token.kind == Kind::Mark {
                end = k;
                break;
            }
            let clause = token.sign == ',' && token.kind == Kind::Mark
                || token.kind == Kind::Dash && token.gap && text.at(k + 1).gap;
            if clause && k > start {
                let mut next = k + 1;
                if text.at(next).has(Class::CONJUNCTION)
                    || matches!(text.low(next), "while" | "although" | "as" | "though")
                {
                    next += 1;
                }
                while text.at(next).has(Class::ADVERB) && next < k + 4 {
                    next += 1;
                }
                // ", but" turns to what the article says itself, unless quotation marks follow.
                let turn = text.low(k + 1) == "but"
                    && !text.at(k + 2).is_quote()
                    && k > start + 3
                    && has_verb(text, start..k)
                    && has_verb(text, k + 2..sentence.end.min(k + 14));
                if turn {
                    end = k;
                    break;
                }
                if text.at(next).has(Class::SAYING) && text.low(next) != "showing"
                    || text.low(next) == "according"
                {
                    end = k;
                    break;
                }
                if next > k + 1
                    && let Some(subject) = phrase::right(text, next, sentence.end)
                {
                    let mut verb = subject;
                    while text.at(verb).has(Class::HAVE.or(Class::ADVERB)) && verb < subject + 3 {
                        verb += 1;
                    }
                    if text.at(verb).has(Class::STRONG_SAY.or(Class::TELL)) {
                        end = k;
                        break;
                    }
                }
            }
            if matches!(text.low(k), "and" | "but") && k > start + 1 {
                let mut next = k + 1;
                while text.at(next).has(Class::ADVERB) && next < k + 3 {
                    next += 1;
                }
                if text.at(next).has(Class::STRONG_SAY) && text.low(next).ends_with("ed")
                    || matches!(text.low(next), "said" | "told")
                    || DENIALS.contains(&text.low(next)) && text.low(next).ends_with("ed")
                {
                    end = k;
                    break;
                }
            }
            k += 1;
        }
        while end > start {
            let last = text.at(end - 1);
            let inside = self.passages.around(end - 1).is_some();
            if inside
                || last.is_word()
                || last.kind == Kind::Number
                || matches!(last.sign, '%' | ')' | '"')
                || last.is_quote()
                || last.kind == Kind::SingleClose
            {
                break;
            }
            end -= 1;
        }
        end
    }

    /// Quotation marks that no cue claimed: after a colon, in a paragraph of their own, or in the
    /// paragraph of a speaker.
    fn loose_passages(&mut self) {
        let text = self.text;
        let mut sentence_at = 0usize;
        self.said.sort_by_key(|s| s.hull().start);
        let settled = self.said.clone();
        let first_made = self.said.len();
        for index in 0..self.passages.list.len() {
            if self.claimed.get(index).copied().unwrap_or(true) {
                continue;
            }
            let Some(passage) = self.passages.get(index).cloned() else { continue };
            let start = passage.tokens.start;
            while self.sentences.get(sentence_at).is_some_and(|s| s.end <= start) {
                sentence_at += 1;
            }
            let opens_sentence = self.sentences.get(sentence_at).is_some_and(|s| s.start == start);
            let long = passage.tokens.len() >= 6;
            let after_colon = start > 0
                && text.at(start - 1).sign == ':'
                && (text.at(start).paragraph == text.at(start - 1).paragraph
                    || text.at(start).paragraph == text.at(start - 1).paragraph + 1);
            if after_colon && long {
                let holder = self
                    .sentences
                    .iter()
                    .take(sentence_at + 1)
                    .rev()
                    .take(2)
                    .find(|s| s.contains(&(start - 1)))
                    .cloned();
                let source = holder.and_then(|s| {
                    let first = lead_end(text, &s);
                    phrase::right(text, first, s.end).map(|e| first..e)
                });
                if let Some(source) = source {
                    self.push_passage(index, None, Some(source), None);
                    continue;
                }
            }
            if !opens_sentence || !long {
                continue;
            }
            // A speaker of the same paragraph, or for a paragraph in marks the speaker before.
            let paragraph = text.at(start).paragraph;
            let known = settled.partition_point(|s| s.hull().start < start);
            let near = settled.get(known.saturating_sub(6)..known).unwrap_or_default();
            let made = self.said.get(first_made..).and_then(|s| s.last());
            let earlier = near
                .iter()
                .chain(made)
                .filter(|s| {
                    s.source.is_some()
                        && paragraph.saturating_sub(text.at(s.hull().end.saturating_sub(1)).paragraph) <= 1
                })
                .max_by_key(|s| (s.hull().end.min(start), s.cue.is_some()))
                .cloned();
            let later = settled
                .get(known..)
                .unwrap_or_default()
                .iter()
                .take(4)
                .find(|s| {
                    s.manner != Manner::Indirect
                        && s.cue.is_some()
                        && text.at(s.hull().start).paragraph == paragraph
                })
                .cloned();
            let paragraph_range = text.paragraphs.get(paragraph as usize).cloned().unwrap_or(0..0);
            let whole = start == paragraph_range.start;
            let found = match (&earlier, &later) {
                (Some(e), _)
                    if text.at(e.hull().start).paragraph == paragraph
                        || e.cue.as_ref().is_some_and(|c| text.at(c.start).paragraph == paragraph) =>
                {
                    earlier.clone()
                }
                (_, Some(_)) => later.clone(),
                (Some(_), None) if whole => earlier.clone(),
                _ => None,
            };
            self.claim(passage.tokens.clone());
            // “A,” he said of it. “B.” is one quotation in two pieces.
            let joined = found.as_ref().filter(|f| {
                f.manner == Manner::Direct
                    && f.cue.as_ref().is_some_and(|c| {
                        text.at(c.start).paragraph == paragraph && c.start < start && f.hull().end <= c.start
                    })
            });
            if let Some(owner) = joined {
                let at = self.said.partition_point(|s| s.hull().start < owner.hull().start).min(first_made);
                let place = (at..(at + 6).min(first_made)).find(|&k| {
                    self.said
                        .get(k)
                        .is_some_and(|s| s.cue == owner.cue && s.hull().start == owner.hull().start)
                });
                if let Some(said) = place
                    .and_then(|k| self.said.get_mut(k))
                    .filter(|s| s.parts.last().is_some_and(|p| p.end <= passage.tokens.start))
                {
                    said.parts.push(passage.tokens.clone());
                    continue;
                }
            }
            let source = found.and_then(|f| f.source);
            self.said.push(Said {
                parts: vec![passage.tokens.clone()],
                cue: None,
                source,
                told_to: None,
                manner: Manner::Direct,
                carried: true,
                negated: false,
                sure: None,
            });
        }
    }

    fn paragraph_end(&self, i: usize) -> usize {
        self.text.paragraphs.get(self.text.at(i).paragraph as usize).map_or(i, |p| p.end)
    }

    fn claim(&mut self, tokens: Range<usize>) {
        let mut at = tokens.start;
        while at < tokens.end {
            match self.passages.around(at) {
                Some(p) => {
                    if let Some(slot) = self.claimed.get_mut(p) {
                        *slot = true;
                    }
                    at = self.passages.get(p).map_or(at + 1, |q| q.tokens.end).max(at + 1);
                }
                None => at += 1,
            }
        }
    }

    fn push_passage(
        &mut self,
        passage: usize,
        cue: Option<Range<usize>>,
        source: Option<Range<usize>>,
        told_to: Option<Range<usize>>,
    ) {
        let Some(tokens) = self.passages.get(passage).map(|p| p.tokens.clone()) else { return };
        self.claim(tokens.clone());
        self.forwards(passage, &source);
        self.push_made(vec![tokens], cue, source, told_to, Manner::Direct, false);
    }

    fn push(
        &mut self,
        parts: Vec<Range<usize>>,
        cue: Option<Range<usize>>,
        source: Option<Range<usize>>,
        told_to: Option<Range<usize>>,
        negated: bool,
    ) {
        let quoted: Vec<usize> =
            parts.iter().flat_map(|p| p.clone()).filter(|k| self.passages.around(*k).is_some()).collect();
        let all: usize = parts.iter().map(|p| p.len()).sum();
        let manner = if quoted.is_empty() {
            Manner::Indirect
        } else if quoted.len() + 2 >= all {
            Manner::Direct
        } else {
            Manner::Mixed
        };
        for part in &parts {
            self.claim(part.clone());
        }
        self.push_made(parts, cue, source, told_to, manner, negated);
    }

    fn push_made(
        &mut self,
        parts: Vec<Range<usize>>,
        cue: Option<Range<usize>>,
        source: Option<Range<usize>>,
        told_to: Option<Range<usize>>,
        manner: Manner,
        negated: bool,
    ) {
        let parts: Vec<Range<usize>> =
            parts.into_iter().filter(|p| !p.is_empty() && p.end <= self.text.len()).collect();
        if parts.is_empty() {
            return;
        }
        let source = source.filter(|s| !is_nobody(self.text, s, cue.as_ref()));
        self.said.push(Said { parts, cue, source, told_to, manner, carried: false, negated, sure: None });
    }
}

/// Whether a verb gives a count a new number: "raised the official death toll from 19 to at least 41".
fn restates_toll(text: &Text<'_>, i: usize, sentence: &Range<usize>) -> bool {
    let restates = matches!(
        text.low(i),
        "lowered"
            | "lowers"
            | "raised"
            | "raises"
            | "revised"
            | "revises"
            | "reduced"
            | "reduces"
            | "increased"
            | "increases"
            | "updated"
            | "updates"
            | "cut"
            | "cuts"
    );
    if !restates {
        return false;
    }
    let near = sentence.end.min(i + 8);
    let Some(noun) = (i + 1..near)
        .find(|&k| matches!(text.low(k), "toll" | "tolls" | "tally" | "count" | "estimate" | "figure"))
    else {
        return false;
    };
    let is_number = |k: usize| text.at(k).kind == Kind::Number || text.at(k).has(Class::NUMBER);
    (noun + 1..sentence.end.min(noun + 18)).any(|k| {
        matches!(text.low(k), "to" | "at")
            && (is_number(k + 1)
                || is_number(k + 3) && text.low(k + 1) == "at"
                || is_number(k + 3) && text.low(k + 1) == "more")
    })
}

/// The label of a paragraph that begins with its speaker: up to five capitalised words, or the letter
/// of a question or an answer, and a colon with a blank after it.
fn speaker_label(text: &Text<'_>, paragraph: &Range<usize>) -> Option<Range<usize>> {
    let colon = (paragraph.start + 1..paragraph.end.min(paragraph.start + 6))
        .find(|&k| text.at(k).sign == ':' && text.at(k).kind == Kind::Mark)?;
    let label = paragraph.start..colon;
    let named = label.clone().all(|k| {
        let token = text.at(k);
        token.is_word()
            && (token.capital || matches!(text.low(k), "of" | "the" | "de" | "al" | "van" | "bin"))
            || token.sign == '.' && text.at(k.wrapping_sub(1)).is_word()
    });
    let notes = matches!(
        text.low(label.start),
        "note"
            | "notes"
            | "update"
            | "updated"
            | "correction"
            | "photo"
            | "photos"
            | "image"
            | "video"
            | "watch"
            | "read"
            | "related"
            | "source"
            | "sources"
            | "by"
            | "from"
            | "date"
            | "time"
            | "location"
            | "where"
            | "when"
            | "what"
            | "who"
            | "why"
            | "how"
            | "more"
            | "also"
            | "see"
            | "listen"
            | "credit"
            | "caption"
            | "editor"
            | "editors"
            | "share"
            | "follow"
            | "topics"
            | "tags"
            | "breaking"
            | "live"
            | "exclusive"
            | "analysis"
            | "opinion"
            | "factbox"
            | "timeline"
            | "explainer"
            | "advertisement"
            | "background"
            | "summary"
            | "status"
            | "warning"
            | "developing"
            | "dead"
            | "killed"
            | "wounded"
            | "injured"
            | "missing"
            | "total"
            | "deaths"
            | "casualties"
            | "losses"
            | "destroyed"
            | "damaged"
            | "captured"
            | "displaced"
            | "subject"
            | "re"
            | "fact"
            | "claim"
            | "verdict"
            | "rating"
            | "table"
            | "figure"
    );
    let spoken = text.at(colon + 1).gap && text.at(colon + 1).paragraph == text.at(colon).paragraph;
    (named && !notes && spoken && text.at(label.start).is_word()).then_some(label)
}

/// The end of a stretch without its last stop.
fn content_stop(text: &Text<'_>, start: usize, end: usize) -> usize {
    let last = end.saturating_sub(1);
    if end > start && matches!(text.at(last).sign, '.' | '!') && text.at(last).kind == Kind::Mark {
        last
    } else {
        end
    }
}

/// "calls himself Kedr", "styles itself a charity": a name, no report.
pub fn is_naming(text: &Text<'_>, cue: usize) -> bool {
    matches!(text.low(cue), "call" | "calls" | "called" | "calling" | "styles" | "styled" | "names" | "named")
        && matches!(text.low(cue + 1), "himself" | "herself" | "itself" | "themselves")
}

/// "It was reported that": nobody is named.
pub fn is_nobody(text: &Text<'_>, source: &Range<usize>, cue: Option<&Range<usize>>) -> bool {
    source.len() == 1
        && text.low(source.start) == "it"
        && cue.is_some_and(|c| c.clone().any(|k| text.at(k).has(Class::BE)))
}

fn is_terminal(text: &Text<'_>, i: usize) -> bool {
    matches!(text.at(i).sign, '.' | '!' | '?' | ';') && text.at(i).kind == Kind::Mark
}

fn has_word(text: &Text<'_>, range: Range<usize>) -> bool {
    range.into_iter().any(|k| text.at(k).is_word())
}

/// Whether a stretch holds a finite verb, as far as word classes tell.
pub fn has_verb(text: &Text<'_>, range: Range<usize>) -> bool {
    range.into_iter().any(|k| {
        text.at(k).has(Class::BE.or(Class::HAVE).or(Class::MODAL).or(Class::VERB).or(Class::DO))
            || text.at(k).is_word()
                && !text.at(k).capital
                && text.low(k).len() > 4
                && (text.low(k).ends_with("ed"))
            || crate::trigger::is_outcome(text.low(k))
    })
}

/// The sentence without "But", "And", "Meanwhile," at its head.
fn trim_lead(text: &Text<'_>, start: usize) -> usize {
    if text.at(start).has(Class::ADVERB) && text.at(start + 1).sign == ',' && !text.at(start + 2).is_quote() {
        return start + 2;
    }
    if text.at(start).has(Class::CONJUNCTION) && !text.at(start + 1).is_quote() {
        return start + 1;
    }
    start
}

/// Where the main clause of a sentence begins, after "On Monday," and the like.
pub fn lead_end(text: &Text<'_>, sentence: &Range<usize>) -> usize {
    let mut first = sentence.start;
    if text.at(first).has(Class::CONJUNCTION) {
        first += 1;
    }
    if (text.at(first).has(Class::PREPOSITION)
        || text.at(first).has(Class::ADVERB)
        || text.at(first).has(Class::WEEKDAY)
        || text.low(first).ends_with("ing"))
        && let Some(comma) = (first..sentence.end.min(first + 20)).find(|&k| text.at(k).sign == ',')
    {
        return comma + 1;
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{quote, sentence, token};

    fn heard(source: &str) -> Vec<(String, String, String)> {
        let text = token::read(source);
        let sentences = sentence::split(&text);
        let passages = quote::scan(&text);
        scan(&text, &sentences, &passages)
            .iter()
            .map(|s| {
                let words = |r: &Option<Range<usize>>| {
                    r.as_ref().map(|r| text.words(r).to_owned()).unwrap_or_default()
                };
                (
                    words(&s.source),
                    words(&s.cue),
                    s.parts.iter().map(|p| text.words(p)).collect::<Vec<_>>().join(" … "),
                )
            })
            .collect()
    }

    fn one(source: &str) -> (String, String, String) {
        let mut all = heard(source);
        assert_eq!(all.len(), 1, "{source}: {all:?}");
        all.remove(0)
    }

    #[test]
    fn whoever_restates_a_toll_says_it_and_an_event_that_raises_one_says_nothing() {
        for (text, source, cue, content) in [
            (
                "The health ministry on Friday lowered the death toll from the attack to 37.",
                "The health ministry",
                "lowered",
                "lowered the death toll from the attack to 37",
            ),
            (
                "Officials have raised the toll to at least 41.",
                "Officials",
                "have raised",
                "have raised the toll to at least 41",
            ),
        ] {
            assert_eq!(heard(text), [said(source, cue, content)], "{text}");
        }
        for text in [
            "Monday's blast raised the death toll to 41.",
            "Two more deaths raised the toll to 41.",
            "The government raised the minimum wage to 41 crowns.",
        ] {
            assert_eq!(heard(text), [], "{text}");
        }
    }

    fn said(a: &str, b: &str, c: &str) -> (String, String, String) {
        (a.into(), b.into(), c.into())
    }

    #[test]
    fn indirect_speech_after_the_cue() {
        assert_eq!(
            one("The ministry said that 12 soldiers were killed."),
            said("The ministry", "said", "that 12 soldiers were killed")
        );
    }

    #[test]
    fn indirect_speech_before_the_cue() {
        assert_eq!(
            one("Ten people were killed, police said on Monday."),
            said("police", "said", "Ten people were killed")
        );
    }

    #[test]
    fn a_quotation_before_an_inverted_cue() {
        assert_eq!(
            one("\"We lost ten men,\" said Anna Berg."),
            said("Anna Berg", "said", "\"We lost ten men,\"")
        );
    }

    #[test]
    fn a_broken_quotation_has_two_parts() {
        assert_eq!(
            one("\"We lost,\" he said, \"ten men.\""),
            said("he", "said", "\"We lost,\" … \"ten men.\"")
        );
    }

    #[test]
    fn according_to_works_at_both_ends() {
        assert_eq!(one("According to the UN, 300 people fled.").0, "the UN");
        assert_eq!(one("300 people fled, according to the UN.").2, "300 people fled");
    }

    #[test]
    fn an_aside_of_time_is_not_the_source() {
        assert_eq!(one("Mr. Berg, in an interview on Saturday, said ten people died.").0, "Mr. Berg");
        assert_eq!(one("The men accused of burning the house had said nobody was inside.").0, "The men");
    }

    #[test]
    fn looks_like_speech_and_is_none() {
        for source in [
            "He hosts a weekly countdown called \"YouTube 15\" on Sundays.",
            "She wrote a letter to Chevalier.",
            "If we thought they were secure, the army would leave.",
            "The AP report merits a second look.",
        ] {
            assert!(heard(source).iter().all(|s| s.1.is_empty()), "{source}: {:?}", heard(source));
        }
    }

    #[test]
    fn adding_keeps_the_speaker() {
        let all = heard("He said ten died, adding that two were missing.");
        assert_eq!(all.len(), 2);
        assert!(all.iter().all(|s| s.0 == "He"));
    }
}
