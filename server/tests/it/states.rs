//! Everything that changes a claim, for every role and every place in the work that a claim can be
//! in: what goes through, what is refused and how, and that a refusal leaves nothing behind. The
//! tables say what is expected, column by column; they are written down, not worked out.

use crate::harness::{Answer, Browser, Program, World};
use axum::body::Body;
use desk::{Change, CommentForm, EvidenceForm, VerdictForm};
use domain::claim::{ClaimKind, Stance};
use domain::desk_policy::{DeskPolicy, Rule, SecondReview};
use domain::id::{ClaimId, VerdictId};
use domain::link::LinkKind;
use domain::policy::{Actor, Role};
use domain::words::{CommentText, EvidenceTitle, Excerpt, Rationale, Reason};
use http::Method;
use http::header::CONTENT_TYPE;
use serde_json::{Value, json};
use sqlx::PgPool;
use std::collections::VecDeque;

/// Where a claim is, seen from the person who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Open,
    HeldByMe,
    HeldByAnother,
    /// Awaits a second review; the first verdict is mine.
    FirstIsMine,
    FirstIsAnothers,
    /// Two differ, and one of the two is me.
    DifferWithMe,
    DifferWithoutMe,
    SettledByMe,
    SettledByAnother,
    Published,
    Reopened,
    Dismissed,
}

use Place::*;

/// The columns of the tables below.
const PLACES: [Place; 12] = [
    Open,
    HeldByMe,
    HeldByAnother,
    FirstIsMine,
    FirstIsAnothers,
    DifferWithMe,
    DifferWithoutMe,
    SettledByMe,
    SettledByAnother,
    Published,
    Reopened,
    Dismissed,
];

/// What one can do to a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Take,
    TakeOver,
    Release,
    Judge,
    Undo,
    Adjudicate,
    Publish,
    CorrectVerdict,
    WithdrawFromPublic,
    Reopen,
    Dismiss,
    DismissAsDuplicate,
    Correct,
    CorrectWords,
    CorrectSource,
    CorrectFigure,
    Split,
    Merge,
    AddEvidence,
    CorrectEvidence,
    WithdrawEvidence,
    KeepCopy,
    AssessMedia,
    Link,
    Unlink,
    Comment,
    ChangeComment,
    ResolveComment,
    WithdrawComment,
    WithdrawCommentOfAnother,
}

use Deed::*;

