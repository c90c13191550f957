//! Which claims are about the same event in the world. A visible sum, as with priorities: every point
//! has its reason. Two events that look alike must not be glued together; a claim that is left out is
//! found by a person, a claim in the wrong incident spoils its figures.

mod words;

pub use words::{key, skeleton};

use crate::claim::ClaimKind;
use crate::closed_set;
use crate::id::{ArticleId, SourceId};
use crate::measure::{Indicator, Measure};
use crate::phrase::Phrase;
use crate::priority::Contribution;
use chrono::{Datelike as _, NaiveDate, TimeDelta};
use phrase::{frame, msg};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashSet};

closed_set! {
    /// What sort of event a text speaks of.
    EventKind {
        Strike = "strike", "strike or shelling";
        Fighting = "fighting", "fighting";
        Bombing = "bombing", "bombing or explosion";
        Shooting = "shooting", "shooting";
        Quake = "quake", "earthquake";
        Flood = "flood", "flood";
        Storm = "storm", "storm";
        Landslide = "landslide", "landslide";
        Fire = "fire", "fire";
        Ship = "ship", "accident at sea";
        Air = "air", "air accident";
        Road = "road", "road accident";
        Rail = "rail", "rail accident";
        Mine = "mine", "mine accident";
        Collapse = "collapse", "collapse";
        Crush = "crush", "crush";
        Protest = "protest", "protest";
        Arrests = "arrests", "arrests";
        Outbreak = "outbreak", "outbreak of disease";
        Kidnapping = "kidnapping", "kidnapping";
        Evacuation = "evacuation", "evacuation";
    }
}

impl EventKind {
    /// Events of one family are told with each other's words: a strike explodes, a storm floods.
    fn family(self) -> u8 {
        match self {
            Self::Strike | Self::Fighting | Self::Bombing | Self::Shooting | Self::Kidnapping => 1,
            Self::Quake | Self::Flood | Self::Storm | Self::Landslide => 2,
            Self::Ship | Self::Air | Self::Road | Self::Rail | Self::Mine => 3,
            Self::Protest | Self::Arrests | Self::Crush => 4,
            Self::Outbreak => 5,
            Self::Fire | Self::Collapse | Self::Evacuation => 6,
        }
    }

    /// Does not happen twice in one place within days, or lasts for days where it happens.
    fn is_rare(self) -> bool {
        matches!(self.family(), 2 | 3) && self != Self::Road
            || matches!(self, Self::Fighting | Self::Crush | Self::Outbreak | Self::Fire | Self::Collapse)
    }

    /// Goes with any of them: a quake, a strike and an accident all burn, bury and drive people out.
    fn is_consequence(self) -> bool {
        self.family() == 6
    }
}

closed_set! {
    /// What a sum says.
    Belongs {
        Join = "join", "belongs to it";
        Propose = "propose", "may belong to it";
        No = "no", "does not belong to it";
    }
}

/// A sum of at least this many points joins without a person.
pub const JOIN: i32 = 56;
/// At least this many points are shown to a person.
pub const PROPOSE: i32 = 40;

/// How a sum is decided.
pub fn decide(points: i32) -> Belongs {
    match points {
        JOIN.. => Belongs::Join,
        PROPOSE.. => Belongs::Propose,
        _ => Belongs::No,
    }
}

/// The points of a claim with an incident and why they are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    pub parts: Vec<Contribution>,
}

impl Score {
    pub fn points(&self) -> i32 {
        self.parts.iter().map(|part| part.points).sum()
    }

    pub fn decision(&self) -> Belongs {
        decide(self.points())
    }
}

/// First and last day of something.
pub type Days = (NaiveDate, NaiveDate);

/// An article as far as it tells what event its claims are about.
#[derive(Clone, Debug)]
pub struct Told<'a> {
    pub article: ArticleId,
    pub title: &'a str,
    pub text: &'a str,
    /// The day it was published; the day it was taken in where that is not known.
    pub published: NaiveDate,
    /// Names of everybody who speaks in it.
    pub speakers: &'a [String],
}

/// A claim as far as it tells what event it is about.
#[derive(Clone, Debug)]
pub struct Said<'a> {
    /// So that it is understood alone, where there is such a wording.
    pub words: &'a str,
    /// The paragraph it stands in: see [`paragraph`].
    pub paragraph: &'a str,
    pub kind: ClaimKind,
    pub measures: &'a [Measure],
    pub source: Option<SourceId>,
}

