//! Whether a picture, a video or a recording is what it is passed off as: the media assessment of a
//! piece of evidence, which readers get as schema.org's MediaReview (<https://schema.org/MediaReview>).
//! Its categories, and what each means for which medium, are those that fact-checkers agreed on with
//! the Duke Reporters' Lab (<https://reporterslab.org/what-is-mediareview/>).

use crate::closed_set;
use crate::copy::MediaType;
use crate::id::{CopyId, EvidenceId};
use crate::phrase::Phrase;
use crate::words::{Invalid, OriginalContext, WebAddress};
use chrono::{DateTime, Utc};
use phrase::{msg, phrase};
use serde::{Deserialize, Serialize};

closed_set! {
    /// What is assessed.
    Medium {
        Image = "image", "picture";
        Video = "video", "video";
        Audio = "audio", "recording";
    }
}

impl Medium {
    /// schema.org's type of such an object.
    pub const fn object(self) -> &'static str {
        match self {
            Self::Image => "ImageObject",
            Self::Video => "VideoObject",
            Self::Audio => "AudioObject",
        }
    }

    /// schema.org's type of one version of such an object, the same byte for byte.
    pub const fn snapshot(self) -> &'static str {
        match self {
            Self::Image => "ImageObjectSnapshot",
            Self::Video => "VideoObjectSnapshot",
            Self::Audio => "AudioObjectSnapshot",
        }
    }
}

closed_set! {
    /// What a medium is, in the context in which it is shared: the members of schema.org's
    /// MediaManipulationRatingEnumeration, under their own names. Several may hold at once.
    Authenticity {
        Original = "OriginalMediaContent", "original";
        Decontextualized = "DecontextualizedContent", "missing context";
        Edited = "EditedOrCroppedContent", "edited or cropped";
        Transformed = "TransformedContent", "transformed";
        Staged = "StagedContent", "staged";
        Satire = "SatireOrParodyContent", "satire or parody";
    }
}

impl Authenticity {
    /// What it says of such a medium.
    pub const fn meaning(self, of: Medium) -> &'static str {
        match (self, of) {
            (Self::Original, Medium::Image) => {
                msg!(
                    "Nothing shows that the picture was altered to mislead; what is said with it may still be wrong."
                )
            }
            (Self::Original, Medium::Video) => {
                msg!(
                    "Nothing shows that the footage was altered to mislead; what is said in it or with it may still be wrong."
                )
            }
            (Self::Original, Medium::Audio) => {
                msg!(
                    "Nothing shows that the sound was altered to mislead; what is said in it or with it may still be wrong."
                )
            }
            (Self::Decontextualized, Medium::Image) => {
                msg!(
                    "The picture itself is unaltered, but is passed off as something else, such as another place or time."
                )
            }
            (Self::Decontextualized, Medium::Video) => {
                msg!(
                    "The footage itself is unaltered, but misleads as it is presented: with a wrong place or date, wrong subtitles, or as a short part of a longer video."
                )
            }
            (Self::Decontextualized, Medium::Audio) => {
                msg!(
                    "The sound itself is unaltered, but misleads as it is presented: with a wrong place or date, or as a short part of a longer recording."
                )
            }
            (Self::Edited, Medium::Image) => {
                msg!("A part of a larger picture is shown so that it misleads.")
            }
            (Self::Edited, Medium::Video) => {
                msg!(
                    "Footage was cut, put into another order or joined from several videos, so that it tells another story."
                )
            }
            (Self::Edited, Medium::Audio) => {
                msg!(
                    "Sound was cut, put into another order or joined from several recordings, so that it tells another story."
                )
            }
            (Self::Transformed, Medium::Image) => {
                msg!("Something was put into the picture or taken out of it, which gives it another meaning.")
            }
            (Self::Transformed, Medium::Video) => {
                msg!(
                    "The footage itself was changed: its speed, what is seen in it or what is heard, or it was made by a computer."
                )
            }
            (Self::Transformed, Medium::Audio) => {
                msg!(
                    "The words or sounds were changed, or made by a computer, such as a voice that sounds like somebody’s."
                )
            }
            (Self::Staged, Medium::Image) => {
                msg!(
                    "What it shows was set up, with actors or otherwise, such as the screenshot of a made-up post."
                )
            }
            (Self::Staged, Medium::Video) => msg!("What it shows was set up, with actors or otherwise."),
            (Self::Staged, Medium::Audio) => msg!("What is heard was set up, with actors or otherwise."),
            (Self::Satire, Medium::Image) => {
                msg!("The picture was made as a comment or a joke, and is shown as one.")
            }
            (Self::Satire, Medium::Video) => {
                msg!("The video was made as a comment or a joke, and is shown as one.")
            }
            (Self::Satire, Medium::Audio) => {
                msg!("The recording was made as a comment or a joke, and is played as one.")
            }
        }
    }

    /// What no original can be: schema.org names these three.
    pub const fn denies_original(self) -> bool {
        matches!(self, Self::Transformed | Self::Edited | Self::Staged)
    }
}

