//! Finds every quantity of a text: a number with the words that limit it, its unit or what it
//! counts. Whether it says that somebody was killed is decided elsewhere.

use crate::lexicon::Class;
use crate::number::{self, Number};
use crate::schema::Change;
use crate::token::{Kind, Text};
use domain::measure::{self, Bound};
use std::ops::Range;

/// A quantity in token places.
#[derive(Clone, Debug)]
pub struct Quantity {
    /// With the words that change its bound.
    pub tokens: Range<usize>,
    /// The number alone.
    pub core: Range<usize>,
    pub low: Option<f64>,
    pub best: Option<f64>,
    pub high: Option<f64>,
    pub bound: Bound,
    pub unit: Option<String>,
    /// The noun phrase that is counted.
    pub counts: Option<Range<usize>>,
    pub ordinal: bool,
    pub change: Option<Change>,
}

impl Quantity {
    /// Where the phrase with its noun ends.
    pub fn phrase_end(&self) -> usize {
        self.counts.as_ref().map_or(self.tokens.end, |c| c.end.max(self.tokens.end))
    }

    pub fn is_money(&self) -> bool {
        self.unit
            .as_deref()
            .is_some_and(|u| u.len() == 3 && u.bytes().all(|b| b.is_ascii_uppercase()) || is_currency_name(u))
    }

    /// "for twelve years", "48 hours".
    pub fn is_length_of_time(&self) -> bool {
        self.unit.as_deref().is_some_and(|u| {
            matches!(
                u,
                "second"
                    | "minute"
                    | "hour"
                    | "day"
                    | "week"
                    | "month"
                    | "year"
                    | "decade"
                    | "century"
                    | "night"
            )
        })
    }

    pub fn is_percent(&self) -> bool {
        self.unit.as_deref() == Some("%")
    }
}

/// All quantities, in order. `taken` tells the tokens that belong to dates.
pub fn scan(text: &Text<'_>, taken: &[bool]) -> Vec<Quantity> {
    let mut found = Vec::new();
    let mut i = 0;
    while i < text.len() {
        let token = text.at(i);
        let candidate = token.kind == Kind::Number
            || token.has(Class::NUMBER)
            || matches!(token.sign, '½' | '⅓' | '⅔' | '¼' | '¾' | '⅙')
            || token.is_word() && may_be_number(text, i)
            || is_percent_word(text.low(i)) && text.low(i + 1) == "of"
            || text.low(i) == "per" && text.low(i + 1) == "cent" && text.low(i + 2) == "of";
        if !candidate || taken.get(i).copied().unwrap_or(false) {
            i = if token.is_word() && token.sign.eq_ignore_ascii_case(&'h') && text.low(i).starts_with("http")
                || text.low(i) == "www"
            {
                end_of_address(text, i)
            } else {
                i + 1
            };
            continue;
        }
        match read(text, i, taken) {
            Some(Read::Quantity(quantity)) => {
                i = quantity.tokens.end.max(i + 1);
                if let Some(both) = found.last().and_then(|last: &Quantity| two_bounds(text, last, &quantity))
                {
                    found.pop();
                    found.push(both);
                    continue;
                }
                let quantity = match found.last() {
                    Some(last) => same_again(text, last, *quantity),
                    None => *quantity,
                };
                found.push(quantity);
            }
            Some(Read::Skip(end)) => i = end.max(i + 1),
            None => i += 1,
        }
    }
    found
}

/// "more than 100 kilometres (60 miles)", "lost 190 points, or 0.6%": the same amount told in another
/// unit is limited and moves as the first does.
fn same_again(text: &Text<'_>, first: &Quantity, second: Quantity) -> Quantity {
    let (end, start) = (first.tokens.end, second.tokens.start);
    let bracket = text.at(end).sign == '(' && start == end + 1;
    let slash = text.at(end).sign == '/' && start == end + 1;
    let other = text.at(end).sign == ',' && text.low(end + 1) == "or" && start == end + 2;
    let amounts =
        first.unit.is_some() && second.unit.is_some() && first.unit != second.unit && !second.is_percent();
    let moved = other && first.change.is_some() && second.change.is_none() && second.bound == Bound::Exact;
    let mut second = second;
    if moved {
        second.change = first.change;
    }
    if !(bracket || slash) || !amounts || second.bound != Bound::Exact || first.is_percent() {
        return second;
    }
    match first.bound {
        Bound::AtLeast => second.high = None,
        Bound::AtMost => second.low = None,
        Bound::About => {}
        _ => return second,
    }
    second.bound = first.bound;
    second
}

/// "above 1000 and below 1500": two bounds that make one range.
fn two_bounds(text: &Text<'_>, first: &Quantity, second: &Quantity) -> Option<Quantity> {
    let (low, high) = match (first.bound, second.bound) {
        (Bound::AtLeast, Bound::AtMost) => (first.low?, second.high?),
        (Bound::AtMost, Bound::AtLeast) => (second.low?, first.high?),
        _ => return None,
    };
    let between = first.tokens.end..second.tokens.start;
    let joined = between.len() <= 2
        && !between.is_empty()
        && between.clone().all(|k| matches!(text.low(k), "and" | "but" | ","));
    if !joined || low >= high || first.counts.is_some() || first.unit.is_some() && first.unit != second.unit {
        return None;
    }
    Some(Quantity {
        tokens: first.tokens.start..second.tokens.end,
        low: Some(low),
        best: None,
        high: Some(high),
        bound: Bound::Range,
        ..second.clone()
    })
}

enum Read {
    Quantity(Box<Quantity>),
    Skip(usize),
}

fn may_be_number(text: &Text<'_>, i: usize) -> bool {
    let word = text.low(i);
    let article = matches!(word, "a" | "an")
        && (text.at(i + 1).has(Class::NUMBER)
            || matches!(
                text.low(i + 1),
                "fifth"
                    | "third"
                    | "trillionth"
                    | "tenth"
                    | "sixth"
                    | "eighth"
                    | "fourth"
                    | "hundredth"
                    | "millionth"
            ));
    article
        || matches!(
            word,
            "first"
                | "second"
                | "third"
                | "fourth"
                | "fifth"
                | "sixth"
                | "seventh"
                | "eighth"
                | "ninth"
                | "tenth"
                | "eleventh"
                | "twelfth"
                | "thirteenth"
                | "fourteenth"
                | "fifteenth"
                | "sixteenth"
                | "seventeenth"
                | "eighteenth"
                | "nineteenth"
                | "twentieth"
                | "thirtieth"
                | "hundredth"
        )
}

fn end_of_address(text: &Text<'_>, i: usize) -> usize {
    let mut end = i + 1;
    while end < text.len() && !text.at(end).gap {
        end += 1;
    }
    end
}

fn is_percent_word(word: &str) -> bool {
    matches!(word, "percent" | "percents" | "percentage" | "pct" | "percentages")
}

