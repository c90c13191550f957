//! New scales, and new versions of scales, by admins. The form works without scripts: adding and moving ratings
//! sends it, keeps what was typed as a draft and shows it again.

use super::answer::{Done, asked, back, go, go_done};
use super::claims::forget;
use crate::paths;
use crate::problem::Problem;
use crate::ui::{WRONG_FIELD, WRONG_WORDS};
use desk::{Desk, Error, Fields};
use domain::grounds::Precondition;
use domain::policy::{Actor, ManageScales};
use domain::scale::{Faulty, RATINGS, Rating, Scale};
use domain::words::Reason;
use leptos::prelude::*;
use phrase::t;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The form whose draft a new version of a scale is.
pub fn scale_form(key: &str) -> String {
    format!("scale:{key}")
}

/// The form whose draft a new scale is.
pub const NEW_SCALE: &str = "new-scale";

/// A rating as its fields were filled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RatingTyped {
    pub key: String,
    pub name: String,
    pub meaning: String,
    pub shortcut: String,
    pub tone: String,
    pub icon: String,
    pub claim_review: String,
    pub asserts_figure: String,
    pub needs: Vec<NeedTyped>,
}

/// A precondition as its fields were filled; without a kind, none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NeedTyped {
    pub kind: String,
    pub least: String,
}

/// A scale as its form was filled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScaleTyped {
    /// Of a scale that is there, its own.
    pub key: String,
    pub name: String,
    pub about: String,
    pub reason: String,
    pub ratings: Vec<RatingTyped>,
}

const RATING_FIELDS: [&str; 8] =
    ["key", "name", "meaning", "shortcut", "tone", "icon", "claim_review", "asserts_figure"];

impl RatingTyped {
    fn blank() -> Self {
        Self { tone: "unverified".to_owned(), icon: "question".to_owned(), ..Self::default() }
    }

    fn of(rating: &Rating) -> Self {
        Self {
            key: rating.key.clone(),
            name: rating.name.clone(),
            meaning: rating.meaning.clone(),
            shortcut: rating.shortcut.map(String::from).unwrap_or_default(),
            tone: rating.tone.word().to_owned(),
            icon: rating.icon.word().to_owned(),
            claim_review: rating.claim_review.map(|number| number.to_string()).unwrap_or_default(),
            asserts_figure: if rating.asserts_figure { "yes".to_owned() } else { String::new() },
            needs: rating
                .needs
                .iter()
                .map(|need| NeedTyped { kind: need.kind.word().to_owned(), least: need.least.to_string() })
                .collect(),
        }
    }

    fn field(&mut self, name: &str) -> Option<&mut String> {
        Some(match name {
            "key" => &mut self.key,
            "name" => &mut self.name,
            "meaning" => &mut self.meaning,
            "shortcut" => &mut self.shortcut,
            "tone" => &mut self.tone,
            "icon" => &mut self.icon,
            "claim_review" => &mut self.claim_review,
            "asserts_figure" => &mut self.asserts_figure,
            _ => return None,
        })
    }

    fn parse(&self, at: usize) -> Result<Rating, Faulty> {
        let faulty = |field: &str, fix: &str| Faulty {
            field: format!("ratings[{at}][{field}]"),
            fix: domain::phrase::Phrase::verbatim(fix),
        };
        let mut needs = Vec::new();
        for (row, need) in self.needs.iter().enumerate() {
            if need.kind.is_empty() {
                continue;
            }
            // Rows that say nothing are left out, so the place in the form is said here.
            let place = |field: &str| format!("needs][{row}][{field}");
            let kind =
                need.kind.parse().map_err(|_| faulty(&place("kind"), t!("Choose one of the list.")))?;
            if needs.iter().any(|above: &Precondition| above.kind == kind) {
                return Err(faulty(&place("kind"), t!("This precondition stands above already.")));
            }
            let least = match need.least.trim() {
                "" => 1,
                number => number
                    .parse()
                    .ok()
                    .filter(|least| (1..=domain::scale::MAX_LEAST).contains(least))
                    .ok_or_else(|| faulty(&place("least"), t!("Use a number from 1 to 20.")))?,
            };
            needs.push(Precondition { kind, least });
        }
        let mut keys = self.shortcut.trim().chars();
        let shortcut = keys.next().map(|key| key.to_ascii_lowercase());
        if keys.next().is_some() {
            return Err(faulty("shortcut", t!("Use one small letter or one digit, or none.")));
        }
        Ok(Rating {
            key: self.key.trim().to_owned(),
            name: self.name.clone(),
            meaning: self.meaning.clone(),
            shortcut,
            tone: self.tone.parse().map_err(|_| faulty("tone", t!("Choose what it says of a claim.")))?,
            icon: self.icon.parse().map_err(|_| faulty("icon", t!("Choose a drawing.")))?,
            claim_review: match self.claim_review.trim() {
                "" => None,
                number => Some(number.parse().map_err(|_| {
                    faulty("claim_review", t!("Use a number from 1 (worst) to 5 (best), or none."))
                })?),
            },
            asserts_figure: !self.asserts_figure.is_empty(),
            needs,
        })
    }
}

