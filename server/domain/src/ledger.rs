//! The figures on record for one incident and one indicator: who says what, over time, and where
//! they do not fit together. Nothing is added up and nothing is thrown away: every mark names the
//! figures it rests on and says why it is there.

mod estimate;
mod event;

pub use estimate::{Estimate, LeftOut, Support};
use estimate::{estimate, is_same_body};
pub use event::{Cause, Other, read_together};
use event::{cause, is_of_longer_time};

use crate::claim::{Polarity, SourceKind};
use crate::closed_set;
use crate::grade::Reliability;
use crate::id::{ArticleId, ClaimId, SourceId};
use crate::measure::{Bound, Confirmation, Indicator, Measure, Past, Reading};
use crate::phrase::Phrase;
use crate::scale::Tone;
use chrono::{DateTime, TimeDelta, Utc};
use phrase::{msg, phrase};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Who stands at the beginning of a figure's way: through whomever it was passed on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    Source(SourceId),
    /// Somebody who has no name, told apart by the words that stand for them.
    Unnamed(String),
    /// The article itself says it: its outlet, or the article where that has no name.
    Outlet(String),
}

/// One figure that one claim states.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    pub article: ArticleId,
    pub claim: ClaimId,
    /// Which of the claim's measures it is.
    pub position: u32,
    pub indicator: Indicator,
    pub low: Option<f64>,
    pub best: Option<f64>,
    pub high: Option<f64>,
    pub bound: Bound,
    /// The number in English words: what says the same has the same.
    pub words: String,
    /// The number, to be said in any language.
    pub said: Phrase,
    /// The noun that is counted.
    pub counts: Option<String>,
    pub unit: Option<String>,
    pub reading: Reading,
    pub confirmation: Confirmation,
    /// It counts only some: "including nine children", or of another claim's total.
    pub is_part: bool,
    /// Its source says that it is not so.
    pub denied: bool,
    /// Its source neither says nor denies it: "did not confirm that 40 were killed".
    pub doubted: bool,
    /// Told of as what was counted before, or as taken back.
    pub past: Option<Past>,
    /// Its wording says that an earlier count is taken back.
    pub lowers: bool,
    /// Where it was counted, in the article's words.
    pub place: Option<String>,
    /// What its own words say that people died of.
    pub cause: Option<Cause>,
    /// What the headline of its article says of that.
    pub headline: Option<Cause>,
    /// Its words count since long before what its article reports.
    pub is_of_longer_time: bool,
    /// Why it does not count the incident's event: [`read_together`] finds out.
    pub other: Option<Other>,
    /// The place that it counts alone, where an article tells several apart: [`read_together`] finds out.
    pub one_place: Option<String>,
    /// Those who fight and those who do not are counted apart in the incident, and it counts one of the two:
    /// [`read_together`] finds out.
    pub is_told_apart: bool,
    /// Whose people or things were counted.
    pub side: Option<String>,
    pub origin: Origin,
    pub source: String,
    /// How reliable people have found the source.
    pub reliability: Reliability,
    /// What the source is in its claim: "governor of the region".
    pub role: Option<String>,
    /// Where its claim does not tell who the source is: "a spokesman" may be anybody.
    pub unnamed: Option<Unnamed>,
    /// The party to the conflict that the source speaks for.
    pub party: Option<String>,
    pub outlet: Option<String>,
    /// Who passed it on, from the original source outwards.
    pub relays: Vec<String>,
    /// When its article was published.
    pub at: DateTime<Utc>,
    /// What the claim's verdict says, if one stands.
    pub verdict: Option<Tone>,
    /// When it was given.
    pub judged: Option<DateTime<Utc>>,
    /// The figure that the verdict's evidence supports, where it differs.
    pub supported: Option<Range>,
}

/// Lowest, most likely and highest; a side that is open is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Range {
    pub low: Option<f64>,
    pub best: Option<f64>,
    pub high: Option<f64>,
}

impl Range {
    /// In English: [`Self::phrase`].
    pub fn in_words(&self) -> String {
        self.phrase().to_string()
    }

    /// In words, as people write it: "37–44, best 41".
    pub fn phrase(&self) -> Phrase {
        let ends = match (self.low, self.high) {
            (Some(low), Some(high)) if low == high => phrase!("{}", low),
            (Some(low), Some(high)) => Phrase::range(low, high),
            (Some(low), None) => phrase!("{} or more", low),
            (None, Some(high)) => phrase!("up to {}", high),
            (None, None) => return self.best.map_or_else(Phrase::empty, |best| phrase!("{}", best)),
        };
        match self.best {
            // "20 or more, best 20" says nothing twice.
            Some(best)
                if self.low.or(self.high) == Some(best) && self.low.is_some() != self.high.is_some() =>
            {
                ends
            }
            Some(best) if self.low != self.high => phrase!("{ends}, best {}", best),
            _ => ends,
        }
    }
}

/// Where a figure stands and who says it.
#[derive(Clone, Debug)]
pub struct Stated<'t> {
    pub article: ArticleId,
    /// The article's headline.
    pub title: &'t str,
    pub claim: ClaimId,
    /// The claim, so that it is understood alone.
    pub text: &'t str,
    pub position: u32,
    pub origin: Origin,
    pub source: String,
    /// What the source does with what the claim says.
    pub polarity: Polarity,
    pub reliability: Reliability,
    /// What the source is in the claim: "governor of the region".
    pub role: Option<String>,
    pub kind: Option<SourceKind>,
    pub party: Option<String>,
    pub outlet: Option<String>,
    pub relays: Vec<String>,
    pub at: DateTime<Utc>,
    pub verdict: Option<Tone>,
    pub judged: Option<DateTime<Utc>>,
    pub supported: Option<Range>,
}