fn read(text: &Text<'_>, i: usize, taken: &[bool]) -> Option<Read> {
    // "percent of twenty", "per cent of 210"
    let apart = text.low(i) == "per" && text.low(i + 1) == "cent";
    if is_percent_word(text.low(i)) || apart {
        let first = if apart { i + 3 } else { i + 2 };
        let number = number::read(text, first)?;
        return Some(Read::Quantity(Box::new(Quantity {
            tokens: i..number.end,
            core: first..number.end,
            low: Some(number.value),
            best: Some(number.value),
            high: Some(number.value),
            bound: Bound::Exact,
            unit: Some("%".into()),
            counts: None,
            ordinal: false,
            change: None,
        })));
    }
    if let Some(vague) = vague(text, i) {
        return Some(Read::Quantity(Box::new(vague)));
    }
    let number = number::read(text, i)?;
    if let Some(end) = not_a_quantity(text, i, &number) {
        return Some(Read::Skip(end));
    }
    if number.ordinal {
        if text.low(number.end) == "half" || text.low(number.end) == "quarter" {
            return Some(Read::Skip(number.end + 1));
        }
        let one = Some(number.value);
        return Some(Read::Quantity(Box::new(Quantity {
            tokens: i..number.end,
            core: i..number.end,
            low: one,
            best: one,
            high: one,
            bound: Bound::Exact,
            unit: None,
            counts: None,
            ordinal: true,
            change: None,
        })));
    }
    Some(Read::Quantity(Box::new(build(text, i, number, taken))))
}

/// Nouns whose number names one of them.
const NUMBERED: &[&str] = &[
    "resolution",
    "flight",
    "article",
    "route",
    "highway",
    "interstate",
    "section",
    "chapter",
    "page",
    "room",
    "runway",
    "channel",
    "number",
    "no.",
    "nos.",
    "phase",
    "part",
    "level",
    "unit",
    "gate",
    "bus",
    "line",
    "volume",
    "season",
    "episode",
    "class",
    "formula",
    "type",
    "model",
    "version",
    "station",
    "category",
    "stoxx",
    "ftse",
    "nikkei",
    "nasdaq",
    "russell",
    "district",
    "precinct",
    "ward",
    "zone",
    "sector",
    "division",
    "squadron",
    "apartment",
    "suite",
    "figure",
    "table",
    "appendix",
    "proposition",
    "amendment",
    "title",
    "group",
    "opus",
    "b",
    "mark",
    "chap",
    "windows",
    "covid",
    "exit",
    "lot",
];

/// What a number that counts nothing spans: times of day, addresses, parts of names.
fn not_a_quantity(text: &Text<'_>, i: usize, number: &Number) -> Option<usize> {
    let end = number.end;
    let before = text.before(i);
    let glued = !text.at(i).gap && i > 0;
    let low = text.low(i);
    // "a mother-of-two": children nobody counts here.
    if glued
        && before.kind == Kind::Dash
        && text.low(i.wrapping_sub(2)) == "of"
        && text.before(i.wrapping_sub(2)).kind == Kind::Dash
    {
        return Some(end);
    }
    if text.at(i).kind == Kind::Number {
        let dashed =
            before.kind == Kind::Dash && glued && !before.gap && text.at(i.wrapping_sub(2)).is_word();
        if dashed
            && (text.at(i.wrapping_sub(2)).capital || text.low(i.wrapping_sub(2)).len() <= 2)
            && !text.at(i.wrapping_sub(2)).has(Class::MONTH)
            && text.low(i.wrapping_sub(2)) != "under"
        {
            return Some(end);
        }
        // Results of games: "2-1", "2-2".
        let score = text.at(end).kind == Kind::Dash
            && !text.at(end).gap
            && text.at(end + 1).kind == Kind::Number
            && !text.at(end + 1).gap
            && low.len() <= 3;
        if score
            && number::digits(low)
                .zip(number::digits(text.low(end + 1)))
                .is_some_and(|(a, b)| a >= b && b < 60.0)
        {
            return Some(end + 2);
        }
        // "5:30", "192.168.0.1", "+1-222-2222"
        if text.at(end).sign == ':' && text.at(end + 1).kind == Kind::Number && !text.at(end + 1).gap {
            return Some(end + 2);
        }
        // Coordinates: "35.0325°N", "43.6463889".
        let fine = low.split_once('.').is_some_and(|(_, tail)| tail.len() >= 5);
        let angle = text.at(end).sign == '°'
            && (text.at(end + 1).kind == Kind::Number && !text.at(end + 1).gap
                || matches!(text.low(end + 1), "n" | "s" | "e" | "w"));
        // "33.783; 44.500": latitude and longitude.
        let decimals = |word: &str| word.split_once('.').is_some_and(|(_, tail)| tail.len() >= 3);
        let pair = decimals(low)
            && (text.at(end).sign == ';' && decimals(text.low(end + 1))
                || before.sign == ';' && decimals(text.low(i.wrapping_sub(2))));
        // "[3]": a note.
        let note = before.sign == '[' && !before.gap && text.at(end).sign == ']' && i > 1;
        if pair || note {
            return Some(end);
        }
        let beside = matches!(text.at(end).sign, ';' | '°' | '/') || matches!(before.sign, ';' | '/');
        if fine && beside || angle || matches!(before.sign, '°' | '′') && glued {
            return Some(end);
        }
        if number::digits(low).is_none() {
            return Some(end);
        }
        let mut chain = end;
        let mut links = 0;
        while text.at(chain).kind == Kind::Dash
            && text.at(chain + 1).kind == Kind::Number
            && !text.at(chain).gap
            && !text.at(chain + 1).gap
            && links < 8
        {
            chain += 2;
            links += 1;
        }
        if links >= 2
            || links == 1
                && (text.low(end + 1).len() >= 4 && low.len() == 3
                    || text.low(end + 1).starts_with('0') && text.low(end + 1).len() == 2)
        {
            return Some(chain);
        }
        if glued && matches!(before.sign, '/' | '#' | '@') || before.sign == '_' {
            return Some(end);
        }
        if before.sign == ')' && glued {
            return Some(end);
        }
    }
    if matches!(text.low(end), "a.m." | "p.m." | "am" | "pm" | "o'clock" | "gmt" | "hrs")
        && number.value <= 2400.0
    {
        return Some(end + 1);
    }
    if low == "one" && !number.fraction {
        let previous = text.low(i.wrapping_sub(1));
        let next = text.low(i + 1);
        // "and that one was missing": the conjunction, not "that one".
        let told =
            previous == "that" && text.low(i.wrapping_sub(2)) == "and" && text.at(i + 1).has(Class::BE);
        if !told
            && matches!(
                previous,
                "no" | "the"
                    | "this"
                    | "that"
                    | "which"
                    | "any"
                    | "every"
                    | "each"
                    | "some"
                    | "another"
                    | "first"
                    | "last"
                    | "only"
                    | "new"
                    | "good"
                    | "big"
                    | "other"
            )
            && !matches!(previous, "the" | "only")
            || matches!(next, "another" | "'s" | "thing" | "else")
            || previous == "the" && !text.at(i + 1).is_word()
            || previous == "the"
                && matches!(next, "that" | "who" | "i" | "you" | "we" | "which" | "in" | "with")
            || text.at(i + 1).kind == Kind::Dash
                && !text.at(i + 1).gap
                && !text.at(i + 2).has(Class::NUMBER)
                && text.low(i + 2) != "year"
                && text.low(i + 2) != "third"
                && !is_currency_word(text.low(i + 2))
            || matches!(previous, "the" | "a") && text.at(i + 1).has(Class::BE)
        {
            return Some(i + 1);
        }
    }
    if number.fraction
        && low == "half"
        && (matches!(text.low(end), "-" | "time" | "brother" | "sister" | "way" | "mast")
            || text.at(end).kind == Kind::Dash && !text.at(end).gap)
    {
        return Some(end);
    }
    // "Resolution 2128", "iPhone 11", "Flight 409": a number that names.
    if number.plain_digits
        && before.is_word()
        && text.at(i).gap
        && i > 0
        && before.paragraph == text.at(i).paragraph
    {
        let label = text.low(i - 1);
        let noun_follows = text.at(end).is_word()
            && text.at(end).gap
            && !text.at(end).has(
                Class::PREPOSITION
                    .or(Class::CONJUNCTION)
                    .or(Class::BE)
                    .or(Class::HAVE)
                    .or(Class::MODAL)
                    .or(Class::VERB),
            );
        if NUMBERED.contains(&label) && (before.capital || !noun_follows) {
            return Some(end);
        }
        let starts = text.at(i.wrapping_sub(2)).kind == Kind::Nothing
            || matches!(text.at(i.wrapping_sub(2)).sign, '.' | '!' | '?' | ':')
            || text.at(i.wrapping_sub(2)).paragraph != before.paragraph;
        let camel = text.words(&(i - 1..i)).chars().skip(1).any(char::is_uppercase);
        let name = (text.is_name(i - 1) || camel && !text.upper_case)
            && !starts
            && !before.has(
                Class::MONTH
                    .or(Class::WEEKDAY)
                    .or(Class::PREPOSITION)
                    .or(Class::DETERMINER)
                    .or(Class::SAY)
                    .or(Class::STARTER),
            )
            && !is_currency_word(label);
        let next = text.at(end);
        let counts = next.is_word()
            && next.gap
            && !next.capital
            && !next.has(
                Class::PREPOSITION
                    .or(Class::CONJUNCTION)
                    .or(Class::BE)
                    .or(Class::HAVE)
                    .or(Class::MODAL)
                    .or(Class::SUBORDINATOR)
                    .or(Class::VERB)
                    .or(Class::PRONOUN)
                    .or(Class::ADVERB)
                    .or(Class::DETERMINER),
            )
            || matches!(next.sign, '%' | '-')
            || matches!(text.low(end), "percent" | "per");
        let shown_in_name = number.value < 3000.0 && !low.contains(',') && !low.contains('.');
        if name && shown_in_name && (!counts || next.capital) && !matches!(next.sign, '-') {
            return Some(end);
        }
    }
    None
}