impl ScaleTyped {
    pub fn of(scale: &Scale) -> Self {
        Self {
            key: scale.key.clone(),
            name: scale.name.clone(),
            about: scale.about.clone(),
            reason: String::new(),
            ratings: scale.ratings.iter().map(|rating| RatingTyped::of(rating)).collect(),
        }
    }

    /// What a new scale begins as.
    pub fn blank() -> Self {
        let ratings = RATINGS.clone().take(*RATINGS.start()).map(|_| RatingTyped::blank()).collect();
        Self { ratings, ..Self::default() }
    }

    /// What a draft keeps of it, under the names that the form's fields have.
    fn fields(&self) -> Fields {
        let mut fields = Fields::from([
            ("key".to_owned(), self.key.clone()),
            ("name".to_owned(), self.name.clone()),
            ("about".to_owned(), self.about.clone()),
            ("reason".to_owned(), self.reason.clone()),
        ]);
        for (at, rating) in self.ratings.iter().enumerate() {
            let mut rating = rating.clone();
            for name in RATING_FIELDS {
                let typed = rating.field(name).map(std::mem::take).unwrap_or_default();
                fields.insert(format!("ratings[{at}][{name}]"), typed);
            }
            for (row, need) in rating.needs.iter().enumerate() {
                fields.insert(format!("ratings[{at}][needs][{row}][kind]"), need.kind.clone());
                fields.insert(format!("ratings[{at}][needs][{row}][least]"), need.least.clone());
            }
        }
        fields
    }

    /// The form as a draft has it.
    pub fn from_fields(fields: &Fields) -> Self {
        let typed = |name: &str| fields.get(name).cloned().unwrap_or_default();
        let mut form = Self {
            key: typed("key"),
            name: typed("name"),
            about: typed("about"),
            reason: typed("reason"),
            ratings: Vec::new(),
        };
        for at in 0..=*RATINGS.end() {
            if !fields.contains_key(&format!("ratings[{at}][key]")) {
                break;
            }
            let mut rating = RatingTyped::default();
            for name in RATING_FIELDS {
                if let Some(field) = rating.field(name) {
                    *field = typed(&format!("ratings[{at}][{name}]"));
                }
            }
            for row in 0..domain::scale::MAX_NEEDS {
                let kind = typed(&format!("ratings[{at}][needs][{row}][kind]"));
                let least = typed(&format!("ratings[{at}][needs][{row}][least]"));
                rating.needs.push(NeedTyped { kind, least });
            }
            while rating.needs.last().is_some_and(|need| need.kind.is_empty()) {
                rating.needs.pop();
            }
            form.ratings.push(rating);
        }
        form
    }

    fn parse(&self) -> Result<Scale, Faulty> {
        let ratings = self
            .ratings
            .iter()
            .enumerate()
            .map(|(at, rating)| rating.parse(at).map(Arc::new))
            .collect::<Result<_, _>>()?;
        Scale {
            key: self.key.trim().to_owned(),
            version: 1,
            name: self.name.clone(),
            about: self.about.clone(),
            ratings,
        }
        .checked()
    }

    /// Does what a button asks for that only changes the form: `add`, `remove-2`, `up-2`. `None`
    /// where the form is to be saved.
    fn changed_by(&mut self, button: &str) -> Option<usize> {
        if button == "add" {
            if self.ratings.len() < *RATINGS.end() {
                self.ratings.push(RatingTyped::blank());
            }
            return Some(self.ratings.len().saturating_sub(1));
        }
        let (what, at) = button.split_once('-')?;
        let at: usize = at.parse().ok().filter(|at| *at < self.ratings.len())?;
        match what {
            "remove" => {
                self.ratings.remove(at);
                Some(at.saturating_sub(1))
            }
            "up" => {
                let above = at.saturating_sub(1);
                self.ratings.swap(at, above);
                Some(above)
            }
            _ => None,
        }
    }
}

/// Makes a new version of a scale, or shows its form again with a rating more, less or elsewhere.
#[server(prefix = "/actions", endpoint = "scales/change")]
pub async fn change_scale(
    #[server(default)] scale: String,
    #[server(default)] version: String,
    #[server(default)] name: String,
    #[server(default)] about: String,
    #[server(default)] reason: String,
    #[server(default)] then: String,
    #[server(default)] ratings: Vec<RatingTyped>,
) -> Result<(), Problem> {
    let asked = asked::<ManageScales>()?;
    let typed = ScaleTyped { key: scale, name, about, reason, ratings };
    let makes = Makes::Version { seen: version.parse().unwrap_or_default() };
    answer(asked, makes, typed, &then).await
}

