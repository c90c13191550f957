//! Telling people what happened: written in the transaction of what it tells about, for every event
//! that `domain::notification` knows an audience for. Collapsed per claim, unread until it is opened.

use crate::Desk;
use crate::db::Anew;
use crate::error::{Doing, Error, Result, word};
use crate::page::{Cursor, Page};
use crate::tx::{About, Once, Tx};
use chrono::{DateTime, Utc};
use domain::history::Event;
use domain::id::{AccountId, ClaimId, CommentId};
use domain::notification::{
    Audience, Channel, DIGEST_HOUR, KEPT, Level, Occasion, begins_watching, mail_due, tellings,
};
use domain::policy::{self, Actor, OwnAccount, Read};
use domain::words::Invalid;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Most notifications that are deleted by one sweep.
const SWEPT: i64 = 10_000;
/// More than so many are shown as "99+".
pub const MOST_COUNTED: i64 = 100;

/// Which notifications to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NotificationFilter {
    pub unread: bool,
    pub occasion: Option<Occasion>,
}

/// Something that happened to a claim, once or several times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartView {
    pub occasion: Occasion,
    /// How often since the notification was read; 0: it was read.
    pub n: i32,
    /// Who did it last; `None`: the system itself.
    pub by: Option<String>,
    pub comment: Option<CommentId>,
    pub at: DateTime<Utc>,
}

/// What happened to one claim.
#[derive(Clone, Debug)]
pub struct NotificationView {
    pub claim: ClaimId,
    pub text: String,
    pub article_title: String,
    pub at: DateTime<Utc>,
    pub is_unread: bool,
    pub level: Option<Level>,
    /// Newest first; only what is new where something is.
    pub parts: Vec<PartView>,
}

impl NotificationView {
    /// How much happened since it was read.
    pub fn n(&self) -> i32 {
        self.parts.iter().map(|part| part.n).sum()
    }

    /// The comment to look at first, where it is about one.
    pub fn comment(&self) -> Option<CommentId> {
        self.parts.iter().min_by_key(|part| part.occasion).and_then(|part| part.comment)
    }
}

/// Who follows a claim.
#[derive(Clone, Debug, Default)]
pub struct Followers {
    /// How the actor does; `None` where they never said.
    pub own: Option<Level>,
    /// Names of those who watch it, the first hundred.
    pub watching: Vec<String>,
}

/// How a person wants to be told of what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choices {
    /// Every occasion once.
    pub channels: Vec<(Occasion, Channel)>,
    /// When the daily mail goes out, in UTC.
    pub hour: u32,
}

/// One person, one claim, one occasion.
#[derive(Clone, Copy)]
struct Told {
    n: i32,
    comment: Option<Uuid>,
    mail_due: Option<DateTime<Utc>>,
}

