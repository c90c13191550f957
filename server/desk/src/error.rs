//! What can go wrong in a use case. People see `kind` and `words`; causes go to the log.

use domain::elsewhere::Refusal;
use domain::phrase::Phrase;
use domain::policy::Refused;
use domain::problem::Kind;
use domain::words::Invalid;
use domain::workflow::{Blocked, Stage};
use phrase::phrase;

/// One field that two people filled differently.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Difference {
    pub field: &'static str,
    pub yours: String,
    pub theirs: String,
}

#[derive(Debug, thiserror::Error, phrase::Phrased)]
pub enum Error {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Blocked(Blocked),
    #[error("{holder} is checking this claim until {}.", until.format("%H:%M UTC"))]
    Held { holder: String, until: chrono::DateTime<chrono::Utc> },
    #[error("{by} changed this meanwhile. What you wrote is kept; compare and send it again.")]
    Stale { by: String, current: i32, differences: Vec<Difference> },
    #[error("{claims} claims rest on this verdict. Look at what depends on it, and correct it from there.")]
    HasDependants { claims: usize },
    #[error(
        "Something else depends on this verdict than you saw. Look at what is new and confirm again; what you wrote is kept."
    )]
    ListMoved { digest: String },
    #[error("{} of the {of} claims cannot be given out as asked, so none was. {}", refused.len(), refused.first().map(|one| one.why.clone()).unwrap_or_default())]
    Unassignable { of: usize, refused: Vec<crate::handout::Unassignable> },
    #[error("There is no such {0}.")]
    NotFound(&'static str),
    #[error("This claim is {} and not public; there is a ClaimReview once it is published.", stage.label())]
    NotPublic { stage: Stage },
    #[error("Sign in first.")]
    SignedOut,
    #[error("The e-mail address or the password is wrong.")]
    WrongPassword,
    #[error("{}", .0.label())]
    TurnedAway(Refusal),
    #[error("The code is wrong, or was used before.")]
    WrongCode,
    #[error("Too many failed attempts. Wait {minutes} minutes and try again.")]
    Throttled { minutes: i64 },
    #[error("This Idempotency-Key was used for another request. Use a new key for a new request.")]
    KeyReused,
    #[error("could not {doing}")]
    Database {
        doing: &'static str,
        #[source]
        source: sqlx::Error,
    },
    #[error("could not {doing}")]
    Files {
        doing: &'static str,
        #[source]
        source: object_store::Error,
    },
    #[error("the store of copies, {0}, is not there, is empty, or is another one")]
    FilesGone(String),
    #[error("The file of this copy is {} on the store, so it is not shown. An admin sees it among the broken copies.", .0.label())]
    CopyBroken(domain::copy::Outcome),
    #[error("could not bring the database up to date")]
    Migrate(#[source] sqlx::migrate::MigrateError),
    #[error("column {column} of {table} holds what it should not: {what}")]
    Inconsistent { table: &'static str, column: &'static str, what: String },
    #[error("a secret cannot be opened: is CLAIMDESK_SECRET_KEY the one that it was kept with?")]
    Seal,
    #[error("could not hash a password: {0}")]
    Hash(String),
    #[error("a background task failed: {0}")]
    Task(String),
}

/// Whether the database went away, or is about to. PostgreSQL's class 57P: it is shut down, crashes or
/// does not take connections yet (its manual, appendix A); class 08: the connection broke.
fn is_outage(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .and_then(|error| error.code())
        .is_some_and(|code| code.starts_with("57P") || code.starts_with("08"))
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub fn kind(&self) -> Kind {
        match self {
            Self::Invalid(invalid) if invalid.is_too_large => Kind::TooLarge,
            Self::Invalid(_) | Self::KeyReused => Kind::Invalid,
            Self::Refused(_) | Self::TurnedAway(_) => Kind::Forbidden,
            Self::Blocked(_)
            | Self::Held { .. }
            | Self::Stale { .. }
            | Self::HasDependants { .. }
            | Self::ListMoved { .. }
            | Self::Unassignable { .. } => Kind::Conflict,
            Self::NotFound(_) | Self::NotPublic { .. } => Kind::NotFound,
            Self::WrongPassword | Self::WrongCode | Self::SignedOut => Kind::NotSignedIn,
            Self::Throttled { .. } => Kind::Throttled,
            Self::Database { source: sqlx::Error::PoolTimedOut | sqlx::Error::Io(_), .. } => {
                Kind::Unavailable
            }
            Self::Database { .. } if self.was_in_the_way() => Kind::Unavailable,
            Self::Database { source, .. } if is_outage(source) => Kind::Unavailable,
            Self::Files { .. } | Self::FilesGone(_) | Self::CopyBroken(_) => Kind::Unavailable,
            Self::Database { .. }
            | Self::Migrate(_)
            | Self::Inconsistent { .. }
            | Self::Seal
            | Self::Hash(_)
            | Self::Task(_) => Kind::Internal,
        }
    }

    /// Whether the database ended the transaction because it and others waited for each other, or
    /// saw each other's changes: done again, it goes through.
    pub(crate) fn was_in_the_way(&self) -> bool {
        let Self::Database { source: sqlx::Error::Database(error), .. } = self else { return false };
        // deadlock_detected and serialization_failure
        error.code().is_some_and(|code| matches!(&*code, "40P01" | "40001"))
    }

    /// The field a person should mend, where there is one.
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::Invalid(invalid) => Some(invalid.field),
            Self::WrongPassword => Some("password"),
            Self::WrongCode => Some("code"),
            _ => None,
        }
    }

    /// What to tell the person, in English: [`Self::told`].
    pub fn words(&self) -> String {
        self.told().to_string()
    }

    /// What to tell the person: never a cause from inside.
    pub fn told(&self) -> Phrase {
        match self.kind() {
            Kind::Internal => {
                phrase!("Something broke on our side. It has been logged; try again in a moment.")
            }
            Kind::Unavailable => match self {
                Self::CopyBroken(_) => self.phrase(),
                Self::Files { .. } | Self::FilesGone(_) => {
                    phrase!("The store of copies cannot be reached. Try again in a moment.")
                }
                _ if self.was_in_the_way() => {
                    phrase!("Others changed the same at this moment, and yours was not done. Try again.")
                }
                _ => phrase!("The database cannot be reached. Try again in a moment."),
            },
            _ => match self {
                Self::Invalid(invalid) => invalid.fix.clone(),
                other => other.phrase(),
            },
        }
    }
}

