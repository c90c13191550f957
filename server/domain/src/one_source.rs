//! Whether two names may be those of one source, so that an editor is asked. Names alone prove nothing:
//! what is said here is never more than a question, and what tells two apart (another place, another party,
//! another ministry) always outweighs what they share.

use crate::claim::SourceKind;
use crate::closed_set;
use crate::incident::key;
use std::collections::BTreeSet;

closed_set! {
    /// Why two names may be those of one source.
    Alike {
        Words = "words", "both names have the same words";
        Place = "place", "one name adds where or whose it is";
        Initials = "initials", "one name is the initials of the other";
        Short = "short", "one name is the other, said shortly";
    }
}

impl Alike {
    /// Whether it is worth asking wherever the two names were found. A short name means this or that body:
    /// only where both speak of one event it says something.
    pub fn holds_anywhere(self) -> bool {
        self != Self::Short
    }
}

/// A source as far as it matters whether it is another.
#[derive(Clone, Copy, Debug)]
pub struct Called<'a> {
    pub name: &'a str,
    pub kind: SourceKind,
    /// The parties to a conflict that it was heard to speak for.
    pub parties: &'a [String],
}

/// Why two names may be those of one source; `None` where something tells them apart, or nothing joins them.
pub fn may_be_one(one: &Called<'_>, other: &Called<'_>) -> Option<Alike> {
    let speaks = |kind: SourceKind| matches!(kind, SourceKind::Organisation | SourceKind::Group);
    if !speaks(one.kind) || !speaks(other.kind) || are_opposed(one.parties, other.parties) {
        return None;
    }
    if is_initials_of(one.name, other.name) || is_initials_of(other.name, one.name) {
        return Some(Alike::Initials);
    }
    let (a, b) = (Name::of(one.name), Name::of(other.name));
    if a.bodies != b.bodies {
        return None;
    }
    if a.bodies.is_empty() {
        // What sort of body it is, is not known: only the same words say anything.
        return (!a.names.is_empty() && a == b).then_some(Alike::Words);
    }
    let (few, many) = if a.size() <= b.size() { (&a, &b) } else { (&b, &a) };
    if few.is_bare() {
        return if many.is_bare() { Some(Alike::Words) } else { Some(Alike::Short) };
    }
    let same_office = few.fields == many.fields && few.levels == many.levels;
    let kept = few.names.iter().all(|name| many.names.iter().any(|known| is_one_place(name, known)));
    match (same_office && kept, few.names.len() == many.names.len()) {
        (false, _) => None,
        (true, true) => Some(Alike::Words),
        (true, false) => Some(Alike::Place),
    }
}

