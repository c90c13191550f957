//! Joins what the rules found with what the learned tagger marks: the tagger knows more ways to say
//! that somebody says something, the rules know who goes on speaking and to whom.

use crate::attribution::{self, Said};
use crate::claim::after_dateline;
use crate::content;
use crate::lexicon::Class;
use crate::quote::Passages;
use crate::report;
use crate::tagger::{self, Memory, Part, Scores, Stretch};
use crate::token::{Kind, Text};
use crate::weights::Weights;
use domain::claim::Manner;
use std::cell::{OnceCell, RefCell};
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

thread_local! {
    /// What words weigh, from one text to the next.
    static MEMORY: RefCell<Memory> = RefCell::new(Memory::new());
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
        let scores = MEMORY.with_borrow_mut(|memory| Scores::of(&weights, memory, stretch));
        let labels = scores.labels();
        if labels.iter().any(|label| *label != 0) {
            join(sentences, passages, stretch, &labels, &scores, &mut tagged);
        }
    }
    let mut all = merge(text, ruled, tagged);
    for said in &mut all {
        widen(text, said);
        without_dateline(text, sentences, said);
        without_figure(text, said);
        after_own_count(text, said);
        without_source(said);
        if said.cue.is_none() && !said.carried {
            // A title or a motto, which "I" before a colon did not say.
            said.source = said.source.take().filter(|s| !is_speaker(text, s));
        }
        said.source = said.source.take().filter(|s| !attribution::is_nobody(text, s, said.cue.as_ref()));
    }
    let naming =
        |s: &Said| s.cue.as_ref().is_some_and(|c| c.clone().any(|k| attribution::is_naming(text, k)));
    report::sift(text, sentences, &mut all);
    all.retain(|s| !is_own_thought(text, s) && !is_bare(text, s) && !naming(s) && is_due(text, s));
    all.sort_by_key(|s| (s.hull().start, s.hull().end, s.cue.as_ref().map_or(0, |c| c.start)));
    gather(text, all)
}

/// "The bulletin / listed 1,940 injured, and said that …": what the source said before is not its name.
fn without_figure(text: &Text<'_>, said: &mut Said) {
    let Some(source) = &mut said.source else { return };
    let told = (source.start + 2..source.end.saturating_sub(1)).find(|&k| {
        let verb = text.at(k - 1).has(Class::VERB) || text.low(k - 1).ends_with("ed");
        text.at(k).kind == Kind::Number && verb && text.at(k + 1).is_word()
    });
    if let Some(number) = told {
        source.end = number - 1;
    }
}

/// "According to rights groups and other sources, 81 people": no part of who says it is said.
fn without_source(said: &mut Said) {
    let (Some(source), Some(part)) = (&said.source, said.parts.first_mut()) else { return };
    if source.start <= part.start && part.start < source.end && source.end < part.end {
        part.start = source.end;
    }
}

/// "74 people by their own count and more than 200 according to a group": what is counted by somebody else
/// is not the group's.
fn after_own_count(text: &Text<'_>, said: &mut Said) {
    let (Some(cue), Some(part)) = (&said.cue, said.parts.first_mut()) else { return };
    if text.low(cue.start) != "according" || part.end > cue.start {
        return;
    }
    let own = |k: usize| {
        matches!(text.low(k), "by" | "on" | "in")
            && (matches!(text.low(k + 1), "its" | "their" | "his" | "her") && text.low(k + 2) == "own"
                || text.at(k + 1).has(Class::ORGANISATION))
            && (k + 2..k + 5)
                .any(|x| matches!(text.low(x), "count" | "tally" | "figures" | "estimate" | "account"))
    };
    let Some(count) = part.clone().rev().find(|&k| own(k)) else { return };
    let joint = (count + 2..part.end).find(|&k| matches!(text.low(k), "and" | "but" | "or"));
    if let Some(joint) = joint.filter(|joint| joint + 1 < part.end) {
        part.start = joint + 1;
    }
}

/// "OSTRAVIK, May 2 (Northline) - Prices rose, the office said": nobody said where the article was written.
fn without_dateline(text: &Text<'_>, sentences: &[Range<usize>], said: &mut Said) {
    let Some(part) = said.parts.first_mut() else { return };
    let nth = sentences.partition_point(|sentence| sentence.end <= part.start);
    let Some(sentence) = sentences.get(nth).filter(|sentence| sentence.start <= part.start) else { return };
    let body = after_dateline(text, sentence, part.end);
    if part.start < body && body < part.end {
        part.start = body;
    }
}

