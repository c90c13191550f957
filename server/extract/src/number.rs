//! Reads one number: digits with separators, words, fractions, scales ("2.5 million", "three
//! hundred and two", "half a million", "13 lakh"). Bounds, ranges and units are not its business.

use crate::token::{Kind, Text};

/// A number and the token after it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number {
    pub value: f64,
    pub end: usize,
    /// The scale it ends with ("million"), 1 without.
    pub scale: f64,
    pub ordinal: bool,
    pub fraction: bool,
    /// Digits only: it may be a year, a name or a label.
    pub plain_digits: bool,
}

/// The number that begins at token `i`.
pub fn read(text: &Text<'_>, i: usize) -> Option<Number> {
    let token = text.at(i);
    if !(matches!(token.kind, Kind::Number | Kind::Word) || is_vulgar(token.sign)) {
        return None;
    }
    if let Some(half) = half(text, i) {
        return Some(half);
    }
    if let Some(share) = one_in(text, i) {
        return Some(share);
    }
    if let Some(fraction) = fraction(text, i) {
        return Some(of_scale(text, fraction));
    }
    let article = matches!(text.low(i), "a" | "an");
    let first = if article { i + 1 } else { i };
    if article {
        let scale = scale_word(text.low(first))?;
        if scale < 12.0
            || matches!(text.low(first), "m" | "b" | "k" | "g" | "mm" | "mn" | "bn" | "t" | "tn")
            || text.low(first).ends_with('s')
        {
            return None;
        }
    }
    let mut number = whole(text, first)?;
    if text.low(number.end) == "point" && !number.ordinal && spells_digit(text.low(number.end + 1)) {
        number = Number { scale: number.scale, ..point(text, number.value, number.end)? };
    }
    if !number.ordinal {
        number = with_fraction(text, number);
    }
    Some(number)
}

fn half(text: &Text<'_>, i: usize) -> Option<Number> {
    let half = |value: f64, end: usize, scale: f64| {
        Some(Number { value, end, scale, ordinal: false, fraction: true, plain_digits: false })
    };
    let (at, base) = match text.low(i) {
        "half" => (i, 0.5),
        "quarter" if matches!(text.low(i + 1), "of") && matches!(text.low(i + 2), "a" | "an") => (i, 0.25),
        "quarter" if matches!(text.low(i + 1), "million" | "billion" | "trillion") => (i, 0.25),
        "a" | "one" if text.low(i + 1) == "half" && text.low(i + 2) != "-" => (i + 1, 0.5),
        "a" | "one"
            if text.low(i + 1) == "quarter" && matches!(text.low(i + 2), "of" | "million" | "billion") =>
        {
            (i + 1, 0.25)
        }
        _ => return None,
    };
    if matches!(text.low(i.wrapping_sub(1)), "first" | "second" | "latter" | "other" | "opening" | "final") {
        return None;
    }
    let mut next = at + 1;
    if text.low(next) == "of" {
        next += 1;
    }
    if matches!(text.low(next), "a" | "an") {
        next += 1;
    }
    if text.at(next).kind == Kind::Dash {
        next += 1;
    }
    if let Some(scale) = scale_word(text.low(next)).filter(|s| *s >= 12.0 && text.low(next).len() > 2) {
        return half(scaled(base, scale), next + 1, scale);
    }
    half(base, at + 1, 1.0)
}

/// "one in five", "1 in 20": a share, unless a verb took the one ("killed one in three attacks").
fn one_in(text: &Text<'_>, i: usize) -> Option<Number> {
    if !matches!(text.low(i), "one" | "1") || text.low(i + 1) != "in" {
        return None;
    }
    let before = text.low(i.wrapping_sub(1));
    let previous = text.at(i.wrapping_sub(1));
    if previous.has(crate::lexicon::Class::VERB) && !previous.has(crate::lexicon::Class::SAY)
        || before.ends_with("ed")
        || before.ends_with("ing")
        || matches!(before, "the" | "and" | "or" | "only" | "no" | "by" | "to" | "this" | "that")
    {
        return None;
    }
    let under = whole(text, i + 2).filter(|n| {
        !n.ordinal
            && n.value >= 2.0
            && n.value.fract() == 0.0
            && (n.value <= 1000.0 || text.low(i + 2).contains(',') || !n.plain_digits)
    })?;
    if matches!(text.low(under.end), "hours" | "days" | "weeks" | "months" | "years" | "minutes" | "decades")
    {
        return None;
    }
    Some(Number { value: 1.0 / under.value, fraction: true, scale: 1.0, plain_digits: false, ..under })
}