/// One cell for each of [`PLACES`]: `ok`, or the status of the refusal.
type Row = (Deed, &'static str);

/// What is the same for all who review.
const EVERY_REVIEWER: &[Row] = &[
    //                   open held held  first first  two   two  set- set- pub- re-  dis-
    //                        by   by    is    is     with  with- tled tled lish open miss
    //                        me   other mine  other  me    out   mine othr ed   ed   ed
    (Take, " ok   ok   409   409   ok     409   409   409  409  409  ok   409"),
    (TakeOver, " ok   ok   ok    409   ok     409   409   409  409  409  ok   409"),
    (Release, " 409  ok   409   409   409    409   409   409  409  409  409  409"),
    (Judge, " ok   ok   409   409   ok     409   409   ok   ok   409  ok   409"),
    (Undo, " 404  404  404   ok    409    409   409   ok   409  409  409  404"),
    (Dismiss, " ok   ok   409   ok    ok     409   409   409  409  409  ok   409"),
    (DismissAsDuplicate, "ok   ok   409   ok    ok     409   409   409  409  409  ok   409"),
    (Correct, " ok   ok   409   ok    ok     409   409   409  409  409  ok   409"),
    (CorrectWords, " ok   ok   409   ok    ok     409   409   409  409  409  ok   409"),
    (CorrectSource, " ok   ok   409   ok    ok     409   409   409  409  409  ok   409"),
    (CorrectFigure, " ok   ok   409   ok    ok     409   409   409  409  409  ok   409"),
    (Split, " ok   ok   409   ok    ok     409   409   409  409  409  ok   409"),
    (Merge, " ok   ok   409   ok    ok     409   409   409  409  409  ok   409"),
    (AddEvidence, " ok   ok   ok    ok    ok     ok    ok    ok   ok   ok   ok   ok "),
    (CorrectEvidence, " ok   ok   ok    ok    ok     ok    ok    ok   ok   ok   ok   ok "),
    (WithdrawEvidence, " ok   ok   ok    ok    ok     ok    ok    ok   ok   ok   ok   ok "),
    (KeepCopy, " ok   ok   ok    ok    ok     ok    ok    ok   ok   ok   ok   ok "),
    (AssessMedia, " ok   ok   ok    ok    ok     ok    ok    ok   ok   ok   ok   ok "),
    (Link, " ok   ok   ok    ok    ok     ok    ok    ok   ok   ok   ok   ok "),
    (Unlink, " ok   ok   ok    ok    ok     ok    ok    ok   ok   ok   ok   ok "),
    (Comment, " ok   ok   ok    ok    ok     ok    ok    ok   ok   ok   ok   ok "),
    (ChangeComment, " ok   ok   ok    ok    ok     ok    ok    ok   ok   ok   ok   ok "),
    (ResolveComment, " ok   ok   ok    ok    ok     ok    ok    ok   ok   ok   ok   ok "),
    (WithdrawComment, " ok   ok   ok    ok    ok     ok    ok    ok   ok   ok   ok   ok "),
];

const A_REVIEWER: &[Row] = &[
    //                   open held held  first first  two   two  set- set- pub- re-  dis-
    //                        by   by    is    is     with  with- tled tled lish open miss
    //                        me   other mine  other  me    out   mine othr ed   ed   ed
    (Adjudicate, " 403  403  403   403   403    403   403   403  403  403  403  403"),
    (Publish, " 403  403  403   403   403    403   403   403  403  403  403  403"),
    (Deed::Reopen, " 403  403  403   403   403    403   403   403  403  403  403  403"),
    (CorrectVerdict, " 409  409  409   409   409    409   409   ok   ok   403  409  409"),
    (WithdrawFromPublic, "409  409  409   409   409    409   409   409  409  403  409  409"),
    (WithdrawCommentOfAnother, " 403  403  403   403   403    403   403   403  403  403  403  403"),
];

const AN_EDITOR: &[Row] = &[
    //                   open held held  first first  two   two  set- set- pub- re-  dis-
    //                        by   by    is    is     with  with- tled tled lish open miss
    //                        me   other mine  other  me    out   mine othr ed   ed   ed
    (Adjudicate, " 409  409  409   409   409    409   ok    409  409  409  409  409"),
    (Publish, " 409  409  409   409   409    409   409   ok   ok   409  409  409"),
    (Deed::Reopen, " 409  409  409   ok    ok     ok    ok    ok   ok   ok   409  ok "),
    (CorrectVerdict, " 409  409  409   409   409    409   409   ok   ok   ok   409  409"),
    (WithdrawFromPublic, "409  409  409   409   409    409   409   409  409  ok   409  409"),
    (WithdrawCommentOfAnother, " ok   ok   ok    ok    ok     ok    ok    ok   ok   ok   ok   ok "),
];

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_reviewer_may_what_the_table_says_wherever_a_claim_is(pool: PgPool) {
    let mut scene = Scene::new(pool, Role::Reviewer, 220).await;
    scene.walk(EVERY_REVIEWER).await;
    scene.walk(A_REVIEWER).await;
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn an_editor_may_what_the_table_says_wherever_a_claim_is(pool: PgPool) {
    let mut scene = Scene::new(pool, Role::Editor, 220).await;
    scene.walk(EVERY_REVIEWER).await;
    scene.walk(AN_EDITOR).await;
}

/// An admin is an editor as far as claims go: no rule of review bends for them.
#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn an_admin_may_no_more_than_an_editor_wherever_a_claim_is(pool: PgPool) {
    let mut scene = Scene::new(pool, Role::Admin, 220).await;
    scene.walk(EVERY_REVIEWER).await;
    scene.walk(AN_EDITOR).await;
}

/// Wherever a claim is, a viewer is told what it takes, and who is nobody is asked to sign in.
#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn viewers_and_nobody_change_no_claim_wherever_it_is(pool: PgPool) {
    let mut scene = Scene::new(pool, Role::Viewer, 60).await;
    let deeds = EVERY_REVIEWER.iter().chain(AN_EDITOR).map(|(deed, _)| *deed);
    let mut nobody = scene.world.nobody();
    let unknown = Program { token: "cd_unknown".into(), ..scene.program.clone() };
    for deed in deeds {
        for place in PLACES {
            let case = scene.case(deed, place).await;
            let before = scene.fingerprint().await;
            for door in scene.doors(deed, &case) {
                let answer = door.through(&scene.program, &mut scene.browser).await;
                let what = format!("{deed:?} {place:?}: {}", answer.text);
                assert_eq!(scene.seen(&door, &answer, &what).await, Seen::Refused(403), "{what}");
                let answer = door.through(&unknown, &mut nobody).await;
                match door {
                    Door::Form(..) => assert!(answer.location().starts_with("/login?next="), "{what}"),
                    Door::Api(..) => {
                        let signed_out = (401, "/problems/not_signed_in".into(), String::new());
                        assert_eq!(answer.problem(), signed_out, "{what}");
                    }
                }
            }
            assert_eq!(scene.fingerprint().await, before, "{deed:?} {place:?} left something behind");
            scene.ready.push((place, case.claim));
        }
    }
}

