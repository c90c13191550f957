//! Figures of displacement and of ruined homes in texts that are not English. Only what is certain: a
//! number, a noun of people or homes, and a word of displacement or ruin, all of one language and in
//! each other's reach. Everything else of such a text is left unread: no claim is better than a wrong
//! one. A table for each language tells its words; one small grammar serves all of them.
//!
//! Words are compared without accents, and letters that a text lost on its way ("evacuaci�n", "ku_e")
//! fit any letter: what agencies send by old systems is often so.

mod tongues;

use crate::language::Language;
use crate::quantity::Quantity;
use crate::token::{Kind, Text};
use domain::measure::{self, Bound, Indicator};
use std::ops::Range;
use tongues::TONGUES;

/// The words of one language that matter here. Patterns are in small letters without accents; one that
/// ends in `*` fits every word that begins so.
struct Tongue {
    code: &'static str,
    /// What is counted, with its English name.
    nouns: &'static [(&'static str, &'static str)],
    /// Whoever is displaced, as a noun: "los evacuados".
    displaced: &'static [(&'static str, &'static str)],
    /// What befell whoever stands before: participles and adjectives.
    after: &'static [(&'static str, Indicator)],
    /// Two words that say it together, behind the noun: "sin hogar".
    pairs: &'static [(&'static str, &'static str, Indicator)],
    /// What befell whoever stands behind: verbs and nouns, "evacuar a", "l'évacuation de".
    before: &'static [(&'static str, Indicator)],
    /// To leave, and the home that has to be left for it to count.
    leaves: &'static [&'static str],
    homes: &'static [&'static str],
    /// Words that in "se desplazaron a Madrid" only tell a journey.
    reflexive: &'static [&'static str],
    auxiliaries: &'static [&'static str],
    bounds: &'static [(&'static str, Bound)],
    numbers: &'static [(&'static str, f64)],
    /// "un centenar": a round number.
    rounds: &'static [(&'static str, f64)],
    /// "centenares", by the English word for as many.
    vague: &'static [(&'static str, &'static str)],
    scales: &'static [(&'static str, f64)],
    and: &'static [&'static str],
    /// "soit", "es decir": the same again in another unit.
    links: &'static [&'static str],
    /// What has not happened: "no", "podrían", "serán".
    unsure: &'static [&'static str],
    /// Whoever goes back or to hospital is not displaced.
    elsewhere: &'static [&'static str],
}

/// A figure with its outcome.
pub struct Figure {
    pub tokens: Range<usize>,
    /// What is counted, in English: the desk compares figures of many languages.
    pub counts: &'static str,
    pub low: Option<f64>,
    pub best: Option<f64>,
    pub high: Option<f64>,
    pub bound: Bound,
    pub indicator: Indicator,
    /// From the first to the last word that says it.
    core: Range<usize>,
}

/// Figures that are asserted together.
pub struct Assertion {
    pub tokens: Range<usize>,
    pub sentence: Range<usize>,
    pub figures: Vec<Figure>,
}

/// "that" and "and", which are no part of what is asserted.
const LEADS: &[&str] = &["que", "che", "dass", "що", "что", "da", "y", "e", "et", "und", "і", "и"];

/// What was read, and in which language.
pub struct Found {
    pub language: &'static str,
    pub assertions: Vec<Assertion>,
}

impl Found {
    fn figures(&self) -> usize {
        self.assertions.iter().map(|a| a.figures.len()).sum()
    }
}

/// The figures of a text; where its language is only guessed, of whichever language finds most.
pub fn scan(text: &Text<'_>, sentences: &[Range<usize>], language: &Language) -> Option<Found> {
    let items: Vec<Vec<Item>> = sentences.iter().map(|sentence| items_of(text, sentence)).collect();
    let first = TONGUES.iter().filter(|t| t.code == kin(language.guess));
    let rest = TONGUES.iter().filter(|t| !language.sure && t.code != kin(language.guess));
    first
        .chain(rest)
        .map(|tongue| {
            let assertions: Vec<Assertion> = items
                .iter()
                .zip(sentences)
                .flat_map(|(items, sentence)| Reader { text, tongue, items, sentence }.assertions())
                .collect();
            Found { language: tongue.code, assertions }
        })
        .filter(|found| !found.assertions.is_empty())
        // The guess, then the earlier table, among equals.
        .reduce(|best, found| if found.figures() > best.figures() { found } else { best })
}

