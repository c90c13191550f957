//! A newsroom to test with: people, texts whose claims are known beforehand, and short words for
//! what people do.

use chrono::{DateTime, TimeDelta, Utc};
use desk::{Added, ClaimFilter, Clock, Desk, Error, EvidenceForm, NewArticle, Once, Sort, VerdictForm};
use domain::claim::{ClaimKind, Manner, Polarity, SourceKind, Stance};
use domain::id::{AccountId, ArticleId, ClaimId, EvidenceId, VerdictId};
use domain::measure::{Bound, Class, Confirmation, Indicator, Measure, Reading};
use domain::policy::{Actor, Role};
use domain::words::{ArticleText, EvidenceTitle, Excerpt, OutletName, Rationale, Reason, Title, WebAddress};
use extract::Extraction;
use extract::schema::{Claim, Content, Piece, Quotation, SCHEMA, Speaker};
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;

pub struct Newsroom {
    /// Works as the application's role does, with no more rights than it has.
    pub desk: Desk,
    /// Of the tables' owner.
    pub pool: PgPool,
}

/// The role that the application works as here.
pub const ROLE: &str = "claimdesk_app";

/// Connections of the application's role, to the database of a pool.
pub fn as_application(pool: &PgPool) -> PgPool {
    let owner = (*pool.connect_options()).clone();
    let granted = std::sync::Arc::new(tokio::sync::OnceCell::new());
    PgPoolOptions::new()
        .max_connections(8)
        .after_connect({
            let (granted, pool) = (granted, pool.clone());
            move |_, _| {
                let (granted, pool) = (granted.clone(), pool.clone());
                // The first connection is there before its role may do anything.
                Box::pin(async move {
                    granted.get_or_init(|| async { grant(&pool).await }).await;
                    Ok(())
                })
            }
        })
        .connect_lazy_with(owner.username(ROLE))
}

/// Takes away what is in a database: whoever runs the tests may let new ones come migrated.
pub async fn empty(pool: &PgPool) {
    sqlx::raw_sql("drop schema public cascade; create schema public; grant usage on schema public to public")
        .execute(pool)
        .await
        .unwrap();
}

/// Makes the application's role where the cluster has none, and gives it its rights here.
pub async fn grant(pool: &PgPool) {
    sqlx::query(
        "do $$ begin
             if not exists (select from pg_roles where rolname = 'claimdesk_app') then
                 create role claimdesk_app login;
             end if;
         exception when duplicate_object or unique_violation then null;
         end $$",
    )
    .execute(pool)
    .await
    .unwrap();
    Desk::over(pool.clone(), Clock::System).grant_to(ROLE).await.unwrap();
}

/// A sentence that is a claim.
#[derive(Clone, Copy)]
pub struct Said<'a> {
    pub words: &'a str,
    pub who: Option<&'a str>,
    pub polarity: Polarity,
    pub kind: ClaimKind,
    pub indicator: Indicator,
    pub worth: f64,
}

/// Somebody killed, by the article's own account.
pub fn said(words: &str) -> Said<'_> {
    Said {
        words,
        who: None,
        polarity: Polarity::Asserted,
        kind: ClaimKind::Casualty,
        indicator: Indicator::Killed,
        worth: 0.5,
    }
}

impl<'a> Said<'a> {
    pub fn by(self, who: &'a str) -> Self {
        Self { who: Some(who), ..self }
    }

    /// What they do with it, as a reader finds it.
    pub fn doing(self, polarity: Polarity) -> Self {
        Self { polarity, ..self }
    }

    pub fn worth(self, worth: f64) -> Self {
        Self { worth, ..self }
    }

    pub fn counting(self, kind: ClaimKind, indicator: Indicator) -> Self {
        Self { kind, indicator, ..self }
    }
}

pub fn noon() -> DateTime<Utc> {
    "2024-03-14T12:00:00Z".parse().unwrap()
}

impl Newsroom {
    pub fn over(pool: PgPool) -> Self {
        Self { desk: Desk::over(as_application(&pool), Clock::frozen(noon())), pool }
    }