/// Categories in words.
pub fn named(categories: &[Authenticity]) -> Phrase {
    Phrase::together(categories.iter().map(|one| Phrase::label(one.label())))
}

/// What a medium is found to be, in a sentence.
pub fn sentence(medium: Medium, title: &str, categories: &[Authenticity]) -> Phrase {
    phrase!("The {} “{title}”: {}.", medium.label(), named(categories))
}

/// An assessment as it is handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    pub medium: Medium,
    pub categories: Vec<Authenticity>,
    /// Where the medium is.
    pub address: Option<WebAddress>,
    /// The copy of the evidence that is the medium, byte for byte.
    pub copy: Option<CopyId>,
    /// What the original shows, and where it comes from.
    pub context: Option<OriginalContext>,
    /// Where the original is.
    pub original: Option<WebAddress>,
}

/// An assessment that does not contradict itself and names what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessment(Given);

impl Assessment {
    /// # Errors
    /// `Invalid` where nothing is said of the medium, where it is called original and altered at
    /// once, where it lacks context and no context is given, and where nothing is named to assess.
    pub fn of(mut given: Given) -> Result<Self, Invalid> {
        given.categories.sort_unstable();
        given.categories.dedup();
        let (first, rest) = match given.categories.as_slice() {
            [] => return Err(Invalid::new("categories", "Choose what it is found to be.")),
            [first, rest @ ..] => (*first, rest),
        };
        if first == Authenticity::Original
            && let Some(other) = rest.iter().find(|other| other.denies_original())
        {
            let fix = phrase!(
                "What is original is not {} as well: choose one of the two. An original can lack context.",
                other.label()
            );
            return Err(Invalid::new("categories", fix));
        }
        let lacks_context = given.categories.contains(&Authenticity::Decontextualized);
        if lacks_context && given.context.is_none() && given.original.is_none() {
            let fix = "Say what is missing: what the original shows, when and where, or its address.";
            return Err(Invalid::new("context", fix));
        }
        if given.address.is_none() && given.copy.is_none() {
            let fix = "Name what is assessed: its address, or a copy that is kept.";
            return Err(Invalid::new("address", fix));
        }
        Ok(Self(given))
    }

    pub fn given(&self) -> &Given {
        &self.0
    }

    /// Whether a copy of this type can be the medium itself. The desk keeps pictures, and no videos or
    /// recordings: of those, the picture of a page on which they are is another thing.
    ///
    /// # Errors
    /// `Invalid` where it cannot.
    pub fn may_be(&self, copy: MediaType) -> Result<(), Invalid> {
        if !copy.is_picture() {
            return Err(Invalid::new("copy", "Choose a copy that is a picture."));
        }
        if self.0.medium != Medium::Image {
            let fix = "The copy is a picture. A video or a recording is named by its address.";
            return Err(Invalid::new("copy", fix));
        }
        Ok(())
    }
}

/// A medium among the evidence with the assessment that stands, or stood when readers were told it. It
/// is stored with what was published, so fields are only ever added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssessedMedia {
    /// Which piece of evidence, and which of its assessments it is.
    pub evidence: EvidenceId,
    pub number: i32,
    pub title: String,
    pub medium: Medium,
    /// In the order of the set.
    pub categories: Vec<Authenticity>,
    pub address: Option<String>,
    /// Of the copy that the desk keeps, in hexadecimal.
    pub sha256: Option<String>,
    pub media_type: Option<MediaType>,
    pub context: Option<String>,
    pub original: Option<String>,
    pub assessed_at: DateTime<Utc>,
}