impl Figure {
    /// Reads a measure as one figure of a ledger.
    pub fn read(measure: &Measure, stated: Stated<'_>) -> Self {
        let Stated { title, text, at, .. } = stated;
        Self {
            article: stated.article,
            claim: stated.claim,
            position: stated.position,
            indicator: measure.indicator,
            low: measure.low,
            best: measure.best,
            high: measure.high,
            bound: measure.bound,
            words: measure.in_words(),
            said: measure.phrase(),
            counts: measure.counts.clone(),
            unit: measure.unit.clone(),
            reading: reading_in(measure, text),
            confirmation: measure.confirmation,
            is_part: counts_only_some(measure, text),
            denied: measure.denied || stated.polarity == Polarity::Denied,
            doubted: stated.polarity == Polarity::Doubted,
            past: measure.past,
            lowers: lowers(text),
            place: measure.place.clone(),
            cause: cause(event::told_of(text, &measure.text)),
            headline: cause(title),
            is_of_longer_time: is_of_longer_time(text, at),
            other: None,
            one_place: None,
            is_told_apart: false,
            side: measure.side.clone(),
            origin: stated.origin,
            unnamed: unnamed(stated.kind, &stated.source),
            role: stated.role.filter(|role| !role.eq_ignore_ascii_case(&stated.source)),
            source: stated.source,
            reliability: stated.reliability,
            party: stated.party,
            outlet: stated.outlet,
            relays: stated.relays,
            at,
            verdict: stated.verdict,
            judged: stated.judged,
            supported: stated.supported,
        }
    }

    /// The number that stands for it where one is drawn or compared.
    pub fn point(&self) -> Option<f64> {
        self.best.or(self.low).or(self.high)
    }

    /// The range that it gives for an estimate: "about 40" is 36 to 44, in whole people or things.
    fn range(&self) -> Range {
        let (low, best, high) = (self.low, self.best, self.high);
        match self.bound {
            Bound::About => {
                let reach = self.reach();
                Range { low: Some(reach.0.ceil()), best: best.or(low), high: Some(reach.1.floor()) }
            }
            _ => Range { low, best, high },
        }
    }

    /// Whether both give the same number, limited alike.
    fn says_number_of(&self, other: &Self) -> bool {
        self.bound == other.bound && (self.low, self.best, self.high) == (other.low, other.best, other.high)
    }

    /// What its wording allows: "at least 12" anything from 12 on, "about 40" a tenth more or less.
    pub fn reach(&self) -> (f64, f64) {
        let low = self.low.or(self.best);
        let high = self.high.or(self.best);
        match self.bound {
            Bound::AtLeast => (low.unwrap_or(0.0), f64::INFINITY),
            Bound::AtMost => (0.0, high.or(low).unwrap_or(f64::INFINITY)),
            Bound::About => {
                let best = self.point().unwrap_or_default();
                (low.unwrap_or(best).min(best * 0.9), high.unwrap_or(best).max(best * 1.1))
            }
            Bound::Vague => (low.unwrap_or(0.0), high.unwrap_or(f64::INFINITY)),
            Bound::Exact | Bound::Range => (low.unwrap_or(0.0), high.unwrap_or(f64::INFINITY)),
        }
    }

    /// Whether its source says this number.
    pub fn is_said(&self) -> bool {
        !self.denied && !self.doubted
    }

    /// Whether it says how many there are in all. New ones since the last report, sub-counts, figures
    /// that are denied or left open, told as earlier ones or of another event do not.
    pub fn is_total(&self) -> bool {
        !self.is_part
            && self.is_said()
            && self.past.is_none()
            && self.other.is_none()
            && self.reading != Reading::Incremental
            && self.point().is_some()
    }

    /// What decides with which others it can be compared, read from its words once.
    fn sort(&self) -> Sort<'_> {
        let class = self.class();
        Sort {
            figure: self,
            says_what: is_compared(self.indicator) || class.is_some(),
            fights: self.fights(),
            class,
        }
    }

    /// Whether two figures count the same people or things, as far as they say.
    fn counts_with(&self, other: &Self) -> bool {
        self.sort().counts_with(&other.sort())
    }

    /// Whether it can be compared at all. Harm and loss are of somebody or something; a bare "160" may be 160 of
    /// anything.
    pub fn says_what(&self) -> bool {
        is_compared(self.indicator) || self.class().is_some()
    }

    /// What tells its count apart from one of everybody.
    pub fn counted(&self) -> Counted {
        Counted {
            counts: self.counts.clone().filter(|_| self.class().is_some() || self.side.is_some()),
            side: self.side.clone(),
            place: self.one_place.as_ref().and(self.place.clone()),
        }
    }

    /// Whether both are of one sort of things, in one unit: they can stand on one axis.
    fn is_of_sort_with(&self, other: &Self) -> bool {
        self.says_what() && self.class() == other.class() && self.unit == other.unit
    }

    /// What a side claims and what pictures show are different quantities.
    fn seen(&self) -> bool {
        self.confirmation == Confirmation::Visual
    }

    /// People are compared with people, but for those who are always counted among others, such as
    /// children; of things, each sort with its own.
    fn class(&self) -> Option<Cow<'_, str>> {
        let noun = last_word(self.counts.as_deref()?);
        if is_of_things(self.indicator) {
            return Some(noun);
        }
        let fights = of_war(&noun).filter(|_| self.is_told_apart);
        let of_war = fights.map(|fights| if fights { "combatants" } else { "civilians" });
        some_people(&noun).or(of_war).map(Cow::Borrowed)
    }

    /// The noun of those whom it counts, where it tells who they are: "attackers". "People", "the dead" and
    /// "bodies" are whoever they are.
    pub fn whom(&self) -> Option<&str> {
        let counts = self.counts.as_deref()?;
        let noun = last_word(counts);
        (!matches!(
            noun.as_ref(),
            "people"
                | "person"
                | "dead"
                | "death"
                | "body"
                | "bodie"
                | "victim"
                | "fatality"
                | "fatalitie"
                | "casualty"
                | "casualtie"
                | "other"
                | "live"
                | "life"
                | "wounded"
                | "injured"
                | "missing"
                | "man"
                | "men"
        ))
        .then_some(counts)
    }

    /// Whether it counts people who fight: nothing where its words do not tell.
    fn fights(&self) -> Option<bool> {
        of_war(&last_word(self.counts.as_deref().filter(|_| !is_of_things(self.indicator))?))
    }
}

/// Of what sort a figure is. A ledger compares each figure with each other, so that what its words say is read
/// before.
struct Sort<'f> {
    figure: &'f Figure,
    class: Option<Cow<'f, str>>,
    /// Whether those fight whom it counts.
    fights: Option<bool>,
    says_what: bool,
}

impl Sort<'_> {
    fn counts_with(&self, other: &Self) -> bool {
        let same = |a: &Option<String>, b: &Option<String>| match (a, b) {
            (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
            _ => true,
        };
        // Soldiers are no civilians: two figures that say so count two sets of people.
        let are_others = self.fights.zip(other.fights).is_some_and(|(one, other)| one != other);
        let (one, with) = (self.figure, other.figure);
        self.says_what
            && other.says_what
            && !are_others
            && self.class == other.class
            && one.unit == with.unit
            && same(&one.side, &with.side)
            && one.side.is_some() == with.side.is_some()
            && one.seen() == with.seen()
            && same(&one.one_place, &with.one_place)
    }
}

