//! The kinds of trouble a person or a program can meet: one vocabulary for pages, actions and API.

use crate::closed_set;

closed_set! {
    /// What went wrong, in terms of what can be done about it.
    Kind {
        NotSignedIn = "not_signed_in", "Sign in first";
        Forbidden = "forbidden", "You may not do this";
        NotFound = "not_found", "There is nothing here";
        Conflict = "conflict", "Somebody else was faster";
        Invalid = "invalid", "Something needs mending";
        TooLarge = "too_large", "That is too large";
        Throttled = "throttled", "Too many tries";
        Unavailable = "unavailable", "Not possible right now";
        Internal = "internal", "Something broke on our side";
    }
}

impl Kind {
    /// The HTTP status: the only place where one is chosen.
    pub const fn status(self) -> u16 {
        match self {
            Self::NotSignedIn => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::TooLarge => 413,
            Self::Invalid => 422,
            Self::Throttled => 429,
            Self::Internal => 500,
            Self::Unavailable => 503,
        }
    }
}