/// "two thirds", "a fifth", "one twenty-fifth", "3/4", "⅔", "one out of three".
fn fraction(text: &Text<'_>, i: usize) -> Option<Number> {
    let made = |value: f64, end: usize| {
        Some(Number { value, end, scale: 1.0, ordinal: false, fraction: true, plain_digits: false })
    };
    let token = text.at(i);
    if let Some(value) =
        vulgar(token.sign).filter(|_| token.byte_end as usize == token.byte as usize + token.sign.len_utf8())
    {
        return made(value, i + 1);
    }
    if token.kind == Kind::Number {
        // "1 4/5", "3/4"
        let (at, plus) = if text.at(i + 1).kind == Kind::Number
            && text.at(i + 2).sign == '/'
            && !text.low(i).contains(['.', ','])
        {
            (i + 1, digits(text.low(i))?)
        } else {
            (i, 0.0)
        };
        if text.at(at + 1).sign == '/'
            && text.at(at + 2).kind == Kind::Number
            && !text.at(at + 1).gap
            && !text.at(at + 2).gap
            && text.at(at + 3).sign != '/'
        {
            let (over, under) = (digits(text.low(at))?, digits(text.low(at + 2))?);
            if under > 0.0 && over < under && under <= 100.0 {
                return made(plus + over / under, at + 3);
            }
        }
    }
    let article = matches!(text.low(i), "a" | "an") && scale_word(text.low(i + 1)).is_none();
    let (over, next) = if article {
        (1.0, i + 1)
    } else if matches!(text.low(i), "a" | "an") {
        let number = whole(text, i + 1).filter(|n| !n.ordinal)?;
        (number.value, number.end)
    } else if token.is_word() && token.has(crate::lexicon::Class::NUMBER) {
        let number = whole(text, i).filter(|n| !n.ordinal && n.value > 0.0)?;
        (number.value, number.end)
    } else {
        return None;
    };
    if text.low(next) == "out" && text.low(next + 1) == "of" && !article {
        let under = whole(text, next + 2).filter(|n| n.value > over)?;
        return made(over / under.value, under.end);
    }
    // "one hundred thirty-fifths" is a hundred of them, as "one thirty-fifth" is one.
    let last = next.wrapping_sub(1);
    if over > 100.0
        && let Some(tens) = tens_word(text.low(last))
        && let Some((under, end)) =
            denominator(text, last).filter(|d| text.low(d.1.wrapping_sub(1)).ends_with('s') && d.0 > 20.0)
    {
        return made((over - tens) / under, end);
    }
    let next = if text.at(next).kind == Kind::Dash { next + 1 } else { next };
    // "one one-thousandth", "one one hundred and fifth"
    if over == 1.0
        && !article
        && text.low(next) == "one"
        && let Some(under) = whole(text, next).filter(|n| n.ordinal && n.value >= 100.0)
    {
        return made(over / under.value, under.end);
    }
    let (under, end) = denominator(text, next)?;
    let plural = text.low(end.wrapping_sub(1)).ends_with('s');
    if !plural && over > 1.0 {
        return None;
    }
    let after = text.at(end);
    if article && after.is_word() && !matches!(text.low(end), "of") {
        return None;
    }
    made(over / under, end)
}

