//! Which figure says which outcome: words such as "killed" or "death toll" joined to the figures they
//! govern, in the active and the passive, as nouns and in headlines. Also the figures that are no
//! numbers: "a policeman", "no casualties", "both men".

use crate::attribution;
use crate::lexicon::Class;
use crate::living;
use crate::marks::Marks;
use crate::phrase;
use crate::quantity::Quantity;
use crate::token::{Kind, Text};
use domain::measure::{Bound, Indicator};
use std::ops::Range;

/// Something that may be counted: a quantity or a figure in other words.
#[derive(Clone, Debug)]
pub struct Item {
    /// The words of the number.
    pub tokens: Range<usize>,
    /// With the noun.
    pub phrase: Range<usize>,
    pub counts: Option<Range<usize>>,
    pub low: Option<f64>,
    pub best: Option<f64>,
    pub high: Option<f64>,
    pub bound: Bound,
    pub zero: bool,
    pub implicit: bool,
}

/// A figure with its outcome.
#[derive(Clone, Debug)]
pub struct Figure {
    pub item: Item,
    pub indicator: Indicator,
    pub trigger: Range<usize>,
    /// A part of the figure with this index in the same list.
    pub part_of: Option<usize>,
    pub denied: bool,
    /// The assertion has a verb and a subject of its own: it can stand alone.
    pub own_clause: bool,
    pub toll: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    /// "killed": participle or past, active or passive.
    Participle,
    /// "killing 12"
    Ing,
    /// "kill(s) 12", only with an object.
    Base,
    /// "died"
    Intransitive,
    /// "dead", "missing"
    Adjective,
    /// "deaths", "bodies": the counted noun itself says it.
    Noun,
}

fn outcome(word: &str) -> Option<(Indicator, Form)> {
    use Form::*;
    use Indicator::*;
    Some(match word {
        "killed" | "slain" | "murdered" | "executed" | "assassinated" | "massacred" | "martyred"
        | "slaughtered" | "beheaded" | "electrocuted" | "liquidated" | "eliminated" | "neutralized"
        | "neutralised" => (Killed, Participle),
        "kill" | "kills" => (Killed, Base),
        "killing" | "murdering" | "massacring" | "executing" => (Killed, Ing),
        "died" | "perished" | "drowned" | "succumbed" | "die" | "dies" => (Killed, Intransitive),
        "dead" | "lifeless" => (Killed, Adjective),
        "deaths" | "death" | "fatalities" | "fatality" | "bodies" | "body" | "corpses" | "corpse"
        | "deceased" => (Killed, Noun),
        "wounded" | "injured" | "maimed" | "hurt" | "hospitalized" | "hospitalised" | "stabbed" => {
            (Wounded, Participle)
        }
        "wounding" | "injuring" | "hurting" | "maiming" => (Wounded, Ing),
        "wounds" | "wound" | "injure" | "injures" => (Wounded, Base),
        "injuries" => (Wounded, Noun),
        "casualties" | "casualty" => (KilledOrWounded, Noun),
        "shot" | "gunned" => (KilledOrWounded, Participle),
        "captured" | "kidnapped" | "abducted" | "hijacked" => (Captured, Participle),
        "capturing" | "kidnapping" | "abducting" => (Captured, Ing),
        "kidnap" | "kidnaps" | "capture" | "captures" => (Captured, Base),
        "surrendered" => (Captured, Intransitive),
        "missing" | "unaccounted" => (Missing, Adjective),
        "disappeared" | "vanished" => (Missing, Intransitive),
        "displaced" | "evacuated" | "uprooted" | "relocated" | "resettled" => (Displaced, Participle),
        "displacing" | "evacuating" | "uprooting" => (Displaced, Ing),
        "fled" | "flee" | "fleeing" => (Displaced, Intransitive),
        "homeless" => (Displaced, Adjective),
        "evacuees" | "idps" => (Displaced, Noun),
        "detained" | "arrested" | "jailed" | "imprisoned" => (Detained, Participle),
        "arresting" | "detaining" => (Detained, Ing),
        "arrests" => (Detained, Noun),
        "rescued" | "saved" => (Rescued, Participle),
        "rescuing" => (Rescued, Ing),
        "affected" | "infected" | "stranded" | "trapped" | "besieged" | "sickened" => (Affected, Participle),
        "affecting" | "infecting" | "stranding" => (Affected, Ing),
        "destroyed" | "demolished" | "razed" | "wrecked" | "torched" | "gutted" | "downed"
        | "obliterated" | "flattened" | "levelled" | "leveled" | "sunk" => (Destroyed, Participle),
        "destroying" | "demolishing" | "razing" | "sinking" | "downing" | "flattening" | "losses" => {
            (Destroyed, Ing)
        }
        "destroy" | "destroys" | "sinks" => (Destroyed, Base),
        "blown" | "sank" | "collapsed" | "burned" | "burnt" => (Destroyed, Participle),
        "evacuate" | "displace" | "displaces" | "uproot" | "uproots" => (Displaced, Base),
        "buried" | "swept" | "washed" | "lost" | "losing" => (Destroyed, Participle),
        "damaged" | "disabled" | "inundated" | "submerged" | "flooded" => (Damaged, Participle),
        "damaging" | "disabling" => (Damaged, Ing),
        "damages" => (Damaged, Base),
        _ => return None,
    })
}

/// Whether a word says an outcome as a verb or adjective: no noun phrase goes on over it.
pub fn is_outcome(word: &str) -> bool {
    outcome(word)
        .is_some_and(|(_, form)| matches!(form, Form::Participle | Form::Intransitive | Form::Adjective))
        && word != "wounded"
}

/// Whether a word tells of people who came to harm or were driven out, in any form.
pub fn is_harm(word: &str) -> bool {
    outcome(word).is_some_and(|(indicator, _)| {
        indicator.is_harm_to_people() || matches!(indicator, Indicator::Displaced | Indicator::Detained)
    })
}

/// Everything in a sentence that can be counted. `quantities` are those of the sentence.
pub fn items(text: &Text<'_>, sentence: &Range<usize>, quantities: &[Quantity]) -> Vec<Item> {
    let mut items: Vec<Item> = quantities
        .iter()
        .filter(|q| {
            !q.ordinal
                && q.unit.is_none()
                && !is_age(text, q)
                && !is_label(text, q)
                && !is_of_sort(text, q)
                && !is_shared_out(text, q)
        })
        .map(|q| Item {
            tokens: of_family(text, q).unwrap_or(q.tokens.start)..q.tokens.end,
            phrase: of_family(text, q).unwrap_or(q.tokens.start)..counted_end(text, q),
            counts: counted(text, q),
            low: q.low,
            best: q.best,
            high: q.high,
            bound: q.bound,
            zero: q.best == Some(0.0),
            implicit: false,
        })
        .collect();
    let mut i = sentence.start;
    while i < sentence.end {
        let word = text.low(i);
        let made = match word {
            "another" if text.at(i + 1).has(Class::BE.or(Class::HAVE)) => Some(one_more(i)),
            "a" | "an" | "another" => singular(text, i, sentence.end),
            "no" | "zero" => nothing(text, i, sentence.end),
            "nobody" => Some(zero(i..i + 1, None)),
            "none" if text.low(i + 1) == "of" => Some(zero(i..i + 1, None)),
            "both" => both(text, i),
            "his" | "her" | "their" => kin(text, i, sentence.start),
            _ => None,
        };
        if let Some(item) = made {
            let inside = items.iter().any(|other| {
                !other.implicit
                    && other.tokens.start <= item.tokens.start
                    && item.tokens.start < other.tokens.end
            });
            // "Fourteen pupils of a boarding school": whose they are counts nobody.
            let is_complement = item.implicit
                && text.low(i.wrapping_sub(1)) == "of"
                && items
                    .iter()
                    .any(|other| !other.implicit && other.counts.is_some() && other.phrase.end + 1 == i);
            if !inside && !is_complement {
                // An age inside "a 17-year-old girl" counts nobody.
                items.retain(|other| {
                    other.implicit
                        || !(item.tokens.start <= other.tokens.start && other.tokens.end <= item.phrase.end)
                        || !item.implicit
                });
                items.push(item);
            }
        }
        i += 1;
    }
    items.sort_by_key(|item| item.tokens.start);
    shares(text, &mut items);
    items
}

/// "500 of the 4,000 villagers had left": the first number acts, the second only says out of how many;
/// unless an outcome of its own follows it ("three of the 12 people killed").
fn shares(text: &Text<'_>, items: &mut Vec<Item>) {
    let mut k = 0;
    while k + 1 < items.len() {
        let (Some(part), Some(whole)) = (items.get(k), items.get(k + 1)) else { return };
        let of =
            part.counts.is_none() && !part.implicit && !whole.implicit && text.low(part.tokens.end) == "of";
        let near = whole.tokens.start > part.tokens.end && whole.tokens.start <= part.tokens.end + 3;
        let less = part.best.zip(whole.best).is_some_and(|(a, b)| a < b);
        if of && near && less && whole.counts.is_some() && !is_outcome(text.low(whole.phrase.end)) {
            let (counts, end) = (whole.counts.clone(), whole.phrase.end);
            items.remove(k + 1);
            if let Some(part) = items.get_mut(k) {
                part.counts = counts;
                part.phrase.end = end;
            }
        }
        k += 1;
    }
}

/// Where "a family of five" begins, at its number.
fn of_family(text: &Text<'_>, q: &Quantity) -> Option<usize> {
    let family = q.tokens.start.checked_sub(2)?;
    let whole = text.low(family) == "family" && text.low(family + 1) == "of" && q.counts.is_none();
    let article = text.at(family.wrapping_sub(1)).has(Class::DETERMINER);
    whole.then_some(family - usize::from(article && family > 0))
}

/// What a number counts, without "known" or "feared", which go on to tell what befell them.
fn counted(text: &Text<'_>, q: &Quantity) -> Option<Range<usize>> {
    let Some(counts) = q.counts.clone() else {
        return of_family(text, q)
            .map(|_| q.tokens.start - 2..q.tokens.start - 1)
            .or_else(|| noun_before(text, q));
    };
    let tells = |k: usize| {
        matches!(text.low(k), "known" | "feared" | "believed" | "presumed" | "thought" | "confirmed")
    };
    let end = counts.clone().find(|&k| tells(k) && counts.end - k <= 2).unwrap_or(counts.end);
    (end > counts.start).then_some(counts.start..end)
}

fn counted_end(text: &Text<'_>, q: &Quantity) -> usize {
    counted(text, q).map_or(q.tokens.end, |c| c.end.max(q.tokens.end))
}

/// "prisoners, at least 160, of several units", "bodies, 14 in all,": the noun that a number counts stands
/// before it. "Two boys, 12, were hurt" and "her sons, 12," tell an age.
pub fn noun_before(text: &Text<'_>, q: &Quantity) -> Option<Range<usize>> {
    if text.before(q.tokens.start).sign != ',' || q.counts.is_some() || q.unit.is_some() || q.ordinal {
        return None;
    }
    let (head, end) = (q.tokens.start.checked_sub(2)?, q.tokens.end);
    let closed = matches!(text.at(end).sign, ',' | '.' | ';') && text.at(end).kind == Kind::Mark;
    let all = text.low(end) == "in" && matches!(text.low(end + 1), "all" | "total");
    let word = text.low(head);
    let outcome = matches!(word, "bodies" | "corpses" | "casualties" | "fatalities" | "deaths" | "injuries");
    let plural =
        word.ends_with('s') || matches!(word, "people" | "men" | "women" | "children" | "troops" | "police");
    let counted = text.at(head).has(Class::PERSON.or(Class::THING).or(Class::BUILDING)) && plural;
    if !(counted || outcome) || !(closed || all) {
        return None;
    }
    let first = phrase::left(text, head, head.saturating_sub(6))?;
    let may_be_age = q.bound == Bound::Exact && !all && q.best.is_some_and(|v| v <= 110.0);
    let numbered = (first..head).any(|k| text.at(k).kind == Kind::Number || text.at(k).has(Class::NUMBER));
    let first = first + usize::from(text.at(first).has(Class::DETERMINER) && first < head);
    (!numbered && !may_be_age).then_some(first..head + 1)
}

/// ", 42," after a name, "aged 42", "the 42-year-old".
pub fn is_age(text: &Text<'_>, q: &Quantity) -> bool {
    if noun_before(text, q).is_some() {
        return false;
    }
    if is_one_of_ages(text, q) {
        return true;
    }
    // "children under 16", "those over 65", "aged under five"
    let first = q.tokens.start;
    let limit = matches!(text.low(first), "under" | "over" | "below" | "above")
        || matches!(text.low(first), "younger" | "older") && text.low(first + 1) == "than"
        || q.core.start == first && matches!(text.low(first.wrapping_sub(1)), "under" | "over" | "than");
    let head = if q.core.start == first { first.wrapping_sub(2) } else { first.wrapping_sub(1) };
    let of_people = matches!(
        text.low(head),
        "aged" | "those" | "anyone" | "everyone" | "children" | "minors" | "kids" | "youths"
    ) || text.at(head).has(Class::PERSON) && outcome(text.low(head)).is_none();
    if limit && of_people && q.unit.is_none() && q.counts.is_none() && q.best.is_some_and(|v| v <= 110.0) {
        return true;
    }
    let before = text.before(q.tokens.start);
    let after = text.at(q.tokens.end);
    let comma = before.sign == ','
        && (matches!(after.sign, ',' | '.' | ';' | ')')
            || text.low(q.tokens.end) == "of"
            || after.has(Class::CONJUNCTION));
    let who = q.tokens.start.wrapping_sub(2);
    let singular = text.at(who).has(Class::PERSON)
        && !text.low(who).ends_with('s')
        && outcome(text.low(who)).is_none()
        && text.low(q.tokens.end) != "of";
    let named = text.is_name(who) || text.low(who).ends_with('.') || singular;
    // In a text set in capitals a name is any word that is nothing else.
    let named = named || text.upper_case && text.at(who).class == Class::NONE;
    // "Maria Lopez (22)"
    let bracketed = before.sign == '(' && after.sign == ')' && text.is_name(who);
    q.counts.is_none()
        && q.best.is_some_and(|v| v <= 110.0)
        && (comma && named
            || bracketed
            || matches!(text.low(q.tokens.start.wrapping_sub(1)), "aged" | "age" | "ages"))
}

