//! Joins what the rules found with what the learned tagger marks: the tagger knows more ways to say
//! that somebody says something, the rules know who goes on speaking and to whom.

use crate::attribution::{self, Said};
use crate::lexicon::Class;
use crate::quote::Passages;
use crate::report;
use crate::tagger::{self, Part, Scores, Stretch};
use crate::token::{Kind, Text};
use crate::weights::Weights;
use domain::claim::Manner;
use std::cell::OnceCell;
use std::ops::Range;
#[cfg(feature = "model")]
use std::sync::LazyLock;

/// The learned weights; nothing where they were left out.
#[cfg(feature = "model")]
fn weights() -> Option<Weights<'static>> {
    /// The head of the file is as long as a cache line too, so that no line of the table is torn.
    #[repr(align(64))]
    struct Aligned<T>(T);
    const LENGTH: usize = include_bytes!("../model/attribution.bin").len();
    static BYTES: Aligned<[u8; LENGTH]> = Aligned(*include_bytes!("../model/attribution.bin"));
    static WEIGHTS: LazyLock<Option<Weights<'static>>> = LazyLock::new(|| Weights::read(&BYTES.0));
    *WEIGHTS
}

#[cfg(not(feature = "model"))]
fn weights() -> Option<Weights<'static>> {
    None
}

/// All attributions of the text, ordered by content.
pub fn heard(
    text: &Text<'_>,
    sentences: &[Range<usize>],
    passages: &Passages,
    ruled: Vec<Said>,
) -> Vec<Said> {
    let Some(weights) = weights() else {
        let mut ruled = ruled;
        report::sift(text, sentences, &mut ruled);
        return ruled;
    };
    let stretches = tagger::stretches(text, sentences, passages, &ruled);
    let mut tagged: Vec<Said> = Vec::new();
    for stretch in &stretches {
        let scores = Scores::of(&weights, stretch);
        let labels = scores.labels();
        if labels.iter().any(|label| *label != 0) {
            join(text, sentences, passages, stretch, &labels, &scores, &mut tagged);
        }
    }
    let mut all = merge(text, ruled, tagged);
    for said in &mut all {
        said.source = said.source.take().filter(|s| !attribution::is_nobody(text, s, said.cue.as_ref()));
    }
    let naming =
        |s: &Said| s.cue.as_ref().is_some_and(|c| c.clone().any(|k| attribution::is_naming(text, k)));
    report::sift(text, sentences, &mut all);
    all.retain(|s| !is_own_thought(text, s) && !is_bare(text, s) && !naming(s));
    all.sort_by_key(|s| (s.hull().start, s.hull().end, s.cue.as_ref().map_or(0, |c| c.start)));
    gather(text, all)
}

/// What "I" or "you" think, feel or want: part of the speech of whoever says it, no report.
fn is_own_thought(text: &Text<'_>, said: &Said) -> bool {
    said.source.as_ref().is_some_and(|s| {
        s.len() == 1 && matches!(text.low(s.start), "i" | "we" | "you" | "i'm" | "we're" | "you're")
    }) && said
        .cue
        .as_ref()
        .is_some_and(|cue| !cue.clone().any(|k| text.at(k).has(Class::STRONG_SAY.or(Class::TELL))))
}

/// Whether a content says something of something: a clause, with a verb.
fn is_clause(text: &Text<'_>, parts: &[Range<usize>]) -> bool {
    parts.iter().any(|p| attribution::has_verb(text, p.clone()))
}

/// Whether a content holds a figure: "announced 41 deaths" needs no verb.
fn is_counted(text: &Text<'_>, parts: &[Range<usize>]) -> bool {
    parts
        .iter()
        .flat_map(Clone::clone)
        .any(|k| text.at(k).kind == Kind::Number || text.at(k).has(Class::NUMBER))
}

/// A single pronoun says nothing that could be checked.
fn is_bare(text: &Text<'_>, said: &Said) -> bool {
    matches!(said.parts.as_slice(), [one] if one.len() == 1
        && text.at(one.start).has(Class::PRONOUN.or(Class::RELATIVE)))
}

