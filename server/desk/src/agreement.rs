//! How far reviewers agree who judged the same claim without sight of each other: by scale, by kind
//! of claim, and by pair of reviewers.

use crate::Desk;
use crate::claims::{Came, ClaimFilter};
use crate::db::Anew;
use crate::error::{Doing, Result, word};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use domain::agreement::Agreement;
use domain::claim::ClaimKind;
use domain::id::AccountId;
use domain::policy::{self, Actor, Review, Role};
use std::collections::BTreeMap;

/// What two people answered, for each thing they judged.
type Answers = Vec<(String, String)>;

/// The newest pairs that are counted: more than any desk has in a year.
const MOST: i64 = 50_000;

/// From when to when second verdicts count, both days included (UTC). What is `None` is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Period {
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
}

impl Period {
    pub(crate) fn bounds(self) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
        let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
        let after = |day: NaiveDate| day.checked_add_signed(TimeDelta::days(1)).map(midnight);
        (self.from.map(midnight), self.to.and_then(after))
    }
}

/// One line of a table.
#[derive(Clone, Debug)]
pub struct AgreementRow<T> {
    pub of: T,
    pub agreement: Agreement,
    /// The claims that it tells of. One that was reopened and judged by two again counts again.
    pub list: ClaimFilter,
}

/// Everything the page shows. Reviewers see the pairs they are in; editors see all.
#[derive(Clone, Debug)]
pub struct Agreements {
    /// Of whom it tells.
    pub is_own: bool,
    pub all: Agreement,
    /// The claims that it tells of.
    pub list: ClaimFilter,
    /// By key of the scale.
    pub scales: Vec<AgreementRow<String>>,
    pub kinds: Vec<AgreementRow<ClaimKind>>,
    /// Names of the two.
    pub pairs: Vec<AgreementRow<(String, String)>>,
}

/// Two verdicts on one claim, neither given in sight of the other.
struct Both {
    first: AccountId,
    first_name: String,
    second: AccountId,
    second_name: String,
    kind: String,
    first_scale: String,
    second_scale: String,
    first_rating: String,
    second_rating: String,
}

impl Both {
    /// Ratings of two scales with the same word are two answers.
    fn answers(&self) -> (String, String) {
        let answer = |scale: &str, rating: &str| format!("{scale}:{rating}");
        (answer(&self.first_scale, &self.first_rating), answer(&self.second_scale, &self.second_rating))
    }
}

impl Desk {
    /// How far reviewers agree.
    ///
    /// # Errors
    /// `Refused` below reviewer, or where the database fails.
    pub async fn agreements(&self, actor: &Actor, period: Period) -> Result<Agreements> {
        let _: policy::Permit<Review> = policy::permit(actor)?;
        let is_own = actor.role < Role::Editor;
        let (from, before) = period.bounds();
        let rows = sqlx::query_as!(
            Both,
            r#"select one.reviewer_id as first, one_by.name as first_name,
                      two.reviewer_id as second, two_by.name as second_name,
                      claim.kind, one.scale as first_scale, two.scale as second_scale,
                      one.rating as first_rating, two.rating as second_rating
                 from verdict two
                 join verdict one on one.claim_id = two.claim_id and one.round = two.round and one.part = 'first'
                 join claim on claim.id = two.claim_id
                 join account one_by on one_by.id = one.reviewer_id
                 join account two_by on two_by.id = two.reviewer_id
                where two.part = 'second'
                  and ($1::timestamptz is null or two.given_at >= $1)
                  and ($2::timestamptz is null or two.given_at < $2)
                  and ($3::uuid is null or one.reviewer_id = $3 or two.reviewer_id = $3)
                order by two.given_at desc
                limit $4"#,
            from,
            before,
            is_own.then_some(actor.id.0),
            MOST,
        )
        .fetch_all(Anew(&self.reads))
        .await
        .doing("read who agrees with whom")?;
        let mut scales: BTreeMap<String, Answers> = BTreeMap::new();
        let mut kinds: BTreeMap<ClaimKind, Answers> = BTreeMap::new();
        let mut people: BTreeMap<(AccountId, AccountId), ((String, String), Answers)> = BTreeMap::new();
        for both in &rows {
            let answers = both.answers();
            if both.first_scale == both.second_scale {
                scales.entry(both.first_scale.clone()).or_default().push(answers.clone());
            }
            kinds.entry(word("claim", "kind", &both.kind)?).or_default().push(answers.clone());
            // The same person first in each pair, whoever was first to judge.
            let (ids, names, answers) = if both.first < both.second {
                let names = (both.first_name.clone(), both.second_name.clone());
                ((both.first, both.second), names, answers)
            } else {
                let names = (both.second_name.clone(), both.first_name.clone());
                ((both.second, both.first), names, (answers.1, answers.0))
            };
            people.entry(ids).or_insert_with(|| (names, Vec::new())).1.push(answers);
        }
        let all: Answers = rows.iter().map(Both::answers).collect();
        let list = ClaimFilter {
            came: Some(Came::JudgedByTwo),
            came_from: period.from,
            came_to: period.to,
            judge: is_own.then_some(actor.id),
            ..ClaimFilter::default()
        };
        let mut pairs: Vec<AgreementRow<(String, String)>> = people
            .into_iter()
            .map(|((one, other), (of, answers))| AgreementRow {
                of,
                agreement: Agreement::of_two(&answers),
                list: ClaimFilter { judge: Some(one), other_judge: Some(other), ..list.clone() },
            })
            .collect();
        pairs.sort_by(|one, other| {
            other.agreement.judged.cmp(&one.agreement.judged).then_with(|| one.of.cmp(&other.of))
        });
        Ok(Agreements {
            is_own,
            all: Agreement::of_many(&all),
            scales: rows_of(scales, |scale| ClaimFilter { scale: Some(scale.clone()), ..list.clone() }),
            kinds: rows_of(kinds, |kind| ClaimFilter { kind: Some(*kind), ..list.clone() }),
            pairs,
            list,
        })
    }
}

fn rows_of<T>(groups: BTreeMap<T, Answers>, list: impl Fn(&T) -> ClaimFilter) -> Vec<AgreementRow<T>> {
    let mut rows: Vec<AgreementRow<T>> = groups
        .into_iter()
        .map(|(of, answers)| AgreementRow { list: list(&of), agreement: Agreement::of_many(&answers), of })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.agreement.judged));
    rows
}