    /// The desk of who owns the tables, and brings them up to date.
    pub fn owner(&self) -> Desk {
        Desk::over(self.pool.clone(), self.desk.clock().clone())
    }

    /// Another server of the same newsroom, with the same time.
    pub fn second_desk(&self) -> Desk {
        Desk::over(as_application(&self.pool), self.desk.clock().clone())
    }

    pub fn wait_minutes(&self, minutes: i64) {
        self.desk.clock().advance(TimeDelta::minutes(minutes));
    }

    /// A person whose password nobody knows: hashing one takes long.
    pub async fn person(&self, name: &str, role: Role) -> Actor {
        let id = AccountId(uuid::Uuid::now_v7());
        sqlx::query(
            "insert into account (id, email, name, role, password_hash, created_at)
             values ($1, lower($2) || '@desk.example', $2, $3, 'none', $4)",
        )
        .bind(id.0)
        .bind(name)
        .bind(role.word())
        .bind(noon())
        .execute(&self.pool)
        .await
        .unwrap();
        Actor { id, name: name.to_owned(), role }
    }

    pub async fn reviewer(&self, name: &str) -> Actor {
        self.person(name, Role::Reviewer).await
    }

    pub async fn editor(&self, name: &str) -> Actor {
        self.person(name, Role::Editor).await
    }

