//! What readers are told of a claim: the page as it was made public, what kind of publication it
//! is, and the address it has.

use crate::claim::{ClaimKind, Manner, Polarity, SourceKind, Stance};
use crate::closed_set;
use crate::id::{ClaimId, IncidentId};
use crate::media::AssessedMedia;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

closed_set! {
    /// What a publication does to what was public before.
    PublicationKind {
        Published = "published", "published";
        Corrected = "corrected", "corrected";
        Withdrawn = "withdrawn", "withdrawn";
        /// Public again: after a withdrawal, or because it still stood after a review.
        Reinstated = "reinstated", "published again";
    }
}

/// Whoever says a claim, as readers are told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaidBy {
    pub name: String,
    pub kind: Option<SourceKind>,
    pub role: Option<String>,
    pub organisation: Option<String>,
    pub manner: Manner,
    pub polarity: Polarity,
}

/// Where a claim was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appearance {
    pub title: String,
    pub outlet: Option<String>,
    pub address: Option<String>,
    pub author: Option<String>,
    pub published_at: Option<DateTime<Utc>>,
}

/// The rating with what it meant when it was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedRating {
    pub key: String,
    pub name: String,
    pub meaning: String,
    /// The name of its colour and shape.
    pub tone: String,
    pub scale: String,
    pub scale_version: i32,
    /// `ratingValue` of ClaimReview, 1 (worst) to 5 (best).
    pub value: Option<u8>,
}

/// A piece of evidence as readers can look it up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedEvidence {
    pub title: String,
    pub address: Option<String>,
    pub excerpt: String,
    pub stance: Stance,
}

/// The page as it was made public. It is stored, so fields are only ever added, and the names of
/// the desk's reviewers are not in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    pub claim: String,
    /// The claim so that it is understood alone.
    pub statement: Option<String>,
    pub language: String,
    pub kind: ClaimKind,
    /// Each figure in words.
    pub figures: Vec<String>,
    /// The original source first, then whoever passed it on; nobody where the article says it itself.
    pub said_by: Vec<SaidBy>,
    pub appearance: Appearance,
    pub rating: PublishedRating,
    pub rationale: String,
    /// The figure that the evidence supports, where it differs.
    pub figure: Option<String>,
    pub checked_at: DateTime<Utc>,
    pub evidence: Vec<PublishedEvidence>,
    /// What pictures, videos and recordings among the evidence were found to be.
    #[serde(default)]
    pub media: Vec<AssessedMedia>,
}

impl Body {
    /// Whether both tell readers the same verdict, on the claim and on each medium.
    pub fn has_verdict_of(&self, other: &Self) -> bool {
        self.rating.key == other.rating.key
            && self.figure == other.figure
            && self.media.len() == other.media.len()
            && self.media.iter().all(|one| other.media.iter().any(|other| one.agrees_with(other)))
    }
}

/// What kind of publication `next` is, after all that was published `before` (the newest last; `None`
/// where it was withdrawn).
pub fn kind_of(before: &[Option<Body>], next: &Body) -> PublicationKind {
    match before {
        [] => PublicationKind::Published,
        [.., None] => PublicationKind::Reinstated,
        [.., Some(last)] if last.has_verdict_of(next) => PublicationKind::Reinstated,
        _ => PublicationKind::Corrected,
    }
}

/// Longest part of a slug that is made of words.
const SLUG_WORDS: usize = 60;

/// The last part of the address of a claim's public page: words to recognise it by, and the end of
/// its id so that no two claims share one.
pub fn slug(words: &str, id: ClaimId) -> String {
    named(words, "claim-", id.0)
}

/// The same for the page of an incident's figures. It stays when the incident is renamed.
pub fn ledger_slug(title: &str, id: IncidentId) -> String {
    named(title, "incident-", id.0)
}

fn named(words: &str, without: &str, id: Uuid) -> String {
    let mut slug = String::new();
    for word in words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        if slug.len() + word.len() > SLUG_WORDS {
            break;
        }
        slug.push_str(&word.to_ascii_lowercase());
        slug.push('-');
    }
    if slug.is_empty() {
        slug.push_str(without);
    }
    let id = id.simple().to_string();
    slug + id.get(id.len() - 12..).unwrap_or(&id)
}