/// The pairs among sources that speak of one event, each as places in the list. A short name that two
/// different bodies could be meant by is joined to neither.
pub fn pairs(sources: &[Called<'_>]) -> Vec<(usize, usize, Alike)> {
    let all: Vec<(usize, usize, Alike)> = sources
        .iter()
        .enumerate()
        .flat_map(|(at, one)| {
            let others = sources.iter().enumerate().skip(at + 1);
            others.filter_map(move |(place, other)| Some((at, place, may_be_one(one, other)?)))
        })
        .collect();
    let joined = |a: usize, b: usize| all.iter().any(|(x, y, _)| (*x, *y) == (a.min(b), a.max(b)));
    let is_bare = |at: usize| sources.get(at).is_some_and(|source| Name::of(source.name).is_bare());
    let is_clear = |bare: usize, meant: usize| {
        all.iter()
            .filter_map(|(x, y, _)| match (*x == bare, *y == bare) {
                (true, _) => Some(*y),
                (_, true) => Some(*x),
                _ => None,
            })
            .all(|other| other == meant || joined(other, meant))
    };
    all.iter()
        .filter(|(x, y, why)| {
            *why != Alike::Short || if is_bare(*x) { is_clear(*x, *y) } else { is_clear(*y, *x) }
        })
        .copied()
        .collect()
}

/// Whether both are known to speak for a party, and for none that is the same.
fn are_opposed(one: &[String], other: &[String]) -> bool {
    let keys = |parties: &[String]| -> BTreeSet<String> { parties.iter().map(|party| key(party)).collect() };
    let (one, other) = (keys(one), keys(other));
    !one.is_empty() && !other.is_empty() && one.is_disjoint(&other)
}

/// A name taken apart.
#[derive(Debug, PartialEq, Eq)]
struct Name {
    /// What sort of body it is.
    bodies: BTreeSet<String>,
    /// What it deals with.
    fields: BTreeSet<String>,
    /// Of what rank, and on which side of the compass: what has another is another.
    levels: BTreeSet<String>,
    /// Everything else: places, parties, numbers, names proper.
    names: BTreeSet<String>,
}

impl Name {
    fn of(name: &str) -> Self {
        let mut parts = Self {
            bodies: BTreeSet::new(),
            fields: BTreeSet::new(),
            levels: BTreeSet::new(),
            names: BTreeSet::new(),
        };
        for word in words(name) {
            let word = one_spelling(word);
            let part = match word.as_str() {
                word if SMALL.contains(&word) || SAYS_NOTHING.contains(&word) => continue,
                word if BODIES.contains(&word) => &mut parts.bodies,
                word if FIELDS.contains(&word) => &mut parts.fields,
                word if LEVELS.contains(&word) => &mut parts.levels,
                _ => &mut parts.names,
            };
            part.insert(word);
        }
        parts
    }

    fn size(&self) -> usize {
        self.bodies.len() + self.fields.len() + self.levels.len() + self.names.len()
    }

    /// It says what sort of body it is and nothing else: "the ministry", "police".
    fn is_bare(&self) -> bool {
        self.size() == self.bodies.len()
    }
}

/// The words of a name, in small letters and Latin script; whose something is, is said without its ending.
fn words(name: &str) -> Vec<String> {
    name.split(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '/' | ',' | '(' | ')'))
        .map(|word| {
            let word = word.replace('’', "'");
            key(word.strip_suffix("'s").unwrap_or(&word))
        })
        .filter(|word| !word.is_empty())
        .collect()
}

/// British and American spelling, one and several, made one.
fn one_spelling(word: String) -> String {
    let word = match word.as_str() {
        "defense" => "defence",
        "center" => "centre",
        "labor" => "labour",
        "organization" | "organizations" | "organisations" => "organisation",
        "authorities" => "authority",
        "ministries" => "ministry",
        "agencies" => "agency",
        "emergencies" => "emergency",
        _ => {
            return match word.strip_suffix('s') {
                Some(one) if BODIES.contains(&one) => one.to_owned(),
                _ => word,
            };
        }
    };
    word.to_owned()
}

/// Whether two words name one place or its people: "Kesmara", "Kesmaran".
fn is_one_place(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    if NEIGHBOURS.iter().any(|pair| pair.contains(&short) && pair.contains(&long)) {
        return false;
    }
    ENDINGS.iter().any(|(place, people)| {
        let stem = short.strip_suffix(place).filter(|stem| stem.chars().count() >= 4);
        stem.is_some_and(|stem| long.strip_prefix(stem) == Some(people))
    })
}

/// Whether a name is the initials of another: "IDF" of "Israel Defense Forces", "MoH" of "Ministry of
/// Health". Two letters stand for too much.
fn is_initials_of(short: &str, long: &str) -> bool {
    let letters = short.replace('.', "");
    let capitals = letters.chars().filter(|c| c.is_uppercase()).count();
    if !letters.chars().all(char::is_alphabetic)
        || capitals < 2
        || !(3..=7).contains(&letters.chars().count())
    {
        return false;
    }
    initials(long).contains(&letters.to_lowercase())
}