/// Vague words: "dozens", "several hundred", "tens of thousands", "a few".
fn vague(text: &Text<'_>, i: usize) -> Option<Quantity> {
    let word = text.low(i);
    let article = word == "a";
    let head = if article { text.low(i + 1) } else { word };
    let at = if article { i + 1 } else { i };
    let plural_scale =
        matches!(head, "tens" | "dozens" | "scores" | "hundreds" | "thousands" | "millions" | "billions");
    let (low, high, end) = if plural_scale && !article {
        if head == "scores"
            && text.low(at + 1) != "of"
            && !text.at(at + 1).has(Class::PERSON.or(Class::ADVERB))
            && !text.at(at + 1).has(Class::BE)
        {
            return None;
        }
        if text.low(at + 1) == "of" && matches!(text.low(at + 2), "thousands" | "millions" | "billions") {
            let entry = match (head, text.low(at + 2)) {
                ("tens", "thousands") => "tens of thousands",
                ("hundreds", "thousands") => "hundreds of thousands",
                ("tens", "millions") => "tens of millions",
                ("hundreds", "millions") => "hundreds of millions",
                _ => head,
            };
            let entry = measure::vague(entry)?;
            (entry.low, entry.high, at + 3)
        } else {
            let entry = measure::vague(head)?;
            (entry.low, entry.high, at + 1)
        }
    } else if matches!(head, "several" | "few" | "couple") && (!article || matches!(head, "few" | "couple")) {
        if !article && matches!(head, "few" | "couple") {
            return None;
        }
        let mut end = at + 1;
        if head == "couple" && text.low(end) == "of" {
            end += 1;
        }
        let base = measure::vague(match head {
            "several" => "several",
            "few" => "a few",
            _ => "a couple",
        })?;
        match number::scale_word(text.low(end)).filter(|_| text.low(end).len() > 3) {
            Some(scale) => (base.low * scale, base.high.map(|h| (h + 1.0) * scale - 1.0), end + 1),
            None if head == "couple" && (end == at + 1 || !text.at(end).is_word()) => return None,
            None => (base.low, base.high, if head == "couple" { at + 1 } else { end }),
        }
    } else {
        return None;
    };
    let (start, _) = bound_before(text, i);
    let mut quantity = Quantity {
        tokens: start..end,
        core: i..end,
        low: Some(low),
        best: None,
        high,
        bound: Bound::Vague,
        unit: None,
        counts: None,
        ordinal: false,
        change: None,
    };
    let after = if text.low(end) == "of" || text.low(end) == "more" { end + 1 } else { end };
    let (unit, unit_end) = unit_after(text, after).map_or((None, end), |(u, e)| (Some(u), e));
    quantity.tokens.end = unit_end.max(end).max(quantity.tokens.end.min(end));
    if unit.is_none() {
        quantity.tokens.end = end;
        quantity.counts = counted(text, after);
    }
    quantity.unit = unit;
    Some(quantity)
}

fn build(text: &Text<'_>, i: usize, first: Number, taken: &[bool]) -> Quantity {
    let (mut start, mut sign) = (i, 1.0);
    // "- 10 k" is a sign only where nothing else stands: before words it is a bullet.
    let alone = i == 1 && first.end >= text.len();
    if text.before(i).kind == Kind::Dash
        && text.at(i).kind == Kind::Number
        && (!text.at(i).gap && (text.before(i).gap || i == 1) || alone)
        || matches!(text.low(i.wrapping_sub(1)), "minus" | "negative")
    {
        start = i - 1;
        sign = -1.0;
    }
    if sign > 0.0
        && text.before(i).kind == Kind::Dash
        && !text.at(i).gap
        && !text.before(i).gap
        && matches!(text.low(i.wrapping_sub(2)), "minus" | "negative")
    {
        start = i - 2;
        sign = -1.0;
    }
    let mut low = first.value * sign;
    let mut high = low;
    let mut end = first.end;
    let mut range = false;
    let (mut unit, unit_start) = currency_before(text, start).map_or((None, start), |(u, s)| (Some(u), s));
    start = unit_start;
    if unit.is_some()
        && sign > 0.0
        && text.before(start).kind == Kind::Dash
        && !text.at(start).gap
        && text.before(start).gap
    {
        start -= 1;
        low = -low;
        high = low;
    }
    let mut first_unit_end = end;
    if unit.is_none()
        && let Some((u, e)) = unit_after(text, end)
    {
        (unit, first_unit_end) = (Some(u), e);
        // "75 USD million"
        if first.scale == 1.0
            && unit.as_deref().is_some_and(|u| u.len() == 3 && code_currency(&u.to_lowercase()).is_some())
            && let Some(scale) =
                number::scale_word(text.low(e)).filter(|s| *s >= 1000.0 && text.low(e).len() > 3)
        {
            low *= scale;
            high = low;
            first_unit_end = e + 1;
        }
    }
    // The other end of a range.
    let link = if first_unit_end > end && matches!(text.low(first_unit_end), "to" | "and") {
        first_unit_end
    } else {
        end
    };
    if let Some((number, from)) = other_end(text, start, link, &first, taken) {
        let mut a = first.value;
        if first.scale < 1000.0
            && number.scale >= 1000.0
            && a * number.scale <= number.value
            && !text.low(i).contains(',')
        {
            a *= number.scale;
        }
        let joined_by_or = text.low(link) == "or"
            || text.low(link) == "and" && !matches!(text.low(start.wrapping_sub(1)), "between");
        if a * sign < number.value && !(joined_by_or && number.value != a + 1.0) {
            (low, high, range, end) = (a * sign, number.value, true, number.end);
            start = from;
            if first_unit_end > link || link == first_unit_end && unit.is_some() {
                // unit stood after the first number too
            }
            if let Some((u, e)) = unit_after(text, end)
                && (unit.is_none() || e > end)
            {
                unit = unit.or(Some(u));
                end = e;
            }
            first_unit_end = end;
        }
    }
    if !range {
        end = first_unit_end.max(end);
        if let (Some(u), Some((cents, e))) = (unit.as_deref(), cents_after(text, end))
            && u.len() == 3
        {
            low += cents;
            high = low;
            end = e;
        }
    } else {
        end = end.max(first_unit_end);
    }
    // "70 a share", "60 miles per hour"
    let core = i..end;
    if let Some(rate) = unit.as_ref().and_then(|_| rate_after(text, end)) {
        unit = unit.map(|u| format!("{u} per {}", rate.0));
    }
    let (bound_start, before) = bound_before(text, start);
    let (after_end, after) = bound_after(text, end);
    let before_said = before.filter(|b| *b != Bound::About || after.is_none());
    let bound = if range { Bound::Range } else { before_said.or(after).unwrap_or(Bound::Exact) };
    if before.is_some() || range && bound_start < start {
        start = bound_start;
    }
    if after.is_some() && before.is_none() {
        end = after_end;
    }
    let (low, best, high) = match bound {
        Bound::AtLeast => (Some(low), Some(low), None),
        Bound::AtMost => (None, Some(high), Some(high)),
        Bound::Range => (Some(low), None, Some(high)),
        _ => (Some(low), Some(low), Some(high)),
    };
    // Millions of pounds are money, not weight.
    if unit.as_deref() == Some("pound") && first.scale >= 1e5 {
        unit = Some("GBP".to_owned());
    }
    let counts = if unit.is_none() { counted(text, end) } else { None };
    let change = change_of(text, start, end)
        .filter(|_| matches!(bound, Bound::Exact | Bound::About))
        .or_else(|| match text.before(i).sign {
            '+' if unit.is_some() => Some(Change::Up),
            '-' | '−' if unit.as_deref() == Some("%") && sign < 0.0 => Some(Change::Down),
            _ => None,
        });
    Quantity { tokens: start..end, core, low, best, high, bound, unit, counts, ordinal: false, change }
}