/// A figure as incidents compare them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Count {
    pub indicator: Indicator,
    pub n: i64,
}

/// What is known of the event that a claim, or all claims of an incident, are about. Names are keys:
/// see [`key`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// The articles it comes from.
    pub articles: BTreeSet<ArticleId>,
    /// Places that the claim itself names.
    pub places: BTreeSet<String>,
    /// Places that the article is about: its headline names them, or else its opening.
    pub around: BTreeSet<String>,
    /// Other places that its opening names.
    pub mentioned: BTreeSet<String>,
    /// Where the article was written: near, but not always there.
    pub written_at: BTreeSet<String>,
    /// Countries: they tell events apart, they do not join them.
    pub wide: BTreeSet<String>,
    /// Other names: of ships, storms, squares, groups.
    pub names: BTreeSet<String>,
    /// What the event itself is called: storms and ships have names.
    pub called: BTreeSet<String>,
    pub kinds: BTreeSet<EventKind>,
    pub kinds_around: BTreeSet<EventKind>,
    /// When it happened, as the claim or else the article says.
    pub day: Option<Days>,
    /// Whether the claim itself says when.
    pub day_is_own: bool,
    /// When the first and the last of its articles were published.
    pub published: Option<Days>,
    pub indicators: BTreeSet<Indicator>,
    pub counts: BTreeSet<Count>,
    /// Whose people or things were counted.
    pub sides: BTreeSet<String>,
    pub sources: BTreeSet<SourceId>,
    /// Words of the claim that carry meaning.
    pub stems: BTreeSet<String>,
    /// Words of the headline that carry meaning.
    pub headline: BTreeSet<String>,
    /// It tells of what was known before: a toll that rises, a search that goes on.
    pub goes_on: bool,
    /// It looks back to something long before.
    pub looks_back: bool,
    /// Its article lists events, one a line: they share nothing but the page.
    pub listed: bool,
}

/// Most names of a sort that an incident keeps.
const MOST_NAMES: usize = 60;
/// How much of an article says what it is about, in bytes: its opening paragraphs.
const OPENING: usize = 900;
/// The names of an article are read from its opening; where words begin sentences is told by more.
const READ: usize = 6_000;

/// What the claims of one article share. It is read once for all of them.
#[derive(Clone, Debug)]
pub struct Setting {
    small: words::Spelling,
    people: HashSet<String>,
    facts: Facts,
    published: NaiveDate,
    /// The day of "Thursday's strike": of what a report comes back to.
    comes_back_to: Option<NaiveDate>,
    /// The article lists events, one a line.
    lists: bool,
}

/// So many lines that begin with a place make a list of events.
const LINES: usize = 3;

impl Setting {
    /// Reads what an article is about. `days` are the periods its claims state, in the order of the
    /// text.
    pub fn of(told: &Told<'_>, days: impl IntoIterator<Item = Days>) -> Self {
        let small = words::Spelling::of(start_of(told.text, READ));
        let people: HashSet<String> = told
            .speakers
            .iter()
            .flat_map(|name| key(name).split(' ').map(str::to_owned).collect::<Vec<_>>())
            .filter(|word| word.chars().count() > 2)
            .collect();
        let opening = start_of(told.text, OPENING);
        let body = words::named(opening, &small, &people);
        let mut title = words::named(told.title, &small, &people);
        // A headline writes more words with a capital than are names: what the article itself never
        // writes so, or writes small, is none.
        title.names.retain(|name| body.names.contains(name) || body.places.iter().any(|p| has(p, name)));
        let dateline = body.dateline.clone();
        // "Darum market toll climbs": a place of the opening or of the dateline in the headline.
        let headline = key(told.title);
        let in_headline = |place: &&String| has(&headline, place);
        let mut around: BTreeSet<String> = body.places.iter().filter(in_headline).cloned().collect();
        around.extend(title.places);
        around.extend(dateline.iter().filter(in_headline).cloned());
        let mut mentioned = body.places;
        if around.is_empty() {
            around = std::mem::take(&mut mentioned);
        }
        mentioned.retain(|place| !around.contains(place));
        // No place is told by what stands before it: then what both headline and opening name.
        if around.is_empty() {
            around = title.runs.intersection(&body.runs).cloned().collect();
        }
        let weekday = words::possessive_weekday(&format!("{}\n{opening}", told.title));
        let comes_back_to = weekday.map(|weekday| {
            let back = (told.published.weekday().days_since(weekday)) as i64;
            told.published - TimeDelta::days(back)
        });
        let lists = told.text.lines().filter(|line| line_place(line).is_some()).count() >= LINES;
        // The event's day is the first that is near: an article begins with its news.
        let day = days.into_iter().find(|(from, to)| {
            *to >= told.published - TimeDelta::days(14)
                && *from <= told.published + TimeDelta::days(1)
                && (*to - *from).num_days() <= 15
        });
        let headline_and_opening = format!("{}\n{opening}", told.title);
        let mut names: BTreeSet<String> = body.names.into_iter().chain(title.names).collect();
        names.retain(|name| !around.iter().chain(&mentioned).chain(&dateline).any(|place| has(place, name)));
        let facts = Facts {
            articles: [told.article].into(),
            around,
            mentioned,
            written_at: dateline.into_iter().collect(),
            wide: body.wide.into_iter().chain(title.wide).collect(),
            names,
            called: words::called(&headline_and_opening),
            kinds_around: words::kinds(&headline_and_opening),
            day: comes_back_to.map(|day| (day, day)).or(day),
            published: Some((told.published, told.published)),
            headline: words::stems(told.title, 16),
            goes_on: comes_back_to.is_some()
                || words::goes_on(told.title)
                || words::goes_on(start_of(opening, 300)),
            ..Facts::default()
        };
        Self { small, people, facts, published: told.published, comes_back_to, lists }
    }

