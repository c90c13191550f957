//! Tells listeners what changed, over LISTEN/NOTIFY: one connection for a whole process.

use crate::Desk;
use crate::error::{Doing, Result};
use domain::id::{AccountId, ArticleId, ClaimId, IncidentId};
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgListener;

/// Something changed here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    pub article: Option<ArticleId>,
    pub claim: Option<ClaimId>,
    /// An incident changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<IncidentId>,
    /// The desk's policy was changed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub policy: bool,
    /// What this person is told of changed; nobody else hears of it.
    #[serde(default, skip_serializing)]
    pub told: Option<AccountId>,
}

/// There is a new version of a scale.
#[derive(Deserialize)]
struct OfScale {
    #[serde(rename = "scale")]
    _scale: String,
}

impl Desk {
    /// Calls `tell` for every change, until the connection ends; `None` says that some may have
    /// been missed: at the beginning, and when the connection was lost and made again.
    ///
    /// # Errors
    /// Where no connection can be had or it is lost for good.
    pub async fn listen(&self, mut tell: impl FnMut(Option<Changed>)) -> Result<()> {
        let mut listener = PgListener::connect_with(self.pool.pool()).await.doing("listen for changes")?;
        listener.listen("claimdesk").await.doing("listen for changes")?;
        // What happened before is not known here.
        self.policy.forget();
        self.forget_scales();
        tell(None);
        loop {
            match listener.try_recv().await.doing("receive changes")? {
                Some(notification) => {
                    if serde_json::from_str::<OfScale>(notification.payload()).is_ok() {
                        // Nothing that is on a page is called something else because of it.
                        self.forget_scales();
                    } else if let Ok(changed) = serde_json::from_str::<Changed>(notification.payload()) {
                        if changed.policy {
                            self.policy.forget();
                        }
                        tell(Some(changed));
                    }
                }
                None => {
                    self.policy.forget();
                    self.forget_scales();
                    tell(None);
                }
            }
        }
    }
}
