//! Which party to a conflict a source speaks for, where the text tells: by the country or group that
//! stands in its name, its office or its organisation.

use crate::lexicon::{self, Class};
use crate::source::Resolved;
use crate::token::{self, Text};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::LazyLock;

/// How a party is named, and the words that stand for it. The first list are adjectives and names,
/// which speak for it beside an office ("the Ukrainian ministry"); the second are seats of government
/// and groups, which speak for it alone ("the Kremlin").
const PARTIES: &[(&str, &str, &str)] = &[
    ("Afghanistan", "afghan afghanistan", "kabul"),
    ("Armenia", "armenian armenia", "yerevan"),
    ("Azerbaijan", "azerbaijani azeri azerbaijan", "baku"),
    ("Bangladesh", "bangladeshi bangladesh", "dhaka"),
    ("Belarus", "belarusian belarus", "minsk"),
    ("Burkina Faso", "burkinabe", "ouagadougou"),
    ("Burundi", "burundian burundi", "bujumbura"),
    ("Cambodia", "cambodian cambodia", ""),
    ("Cameroon", "cameroonian cameroon", "yaounde yaoundé"),
    ("Chad", "chadian chad", "n'djamena"),
    ("China", "chinese china", "beijing"),
    ("Colombia", "colombian colombia", "bogota bogotá"),
    ("Cuba", "cuban cuba", "havana"),
    ("Egypt", "egyptian egypt", "cairo"),
    ("Eritrea", "eritrean eritrea", "asmara"),
    ("Ethiopia", "ethiopian ethiopia", ""),
    ("France", "french france", "elysee élysée"),
    ("Georgia", "georgian", "tbilisi"),
    ("Germany", "german germany", "berlin"),
    ("Haiti", "haitian haiti", ""),
    ("India", "indian india", "delhi"),
    ("Indonesia", "indonesian indonesia", "jakarta"),
    ("Iran", "iranian iran", "tehran"),
    ("Iraq", "iraqi iraq", "baghdad"),
    ("Israel", "israeli israel", "idf"),
    ("Jordan", "jordanian", "amman"),
    ("Kenya", "kenyan kenya", "nairobi"),
    ("Kosovo", "kosovar kosovo", "pristina"),
    ("Lebanon", "lebanese lebanon", "beirut"),
    ("Libya", "libyan libya", "tripoli"),
    ("Mali", "malian mali", "bamako"),
    ("Mexico", "mexican mexico", ""),
    ("Moldova", "moldovan moldova", "chisinau"),
    ("Mozambique", "mozambican mozambique", "maputo"),
    ("Myanmar", "burmese myanmar", "tatmadaw naypyidaw"),
    ("NATO", "", "nato"),
    ("Nicaragua", "nicaraguan nicaragua", "managua"),
    ("Niger", "nigerien", "niamey"),
    ("Nigeria", "nigerian nigeria", "abuja"),
    ("North Korea", "", "pyongyang"),
    ("Pakistan", "pakistani pakistan", "islamabad"),
    ("Palestinian Authority", "palestinian", "ramallah"),
    ("Peru", "peruvian peru", "lima"),
    ("Philippines", "filipino philippine philippines", "manila"),
    ("Poland", "polish poland", "warsaw"),
    ("Russia", "russian russia", "kremlin moscow"),
    ("Rwanda", "rwandan rwanda", "kigali"),
    ("Saudi Arabia", "saudi", "riyadh"),
    ("Serbia", "serbian serbia", "belgrade"),
    ("Somalia", "somali somalia", "mogadishu"),
    ("South Korea", "", "seoul"),
    ("Sri Lanka", "", "colombo"),
    ("Sudan", "sudanese sudan", "khartoum"),
    ("Syria", "syrian syria", "damascus"),
    ("Thailand", "thai thailand", "bangkok"),
    ("Tigray", "tigrayan tigray", "tplf"),
    ("Turkey", "turkish turkey turkiye türkiye", "ankara"),
    ("Uganda", "ugandan uganda", "kampala"),
    ("Ukraine", "ukrainian ukraine", "kyiv kiev"),
    ("United Kingdom", "british britain uk", "downing whitehall"),
    ("United States", "american u.s us", "pentagon washington centcom"),
    ("Venezuela", "venezuelan venezuela", "caracas"),
    ("Vietnam", "vietnamese vietnam", "hanoi"),
    ("Yemen", "yemeni yemen", "sanaa"),
    ("Hamas", "hamas-run hamas-controlled", "hamas"),
    ("Hezbollah", "", "hezbollah hizbollah hizbullah"),
    ("Houthis", "houthi-run houthi-controlled", "houthi houthis"),
    ("Islamic State", "", "isis isil daesh"),
    ("Taliban", "taliban-run", "taliban taleban"),
    ("Al-Shabaab", "", "al-shabaab al-shabab shabaab shabab"),
    ("Boko Haram", "", "boko"),
    ("Rapid Support Forces", "", "rsf"),
    ("M23", "", "m23"),
    ("FARC", "", "farc"),
    ("ELN", "", "eln"),
    ("PKK", "", "pkk"),
    ("Kurdish forces", "kurdish", "sdf ypg peshmerga"),
];

