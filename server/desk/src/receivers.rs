//! Programs elsewhere that are told of what is published. What is to be told is queued in the
//! transaction that publishes; workers send it, each thing by one of them at a time.

use crate::Desk;
use crate::db::Anew;
use crate::error::{Doing, Error, Result, word};
use crate::page::{Cursor, Page};
use crate::publish::NewsEntry;
use crate::tx::{About, Tx};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use domain::closed_set;
use domain::history::Event;
use domain::id::{DeliveryId, LedgerPublicationId, PublicationId, ReceiverId};
use domain::policy::{self, Actor, ManageReceivers};
use domain::receiver::{Loopback, SLOW_AT_ONCE, Telling, address, is_soon, next_after};
use domain::words::ReceiverName;
use std::collections::HashMap;
use uuid::Uuid;

closed_set! {
    /// How far a delivery is.
    DeliveryState {
        Waiting = "waiting", "waiting";
        Delivered = "delivered", "delivered";
        GivenUp = "given_up", "given up";
    }
}

/// A receiver just added: the only time its secret is shown.
pub struct NewReceiver {
    pub id: ReceiverId,
    /// As the Standard Webhooks libraries take it: `whsec_` and base64.
    pub secret: String,
}

/// A receiver in the list of them.
#[derive(Clone, Debug)]
pub struct ReceiverRow {
    pub id: ReceiverId,
    pub name: String,
    pub address: String,
    pub added_at: DateTime<Utc>,
    pub disabled_at: Option<DateTime<Utc>>,
}

/// Something that was or is to be told to a receiver.
#[derive(Clone, Debug)]
pub struct DeliveryRow {
    pub id: DeliveryId,
    pub receiver: ReceiverId,
    pub receiver_name: String,
    pub event: Telling,
    /// The page it is about; `None` for a test.
    pub slug: Option<String>,
    pub state: DeliveryState,
    pub queued_at: DateTime<Utc>,
    pub due_at: DateTime<Utc>,
    pub attempts: i32,
    /// What the receiver answered last, or why it did not.
    pub last: Option<(Option<i16>, String, DateTime<Utc>)>,
}

/// Something to be sent now.
#[derive(Clone)]
pub struct Outgoing {
    pub id: DeliveryId,
    pub receiver: ReceiverId,
    pub address: String,
    /// What it is signed with; `None` where it was sealed with a key that is not known here.
    pub secret: Option<Vec<u8>>,
    pub event: Telling,
    pub queued_at: DateTime<Utc>,
    /// What is told; `None` for a test.
    pub entry: Option<NewsEntry>,
}

/// What became of an attempt to send.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// What the receiver answered; `None` where it did not.
    pub status: Option<u16>,
    /// The beginning of its answer, or why there was none.
    pub said: String,
    pub took: TimeDelta,
}

/// What becomes of a receiver.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Begins,
    Ends,
}

/// How many a receiver gets side by side.
const TOGETHER: i64 = 2;
/// While one worker sends, no other does: twice what an attempt may take.
const SENDING: TimeDelta = TimeDelta::seconds(60);
/// What is kept of an answer, in code points.
const KEPT: usize = 500;

impl Desk {
    /// Adds a receiver.
    ///
    /// # Errors
    /// `Refused` below admin, `Invalid` for an address that nothing may be sent to.
    pub async fn add_receiver(
        &self,
        actor: &Actor,
        name: ReceiverName,
        given: &str,
        loopback: Loopback,
    ) -> Result<NewReceiver> {
        let _: policy::Permit<ManageReceivers> = policy::permit(actor)?;
        let address = address(given, loopback)?;
        let mut secret = vec![0; 32];
        getrandom::fill(&mut secret).map_err(|error| Error::Task(error.to_string()))?;
        let id = ReceiverId(self.new_id());
        let mut tx = self.begin(Some(actor.id)).await?;
        let now = tx.now;
        sqlx::query!(
            "insert into receiver (id, name, address, secret, added_by, added_at) values ($1, $2, $3, $4, $5, $6)",
            id.0,
            name.as_str(),
            address.as_str(),
            self.seal.close(&secret, id.0.as_bytes())?,
            actor.id.0,
            now,
        )
        .execute(tx.db())
        .await
        .doing("add a receiver")?;
        tx.event(About::account(actor.id), &Event::ReceiverAdded { name: name.to_string() }).await?;
        tx.commit().await?;
        Ok(NewReceiver { id, secret: format!("whsec_{}", STANDARD.encode(secret)) })
    }

    /// Takes a receiver out of use. What waits for it is given up.
    ///
    /// # Errors
    /// `Refused` below admin, `NotFound` where none of this id is in use.
    pub async fn disable_receiver(&self, actor: &Actor, id: ReceiverId) -> Result<()> {
        self.switch_receiver(actor, id, Use::Ends).await
    }