/// The second number of a range that begins with the number before `link`, and where the range begins.
fn other_end(
    text: &Text<'_>,
    start: usize,
    link: usize,
    first: &Number,
    taken: &[bool],
) -> Option<(Number, usize)> {
    let joint = text.low(link);
    let before = text.low(start.wrapping_sub(1));
    let dash = text.at(link).kind == Kind::Dash || text.at(link).sign == '~';
    let next = link + 1;
    let from = match joint {
        "to" | "through"
            if before == "from"
                && !text.at(start.wrapping_sub(2)).has(Class::TREND)
                && !text.at(start.wrapping_sub(3)).has(Class::TREND) =>
        {
            start - 1
        }
        "to" | "through" if before != "from" => start,
        "and" if before == "between" => start - 1,
        "or" => start,
        _ if dash => start,
        _ => return None,
    };
    let currency = matches!(text.at(next).sign, '$' | '£' | '€' | '¥' | '₹');
    if currency
        && (text.before(link).sign == '%'
            || text.at(link).has(Class::PREPOSITION)
                && currency_before(text, start).is_none()
                && text.before(start).kind != Kind::Nothing
                && !matches!(text.at(start).sign, '$' | '£' | '€'))
    {
        return None;
    }
    let next = if currency { next + 1 } else { next };
    if taken.get(next).copied().unwrap_or(false) {
        return None;
    }
    let number = number::read(text, next).filter(|n| !n.ordinal)?;
    if joint == "or" && (number.value != first.value + 1.0 || first.value > 20.0) || first.fraction && dash {
        return None;
    }
    if joint == "to" && before != "from" {
        // "gave five to three people" and "2 to 1" are no ranges; nor is a share that fell.
        let same_sort =
            (number.value <= first.value * 20.0 || number.scale > 1.0) && number.value > first.value;
        if !same_sort
            || text.at(start.wrapping_sub(1)).has(Class::TREND)
            || before == "by" && text.at(start.wrapping_sub(2)).has(Class::TREND)
        {
            return None;
        }
    }
    (number.value > first.value || number.scale > first.scale).then_some((number, from))
}

/// Words before a number that limit it: where they begin and what they say.
fn bound_before(text: &Text<'_>, start: usize) -> (usize, Option<Bound>) {
    let mut at = start;
    // "at least some $3", "more than a total of 30"
    if text.low(at.wrapping_sub(1)) == "of"
        && matches!(text.low(at.wrapping_sub(2)), "total" | "estimated")
        && matches!(text.low(at.wrapping_sub(3)), "a")
    {
        at -= 3;
    }
    let w = |back: usize| text.low(at.wrapping_sub(back));
    let found: Option<(usize, Bound)> = match w(1) {
        "than" => match (w(2), w(3)) {
            ("more" | "greater" | "higher" | "larger" | "bigger", "no" | "not") => Some((3, Bound::AtMost)),
            ("less" | "fewer" | "lower" | "smaller", "no" | "not") => Some((3, Bound::AtLeast)),
            ("more" | "greater" | "higher" | "larger" | "bigger" | "longer" | "older" | "better", _) => {
                Some((2, Bound::AtLeast))
            }
            ("less" | "fewer" | "lower" | "smaller" | "younger" | "shorter", _) => Some((2, Bound::AtMost)),
            ("equal", "or") if matches!(w(4), "less" | "lower" | "smaller") => Some((4, Bound::AtMost)),
            ("equal", "or") if matches!(w(4), "more" | "greater" | "higher" | "larger" | "bigger") => {
                Some((4, Bound::AtLeast))
            }
            _ => None,
        },
        "to" => match (w(2), w(3), w(4)) {
            ("up", ..) => Some((2, Bound::AtMost)),
            ("close" | "closer" | "nearer", ..) => Some((2, Bound::About)),
            ("equal", "or", "least") if w(5) == "at" => Some((5, Bound::AtLeast)),
            ("equal", "or", "than") => match w(5) {
                "less" | "lower" | "smaller" | "fewer" => Some((5, Bound::AtMost)),
                _ => Some((5, Bound::AtLeast)),
            },
            _ => None,
        },
        "least" => match w(2) {
            "at" => Some((2, Bound::AtLeast)),
            "very" if w(3) == "the" && w(4) == "at" => Some((4, Bound::AtLeast)),
            _ => None,
        },
        "most" if w(2) == "at" => Some((2, Bound::AtMost)),
        "minimum" if w(2) == "a" => Some((2, Bound::AtLeast)),
        "of" if w(2) == "excess" && w(3) == "in" => Some((3, Bound::AtLeast)),
        "of" if matches!(w(2), "upwards" | "upward" | "north") => Some((2, Bound::AtLeast)),
        "of" if w(2) == "minimum" && w(3) == "a" => Some((3, Bound::AtLeast)),
        "of" if w(2) == "maximum" && w(3) == "a" => Some((3, Bound::AtMost)),
        "as" if matches!(w(2), "many" | "much" | "high") && w(3) == "as" => Some((3, Bound::AtMost)),
        "as" if matches!(w(2), "few" | "little" | "low") && w(3) == "as" => Some((3, Bound::AtLeast)),
        "over" | "above" | "exceeding" | "exceed" | "exceeds" | "exceeded" | "surpass" | "surpassing"
        | "surpassed" | "topping" => {
            Some((1 + usize::from(matches!(w(2), "just" | "well" | "slightly")), Bound::AtLeast))
        }
        "under" | "below" => {
            Some((1 + usize::from(matches!(w(2), "just" | "well" | "slightly")), Bound::AtMost))
        }
        "about" | "around" | "approximately" | "roughly" | "nearly" | "almost" | "circa" | "approx"
        | "approx." | "approximate" => Some((1, Bound::About)),
        "some" => Some((1, Bound::About)),
        "estimated" => Some((1 + usize::from(matches!(w(2), "an" | "the")), Bound::About)),
        "~" => Some((1, Bound::About)),
        // "sub-300 metre"
        "-" if w(2) == "sub" && !text.at(at).gap => Some((2, Bound::AtMost)),
        ">" if matches!(w(2), "<" | "=") => None,
        "<" if w(2) == "=" => None,
        ">" => Some((1, Bound::AtLeast)),
        "<" => Some((1, Bound::AtMost)),
        "=" if w(2) == ">" => Some((2, Bound::AtLeast)),
        "=" if w(2) == "<" => Some((2, Bound::AtMost)),
        _ => None,
    };
    match found {
        Some((back, bound)) if at >= back && text.at(at - back).paragraph == text.at(start).paragraph => {
            (at - back, Some(bound))
        }
        _ => (start, None),
    }
}

