//! A public claim as schema.org's ClaimReview, with a MediaReview for each picture, video or recording
//! that was assessed: one builder for the page and for programs.

use crate::publish::{PublicClaim, Publication};
use domain::claim::{Polarity, SourceKind};
use domain::identity::Identity;
use domain::media::AssessedMedia;
use domain::publication::Body;
use serde_json::{Value, json};

/// The fields that search engines and fact-check databases require and recommend, with a
/// `CorrectionComment` for each note. What is not known is left out. `own` is the address of the
/// desk's site, without a slash at its end; `desk` is what it says of itself. `None` where the claim is not public now.
pub fn claim_review(public: &PublicClaim, own: &str, desk: &Identity) -> Option<Value> {
    let (newest, body) = public.standing()?;
    let first = public.publications.last().unwrap_or(newest);
    let mut rating = json!({
        "@type": "Rating",
        "alternateName": body.rating.name,
        "ratingExplanation": body.rationale,
    });
    if let Some(value) = body.rating.value {
        merge(&mut rating, json!({ "ratingValue": value, "bestRating": 5, "worstRating": 1 }));
    }
    let mut review = json!({
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": format!("{own}/public/claims/{}", public.slug),
        // It is shown alone, away from its article.
        "claimReviewed": body.statement.as_ref().unwrap_or(&body.claim),
        "datePublished": first.at.date_naive(),
        "dateModified": newest.at.to_rfc3339(),
        "author": author(own, desk),
        "publisher": author(own, desk),
        "reviewBody": body.rationale,
        "reviewRating": rating,
        "itemReviewed": claim(body),
    });
    let corrections: Vec<Value> = public
        .publications
        .iter()
        .filter_map(|publication| {
            let note = publication.note.as_ref()?;
            Some(json!({
                "@type": "CorrectionComment",
                "text": note,
                "datePublished": publication.at.to_rfc3339(),
            }))
        })
        .collect();
    if !corrections.is_empty() {
        merge(&mut review, json!({ "correction": corrections }));
    }
    let cited: Vec<&str> = body.evidence.iter().filter_map(|one| one.address.as_deref()).collect();
    if !cited.is_empty() {
        merge(&mut review, json!({ "citation": cited }));
    }
    let media = media_reviews(public, own, desk);
    if !media.is_empty() {
        merge(&mut review, json!({ "associatedMediaReview": media }));
    }
    Some(review)
}

/// A MediaReview (<https://schema.org/MediaReview>) for each medium of a claim that is public: programs
/// that look for them find them on their own, and by the same `@id` in the ClaimReview.
pub fn media_reviews(public: &PublicClaim, own: &str, desk: &Identity) -> Vec<Value> {
    let Some((newest, body)) = public.standing() else { return Vec::new() };
    body.media
        .iter()
        .zip(1..)
        .map(|(one, place)| {
            // When readers were first told of this medium.
            let told = |publication: &&Publication| {
                let media = publication.body.as_ref().map(|body| body.media.as_slice()).unwrap_or_default();
                media.iter().any(|told| told.evidence == one.evidence)
            };
            let first = public.publications.iter().rfind(told).unwrap_or(newest);
            let page = format!("{own}/public/claims/{}", public.slug);
            let categories: Vec<&str> = one.categories.iter().map(|category| category.word()).collect();
            let mut review = json!({
                "@context": "https://schema.org",
                "@type": "MediaReview",
                "@id": format!("{page}#media-{place}"),
                "url": page,
                "datePublished": first.at.date_naive(),
                "dateModified": newest.at.to_rfc3339(),
                "author": author(own, desk),
                "publisher": author(own, desk),
                "mediaAuthenticityCategory": categories,
                "itemReviewed": {
                    "@type": "MediaReviewItem",
                    "name": one.title,
                    "interpretedAsClaim": { "@type": "Claim", "name": body.claim },
                    "mediaItemAppearance": [appearance(one)],
                },
            });
            if let Some(context) = &one.context {
                merge(&mut review, json!({ "originalMediaContextDescription": context }));
            }
            if let Some(original) = &one.original {
                merge(&mut review, json!({ "originalMediaLink": original }));
            }
            review
        })
        .collect()
}

