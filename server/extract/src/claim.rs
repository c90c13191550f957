//! Cuts claims: which stretch of words asserts something checkable, what it measures, and which
//! quotation it stands in. Opinion, rhetoric, questions, forecasts and conditions are no claims.

use crate::attribution::{self, Said};
use crate::date::{self, DateSpan};
use crate::earlier::{self, Told};
use crate::foreign;
use crate::lexicon::Class;
use crate::marks::Marks;
use crate::phrase;
use crate::quantity::Quantity;
use crate::schema::Claim;
use crate::source::Resolved;
use crate::statement::{self, Place};
use crate::token::{Kind, Text};
use crate::trigger::{self, Figure};
use crate::worth::{self, Known};
use domain::claim::{ClaimKind, Polarity, SourceKind};
use domain::measure::{Bound, Class as Who, Confirmation, Indicator, Measure, PartOf, Past, Reading};
use std::ops::Range;

/// Everything read from a text before claims are cut.
pub struct Read<'r, 'a> {
    pub text: &'r Text<'a>,
    pub sentences: &'r [Range<usize>],
    pub quantities: &'r [Quantity],
    pub dates: &'r [DateSpan],
    pub said: &'r [Said],
    pub sources: &'r [Option<Resolved>],
    /// For each attribution the one that it stands in.
    pub within: &'r [Option<usize>],
}

/// The claims and what the article's figures say of one violent incident.
#[derive(Default)]
pub struct Cut {
    pub claims: Vec<Claim>,
    pub incident: Incident,
}

/// The largest figures of an article by what they say, sub-counts and background left out.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Incident {
    /// "Five people were shot": killed or not.
    pub shot: Option<f64>,
    /// "Four dead", "six died", "the bodies of three": whoever died, the attacker with them.
    pub dead: Option<f64>,
    /// "He killed three": whom the attacker killed.
    pub slain: Option<f64>,
}

impl Incident {
    fn add(&mut self, text: &Text<'_>, figures: &[Figure]) {
        let told = |f: &&Figure| f.part_of.is_none() && !f.denied && !f.item.zero;
        let mut k = 0;
        while let Some(first) = figures.get(k) {
            // Coordinated figures have one trigger: "killed his wife and two children".
            let group: Vec<&Figure> =
                figures.iter().skip(k).take_while(|f| f.trigger == first.trigger).filter(told).collect();
            k += figures.iter().skip(k).take_while(|f| f.trigger == first.trigger).count().max(1);
            let sum: f64 = group.iter().filter_map(|f| f.item.best.or(f.item.low)).sum();
            let word = text.low(first.trigger.start);
            let slot = match first.indicator {
                Indicator::KilledOrWounded if matches!(word, "shot" | "gunned") => &mut self.shot,
                Indicator::Killed
                    if matches!(
                        word,
                        "dead" | "died" | "dies" | "bodies" | "body" | "deaths" | "toll" | "fatalities"
                    ) =>
                {
                    &mut self.dead
                }
                Indicator::Killed if first.item.tokens.start >= first.trigger.end => &mut self.slain,
                _ => continue,
            };
            if sum > 0.0 {
                *slot = Some(slot.unwrap_or(0.0).max(sum));
            }
        }
    }
}

/// Longer sentences are read in stretches: rules look back and forth within one.
const STRETCH: usize = 300;

/// A claim in token places.
struct Draft {
    tokens: Range<usize>,
    kind: ClaimKind,
    measures: Vec<Measure>,
    said: Option<usize>,
    toll: bool,
    hedged: bool,
    old: bool,
    sentence: Range<usize>,
    /// Which of its measures may be an older count, or one of many: the whole article decides.
    open: Vec<(u32, Open)>,
    /// On which day its speaker said it.
    day: Option<chrono::NaiveDate>,
}

/// What the words beside a figure leave open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    /// Told as something said before.
    Older,
    /// One person told of: "a teacher".
    One,
    /// "One of the dead".
    OneOf,
}

pub fn cut(read: &Read<'_, '_>) -> Cut {
    let text = read.text;
    let mut drafts: Vec<Draft> = Vec::new();
    let mut incident = Incident::default();
    let lookup = Lookup::new(text, read.said);
    // The figures of the sentence before, whose parts this one may tell.
    let mut before: Option<Range<usize>> = None;
    for sentence in read.sentences {
        let opened = drafts.len();
        let mut from = sentence.start;
        while from < sentence.end {
            let to = (from + STRETCH).min(sentence.end);
            let stretch = from..to;
            let quantities = in_range(read.quantities, &stretch, |q| q.tokens.start);
            let items = trigger::items(text, &stretch, quantities);
            let figures = trigger::figures(text, &stretch, &items, lookup.in_flight);
            if !is_background(text, &stretch, read.dates, sentence) {
                incident.add(text, &figures);
            }
            let first = drafts.len();
            casualty(read, &lookup, &stretch, &figures, &mut drafts);
            if from == sentence.start
                && let Some(whole) = before.take().and_then(|b| whole_of(text, &stretch, &drafts, b))
            {
                parts_of(read, &lookup, &stretch, &items, first, whole, &mut drafts);
            }
            let covered: Vec<Range<usize>> =
                drafts.get(first..).unwrap_or_default().iter().map(|d| d.tokens.clone()).collect();
            other(read, &lookup, &stretch, quantities, &covered, &mut drafts);
            from = to;
        }
        summed(text, opened, &mut drafts);
        before = Some(opened..drafts.len());
    }
    decide(read, &mut drafts);
    Cut { claims: in_order(read, drafts), incident }
}

/// "31 houses were destroyed in A, 36 in B": what a sentence counts place by place without a total is
/// added up, and its figures become parts of the sum. Only people driven from home and ruined homes are
/// added: the dead of several places mostly belong to several attacks.
fn summed(text: &Text<'_>, opened: usize, drafts: &mut Vec<Draft>) {
    use Indicator::{Damaged, Destroyed, DestroyedOrDamaged, Displaced};
    let closed = drafts.len();
    let mut apart: Option<usize> = None;
    for indicator in [Displaced, Destroyed, Damaged, DestroyedOrDamaged] {
        let parts: Vec<(usize, usize)> = (opened..closed)
            .filter_map(|d| drafts.get(d).map(|draft| (d, draft)))
            .flat_map(|(d, draft)| {
                let of = |m: &Measure| m.indicator == indicator && m.reading != Reading::Sum;
                draft.measures.iter().enumerate().filter(move |(_, m)| of(m)).map(move |(k, _)| (d, k))
            })
            .collect();
        let Some(mut sum) = sum_of(text, drafts, &parts) else { continue };
        let (Some(&(first, _)), Some(&(last, _))) = (parts.first(), parts.last()) else { continue };
        let (place, index) = if first == last {
            (first, drafts.get(first).map_or(0, |d| d.measures.len()))
        } else {
            let place = *apart.get_or_insert(drafts.len());
            (place, drafts.get(place).map_or(0, |d| d.measures.len()))
        };
        sum.reading = Reading::Sum;
        for (d, k) in &parts {
            if let Some(part) = drafts.get_mut(*d).and_then(|d| d.measures.get_mut(*k)) {
                part.part_of = Some(if *d == place {
                    PartOf::Here(index as u32)
                } else {
                    PartOf::Elsewhere { claim: place as u32, measure: index as u32 }
                });
            }
        }
        if place == drafts.len() {
            let (Some(one), Some(other)) = (drafts.get(first), drafts.get(last)) else { continue };
            drafts.push(Draft {
                tokens: one.tokens.start..other.tokens.end.max(one.tokens.end),
                kind: one.kind,
                measures: vec![sum],
                said: one.said,
                toll: false,
                hedged: one.hedged || other.hedged,
                old: one.old,
                sentence: one.sentence.clone(),
                open: Vec::new(),
                day: None,
            });
        } else if let Some(draft) = drafts.get_mut(place) {
            draft.measures.push(sum);
        }
    }
}