    /// What one claim of the article says of its event.
    pub fn facts(&self, said: &Said<'_>) -> Facts {
        let named = words::named(said.words, &self.small, &self.people);
        let mut facts = self.facts.clone();
        if self.lists {
            facts = Facts {
                articles: facts.articles,
                wide: facts.wide,
                day: facts.day,
                published: facts.published,
                kinds_around: words::kinds(said.paragraph),
                listed: true,
                ..Facts::default()
            };
        }
        facts.places = named.places;
        for place in said.measures.iter().filter_map(|measure| measure.place.as_deref()) {
            let place = key(place.split(',').next().unwrap_or_default());
            if words::is_wide(&place) {
                facts.wide.insert(place);
            } else if !place.is_empty() {
                facts.places.insert(place);
            }
        }
        if let Some(place) = line_place(said.paragraph).filter(|_| self.lists) {
            facts.places = [key(place)].into();
        }
        facts.wide.extend(named.wide);
        facts.names.extend(named.names);
        let placed: Vec<&String> = facts
            .places
            .iter()
            .chain(&facts.around)
            .chain(&facts.mentioned)
            .chain(&facts.written_at)
            .collect();
        facts.names.retain(|name| !placed.iter().any(|place| has(place, name)));
        facts.kinds = words::kinds(said.words);
        facts.called.extend(words::called(said.words));
        let own = said.measures.iter().find_map(period).map(|(from, to)| {
            // "since August": until now.
            let since = said.words.split_whitespace().any(|word| word == "since");
            (from, if since { to.max(self.published) } else { to })
        });
        // "rose to 41 on Thursday" says when it was counted, not when it happened.
        let counted_then = |own: &Days| self.comes_back_to.is_some() && own.0 == self.published;
        if let Some(own) = own.filter(|own| !counted_then(own)) {
            facts.day = Some(own);
            facts.day_is_own = true;
        }
        facts.looks_back = words::looks_back(said.words, Some(self.published.year()))
            || own.is_some_and(|(_, to)| (self.published - to).num_days() > 60);
        facts.goes_on |= words::goes_on(said.words);
        facts.indicators = said.measures.iter().map(|measure| measure.indicator).collect();
        facts.counts = said.measures.iter().filter_map(count).collect();
        facts.sides = said.measures.iter().filter_map(|m| m.side.as_deref()).map(key).collect();
        facts.sources = said.source.into_iter().collect();
        facts.stems = words::stems(said.words, 24);
        facts
    }
}

/// The paragraph of a text that a place in it, in code points, lies in.
pub fn paragraph(text: &str, at: u32) -> &str {
    let byte = text.char_indices().nth(at as usize).map_or(text.len(), |(byte, _)| byte);
    let (before, after) = text.split_at(byte);
    let start = before.rfind('\n').map_or(0, |line| line + 1);
    let end = after.find('\n').map_or(text.len(), |line| byte + line);
    text.get(start..end).unwrap_or_default()
}