/// Whether readers can know an article already, so that its figures may be told in public: it has an
/// address, or a time of publication that has come. The desk also reads stories before they run; what
/// nothing says of that it is out is taken for one of them.
pub fn is_out(address: Option<&str>, published: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    published.map_or(address.is_some(), |at| at <= now)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::id::EvidenceId;
    use crate::media::{Authenticity, Medium};
    use proptest::prelude::*;

    pub fn body(rating: &str, figure: Option<&str>) -> Body {
        Body {
            claim: "At least 12 people were killed.".into(),
            statement: None,
            language: "en".into(),
            kind: ClaimKind::Casualty,
            figures: Vec::new(),
            said_by: Vec::new(),
            appearance: Appearance {
                title: "Raid".into(),
                outlet: None,
                address: None,
                author: None,
                published_at: None,
            },
            rating: PublishedRating {
                key: rating.into(),
                name: rating.into(),
                meaning: String::new(),
                tone: rating.into(),
                scale: "default".into(),
                scale_version: 1,
                value: None,
            },
            rationale: "Two sources agree.".into(),
            figure: figure.map(str::to_owned),
            checked_at: DateTime::UNIX_EPOCH,
            evidence: Vec::new(),
            media: Vec::new(),
        }
    }

    fn video(categories: &[Authenticity]) -> AssessedMedia {
        AssessedMedia {
            evidence: EvidenceId(uuid::Uuid::nil()),
            number: 1,
            title: "Bridge".into(),
            medium: Medium::Video,
            categories: categories.to_vec(),
            address: Some("https://clips.example/1".into()),
            sha256: None,
            media_type: None,
            context: None,
            original: None,
            assessed_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn another_assessment_of_a_medium_corrects_what_was_published() {
        let with = |media| Body { media, ..body("false", None) };
        let staged = with(vec![video(&[Authenticity::Staged])]);
        let edited = with(vec![video(&[Authenticity::Edited])]);
        let before = [Some(staged.clone())];
        assert_eq!(kind_of(&before, &staged), PublicationKind::Reinstated);
        assert_eq!(kind_of(&before, &edited), PublicationKind::Corrected);
        assert_eq!(kind_of(&before, &with(Vec::new())), PublicationKind::Corrected);
        assert_eq!(kind_of(&[Some(with(Vec::new()))], &staged), PublicationKind::Corrected);
    }

    #[test]
    fn what_was_published_before_media_were_assessed_is_still_read() {
        let mut stored = serde_json::to_value(body("false", None)).expect("written");
        stored.as_object_mut().expect("an object").remove("media");
        assert_eq!(serde_json::from_value::<Body>(stored).expect("read"), body("false", None));
    }

    #[test]
    fn a_publication_is_named_after_what_it_does_to_the_one_before() {
        let (verified, false_) = (body("verified", None), body("false", None));
        assert_eq!(kind_of(&[], &verified), PublicationKind::Published);
        assert_eq!(kind_of(&[Some(verified.clone())], &false_), PublicationKind::Corrected);
        let figure = body("verified", Some("41"));
        assert_eq!(kind_of(&[Some(verified.clone())], &figure), PublicationKind::Corrected);
        assert_eq!(kind_of(&[Some(verified.clone())], &verified), PublicationKind::Reinstated);
        assert_eq!(kind_of(&[Some(verified), None], &false_), PublicationKind::Reinstated);
    }

    #[test]
    fn a_slug_has_words_and_the_end_of_the_id() {
        let id = ClaimId(uuid::Uuid::from_u128(0x1234_5678_9abc_def0));
        assert_eq!(
            slug("At least 12 people were killed.", id),
            "at-least-12-people-were-killed-56789abcdef0"
        );
        assert_eq!(slug("Загинули дванадцять людей", id), "claim-56789abcdef0");
        let long = slug(&"word ".repeat(100), id);
        assert!(long.len() <= SLUG_WORDS + 20, "{long}");
        let incident = IncidentId(id.0);
        assert_eq!(ledger_slug("Darum: strike, 12 Mar", incident), "darum-strike-12-mar-56789abcdef0");
        assert_eq!(ledger_slug("Дарум", incident), "incident-56789abcdef0");
    }

    #[test]
    fn an_article_is_out_when_it_says_so_and_its_time_has_come() {
        let now = DateTime::UNIX_EPOCH + chrono::TimeDelta::days(10);
        let (before, later) = (now - chrono::TimeDelta::hours(1), now + chrono::TimeDelta::hours(1));
        let address = Some("https://courier.example/raid");
        assert!(is_out(None, Some(before), now));
        assert!(is_out(address, None, now));
        assert!(!is_out(address, Some(later), now), "an embargo holds though the address is known");
        assert!(!is_out(None, None, now), "it may be a story of the desk's own that has not run");
    }

    proptest! {
        #[test]
        fn a_slug_needs_no_escaping(words in "(?s).{0,300}", id: u128) {
            let slug = slug(&words, ClaimId(uuid::Uuid::from_u128(id)));
            prop_assert!(slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
        }
    }
}