impl AssessedMedia {
    /// Whether both say the same of the same piece of evidence.
    pub fn agrees_with(&self, other: &Self) -> bool {
        (self.evidence, self.medium, &self.categories) == (other.evidence, other.medium, &other.categories)
    }

    /// What it is found to be, in a sentence.
    pub fn phrase(&self) -> Phrase {
        sentence(self.medium, &self.title, &self.categories)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Authenticity::{Decontextualized, Edited, Original, Satire, Staged, Transformed};

    fn given(categories: &[Authenticity]) -> Given {
        Given {
            medium: Medium::Video,
            categories: categories.to_vec(),
            address: WebAddress::optional("address", "https://clips.example/1").expect("an address"),
            copy: None,
            context: OriginalContext::optional("Filmed in 2019 at another bridge.").expect("words"),
            original: None,
        }
    }

    fn wrong(given: Given) -> Option<&'static str> {
        Assessment::of(given).err().map(|invalid| invalid.field)
    }

    #[test]
    fn an_original_is_not_altered_as_well() {
        for other in Authenticity::ALL.iter().copied().filter(|other| *other != Original) {
            let refused = wrong(given(&[other, Original])).is_some();
            assert_eq!(refused, matches!(other, Transformed | Edited | Staged), "{other}");
        }
        assert_eq!(wrong(given(&[Original, Decontextualized, Satire])), None);
        assert_eq!(wrong(given(&[Transformed, Edited, Staged, Decontextualized])), None);
    }

    #[test]
    fn what_lacks_context_is_given_some() {
        let without = |categories: &[Authenticity]| Given { context: None, ..given(categories) };
        assert_eq!(wrong(without(&[Decontextualized])), Some("context"));
        assert_eq!(wrong(without(&[Staged])), None, "others need none");
        let original = WebAddress::optional("original", "https://clips.example/2019").expect("an address");
        assert_eq!(wrong(Given { original, ..without(&[Decontextualized]) }), None, "a link is enough");
    }

    #[test]
    fn something_is_said_of_something() {
        assert_eq!(wrong(given(&[])), Some("categories"));
        assert_eq!(wrong(Given { address: None, ..given(&[Staged]) }), Some("address"));
        let copy = Some(CopyId(uuid::Uuid::nil()));
        assert_eq!(wrong(Given { address: None, copy, ..given(&[Staged]) }), None);
    }

    #[test]
    fn categories_stand_once_in_their_own_order() {
        let assessment = Assessment::of(given(&[Staged, Decontextualized, Staged])).expect("sound");
        assert_eq!(assessment.given().categories, [Decontextualized, Staged]);
    }

    #[test]
    fn only_a_picture_is_a_copy_byte_for_byte() {
        let of = |medium| Assessment::of(Given { medium, ..given(&[Staged]) }).expect("sound");
        assert!(of(Medium::Image).may_be(MediaType::Png).is_ok());
        for (medium, copy) in [
            (Medium::Image, MediaType::Pdf),
            (Medium::Image, MediaType::Html),
            (Medium::Video, MediaType::Png),
            (Medium::Audio, MediaType::Gif),
        ] {
            assert_eq!(
                of(medium).may_be(copy).map_err(|invalid| invalid.field),
                Err("copy"),
                "{medium} {copy}"
            );
        }
    }

    #[test]
    fn each_category_means_something_else_for_each_medium() {
        let all = Medium::ALL.iter().flat_map(|of| Authenticity::ALL.iter().map(|one| one.meaning(*of)));
        let different: std::collections::BTreeSet<&str> = all.clone().collect();
        assert_eq!(different.len(), all.count());
    }

    #[test]
    fn the_words_are_schema_orgs() {
        // https://schema.org/MediaManipulationRatingEnumeration, all of its members.
        let mut words: Vec<&str> = Authenticity::ALL.iter().map(|one| one.word()).collect();
        words.sort_unstable();
        assert_eq!(
            words,
            [
                "DecontextualizedContent",
                "EditedOrCroppedContent",
                "OriginalMediaContent",
                "SatireOrParodyContent",
                "StagedContent",
                "TransformedContent",
            ]
        );
    }
}
