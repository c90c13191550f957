//! Finds calendar dates and resolves them against the day of publication: "12 March", "Tuesday",
//! "last week", "1998". Lengths of time are quantities, not dates.

use crate::lexicon::Class;
use crate::number;
use crate::token::{Kind, Text};
use chrono::{Datelike, Days, Months, NaiveDate};
use std::ops::Range;

/// A date expression; the days are unknown where the text does not tell the year.
#[derive(Clone, Debug, PartialEq)]
pub struct DateSpan {
    pub tokens: Range<usize>,
    pub days: Option<(NaiveDate, NaiveDate)>,
}

pub fn scan(text: &Text<'_>, published: Option<NaiveDate>) -> Vec<DateSpan> {
    let mut found: Vec<DateSpan> = Vec::new();
    let mut i = 0;
    while i < text.len() {
        let token = text.at(i);
        if !(token.kind == Kind::Number || token.is_word()) {
            i += 1;
            continue;
        }
        match read(text, i, published) {
            Some(date) => {
                i = date.tokens.end.max(i + 1);
                found.push(date);
            }
            None => i += 1,
        }
    }
    found
}

/// The days from one date to the next where the two bound a period: "from 28 April to 3 May", "between
/// Monday and Thursday", "1 November – 30 November". A year that only the second tells holds for both.
pub fn period(text: &Text<'_>, first: &DateSpan, second: &DateSpan) -> Option<(NaiveDate, NaiveDate)> {
    /// As far before the dates a verb may stand that says that a day was changed for another.
    const BACK: usize = 12;
    let aside = |k: usize| matches!(text.low(k), "the" | "late" | "early" | "mid");
    let (start, end) = (first.tokens.start, first.tokens.end);
    let lead = start.wrapping_sub(1 + usize::from(aside(start.wrapping_sub(1))));
    let linked = match text.low(end) {
        "and" => text.low(lead) == "between",
        "until" | "till" => text.low(lead) == "from",
        "to" | "through" | "thru" => {
            !(start.saturating_sub(BACK)..start).any(|k| is_change_of_day(text.low(k)))
        }
        _ => text.at(end).kind == Kind::Dash,
    };
    let adjoins = (end + 1..second.tokens.start).all(aside) && second.tokens.start > end;
    if !linked || !adjoins || second.tokens.start > end + 2 {
        return None;
    }
    let ((from, _), (_, to)) = first.days.zip(second.days)?;
    let has_year = |date: &DateSpan| date.tokens.clone().any(|k| year_at(text, k).is_some());
    let from = match has_year(second) && !has_year(first) {
        true => {
            from.with_year(to.year()).filter(|day| *day <= to).or_else(|| from.with_year(to.year() - 1))?
        }
        false => from,
    };
    (from <= to).then_some((from, to))
}

fn is_change_of_day(word: &str) -> bool {
    matches!(
        word,
        "moved"
            | "postponed"
            | "delayed"
            | "shifted"
            | "rescheduled"
            | "changed"
            | "deferred"
            | "pushed"
            | "brought"
    )
}