/// "Two girls, 7 and 5, were shot", "men between the ages of 18 and 22", "pupils aged 12 to 15": ages in a row.
fn is_one_of_ages(text: &Text<'_>, q: &Quantity) -> bool {
    /// Numbers, commas and conjunctions of a row at most.
    const ROW: usize = 12;
    let is_age = |k: usize| {
        text.at(k).kind == Kind::Number && text.low(k).len() <= 2
            || text.at(k).has(Class::NUMBER)
                && !matches!(text.low(k), "hundred" | "hundreds" | "thousand" | "thousands")
    };
    let joins = |k: usize| {
        text.at(k).sign == ','
            || text.at(k).kind == Kind::Dash
            || matches!(text.low(k), "and" | "or" | "to" | "between")
    };
    if q.counts.is_some() || q.unit.is_some() || q.best.or(q.high).is_none_or(|v| v > 110.0) {
        return false;
    }
    let (start, end) = (q.tokens.start, q.tokens.end);
    let first = (start.saturating_sub(ROW)..start)
        .rev()
        .take_while(|&k| is_age(k) || joins(k))
        .last()
        .unwrap_or(start);
    let before = text.low(first.wrapping_sub(1));
    if matches!(before, "aged" | "ages") || before == "of" && text.low(first.wrapping_sub(2)) == "ages" {
        return true;
    }
    let last = (end..end + ROW).take_while(|&k| is_age(k) || joins(k)).last().map_or(end, |k| k + 1);
    let row =
        (first..last).filter(|&k| is_age(k)).count() >= 2 && !(first..last).any(|k| text.low(k) == "between");
    let closed = text.at(last.wrapping_sub(1)).sign == ',' || matches!(text.at(last).sign, '.' | ')' | ';');
    let who = first.wrapping_sub(1);
    row && closed
        && text.at(first).sign == ','
        && text.at(who).has(Class::PERSON)
        && text.low(who).ends_with('s')
        || row
            && closed
            && text.at(first).sign == ','
            && matches!(text.low(who), "children" | "men" | "women" | "people")
}

/// "the 11-floor building", "a 40-seat bus": what sort of thing it is, not how many.
fn is_of_sort(text: &Text<'_>, q: &Quantity) -> bool {
    let dash = q.core.end;
    let next = text.at(dash + 1);
    text.at(dash).kind == Kind::Dash
        && !text.at(dash).gap
        && next.is_word()
        && !next.gap
        && !next.capital
        && !next.has(Class::NUMBER.or(Class::PERSON).or(Class::COMBATANT))
        && !matches!(
            text.low(dash + 1),
            "strong" | "plus" | "odd" | "something" | "man" | "member" | "person"
        )
}

/// "half of the 600 residents", "none of the 126 on board": the outcome befell a share that the text
/// puts in words, not the number.
fn is_shared_out(text: &Text<'_>, q: &Quantity) -> bool {
    let start = q.tokens.start;
    let of = if text.at(start.wrapping_sub(1)).has(Class::DETERMINER) {
        start.wrapping_sub(2)
    } else {
        start.wrapping_sub(1)
    };
    text.low(of) == "of"
        && matches!(
            text.low(of.wrapping_sub(1)),
            "half"
                | "third"
                | "thirds"
                | "quarter"
                | "quarters"
                | "most"
                | "many"
                | "some"
                | "majority"
                | "none"
                | "part"
                | "few"
                | "percent"
                | "cent"
        )
}

/// "28L", "B2": part of a label, glued to letters.
fn is_label(text: &Text<'_>, q: &Quantity) -> bool {
    let after = text.at(q.core.end);
    after.is_word() && !after.gap && q.counts.is_none() && !matches!(text.low(q.core.end), "'s")
}

/// "One man was killed and another was hurt."
fn one_more(i: usize) -> Item {
    let one = Some(1.0);
    Item {
        tokens: i..i + 1,
        phrase: i..i + 1,
        counts: None,
        low: one,
        best: one,
        high: one,
        bound: Bound::Exact,
        zero: false,
        implicit: true,
    }
}

/// "a policeman", "an Egyptian woman", "another soldier"; of things only what can be lost.
fn singular(text: &Text<'_>, i: usize, end: usize) -> Option<Item> {
    let mut at = i + 1;
    let mut head = None;
    while at < end && at < i + 9 {
        let token = text.at(at);
        if token.kind == Kind::Dash && !token.gap && !text.at(at + 1).gap {
            at += 1;
            continue;
        }
        let participle = text.low(at).ends_with("ed") && at == i + 1;
        if !(phrase::nounish(text, at) || participle || token.has(Class::NUMBER))
            || at > i + 1 && is_outcome(text.low(at))
            || at > i + 1 && text.low(at).ends_with("ed") && head.is_some()
        {
            break;
        }
        let aged = text.low(at) == "old" && text.before(at).kind == Kind::Dash;
        if token.has(Class::PERSON.or(Class::THING).or(Class::BUILDING))
            || token.has(Class::NATIONALITY) && token.capital
            || aged
        {
            head = Some(at);
        } else if head.is_some() && token.is_word() && !token.capital {
            // "a police station": what comes after decides.
            head = None;
        }
        at += 1;
    }
    let head = head.filter(|h| *h + 1 == at || !text.at(h + 1).is_word())?;
    let word = text.low(head);
    let plural = word.ends_with('s') && !matches!(word, "bus")
        || matches!(word, "people" | "men" | "women" | "children" | "police" | "troops");
    if plural || text.at(head).has(Class::TIME) {
        return None;
    }
    let one = Some(1.0);
    Some(Item {
        tokens: i..head + 1,
        phrase: i..head + 1,
        counts: Some(i + 1..head + 1),
        low: one,
        best: one,
        high: one,
        bound: Bound::Exact,
        zero: false,
        implicit: true,
    })
}

/// "killed his wife", "and her daughter": one of somebody's family, as the object of an outcome or
/// next to another who is told of. "his parents" are two.
fn kin(text: &Text<'_>, i: usize, floor: usize) -> Option<Item> {
    let before = text.low(i.wrapping_sub(1));
    let joined =
        i > floor && (matches!(before, "and" | ",") || outcome(before).is_some_and(|(_, f)| f != Form::Noun));
    let head = (i + 1..i + 7).find(|&k| {
        matches!(
            text.low(k),
            "wife"
                | "husband"
                | "son"
                | "daughter"
                | "mother"
                | "father"
                | "brother"
                | "sister"
                | "girlfriend"
                | "boyfriend"
                | "partner"
                | "grandmother"
                | "grandfather"
                | "grandson"
                | "granddaughter"
                | "ex"
                | "uncle"
                | "aunt"
                | "nephew"
                | "niece"
                | "cousin"
                | "baby"
                | "roommate"
                | "fiancee"
                | "fiance"
                | "stepson"
                | "stepdaughter"
                | "stepfather"
                | "stepmother"
                | "friend"
                | "neighbor"
                | "neighbour"
                | "lover"
                | "parents"
        )
    })?;
    let adjectives = (i + 1..head).all(|k| {
        let token = text.at(k);
        token.kind == Kind::Number || token.kind == Kind::Dash && !token.gap || phrase::nounish(text, k)
    });
    if !joined || !adjectives {
        return None;
    }
    let mut end = head + 1;
    // "ex-wife", "mother-in-law"
    while text.at(end).kind == Kind::Dash && !text.at(end).gap && text.at(end + 1).is_word() && end < head + 6
    {
        end += 2;
    }
    if text.low(end) == "'s" {
        return None;
    }
    let number = Some(if text.low(head) == "parents" { 2.0 } else { 1.0 });
    Some(Item {
        tokens: i..end,
        phrase: i..end,
        counts: Some(i + 1..head + 1),
        low: number,
        best: number,
        high: number,
        bound: Bound::Exact,
        zero: false,
        implicit: true,
    })
}

fn zero(tokens: Range<usize>, counts: Option<Range<usize>>) -> Item {
    let none = Some(0.0);
    let end = counts.as_ref().map_or(tokens.end, |c| c.end);
    Item {
        phrase: tokens.start..end,
        tokens,
        counts,
        low: none,
        best: none,
        high: none,
        bound: Bound::Exact,
        zero: true,
        implicit: false,
    }
}

/// "no casualties", "no one", "no damage or casualties", "no reports of deaths".
fn nothing(text: &Text<'_>, i: usize, end: usize) -> Option<Item> {
    if text.low(i + 1) == "one" {
        return Some(zero(i..i + 2, None));
    }
    let last = (i + 8).min(end);
    let mut found = None;
    for k in i + 1..last {
        let token = text.at(k);
        if !(token.is_word() || token.sign == ',') || token.has(Class::BE.or(Class::HAVE)) {
            break;
        }
        if matches!(
            text.low(k),
            "casualties" | "casualty" | "deaths" | "fatalities" | "injuries" | "injured" | "dead" | "wounded"
        ) {
            found = Some(k);
            break;
        }
    }
    if let Some(noun) = found {
        return Some(zero(i..i + 1, Some(noun..noun + 1)));
    }
    text.at(i + 1).has(Class::PERSON).then(|| zero(i..i + 1, Some(i + 1..i + 2)))
}

fn both(text: &Text<'_>, i: usize) -> Option<Item> {
    let noun = text.at(i + 1).has(Class::PERSON).then_some(i + 1..i + 2);
    let verb = text.at(i + 1).has(Class::BE.or(Class::HAVE)) || is_outcome(text.low(i + 1));
    if noun.is_none() && !verb && text.low(i + 1) != "of" {
        return None;
    }
    let two = Some(2.0);
    let end = noun.as_ref().map_or(i + 1, |n| n.end);
    Some(Item {
        tokens: i..i + 1,
        phrase: i..end,
        counts: noun,
        low: two,
        best: two,
        high: two,
        bound: Bound::Exact,
        zero: false,
        implicit: false,
    })
}

/// The text tells of people on the run: then "arrived" means that they had to leave, and who is trapped
/// or besieged is so where others fled.
pub fn in_flight(text: &Text<'_>) -> bool {
    (0..text.len()).any(|x| text.at(x).marks.meets(Marks::FLIGHT))
}

/// Joins the items of a sentence to the outcomes stated in it. `in_flight` as the function says.
pub fn figures(text: &Text<'_>, sentence: &Range<usize>, items: &[Item], in_flight: bool) -> Vec<Figure> {
    let mut state = Joiner {
        text,
        in_flight,
        sentence,
        items,
        taken: vec![false; items.len()],
        found: Vec::new(),
        last_left: sentence.start,
    };
    if items.is_empty() {
        return Vec::new();
    }
    let mut t = sentence.start;
    while t < sentence.end {
        t = state.trigger(t).max(t + 1);
    }
    state.in_hospital();
    state.elsewhere();
    state.among_the_dead();
    state.included();
    state.nouns();
    state.tolls();
    state.labels();
    state.parts();
    state.told_apart();
    let mut found = state.found;
    // Indices of parts survive the ordering by place.
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by_key(|&k| found.get(k).map_or(0, |f| f.item.tokens.start));
    let mut moved = vec![0usize; found.len()];
    for (new, &old) in order.iter().enumerate() {
        if let Some(slot) = moved.get_mut(old) {
            *slot = new;
        }
    }
    for figure in &mut found {
        figure.part_of = figure.part_of.and_then(|p| moved.get(p).copied());
    }
    let mut sorted: Vec<Figure> = order.into_iter().filter_map(|k| found.get(k).cloned()).collect();
    sorted.truncate(200);
    for figure in &mut sorted {
        figure.part_of = figure.part_of.filter(|p| *p < 200);
    }
    sorted
}

struct Joiner<'t, 'a> {
    text: &'t Text<'a>,
    in_flight: bool,
    sentence: &'t Range<usize>,
    items: &'t [Item],
    taken: Vec<bool>,
    found: Vec<Figure>,
    /// Left of here everything was looked at by an earlier outcome.
    last_left: usize,
}

impl Joiner<'_, '_> {
    fn item_starting(&self, at: usize) -> Option<usize> {
        let k = self.items.partition_point(|i| i.tokens.start < at);
        self.items.get(k).filter(|i| i.tokens.start == at).map(|_| k)
    }