fn denominator(text: &Text<'_>, i: usize) -> Option<(f64, usize)> {
    let word = text.low(i);
    match word {
        "halves" => return Some((2.0, i + 1)),
        "quarter" | "quarters" => return Some((4.0, i + 1)),
        "hundredth" | "hundredths" => return Some((100.0, i + 1)),
        "thousandth" | "thousandths" => return Some((1e3, i + 1)),
        "millionth" | "millionths" => return Some((1e6, i + 1)),
        "billionth" | "billionths" => return Some((1e9, i + 1)),
        "trillionth" | "trillionths" => return Some((1e12, i + 1)),
        _ => {}
    }
    let single = word.strip_suffix('s').unwrap_or(word);
    if let Some(value) = ordinal_word(single).filter(|v| *v >= 3.0) {
        return Some((value, i + 1));
    }
    let tens = tens_word(word)?;
    let next = if text.at(i + 1).kind == Kind::Dash { i + 2 } else { i + 1 };
    let last = text.low(next);
    ordinal_word(last.strip_suffix('s').unwrap_or(last))
        .filter(|v| *v < 10.0)
        .map(|unit| (tens + unit, next + 1))
}

/// "two thirds of a million".
fn of_scale(text: &Text<'_>, number: Number) -> Number {
    let mut next = number.end;
    if text.low(next) == "of" && matches!(text.low(next + 1), "a" | "an") {
        next += 2;
    }
    match scale_word(text.low(next)).filter(|s| *s >= 1000.0 && text.low(next).len() > 2) {
        Some(scale) => Number { value: scaled(number.value, scale), end: next + 1, scale, ..number },
        None => number,
    }
}

/// A number without a fraction: parts of falling scale.
fn whole(text: &Text<'_>, i: usize) -> Option<Number> {
    let (mut total, mut at, mut ceiling, mut last_scale) = (0.0, i, f64::INFINITY, 1.0);
    let mut parts = 0;
    let mut ordinal = false;
    let mut plain = true;
    while parts < 8 {
        let joined = parts > 0 && text.low(at) == "and";
        let start = if joined { at + 1 } else { at };
        if parts > 0
            && (last_scale < 100.0
                || text.at(start).kind == Kind::Number
                    && !joined
                    && scale_word(text.low(start + 1)).is_none_or(|_| text.low(start + 1).len() < 4))
        {
            break;
        }
        let Some(part) = part(text, start) else { break };
        // "one hundred and three quarters": a fraction of its own after "and".
        if joined && (text.low(start + 1) == "half" || counts_parts(text, start)) {
            break;
        }
        if parts > 0 && part.ordinal && text.at(i).kind == Kind::Number {
            break;
        }
        if part.value >= ceiling || (parts > 0 && part.value == 0.0) || (joined && ceiling < 100.0) {
            break;
        }
        if joined && text.at(start).kind == Kind::Number && part.scale == 1.0 && last_scale >= 1e6 {
            break;
        }
        total += part.value;
        at = part.end;
        plain &= part.plain_digits;
        parts += 1;
        if parts > 1 {
            plain = false;
        }
        ordinal = part.ordinal;
        last_scale = part.scale;
        ceiling = part.scale;
        if ordinal || part.scale <= 1.0 {
            break;
        }
    }
    (parts > 0).then_some(Number {
        value: total,
        end: at,
        scale: last_scale,
        ordinal,
        fraction: false,
        plain_digits: plain,
    })
}

/// "three quarters", "fifty-four hundredths": a small number of equal parts.
fn counts_parts(text: &Text<'_>, i: usize) -> bool {
    small_words(text, i).filter(|n| !n.ordinal && n.value > 1.0).is_some_and(|n| {
        let next = if text.at(n.end).kind == Kind::Dash { n.end + 1 } else { n.end };
        denominator(text, next)
            .is_some_and(|(under, end)| n.value < under && text.low(end.wrapping_sub(1)).ends_with('s'))
    })
}

fn spells_digit(word: &str) -> bool {
    unit_word(word).is_some() || tens_word(word).is_some()
}