    /// Takes in an article of these claims, in paragraphs of their own, and gives the claims' ids
    /// in the order of the text.
    pub async fn article(&self, by: &Actor, title: &str, said: &[Said<'_>]) -> (ArticleId, Vec<ClaimId>) {
        let (text, extraction) = reading(said);
        let added = self.desk.add_read_article(by, article(title, &text), &extraction, None).await.unwrap();
        (added.article, self.claims_of(added.article).await)
    }

    /// Takes in a text under an address.
    pub async fn version(&self, by: &Actor, address: &str, said: &[Said<'_>]) -> Added {
        let (text, extraction) = reading(said);
        let new = NewArticle { address: Some(address_of(address)), ..article("Raid", &text) };
        self.desk.add_read_article(by, new, &extraction, None).await.unwrap()
    }

    pub async fn claims_of(&self, article: ArticleId) -> Vec<ClaimId> {
        sqlx::query_scalar("select id from claim where article_id = $1 order by span_start, id")
            .bind(article.0)
            .fetch_all(&self.pool)
            .await
            .unwrap()
    }

    /// One claim that waits.
    pub async fn claim(&self, by: &Actor) -> ClaimId {
        self.article(by, "Raid", &[said("At least 12 people were killed.")]).await.1[0]
    }

    /// Gives a verdict on the claim as it is.
    pub async fn judge(&self, by: &Actor, claim: ClaimId, rating: &str) -> VerdictId {
        let version = self.version_of(claim).await;
        self.desk.give_verdict(by, claim, verdict(rating, version), None).await.unwrap()
    }

    pub async fn version_of(&self, claim: ClaimId) -> i32 {
        sqlx::query_scalar("select version from claim where id = $1")
            .bind(claim.0)
            .fetch_one(&self.pool)
            .await
            .unwrap()
    }

    pub async fn stage_of(&self, claim: ClaimId) -> String {
        sqlx::query_scalar("select stage from claim where id = $1")
            .bind(claim.0)
            .fetch_one(&self.pool)
            .await
            .unwrap()
    }

    pub async fn count(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(&self.pool).await.unwrap()
    }

    /// The claim, whose priority is what its parts add up to.
    /// How often the claims of a list count, all together: what the number says that leads to it.
    pub async fn counted(&self, by: &Actor, filter: &ClaimFilter) -> i64 {
        let page = self.desk.claims(by, filter, Sort::Newest, None, 200).await.unwrap();
        assert!(page.next.is_none());
        let listed: Vec<ClaimId> = page.rows.iter().map(|row| row.id).collect();
        let times = self.desk.times(by, filter, &listed).await.unwrap();
        let times_of = |id: &ClaimId| {
            times.get(id).map_or(1, |times| times.verdicts.max(times.came).max(times.evidence))
        };
        listed.iter().map(times_of).sum()
    }

    pub async fn view(&self, by: &Actor, claim: ClaimId) -> desk::ClaimView {
        let view = self.desk.claim(by, claim).await.unwrap();
        assert_eq!(view.claim.priority, domain::priority::total(&view.contributions()));
        view
    }

    pub async fn events(&self) -> i64 {
        self.count("select count(*) from event").await
    }

    pub async fn add_evidence(&self, by: &Actor, claim: ClaimId) -> EvidenceId {
        self.desk.add_evidence(by, claim, evidence("Hospital list"), None).await.unwrap()
    }

    /// The claim's history in words, oldest first.
    pub async fn told(&self, by: &Actor, claim: ClaimId) -> Vec<String> {
        let history = self.desk.history(by, claim, None).await.unwrap();
        history
            .iter()
            .map(|entry| format!("{} {}", entry.by.as_deref().unwrap_or("The desk"), entry.event.in_words()))
            .collect()
    }

    /// Panics where a counter differs from what it counts.
    pub async fn assert_counters_equal_a_recount(&self) {
        for (counter, query) in [
            (
                "desk_tally",
                "select count(*) from (
                     select stage, rating, sum(n) as n from desk_tally group by 1, 2 having sum(n) <> 0
                 ) kept full join (
                     select stage, coalesce(rating, '') as rating, count(*) as n from claim group by 1, 2
                 ) counted using (stage, rating) where kept.n is distinct from counted.n",
            ),
            (
                "article_tally",
                "select count(*) from (
                     select article_id, stage, rating, n, let_go from article_tally where n <> 0 or let_go <> 0
                 ) kept full join (
                     select article_id, stage, coalesce(rating, '') as rating, count(*) as n,
                            count(mark.claim_id) filter (where runs_unchecked(stage, rating, first_reviewer)) as let_go
                       from claim left join claim_let_go mark on mark.claim_id = claim.id and mark.until is null
                      where in_latest
                      group by 1, 2, 3
                 ) counted using (article_id, stage, rating)
                  where (kept.n, kept.let_go) is distinct from (counted.n, counted.let_go)",
            ),
            (
                "reviewer_tally",
                "select count(*) from (select * from reviewer_tally where n <> 0) kept full join (
                     select reviewer_id, (given_at at time zone 'UTC')::date as day,
                            case when part = 'first' and not exists (
                                     select from verdict later where later.claim_id = verdict.claim_id
                                        and later.number > verdict.number and later.part <> 'first')
                                 then '' else rating end as rating, count(*) as n
                       from verdict where not exists (select from verdict_undone where verdict_id = verdict.id)
                      group by 1, 2, 3
                 ) counted using (reviewer_id, day, rating) where kept.n is distinct from counted.n",
            ),
            (
                "copy_tally",
                "select count(*) from (
                     select coalesce(sum(copies), 0) as copies, coalesce(sum(files), 0) as files,
                            coalesce(sum(bytes), 0) as bytes, coalesce(sum(broken), 0) as broken from copy_tally
                 ) kept, (
                     select (select count(*) from copy) as copies, count(*) as files, coalesce(sum(bytes), 0) as bytes,
                            count(*) filter (where outcome <> 'intact') as broken from copy_file
                 ) counted where row(kept.*) is distinct from row(counted.*)",
            ),
            (
                "source_tally",
                "select count(*) from (
                     select source_id, rating, sum(n) as n from source_tally group by 1, 2 having sum(n) <> 0
                 ) kept full join (
                     select source_id, rating, count(*) as n from claim
                      where source_id is not null and asserted and rating is not null
                        and stage in ('settled', 'published')
                      group by 1, 2
                 ) counted using (source_id, rating) where kept.n is distinct from counted.n",
            ),
            (
                "source_settled",
                "select count(*) from (
                     select source_id, sum(n) as n from source_settled group by 1 having sum(n) <> 0
                 ) kept full join (
                     select source_id, count(*) as n from claim
                      where source_id is not null and asserted and rating is not null
                        and stage in ('settled', 'published')
                      group by 1
                 ) counted using (source_id) where kept.n is distinct from counted.n",
            ),
            (
                "assignee_tally",
                "select count(*) from (select * from assignee_tally where n <> 0) kept full join (
                     select assignee as account_id, stage, count(*) as n from claim where assignee is not null group by 1, 2
                 ) counted using (account_id, stage) where kept.n is distinct from counted.n",
            ),
            (
                "deadline_watch",
                "select count(*) from deadline_watch kept full join (
                     select id as article_id, deadline as at,
                            (select count(*) from claim where article_id = article.id and in_latest and is_in_work(stage)
                                and not (runs_unchecked(stage, rating, first_reviewer) and exists (
                                        select from claim_let_go where claim_id = claim.id and until is null))) as blocking
                       from article where deadline is not null
                 ) counted using (article_id)
                  where (kept.at, kept.blocking) is distinct from (counted.at, counted.blocking)",
            ),
            (
                "stage_now",
                "select count(*) from (
                     select stage, entered, sum(n) as n from stage_now group by 1, 2 having sum(n) <> 0
                 ) kept full join (
                     select stage, date_trunc('hour', stage_since, 'UTC') as entered, count(*) as n from claim
                      where stage not in ('published', 'dismissed') group by 1, 2
                 ) counted using (stage, entered) where kept.n is distinct from counted.n",
            ),
            (
                "stage_stay",
                "select count(*) from (
                     select day, stage, bucket, sum(n) as n from stage_stay group by 1, 2, 3 having sum(n) <> 0
                 ) kept full join (
                     select (since at time zone 'UTC')::date as day, was_stage as stage,
                            stay_bucket(extract(epoch from since - was_since)::double precision) as bucket, count(*) as n
                       from event where moved and was_stage <> stage and was_stage not in ('published', 'dismissed')
                      group by 1, 2, 3
                 ) counted using (day, stage, bucket) where kept.n is distinct from counted.n",
            ),
            (
                "desk_flow",
                "select count(*) from (
                     select day, what, sum(n) as n from desk_flow group by 1, 2 having sum(n) <> 0
                 ) kept full join (
                     select (created_at at time zone 'UTC')::date as day, 'taken_in' as what, count(*) as n
                       from claim group by 1
                     union all
                     select (since at time zone 'UTC')::date, stage, count(*) from event
                      where moved and was_stage <> stage
                        and stage in ('settled', 'published', 'reopened', 'dismissed') group by 1, 2
                 ) counted using (day, what) where kept.n is distinct from counted.n",
            ),
            (
                "agreement_tally",
                "select count(*) from (
                     select day, sum(judged) as judged, sum(agreed) as agreed from agreement_tally group by 1
                 ) kept full join (
                     select (two.given_at at time zone 'UTC')::date as day, count(*) as judged,
                            count(*) filter (where (one.scale, one.rating) = (two.scale, two.rating)) as agreed
                       from verdict two
                       join verdict one on one.claim_id = two.claim_id and one.round = two.round and one.part = 'first'
                      where two.part = 'second' group by 1
                 ) counted using (day)
                  where (kept.judged, kept.agreed) is distinct from (counted.judged, counted.agreed)",
            ),
            (
                "claim.reviewers",
                "select count(*) from claim where array(select unnest(reviewers) order by 1) is distinct from
                     array(select distinct reviewer_id from verdict where claim_id = claim.id
                              and not exists (select from verdict_undone where verdict_id = verdict.id) order by 1)",
            ),
            (
                "claim.rating",
                "select count(*) from claim left join verdict on verdict.id = claim.verdict_id
                  where claim.rating is distinct from case when claim.rating is null then null else verdict.rating end",
            ),
            (
                "claim.indicators",
                "select count(*) from claim where array(select unnest(indicators) order by 1) is distinct from
                     array(select distinct indicator from measure where claim_id = claim.id order by 1)",
            ),
            (
                "claim.source_id",
                "select count(*) from claim left join attribution on claim_id = claim.id and hop = 0
                  where claim.source_id is distinct from attribution.source_id and extractor <> 'bulk'",
            ),
            (
                "claim.asserted",
                "select count(*) from claim left join attribution on claim_id = claim.id and hop = 0
                  where claim.asserted is distinct from (coalesce(attribution.polarity, 'asserted') = 'asserted')",
            ),
            (
                "claim.search",
                "select count(*) from claim
                   join article on article.id = claim.article_id
                   left join source on source.id = claim.source_id
                  where search <> search_words(claim.text, coalesce(source.name, ''), article.title)",
            ),
        ] {
            assert_eq!(self.count(query).await, 0, "{counter} differs from a recount");
        }
    }
}