    /// Looks at the token as an outcome; gives the token to go on from.
    fn trigger(&mut self, t: usize) -> usize {
        let text = self.text;
        let word = text.low(t);
        let Some((mut indicator, form)) = outcome(word) else { return t + 1 };
        if form == Form::Noun {
            return t + 1;
        }
        let mut end = t + 1;
        // What follows may sharpen the outcome.
        match (word, text.low(end)) {
            ("blown", "up") => {
                end += 1;
            }
            ("shot", "down") => {
                indicator = Indicator::Destroyed;
                end += 1;
            }
            ("shot" | "gunned" | "stabbed", "dead" | "down") => {
                indicator = Indicator::Killed;
                end += 1;
            }
            ("shot" | "stabbed" | "beaten", "to") if text.low(end + 1) == "death" => {
                indicator = Indicator::Killed;
                end += 2;
            }
            // Mud buries houses and the bereaved bury their dead: only things are lost so.
            ("buried" | "flooded", _) if !self.of_things(t, end) => return end,
            ("swept" | "washed", "away") if self.of_things(t, end + 1) => end += 1,
            ("swept" | "washed", _) => return end,
            // Shot at is not yet hit; "shot at a party" says where.
            ("shot", "at")
                if !text.at(end + 1).is_word()
                    || matches!(
                        text.low(end + 1),
                        "by" | "since"
                            | "and"
                            | "while"
                            | "but"
                            | "from"
                            | "him"
                            | "her"
                            | "them"
                            | "police"
                            | "officers"
                    ) =>
            {
                return end;
            }
            // "The army lost 40 tanks and 300 men"; parties lose seats and teams lose games.
            ("lost" | "losing", _) => match self.loss(end) {
                Some(lost) => indicator = lost,
                None => return end,
            },
            // "losses of 1,140 personnel and 12 tanks": a briefing's losses of people are killed and wounded.
            ("losses", "of") => match self.loss(end + 1) {
                Some(lost) => {
                    indicator = if lost == Indicator::Killed { Indicator::KilledOrWounded } else { lost };
                    end += 1;
                }
                None => return end,
            },
            ("losses", _) => return end,
            ("hurt" | "wounded" | "injured" | "shot" | "stabbed" | "gunned", _)
                if matches!(text.low(t.wrapping_sub(1)), "fatally" | "mortally") =>
            {
                indicator = Indicator::Killed
            }
            _ => {}
        }
        if matches!(word, "shot" | "stabbed" | "kidnapped" | "captured" | "abducted" | "beaten")
            && text.low(end) == "and"
            && matches!(text.low(end + 1), "killed" | "murdered" | "executed")
        {
            indicator = Indicator::Killed;
            end += 2;
        }
        // "killed or wounded": one number for two outcomes.
        while matches!(text.low(end), "or" | "and")
            || text.at(end).sign == '/'
            || text.at(end).sign == ','
                && outcome(text.low(end + 1)).is_some_and(|(_, f)| f == form)
                && matches!(text.low(end + 2), "or" | "and")
        {
            let mut next = end + 1;
            while text.at(next).has(Class::ADVERB) && next < end + 3 {
                next += 1;
            }
            let Some((other, other_form)) = outcome(text.low(next)) else { break };
            let alike = form == other_form
                || matches!(
                    (form, other_form),
                    (Form::Participle, Form::Adjective) | (Form::Adjective, Form::Participle)
                );
            if !alike || next > t + 8 {
                break;
            }
            // "12 dead and wounded 30" has its own object.
            if matches!(form, Form::Participle | Form::Adjective)
                && other_form == Form::Participle
                && self.object_after(next + 1).is_some()
                && self.object_after(end).is_none()
                && !self.passive(t)
                && text.low(end) == "and"
            {
                break;
            }
            indicator = combine(indicator, other);
            end = next + 1;
        }
        if !self.asserted(t, form) {
            return end;
        }
        let denied = self.negated(t);
        let right = matches!(form, Form::Ing | Form::Base) || form == Form::Participle && !self.passive(t);
        if right && let Some(first) = self.object_after(end) {
            if matches!(word, "shot" | "stabbed" | "beat" | "beaten") && self.to_death(first) {
                indicator = Indicator::Killed;
            }
            self.take_right(first, indicator, t..end, denied);
            if matches!(word, "lost" | "losing" | "losses") {
                self.lost_with(first, t..end, denied);
            }
            self.last_left = end;
            return end;
        }
        if matches!(form, Form::Base | Form::Ing) && !matches!(word, "fleeing" | "sinking") {
            return end;
        }
        if matches!(word, "flee" | "fleeing")
            && !matches!(text.low(t.wrapping_sub(1)), "to" | "were" | "are")
            && word == "flee"
            && text.at(t.wrapping_sub(1)).has(Class::MODAL)
        {
            return end;
        }
        // Before a noun it is an attribute: "30 injured people", "two missing soldiers".
        if let Some(item) = self.items.iter().position(|i| i.phrase.contains(&t) && i.tokens.end <= t) {
            if !self.taken.get(item).copied().unwrap_or(true)
                && self.fits(item, indicator)
                && !self.befell_more(item, t)
            {
                let own = self.attribute_counts(t);
                if own {
                    self.push(item, indicator, t..end, denied, false);
                }
            }
            return end;
        }
        let attribute = form == Form::Participle
            && end == t + 1
            && !self.passive(t)
            && text.before(t).has(Class::PREPOSITION.or(Class::DETERMINER))
            && phrase::nounish(text, end);
        if attribute {
            return end;
        }
        let own_home = word == "evacuated" && matches!(text.low(end), "their" | "his" | "her");
        if form == Form::Participle && !own_home && !self.passive(t) && self.acts_on(end) {
            return end;
        }
        self.take_left(t, end, indicator, form, denied);
        self.last_left = end;
        end
    }

    /// "lost seven men killed, with 19 in hospital": whoever is told of as in hospital beside other losses
    /// was wounded, not whatever befell the next in the list.
    fn in_hospital(&mut self) {
        let text = self.text;
        let beside = self.found.iter().any(|f| f.indicator.is_harm_to_people());
        for k in 0..self.items.len() {
            let Some(item) = self.items.get(k) else { return };
            // "that 19 were still in hospital"
            let at = (item.phrase.end..item.phrase.end + 3)
                .find(|&x| {
                    !text.at(x).has(Class::BE.or(Class::ADVERB))
                        && !matches!(text.low(x), "still" | "remain" | "remained" | "remains")
                })
                .unwrap_or(item.phrase.end);
            let there = text.low(at) == "in" && matches!(text.low(at + 1), "hospital" | "hospitals");
            let people = item.counts.as_ref().is_none_or(|c| {
                text.at(phrase::head(text, c)).has(Class::PERSON) || text.low(c.start) == "others"
            });
            if !(beside && there && people) || item.zero {
                continue;
            }
            let start = item.tokens.start;
            match self.found.iter_mut().find(|f| f.item.tokens.start == start) {
                Some(told) if told.trigger.start > at + 1 => {
                    (told.indicator, told.trigger) = (Indicator::Wounded, at..at + 2);
                }
                Some(_) => {}
                None => self.push(k, Indicator::Wounded, at..at + 2, false, false),
            }
        }
    }

    /// "were killed in Kyiv and five in Kharkiv": the same befell others in another place.
    fn elsewhere(&mut self) {
        let text = self.text;
        for k in 1..self.items.len() {
            let (Some(before), Some(item)) = (self.items.get(k - 1), self.items.get(k)) else { return };
            let at = item.tokens.end;
            let bare = item.counts.is_none() && !item.implicit && !item.zero;
            let placed = matches!(text.low(at), "in" | "near" | "at") && {
                let name = if text.low(at + 1) == "the" { at + 2 } else { at + 1 };
                text.is_name(name) && !text.at(name).has(Class::MONTH.or(Class::WEEKDAY).or(Class::TITLE))
            };
            if self.taken.get(k).copied().unwrap_or(true) || !bare || !placed {
                continue;
            }
            let Some(told) = self.found.iter().rfind(|f| f.item.tokens == before.tokens).cloned() else {
                continue;
            };
            let end = told.item.phrase.end.max(told.trigger.end);
            let says_more = (at + 2..(at + 7).min(self.sentence.end))
                .take_while(|&x| text.at(x).is_word() && !text.at(x).has(Class::CONJUNCTION))
                .any(|x| {
                    text.at(x).has(Class::BE.or(Class::HAVE).or(Class::VERB)) || is_outcome(text.low(x))
                });
            let led = matches!(text.low(item.tokens.start.wrapping_sub(1)), "and" | "," | "another" | "plus");
            if told.denied || says_more || !led || !self.joined_over_place(end, item.tokens.start) {
                continue;
            }
            self.push(k, told.indicator, told.trigger.clone(), false, false);
            if let (Some(last), Some(counts)) = (self.found.last_mut(), told.item.counts) {
                last.item.counts = Some(counts);
            }
        }
    }

    /// Only "in" with a place, commas and "and" between two counts.
    fn joined_over_place(&self, end: usize, start: usize) -> bool {
        let text = self.text;
        start > end
            && start - end <= 9
            && (end..start).any(|k| matches!(text.low(k), "in" | "near" | "at" | "from"))
            && (end..start).all(|k| {
                let word = text.low(k);
                text.is_name(k)
                    || matches!(
                        word,
                        "in" | "near" | "at" | "from" | "the" | "and" | "another" | "plus" | "of"
                    )
                    || text.at(k).sign == ','
                    || text.at(k).kind == Kind::Dash && !text.at(k).gap
                    || matches!(
                        word,
                        "district"
                            | "province"
                            | "region"
                            | "county"
                            | "oblast"
                            | "state"
                            | "city"
                            | "town"
                            | "village"
                            | "neighbouring"
                            | "neighboring"
                            | "nearby"
                    )
            })
    }

    /// "shot two mothers and their daughters to death", "shot two guards dead".
    fn to_death(&self, first: usize) -> bool {
        let text = self.text;
        let from = self.items.get(first).map_or(0, |i| i.phrase.end);
        (from..(from + 10).min(self.sentence.end))
            .take_while(|&k| !text.at(k).has(Class::BE.or(Class::MODAL)) && text.at(k).sign != ';')
            .any(|k| text.low(k) == "to" && text.low(k + 1) == "death" || text.low(k) == "dead")
    }

    /// "A man killed his wife": an object without a number follows, so the subject is who did it. When
    /// it happened is no object.
    fn acts_on(&self, end: usize) -> bool {
        let text = self.text;
        let token = text.at(end);
        let when = Class::TIME.or(Class::WEEKDAY).or(Class::MONTH);
        let object =
            matches!(text.low(end), "his" | "her" | "their" | "its" | "him" | "them" | "the" | "a" | "an")
                || text.is_name(end) && token.gap;
        object && end < self.sentence.end && !(end..end + 4).any(|k| text.at(k).has(when))
    }

    /// Whether what stands after the verb, or nearest before it, are buildings or things.
    fn of_things(&self, t: usize, end: usize) -> bool {
        let nearest = self.object_after(end).or_else(|| {
            self.items.partition_point(|i| i.tokens.start < t).checked_sub(1).filter(|&k| {
                self.items
                    .get(k)
                    .is_some_and(|i| i.tokens.start >= self.sentence.start && i.phrase.end + 8 > t)
            })
        });
        nearest
            .and_then(|k| self.items.get(k))
            .and_then(|i| i.counts.as_ref())
            .is_some_and(|c| self.text.at(phrase::head(self.text, c)).has(Class::BUILDING.or(Class::THING)))
    }

    /// "lost 40 tanks and 300 soldiers": each sort of loss has an outcome of its own.
    fn lost_with(&mut self, first: usize, trigger: Range<usize>, denied: bool) {
        for k in first + 1..self.items.len().min(first + 6) {
            let (Some(before), Some(item)) = (self.items.get(k - 1), self.items.get(k)) else { return };
            if !self.coordinated(before.phrase.end, self.phrase_start(item.tokens.start)) {
                return;
            }
            let head = item.counts.as_ref().map(|c| phrase::head(self.text, c));
            let Some(class) = head.map(|h| self.text.at(h).class) else { return };
            let indicator = if class.meets(Class::COMBATANT) {
                Indicator::Killed
            } else if class.meets(Class::THING) {
                Indicator::Destroyed
            } else {
                return;
            };
            if !self.taken.get(k).copied().unwrap_or(true) {
                self.push(k, indicator, trigger.clone(), denied, false);
            }
        }
    }

    /// What a force loses: things of war are destroyed, soldiers killed.
    fn loss(&self, end: usize) -> Option<Indicator> {
        let item = self.object_after(end).and_then(|k| self.items.get(k))?;
        let head = self.text.at(phrase::head(self.text, item.counts.as_ref()?));
        if head.has(Class::COMBATANT) {
            Some(Indicator::Killed)
        } else {
            head.has(Class::THING).then_some(Indicator::Destroyed)
        }
    }

    /// "Two of the wounded later died": of those whom one thing befell, some whom another did.
    fn befell_more(&self, item: usize, t: usize) -> bool {
        /// As far behind them it is told.
        const NEAR: usize = 5;
        let text = self.text;
        let of = self.items.get(item).is_some_and(|i| {
            text.low(i.tokens.end) == "of" && matches!(text.low(t - 1), "the" | "those" | "its")
        });
        of && (t + 1..self.sentence.end.min(t + 1 + NEAR))
            .take_while(|&k| text.at(k).is_word() && !text.at(k).has(Class::CONJUNCTION))
            .any(|k| outcome(text.low(k)).is_some_and(|(_, form)| form == Form::Intransitive))
    }

    /// "30 injured people were taken" tells an injury; "the displaced people" of nobody counted does not.
    fn attribute_counts(&self, t: usize) -> bool {
        !matches!(self.text.low(t), "affected" | "trapped" | "stranded" | "captured" | "saved" | "detained")
    }

    fn passive(&self, t: usize) -> bool {
        (1..=5)
            .map(|back| t.wrapping_sub(back))
            .take_while(|&k| {
                self.text.at(k).is_word()
                    && self
                        .text
                        .at(k)
                        .has(Class::BE.or(Class::ADVERB).or(Class::HAVE).or(Class::NEGATION).or(Class::MODAL))
                    || matches!(
                        self.text.low(k),
                        "reported"
                            | "believed"
                            | "feared"
                            | "confirmed"
                            | "known"
                            | "presumed"
                            | "thought"
                            | "either"
                            | "to"
                            | "said"
                            | "getting"
                            | "got"
                    )
            })
            .any(|k| self.text.at(k).has(Class::BE) && self.text.low(k) != "'s" || self.text.low(k) == "got")
    }

    /// Not "would kill", "to kill", "if … are killed", "might have died".
    fn asserted(&self, t: usize, form: Form) -> bool {
        let text = self.text;
        let mut k = t;
        for _ in 0..6 {
            let Some(previous) = k.checked_sub(1) else { break };
            let token = text.at(previous);
            if token.has(Class::MODAL) && !matches!(text.low(previous), "may" | "might") {
                return false;
            }
            if text.low(previous) == "to" && form == Form::Base {
                return text.low(t) == "evacuate";
            }
            if text.low(previous) == "to" && text.low(t) == "flee" {
                return text.at(previous - 1).is_word();
            }
            if !token.has(Class::BE.or(Class::HAVE).or(Class::ADVERB).or(Class::NEGATION).or(Class::MODAL)) {
                break;
            }
            k = previous;
        }
        // A condition reaches from "if" to the verb of its clause.
        let conditional = (self.sentence.start.max(t.saturating_sub(14))..t)
            .rev()
            .take_while(|&k| text.at(k).sign != ',')
            .any(|k| matches!(text.low(k), "if" | "unless"));
        !conditional && (form != Form::Base || self.object_after(t + 1).is_some())
    }