/// "three hundred thousand", "2.3 k", "fifty-two", "3 dozens", with what is below a hundred added.
fn part(text: &Text<'_>, i: usize) -> Option<Number> {
    let token = text.at(i);
    let mut number = if token.kind == Kind::Number {
        let (value, end, suffix) = digit_run(text, i)?;
        if suffix.is_some() {
            return Some(Number {
                value,
                end,
                scale: 1.0,
                ordinal: true,
                fraction: false,
                plain_digits: false,
            });
        }
        Number { value, end, scale: 1.0, ordinal: false, fraction: false, plain_digits: true }
    } else if token.is_word() {
        if let Some(scale) =
            scale_word(text.low(i)).filter(|_| text.low(i).len() > 3 && !text.low(i).ends_with('s'))
        {
            Number { value: scale, end: i + 1, scale, ordinal: false, fraction: false, plain_digits: false }
        } else {
            small_words(text, i)?
        }
    } else {
        return None;
    };
    if number.ordinal {
        return Some(number);
    }
    for _ in 0..4 {
        let next = if text.at(number.end).kind == Kind::Dash
            && !text.at(number.end).gap
            && (scale_word(text.low(number.end + 1)).is_some_and(|_| text.low(number.end + 1).len() > 3)
                || ordinal_scale(text.low(number.end + 1)).is_some())
        {
            number.end + 1
        } else {
            number.end
        };
        let word = text.low(next);
        if let Some(scale) = ordinal_scale(word) {
            return Some(Number {
                value: scaled(number.value, scale),
                end: next + 1,
                scale: 1.0,
                ordinal: true,
                fraction: false,
                plain_digits: false,
            });
        }
        let Some(scale) = scale_word(word) else { break };
        let short = word.len() <= 2;
        if short && (token.kind != Kind::Number || number.scale > 1.0 || !unit_like_suffix(text, next)) {
            break;
        }
        if word == "scores"
            || (word.ends_with('s')
                && !matches!(
                    word,
                    "lakhs"
                        | "crores"
                        | "dozens"
                        | "dzs"
                        | "dozs"
                        | "millions"
                        | "billions"
                        | "thousands"
                        | "hundreds"
                ))
        {
            break;
        }
        // "two hundred thousand" multiplies; "two thousand hundred" is not a number.
        if number.scale > 1.0 && scale <= number.scale && !(scale == 1e7 && number.scale == 1e5) {
            break;
        }
        number = Number {
            value: scaled(number.value, scale),
            end: next + 1,
            scale,
            ordinal: false,
            fraction: false,
            plain_digits: false,
        };
        // "two hundred and two thousand": what is below a hundred belongs to this part.
        if scale == 100.0 {
            let joined = if text.low(number.end) == "and" { number.end + 1 } else { number.end };
            if let Some(rest) = small_words(text, joined).filter(|r| r.value < 100.0)
                && (rest.ordinal
                    || scale_word(text.low(rest.end))
                        .is_some_and(|s| s >= 1000.0 && text.low(rest.end).len() > 3))
            {
                number = Number {
                    value: number.value + rest.value,
                    end: rest.end,
                    scale: 99.0,
                    ordinal: rest.ordinal,
                    fraction: false,
                    plain_digits: false,
                };
                if rest.ordinal {
                    return Some(number);
                }
            }
        }
    }
    Some(number)
}

/// A one-letter scale must touch the number or follow money: "5.2m", "$3 bn", not "5 m tall".
fn unit_like_suffix(text: &Text<'_>, i: usize) -> bool {
    let word = text.low(i);
    matches!(word, "bn" | "mn" | "tn" | "mm" | "k") && (word != "mm" || text.at(i).shouted)
        || !text.at(i).gap && (matches!(word, "m" | "b") || word == "m." && text.at(i).capital)
        || word == "m"
            && text.at(i).shouted
            && (!text.upper_case || text.low(i.wrapping_sub(1)).contains(','))
            && !text.at(i + 1).capital
        || matches!(word, "m" | "b") && matches!(text.at(i.wrapping_sub(2)).sign, '$' | '£' | '€')
}

/// Below a hundred, in words, perhaps an ordinal; "point five" included.
fn small_words(text: &Text<'_>, i: usize) -> Option<Number> {
    let made = |value: f64, end: usize, ordinal: bool| {
        Some(Number { value, end, scale: 1.0, ordinal, fraction: false, plain_digits: false })
    };
    let word = text.low(i);
    if let Some(tens) = tens_word(word) {
        let mut next = i + 1;
        if text.at(next).kind == Kind::Dash {
            next += 1;
        }
        if let Some(unit) = unit_word(text.low(next)).filter(|u| *u >= 1.0 && *u < 10.0) {
            return point(text, tens + unit, next + 1);
        }
        if let Some(unit) = ordinal_word(text.low(next)).filter(|u| *u < 10.0) {
            return made(tens + unit, next + 1, true);
        }
        return point(text, tens, i + 1);
    }
    if let Some(unit) = unit_word(word) {
        return point(text, unit, i + 1);
    }
    ordinal_word(word).filter(|v| *v != 2.0 || !is_unit_second(text, i)).and_then(|v| made(v, i + 1, true))
}

