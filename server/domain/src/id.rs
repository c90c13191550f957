//! Identifiers as types of their own, so that a claim's id cannot stand where an article's is
//! asked for. They are made in `desk` (UUID version 7: they sort by the time of their making).

macro_rules! id {
    ($($(#[$meta:meta])* $name:ident)+) => { $(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "sqlx", derive(sqlx::Type), sqlx(transparent))]
        #[serde(transparent)]
        pub struct $name(pub uuid::Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+ };
}

id! {
    /// A person with an account.
    AccountId
    /// One piece at one address.
    ArticleId
    /// One time that a picture, a video or a recording was assessed.
    AssessmentId
    /// One checkable assertion.
    ClaimId
    /// What somebody said about a claim.
    CommentId
    /// One unaltered copy of what a piece of evidence rests on.
    CopyId
    /// One thing that bears on a claim.
    EvidenceId
    /// One time that a receiver is told something.
    DeliveryId
    /// Something that a person did with incidents.
    ChangeId
    /// An event in the world that claims are about.
    IncidentId
    /// One time that an incident's figures were made public, changed or withdrawn.
    LedgerPublicationId
    /// One time that somebody gave claims to people.
    HandoutId
    /// What one claim is to another.
    LinkId
    /// A mail that waits to go out.
    MailId
    /// Who publishes articles.
    OutletId
    /// One time that a claim was made public, corrected or withdrawn.
    PublicationId
    /// A program elsewhere that is told of what is published.
    ReceiverId
    /// An unchangeable text.
    SnapshotId
    /// A person, organisation or document that says things.
    SourceId
    /// A key to the JSON API.
    TokenId
    /// One reviewer's rating of one claim.
    VerdictId
    /// A filter of the claims list that somebody saved.
    ViewId
}