    fn negated(&self, t: usize) -> bool {
        (1..=4)
            .map(|back| t.wrapping_sub(back))
            .take_while(|&k| {
                self.text.at(k).has(
                    Class::BE
                        .or(Class::HAVE)
                        .or(Class::DO)
                        .or(Class::NEGATION)
                        .or(Class::ADVERB)
                        .or(Class::MODAL),
                )
            })
            .any(|k| self.text.at(k).has(Class::NEGATION))
    }

    /// The item that begins right after the verb: "killed at least 12 people", "killing another 3".
    fn object_after(&self, at: usize) -> Option<usize> {
        let text = self.text;
        let mut k = at;
        while k < at + 5 {
            if let Some(item) = self.item_starting(k) {
                return Some(item);
            }
            let token = text.at(k);
            // "killing “dozens” of them"
            if token.kind == Kind::Open && self.item_starting(k + 1).is_some() {
                k += 1;
                continue;
            }
            let passes = token.has(Class::DETERMINER)
                || matches!(
                    text.low(k),
                    "further"
                        | "additional"
                        | "total"
                        | "of"
                        | "other"
                        | "up"
                        | "more"
                        | "only"
                        | "just"
                        | "off"
                        | "down"
                ) && k > at
                || token.has(Class::ADVERB) && text.low(k) != "when"
                || matches!(text.low(k), "total" | "up" | "off" | "down" | "only");
            if !passes
                || matches!(text.low(k), "of")
                    && !matches!(text.low(k.wrapping_sub(1)), "total" | "lives" | "all")
            {
                return None;
            }
            k += 1;
        }
        None
    }

    fn fits(&self, item: usize, indicator: Indicator) -> bool {
        let text = self.text;
        let Some(item) = self.items.get(item) else { return false };
        // Nobody counts people in tenths: "a magnitude 6.3 earthquake displaced".
        if item.best.is_some_and(|v| v.fract() != 0.0 && v < 1000.0) {
            return false;
        }
        let head = item.counts.as_ref().map(|c| phrase::head(text, c));
        let Some(head) = head else { return true };
        let token = text.at(head);
        let word = text.low(head);
        let thing =
            matches!(indicator, Indicator::Destroyed | Indicator::Damaged | Indicator::DestroyedOrDamaged);
        let person = token.has(Class::PERSON);
        if token.has(Class::ANIMAL) || token.has(Class::TIME) || token.has(Class::UNIT) {
            return false;
        }
        // "Dozens of questions died", "killed two bills", "captured 12 seats".
        let harmed = matches!(indicator, Indicator::Killed | Indicator::Wounded | Indicator::KilledOrWounded);
        let held = matches!(indicator, Indicator::Missing | Indicator::Captured | Indicator::Detained);
        let named = token.capital && head > self.sentence.start;
        if (harmed || held) && !person && !named && !token.has(Class::THING) && living::is_no_person(word) {
            return false;
        }
        // "two fatalities and 800 people evacuated": a noun of outcome takes no second one.
        if !harmed
            && matches!(word, "fatalities" | "fatality" | "deaths" | "injuries" | "casualties" | "bodies")
        {
            return false;
        }
        if matches!(
            word,
            "times"
                | "shots"
                | "rounds"
                | "strikes"
                | "attacks"
                | "rockets"
                | "bombs"
                | "explosions"
                | "incidents"
                | "counts"
                | "charges"
                | "places"
                | "countries"
                | "provinces"
                | "districts"
                | "cities"
                | "blasts"
                | "raids"
                | "occasions"
                | "cases"
                | "explosion"
                | "percent"
        ) && !matches!(indicator, Indicator::Affected)
            && !thing
        {
            return false;
        }
        if thing {
            let said = token.has(Class::DOCUMENT)
                || matches!(word, "statement" | "incident" | "explosion" | "attack");
            return (!person || token.has(Class::THING) || word == "others") && !said;
        }
        // Buses and camps are not driven from home; a house may be evacuated.
        if indicator == Indicator::Displaced
            && !person
            && (token.has(Class::THING.or(Class::DOCUMENT))
                || matches!(
                    word,
                    "camp"
                        | "camps"
                        | "centre"
                        | "centres"
                        | "center"
                        | "centers"
                        | "shelter"
                        | "shelters"
                        | "site"
                        | "sites"
                        | "earthquake"
                        | "quake"
                        | "storm"
                        | "flood"
                        | "fire"
                        | "attack"
                        | "offensive"
                ))
        {
            return false;
        }
        let harm = !matches!(
            indicator,
            Indicator::Captured | Indicator::Missing | Indicator::Affected | Indicator::Displaced
        );
        if harm || item.implicit {
            let only_thing = token.has(Class::THING.or(Class::BUILDING)) && !person;
            return !(only_thing && (harm || indicator == Indicator::Displaced));
        }
        true
    }

    fn push(
        &mut self,
        item: usize,
        indicator: Indicator,
        trigger: Range<usize>,
        denied: bool,
        own_clause: bool,
    ) {
        let Some(made) = self.items.get(item).cloned() else { return };
        if let Some(slot) = self.taken.get_mut(item) {
            *slot = true;
        }
        self.found.push(Figure {
            denied: denied || made.zero,
            item: made,
            indicator,
            trigger,
            part_of: None,
            own_clause,
            toll: false,
        });
    }

    fn take_right(&mut self, first: usize, indicator: Indicator, trigger: Range<usize>, denied: bool) {
        let text = self.text;
        let mut k = first;
        let mut bound: Option<Bound> = None;
        loop {
            if !self.taken.get(k).copied().unwrap_or(true) && self.fits(k, indicator) {
                self.push(k, indicator, trigger.clone(), denied, false);
                self.carry_bound(&mut bound);
            } else if k == first && !self.is_other_loss(k) {
                return;
            }
            let Some(end) = self.items.get(k).map(|i| i.phrase.end) else { return };
            let next = k + 1;
            let Some(start) = self.items.get(next).map(|i| i.tokens.start) else { return };
            if !self.coordinated(end, start) {
                return;
            }
            // The next has an outcome of its own: "killing 12 people and 30 wounded".
            let after = self.items.get(next).map_or(0, |i| i.phrase.end);
            let own = (after..after + 4)
                .take_while(|&x| text.at(x).is_word() && !text.at(x).has(Class::PREPOSITION))
                .any(|x| {
                    outcome(text.low(x)).is_some_and(|(_, f)| f != Form::Noun) || text.at(x).has(Class::BE)
                });
            if own {
                return;
            }
            k = next;
        }
    }

    /// "killed 12 cows and three people", "captured two villages and 30 soldiers": what comes first is no
    /// casualty, and what is joined to it may be one.
    fn is_other_loss(&self, item: usize) -> bool {
        let head = self.items.get(item).and_then(|i| i.counts.as_ref()).map(|c| phrase::head(self.text, c));
        head.is_some_and(|h| {
            self.text.at(h).has(Class::ANIMAL.or(Class::BUILDING)) || living::is_no_person(self.text.low(h))
        })
    }

    /// "at least nine men and four women": the bound holds for both.
    fn carry_bound(&mut self, bound: &mut Option<Bound>) {
        let Some(last) = self.found.last_mut() else { return };
        match *bound {
            Some(Bound::AtLeast) if last.item.bound == Bound::Exact && !last.item.implicit => {
                last.item.bound = Bound::AtLeast;
                last.item.high = None;
            }
            _ => *bound = Some(last.item.bound),
        }
    }

    /// Nothing but "and", a comma or a short addition stands between.
    fn coordinated(&self, end: usize, start: usize) -> bool {
        let text = self.text;
        if start < end || start - end > 7 {
            return false;
        }
        let mut joined = false;
        let mut aside = false;
        for k in end..start {
            let token = text.at(k);
            let word = text.low(k);
            if matches!(word, "and" | "&" | "plus") || token.sign == ',' {
                joined = true;
                aside = false;
            } else if matches!(word, "as" | "well" | "another" | "the" | "other" | "further" | "additional") {
            } else if token.has(Class::RELATIVE) {
                return false;
            } else if token.has(Class::PREPOSITION)
                && !matches!(word, "including" | "after" | "before" | "by")
            {
                aside = true;
            } else if aside
                && token.is_word()
                && !token.has(Class::BE.or(Class::VERB).or(Class::HAVE).or(Class::MODAL))
            {
            } else {
                return false;
            }
        }
        joined
    }

    fn take_left(&mut self, t: usize, end: usize, indicator: Indicator, form: Form, denied: bool) {
        let text = self.text;
        let mut own = form == Form::Intransitive;
        // Over auxiliaries and hedges to the end of the subject.
        let mut k = t;
        while k > self.sentence.start {
            let token = text.at(k - 1);
            let word = text.low(k - 1);
            let hedge = matches!(
                word,
                "reported"
                    | "reportedly"
                    | "believed"
                    | "feared"
                    | "confirmed"
                    | "known"
                    | "presumed"
                    | "thought"
                    | "said"
                    | "estimated"
                    | "to"
                    | "either"
                    | "found"
                    | "left"
                    | "listed"
                    | "declared"
                    | "pronounced"
                    | "remain"
                    | "remained"
                    | "remains"
                    | "still"
                    | "being"
                    | "forced"
                    | "severely"
                    | "totally"
                    | "partially"
                    | "shot"
                    | "rendered"
                    | "became"
                    | "become"
                    | "made"
                    | "gone"
                    | "went"
                    | "taken"
                    | "dead"
                    | "initially"
                    | "registered"
                    | "recorded"
                    | "as"
                    | "verified"
                    | "completely"
                    | "pre"
                    | "internally"
                    | "inter"
            ) || token.kind == Kind::Dash
                && !token.gap
                && matches!(text.low((k - 1).wrapping_sub(1)), "pre" | "inter");
            let aside = token.sign == ',' && self.closes_aside(k - 1).is_some();
            if let Some(open) = self.closes_aside(k - 1).filter(|_| aside || token.sign == ')') {
                k = open;
                continue;
            }
            if token.has(Class::BE.or(Class::HAVE).or(Class::ADVERB).or(Class::NEGATION).or(Class::MODAL))
                && token.is_word()
                && !token.has(Class::PRONOUN)
                && !matches!(word, "both" | "all")
                || hedge
            {
                own |=
                    token.has(Class::BE.or(Class::HAVE)) || matches!(word, "remain" | "remained" | "remains");
                k -= 1;
            } else {
                break;
            }
        }
        let edge = k;
        // The clause to the left.
        let mut floor = self.sentence.start;
        let mut x = edge;
        let mut steps = 0;
        let mut relative_jump = false;
        while x > self.sentence.start && steps < 45 {
            let p = x - 1;
            steps += 1;
            let token = text.at(p);
            let word = text.low(p);
            if matches!(token.sign, ';' | ':') && token.kind == Kind::Mark {
                floor = x;
                break;
            }
            if p < self.last_left && (word == "and" || token.sign == ',' || p + 1 == self.last_left) {
                floor = self.last_left;
                break;
            }
            let subordinate = token.has(Class::SUBORDINATOR)
                && !token.has(Class::RELATIVE)
                && !matches!(word, "since" | "before" | "after" | "as")
                || matches!(word, "that") && x < edge;
            if subordinate {
                floor = x;
                break;
            }
            if token.has(Class::BE.or(Class::HAVE)) && word != "'s" && word != "'d" && !relative_jump {
                // A relative clause inside the subject is stepped over.
                let relative = (p.saturating_sub(10).max(self.sentence.start)..p)
                    .rev()
                    .find(|&r| text.at(r).has(Class::RELATIVE));
                match relative {
                    Some(r) if text.low(r) != "that" || phrase::nounish(text, r.wrapping_sub(1)) => {
                        x = r;
                        relative_jump = true;
                        continue;
                    }
                    _ => {
                        floor = x;
                        break;
                    }
                }
            }
            if word == "and" && text.at(p + 1).has(Class::PRONOUN) && !text.at(p + 1).has(Class::NUMBER) {
                floor = x;
                break;
            }
            x = p;
        }
        // The nearest item that can be the subject, then what is coordinated with it.
        let last = self.items.partition_point(|i| i.tokens.start < edge);
        let mut chosen = None;
        let mut k = last;
        while k > 0 {
            k -= 1;
            let Some(item) = self.items.get(k) else { break };
            if item.tokens.start < floor {
                break;
            }
            if item.phrase.end > edge && item.tokens.end > edge || self.taken.get(k).copied().unwrap_or(true)
            {
                continue;
            }
            let start = self.phrase_start(item.tokens.start);
            let before = text.before(start);
            let word = text.low(start.wrapping_sub(1));
            // "including 25,000 people who fled": the relative clause is about them alone.
            let own_relative = text.at(item.phrase.end).has(Class::RELATIVE) && item.phrase.end + 1 >= edge;
            let inside = before.paragraph == text.at(t).paragraph
                && !own_relative
                && start > self.sentence.start
                && before.has(Class::PREPOSITION)
                && !matches!(
                    word,
                    "with"
                        | "of"
                        | "for"
                        | "among"
                        | "than"
                        | "to"
                        | "by"
                        | "leaving"
                        | "as"
                        | "like"
                        | "following"
                        | "after"
                );
            let of_part = word == "of"
                && !matches!(
                    text.low(start.wrapping_sub(2)),
                    "total"
                        | "bodies"
                        | "body"
                        | "lives"
                        | "deaths"
                        | "death"
                        | "remains"
                        | "most"
                        | "all"
                        | "one"
                        | "some"
                        | "dozens"
                        | "hundreds"
                )
                && edge != item.phrase.end;
            let part = matches!(word, "including" | "includes" | "included");
            if part && !own_relative {
                continue;
            }
            let by = matches!(word, "by" | "as" | "like" | "after" | "following" | "to")
                && item.phrase.end != edge;
            // "at four killed": the bare number stands right before its outcome.
            let bare = item.counts.is_none() && item.tokens.end == edge;
            if inside && !bare || of_part || by {
                continue;
            }
            // An object of another verb is no subject of this one, unless they touch.
            let touches = item.phrase.end >= edge || item.tokens.end >= edge;
            let verb_before = text.at(start.wrapping_sub(1)).has(Class::VERB.or(Class::SAY))
                && start > self.sentence.start
                && !text.at(start.wrapping_sub(1)).has(Class::STRONG_SAY);
            if verb_before && !touches && form != Form::Adjective {
                continue;
            }
            if !touches && !self.subject_reaches(item.phrase.end, edge) {
                continue;
            }
            if self.fits(k, indicator) {
                chosen = Some(k);
            }
            break;
        }
        let Some(chosen) = chosen else { return };
        let mut list = vec![chosen];
        let mut k = chosen;
        while k > 0 {
            let (Some(this), Some(previous)) = (self.items.get(k), self.items.get(k - 1)) else { break };
            let start = self.phrase_start(this.tokens.start);
            if previous.tokens.start < floor
                || self.taken.get(k - 1).copied().unwrap_or(true)
                || !self.coordinated(previous.phrase.end, start)
                || !self.fits(k - 1, indicator)
            {
                break;
            }
            let before = text.before(previous.tokens.start);
            if before.has(Class::PREPOSITION)
                && !matches!(
                    text.low(previous.tokens.start.wrapping_sub(1)),
                    "with" | "of" | "including" | "by"
                )
            {
                break;
            }
            k -= 1;
            list.push(k);
        }
        // "families (about 1,600 people)": the same told in two units, the first one first.
        if let Some(outer) = list.last().and_then(|l| l.checked_sub(1)) {
            let (start, previous_end) = (
                self.items.get(outer + 1).map_or(0, |i| i.tokens.start),
                self.items.get(outer).map_or(0, |i| i.phrase.end),
            );
            let bracket =
                text.at(previous_end).sign == '(' && start <= previous_end + 3 && start > previous_end;
            let either = text.low(previous_end) == "or" && start == previous_end + 1
                || text.at(previous_end).sign == ','
                    && text.low(previous_end + 1) == "or"
                    && start == previous_end + 2;
            if (bracket || either)
                && !self.taken.get(outer).copied().unwrap_or(true)
                && self.fits(outer, indicator)
            {
                list.push(outer);
            }
        }
        list.reverse();
        let mut bound = None;
        let among = list
            .first()
            .and_then(|k| self.items.get(*k))
            .map(|i| self.phrase_start(i.tokens.start))
            .filter(|s| text.low(s.wrapping_sub(1)) == "among");
        for item in list {
            self.push(item, indicator, t..end, denied, own);
            self.carry_bound(&mut bound);
        }
        if let Some(start) = among {
            self.members(start - 1, indicator, t..end);
        }
    }