/// "or more", "or so", "and counting", "plus" after a number.
fn bound_after(text: &Text<'_>, end: usize) -> (usize, Option<Bound>) {
    let first = text.low(end);
    let second = text.low(end + 1);
    match (first, second) {
        ("or", _)
            if text.low(end + 2) == "than"
                && (text.at(end + 3).kind == Kind::Number || text.at(end + 3).has(Class::NUMBER)) =>
        {
            (end, None)
        }
        ("or" | "and", "more" | "above" | "over" | "greater" | "higher" | "up") => {
            (end + 2, Some(Bound::AtLeast))
        }
        ("or", "less" | "fewer" | "below" | "under" | "lower") => (end + 2, Some(Bound::AtMost)),
        ("or", "so" | "thereabouts") => (end + 2, Some(Bound::About)),
        ("and", "counting") => (end + 2, Some(Bound::AtLeast)),
        ("+", _) if !text.at(end).gap => (end + 1, Some(Bound::AtLeast)),
        ("plus", _) if !text.at(end + 1).has(Class::NUMBER) && text.at(end + 1).kind != Kind::Number => {
            (end + 1, Some(Bound::AtLeast))
        }
        ("at", "least") => (end + 2, Some(Bound::AtLeast)),
        ("at", "most") => (end + 2, Some(Bound::AtMost)),
        _ => (end, None),
    }
}

fn sign_currency(sign: char) -> Option<&'static str> {
    Some(match sign {
        '$' => "USD",
        '£' => "GBP",
        '€' => "EUR",
        '¥' | '￥' => "JPY",
        '₹' => "INR",
        '₱' => "PHP",
        '₩' => "KRW",
        '₽' => "RUB",
        '₴' => "UAH",
        '₦' => "NGN",
        '₪' => "ILS",
        '₺' => "TRY",
        '฿' => "THB",
        '₾' => "GEL",
        '₡' => "CRC",
        '₭' => "LAK",
        '₿' => "BTC",
        _ => return None,
    })
}

fn code_currency(word: &str) -> Option<&'static str> {
    Some(match word {
        "usd" => "USD",
        "eur" | "euro" => "EUR",
        "gbp" => "GBP",
        "jpy" => "JPY",
        "cny" | "rmb" => "CNY",
        "inr" | "rs" | "rs." => "INR",
        "rub" => "RUB",
        "uah" => "UAH",
        "chf" => "CHF",
        "cad" => "CAD",
        "aud" => "AUD",
        "nzd" => "NZD",
        "hkd" => "HKD",
        "sgd" => "SGD",
        "mxn" => "MXN",
        "krw" => "KRW",
        "php" => "PHP",
        "rm" | "myr" => "MYR",
        "us" => "USD",
        "nis" => "ILS",
        "ksh" | "kes" => "KES",
        "ngn" => "NGN",
        "zar" => "ZAR",
        "tk" | "bdt" => "BDT",
        "rp" | "idr" => "IDR",
        "ugx" => "UGX",
        "pkr" => "PKR",
        "dollar" => "USD",
        _ => return None,
    })
}

/// A currency before the number: "$", "US$", "Rs", "C $".
fn currency_before(text: &Text<'_>, start: usize) -> Option<(String, usize)> {
    let at = start.checked_sub(1)?;
    let token = text.at(at);
    if token.paragraph != text.at(start).paragraph {
        return None;
    }
    if token.kind == Kind::Mark {
        let code = sign_currency(token.sign)?;
        let touching = |word: &str| at >= 1 && text.low(at - 1) == word && (!token.gap || word.len() == 1);
        for (word, special) in [
            ("us", "USD"),
            ("u.s.", "USD"),
            ("a", "AUD"),
            ("au", "AUD"),
            ("c", "CAD"),
            ("ca", "CAD"),
            ("hk", "HKD"),
            ("nz", "NZD"),
            ("s", "SGD"),
            ("r", "BRL"),
            ("mxn", "MXN"),
            ("mex", "MXN"),
            ("nt", "TWD"),
            ("jp", "JPY"),
            ("cn", "CNY"),
        ] {
            // "a $5 bill" has an article, "a$5" a currency.
            let spaced = token.gap
                && at >= 1
                && text.at(at - 1).shouted
                && word.len() == 2
                && text.low(at - 1) == word;
            if code_takes_prefix(token.sign)
                && (touching(word) || spaced)
                && !(word == "a" && token.gap)
                && !(word == "s" && token.gap && !text.at(at - 1).capital)
            {
                return Some((special.to_owned(), at - 1));
            }
        }
        return Some((code.to_owned(), at));
    }
    let lettered = match text.low(at) {
        "n" => Some("NGN"),
        "p" => Some("PHP"),
        "r" => Some("ZAR"),
        _ => None,
    };
    if let Some(code) = lettered.filter(|_| token.capital && !text.at(start).gap) {
        return Some((code.to_owned(), at));
    }
    let code = code_currency(text.low(at))?;
    if text.before(at).kind == Kind::Number {
        return None;
    }
    (text.low(at) != "dollar" && text.low(at) != "euro" || !text.at(at).capital)
        .then(|| (code.to_owned(), at))
}

fn code_takes_prefix(sign: char) -> bool {
    matches!(sign, '$' | '¥')
}

fn is_currency_word(word: &str) -> bool {
    crate::lexicon::class(word).meets(Class::CURRENCY)
}

fn is_currency_name(unit: &str) -> bool {
    unit.rsplit(' ').next().is_some_and(|w| is_currency_word(w) || w == "cent" || w == "penny")
}