    /// Takes a receiver into use again.
    ///
    /// # Errors
    /// `Refused` below admin, `NotFound` where none of this id is out of use.
    pub async fn enable_receiver(&self, actor: &Actor, id: ReceiverId) -> Result<()> {
        self.switch_receiver(actor, id, Use::Begins).await
    }

    async fn switch_receiver(&self, actor: &Actor, id: ReceiverId, its_use: Use) -> Result<()> {
        let _: policy::Permit<ManageReceivers> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        let ended = (its_use == Use::Ends).then_some(tx.now);
        let name = sqlx::query_scalar!(
            "update receiver set disabled_at = $2
              where id = $1 and (disabled_at is null) <> ($2::timestamptz is null) returning name",
            id.0,
            ended,
        )
        .fetch_optional(tx.db())
        .await
        .doing("switch a receiver")?;
        let event = match (name, its_use) {
            (Some(name), Use::Ends) => Event::ReceiverDisabled { name },
            (Some(name), Use::Begins) => Event::ReceiverEnabled { name },
            (None, Use::Ends) => return Err(Error::NotFound("receiver in use")),
            (None, Use::Begins) => return Err(Error::NotFound("disabled receiver")),
        };
        sqlx::query!(
            "update delivery set state = 'given_up', done_at = $2
              where $2::timestamptz is not null and receiver_id = $1 and state = 'waiting'",
            id.0,
            ended,
        )
        .execute(tx.db())
        .await
        .doing("give up what waits for a receiver")?;
        tx.event(About::account(actor.id), &event).await?;
        tx.commit().await
    }