fn read(text: &Text<'_>, i: usize, published: Option<NaiveDate>) -> Option<DateSpan> {
    let token = text.at(i);
    let span = |end: usize, days: Option<(NaiveDate, NaiveDate)>| Some(DateSpan { tokens: i..end, days });
    if token.kind == Kind::Number {
        return numeric(text, i, published);
    }
    let word = text.low(i);
    if token.has(Class::MONTH) && is_month_here(text, i) {
        return from_month(text, i, published);
    }
    if token.has(Class::WEEKDAY) && (token.capital || text.upper_case) {
        let plural = word.ends_with('s') && word != "wednes";
        if plural
            && !matches!(text.low(i + 1), "'s")
            && weekday(word.trim_end_matches('s')).is_some()
            && word.ends_with("days")
        {
            return None;
        }
        let mut end = i + 1;
        // "Tuesday, March 12, 2024"
        let next = if text.at(end).sign == ',' { end + 1 } else { end };
        if (text.at(next).has(Class::MONTH) && is_month_here(text, next)
            || text.at(next).kind == Kind::Number && text.at(next + 1).has(Class::MONTH))
            && let Some(date) = read(text, next, published).filter(|d| d.tokens.end > next + 1)
        {
            return span(date.tokens.end, date.days);
        }
        let day = weekday(word)?;
        let way = direction(text, i);
        let days = published.and_then(|p| near_weekday(p, day, way)).map(|d| (d, d));
        if matches!(text.low(end), "morning" | "afternoon" | "evening" | "night") {
            end += 1;
        }
        let start = if matches!(text.low(i.wrapping_sub(1)), "last" | "next" | "this") { i - 1 } else { i };
        return Some(DateSpan { tokens: start..end, days });
    }
    let today = published;
    let one = |days: i64| today.and_then(|p| shift(p, days)).map(|d| (d, d));
    match word {
        "today" | "tonight" => span(i + 1, one(0)),
        "yesterday" | "overnight" if word == "yesterday" => {
            let end =
                i + 1 + usize::from(matches!(text.low(i + 1), "morning" | "afternoon" | "evening" | "night"));
            span(end, one(-1))
        }
        "tomorrow" => span(i + 1, one(1)),
        "last" | "this" | "next" | "past" | "previous" | "current" | "coming" => relative(text, i, published),
        "earlier" | "later" if matches!(text.low(i + 1), "this" | "last" | "next") => {
            relative(text, i + 1, published).map(|d| DateSpan { tokens: i..d.tokens.end, days: d.days })
        }
        "first" | "second" | "third" | "fourth"
            if matches!(text.low(i + 1), "quarter" | "half")
                || text.at(i + 1).kind == Kind::Dash && matches!(text.low(i + 2), "quarter" | "half") =>
        {
            quarter(text, i, published)
        }
        "a" | "one" if text.at(i + 1).has(Class::TIME) && text.low(i + 2) == "ago" => {
            ago(text, i, 1.0, i + 1, published)
        }
        "spring" | "summer" | "autumn" | "winter" => {
            let next = if text.low(i + 1) == "of" { i + 2 } else { i + 1 };
            let year = year_at(text, next)?;
            span(next + 1, season(word, year))
        }
        "mid" | "early" | "late"
            if text.at(i + 1).kind == Kind::Dash
                || text.at(i + 1).kind == Kind::Number
                || text.at(i + 1).has(Class::MONTH) =>
        {
            let next = if text.at(i + 1).kind == Kind::Dash { i + 2 } else { i + 1 };
            read(text, next, published)
                .filter(|d| d.tokens.start == next)
                .map(|d| DateSpan { tokens: i..d.tokens.end, days: d.days })
        }
        _ if token.has(Class::NUMBER) => {
            let number = number::read(text, i).filter(|n| !n.ordinal)?;
            (text.at(number.end).has(Class::TIME) && text.low(number.end + 1) == "ago")
                .then(|| ago(text, i, number.value, number.end, published))
                .flatten()
        }
        _ => None,
    }
}

/// "may" and "march" are months only with a capital, and not where they begin a sentence as verbs.
fn is_month_here(text: &Text<'_>, i: usize) -> bool {
    let token = text.at(i);
    let word = text.low(i);
    if !token.capital && !text.upper_case {
        return false;
    }
    if matches!(
        word,
        "may"
            | "march"
            | "mar"
            | "dec"
            | "jun"
            | "jul"
            | "sep"
            | "oct"
            | "nov"
            | "apr"
            | "feb"
            | "jan"
            | "aug"
    ) {
        let next = text.at(i + 1);
        let beside = next.kind == Kind::Number && !next.capital
            || text.before(i).kind == Kind::Number
            || text.low(i + 1) == "of"
            || matches!(
                text.low(i.wrapping_sub(1)),
                "in" | "of"
                    | "since"
                    | "last"
                    | "next"
                    | "until"
                    | "by"
                    | "from"
                    | "early"
                    | "late"
                    | "mid"
                    | "during"
                    | "this"
                    | "for"
                    | "to"
                    | "between"
                    | "and"
                    | "through"
            );
        return beside
            && (word != "may" && word != "march"
                || !text.upper_case
                || next.kind == Kind::Number
                || text.before(i).kind == Kind::Number);
    }
    true
}