    /// Where an aside opens that closes at `close`: "(about 1,600 people)", ", including five women,".
    fn closes_aside(&self, close: usize) -> Option<usize> {
        let text = self.text;
        let from = close.saturating_sub(24).max(self.sentence.start);
        match text.at(close).sign {
            ')' => (from..close).rev().find(|&k| text.at(k).sign == '('),
            ',' => (from..close).rev().find(|&k| {
                text.at(k).sign == ','
                    && (matches!(text.low(k + 1), "including" | "mostly" | "mainly" | "among")
                        || matches!(text.low(k + 1), "most" | "many" | "some" | "all")
                            && text.low(k + 2) == "of")
            }),
            _ => None,
        }
    }

    /// The words between a subject and its verb: prepositions, asides, no verb of another clause.
    fn subject_reaches(&self, from: usize, to: usize) -> bool {
        let text = self.text;
        let mut k = from;
        let mut relative = false;
        while k < to {
            let token = text.at(k);
            relative |= token.has(Class::RELATIVE);
            let verb = token.is_word()
                && (token.has(Class::BE.or(Class::MODAL).or(Class::HAVE))
                    || token.has(Class::VERB) && !text.is_name(k))
                && text.low(k) != "'s";
            if verb && !relative {
                return false;
            }
            if outcome(text.low(k))
                .is_some_and(|(_, f)| matches!(f, Form::Participle | Form::Intransitive | Form::Ing))
                && !relative
            {
                return false;
            }
            k += 1;
        }
        to - from.min(to) < 26
    }

    /// "Two troops and a US soldier were among 34 killed": the subjects are part of the figure.
    fn members(&mut self, among: usize, indicator: Indicator, trigger: Range<usize>) {
        let text = self.text;
        let mut k = among;
        while k > self.sentence.start && text.at(k - 1).has(Class::BE.or(Class::HAVE).or(Class::ADVERB)) {
            k -= 1;
        }
        if k == among {
            return;
        }
        let whole = self.found.len() - 1;
        let mut edge = k;
        let mut item = self.items.partition_point(|i| i.tokens.start < k);
        while item > 0 {
            item -= 1;
            let Some(this) = self.items.get(item) else { return };
            let joined = this.phrase.end == edge || self.coordinated(this.phrase.end, edge);
            if !joined || self.taken.get(item).copied().unwrap_or(true) || !self.fits(item, indicator) {
                return;
            }
            edge = self.phrase_start(this.tokens.start);
            self.push(item, indicator, trigger.clone(), false, true);
            if let Some(last) = self.found.last_mut() {
                last.part_of = Some(whole);
            }
        }
    }

    /// "Three children and a nurse were among the dead": parts of a figure told elsewhere, if at all.
    fn among_the_dead(&mut self) {
        let text = self.text;
        for t in self.sentence.clone() {
            if text.low(t) != "among" || !matches!(text.low(t + 1), "the" | "those") {
                continue;
            }
            let indicator = match text.low(t + 2) {
                "dead" | "killed" | "fatalities" | "deceased" => Indicator::Killed,
                "wounded" | "injured" => Indicator::Wounded,
                "missing" => Indicator::Missing,
                _ => continue,
            };
            let mut edge = t;
            while edge > self.sentence.start
                && (text.at(edge - 1).has(Class::BE.or(Class::HAVE).or(Class::ADVERB))
                    || text.low(edge - 1) == "as")
            {
                edge -= 1;
            }
            if edge == t {
                continue;
            }
            let mut item = self.items.partition_point(|i| i.tokens.start < edge);
            while item > 0 {
                item -= 1;
                let Some(this) = self.items.get(item) else { break };
                let joined = this.phrase.end == edge || self.coordinated(this.phrase.end, edge);
                if !joined || self.taken.get(item).copied().unwrap_or(true) || !self.fits(item, indicator) {
                    break;
                }
                edge = self.phrase_start(this.tokens.start);
                self.push(item, indicator, t + 2..t + 3, false, false);
            }
        }
    }

    /// "The toll included 14 pupils", "the dead include a nurse": parts of a figure told elsewhere, if at all.
    fn included(&mut self) {
        let text = self.text;
        for t in self.sentence.clone().skip(1) {
            if !matches!(text.low(t), "included" | "includes" | "include") {
                continue;
            }
            let indicator = match text.low(t - 1) {
                "toll" | "dead" | "killed" | "fatalities" | "deceased" => Indicator::Killed,
                "wounded" | "injured" => Indicator::Wounded,
                "missing" => Indicator::Missing,
                _ => continue,
            };
            let mut edge = t + 1;
            let first = self.items.partition_point(|i| i.tokens.start < edge);
            for item in first..self.items.len() {
                let Some(this) = self.items.get(item) else { break };
                let start = self.phrase_start(this.tokens.start);
                let joined = start == edge || edge > t + 1 && self.coordinated(edge, start);
                if !joined || self.taken.get(item).copied().unwrap_or(true) || !self.fits(item, indicator) {
                    break;
                }
                edge = this.phrase.end;
                self.push(item, indicator, t - 1..t, false, false);
            }
        }
    }

    /// Over "the", "another", "a total of" to the beginning of the phrase.
    fn phrase_start(&self, start: usize) -> usize {
        let text = self.text;
        let mut at = start;
        while at > self.sentence.start
            && at + 4 > start
            && (text.at(at - 1).has(Class::DETERMINER)
                || matches!(
                    text.low(at - 1),
                    "further" | "additional" | "only" | "other" | "total" | "estimated"
                )
                || text.low(at - 1) == "of" && text.low(at.wrapping_sub(2)) == "total")
        {
            at -= 1;
        }
        at
    }

    /// Outcomes that are nouns: "two deaths", "the bodies of eight victims", "claimed 33 lives".
    fn nouns(&mut self) {
        let text = self.text;
        for k in 0..self.items.len() {
            if self.taken.get(k).copied().unwrap_or(true) {
                continue;
            }
            let Some(item) = self.items.get(k).cloned() else { continue };
            let start = self.phrase_start(item.tokens.start);
            // "bodies of eight victims", "the lives of 33 people", "deaths of two men"
            // An aside may stand between: "the evacuation of, at the latest count, 17,000 people".
            let link = match start.checked_sub(1) {
                Some(comma) if text.at(comma).sign == ',' => (comma.saturating_sub(10)..comma)
                    .rev()
                    .find(|&k| text.at(k).sign == ',')
                    .map_or(comma, |open| open.saturating_sub(1)),
                Some(before) => before,
                None => start,
            };
            let roofless = matches!(text.low(link), "of" | "off" | "from")
                && matches!(text.low(link.wrapping_sub(1)), "roof" | "roofs")
                && (link.saturating_sub(5)..link).any(|x| {
                    matches!(
                        text.low(x),
                        "blew" | "blown" | "tore" | "torn" | "ripped" | "ripping" | "tearing" | "blowing"
                    )
                });
            if roofless && self.fits(k, Indicator::Damaged) {
                self.push(k, Indicator::Damaged, link - 1..link, false, true);
                continue;
            }
            if text.low(link) == "of" && link > self.sentence.start {
                let noun = link - 1;
                let indicator = match text.low(noun) {
                    "bodies" | "body" | "corpses" | "corpse" | "lives" | "life" | "deaths" | "death"
                    | "killing" | "killings" | "murder" | "murders" | "assassination" | "assassinations"
                    | "massacre" | "remains" | "parts" | "execution" | "toll" => Some(Indicator::Killed),
                    "arrest" | "arrests" | "detention" => Some(Indicator::Detained),
                    "kidnapping" | "abduction" | "capture" => Some(Indicator::Captured),
                    "evacuation" | "displacement" | "relocation" | "evacuations" | "resettlement"
                    | "exodus" => Some(Indicator::Displaced),
                    "destruction" | "sinking" => Some(Indicator::Destroyed),
                    "disappearance" => Some(Indicator::Missing),
                    "rescue" => Some(Indicator::Rescued),
                    _ => None,
                };
                let lives = matches!(text.low(noun), "lives" | "life")
                    && !(self.sentence.start..noun).rev().take(6).any(|x| {
                        matches!(
                            text.low(x),
                            "claimed"
                                | "claim"
                                | "claims"
                                | "cost"
                                | "costs"
                                | "took"
                                | "taken"
                                | "claiming"
                                | "costing"
                                | "taking"
                                | "loss"
                                | "lost"
                        )
                    });
                let modal = (self.sentence.start..noun).rev().take(6).any(|x| text.at(x).has(Class::MODAL));
                if let Some(indicator) = indicator.filter(|_| !lives && !modal)
                    && self.fits(k, indicator)
                {
                    self.take_right(k, indicator, noun..noun + 1, false);
                    continue;
                }
            }
            let Some(counts) = item.counts.clone() else {
                // "3,000 were in shelters"
                if (text.at(item.tokens.end).has(Class::BE.or(Class::HAVE))
                    || self.driven(start)
                        && matches!(text.low(item.tokens.end), "to" | "out" | "from" | "of"))
                    && let Some((indicator, at)) = self.told_after(item.tokens.end, start)
                {
                    self.push(k, indicator, at..at + 1, false, true);
                }
                continue;
            };
            let head = phrase::head(text, &counts);
            let context = || self.sentence.start..self.sentence.end;
            let around = |words: &[&str]| {
                context()
                    .skip(head.saturating_sub(self.sentence.start + 14))
                    .take(30)
                    .any(|x| words.contains(&text.low(x)))
            };
            let indicator = match text.low(head) {
                "bodies" | "corpses" | "corpse" | "body" => Some(Indicator::Killed),
                "lives"
                    if around(&[
                        "claimed", "claim", "claims", "cost", "costs", "took", "taken", "claiming",
                        "costing", "taking", "lost",
                    ]) =>
                {
                    Some(Indicator::Killed)
                }
                "deaths" | "fatalities" | "fatality" | "dead" | "death" if !item.implicit => {
                    Some(Indicator::Killed)
                }
                "casualties" | "casualty" => {
                    Some(if around(&["drowning"]) { Indicator::Killed } else { Indicator::KilledOrWounded })
                }
                "injuries" | "injured" | "wounded" => Some(Indicator::Wounded),
                "prisoners" | "hostages" | "captives" | "prisoner" | "hostage"
                    if around(&[
                        "took", "taken", "take", "takes", "taking", "captured", "seized", "held",
                    ]) =>
                {
                    Some(Indicator::Captured)
                }
                "arrests" => Some(Indicator::Detained),
                "refugees" | "idps" | "evacuees" | "displaced" | "returnees" => Some(Indicator::Displaced),
                "missing" => Some(Indicator::Missing),
                "displacements" | "evacuations" => Some(Indicator::Displaced),
                _ if counts.clone().any(|x| text.low(x) == "displaced")
                    && self.fits(k, Indicator::Displaced) =>
                {
                    Some(Indicator::Displaced)
                }
                _ => None,
            };
            if let Some(indicator) = indicator {
                let threat = (head.saturating_sub(6).min(start.saturating_sub(3))..head).any(|x| {
                    matches!(text.low(x), "could" | "would" | "cause" | "if") && x >= self.sentence.start
                });
                if !threat {
                    self.push(k, indicator, head..head + 1, false, true);
                    if item.zero && text.low(head) == "injuries" {
                        continue;
                    }
                }
                continue;
            }
            // "people from 212 villages have been moved": the villages are where, not who.
            let whence = matches!(text.low(start.wrapping_sub(1)), "from" | "in" | "across" | "at" | "of")
                && text.at(head).has(Class::BUILDING);
            if whence {
                continue;
            }
            // "12 people lost their lives", "300 people to leave their homes"
            let after = item.phrase.end;
            let told = self.told_after(after, start);
            if let Some((indicator, at)) = told
                && self.fits(k, indicator)
            {
                self.push(k, indicator, at..at + 1, false, true);
            }
        }
    }

