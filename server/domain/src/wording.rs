//! The sentence that may be printed: what a claim says, as far as its verdict lets it stand, with who
//! says so. After the newsroom rules: give the source of every toll (BBC Editorial Guidelines 11), say
//! what is not verified independently (NPR), never print a figure without whoever stands behind it.

use crate::claim::Polarity;
use crate::figure::Read;
use crate::ledger::{counts_only_some, is_more};
use crate::measure::{Bound, Indicator, Measure, number};
use crate::scale::Tone;
use std::borrow::Cow;

/// A claim that has a verdict, as far as its sentence needs.
#[derive(Clone, Debug)]
pub struct Judged<'a> {
    /// The claim so that it is understood alone.
    pub words: &'a str,
    /// Its figures.
    pub measures: &'a [Measure],
    /// Who says so; `None`: the article itself, or nobody that is known by name.
    pub source: Option<&'a str>,
    /// Whether they say that it is so.
    pub polarity: Polarity,
    pub tone: Tone,
    /// The figure that the evidence supports, as it is read in what the reviewer wrote: the desk's own, and
    /// not what the claim's source said.
    pub figure: Option<&'a Read>,
    /// Who gives that figure in the evidence; `None`: nobody that is known by name.
    pub evidence: Option<&'a str>,
}

/// The sentence that may be printed; `None` where nothing of the claim can stand: it is false and no
/// figure is known to be right. A claim is told in its own words where it has several figures, or one that is
/// not the whole count that holds now; where its verdict gives another figure then, by nobody but a person:
/// it is not known what that one replaces.
pub fn printable<'a>(judged: &Judged<'a>) -> Option<String> {
    let mut totals = judged.measures.iter().filter(|measure| measure.part_of.is_none());
    let measure = match (totals.next(), totals.next()) {
        (Some(_), Some(_)) if judged.figure.is_some() => return None,
        (Some(only), None) => Some(only),
        _ => None,
    };
    let named = |name: Option<&'a str>| name.map(str::trim).filter(|name| !name.is_empty()).map(with_article);
    let (source, evidence) = (named(judged.source), named(judged.evidence));
    let (source, evidence) = (source.as_deref(), evidence.as_deref());
    let whole = measure.filter(|measure| is_whole(measure, judged.words));
    let said = whole.filter(|measure| !measure.denied).and_then(counted);
    let supported = whole.zip(judged.figure).and_then(|(measure, figure)| supported(measure, figure));
    if measure.is_some() && judged.figure.is_some() && supported.is_none() {
        return None;
    }
    let claim = said.unwrap_or_else(|| closed(judged.words));
    let (tone, supported) = (judged.tone, supported.as_ref());
    let sentence = match judged.polarity {
        Polarity::Asserted => asserted(tone, &claim, source, supported, evidence)?,
        Polarity::Denied => not_asserted(true, tone, &claim, source, supported, evidence),
        Polarity::Doubted => not_asserted(false, tone, &claim, source, supported, evidence),
    };
    Some(format!("{sentence}."))
}

/// What may be printed of a claim with who says so. Another figure than the claim's is never theirs.
fn asserted(
    tone: Tone,
    claim: &str,
    source: Option<&str>,
    supported: Option<&Supported>,
    evidence: Option<&str>,
) -> Option<String> {
    let according = match source {
        // "I have signed 38 papers": only whoever said it may say "I".
        Some(source) if is_in_first_person(claim) => format!("“{},” {source} said", opened(claim)),
        Some(source) => format!("{}, according to {source}", opened(claim)),
        None => opened(claim),
    };
    Some(match (tone, supported) {
        (Tone::False, Some(supported)) => {
            let right = by_evidence(supported, evidence);
            match source {
                Some(source) => format!("{right}. {} had given another figure", opened(source)),
                None => right,
            }
        }
        (Tone::False, None) => return None,
        (_, supported) => with_standing(according, tone, "others dispute this", supported),
    })
}

/// Whether whoever speaks speaks of themselves. "World War I" and "US forces" do not.
fn is_in_first_person(claim: &str) -> bool {
    const OWN: [&str; 10] = ["we", "We", "me", "us", "my", "My", "our", "Our", "myself", "ourselves"];
    let bare = |word: &'_ str| -> String {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        word.split(['\'', '’']).next().unwrap_or_default().to_owned()
    };
    let words: Vec<String> = claim.split_whitespace().map(bare).collect();
    words.iter().enumerate().any(|(place, word)| {
        let before = place.checked_sub(1).and_then(|k| words.get(k)).map_or("", String::as_str);
        let is_number = before.starts_with(char::is_uppercase);
        OWN.contains(&word.as_str()) || word == "I" && !is_number
    })
}

/// What may be printed of a claim that its source denies or does not confirm: where it is verified it is
/// told, and that the source said otherwise; else it is told as what the source denied, and as nobody's
/// word that it is so. In the past tense, which is the same of one and of many: "residents denied".
fn not_asserted(
    is_denied: bool,
    tone: Tone,
    claim: &str,
    source: Option<&str>,
    supported: Option<&Supported>,
    evidence: Option<&str>,
) -> String {
    let denied = match (is_denied, source) {
        (true, Some(source)) => format!("{source} denied"),
        (true, None) => "it was denied".to_owned(),
        (false, Some(source)) => format!("{source} did not confirm"),
        (false, None) => "it was not confirmed".to_owned(),
    };
    let claim = reported(claim);
    let denied_that = format!("{} that {}", opened(&denied), inside(claim));
    match (tone, supported) {
        (Tone::Verified, supported) => {
            let this = if source.is_some() { " this" } else { "" };
            let told = format!("{}; {denied}{this}", opened(claim));
            with_standing(told, tone, "", supported)
        }
        (Tone::False, Some(supported)) => format!("{}. {denied_that}", by_evidence(supported, evidence)),
        (Tone::False, None) if is_denied => format!("{denied_that}, and the evidence supports the denial"),
        (Tone::False, None) => format!("{denied_that}, and the evidence refutes it"),
        (_, supported) => with_standing(denied_that, tone, "accounts of this differ", supported),
    }
}

