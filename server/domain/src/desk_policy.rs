//! What the newsroom has agreed on: settings that admins change with a reason, each change a new
//! version. Every field has a default, so that what was stored before a field existed still reads.

use crate::claim::ClaimKind;
use crate::closed_set;
use crate::grounds::GroundsPolicy;
use crate::identity::Identity;
use crate::measure::{Bound, Class, Confirmation, Indicator, Measure, Reading};
use crate::phrase::Phrase;
use crate::policy::Role;
use crate::words::{Invalid, Side};
use phrase::{msg, phrase};
use serde::{Deserialize, Serialize};

/// The settings of the desk. Fields are only ever added, each with a default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeskPolicy {
    pub second_review: SecondReview,
    pub to_settle: ToSettle,
    /// Who has to have a second factor: whoever has this role or one above it; nobody where it is
    /// `None`.
    pub second_factor: Option<Role>,
    pub grounds: GroundsPolicy,
    /// Who runs the desk, as readers are told.
    pub identity: Identity,
}

impl DeskPolicy {
    /// Each setting in words, by the heading it stands under: what a change is compared by.
    pub fn in_words(&self) -> Vec<(&'static str, String)> {
        let mut words = vec![
            (RulesFor::SecondReview.label(), self.second_review.in_words()),
            (RulesFor::ToSettle.label(), self.to_settle.in_words()),
            (msg!("second factor"), second_factor_in_words(self.second_factor).to_owned()),
            (msg!("grounds of a verdict"), self.grounds.in_words()),
        ];
        words.extend(self.identity.in_words());
        words
    }

    /// The rules for something.
    pub fn rules(&self, of: RulesFor) -> &[Rule] {
        match of {
            RulesFor::SecondReview => &self.second_review.rules,
            RulesFor::ToSettle => &self.to_settle.rules,
        }
    }

    /// The rules for something, to be changed.
    pub fn rules_mut(&mut self, of: RulesFor) -> &mut Vec<Rule> {
        match of {
            RulesFor::SecondReview => &mut self.second_review.rules,
            RulesFor::ToSettle => &mut self.to_settle.rules,
        }
    }

    /// Whether somebody of this role has to have a second factor.
    pub fn asks_for_second_factor(&self, role: Role) -> bool {
        self.second_factor.is_some_and(|least| role >= least)
    }

    /// What this policy changes of the one before.
    pub fn changes_from(&self, before: &Self) -> Vec<Change> {
        self.in_words()
            .into_iter()
            .zip(before.in_words())
            .filter(|((_, after), (_, before))| after != before)
            .map(|((setting, after), (_, before))| Change { setting: setting.to_owned(), before, after })
            .collect()
    }

    /// # Errors
    /// `Invalid` where a setting is beyond what the desk can hold to.
    pub fn checked(self) -> Result<Self, Invalid> {
        for rules in RulesFor::ALL.iter().map(|of| self.rules(*of)) {
            if rules.len() > MAX_RULES {
                return Err(Invalid::new(
                    "rule",
                    phrase!("A desk has at most {MAX_RULES} rules. Remove one first."),
                ));
            }
            for (at, rule) in rules.iter().enumerate() {
                if rules.iter().skip(at + 1).any(|other| other == rule) {
                    return Err(Invalid::new("rule", "There is such a rule already."));
                }
                if let Some(side) = &rule.side {
                    Side::parse(side)?;
                }
                if rule.worth.is_some_and(|worth| worth > 100) {
                    return Err(Invalid::new(
                        "worth",
                        msg!("Write a whole number from 0 to 100, or leave it empty."),
                    ));
                }
            }
        }
        self.identity.checked()?;
        if self.to_settle.rules.iter().any(|rule| rule.rating.is_some() || rule.disagreement) {
            let fix = msg!(
                "What has to be settled goes by what a claim says: leave ratings and other figures out."
            );
            return Err(Invalid::new("rule", fix));
        }
        Ok(self)
    }
}

/// Who has to have a second factor, in words.
pub const fn second_factor_in_words(least: Option<Role>) -> &'static str {
    match least {
        None => msg!("nobody has to have one"),
        Some(Role::Admin) => msg!("admins have to have one"),
        Some(Role::Editor) => msg!("editors and admins have to have one"),
        Some(Role::Reviewer) => msg!("everybody but viewers has to have one"),
        Some(Role::Viewer) => msg!("everybody has to have one"),
    }
}

closed_set! {
    /// What rules of the policy are for.
    RulesFor {
        SecondReview = "second_review", "second review";
        ToSettle = "to_settle", "to be settled before an article runs";
    }
}

/// Most rules for second review, and most for what has to be settled.
pub const MAX_RULES: usize = 20;

/// A setting that was changed, in words, for the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub setting: String,
    pub before: String,
    pub after: String,
}