    /// "forced 17,000 to leave", "drove 300 people out", "ordered 40 families to move": the verb before
    /// a figure that sends people away.
    fn driven(&self, start: usize) -> bool {
        start > self.sentence.start
            && matches!(
                self.text.low(start - 1),
                "forced"
                    | "forces"
                    | "forcing"
                    | "force"
                    | "drove"
                    | "driven"
                    | "drives"
                    | "driving"
                    | "pushed"
                    | "pushing"
                    | "prompted"
                    | "prompting"
                    | "compelled"
                    | "compelling"
                    | "obliged"
                    | "caused"
                    | "causing"
                    | "led"
                    | "leading"
                    | "asked"
                    | "ordered"
                    | "ordering"
                    | "told"
                    | "telling"
                    | "instructed"
                    | "out"
            )
            && (self.text.low(start - 1) != "out"
                || matches!(
                    self.text.low(start.wrapping_sub(2)),
                    "driven" | "drove" | "forced" | "driving" | "forcing"
                ))
    }

    /// Outcomes told by a phrase after the figure.
    fn told_after(&self, after: usize, start: usize) -> Option<(Indicator, usize)> {
        let text = self.text;
        let driven = self.driven(start);
        let moved = start > self.sentence.start
            && matches!(
                text.low(start - 1),
                "moved"
                    | "moving"
                    | "shifted"
                    | "shifting"
                    | "transferred"
                    | "transferring"
                    | "brought"
                    | "took"
                    | "ferried"
                    | "transported"
            );
        if text.low(start.wrapping_sub(1)) == "out" && driven {
            return Some((Indicator::Displaced, start - 1));
        }
        for k in after..(after + 20).min(self.sentence.end) {
            if matches!(text.at(k).sign, ';' | '.') && text.at(k).kind == Kind::Mark || text.at(k).is_quote()
            {
                break;
            }
            // Far from its figure only a subject without a break reaches its verb.
            if k >= after + 12 && (text.at(k).sign == ',' || self.item_starting(k).is_some()) {
                break;
            }
            let word = text.low(k);
            let second = text.low(k + 1);
            // What follows belongs to the next figure: "and another 11,300 have been relocated".
            if matches!(word, "and" | "but" | "while" | "whereas")
                && (k + 1..k + 4).any(|x| self.item_starting(x).is_some())
                && attribution::has_verb(text, after..k)
            {
                break;
            }
            let their = matches!(second, "their" | "his" | "her" | "the");
            match word {
                "to" if driven
                    && matches!(
                        second,
                        "leave" | "flee" | "evacuate" | "abandon" | "relocate" | "move" | "escape" | "seek"
                    ) =>
                {
                    return Some((Indicator::Displaced, k + 1));
                }
                "to" if moved
                    && (k + 1..k + 5).any(|x| {
                        matches!(
                            text.low(x),
                            "safer" | "safety" | "higher" | "shelter" | "shelters" | "camps"
                        )
                    }) =>
                {
                    return Some((Indicator::Displaced, start - 1));
                }
                "from" | "out"
                    if driven
                        && (k..k + 5).any(|x| matches!(text.low(x), "homes" | "houses" | "villages")) =>
                {
                    return Some((Indicator::Displaced, k));
                }
                "need"
                    if (text.low(k.wrapping_sub(1)) == "in" || text.low(k.wrapping_sub(2)) == "in")
                        && second == "of"
                        && (k..k + 6).any(|x| {
                            matches!(text.low(x), "assistance" | "aid" | "food" | "help" | "protection")
                        }) =>
                {
                    return Some((Indicator::Affected, k));
                }
                "siege" if text.low(k.wrapping_sub(1)) == "under" => return Some((Indicator::Affected, k)),
                "accommodated" | "housed" | "lodged" if text.at(k - 1).has(Class::BE) => {
                    return Some((Indicator::Displaced, k));
                }
                "unable" if second == "to" && text.low(k + 2) == "return" => {
                    return Some((Indicator::Displaced, k));
                }
                "without"
                    if matches!(second, "homes" | "home" | "roof")
                        || second == "a" && matches!(text.low(k + 2), "home" | "roof")
                        || second == "roofs" =>
                {
                    return Some((Indicator::Displaced, k));
                }
                "placed" | "put"
                    if text.at(k - 1).has(Class::BE)
                        && (k..k + 7).any(|x| matches!(text.low(x), "shelter" | "shelters" | "camps")) =>
                {
                    return Some((Indicator::Displaced, k));
                }
                "arrived" | "arriving"
                    if matches!(second, "in" | "at" | "from")
                        && text.at(after.wrapping_sub(1)).has(Class::PERSON)
                        && (self.in_flight
                            || matches!(text.low(after.wrapping_sub(1)), "households" | "families")) =>
                {
                    return Some((Indicator::Displaced, k));
                }
                "left"
                    if text.at(k - 1).has(Class::HAVE)
                        && (matches!(text.at(k + 1).sign, '.' | ',')
                            || matches!(second, "for" | "since"))
                        && text.at(after.wrapping_sub(1)).has(Class::CIVILIAN) =>
                {
                    return Some((Indicator::Displaced, k));
                }
                "shelter" | "shelters" | "housing" | "accommodation"
                    if (after.max(k.saturating_sub(5))..k).any(|x| {
                        text.low(x) == "need" && text.low(x + 1) == "of" || text.low(x) == "without"
                    }) =>
                {
                    return Some((Indicator::Displaced, k));
                }
                "lost" if their && matches!(text.low(k + 2), "homes" | "houses") => {
                    return Some((Indicator::Displaced, k));
                }
                "had"
                    if their
                        && matches!(text.low(k + 2), "homes" | "houses")
                        && matches!(text.low(k + 3), "destroyed" | "damaged" | "burned") =>
                {
                    return Some((
                        if text.low(k + 3) == "damaged" { Indicator::Damaged } else { Indicator::Displaced },
                        k + 3,
                    ));
                }
                "crossed"
                    if (second == "the" && text.low(k + 2) == "border" || second == "into")
                        && (after == start
                            || text.at(after - 1).has(Class::PERSON)
                                && !text.at(after - 1).has(Class::COMBATANT)
                            || text.at(after - 1).kind == Kind::Number) =>
                {
                    return Some((Indicator::Displaced, k));
                }
                "from" | "out"
                    if (after.saturating_sub(8)..after)
                        .any(|x| matches!(text.low(x), "forced" | "driven" | "drove" | "forcing"))
                        && (k..k + 5).any(|x| matches!(text.low(x), "homes" | "houses" | "villages")) =>
                {
                    return Some((Indicator::Displaced, k));
                }
                "moved"
                    if second == "to"
                        && (k..k + 6)
                            .any(|x| matches!(text.low(x), "safer" | "safety" | "shelters" | "higher")) =>
                {
                    return Some((Indicator::Displaced, k));
                }
                "lost" if their && matches!(text.low(k + 2), "lives" | "life") => {
                    return Some((Indicator::Killed, k));
                }
                "leave" | "left" | "leaving" | "abandon" | "abandoned" | "from"
                    if their
                        && matches!(
                            text.low(k + 2),
                            "homes" | "home" | "houses" | "villages" | "area" | "homeland"
                        )
                        && (word != "from"
                            || (after..k).any(|x| {
                                matches!(
                                    text.low(x),
                                    "driven" | "forced" | "displaced" | "moved" | "away" | "expelled"
                                )
                            })) =>
                {
                    return Some((Indicator::Displaced, k));
                }
                "take" | "taken" | "took" | "taking" | "seek" | "sought" | "seeking"
                    if matches!(second, "shelter" | "refuge") =>
                {
                    return Some((Indicator::Displaced, k));
                }
                "sheltering" | "sheltered" | "shelters" | "camping" | "camp" | "camps"
                    if word != "camp" || second == "in" =>
                {
                    return Some((Indicator::Displaced, k));
                }
                "moved" | "transported" | "relocated"
                    if (k..k + 8).any(|x| {
                        matches!(
                            text.low(x),
                            "shelters" | "shelter" | "safer" | "safety" | "camps" | "higher"
                        )
                    }) =>
                {
                    return Some((Indicator::Displaced, k));
                }
                "hostage" | "prisoner" | "captive"
                    if (after..k).any(|x| matches!(text.low(x), "taken" | "held" | "took")) || k == after =>
                {
                    return Some((Indicator::Captured, k));
                }
                "evacuate" | "flee" | "relocate"
                    if text.low(k.wrapping_sub(1)) == "to"
                        && !(after..k).any(|x| text.at(x).has(Class::MODAL)) =>
                {
                    return Some((Indicator::Displaced, k));
                }
                "out"
                    if second == "of"
                        && matches!(text.low(k + 2), "their")
                        && matches!(text.low(k + 3), "homes" | "houses") =>
                {
                    return Some((Indicator::Displaced, k));
                }
                "open"
                    if second != "to"
                        && text.low(k.wrapping_sub(1)) == "the"
                        && text.low(k.wrapping_sub(2)) == "in"
                        && (after..k).any(|x| {
                            matches!(text.low(x), "night" | "nights" | "living" | "sleeping" | "slept")
                        }) =>
                {
                    return Some((Indicator::Displaced, k));
                }
                "camps" | "camp" | "shelters" | "shelter" | "centres" | "centers" | "tents"
                    if (after..k).any(|x| matches!(text.low(x), "in" | "at"))
                        && (after..k).any(|x| {
                            matches!(
                                text.low(x),
                                "living"
                                    | "live"
                                    | "lived"
                                    | "staying"
                                    | "stay"
                                    | "stayed"
                                    | "accommodated"
                                    | "housed"
                                    | "were"
                                    | "are"
                                    | "remain"
                                    | "hosted"
                                    | "evacuation"
                            )
                        }) =>
                {
                    return Some((Indicator::Displaced, k));
                }
                "staying" | "living"
                    if second == "with"
                        && matches!(text.low(k + 2), "host" | "relatives" | "families" | "friends") =>
                {
                    return Some((Indicator::Displaced, k));
                }
                "hospital" | "hospitals"
                    if (after..k).any(|x| {
                        matches!(
                            text.low(x),
                            "taken" | "rushed" | "admitted" | "transported" | "flown" | "sent" | "airlifted"
                        )
                    }) =>
                {
                    return Some((Indicator::Wounded, k));
                }
                "refuge" if text.low(k.wrapping_sub(1)) == "taken" => return Some((Indicator::Displaced, k)),
                "moved" if second == "away" => return Some((Indicator::Displaced, k)),
                "migrated" => return Some((Indicator::Displaced, k)),
                "returned" if matches!(second, "to" | "home") => return Some((Indicator::Displaced, k)),
                "custody" => return Some((Indicator::Detained, k)),
                "alive" if (after..k).any(|x| matches!(text.low(x), "pulled" | "found" | "rescued")) => {
                    return Some((Indicator::Rescued, k));
                }
                "suffered" | "suffering" | "sustained" | "received" | "with"
                    if (k + 1..k + 8)
                        .take_while(|&x| {
                            text.at(x).is_word() && !text.at(x).has(Class::CONJUNCTION)
                                || text.at(x).kind == Kind::Dash
                        })
                        .any(|x| {
                            matches!(text.low(x), "injuries" | "wounds" | "injury")
                                && (word != "with"
                                    || matches!(text.low(x.wrapping_sub(1)), "gunshot" | "stab" | "bullet"))
                        })
                        && text.at(after.wrapping_sub(1)).has(Class::PERSON) =>
                {
                    return Some((Indicator::Wounded, k));
                }
                "treated"
                    if (k..k + 4).any(|x| matches!(text.low(x), "hospital" | "injuries" | "wounds")) =>
                {
                    return Some((Indicator::Wounded, k));
                }
                _ => {}
            }
        }
        None
    }

    /// "the death toll rose to 30", "toll of 12", "putting the toll at 40".
    fn tolls(&mut self) {
        let text = self.text;
        let mut t = self.sentence.start;
        while t < self.sentence.end {
            let here = t;
            t += 1;
            if text.low(here) != "toll"
                || matches!(text.low(here.wrapping_sub(1)), "heavy" | "road" | "the" | "a")
                    && text.low(here.wrapping_sub(1)) != "the"
            {
                continue;
            }
            let injury = matches!(text.low(here.wrapping_sub(1)), "injury" | "wounded" | "injured");
            let indicator = if injury {
                Indicator::Wounded
            } else if text.low(here.wrapping_sub(1)) == "casualty" {
                Indicator::KilledOrWounded
            } else {
                Indicator::Killed
            };
            let limit = (here + 22).min(self.sentence.end);
            let first = self.items.partition_point(|i| i.tokens.start <= here);
            let candidates: Vec<usize> = (first..self.items.len())
                .take_while(|k| self.items.get(*k).is_some_and(|i| i.tokens.start < limit))
                .collect();
            let led = |k: usize| {
                let start = self.phrase_start(self.items.get(k).map_or(0, |i| i.tokens.start));
                let start = if text.before(start).kind == Kind::Open { start - 1 } else { start };
                matches!(
                    text.low(start.wrapping_sub(1)),
                    "to" | "at"
                        | "of"
                        | "is"
                        | "be"
                        | "was"
                        | "reached"
                        | "exceeded"
                        | "hit"
                        | "topped"
                        | "passed"
                        | "now"
                        | "stands"
                        | "surpassed"
                        | "past"
                        | "near"
                        | ":"
                ) || text.before(start).sign == ':'
            };
            let rising = |k: usize| {
                text.low(self.items.get(k).map_or(0, |i| self.phrase_start(i.tokens.start)).wrapping_sub(1))
                    == "to"
            };
            let pick = candidates
                .iter()
                .copied()
                .find(|&k| rising(k))
                .or_else(|| candidates.iter().copied().find(|&k| led(k)));
            // "The toll could reach 500", "is expected to rise above 500"
            let forecast = pick.and_then(|k| self.items.get(k)).is_some_and(|i| {
                (here..i.tokens.start).any(|x| {
                    matches!(text.low(x), "could" | "will" | "expected" | "likely" | "might" | "'ll")
                        || text.low(x) == "may" && text.low(x + 1) != "have"
                })
            });
            if let Some(k) = pick.filter(|_| !forecast)
                && !self.taken.get(k).copied().unwrap_or(true)
            {
                self.push(k, indicator, here..here + 1, false, true);
                if let Some(last) = self.found.last_mut() {
                    last.toll = true;
                }
            }
        }
    }

