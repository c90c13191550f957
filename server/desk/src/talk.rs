//! Talk: comments on a claim or on words of its text, answers, and whether they are resolved. What
//! somebody said is never lost: a change is a new version, a withdrawal keeps the words unseen.

use crate::Desk;
use crate::claims::span;
use crate::correct::{SpanGiven, place, stretch};
use crate::error::{Difference, Doing, Error, Result};
use crate::page::{Cursor, Page};
use crate::tx::{About, Once, Tx};
use chrono::{DateTime, Utc};
use domain::history::{Answered, Called, Event, Said};
use domain::id::{AccountId, ArticleId, ClaimId, CommentId, SnapshotId};
use domain::policy::{self, Actor, Comment, Moderate, Read};
use domain::talk::{Meant, handles, meant};
use domain::text::{Span, Wordings};
use domain::words::{CommentText, Invalid};
use phrase::phrase;
use serde::Deserialize;
use std::collections::HashMap;

/// Most comments of one claim that its workbench shows.
const MOST_SHOWN: i64 = 1000;

/// A comment as it is handed in.
#[derive(Clone, Debug)]
pub struct CommentForm {
    pub text: CommentText,
    /// The words of the article it is about; `None`: the claim as a whole.
    pub on: Option<SpanGiven>,
    /// The comment it answers. What answers an answer answers the first comment.
    pub reply_to: Option<CommentId>,
}

/// What became of a comment that was handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commented {
    pub id: CommentId,
    pub claim: ClaimId,
    /// Who could not be called, in words; empty where everybody could.
    pub uncalled: Option<String>,
}

/// Words of the article that a comment is about.
#[derive(Clone, Debug)]
pub struct QuoteView {
    pub words: String,
    pub span: Span,
    /// Whether the span counts in the text that the claim is anchored in now.
    pub in_text: bool,
}

/// One version of a comment's words.
#[derive(Clone, Debug, Deserialize)]
pub struct CommentVersion {
    pub text: String,
    pub at: DateTime<Utc>,
}

/// Somebody did something at some time.
#[derive(Clone, Debug)]
pub struct ByAt {
    pub by: String,
    pub at: DateTime<Utc>,
}

#[derive(Clone, Debug)]
pub struct CommentView {
    pub id: CommentId,
    pub reply_to: Option<CommentId>,
    pub author: String,
    pub author_id: AccountId,
    pub at: DateTime<Utc>,
    /// Oldest first, the last one stands; none of a comment that was withdrawn.
    pub versions: Vec<CommentVersion>,
    pub version: i32,
    pub quote: Option<QuoteView>,
    /// By what stands after the @, in lower case.
    pub mentioned: HashMap<String, String>,
    pub resolved: Option<ByAt>,
    pub withdrawn: Option<ByAt>,
}

impl CommentView {
    /// The words that stand; `None` where the comment was withdrawn.
    pub fn text(&self) -> Option<&str> {
        self.versions.last().map(|version| version.text.as_str())
    }
}

/// A comment and what was answered to it.
#[derive(Clone, Debug)]
pub struct Thread {
    pub first: CommentView,
    pub replies: Vec<CommentView>,
}

/// A comment's own row, locked.
struct Locked {
    claim_id: ClaimId,
    article_id: ArticleId,
    author_id: AccountId,
    author: String,
    version: i32,
    reply_to: Option<CommentId>,
}