/// What is told, with how far it stands and the figure that the evidence supports instead.
fn with_standing(told: String, tone: Tone, disputed: &str, supported: Option<&Supported>) -> String {
    let another = supported.map(|figure| format!("the evidence supports another figure: {}", figure.words()));
    let stands = match tone {
        Tone::Unverified => Some("this could not be verified independently"),
        Tone::Context => Some("this needs context that the figure alone does not give"),
        // The other figure says against what.
        Tone::Disputed if another.is_none() => Some(disputed),
        Tone::Verified | Tone::Disputed | Tone::False => None,
    };
    match (stands, another) {
        (Some(stands), Some(another)) => format!("{told}; {stands}, and {another}"),
        (Some(stands), None) => format!("{told}; {stands}"),
        (None, Some(another)) => format!("{told}; {another}"),
        (None, None) => told,
    }
}

/// The figure that is right, with whoever gives it in the evidence.
fn by_evidence(supported: &Supported, evidence: Option<&str>) -> String {
    let evidence = evidence.unwrap_or("evidence that the desk has seen");
    let told = match supported {
        Supported::Outcome(told) => opened(told),
        Supported::Amount(amount) => format!("The right figure is {amount}"),
    };
    format!("{told}, according to {evidence}")
}

/// The figure that the evidence supports instead of a claim's.
enum Supported {
    /// A sentence: "12 people were killed".
    Outcome(String),
    /// What was counted, paid or measured: "12 houses", "$3.2 million".
    Amount(String),
}

impl Supported {
    fn words(&self) -> &str {
        match self {
            Self::Outcome(words) | Self::Amount(words) => words,
        }
    }
}

fn supported(claimed: &Measure, figure: &Read) -> Option<Supported> {
    match claimed.indicator {
        Indicator::Count | Indicator::Money | Indicator::Percent | Indicator::Other => {
            amount_instead(claimed, figure).map(Supported::Amount)
        }
        _ => counted_instead(claimed, figure).map(Supported::Outcome),
    }
}

/// An amount that stands instead of a claim's: in its own unit, or else of what the claim counts.
fn amount_instead(claimed: &Measure, figure: &Read) -> Option<String> {
    let unit = figure.unit.as_deref().or_else(|| claimed.unit.as_deref().filter(|_| figure.counts.is_none()));
    if figure.bound == Bound::Vague {
        return Some(closed(&figure.text)).filter(|text| !text.is_empty());
    }
    let scaled = |value: f64| in_unit(value, unit);
    let numbers = (figure.bound, figure.low, figure.best, figure.high);
    let mut amount = match numbers {
        (Bound::AtLeast, Some(low), ..) => format!("at least {}", scaled(low)),
        (Bound::AtMost, .., Some(high)) => format!("at most {}", scaled(high)),
        (Bound::About, _, Some(best), _) => format!("about {}", scaled(best)),
        (_, Some(low), _, Some(high)) if low != high => format!("{} to {}", scaled(low), scaled(high)),
        (_, Some(low), _, None) => format!("{} or more", scaled(low)),
        (_, None, _, Some(high)) => format!("up to {}", scaled(high)),
        (_, _, Some(best), _) | (_, Some(best), None, Some(_)) => scaled(best),
        (_, None, None, None) => return None,
    };
    let own = figure.counts.as_deref().filter(|_| unit.is_none() || figure.unit.is_some());
    let counts = own.or_else(|| claimed.counts.as_deref().filter(|_| unit.is_none()));
    if let Some(counts) = counts.map(str::trim).filter(|counts| !counts.is_empty()) {
        let one = figure.bound == Bound::Exact && figure.best == Some(1.0) && unit.is_none();
        let of = if unit == Some("%") { " of" } else { "" };
        let noun = if one { one_of(counts) } else { None }.unwrap_or_else(|| match own {
            None if !one && last_number(claimed) == Some(1.0) => many_of(counts),
            _ => counts.to_owned(),
        });
        amount += &format!("{of} {noun}");
    }
    Some(amount)
}

/// A number in its unit, as it is printed: "$3.2 million", "12 per cent", "12 tonnes".
fn in_unit(value: f64, unit: Option<&str>) -> String {
    const SCALES: [(f64, &str); 3] = [(1e12, "trillion"), (1e9, "billion"), (1e6, "million")];
    // Only where nothing of the number is lost.
    let short = SCALES.iter().find(|(scale, _)| value.abs() >= *scale).and_then(|(scale, name)| {
        let part = value / scale * 100.0;
        ((part - part.round()).abs() < 1e-6).then(|| format!("{} {name}", number(part.round() / 100.0)))
    });
    let written = short.unwrap_or_else(|| number(value));
    match unit.map(str::trim).filter(|unit| !unit.is_empty()) {
        None => written,
        Some("%") => format!("{written} per cent"),
        Some("USD") => format!("${written}"),
        Some("EUR") => format!("€{written}"),
        Some("GBP") => format!("£{written}"),
        Some(unit) => format!("{written} {unit}"),
    }
}

/// Whether a figure is the count that holds now, of all that it counts: not one that was withdrawn or told as
/// an earlier one, nor more of them, nor some.
fn is_whole(measure: &Measure, words: &str) -> bool {
    measure.past.is_none() && !is_more(measure, words) && !counts_only_some(measure, words)
}