fn from_month(text: &Text<'_>, i: usize, published: Option<NaiveDate>) -> Option<DateSpan> {
    let month = month_number(text.low(i))?;
    let day_at = i + 1;
    let day = day_number(text, day_at);
    if let Some((day, end)) = day {
        // "March 12-14", "March 12, 2024"
        let mut last_day = day;
        let mut end = end;
        if (text.at(end).kind == Kind::Dash || text.low(end) == "to")
            && let Some((other, e)) = day_number(text, end + 1).filter(|(o, _)| *o > day)
        {
            (last_day, end) = (other, e);
        }
        let next = if text.at(end).sign == ',' || text.low(end) == "of" { end + 1 } else { end };
        let (year, end) = match year_at(text, next) {
            Some(year) => (Some(year), next + 1),
            None if text.low(next) == "this" && text.low(next + 1) == "year" => {
                (published.map(|p| p.year()), next + 2)
            }
            None if text.low(next) == "last" && text.low(next + 1) == "year" => {
                (published.map(|p| p.year() - 1), next + 2)
            }
            None => (published.map(|p| near_year(p, month, Some(day), direction(text, i))), end),
        };
        let days = year.and_then(|y| {
            NaiveDate::from_ymd_opt(y, month, day).zip(NaiveDate::from_ymd_opt(y, month, last_day))
        });
        return Some(DateSpan { tokens: i..end, days });
    }
    let next = if text.at(day_at).sign == ',' || text.low(day_at) == "of" { day_at + 1 } else { day_at };
    if let Some(year) = year_at(text, next) {
        return Some(DateSpan { tokens: i..next + 1, days: month_days(year, month) });
    }
    let start = if matches!(text.low(i.wrapping_sub(1)), "last" | "next" | "this") { i - 1 } else { i };
    let end = if matches!((text.low(next), text.low(next + 1)), ("last" | "this" | "next", "year")) {
        next + 2
    } else {
        i + 1
    };
    let days = published.and_then(|p| {
        let year = match text.low(next) {
            "last" if end > i + 1 => p.year() - 1,
            "next" if end > i + 1 => p.year() + 1,
            "this" if end > i + 1 => p.year(),
            _ => near_year(p, month, None, direction(text, i)),
        };
        month_days(year, month)
    });
    Some(DateSpan { tokens: start..end, days })
}