/// The sum of some figures that count the same in places of their own; `None` where one of them may be
/// the total, or they may overlap.
fn sum_of(text: &Text<'_>, drafts: &[Draft], parts: &[(usize, usize)]) -> Option<Measure> {
    let told: Vec<(&Draft, &Measure)> = parts
        .iter()
        .map(|(d, k)| drafts.get(*d).and_then(|d| Some((d, d.measures.get(*k)?))))
        .collect::<Option<_>>()?;
    let ((one, first), rest) = told.split_first()?;
    let noun = |m: &Measure| {
        let counts = m.counts.as_deref()?.split_whitespace();
        counts.map(str::to_lowercase).rfind(|w| w != "displaced")
    };
    let whose = noun(first)?;
    let fit = |m: &Measure| {
        m.part_of.is_none()
            && !m.denied
            && m.low.or(m.best).is_some_and(|v| v >= 2.0)
            && matches!(m.bound, Bound::Exact | Bound::AtLeast | Bound::About)
    };
    let of_homes = |word: &str| crate::lexicon::class(word).meets(Class::BUILDING);
    let mut places: Vec<&str> = told.iter().filter_map(|(_, m)| m.place.as_deref()).collect();
    places.sort_unstable();
    places.dedup();
    let total = text_says(
        text,
        &one.sentence,
        &["total", "altogether", "overall", "combined", "sum", "respectively"],
    );
    let value = |m: &Measure| m.best.or(m.low).unwrap_or(0.0);
    let others: f64 = rest.iter().map(|(_, m)| value(m)).sum();
    let apart = places.len() == told.len()
        && told.iter().all(|(d, m)| {
            fit(m) && noun(m).is_none_or(|n| n == whose) && d.said == one.said && d.sentence == one.sentence
        });
    if rest.is_empty()
        || !apart
        || total
        || value(first) >= others && (value(first) - others).abs() < 0.5
        || first.indicator != Indicator::Displaced && !of_homes(&whose)
    {
        return None;
    }
    let last = rest.last().map(|(_, m)| *m)?;
    let token = |place: u32| {
        let (mut low, mut high) = (0, text.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if text.at(middle).start < place { low = middle + 1 } else { high = middle }
        }
        low
    };
    let whole = token(first.start)..token(last.end);
    let side = |of: fn(&Measure) -> Option<f64>| told.iter().map(|(_, m)| of(m)).sum::<Option<f64>>();
    let has = |bound: Bound| told.iter().any(|(_, m)| m.bound == bound);
    let (start, end) = text.place(&whole);
    Some(Measure {
        start,
        end,
        low: side(|m| m.low),
        best: side(|m| m.best),
        high: side(|m| m.high),
        bound: match () {
            () if has(Bound::AtLeast) => Bound::AtLeast,
            () if has(Bound::About) => Bound::About,
            () => Bound::Exact,
        },
        text: text.words(&whole).to_owned(),
        place: None,
        ..(*first).clone()
    })
}

fn text_says(text: &Text<'_>, range: &Range<usize>, words: &[&str]) -> bool {
    range.clone().any(|k| words.contains(&text.low(k)))
}

/// The claims of a text that is not English: figures with their outcomes, asserted by the text.
pub fn cut_foreign(read: &Read<'_, '_>, assertions: &[foreign::Assertion]) -> Cut {
    let text = read.text;
    let claims = assertions
        .iter()
        .filter_map(|told| {
            let measures: Vec<Measure> = told
                .figures
                .iter()
                .take(12)
                .map(|figure| {
                    let (start, end) = text.place(&figure.tokens);
                    Measure {
                        start,
                        end,
                        indicator: figure.indicator,
                        low: figure.low,
                        best: figure.best,
                        high: figure.high,
                        bound: figure.bound,
                        text: text.words(&figure.tokens).to_owned(),
                        counts: Some(figure.counts.to_owned()),
                        unit: None,
                        class: if figure.counts == "civilians" { Who::Civilian } else { Who::Unknown },
                        side: None,
                        part_of: None,
                        denied: false,
                        past: None,
                        only_some: None,
                        reading: Reading::Unknown,
                        confirmation: Confirmation::Unknown,
                        place: None,
                        from: None,
                        to: None,
                    }
                })
                .collect();
            finish(
                read,
                Draft {
                    tokens: told.tokens.clone(),
                    kind: kind_of(&measures, false),
                    measures,
                    said: None,
                    toll: false,
                    hedged: false,
                    old: false,
                    sentence: told.sentence.clone(),
                    open: Vec::new(),
                    day: None,
                },
            )
        })
        .collect();
    Cut { claims, incident: Incident::default() }
}

/// The drafts by place as claims; references to another draft become references to its claim.
fn in_order(read: &Read<'_, '_>, drafts: Vec<Draft>) -> Vec<Claim> {
    let mut order: Vec<usize> = (0..drafts.len()).collect();
    order.sort_by_key(|&k| drafts.get(k).map_or((0, 0), |d| (d.tokens.start, d.tokens.end)));
    let mut drafts: Vec<Option<Draft>> = drafts.into_iter().map(Some).collect();
    let mut moved: Vec<Option<u32>> = vec![None; drafts.len()];
    let mut claims: Vec<Claim> = Vec::new();
    let mut places: Vec<Place> = Vec::new();
    for k in order {
        let Some(draft) = drafts.get_mut(k).and_then(Option::take) else { continue };
        let place =
            Place { tokens: draft.tokens.clone(), sentence: draft.sentence.clone(), said: draft.said };
        if let Some(claim) = finish(read, draft) {
            places.push(place);
            if let Some(slot) = moved.get_mut(k) {
                *slot = Some(claims.len() as u32);
            }
            claims.push(claim);
        }
    }
    for measure in claims.iter_mut().flat_map(|c| c.measures.iter_mut()) {
        if let Some(PartOf::Elsewhere { claim, measure: index }) = measure.part_of {
            measure.part_of = moved
                .get(claim as usize)
                .copied()
                .flatten()
                .map(|claim| PartOf::Elsewhere { claim, measure: index });
        }
    }
    statement::state(read, &mut claims, &places);
    claims
}

/// "Among them were", "They include", "Of the dead,": whose parts the sentence goes on to count, a
/// figure of the sentence before. `None` where it tells no parts, or two outcomes could be meant.
fn whole_of(
    text: &Text<'_>,
    sentence: &Range<usize>,
    drafts: &[Draft],
    before: Range<usize>,
) -> Option<(Indicator, PartOf)> {
    let first = sentence.start;
    // "Three of them were children.", "Three children were among the dead."
    let middle = (first..(first + 12).min(sentence.end)).find_map(|k| {
        let leads = text.low(k) == "among" || text.low(k) == "of" && k < first + 4 && k > first;
        let at = if matches!(text.low(k + 1), "the" | "those") { k + 2 } else { k + 1 };
        leads.then(|| outcome_of(text.low(at))).flatten()
    });
    if let Some(told) = middle {
        return whole_among(drafts, before, told);
    }
    // "She said the toll included 14 pupils."
    let including = (first + 1..(first + 16).min(sentence.end)).find_map(|k| {
        let told = if text.low(k - 1) == "toll" {
            Some(Some(Indicator::Killed))
        } else {
            outcome_of(text.low(k - 1))
        };
        told.filter(|_| matches!(text.low(k), "include" | "included" | "includes"))
    });
    if let Some(told) = including {
        return whole_among(drafts, before, told);
    }
    let noun =
        if text.low(first + 1) == "the" || text.low(first + 1) == "those" { first + 2 } else { first + 1 };
    let who = match text.low(first) {
        "among" | "of" => noun,
        "they" | "these" => first,
        "the" => first + 1,
        _ => return None,
    };
    let told = outcome_of(text.low(who))?;
    let leads = matches!(text.low(first), "among" | "of")
        || (who + 1..who + 4).any(|k| matches!(text.low(k), "include" | "included" | "includes"));
    if !leads {
        return None;
    }
    whole_among(drafts, before, told)
}

/// Whom a word speaks of again: an outcome, or whoever was told of (`Some(None)`).
fn outcome_of(word: &str) -> Option<Option<Indicator>> {
    Some(match word {
        "dead" | "killed" | "fatalities" | "deceased" => Some(Indicator::Killed),
        "wounded" | "injured" => Some(Indicator::Wounded),
        "missing" => Some(Indicator::Missing),
        "displaced" | "evacuees" => Some(Indicator::Displaced),
        "arrested" | "detained" => Some(Indicator::Detained),
        "them" | "they" | "these" | "those" | "victims" | "casualties" => None,
        _ => return None,
    })
}

/// The figure told before with this outcome, or the only one there is.
fn whole_among(
    drafts: &[Draft],
    before: Range<usize>,
    told: Option<Indicator>,
) -> Option<(Indicator, PartOf)> {
    let wholes: Vec<(Indicator, PartOf)> = before
        .filter_map(|d| drafts.get(d).map(|draft| (d, draft)))
        .flat_map(|(d, draft)| {
            draft.measures.iter().enumerate().filter(|(_, m)| !m.denied).map(move |(k, m)| {
                // What is itself a part leads to its whole.
                let here = PartOf::Elsewhere { claim: d as u32, measure: k as u32 };
                let whole = match m.part_of {
                    Some(PartOf::Here(measure)) => PartOf::Elsewhere { claim: d as u32, measure },
                    Some(elsewhere) => elsewhere,
                    None => here,
                };
                (m.indicator, whole)
            })
        })
        .filter(|(i, _)| {
            i.is_harm_to_people()
                || matches!(i, Indicator::Displaced | Indicator::Detained | Indicator::Killed)
        })
        .collect();
    match told {
        Some(told) => wholes.into_iter().find(|(i, _)| *i == told),
        None => {
            let one = wholes.first().copied()?;
            wholes.iter().all(|(i, _)| *i == one.0).then_some(one)
        }
    }
}