/// The place that a line of a list begins with: "Orhan: 12 killed".
fn line_place(line: &str) -> Option<&str> {
    let (place, rest) = line.split_once(": ")?;
    let words: Vec<&str> = place.split_whitespace().collect();
    let named = words.first()?.chars().next()?.is_uppercase() && words.len() <= 3;
    (named && !rest.starts_with(['“', '"']) && rest.chars().any(|c| c.is_ascii_digit() || c == 'n'))
        .then_some(place)
}

fn start_of(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

fn period(measure: &Measure) -> Option<Days> {
    Some((measure.from.as_deref()?.parse().ok()?, measure.to.as_deref()?.parse().ok()?))
}

fn count(measure: &Measure) -> Option<Count> {
    let n = measure.best.or(measure.low).or(measure.high)?;
    // Fewer are the same in many events.
    let tells = n.is_finite() && (5.0..1e12).contains(&n) && !measure.denied;
    tells.then(|| Count { indicator: measure.indicator, n: n.round() as i64 })
}

/// Whether a name stands in another, as whole words.
fn has(long: &str, short: &str) -> bool {
    !short.is_empty() && format!(" {long} ").contains(&format!(" {short} "))
}

/// Whether a claim of this kind with these figures is about an event that an incident is made of.
/// Others join one that is there; they do not begin one.
pub fn begins(kind: ClaimKind, measures: &[Measure]) -> bool {
    let of_an_event = |measure: &Measure| {
        measure.indicator.is_harm_to_people()
            || matches!(
                measure.indicator,
                Indicator::Displaced
                    | Indicator::Detained
                    | Indicator::Rescued
                    | Indicator::Affected
                    | Indicator::Destroyed
                    | Indicator::Damaged
                    | Indicator::DestroyedOrDamaged
            )
    };
    let kind_is = matches!(
        kind,
        ClaimKind::Casualty
            | ClaimKind::EquipmentLoss
            | ClaimKind::Displacement
            | ClaimKind::Detention
            | ClaimKind::Event
    );
    kind_is || measures.iter().any(of_an_event)
}

/// Whether a claim is about something that happened at all: has figures or tells an event.
pub fn is_gathered(kind: ClaimKind, measures: &[Measure]) -> bool {
    begins(kind, measures)
        || (kind == ClaimKind::Count
            && measures
                .iter()
                .any(|measure| !matches!(measure.indicator, Indicator::Money | Indicator::Percent)))
}

impl Facts {
    /// Whether an incident can begin with it: it happened somewhere, at some time, and not long ago.
    pub fn can_begin(&self) -> bool {
        let somewhere = !self.places.is_empty() || !self.around.is_empty() || !self.written_at.is_empty();
        somewhere && !self.looks_back && (self.day.is_some() || self.published.is_some())
    }

    /// Adds what another claim of the same incident tells. Places and the day stay those of the
    /// articles that it began with: an incident does not wander from event to event.
    pub fn take_in(&mut self, other: &Self) {
        if !other.articles.is_disjoint(&self.articles) {
            extend(&mut self.places, &other.places);
            extend(&mut self.around, &other.around);
            extend(&mut self.mentioned, &other.mentioned);
            extend(&mut self.written_at, &other.written_at);
            extend(&mut self.names, &other.names);
            extend(&mut self.called, &other.called);
            self.kinds.extend(&other.kinds);
            self.kinds_around.extend(&other.kinds_around);
            if !self.day_is_own && other.day_is_own && !other.looks_back {
                self.day = other.day;
                self.day_is_own = true;
            }
        }
        extend(&mut self.articles, &other.articles);
        extend(&mut self.wide, &other.wide);
        extend(&mut self.sides, &other.sides);
        extend(&mut self.sources, &other.sources);
        extend(&mut self.headline, &other.headline);
        self.indicators.extend(&other.indicators);
        for count in &other.counts {
            if self.counts.len() < 200 {
                self.counts.insert(*count);
            }
        }
        for stem in &other.stems {
            if self.stems.len() < 120 {
                self.stems.insert(stem.clone());
            }
        }
        self.published = match (self.published, other.published) {
            (Some(one), Some(two)) => Some((one.0.min(two.0), one.1.max(two.1))),
            (one, two) => one.or(two),
        };
        self.goes_on &= other.goes_on;
        self.looks_back &= other.looks_back;
    }

    /// All names by which an incident is looked up, the telling ones first.
    pub fn lookup(&self) -> BTreeSet<String> {
        let mut keys: BTreeSet<String> = BTreeSet::new();
        let places = self.places.iter().chain(&self.around).chain(&self.mentioned).chain(&self.written_at);
        for name in places.chain(&self.names) {
            keys.insert(name.clone());
            keys.extend(skeleton(name).map(|bones| format!("~{bones}")));
        }
        keys
    }

    /// The place that an incident is known by.
    pub fn main_place(&self) -> Option<&str> {
        let shared = self.places.intersection(&self.around).next();
        let on_the_spot = self.written_at.intersection(&self.around).next();
        on_the_spot
            .or(shared)
            .or_else(|| self.around.first())
            .or_else(|| self.places.first())
            .or_else(|| self.written_at.first())
            .map(String::as_str)
    }

    /// The days it is looked up by.
    pub fn days(&self) -> Option<Days> {
        let day = self.day.or(self.published)?;
        Some((day.0, day.1.max(day.0)))
    }
}

fn extend<T: Ord + Clone>(set: &mut BTreeSet<T>, more: &BTreeSet<T>) {
    for one in more {
        if set.len() >= MOST_NAMES {
            break;
        }
        set.insert(one.clone());
    }
}

/// How two sets of names meet.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Meet {
    Same(String),
    Within(String),
    Spelled(String, String),
    Apart,
}

