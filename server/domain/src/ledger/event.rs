//! Which figures count the event that an incident is about. Reports tell of other deaths beside it: a bus
//! crash on the way, disease in the camp, all who died since the war began. And some count one of several
//! places. Only all figures of an incident together show what is the rule in it and what stands apart.

use super::Figure;
use crate::closed_set;
use crate::measure::Indicator;
use chrono::{DateTime, Datelike as _, Month, Utc};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

closed_set! {
    /// What people died of, as far as the words around a figure say.
    Cause {
        Violence = "violence", "violence";
        Disaster = "disaster", "a natural disaster";
        Sea = "sea", "an accident at sea";
        Crash = "crash", "a crash";
        Illness = "illness", "illness";
        Hunger = "hunger", "hunger";
        Weather = "weather", "heat or cold";
        Own = "own", "their own hand";
    }
}

impl Cause {
    /// Boats sink in storms and under fire: the same deaths are told by either.
    fn goes_with(self, other: Self) -> bool {
        self == other
            || matches!(
                (self, other),
                (Self::Sea, Self::Violence | Self::Disaster) | (Self::Violence | Self::Disaster, Self::Sea)
            )
    }
}

closed_set! {
    /// Why a figure on record in an incident does not count its event.
    Other {
        // "17 died in a bus crash on the way"
        Cause = "cause", "of another cause";
        // "thousands have died since the war began"
        Longer = "longer", "of a longer time";
    }
}

/// What killed, in phrases and words. Blasts, fires and collapses are left out: they follow from anything.
const CAUSES: &[(Cause, &[&str])] = &[
    (
        Cause::Illness,
        &[
            "heart attack",
            "heart attacks",
            "heart failure",
            "natural causes",
            "disease",
            "diseases",
            "illness",
            "illnesses",
            "cholera",
            "measles",
            "malaria",
            "dysentery",
            "typhoid",
            "covid",
            "covid-19",
            "virus",
            "epidemic",
            "pneumonia",
            "influenza",
            "ebola",
            "infection",
            "infections",
            "cancer",
        ],
    ),
    (Cause::Own, &["suicide", "suicides", "own life", "own lives"]),
    (Cause::Hunger, &["hunger", "starvation", "starved", "malnutrition", "famine"]),
    (Cause::Weather, &["heatstroke", "hypothermia", "frostbite", "heat exhaustion", "the cold"]),
    (
        Cause::Crash,
        &[
            "crash",
            "crashes",
            "crashed",
            "collision",
            "collided",
            "pile-up",
            "derailed",
            "derailment",
            "road accident",
            "road accidents",
            "traffic accident",
            "traffic accidents",
            "car accident",
        ],
    ),
    (Cause::Sea, &["ferry", "capsized", "capsizing", "shipwreck", "boat", "boats", "sank"]),
    (
        Cause::Disaster,
        &[
            "earthquake",
            "earthquakes",
            "quake",
            "flood",
            "floods",
            "flooding",
            "storm",
            "storms",
            "typhoon",
            "hurricane",
            "cyclone",
            "landslide",
            "landslides",
            "mudslide",
            "avalanche",
            "tsunami",
            "eruption",
            "wildfire",
            "wildfires",
            "tornado",
        ],
    ),
    (
        Cause::Violence,
        &[
            "strike",
            "strikes",
            "airstrike",
            "airstrikes",
            "shelling",
            "shelled",
            "rocket",
            "rockets",
            "missile",
            "missiles",
            "bomb",
            "bombs",
            "bombing",
            "bombings",
            "bombed",
            "bombardment",
            "attack",
            "attacks",
            "attacked",
            "shooting",
            "shot",
            "gunfire",
            "gunman",
            "gunmen",
            "drone",
            "drones",
            "artillery",
            "mortar",
            "mortars",
            "clashes",
            "fighting",
            "raid",
            "raids",
            "assault",
            "massacre",
            "ambush",
            "battle",
            "grenade",
            "sniper",
            "combat",
            "offensive",
            "landmine",
        ],
    ),
];

/// The words of a text in small letters, without marks at their ends.
fn words(text: &str) -> Vec<String> {
    text.split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
        .filter(|word| !word.is_empty())
        .collect()
}