/// The sentence of a figure that stands instead of a claim's: of what it says that it counts, or else of what
/// the claim counts.
fn counted_instead(claimed: &Measure, figure: &Read) -> Option<String> {
    let own = figure.counts.clone().filter(|counts| !is_outcome(counts));
    let claims = || {
        let counts = claimed.counts.clone()?;
        let one = last_number(claimed) == Some(1.0);
        Some(if one && !is_outcome(&counts) { many_of(&counts) } else { counts })
    };
    counted(&Measure {
        low: figure.low,
        best: figure.best,
        high: figure.high,
        bound: figure.bound,
        text: figure.text.clone(),
        unit: figure.unit.clone(),
        counts: own.or_else(claims),
        ..claimed.clone()
    })
}

/// "at least 12 soldiers were killed"; `None` where the figure alone does not make a sentence.
fn counted(measure: &Measure) -> Option<String> {
    let (outcome, of_people) = match measure.indicator {
        Indicator::Killed => ("killed", true),
        Indicator::Wounded => ("wounded", true),
        Indicator::KilledOrWounded => ("killed or wounded", true),
        Indicator::Missing => ("missing", true),
        Indicator::Displaced => ("displaced", true),
        Indicator::Detained => ("detained", true),
        Indicator::Rescued => ("rescued", true),
        Indicator::Affected => ("affected", true),
        Indicator::Captured => ("captured", false),
        Indicator::Destroyed => ("destroyed", false),
        Indicator::Damaged => ("damaged", false),
        Indicator::DestroyedOrDamaged => ("destroyed or damaged", false),
        // What was counted, paid or measured has no outcome that can be told without the claim's words.
        Indicator::Count | Indicator::Money | Indicator::Percent | Indicator::Other => return None,
    };
    let is_whole = |number: Option<f64>| number.is_none_or(|number| number.fract() == 0.0);
    if measure.unit.is_some() || ![measure.low, measure.best, measure.high].into_iter().all(is_whole) {
        return None;
    }
    let (number, is_one) = match measure.bound {
        // "Dozens" says no more than "dozens": the range it stands for is the desk's reading of it.
        Bound::Vague => (english_amount(&measure.text)?, false),
        _ => {
            let _any = measure.low.or(measure.best).or(measure.high)?;
            (measure.in_words(), last_number(measure) == Some(1.0))
        }
    };
    let people = of_people.then_some(if is_one { "person" } else { "people" });
    let noun = match measure.counts.as_deref().map(str::trim).filter(|counts| !counts.is_empty()) {
        None => people?.to_owned(),
        Some(counts) if is_outcome(counts) => people?.to_owned(),
        // "Twelve civilian deaths were killed", "twelve others": told in the claim's words alone.
        Some(counts) if counts.split_whitespace().any(|word| is_outcome(word) || word == "others") => {
            return None;
        }
        Some(counts) if is_one => match one_of(counts) {
            Some(one) => one,
            None => people?.to_owned(),
        },
        Some(counts) => counts.to_owned(),
    };
    let verb = if is_one { "was" } else { "were" };
    // "dozens of people", but "twelve people".
    let of = match number.to_lowercase().split_whitespace().next_back() {
        Some(last) if HEAPS.contains(&last) => " of",
        _ => "",
    };
    Some(format!("{number}{of} {noun} {verb} {outcome}"))
}

/// The number that stands last in a figure's words, with which what is counted agrees; `None` where "or more"
/// stands after it.
fn last_number(measure: &Measure) -> Option<f64> {
    match (measure.bound, measure.low, measure.best, measure.high) {
        (Bound::Exact | Bound::Range, Some(low), Some(n), Some(high)) if low == high => Some(n),
        (Bound::AtLeast, Some(n), ..)
        | (Bound::AtMost, .., Some(n))
        | (Bound::About, _, Some(n), _)
        | (.., Some(n))
        | (_, None, Some(n), None) => Some(n),
        (_, Some(_), _, None) | (_, None, None, None) => None,
    }
}

/// A vague amount as English has it, and nothing else: neither "centenares" nor "dozens of houses".
fn english_amount(text: &str) -> Option<String> {
    const BEFORE: [&str; 18] = [
        "a", "about", "almost", "around", "at", "few", "least", "many", "more", "most", "nearly", "of",
        "over", "several", "some", "than", "to", "up",
    ];
    const LAST: [&str; 5] = ["hundred", "thousand", "million", "billion", "dozen"];
    let text = text.trim();
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let (last, before) = words.split_last()?;
    let is_amount = |word: &str| {
        HEAPS.contains(&word) || LAST.contains(&word) || matches!(word, "several" | "few" | "many")
    };
    let fits =
        is_amount(last) && before.iter().all(|word| is_amount(word) || BEFORE.contains(&word.as_str()));
    fits.then(|| text.to_owned())
}

/// Whether a noun names the outcome and nobody: "deaths".
fn is_outcome(counts: &str) -> bool {
    OUTCOMES.contains(&counts.trim().to_lowercase().as_str())
}

/// The noun of a phrase, between what stands before and after it: "two" and "of the army" are not it.
fn around_noun(phrase: &str) -> (String, &str, String) {
    let words: Vec<&str> = phrase.split_whitespace().collect();
    let end = words.iter().position(|word| BEFORE_MORE.contains(word)).filter(|end| *end > 0);
    let (noun, rest) = words.split_at(end.unwrap_or(words.len()));
    let (head, before) = noun.split_last().map_or(("", noun), |(head, before)| (*head, before));
    let joined = |words: &[&str], first: &str, last: &str| -> String {
        words.iter().map(|word| format!("{first}{word}{last}")).collect()
    };
    (joined(before, "", " "), head, joined(rest, " ", ""))
}

/// Prepositions before which a noun stands.
const BEFORE_MORE: [&str; 8] = ["of", "in", "for", "at", "on", "from", "near", "with"];

/// Nouns whose plural has no "s".
const IRREGULAR: [(&str, &str); 8] = [
    ("person", "people"),
    ("child", "children"),
    ("grandchild", "grandchildren"),
    ("schoolchild", "schoolchildren"),
    ("passer-by", "passers-by"),
    ("passerby", "passersby"),
    ("bus", "buses"),
    ("life", "lives"),
];

