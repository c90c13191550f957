//! `claimdesk seed`: sample articles, demo accounts and what they have done, through the use cases
//! that people use. Running it again changes nothing that is there.

use crate::config;
use crate::front_matter;
use crate::ingest;
use anyhow::{Context as _, bail};
use desk::{AdjudicationForm, ArticleView, Desk, EvidenceForm, MarkedClaim, OriginGiven, VerdictForm};
use domain::claim::Stance;
use domain::desk_policy::DeskPolicy;
use domain::grade::Information;
use domain::id::{ArticleId, ClaimId};
use domain::policy::{Actor, Role};
use domain::text::Span;
use domain::words::{
    Email, EvidenceTitle, Excerpt, NewPassword, OutletName, PersonName, Rationale, Reason, SourceName,
    WebAddress,
};
use domain::workflow::Stage;
use serde::Deserialize;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

#[derive(Deserialize)]
struct Demo {
    demo_password: String,
    #[serde(default, rename = "account")]
    accounts: Vec<Account>,
    #[serde(default, rename = "review")]
    reviews: Vec<Review>,
    /// What the desk agreed on after the reviews that one person decided.
    policy: Option<Policy>,
}

#[derive(Deserialize)]
struct Policy {
    set_by: String,
    reason: String,
    #[serde(flatten)]
    body: DeskPolicy,
}

#[derive(Deserialize)]
struct Account {
    email: String,
    name: String,
    role: Role,
}

/// What has happened to a claim.
#[derive(Deserialize)]
struct Review {
    article: String,
    contains: String,
    stage: Stage,
    by: Option<String>,
    scale: Option<String>,
    rating: Option<String>,
    rationale: Option<String>,
    figure: Option<String>,
    override_reason: Option<String>,
    /// The second reviewer, for a claim that takes two.
    second_by: Option<String>,
    second_rating: Option<String>,
    second_rationale: Option<String>,
    second_figure: Option<String>,
    /// The editor who decides between the two.
    decided_by: Option<String>,
    decided_rating: Option<String>,
    decided_reason: Option<String>,
    #[serde(default)]
    evidence: Vec<Evidence>,
    published_by: Option<String>,
    reopened_by: Option<String>,
    reopen_reason: Option<String>,
    dismissed_by: Option<String>,
    reason: Option<String>,
}

impl Review {
    /// Whether it happened under the policy.
    fn takes_two(&self) -> bool {
        self.second_by.is_some() || self.stage == Stage::AwaitingSecondReview
    }
}

#[derive(Deserialize)]
struct Evidence {
    address: Option<String>,
    title: String,
    excerpt: String,
    stance: Stance,
    source: Option<String>,
    publisher: Option<String>,
    /// 1 to 6.
    information: Option<i16>,
    #[serde(default)]
    visual: bool,
    #[serde(default)]
    admission: bool,
}

/// # Errors
/// Where the sample data cannot be read or the desk refuses an account or an article. A review that
/// finds no claim is only reported: what extraction finds may change.
pub async fn run(options: config::Seed) -> anyhow::Result<()> {
    let desk = options.database.connect().await?;
    if options.once && !desk.all_accounts().await?.is_empty() {
        eprintln!("The desk has accounts already: nothing loaded.");
        return Ok(());
    }
    load(&desk, &options.dir).await?;
    if let Some(claims) = options.fill {
        fill(&desk, claims).await?;
    }
    desk.close().await;
    Ok(())
}