/// The next claim is one that waits, never one's own to review a second time, and none twice.
#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_next_claim_is_always_one_that_waits_for_this_person(pool: PgPool) {
    let mut scene = Scene::new(pool, Role::Reviewer, 12).await;
    let mut waiting = Vec::new();
    for place in PLACES {
        let claim = scene.built(place).await;
        if matches!(place, Open | FirstIsAnothers | Reopened) {
            waiting.push(claim);
        }
    }
    // What was read and not used waits as well.
    waiting.extend(scene.spare.drain(..).chain(scene.displaced.drain(..)));
    waiting.push(scene.hub);
    let mut given: Vec<ClaimId> = Vec::new();
    loop {
        let answer = scene.program.post("/claims/next", &json!({})).await;
        if answer.status == 204 {
            break;
        }
        given.push(answer.json()["id"].as_str().and_then(|id| id.parse().ok()).expect("an id"));
    }
    waiting.sort();
    given.sort();
    assert_eq!(given, waiting);
    let before = scene.fingerprint().await;
    let answer = scene.browser.submit("/actions/claims/next", &[]).await;
    assert_eq!(answer.location(), "/?done=empty");
    assert_eq!(scene.fingerprint().await, before);
}

/// What an answer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    Done,
    Refused(u16),
}

/// A way to do something.
enum Door {
    Api(Method, String, Value),
    Form(&'static str, Vec<(&'static str, String)>),
}

impl Door {
    async fn through(&self, program: &Program, browser: &mut Browser) -> Answer {
        match self {
            // A copy comes as it is.
            Self::Api(method, path, body) if path.ends_with("/copies") => {
                let request = program.request(method.clone(), path).header(CONTENT_TYPE, "text/plain");
                let content = body.as_str().expect("a text").to_owned();
                program.send(request.body(Body::from(content)).expect("a request")).await
            }
            Self::Api(method, path, Value::Null) => program.call(method.clone(), path).await,
            Self::Api(method, path, body) => program.send_json(method.clone(), path, body).await,
            Self::Form(path, fields) => {
                let fields: Vec<(&str, &str)> =
                    fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                browser.submit(path, &fields).await
            }
        }
    }
}

/// A claim in its place, and what hangs on it for the deed.
struct Case {
    claim: ClaimId,
    version: i32,
    text: String,
    /// Evidence, a comment, a link or a verdict that the deed is about.
    on: String,
    /// The claim that stands next in the text.
    next: Option<ClaimId>,
    /// Of what depends on the verdict.
    digest: String,
}