/// The people that a sentence counts as part of a figure told before it.
fn parts_of(
    read: &Read<'_, '_>,
    lookup: &Lookup,
    sentence: &Range<usize>,
    items: &[trigger::Item],
    first: usize,
    (indicator, whole): (Indicator, PartOf),
    drafts: &mut Vec<Draft>,
) {
    let text = read.text;
    for measure in drafts.get_mut(first..).unwrap_or_default().iter_mut().flat_map(|d| d.measures.iter_mut())
    {
        if measure.indicator == indicator && measure.part_of.is_none() {
            measure.part_of = Some(whole);
        }
    }
    let told = |item: &trigger::Item| {
        let (start, _) = text.place(&item.tokens);
        drafts
            .get(first..)
            .unwrap_or_default()
            .iter()
            .any(|d| d.measures.iter().any(|m| m.start == start) || d.tokens.contains(&item.tokens.start))
    };
    let people: Vec<Figure> = items
        .iter()
        .filter(|i| !i.zero && !told(i))
        .filter(|i| {
            i.counts.as_ref().is_some_and(|c| text.at(phrase::head(text, c)).has(Class::PERSON))
                || text.low(i.phrase.end) == "of"
                    && matches!(text.low(i.phrase.end + 1), "them" | "those" | "the")
        })
        .take(12)
        .map(|item| Figure {
            trigger: item.tokens.clone(),
            item: item.clone(),
            indicator,
            part_of: None,
            denied: false,
            own_clause: false,
            toll: false,
        })
        .collect();
    let made = drafts.len();
    casualty(read, lookup, sentence, &people, drafts);
    for measure in drafts.get_mut(made..).unwrap_or_default().iter_mut().flat_map(|d| d.measures.iter_mut()) {
        measure.part_of = Some(whole);
    }
}

fn in_range<'s, T>(all: &'s [T], range: &Range<usize>, start: impl Fn(&T) -> usize) -> &'s [T] {
    let first = all.partition_point(|x| start(x) < range.start);
    let last = all.partition_point(|x| start(x) < range.end);
    all.get(first..last).unwrap_or_default()
}

/// For each token the narrowest attribution that holds it.
struct Lookup {
    narrowest: Vec<u32>,
    /// As `trigger::in_flight` says of the whole text.
    in_flight: bool,
}

impl Lookup {
    fn new(text: &Text<'_>, said: &[Said]) -> Self {
        let tokens = text.len();
        let mut narrowest = vec![u32::MAX; tokens];
        let size = |s: &Said| s.parts.iter().map(|p| p.len()).sum::<usize>();
        let mut order: Vec<usize> = (0..said.len()).collect();
        order.sort_by_key(|&i| std::cmp::Reverse(said.get(i).map_or(0, size)));
        // Widest first, so that the narrowest stays; bounded for texts made of nested speech.
        let mut budget = tokens.saturating_mul(24);
        for i in order {
            for part in said.get(i).map(|s| s.parts.as_slice()).unwrap_or_default() {
                if budget < part.len() {
                    continue;
                }
                budget -= part.len();
                for slot in narrowest.get_mut(part.clone()).unwrap_or_default() {
                    *slot = i as u32;
                }
            }
        }
        Self { narrowest, in_flight: trigger::in_flight(text) }
    }

    fn at(&self, token: usize) -> Option<usize> {
        self.narrowest.get(token).copied().filter(|i| *i != u32::MAX).map(|i| i as usize)
    }
}

/// The stretch of a sentence around a token in which one voice speaks, without attribution and "that".
fn voice(read: &Read<'_, '_>, lookup: &Lookup, sentence: &Range<usize>, token: usize) -> Range<usize> {
    let text = read.text;
    let who = lookup.at(token);
    let outside = who.is_none();
    let mut start = token;
    let blocked = |k: usize| {
        lookup.at(k) != who && (outside || !who.and_then(|w| read.said.get(w)).is_some_and(|s| s.holds(k)))
    };
    while start > sentence.start && !blocked(start - 1) {
        start -= 1;
    }
    let mut end = token + 1;
    while end < sentence.end && !blocked(end) {
        end += 1;
    }
    // The sentence's own voice leaves out cue and source.
    if outside {
        for said in read.said.get(nearest(read.said, sentence)).unwrap_or_default() {
            for range in said.cue.iter().chain(said.source.iter()) {
                if range.end <= token
                    && range.end > start
                    && said.hull().start >= sentence.start
                    && said.cue.is_some()
                {
                    start = range.end;
                }
                if range.start > token && range.start < end {
                    end = range.start;
                }
            }
        }
    }
    start = start.max(after_dateline(text, sentence, token));
    trim(text, start..end)
}

/// "VILNIUS, March 15 -" or "DHARKOT, November 14:" before the first sentence is no part of what it says.
pub fn after_dateline(text: &Text<'_>, sentence: &Range<usize>, token: usize) -> usize {
    let first = sentence.start;
    let opens = text.before(first).paragraph != text.at(first).paragraph && text.at(first).shouted;
    if !opens || text.upper_case {
        return first;
    }
    let head = first..token.min(first + 14);
    let end = head.clone().find(|&k| {
        let dash = text.at(k).kind == Kind::Dash && text.at(k).gap && text.at(k + 1).gap;
        dash || text.at(k).sign == ':' && text.at(k + 1).gap && is_dateline(text, first..k)
    });
    end.map_or(first, |k| k + 1)
}

/// A place and a date or, in brackets, an agency: what a colon may close as a dateline. "SAN JUAN:" alone
/// may be who speaks, and "NOTE:" a label.
fn is_dateline(text: &Text<'_>, head: Range<usize>) -> bool {
    let dated = head.clone().any(|k| text.at(k).has(Class::MONTH.or(Class::WEEKDAY)));
    let agency = text.at(head.end.wrapping_sub(1)).sign == ')';
    (dated || agency)
        && head.clone().all(|k| {
            text.is_name(k)
                || text.at(k).kind == Kind::Number
                || text.at(k).kind == Kind::Dash
                || matches!(text.at(k).sign, ',' | '(' | ')' | '.' | '/')
                || matches!(text.low(k), "st" | "nd" | "rd" | "th" | "de" | "al" | "el")
        })
}

fn nearest(said: &[Said], sentence: &Range<usize>) -> Range<usize> {
    let first = said.partition_point(|s| s.hull().start < sentence.start);
    let last = said.partition_point(|s| s.hull().start < sentence.end);
    first..last.min(first + 12)
}

/// Without quotation marks, "that", commas and the stop at the edges.
fn trim(text: &Text<'_>, mut range: Range<usize>) -> Range<usize> {
    while range.start < range.end {
        let token = text.at(range.start);
        let word = text.low(range.start);
        let mark = !token.is_word()
            && token.kind != Kind::Number
            && !matches!(token.sign, '$' | '£' | '€' | '(' | '½' | '¼' | '¾' | '⅓' | '⅔' | '¥' | '₹')
            && token.kind != Kind::Dash
            || token.kind == Kind::Dash && token.gap && text.at(range.start + 1).gap;
        if mark
            || word == "that" && !text.at(range.start + 1).has(Class::BE)
            || matches!(word, "and" | "but" | "while" | "so" | "meanwhile" | "however")
                && range.len() > 2
                && text.low(range.start + 1) != "far"
        {
            range.start += 1;
        } else {
            break;
        }
    }
    while range.start < range.end {
        let token = text.at(range.end - 1);
        let dangles = matches!(
            text.low(range.end - 1),
            "after"
                | "before"
                | "until"
                | "and"
                | "but"
                | "or"
                | "while"
                | "as"
                | "with"
                | "when"
                | "where"
                | "which"
                | "who"
                | "that"
                | "because"
                | "of"
        ) || text.low(range.end - 1) == "along" && text.low(range.end) == "with";
        if token.is_word() && !dangles
            || token.kind == Kind::Number
            || matches!(token.sign, '%' | ')' | '½' | '$' | '€')
        {
            break;
        }
        range.end -= 1;
    }
    range
}