closed_set! {
    /// Why nobody knows who speaks.
    Unnamed {
        Anonymous = "anonymous", "anonymous";
        Role = "role", "not named";
    }
}

/// People have names of their own, which are written large: "a spokesman" may be anybody, while a ministry is
/// known by what it is.
fn unnamed(kind: Option<SourceKind>, name: &str) -> Option<Unnamed> {
    let is_large = |word: &str| word.chars().next().is_some_and(|c| !c.is_lowercase());
    match kind {
        Some(SourceKind::Anonymous) => Some(Unnamed::Anonymous),
        Some(SourceKind::Person) if !name.split_whitespace().any(is_large) => Some(Unnamed::Role),
        _ => None,
    }
}

/// Whether each sort is counted alone: houses, tanks, votes. All others count people.
fn is_of_things(indicator: Indicator) -> bool {
    matches!(
        indicator,
        Indicator::Destroyed
            | Indicator::Damaged
            | Indicator::DestroyedOrDamaged
            | Indicator::Count
            | Indicator::Other
            | Indicator::Money
            | Indicator::Percent
            | Indicator::Captured
    )
}

/// The noun of a phrase, in small letters and in the singular as far as an "s" makes the plural.
fn last_word(words: &str) -> Cow<'_, str> {
    let word = words.split_whitespace().next_back().unwrap_or_default();
    if word.chars().any(char::is_uppercase) {
        let word = word.to_lowercase();
        return Cow::Owned(word.strip_suffix('s').map(str::to_owned).unwrap_or(word));
    }
    Cow::Borrowed(word.strip_suffix('s').unwrap_or(word))
}

/// Groups of people that reports count out of all: their number is no rival of a toll.
fn some_people(noun: &str) -> Option<&'static str> {
    Some(match noun {
        "child" | "children" | "minor" | "kid" => "children",
        "girl" => "girls",
        "boy" => "boys",
        "baby" | "babie" | "infant" | "newborn" => "babies",
        "woman" | "women" => "women",
        "journalist" | "reporter" => "journalists",
        "medic" | "doctor" | "nurse" | "paramedic" => "medics",
        "rescuer" | "firefighter" => "rescuers",
        "teacher" => "teachers",
        "pupil" => "pupils",
        "foreigner" => "foreigners",
        "guard" => "guards",
        _ => return None,
    })
}

/// Whether people fight: nothing where their name does not tell.
fn of_war(noun: &str) -> Option<bool> {
    Some(match noun {
        "soldier" | "troop" | "serviceman" | "servicemen" | "fighter" | "militant" | "rebel"
        | "combatant" | "insurgent" | "gunman" | "gunmen" | "attacker" | "assailant" => true,
        "civilian" | "resident" | "villager" | "passerby" | "bystander" => false,
        _ => return None,
    })
}

/// Wording says whether a figure adds to what was known. Extraction calls a toll that nobody calls a
/// total new; within one incident it is its toll, unless the words beside the number say "more".
fn reading(reading: Reading, words: &str) -> Reading {
    const MORE: &[&str] =
        &["more", "another", "further", "additional", "additionally", "others", "newly", "overnight"];
    let says = |word: &str| {
        MORE.contains(&word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase().as_str())
    };
    let more_than = words.to_lowercase().contains("more than");
    match reading {
        Reading::Incremental if words.split_whitespace().any(says) && !more_than => Reading::Incremental,
        Reading::Incremental => Reading::Unknown,
        other => other,
    }
}

/// The number with the words beside it, which say whether it is "more".
fn near(text: &str, number: &str) -> String {
    let Some(at) = text.find(number) else { return number.to_owned() };
    let (before, after) = text.split_at(at);
    let before = before.split_whitespace().next_back().unwrap_or_default();
    let after = after.get(number.len()..).unwrap_or_default().split_whitespace().next().unwrap_or_default();
    format!("{before} {number} {after}")
}

/// What a claim's text says that its figure is, a total or more of them.
fn reading_in(measure: &Measure, text: &str) -> Reading {
    reading(measure.reading, &near(text, &measure.text))
}

/// Whether a figure of a claim adds to what was known: "another 12".
pub(crate) fn is_more(measure: &Measure, text: &str) -> bool {
    reading_in(measure, text) == Reading::Incremental
}

/// Whether a figure of a claim counts only some of a total: as a person says, or else as its text is read.
pub fn counts_only_some(measure: &Measure, text: &str) -> bool {
    measure.only_some.unwrap_or_else(|| measure.part_of.is_some() || counts_some(text, &measure.text))
}

/// Whether a text gives a number of some of those who were counted before, or of one place or day out of
/// several: "seven of the dead were children", "among them were two guards", "400 were killed in her town
/// alone". In news such a number never is a toll of its own.
fn counts_some(text: &str, number: &str) -> bool {
    const AFTER: &[&str] =
        &[" of the ", " of them", " of those", " of these", " of whom", " of his ", " of its "];
    const BEFORE: &[&str] = &[
        "including",
        "among them",
        "among whom",
        "among the dead",
        "among the victims",
        "toll included",
        "toll includes",
        "dead include",
        "victims include",
    ];
    let text = text.to_lowercase();
    let Some(at) = text.find(&number.to_lowercase()).filter(|_| !number.is_empty()) else { return false };
    let (before, rest) = text.split_at(at);
    let after = rest.get(number.len()..).unwrap_or_default();
    // "Among them were five children and two guards" counts both: some words may stand between.
    let close: Vec<&str> = before.split_whitespace().rev().take(8).collect();
    let close = close.into_iter().rev().collect::<Vec<_>>().join(" ");
    // Who "was killed" in a clause that tells who somebody is: the death is not the news.
    let one = number_is_one_person(number);
    let told = [" who was ", " who had been ", " who died", " who had died", " whose body "];
    AFTER.iter().any(|words| after.starts_with(words))
        || is_of_ones_own_place(after)
        || one && told.iter().any(|words| after.starts_with(words))
        || BEFORE.iter().any(|words| close.contains(words))
        || is_of_one_alone(after)
}