/// A desk, somebody who acts, and two colleagues of theirs.
struct Scene {
    world: World,
    pool: PgPool,
    role: Role,
    /// Whose claims are "mine": the person who acts, or a stand-in for who can have none.
    own: Actor,
    one: Actor,
    two: Actor,
    editor: Actor,
    program: Program,
    browser: Browser,
    /// A claim that others are linked to.
    hub: ClaimId,
    /// Claims that nobody has touched, in the order of the text.
    spare: VecDeque<ClaimId>,
    /// The same, of the kind that takes two people.
    displaced: VecDeque<ClaimId>,
    /// Claims in their places that nothing has happened to since.
    ready: Vec<(Place, ClaimId)>,
}

impl Scene {
    /// A desk where displacement takes two people, with so many claims that take one, and half as
    /// many that take two.
    async fn new(pool: PgPool, role: Role, claims: usize) -> Self {
        let world = World::new(pool.clone()).await;
        let mut others =
            [Role::Admin, Role::Editor, Role::Reviewer].into_iter().filter(|other| *other != role);
        let mut other = || world.actor(others.next().expect("a colleague")).clone();
        let (one, two) = (other(), other());
        let own = if role == Role::Viewer { other() } else { world.actor(role).clone() };
        let policy = DeskPolicy {
            second_review: SecondReview {
                rules: vec![Rule { kind: Some(ClaimKind::Displacement), ..Rule::default() }],
            },
            ..DeskPolicy::default()
        };
        let agreed = Reason::parse("agreed").expect("a reason");
        world.desk.set_policy(world.actor(Role::Admin), policy, 0, &agreed).await.expect("set");
        let dead = (0..=claims).map(|n| format!("At least {} people were killed in Darum.", 100 + n));
        let fled = (0..claims / 2).map(|n| format!("About {} people were displaced from Darum.", 20_000 + n));
        let text = dead.chain(fled).collect::<Vec<_>>().join("\n\n");
        let reviewer = world.program(Role::Reviewer).await;
        let added = reviewer.post("/articles", &json!({ "title": "Long war", "text": text })).await.json();
        let (mut spare, mut displaced) = (VecDeque::new(), VecDeque::new());
        for claim in added["article"]["claims"].as_array().expect("claims") {
            let id: ClaimId = claim["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
            match claim["kind"].as_str() {
                Some("casualty") => spare.push_back(id),
                Some("displacement") => displaced.push_back(id),
                kind => panic!("{kind:?}"),
            }
        }
        assert_eq!((spare.len(), displaced.len()), (claims + 1, claims / 2), "each sentence is one claim");
        let hub = spare.pop_front().expect("a claim");
        let (program, browser) = (world.program(role).await, world.signed_in(role).await);
        let editor = world.actor(Role::Editor).clone();
        let ready = Vec::new();
        Self { world, pool, role, own, one, two, editor, program, browser, hub, spare, displaced, ready }
    }

    /// Tries everything in a table, and compares.
    async fn walk(&mut self, table: &[Row]) {
        for (deed, cells) in table {
            let cells: Vec<&str> = cells.split_whitespace().collect();
            assert_eq!(cells.len(), PLACES.len(), "{deed:?}");
            for (place, cell) in PLACES.into_iter().zip(cells) {
                let expected = match cell {
                    "ok" => Seen::Done,
                    status => Seen::Refused(status.parse().expect("a status")),
                };
                let ways = self.doors(*deed, &Case::nowhere()).len();
                for way in 0..ways {
                    self.attempt(*deed, place, way, expected).await;
                }
            }
        }
    }

    /// Does one thing in one way, and looks what came of it.
    async fn attempt(&mut self, deed: Deed, place: Place, way: usize, expected: Seen) {
        let case = self.case(deed, place).await;
        let door = self.doors(deed, &case).swap_remove(way);
        let before = self.fingerprint().await;
        sqlx::query("delete from draft").execute(&self.pool).await.expect("no draft");
        let answer = door.through(&self.program, &mut self.browser).await;
        let what = format!("{deed:?} as {} where {place:?}, way {way}: {}", self.role, answer.text);
        assert_eq!(self.seen(&door, &answer, &what).await, expected, "{what}");
        let changed = self.fingerprint().await != before;
        assert_eq!(changed, expected == Seen::Done, "what was refused leaves nothing behind: {what}");
        if expected != Seen::Done || deed.leaves_the_work_alone() {
            self.ready.push((place, case.claim));
        }
    }

    async fn seen(&self, door: &Door, answer: &Answer, what: &str) -> Seen {
        let status = answer.status.as_u16();
        match door {
            Door::Api(..) if answer.status.is_success() => Seen::Done,
            Door::Api(..) => {
                let kind = match status {
                    403 => "forbidden",
                    404 => "not_found",
                    409 => "conflict",
                    _ => panic!("{what}"),
                };
                let (_, of_type, field) = answer.problem();
                assert_eq!((of_type, field), (format!("/problems/{kind}"), String::new()), "{what}");
                Seen::Refused(status)
            }
            Door::Form(..) if status == 303 && answer.location().contains("done=") => Seen::Done,
            Door::Form(..) if status == 303 => {
                // A form goes back to its page with what is wrong. It is no field: nothing was typed wrongly.
                let (field, words): (Option<String>, Option<String>) = sqlx::query_as(
                    "select fields ->> '!field', fields ->> '!words' from draft where account_id = $1",
                )
                .bind(self.world.actor(self.role).id.0)
                .fetch_one(&self.pool)
                .await
                .expect("a draft");
                assert_eq!(field.as_deref(), Some(""), "{words:?} {what}");
                Seen::Refused(409)
            }
            Door::Form(..) => Seen::Refused(status),
        }
    }

    /// What there is of claims and of what hangs on them: an event, a row or a version more, and it
    /// is another one.
    async fn fingerprint(&self) -> Vec<i64> {
        sqlx::query_scalar(
            "select n from (values
                 (1, (select count(*) from event)), (2, (select coalesce(max(id), 0) from version)),
                 (3, (select count(*) from claim)), (4, (select count(*) from verdict)),
                 (5, (select count(*) from verdict_undone)), (6, (select count(*) from evidence)),
                 (7, (select count(*) from copy)), (8, (select count(*) from copy_file)),
                 (9, (select count(*) from publication)), (10, (select count(*) from claim_link)),
                 (11, (select count(*) from claim_link_end)), (12, (select count(*) from comment)),
                 (13, (select count(*) from comment_version)), (14, (select count(*) from comment_resolution)),
                 (15, (select count(*) from comment where withdrawn_at is not null)),
                 (16, (select count(*) from notification)), (17, (select count(*) from delivery)),
                 (18, (select count(*) from source)), (19, (select count(*) from mail)),
                 (20, (select sum(version) from claim)::bigint),
                 (21, (select count(*) from media_assessment))) as counted (at, n)
              order by at",
        )
        .fetch_all(&self.pool)
        .await
        .expect("counts")
    }