/// The unit that stands after a number, and the token after it.
fn unit_after(text: &Text<'_>, end: usize) -> Option<(String, usize)> {
    let token = text.at(end);
    if token.paragraph != text.before(end).paragraph {
        return None;
    }
    let hyphen = token.kind == Kind::Dash && !token.gap && !text.at(end + 1).gap;
    let at = if hyphen { end + 1 } else { end };
    let word = text.low(at);
    if token.kind == Kind::Mark {
        if token.sign == '%' {
            return Some(("%".into(), end + 1));
        }
        if token.sign == '¢' {
            return Some(("cent".into(), end + 1));
        }
        if token.sign == '°' {
            let scale = text.low(end + 1);
            return Some(match scale {
                "c" | "celsius" => ("celsius".into(), end + 2),
                "f" | "fahrenheit" => ("fahrenheit".into(), end + 2),
                _ => ("degree".into(), end + 1),
            });
        }
        return sign_currency(token.sign)
            .filter(|_| text.at(end + 1).kind != Kind::Number || text.at(end + 1).gap)
            .map(|c| (c.to_owned(), end + 1));
    }
    if !text.at(at).is_word() {
        return None;
    }
    if is_percent_word(word) {
        return Some(if matches!(text.low(at + 1), "point" | "points") {
            ("percentage point".into(), at + 2)
        } else {
            ("%".into(), at + 1)
        });
    }
    if word == "per" && text.low(at + 1) == "cent" {
        return Some(if matches!(text.low(at + 2), "point" | "points") {
            ("percentage point".into(), at + 3)
        } else {
            ("%".into(), at + 2)
        });
    }
    // Ages: "42-year-old", "42 years old", "aged".
    if matches!(word, "year" | "years" | "month" | "months" | "week" | "weeks" | "day" | "days") {
        let second = if text.at(at + 1).kind == Kind::Dash { at + 2 } else { at + 1 };
        if matches!(text.low(second), "old" | "olds") {
            return Some((format!("{}-old", word.trim_end_matches('s')), second + 1));
        }
        if text.low(at + 1) == "of" && text.low(at + 2) == "age" {
            return Some((format!("{}-old", word.trim_end_matches('s')), at + 3));
        }
    }
    // Money: "dollars", "Australian dollars", "US dollars".
    if let Some(found) = currency_words(text, at) {
        return Some(found);
    }
    let squared = matches!(word, "square" | "cubic" | "sq");
    if squared {
        let base = unit_word(text.low(at + 1))?;
        return Some((format!("{} {base}", if word == "sq" { "square" } else { word }), at + 2));
    }
    let unit = unit_word(word)?;
    // One letter is a unit only where it touches the number ("5m", "30C").
    if word.len() == 1 && token.gap {
        return None;
    }
    if word.len() <= 2 && matches!(word, "in" | "a" | "at" | "us" | "to") {
        return None;
    }
    if matches!(unit, "degree") {
        let scale = text.low(at + 1);
        if matches!(scale, "celsius" | "centigrade" | "c") {
            return Some(("celsius".into(), at + 2));
        }
        if matches!(scale, "fahrenheit" | "f") {
            return Some(("fahrenheit".into(), at + 2));
        }
    }
    Some((unit.to_owned(), at + 1))
}

fn currency_words(text: &Text<'_>, at: usize) -> Option<(String, usize)> {
    let word = text.low(at);
    if let Some(code) = match word {
        "usd" | "eur" | "gbp" | "jpy" | "cny" | "rmb" | "inr" | "rub" | "uah" | "chf" | "cad" | "aud"
        | "nzd" | "hkd" | "sgd" => code_currency(word),

        "dollar" | "dollars" | "buck" | "bucks" => Some("USD"),
        "euro" | "euros" => Some("EUR"),
        "yen" => Some("JPY"),
        "yuan" | "renminbi" => Some("CNY"),
        "ruble" | "rubles" | "rouble" | "roubles" => Some("RUB"),
        "hryvnia" | "hryvnias" => Some("UAH"),
        _ => None,
    } {
        return Some((code.to_owned(), at + 1));
    }
    if word == "pounds" && text.low(at + 1) == "sterling" {
        return Some(("GBP".into(), at + 2));
    }
    if matches!(word, "cent" | "cents") {
        return Some(("cent".into(), at + 1));
    }
    if matches!(word, "penny" | "pence") {
        return Some(("penny".into(), at + 1));
    }
    let simple = [
        "rupee", "peso", "franc", "lira", "rand", "zloty", "forint", "shekel", "riyal", "dirham", "dinar",
        "naira", "baht", "ringgit", "rupiah", "peseta", "guilder", "markka", "bitcoin", "btc", "satoshi",
        "krona", "kronor", "krone", "kroner",
    ];
    let single = word.strip_suffix('s').unwrap_or(word);
    if simple.contains(&single) || simple.contains(&word) {
        return Some((single.to_owned(), at + 1));
    }
    if text.at(at).has(Class::NATIONALITY)
        || text.at(at).capital
        || matches!(word, "us" | "u.s." | "hong" | "australian" | "canadian")
    {
        let (nation, next) = match (word, text.low(at + 1)) {
            ("hong", "kong") => ("hong kong", at + 2),
            ("new", "zealand") => ("new zealand", at + 2),
            ("united", "states") => ("us", at + 2),
            ("u.s.", _) => ("us", at + 1),
            ("american", _) => ("us", at + 1),
            _ => (word, at + 1),
        };
        let money = text.low(next);
        let money_single = money.strip_suffix('s').unwrap_or(money);
        if is_currency_word(money) && !matches!(money, "won" | "mark" | "marks" | "real")
            || matches!((nation, money), ("south korean" | "korean", "won") | ("brazilian", "real" | "reais"))
        {
            let code = match (nation, money_single) {
                ("us", "dollar") => Some("USD"),
                ("australian", "dollar") => Some("AUD"),
                ("canadian", "dollar") => Some("CAD"),
                ("hong kong", "dollar") => Some("HKD"),
                ("new zealand", "dollar") => Some("NZD"),
                ("british", "pound") => Some("GBP"),
                ("indian", "rupee") => Some("INR"),
                ("chinese", "yuan") => Some("CNY"),
                ("japanese", "yen") => Some("JPY"),
                ("russian", "ruble" | "rouble") => Some("RUB"),
                ("ukrainian", "hryvnia") => Some("UAH"),
                ("swiss", "franc") => Some("CHF"),
                _ => None,
            };
            return Some((code.map_or_else(|| format!("{nation} {money_single}"), str::to_owned), next + 1));
        }
    }
    None
}

fn unit_word(word: &str) -> Option<&'static str> {
    Some(match word {
        "year" | "years" | "yr" | "yrs" => "year",
        "month" | "months" => "month",
        "week" | "weeks" => "week",
        "day" | "days" => "day",
        "hour" | "hours" | "hr" | "hrs" => "hour",
        "minute" | "minutes" | "min" | "mins" => "minute",
        "second" | "seconds" | "sec" | "secs" => "second",
        "decade" | "decades" => "decade",
        "century" | "centuries" => "century",
        "km" | "kms" | "kilometre" | "kilometres" | "kilometer" | "kilometers" => "km",
        "m" | "metre" | "metres" | "meter" | "meters" => "metre",
        "cm" | "centimetre" | "centimetres" | "centimeter" | "centimeters" => "centimetre",
        "mm" | "millimetre" | "millimetres" | "millimeter" | "millimeters" => "millimetre",
        "mile" | "miles" => "mile",
        "yard" | "yards" => "yard",
        "foot" | "feet" | "ft" => "foot",
        "inch" | "inches" => "inch",
        "hectare" | "hectares" => "hectare",
        "acre" | "acres" => "acre",
        "litre" | "litres" | "liter" | "liters" => "litre",
        "gallon" | "gallons" => "gallon",
        "barrel" | "barrels" => "barrel",
        "gram" | "grams" | "g" => "gram",
        "kg" | "kgs" | "kilogram" | "kilograms" | "kilo" | "kilos" => "kilogram",
        "mg" => "milligram",
        "tonne" | "tonnes" => "tonne",
        "ton" | "tons" => "ton",
        "pound" | "pounds" | "lb" | "lbs" => "pound",
        "ounce" | "ounces" | "oz" => "ounce",
        "degree" | "degrees" => "degree",
        "c" | "celsius" => "celsius",
        "f" | "fahrenheit" => "fahrenheit",
        "mph" => "mph",
        "kph" | "kmh" => "kph",
        "knot" | "knots" => "knot",
        "mw" | "megawatt" | "megawatts" => "megawatt",
        "gw" | "gigawatt" | "gigawatts" => "gigawatt",
        "kw" | "kilowatt" | "kilowatts" => "kilowatt",
        "kwh" => "kilowatt hour",
        "hp" | "horsepower" => "horsepower",
        "bhp" => "bhp",
        "rpm" => "rpm",
        "hz" | "hertz" => "hertz",
        "mhz" => "megahertz",
        "ghz" => "gigahertz",
        "gb" | "gigabyte" | "gigabytes" => "gigabyte",
        "mb" | "megabyte" | "megabytes" => "megabyte",
        "tb" | "terabyte" | "terabytes" => "terabyte",
        "kb" => "kilobyte",
        "mah" => "mah",
        "nm" => "nanometre",
        "db" => "decibel",
        "bps" => "basis point",
        "ppm" => "ppm",
        "point" | "points" => "point",
        _ => return None,
    })
}