/// "362 people were killed in her town": whose place it is tells that there are others.
fn is_of_ones_own_place(after: &str) -> bool {
    let words: Vec<&str> = after
        .split_whitespace()
        .take(8)
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .collect();
    words.windows(3).any(|three| {
        let [led, whose, place] = three else { return false };
        matches!(*led, "in" | "at" | "from" | "on")
            && matches!(*whose, "his" | "her" | "their" | "my" | "our")
            && matches!(
                *place,
                "town"
                    | "village"
                    | "city"
                    | "district"
                    | "neighbourhood"
                    | "neighborhood"
                    | "street"
                    | "settlement"
                    | "county"
                    | "parish"
                    | "municipality"
                    | "camp"
                    | "ward"
                    | "family"
                    | "school"
                    | "unit"
            )
    })
}

/// "a man", "an elderly woman".
fn number_is_one_person(number: &str) -> bool {
    let first = number.split_whitespace().next().unwrap_or_default();
    first.eq_ignore_ascii_case("a") || first.eq_ignore_ascii_case("an")
}

/// "in her town alone", "on Monday alone": what follows a number says that there is more elsewhere. Who
/// "lived alone" is another matter.
fn is_of_one_alone(after: &str) -> bool {
    /// How many words of a name may stand between.
    const NAME: usize = 5;
    let mut since: Option<usize> = None;
    for word in after.split_whitespace().take(20) {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        match bare {
            "alone" if since.is_some_and(|words| (1..=NAME).contains(&words)) => return true,
            "in" | "at" | "on" | "during" | "from" => since = Some(0),
            "who" | "where" | "which" | "that" | "and" | "lived" | "living" | "was" | "were" | "home" => {
                since = None
            }
            _ => since = since.map(|words| words + 1),
        }
        if word.ends_with(['.', '!', '?', ';', ',']) {
            since = None;
        }
    }
    false
}

/// Whether two figures of an indicator can contradict each other. Only those of harm and loss do: two
/// counts of anything else may well count different things.
pub fn is_compared(indicator: Indicator) -> bool {
    !matches!(indicator, Indicator::Count | Indicator::Other | Indicator::Money | Indicator::Percent)
}

/// Whether the words around a figure say that it replaces a higher one: a verb that lowers, and a count
/// that it lowers. "The blast cut the power" lowers none.
fn lowers(words: &str) -> bool {
    const VERBS: &[&str] = &["lowered", "lowers", "lowering", "cut", "cuts", "cutting", "reduced", "halved"];
    const COUNTS: &[&str] = &["toll", "count", "tally", "figure", "number", "total", "estimate"];
    /// What a count is lowered with stands between it and the verb: "was later", "of 41 has been".
    const PASSIVE: &[&str] = &["was", "were", "been", "being", "is", "has", "had"];
    /// Words after which nothing is the verb's object any more: "cut power to a number of districts".
    const ENDS: &[&str] = &[
        "to", "of", "in", "from", "for", "on", "at", "by", "with", "off", "and", "but", "as", "after",
        "while",
    ];
    /// So many words apart they belong together.
    const NEAR: usize = 7;
    let words: Vec<(String, bool)> = words
        .split_whitespace()
        .map(|word| {
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
            (bare, word.ends_with(['.', ';', ':', '!', '?']))
        })
        .collect();
    let word = |at: usize| words.get(at).map_or("", |(word, _)| word.as_str());
    // "A number of districts" counts nothing.
    let is_count = |at: usize| {
        COUNTS.contains(&word(at)) && !(word(at) == "number" && at > 0 && matches!(word(at - 1), "a" | "any"))
    };
    words.iter().enumerate().any(|(place, (verb, ends))| {
        if verb == "revised" {
            return (place + 1..place + 4).any(|at| matches!(word(at), "down" | "downward" | "downwards"));
        }
        if !VERBS.contains(&verb.as_str()) {
            return false;
        }
        let mut object = (place + 1..place + NEAR).take_while(|at| !ENDS.contains(&word(*at)));
        let has_object = !ends && object.any(is_count);
        let stops = |at: &usize| words.get(*at).is_some_and(|(_, ends)| *ends);
        let mut subject = (place.saturating_sub(NEAR)..place).rev().take_while(|at| !stops(at));
        let is_passive = place > 0 && (place.saturating_sub(2)..place).any(|at| PASSIVE.contains(&word(at)));
        let is_subject = place > 0 && is_count(place - 1) || is_passive && subject.any(is_count);
        has_object || is_subject
    })
}

/// What one original source says, over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub origin: Origin,
    pub source: String,
    pub party: Option<String>,
    /// Whose people or things it counts.
    pub side: Option<String>,
    /// What sort of things, where things are counted, or which people out of all.
    pub counts: Option<String>,
    /// The only place that it counts, where reports tell several apart.
    pub place: Option<String>,
    /// Places in the list of figures, oldest first. Ten outlets that quote one source are one line.
    pub figures: Vec<usize>,
    /// What it said how many there are in all, one for each moment, oldest first.
    pub totals: Vec<usize>,
    /// The latest of them.
    pub current: Option<usize>,
    /// How many outlets carry it.
    pub outlets: usize,
    /// Whether it belongs into one picture with the others: houses and tanks have no common axis.
    pub is_drawn: bool,
}

closed_set! {
    /// What does not fit.
    MarkKind {
        BackwardRevision = "backward_revision", "revised downwards";
        ImpossibleDrop = "impossible_drop", "a drop that cannot be";
        Conflict = "conflict", "sources contradict each other";
        MixedUp = "mixed_up", "may be mixed up with another count";
        Outlier = "outlier", "far from all others";
    }
}

impl MarkKind {
    /// In a word, for a tag.
    pub fn short(self) -> &'static str {
        match self {
            Self::BackwardRevision => msg!("revised"),
            Self::ImpossibleDrop => msg!("drop"),
            Self::Conflict => msg!("contradicted"),
            Self::MixedUp => msg!("mixed up?"),
            Self::Outlier => msg!("far off"),
        }
    }
}

/// Something that does not fit, and the figures that show it.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    pub kind: MarkKind,
    /// Places in the list of figures, the one that stands out first.
    pub figures: Vec<usize>,
    pub why: Phrase,
}

/// The figures of one indicator, put in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Ledger {
    pub indicator: Indicator,
    pub lines: Vec<Line>,
    pub marks: Vec<Mark>,
    /// `None` where no figure says how many there are in all.
    pub estimate: Option<Estimate>,
}

/// Who or what a figure counts, where that is not everybody: "houses", "children of the north in Selm".
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    pub counts: Option<String>,
    pub side: Option<String>,
    pub place: Option<String>,
}