/// Claims with a typed outcome: one per assertion with a subject of its own.
fn casualty(
    read: &Read<'_, '_>,
    lookup: &Lookup,
    sentence: &Range<usize>,
    figures: &[Figure],
    drafts: &mut Vec<Draft>,
) {
    let text = read.text;
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (k, figure) in figures.iter().enumerate() {
        let joins = groups.last().and_then(|g| g.last()).and_then(|l| figures.get(*l)).is_some_and(|last| {
            let same_voice = lookup.at(last.item.tokens.start) == lookup.at(figure.item.tokens.start);
            let same_trigger = last.trigger == figure.trigger;
            // What befell people and what befell things are two assertions, be it in one sentence.
            let apart = of_things(last.indicator) != of_things(figure.indicator)
                || last.indicator == Indicator::Displaced && figure.indicator.is_harm_to_people()
                || last.indicator.is_harm_to_people() && figure.indicator == Indicator::Displaced;
            let last_end = last.item.phrase.end.max(last.trigger.end);
            let start = figure.item.tokens.start.min(figure.trigger.start);
            let apart = apart && last_end < start && (last_end..start).any(|k| parts_assertions(text, k));
            same_voice && (same_trigger || !figure.own_clause && !apart || figure.part_of.is_some())
        });
        match groups.last_mut() {
            Some(group) if joins => group.push(k),
            _ => groups.push(vec![k]),
        }
    }
    let hull = |group: &[usize]| {
        let parts = group.iter().filter_map(|k| figures.get(*k));
        let start =
            parts.clone().map(|f| f.item.tokens.start.min(f.trigger.start)).min().unwrap_or(sentence.start);
        let end = parts.map(|f| f.item.phrase.end.max(f.trigger.end)).max().unwrap_or(sentence.end);
        start..end
    };
    // Where each figure ends up, so that parts find their whole.
    let mut placed: Vec<(u32, u32)> = vec![(0, 0); figures.len()];
    for (g, group) in groups.iter().enumerate() {
        for (m, k) in group.iter().enumerate() {
            if let Some(slot) = placed.get_mut(*k) {
                *slot = (g as u32, m as u32);
            }
        }
    }
    for (g, group) in groups.iter().enumerate() {
        let core = hull(group);
        let first = group.first().and_then(|k| figures.get(*k)).map_or(core.start, |f| f.item.tokens.start);
        let mut span = voice(read, lookup, sentence, first);
        if let Some(before) = g.checked_sub(1).and_then(|b| groups.get(b)) {
            let edge = border(text, hull(before).end, core.start);
            span.start = span.start.max(edge.min(core.start));
        }
        if let Some(after) = groups.get(g + 1) {
            let edge = border(text, core.end, hull(after).start);
            span.end = span.end.min(edge.max(core.end));
        }
        span.start = span.start.min(core.start);
        span.end = span.end.max(core.end);
        let span = clause(text, trim(text, span), &core);
        let span = balanced(text, span.start.min(core.start)..span.end.max(core.end), sentence);
        let said = lookup.at(first);
        let hedged = span.clone().any(|k| {
            matches!(
                text.low(k),
                "reportedly"
                    | "feared"
                    | "believed"
                    | "allegedly"
                    | "apparently"
                    | "possibly"
                    | "may"
                    | "might"
                    | "presumed"
                    | "suspected"
            )
        });
        let old = is_background(text, &span, read.dates, sentence);
        let mut measures = Vec::new();
        let mut open = Vec::new();
        for k in group {
            let Some(figure) = figures.get(*k) else { continue };
            let part_of = figure
                .part_of
                .and_then(|p| placed.get(p).copied())
                .filter(|(pg, _)| *pg as usize == g)
                .map(|(_, m)| PartOf::Here(m));
            let mut measure = measure(read, figure, &span, sentence, said);
            measure.part_of = part_of;
            match when(read, figure, sentence, said) {
                Told::Past(past) => measure.past = Some(past),
                Told::Perhaps => open.push((measures.len() as u32, Open::Older)),
                Told::Now => open.extend(one_of_many(text, figure).map(|one| (measures.len() as u32, one))),
            }
            measures.push(measure);
        }
        let kind = kind_of(&measures, lookup.in_flight);
        let toll = group.iter().filter_map(|k| figures.get(*k)).any(|f| f.toll);
        drafts.push(Draft {
            tokens: span,
            kind,
            measures,
            said,
            toll,
            hedged,
            old,
            sentence: sentence.clone(),
            open,
            day: day_said(read, sentence, said),
        });
    }
}

/// When a figure was counted, as the words around it tell.
fn when(read: &Read<'_, '_>, figure: &Figure, sentence: &Range<usize>, said: Option<usize>) -> Told {
    let outermost = said.filter(|s| read.within.get(*s).copied().flatten().is_none());
    let place = earlier::Place {
        sentence,
        number: &figure.item.tokens,
        phrase_end: figure.item.phrase.end,
        said: outermost.and_then(|s| read.said.get(s)),
        is_own: said.is_none(),
    };
    earlier::told(read.text, &place)
}

/// "A teacher was killed", "one of the dead": one person told of, who may be one of many.
fn one_of_many(text: &Text<'_>, figure: &Figure) -> Option<Open> {
    let item = &figure.item;
    if item.best != Some(1.0) {
        return None;
    }
    let of = matches!(text.low(item.tokens.end), "of")
        && matches!(
            text.low(item.tokens.end + 1),
            "the" | "them" | "those" | "these" | "its" | "his" | "her"
        );
    match of {
        true => Some(Open::OneOf),
        false => (item.implicit && text.low(item.tokens.start) != "another").then_some(Open::One),
    }
}

/// As many drafts on either side are looked at for what decides an open figure.
const AROUND: usize = 40;

/// What only the whole article tells: whether a figure that was said before was replaced, and whether one
/// person told of is one of the many that a report counts.
fn decide(read: &Read<'_, '_>, drafts: &mut [Draft]) {
    let is_open = |draft: &Draft, k: usize| draft.open.iter().any(|(m, _)| *m as usize == k);
    let mut past: Vec<(usize, usize)> = Vec::new();
    let mut parts: Vec<(usize, usize, PartOf)> = Vec::new();
    for (d, draft) in drafts.iter().enumerate() {
        for &(m, open) in &draft.open {
            let Some(one) = draft.measures.get(m as usize).filter(|one| one.part_of.is_none()) else {
                continue;
            };
            let first = d.saturating_sub(AROUND);
            let firm = || {
                drafts.iter().enumerate().skip(first).take(2 * AROUND).flat_map(|(o, other)| {
                    other
                        .measures
                        .iter()
                        .enumerate()
                        .filter(move |(k, measure)| {
                            measure.indicator == one.indicator
                                && (o, *k) != (d, m as usize)
                                && measure.part_of.is_none()
                                && measure.past.is_none()
                                && !measure.denied
                                && !is_open(other, *k)
                                && alike(&one.side, &measure.side)
                                && point(measure) > 0.0
                        })
                        .map(move |(k, measure)| (o, k, other, measure))
                })
            };
            if open == Open::Older {
                let speaker = draft.said.and_then(|said| read.sources.get(said)).and_then(Option::as_ref);
                let nobody = speaker.is_none();
                let same_class = |measure: &Measure| {
                    one.class == measure.class || [one.class, measure.class].contains(&Who::Unknown)
                };
                // A toll rises: of two sources the larger count is the newer; of one source the other is, and
                // what the article itself tells as first thought was replaced by whatever else it tells.
                let newer = |(_, _, other, measure): (usize, usize, &Draft, &Measure)| {
                    same_class(measure)
                        && (point(measure) > point(one)
                            || nobody
                            || same_source(read, draft.said, other.said))
                };
                if firm().any(newer) {
                    past.push((d, m as usize));
                }
                continue;
            }
            // A report gives the toll and then tells of people in it; where it adds somebody, it says so.
            let apart = open == Open::One
                && text_says(
                    read.text,
                    &draft.tokens,
                    &[
                        "also",
                        "separate",
                        "separately",
                        "second",
                        "later",
                        "then",
                        "too",
                        "meanwhile",
                        "elsewhere",
                    ],
                );
            let whole = firm().find(|(o, _, other, measure)| {
                point(measure) >= 2.0
                    && alike(&one.place, &measure.place)
                    && (open == Open::OneOf
                        || !apart
                            && other.sentence != draft.sentence
                            && (*o < d || measure.reading == Reading::Cumulative))
            });
            if let Some((claim, measure, ..)) = whole {
                parts.push((
                    d,
                    m as usize,
                    PartOf::Elsewhere { claim: claim as u32, measure: measure as u32 },
                ));
            }
        }
    }
    past.extend(replaced(read, drafts));
    let mut change = |d: usize, m: usize, with: &dyn Fn(&mut Measure)| {
        if let Some(measure) = drafts.get_mut(d).and_then(|draft| draft.measures.get_mut(m)) {
            with(measure);
        }
    };
    for (d, m) in past {
        change(d, m, &|measure| measure.past = Some(Past::Earlier));
    }
    for (d, m, whole) in parts {
        change(d, m, &|measure| measure.part_of = Some(whole));
    }
}

/// "The ministry said on Monday that 12 were killed. On Tuesday it spoke of 19 dead": of what one speaker
/// says on two days the later holds, where it is a toll that rose or says that it replaces one.
fn replaced(read: &Read<'_, '_>, drafts: &[Draft]) -> Vec<(usize, usize)> {
    let mut past = Vec::new();
    for (d, draft) in drafts.iter().enumerate().filter(|(_, draft)| draft.day.is_some()) {
        let later = || {
            let near = drafts.iter().skip(d.saturating_sub(AROUND)).take(2 * AROUND);
            near.filter(|other| other.day > draft.day && same_source(read, draft.said, other.said))
        };
        for (m, one) in draft.measures.iter().enumerate() {
            let holds = |measure: &&Measure| {
                measure.indicator == one.indicator
                    && measure.part_of.is_none()
                    && measure.past.is_none()
                    && !measure.denied
                    && alike(&one.side, &measure.side)
                    && alike(&one.place, &measure.place)
                    && (point(measure) > point(one) || measure.reading == Reading::Cumulative)
            };
            let is_told = one.part_of.is_none() && one.past.is_none() && one.indicator.is_harm_to_people();
            if is_told && later().flat_map(|other| &other.measures).any(|measure| holds(&measure)) {
                past.push((d, m));
            }
        }
    }
    past
}

/// The day that stands beside the cue, outside of what is said: "said on Monday that", "On Tuesday it said".
fn day_said(read: &Read<'_, '_>, sentence: &Range<usize>, said: Option<usize>) -> Option<chrono::NaiveDate> {
    let said = said.and_then(|s| read.said.get(s))?;
    let cue = said.cue.clone()?;
    let near = cue.start.saturating_sub(8).max(sentence.start)..(cue.end + 4).min(sentence.end);
    let beside = in_range(read.dates, &near, |date| date.tokens.start);
    beside.iter().find(|date| !said.holds(date.tokens.start)).and_then(|date| date.days).map(|days| days.0)
}