fn cents_after(text: &Text<'_>, end: usize) -> Option<(f64, usize)> {
    let first = if text.low(end) == "and" { end + 1 } else { end };
    // "15 dollars 50"
    let bare = first == end
        && text.at(end).kind == Kind::Number
        && text.low(end).len() == 2
        && text.before(end).is_word()
        && !text.at(end + 1).capital
        && (!text.at(end + 1).is_word() || text.low(end + 1) == "more");
    if bare && let Some(value) = number::digits(text.low(end)) {
        return Some((value / 100.0, end + 1));
    }
    let cents = number::read(text, first).filter(|n| n.value < 100.0 && !n.ordinal)?;
    matches!(text.low(cents.end), "cents" | "cent" | "pence").then_some((cents.value / 100.0, cents.end + 1))
}

/// "per hour", "a share" after a unit.
fn rate_after(text: &Text<'_>, end: usize) -> Option<(&'static str, usize)> {
    if !matches!(text.low(end), "per" | "a" | "an") && text.at(end).sign != '/' {
        return None;
    }
    let under = match text.low(end + 1) {
        "share" => "share",
        "day" => "day",
        "week" => "week",
        "month" => "month",
        "year" => "year",
        "hour" | "h" | "hr" => "hour",
        "minute" => "minute",
        "second" => "second",
        "barrel" => "barrel",
        "gallon" => "gallon",
        "ton" => "ton",
        "tonne" => "tonne",
        "ounce" => "ounce",
        "pound" => "pound-mass",
        "person" => "person",
        "kilogram" | "kilo" | "kg" => "kilogram",
        "square" if matches!(text.low(end + 2), "metre" | "meter") => "square metre",
        _ => return None,
    };
    Some((under, end + 2))
}

/// The noun phrase that a number counts.
fn counted(text: &Text<'_>, end: usize) -> Option<Range<usize>> {
    let stop = Class::PREPOSITION
        .or(Class::CONJUNCTION)
        .or(Class::SUBORDINATOR)
        .or(Class::BE)
        .or(Class::HAVE)
        .or(Class::MODAL)
        .or(Class::PRONOUN)
        .or(Class::DO)
        .or(Class::NEGATION);
    let mut start = end;
    if text.low(start) == "more" || text.low(start) == "additional" || text.low(start) == "further" {
        start += 1;
    }
    let paragraph = text.before(end).paragraph;
    // The number alone is quoted: "“between 90 and 110” attackers", "“dozens” of soldiers".
    if text.at(start).kind == Kind::Close
        && (start.saturating_sub(7)..start).any(|k| text.at(k).kind == Kind::Open)
        && text.at(start + 1).is_word()
    {
        start += 1;
    }
    if text.low(start) == "of" {
        start += 1;
        while text.at(start).has(Class::DETERMINER) && start < end + 4 {
            start += 1;
        }
    }
    if text.at(start).kind == Kind::Dash && !text.at(start).gap {
        start += 1;
    }
    let mut at = start;
    let mut last = start;
    while at < start + 8 {
        let token = text.at(at);
        if token.paragraph != paragraph {
            break;
        }
        if token.kind == Kind::Dash
            && !token.gap
            && !text.at(at + 1).gap
            && text.at(at + 1).is_word()
            && at > start
        {
            at += 1;
            continue;
        }
        if !token.is_word() || matches!(text.low(at), "'s" | "'") {
            break;
        }
        let word = text.low(at);
        if word == "others" {
            last = at + 1;
            break;
        }
        // "mud-and-thatch homes"
        let hyphened = !token.gap
            && text.before(at).kind == Kind::Dash
            && text.at(at + 1).kind == Kind::Dash
            && !text.at(at + 1).gap;
        if hyphened && at > start {
            at += 1;
            continue;
        }
        if token.has(stop)
            || token.has(Class::DETERMINER) && word != "other"
            || matches!(
                word,
                "out"
                    | "aged"
                    | "remain"
                    | "remained"
                    | "remains"
                    | "overnight"
                    | "today"
                    | "yesterday"
                    | "tonight"
            )
            || at > start
                && text.low(at + 1) == "of"
                && matches!(
                    word,
                    "north"
                        | "south"
                        | "east"
                        | "west"
                        | "northeast"
                        | "northwest"
                        | "southeast"
                        | "southwest"
                )
        {
            break;
        }
        if at > start && !text.before(at).is_word() && text.before(at).kind != Kind::Dash {
            break;
        }
        let adverb =
            token.has(Class::ADVERB) && !matches!(word, "early" | "back" | "well" | "most" | "long" | "far");
        // "120 partially damaged", but "120 internally displaced people"
        let predicate = crate::trigger::is_outcome(text.low(at + 1)) && !text.at(at + 2).has(Class::PERSON);
        if adverb && at == start && (!text.at(at + 1).is_word() || predicate) {
            break;
        }
        if adverb && at > start {
            break;
        }
        if token.has(Class::MONTH.or(Class::WEEKDAY)) && token.capital {
            break;
        }
        let after = text.at(at + 1);
        let ends_phrase =
            !after.is_word() || after.has(stop) || after.has(Class::DETERMINER) || after.has(Class::ADVERB);
        // A participle or verb after a noun begins the predicate; "conflict-related" does not.
        let compound = !token.gap && text.before(at).kind == Kind::Dash && at > start;
        let verbal = token.has(Class::VERB)
            || (word.ends_with("ed") && word.len() > 4 && !compound)
            || crate::trigger::is_outcome(word)
            || word.ends_with("ing")
                && word.len() > 5
                && !matches!(word, "building" | "dwelling" | "morning" | "evening" | "wedding" | "king");
        let attribute = word == "displaced" && after.has(Class::PERSON) || adverb;
        if verbal
            && at > start
            && !(attribute || word == "displaced" && at == start + 1 && text.before(at).has(Class::PERSON))
        {
            break;
        }
        if verbal
            && (ends_phrase
                && !token.has(Class::PERSON)
                && word.ends_with("ed")
                && at == start
                && !matches!(word, "wounded" | "injured")
                || token.has(Class::VERB) && at == start && !word.ends_with('s') && ends_phrase)
        {
            break;
        }
        if crate::trigger::is_outcome(word) && ends_phrase && at == start && !token.has(Class::PERSON) {
            break;
        }
        if token.has(Class::SAY)
            && at > start
            && !compound
            && !matches!(
                word,
                "reports"
                    | "claims"
                    | "calls"
                    | "estimates"
                    | "charges"
                    | "comments"
                    | "notes"
                    | "points"
                    | "projects"
                    | "demands"
                    | "records"
                    | "states"
            )
        {
            break;
        }
        at += 1;
        last = at;
    }
    (last > start).then_some(start..last)
}