    /// A claim in a place, with what the deed is about.
    async fn case(&mut self, deed: Deed, place: Place) -> Case {
        let known = self.ready.iter().position(|(there, _)| *there == place);
        let claim = match known.filter(|_| deed != Merge) {
            Some(at) => self.ready.swap_remove(at).1,
            None => self.built(place).await,
        };
        let next = if deed == Merge { self.queue(place).pop_front() } else { None };
        let desk = &self.world.desk;
        let on = match deed {
            CorrectEvidence | WithdrawEvidence | KeepCopy | AssessMedia => {
                let title = EvidenceTitle::parse("Hospital list").expect("a title");
                let excerpt = Excerpt::parse("Twelve names.").expect("an excerpt");
                let form = EvidenceForm::new(title, excerpt, Stance::Supports);
                desk.add_evidence(&self.one, claim, form, None).await.expect("evidence").to_string()
            }
            ChangeComment | WithdrawComment | ResolveComment | WithdrawCommentOfAnother => {
                let by = if matches!(deed, ChangeComment | WithdrawComment) { &self.own } else { &self.one };
                let text = CommentText::parse("Who counted?").expect("a text");
                let form = CommentForm { text, on: None, reply_to: None };
                desk.comment(by, claim, form, None).await.expect("a comment").id.to_string()
            }
            Unlink => {
                let linked = desk.link(&self.one, claim, self.hub, LinkKind::Contradicts, None).await;
                linked.expect("a link").to_string()
            }
            Undo => {
                let last: Option<VerdictId> = sqlx::query_scalar(
                    "select id from verdict where claim_id = $1 order by reviewer_id = $2 desc, number desc limit 1",
                )
                .bind(claim.0)
                .bind(self.own.id.0)
                .fetch_optional(&self.pool)
                .await
                .expect("an answer")
                .map(VerdictId);
                last.map_or_else(|| claim.to_string(), |id| id.to_string())
            }
            _ => String::new(),
        };
        let digest = match deed {
            CorrectVerdict | WithdrawFromPublic => {
                let change = match deed {
                    CorrectVerdict => Change::Verdict { rating: "false".into() },
                    _ => Change::Withdrawn,
                };
                desk.dependants(&self.one, claim, &change).await.expect("a list").digest()
            }
            _ => String::new(),
        };
        let row = desk.claim_row(&self.one, claim).await.expect("a claim");
        Case { claim, version: row.version, text: row.text, on, next, digest }
    }