/// What follows the first word of a phrase, if it has two, and the cause that it tells of.
type Ending = (Option<&'static str>, Cause);

/// The phrases of [`CAUSES`] by their first word.
static BY_FIRST_WORD: LazyLock<HashMap<&str, Vec<Ending>>> = LazyLock::new(|| {
    let mut by_word: HashMap<_, Vec<Ending>> = HashMap::new();
    for (cause, list) in CAUSES {
        for phrase in *list {
            let (first, second) = match phrase.split_once(' ') {
                Some((first, second)) => (first, Some(second)),
                None => (*phrase, None),
            };
            by_word.entry(first).or_default().push((second, *cause));
        }
    }
    by_word
});

/// What a text says that people died of; nothing where it names several causes or none.
pub(super) fn cause(text: &str) -> Option<Cause> {
    let words = words(text);
    let mut found: BTreeSet<Cause> = BTreeSet::new();
    let mut k = 0;
    while let Some(word) = words.get(k) {
        let known = BY_FIRST_WORD.get(word.as_str()).map(Vec::as_slice).unwrap_or_default();
        let next = words.get(k + 1).map(String::as_str);
        let of =
            |second: Option<&str>| known.iter().find(|(with, _)| *with == second).map(|(_, cause)| *cause);
        let pair = next.and_then(|next| of(Some(next)));
        found.extend(pair.or_else(|| of(None)));
        k += if pair.is_some() { 2 } else { 1 };
    }
    if found.len() == 1 { found.pop_first() } else { None }
}

/// The words that tell of a number: from it on, where a cause follows it, else all of them.
pub(super) fn told_of<'t>(text: &'t str, number: &str) -> &'t str {
    let rest = text.find(number).and_then(|at| text.get(at..)).unwrap_or(text);
    if cause(rest).is_some() { rest } else { text }
}

/// Whether a text counts over a time that began long before what its article reports: a year, a war, a month
/// that is over. "Since Monday's strike" is no such time.
pub(super) fn is_of_longer_time(text: &str, at: DateTime<Utc>) -> bool {
    const WARS: &[&str] =
        &["war", "conflict", "invasion", "uprising", "insurgency", "occupation", "hostilities", "revolution"];
    let words = words(text);
    let word = |k: usize| words.get(k).map_or("", String::as_str);
    let year =
        |word: &str| word.len() == 4 && word.parse::<i32>().is_ok_and(|y| (1900..at.year()).contains(&y));
    let month = |word: &str| {
        let ago = |month: Month| (at.month() + 12 - month.number_from_month()) % 12;
        word.parse::<Month>().is_ok_and(|month| ago(month) >= 2)
    };
    // "The deadliest strike since the war began" tells of one strike.
    let is_superlative = |k: usize| {
        (k.saturating_sub(8)..k).any(|n| {
            matches!(word(n), "worst" | "first" | "most" | "single")
                || word(n).len() > 6
                    && word(n).ends_with("est")
                    && !matches!(word(n), "request" | "protest" | "conquest")
        })
    };
    let is_event = |word: &str| {
        BY_FIRST_WORD.get(word).is_some_and(|known| known.iter().any(|(second, _)| second.is_none()))
    };
    words.iter().enumerate().any(|(k, said)| match said.as_str() {
        // "The worst since 2011, when 74 died" counts what was then.
        "since" if is_superlative(k) => (k + 1..k + 6).any(|n| matches!(word(n), "when" | "where")),
        "since" => (k + 1..k + 8).any(|n| year(word(n)) || WARS.contains(&word(n))) || month(word(k + 1)),
        "past" | "last" => {
            let many = |n: usize| matches!(word(n), "years" | "months" | "decade" | "decades");
            matches!(word(k.wrapping_sub(1)), "the") && (many(k + 1) || many(k + 2))
        }
        "year" | "month" => {
            let by = matches!(word(k.wrapping_sub(1)), "each" | "every" | "per");
            let this = matches!(word(k.wrapping_sub(1)), "this" | "last");
            // "The strike this month killed 12" says when the strike was.
            let event = (k.saturating_sub(4)..k).any(|n| is_event(word(n)));
            let so_far = word(k.wrapping_sub(2)) == "far";
            by || this && (so_far || !event && word(k.wrapping_sub(2)) != "earlier")
        }
        "annually" => true,
        "years" => word(k + 1) == "of" && WARS.contains(&word(k + 2)),
        "war" | "conflict" => {
            let the = matches!(word(k.wrapping_sub(1)), "the" | "civil");
            the && !is_superlative(k)
                && (k.saturating_sub(3)..k).any(|n| matches!(word(n), "in" | "during" | "throughout"))
        }
        _ => false,
    })
}

/// How much ground a sort of place covers; nothing where its name says none.
fn breadth(place: &str) -> u8 {
    place
        .split_whitespace()
        .map(|word| match word.trim_matches(',').to_lowercase().as_str() {
            "district" | "county" | "governorate" | "prefecture" | "valley" | "peninsula" | "island" => 2,
            "province" | "region" | "oblast" | "state" => 3,
            _ => 0,
        })
        .max()
        .unwrap_or_default()
}