fn numeric(text: &Text<'_>, i: usize, published: Option<NaiveDate>) -> Option<DateSpan> {
    let span = |end: usize, days: Option<(NaiveDate, NaiveDate)>| Some(DateSpan { tokens: i..end, days });
    let low = text.low(i);
    // "12 March 2024", "12th of March", "30 DEC 89", "3-5 May"
    if let Some((day, end)) = day_number(text, i) {
        let mut first = day;
        let (mut day, mut at) = (day, end);
        if (text.at(at).kind == Kind::Dash || matches!(text.low(at), "to" | "and"))
            && let Some((other, e)) =
                day_number(text, at + 1).filter(|(o, e)| *o > day && text.at(*e).has(Class::MONTH))
        {
            first = day;
            (day, at) = (other, e);
        }
        if text.low(at) == "of" {
            at += 1;
        }
        if text.at(at).has(Class::MONTH) && (text.at(at).capital || text.upper_case) {
            let month = month_number(text.low(at))?;
            let next = if text.at(at + 1).sign == ',' { at + 2 } else { at + 1 };
            let (year, end) = match year_at(text, next) {
                Some(year) => (Some(year), next + 1),
                None if text.upper_case
                    && text.at(next).kind == Kind::Number
                    && text.low(next).len() == 2 =>
                {
                    (text.low(next).parse::<i32>().ok().map(|y| 1900 + y), next + 1)
                }
                None => (published.map(|p| near_year(p, month, Some(day), direction(text, i))), at + 1),
            };
            let days = year.and_then(|y| {
                NaiveDate::from_ymd_opt(y, month, first.min(day)).zip(NaiveDate::from_ymd_opt(y, month, day))
            });
            return span(end, days);
        }
    }
    // "2024-03-12", "03/12/2024"
    let sep = text.at(i + 1);
    if (sep.kind == Kind::Dash || sep.sign == '/')
        && !sep.gap
        && text.at(i + 2).kind == Kind::Number
        && text.at(i + 3).sign == sep.sign
        && text.at(i + 4).kind == Kind::Number
        && !text.at(i + 4).gap
    {
        let (a, b, c) = (
            low.parse::<u32>().ok()?,
            text.low(i + 2).parse::<u32>().ok()?,
            text.low(i + 4).parse::<u32>().ok()?,
        );
        let century = |y: u32| if y < 100 { if y < 50 { 2000 + y } else { 1900 + y } } else { y };
        let day = if low.len() == 4 {
            NaiveDate::from_ymd_opt(a as i32, b, c)
        } else if sep.sign == '/' && matches!(text.low(i + 4).len(), 2 | 4) {
            NaiveDate::from_ymd_opt(century(c) as i32, a, b)
                .or_else(|| NaiveDate::from_ymd_opt(century(c) as i32, b, a))
        } else {
            None
        }?;
        return span(i + 5, Some((day, day)));
    }
    // "the 1990s", "the '90s"
    let suffix = text.low(i + 1);
    if !text.at(i + 1).gap && matches!(suffix, "s" | "'s") && low.len() == 4 && low.ends_with('0') {
        let year = year_value(low)?;
        return span(
            i + 2,
            NaiveDate::from_ymd_opt(year, 1, 1).zip(NaiveDate::from_ymd_opt(year + 9, 12, 31)),
        );
    }
    // "3 days ago"
    let number = number::read(text, i)?;
    if text.at(number.end).has(Class::TIME) && text.low(number.end + 1) == "ago" {
        return ago(text, i, number.value, number.end, published);
    }
    // A bare year.
    let year = year_at(text, i)?;
    let before = text.low(i.wrapping_sub(1));
    let previous = text.before(i);
    let next = text.at(i + 1);
    let glued = !text.at(i).gap && previous.kind != Kind::Dash && previous.sign != '(' && i > 0;
    if glued || matches!(previous.sign, '$' | '£' | '€' | '#') || matches!(next.sign, '%' | ':') && !next.gap
    {
        return None;
    }
    let bounded = matches!(
        before,
        "than"
            | "least"
            | "over"
            | "nearly"
            | "almost"
            | "exceed"
            | "exceeding"
            | "some"
            | "approximately"
            | "above"
            | "below"
            | "under"
            | "equal"
            | "equals"
            | "to"
    ) && !matches!(text.low(i.wrapping_sub(2)), "prior" | "due")
        && !(before == "to" && year_at(text, i.wrapping_sub(2)).is_some());
    let counting = next.is_word()
        && next.gap
        && (next.has(Class::PERSON.or(Class::THING).or(Class::BUILDING)) || next.has(Class::CURRENCY))
        && !next.capital;
    if bounded
        || counting
        || next.kind == Kind::Dash
            && text.at(i + 2).kind == Kind::Number
            && !next.gap
            && year_at(text, i + 2).is_none()
            && text.low(i + 2).len() > 2
    {
        return None;
    }
    let told = matches!(
        before,
        "in" | "since"
            | "of"
            | "by"
            | "from"
            | "until"
            | "before"
            | "after"
            | "during"
            | "for"
            | "year"
            | "late"
            | "early"
            | "mid"
            | "and"
            | "through"
            | "the"
            | "to"
            | "around"
            | "a"
            | "election"
            | "on"
    ) || previous.kind != Kind::Word
        || previous.capital
        || next.is_word()
        || next.kind != Kind::Word;
    if !told {
        return None;
    }
    span(i + 1, NaiveDate::from_ymd_opt(year, 1, 1).zip(NaiveDate::from_ymd_opt(year, 12, 31)))
}