/// Nouns that never stand after "one".
const UNCOUNTED: [&str; 7] = ["troops", "forces", "police", "personnel", "staff", "crew", "cattle"];

/// "soldier" for "soldiers"; `None` for what one of is called otherwise, as of "troops".
fn one_of(counts: &str) -> Option<String> {
    let (before, head, after) = around_noun(counts);
    let noun = head.to_lowercase();
    let one = if let Some((one, _)) = IRREGULAR.iter().find(|(one, many)| noun == *one || noun == *many) {
        (*one).to_owned()
    } else if UNCOUNTED.contains(&noun.as_str()) {
        return None;
    } else if let Some(stem) = head.strip_suffix("men") {
        format!("{stem}man")
    } else if let Some(stem) = head.strip_suffix("ies").filter(|stem| stem.len() > 2) {
        format!("{stem}y")
    } else if ["ches", "shes", "sses", "xes"].iter().any(|end| head.ends_with(end)) {
        head.get(..head.len() - 2)?.to_owned()
    } else if head.ends_with("ss") || head.ends_with("us") {
        head.to_owned()
    } else {
        head.strip_suffix('s').unwrap_or(head).to_owned()
    };
    Some(format!("{before}{one}{after}"))
}

/// "soldiers" for "soldier".
fn many_of(counts: &str) -> String {
    let (before, head, after) = around_noun(counts);
    let noun = head.to_lowercase();
    let many = if let Some((_, many)) = IRREGULAR.iter().find(|(one, many)| noun == *one || noun == *many) {
        (*many).to_owned()
    } else if let Some(stem) = head.strip_suffix("man") {
        format!("{stem}men")
    } else if head.ends_with("ch") || head.ends_with("sh") || head.ends_with("ss") || head.ends_with('x') {
        format!("{head}es")
    } else if head.ends_with('s')
        || head.ends_with("men")
        || UNCOUNTED.contains(&noun.as_str())
        || head.chars().any(|c| c.is_ascii_digit())
    {
        head.to_owned()
    } else {
        match head.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u'])) {
            Some(stem) => format!("{stem}ies"),
            None => format!("{head}s"),
        }
    };
    format!("{before}{many}{after}")
}

/// A source with the article that English asks for: "the health ministry", "the Ministry of Health". Names
/// of people and bodies, plurals and what has a possessive or an article of its own stay as they are.
fn with_article(source: &str) -> Cow<'_, str> {
    let words: Vec<&str> = source.split_whitespace().collect();
    let first = words.first().copied().unwrap_or_default();
    let has_own = ["the", "a", "an", "his", "her", "its", "their", "our", "my", "one", "no"]
        .contains(&first.to_lowercase().as_str());
    let possessive =
        words.iter().any(|word| word.ends_with("’s") || word.ends_with("'s") || word.ends_with("s’"));
    // What stands before a preposition names the thing: "health ministry in the capital".
    let head_end = words.iter().position(|word| BEFORE_MORE.contains(word)).unwrap_or(words.len());
    let head = head_end.checked_sub(1).and_then(|last| words.get(last)).copied().unwrap_or_default();
    let names_a_thing = BODIES.contains(&head.to_lowercase().as_str());
    let is_common = head.starts_with(char::is_lowercase);
    let is_of = words.get(head_end) == Some(&"of");
    if !has_own && !possessive && names_a_thing && (is_common || is_of) {
        Cow::Owned(format!("the {source}"))
    } else {
        Cow::Borrowed(source)
    }
}

/// Bodies and offices of which a place has one: as a bare common noun they take "the", and so do their
/// names with "of" ("the Ministry of Health", but "Amnesty International").
const BODIES: [&str; 34] = [
    "administration",
    "agency",
    "ambassador",
    "army",
    "authority",
    "brigade",
    "chief",
    "coastguard",
    "command",
    "commission",
    "committee",
    "council",
    "court",
    "department",
    "director",
    "embassy",
    "government",
    "governor",
    "hospital",
    "institute",
    "mayor",
    "military",
    "minister",
    "ministry",
    "municipality",
    "navy",
    "office",
    "police",
    "president",
    "prosecutor",
    "service",
    "spokesman",
    "spokesperson",
    "spokeswoman",
];

/// Words for a number that take "of" before what they count.
const HEAPS: [&str; 11] = [
    "dozens",
    "scores",
    "tens",
    "hundreds",
    "thousands",
    "millions",
    "billions",
    "lots",
    "number",
    "handful",
    "couple",
];

/// Nouns that name the outcome and nobody.
const OUTCOMES: [&str; 16] = [
    "dead",
    "bodies",
    "body",
    "casualty",
    "fatality",
    "lives",
    "toll",
    "deaths",
    "death",
    "killed",
    "fatalities",
    "wounded",
    "injured",
    "injuries",
    "missing",
    "casualties",
];