    fn queue(&mut self, place: Place) -> &mut VecDeque<ClaimId> {
        match place {
            FirstIsMine | FirstIsAnothers | DifferWithMe | DifferWithoutMe => &mut self.displaced,
            _ => &mut self.spare,
        }
    }

    /// Brings a claim that nobody has touched to a place.
    async fn built(&mut self, place: Place) -> ClaimId {
        let claim = self.queue(place).pop_front().expect("claims enough");
        let (own, one, two, editor) = (&self.own, &self.one, &self.two, &self.editor);
        let desk = &self.world.desk;
        let version = async || desk.claim_row(one, claim).await.expect("a claim").version;
        let because = || Reason::parse("As agreed.").expect("a reason");
        let judge = async |by: &Actor, rating: &str| {
            let words = Rationale::parse("Two sources agree.").expect("a rationale");
            let form = VerdictForm::new(rating, words, version().await);
            desk.give_verdict(by, claim, form, None).await.expect("a verdict");
        };
        match place {
            Open => {}
            HeldByMe => desk.take(own, claim).await.expect("taken"),
            HeldByAnother => desk.take(one, claim).await.expect("taken"),
            FirstIsMine | SettledByMe => judge(own, "verified").await,
            FirstIsAnothers | SettledByAnother => judge(one, "verified").await,
            DifferWithMe => {
                judge(own, "verified").await;
                judge(one, "false").await;
            }
            DifferWithoutMe => {
                judge(one, "verified").await;
                judge(two, "false").await;
            }
            Published => {
                judge(one, "verified").await;
                desk.publish(editor, claim, version().await, None).await.expect("published");
            }
            Place::Reopened => {
                judge(one, "verified").await;
                desk.reopen(editor, claim, version().await, because()).await.expect("reopened");
            }
            Dismissed => desk.dismiss(one, claim, version().await, because()).await.expect("dismissed"),
        }
        claim
    }