/// Loads the sample data of a folder.
///
/// # Errors
/// As [`run`].
pub async fn load(desk: &Desk, dir: &Path) -> anyhow::Result<()> {
    let file = dir.join("demo.toml");
    let demo =
        std::fs::read_to_string(&file).with_context(|| format!("could not read {}", file.display()))?;
    let demo: Demo =
        toml::from_str(&demo).with_context(|| format!("{} is not as expected", file.display()))?;
    scales(desk, &dir.join("scales")).await?;
    let people = accounts(desk, &demo).await?;
    let articles = articles(desk, &people, &dir.join("articles")).await?;
    let mut done = 0;
    let (two, one): (Vec<&Review>, Vec<&Review>) = demo.reviews.iter().partition(|review| review.takes_two());
    let mut agreed = false;
    for review in one.into_iter().chain(two) {
        if review.takes_two() && !std::mem::replace(&mut agreed, true) {
            policy(desk, &people, &demo).await?;
        }
        match replay(desk, &people, &articles, review).await {
            Ok(()) => done += 1,
            Err(error) => eprintln!("{}, “{}”: {error:#}", review.article, review.contains),
        }
    }
    eprintln!(
        "{} accounts, {} articles, {done} of {} reviews.",
        people.len(),
        articles.len(),
        demo.reviews.len()
    );
    Ok(())
}

/// Puts in the scales of a folder that the desk does not have; the program's own come first.
async fn scales(desk: &Desk, dir: &Path) -> anyhow::Result<()> {
    desk.ship_scales().await?;
    let mut scales = Vec::new();
    for file in files(dir, "toml")? {
        let written =
            std::fs::read_to_string(&file).with_context(|| format!("could not read {}", file.display()))?;
        scales.push(desk::read_scale(&written).with_context(|| file.display().to_string())?);
    }
    desk.add_scales(&scales).await?;
    Ok(())
}

/// The files of a folder with this ending, by name.
fn files(dir: &Path, ending: &str) -> anyhow::Result<Vec<PathBuf>> {
    let mut files: Vec<_> = std::fs::read_dir(dir)
        .with_context(|| format!("could not read {}", dir.display()))?
        .collect::<Result<Vec<_>, _>>()?
        .into_iter()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == ending))
        .collect();
    files.sort();
    Ok(files)
}

type People = HashMap<String, Actor>;
type Articles = HashMap<String, ArticleId>;

async fn accounts(desk: &Desk, demo: &Demo) -> anyhow::Result<People> {
    let known: Vec<String> = desk.all_accounts().await?.into_iter().map(|account| account.email).collect();
    let mut people = People::new();
    for account in &demo.accounts {
        let email = Email::parse(&account.email)?;
        if !known.iter().any(|known| known == email.as_str()) {
            let name = PersonName::parse(&account.name)?;
            let password = NewPassword::parse("demo_password", &demo.demo_password)?;
            desk.create_account(None, email.clone(), name, account.role, password).await?;
        }
        let actor =
            desk.actor_by_email(&email).await.with_context(|| format!("{} is not in use", account.email))?;
        people.insert(account.email.clone(), actor);
    }
    Ok(people)
}

/// Sets the policy where the desk has agreed on nothing yet.
async fn policy(desk: &Desk, people: &People, demo: &Demo) -> anyhow::Result<()> {
    let Some(policy) = &demo.policy else { return Ok(()) };
    if desk.policy().await?.version > 0 {
        return Ok(());
    }
    let admin =
        people.get(&policy.set_by).with_context(|| format!("there is no account {}", policy.set_by))?;
    desk.set_policy(admin, policy.body.clone(), 0, &Reason::parse(&policy.reason)?).await?;
    Ok(())
}

async fn articles(desk: &Desk, people: &People, dir: &Path) -> anyhow::Result<Articles> {
    let editor = people
        .values()
        .filter(|actor| actor.role == Role::Editor)
        .min_by(|one, other| one.name.cmp(&other.name))
        .context("demo.toml names no editor")?;
    let mut articles = Articles::new();
    for file in files(dir, "txt")? {
        let shown = file.display();
        let written = std::fs::read_to_string(&file).with_context(|| format!("could not read {shown}"))?;
        let (head, text) = front_matter::split(&written).with_context(|| shown.to_string())?;
        let article = ingest::article(&head, text).with_context(|| shown.to_string())?;
        let added = desk.add_article(editor, article, None).await?;
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        articles.insert(name, added.article);
    }
    Ok(articles)
}