impl Counted {
    /// In words: "tanks", "children (the north) in Selm". Empty where it is everybody. A side is told in its
    /// article's words, which may be "Russian" as well as "Russia".
    pub fn phrase(&self) -> Phrase {
        let who = match (&self.counts, &self.side) {
            (Some(counts), Some(side)) if counts.to_lowercase().contains(&side.to_lowercase()) => {
                Some(counts.clone())
            }
            (Some(counts), Some(side)) => Some(format!("{counts} ({side})")),
            (None, Some(side)) => Some(format!("({side})")),
            (counts, None) => counts.clone(),
        };
        let place = self.place.as_ref().map(|place| phrase!("in {place}"));
        let space = Phrase::verbatim(" ");
        let mut words: Vec<Phrase> = who.map(Phrase::verbatim).into_iter().collect();
        if let Some(place) = place {
            words.extend((!words.is_empty()).then_some(space));
            words.push(place);
        }
        Phrase::Joined(words, "")
    }

    /// A number with what it counts: "12–14, best 12 houses".
    pub fn counting(&self, number: Phrase) -> Phrase {
        if *self == Self::default() {
            return number;
        }
        Phrase::Joined(vec![number, Phrase::verbatim(" "), self.phrase()], "")
    }
}

/// A corrected count falls by a part; one that falls to less than this share of what the same source
/// had counted is no revision. The desk's own rule: half.
const POSSIBLE_DROP: f64 = 0.5;
/// A figure below this share of what the same source had counted, without a word that it replaces that,
/// counts something else: "one of them". The desk's own rule: a fifth.
const OTHER_COUNT: f64 = 0.2;
/// So many times more or less than the middle of the others stands out: the desk's own rule.
const FAR: f64 = 3.0;
/// As [`TELLS`], for numbers that say of nothing that they count it.
const BARE_TELLS: f64 = 100.0;
/// Numbers below this are the same by chance in many counts.
const TELLS: f64 = 20.0;
/// An article that comes this long after another may carry a later count; before that they speak of
/// the same moment.
const SAME_TIME: TimeDelta = TimeDelta::hours(36);
/// For sources that are on no side half a day is enough: a toll grows by the hour, and who counted in the
/// morning does not contradict who counts at night.
const SAME_HOURS: TimeDelta = TimeDelta::hours(12);

/// Puts the figures of one indicator in order. `elsewhere` are the incident's figures of other
/// indicators, to find numbers that stand under two.
pub fn ledger(indicator: Indicator, figures: &[Figure], elsewhere: &[&Figure]) -> Ledger {
    let mut lines = lines(figures);
    let main = main_count(indicator, &lines, figures);
    for line in &mut lines {
        let first = line.figures.first().and_then(|at| figures.get(*at));
        line.is_drawn =
            !is_of_things(indicator) || first.zip(main).is_some_and(|(one, main)| one.is_of_sort_with(main));
    }
    let mut marks = Vec::new();
    for line in &lines {
        revisions(line, figures, &mut marks);
        withdrawn(line, figures, &mut marks);
    }
    taken_back(figures, &mut marks);
    if is_compared(indicator) {
        conflicts(&lines, figures, &mut marks);
        larger_parts(&lines, figures, &mut marks);
    }
    mixed_up(figures, elsewhere, &mut marks);
    outliers(&lines, figures, &mut marks);
    // Of anything else than harm and loss nobody but a person knows whether two counts are of the same.
    let main = main.filter(|_| is_compared(indicator));
    let estimate = main.and_then(|main| estimate(main, &lines, figures, &marks));
    Ledger { indicator, lines, marks, estimate }
}

fn lines(figures: &[Figure]) -> Vec<Line> {
    let mut by_origin: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (place, figure) in figures.iter().enumerate() {
        let side = figure.side.as_deref().map(str::to_lowercase);
        let key = (&figure.origin, side, figure.class(), &figure.unit, figure.seen(), &figure.one_place);
        by_origin.entry(key).or_default().push(place);
    }
    let mut lines: Vec<Line> = by_origin
        .into_iter()
        .filter_map(|((origin, _, counts, _, _, place), mut places)| {
            places.sort_by_key(|place| {
                figures.get(*place).map(|figure| (figure.at, figure.claim, figure.position))
            });
            let of = |place: &usize| figures.get(*place);
            let first = places.first().and_then(of)?;
            let totals = totals(&places, figures);
            let taken = taken_back_at(&places, figures);
            let holds =
                |at: &usize| figures.get(*at).is_some_and(|f| taken.is_none_or(|(_, t, _)| f.at >= t));
            let current = totals.last().copied().filter(holds);
            let outlets: BTreeSet<&str> =
                places.iter().filter_map(of).filter_map(|f| f.outlet.as_deref()).collect();
            Some(Line {
                origin: origin.clone(),
                source: first.source.clone(),
                party: places.iter().filter_map(of).find_map(|figure| figure.party.clone()),
                side: first.side.clone(),
                counts: if first.is_told_apart { first.counts.clone() } else { counts.map(Cow::into_owned) },
                place: place.clone(),
                outlets: outlets.len(),
                is_drawn: true,
                current,
                totals,
                figures: places,
            })
        })
        .collect();
    let newest = |line: &Line| line.current.and_then(|place| figures.get(place)).map(|figure| figure.at);
    lines.sort_by(|a, b| newest(b).cmp(&newest(a)).then_with(|| a.source.cmp(&b.source)));
    lines
}

/// What a source said how many there are in all, one figure for each moment at which it was reported.
/// Of several in one article, what replaces earlier counts ("rose to 41") goes before what only states
/// one, and then the first: news tells what is new before what was. Of two in one claim the later
/// holds: "from 19 to 41". A small part of what the source had counted, without a word that it
/// replaces that count, is a count of something else.
fn totals(places: &[usize], figures: &[Figure]) -> Vec<usize> {
    let mut by_moment: BTreeMap<DateTime<Utc>, Vec<(usize, &Figure)>> = BTreeMap::new();
    for place in places {
        if let Some(figure) = figures.get(*place).filter(|figure| figure.is_total()) {
            by_moment.entry(figure.at).or_default().push((*place, figure));
        }
    }
    let mut totals: Vec<(usize, &Figure)> = Vec::new();
    for mut said in by_moment.into_values() {
        if said.iter().any(|(_, figure)| figure.reading == Reading::Cumulative) {
            said.retain(|(_, figure)| figure.reading == Reading::Cumulative);
        }
        let before = totals.last().and_then(|(_, figure)| figure.point());
        let is_other = |figure: &Figure| {
            let (Some(before), Some(now)) = (before, figure.point()) else { return false };
            figure.reading != Reading::Cumulative && now < before * OTHER_COUNT && before >= TELLS / 2.0
        };
        said.retain(|(_, figure)| !is_other(figure));
        let Some(first) = said.first().map(|(_, figure)| figure.claim) else { continue };
        totals.extend(said.into_iter().rev().find(|(_, figure)| figure.claim == first));
    }
    totals.into_iter().map(|(place, _)| place).collect()
}