fn point(measure: &Measure) -> f64 {
    measure.best.or(measure.low).or(measure.high).unwrap_or(0.0)
}

/// The same, as far as both are told.
fn alike(one: &Option<String>, other: &Option<String>) -> bool {
    one.as_ref().zip(other.as_ref()).is_none_or(|(a, b)| a == b)
}

/// Whether two attributions have one speaker.
fn same_source(read: &Read<'_, '_>, one: Option<usize>, other: Option<usize>) -> bool {
    let source = |said: Option<usize>| said.and_then(|s| read.sources.get(s)).and_then(Option::as_ref);
    let Some((a, b)) = source(one).zip(source(other)) else { return one.is_none() && other.is_none() };
    match (&a.name, &b.name) {
        (Some(a), Some(b)) => a == b,
        (None, None) => read.text.words(&a.tokens).eq_ignore_ascii_case(read.text.words(&b.tokens)),
        _ => false,
    }
}

/// The part of a stretch that asserts the figure at `core`: of "X fell in March, and Y rose by 3%" the
/// second half; of "it is wrong to act when 40 posts are cut" what follows "when"; of a judgement
/// "despite the presence of 1,500 troops" the fact that stands after "despite".
fn assertion(text: &Text<'_>, span: Range<usize>, core: &Range<usize>) -> Range<usize> {
    let mut span = clause(text, span, core);
    let numbers = |range: Range<usize>| {
        range.into_iter().any(|k| text.at(k).kind == Kind::Number || text.at(k).has(Class::NUMBER))
    };
    for k in (span.start + 3..core.start).rev() {
        let word = text.low(k);
        let despite = word == "despite" && core.start <= k + 6;
        let subordinate = matches!(word, "when" | "because" | "although" | "though" | "whereas")
            && k + 1 < core.start
            && attribution::has_verb(text, k + 1..span.end);
        if !(despite || subordinate) {
            continue;
        }
        let judged = span.start..k;
        let opinion = judged.clone().any(|x| {
            text.at(x).has(Class::OPINION)
                || matches!(
                    text.low(x),
                    "impossible" | "increasingly" | "hard" | "difficult" | "easy" | "wants" | "wanted"
                )
        });
        if opinion && !numbers(judged) && span.end - k > 4 {
            span.start = k + 1;
        }
        break;
    }
    trim(text, span)
}

fn of_things(indicator: Indicator) -> bool {
    matches!(indicator, Indicator::Destroyed | Indicator::Damaged | Indicator::DestroyedOrDamaged)
}

/// With the quotation mark that belongs to the one inside: no claim begins or ends within a quotation
/// that opens or closes in it.
fn balanced(text: &Text<'_>, span: Range<usize>, sentence: &Range<usize>) -> Range<usize> {
    let mut open: Option<usize> = None;
    let mut stray = None;
    for k in span.clone() {
        match text.at(k).kind {
            Kind::Open => open = Some(k),
            Kind::Close if open.take().is_none() => stray = Some(k),
            _ => {}
        }
    }
    let mut span = span;
    if let Some(close) = stray {
        let from = sentence.start.max(span.start.saturating_sub(12));
        match (from..span.start).rev().find(|&k| text.at(k).kind == Kind::Open) {
            Some(opened) if opened + 1 == span.start => span.start = opened,
            _ if close + 1 == span.end => span.end = close,
            _ => {}
        }
    }
    if let Some(open) = open {
        let to = sentence.end.min(span.end + 12);
        match (span.end..to).find(|&k| text.at(k).kind == Kind::Close) {
            Some(close) if (span.end..close).all(|k| !text.at(k).is_word()) => span.end = close + 1,
            _ if open == span.start => span.start += 1,
            _ => {}
        }
    }
    span
}

/// A comma, a conjunction or a word that begins another clause.
fn parts_assertions(text: &Text<'_>, k: usize) -> bool {
    let token = text.at(k);
    token.has(Class::CONJUNCTION)
        || matches!(token.sign, ',' | ';')
        || matches!(text.low(k), "while" | "after" | "when" | "with")
}

/// Between two assertions of a sentence: after the last comma or conjunction.
fn border(text: &Text<'_>, from: usize, to: usize) -> usize {
    let parts = |to: usize| (from..to).rev().find(|&k| parts_assertions(text, k));
    let Some(last) = parts(to) else { return to };
    // "…, while in Battambang, 36 houses": the place in front belongs to what follows it.
    let fronted = |k: usize| {
        matches!(text.low(k), "in" | "near" | "at" | "across" | "outside")
            && last - k <= 6
            && (k + 1..last).any(|x| text.is_name(x))
            && (k + 1..last).all(|x| text.at(x).is_word() || text.at(x).kind == Kind::Dash)
    };
    match parts(last) {
        Some(first) if text.at(last).sign == ',' && fronted(first + 1) => first + 1,
        _ => last + 1,
    }
}

/// The clause around the core of an assertion: a long sentence is cut at "; " and at ", and X did".
fn clause(text: &Text<'_>, span: Range<usize>, core: &Range<usize>) -> Range<usize> {
    let mut span = span;
    for k in (span.start..core.start).rev() {
        let token = text.at(k);
        let joint = token.sign == ';'
            || token.sign == ','
                && (text.at(k + 1).has(Class::CONJUNCTION)
                    || matches!(text.low(k + 1), "while" | "whereas" | "although" | "though"))
                && attribution::has_verb(text, span.start..k)
                && attribution::has_verb(text, k + 2..core.end);
        if joint && k + 1 < core.start {
            span.start = if token.sign == ';' { k + 1 } else { k + 2 };
            break;
        }
    }
    for k in core.end..span.end {
        let token = text.at(k);
        let next = k + 1;
        let joint = token.sign == ';'
            || token.sign == ','
                && (text.at(next).has(Class::CONJUNCTION) && attribution::has_verb(text, next + 1..span.end)
                    || matches!(text.low(next), "while" | "although" | "though" | "whereas"));
        if joint {
            span.end = k;
            break;
        }
    }
    trim(text, span)
}

/// What a claim is about. Who is trapped or besieged where others fled is told of as displacement is.
fn kind_of(measures: &[Measure], in_flight: bool) -> ClaimKind {
    let has = |list: &[Indicator]| measures.iter().any(|m| list.contains(&m.indicator));
    if has(&[
        Indicator::Killed,
        Indicator::Wounded,
        Indicator::KilledOrWounded,
        Indicator::Missing,
        Indicator::Captured,
    ]) {
        ClaimKind::Casualty
    } else if has(&[Indicator::Displaced]) {
        ClaimKind::Displacement
    } else if has(&[Indicator::Detained]) {
        ClaimKind::Detention
    } else if in_flight && has(&[Indicator::Affected]) {
        ClaimKind::Displacement
    } else if has(&[Indicator::Destroyed, Indicator::Damaged, Indicator::DestroyedOrDamaged]) {
        ClaimKind::EquipmentLoss
    } else {
        ClaimKind::Count
    }
}

/// Bodies of soldiers.
const UNITS: &[&str] = &[
    "battalion",
    "brigade",
    "regiment",
    "platoon",
    "squad",
    "garrison",
    "army",
    "navy",
    "infantry",
    "militia",
    "legion",
    "troops",
    "squadron",
    "corps",
];