impl Tx {
    /// Tells whoever is to be told of the events of this transaction. The rows are written in the
    /// order of their keys, claims' notifications before their parts, so that two transactions
    /// cannot wait for each other in a circle.
    pub(crate) async fn tell(&mut self, events: &[(About, Event)]) -> Result<()> {
        let told = self.told(events).await?;
        if told.is_empty() {
            return Ok(());
        }
        let (now, actor) = (self.now, self.actor());
        let mut pairs: Vec<(Uuid, Uuid)> =
            told.keys().map(|(account, claim, _)| (*account, *claim)).collect();
        pairs.dedup();
        let (accounts, claims): (Vec<Uuid>, Vec<Uuid>) = pairs.into_iter().unzip();
        sqlx::query!(
            "insert into notification (account_id, claim_id, at, is_unread)
             select t.account_id, t.claim_id, $3, true from unnest($1::uuid[], $2::uuid[]) as t (account_id, claim_id)
              order by 1, 2
                 on conflict (account_id, claim_id) do update set at = excluded.at, is_unread = true",
            &accounts,
            &claims,
            now,
        )
        .execute(self.db())
        .await
        .doing("notify people")?;
        let accounts: Vec<Uuid> = told.keys().map(|(account, _, _)| *account).collect();
        let claims: Vec<Uuid> = told.keys().map(|(_, claim, _)| *claim).collect();
        let occasions: Vec<String> = told.keys().map(|(_, _, occasion)| occasion.word().to_owned()).collect();
        let counts: Vec<i32> = told.values().map(|told| told.n).collect();
        let comments: Vec<Option<Uuid>> = told.values().map(|told| told.comment).collect();
        let mails: Vec<Option<DateTime<Utc>>> = told.values().map(|told| told.mail_due).collect();
        sqlx::query!(
            "insert into notification_part as part (account_id, claim_id, occasion, n, comment_id, mail_due, actor_id, at)
             select t.account_id, t.claim_id, t.occasion, t.n, t.comment_id, t.mail_due, $7, $8
               from unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::uuid[], $6::timestamptz[])
                 as t (account_id, claim_id, occasion, n, comment_id, mail_due)
              order by 1, 2, 3
                 on conflict (account_id, claim_id, occasion) do update
                set n = part.n + excluded.n, actor_id = excluded.actor_id, comment_id = excluded.comment_id,
                    at = excluded.at, mail_due = least(part.mail_due, excluded.mail_due)",
            &accounts,
            &claims,
            &occasions,
            &counts,
            &comments as &[Option<Uuid>],
            &mails as &[Option<DateTime<Utc>>],
            actor.map(|id| id.0),
            now,
        )
        .execute(self.db())
        .await
        .doing("say what people are notified of")?;
        Ok(())
    }

    /// Who is told of what, and begins to watch. Costs nothing where no event is told of.
    async fn told(&mut self, events: &[(About, Event)]) -> Result<BTreeMap<(Uuid, Uuid, Occasion), Told>> {
        let (now, actor) = (self.now, self.actor());
        let mut begun: Vec<Uuid> = Vec::new();
        let (mut numbers, mut claims, mut occasions, mut weights) = (vec![], vec![], vec![], vec![]);
        let (mut defaults, mut comments) = (vec![], vec![]);
        let (mut kinds, mut people, mut threads): (Vec<String>, Vec<Option<Uuid>>, Vec<Option<Uuid>>) =
            (vec![], vec![], vec![]);
        for (number, (about, event)) in (0i32..).zip(events) {
            let Some(claim) = about.claim else { continue };
            if begins_watching(event) {
                begun.push(claim.0);
            }
            for telling in tellings(event) {
                let audience: Vec<(&str, Option<Uuid>, Option<Uuid>)> = match telling.audience {
                    Audience::Watchers => vec![("watchers", None, None)],
                    Audience::People(people) => {
                        people.iter().map(|id| ("person", Some(id.0), None)).collect()
                    }
                    Audience::Thread(first) => vec![("thread", None, Some(first.0))],
                    Audience::Editors => vec![("editors", None, None)],
                    Audience::Account => vec![("person", about.account.map(|id| id.0), None)],
                    Audience::WhoLeftADraft => vec![("draft", about.account.map(|id| id.0), None)],
                };
                for (kind, person, thread) in audience {
                    numbers.push(number);
                    claims.push(claim.0);
                    occasions.push(telling.occasion.word().to_owned());
                    weights.push(telling.occasion as i32);
                    defaults.push(telling.occasion.default_channel().word().to_owned());
                    comments.push(telling.comment.map(|id| id.0));
                    kinds.push(kind.to_owned());
                    people.push(person);
                    threads.push(thread);
                }
            }
        }
        if numbers.is_empty() && begun.is_empty() {
            return Ok(BTreeMap::new());
        }
        let rows = sqlx::query!(
            r#"with begun as (
                   insert into watch (claim_id, account_id, level, at)
                   select distinct claim_id, $10::uuid, 'watching', $11::timestamptz from unnest($12::uuid[]) as claim_id
                    where $10 is not null
                       on conflict (claim_id, account_id) do nothing
               ), telling as (
                   select event, claim_id, occasion, weight, default_channel, comment_id, kind, person, thread
                     from unnest($1::int[], $2::uuid[], $3::text[], $4::int[], $5::text[], $6::uuid[],
                                 $7::text[], $8::uuid[], $9::uuid[])
                       as t (event, claim_id, occasion, weight, default_channel, comment_id, kind, person, thread)
               ), someone as (
                   select t.event, t.claim_id, t.occasion, t.weight, t.default_channel, t.comment_id, watch.account_id from telling t
                     join watch on watch.claim_id = t.claim_id and watch.level = 'watching'
                    where t.kind = 'watchers'
                   union all
                   select t.event, t.claim_id, t.occasion, t.weight, t.default_channel, t.comment_id, t.person from telling t where t.kind = 'person'
                   union all
                   select t.event, t.claim_id, t.occasion, t.weight, t.default_channel, t.comment_id, editor.id from telling t
                     join account editor on editor.role in ('editor', 'admin')
                    where t.kind = 'editors'
                   union all
                   select t.event, t.claim_id, t.occasion, t.weight, t.default_channel, t.comment_id, comment.author_id from telling t
                     join comment on comment.id = t.thread or comment.reply_to = t.thread
                    where t.kind = 'thread'
                   union all
                   select t.event, t.claim_id, t.occasion, t.weight, t.default_channel, t.comment_id, t.person from telling t
                     join draft on draft.account_id = t.person and draft.form = 'verdict:' || t.claim_id
                    where t.kind = 'draft'
               )
               select distinct on (s.event, account.id)
                      s.claim_id as "claim_id!: Uuid", account.id as "account_id!: Uuid", s.occasion as "occasion!",
                      s.comment_id, coalesce(choice.channel, s.default_channel) as "channel!", at.hour as "hour?"
                 from someone s
                 join account on account.id = s.account_id and account.disabled_at is null
                 left join watch muted
                   on muted.claim_id = s.claim_id and muted.account_id = account.id and muted.level = 'muted'
                 left join notification_choice choice
                   on choice.account_id = account.id and choice.occasion = s.occasion
                 left join notification_hour at on at.account_id = account.id
                where account.id is distinct from $10 and muted.account_id is null
                  and coalesce(choice.channel, s.default_channel) <> 'none'
                order by s.event, account.id, s.weight"#,
            &numbers,
            &claims,
            &occasions,
            &weights,
            &defaults,
            &comments as &[Option<Uuid>],
            &kinds,
            &people as &[Option<Uuid>],
            &threads as &[Option<Uuid>],
            actor.map(|id| id.0),
            now,
            &begun,
        )
        .fetch_all(self.db())
        .await
        .doing("find who is to be told")?;
        let mut told: BTreeMap<(Uuid, Uuid, Occasion), Told> = BTreeMap::new();
        for row in rows {
            let occasion: Occasion = word("notification_part", "occasion", &row.occasion)?;
            let channel: Channel = word("notification_choice", "channel", &row.channel)?;
            let mail_due = mail_due(channel, hour(row.hour), now);
            let one = told.entry((row.account_id, row.claim_id, occasion)).or_insert(Told {
                n: 0,
                comment: None,
                mail_due,
            });
            one.n += 1;
            one.comment = row.comment_id;
        }
        Ok(told)
    }
}