/// The latest figure that a source took back, when it did, and the number: what it had said until then no
/// longer is what it says.
fn taken_back_at(places: &[usize], figures: &[Figure]) -> Option<(usize, DateTime<Utc>, f64)> {
    let told = |figure: &Figure, number: f64, at: DateTime<Utc>| {
        figure.is_total() && figure.at < at && figure.point() == Some(number)
    };
    // Who it was that took it back is plain only where one source said so many.
    let said = |number: f64, at: DateTime<Utc>| {
        let of_line = |place: &usize| figures.get(*place).is_some_and(|figure| told(figure, number, at));
        let Some(origin) = places.iter().find(|place| of_line(place)).and_then(|at| figures.get(*at)) else {
            return false;
        };
        figures.iter().filter(|one| told(one, number, at)).all(|one| one.origin == origin.origin)
    };
    figures
        .iter()
        .enumerate()
        .filter(|(_, figure)| figure.past == Some(Past::Withdrawn))
        .filter_map(|(place, figure)| {
            let number = figure.point()?;
            // "The agency withdrew its figure" is mostly told by an outlet.
            let by_outlet = matches!(figure.origin, Origin::Outlet(_)) && said(number, figure.at);
            (places.contains(&place) || by_outlet).then_some((place, figure.at, number))
        })
        .max_by_key(|(_, at, _)| *at)
}

/// What a source took back without another number in its place.
fn withdrawn(line: &Line, figures: &[Figure], marks: &mut Vec<Mark>) {
    let Some((place, at, number)) = taken_back_at(&line.figures, figures) else { return };
    let said = line.totals.iter().rev().find(|total| {
        figures.get(**total).is_some_and(|figure| figure.at < at && figure.point() == Some(number))
    });
    let newer = line.current.is_some();
    if let (Some(said), Some(figure), false) = (said, figures.get(place), newer) {
        let why = phrase!("{} took back its figure of {}.", line.source, figure.said);
        marks.push(Mark { kind: MarkKind::BackwardRevision, figures: vec![*said, place], why });
    }
}

/// What may go down without anybody having been wrong: people are found, return, are let go.
fn may_fall(indicator: Indicator) -> bool {
    matches!(indicator, Indicator::Missing | Indicator::Displaced | Indicator::Detained)
}

/// What a source says later and lower than before.
fn revisions(line: &Line, figures: &[Figure], marks: &mut Vec<Mark>) {
    let totals: Vec<(usize, &Figure)> =
        line.totals.iter().filter_map(|place| Some((*place, figures.get(*place)?))).collect();
    if totals.iter().any(|(_, figure)| !figure.says_what()) {
        return;
    }
    others(line, &totals, figures, marks);
    for pair in totals.windows(2) {
        let [(before_at, before), (after_at, after)] = pair else { continue };
        let (least, most) = (before.reach().0, after.reach().1);
        // Within one article both are quoted on purpose: the later one is what holds, or it tells the
        // story of a figure.
        if before.at >= after.at || most >= least {
            continue;
        }
        let (was, is) = (&before.said, &after.said);
        let source = &line.source;
        if may_fall(before.indicator) {
            continue;
        }
        let (kind, why) = if most < least * POSSIBLE_DROP {
            (
                MarkKind::ImpossibleDrop,
                phrase!(
                    "{source} said {was} and later {is}: less than half of what it had counted. The two hardly \
                     count the same."
                ),
            )
        } else {
            (
                MarkKind::BackwardRevision,
                phrase!("{source} said {was} and later {is}: it revised its own count downwards."),
            )
        };
        marks.push(Mark { kind, figures: vec![*after_at, *before_at], why });
    }
}

/// What counts something else than the source had counted is told of, so that a person looks; one of
/// many ("a man") is not.
fn others(line: &Line, totals: &[(usize, &Figure)], figures: &[Figure], marks: &mut Vec<Mark>) {
    for place in &line.figures {
        let Some(figure) = figures.get(*place).filter(|figure| figure.is_total()) else { continue };
        let before = totals.iter().rev().find(|(_, total)| total.at < figure.at);
        let Some((before_at, before)) = before else { continue };
        let (Some(was), Some(is)) = (before.point(), figure.point()) else { continue };
        if is < 2.0 || is >= was * OTHER_COUNT || line.totals.contains(place) || may_fall(figure.indicator) {
            continue;
        }
        let why = phrase!(
            "{} said {} and later {}: a small part of what it had counted. The two hardly count the same.",
            line.source,
            before.said,
            figure.said
        );
        marks.push(Mark { kind: MarkKind::ImpossibleDrop, figures: vec![*place, *before_at], why });
    }
}

/// Whether two names have a telling word together: "Health ministry", "Kesmara's ministry". Short words ("the",
/// "of", "in") tell nothing.
fn share_a_word(one: &str, other: &str) -> bool {
    const TELLING: usize = 5;
    let words = |name: &str| -> Vec<String> {
        let cut = |c: char| !c.is_alphanumeric();
        name.split(cut).filter(|word| word.chars().count() >= TELLING).map(str::to_lowercase).collect()
    };
    let known = words(other);
    words(one).iter().any(|word| known.contains(word))
}

/// Figures whose own words say that a higher one no longer holds, where it is on record: the one of a
/// source with a like name before all others, else the latest.
fn taken_back(figures: &[Figure], marks: &mut Vec<Mark>) {
    for (place, figure) in figures.iter().enumerate().filter(|(_, figure)| figure.lowers && figure.is_total())
    {
        let known = |mark: &Mark| mark.figures.first() == Some(&place);
        if marks.iter().any(known) {
            continue;
        }
        let higher = figures
            .iter()
            .enumerate()
            .filter(|(_, other)| other.is_total() && other.at < figure.at && figure.counts_with(other))
            .filter(|(_, other)| figure.reach().1 < other.reach().0)
            .max_by_key(|(_, other)| {
                let like = share_a_word(&figure.source, &other.source);
                (is_same_body(figure, other), like, other.at)
            });
        if let Some((at, before)) = higher {
            marks.push(Mark {
                kind: MarkKind::BackwardRevision,
                figures: vec![place, at],
                why: phrase!(
                    "{} reports that a count was lowered to {}; {} had said {}.",
                    figure.source,
                    figure.said,
                    before.source,
                    before.said
                ),
            });
        }
    }
}