impl Desk {
    /// Comments on a claim, on words of its text, or on a comment.
    ///
    /// # Errors
    /// `Refused` below reviewer, `NotFound`, `Invalid` for words that do not stand in the article
    /// and for an answer to a comment of another claim.
    pub async fn comment(
        &self,
        actor: &Actor,
        claim: ClaimId,
        form: CommentForm,
        once: Option<&Once>,
    ) -> Result<Commented> {
        let _: policy::Permit<Comment> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        if let Some(first) = tx.once(once).await? {
            return Ok(Commented { id: CommentId(first), claim, uncalled: None });
        }
        let article = self.extend(&mut tx, actor, claim).await?;
        let answered = match form.reply_to {
            Some(comment) => Some(first_of(&mut tx, claim, comment).await?),
            None => None,
        };
        let quote = match (&form.on, &answered) {
            (Some(_), Some(_)) => {
                let fix = "An answer is about what the comment is about; leave the words out.";
                return Err(Invalid::new("words", fix).into());
            }
            (Some(given), None) => Some(quoted(&mut tx, claim, given).await?),
            (None, _) => None,
        };
        let id = CommentId(self.new_id());
        let now = tx.now;
        let whole = |place: u32| i32::try_from(place).unwrap_or(i32::MAX);
        sqlx::query!(
            "insert into comment (id, claim_id, reply_to, author_id, at, version, snapshot_id, span_start, span_end, quote)
             values ($1, $2, $3, $4, $5, 1, $6, $7, $8, $9)",
            id.0,
            claim.0,
            answered.as_ref().map(|first| first.comment.0),
            actor.id.0,
            now,
            quote.as_ref().map(|(snapshot, _, _)| snapshot.0),
            quote.as_ref().map(|(_, span, _)| whole(span.start)),
            quote.as_ref().map(|(_, span, _)| whole(span.end)),
            quote.as_ref().map(|(_, _, words)| words),
        )
        .execute(tx.db())
        .await
        .doing("keep a comment")?;
        let (called, uncalled) = say(&mut tx, id, 1, &form.text).await?;
        let on = quote.map(|(_, _, words)| words);
        let event = Event::Commented(Said { comment: id, answers: answered, on, called });
        tx.event(About::claim(claim, article), &event).await?;
        tx.made(once, id.0).await?;
        tx.commit().await?;
        Ok(Commented { id, claim, uncalled })
    }

    /// Changes the words of one's own comment; the words before stay as an earlier version. What
    /// changes nothing leaves no trace.
    ///
    /// # Errors
    /// `Invalid` for somebody else's comment, `Stale` with what differs where it was changed since
    /// the version seen, `NotFound` where it was withdrawn.
    pub async fn change_comment(
        &self,
        actor: &Actor,
        id: CommentId,
        text: &CommentText,
        seen: i32,
    ) -> Result<Commented> {
        let _: policy::Permit<Comment> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        let comment = lock(&mut tx, id).await?;
        if comment.author_id != actor.id {
            let fix = phrase!("{} wrote this; answer it instead.", comment.author);
            return Err(Invalid::new("comment", fix).into());
        }
        let stands = sqlx::query_scalar!(
            "select text from comment_version where comment_id = $1 and number = $2",
            id.0,
            comment.version,
        )
        .fetch_one(tx.db())
        .await
        .doing("read a comment")?;
        let claim = comment.claim_id;
        if stands == text.as_str() {
            return Ok(Commented { id, claim, uncalled: None });
        }
        if comment.version != seen {
            let differences =
                vec![Difference { field: "text", yours: text.as_str().to_owned(), theirs: stands }];
            return Err(Error::Stale { by: comment.author, current: comment.version, differences });
        }
        let number = comment.version + 1;
        sqlx::query!("update comment set version = $2 where id = $1", id.0, number)
            .execute(tx.db())
            .await
            .doing("change a comment")?;
        let (called, uncalled) = say(&mut tx, id, number, text).await?;
        let event = Event::CommentChanged { comment: id, called };
        tx.event(About::claim(claim, comment.article_id), &event).await?;
        tx.commit().await?;
        Ok(Commented { id, claim, uncalled })
    }

    /// Takes a comment back; that there was one stays in sight, with who withdrew it and when.
    ///
    /// # Errors
    /// `Refused` for somebody else's comment below editor, `NotFound` where it is withdrawn already.
    pub async fn withdraw_comment(&self, actor: &Actor, id: CommentId) -> Result<ClaimId> {
        let _: policy::Permit<Comment> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        let comment = lock(&mut tx, id).await?;
        if comment.author_id != actor.id {
            let _: policy::Permit<Moderate> = policy::permit(actor)?;
        }
        let now = tx.now;
        sqlx::query!(
            "update comment set withdrawn_at = $2, withdrawn_by = $3 where id = $1",
            id.0,
            now,
            actor.id.0,
        )
        .execute(tx.db())
        .await
        .doing("withdraw a comment")?;
        let event = Event::CommentWithdrawn { comment: id, author: comment.author };
        tx.event(About::claim(comment.claim_id, comment.article_id), &event).await?;
        tx.commit().await?;
        Ok(comment.claim_id)
    }