async fn replay(desk: &Desk, people: &People, articles: &Articles, review: &Review) -> anyhow::Result<()> {
    let who = |email: &Option<String>| -> anyhow::Result<&Actor> {
        let email = email.as_ref().context("a person is not named")?;
        people.get(email).with_context(|| format!("there is no account {email}"))
    };
    let reason = |reason: &Option<String>| Reason::parse(reason.as_deref().unwrap_or_default());
    let article = articles.get(&review.article).context("there is no such article")?;
    let anybody = people.values().next().context("there are no accounts")?;
    let view = desk.article(anybody, *article).await?;
    let claim = find(&view, &review.contains).context("no claim was found there")?;
    if claim.stage != Stage::Open {
        return Ok(());
    }
    let id = claim.id;
    match review.stage {
        Stage::Open => {}
        Stage::InReview => desk.take(who(&review.by)?, id).await?,
        Stage::Dismissed => {
            let by = who(&review.dismissed_by)?;
            desk.dismiss(by, id, version(desk, by, id).await?, reason(&review.reason)?).await?;
        }
        Stage::Settled | Stage::AwaitingSecondReview | Stage::Disagreed => {
            settle(desk, who(&review.by)?, id, review).await?;
            if review.second_by.is_some() {
                second(desk, who(&review.second_by)?, id, review).await?;
            }
            if review.decided_by.is_some() {
                decide(desk, who(&review.decided_by)?, id, review).await?;
            }
        }
        Stage::Published | Stage::Reopened => {
            settle(desk, who(&review.by)?, id, review).await?;
            let editor = who(&review.published_by)?;
            desk.publish(editor, id, version(desk, editor, id).await?, None).await?;
            if review.stage == Stage::Reopened {
                let editor = who(&review.reopened_by)?;
                desk.reopen(editor, id, version(desk, editor, id).await?, reason(&review.reopen_reason)?)
                    .await?;
            }
        }
    }
    Ok(())
}

async fn settle(desk: &Desk, reviewer: &Actor, id: ClaimId, review: &Review) -> anyhow::Result<()> {
    desk.take(reviewer, id).await?;
    for evidence in &review.evidence {
        let source = evidence.source.as_deref().map(SourceName::parse).transpose()?;
        let information = evidence.information.map(|grade| {
            Information::of_number(grade).with_context(|| format!("{grade} is no grade from 1 to 6"))
        });
        let form = EvidenceForm {
            address: WebAddress::optional("address", evidence.address.as_deref().unwrap_or_default())?,
            source: source.map(|name| OriginGiven { name, kind: None }),
            publisher: evidence.publisher.as_deref().map(OutletName::parse).transpose()?,
            information: information.transpose()?.unwrap_or(Information::Six),
            visual: evidence.visual,
            admission: evidence.admission,
            ..EvidenceForm::new(
                EvidenceTitle::parse(&evidence.title)?,
                Excerpt::parse(&evidence.excerpt)?,
                evidence.stance,
            )
        };
        desk.add_evidence(reviewer, id, form, None).await?;
    }
    let form = VerdictForm {
        scale: review.scale.clone(),
        rating: review.rating.clone().context("a rating is missing")?,
        rationale: Rationale::parse(review.rationale.as_deref().unwrap_or_default())?,
        figure: review.figure.clone(),
        version: version(desk, reviewer, id).await?,
        override_reason: review.override_reason.as_deref().map(Reason::parse).transpose()?,
    };
    desk.give_verdict(reviewer, id, form, None).await?;
    Ok(())
}