/// What each source says now.
fn current<'f>(lines: &'f [Line], figures: &'f [Figure]) -> Vec<(&'f Line, usize, Sort<'f>)> {
    lines.iter().filter_map(|line| Some((line, line.current?, figures.get(line.current?)?.sort()))).collect()
}

/// Sources whose current figures cannot both be right.
fn conflicts(lines: &[Line], figures: &[Figure], marks: &mut Vec<Mark>) {
    let current = current(lines, figures);
    for (place, (one, one_at, a)) in current.iter().enumerate() {
        for (other, other_at, b) in current.iter().skip(place + 1) {
            let ((a_low, a_high), (b_low, b_high)) = (a.figure.reach(), b.figure.reach());
            // What one source says twice is a revision or counts two things.
            let is_one = one.origin == other.origin;
            if a_low <= b_high && b_low <= a_high || is_one || !a.counts_with(b) {
                continue;
            }
            let (a, b) = (a.figure, b.figure);
            // A toll rises: an older, lower figure is outdated, not contradicted.
            let (old, new) = if a.at <= b.at { (a, b) } else { (b, a) };
            let told = |mark: &Mark| {
                mark.kind == MarkKind::BackwardRevision
                    && mark.figures.contains(one_at)
                    && mark.figures.contains(other_at)
            };
            if marks.iter().any(told) {
                continue;
            }
            let opposed = one.party.is_some() && other.party.is_some() && one.party != other.party;
            let moment = if opposed { SAME_TIME } else { SAME_HOURS };
            let outdated = new.at - old.at > moment && old.reach().1 < new.reach().0;
            if outdated {
                continue;
            }
            let sides = match (&one.party, &other.party) {
                (Some(a), Some(b)) if a != b => phrase!(" They speak for different sides."),
                _ => Phrase::empty(),
            };
            marks.push(Mark {
                kind: MarkKind::Conflict,
                figures: vec![*one_at, *other_at],
                why: phrase!(
                    "{} says {}, {} says {}: both cannot be right.{sides}",
                    one.source,
                    a.said,
                    other.source,
                    b.said
                ),
            });
        }
    }
}

/// More children than people in all: a group that is counted out of all cannot be larger than they are.
fn larger_parts(lines: &[Line], figures: &[Figure], marks: &mut Vec<Mark>) {
    let current = |line: &Line| line.current.and_then(|at| Some((at, figures.get(at)?)));
    for (group, (part_at, part)) in lines.iter().filter_map(|line| Some((line, current(line)?))) {
        let Some(of) = part.class().filter(|_| part.indicator.is_harm_to_people()) else { continue };
        for (line, (at, whole)) in lines.iter().filter_map(|line| Some((line, current(line)?))) {
            let comparable = whole.class().is_none()
                && whole.side == part.side
                && whole.seen() == part.seen()
                && (whole.one_place.is_none() || whole.one_place == part.one_place);
            let older = part.at - whole.at > SAME_HOURS;
            if comparable && !older && part.reach().0 > whole.reach().1 {
                let why = phrase!(
                    "{} says {} {of}, {} says {} in all: both cannot be right.",
                    group.source,
                    part.said,
                    line.source,
                    whole.said
                );
                marks.push(Mark { kind: MarkKind::Conflict, figures: vec![part_at, at], why });
            }
        }
    }
}

/// Indicators whose numbers are taken for each other.
fn confusable(one: Indicator, other: Indicator) -> bool {
    one != other
        && !matches!(one, Indicator::Percent | Indicator::Money)
        && !matches!(other, Indicator::Percent | Indicator::Money)
}