    /// The ways to do something: through the API, with a form of a page, or both.
    fn doors(&self, deed: Deed, case: &Case) -> Vec<Door> {
        let Case { claim, version, text, on, next, digest, .. } = case;
        let path = format!("/claims/{claim}");
        let next = next.unwrap_or(self.hub);
        let words = text.rsplit_once(' ').map_or("", |(words, _)| words);
        let (half, rest) = text.split_once(" were ").unwrap_or_default();
        let api = |method: Method, path: String, body: Value| Door::Api(method, path, body);
        let post = |path: String, body: Value| api(Method::POST, path, body);
        let form = |path: &'static str, fields: &[(&'static str, &str)]| {
            let given = [("claim", claim.to_string()), ("version", version.to_string())];
            let fields = fields.iter().map(|(name, value)| (*name, (*value).to_owned()));
            Door::Form(path, given.into_iter().chain(fields).collect())
        };
        let reason = ("reason", "As agreed.");
        let rationale = "Three sources agree.";
        let patch = |field: &str, value: Value| {
            api(Method::PATCH, path.clone(), json!({ "version": version, field: value }))
        };
        let evidence = [
            ("evidence_id", on.as_str()),
            ("title", "Longer list"),
            ("excerpt", "Thirteen names."),
            ("stance", "supports"),
            ("version", "1"),
        ];
        match deed {
            Take => {
                vec![api(Method::PUT, format!("{path}/lease"), json!({})), form("/actions/claims/take", &[])]
            }
            TakeOver => vec![
                api(Method::PUT, format!("{path}/lease"), json!({ "take_over": "Deadline." })),
                form("/actions/claims/take-over", &[reason]),
            ],
            Release => vec![
                api(Method::DELETE, format!("{path}/lease"), Value::Null),
                form("/actions/claims/release", &[]),
            ],
            Judge => vec![
                post(
                    format!("{path}/verdicts"),
                    json!({ "rating": "verified", "rationale": rationale, "version": version }),
                ),
                form(
                    "/actions/claims/verdict",
                    &[("rating", "verified"), ("rationale", rationale), ("then", "stay")],
                ),
            ],
            Undo => vec![
                api(Method::DELETE, format!("/verdicts/{on}"), Value::Null),
                form("/actions/claims/undo", &[("verdict", on)]),
            ],
            Adjudicate => vec![
                post(
                    format!("{path}/adjudications"),
                    json!({ "rating": "verified", "reason": rationale, "version": version }),
                ),
                form("/actions/claims/adjudicate", &[("rating", "verified"), reason]),
            ],
            Publish => vec![form("/actions/claims/publish", &[])],
            CorrectVerdict => {
                let note = "Readers are told.";
                vec![
                    post(
                        format!("{path}/corrections"),
                        json!({ "rating": "false", "rationale": rationale, "note": note, "version": version,
                                "digest": digest }),
                    ),
                    form(
                        "/actions/claims/correct-verdict",
                        &[
                            ("outcome", "verdict"),
                            ("rating", "false"),
                            ("rationale", rationale),
                            ("note", note),
                            ("digest", digest),
                        ],
                    ),
                ]
            }
            WithdrawFromPublic => vec![
                post(
                    format!("{path}/corrections"),
                    json!({ "withdraw": true, "note": "Readers are told.", "version": version, "digest": digest }),
                ),
                form(
                    "/actions/claims/correct-verdict",
                    &[("outcome", "withdraw"), ("note", "Readers are told."), ("digest", digest)],
                ),
            ],
            Deed::Reopen => vec![form("/actions/claims/reopen", &[reason])],
            Dismiss => vec![form("/actions/claims/dismiss", &[reason])],
            DismissAsDuplicate => {
                vec![form("/actions/claims/duplicate", &[("other", &self.hub.to_string())])]
            }
            Correct => {
                vec![patch("kind", json!("event")), form("/actions/claims/kind", &[("kind", "event")])]
            }
            CorrectWords => {
                vec![patch("words", json!(words)), form("/actions/claims/words", &[("words", words)])]
            }
            CorrectSource => vec![
                patch("source", json!({ "name": "City Council" })),
                form(
                    "/actions/claims/source",
                    &[("says", "named"), ("name", "City Council"), ("kind", "organisation")],
                ),
            ],
            CorrectFigure => vec![
                patch("measures", json!([{ "position": 0, "figure": "about 40" }])),
                form(
                    "/actions/claims/measure",
                    &[("of", "0"), ("figure", "about 40"), ("indicator", "killed")],
                ),
            ],
            Split => vec![
                post(
                    format!("{path}/split"),
                    json!({ "version": version, "parts": [{ "words": half }, { "words": rest }] }),
                ),
                form("/actions/claims/split", &[("parts", &format!("{half}\n\n{rest}"))]),
            ],
            Merge => vec![
                post(
                    format!("{path}/merge"),
                    json!({ "version": version, "with": [{ "id": next, "version": 1 }] }),
                ),
                form("/actions/claims/merge", &[("with_0", &format!("{next}:1"))]),
            ],
            AddEvidence => vec![
                post(
                    format!("{path}/evidence"),
                    json!({ "title": "List", "excerpt": "Names.", "stance": "context" }),
                ),
                form(
                    "/actions/evidence/add",
                    &[("title", "List"), ("excerpt", "Names."), ("stance", "context")],
                ),
            ],
            CorrectEvidence => vec![Door::Form(
                "/actions/evidence/correct",
                evidence
                    .iter()
                    .map(|(name, value)| (*name, (*value).to_owned()))
                    .chain([("claim", claim.to_string())])
                    .collect(),
            )],
            WithdrawEvidence => vec![form("/actions/evidence/withdraw", &[("evidence_id", on), reason])],
            KeepCopy => vec![post(format!("/evidence/{on}/copies"), json!(format!("Names of {on}.")))],
            AssessMedia => vec![
                post(
                    format!("/evidence/{on}/assessments"),
                    json!({ "medium": "video", "categories": ["StagedContent"], "address": "https://c.example/1" }),
                ),
                Door::Form(
                    "/actions/evidence/assess",
                    vec![
                        ("claim", claim.to_string()),
                        ("evidence_id", on.clone()),
                        ("medium", "video".into()),
                        ("categories[StagedContent]", "yes".into()),
                        ("address", "https://c.example/1".into()),
                        ("version", "0".into()),
                    ],
                ),
            ],
            Link => vec![form(
                "/actions/claims/link",
                &[("kind", "contradicts"), ("other", &self.hub.to_string())],
            )],
            Unlink => vec![form("/actions/claims/unlink", &[("link", on), reason])],
            Comment => vec![
                post(format!("{path}/comments"), json!({ "text": "Ask them." })),
                form("/actions/comments/add", &[("text", "Ask them.")]),
            ],
            ChangeComment => vec![
                api(Method::PATCH, format!("/comments/{on}"), json!({ "text": "And who?", "version": 1 })),
                Door::Form(
                    "/actions/comments/change",
                    vec![
                        ("claim", claim.to_string()),
                        ("comment", on.clone()),
                        ("version", "1".into()),
                        ("text", "And who?".into()),
                    ],
                ),
            ],
            ResolveComment => vec![
                post(format!("/comments/{on}/resolve"), json!({ "resolved": true })),
                form("/actions/comments/resolve", &[("comment", on), ("resolved", "yes")]),
            ],
            WithdrawComment | WithdrawCommentOfAnother => vec![
                api(Method::DELETE, format!("/comments/{on}"), Value::Null),
                form("/actions/comments/withdraw", &[("comment", on)]),
            ],
        }
    }
}

impl Deed {
    /// Hangs something on the claim, which stays where it is.
    fn leaves_the_work_alone(self) -> bool {
        matches!(
            self,
            AddEvidence
                | CorrectEvidence
                | WithdrawEvidence
                | KeepCopy
                | AssessMedia
                | Unlink
                | Comment
                | ChangeComment
                | ResolveComment
                | WithdrawComment
                | WithdrawCommentOfAnother
        )
    }
}

impl Case {
    /// To count the ways with.
    fn nowhere() -> Self {
        let claim = ClaimId(uuid::Uuid::nil());
        Self { claim, version: 1, text: String::new(), on: String::new(), next: None, digest: String::new() }
    }
}