/// Makes a scale of the desk's own, or shows its form again with a rating more, less or elsewhere.
#[server(prefix = "/actions", endpoint = "scales/create")]
pub async fn create_scale(
    #[server(default)] key: String,
    #[server(default)] name: String,
    #[server(default)] about: String,
    #[server(default)] reason: String,
    #[server(default)] then: String,
    #[server(default)] ratings: Vec<RatingTyped>,
) -> Result<(), Problem> {
    let asked = asked::<ManageScales>()?;
    answer(asked, Makes::Scale, ScaleTyped { key, name, about, reason, ratings }, &then).await
}

/// What a form makes.
enum Makes {
    Scale,
    Version {
        /// The version that was changed.
        seen: i32,
    },
}

async fn answer(
    (desk, actor): (Desk, Actor),
    makes: Makes,
    mut typed: ScaleTyped,
    button: &str,
) -> Result<(), Problem> {
    let (page, part, form) = match makes {
        Makes::Scale => (paths::SCALES.to_owned(), "new", NEW_SCALE.to_owned()),
        Makes::Version { .. } => (paths::scale(&typed.key), "change", scale_form(&typed.key)),
    };
    if let Some(at) = typed.changed_by(button) {
        keep(&desk, &actor, &form, typed.fields()).await?;
        go(&format!("{page}#rating-{at}"));
        return Ok(());
    }
    let parsed = match typed.parse() {
        Ok(parsed) => parsed,
        Err(Faulty { field, fix }) => {
            let mut fields = typed.fields();
            fields.insert(WRONG_FIELD.to_owned(), field);
            fields.insert(WRONG_WORDS.to_owned(), crate::language::say(&fix));
            keep(&desk, &actor, &form, fields).await?;
            go(&format!("{page}#{part}"));
            return Ok(());
        }
    };
    let key = parsed.key.clone();
    let done = async {
        let reason = Reason::parse(&typed.reason)?;
        match makes {
            Makes::Scale => desk.create_scale(&actor, parsed, reason).await.map(|()| Done::ScaleAdded),
            Makes::Version { seen } => {
                desk.change_scale(&actor, parsed, seen, reason).await.map(|_| Done::Scale)
            }
        }
    }
    .await;
    match done {
        Ok(done) => {
            forget(&desk, &actor, &form).await;
            go_done(&paths::scale(&key), done);
            Ok(())
        }
        Err(error) => {
            back(&desk, &actor, error, &format!("{page}#{part}"), Some((&form, typed.fields()))).await
        }
    }
}

async fn keep(desk: &Desk, actor: &Actor, form: &str, fields: Fields) -> Result<(), Problem> {
    desk.keep_draft(actor, form, &fields).await.map_err(|error: Error| {
        crate::ui::set_status(error.kind());
        Problem::from(&error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> ScaleTyped {
        let rating = |key: &str| RatingTyped {
            key: key.into(),
            name: key.into(),
            meaning: "So.".into(),
            tone: "verified".into(),
            icon: "check".into(),
            needs: vec![NeedTyped { kind: "sources".into(), least: "2".into() }],
            ..RatingTyped::default()
        };
        ScaleTyped {
            key: "s".into(),
            name: "S".into(),
            about: "For tests.".into(),
            reason: "Because.".into(),
            ratings: vec![rating("a"), rating("b")],
        }
    }

    #[test]
    fn a_draft_gives_the_form_back() {
        assert_eq!(ScaleTyped::from_fields(&typed().fields()), typed());
    }

    #[test]
    fn ratings_are_added_moved_and_taken_out_without_saving() {
        let mut form = typed();
        assert_eq!(form.changed_by("add"), Some(2));
        assert_eq!(form.changed_by("up-1"), Some(0));
        assert_eq!(form.ratings[0].key, "b");
        assert_eq!(form.changed_by("remove-0"), Some(0));
        assert_eq!(form.ratings.len(), 2);
        for button in ["", "save", "remove-9", "up-x"] {
            assert_eq!(form.changed_by(button), None, "{button}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_at_the_field_of_the_form() {
        let mut form = typed();
        form.ratings[1].needs.insert(0, NeedTyped::default());
        form.ratings[1].needs[1].least = "many".into();
        assert_eq!(form.parse().expect_err("faulty").field, "ratings[1][needs][1][least]");
        form.ratings[1].needs[1].least = String::new();
        assert_eq!(form.parse().expect("a scale").ratings[1].needs[0].least, 1);
        form.ratings[0].shortcut = "ab".into();
        assert_eq!(form.parse().expect_err("faulty").field, "ratings[0][shortcut]");
    }
}