/// Whether two names of places are of two places: neither holds the other's words.
fn differ(one: &str, other: &str) -> bool {
    let (one, other): (BTreeSet<String>, BTreeSet<String>) =
        (words(one).into_iter().collect(), words(other).into_iter().collect());
    !one.is_subset(&other) && !other.is_subset(&one)
}

/// Marks the figures of one incident that do not count its event, or count only one of its places.
pub fn read_together(figures: &mut [&mut Figure]) {
    other_events(figures);
    places(figures);
    told_apart(figures);
    one_place_of_many(figures);
}

fn other_events(figures: &mut [&mut Figure]) {
    let mut votes: BTreeMap<Cause, (usize, usize)> = BTreeMap::new();
    for (place, figure) in figures.iter().enumerate() {
        if let Some(cause) = figure.cause.or(figure.headline) {
            votes.entry(cause).or_insert((0, usize::MAX - place)).0 += 1;
        }
    }
    // Most of them, and of as many the one that was told first.
    let main = votes.into_iter().max_by_key(|(_, votes)| *votes).map(|(cause, _)| cause);
    let of = |figures: &[&mut Figure], indicator, longer: bool| {
        figures.iter().filter(|f| f.indicator == indicator && f.is_of_longer_time == longer).count()
    };
    for place in 0..figures.len() {
        let Some((indicator, cause, longer)) =
            figures.get(place).map(|f| (f.indicator, f.cause, f.is_of_longer_time))
        else {
            return;
        };
        let apart = cause.zip(main).is_some_and(|(own, main)| !own.goes_with(main));
        // Where most figures count since a year, that time is what the incident is about.
        let longer = longer && of(figures, indicator, true) <= of(figures, indicator, false);
        if let Some(figure) = figures.get_mut(place) {
            figure.other = match (apart, longer) {
                (true, _) => Some(Other::Cause),
                (_, true) => Some(Other::Longer),
                _ => None,
            };
        }
    }
}

/// Places that one article tells apart are counted apart: "12 were killed in Selm and 29 in Dorn".
fn places(figures: &mut [&mut Figure]) {
    let mut apart: BTreeSet<String> = BTreeSet::new();
    for (k, one) in figures.iter().enumerate() {
        for other in figures.iter().skip(k + 1) {
            let (Some(a), Some(b)) = (&one.place, &other.place) else { continue };
            let alike = one.article == other.article && one.indicator == other.indicator;
            if alike && breadth(a) == breadth(b) && differ(a, b) && one.is_total() && other.is_total() {
                apart.extend([a.to_lowercase(), b.to_lowercase()]);
            }
        }
    }
    for figure in figures.iter_mut() {
        figure.one_place =
            figure.place.as_ref().map(|place| place.to_lowercase()).filter(|p| apart.contains(p));
    }
}

/// Where reports count soldiers and civilians, each number is of one of the two and neither is the toll.
fn told_apart(figures: &mut [&mut Figure]) {
    let mut counted: BTreeSet<(Indicator, bool)> = BTreeSet::new();
    counted.extend(figures.iter().filter(|f| f.is_total()).filter_map(|f| Some((f.indicator, f.fights()?))));
    for figure in figures.iter_mut() {
        let of = figure.indicator;
        let both = counted.contains(&(of, true)) && counted.contains(&(of, false));
        figure.is_told_apart = both && figure.fights().is_some();
    }
}

/// A count of one village is a part of the district's, and of one town of what is counted over all; unless
/// it is the larger: no part is.
fn one_place_of_many(figures: &mut [&mut Figure]) {
    let parts: Vec<usize> = (0..figures.len())
        .filter(|&k| {
            let Some(one) = figures.get(k).filter(|one| one.is_total()) else { return false };
            figures.iter().enumerate().any(|(o, whole)| {
                if o == k || whole.indicator != one.indicator || one.place.is_none() {
                    return false;
                }
                let is_larger = one.point() < whole.point()
                    && whole.is_total()
                    && whole.side == one.side
                    && whole.unit == one.unit
                    && whole.seen() == one.seen()
                    && whole.class() == one.class();
                let all = || one.one_place.is_some() && whole.one_place.is_none();
                let wider = || match (&one.place, &whole.place) {
                    (Some(a), Some(b)) => breadth(b) > breadth(a) && differ(a, b),
                    _ => false,
                };
                is_larger && (all() || wider())
            })
        })
        .collect();
    for place in parts {
        if let Some(figure) = figures.get_mut(place) {
            figure.is_part = true;
        }
    }
}