pub fn article(title: &str, text: &str) -> NewArticle {
    NewArticle {
        title: Title::parse(title).unwrap(),
        text: ArticleText::parse(text).unwrap(),
        outlet: None,
        address: None,
        author: None,
        published: None,
        language: None,
    }
}

pub fn outlet(name: &str) -> Option<OutletName> {
    Some(OutletName::parse(name).unwrap())
}

pub fn address_of(text: &str) -> WebAddress {
    WebAddress::parse("address", text).unwrap()
}

pub fn verdict(rating: &str, version: i32) -> VerdictForm {
    VerdictForm::new(rating, Rationale::parse("Two sources agree.").unwrap(), version)
}

pub fn evidence(title: &str) -> EvidenceForm {
    let title = EvidenceTitle::parse(title).unwrap();
    EvidenceForm {
        address: Some(address_of("https://hospital.example/list")),
        ..EvidenceForm::new(title, Excerpt::parse("Twelve names.").unwrap(), Stance::Supports)
    }
}

pub fn because(reason: &str) -> Reason {
    Reason::parse(reason).unwrap()
}

pub fn once(key: &str, request: u8) -> Once {
    Once { key: key.to_owned(), request: [request; 32] }
}

pub fn is_refused<T>(result: &Result<T, Error>) -> bool {
    matches!(result, Err(Error::Refused(_)))
}