/// The same number under another indicator: dead and wounded taken together, shelters for dead.
fn mixed_up(figures: &[Figure], elsewhere: &[&Figure], marks: &mut Vec<Mark>) {
    let mut told: BTreeSet<(u64, Indicator, Option<Cow<'_, str>>)> = BTreeSet::new();
    for (place, figure) in figures.iter().enumerate() {
        let Some(n) = figure.point().filter(|n| *n >= TELLS && figure.is_said()) else { continue };
        if figure.is_part || figure.past.is_some() || figure.other.is_some() {
            continue;
        }
        for other in elsewhere {
            if other.point() != Some(n)
                || !other.is_said()
                || other.is_part
                || other.past.is_some()
                || other.other.is_some()
                || !confusable(figure.indicator, other.indicator)
                || other.unit.is_some()
                || figure.unit.is_some()
            {
                continue;
            }
            // A bare number ("the earlier figure of 41") mostly speaks of the figure itself; a large one may be
            // of something else whose noun stands elsewhere.
            if other.indicator == Indicator::Count && other.counts.is_none() && n < BARE_TELLS {
                continue;
            }
            // The same number of everything is no accident only where it is not a round one.
            if n >= 100.0 && n % 100.0 == 0.0 || n < 100.0 && n % 10.0 == 0.0 {
                continue;
            }
            let things = other.class().filter(|_| !other.indicator.is_harm_to_people());
            // A number that the text itself calls by both names, in one claim, is meant so.
            if other.claim == figure.claim || !told.insert((n.to_bits(), other.indicator, things)) {
                continue;
            }
            let counted = match (other.indicator, other.counts.as_deref()) {
                (Indicator::Count | Indicator::Other, Some(counts)) => Phrase::verbatim(counts),
                (indicator, Some(counts)) => phrase!("{counts} {}", indicator.label()),
                (indicator, None) => Phrase::label(indicator.label()),
            };
            marks.push(Mark {
                kind: MarkKind::MixedUp,
                figures: vec![place],
                why: phrase!(
                    "{} is on record as {} ({}) and as {counted} ({}): one may have been taken for the other.",
                    n,
                    figure.indicator.label(),
                    figure.source,
                    other.source
                ),
            });
        }
    }
    sums(figures, elsewhere, marks);
}

/// A figure that is the sum of two that other sources keep apart: the missing taken for dead.
fn sums(figures: &[Figure], elsewhere: &[&Figure], marks: &mut Vec<Mark>) {
    let mut apart: BTreeMap<&Origin, Vec<&Figure>> = BTreeMap::new();
    for other in elsewhere {
        let adds = matches!(other.indicator, Indicator::Missing | Indicator::Wounded)
            && !other.is_part
            && other.is_said()
            && other.past.is_none()
            && other.other.is_none();
        if adds {
            apart.entry(&other.origin).or_default().push(other);
        }
    }
    if apart.is_empty() {
        return;
    }
    for (place, figure) in figures.iter().enumerate() {
        let Some(n) = figure.point().filter(|n| *n >= TELLS) else { continue };
        if figure.indicator != Indicator::Killed || !figure.is_total() {
            continue;
        }
        let found = figures.iter().enumerate().find_map(|(at, dead)| {
            let part = dead.point().filter(|part| dead.is_total() && *part > 0.0 && *part < n)?;
            if dead.origin == figure.origin || (dead.at - figure.at).abs() > SAME_TIME {
                return None;
            }
            let other = apart.get(&dead.origin)?.iter().find(|other| {
                other.point().is_some_and(|more| more >= 2.0 && part + more == n)
                    && (other.at - dead.at).abs() <= SAME_TIME
            })?;
            Some((at, part, other))
        });
        if let Some((at, part, other)) = found {
            marks.push(Mark {
                kind: MarkKind::MixedUp,
                figures: vec![place, at],
                why: phrase!(
                    "{} is {} killed and {} {} together, as {} counts them: the two may have been added up.",
                    n,
                    part,
                    n - part,
                    other.indicator.label(),
                    other.source
                ),
            });
        }
    }
}

/// A current figure that is many times the middle of the others, or a small part of it.
fn outliers(lines: &[Line], figures: &[Figure], marks: &mut Vec<Mark>) {
    let current = current(lines, figures);
    for (line, at, sort) in &current {
        let figure = sort.figure;
        let mut others: Vec<f64> = current
            .iter()
            .filter(|(other, _, with)| other.origin != line.origin && sort.counts_with(with))
            .filter_map(|(_, _, other)| other.figure.point())
            .collect();
        // Of two figures nobody can say which is far.
        if others.len() < 3 {
            continue;
        }
        others.sort_by(f64::total_cmp);
        let middle = others.get(others.len() / 2).copied().unwrap_or_default();
        let spread =
            others.last().copied().unwrap_or_default() / others.first().copied().unwrap_or(1.0).max(1.0);
        if spread > FAR || middle < 5.0 {
            continue;
        }
        // "At least 19" and "dozens" are low and right.
        let (low, high) = figure.reach();
        if low > middle * FAR || high * FAR < middle {
            marks.push(Mark {
                kind: MarkKind::Outlier,
                figures: vec![*at],
                why: phrase!(
                    "{} says {}; the middle of the {} others is {}.",
                    line.source,
                    figure.said,
                    others.len(),
                    middle
                ),
            });
        }
    }
}

/// A figure of what most sources count now, as only what counts the same makes one estimate and, where things
/// are counted, one chart. `None` where nothing is the rule: unlike things of which each is counted once.
fn main_count<'f>(indicator: Indicator, lines: &[Line], figures: &'f [Figure]) -> Option<&'f Figure> {
    let current: Vec<(&Line, Sort<'f>)> =
        lines.iter().filter_map(|line| Some((line, figures.get(line.current?)?.sort()))).collect();
    let with = |one: &Sort<'f>| {
        let alike = current.iter().filter(|(_, other)| one.counts_with(other));
        let (sources, told) =
            alike.fold((0_usize, 0_usize), |(n, told), (line, _)| (n + 1, told + line.totals.len()));
        // A toll goes before the children in it, and all places before one.
        let is_toll = !is_of_things(indicator) && one.class.is_none() && one.figure.one_place.is_none();
        (is_toll, sources, told)
    };
    let (place, (_, sources, told)) = current
        .iter()
        .map(|(_, sort)| with(sort))
        .enumerate()
        .max_by_key(|(place, n)| (*n, usize::MAX - place))?;
    // "People" says nothing of what they did: marched, were treated, fled.
    let is_told =
        |figure: &&Figure| !matches!(figure.class().as_deref(), Some("people" | "person" | "man" | "men"));
    // Of harm and loss one figure is news; counts of anything else make a picture where there are several.
    let counts = |figure: &&Figure| is_compared(indicator) || told > 1 && is_told(figure);
    current.get(place).map(|(_, sort)| sort.figure).filter(|_| sources > 0).filter(counts)
}

/// Why a figure contradicts others of its incident, if it does: the ones that a reviewer must see.
/// What a source later says itself is a revision, not a contradiction.
pub fn contradicted<'a>(ledger: &'a Ledger, claim: ClaimId, figures: &[Figure]) -> Option<&'a Phrase> {
    ledger
        .marks
        .iter()
        .find(|mark| {
            mark.kind == MarkKind::Conflict
                && mark.figures.iter().any(|place| figures.get(*place).is_some_and(|f| f.claim == claim))
        })
        .map(|mark| &mark.why)
}

/// Whether two figures say the same of the same source: the same number of the same, there and then,
/// limited alike. A verdict on one holds for the other.
pub fn says_the_same(one: &Figure, other: &Figure) -> bool {
    let is_new = |figure: &Figure| figure.reading == Reading::Incremental;
    let place = |figure: &Figure| figure.place.as_deref().map(str::to_lowercase);
    one.indicator == other.indicator
        && one.past == other.past
        && is_new(one) == is_new(other)
        && place(one) == place(other)
        && one.sort().fights == other.sort().fights
        && one.says_number_of(other)
        && (one.denied, one.doubted) == (other.denied, other.doubted)
        && one.is_part == other.is_part
        && one.unit == other.unit
        && one.counts_with(other)
        && one.origin == other.origin
}

/// Whether two claims say the same: each figure of one is one of the other, in whatever order.
pub fn say_the_same(one: &[Figure], other: &[Figure]) -> bool {
    let mut left: Vec<&Figure> = other.iter().collect();
    one.len() == other.len()
        && one.iter().all(|figure| {
            let at = left.iter().position(|other| says_the_same(figure, other));
            at.map(|at| left.swap_remove(at)).is_some()
        })
}

#[cfg(test)]
#[path = "ledger/tests.rs"]
mod tests;