fn is_unit_second(text: &Text<'_>, i: usize) -> bool {
    text.before(i).kind == Kind::Number || text.low(i.wrapping_sub(1)) == "per"
}

/// "five point five", "nought point nought three".
fn point(text: &Text<'_>, value: f64, end: usize) -> Option<Number> {
    let plain = Number { value, end, scale: 1.0, ordinal: false, fraction: false, plain_digits: false };
    if text.low(end) != "point" {
        return Some(plain);
    }
    let (mut value, mut at, mut place) = (value, end + 1, 0.1);
    while let Some(digit) = unit_word(text.low(at)).filter(|_| at < end + 12) {
        if digit >= 10.0 {
            value += digit * place / 10.0;
            at += 1;
            break;
        }
        value += digit * place;
        place /= 10.0;
        at += 1;
    }
    if at == end + 1 {
        if let Some(tens) = tens_word(text.low(at)) {
            let next = if text.at(at + 1).kind == Kind::Dash { at + 2 } else { at + 1 };
            let unit = unit_word(text.low(next)).filter(|u| *u < 10.0);
            return Some(Number {
                value: value + (tens + unit.unwrap_or(0.0)) / 100.0,
                end: if unit.is_some() { next + 1 } else { at + 1 },
                ..plain
            });
        }
        return Some(plain);
    }
    Some(Number { value, end: at, ..plain })
}

/// "two and a half", "one million and a quarter", "five and two thirds"; a half million after it.
fn with_fraction(text: &Text<'_>, number: Number) -> Number {
    let at = number.end;
    if let Some(value) = vulgar(text.at(at).sign).filter(|_| !text.at(at).gap) {
        return Number { value: number.value + value, end: at + 1, plain_digits: false, ..number };
    }
    if text.low(at) != "and" {
        return number;
    }
    let found = match text.low(at + 1) {
        "a" | "one"
            if matches!(
                text.low(at + 2),
                "half" | "quarter" | "fourth" | "third" | "fifth" | "thirtieth"
            ) =>
        {
            let value = match text.low(at + 2) {
                "half" => 0.5,
                "third" => 1.0 / 3.0,
                "fifth" => 0.2,
                "thirtieth" => 1.0 / 30.0,
                _ => 0.25,
            };
            Some((value, at + 3))
        }
        _ => fraction(text, at + 1).filter(|f| f.value < 1.0).map(|f| (f.value, f.end)),
    };
    let Some((value, end)) = found else { return number };
    let part = if number.scale >= 1000.0 { value * number.scale } else { value };
    let joined = Number { value: number.value + part, end, fraction: true, plain_digits: false, ..number };
    if number.scale < 1000.0 {
        if let Some(scale) = scale_word(text.low(end)).filter(|s| *s >= 1000.0 && text.low(end).len() > 2) {
            return Number { value: scaled(joined.value, scale), end: end + 1, scale, ..joined };
        }
    } else if let Some(scale) = scale_word(text.low(end)).filter(|s| *s < number.scale && *s >= 1000.0) {
        return Number { value: number.value + scaled(value, scale), end: end + 1, ..joined };
    }
    joined
}