/// Bosnian and Serbian in Latin letters share the Croatian table.
fn kin(language: &str) -> &str {
    match language {
        "bs" | "sr" => "hr",
        other => other,
    }
}

/// Numbers as texts in other languages write them: "2.000" and "3 000" are thousands, "1,5" is one and
/// a half, and what English reads as the counted noun means nothing.
pub fn renumber(text: &Text<'_>, quantities: &mut [Quantity]) {
    for quantity in quantities {
        let digits = quantity.core.clone().all(|k| text.at(k).kind == Kind::Number);
        if digits && let Some(value) = grouped(text.words(&quantity.core)) {
            let shift = |side: Option<f64>| side.map(|_| value);
            (quantity.low, quantity.best, quantity.high) =
                (shift(quantity.low), shift(quantity.best), shift(quantity.high));
        }
        quantity.counts = None;
    }
}

/// A number in digits: groups of three are thousands, whatever stands between; fewer after one mark are
/// decimals.
fn grouped(written: &str) -> Option<f64> {
    let mut parts = written
        .split(|c: char| !c.is_ascii_digit())
        .filter(|p| !p.is_empty())
        .collect::<Vec<_>>()
        .into_iter();
    let first = parts.next()?;
    let rest: Vec<&str> = parts.collect();
    if first.len() <= 3 && rest.iter().all(|p| p.len() == 3) || rest.is_empty() {
        return format!("{first}{}", rest.concat()).parse().ok();
    }
    match rest.as_slice() {
        [decimals] if decimals.len() <= 2 => format!("{first}.{decimals}").parse().ok(),
        _ => None,
    }
}

/// A letter that was lost on the way.
const LOST: char = '\u{fffd}';

/// A word, a number in digits or a mark, in small letters without accents.
struct Item {
    tokens: Range<usize>,
    word: String,
}

impl Item {
    fn is_number(&self) -> bool {
        self.word.starts_with(|c: char| c.is_ascii_digit())
    }

    fn is_word(&self) -> bool {
        self.word.starts_with(|c: char| c.is_alphabetic() || c == LOST)
            && self.word.chars().any(|c| c != LOST)
    }
}

fn items_of(text: &Text<'_>, sentence: &Range<usize>) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut k = sentence.start;
    while k < sentence.end {
        let from = k;
        let letters = |k: usize| text.at(k).kind == Kind::Word || text.at(k).sign == LOST;
        if text.at(k).kind == Kind::Number {
            let mut end = k + 1;
            // "3 000"
            let short = |k: usize, most: std::ops::RangeInclusive<u32>| {
                text.at(k).kind == Kind::Number && most.contains(&(text.at(k).end - text.at(k).start))
            };
            while short(k, 1..=3) && short(end, 3..=3) && end < sentence.end && text.at(end).gap {
                end += 1;
            }
            k = end;
            items.push(Item { tokens: from..end, word: text.words(&(from..end)).to_owned() });
            continue;
        }
        if letters(k) {
            k += 1;
            while k < sentence.end && letters(k) && !text.at(k).gap {
                k += 1;
            }
            let word = plain(text.words(&(from..k)));
            // "l'évacuation"
            let word = match word.split_once('\'') {
                Some((article, rest)) if article.is_ascii() && article.len() <= 5 && rest.len() > 1 => {
                    rest.to_owned()
                }
                _ => word,
            };
            items.push(Item { tokens: from..k, word });
            continue;
        }
        // "sans-abri" is two words.
        if text.at(k).kind != Kind::Dash || text.at(k).gap {
            items.push(Item { tokens: k..k + 1, word: text.at(k).sign.to_string() });
        }
        k += 1;
    }
    items
}