fn relative(text: &Text<'_>, i: usize, published: Option<NaiveDate>) -> Option<DateSpan> {
    let step: i64 = match text.low(i) {
        "last" | "past" | "previous" => -1,
        "next" | "coming" => 1,
        _ => 0,
    };
    let unit = text.low(i + 1);
    if text.at(i + 1).has(Class::WEEKDAY) {
        let day = weekday(unit)?;
        let days = published.and_then(|p| match step {
            -1 => near_weekday(shift(p, -1)?, day, Way::Past),
            1 => near_weekday(shift(p, 1)?, day, Way::Future),
            _ => near_weekday(p, day, Way::Near),
        });
        let end =
            i + 2 + usize::from(matches!(text.low(i + 2), "morning" | "afternoon" | "evening" | "night"));
        return Some(DateSpan { tokens: i..end, days: days.map(|d| (d, d)) });
    }
    if text.at(i + 1).has(Class::MONTH) && text.at(i + 1).capital {
        let month = month_number(unit)?;
        let days = published.and_then(|p| {
            let year = match step {
                -1 if month >= p.month() => p.year() - 1,
                1 if month <= p.month() => p.year() + 1,
                _ => p.year(),
            };
            month_days(year, month)
        });
        return Some(DateSpan { tokens: i..i + 2, days });
    }
    if matches!(text.low(i), "past" | "previous" | "current" | "coming")
        && !matches!(unit, "year" | "month" | "week" | "quarter")
    {
        return None;
    }
    let days = published.and_then(|p| match unit {
        "week" => {
            let monday = shift(p, -i64::from(p.weekday().num_days_from_monday()) + 7 * step)?;
            Some((monday, shift(monday, 6)?))
        }
        "weekend" => {
            let saturday = shift(p, 5 - i64::from(p.weekday().num_days_from_monday()) + 7 * step)?;
            Some((saturday, shift(saturday, 1)?))
        }
        "month" => {
            let first = p.with_day(1)?;
            let moved = if step < 0 {
                first.checked_sub_months(Months::new(1))?
            } else {
                first.checked_add_months(Months::new(step as u32))?
            };
            month_days(moved.year(), moved.month())
        }
        "year" => NaiveDate::from_ymd_opt(p.year() + step as i32, 1, 1).zip(NaiveDate::from_ymd_opt(
            p.year() + step as i32,
            12,
            31,
        )),
        "decade" => {
            let first = p.year() - p.year().rem_euclid(10) + 10 * step as i32;
            NaiveDate::from_ymd_opt(first, 1, 1).zip(NaiveDate::from_ymd_opt(first + 9, 12, 31))
        }
        "quarter" => {
            let index = (p.year() * 4 + (p.month0() / 3) as i32) + step as i32;
            quarter_days(index.div_euclid(4), index.rem_euclid(4) as u32)
        }
        "morning" | "afternoon" | "evening" => Some((p, p)),
        "night" => shift(p, step.min(0)).map(|d| (d, d)),
        "spring" | "summer" | "fall" | "autumn" | "winter" => {
            let mut year = p.year();
            let start = season(unit, year)?.0;
            if step < 0 && (start > p || season(unit, year)?.1 >= p) {
                year -= 1;
            } else if step > 0 && start <= p {
                year += 1;
            }
            season(unit, year)
        }
        _ => None,
    });
    let known = matches!(
        unit,
        "week"
            | "weekend"
            | "month"
            | "year"
            | "decade"
            | "quarter"
            | "morning"
            | "afternoon"
            | "evening"
            | "night"
            | "spring"
            | "summer"
            | "fall"
            | "autumn"
            | "winter"
    );
    let known = known && !(matches!(unit, "morning" | "afternoon" | "evening") && step != 0);
    known.then_some(DateSpan { tokens: i..i + 2, days })
}

fn quarter(text: &Text<'_>, i: usize, published: Option<NaiveDate>) -> Option<DateSpan> {
    let unit = if text.at(i + 1).kind == Kind::Dash { i + 2 } else { i + 1 };
    let order = match text.low(i) {
        "first" => 0,
        "second" => 1,
        "third" => 2,
        _ => 3,
    };
    let mut end = unit + 1;
    let next = if text.low(end) == "of" { end + 1 } else { end };
    let mut year = published.map(|p| p.year());
    if let Some(told) = year_at(text, next) {
        year = Some(told);
        end = next + 1;
    } else if matches!((text.low(next), text.low(next + 1)), ("last" | "this" | "next", "year")) {
        let step = match text.low(next) {
            "last" => -1,
            "next" => 1,
            _ => 0,
        };
        year = year.map(|y| y + step);
        end = next + 2;
    }
    if text.low(unit) == "half" {
        if end == unit + 1 {
            return None;
        }
        let first = if order == 0 { 1 } else { 7 };
        let days =
            year.and_then(|y| month_days(y, first).zip(month_days(y, first + 5)).map(|(a, b)| (a.0, b.1)));
        return (order < 2).then_some(DateSpan { tokens: i..end, days });
    }
    let year = year.map(|y| match published {
        Some(p) if end == unit + 1 && order > p.month0() / 3 => y - 1,
        _ => y,
    });
    Some(DateSpan { tokens: i..end, days: year.and_then(|y| quarter_days(y, order)) })
}

fn quarter_days(year: i32, order: u32) -> Option<(NaiveDate, NaiveDate)> {
    Some((month_days(year, order * 3 + 1)?.0, month_days(year, order * 3 + 3)?.1))
}