    /// Queues a test for a receiver.
    ///
    /// # Errors
    /// `Refused` below admin, `NotFound` where it is not in use.
    pub async fn test_receiver(&self, actor: &Actor, id: ReceiverId) -> Result<()> {
        let _: policy::Permit<ManageReceivers> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        let now = tx.now;
        let name = sqlx::query_scalar!(
            "with queued as (
                 insert into delivery (id, receiver_id, event, queued_at, due_at)
                 select $2, id, 'test', $3, $3 from receiver where id = $1 and disabled_at is null
                 returning receiver_id)
             select receiver.name from queued join receiver on receiver.id = queued.receiver_id",
            id.0,
            self.new_id(),
            now,
        )
        .fetch_optional(tx.db())
        .await
        .doing("queue a test")?
        .ok_or(Error::NotFound("receiver in use"))?;
        tx.event(About::account(actor.id), &Event::ReceiverTested { name }).await?;
        tx.commit().await
    }

    /// Queues again what was delivered or given up, under an id of its own.
    ///
    /// # Errors
    /// `Refused` below admin, `NotFound` where it waits, or its receiver is not in use.
    pub async fn replay_delivery(&self, actor: &Actor, id: DeliveryId) -> Result<()> {
        let _: policy::Permit<ManageReceivers> = policy::permit(actor)?;
        let mut tx = self.begin(Some(actor.id)).await?;
        let now = tx.now;
        let name = sqlx::query_scalar!(
            "with queued as (
                 insert into delivery (id, receiver_id, event, publication_id, incident_publication_id, queued_at, due_at)
                 select $2, d.receiver_id, d.event, d.publication_id, d.incident_publication_id, $3, $3
                   from delivery d join receiver r on r.id = d.receiver_id
                  where d.id = $1 and d.state <> 'waiting' and r.disabled_at is null
                 returning receiver_id)
             select receiver.name from queued join receiver on receiver.id = queued.receiver_id",
            id.0,
            self.new_id(),
            now,
        )
        .fetch_optional(tx.db())
        .await
        .doing("queue a delivery again")?
        .ok_or(Error::NotFound("delivery that can be sent again"))?;
        tx.event(About::account(actor.id), &Event::DeliveryReplayed { name }).await?;
        tx.commit().await
    }

    /// All receivers, by name.
    ///
    /// # Errors
    /// `Refused` below admin.
    pub async fn receivers(&self, actor: &Actor) -> Result<Vec<ReceiverRow>> {
        let _: policy::Permit<ManageReceivers> = policy::permit(actor)?;
        sqlx::query_as!(
            ReceiverRow,
            r#"select id as "id: ReceiverId", name, address, added_at, disabled_at
                 from receiver order by disabled_at is not null, name, id limit 500"#,
        )
        .fetch_all(&self.pool)
        .await
        .doing("list receivers")
    }

    /// What was and is to be told, newest first, a page at a time; of one receiver, or of all.
    ///
    /// # Errors
    /// `Refused` below admin.
    pub async fn deliveries(
        &self,
        actor: &Actor,
        of: Option<ReceiverId>,
        after: Option<Cursor>,
        limit: i64,
    ) -> Result<Page<DeliveryRow>> {
        let _: policy::Permit<ManageReceivers> = policy::permit(actor)?;
        let limit = limit.clamp(1, 200);
        let rows = sqlx::query!(
            r#"select d.id as "id!: DeliveryId", r.id as "receiver!: ReceiverId", r.name as "name!", d.event as "event!",
                      coalesce(p.slug, figures.slug) as slug,
                      d.state as "state!", d.queued_at as "queued_at!", d.due_at as "due_at!", d.attempts as "attempts!",
                      a.status as "status?", a.said as "said?", a.at as "at?"
                 from receiver r
                cross join lateral (select * from delivery
                                     where receiver_id = r.id
                                       and ($2::timestamptz is null or (queued_at, id) < ($2, $3::uuid))
                                     order by queued_at desc, id desc limit $4) d
                 left join publication p on p.id = d.publication_id
                 left join incident_publication figures on figures.id = d.incident_publication_id
                 left join lateral (select status, said, at from delivery_attempt
                                     where delivery_id = d.id order by number desc limit 1) a on true
                where $1::uuid is null or r.id = $1
                order by d.queued_at desc, d.id desc
                limit $4"#,
            of.map(|id| id.0),
            after.map(|cursor| cursor.moment()).transpose()?,
            after.map(|cursor| cursor.id),
            limit + 1,
        )
        .fetch_all(Anew(&self.pool))
        .await
        .doing("list deliveries")?
        .into_iter()
        .map(|row| {
            Ok(DeliveryRow {
                id: row.id,
                receiver: row.receiver,
                receiver_name: row.name,
                event: word("delivery", "event", &row.event)?,
                slug: row.slug,
                state: word("delivery", "state", &row.state)?,
                queued_at: row.queued_at,
                due_at: row.due_at,
                attempts: row.attempts,
                last: row.said.zip(row.at).map(|(said, at)| (row.status, said, at)),
            })
        })
        .collect::<Result<Vec<_>>>()?;
        Ok(Page::of(rows, limit, |row: &DeliveryRow| Cursor {
            key: row.queued_at.timestamp_micros(),
            id: row.id.0,
        }))
    }

    /// Takes deliveries that are due, so that no other worker sends them meanwhile: at most two for each
    /// receiver, the first of each before the second of any, so that one which does not answer holds up
    /// no other. Those that did not answer soon get one each and a share of all places together. Those that
    /// `busy` names, who are being sent something, get none.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn take_deliveries(&self, most: i64, busy: &[ReceiverId]) -> Result<Vec<Outgoing>> {
        let busy: Vec<Uuid> = busy.iter().map(|id| id.0).collect();
        let now = self.clock.now();
        let taken = sqlx::query!(
            r#"with due as materialized (
                   select id
                     from (select id, due_at, nth, answers,
                                  row_number() over (partition by answers order by nth, due_at) as place
                             from (select next.id, next.due_at, receiver.answers,
                                          row_number() over (partition by receiver.id order by next.due_at) as nth
                                     from receiver
                                    cross join lateral (
                                          select id, due_at from delivery
                                           where receiver_id = receiver.id and state = 'waiting' and due_at <= $1
                                           order by due_at limit case when receiver.answers then $4::bigint else 1 end
                                             for update skip locked) next
                                    where receiver.id <> all($5)) ranked) placed
                    where answers
                       or place <= $6 - (select count(*) from receiver being
                                          where being.id = any($5) and not being.answers)
                    order by nth, due_at
                    limit $2)
               update delivery d
                  set due_at = $3, attempts = attempts + 1
                 from due, receiver r
                where d.id = due.id and r.id = d.receiver_id
               returning d.id as "id: DeliveryId", r.id as "receiver: ReceiverId", r.address, r.secret, d.event,
                         d.queued_at, d.publication_id as "claim: PublicationId",
                         d.incident_publication_id as "figures: LedgerPublicationId""#,
            now,
            most,
            now + SENDING,
            TOGETHER,
            &busy,
            SLOW_AT_ONCE,
        )
        .fetch_all(&self.pool)
        .await
        .doing("take deliveries")?;
        let claims: Vec<PublicationId> = taken.iter().filter_map(|row| row.claim).collect();
        let ledgers: Vec<LedgerPublicationId> = taken.iter().filter_map(|row| row.figures).collect();
        let (claims, ledgers) = (self.entries_of(&claims).await?, self.ledger_entries_of(&ledgers).await?);
        let secrets = taken.iter().map(|row| (row.receiver, row.secret.clone())).collect();
        let secrets = self.open_secrets(secrets).await?;
        taken
            .into_iter()
            .map(|row| {
                Ok(Outgoing {
                    id: row.id,
                    receiver: row.receiver,
                    address: row.address,
                    secret: secrets.get(&row.receiver).cloned(),
                    event: word("delivery", "event", &row.event)?,
                    queued_at: row.queued_at,
                    entry: match (row.claim, row.figures) {
                        (Some(id), _) => {
                            claims.get(&id).cloned().map(|entry| NewsEntry::Claim(Box::new(entry)))
                        }
                        (None, Some(id)) => {
                            ledgers.get(&id).cloned().map(|entry| NewsEntry::Ledger(Box::new(entry)))
                        }
                        (None, None) => None,
                    },
                })
            })
            .collect()
    }

    /// The secrets of receivers, as far as they can be opened. Those that were kept otherwise than a
    /// new one would be, before there was a key or under an older one, are kept anew.
    async fn open_secrets(&self, kept: HashMap<ReceiverId, Vec<u8>>) -> Result<HashMap<ReceiverId, Vec<u8>>> {
        let mut opened = HashMap::new();
        let (mut ids, mut was, mut anew): (Vec<Uuid>, Vec<Vec<u8>>, Vec<Vec<u8>>) = Default::default();
        for (id, kept) in kept {
            let Ok(secret) = self.seal.open(&kept, id.0.as_bytes()) else { continue };
            if !self.seal.is_as_new(&kept, id.0.as_bytes()) {
                ids.push(id.0);
                anew.push(self.seal.close(&secret, id.0.as_bytes())?);
                was.push(kept);
            }
            opened.insert(id, secret);
        }
        if !ids.is_empty() {
            sqlx::query!(
                "update receiver set secret = sealed.anew
                   from unnest($1::uuid[], $2::bytea[], $3::bytea[]) as sealed (id, was, anew)
                  where receiver.id = sealed.id and receiver.secret = sealed.was",
                &ids,
                &was,
                &anew,
            )
            .execute(&self.pool)
            .await
            .doing("seal the secrets of receivers")?;
        }
        Ok(opened)
    }

    /// Keeps what became of an attempt: it is in, it is tried again later, or it is given up.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn note_attempt(&self, id: DeliveryId, attempt: &Attempt) -> Result<()> {
        let now = self.clock.now();
        let is_in = attempt.status.is_some_and(|status| (200..300).contains(&status));
        let mut tx = self.pool.begin().await.doing("begin")?;
        let Some(tried) = sqlx::query_scalar!("select attempts from delivery where id = $1 for update", id.0)
            .fetch_optional(&mut *tx)
            .await
            .doing("lock a delivery")?
        else {
            return Err(Error::NotFound("delivery"));
        };
        let next = next_after(tried).filter(|_| !is_in);
        let state = match (is_in, next) {
            (true, _) => DeliveryState::Delivered,
            (false, Some(_)) => DeliveryState::Waiting,
            (false, None) => DeliveryState::GivenUp,
        };
        let said: String = attempt.said.replace('\0', "\u{fffd}").chars().take(KEPT).collect();
        sqlx::query!(
            "insert into delivery_attempt (delivery_id, number, at, took_ms, status, said)
             values ($1, $2, $3, $4, $5, $6)
             on conflict (delivery_id, number) do nothing",
            id.0,
            tried,
            now,
            i32::try_from(attempt.took.num_milliseconds()).unwrap_or(i32::MAX),
            attempt.status.and_then(|status| i16::try_from(status).ok()),
            said,
        )
        .execute(&mut *tx)
        .await
        .doing("note an attempt")?;
        sqlx::query!(
            "update delivery
                set state = $2, due_at = coalesce($3, due_at),
                    done_at = case when $2 = 'waiting' then null else $4::timestamptz end
              where id = $1 and state = 'waiting'",
            id.0,
            state.word(),
            next.map(|wait| now + wait),
            now,
        )
        .execute(&mut *tx)
        .await
        .doing("move a delivery")?;
        sqlx::query!(
            "update receiver set answers = $2
              where id = (select receiver_id from delivery where id = $1) and answers <> $2",
            id.0,
            is_soon(attempt.took),
        )
        .execute(&mut *tx)
        .await
        .doing("note whether a receiver answers")?;
        tx.commit().await.doing("commit")
    }
}

/// What receivers are told of.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject {
    Claim(PublicationId),
    Ledger(LedgerPublicationId),
}

/// Queues what was just published for every receiver in use.
pub(crate) async fn queue(tx: &mut Tx, event: Telling, of: Subject) -> Result<()> {
    let now = tx.now;
    let (claim, figures) = match of {
        Subject::Claim(id) => (Some(id.0), None),
        Subject::Ledger(id) => (None, Some(id.0)),
    };
    sqlx::query!(
        "insert into delivery (id, receiver_id, event, publication_id, incident_publication_id, queued_at, due_at)
         select gen_random_uuid(), id, $1, $2, $3, $4, $4 from receiver where disabled_at is null",
        event.word(),
        claim,
        figures,
        now,
    )
    .execute(tx.db())
    .await
    .doing("queue what receivers are told")?;
    Ok(())
}