/// “A,” he said. “B.” is one quotation in two pieces.
fn gather(text: &Text<'_>, all: Vec<Said>) -> Vec<Said> {
    let mut out: Vec<Said> = Vec::with_capacity(all.len());
    for said in all {
        let start = said.hull().start;
        let owner = out.iter_mut().rev().take(4).find(|o| o.hull().end <= start && o.cue.is_some());
        if said.cue.is_none()
            && said.manner == Manner::Direct
            && let Some(owner) = owner
            && owner.manner != Manner::Indirect
            && owner.source == said.source
            && text.at(owner.hull().start).paragraph == text.at(start).paragraph
            && owner.cue.as_ref().is_some_and(|c| c.end <= start && c.start + 60 > owner.hull().end)
            && (owner.hull().end..start).len() <= 24
        {
            owner.parts.extend(said.parts);
            continue;
        }
        out.push(said);
    }
    out
}

/// Puts the marked pieces of one stretch together: each content to the nearest cue of its sentence,
/// each cue to the nearest source.
fn join(
    text: &Text<'_>,
    sentences: &[Range<usize>],
    passages: &Passages,
    stretch: &Stretch,
    labels: &[u8],
    scores: &Scores<'_>,
    out: &mut Vec<Said>,
) {
    let sure: OnceCell<Vec<f64>> = OnceCell::new();
    let spans = tagger::spans(labels, stretch.tokens.start);
    let of = |part: Part| spans.iter().filter(move |s| s.0 == part).map(|s| s.1.clone());
    let (cues, sources): (Vec<_>, Vec<_>) = (of(Part::Cue).collect(), of(Part::Source).collect());
    let sentence = |token: usize| sentences.partition_point(|s| s.end <= token);
    let mut parts: Vec<Vec<Range<usize>>> = vec![Vec::new(); cues.len()];
    for content in of(Part::Content) {
        let near = nearest(&cues, &content, |cue| {
            sentence(cue.start) == sentence(content.start) || sentence(cue.start) == sentence(content.end - 1)
        });
        match near {
            Some(cue) => parts.get_mut(cue).into_iter().for_each(|p| p.push(content.clone())),
            None => {
                let source = nearest(&sources, &content, |s| gap(s, &content) <= 2);
                if let Some(source) = source.and_then(|s| sources.get(s)) {
                    out.push(made(passages, vec![content], None, Some(source.clone())));
                }
            }
        }
    }
    for (cue, parts) in cues.into_iter().zip(parts) {
        let place = cue.start - stretch.tokens.start;
        let quoted = parts.iter().any(|p| passages.around(p.start).is_some());
        let reports = cue.clone().any(|k| tagger::is_cue(text, k));
        let clause = is_clause(text, &parts) || is_counted(text, &parts);
        if parts.is_empty() {
            continue;
        }
        // The more it differs from "somebody says that something is so", the surer it has to be.
        let least = match (reports || quoted, clause) {
            (true, true) => None,
            (true, false) => Some(0.7),
            (false, true) => Some(0.9),
            (false, false) => Some(0.95),
        };
        let share = || sure.get_or_init(|| scores.shares(labels)).get(place).copied().unwrap_or(0.0);
        if least.is_some_and(|least| share() < least) {
            continue;
        }
        let source = nearest(&sources, &cue, |s| sentence(s.start) == sentence(cue.start));
        let source = source.and_then(|s| sources.get(s)).cloned();
        out.push(made(passages, parts, Some(cue), source));
    }
}

fn gap(a: &Range<usize>, b: &Range<usize>) -> usize {
    if a.end <= b.start { b.start - a.end } else { a.start.saturating_sub(b.end) }
}

/// The closest of some ranges that is fit; the earlier of two as close.
fn nearest(ranges: &[Range<usize>], to: &Range<usize>, fit: impl Fn(&Range<usize>) -> bool) -> Option<usize> {
    let mut best: Option<(usize, usize)> = None;
    for (k, range) in ranges.iter().enumerate() {
        let far = gap(range, to);
        if fit(range) && best.is_none_or(|(least, _)| far < least) {
            best = Some((far, k));
        }
    }
    best.map(|(_, k)| k)
}

fn made(
    passages: &Passages,
    parts: Vec<Range<usize>>,
    cue: Option<Range<usize>>,
    source: Option<Range<usize>>,
) -> Said {
    let all: usize = parts.iter().map(Range::len).sum();
    let quoted = parts.iter().flat_map(Clone::clone).filter(|k| passages.around(*k).is_some()).count();
    let manner = if quoted == 0 {
        Manner::Indirect
    } else if quoted + 2 >= all {
        Manner::Direct
    } else {
        Manner::Mixed
    };
    Said { parts, cue, source, told_to: None, manner, carried: false, negated: false }
}