/// What speaks for a country or a group beside its name. A hospital, a newspaper or a university does
/// not.
static OFFICES: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| {
    FxHashSet::from_iter([
        "administration",
        "air",
        "ambassador",
        "ambassadors",
        "armed",
        "armies",
        "army",
        "authorities",
        "battalion",
        "boss",
        "border",
        "brigade",
        "cabinet",
        "chancellor",
        "coastguard",
        "colonel",
        "command",
        "commander",
        "commanders",
        "consulate",
        "council",
        "defence",
        "defense",
        "delegation",
        "diplomat",
        "diplomats",
        "embassy",
        "emir",
        "envoy",
        "fighters",
        "force",
        "forces",
        "foreign",
        "general",
        "government",
        "governor",
        "guard",
        "guards",
        "intelligence",
        "interior",
        "king",
        "leader",
        "leaders",
        "leadership",
        "legion",
        "lieutenant",
        "major",
        "marines",
        "mayor",
        "militants",
        "military",
        "militia",
        "minister",
        "ministers",
        "ministry",
        "mission",
        "navy",
        "negotiator",
        "negotiators",
        "official",
        "officials",
        "parliament",
        "police",
        "premier",
        "presidency",
        "president",
        "rebels",
        "regime",
        "secretary",
        "senate",
        "separatists",
        "side",
        "soldier",
        "soldiers",
        "spokesman",
        "spokesperson",
        "spokeswoman",
        "staff",
        "state",
        "troops",
        "volunteers",
    ])
});

#[derive(Clone, Copy)]
struct Entry {
    party: &'static str,
    alone: bool,
}

static WORDS: LazyLock<FxHashMap<&'static str, Entry>> = LazyLock::new(|| {
    let mut table: FxHashMap<&'static str, Entry> = FxHashMap::default();
    for (party, beside, alone) in PARTIES {
        for word in beside.split_whitespace() {
            table.insert(word, Entry { party, alone: false });
        }
        for word in alone.split_whitespace() {
            table.insert(word, Entry { party, alone: true });
        }
    }
    table
});

/// The party that a source speaks for. A reporter or a witness speaks for none: beside a country
/// must stand an office, a ministry, an army or the like.
pub fn of(text: &Text<'_>, who: &Resolved) -> Option<String> {
    let mention = text.words(&who.tokens);
    [Some(mention), who.organisation.as_deref(), who.role.as_deref(), who.name.as_deref()]
        .into_iter()
        .flatten()
        .find_map(named)
        .map(str::to_owned)
}

fn named(words: &str) -> Option<&'static str> {
    if !words.contains(|c: char| c == '-' || c.is_uppercase()) {
        return None;
    }
    let words = token::read(words);
    let mut office = false;
    let mut found: Option<Entry> = None;
    let mut backed = None;
    for i in 0..words.len() {
        let low = words.low(i);
        let token = words.at(i);
        office |= OFFICES.contains(low);
        // "Moscow-installed", "Russian-backed"
        let head = low.split_once('-').filter(|(_, tail)| {
            matches!(*tail, "installed" | "backed" | "appointed" | "controlled" | "allied" | "led")
        });
        if let Some((head, _)) = head {
            backed = backed.or(WORDS.get(head).copied());
        }
        let known = WORDS.get(low.trim_end_matches('.')).copied();
        // "residents in Moscow": a place, not its government.
        let place = words.before(i).has(Class::PREPOSITION) && known.is_some_and(|k| k.alone);
        if (token.capital || low.contains('-')) && !place {
            found = found.or(known);
        }
    }
    if let Some(entry) = backed {
        return Some(entry.party);
    }
    let bare = (0..words.len()).filter(|&i| words.at(i).is_word() && words.low(i) != "the").count() == 1;
    found.filter(|entry| office || bare && (entry.alone || lexicon_country(&words))).map(|e| e.party)
}

/// A country's bare name speaks for itself: "Russia said".
fn lexicon_country(words: &Text<'_>) -> bool {
    let content = (0..words.len()).filter(|&i| words.low(i) != "the").count();
    content == 1 && (0..words.len()).all(|i| !words.at(i).has(Class::NATIONALITY) || is_country(words.low(i)))
}

fn is_country(low: &str) -> bool {
    lexicon::class(low).meets(Class::PLACE) || PARTIES.iter().any(|(party, ..)| party.to_lowercase() == low)
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn offices_and_seats_of_government_speak_for_a_party() {
        assert_eq!(named("the Ukrainian defence ministry"), Some("Ukraine"));
        assert_eq!(named("Russia's Ministry of Defence"), Some("Russia"));
        assert_eq!(named("the Kremlin"), Some("Russia"));
        assert_eq!(named("Kyiv"), Some("Ukraine"));
        assert_eq!(named("the Kremlin boss"), Some("Russia"));
        assert_eq!(named("Russia"), Some("Russia"));
        assert_eq!(named("the Hamas-run health ministry"), Some("Hamas"));
        assert_eq!(named("Moscow-installed officials"), Some("Russia"));
    }

    #[test]
    fn a_witness_speaks_for_nobody() {
        assert_eq!(named("a Ukrainian journalist"), None);
        assert_eq!(named("Russian residents"), None);
        assert_eq!(named("the mayor"), None);
        assert_eq!(named("Moscow residents"), None);
        assert_eq!(named("the Saudi hospital"), None);
        assert_eq!(named("an Israeli newspaper"), None);
        assert_eq!(named("officials in Khartoum"), None);
    }
}