/// Names what was being done when the database failed.
pub(crate) trait Doing<T> {
    fn doing(self, doing: &'static str) -> Result<T>;
}

impl<T> Doing<T> for Result<T, sqlx::Error> {
    fn doing(self, doing: &'static str) -> Result<T> {
        self.map_err(|source| Error::Database { doing, source })
    }
}

/// Turns the breach of a named constraint into an error about a field.
pub(crate) trait OnConstraint<T> {
    fn on_constraint(
        self,
        name: &str,
        field: &'static str,
        fix: &'static str,
    ) -> Result<Result<T, sqlx::Error>>;
}

impl<T> OnConstraint<T> for Result<T, sqlx::Error> {
    fn on_constraint(self, name: &str, field: &'static str, fix: &'static str) -> Result<Self> {
        match self {
            Err(sqlx::Error::Database(error)) if error.constraint() == Some(name) => {
                Err(Invalid::new(field, fix).into())
            }
            other => Ok(other),
        }
    }
}

/// Text as Postgres can keep it: it has no NUL, which nobody types.
pub(crate) fn storable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// Reads a word of a closed set from a column.
pub(crate) fn word<T: std::str::FromStr<Err = domain::UnknownWord>>(
    table: &'static str,
    column: &'static str,
    word: &str,
) -> Result<T> {
    word.parse().map_err(|unknown: domain::UnknownWord| Error::Inconsistent {
        table,
        column,
        what: unknown.to_string(),
    })
}