fn hour(chosen: Option<i16>) -> u32 {
    chosen.and_then(|hour| u32::try_from(hour).ok()).unwrap_or(DIGEST_HOUR)
}

impl Desk {
    /// What the actor is told of, the newest first, a page at a time.
    ///
    /// # Errors
    /// `Refused` for nobody, or where the database fails.
    pub async fn notifications(
        &self,
        actor: &Actor,
        filter: NotificationFilter,
        after: Option<Cursor>,
        limit: i64,
    ) -> Result<Page<NotificationView>> {
        let _: policy::Permit<Read> = policy::permit(actor)?;
        let limit = limit.clamp(1, 200);
        let before = after.map(|cursor| cursor.moment()).transpose()?;
        let before_id = after.map(|cursor| cursor.id);
        // Two queries, so that each is one walk along one index.
        let keys: Vec<(DateTime<Utc>, Uuid)> = match filter.occasion {
            None => sqlx::query!(
                r#"select at, claim_id from notification
                    where account_id = $1 and (not $2::boolean or is_unread)
                      and ($3::timestamptz is null or (at, claim_id) < ($3, $4::uuid))
                    order by at desc, claim_id desc
                    limit $5"#,
                actor.id.0,
                filter.unread,
                before,
                before_id,
                limit + 1,
            )
            .fetch_all(Anew(&self.pool))
            .await
            .doing("list notifications")?
            .into_iter()
            .map(|row| (row.at, row.claim_id))
            .collect(),
            Some(occasion) => sqlx::query!(
                r#"select part.at, part.claim_id from notification_part part
                     join notification using (account_id, claim_id)
                    where part.account_id = $1 and part.occasion = $6 and (not $2::boolean or is_unread)
                      and ($3::timestamptz is null or (part.at, part.claim_id) < ($3, $4::uuid))
                    order by part.at desc, part.claim_id desc
                    limit $5"#,
                actor.id.0,
                filter.unread,
                before,
                before_id,
                limit + 1,
                occasion.word(),
            )
            .fetch_all(Anew(&self.pool))
            .await
            .doing("list notifications of a kind")?
            .into_iter()
            .map(|row| (row.at, row.claim_id))
            .collect(),
        };
        let page = Page::of(keys, limit, |(at, claim)| Cursor { key: at.timestamp_micros(), id: *claim });
        let claims: Vec<Uuid> = page.rows.iter().map(|(_, claim)| *claim).collect();
        Ok(Page { rows: self.told_of(actor, &claims).await?, next: page.next })
    }