fn meet(one: &BTreeSet<String>, other: &BTreeSet<String>) -> Meet {
    if let Some(same) = one.intersection(other).max_by_key(|name| name.len()) {
        return Meet::Same(same.clone());
    }
    let mut spelled = None;
    for a in one {
        for b in other {
            let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
            if short.len() > 3 && has(long, short) {
                return Meet::Within(short.clone());
            }
            if spelled.is_none() && spelled_alike(a, b) {
                spelled = Some((a.clone(), b.clone()));
            }
        }
    }
    spelled.map_or(Meet::Apart, |(a, b)| Meet::Spelled(a, b))
}

/// Whether two keys are one name in two spellings.
pub fn spelled_alike(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    let bones = skeleton(one);
    if bones.is_some() && bones == skeleton(other) {
        return one.chars().next() == other.chars().next();
    }
    let (a, b): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    // One letter in eight may differ; short names must be the same.
    let allowed = a.len().min(b.len()) / 8;
    allowed > 0 && a.first() == b.first() && distance(&a, &b) <= allowed
}

/// How many letters must be put in, taken out or changed.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = i;
        let mut left = i + 1;
        let mut next = vec![left];
        for (j, y) in b.iter().enumerate() {
            let above = row.get(j + 1).copied().unwrap_or(usize::MAX - 1);
            left = (corner + usize::from(x != y)).min(left + 1).min(above + 1);
            corner = above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

fn shown(key: &str) -> String {
    key.split(' ')
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// A key as a title writes it: "tell amar" is Tell Amar.
pub fn as_title(key: &str) -> String {
    shown(key)
}

/// How much speaks for a claim being about an incident's event.
pub fn score(claim: &Facts, incident: &Facts) -> Score {
    let mut parts = Vec::new();
    let mut add = |points: i32, why: String| {
        if points != 0 {
            parts.push(Contribution { points, why });
        }
    };
    let same_article = !claim.articles.is_disjoint(&incident.articles);
    let told_together = same_article && !claim.listed;
    let called = claim
        .called
        .iter()
        .find(|name| incident.called.contains(*name) || incident.names.contains(*name))
        .or_else(|| incident.called.iter().find(|name| claim.names.contains(*name)));
    if let Some(name) = called {
        add(44, format!("both are about {}", shown(name)));
    }
    let (place, why) = places(claim, incident, told_together);
    // A storm is where it goes.
    add(if called.is_some() { place.max(0) } else { place }, why);
    let (time, why) = times(claim, incident, told_together);
    add(if called.is_some() && time > -20 { time.max(-4) } else { time }, why);
    let (kind, why) = kinds(claim, incident, told_together);
    add(kind, why);
    let counted = counted(claim, incident);
    add(counted.0, counted.1.clone());
    if let Some(side) = claim.sides.intersection(&incident.sides).next() {
        add(4, format!("the same side: {}", shown(side)));
    }
    let names: Vec<&String> = claim
        .names
        .iter()
        .filter(|name| {
            incident.names.contains(*name)
                || incident.places.contains(*name)
                || incident.around.contains(*name)
        })
        .filter(|name| !claim.called.contains(*name) && !incident.called.contains(*name))
        .take(3)
        .collect();
    if !names.is_empty() {
        let points = (6 * i32::try_from(names.len()).unwrap_or(3)).min(14);
        let names: Vec<String> = names.iter().map(|name| shown(name)).collect();
        add(points, format!("both name {}", names.join(", ")));
    }
    let topic = if told_together { Vec::new() } else { topic(claim, incident) };
    if !topic.is_empty() {
        let points = 4 * i32::try_from(topic.len().min(2)).unwrap_or(2);
        let words: Vec<&str> = topic.iter().take(3).map(|word| word.as_str()).collect();
        add(points, format!("both speak of {}", words.join(", ")));
    }
    if !told_together
        && topic.is_empty()
        && called.is_none()
        && names.is_empty()
        && kind <= 0
        && counted.0 < 9
    {
        add(-12, msg!("nothing but place and time is shared").to_owned());
    }
    let headline = alike(&claim.headline, &incident.headline);
    let wording = alike(&claim.stems, &incident.stems);
    let points = (headline * 12.0).round() as i32 + (wording * 10.0).round() as i32;
    if !same_article {
        add(points, msg!("similar wording").to_owned());
    } else if claim.listed {
        add(2, msg!("the same list of events").to_owned());
    } else {
        add(18, msg!("the same article").to_owned());
    }
    if !same_article && !claim.sources.is_disjoint(&incident.sources) {
        add(4, msg!("the same source").to_owned());
    }
    if claim.looks_back {
        add(-40, msg!("it looks back to something before").to_owned());
    }
    Score { parts }
}

/// How a part of a score is told that names something, the narrower frame first.
const FRAMES: [&str; 12] = [
    frame!("both are about {0}"),
    frame!("both name {0}"),
    frame!("both speak of {0}"),
    frame!("both count {0}"),
    frame!("{0} days apart, and the story goes on"),
    frame!("{0} days apart, of a sort of event that is rare"),
    frame!("{0} days apart"),
    frame!("the same figure: {0}"),
    frame!("the same side: {0}"),
    frame!("{0}, one within the other: {1}"),
    frame!("{0} in two spellings: {1} and {2}"),
    frame!("{0}: {1}"),
];

/// A part of a score as it is kept, to be said in any language.
pub fn reason(why: &str) -> Phrase {
    Phrase::read(why, &FRAMES)
}

/// Words of harm and of reporting: every story has them.
const OF_EVERY_STORY: &[&str] = &[
    "kill", "wound", "injur", "injured", "dead", "dies", "died", "death", "deaths", "toll", "people",
    "missing", "victim", "victims", "body", "bodies", "rise", "rises", "climb", "climbs", "leave", "leaves",
    "count", "counts", "says", "more", "after", "least", "fear", "feared", "hundred", "thousand", "dozen",
    "attack", "strike", "hit", "soldier", "fighter", "civilian", "rescuer", "rescue", "official", "house",
    "home", "near", "found", "find", "over", "were", "another", "number", "hospital", "minister", "confirm",
    "report", "week", "day", "night",
];

/// What both speak of beyond place and harm: a dormitory, a wedding, a market.
fn topic<'a>(claim: &'a Facts, incident: &Facts) -> Vec<&'a String> {
    let known = |word: &String| {
        let of = |facts: &Facts| {
            facts
                .places
                .iter()
                .chain(&facts.around)
                .chain(&facts.written_at)
                .chain(&facts.called)
                .any(|p| has(p, word))
        };
        of(claim) || of(incident) || OF_EVERY_STORY.contains(&word.as_str())
    };
    let head = claim
        .headline
        .iter()
        .filter(|word| incident.headline.contains(*word) || incident.stems.contains(*word));
    let body = claim.stems.iter().filter(|word| incident.headline.contains(*word));
    let mut topic: Vec<&String> = head.chain(body).filter(|word| !known(word)).collect();
    topic.sort();
    topic.dedup();
    topic
}