/// Digits at `i`, thousands set apart by blanks joined; the ordinal ending if one follows.
fn digit_run(text: &Text<'_>, i: usize) -> Option<(f64, usize, Option<()>)> {
    let low = text.low(i);
    let mut value = digits(low)?;
    let mut end = i + 1;
    let next = text.low(end);
    if !text.at(end).gap && matches!(next, "st" | "nd" | "rd" | "th") {
        return Some((value, end + 1, Some(())));
    }
    // "9 300", "40 000": groups of exactly three digits after one to three.
    if low.len() <= 3 && !low.contains(['.', ',']) && !low.starts_with('0') {
        while text.at(end).kind == Kind::Number
            && text.low(end).len() == 3
            && !text.low(end).contains(['.', ','])
            && text.at(end).start == text.at(end - 1).end + 1
            && end < i + 4
        {
            value = value * 1000.0 + digits(text.low(end))?;
            end += 1;
        }
    }
    // "12e13"
    if !text.at(end).gap && next.starts_with('e') && next.len() <= 4 {
        if let Ok(power) = next.get(1..).unwrap_or("").parse::<i32>() {
            return Some((value * 10f64.powi(power), end + 1, None));
        }
        if next == "e"
            && (text.at(end + 1).kind == Kind::Dash || text.at(end + 1).sign == '+')
            && text.at(end + 2).kind == Kind::Number
            && !text.at(end + 2).gap
            && let Ok(power) = text.low(end + 2).parse::<i32>()
        {
            let power = power.clamp(0, 300);
            let signed = if text.at(end + 1).sign == '+' { power } else { -power };
            return Some((value * 10f64.powi(signed), end + 3, None));
        }
    }
    Some((value, end, None))
}

/// The value of a run of digits with separators; `None` for what is no single number ("1.2.3").
pub fn digits(run: &str) -> Option<f64> {
    if run.len() > 60 {
        return None;
    }
    let mut plain = String::with_capacity(run.len());
    for c in run.chars() {
        match c.to_digit(10) {
            Some(d) => plain.push(char::from_digit(d, 10)?),
            None if matches!(c, ' ' | '\u{202f}' | '\u{2009}') => {}
            None => plain.push(c),
        }
    }
    let (dots, commas) = (plain.matches('.').count(), plain.matches(',').count());
    let three =
        |sep: char| plain.split(sep).skip(1).all(|g| g.split('.').next().is_some_and(|g| g.len() == 3));
    let number = match (dots, commas) {
        (0, 0) | (1, 0) => plain,
        (0, 1) => {
            let (head, tail) = plain.split_once(',')?;
            if tail.len() == 3 && head.len() <= 3 {
                format!("{head}{tail}")
            } else {
                format!("{head}.{tail}")
            }
        }
        // "22,24,26" is a list; "12,34,567" groups by two as in India.
        (0, _) if plain.rsplit(',').next().is_none_or(|last| last.len() != 3) => return None,
        (0, _) => plain.replace(',', ""),
        (1, _) if plain.rfind('.') > plain.rfind(',') => plain.replace(',', ""),
        (_, 1) if plain.rfind(',') > plain.rfind('.') => plain.replace('.', "").replace(',', "."),
        (_, 0) if dots > 1 && three('.') => plain.replace('.', ""),
        _ => return None,
    };
    number.parse().ok()
}

pub fn scale_word(word: &str) -> Option<f64> {
    Some(match word {
        "hundred" | "hundreds" => 100.0,
        "thousand" | "thousands" | "k" => 1e3,
        "million" | "millions" | "m" | "mn" | "mm" | "mln" | "mil" | "m." => 1e6,
        "billion" | "billions" | "bn" | "b" | "bln" => 1e9,
        "trillion" | "trillions" | "tn" | "trn" | "tln" => 1e12,
        "lakh" | "lakhs" | "lac" | "lacs" => 1e5,
        "crore" | "crores" => 1e7,
        "dozen" | "dozens" | "dz" | "dzs" | "dozs" => 12.0,
        _ => return None,
    })
}

fn ordinal_scale(word: &str) -> Option<f64> {
    Some(match word {
        "hundredth" => 100.0,
        "thousandth" => 1e3,
        "millionth" => 1e6,
        "billionth" => 1e9,
        _ => return None,
    })
}

fn unit_word(word: &str) -> Option<f64> {
    Some(match word {
        "zero" | "nought" | "naught" => 0.0,
        "one" => 1.0,
        "two" => 2.0,
        "three" => 3.0,
        "four" => 4.0,
        "five" => 5.0,
        "six" => 6.0,
        "seven" => 7.0,
        "eight" => 8.0,
        "nine" => 9.0,
        "ten" => 10.0,
        "eleven" => 11.0,
        "twelve" => 12.0,
        "thirteen" => 13.0,
        "fourteen" => 14.0,
        "fifteen" => 15.0,
        "sixteen" => 16.0,
        "seventeen" => 17.0,
        "eighteen" => 18.0,
        "nineteen" => 19.0,
        _ => return None,
    })
}