    /// Calls a comment and its answers resolved, or takes them up again. What changes nothing
    /// leaves no trace.
    ///
    /// # Errors
    /// `Refused` below reviewer, `Invalid` for an answer, `NotFound` where it was withdrawn.
    pub async fn resolve_comment(
        &self,
        actor: &Actor,
        id: CommentId,
        resolved: bool,
        once: Option<&Once>,
    ) -> Result<ClaimId> {
        let _: policy::Permit<Comment> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        if let Some(first) = tx.once(once).await? {
            return Ok(ClaimId(first));
        }
        let comment = lock(&mut tx, id).await?;
        if comment.reply_to.is_some() {
            return Err(Invalid::new("comment", "Resolve the comment that this one answers.").into());
        }
        let now = tx.now;
        let made = sqlx::query!(
            "insert into comment_resolution (comment_id, number, resolved, by, at)
             select $1, coalesce(max(number), 0) + 1, $2, $3, $4
               from comment_resolution where comment_id = $1
             having coalesce((array_agg(resolved order by number desc))[1], false) <> $2",
            id.0,
            resolved,
            actor.id.0,
            now,
        )
        .execute(tx.db())
        .await
        .doing("resolve a comment")?;
        tx.made(once, comment.claim_id.0).await?;
        if made.rows_affected() == 0 {
            tx.commit_nothing_changed().await?;
            return Ok(comment.claim_id);
        }
        let author = comment.author;
        let event = if resolved {
            Event::CommentResolved { comment: id, author }
        } else {
            Event::CommentTakenUp { comment: id, author }
        };
        tx.event(About::claim(comment.claim_id, comment.article_id), &event).await?;
        tx.commit().await?;
        Ok(comment.claim_id)
    }

    /// The comments of a claim with their answers, oldest first.
    ///
    /// # Errors
    /// `Refused` for nobody, or where the database fails.
    pub async fn talk(&self, actor: &Actor, claim: ClaimId) -> Result<Vec<Thread>> {
        let _: policy::Permit<Read> = policy::permit(actor)?;
        let mut threads: Vec<Thread> = Vec::new();
        let mut places = HashMap::new();
        for comment in self.comments_of(claim, None, MOST_SHOWN).await? {
            match comment.reply_to {
                None => {
                    places.insert(comment.id, threads.len());
                    threads.push(Thread { first: comment, replies: Vec::new() });
                }
                Some(first) => {
                    if let Some(thread) = places.get(&first).and_then(|at: &usize| threads.get_mut(*at)) {
                        thread.replies.push(comment);
                    }
                }
            }
        }
        Ok(threads)
    }

    /// The comments of a claim in the order they were made, a page at a time.
    ///
    /// # Errors
    /// `NotFound`, or where the database fails.
    pub async fn comments(
        &self,
        actor: &Actor,
        claim: ClaimId,
        after: Option<Cursor>,
        limit: i64,
    ) -> Result<Page<CommentView>> {
        self.claim_row(actor, claim).await?;
        let limit = limit.clamp(1, 200);
        let rows = self.comments_of(claim, after.map(|cursor| CommentId(cursor.id)), limit + 1).await?;
        Ok(Page::of(rows, limit, |comment| Cursor { key: 0, id: comment.id.0 }))
    }