/// Overlap of two sets of words, by the smaller: a claim is short and an incident's words are many.
fn alike(one: &BTreeSet<String>, other: &BTreeSet<String>) -> f64 {
    let least = one.len().min(other.len());
    if least < 2 {
        return 0.0;
    }
    one.intersection(other).count() as f64 / least as f64
}

fn places(claim: &Facts, incident: &Facts, same_article: bool) -> (i32, String) {
    let known: BTreeSet<String> =
        incident.places.iter().chain(&incident.around).chain(&incident.mentioned).cloned().collect();
    let own = &claim.places;
    let said = |points: i32, met: Meet, how: &str| match met {
        Meet::Same(name) => Some((points, format!("{how}: {}", shown(&name)))),
        Meet::Within(name) => Some((points - 3, format!("{how}, one within the other: {}", shown(&name)))),
        Meet::Spelled(a, b) => {
            Some((points - 5, format!("{how} in two spellings: {} and {}", shown(&a), shown(&b))))
        }
        Meet::Apart => None,
    };
    if !own.is_empty() {
        if let Some(found) = said(34, meet(own, &incident.places), msg!("the same place"))
            .or_else(|| said(30, meet(own, &incident.around), msg!("the place that the reports are about")))
            .or_else(|| said(18, meet(own, &incident.mentioned), msg!("a place that the reports name")))
            .or_else(|| said(16, meet(own, &incident.written_at), msg!("where the reports were written")))
        {
            return found;
        }
        // The events of a wide disaster have many places.
        let wide = [EventKind::Storm, EventKind::Flood, EventKind::Quake, EventKind::Outbreak]
            .iter()
            .any(|kind| incident.kinds_around.contains(kind) && claim.kinds_around.contains(kind));
        if known.is_empty() {
            return if same_article {
                (6, msg!("a place of the same report").to_owned())
            } else {
                (-8, msg!("the place is not known of the other").to_owned())
            };
        }
        let around = said(20, meet(&claim.around, &incident.around), msg!("reports about the same place"));
        return match (around, same_article, wide) {
            (Some(_), true, true) => (16, msg!("another place of the same disaster").to_owned()),
            (Some(found), false, true) => (found.0 - 8, found.1),
            (Some(found), true, false) if incident.places.is_empty() => (found.0 - 8, found.1),
            (_, true, _) => (-28, msg!("another place of the same report").to_owned()),
            (Some(_), false, false) => (-12, msg!("another place, in reports about the same one").to_owned()),
            (None, false, _) => (-40, msg!("another place").to_owned()),
        };
    }
    said(26, meet(&claim.around, &incident.around), msg!("reports about the same place"))
        .or_else(|| said(24, meet(&claim.around, &incident.places), msg!("reports about the same place")))
        .or_else(|| said(18, meet(&claim.around, &incident.mentioned), msg!("a place that the reports name")))
        .or_else(|| said(18, meet(&claim.mentioned, &incident.around), msg!("a place that the reports name")))
        .or_else(|| {
            said(12, meet(&claim.mentioned, &incident.mentioned), msg!("places that the reports name"))
        })
        .or_else(|| said(16, meet(&claim.written_at, &known), msg!("written at the place")))
        .or_else(|| said(16, meet(&claim.around, &incident.written_at), msg!("written at the place")))
        .or_else(|| {
            let nowhere = claim.around.is_empty() || incident.around.is_empty();
            nowhere.then(|| {
                said(12, meet(&claim.written_at, &incident.written_at), msg!("written at the same place"))
            })?
        })
        .unwrap_or_else(|| {
            let nothing = (claim.around.is_empty() && claim.written_at.is_empty())
                || (known.is_empty() && incident.written_at.is_empty());
            match (same_article, nothing) {
                (true, _) => (20, msg!("a report that names one place or none").to_owned()),
                (false, true) => (-10, msg!("no place is named").to_owned()),
                (false, false) => (-40, msg!("reports about other places").to_owned()),
            }
        })
}

