//! The time, as something a test can hold still.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use std::sync::{Arc, Mutex, PoisonError};

#[derive(Clone, Debug, Default)]
pub enum Clock {
    #[default]
    System,
    Frozen(Arc<Mutex<DateTime<Utc>>>),
}

impl Clock {
    pub fn frozen(at: DateTime<Utc>) -> Self {
        Self::Frozen(Arc::new(Mutex::new(at)))
    }

    /// Now, in the microseconds that Postgres keeps.
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Self::System => system_now().trunc_subsecs(6),
            Self::Frozen(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Moves a frozen clock; the system's goes by itself.
    pub fn advance(&self, by: TimeDelta) {
        if let Self::Frozen(at) = self {
            *at.lock().unwrap_or_else(PoisonError::into_inner) += by;
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is where the time comes from")]
fn system_now() -> DateTime<Utc> {
    Utc::now()
}