fn shared(a: &Said, b: &Said) -> usize {
    let both = |p: &Range<usize>, q: &Range<usize>| p.end.min(q.end).saturating_sub(p.start.max(q.start));
    a.parts.iter().map(|p| b.parts.iter().map(|q| both(p, q)).sum::<usize>()).sum()
}

fn size(said: &Said) -> usize {
    said.parts.iter().map(Range::len).sum()
}

/// The tagger's pieces where both found the same, with what only the rules know of it; then what only
/// the rules found.
fn merge(text: &Text<'_>, ruled: Vec<Said>, tagged: Vec<Said>) -> Vec<Said> {
    let mut slots: Vec<Option<Said>> = tagged.into_iter().map(Some).collect();
    let mut more = Vec::new();
    let ends: Vec<usize> = slots.iter().flatten().map(|s| s.hull().end).collect();
    let mut furthest = Vec::with_capacity(ends.len());
    for end in ends {
        furthest.push(end.max(furthest.last().copied().unwrap_or(0)));
    }
    for rule in ruled {
        let hull = rule.hull();
        let from = furthest.partition_point(|end| *end <= hull.start);
        let near: Vec<usize> = (from..slots.len())
            .take(40)
            .filter(|k| {
                slots
                    .get(*k)
                    .and_then(Option::as_ref)
                    .is_some_and(|t| 2 * shared(t, &rule) > size(&rule).min(size(t)))
            })
            .collect();
        let same_cue = |k: &usize| {
            slots.get(*k).and_then(Option::as_ref).is_some_and(|t| match (&t.cue, &rule.cue) {
                (Some(a), Some(b)) => a.start < b.end && b.start < a.end,
                _ => false,
            })
        };
        let free = |k: &usize| {
            rule.cue.is_none() || slots.get(*k).and_then(Option::as_ref).is_some_and(|t| t.cue.is_none())
        };
        let twin = near.iter().find(|k| same_cue(k)).or_else(|| near.iter().find(|k| free(k))).copied();
        // Who relays and who is relayed is known by the rules alone.
        let relays =
            rule.cue.as_ref().is_some_and(|c| matches!(text.low(c.start), "citing" | "quoting" | "as"));
        if relays && twin.is_none() {
            for slot in &mut slots {
                slot.take_if(|t| {
                    t.cue
                        .as_ref()
                        .zip(rule.cue.as_ref())
                        .is_some_and(|(a, b)| a.start < b.end && b.start < a.end)
                });
            }
        }
        let Some(twin) = twin else {
            if rule.manner != Manner::Indirect
                || is_clause(text, &rule.parts)
                || is_counted(text, &rule.parts)
            {
                more.push(rule);
            }
            continue;
        };
        for other in near.iter().filter(|k| **k != twin) {
            if let Some(slot) = slots.get_mut(*other)
                && slot.as_ref().is_some_and(|t| t.cue.is_none() && shared(t, &rule) == size(t))
            {
                *slot = None;
            }
        }
        if let Some(twin) = slots.get_mut(twin).and_then(Option::as_mut) {
            take_over(text, twin, rule);
        }
    }
    slots.into_iter().flatten().chain(more).collect()
}

/// What the rules know better of an attribution that both found: where quotation marks begin and
/// end, over how many pieces, and who is spoken to.
fn take_over(text: &Text<'_>, twin: &mut Said, rule: Said) {
    let according = rule.cue.as_ref().is_some_and(|c| text.low(c.start) == "according");
    if rule.manner == Manner::Direct || rule.parts.len() > twin.parts.len() || according {
        twin.parts = rule.parts;
        twin.manner = rule.manner;
    }
    twin.told_to = rule.told_to;
    twin.negated = rule.negated;
    twin.carried |= rule.carried && twin.cue.is_none();
    twin.source = match (twin.source.take(), rule.source) {
        // An apposition tells who it is: "Ratna Bose, the superintendent,".
        (Some(a), Some(b)) if b.start <= a.start && a.end <= b.end => Some(b),
        (a, b) => a.or(b),
    };
    twin.cue = twin.cue.take().or(rule.cue);
}
