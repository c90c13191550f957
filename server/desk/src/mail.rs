//! The outbox. What a person has not read in the app when its mail is due is put together into one
//! mail, its words are kept, and it is tried until the mail server takes it.
//!
//! A mail is taken by one worker at a time, and its row goes when the server has accepted it. Only
//! where the process dies, or the connection breaks, between the server's "accepted" and the row's
//! end is it sent again, with the same words and the same Message-ID: SMTP knows no more than that.

use crate::Desk;
use crate::error::{Doing, Error, Result, storable, word};
use crate::notify::choose;
use crate::tx::About;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use domain::history::Event;
use domain::id::{AccountId, ClaimId, CommentId, MailId};
use domain::notification::{Channel, MOST_TRIES, Occasion, tried_again_after};
use domain::policy::{self, Actor, ManageAccounts};
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use uuid::Uuid;

/// Most events that one round puts together.
const MOST_GATHERED: i64 = 1000;
/// Most claims that one mail names; the rest is a number.
const MOST_LINES: usize = 50;
/// Most mails that one round sends.
const MOST_SENT: i64 = 20;
/// What waited longer than this is not mailed any more: the desk sent no mail meanwhile.
const STALE: TimeDelta = TimeDelta::days(1);
/// What is being sent is nobody else's for this long: longer than any attempt takes.
const SENDING: TimeDelta = TimeDelta::minutes(5);
/// Longest reason that is kept, in code points.
const LONGEST_REASON: usize = 500;

/// What happened to one claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailLine {
    pub claim: ClaimId,
    /// The comment to look at first.
    pub comment: Option<CommentId>,
    pub text: String,
    pub article_title: String,
    /// Newest first, in words.
    pub said: Vec<String>,
}

/// What a mail says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailBody {
    pub lines: Vec<MailLine>,
    /// Claims beside those in `lines`.
    pub more: u32,
}

/// A mail to send.
#[derive(Clone, Debug)]
pub struct Mail {
    pub id: MailId,
    pub to: String,
    pub name: String,
    pub made_at: DateTime<Utc>,
    pub body: MailBody,
    /// What the link to stop all mail ends with.
    pub stop: String,
}

/// A mail that did not go out, as admins see it.
#[derive(Clone, Debug)]
pub struct MailRow {
    pub id: MailId,
    pub name: String,
    pub to: String,
    pub made_at: DateTime<Utc>,
    pub attempts: i32,
    pub failed: String,
    /// When it is tried again; `None`: not by itself.
    pub due_at: Option<DateTime<Utc>>,
}

/// How the outbox stands.
#[derive(Clone, Debug, Default)]
pub struct Outbox {
    /// Mails that wait, failed ones among them.
    pub waiting: i64,
    /// Newest first, the first two hundred.
    pub failed: Vec<MailRow>,
}