    /// One comment.
    ///
    /// # Errors
    /// `NotFound`, or where the database fails.
    pub async fn one_comment(&self, actor: &Actor, id: CommentId) -> Result<CommentView> {
        let _: policy::Permit<Read> = policy::permit(actor)?;
        let claim =
            sqlx::query_scalar!(r#"select claim_id as "id: ClaimId" from comment where id = $1"#, id.0)
                .fetch_optional(&self.pool)
                .await
                .doing("look up a comment")?
                .ok_or(Error::NotFound("comment"))?;
        // Ids sort by the time of their making: the one before this one is all that has to be named.
        let before = CommentId(uuid::Uuid::from_u128(id.0.as_u128().saturating_sub(1)));
        self.comments_of(claim, Some(before), 1).await?.pop().ok_or(Error::NotFound("comment"))
    }

    async fn comments_of(
        &self,
        claim: ClaimId,
        after: Option<CommentId>,
        limit: i64,
    ) -> Result<Vec<CommentView>> {
        sqlx::query!(
            r#"select c.id as "id: CommentId", c.reply_to as "reply_to: CommentId",
                      c.author_id as "author_id: AccountId", author.name as author, c.at, c.version,
                      c.span_start, c.span_end, c.quote, c.snapshot_id is not distinct from claim.snapshot_id as "in_text!",
                      c.withdrawn_at, withdrawer.name as "withdrawn_by?",
                      said.resolved as "resolved?", said.at as "resolved_at?", resolver.name as "resolved_by?",
                      case when c.withdrawn_at is null then
                          (select jsonb_agg(jsonb_build_object('text', v.text, 'at', v.at) order by v.number)
                             from comment_version v where v.comment_id = c.id) end as versions,
                      (select jsonb_object_agg(m.handle, account.name)
                         from comment_mention m join account on account.id = m.account_id
                        where m.comment_id = c.id) as mentioned
                 from comment c
                 join claim on claim.id = c.claim_id
                 join account author on author.id = c.author_id
                 left join account withdrawer on withdrawer.id = c.withdrawn_by
                 left join lateral (select resolved, by, at from comment_resolution r
                                     where r.comment_id = c.id order by number desc limit 1) said on true
                 left join account resolver on resolver.id = said.by
                where c.claim_id = $1 and ($2::uuid is null or c.id > $2)
                order by c.id
                limit $3"#,
            claim.0,
            after.map(|id| id.0),
            limit,
        )
        .fetch_all(&self.pool)
        .await
        .doing("read comments")?
        .into_iter()
        .map(|row| {
            let versions = row.versions.map_or(Ok(Vec::new()), serde_json::from_value);
            let mentioned = row.mentioned.map_or(Ok(HashMap::new()), serde_json::from_value);
            let inconsistent = |error: serde_json::Error| Error::Inconsistent {
                table: "comment",
                column: "versions, mentioned",
                what: error.to_string(),
            };
            let place = row.span_start.zip(row.span_end).map(|(from, to)| span(from, to));
            let resolved = row.resolved_by.zip(row.resolved_at).filter(|_| row.resolved == Some(true));
            Ok(CommentView {
                id: row.id,
                reply_to: row.reply_to,
                author: row.author,
                author_id: row.author_id,
                at: row.at,
                versions: versions.map_err(inconsistent)?,
                version: row.version,
                quote: row.quote.zip(place).map(|(words, span)| QuoteView {
                    words,
                    span,
                    in_text: row.in_text,
                }),
                mentioned: mentioned.map_err(inconsistent)?,
                resolved: resolved.map(|(by, at)| ByAt { by, at }),
                withdrawn: row.withdrawn_by.zip(row.withdrawn_at).map(|(by, at)| ByAt { by, at }),
            })
        })
        .collect()
    }
}

/// The comment that begins the thread.
async fn first_of(tx: &mut Tx, claim: ClaimId, comment: CommentId) -> Result<Answered> {
    let found = sqlx::query!(
        r#"select first.id as "id: CommentId", author.name
             from comment c
             join comment first on first.id = coalesce(c.reply_to, c.id)
             join account author on author.id = first.author_id
            where c.id = $1 and c.claim_id = $2"#,
        comment.0,
        claim.0,
    )
    .fetch_optional(tx.db())
    .await
    .doing("look up a comment")?;
    match found {
        Some(row) => Ok(Answered { comment: row.id, author: row.name }),
        None => Err(Invalid::new("reply_to", "This claim has no such comment.").into()),
    }
}

/// The words that a comment is about, where they stand near the claim.
async fn quoted(tx: &mut Tx, claim: ClaimId, given: &SpanGiven) -> Result<(SnapshotId, Span, String)> {
    let place = place(tx, claim).await?;
    let near = sqlx::query!("select span_start, span_end from claim where id = $1", claim.0)
        .fetch_one(tx.db())
        .await
        .doing("read a claim's place")?;
    let near = span(near.span_start, near.span_end);
    let (span, words) = stretch(given, &place.text, &Wordings::new(&place.text), near, &[], "words")?;
    Ok((place.snapshot, span, words))
}

async fn lock(tx: &mut Tx, id: CommentId) -> Result<Locked> {
    sqlx::query_as!(
        Locked,
        r#"select c.claim_id, claim.article_id, c.author_id, author.name as author, c.version,
                  c.reply_to as "reply_to: CommentId"
             from comment c
             join claim on claim.id = c.claim_id
             join account author on author.id = c.author_id
            where c.id = $1 and c.withdrawn_at is null
              for update of c"#,
        id.0,
    )
    .fetch_optional(tx.db())
    .await
    .doing("lock a comment")?
    .ok_or(Error::NotFound("comment in use"))
}

/// Writes a version of a comment, and whom it mentions. Gives those whom no version before
/// mentioned, and who could not be called, in words.
async fn say(
    tx: &mut Tx,
    id: CommentId,
    number: i32,
    text: &CommentText,
) -> Result<(Vec<Called>, Option<String>)> {
    let now = tx.now;
    sqlx::query!(
        "insert into comment_version (comment_id, number, text, at) values ($1, $2, $3, $4)",
        id.0,
        number,
        text.as_str(),
        now,
    )
    .execute(tx.db())
    .await
    .doing("keep the words of a comment")?;
    let handles = handles(text.as_str());
    if handles.is_empty() {
        return Ok((Vec::new(), None));
    }
    // A desk has few people, and names are compared as Unicode says, which not every database does.
    let people = sqlx::query!(
        r#"select id, name, split_part(email, '@', 1) as "local!" from account where disabled_at is null"#,
    )
    .fetch_all(tx.db())
    .await
    .doing("look up who is mentioned")?;
    let mut found: Vec<(String, Called)> = Vec::new();
    let mut uncalled = Vec::new();
    for handle in handles {
        match meant(&handle, &people, |person| (&person.name, &person.local)) {
            Meant::One(person) => found.push((handle, Called { id: person.id, name: person.name.clone() })),
            Meant::Nobody => uncalled.push(format!("nobody here is called @{handle}")),
            Meant::Several => {
                uncalled.push(format!(
                    "several people are called @{handle}: use the beginning of an e-mail address"
                ));
            }
        }
    }
    let handles: Vec<String> = found.iter().map(|(handle, _)| handle.clone()).collect();
    let ids: Vec<uuid::Uuid> = found.iter().map(|(_, person)| person.id.0).collect();
    let fresh = sqlx::query_scalar!(
        r#"with before as (select account_id from comment_mention where comment_id = $1),
                kept as (insert into comment_mention (comment_id, handle, account_id)
                         select $1, m.handle, m.account_id from unnest($2::text[], $3::uuid[]) as m (handle, account_id)
                             on conflict (comment_id, handle) do nothing
                         returning account_id)
           select distinct account_id as "id!: AccountId" from kept
            where account_id not in (select account_id from before)"#,
        id.0,
        &handles,
        &ids,
    )
    .fetch_all(tx.db())
    .await
    .doing("keep who is mentioned")?;
    let mut mentioned: Vec<Called> = Vec::new();
    for (_, person) in found {
        if fresh.contains(&person.id) && !mentioned.contains(&person) {
            mentioned.push(person);
        }
    }
    let uncalled = uncalled.join("; ");
    let mut chars = uncalled.chars();
    let uncalled = chars.next().map(|first| format!("{}{}.", first.to_uppercase(), chars.as_str()));
    Ok((mentioned, uncalled))
}