    /// What a person is told of these claims, in this order.
    async fn told_of(&self, actor: &Actor, claims: &[Uuid]) -> Result<Vec<NotificationView>> {
        let mut parts: HashMap<Uuid, Vec<PartView>> = HashMap::new();
        let rows = sqlx::query!(
            r#"select part.claim_id, part.occasion, part.n, part.at, account.name as "by?",
                      part.comment_id as "comment_id: CommentId"
                 from notification_part part left join account on account.id = part.actor_id
                where part.account_id = $1 and part.claim_id = any($2)
                order by part.claim_id"#,
            actor.id.0,
            claims,
        )
        .fetch_all(&self.pool)
        .await
        .doing("read what happened")?;
        for row in rows {
            parts.entry(row.claim_id).or_default().push(PartView {
                occasion: word("notification_part", "occasion", &row.occasion)?,
                n: row.n,
                by: row.by,
                comment: row.comment_id,
                at: row.at,
            });
        }
        sqlx::query!(
            r#"select notification.claim_id as "claim_id: Uuid", claim.text, article.title, notification.at,
                      notification.is_unread, watch.level as "level?"
                 from unnest($2::uuid[]) with ordinality as wanted (id, place)
                 join notification on notification.account_id = $1 and notification.claim_id = wanted.id
                 join claim on claim.id = wanted.id
                 join article on article.id = claim.article_id
                 left join watch on watch.claim_id = wanted.id and watch.account_id = $1
                order by wanted.place"#,
            actor.id.0,
            claims,
        )
        .fetch_all(&self.pool)
        .await
        .doing("read notifications")?
        .into_iter()
        .map(|row| {
            let mut parts = parts.remove(&row.claim_id).unwrap_or_default();
            if row.is_unread {
                parts.retain(|part| part.n > 0);
            }
            parts.sort_by_key(|part| (std::cmp::Reverse(part.at), part.occasion));
            Ok(NotificationView {
                claim: ClaimId(row.claim_id),
                text: row.text,
                article_title: row.title,
                at: row.at,
                is_unread: row.is_unread,
                level: row.level.map(|level| word("watch", "level", &level)).transpose()?,
                parts,
            })
        })
        .collect()
    }