    /// "Number of displaced: 452", "Completely destroyed housing: 146".
    fn labels(&mut self) {
        let text = self.text;
        // "the number of displaced families is estimated to be 349"
        for t in self.sentence.clone() {
            if !matches!(text.low(t), "number" | "total") || text.low(t + 1) != "of" {
                continue;
            }
            let told = (t + 2..t + 9).take_while(|&x| text.at(x).is_word()).find_map(|x| {
                if matches!(text.low(x), "forced" | "driven")
                    && matches!(text.low(x + 1), "out" | "from" | "to")
                {
                    return Some((Indicator::Displaced, x));
                }
                outcome(text.low(x))
                    .filter(|(_, form)| matches!(form, Form::Participle | Form::Adjective | Form::Noun))
                    .map(|(i, _)| (i, x))
            });
            let Some((indicator, at)) = told else { continue };
            // "This brings to almost 274,000 the total number of people displaced"
            let lead = (t.saturating_sub(2)..=t).find(|&x| text.at(x).has(Class::DETERMINER)).unwrap_or(t);
            if let Some(k) = self.items.iter().position(|i| i.phrase.end == lead || i.tokens.end == lead)
                && text.low(self.items.get(k).map_or(0, |i| i.tokens.start).wrapping_sub(1)) == "to"
                && !self.taken.get(k).copied().unwrap_or(true)
                && self.fits(k, indicator)
            {
                self.push(k, indicator, at..at + 1, false, true);
                continue;
            }
            // "100,000 to 120,000 - the number of people that were displaced"
            if lead > self.sentence.start + 1
                && !text.at(lead - 1).is_word()
                && !matches!(text.at(lead - 1).sign, ':' | ',')
                && let Some(k) = self.items.iter().position(|i| i.tokens.end == lead - 1)
                && !self.taken.get(k).copied().unwrap_or(true)
                && self.fits(k, indicator)
            {
                self.push(k, indicator, at..at + 1, false, true);
                self.labelled(t + 2..at);
                continue;
            }
            let first = self.items.partition_point(|i| i.tokens.start <= at);
            let next = (first..self.items.len()).take(3).find(|&k| {
                let start = self.items.get(k).map_or(0, |i| i.tokens.start);
                start < at + 14
                    && matches!(
                        text.low(self.phrase_start(start).wrapping_sub(1)),
                        "be" | "at" | "to" | "is" | "was" | "reached" | "exceeded" | "stood"
                    )
            });
            if let Some(k) =
                next.filter(|&k| !self.taken.get(k).copied().unwrap_or(true) && self.fits(k, indicator))
            {
                self.push(k, indicator, at..at + 1, false, true);
            }
        }
        for k in 0..self.items.len() {
            if self.taken.get(k).copied().unwrap_or(true) {
                continue;
            }
            let Some(start) = self.items.get(k).map(|i| i.tokens.start) else { continue };
            let Some(colon) = start.checked_sub(1).filter(|c| {
                *c > self.sentence.start
                    && (text.at(*c).sign == ':'
                        || matches!(text.low(*c), "total" | "totalled" | "totaled" | "numbered" | "number"))
            }) else {
                continue;
            };
            let from = colon.saturating_sub(7).max(self.sentence.start);
            let told = (from..colon).rev().find_map(|x| match text.low(x) {
                "evacuation" | "evacuations" | "displacement" | "evacuees" => Some((Indicator::Displaced, x)),
                word => outcome(word)
                    .filter(|(_, form)| matches!(form, Form::Participle | Form::Adjective | Form::Noun))
                    .map(|(i, _)| (i, x)),
            });
            if let Some((indicator, at)) = told
                && self.fits(k, indicator)
            {
                self.push(k, indicator, at..at + 1, false, true);
                self.labelled(at + 1..colon);
            }
        }
        self.put_at();
        self.row();
    }

    /// "put the injured at 1,940", "the bulletin that has the displaced at 196,300": those whom an outcome
    /// befell, with "the", and their number.
    fn put_at(&mut self) {
        let text = self.text;
        for k in 0..self.items.len() {
            let Some(item) = self.items.get(k).filter(|_| !self.taken.get(k).copied().unwrap_or(true)) else {
                continue;
            };
            let at = self.phrase_start(item.tokens.start).wrapping_sub(1);
            let bare = item.counts.as_ref().is_none_or(|c| text.at(phrase::head(text, c)).has(Class::PERSON));
            if text.low(at) != "at" || at < self.sentence.start + 2 || !bare || item.implicit {
                continue;
            }
            let noun = at - 1;
            let Some((indicator, Form::Participle | Form::Adjective | Form::Noun)) = outcome(text.low(noun))
            else {
                continue;
            };
            let nominal = matches!(text.low(noun - 1), "the" | "its" | "their" | "his" | "her");
            if nominal && self.fits(k, indicator) {
                self.push(k, indicator, noun..noun + 1, false, true);
            }
        }
    }

    /// The figure just found counts what its label names, unless it names it itself.
    fn labelled(&mut self, label: Range<usize>) {
        let text = self.text;
        let noun = label.clone().find(|&x| {
            text.at(x).has(Class::PERSON.or(Class::BUILDING).or(Class::THING)) || text.low(x) == "housing"
        });
        if let (Some(last), Some(noun)) = (self.found.last_mut(), noun) {
            last.item.counts.get_or_insert(noun..noun + 1);
        }
    }

    /// "Damaged houses 91,808": a row of a table, label and figure and nothing else.
    fn row(&mut self) {
        let text = self.text;
        let first = self.sentence.start;
        let word = if text.at(first).has(Class::ADVERB) { first + 1 } else { first };
        let Some((indicator, Form::Participle | Form::Adjective)) = outcome(text.low(word)) else { return };
        let Some(start) =
            self.items.first().map(|i| i.tokens.start).filter(|s| *s > word + 1 && *s < word + 6)
        else {
            return;
        };
        let label = (word + 1..start).all(|x| phrase::nounish(text, x) || text.at(x).sign == '/');
        let end = self.items.first().map_or(start, |i| i.phrase.end);
        let closed = end >= self.sentence.end || matches!(text.at(end).sign, '(' | ';' | '.' | ',');
        if let Some(told) = self.found.iter_mut().find(|f| label && f.item.tokens.start == start) {
            told.item.counts.get_or_insert(word + 1..start);
            return;
        }
        if label && closed && !self.taken.first().copied().unwrap_or(true) && self.fits(0, indicator) {
            self.push(0, indicator, word..word + 1, false, true);
            self.labelled(word + 1..start);
        }
    }

    /// "including three children", "among them 48 civilians", "five of them".
    fn parts(&mut self) {
        let text = self.text;
        for k in 0..self.items.len() {
            let Some(item) = self.items.get(k).cloned() else { continue };
            let start = self.phrase_start(item.tokens.start);
            let led = (1..=3).any(|back| {
                start >= self.sentence.start + back
                    && (matches!(text.low(start - back), "including" | "included" | "includes")
                        || matches!(text.low(start - back), "them" | "whom" | "which" | "these")
                            && matches!(text.low(start.wrapping_sub(back + 1)), "among" | "of"))
                    && (start - back..start).all(|x| text.at(x).is_word())
            });
            let of_them = text.low(item.phrase.end) == "of"
                && matches!(text.low(item.phrase.end + 1), "them" | "whom" | "these" | "those");
            let chained = k > 0
                && self.found.iter().any(|f| {
                    f.part_of.is_some() && self.items.get(k - 1).is_some_and(|p| p.tokens == f.item.tokens)
                })
                && self.items.get(k - 1).is_some_and(|p| self.coordinated(p.phrase.end, start));
            if !(led || of_them || chained) {
                continue;
            }
            // "Including three children, 12 people were killed": the whole stands after.
            let opens = (1..=3).any(|back| {
                start == self.sentence.start + back && text.low(self.sentence.start) == "including"
            });
            if opens {
                let own = self.found.iter().position(|f| f.item.tokens == item.tokens);
                let whole = (0..self.found.len()).find(|&f| {
                    self.found
                        .get(f)
                        .is_some_and(|f| f.item.tokens.start > item.tokens.start && f.part_of.is_none())
                });
                let Some((whole, figure)) = whole.and_then(|w| Some((w, self.found.get(w).cloned()?))) else {
                    continue;
                };
                let own = own.or_else(|| {
                    (!self.taken.get(k).copied().unwrap_or(true)).then(|| {
                        self.push(k, figure.indicator, figure.trigger.clone(), figure.denied, false);
                        self.found.len() - 1
                    })
                });
                if let Some(part) = own.and_then(|o| self.found.get_mut(o)) {
                    part.part_of = Some(whole);
                }
                continue;
            }
            // The whole stands before, in the same sentence.
            let mut whole = None;
            for (index, figure) in self.found.iter().enumerate() {
                let before = figure.item.tokens.start < item.tokens.start
                    && figure.item.tokens != item.tokens
                    && figure.part_of.is_none();
                if before
                    && whole.is_none_or(|w: usize| {
                        self.found.get(w).is_some_and(|o| o.item.tokens.start < figure.item.tokens.start)
                    })
                {
                    whole = Some(index);
                }
            }
            if let Some(own) = self.found.iter().position(|f| f.item.tokens == item.tokens) {
                if let Some(figure) = self.found.get_mut(own) {
                    figure.part_of = whole.filter(|w| *w != own);
                }
                continue;
            }
            if let Some(whole) = whole {
                let Some(figure) = self.found.get(whole).cloned() else { continue };
                if self.taken.get(k).copied().unwrap_or(true) || !self.fits(k, figure.indicator) {
                    continue;
                }
                self.push(k, figure.indicator, figure.trigger.clone(), figure.denied, false);
                if let Some(last) = self.found.last_mut() {
                    last.part_of = Some(whole);
                }
            }
        }
    }
}

/// Where a list that tells a number apart may begin and end at most.
const TOLD_APART: usize = 8;

impl Joiner<'_, '_> {
    /// "Two people, a man and a woman, were killed": a list between commas that adds up to the number before it
    /// says who they were.
    fn told_apart(&mut self) {
        let text = self.text;
        for whole in 0..self.found.len() {
            let Some(figure) = self.found.get(whole).filter(|f| f.part_of.is_none() && !f.item.implicit)
            else {
                continue;
            };
            let (end, indicator, number) = (figure.item.phrase.end, figure.indicator, figure.item.best);
            if text.at(end).sign != ',' {
                continue;
            }
            let first = self.items.partition_point(|item| item.tokens.start < end);
            let (mut edge, mut sum, mut list) = (end, 0.0, Vec::new());
            for item in self.items.iter().skip(first).take(TOLD_APART) {
                let start = self.phrase_start(item.tokens.start);
                if !(start == end + 1 || edge > end && self.coordinated(edge, start)) {
                    break;
                }
                sum += item.best.unwrap_or(f64::NAN);
                edge = item.phrase.end;
                list.push(item.tokens.start);
            }
            if list.len() < 2 || Some(sum) != number || text.at(edge).sign != ',' {
                continue;
            }
            for figure in self.found.iter_mut().filter(|f| f.indicator == indicator && f.part_of.is_none()) {
                if list.contains(&figure.item.tokens.start) {
                    figure.part_of = Some(whole);
                }
            }
        }
    }
}