/// Which claims take two people. A claim needs a second review where any rule meets it; without
/// rules, none does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SecondReview {
    pub rules: Vec<Rule>,
}

/// Which claims have to be settled before an article runs: those that any rule meets; without rules,
/// every claim. The others may run unchecked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ToSettle {
    pub rules: Vec<Rule>,
}

/// One rule: every condition it sets must hold. A rule without conditions meets every claim.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rule {
    pub kind: Option<ClaimKind>,
    /// What a figure of the claim counts.
    pub indicator: Option<Indicator>,
    /// Whose people or things the figure counts; the words of the article are compared by the
    /// beginnings of their words, so that "Russia" meets "Russian forces".
    pub side: Option<String>,
    /// The figure, or the highest number it allows, is at least this.
    pub at_least: Option<u32>,
    /// How much the claim is worth checking is at least this, in percent.
    pub worth: Option<u8>,
    /// Another figure on record does not agree with the claim's.
    pub disagreement: bool,
    /// Key of the rating that the first reviewer gave.
    pub rating: Option<String>,
}

/// What a rule weighs.
#[derive(Clone, Copy, Debug)]
pub struct Weighed<'a> {
    pub kind: ClaimKind,
    pub measures: &'a [Measure],
    /// 0 to 1: how much it is worth checking.
    pub worth: f64,
    /// Figures on record elsewhere that do not agree with the claim's.
    pub disagrees: bool,
    /// Key of the rating that was given; empty where none was.
    pub rating: &'a str,
}

impl<'a> Weighed<'a> {
    /// What a claim says, before anybody has judged it.
    pub const fn unjudged(kind: ClaimKind, measures: &'a [Measure], worth: f64) -> Self {
        Self { kind, measures, worth, disagrees: false, rating: "" }
    }
}

impl ToSettle {
    /// Whether a claim has to be settled before its article runs. Not asked of a claim that has been
    /// judged: see [`crate::clearance::can_run_unchecked`].
    pub fn names(&self, claim: &Weighed<'_>) -> bool {
        self.is_everything() || self.rules.iter().any(|rule| rule.meets(claim))
    }

    /// Whether every claim has to be settled, whatever it says.
    pub fn is_everything(&self) -> bool {
        self.rules.is_empty()
    }

    fn in_words(&self) -> String {
        if self.is_everything() {
            return msg!("every claim").to_owned();
        }
        one_of(&self.rules)
    }
}

/// Rules in words, any of which may meet a claim.
fn one_of(rules: &[Rule]) -> String {
    rules.iter().map(Rule::in_words).collect::<Vec<_>>().join("; or ")
}

impl SecondReview {
    /// Why a claim needs a second review, in the words of a rule that meets it; `None` where it
    /// does not. A rule that asks for no rating is named first, and no word tells the rating: the
    /// second reviewer reads this.
    pub fn why(&self, claim: &Weighed<'_>) -> Option<String> {
        let meeting = || self.rules.iter().filter(|rule| rule.meets(claim));
        let rule = meeting().find(|rule| rule.rating.is_none()).or_else(|| meeting().next())?;
        if rule.asks_for_a_rating_only() {
            return Some(msg!("the desk’s policy").to_owned());
        }
        Some(Rule { rating: None, ..rule.clone() }.in_words())
    }

    /// Whether a rule asks for figures on record elsewhere: they are looked up only then.
    pub fn asks_for_disagreement(&self) -> bool {
        self.rules.iter().any(|rule| rule.disagreement)
    }

    fn in_words(&self) -> String {
        if self.rules.is_empty() {
            return msg!("no claim needs it").to_owned();
        }
        one_of(&self.rules)
    }
}

impl Rule {
    /// Whether the rule meets a claim.
    pub fn meets(&self, claim: &Weighed<'_>) -> bool {
        self.kind.is_none_or(|kind| kind == claim.kind)
            && self.rating.as_deref().is_none_or(|rating| rating == claim.rating)
            && (!self.disagreement || claim.disagrees)
            && self.worth.is_none_or(|worth| percent(claim.worth) >= worth)
            && (!self.asks_for_a_figure() || claim.measures.iter().any(|measure| self.meets_figure(measure)))
    }

    /// Whether it meets a claim for nothing but the rating that the first reviewer gave: that the claim
    /// waits for a second one then tells what the first one found.
    pub fn asks_for_a_rating_only(&self) -> bool {
        self.rating.is_some() && Self { rating: None, ..self.clone() } == Self::default()
    }

    fn asks_for_a_figure(&self) -> bool {
        self.indicator.is_some() || self.side.is_some() || self.at_least.is_some()
    }

    /// Indicator, side and size must be those of one figure: "50 tanks and two dead" is not fifty
    /// dead.
    fn meets_figure(&self, measure: &Measure) -> bool {
        self.indicator.is_none_or(|indicator| indicator == measure.indicator)
            && self.side.as_deref().is_none_or(|side| is_of_side(measure, side))
            && self.at_least.is_none_or(|least| most(measure).is_some_and(|most| most >= f64::from(least)))
    }