fn times(claim: &Facts, incident: &Facts, same_article: bool) -> (i32, String) {
    let (Some(day), Some(known)) = (claim.days(), incident.days()) else {
        return (-10, msg!("no time is known").to_owned());
    };
    let long = |(from, to): Days| (to - from).num_days() > 10;
    // What spreads is counted from its beginning; a strike is not.
    let spreads = [EventKind::Outbreak, EventKind::Flood, EventKind::Storm]
        .iter()
        .any(|kind| claim.kinds_around.contains(kind) && incident.kinds_around.contains(kind));
    if long(day) != long(known) && claim.day_is_own && !same_article && !spreads {
        return (-20, msg!("a total over a long time and a single event").to_owned());
    }
    let apart = if day.0 <= known.1 && known.0 <= day.1 {
        0
    } else {
        (day.0 - known.1).num_days().max((known.0 - day.1).num_days())
    };
    let told = match (claim.day_is_own, incident.day_is_own) {
        (true, true) => 4,
        _ => 0,
    };
    // News of an event goes on in the days after it: then the time of the last report counts too.
    let since_last = match (claim.published, incident.published) {
        (Some((from, to)), Some(known)) => (from - known.1).num_days().max((known.0 - to).num_days()).max(0),
        _ => apart,
    };
    // The later of the two must say that it goes on: that an older story went on says nothing about a
    // new one.
    let is_later = claim.published.zip(incident.published).is_none_or(|(ours, theirs)| ours.0 >= theirs.0);
    let goes_on = if is_later { claim.goes_on } else { incident.goes_on };
    // Strikes come one after another; hardly ever does a second ferry sink at the same place that week.
    let shares = |kind: &EventKind| claim.kinds_around.contains(kind) && incident.kinds_around.contains(kind);
    let is_rare = EventKind::ALL.iter().any(|kind| kind.is_rare() && shares(kind));
    let (points, why) = match apart {
        0 => (20 + told, msg!("the same day").to_owned()),
        1 if goes_on || same_article => (18, msg!("a day apart, and the story goes on").to_owned()),
        1 if is_rare => (16, msg!("a day apart").to_owned()),
        1 => (8, msg!("a day apart").to_owned()),
        2..=4 if goes_on => (16, format!("{apart} days apart, and the story goes on")),
        2..=4 if is_rare => (8, format!("{apart} days apart, of a sort of event that is rare")),
        2..=4 if same_article && !claim.day_is_own => (12, format!("{apart} days apart")),
        2..=4 => (-14, format!("{apart} days apart")),
        5..=14 if goes_on && since_last <= 5 => (12, format!("{apart} days apart, and the story goes on")),
        5..=14 if goes_on => (0, format!("{apart} days apart, and the story goes on")),
        5..=14 => (-22, format!("{apart} days apart")),
        15..=45 if goes_on && since_last <= 5 => (2, format!("{apart} days apart, and the story goes on")),
        15..=45 => (-30, format!("{apart} days apart")),
        _ => (-50, msg!("months apart").to_owned()),
    };
    (points, why)
}