    /// Marks as read what the actor is told of these claims, or of all. Leaves no event: reading
    /// changes nothing of the desk's work.
    ///
    /// # Errors
    /// `Refused` for nobody, or where the database fails.
    pub async fn mark_read(
        &self,
        actor: &Actor,
        claims: Option<&[ClaimId]>,
        once: Option<&Once>,
    ) -> Result<()> {
        let _: policy::Permit<Read> = policy::permit(actor)?;
        let claims: Option<Vec<Uuid>> = claims.map(|claims| claims.iter().map(|id| id.0).collect());
        let mut tx = self.begin(Some(actor.id)).await?;
        if tx.once(once).await?.is_some() {
            return Ok(());
        }
        let now = tx.now;
        let read: Vec<Uuid> = sqlx::query_scalar!(
            r#"with due as (
                   select claim_id from notification
                    where account_id = $1 and is_unread and ($2::uuid[] is null or claim_id = any($2))
                    order by claim_id
                      for update)
               update notification set is_unread = false, read_at = $3
                 from due
                where notification.account_id = $1 and notification.claim_id = due.claim_id
               returning notification.claim_id as "claim_id: Uuid""#,
            actor.id.0,
            claims.as_deref(),
            now,
        )
        .fetch_all(tx.db())
        .await
        .doing("mark notifications as read")?;
        sqlx::query!(
            "update notification_part set n = 0, mail_due = null
              where account_id = $1 and claim_id = any($2) and (n > 0 or mail_due is not null)",
            actor.id.0,
            &read,
        )
        .execute(tx.db())
        .await
        .doing("mark what happened as read")?;
        tx.made(once, actor.id.0).await?;
        tx.commit_what_there_is().await
    }

    /// Marks as read what the actor is told of a claim that they opened; how many claims are left.
    ///
    /// # Errors
    /// As [`Self::mark_read`].
    pub async fn opened(&self, actor: &Actor, claim: ClaimId) -> Result<i64> {
        self.mark_read(actor, Some(&[claim]), None).await?;
        sqlx::query_scalar!(
            r#"select count(*) as "unread!"
                 from (select from notification where account_id = $1 and is_unread limit $2) as unread"#,
            actor.id.0,
            MOST_COUNTED,
        )
        .fetch_one(&self.pool)
        .await
        .doing("count what is unread")
    }

    /// Watches a claim, stops watching it, or mutes it. What changes nothing leaves no trace.
    ///
    /// # Errors
    /// `NotFound`, or where the database fails.
    pub async fn follow(&self, actor: &Actor, claim: ClaimId, level: Level) -> Result<()> {
        let _: policy::Permit<Read> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        let now = tx.now;
        let there = sqlx::query_scalar!(r#"select true as "there!" from claim where id = $1"#, claim.0)
            .fetch_optional(tx.db())
            .await
            .doing("look up a claim")?;
        if there.is_none() {
            return Err(Error::NotFound("claim"));
        }
        let changed = sqlx::query!(
            "insert into watch (claim_id, account_id, level, at) values ($1, $2, $3, $4)
             on conflict (claim_id, account_id) do update set level = excluded.level, at = excluded.at
              where watch.level <> excluded.level",
            claim.0,
            actor.id.0,
            level.word(),
            now,
        )
        .execute(tx.db())
        .await
        .doing("follow a claim")?;
        if changed.rows_affected() > 0 {
            tx.event(About::account(actor.id), &Event::Followed { claim, level }).await?;
            tx.commit().await?;
        }
        if level == Level::Muted {
            self.mark_read(actor, Some(&[claim]), None).await?;
        }
        Ok(())
    }

    /// Who follows a claim.
    ///
    /// # Errors
    /// `Refused` for nobody, or where the database fails.
    pub async fn followers(&self, actor: &Actor, claim: ClaimId) -> Result<Followers> {
        let _: policy::Permit<Read> = policy::permit(actor)?;
        let rows = sqlx::query!(
            r#"select watch.account_id as "id: AccountId", watch.level, account.name
                 from watch join account on account.id = watch.account_id
                where watch.claim_id = $1 and (watch.level = 'watching' or watch.account_id = $2)
                order by watch.account_id <> $2, watch.at
                limit 100"#,
            claim.0,
            actor.id.0,
        )
        .fetch_all(&self.pool)
        .await
        .doing("look up who watches a claim")?;
        let mut followers = Followers::default();
        for row in rows {
            let level: Level = word("watch", "level", &row.level)?;
            if row.id == actor.id {
                followers.own = Some(level);
            }
            if level == Level::Watching {
                followers.watching.push(row.name);
            }
        }
        Ok(followers)
    }

    /// How the actor wants to be told of what.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn choices(&self, actor: &Actor) -> Result<Choices> {
        let rows = sqlx::query!(
            r#"select occasion as "occasion?", channel as "channel?",
                      (select hour from notification_hour where account_id = $1) as hour
                 from (select) as always
                 left join notification_choice on account_id = $1"#,
            actor.id.0,
        )
        .fetch_all(&self.pool)
        .await
        .doing("read how somebody wants to be told")?;
        let chosen_hour = rows.first().and_then(|row| row.hour);
        let chosen: HashMap<String, String> =
            rows.into_iter().filter_map(|row| row.occasion.zip(row.channel)).collect();
        let channels = Occasion::ALL
            .iter()
            .map(|occasion| {
                let channel = match chosen.get(occasion.word()) {
                    Some(channel) => word("notification_choice", "channel", channel)?,
                    None => occasion.default_channel(),
                };
                Ok((*occasion, channel))
            })
            .collect::<Result<_>>()?;
        Ok(Choices { channels, hour: hour(chosen_hour) })
    }

    /// Chooses how to be told; what is not named stays as it is. Mail that waits for an occasion
    /// that is no longer mailed does not go out. What changes nothing leaves no trace.
    ///
    /// # Errors
    /// `Invalid` for an hour that no day has.
    pub async fn choose(&self, actor: &Actor, wanted: &Choices) -> Result<()> {
        let _: policy::Permit<OwnAccount> = policy::permit(actor)?;
        let hour = i16::try_from(wanted.hour).ok().filter(|hour| *hour < 24);
        let hour = hour.ok_or_else(|| Invalid::new("hour", "Choose an hour from 0 to 23."))?;
        let before = self.choices(actor).await?;
        let choices: Vec<(Occasion, Channel)> =
            wanted.channels.iter().filter(|choice| !before.channels.contains(choice)).copied().collect();
        if choices.is_empty() && before.hour == wanted.hour {
            return Ok(());
        }
        let mut tx = self.begin(Some(actor.id)).await?;
        choose(&mut tx, actor.id, &choices).await?;
        sqlx::query!(
            "insert into notification_hour (account_id, hour) values ($1, $2)
             on conflict (account_id) do update set hour = excluded.hour",
            actor.id.0,
            hour,
        )
        .execute(tx.db())
        .await
        .doing("choose the hour of the daily mail")?;
        tx.event(About::account(actor.id), &Event::NotificationsChosen { choices }).await?;
        tx.commit().await
    }

    /// Deletes notifications that were read long ago.
    pub(crate) async fn sweep_notifications(&self) -> Result<()> {
        sqlx::query!(
            "delete from notification
              where (account_id, claim_id) in (
                    select account_id, claim_id from notification
                     where not is_unread and read_at < $1 order by read_at limit $2)",
            self.clock.now() - KEPT,
            SWEPT,
        )
        .execute(&self.pool)
        .await
        .doing("sweep notifications")?;
        Ok(())
    }
}

pub(crate) async fn choose(tx: &mut Tx, account: AccountId, choices: &[(Occasion, Channel)]) -> Result<()> {
    let occasions: Vec<String> = choices.iter().map(|(occasion, _)| occasion.word().to_owned()).collect();
    let channels: Vec<String> = choices.iter().map(|(_, channel)| channel.word().to_owned()).collect();
    sqlx::query!(
        "insert into notification_choice (account_id, occasion, channel)
         select $1, occasion, channel from unnest($2::text[], $3::text[]) as c (occasion, channel)
             on conflict (account_id, occasion) do update set channel = excluded.channel",
        account.0,
        &occasions,
        &channels,
    )
    .execute(tx.db())
    .await
    .doing("choose how to be told")?;
    sqlx::query!(
        "update notification_part set mail_due = null
           from unnest($2::text[], $3::text[]) as c (occasion, channel)
          where account_id = $1 and mail_due is not null and notification_part.occasion = c.occasion
            and c.channel in ('none', 'app')",
        account.0,
        &occasions,
        &channels,
    )
    .execute(tx.db())
    .await
    .doing("keep mail back")?;
    Ok(())
}