/// With a capital at its beginning and no full stop at its end.
fn opened(text: &str) -> String {
    let text = closed(text);
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// What reports say that somebody denies: "30 were killed" of "reports that 30 were killed".
fn reported(claim: &str) -> &str {
    let told = ["accusations", "allegations", "claims", "media reports", "reports", "rumours", "suggestions"];
    told.iter()
        .find_map(|told| claim.strip_prefix(told)?.strip_prefix(" that "))
        .filter(|rest| !rest.is_empty())
        .unwrap_or(claim)
}

/// As it stands inside a sentence: "the bridge …" for "The bridge …". Names keep their capital.
fn inside(text: &str) -> String {
    let text = closed(text);
    let first = text.split_whitespace().next().unwrap_or_default().to_lowercase();
    let mut letters = text.chars();
    match letters.next() {
        Some(letter) if OPENING.contains(&first.as_str()) => letter.to_lowercase().chain(letters).collect(),
        _ => text,
    }
}

/// Words that have a capital only where they begin a sentence.
const OPENING: [&str; 46] = [
    "a",
    "about",
    "after",
    "all",
    "almost",
    "an",
    "another",
    "around",
    "as",
    "at",
    "before",
    "between",
    "both",
    "civilians",
    "dozens",
    "during",
    "eight",
    "eleven",
    "every",
    "few",
    "five",
    "four",
    "hundreds",
    "in",
    "its",
    "many",
    "more",
    "most",
    "nearly",
    "nine",
    "no",
    "nobody",
    "on",
    "one",
    "over",
    "people",
    "scores",
    "seven",
    "several",
    "six",
    "some",
    "ten",
    "the",
    "their",
    "thousands",
    "three",
];

fn closed(text: &str) -> String {
    text.trim().trim_end_matches(['.', ',', ';', ':']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::{Class, Confirmation, Past, Reading};
    use proptest::prelude::*;

    fn killed(bound: Bound, n: f64, text: &str, counts: Option<&str>) -> Measure {
        Measure {
            start: 0,
            end: 1,
            indicator: Indicator::Killed,
            low: Some(n),
            best: (bound == Bound::Exact).then_some(n),
            high: (bound == Bound::Exact).then_some(n),
            bound,
            text: text.into(),
            counts: counts.map(str::to_owned),
            unit: None,
            class: Class::Unknown,
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
    }

    /// As the desk reads what a reviewer writes: "12", "at least 12", "12 civilians".
    fn read(words: &str) -> Read {
        let number = words.split_whitespace().find_map(|word| word.parse().ok());
        let bound = if words.starts_with("at least") { Bound::AtLeast } else { Bound::Exact };
        let last = words.split_whitespace().next_back();
        Read {
            start: 0,
            end: 1,
            text: words.to_owned(),
            low: number,
            best: number,
            high: number.filter(|_| bound == Bound::Exact),
            bound,
            unit: None,
            counts: last.filter(|last| last.parse::<f64>().is_err()).map(str::to_owned),
            indicator: None,
        }
    }

    fn said(
        measure: Option<&Measure>,
        source: Option<&str>,
        tone: Tone,
        figure: Option<&str>,
    ) -> Option<String> {
        let measures = measure.map(std::slice::from_ref).unwrap_or_default();
        printable(&Judged {
            words: "the bridge over the Orla was destroyed.",
            measures,
            source,
            polarity: Polarity::Asserted,
            tone,
            figure: figure.map(read).as_ref(),
            evidence: None,
        })
    }

    #[test]
    fn a_verified_figure_is_printed_with_who_says_so() {
        let twelve = killed(Bound::AtLeast, 12.0, "at least 12", Some("soldiers"));
        let ministry = Some("the defence ministry");
        let printed = said(Some(&twelve), ministry, Tone::Verified, None);
        assert_eq!(
            printed.as_deref(),
            Some("At least 12 soldiers were killed, according to the defence ministry.")
        );
        let one = killed(Bound::Exact, 1.0, "one", Some("deaths"));
        assert_eq!(said(Some(&one), None, Tone::Verified, None).as_deref(), Some("1 person was killed."));
    }

    #[test]
    fn a_body_is_named_as_english_names_it() {
        let named = |source: &str| with_article(source).into_owned();
        for (source, said) in [
            ("ministry", "the ministry"),
            ("health ministry in the capital", "the health ministry in the capital"),
            ("Ministry of Health of Varland", "the Ministry of Health of Varland"),
            ("regional police", "the regional police"),
            ("Kesmara’s health ministry", "Kesmara’s health ministry"),
            ("the defence ministry", "the defence ministry"),
            ("Mayor Pavel Orsic", "Mayor Pavel Orsic"),
            ("Civil Protection Council", "Civil Protection Council"),
            ("residents", "residents"),
            ("an official", "an official"),
            ("Ilona Brandt", "Ilona Brandt"),
        ] {
            assert_eq!(named(source), said);
        }
    }

    #[test]
    fn a_vague_word_stays_the_word_that_it_was() {
        let dozens = killed(Bound::Vague, 12.0, "dozens", Some("deaths"));
        let printed = said(Some(&dozens), Some("residents"), Tone::Unverified, None);
        let expected =
            "Dozens of people were killed, according to residents; this could not be verified independently.";
        assert_eq!(printed.as_deref(), Some(expected));
    }

    #[test]
    fn the_figure_that_the_evidence_supports_goes_before_the_claimed_one() {
        let forty = killed(Bound::Exact, 40.0, "40", None);
        let printed = said(Some(&forty), Some("the governor"), Tone::False, Some("at least 12"));
        assert_eq!(
            printed.as_deref(),
            Some(
                "At least 12 people were killed, according to evidence that the desk has seen. \
                 The governor had given another figure."
            )
        );
        let printed = said(Some(&forty), Some("the governor"), Tone::Disputed, Some("12"));
        let expected = "40 people were killed, according to the governor; the evidence supports another figure: 12 people were killed.";
        assert_eq!(printed.as_deref(), Some(expected));
    }

    #[test]
    fn the_desks_own_figure_is_never_put_in_the_mouth_of_the_source() {
        let ten = killed(Bound::AtLeast, 10.0, "at least 10", None);
        let printed = |tone| said(Some(&ten), Some("the governor"), tone, Some("12")).unwrap_or_default();
        assert_eq!(
            printed(Tone::Verified),
            "At least 10 people were killed, according to the governor; \
             the evidence supports another figure: 12 people were killed."
        );
        assert_eq!(
            printed(Tone::Unverified),
            "At least 10 people were killed, according to the governor; this could not be verified \
             independently, and the evidence supports another figure: 12 people were killed."
        );
        assert_eq!(
            printed(Tone::Context),
            "At least 10 people were killed, according to the governor; this needs context that the figure \
             alone does not give, and the evidence supports another figure: 12 people were killed."
        );
        for tone in Tone::ALL {
            assert!(!printed(*tone).contains("12 people were killed, according to the governor"), "{tone}");
        }
    }

    #[test]
    fn the_right_figure_is_printed_with_who_gives_it_in_the_evidence() {
        let forty = killed(Bound::Exact, 40.0, "40", None);
        let printed = |source, evidence| {
            printable(&Judged {
                words: "40 people were killed",
                measures: std::slice::from_ref(&forty),
                source,
                polarity: Polarity::Asserted,
                tone: Tone::False,
                figure: Some(&read("12")),
                evidence,
            })
        };
        assert_eq!(
            printed(Some("governor"), Some("regional hospital")).as_deref(),
            Some(
                "12 people were killed, according to the regional hospital. The governor had given another figure."
            )
        );
        assert_eq!(
            printed(None, None).as_deref(),
            Some("12 people were killed, according to evidence that the desk has seen.")
        );
    }

    #[test]
    fn who_speaks_of_themselves_is_quoted() {
        let printed = |words: &str| {
            printable(&Judged {
                words,
                measures: &[],
                source: Some("Nadim Tashiri"),
                polarity: Polarity::Asserted,
                tone: Tone::Verified,
                figure: None,
                evidence: None,
            })
        };
        assert_eq!(
            printed("I have signed 38 papers").as_deref(),
            Some("“I have signed 38 papers,” Nadim Tashiri said.")
        );
        for words in ["US forces left after World War I", "A mine exploded"] {
            let printed = printed(words).expect("a sentence");
            assert!(printed.ends_with(", according to Nadim Tashiri."), "{printed}");
        }
    }

    #[test]
    fn the_figure_of_the_desk_is_printed_as_large_numbers_are() {
        let claimed = killed(Bound::Exact, 2000.0, "2,000", None);
        let printed =
            said(Some(&claimed), Some("governor"), Tone::Verified, Some("1715")).expect("a sentence");
        assert!(printed.contains("1,715 people"), "{printed}");
    }

    #[test]
    fn of_a_false_claim_without_a_right_figure_nothing_is_printed() {
        let forty = killed(Bound::Exact, 40.0, "40", None);
        assert_eq!(said(Some(&forty), Some("the governor"), Tone::False, None), None);
        assert_eq!(said(None, None, Tone::False, Some("12")), None);
    }

    #[test]
    fn of_several_figures_nobody_knows_which_one_a_verdict_replaces() {
        let seven = killed(Bound::Exact, 7.0, "seven", Some("tanks"));
        let five = killed(Bound::Exact, 5.0, "five", Some("vehicles"));
        let measures = [seven, five];
        let both = |figure: Option<&str>| {
            let words = "seven tanks and five vehicles were destroyed";
            printable(&Judged {
                words,
                measures: &measures,
                source: Some("the army"),
                polarity: Polarity::Asserted,
                tone: Tone::Disputed,
                figure: figure.map(read).as_ref(),
                evidence: None,
            })
        };
        assert_eq!(both(Some("5")), None);
        let expected =
            "Seven tanks and five vehicles were destroyed, according to the army; others dispute this.";
        assert_eq!(both(None).as_deref(), Some(expected));
    }

    #[test]
    fn what_has_no_figure_is_told_in_its_own_words() {
        let printed = said(None, Some("the army"), Tone::Verified, None);
        assert_eq!(
            printed.as_deref(),
            Some("The bridge over the Orla was destroyed, according to the army.")
        );
    }

    #[test]
    fn a_denied_figure_is_not_printed_as_if_it_were_claimed() {
        let none = Measure { denied: true, ..killed(Bound::Exact, 40.0, "40", None) };
        let printed = said(Some(&none), Some("the army"), Tone::Verified, None);
        assert_eq!(
            printed.as_deref(),
            Some("The bridge over the Orla was destroyed, according to the army.")
        );
    }

    /// Of a claim that the army denies or does not confirm.
    fn not_said(polarity: Polarity, source: Option<&str>, tone: Tone, figure: Option<&str>) -> String {
        // As texts are read: what a source denies, its figures deny as well.
        let denied = polarity == Polarity::Denied;
        let forty = Measure { denied, ..killed(Bound::Exact, 40.0, "40", Some("soldiers")) };
        let words = "40 soldiers were killed";
        let figure = figure.map(read);
        let figure = figure.as_ref();
        let judged = Judged { words, measures: &[forty], source, polarity, tone, figure, evidence: None };
        printable(&judged).unwrap_or_default()
    }

    #[test]
    fn who_denies_a_claim_is_not_given_as_who_says_it() {
        let denied = |tone, figure| not_said(Polarity::Denied, Some("army"), tone, figure);
        assert_eq!(denied(Tone::Verified, None), "40 soldiers were killed; the army denied this.");
        assert_eq!(
            denied(Tone::False, None),
            "The army denied that 40 soldiers were killed, and the evidence supports the denial."
        );
        assert_eq!(
            denied(Tone::False, Some("12")),
            "12 soldiers were killed, according to evidence that the desk has seen. \
             The army denied that 40 soldiers were killed."
        );
        assert_eq!(
            denied(Tone::Verified, Some("42")),
            "40 soldiers were killed; the army denied this; the evidence supports another figure: 42 soldiers were killed."
        );
        assert_eq!(
            denied(Tone::Unverified, None),
            "The army denied that 40 soldiers were killed; this could not be verified independently."
        );
        assert_eq!(
            denied(Tone::Disputed, None),
            "The army denied that 40 soldiers were killed; accounts of this differ."
        );
    }

    #[test]
    fn who_leaves_a_claim_open_is_not_given_as_who_says_it() {
        let open = |tone| not_said(Polarity::Doubted, Some("army"), tone, None);
        assert_eq!(open(Tone::Verified), "40 soldiers were killed; the army did not confirm this.");
        assert_eq!(
            open(Tone::False),
            "The army did not confirm that 40 soldiers were killed, and the evidence refutes it."
        );
    }

    #[test]
    fn a_denial_by_somebody_without_a_name_stays_a_denial() {
        assert_eq!(
            not_said(Polarity::Denied, None, Tone::Verified, None),
            "40 soldiers were killed; it was denied."
        );
        assert_eq!(
            not_said(Polarity::Doubted, None, Tone::Unverified, None),
            "It was not confirmed that 40 soldiers were killed; this could not be verified independently."
        );
    }

    #[test]
    fn never_is_a_denied_claim_according_to_anybody() {
        for polarity in [Polarity::Denied, Polarity::Doubted] {
            for tone in Tone::ALL {
                for source in [Some("the army"), None] {
                    for figure in [Some("12"), None] {
                        let printed = not_said(polarity, source, *tone, figure);
                        let who = printed.split("according to ").nth(1).unwrap_or("evidence");
                        assert!(!printed.is_empty() && who.starts_with("evidence"), "{printed}");
                        assert_eq!(printed.contains("army"), source.is_some(), "{printed}");
                        assert_eq!(printed.contains("12"), figure.is_some(), "{printed}");
                    }
                }
            }
        }
    }

    #[test]
    fn of_denied_reports_what_they_say_is_told() {
        let printed = |tone| {
            printable(&Judged {
                words: "reports that at least 30 people had been killed.",
                measures: &[],
                source: Some("residents"),
                polarity: Polarity::Denied,
                tone,
                figure: None,
                evidence: None,
            })
        };
        assert_eq!(
            printed(Tone::Verified).as_deref(),
            Some("At least 30 people had been killed; residents denied this.")
        );
        assert_eq!(
            printed(Tone::Unverified).as_deref(),
            Some(
                "Residents denied that at least 30 people had been killed; this could not be verified independently."
            )
        );
    }

    #[test]
    fn inside_a_sentence_only_names_have_a_capital() {
        assert_eq!(inside("The bridge was destroyed."), "the bridge was destroyed");
        assert_eq!(inside("Orla was shelled."), "Orla was shelled");
        assert_eq!(inside("40 soldiers were killed."), "40 soldiers were killed");
    }

    /// A claim of one figure by the agency, as its verdict lets it stand.
    fn of_agency(words: &str, measure: &Measure, tone: Tone, figure: Option<&str>) -> Option<String> {
        let measures = std::slice::from_ref(measure);
        let figure = figure.map(read);
        let (source, polarity) = (Some("agency"), Polarity::Asserted);
        printable(&Judged {
            words,
            measures,
            source,
            polarity,
            tone,
            figure: figure.as_ref(),
            evidence: None,
        })
    }

    #[test]
    fn a_figure_that_does_not_hold_now_is_told_in_the_claims_own_words() {
        let toll = killed(Bound::Exact, 3870.0, "3,870", None);
        let withdrawn = Measure { past: Some(Past::Withdrawn), ..toll.clone() };
        let words = "The agency withdrew its toll of 3,870.";
        let printed = |measure: &Measure, words, figure| of_agency(words, measure, Tone::Verified, figure);
        assert_eq!(
            printed(&withdrawn, words, None).as_deref(),
            Some("The agency withdrew its toll of 3,870, according to the agency.")
        );
        // It is not known what another figure replaces.
        assert_eq!(printed(&withdrawn, words, Some("3000")), None);
        let earlier = Measure { past: Some(Past::Earlier), ..toll };
        let words = "the count was up from 3,870";
        assert_eq!(
            printed(&earlier, words, None).as_deref(),
            Some("The count was up from 3,870, according to the agency.")
        );
    }

    #[test]
    fn more_of_them_and_some_of_them_are_not_told_as_all() {
        let twelve = killed(Bound::Exact, 12.0, "12", None);
        let more = Measure { reading: Reading::Incremental, ..twelve.clone() };
        let printed = |measure: &Measure, words| of_agency(words, measure, Tone::Verified, None);
        assert_eq!(
            printed(&more, "Another 12 were killed on Monday").as_deref(),
            Some("Another 12 were killed on Monday, according to the agency.")
        );
        // Extraction calls a toll that nobody calls a total new.
        assert_eq!(
            printed(&more, "The strike killed 12").as_deref(),
            Some("12 people were killed, according to the agency.")
        );
        let some = Measure { only_some: Some(true), ..twelve };
        assert_eq!(
            printed(&some, "In the port 12 were killed").as_deref(),
            Some("In the port 12 were killed, according to the agency.")
        );
    }

    #[test]
    fn a_reviewers_figure_is_told_of_what_it_counts() {
        let forty = killed(Bound::Exact, 40.0, "40", Some("soldiers"));
        let one = killed(Bound::Exact, 1.0, "one", Some("child"));
        let right = |measure: &Measure, figure| {
            let printed = of_agency("40 soldiers were killed", measure, Tone::False, Some(figure)).unwrap();
            printed.split(", according").next().unwrap().to_owned()
        };
        assert_eq!(right(&forty, "12 civilians"), "12 civilians were killed");
        assert_eq!(right(&forty, "12 killed"), "12 soldiers were killed");
        assert_eq!(right(&forty, "at least 1"), "At least 1 soldier was killed");
        assert_eq!(right(&one, "12"), "12 children were killed");
        let police = Measure { counts: Some("police".into()), ..forty };
        assert_eq!(right(&police, "1"), "1 person was killed");
    }

    #[test]
    fn a_vague_word_of_another_language_is_not_put_into_an_english_sentence() {
        let some = Measure { high: Some(999.0), ..killed(Bound::Vague, 100.0, "Centenares", Some("people")) };
        let words = "Centenares de personas murieron";
        assert_eq!(
            of_agency(words, &some, Tone::Verified, None).as_deref(),
            Some("Centenares de personas murieron, according to the agency.")
        );
        for amount in ["dozens", "several hundred", "Tens of thousands", "a few", "at least several dozen"] {
            assert_eq!(english_amount(amount).as_deref(), Some(amount));
        }
        for amount in ["decenas", "dozens of houses", "des centaines", ""] {
            assert_eq!(english_amount(amount), None);
        }
    }

    #[test]
    fn the_right_amount_of_money_share_or_count_is_printed() {
        let of = |indicator, unit: Option<&str>, counts: Option<&str>| Measure {
            indicator,
            unit: unit.map(str::to_owned),
            ..killed(Bound::Exact, 5.0, "5", counts)
        };
        let figure = |value, unit: Option<&str>, bound| Read {
            low: Some(value),
            best: Some(value),
            high: (bound == Bound::Exact).then_some(value),
            bound,
            unit: unit.map(str::to_owned),
            counts: None,
            ..read("5")
        };
        let (money, share) =
            (of(Indicator::Money, Some("USD"), None), of(Indicator::Percent, Some("%"), None));
        let houses = of(Indicator::Count, None, Some("houses"));
        let (exact, least) = (Bound::Exact, Bound::AtLeast);
        for (claimed, figure, amount) in [
            (&money, figure(3.2e6, Some("USD"), exact), "$3.2 million"),
            (&money, figure(3.2e6, None, least), "at least $3.2 million"),
            (&money, figure(1_234_567.0, Some("EUR"), exact), "€1,234,567"),
            (&money, figure(2e9, Some("CHF"), exact), "2 billion CHF"),
            (&share, figure(12.0, Some("%"), exact), "12 per cent"),
            (&share, figure(12.5, None, exact), "12.5 per cent"),
            (&houses, figure(12.0, None, least), "at least 12 houses"),
            (&houses, figure(1.0, None, exact), "1 house"),
            (&of(Indicator::Other, Some("tonnes"), None), figure(40.0, None, exact), "40 tonnes"),
        ] {
            let printed = |tone| {
                let judged = Judged {
                    words: "The damage came to 5.",
                    measures: std::slice::from_ref(claimed),
                    source: Some("mayor"),
                    polarity: Polarity::Asserted,
                    tone,
                    figure: Some(&figure),
                    evidence: Some("regional hospital"),
                };
                printable(&judged).unwrap_or_default()
            };
            let right = format!(
                "The right figure is {amount}, according to the regional hospital. The mayor had given another figure."
            );
            assert_eq!(printed(Tone::False), right);
            let another = format!(
                "The damage came to 5, according to the mayor; the evidence supports another figure: {amount}."
            );
            assert_eq!(printed(Tone::Verified), another);
            assert_eq!(printed(Tone::Disputed), another);
        }
    }

    #[test]
    fn what_is_no_count_of_people_or_things_makes_no_sentence() {
        let twelve = killed(Bound::Exact, 12.0, "12", None);
        let things = Measure { indicator: Indicator::Destroyed, ..twelve.clone() };
        let share = Measure { unit: Some("%".into()), ..twelve.clone() };
        let half = Measure { low: Some(0.5), best: Some(0.5), high: Some(0.5), ..twelve.clone() };
        let deaths = Measure { counts: Some("civilian deaths".into()), ..twelve };
        for measure in [things, share, half, deaths] {
            assert_eq!(counted(&measure), None, "{}", measure.described());
        }
    }

    proptest! {
        #[test]
        fn what_is_counted_agrees_with_its_number_and_is_named_once(
            bound in proptest::sample::select(Bound::ALL),
            indicator in proptest::sample::select(Indicator::ALL),
            numbers in (proptest::option::of(0..30u32), proptest::option::of(0..30u32), proptest::option::of(0..30u32)),
            counts in proptest::option::of(proptest::sample::select(&[
                "people", "person", "civilians", "civilian", "children", "soldiers of the army", "police", "deaths",
                "civilian deaths", "houses", "others",
            ][..])),
            figure in proptest::sample::select(&["", "12 civilians", "at least 1", "1", "12", "1 person", "2 dead"][..]),
        ) {
            let measure = Measure {
                indicator,
                low: numbers.0.map(f64::from),
                best: numbers.1.map(f64::from),
                high: numbers.2.map(f64::from),
                bound,
                text: "dozens".into(),
                counts: counts.map(str::to_owned),
                ..killed(bound, 1.0, "", None)
            };
            let told = if figure.is_empty() { counted(&measure) } else { counted_instead(&measure, &read(figure)) };
            if let Some(told) = told {
                let words: Vec<&str> = told.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
                let nouns = ["people", "person", "civilians", "civilian", "children", "child", "soldiers", "soldier", "police", "houses", "house"];
                prop_assert_eq!(words.iter().filter(|word| nouns.contains(word)).count(), 1, "{}", told);
                for (number, noun) in words.iter().zip(words.iter().skip(1)) {
                    let many = ["people", "civilians", "children", "soldiers", "houses"].contains(noun);
                    let one = ["person", "civilian", "soldier", "house"].contains(noun);
                    prop_assert!(!(*number == "1" && many), "{}", told);
                    let is_number = number.bytes().all(|b| b.is_ascii_digit());
                    prop_assert!(!(one && is_number && *number != "1" && counts != Some("person") && counts != Some("civilian")), "{}", told);
                }
                let last = words.iter().rfind(|word| word.bytes().all(|b| b.is_ascii_digit()));
                let is_one = last == Some(&"1") && !told.contains("or more");
                prop_assert_eq!(told.contains(" was "), is_one, "{}", told);
            }
        }
    }
}