impl Desk {
    /// Puts what is due together, one mail for each person; how many mails that are.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn gather_mail(&self) -> Result<u64> {
        let now = self.clock.now();
        let is_due = sqlx::query_scalar!(
            r#"select exists (select from notification_part where mail_due <= $1 and mail_due > $2) as "due!""#,
            now,
            now - STALE,
        )
        .fetch_one(&self.pool)
        .await
        .doing("look for mail that is due")?;
        if !is_due {
            return Ok(0);
        }
        let mut tx = self.pool.begin().await.doing("begin")?;
        // One worker gathers at a time: two would make two mails of what one person is told.
        let is_alone = sqlx::query_scalar!(
            r#"select pg_try_advisory_xact_lock(hashtext('claimdesk mail')) as "alone!""#
        )
        .fetch_one(&mut *tx)
        .await
        .doing("be the one who gathers mail")?;
        if !is_alone {
            return Ok(0);
        }
        let rows = sqlx::query!(
            r#"select part.account_id as "account_id: Uuid", part.claim_id as "claim_id: ClaimId", part.occasion,
                      part.n, part.comment_id as "comment_id: CommentId", actor.name as "by?", claim.text, article.title
                 from notification_part part
                 join account on account.id = part.account_id and account.disabled_at is null
                 join claim on claim.id = part.claim_id
                 join article on article.id = claim.article_id
                 left join account actor on actor.id = part.actor_id
                where part.mail_due <= $1 and part.mail_due > $2
                order by part.account_id, part.at desc, part.claim_id, part.occasion
                limit $3
                  for update of part skip locked"#,
            now,
            now - STALE,
            MOST_GATHERED,
        )
        .fetch_all(&mut *tx)
        .await
        .doing("gather what is to be mailed")?;
        let (mut accounts, mut claims, mut occasions) = (Vec::new(), Vec::new(), Vec::new());
        let mut mails: Vec<(Uuid, Vec<(Occasion, MailLine)>)> = Vec::new();
        for row in rows {
            accounts.push(row.account_id);
            claims.push(row.claim_id.0);
            let occasion: Occasion = word("notification_part", "occasion", &row.occasion)?;
            occasions.push(row.occasion);
            if mails.last().is_none_or(|(account, _)| *account != row.account_id) {
                mails.push((row.account_id, Vec::new()));
            }
            let Some((_, lines)) = mails.last_mut() else { continue };
            let said = occasion.told(row.n, row.by.as_deref());
            match lines.iter_mut().find(|(_, line)| line.claim == row.claim_id) {
                Some((first, line)) => {
                    line.said.push(said);
                    if occasion < *first {
                        (*first, line.comment) = (occasion, row.comment_id);
                    }
                }
                None => {
                    let line = MailLine {
                        claim: row.claim_id,
                        comment: row.comment_id,
                        text: row.text,
                        article_title: row.title,
                        said: vec![said],
                    };
                    lines.push((occasion, line));
                }
            }
        }
        sqlx::query!(
            "update notification_part part set mail_due = null
               from unnest($1::uuid[], $2::uuid[], $3::text[]) as done (account_id, claim_id, occasion)
              where part.account_id = done.account_id and part.claim_id = done.claim_id and part.occasion = done.occasion",
            &accounts,
            &claims,
            &occasions,
        )
        .execute(&mut *tx)
        .await
        .doing("note what is being mailed")?;
        let (mut ids, mut people, mut bodies, mut keys) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (account, lines) in mails {
            let more = u32::try_from(lines.len().saturating_sub(MOST_LINES)).unwrap_or(u32::MAX);
            let lines = lines.into_iter().take(MOST_LINES).map(|(_, line)| line).collect();
            let body = serde_json::to_value(MailBody { lines, more });
            bodies.push(body.map_err(|error| Error::Task(error.to_string()))?);
            ids.push(self.new_id());
            people.push(account);
            let mut key = vec![0; 32];
            getrandom::fill(&mut key).map_err(|error| Error::Task(error.to_string()))?;
            keys.push(key);
        }
        sqlx::query!(
            "with keyed as (
                 insert into mail_key (account_id, key) select account_id, key from unnest($2::uuid[], $5::bytea[]) as k (account_id, key)
                     on conflict (account_id) do nothing)
             insert into mail (id, account_id, body, made_at, due_at)
             select id, account_id, body, $4, $4 from unnest($1::uuid[], $2::uuid[], $3::jsonb[]) as m (id, account_id, body)",
            &ids,
            &people,
            &bodies,
            now,
            &keys,
        )
        .execute(&mut *tx)
        .await
        .doing("put mail into the outbox")?;
        tx.commit().await.doing("commit")?;
        Ok(ids.len() as u64)
    }

    /// Takes mails that are due. Each is tried again later unless [`Self::mail_sent`] says that it
    /// went out.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn due_mail(&self) -> Result<Vec<Mail>> {
        let now = self.clock.now();
        let rows = sqlx::query!(
            r#"with due as (
                   select id from mail where due_at <= $1 and given_up_at is null
                    order by due_at limit $3 for update skip locked
               ), taken as (
                   update mail set attempts = attempts + 1, due_at = $2 from due where mail.id = due.id
                   returning mail.id, mail.account_id, mail.made_at, mail.body)
               select taken.id as "id!: MailId", taken.account_id as "account_id!: AccountId",
                      taken.made_at as "made_at!", taken.body as "body!", account.email as "email!",
                      account.name as "name!", mail_key.key as "key!", account.disabled_at is not null as "gone!"
                 from taken
                 join account on account.id = taken.account_id
                 join mail_key on mail_key.account_id = taken.account_id
                order by taken.made_at, taken.id"#,
            now,
            now + SENDING,
            MOST_SENT,
        )
        .fetch_all(&self.pool)
        .await
        .doing("take mail that is due")?;
        let mut mails = Vec::new();
        for row in rows {
            if row.gone {
                self.mail_sent(row.id).await?;
                continue;
            }
            let body = serde_json::from_value(row.body).map_err(|error| Error::Inconsistent {
                table: "mail",
                column: "body",
                what: error.to_string(),
            })?;
            mails.push(Mail {
                id: row.id,
                to: row.email,
                name: row.name,
                made_at: row.made_at,
                body,
                stop: stop_token(row.account_id, &row.key)?,
            });
        }
        Ok(mails)
    }

    /// The mail server has taken a mail: it is done with.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn mail_sent(&self, id: MailId) -> Result<()> {
        sqlx::query!("delete from mail where id = $1", id.0).execute(&self.pool).await.doing("end a mail")?;
        Ok(())
    }

    /// A mail did not go out. It is tried again, later each time, unless that is of no use or was
    /// done often enough; whether it was given up.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn mail_failed(&self, id: MailId, why: &str, is_final: bool) -> Result<bool> {
        let now = self.clock.now();
        let why: String = storable(why).chars().take(LONGEST_REASON).collect();
        let attempts = sqlx::query_scalar!("select attempts from mail where id = $1", id.0)
            .fetch_optional(&self.pool)
            .await
            .doing("look up a mail")?
            .unwrap_or_default();
        let given_up = is_final || attempts >= MOST_TRIES;
        sqlx::query!(
            "update mail set failed = $2, due_at = $3, given_up_at = case when $4 then $5::timestamptz end where id = $1",
            id.0,
            why,
            now + tried_again_after(attempts),
            given_up,
            now,
        )
        .execute(&self.pool)
        .await
        .doing("note that a mail failed")?;
        Ok(given_up)
    }

    /// Whose mail a link stops; nothing changes yet, because programs follow links to look at them.
    ///
    /// # Errors
    /// `NotFound` for a link that was not made here.
    pub async fn stops_mail_of(&self, token: &str) -> Result<AccountId> {
        let not_ours = || Error::NotFound("link");
        let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| not_ours())?;
        let (id, signature) = bytes.split_at_checked(16).ok_or_else(not_ours)?;
        let account = AccountId(Uuid::from_slice(id).map_err(|_| not_ours())?);
        let key = sqlx::query_scalar!("select key from mail_key where account_id = $1", account.0)
            .fetch_optional(&self.pool)
            .await
            .doing("look up what a link is signed with")?
            .ok_or_else(not_ours)?;
        signed(account, &key)?.verify_slice(signature).map_err(|_| not_ours())?;
        Ok(account)
    }

    /// Stops all mail of whoever a link belongs to; what was mailed is told in the app from then on.
    ///
    /// # Errors
    /// `NotFound` for a link that was not made here.
    pub async fn stop_mail(&self, token: &str) -> Result<()> {
        let account = self.stops_mail_of(token).await?;
        let mut tx = self.begin(Some(account)).await?;
        let chosen = sqlx::query!(
            "select occasion, channel from notification_choice where account_id = $1",
            account.0
        )
        .fetch_all(tx.db())
        .await
        .doing("read how somebody wants to be told")?;
        let is_mailed = |occasion: Occasion| {
            let chosen = chosen.iter().find(|row| row.occasion == occasion.word());
            let channel = match chosen {
                Some(row) => row.channel.parse::<Channel>().unwrap_or(Channel::App),
                None => occasion.default_channel(),
            };
            matches!(channel, Channel::Mail | Channel::Digest)
        };
        let choices: Vec<(Occasion, Channel)> = Occasion::ALL
            .iter()
            .copied()
            .filter(|occasion| is_mailed(*occasion))
            .map(|occasion| (occasion, Channel::App))
            .collect();
        sqlx::query!("delete from mail where account_id = $1", account.0)
            .execute(tx.db())
            .await
            .doing("take mail out of the outbox")?;
        if choices.is_empty() {
            return tx.commit_nothing_changed().await;
        }
        choose(&mut tx, account, &choices).await?;
        tx.event(About::account(account), &Event::MailStopped).await?;
        tx.commit().await
    }

    /// How the outbox stands.
    ///
    /// # Errors
    /// `Refused` below admin.
    pub async fn outbox(&self, by: &Actor) -> Result<Outbox> {
        let _: policy::Permit<ManageAccounts> = policy::permit(by)?;
        let waiting = sqlx::query_scalar!(r#"select count(*) as "n!" from mail where given_up_at is null"#)
            .fetch_one(&self.pool)
            .await
            .doing("count the mail that waits")?;
        let failed = sqlx::query!(
            r#"select mail.id as "id: MailId", account.name, account.email, mail.made_at, mail.attempts,
                      mail.failed as "failed!", mail.due_at, mail.given_up_at
                 from mail join account on account.id = mail.account_id
                where mail.failed is not null
                order by mail.made_at desc, mail.id desc
                limit 200"#,
        )
        .fetch_all(&self.pool)
        .await
        .doing("list mail that failed")?
        .into_iter()
        .map(|row| MailRow {
            id: row.id,
            name: row.name,
            to: row.email,
            made_at: row.made_at,
            attempts: row.attempts,
            failed: row.failed,
            due_at: row.given_up_at.is_none().then_some(row.due_at),
        })
        .collect();
        Ok(Outbox { waiting, failed })
    }

    /// Has a mail that failed tried again from the beginning.
    ///
    /// # Errors
    /// `Refused` below admin, `NotFound`.
    pub async fn try_mail_again(&self, by: &Actor, id: MailId) -> Result<()> {
        let _: policy::Permit<ManageAccounts> = policy::permit(by)?;
        let mut tx = self.begin(Some(by.id)).await?;
        let now = tx.now;
        let row = sqlx::query!(
            r#"update mail set attempts = 0, due_at = $2, given_up_at = null from account
                where mail.id = $1 and mail.failed is not null and account.id = mail.account_id
               returning account.id as "id: AccountId", account.name"#,
            id.0,
            now,
        )
        .fetch_optional(tx.db())
        .await
        .doing("try a mail again")?
        .ok_or(Error::NotFound("mail that failed"))?;
        tx.event(About::account(row.id), &Event::MailTriedAgain { name: row.name }).await?;
        tx.commit().await
    }

    /// Throws a mail that failed away.
    ///
    /// # Errors
    /// `Refused` below admin, `NotFound`.
    pub async fn drop_mail(&self, by: &Actor, id: MailId) -> Result<()> {
        let _: policy::Permit<ManageAccounts> = policy::permit(by)?;
        let mut tx = self.begin(Some(by.id)).await?;
        let row = sqlx::query!(
            r#"delete from mail using account
                where mail.id = $1 and mail.failed is not null and account.id = mail.account_id
               returning account.id as "id: AccountId", account.name"#,
            id.0,
        )
        .fetch_optional(tx.db())
        .await
        .doing("throw a mail away")?
        .ok_or(Error::NotFound("mail that failed"))?;
        tx.event(About::account(row.id), &Event::MailDropped { name: row.name }).await?;
        tx.commit().await
    }

    /// Forgets that what waited too long was to be mailed: nobody sent mail meanwhile.
    pub(crate) async fn sweep_mail(&self) -> Result<()> {
        sqlx::query!(
            "update notification_part set mail_due = null where mail_due <= $1",
            self.clock.now() - STALE,
        )
        .execute(&self.pool)
        .await
        .doing("forget mail that nobody sent")?;
        Ok(())
    }
}

fn signed(account: AccountId, key: &[u8]) -> Result<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(|error| Error::Task(error.to_string()))?;
    mac.update(b"stop mail of ");
    mac.update(account.0.as_bytes());
    Ok(mac)
}

fn stop_token(account: AccountId, key: &[u8]) -> Result<String> {
    let signature = signed(account, key)?.finalize().into_bytes();
    let bytes: Vec<u8> = account.0.as_bytes().iter().chain(signature.iter()).copied().collect();
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