/// Where the medium is, and the version of it that is kept.
fn appearance(one: &AssessedMedia) -> Value {
    let kind = if one.sha256.is_some() { one.medium.snapshot() } else { one.medium.object() };
    let mut object = json!({ "@type": kind });
    if let Some(address) = &one.address {
        merge(&mut object, json!({ "contentUrl": address }));
    }
    if let Some(sha256) = &one.sha256 {
        merge(&mut object, json!({ "sha256": sha256 }));
    }
    if let Some(media_type) = one.media_type {
        merge(&mut object, json!({ "encodingFormat": media_type.word() }));
    }
    object
}

/// The desk as an organisation: by its own name and site where it has said them.
fn author(own: &str, desk: &Identity) -> Value {
    let mut author = json!({
        "@type": "Organization",
        "name": desk.known_as(),
        "url": desk.address.as_deref().unwrap_or(own),
        "publishingPrinciples": format!("{own}/public/about"),
        "correctionsPolicy": format!("{own}/public/about#corrections"),
    });
    match &desk.contact {
        Some(form) if form.contains("://") => {
            merge(&mut author, json!({ "contactPoint": { "@type": "ContactPoint", "url": form } }));
        }
        Some(email) => merge(&mut author, json!({ "email": email })),
        None => {}
    }
    author
}

fn claim(body: &Body) -> Value {
    let mut item = json!({ "@type": "Claim" });
    // Who denies a claim is not its author.
    if let Some(source) = body.said_by.first().filter(|source| source.polarity == Polarity::Asserted) {
        let kind = match source.kind {
            Some(SourceKind::Person) => Some("Person"),
            Some(SourceKind::Organisation | SourceKind::Group) | None => Some("Organization"),
            // Nobody is named; and a document, of which no address is known, is no author.
            Some(SourceKind::Anonymous | SourceKind::Document) => None,
        };
        if let Some(kind) = kind {
            merge(&mut item, json!({ "author": { "@type": kind, "name": source.name } }));
        }
    }
    if let Some(published) = body.appearance.published_at {
        merge(&mut item, json!({ "datePublished": published.date_naive() }));
    }
    if let Some(address) = &body.appearance.address {
        let mut appearance =
            json!({ "@type": "CreativeWork", "url": address, "headline": body.appearance.title });
        if let Some(outlet) = &body.appearance.outlet {
            merge(&mut appearance, json!({ "publisher": { "@type": "Organization", "name": outlet } }));
        }
        merge(&mut item, json!({ "appearance": appearance }));
    }
    item
}

/// JSON for a `script` element: nothing in it can end the element or begin another, whatever a
/// claim says.
pub fn for_script(value: &Value) -> String {
    value
        .to_string()
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

fn merge(into: &mut Value, more: Value) {
    if let (Value::Object(into), Value::Object(more)) = (into, more) {
        into.extend(more);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A published claim that such a source makes.
    fn said_by(kind: Option<&str>) -> Value {
        let body = json!({
            "claim": "40 houses were destroyed",
            "statement": null,
            "language": "en",
            "kind": "event",
            "figures": [],
            "said_by": [{ "name": "Somebody", "kind": kind, "role": null, "organisation": null,
                "manner": "indirect", "polarity": "asserted" }],
            "appearance": { "title": "Raid", "outlet": null, "address": null, "author": null, "published_at": null },
            "rating": { "key": "verified", "name": "Verified", "meaning": "It is so.", "tone": "verified",
                "scale": "default", "scale_version": 1, "value": 5 },
            "rationale": "Two lists have them.",
            "figure": null,
            "checked_at": "2026-03-12T09:00:00Z",
            "evidence": [],
        });
        claim(&serde_json::from_value(body).expect("a body"))
    }

    #[test]
    fn who_is_not_named_and_what_is_a_document_is_no_author() {
        for kind in ["anonymous", "document"] {
            assert_eq!(said_by(Some(kind)), json!({ "@type": "Claim" }), "{kind}");
        }
        for (kind, author) in
            [("person", "Person"), ("organisation", "Organization"), ("group", "Organization")]
        {
            let author = json!({ "@type": author, "name": "Somebody" });
            assert_eq!(said_by(Some(kind))["author"], author, "{kind}");
        }
    }

    #[test]
    fn json_in_a_script_cannot_end_it() {
        let value = json!({ "a": "</script><!-- & \u{2028}" });
        let written = for_script(&value);
        assert!(!written.contains(['<', '>', '&', '\u{2028}']), "{written}");
        assert_eq!(serde_json::from_str::<Value>(&written).expect("still JSON"), value);
    }
}