/// What a name may be shortened to, in small letters: with and without its small words.
pub fn initials(name: &str) -> [String; 2] {
    let words = words(name);
    let first = |small: bool| -> String {
        let kept = words.iter().filter(|word| small || !SMALL.contains(&word.as_str()));
        kept.filter_map(|word| word.chars().next()).collect()
    };
    [first(false), first(true)]
        .map(|letters| if letters.chars().count() < 3 { String::new() } else { letters })
}

/// How places and their people end.
const ENDINGS: [(&str, &str); 13] = [
    ("", "i"),
    ("", "n"),
    ("", "an"),
    ("", "ian"),
    ("", "ese"),
    ("", "ish"),
    ("a", "an"),
    ("a", "ian"),
    ("a", "ese"),
    ("e", "ian"),
    ("e", "an"),
    ("on", "ese"),
    ("y", "ian"),
];

/// Two places whose names look like a place and its people.
const NEIGHBOURS: [[&str; 2]; 3] = [["niger", "nigeria"], ["niger", "nigerian"], ["dominica", "dominican"]];

const SMALL: &[&str] = &["the", "a", "an", "of", "for", "and", "in", "at", "from", "on", "to", "by"];

/// What adds nothing to who speaks.
const SAYS_NOTHING: &[&str] = &[
    "capital",
    "country",
    "own",
    "run",
    "led",
    "controlled",
    "backed",
    "held",
    "official",
    "here",
    "there",
    "area",
];

const LEVELS: &[&str] = &[
    "national",
    "federal",
    "state",
    "central",
    "regional",
    "provincial",
    "district",
    "municipal",
    "city",
    "county",
    "local",
    "military",
    "civilian",
    "northern",
    "southern",
    "eastern",
    "western",
    "north",
    "south",
    "east",
    "west",
    "northeastern",
    "northwestern",
    "southeastern",
    "southwestern",
    "supreme",
    "general",
];

const FIELDS: &[&str] = &[
    "health",
    "interior",
    "internal",
    "defence",
    "foreign",
    "finance",
    "economy",
    "education",
    "justice",
    "transport",
    "energy",
    "agriculture",
    "environment",
    "labour",
    "culture",
    "information",
    "emergency",
    "disaster",
    "civil",
    "security",
    "intelligence",
    "migration",
    "refugee",
    "refugees",
    "housing",
    "trade",
    "industry",
    "science",
    "water",
    "fire",
    "rescue",
    "medical",
    "press",
    "media",
    "rights",
    "border",
    "coast",
    "air",
    "ground",
    "affairs",
];