fn ago(
    text: &Text<'_>,
    start: usize,
    count: f64,
    unit: usize,
    published: Option<NaiveDate>,
) -> Option<DateSpan> {
    let n = count as i64;
    let days =
        published.filter(|_| (0..10_000).contains(&n)).and_then(|p| match text.low(unit) {
            "day" | "days" => shift(p, -n).map(|d| (d, d)),
            "week" | "weeks" => {
                let day = shift(p, -7 * n)?;
                let monday = shift(day, -i64::from(day.weekday().num_days_from_monday()))?;
                Some((monday, shift(monday, 6)?))
            }
            "month" | "months" => {
                p.checked_sub_months(Months::new(n as u32)).and_then(|d| month_days(d.year(), d.month()))
            }
            "year" | "years" => NaiveDate::from_ymd_opt(p.year() - n as i32, 1, 1)
                .zip(NaiveDate::from_ymd_opt(p.year() - n as i32, 12, 31)),
            "decade" | "decades" => {
                let first = p.year() - p.year().rem_euclid(10) - 10 * n as i32;
                NaiveDate::from_ymd_opt(first, 1, 1).zip(NaiveDate::from_ymd_opt(first + 9, 12, 31))
            }
            _ => None,
        });
    matches!(
        text.low(unit),
        "day" | "days" | "week" | "weeks" | "month" | "months" | "year" | "years" | "decade" | "decades"
    )
    .then_some(DateSpan { tokens: start..unit + 2, days })
}

#[derive(Clone, Copy, PartialEq)]
enum Way {
    Past,
    Near,
    Future,
}

/// Whether the words before a date look ahead.
fn direction(text: &Text<'_>, i: usize) -> Way {
    if matches!(text.low(i.wrapping_sub(1)), "next" | "until" | "till") {
        return Way::Future;
    }
    if matches!(text.low(i.wrapping_sub(1)), "last" | "since") {
        return Way::Past;
    }
    for back in 1..=12 {
        let at = i.wrapping_sub(back);
        let token = text.at(at);
        if token.kind == Kind::Nothing
            || matches!(token.sign, '.' | '?' | '!') && token.kind == Kind::Mark
            || token.paragraph != text.at(i).paragraph
        {
            break;
        }
        if matches!(
            text.low(at),
            "will" | "'ll" | "scheduled" | "upcoming" | "plans" | "planned" | "expected" | "expires" | "due"
        ) {
            return Way::Future;
        }
    }
    Way::Past
}

fn near_weekday(day: NaiveDate, wanted: u32, way: Way) -> Option<NaiveDate> {
    let today = i64::from(day.weekday().num_days_from_monday());
    let back = (today - i64::from(wanted)).rem_euclid(7);
    match way {
        Way::Future => shift(day, (7 - back) % 7),
        Way::Near if back > 3 => shift(day, 7 - back),
        _ => shift(day, -back),
    }
}

fn near_year(p: NaiveDate, month: u32, day: Option<u32>, way: Way) -> i32 {
    let ahead = match day {
        Some(day) => (month, day) > (p.month(), p.day() + 1),
        None => month > p.month(),
    };
    match way {
        Way::Future if !ahead && (month, day.unwrap_or(31)) < (p.month(), p.day()) => p.year() + 1,
        Way::Future => p.year(),
        _ if ahead => p.year() - 1,
        _ => p.year(),
    }
}

fn shift(day: NaiveDate, by: i64) -> Option<NaiveDate> {
    if by < 0 {
        day.checked_sub_days(Days::new(by.unsigned_abs()))
    } else {
        day.checked_add_days(Days::new(by.unsigned_abs()))
    }
}

fn month_days(year: i32, month: u32) -> Option<(NaiveDate, NaiveDate)> {
    let first = NaiveDate::from_ymd_opt(year, month, 1)?;
    Some((first, shift(first.checked_add_months(Months::new(1))?, -1)?))
}

fn season(word: &str, year: i32) -> Option<(NaiveDate, NaiveDate)> {
    let first = match word {
        "spring" => 3,
        "summer" => 6,
        "autumn" | "fall" => 9,
        _ => 12,
    };
    let last = NaiveDate::from_ymd_opt(year, first, 1)?.checked_add_months(Months::new(2))?;
    Some((NaiveDate::from_ymd_opt(year, first, 1)?, month_days(last.year(), last.month())?.1))
}