/// "Police declined / to confirm reports that …": what somebody does not want to confirm is part of how
/// it is told, not of what is told, so the cue takes it in.
fn widen(text: &Text<'_>, said: &mut Said) {
    let Some(cue) = &mut said.cue else { return };
    let end = cue.end;
    let rest = end + 2;
    if !attribution::is_withheld(text, end.wrapping_sub(1))
        || said.parts.iter().any(|p| p.end <= rest && p.start >= end)
    {
        return;
    }
    cue.end = rest;
    for part in said.parts.iter_mut().filter(|p| p.contains(&end) || p.contains(&(end + 1))) {
        part.start = rest;
    }
}

/// How sure the tagger has to be of an attribution, 0 to 1: the more it differs from "somebody says
/// that something is so", the surer. Above 1 it is taken for none.
fn demand(text: &Text<'_>, said: &Said, cue: &Range<usize>) -> f64 {
    const WEAK: f64 = 0.5;
    const NAMELESS: f64 = 0.8;
    const RATHER: f64 = 0.9;
    const SURE: f64 = 0.95;
    const QUITE: f64 = 0.97;
    const NEVER: f64 = 2.0;
    let quoted = said.manner != Manner::Indirect;
    let reports = quoted || cue.clone().any(|k| tagger::is_cue(text, k));
    let strong = || cue.clone().any(|k| text.at(k).has(Class::STRONG_SAY.or(Class::SAYING)));
    let least = match (reports, proposes(text, said, cue)) {
        (true, true) if quoted || strong() || said.hull().start < cue.start => 0.0,
        (true, true) if content::is_counted(text, &said.parts) => 0.0,
        (true, true) => WEAK,
        (false, true) => RATHER,
        // "Workers are denied a fair return"
        (_, false) if is_passive(text, cue) => NEVER,
        (true, false) if quoted || content::has_number(text, &said.parts) => RATHER,
        (true, false) => SURE,
        (false, false) => QUITE,
    };
    if said.source.is_none() && !quoted && !is_passive(text, cue) { least.max(NAMELESS) } else { least }
}

/// Whether an attribution tells of something that is or is not so: in somebody's own words, in a
/// clause, or with a figure.
fn proposes(text: &Text<'_>, said: &Said, cue: &Range<usize>) -> bool {
    let hull = said.hull();
    if said.manner == Manner::Direct {
        return true;
    }
    if hull.start < cue.end {
        return content::is_clause(text, &said.parts) || content::is_counted(text, &said.parts);
    }
    content::proposes(text, cue, &hull) || content::is_counted(text, &[content::first_clause(text, &hull)])
}

/// "was reported", "are denied": the subject is not who speaks.
fn is_passive(text: &Text<'_>, cue: &Range<usize>) -> bool {
    let last = cue.end.wrapping_sub(1);
    text.low(last).ends_with("ed")
        && text.at(last).has(Class::SAY)
        && cue.clone().any(|k| text.at(k).has(Class::BE))
}

/// Whether an attribution is kept: what the tagger marked where it is sure enough, what only the rules
/// found where it proposes something.
fn is_due(text: &Text<'_>, said: &Said) -> bool {
    let Some(cue) = &said.cue else { return said.manner != Manner::Indirect };
    match said.sure {
        Some(share) => share >= demand(text, said, cue),
        None => proposes(text, said, cue) && (said.source.is_some() || is_passive(text, cue)),
    }
}

/// "I", "we", "you": whoever speaks, or is spoken to.
fn is_speaker(text: &Text<'_>, source: &Range<usize>) -> bool {
    source.len() == 1 && matches!(text.low(source.start), "i" | "we" | "you" | "i'm" | "we're" | "you're")
}

/// What "I" or "you" think, feel or want, "my hope": part of the speech of whoever says it, no report.
fn is_own_thought(text: &Text<'_>, said: &Said) -> bool {
    let (Some(source), Some(cue)) = (&said.source, &said.cue) else { return false };
    let any = |class: Class| cue.clone().any(|k| text.at(k).has(class));
    let own = source.len() == 1 && matches!(text.low(source.start), "my" | "our" | "your");
    let yours = text.low(source.start) == "you" && any(Class::BELIEF);
    own || is_speaker(text, source) && (yours || !any(Class::STRONG_SAY.or(Class::TELL)))
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
        if parts.is_empty() {
            continue;
        }
        let place = cue.start - stretch.tokens.start;
        let source = nearest(&sources, &cue, |s| sentence(s.start) == sentence(cue.start));
        let source = source.and_then(|s| sources.get(s)).cloned();
        let share = sure.get_or_init(|| scores.shares(labels)).get(place).copied();
        out.push(Said { sure: share, ..made(passages, parts, Some(cue), source) });
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
    Said { parts, cue, source, told_to: None, manner, carried: false, negated: false, sure: None }
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
            more.push(rule);
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
    // A pattern of words that needs no tagger.
    if rule.sure.is_some() {
        twin.sure = rule.sure;
    }
    if rule.sure.is_some()
        || rule.manner == Manner::Direct
        || rule.parts.len() > twin.parts.len()
        || according
    {
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