/// A text of paragraphs, and what a reader finds in it.
pub fn reading(all: &[Said<'_>]) -> (String, Extraction) {
    let mut text = String::new();
    let mut claims = Vec::new();
    let mut quotations = Vec::new();
    for said in all {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        let start = length(&text);
        text.push_str(said.words);
        let end = length(&text);
        let quotation = said.who.map(|who| {
            text.push_str(", said ");
            let at = length(&text);
            text.push_str(who);
            quotations.push(Quotation {
                content: Content { start, end, text: said.words.to_owned(), parts: Vec::new() },
                manner: Manner::Indirect,
                cue: Some(Piece { start: at - 5, end: at - 1, text: "said".to_owned() }),
                source: Some(Speaker {
                    start: at,
                    end: length(&text),
                    text: who.to_owned(),
                    name: Some(who.to_owned()),
                    kind: SourceKind::Person,
                    role: None,
                    organisation: None,
                    party: None,
                    confidence: 1.0,
                    linked_by: "the name itself".to_owned(),
                }),
                told_to: None,
                polarity: said.polarity,
                within: None,
            });
            length_of(&quotations) - 1
        });
        claims.push(Claim {
            start,
            end,
            text: said.words.to_owned(),
            statement: None,
            kind: said.kind,
            checkworthiness: said.worth,
            reasons: vec!["counts people".to_owned()],
            quotation,
            measures: vec![Measure {
                denied: said.polarity == Polarity::Denied,
                ..twelve(said.indicator, start)
            }],
        });
    }
    let extraction = Extraction {
        schema: SCHEMA.to_owned(),
        id: None,
        extractor: "test/1".to_owned(),
        language: "en".to_owned(),
        sentences: Vec::new(),
        quantities: Vec::new(),
        dates: Vec::new(),
        quotations,
        claims,
        totals: Vec::new(),
    };
    (text, extraction)
}

fn twelve(indicator: Indicator, start: u32) -> Measure {
    Measure {
        start,
        end: start + 11,
        indicator,
        low: Some(12.0),
        best: Some(12.0),
        high: None,
        bound: Bound::AtLeast,
        text: "At least 12".to_owned(),
        counts: Some("people".to_owned()),
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

fn length(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap()
}

fn length_of<T>(all: &[T]) -> u32 {
    u32::try_from(all.len()).unwrap()
}