fn measure(
    read: &Read<'_, '_>,
    figure: &Figure,
    span: &Range<usize>,
    sentence: &Range<usize>,
    said: Option<usize>,
) -> Measure {
    let text = read.text;
    let (start, end) = text.place(&figure.item.tokens);
    let counts = figure.item.counts.as_ref().map(|c| plain(text, c));
    let head = figure.item.counts.as_ref().map(|c| phrase::head(text, c));
    let says = |words: &[&str]| span.clone().any(|k| words.contains(&text.low(k)));
    let class = match head.map(|h| text.at(h)) {
        Some(token) if token.has(Class::COMBATANT) => Who::Combatant,
        // "The battalion lost seven men": men alone tell nothing, women of a force are no civilians.
        Some(_) if head.is_some_and(|h| matches!(text.low(h), "men" | "man")) => Who::Unknown,
        Some(_)
            if head.is_some_and(|h| matches!(text.low(h), "women" | "woman" | "victims" | "victim"))
                && says(UNITS) =>
        {
            Who::Unknown
        }
        Some(token) if token.has(Class::CIVILIAN) => Who::Civilian,
        _ => Who::Unknown,
    };
    let side = side(text, figure, span);
    let running = figure.toll
        || says(&[
            "so",
            "now",
            "since",
            "total",
            "toll",
            "risen",
            "still",
            "remain",
            "remains",
            "already",
            "altogether",
        ]) && (says(&[
            "far",
            "since",
            "total",
            "toll",
            "risen",
            "still",
            "remain",
            "remains",
            "now",
            "altogether",
        ]));
    let period = (span.start..span.end).any(|k| {
        matches!(text.low(k), "past" | "last" | "recent")
            && text.at(k + 1).is_word()
            && (matches!(text.low(k + 1), "days" | "weeks" | "months" | "years" | "few")
                || text.at(k + 1).has(Class::NUMBER))
            || matches!(text.low(k), "each" | "every") && text.low(k + 1) == "year"
    });
    let reading = if running || period {
        Reading::Cumulative
    } else if figure.item.zero || figure.indicator == Indicator::Missing {
        Reading::Unknown
    } else {
        Reading::Incremental
    };
    let confirmation =
        if says(&["footage", "video", "photographs", "photos", "satellite", "geolocated", "visually"]) {
            Confirmation::Visual
        } else if says(&["confirmed", "officially"]) && said.is_none() {
            Confirmation::Official
        } else if said.is_some() || says(&["claimed", "claims", "claim"]) {
            Confirmation::Claimed
        } else {
            Confirmation::Unknown
        };
    let date = days(read, span, sentence);
    let changed =
        figure.item.bound == Bound::Range && earlier::is_change(text, sentence, &figure.item.tokens);
    let (low, best, bound) = if changed {
        (figure.item.high, figure.item.high, Bound::Exact)
    } else {
        (figure.item.low, figure.item.best, figure.item.bound)
    };
    Measure {
        start,
        end,
        indicator: figure.indicator,
        low,
        best,
        high: figure.item.high,
        bound,
        text: text.words(&figure.item.tokens).to_owned(),
        counts,
        unit: None,
        class,
        side,
        part_of: None,
        denied: figure.denied
            || said.and_then(|s| read.said.get(s)).is_some_and(|s| s.polarity(text) == Polarity::Denied),
        past: None,
        only_some: None,
        reading,
        confirmation,
        place: place(text, span, figure.trigger.start.max(figure.item.phrase.end)),
        from: date.map(|d| d.0.to_string()),
        to: date.map(|d| d.1.to_string()),
    }
}

/// The days that a claim is about: the first date within it, else the first of its sentence (that of the
/// dateline only where there is no other); a period where two dates bound one.
fn days(
    read: &Read<'_, '_>,
    span: &Range<usize>,
    sentence: &Range<usize>,
) -> Option<(chrono::NaiveDate, chrono::NaiveDate)> {
    let body = after_dateline(read.text, sentence, sentence.end)..sentence.end;
    [span, &body, sentence].into_iter().find_map(|range| {
        let dates = in_range(read.dates, range, |d| d.tokens.start);
        let first = dates.iter().position(|d| d.days.is_some())?;
        let (date, next) = (dates.get(first)?, dates.get(first + 1));
        next.and_then(|next| date::period(read.text, date, next)).or(date.days)
    })
}

