//! `GET /live`: tells open pages what changed, over server-sent events. One connection to the
//! database serves the whole process.
//!
//! Events: `changed` with `{"article", "claim"}`, where a missing id means more than one; `stale`
//! where some may have been missed, and the page should look again; `told` where the
//! person whose page it is was told of something, or has read it.

use super::Server;
use super::problem::{Trouble, chain};
use crate::worker::backoff;
use app::request::Who;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::{Extension, http::HeaderMap};
use desk::{Changed, Desk};
use domain::id::AccountId;
use futures_util::stream;
use http::StatusCode;
use std::convert::Infallible;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::broadcast::{Receiver, Sender, channel};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tracing::warn;

/// Between two events to one page: a burst is one event.
const GAP: Duration = Duration::from_millis(250);
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// After this long the browser has to come again, and to be somebody still.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// Changes that a slow page may lag behind before it is told to look again.
const BACKLOG: usize = 256;

/// What a page is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum News {
    Changed(Changed),
    /// What this person is told of changed: for their pages only.
    Told(AccountId),
    Stale,
}

impl From<Changed> for News {
    fn from(changed: Changed) -> Self {
        changed.told.map_or(Self::Changed(changed), Self::Told)
    }
}

impl News {
    /// Both in one: what they have in common.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Told(one), Self::Told(two)) if one == two => self,
            (Self::Changed(one), Self::Changed(two))
                if one.article.is_some() && one.article == two.article =>
            {
                Self::Changed(Changed {
                    incident: one.incident.filter(|id| two.incident == Some(*id)),
                    article: one.article,
                    claim: one.claim.filter(|id| two.claim == Some(*id)),
                    policy: false,
                    told: None,
                })
            }
            _ => Self::Stale,
        }
    }

    fn event(self) -> Event {
        match self {
            Self::Changed(changed) => {
                Event::default().event("changed").data(serde_json::to_string(&changed).unwrap_or_default())
            }
            Self::Told(_) => Event::default().event("told").data("{}"),
            Self::Stale => Event::default().event("stale").data("{}"),
        }
    }
}

/// Passes on what the database announces to every open page.
#[derive(Clone)]
pub struct Hub {
    news: Sender<News>,
    closing: CancellationToken,
}

impl Hub {
    pub fn new(closing: CancellationToken) -> Self {
        Self { news: channel(BACKLOG).0, closing }
    }

    /// Listens until closing, and again whenever the database was away.
    pub async fn follow(self, desk: Desk) {
        let failures = AtomicU32::new(0);
        while !self.closing.is_cancelled() {
            let listening = desk.listen(|changed| {
                failures.store(0, Ordering::Relaxed);
                // An error says that no page is open.
                let _ = self.news.send(changed.map_or(News::Stale, News::from));
            });
            let ended = tokio::select! {
                () = self.closing.cancelled() => return,
                ended = listening => ended,
            };
            if let Err(error) = ended {
                warn!(error = %chain(&error), "no live updates right now; listening again in a moment");
            }
            let wait = backoff(failures.fetch_add(1, Ordering::Relaxed) + 1);
            tokio::select! {
                () = self.closing.cancelled() => return,
                () = tokio::time::sleep(wait) => {}
            }
        }
    }
}

/// One open page.
struct Listener {
    who: AccountId,
    news: Receiver<News>,
    closing: CancellationToken,
    until: Instant,
    /// When the next event may go.
    free: Instant,
    /// The browser connects again after a break.
    returned: bool,
    count: u64,
}

impl Listener {
    /// Whether this page may hear of it.
    fn concerns(&self, news: News) -> bool {
        !matches!(news, News::Told(person) if person != self.who)
    }

    /// The next event; `None` at the end.
    async fn next(&mut self) -> Option<Event> {
        self.count += 1;
        let id = self.count.to_string();
        if self.count == 1 {
            // Opens the stream at once, and gives the browser an id to come back with.
            let first =
                if self.returned { News::Stale.event() } else { Event::default().event("open").data("{}") };
            return Some(first.id(id).retry(Duration::from_secs(2)));
        }
        let mut news = loop {
            let news = tokio::select! {
                () = self.closing.cancelled() => return None,
                () = sleep_until(self.until) => return None,
                news = self.news.recv() => match news {
                    Ok(news) => news,
                    Err(RecvError::Lagged(_)) => News::Stale,
                    Err(RecvError::Closed) => return None,
                },
            };
            if self.concerns(news) {
                break news;
            }
        };
        sleep_until(self.free).await;
        loop {
            match self.news.try_recv() {
                Ok(more) if self.concerns(more) => news = news.and(more),
                Ok(_) => {}
                Err(TryRecvError::Lagged(_)) => news = News::Stale,
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        self.free = Instant::now() + GAP;
        Some(news.event().id(id))
    }
}

pub async fn events(
    State(server): State<Server>,
    Extension(who): Extension<Who>,
    headers: HeaderMap,
) -> Response {
    let Some(who) = who.0 else {
        return Trouble::of_status(StatusCode::UNAUTHORIZED).into_response();
    };
    let now = Instant::now();
    let listener = Listener {
        who: who.actor.id,
        news: server.live.news.subscribe(),
        closing: server.live.closing.clone(),
        until: now + LONGEST,
        free: now,
        returned: headers.contains_key("last-event-id"),
        count: 0,
    };
    let events = stream::unfold(listener, |mut listener| async move {
        let event = listener.next().await?;
        Some((Ok::<_, Infallible>(event), listener))
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::{ArticleId, ClaimId};
    use uuid::Uuid;

    fn changed(article: u128, claim: Option<u128>) -> News {
        News::Changed(Changed {
            article: Some(ArticleId(Uuid::from_u128(article))),
            claim: claim.map(|claim| ClaimId(Uuid::from_u128(claim))),
            incident: None,
            policy: false,
            told: None,
        })
    }

    #[test]
    fn a_burst_becomes_what_its_changes_have_in_common() {
        assert_eq!(changed(1, Some(1)).and(changed(1, Some(1))), changed(1, Some(1)));
        assert_eq!(changed(1, Some(1)).and(changed(1, Some(2))), changed(1, None));
        assert_eq!(changed(1, None).and(changed(1, Some(2))), changed(1, None));
        assert_eq!(changed(1, Some(1)).and(changed(2, Some(2))), News::Stale);
        assert_eq!(changed(1, Some(1)).and(News::Stale), News::Stale);
        let told = |n| News::Told(AccountId(Uuid::from_u128(n)));
        assert_eq!(told(1).and(told(1)), told(1));
        assert_eq!(changed(1, Some(1)).and(told(1)), News::Stale);
    }
}