/// Whether the words around say that the quantity is a rise or a fall by that much.
fn change_of(text: &Text<'_>, start: usize, end: usize) -> Option<Change> {
    let direction = |word: &str| match word {
        "up" | "rose" | "rise" | "rises" | "risen" | "rising" | "increased" | "increase" | "increases"
        | "increasing" | "grew" | "grow" | "grown" | "growing" | "climbed" | "gained" | "gain" | "jumped"
        | "jump" | "soared" | "surged" | "advanced" | "added" | "growth" | "higher" | "climb" | "boosted"
        | "raised" | "improved" | "surge" | "gains" | "gaining" | "soaring" | "surging" | "jumping"
        | "climbing" | "adding" | "advancing" | "rallied" | "improvement" | "jumps" | "climbs" | "soars"
        | "grows" | "rallying" => Some(Change::Up),
        "down" | "fell" | "fall" | "falls" | "fallen" | "falling" | "dropped" | "drop" | "declined"
        | "decline" | "decreased" | "decrease" | "plunged" | "slumped" | "shrank" | "slipped" | "slid"
        | "cut" | "reduced" | "lost" | "lower" | "tumbled" | "sank" | "dipped" | "shed" | "reduction"
        | "loss" | "off" | "plummeted" | "plummeting" | "plunging" | "dropping" | "sliding" | "losing"
        | "shedding" | "shrinking" | "declining" | "tumbling" | "slipping" | "slumping" | "slides"
        | "drops" | "declines" | "sheds" | "loses" | "plunges" | "dipping" | "sinking" | "eased"
        | "easing" => Some(Change::Down),
        _ => None,
    };
    let before = text.low(start.wrapping_sub(1));
    if text.before(start).paragraph != text.at(start).paragraph {
        return None;
    }
    if let Some(found) = direction(before) {
        return Some(found);
    }
    if matches!(before, "by" | "of" | "another" | "only" | "just" | "as")
        && let Some(found) = direction(text.low(start.wrapping_sub(2)))
    {
        return Some(found);
    }
    let unit = text.before(end);
    if unit.sign == '%'
        || is_percent_word(text.low(end.wrapping_sub(1)))
        || text.low(end.wrapping_sub(1)) == "cent"
    {
        return direction(text.low(end)).filter(|_| {
            matches!(
                text.low(end),
                "increase"
                    | "rise"
                    | "decrease"
                    | "drop"
                    | "decline"
                    | "fall"
                    | "jump"
                    | "gain"
                    | "reduction"
                    | "surge"
                    | "lower"
                    | "growth"
                    | "improvement"
            )
        });
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token;

    fn only(source: &str) -> Quantity {
        let text = token::read(source);
        let taken = vec![false; text.len()];
        let mut found = scan(&text, &taken);
        assert_eq!(found.len(), 1, "{source}: {found:?}");
        found.remove(0)
    }

    #[test]
    fn the_same_amount_told_again_keeps_its_bound_and_direction() {
        let of = |source: &str| {
            let text = token::read(source);
            let found = scan(&text, &vec![false; text.len()]);
            found.iter().map(|q| (q.bound, q.change)).collect::<Vec<_>>()
        };
        assert_eq!(
            of("It flew more than 100 kilometres (60 miles)."),
            [(Bound::AtLeast, None), (Bound::AtLeast, None)]
        );
        assert_eq!(
            of("The index lost 190 points, or 0.6%."),
            [(Bound::Exact, Some(Change::Down)), (Bound::Exact, Some(Change::Down))]
        );
        assert_eq!(of("They want sub-300 metre lots."), [(Bound::AtMost, None)]);
        assert_eq!(of("Shares are up nearly 57%."), [(Bound::About, Some(Change::Up))]);
    }

    #[test]
    fn naira_pesos_and_rand_have_one_letter() {
        let of = |source: &str| {
            let text = token::read(source);
            let found = scan(&text, &vec![false; text.len()]);
            found.first().map(|q| (q.best.unwrap_or(0.0), q.unit.clone().unwrap_or_default()))
        };
        let money = |value: f64, unit: &str| Some((value, unit.to_owned()));
        assert_eq!(of("Crops worth P1.2 billion were lost."), money(1.2e9, "PHP"));
        assert_eq!(of("Kin paid N15m as ransom."), money(15e6, "NGN"));
        assert_eq!(of("Thieves took R4,500."), money(4500.0, "ZAR"));
        assert_eq!(of("They met on the N15 in flat R4."), None);
        assert_eq!(of("A mother-of-three was hurt."), None);
    }

    #[test]
    fn bound_words_belong_to_the_quantity() {
        let q = only("At least 12 soldiers were there.");
        assert_eq!((q.low, q.high, q.bound, q.tokens), (Some(12.0), None, Bound::AtLeast, 0..3));
        assert_eq!(only("fewer than a thousand").bound, Bound::AtMost);
        assert_eq!(only("some 300 people").bound, Bound::About);
    }

    #[test]
    fn ranges_have_two_ends() {
        for source in ["between 3 and 5 people", "58-140 people", "3 to 5 people"] {
            assert_eq!(only(source).bound, Bound::Range, "{source}");
        }
        let q = only("3 to 5 million people");
        assert_eq!((q.low, q.high), (Some(3e6), Some(5e6)));
    }

    #[test]
    fn money_and_percent_have_units() {
        assert_eq!(only("$2.5 billion").unit.as_deref(), Some("USD"));
        assert_eq!(only("10.5 million Australian dollars").unit.as_deref(), Some("AUD"));
        assert_eq!(only("9.4 per cent").unit.as_deref(), Some("%"));
        assert_eq!(only("thirteen dollars and forty-five cents").low, Some(13.45));
    }

    #[test]
    fn vague_words_keep_an_open_best() {
        let q = only("hundreds of soldiers");
        assert_eq!((q.low, q.best, q.high, q.bound), (Some(100.0), None, Some(999.0), Bound::Vague));
    }

    #[test]
    fn money_may_name_its_currency_before_the_scale() {
        let q = only("75 USD million");
        assert_eq!((q.low, q.unit.as_deref()), (Some(75e6), Some("USD")));
        assert_eq!(only("15 dollars 50").low, Some(15.5));
        assert_eq!(only("420 million Finnish markka").unit.as_deref(), Some("finnish markka"));
    }

    #[test]
    fn notes_and_coordinates_are_no_quantities() {
        for source in ["It was taken that day.[3]", "Coordinates: 33.783; 44.500"] {
            let text = token::read(source);
            assert!(scan(&text, &vec![false; text.len()]).is_empty(), "{source}");
        }
    }

    #[test]
    fn a_hyphenated_adjective_is_part_of_what_is_counted() {
        let q = only("38,000 conflict-related displacements were verified");
        assert_eq!(q.counts, Some(1..5));
    }

    #[test]
    fn times_and_names_are_no_quantities() {
        let text = token::read("At 5:30 p.m. the F-16 flew. Use iPhone 11 now.");
        assert!(scan(&text, &vec![false; text.len()]).is_empty());
    }
}