/// Small letters without accents.
fn plain(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for c in word.chars().flat_map(char::to_lowercase) {
        out.push(match c {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ą' => 'a',
            'è' | 'é' | 'ê' | 'ë' | 'ę' => 'e',
            'ì' | 'í' | 'î' | 'ï' => 'i',
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' => 'o',
            'ù' | 'ú' | 'û' | 'ü' => 'u',
            'ç' | 'č' | 'ć' => 'c',
            'ñ' | 'ń' => 'n',
            'š' | 'ś' => 's',
            'ž' | 'ź' | 'ż' => 'z',
            'đ' => 'd',
            'ł' => 'l',
            '’' | 'ʼ' => '\'',
            '_' => LOST,
            'ß' => 's',
            other => other,
        });
    }
    out
}

/// Whether a pattern fits a word, in which lost letters fit any.
fn fits(pattern: &str, word: &str) -> bool {
    let mut known = 0;
    let mut letters = word.chars();
    for p in pattern.chars() {
        if p == '*' {
            return known >= 3;
        }
        match letters.next() {
            Some(LOST) => {}
            Some(letter) if letter == p => known += 1,
            _ => return false,
        }
    }
    letters.next().is_none() && known * 2 >= pattern.chars().count()
}

fn find<T: Copy>(table: &[(&'static str, T)], word: &str) -> Option<T> {
    table.iter().find(|(pattern, _)| fits(pattern, word)).map(|(_, value)| *value)
}

fn any(list: &[&str], word: &str) -> bool {
    list.iter().any(|pattern| fits(pattern, word))
}

/// A number with its noun, in places of items.
struct Counted {
    whole: Range<usize>,
    number: Range<usize>,
    low: Option<f64>,
    best: Option<f64>,
    high: Option<f64>,
    bound: Bound,
    counts: &'static str,
    /// The noun itself says that they are displaced.
    itself: bool,
}

struct Reader<'r, 'a> {
    text: &'r Text<'a>,
    tongue: &'static Tongue,
    items: &'r [Item],
    sentence: &'r Range<usize>,
}

impl Reader<'_, '_> {
    fn word(&self, k: usize) -> &str {
        self.items.get(k).map_or("", |item| item.word.as_str())
    }

    fn assertions(&self) -> Vec<Assertion> {
        let counted = self.counted();
        let mut figures: Vec<Figure> = Vec::new();
        let mut later: Option<(usize, Indicator, usize)> = None;
        // From the end: "150 familles, soit 1206 personnes, sont sans abri" tells both by what follows.
        for one in counted.iter().rev() {
            let chained = later.filter(|(start, ..)| self.joins(one.whole.end, *start));
            let told = self
                .outcome_before(one)
                .or_else(|| one.itself.then_some((Indicator::Displaced, one.whole.clone())))
                .or_else(|| self.outcome_after(one))
                .or_else(|| chained.map(|(_, indicator, end)| (indicator, one.whole.start..end)));
            later = None;
            let Some((indicator, at)) = told else { continue };
            let core = one.whole.start.min(at.start)..one.whole.end.max(at.end);
            if !fit_for(indicator, one.counts) || self.is_unsure(&core) {
                continue;
            }
            later = Some((one.whole.start, indicator, core.end));
            figures.push(Figure {
                tokens: self.tokens(&one.number),
                counts: one.counts,
                low: one.low,
                best: one.best,
                high: one.high,
                bound: one.bound,
                indicator,
                core: self.tokens(&core),
            });
        }
        figures.extend(self.label().filter(|_| figures.is_empty()));
        figures.reverse();
        self.grouped(figures)
    }

    /// Every number that counts people or homes.
    fn counted(&self) -> Vec<Counted> {
        let mut found = Vec::new();
        let mut k = 0;
        while k < self.items.len() {
            match self.count_at(k) {
                Some(one) => {
                    k = one.whole.end;
                    found.push(one);
                }
                None => k += 1,
            }
        }
        found
    }

    fn count_at(&self, k: usize) -> Option<Counted> {
        let tongue = self.tongue;
        let (mut low, mut high, bound, end) = self.number(k)?;
        let mut best = (bound != Bound::Vague).then_some(low);
        let mut bound = bound;
        let mut noun = end;
        // "entre 300 y 400", "300 a 400"
        let between = any(
            &["entre", "between", "tra", "zwischen", "між", "между", "izmedu"],
            self.word(k.wrapping_sub(1)),
        );
        if (any(tongue.and, self.word(end)) && between || matches!(self.word(end), "a" | "à" | "bis" | "–"))
            && let Some((second, _, Bound::Exact, after)) = self.number(end + 1)
            && bound == Bound::Exact
            && low < second
        {
            (high, best, bound, noun) = (second, None, Bound::Range, after);
        }
        let number_end = noun;
        // "millones de personas", "otras 30 familias": one word may stand between.
        let at = (noun..noun + 3).find(|&x| {
            let word = self.word(x);
            find(tongue.nouns, word).is_some() || x == noun && find(tongue.displaced, word).is_some()
        })?;
        if (noun..at).any(|x| !self.items.get(x).is_some_and(Item::is_word) || self.number(x).is_some()) {
            return None;
        }
        noun = at + 1;
        let mut itself = false;
        let counts = match find(tongue.nouns, self.word(at)) {
            Some(counts) => counts,
            None => {
                itself = true;
                find(tongue.displaced, self.word(at))?
            }
        };
        let mut start = k - usize::from(bound == Bound::Range && between && k > 0);
        let mut lows = Some(low);
        let mut highs = Some(high);
        if let Some((from, limit)) = self.bound_before(start)
            && bound != Bound::Range
        {
            start = from;
            match limit {
                Bound::AtLeast => highs = None,
                Bound::AtMost => (lows, best) = (None, None),
                _ => {}
            }
            if bound == Bound::Exact || limit != Bound::About {
                bound = if bound == Bound::Vague { bound } else { limit };
            }
        }
        if !low.is_finite() || low < 1.0 {
            low = 0.0;
        }
        (low >= 2.0).then_some(Counted {
            whole: start..noun,
            number: start..number_end,
            low: lows,
            best,
            high: highs,
            bound,
            counts,
            itself,
        })
    }

    /// Value, upper end, kind and end of the number that begins at an item.
    fn number(&self, k: usize) -> Option<(f64, f64, Bound, usize)> {
        let tongue = self.tongue;
        let item = self.items.get(k)?;
        if item.is_number() {
            let value = grouped(&item.word)?;
            let (value, end) = match find(tongue.scales, self.word(k + 1)) {
                // "2,5 тыс. человек"
                Some(scale)
                    if self.word(k + 2) == "." && self.items.get(k + 3).is_some_and(Item::is_word) =>
                {
                    (value * scale, k + 3)
                }
                Some(scale) => (value * scale, k + 2),
                None => (value, k + 1),
            };
            return (value.fract() == 0.0).then_some((value, value, Bound::Exact, end));
        }
        if let Some(word) = find(tongue.vague, &item.word) {
            let vague = measure::vague(word)?;
            let (low, high) = (vague.low, vague.high?);
            // "decenas de miles"
            let next = (k + 1..k + 3).find_map(|x| Some((find(tongue.vague, self.word(x))?, x)));
            return Some(match next {
                Some(("thousands", x)) if low < 1000.0 => {
                    (low * 1000.0, (high + 1.0) * 1000.0 - 1.0, Bound::Vague, x + 1)
                }
                _ => (low, high, Bound::Vague, k + 1),
            });
        }
        self.spelled(k)
    }

    /// "treinta y cinco mil", "un centenar", "une centaine".
    fn spelled(&self, k: usize) -> Option<(f64, f64, Bound, usize)> {
        let tongue = self.tongue;
        let (mut total, mut current, mut at, mut bound) = (0.0_f64, 0.0_f64, k, Bound::Exact);
        let mut seen = false;
        loop {
            let word = self.word(at);
            if let Some(scale) = find(tongue.scales, word) {
                total += if current > 0.0 { current } else { 1.0 } * scale;
                current = 0.0;
            } else if let Some(round) = find(tongue.rounds, word) {
                current = if current > 0.0 { current * round } else { round };
                bound = Bound::About;
            } else if let Some(value) = find(tongue.numbers, word) {
                // "cinq cents", "quatre-vingts"
                let times =
                    value == 100.0 && (2.0..10.0).contains(&current) || value == 20.0 && current == 4.0;
                current = if times { current * value } else { current + value };
            } else if seen && any(tongue.and, word) && find(tongue.numbers, self.word(at + 1)).is_some() {
                at += 1;
                continue;
            } else {
                break;
            }
            seen = true;
            at += 1;
        }
        let value = total + current;
        (seen && value >= 2.0 && value.fract() == 0.0).then_some((value, value, bound, at))
    }

    /// "más de", "au moins", right before a number.
    fn bound_before(&self, start: usize) -> Option<(usize, Bound)> {
        (1..=3).rev().find_map(|words| {
            let from = start.checked_sub(words)?;
            self.tongue.bounds.iter().find_map(|(phrase, bound)| {
                let mut parts = phrase.split(' ');
                let all = (from..start).all(|k| parts.next().is_some_and(|p| fits(p, self.word(k))));
                (all && parts.next().is_none()).then_some((from, *bound))
            })
        })
    }

    /// "destruyó hoy 24 viviendas", "l'évacuation de 300 personnes".
    fn outcome_before(&self, one: &Counted) -> Option<(Indicator, Range<usize>)> {
        let from = one.whole.start.saturating_sub(3);
        for k in (from..one.whole.start).rev() {
            let item = self.items.get(k)?;
            if item.is_number() || !item.is_word() || any(self.tongue.and, &item.word) {
                return None;
            }
            // A noun in between is what it befell.
            if find(self.tongue.nouns, &item.word).is_some() {
                return None;
            }
            if let Some(indicator) = find(self.tongue.before, &item.word) {
                return Some((indicator, k..one.whole.end));
            }
        }
        None
    }

    /// "familias evacuadas", "personnes ont été déplacées", "personas … sin hogar".
    fn outcome_after(&self, one: &Counted) -> Option<(Indicator, Range<usize>)> {
        /// How far a verb may stand from its subject.
        const FAR: usize = 10;
        let tongue = self.tongue;
        let mut helped = false;
        for k in one.whole.end..(one.whole.end + FAR).min(self.items.len()) {
            let word = self.word(k);
            if matches!(word, "." | ";" | ":" | "!" | "?")
                || any(tongue.and, word)
                || self.number(k).is_some()
            {
                return None;
            }
            let near = k <= one.whole.end + 1;
            let pair = tongue
                .pairs
                .iter()
                .find(|(a, b, _)| fits(a, word) && fits(b, self.word(k + 1)))
                .map(|(.., indicator)| *indicator);
            if let Some(indicator) = pair.filter(|_| near || helped) {
                return Some((indicator, one.whole.start..k + 2));
            }
            if let Some(indicator) = find(tongue.after, word).filter(|_| near || helped) {
                let reflexive = (one.whole.end..k).any(|x| any(tongue.reflexive, self.word(x)));
                let left = (k + 1..k + 4).any(|x| any(tongue.leaves, self.word(x)));
                if !reflexive || left {
                    return Some((indicator, one.whole.start..k + 1));
                }
            }
            if any(tongue.leaves, word)
                && let Some(home) = (k + 1..k + 5).find(|&x| any(tongue.homes, self.word(x)))
            {
                return Some((Indicator::Displaced, one.whole.start..home + 1));
            }
            helped |= any(tongue.auxiliaries, word);
        }
        None
    }

    /// A row of a table: "Déplacés : 36 157", "Personas evacuadas 300".
    fn label(&self) -> Option<Figure> {
        let tongue = self.tongue;
        let first = self.word(0);
        let noun = |k: usize| find(tongue.nouns, self.word(k));
        let itself = find(tongue.displaced, first);
        let (counts, indicator, at) = match (noun(0), find(tongue.after, first)) {
            (Some(counts), _) => (counts, find(tongue.after, self.word(1))?, 2),
            (None, told) if told.is_some() || itself.is_some() => {
                let indicator = if itself.is_some() { Indicator::Displaced } else { told? };
                match noun(1) {
                    Some(counts) => (counts, indicator, 2),
                    None => (itself?, indicator, 1),
                }
            }
            _ => return None,
        };
        let number = if self.word(at) == ":" { at + 1 } else { at };
        let (low, high, bound, end) = self.number(number)?;
        let closed = end >= self.items.len() || matches!(self.word(end), "." | "(" | ";");
        (closed && low >= 2.0 && fit_for(indicator, counts)).then(|| Figure {
            tokens: self.tokens(&(number..end)),
            counts,
            low: Some(low),
            best: (bound != Bound::Vague).then_some(low),
            high: Some(high),
            bound,
            indicator,
            core: self.tokens(&(0..end)),
        })
    }

    /// Only "and", "that is" or a bracket between two counts.
    fn joins(&self, end: usize, start: usize) -> bool {
        start > end
            && start - end <= 2
            && (end..start).all(|k| {
                let word = self.word(k);
                matches!(word, "," | "(" | "/") || any(self.tongue.and, word) || any(self.tongue.links, word)
            })
    }

    /// A wish, a plan, a negation; or people who go back or to hospital.
    fn is_unsure(&self, core: &Range<usize>) -> bool {
        let around = core.start.saturating_sub(3)..core.end;
        let behind = core.start.saturating_sub(2)..core.end + 4;
        around.into_iter().any(|k| any(self.tongue.unsure, self.word(k)))
            || behind.into_iter().any(|k| any(self.tongue.elsewhere, self.word(k)))
    }

    fn tokens(&self, items: &Range<usize>) -> Range<usize> {
        let start = self.items.get(items.start).map_or(self.sentence.start, |i| i.tokens.start);
        let end = self.items.get(items.end.wrapping_sub(1)).map_or(self.sentence.end, |i| i.tokens.end);
        start..end
    }

    /// Figures of one clause are one assertion.
    fn grouped(&self, figures: Vec<Figure>) -> Vec<Assertion> {
        let mut out: Vec<Assertion> = Vec::new();
        for figure in figures {
            let clause = self.clause(&figure.core);
            match out.last_mut() {
                Some(last) if clause.start < last.tokens.end => {
                    last.tokens.end = last.tokens.end.max(clause.end);
                    last.figures.push(figure);
                }
                _ => out.push(Assertion {
                    tokens: clause,
                    sentence: self.sentence.clone(),
                    figures: vec![figure],
                }),
            }
        }
        out
    }

    /// The words around, up to the next mark on either side.
    fn clause(&self, core: &Range<usize>) -> Range<usize> {
        let text = self.text;
        let stops = |k: usize| {
            !matches!(text.at(k).kind, Kind::Word | Kind::Number | Kind::Dash)
                && text.at(k).sign != '\u{fffd}'
        };
        let mut clause = core.clone();
        while clause.start > self.sentence.start && !stops(clause.start - 1) {
            clause.start -= 1;
        }
        while clause.end < self.sentence.end && !stops(clause.end) {
            clause.end += 1;
        }
        while clause.start < core.start
            && (text.at(clause.start).kind == Kind::Dash || LEADS.contains(&text.low(clause.start)))
        {
            clause.start += 1;
        }
        while clause.end > core.end && text.at(clause.end - 1).kind == Kind::Dash {
            clause.end -= 1;
        }
        clause
    }
}

/// Homes are ruined, people and homes are cleared.
fn fit_for(indicator: Indicator, counts: &str) -> bool {
    indicator == Indicator::Displaced || counts == "homes"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{language, sentence, token};

    /// Language, and of each figure its number, what it counts and what befell it.
    fn told(source: &str) -> Vec<(String, &'static str, Indicator)> {
        let text = token::read(source);
        let sentences = sentence::split(&text);
        let language = language::detect(&text);
        scan(&text, &sentences, &language)
            .map(|found| found.assertions)
            .unwrap_or_default()
            .iter()
            .flat_map(|a| &a.figures)
            .map(|f| (f.best.or(f.low).map(measure::number).unwrap_or_default(), f.counts, f.indicator))
            .collect()
    }

    fn one(source: &str, number: &str, counts: &str, indicator: Indicator) {
        assert_eq!(told(source), [(number.to_owned(), counts, indicator)], "{source}");
    }

    #[test]
    fn the_displaced_are_counted_in_each_language() {
        use Indicator::*;
        one(
            "Las autoridades ordenaron la evacuación de 1.250 personas en el valle.",
            "1,250",
            "people",
            Displaced,
        );
        one("Más de doscientas familias tuvieron que abandonar sus hogares.", "200", "families", Displaced);
        one("Quelque 3 000 habitants ont dû quitter leurs maisons.", "3,000", "inhabitants", Displaced);
        one("Les combats ont déplacé une centaine de familles.", "100", "families", Displaced);
        one("Pelo menos 80 famílias ficaram desabrigadas no norte.", "80", "families", Displaced);
        one(
            "Le persone evacuate sono tante: oltre 400 persone sono state evacuate.",
            "400",
            "people",
            Displaced,
        );
        one("Rund 2.300 Menschen mussten ihre Häuser verlassen.", "2,300", "people", Displaced);
        one("Уночі з громади евакуювали 340 людей.", "340", "people", Displaced);
        one("Из города эвакуировали более 2,5 тыс. человек.", "2,500", "people", Displaced);
        one("Из города эвакуировали более 1,5 тысячи человек.", "1,500", "people", Displaced);
        one("Evakuirano je više od 900 osoba.", "900", "people", Displaced);
        one("Das Hochwasser zerstörte 45 Häuser.", "45", "homes", Destroyed);
        one("За ніч пошкоджено 18 будинків і школу.", "18", "homes", Damaged);
    }

    #[test]
    fn letters_that_were_lost_fit_any() {
        use Indicator::*;
        one("M\u{fffd}s de diez familias fueron desalojadas por la crecida.", "10", "families", Displaced);
        one("Os ventos deixaram 50 fam\u{fffd}lias desalojadas.", "50", "families", Displaced);
    }

    #[test]
    fn the_same_people_may_be_told_twice() {
        assert_eq!(
            told("Au total, 150 familles, soit 900 personnes, sont sans abri."),
            [
                ("150".to_owned(), "families", Indicator::Displaced),
                ("900".to_owned(), "people", Indicator::Displaced)
            ]
        );
    }

    #[test]
    fn journeys_plans_and_hospitals_are_no_displacement() {
        for source in [
            "Unas 12.000 personas se desplazaron a Madrid para la final.",
            "Más de 3.000 familias podrían ser evacuadas si sube el río.",
            "No fueron evacuadas las 300 personas que viven allí.",
            "Trois personnes ont été évacuées vers l'hôpital de Lyon.",
            "Quelque 400 personnes déplacées sont rentrées chez elles hier.",
            "Das Stadion fasst 45.000 Menschen und wurde 2006 gebaut.",
            "Rund 2.300 Menschen mussten in ihren Häusern bleiben.",
            "El ejército evacuó la plaza y 300 personas aplaudieron.",
            "Al acto asistieron 500 personas en la plaza.",
            "El gobierno espera evacuar a 5.000 personas antes del viernes.",
        ] {
            assert_eq!(told(source), [], "{source}");
        }
    }
}