fn tens_word(word: &str) -> Option<f64> {
    Some(match word {
        "twenty" => 20.0,
        "thirty" => 30.0,
        "forty" | "fourty" => 40.0,
        "fifty" => 50.0,
        "sixty" => 60.0,
        "seventy" => 70.0,
        "eighty" => 80.0,
        "ninety" => 90.0,
        _ => return None,
    })
}

fn ordinal_word(word: &str) -> Option<f64> {
    Some(match word {
        "first" => 1.0,
        "second" => 2.0,
        "third" => 3.0,
        "fourth" => 4.0,
        "fifth" => 5.0,
        "sixth" => 6.0,
        "seventh" => 7.0,
        "eighth" => 8.0,
        "ninth" => 9.0,
        "tenth" => 10.0,
        "eleventh" => 11.0,
        "twelfth" => 12.0,
        "thirteenth" => 13.0,
        "fourteenth" => 14.0,
        "fifteenth" => 15.0,
        "sixteenth" => 16.0,
        "seventeenth" => 17.0,
        "eighteenth" => 18.0,
        "nineteenth" => 19.0,
        "twentieth" => 20.0,
        "thirtieth" => 30.0,
        "fortieth" => 40.0,
        "fiftieth" => 50.0,
        "hundredth" => 100.0,
        _ => return None,
    })
}

fn is_vulgar(c: char) -> bool {
    vulgar(c).is_some()
}

fn vulgar(c: char) -> Option<f64> {
    Some(match c {
        '½' => 0.5,
        '⅓' => 1.0 / 3.0,
        '⅔' => 2.0 / 3.0,
        '¼' => 0.25,
        '¾' => 0.75,
        '⅕' => 0.2,
        '⅖' => 0.4,
        '⅗' => 0.6,
        '⅘' => 0.8,
        '⅙' => 1.0 / 6.0,
        '⅚' => 5.0 / 6.0,
        '⅛' => 0.125,
        '⅜' => 0.375,
        '⅝' => 0.625,
        '⅞' => 0.875,
        _ => return None,
    })
}

/// "4.1 million" is 4,100,000: what multiplying leaves behind the last place is no part of it.
fn scaled(value: f64, scale: f64) -> f64 {
    let product = value * scale;
    let whole = product.round();
    if (product - whole).abs() < 1e-9 * product.abs() { whole } else { product }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token;

    fn value(source: &str) -> Option<f64> {
        let text = token::read(source);
        read(&text, 0).filter(|n| n.end == text.len()).map(|n| n.value)
    }

    #[test]
    fn digits_with_separators_are_one_number() {
        for (source, wanted) in [
            ("1,234,567", 1_234_567.0),
            ("12,34,567.89", 1_234_567.89),
            ("9 300", 9300.0),
            ("1.111,11", 1111.11),
            ("10k", 10_000.0),
            ("2.14 lakh", 214_000.0),
        ] {
            assert_eq!(value(source), Some(wanted), "{source}");
        }
    }

    #[test]
    fn words_make_numbers() {
        for (source, wanted) in [
            ("twenty-one trillion", 21e12),
            ("two hundred and two thousand", 202_000.0),
            ("one hundred and three", 103.0),
            ("half a million", 500_000.0),
            ("a dozen", 12.0),
            ("five and a half million", 5_500_000.0),
            ("three quarters", 0.75),
            ("six crore and two hundred", 60_000_200.0),
            ("one hundred and three quarters", 100.75),
            ("six million and three fifths", 6_600_000.0),
            ("two hundred point zero three", 200.03),
            ("one one-thousandth", 0.001),
            ("one in five", 0.2),
            ("quarter million", 250_000.0),
        ] {
            assert_eq!(value(source), Some(wanted), "{source}");
        }
    }

    #[test]
    fn a_list_is_no_single_number() {
        assert_eq!(value("22,24,26"), None);
    }

    #[test]
    fn an_ordinal_is_flagged() {
        let text = token::read("507th");
        assert!(read(&text, 0).is_some_and(|n| n.ordinal && n.value == 507.0));
    }
}