    /// The rule in English: [`Self::phrase`].
    pub fn in_words(&self) -> String {
        self.phrase().to_string()
    }

    /// The rule in words: "false, at least 50 killed, Russia".
    pub fn phrase(&self) -> Phrase {
        let mut words = Vec::new();
        if let Some(rating) = &self.rating {
            words.push(phrase!("rated {}", rating.replace('_', " ")));
        }
        if let Some(kind) = self.kind {
            words.push(Phrase::label(kind.label()));
        }
        match (self.at_least, self.indicator) {
            (Some(least), Some(indicator)) => {
                words.push(phrase!("at least {} {}", least, indicator.label()));
            }
            (Some(least), None) if self.kind == Some(ClaimKind::Casualty) => {
                words.push(phrase!("at least {} people", least));
            }
            (Some(least), None) => words.push(phrase!("a figure of at least {}", least)),
            (None, Some(indicator)) => words.push(phrase!("a figure of {}", indicator.label())),
            (None, None) => {}
        }
        if let Some(side) = &self.side {
            words.push(phrase!("of {side}"));
        }
        if let Some(worth) = self.worth {
            words.push(phrase!("worth checking at {} % or more", worth));
        }
        if self.disagreement {
            words.push(phrase!("other figures disagree"));
        }
        if words.is_empty() { phrase!("every claim") } else { Phrase::listed(words) }
    }
}

/// Where the other figure stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elsewhere {
    /// In the same article, which speaks of one thing unless it says otherwise.
    SameArticle,
    /// In another article: it must name the same place and a period in common.
    OtherArticle,
}

/// Whether two figures on record are about the same thing and cannot both hold.
pub fn disagree(one: &Measure, other: &Measure, other_is: Elsewhere) -> bool {
    let same = |one: &Option<String>, other: &Option<String>| match (one, other) {
        (Some(one), Some(other)) => one.to_lowercase() == other.to_lowercase(),
        (None, _) | (_, None) => other_is == Elsewhere::SameArticle,
    };
    let alike = |one: &Option<String>, other: &Option<String>| {
        one.as_ref().zip(other.as_ref()).is_none_or(|(one, other)| one.to_lowercase() == other.to_lowercase())
    };
    let in_common = match (&one.from, &one.to, &other.from, &other.to) {
        (Some(from), Some(to), Some(other_from), Some(other_to)) => from <= other_to && other_from <= to,
        _ => other_is == Elsewhere::SameArticle,
    };
    let class = one.class == other.class || one.class == Class::Unknown || other.class == Class::Unknown;
    // What a side claims and what was seen are different quantities; so are a day's and a total.
    let seen = (one.confirmation == Confirmation::Visual) == (other.confirmation == Confirmation::Visual);
    let reading =
        one.reading == other.reading || one.reading == Reading::Unknown || other.reading == Reading::Unknown;
    let about_the_same = one.indicator == other.indicator
        && one.unit == other.unit
        && one.part_of.is_none()
        && other.part_of.is_none()
        && class
        && seen
        && reading
        && alike(&one.counts, &other.counts)
        && alike(&one.side, &other.side)
        && same(&one.place, &other.place)
        && in_common;
    about_the_same
        && if one.denied == other.denied { !one.denied && apart(one, other) } else { !apart(one, other) }
}

/// Whether no number is allowed by both.
fn apart(one: &Measure, other: &Measure) -> bool {
    let least = |one: &Measure| one.low.or(one.best);
    let most = |one: &Measure| match one.bound {
        Bound::AtLeast => None,
        _ => one.high.or(one.best),
    };
    let above =
        |least: Option<f64>, most: Option<f64>| least.zip(most).is_some_and(|(least, most)| least > most);
    above(least(one), most(other)) || above(least(other), most(one))
}

/// A share as people write it: what shows as 80 % is 80 %.
fn percent(share: f64) -> u8 {
    // What is not between 0 and 1 counts as the nearer of the two.
    (share.clamp(0.0, 1.0) * 100.0).round() as u8
}

/// The highest number that a figure allows.
fn most(measure: &Measure) -> Option<f64> {
    [measure.low, measure.best, measure.high].into_iter().flatten().reduce(f64::max)
}

fn is_of_side(measure: &Measure, side: &str) -> bool {
    let side = side.to_lowercase();
    let Some(of) = measure.side.as_deref().map(str::to_lowercase) else { return false };
    of.starts_with(&side)
        || of.char_indices().any(|(at, c)| {
            !c.is_alphanumeric() && of.get(at + c.len_utf8()..).is_some_and(|rest| rest.starts_with(&side))
        })
}

#[cfg(test)]
mod tests;