const BODIES: &[&str] = &[
    "ministry",
    "department",
    "directorate",
    "agency",
    "authority",
    "administration",
    "government",
    "council",
    "commission",
    "committee",
    "police",
    "army",
    "navy",
    "force",
    "guard",
    "command",
    "staff",
    "service",
    "office",
    "bureau",
    "court",
    "tribunal",
    "prosecutor",
    "parliament",
    "presidency",
    "hospital",
    "clinic",
    "university",
    "institute",
    "centre",
    "union",
    "federation",
    "association",
    "organisation",
    "party",
    "movement",
    "group",
    "brigade",
    "division",
    "battalion",
    "corps",
    "regiment",
    "embassy",
    "mission",
    "board",
    "fund",
    "bank",
    "company",
    "network",
    "observatory",
    "foundation",
    "society",
    "corporation",
    "team",
    "headquarters",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn called(name: &str) -> Called<'_> {
        Called { name, kind: SourceKind::Organisation, parties: &[] }
    }

    fn alike(one: &str, other: &str) -> Option<Alike> {
        let why = may_be_one(&called(one), &called(other));
        assert_eq!(why, may_be_one(&called(other), &called(one)), "{one} / {other}");
        why
    }

    #[test]
    fn a_name_with_a_place_or_a_party_more_may_be_the_same_source() {
        for (one, other, why) in [
            ("health ministry in the capital", "Kesmara’s health ministry", Alike::Place),
            ("Health Ministry", "Ministry of Health of Kesmara", Alike::Place),
            ("Gaza's health ministry", "the Hamas-run Gaza Ministry of Health", Alike::Place),
            ("Ministry of Defence", "Defense Ministry", Alike::Words),
            ("Kesmara's interior ministry", "Kesmaran Interior Ministry", Alike::Words),
            ("Ukraine's General Staff", "Ukrainian general staff", Alike::Words),
            ("Lebanese army", "Lebanon’s army", Alike::Words),
            ("local authorities", "Kozinka local authority", Alike::Place),
            ("ministry", "Kesmara’s health ministry", Alike::Short),
            ("police", "the Kozinka police", Alike::Short),
            ("IDF", "Israel Defense Forces", Alike::Initials),
            ("I.D.F.", "the Israel Defence Forces", Alike::Initials),
            ("MoH", "Ministry of Health", Alike::Initials),
            ("Red Cross", "the Red Cross", Alike::Words),
        ] {
            assert_eq!(alike(one, other), Some(why), "{one} / {other}");
        }
    }

    #[test]
    fn what_tells_two_apart_outweighs_what_they_share() {
        for (one, other) in [
            ("Gaza health ministry", "Lebanon's health ministry"),
            ("Kesmara's health ministry", "Kesmara's interior ministry"),
            ("health ministry", "interior ministry"),
            ("Northern Command", "Southern Command"),
            ("the 3rd brigade", "the 72nd brigade"),
            ("Niger's defence ministry", "Nigeria's defence ministry"),
            ("Niger's defence ministry", "Nigerian defence ministry"),
            ("Iran's foreign ministry", "Iraq's foreign ministry"),
            ("Austrian government", "Australian government"),
            ("health ministry", "health department"),
            ("city police", "state police"),
            ("Russian army", "Ukrainian army"),
            ("Kozinka hospital", "Darum hospital"),
            ("UN", "Ukrainian Navy"),
            ("WHO", "Israel Defense Forces"),
            ("IDF", "IDP"),
            ("Amnesty International", "Transparency International"),
            ("Gaza health ministry", "Hamas-run health ministry"),
            ("", "ministry"),
        ] {
            assert_eq!(alike(one, other), None, "{one} / {other}");
        }
    }

    #[test]
    fn sources_of_two_parties_and_of_two_kinds_are_not_one() {
        let (one, other) = (["Kesmara".to_owned()], ["Darum".to_owned()]);
        let name = "Ministry of Defence";
        let of = |parties| Called { parties, ..called(name) };
        assert_eq!(may_be_one(&of(&one), &of(&other)), None);
        assert_eq!(may_be_one(&of(&one), &of(&[])), Some(Alike::Words));
        let group = Called { kind: SourceKind::Group, ..called(name) };
        assert_eq!(may_be_one(&group, &called(name)), Some(Alike::Words));
        for kind in [SourceKind::Person, SourceKind::Document, SourceKind::Anonymous] {
            assert_eq!(may_be_one(&Called { kind, ..called(name) }, &called(name)), None, "{kind}");
        }
    }

    #[test]
    fn a_short_name_that_could_be_two_bodies_is_joined_to_neither() {
        let pairs_of = |names: &[&str]| -> Vec<(usize, usize, Alike)> {
            pairs(&names.iter().map(|name| called(name)).collect::<Vec<_>>())
        };
        assert!(pairs_of(&["ministry", "health ministry", "interior ministry"]).is_empty());
        assert_eq!(
            pairs_of(&["ministry", "health ministry in the capital", "Kesmara's health ministry"]),
            [(0, 1, Alike::Short), (0, 2, Alike::Short), (1, 2, Alike::Place)]
        );
    }

    #[test]
    fn each_word_is_of_one_sort() {
        let sorts = [SMALL, SAYS_NOTHING, LEVELS, FIELDS, BODIES];
        let all: Vec<&str> = sorts.into_iter().flatten().copied().collect();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
    }
}