fn combine(a: Indicator, b: Indicator) -> Indicator {
    use Indicator::*;
    match (a, b) {
        _ if a == b => a,
        (Affected, other) | (other, Affected) => other,
        (Killed | KilledOrWounded, Wounded | KilledOrWounded)
        | (Wounded | KilledOrWounded, Killed | KilledOrWounded) => KilledOrWounded,
        (Destroyed | DestroyedOrDamaged, Damaged | DestroyedOrDamaged)
        | (Damaged | DestroyedOrDamaged, Destroyed | DestroyedOrDamaged) => DestroyedOrDamaged,
        _ => a,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{quantity, token};

    fn told(source: &str) -> Vec<(String, Indicator)> {
        let text = token::read(source);
        let quantities = quantity::scan(&text, &vec![false; text.len()]);
        let sentence = 0..text.len();
        let items = items(&text, &sentence, &quantities);
        figures(&text, &sentence, &items, true)
            .iter()
            .map(|f| (text.words(&f.item.tokens).to_owned(), f.indicator))
            .collect()
    }

    fn pairs(list: &[(&str, Indicator)]) -> Vec<(String, Indicator)> {
        list.iter().map(|(t, i)| ((*t).to_owned(), *i)).collect()
    }

    #[test]
    fn active_and_passive_are_told_apart() {
        use Indicator::*;
        assert_eq!(
            told("The blast killed at least 12 people and wounded 30."),
            pairs(&[("at least 12", Killed), ("30", Wounded)])
        );
        assert_eq!(
            told("At least 12 people were killed and 30 wounded."),
            pairs(&[("At least 12", Killed), ("30", Wounded)])
        );
        assert_eq!(
            told("62 Taleban and 45 civilians have been killed."),
            pairs(&[("62", Killed), ("45", Killed)])
        );
    }

    #[test]
    fn two_outcomes_may_share_a_number() {
        use Indicator::*;
        assert_eq!(
            told(
                "Dozens of armoured vehicles were destroyed or disabled, hundreds of soldiers were killed or wounded."
            ),
            pairs(&[("Dozens", DestroyedOrDamaged), ("hundreds", KilledOrWounded)])
        );
    }

    #[test]
    fn a_list_between_commas_that_adds_up_to_the_number_tells_who_they_were() {
        let parts = |source: &str| -> Vec<bool> {
            let text = token::read(source);
            let quantities = quantity::scan(&text, &vec![false; text.len()]);
            let sentence = 0..text.len();
            let items = items(&text, &sentence, &quantities);
            figures(&text, &sentence, &items, true).iter().map(|f| f.part_of.is_some()).collect()
        };
        assert_eq!(parts("Two people, a man and a woman, were killed in the strike."), [false, true, true]);
        assert_eq!(parts("Three soldiers, a nurse and a driver were killed."), [false, false, false]);
    }

    #[test]
    fn whose_people_were_killed_counts_nobody() {
        for (text, counted) in [
            ("Fourteen pupils of a boarding school were killed.", "Fourteen pupils"),
            ("Three residents of a village died.", "Three residents"),
            ("The toll included 14 pupils of a boarding school.", "14 pupils"),
        ] {
            let told = told(text);
            assert_eq!(told.len(), 1, "{text}: {told:?}");
            assert_eq!(told[0].1, Indicator::Killed, "{text}");
            assert!(counted.starts_with(&told[0].0), "{text}: {told:?}");
        }
        assert_eq!(told("He reported the death of a man."), pairs(&[("a man", Indicator::Killed)]));
    }

    #[test]
    fn one_person_counts_as_one() {
        use Indicator::*;
        assert_eq!(
            told("A US soldier was killed and six others wounded."),
            pairs(&[("A US soldier", Killed), ("six", Wounded)])
        );
    }

    #[test]
    fn tolls_bodies_and_lives_are_deaths() {
        use Indicator::*;
        assert_eq!(told("The death toll rose from 20 to 34."), pairs(&[("34", Killed)]));
        assert_eq!(told("The bodies of eight victims were recovered."), pairs(&[("eight", Killed)]));
        assert_eq!(told("The bombers claimed the lives of 33 people."), pairs(&[("33", Killed)]));
    }

    #[test]
    fn a_sub_count_is_tied_to_its_total() {
        let text = token::read("Twelve people were killed, including three children.");
        let quantities = quantity::scan(&text, &vec![false; text.len()]);
        let sentence = 0..text.len();
        let all = figures(&text, &sentence, &items(&text, &sentence, &quantities), true);
        assert_eq!(all.iter().map(|f| f.part_of).collect::<Vec<_>>(), [None, Some(0)]);
    }

    #[test]
    fn displacement_is_told_in_many_ways() {
        use Indicator::*;
        for (source, number) in [
            ("3,000 were in shelters.", "3,000"),
            ("299 families are in need of emergency shelter.", "299"),
            ("This brings to almost 274,000 the total number of people displaced.", "almost 274,000"),
        ] {
            assert!(told(source).contains(&(number.to_owned(), Displaced)), "{source}: {:?}", told(source));
        }
    }

    #[test]
    fn whoever_is_sent_from_home_is_displaced() {
        use Indicator::*;
        for (source, number) in [
            ("The fire forced 2,500 people out of their homes.", "2,500"),
            ("The dam break sent water downhill and forced 17,000 to leave the valley.", "17,000"),
            ("Soldiers moved 3,400 villagers to higher ground.", "3,400"),
            ("Shelling has driven out 15,000 residents.", "15,000"),
            ("The mayor ordered the evacuation of, at the latest count, 630 people.", "630"),
            ("Of 40 families 31 had fled, including 12 families who fled twice.", "12"),
            ("More than 90 persons became homeless.", "More than 90"),
            ("Up to 60 families are staying in tents.", "Up to 60"),
            ("More than 800 people spent the night in the open.", "More than 800"),
            ("Reports said 500 of the 4,000 villagers had left.", "500"),
            ("Around 70 families arrived in the valley after fleeing the clashes.", "Around 70"),
        ] {
            assert!(told(source).contains(&(number.to_owned(), Displaced)), "{source}: {:?}", told(source));
        }
    }

    #[test]
    fn others_in_other_places_fare_alike() {
        use Indicator::*;
        assert_eq!(
            told("Twelve people were killed in Kyiv and five in Kharkiv."),
            pairs(&[("Twelve", Killed), ("five", Killed)])
        );
        assert_eq!(
            told("Twelve people were killed in Kyiv and five in Kharkiv were hurt."),
            pairs(&[("Twelve", Killed), ("five", Wounded)])
        );
    }

    #[test]
    fn who_lies_in_hospital_beside_the_dead_was_wounded() {
        use Indicator::*;
        assert_eq!(
            told("The battalion had lost seven soldiers killed, with 19 in hospital and one missing."),
            pairs(&[("seven", Killed), ("19", Wounded), ("one", Missing)])
        );
        assert!(told("The town has 19 in hospital with influenza.").is_empty());
    }

    #[test]
    fn a_quoted_number_keeps_its_outcome() {
        assert_eq!(
            told("They repelled the raid, killing “dozens” of soldiers."),
            pairs(&[("dozens", Indicator::Killed)])
        );
    }

    #[test]
    fn who_kills_is_not_who_is_killed() {
        use Indicator::*;
        assert_eq!(
            told("A man killed his wife, two young children and his mother-in-law."),
            pairs(&[("his wife", Killed), ("two", Killed), ("his mother-in-law", Killed)])
        );
        assert!(told("A sergeant wounded the prisoner.").is_empty());
        assert_eq!(told("He stabbed two guards to death."), pairs(&[("two", Killed)]));
        assert_eq!(told("Three clerks were fatally shot."), pairs(&[("Three", Killed)]));
        assert_eq!(told("Twelve hurt Friday in the north."), pairs(&[("Twelve", Wounded)]));
    }

    #[test]
    fn an_age_counts_nobody() {
        assert!(told("The victim, 20, was pronounced dead.").is_empty());
        assert!(told("Killed: Dana Ruiz (22), shot near a bar").iter().all(|(n, _)| n != "22"));
    }

    #[test]
    fn buses_camps_and_earthquakes_are_not_displaced() {
        for source in [
            "The magnitude 6.3 earthquake displaced villagers.",
            "Ten buses had left the villages for the capital.",
            "One report said that houses had been destroyed.",
        ] {
            assert_eq!(told(source), [], "{source}");
        }
    }

    #[test]
    fn mud_buries_houses_and_people_bury_their_dead() {
        use Indicator::*;
        assert_eq!(
            told("Mud buried 27 homes and washed away 12 bridges."),
            pairs(&[("27", Destroyed), ("12", Destroyed)])
        );
        assert!(told("The town buried 27 victims on Friday.").is_empty());
    }

    #[test]
    fn a_row_of_a_table_counts_what_its_label_names() {
        let text = token::read("Destroyed houses 146");
        let quantities = quantity::scan(&text, &vec![false; text.len()]);
        let sentence = 0..text.len();
        let all = figures(&text, &sentence, &items(&text, &sentence, &quantities), false);
        let counted: Vec<_> =
            all.iter().filter_map(|f| f.item.counts.clone()).map(|c| text.words(&c)).collect();
        assert_eq!(counted, ["houses"]);
    }

    #[test]
    fn an_outcome_takes_its_own_figure() {
        use Indicator::*;
        assert_eq!(
            told("Nine people sustained minor injuries and another 11,300 have been relocated to safety."),
            pairs(&[("Nine", Wounded), ("11,300", Displaced)])
        );
    }

    #[test]
    fn none_is_a_figure_too() {
        use Indicator::*;
        assert_eq!(told("No casualties were reported."), pairs(&[("No", KilledOrWounded)]));
        assert_eq!(told("No one was hurt."), pairs(&[("No one", Wounded)]));
    }

    #[test]
    fn the_whole_may_stand_after_its_part_or_in_another_sentence() {
        let parts = |source: &str| {
            let text = token::read(source);
            let quantities = quantity::scan(&text, &vec![false; text.len()]);
            let sentence = 0..text.len();
            let items = items(&text, &sentence, &quantities);
            figures(&text, &sentence, &items, false).iter().map(|f| f.part_of).collect::<Vec<_>>()
        };
        assert_eq!(parts("Including four nurses, 31 people were killed."), [Some(1), None]);
        assert_eq!(told("Two nurses were among the injured."), pairs(&[("Two", Indicator::Wounded)]));
    }

    #[test]
    fn a_force_loses_tanks_and_men_and_a_party_loses_seats() {
        use Indicator::*;
        assert_eq!(
            told("The division lost 40 tanks and 300 soldiers."),
            pairs(&[("40", Destroyed), ("300", Killed)])
        );
        assert!(told("The party lost 40 seats.").is_empty());
    }

    #[test]
    fn a_share_in_words_is_not_its_whole() {
        assert!(told("Half of the 600 residents fled.").is_empty());
        assert!(told("Most of the 40 hostages were killed.").is_empty());
        assert_eq!(told("None of the 126 passengers was hurt."), pairs(&[("None", Indicator::Wounded)]));
    }

    #[test]
    fn who_is_shot_at_or_could_be_hurt_is_not_counted() {
        assert!(told("Five ambulances and two medics were shot at.").is_empty());
        assert_eq!(told("Two medics were shot at a party."), pairs(&[("Two", Indicator::KilledOrWounded)]));
        assert!(told("There could be more than 300 casualties.").is_empty());
    }

    #[test]
    fn a_limit_of_age_counts_nobody() {
        use Indicator::*;
        assert_eq!(told("Four boys under 16 were killed."), pairs(&[("Four", Killed)]));
        assert!(told("Children under five were wounded.").is_empty());
    }

    #[test]
    fn a_toll_that_may_come_is_no_figure() {
        for source in ["The toll could reach 500.", "The death toll is expected to rise to 90."] {
            assert!(told(source).is_empty(), "{source}");
        }
        assert_eq!(told("The toll was “nearer to 2,000”.").len(), 1);
    }

    #[test]
    fn questions_bills_and_animals_are_no_casualties() {
        for source in [
            "Dozens of questions died on his lips.",
            "The senate killed two bills and a proposal.",
            "Three bills died in committee.",
            "Two dead letters were found.",
            "Four talks were dead.",
            "The firm killed 12 jobs.",
            "They killed our battalion three times.",
            "The fire killed 3,000 hens and 20 deer.",
            "The party captured 12 seats and two towns.",
            "Three documents and 12 votes were missing.",
        ] {
            assert!(told(source).is_empty(), "{source}: {:?}", told(source));
        }
        use Indicator::*;
        assert_eq!(
            told("Three shepherds and two dancers died."),
            pairs(&[("Three", Killed), ("two", Killed)])
        );
        assert_eq!(told("Troops captured 30 conscripts."), pairs(&[("30", Captured)]));
        assert_eq!(told("The flood killed 12 cows and three people."), pairs(&[("three", Killed)]));
        assert_eq!(told("Troops captured two villages and 30 soldiers."), pairs(&[("30", Captured)]));
        assert_eq!(told("The raid killed 14 Seals."), pairs(&[("14", Killed)]));
    }

    #[test]
    fn the_noun_may_stand_before_its_number() {
        use Indicator::*;
        let counted = |source: &str| {
            let text = token::read(source);
            let quantities = quantity::scan(&text, &vec![false; text.len()]);
            let sentence = 0..text.len();
            figures(&text, &sentence, &items(&text, &sentence, &quantities), true)
                .iter()
                .map(|f| {
                    let counts = f.item.counts.as_ref().map_or("", |c| text.words(c));
                    (text.words(&f.item.tokens).to_owned(), counts.to_owned(), f.indicator)
                })
                .collect::<Vec<_>>()
        };
        let one = |number: &str, noun: &str, indicator| vec![(number.to_owned(), noun.to_owned(), indicator)];
        for (source, expected) in [
            (
                "They took prisoners, at least 160, of two brigades.",
                one("at least 160", "prisoners", Captured),
            ),
            ("The civilians, about 30, were killed in the raid.", one("about 30", "civilians", Killed)),
            ("Bodies, 14 in all, were recovered.", one("14", "Bodies", Killed)),
        ] {
            assert_eq!(counted(source), expected, "{source}");
        }
        for source in ["The boy, 12, was hurt.", "Two brothers, 14 and 12, were killed."] {
            assert!(counted(source).iter().all(|f| !matches!(f.0.as_str(), "12" | "14")), "{source}");
        }
    }

    #[test]
    fn some_of_the_wounded_die_and_families_have_members() {
        use Indicator::*;
        assert_eq!(told("Two of the wounded later died in hospital."), pairs(&[("Two", Killed)]));
        assert_eq!(told("Two of the wounded were children."), pairs(&[("Two", Wounded)]));
        assert_eq!(
            told("One man was killed and another was injured."),
            pairs(&[("One", Killed), ("another", Wounded)])
        );
        assert_eq!(told("The strike killed a family of five."), pairs(&[("a family of five", Killed)]));
        let text = token::read("Nearly 300 residents known to have been killed were buried.");
        let quantities = quantity::scan(&text, &vec![false; text.len()]);
        let items = items(&text, &(0..text.len()), &quantities);
        assert_eq!(items[0].counts.as_ref().map(|c| text.words(c)), Some("residents"));
    }

    #[test]
    fn ages_in_a_row_and_sorts_of_things_count_nobody() {
        use Indicator::*;
        assert_eq!(told("Two girls, 7 and 5, were killed."), pairs(&[("Two", Killed)]));
        assert_eq!(told("Three boys, 12, 14 and 15, were wounded."), pairs(&[("Three", Wounded)]));
        assert_eq!(
            told("Five men and one woman, all between the ages of 18 and 22, were killed."),
            pairs(&[("Five", Killed), ("one", Killed)])
        );
        assert_eq!(told("Six pupils aged 12 to 15 were hurt."), pairs(&[("Six", Wounded)]));
        assert_eq!(
            told("Strikes on two towns killed 12 and 5 people."),
            pairs(&[("12", Killed), ("5", Killed)])
        );
        assert!(told("The bomb destroyed the 11-floor building.").iter().all(|(n, _)| n != "11"));
        assert_eq!(told("A 12-strong crew was captured.").len(), 1);
    }

    #[test]
    fn those_whom_it_befell_may_be_put_at_a_number() {
        use Indicator::*;
        assert_eq!(
            told("The agency put the injured at 1,940 and the dead at 12."),
            pairs(&[("1,940", Wounded), ("12", Killed)])
        );
        assert_eq!(told("It had the displaced at 196,300."), pairs(&[("196,300", Displaced)]));
        assert!(told("He visited the wounded at two hospitals.").is_empty());
    }

    #[test]
    fn threats_and_conditions_are_no_figures() {
        assert!(told("He threatened to kill 12 people.").is_empty());
        assert!(told("A strike could kill 12 people.").is_empty());
    }
}