fn plain(text: &Text<'_>, range: &Range<usize>) -> String {
    text.words(range).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a place is called after its name: "Orlovka district".
const SORTS: &[&str] = &[
    "district",
    "province",
    "region",
    "county",
    "oblast",
    "governorate",
    "state",
    "prefecture",
    "municipality",
    "parish",
    "village",
    "town",
    "city",
    "township",
    "camp",
    "airport",
    "airbase",
    "valley",
    "peninsula",
    "island",
];

/// Where the clause says it happened: the first name after "in", "near", "at" behind the figure, else
/// before it; with the sort of place behind the name and the country after a comma.
fn place(text: &Text<'_>, span: &Range<usize>, from: usize) -> Option<String> {
    let from = from.clamp(span.start, span.end);
    place_in(text, from..span.end, span.end).or_else(|| place_in(text, span.start..from, span.end))
}

fn place_in(text: &Text<'_>, range: Range<usize>, end_of_span: usize) -> Option<String> {
    for k in range {
        let word = text.low(k);
        let leads = matches!(
            word,
            "in" | "near" | "at" | "outside" | "across" | "off" | "around" | "inside" | "throughout"
        ) || matches!(word, "from" | "to")
            && matches!(text.low(k + 1), "the")
            && SORTS.contains(&text.low(k + 2))
            || matches!(word, "of")
                && matches!(
                    text.low(k.wrapping_sub(1)),
                    "north"
                        | "south"
                        | "east"
                        | "west"
                        | "outskirts"
                        | "northeast"
                        | "northwest"
                        | "southeast"
                        | "southwest"
                );
        if !leads {
            continue;
        }
        let mut first = k + 1;
        while (matches!(
            text.low(first),
            "the"
                | "southern"
                | "northern"
                | "eastern"
                | "western"
                | "central"
                | "northeastern"
                | "northwestern"
                | "southeastern"
                | "southwestern"
                | "of"
                | "capital"
                | ","
                | "nearby"
                | "neighbouring"
                | "neighboring"
                | "remote"
                | "besieged"
                | "occupied"
        ) || SORTS.contains(&text.low(first)) && !text.is_name(first)
            || text.at(first).kind == Kind::Dash && !text.at(first).gap)
            && first < k + 8
        {
            first += 1;
        }
        let said = text.at(first);
        // A headline in capitals names no place by them.
        let shouted = said.shouted && said.end - said.start > 3 && !text.upper_case;
        if !text.is_name(first)
            || shouted
            || said.has(Class::MONTH.or(Class::WEEKDAY).or(Class::TITLE))
            || text.low(first) == "reuters"
        {
            continue;
        }
        // "in Russian strikes", "at Israeli checkpoints": whose, not where.
        if said.has(Class::NATIONALITY) && !said.has(Class::PLACE) && !text.is_name(first + 1) {
            continue;
        }
        let mut end = first + 1;
        while end < end_of_span
            && end < first + 5
            && (text.is_name(end)
                || text.at(end).kind == Kind::Dash && !text.at(end).gap && !text.at(end + 1).gap)
            && !text.at(end).has(Class::WEEKDAY.or(Class::MONTH))
            && text.low(end) != "'s"
        {
            end += 1;
        }
        // "in Berg's speech"
        if text.low(end) == "'s" && !text.at(first).has(Class::PLACE) {
            let sort = (end + 1..end + 5).any(|x| SORTS.contains(&text.low(x)) || text.is_name(x));
            if !sort {
                continue;
            }
        }
        if SORTS.contains(&text.low(end)) && end < end_of_span {
            end += 1;
        }
        let country = text.at(end).sign == ',' && text.at(end + 1).has(Class::PLACE) && text.is_name(end + 1);
        if country && end + 1 < end_of_span {
            end += 2;
        }
        return Some(text.words(&(first..end)).to_owned());
    }
    None
}

/// Whom the counted belong to: a nationality ("Russian-backed fighters"), a named group before them
/// ("Hamas fighters") or after ("soldiers of the 4th Brigade"), or whose loss it is ("Varland's army
/// lost 40 tanks").
fn side(text: &Text<'_>, figure: &Figure, span: &Range<usize>) -> Option<String> {
    let counts = figure.item.counts.as_ref()?;
    let head = phrase::head(text, counts);
    let backed = |k: usize| {
        let hyphen = text.at(k + 1).kind == Kind::Dash && !text.at(k + 1).gap;
        let led =
            matches!(text.low(k + 2), "backed" | "led" | "controlled" | "allied" | "aligned" | "supported");
        if hyphen && led { k + 3 } else { k + 1 }
    };
    if let Some(k) = counts
        .clone()
        .find(|&k| text.at(k).has(Class::NATIONALITY) && (text.at(k).capital || text.upper_case))
    {
        return Some(text.words(&(k..backed(k))).to_owned());
    }
    let soldiers = text.at(head).has(Class::COMBATANT)
        || matches!(text.low(head), "members" | "member" | "operatives" | "forces" | "loyalists" | "cadres");
    let of_war = soldiers || text.at(head).has(Class::THING);
    if !of_war {
        return None;
    }
    if let Some(k) = counts.clone().find(|&k| soldiers && k < head && text.is_name(k)) {
        let end = (k..head).take_while(|&x| text.is_name(x) || text.at(x).kind == Kind::Dash).last()? + 1;
        return Some(text.words(&(k..backed(k).max(end))).to_owned());
    }
    // "fighters from the Islamic State group", "troops loyal to General Anders"
    let after = figure.item.phrase.end;
    let link = match (text.low(after), text.low(after + 1)) {
        ("of" | "from", _) => Some(after + 1),
        ("belonging" | "loyal", "to") => Some(after + 2),
        _ => None,
    };
    if let Some(first) = link.filter(|f| *f < span.end) {
        let name = if text.low(first) == "the" { first + 1 } else { first };
        if text.is_name(name) || text.at(name).kind == Kind::Number && text.is_name(name + 2) {
            let end = (name..span.end.min(name + 7))
                .take_while(|&x| {
                    text.is_name(x)
                        || text.at(x).kind == Kind::Number
                        || matches!(text.low(x), "st" | "nd" | "rd" | "th")
                })
                .last()?
                + 1;
            let place = text.at(name).has(Class::PLACE) && end == name + 1;
            let force = text.low(after) != "from"
                || place
                || text.at(end - 1).has(Class::ORGANISATION)
                || matches!(text.low(end), "group" | "movement" | "militia");
            if force {
                return Some(text.words(&(first..end)).to_owned());
            }
        }
    }
    if matches!(text.low(figure.trigger.start), "lost" | "losing") {
        let subject = phrase::subject(text, figure.trigger.start, span.start)?;
        return (!text.at(subject.start).has(Class::PRONOUN)).then(|| text.words(&subject).to_owned());
    }
    None
}

/// "in 1987", "last year", "in a previous attack": not the news of the day.
fn is_background(text: &Text<'_>, span: &Range<usize>, dates: &[DateSpan], sentence: &Range<usize>) -> bool {
    let long_ago = in_range(dates, sentence, |d| d.tokens.start).iter().any(|d| {
        d.days.is_some_and(|(from, to)| (to - from).num_days() > 200)
            && !matches!(text.low(d.tokens.start), "this")
    });
    long_ago
        || span.clone().filter(|&k| text.at(k).marks.meets(Marks::EARLIER)).any(|k| match text.low(k) {
            "each" | "every" | "last" => text.low(k + 1) == "year",
            "earlier" => text.low(k + 1) == "this",
            _ => true,
        })
}

/// Claims without an outcome: numbers, shares, money, superlatives, trends, reported facts.
fn other(
    read: &Read<'_, '_>,
    lookup: &Lookup,
    sentence: &Range<usize>,
    quantities: &[Quantity],
    covered: &[Range<usize>],
    drafts: &mut Vec<Draft>,
) {
    let text = read.text;
    if text.at(sentence.end.wrapping_sub(1)).sign == '?' || text.at(sentence.end.wrapping_sub(2)).sign == '?'
    {
        return;
    }
    let mut spans: Vec<(Range<usize>, Option<usize>)> = Vec::new();
    for quantity in quantities {
        let at = quantity.core.start;
        let in_source = read
            .said
            .get(nearest(read.said, sentence))
            .unwrap_or_default()
            .iter()
            .any(|s| s.source.as_ref().is_some_and(|r| r.contains(&at)));
        if in_source
            || quantity.ordinal
            || covered.iter().any(|c| c.contains(&at))
            || spans.iter().any(|(s, _)| s.contains(&at))
        {
            continue;
        }
        let span = voice(read, lookup, sentence, at);
        if span.contains(&at) {
            let core = quantity.tokens.start..quantity.phrase_end().max(quantity.tokens.end);
            let span = if core.end <= span.end { assertion(text, span, &core) } else { span };
            let span = balanced(text, span, sentence);
            // What an earlier claim says is not said again.
            let floor = spans.last().map_or(span.start, |(s, _)| s.end.max(span.start));
            let span =
                if floor > span.start && floor <= core.start { trim(text, floor..span.end) } else { span };
            spans.push((span, lookup.at(at)));
        }
    }
    // A day or a year that somebody named is told by.
    for date in in_range(read.dates, sentence, |d| d.tokens.start) {
        let at = date.tokens.start;
        let known = |range: &Range<usize>| range.contains(&at);
        if lookup.at(at).is_none() || covered.iter().any(known) || spans.iter().any(|(s, _)| known(s)) {
            continue;
        }
        let span = voice(read, lookup, sentence, at);
        let told = covered.iter().any(|c| c.start < span.end && span.start < c.end);
        if span.contains(&at) && span.len() >= 5 && !told {
            spans.push((span, lookup.at(at)));
        }
    }
    if spans.is_empty() && covered.is_empty() {
        // The sentence's main voice.
        let middle = nearest(read.said, sentence)
            .find_map(|s| read.said.get(s).map(|s| s.hull().start.max(sentence.start)))
            .unwrap_or(sentence.start);
        let span = voice(read, lookup, sentence, middle.min(sentence.end.saturating_sub(1)));
        if span.len() >= 5 {
            let who = lookup.at(span.start);
            spans.push((span, who));
        }
    }
    for (span, said) in spans {
        let inside: Vec<&Quantity> = quantities
            .iter()
            .filter(|q| {
                span.start <= q.tokens.start
                    && q.tokens.end <= span.end
                    && !q.ordinal
                    && !covered.iter().any(|c| c.contains(&q.core.start))
            })
            .collect();
        let Some(kind) = kind_without_outcome(read, &span, &inside, said) else { continue };
        let telling: Vec<&&Quantity> = inside
            .iter()
            .filter(|q| !(trigger::is_age(text, q) || q.best == Some(1.0) && q.counts.is_none()))
            .collect();
        // "65,000 people, the most for twelve years": beside what is counted a length of time counts nothing.
        let counted = telling.iter().any(|q| !q.is_length_of_time());
        let measures = telling
            .iter()
            .filter(|q| !q.unit.as_deref().is_some_and(|u| u.ends_with("-old")))
            .filter(|q| !(q.is_length_of_time() && (counted || is_sort(text, q))))
            .take(12)
            .map(|q| plain_measure(read, q, &span, said))
            .collect();
        let measures = if kind == ClaimKind::Date { dated(read, &span) } else { measures };
        drafts.push(Draft {
            old: is_background(text, &span, read.dates, sentence),
            tokens: span,
            kind,
            measures,
            said,
            toll: false,
            hedged: false,
            sentence: sentence.clone(),
            open: Vec::new(),
            day: None,
        });
    }
}

/// "a 12-year march": joined to its unit a number tells what sort of thing it is.
fn is_sort(text: &Text<'_>, quantity: &Quantity) -> bool {
    text.at(quantity.core.end).kind == Kind::Dash && !text.at(quantity.core.end).gap
}

/// The kind of a claim that counts no losses; `None` where it is none at all.
fn kind_without_outcome(
    read: &Read<'_, '_>,
    span: &Range<usize>,
    inside: &[&Quantity],
    said: Option<usize>,
) -> Option<ClaimKind> {
    let text = read.text;
    let words = span.clone().filter(|&k| text.at(k).is_word()).count();
    let telling = inside
        .iter()
        .filter(|q| !q.unit.as_deref().is_some_and(|u| u.ends_with("-old")) && !trigger::is_age(text, q))
        .filter(|q| !(q.is_length_of_time() && is_sort(text, q)))
        .any(|q| {
            q.is_money()
                || q.is_percent()
                || q.bound != Bound::Exact && q.bound != Bound::Vague
                || q.best.or(q.low).is_some_and(|v| v >= 2.0)
                // "one in five", a share as much as a percentage
                || text.low(q.core.start + 1) == "in" && q.core.len() > 2
        });
    let share = inside.iter().any(|q| q.is_percent() || q.is_money());
    let given = text.low(span.start.wrapping_sub(1)) == "despite";
    let asserts = attribution::has_verb(text, span.clone()) || said.is_some() && telling || given;
    if words < if share { 2 } else { 3 } || !asserts {
        return None;
    }
    let opinions = span.clone().filter(|&k| text.at(k).has(Class::OPINION)).count();
    // The rules below look for words that bear this mark, or for a class.
    let stance = span.clone().any(|k| text.at(k).marks.meets(Marks::STANCE));
    let future = span.clone().any(|k| {
        text.at(k).has(Class::FUTURE)
            || stance
                && matches!(
                    text.low(k),
                    "expected"
                        | "plans"
                        | "going"
                        | "if"
                        | "unless"
                        | "likely"
                        | "hope"
                        | "hopes"
                        | "want"
                        | "wants"
                        | "vowed"
                        | "intends"
                        | "let"
                )
    });
    let belief = said.and_then(|s| read.said.get(s)).and_then(|s| s.cue.as_ref()).is_some_and(|c| {
        c.clone().any(|k| {
            text.at(k).has(Class::BELIEF)
                || matches!(
                    text.low(k),
                    "called"
                        | "urged"
                        | "hopes"
                        | "condemned"
                        | "warned"
                        | "predicted"
                        | "promised"
                        | "vowed"
                        | "threatened"
                        | "threatens"
                        | "pledged"
                        | "pledges"
                        | "asked"
                        | "suggested"
                        | "speculate"
                        | "speculated"
                        | "declined"
                        | "declines"
                        | "expressed"
                        | "expresses"
                        | "questioned"
                        | "blasted"
                        | "blasts"
                        | "slammed"
                        | "slams"
                        | "mocked"
                        | "mocks"
                        | "touted"
                        | "touts"
                        | "applauded"
                        | "applauds"
                        | "ridiculed"
                        | "lambasted"
                        | "scolded"
                        | "chided"
                        | "lauded"
                )
        })
    });
    let first_person = stance
        && span.clone().any(|k| {
            matches!(text.low(k), "i" | "we" | "you" | "our" | "us" | "my" | "your" | "let" | "let's")
        });
    let question = span.clone().any(|k| text.at(k).sign == '?');
    if question {
        return None;
    }
    if telling {
        let vague =
            inside.iter().all(|q| q.best.is_none() || q.unit.is_some() && !q.is_money() && !q.is_percent());
        let guess = stance
            && span.clone().any(|k| {
                matches!(text.low(k), "might" | "may") && !text.at(k).capital
                    || text.low(k) == "could"
                        && k > span.start
                        && text.low(k + 1) != "not"
                        && inside.first().is_some_and(|q| (k + 1..k + 6).contains(&q.tokens.start))
            });
        // What a named source says of a number can be checked with it, firm or not.
        let voiced =
            said.and_then(|s| read.said.get(s)).is_some_and(|s| s.cue.is_some() && s.source.is_some());
        // "We will kill 300 of them": a threat or a promise, not yet so.
        let vow = stance
            && span.clone().any(|k| {
                matches!(text.low(k), "i" | "we") && matches!(text.low(k + 1), "will" | "'ll" | "shall")
                    || matches!(text.low(k), "i'll" | "we'll")
            });
        // "wanted to send a message despite losing several leaders": a motive, with no firm figure.
        let motive =
            stance && vague && span.clone().any(|k| text.low(k) == "wanted" && text.low(k + 1) == "to");
        // What was not done instead of what was asserts no number.
        let instead = span.clone().filter(|_| stance).find(|&k| {
            matches!(text.low(k), "rather" | "instead") && matches!(text.low(k + 1), "than" | "of")
        });
        let instead = instead.is_some_and(|at| inside.iter().all(|q| q.tokens.start > at));
        if guess
            || vow
            || motive
            || instead
            || opinions >= 2 && said.is_none()
            || opinions >= 1 && vague && !voiced
            || future && (said.is_none() || vague && !voiced)
            || vague && belief && !voiced
            || future && belief
        {
            return None;
        }
        if inside.iter().any(|q| q.is_money()) {
            return Some(ClaimKind::Money);
        }
        if inside.iter().any(|q| q.is_percent()) {
            return Some(if span.clone().any(|k| text.at(k).has(Class::TREND)) {
                ClaimKind::Trend
            } else {
                ClaimKind::Percent
            });
        }
        let only_time = inside.iter().all(|q| q.unit.is_some());
        if only_time && (future || first_person || opinions > 0) && said.is_none() {
            return None;
        }
        return Some(ClaimKind::Count);
    }
    let soft = stance
        && span.clone().any(|k| {
            matches!(
                text.low(k),
                "fear"
                    | "fears"
                    | "concern"
                    | "concerns"
                    | "certain"
                    | "speculate"
                    | "speculation"
                    | "hallmark"
                    | "appears"
                    | "seems"
                    | "hoping"
                    | "despair"
                    | "demonstrating"
                    | "sentiment"
                    | "increasingly"
                    | "could"
            )
        });
    let told = said.and_then(|s| read.said.get(s)).is_some_and(|s| s.cue.is_some());
    let calendar = in_range(read.dates, span, |d| d.tokens.start).iter().any(|d| {
        d.tokens
            .clone()
            .any(|k| text.at(k).kind == Kind::Number || text.at(k).has(Class::MONTH.or(Class::WEEKDAY)))
    });
    let voiced = said.and_then(|s| read.said.get(s)).is_some_and(|s| s.cue.is_some() && s.source.is_some());
    let foretold = span.clone().any(|k| {
        matches!(text.low(k), "will" | "'ll" | "won't" | "shall" | "might" | "going" | "hopes" | "plans")
    });
    // Somebody named who tells a day or a year can be held to it, in whatever tone.
    if calendar
        && told
        && opinions <= usize::from(voiced)
        && (voiced && !foretold || !future && !belief && !first_person)
        && !soft
        && !in_range(read.dates, span, |d| d.tokens.start).is_empty()
        && words >= 4
    {
        return Some(ClaimKind::Date);
    }
    if soft || future || belief || opinions > 0 || first_person || words < 6 {
        return None;
    }
    let superlative = span.clone().any(|k| {
        let word = text.low(k);
        matches!(
            word,
            "largest"
                | "biggest"
                | "highest"
                | "lowest"
                | "deadliest"
                | "oldest"
                | "longest"
                | "fastest"
                | "smallest"
                | "strongest"
                | "heaviest"
                | "first"
                | "only"
        ) && matches!(text.low(k.wrapping_sub(1)), "the" | "its" | "their" | "'s")
    });
    if superlative {
        return Some(ClaimKind::Superlative);
    }
    let past = span.clone().any(|k| {
        text.at(k).is_word()
            && (text.low(k).ends_with("ed") && text.low(k).len() > 4
                || text.at(k).has(Class::VERB) && !text.low(k).ends_with('s')
                || matches!(text.low(k), "was" | "were" | "has" | "had" | "have"))
    });
    // What somebody said is told as speech, not as an event.
    if said.is_none()
        && span.clone().any(|k| {
            text.at(k).has(Class::SAY) && !text.at(k).has(Class::GROUP.or(Class::DOCUMENT).or(Class::TREND))
        })
    {
        return None;
    }
    let named = span.clone().skip(1).any(|k| text.is_name(k));
    let dated = !in_range(read.dates, span, |d| d.tokens.start).is_empty();
    if past && dated && named {
        return Some(ClaimKind::Event);
    }
    let strong = said
        .and_then(|s| read.said.get(s))
        .is_some_and(|s| s.cue.is_some() && s.manner != domain::claim::Manner::Direct);
    (past && named && strong || past && named && words >= 9 && said.is_none()).then_some(if said.is_some() {
        ClaimKind::Statement
    } else {
        ClaimKind::Event
    })
}

/// The dates of a claim whose point is when something happened.
fn dated(read: &Read<'_, '_>, span: &Range<usize>) -> Vec<Measure> {
    let text = read.text;
    in_range(read.dates, span, |d| d.tokens.start)
        .iter()
        .filter(|d| d.tokens.end <= span.end)
        .take(4)
        .map(|d| {
            let (start, end) = text.place(&d.tokens);
            Measure {
                start,
                end,
                indicator: Indicator::Other,
                low: None,
                best: None,
                high: None,
                bound: Bound::Exact,
                text: text.words(&d.tokens).to_owned(),
                counts: None,
                unit: None,
                class: Who::Unknown,
                side: None,
                part_of: None,
                denied: false,
                past: None,
                only_some: None,
                reading: Reading::Unknown,
                confirmation: Confirmation::Claimed,
                place: None,
                from: d.days.map(|days| days.0.to_string()),
                to: d.days.map(|days| days.1.to_string()),
            }
        })
        .collect()
}

fn plain_measure(
    read: &Read<'_, '_>,
    quantity: &Quantity,
    span: &Range<usize>,
    said: Option<usize>,
) -> Measure {
    let text = read.text;
    let (start, end) = text.place(&quantity.tokens);
    let indicator = if quantity.is_money() {
        Indicator::Money
    } else if quantity.is_percent() {
        Indicator::Percent
    } else {
        Indicator::Count
    };
    Measure {
        start,
        end,
        indicator,
        low: quantity.low,
        best: quantity.best,
        high: quantity.high,
        bound: quantity.bound,
        text: text.words(&quantity.tokens).to_owned(),
        counts: quantity
            .counts
            .clone()
            .or_else(|| trigger::noun_before(text, quantity))
            .map(|c| plain(text, &c)),
        unit: quantity.unit.clone(),
        class: Who::Unknown,
        side: None,
        part_of: None,
        denied: false,
        past: None,
        only_some: None,
        reading: Reading::Unknown,
        confirmation: if said.is_some() { Confirmation::Claimed } else { Confirmation::Unknown },
        place: place(text, span, quantity.tokens.end),
        from: None,
        to: None,
    }
}

/// Whose claim it is: of "officials say an investigation shows that …" the officials', who can be
/// asked, not the paper's or the description's that they tell of.
fn answerable(read: &Read<'_, '_>, said: usize) -> usize {
    let kind = |k: usize| read.sources.get(k).and_then(Option::as_ref).map(|s| s.kind);
    let weak = |k: usize| matches!(kind(k), None | Some(SourceKind::Document | SourceKind::Anonymous));
    let outer = read.within.get(said).copied().flatten();
    match outer {
        Some(outer) if weak(said) && !weak(outer) => outer,
        _ => said,
    }
}

fn finish(read: &Read<'_, '_>, draft: Draft) -> Option<Claim> {
    let text = read.text;
    if draft.tokens.is_empty() {
        return None;
    }
    let (start, end) = text.place(&draft.tokens);
    let source = draft.said.and_then(|s| read.sources.get(s)).and_then(|s| s.as_ref());
    let about_others = source
        .is_some_and(|s| s.kind == SourceKind::Organisation || s.kind == SourceKind::Person)
        && draft
            .measures
            .iter()
            .any(|m| m.class == Who::Combatant && (m.side.is_some() || m.indicator == Indicator::Killed));
    let known = Known {
        kind: draft.kind,
        measures: &draft.measures,
        source: source.map(|s| s.kind),
        attributed: draft.said.is_some(),
        named: source.is_some_and(|s| s.kind == SourceKind::Person && s.name.is_some()),
        place: draft.sentence.start as f64 / text.len().max(1) as f64,
        old: draft.old,
        hedged: draft.hedged,
        toll: draft.toll,
        about_others,
    };
    let worth = worth::claim(&known);
    Some(Claim {
        start,
        end,
        text: text.words(&draft.tokens).to_owned(),
        statement: None,
        kind: draft.kind,
        checkworthiness: worth.score(),
        reasons: worth.reasons(),
        quotation: draft.said.map(|s| answerable(read, s) as u32),
        measures: draft.measures,
    })
}