fn day_number(text: &Text<'_>, i: usize) -> Option<(u32, usize)> {
    let token = text.at(i);
    if token.kind != Kind::Number || text.low(i).len() > 2 {
        return None;
    }
    let day = text.low(i).parse::<u32>().ok().filter(|d| (1..=31).contains(d))?;
    let end = if !text.at(i + 1).gap && matches!(text.low(i + 1), "st" | "nd" | "rd" | "th") {
        i + 2
    } else {
        i + 1
    };
    // "14:30" is a time of day; the colon of "November 14: …" closes a dateline.
    let time = text.at(end).sign == ':' && text.at(end + 1).kind == Kind::Number && !text.at(end + 1).gap;
    if (text.at(end).sign == '%' || time) && !text.at(end).gap {
        return None;
    }
    Some((day, end))
}

fn year_at(text: &Text<'_>, i: usize) -> Option<i32> {
    (text.at(i).kind == Kind::Number).then(|| year_value(text.low(i))).flatten()
}

fn year_value(low: &str) -> Option<i32> {
    (low.len() == 4)
        .then(|| low.parse::<i32>().ok())
        .flatten()
        .filter(|y| (1500..=2099).contains(y) && !(1500..1700).contains(y))
}

fn weekday(word: &str) -> Option<u32> {
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
        .iter()
        .position(|d| *d == word)
        .map(|d| d as u32)
}

fn month_number(word: &str) -> Option<u32> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let head = word.get(..3)?;
    MONTHS.iter().position(|m| *m == head).map(|m| m as u32 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token;

    fn only(source: &str) -> Option<(String, String)> {
        let text = token::read(source);
        let found = scan(&text, NaiveDate::from_ymd_opt(2024, 3, 13));
        found.first().and_then(|d| d.days).map(|(a, b)| (a.to_string(), b.to_string()))
    }

    #[test]
    fn dates_are_anchored_on_the_day_of_publication() {
        for (source, from, to) in [
            ("on 12 March", "2024-03-12", "2024-03-12"),
            ("on March 12, 2023", "2023-03-12", "2023-03-12"),
            ("on Tuesday", "2024-03-12", "2024-03-12"),
            ("yesterday", "2024-03-12", "2024-03-12"),
            ("last week", "2024-03-04", "2024-03-10"),
            ("in 1998", "1998-01-01", "1998-12-31"),
            ("in December", "2023-12-01", "2023-12-31"),
            ("three days ago", "2024-03-10", "2024-03-10"),
        ] {
            assert_eq!(only(source), Some((from.to_owned(), to.to_owned())), "{source}");
        }
    }

    #[test]
    fn two_dates_may_bound_a_period() {
        let between = |source: &str| {
            let text = token::read(source);
            let found = scan(&text, NaiveDate::from_ymd_opt(2024, 12, 5));
            let days = period(&text, found.first()?, found.get(1)?)?;
            Some((days.0.to_string(), days.1.to_string()))
        };
        for (source, from, to) in [
            ("From 28 April to 3 May, 17 died.", "2024-04-28", "2024-05-03"),
            ("Between November 1 and November 30 the mission counted.", "2024-11-01", "2024-11-30"),
            ("1 November – 30 November", "2024-11-01", "2024-11-30"),
            ("between Monday and Thursday", "2024-12-02", "2024-12-05"),
            ("from late October until early November", "2024-10-01", "2024-11-30"),
            ("between 28 December and 3 January 2023", "2022-12-28", "2023-01-03"),
            ("from 3 May through 9 June 2021", "2021-05-03", "2021-06-09"),
        ] {
            assert_eq!(between(source), Some((from.to_owned(), to.to_owned())), "{source}");
        }
        for source in [
            "The vote was moved from Monday to Thursday.",
            "He spoke on Monday and Thursday.",
            "On Monday the army said that on Thursday it fell.",
            "The meeting was on Thursday, and on Monday it rained.",
        ] {
            assert_eq!(between(source), None, "{source}");
        }
    }

    #[test]
    fn a_colon_after_a_date_is_no_time_of_day() {
        assert_eq!(only("DHARKOT, March 12: Snow fell."), Some(("2024-03-12".into(), "2024-03-12".into())));
        assert_eq!(only("1 – 12 March: nothing"), Some(("2024-03-01".into(), "2024-03-12".into())));
        assert_ne!(only("at 12:30 March winds blew"), Some(("2024-03-12".into(), "2024-03-12".into())));
    }

    #[test]
    fn a_modal_is_no_month() {
        assert_eq!(only("They may go. May we?"), None);
    }
}