fn kinds(claim: &Facts, incident: &Facts, same_article: bool) -> (i32, String) {
    let ours = if claim.kinds.is_empty() { &claim.kinds_around } else { &claim.kinds };
    let theirs: BTreeSet<EventKind> = incident.kinds.union(&incident.kinds_around).copied().collect();
    let same: Vec<&str> =
        ours.intersection(&theirs).filter(|kind| !kind.is_consequence()).map(|k| k.label()).collect();
    if let Some(kind) = same.first() {
        return (14, format!("{}: {kind}", msg!("the same sort of event")));
    }
    let all_ours: BTreeSet<EventKind> = claim.kinds.union(&claim.kinds_around).copied().collect();
    if all_ours.intersection(&theirs).any(|kind| !kind.is_consequence()) {
        return (8, msg!("reports of the same sort of event").to_owned());
    }
    if all_ours.intersection(&theirs).next().is_some() {
        return (10, msg!("the same sort of harm").to_owned());
    }
    let families = |kinds: &BTreeSet<EventKind>| -> BTreeSet<u8> {
        kinds.iter().filter(|kind| !kind.is_consequence()).map(|kind| kind.family()).collect()
    };
    let (a, b) = (families(&all_ours), families(&theirs));
    if a.is_empty() || b.is_empty() || same_article {
        (0, String::new())
    } else if a.is_disjoint(&b) {
        (-30, msg!("another sort of event").to_owned())
    } else {
        (2, msg!("a related sort of event").to_owned())
    }
}

fn counted(claim: &Facts, incident: &Facts) -> (i32, String) {
    if let Some(same) = claim.counts.intersection(&incident.counts).max_by_key(|count| count.n) {
        let points = match same.n {
            100.. if same.n % 100 != 0 => 20,
            20.. => 14,
            _ => 9,
        };
        return (points, format!("the same figure: {} {}", same.n, same.indicator.label()));
    }
    match claim.indicators.intersection(&incident.indicators).next() {
        Some(same) if !matches!(same, Indicator::Other | Indicator::Count) => {
            (5, format!("both count {}", same.label()))
        }
        _ => (0, String::new()),
    }
}