async fn second(desk: &Desk, reviewer: &Actor, id: ClaimId, review: &Review) -> anyhow::Result<()> {
    desk.take(reviewer, id).await?;
    let form = VerdictForm {
        scale: review.scale.clone(),
        override_reason: review.override_reason.as_deref().map(Reason::parse).transpose()?,
        rating: review.second_rating.clone().context("the second rating is missing")?,
        rationale: Rationale::parse(review.second_rationale.as_deref().unwrap_or_default())?,
        figure: review.second_figure.clone(),
        version: version(desk, reviewer, id).await?,
    };
    desk.give_verdict(reviewer, id, form, None).await?;
    Ok(())
}

async fn decide(desk: &Desk, editor: &Actor, id: ClaimId, review: &Review) -> anyhow::Result<()> {
    let form = AdjudicationForm {
        rating: review.decided_rating.clone().context("what was decided is missing")?,
        reason: Rationale::parse(review.decided_reason.as_deref().unwrap_or_default())?,
        figure: None,
        version: version(desk, editor, id).await?,
    };
    desk.adjudicate(editor, id, form, None).await?;
    Ok(())
}

async fn version(desk: &Desk, actor: &Actor, id: ClaimId) -> desk::Result<i32> {
    Ok(desk.claim_row(actor, id).await?.version)
}

/// The claim whose words contain the text, else the one that covers most of it in the article.
fn find<'a>(view: &'a ArticleView, contains: &str) -> Option<&'a MarkedClaim> {
    let wanted = Plain::of(contains).text;
    if let Some(claim) = view.claims.iter().find(|claim| Plain::of(&claim.text).text.contains(&wanted)) {
        return Some(claim);
    }
    let place = Plain::of(&view.text).find(&wanted)?;
    let shared =
        |claim: &MarkedClaim| place.end.min(claim.span.end).saturating_sub(place.start.max(claim.span.start));
    view.claims.iter().filter(|claim| shared(claim) > 0).max_by_key(|claim| (shared(claim), claim.priority))
}

/// A text with plain quotation marks and single spaces, and where each character came from.
struct Plain {
    text: String,
    /// The code point that each byte of `text` came from.
    places: Vec<u32>,
}

impl Plain {
    fn of(text: &str) -> Self {
        let mut plain = Self { text: String::new(), places: Vec::new() };
        for (at, c) in (0..).zip(text.chars()) {
            let c = match c {
                '“' | '”' | '„' | '«' | '»' => '"',
                '‘' | '’' | '‚' => '\'',
                c if c.is_whitespace() => ' ',
                c => c,
            };
            if c == ' ' && (plain.text.is_empty() || plain.text.ends_with(' ')) {
                continue;
            }
            plain.text.push(c);
            plain.places.resize(plain.text.len(), at);
        }
        plain
    }

    fn find(&self, wanted: &str) -> Option<Span> {
        let wanted = wanted.trim();
        let start = self.text.find(wanted)?;
        let last = start + wanted.len().checked_sub(1)?;
        Some(Span::new(*self.places.get(start)?, *self.places.get(last)? + 1))
    }
}

async fn fill(desk: &Desk, claims: u32) -> anyhow::Result<()> {
    let admin = desk
        .all_accounts()
        .await?
        .into_iter()
        .find(|account| account.role == Role::Admin && account.disabled_at.is_none());
    let Some(admin) = admin else { bail!("making up claims takes an admin") };
    let actor = Actor { id: admin.id, name: admin.name, role: admin.role };
    // Ten claims an article.
    let articles = i64::from(claims.div_ceil(10));
    desk.fill(&actor, articles, |done| eprintln!("{} claims made up.", done * 10)).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whatever_their_quotation_marks_and_spaces() {
        let plain = Plain::of("He said:\n\n“It’s  12\u{202f}000,” twice.");
        assert_eq!(plain.text, "He said: \"It's 12 000,\" twice.");
        let span = plain.find(&Plain::of("“It's 12 000”".trim_end_matches('”')).text).expect("found");
        assert_eq!(span, Span::new(10, 23));
        assert_eq!(plain.find("absent"), None);
    }
}
