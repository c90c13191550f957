//! Media assessments as programs give them and get them, and the MediaReview that readers' programs
//! find, held against schema.org's vocabulary.

use crate::harness::World;
use domain::id::ClaimId;
use domain::policy::Role;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use sqlx::PgPool;

impl World {
    /// A piece of evidence of a claim; its id.
    async fn piece(&self, claim: ClaimId) -> String {
        let body = json!({ "title": "Bridge", "excerpt": "A bridge falls.", "stance": "refutes", "visual": true,
            "address": "https://clips.example/1" });
        let added =
            self.program(Role::Reviewer).await.post(&format!("/claims/{claim}/evidence"), &body).await;
        added.json()["id"].as_str().expect("an id").to_owned()
    }
}

fn body() -> Value {
    json!({
        "medium": "video",
        "categories": ["EditedOrCroppedContent", "DecontextualizedContent"],
        "address": "https://clips.example/1",
        "context": "Filmed in 2019 </script><script>alert(1)</script> at another bridge.",
        "original": "https://archive.example/2019",
    })
}

fn with(name: &str, value: Value) -> Value {
    let mut changed = body();
    changed[name] = value;
    changed
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_program_assesses_a_video_and_finds_it_with_the_claim_and_in_exports(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0];
    let piece = world.piece(claim).await;
    let program = world.program(Role::Reviewer).await;
    let path = format!("/evidence/{piece}/assessments");
    let given = program.post_once(&path, &body(), "one").await;
    assert_eq!(given.status, StatusCode::CREATED, "{}", given.text);
    let first = given.json();
    assert_eq!(
        (&first["number"], &first["medium"], &first["categories"], &first["given_by"]),
        (
            &json!(1),
            &json!("video"),
            &json!(["DecontextualizedContent", "EditedOrCroppedContent"]),
            &json!("reviewer")
        )
    );
    assert_eq!(program.post_once(&path, &body(), "one").await.json()["id"], first["id"]);

    let staged = with("categories", json!(["StagedContent"]));
    let unaware = program.post(&path, &staged).await;
    assert_eq!(unaware.problem(), (409, "/problems/conflict".into(), String::new()));
    let unaware = unaware.json();
    assert_eq!(
        (&unaware["current_version"], &unaware["differences"][0]["field"]),
        (&json!(1), &json!("categories"))
    );
    let mut aware = staged;
    aware["number"] = json!(1);
    assert_eq!(program.post(&path, &aware).await.json()["number"], 2);

    let full = program.get(&format!("/claims/{claim}")).await.json();
    let numbers: Vec<&Value> = full["evidence"][0]["assessments"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| &one["number"])
        .collect();
    assert_eq!(numbers, [&json!(2), &json!(1)]);
    let lines = program.get("/export/claims.jsonl").await.text;
    let line = lines.lines().find(|line| line.contains(&claim.to_string())).expect("the claim");
    let line: Value = serde_json::from_str(line).expect("JSON");
    assert_eq!(line["media"][0]["categories"], json!(["StagedContent"]));
    let csv = program.get("/export/claims.csv").await.text;
    assert!(csv.contains("The video “Bridge”: staged."), "{csv}");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn an_assessment_that_does_not_hold_together_is_refused_by_its_field(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0];
    let piece = world.piece(claim).await;
    let program = world.program(Role::Reviewer).await;
    let path = format!("/evidence/{piece}/assessments");
    let lacks = |name: &str| {
        let mut changed = with("original", Value::Null);
        changed[name] = Value::Null;
        changed
    };
    for (sent, field) in [
        (with("medium", json!("gif")), "medium"),
        (json!({ "categories": ["StagedContent"], "address": "https://clips.example/1" }), "medium"),
        (with("categories", json!([])), "categories"),
        (with("categories", json!("StagedContent")), "categories"),
        (with("categories", json!(["Fake"])), "categories[0]"),
        (with("categories", json!(["OriginalMediaContent", "TransformedContent"])), "categories"),
        (with("address", json!("javascript:alert(1)")), "address"),
        (lacks("address"), "address"),
        (lacks("context"), "context"),
        (with("context", json!("x")), "context"),
        (with("original", json!("archive")), "original"),
        (with("copy", json!(uuid::Uuid::nil())), "copy"),
        (with("copy", json!("x")), "copy"),
        (with("number", json!("one")), "number"),
        (with("because", json!("I saw it.")), "because"),
    ] {
        let answer = program.post(&path, &sent).await;
        assert_eq!(answer.problem(), (422, "/problems/invalid".into(), field.into()), "{sent}");
    }
    let nothing = program.get(&format!("/claims/{claim}")).await.json();
    assert_eq!(nothing["evidence"][0]["assessments"], json!([]));
    let nowhere = format!("/evidence/{}/assessments", uuid::Uuid::nil());
    assert_eq!(program.post(&nowhere, &body()).await.problem().0, 404);
    assert_eq!(program.call(Method::GET, &path).await.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_program_takes_an_assessment_back_once_and_with_a_reason(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0];
    let piece = world.piece(claim).await;
    let program = world.program(Role::Reviewer).await;
    let path = format!("/evidence/{piece}/assessments");
    let back = format!("{path}/take-back");
    let sent = json!({ "reason": "It is another bridge.", "number": 1 });
    assert_eq!(program.post(&back, &sent).await.problem().0, 404, "nothing stands");
    program.post(&path, &body()).await;
    for (wrong, field) in [
        (json!({ "reason": " ", "number": 1 }), "reason"),
        (json!({ "number": 1 }), "reason"),
        (json!({ "reason": "It is another bridge." }), "number"),
    ] {
        let answer = program.post(&back, &wrong).await;
        assert_eq!(answer.problem(), (422, "/problems/invalid".into(), field.into()), "{wrong}");
    }
    let stale = program.post(&back, &json!({ "reason": "It is another bridge.", "number": 0 })).await;
    assert_eq!((stale.problem().0, &stale.json()["current_version"]), (409, &json!(1)));
    for _ in 0..2 {
        let done = program.post_once(&back, &sent, "back").await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text);
        let taken_back = done.json()["taken_back"].clone();
        assert_eq!(
            (&taken_back["reason"], &taken_back["number"]),
            (&json!("It is another bridge."), &json!(2))
        );
    }
    assert_eq!(program.post(&back, &json!({ "reason": "Once more.", "number": 2 })).await.problem().0, 404);
    let full = program.get(&format!("/claims/{claim}")).await.json();
    assert_eq!(full["evidence"][0]["assessments"][0]["taken_back"]["by"], "reviewer");
    let lines = program.get("/export/claims.jsonl").await.text;
    let line = lines.lines().find(|line| line.contains(&claim.to_string())).expect("the claim");
    assert_eq!(serde_json::from_str::<Value>(line).expect("JSON")["media"], json!([]));
    let mut anew = with("categories", json!(["StagedContent"]));
    anew["number"] = json!(2);
    assert_eq!(program.post(&path, &anew).await.json()["number"], 3);
}

/// What of schema.org's vocabulary stands in what readers' programs get: for each type its own and
/// inherited properties with what they may hold (<https://schema.org>, version 29; `MediaReview`,
/// `MediaReviewItem` and the snapshots are in its “new” area).
fn holds(kind: &str, property: &str) -> Option<Holds> {
    use Holds::{Address, Day, Moment, Number, Term, Text, Thing};
    let review = match property {
        "url" => Address,
        "datePublished" => Day,
        "dateModified" => Moment,
        "author" => Thing(&["Organization"]),
        "itemReviewed" => Thing(&["Claim", "MediaReviewItem"]),
        "reviewBody" => Text,
        "reviewRating" => Thing(&["Rating"]),
        "correction" => Thing(&["CorrectionComment"]),
        "citation" => Address,
        "associatedMediaReview" => Thing(&["MediaReview"]),
        _ => Text,
    };
    Some(match (kind, property) {
        ("ClaimReview", "claimReviewed") => Text,
        ("MediaReview", "mediaAuthenticityCategory") => Term,
        ("MediaReview", "originalMediaContextDescription") => Text,
        ("MediaReview", "originalMediaLink") => Address,
        (
            "ClaimReview",
            "url"
            | "datePublished"
            | "dateModified"
            | "author"
            | "itemReviewed"
            | "reviewBody"
            | "reviewRating"
            | "correction"
            | "citation"
            | "associatedMediaReview",
        )
        | ("MediaReview", "url" | "datePublished" | "dateModified" | "author" | "itemReviewed") => review,
        ("MediaReviewItem", "name") | ("Claim" | "Organization" | "Person", "name") => Text,
        ("MediaReviewItem", "interpretedAsClaim") => Thing(&["Claim"]),
        ("MediaReviewItem", "mediaItemAppearance") => Thing(&[
            "ImageObject",
            "VideoObject",
            "AudioObject",
            "ImageObjectSnapshot",
            "VideoObjectSnapshot",
            "AudioObjectSnapshot",
        ]),
        ("ImageObject" | "VideoObject" | "AudioObject", "contentUrl") => Address,
        ("ImageObjectSnapshot" | "VideoObjectSnapshot" | "AudioObjectSnapshot", "contentUrl") => Address,
        (
            "ImageObjectSnapshot" | "VideoObjectSnapshot" | "AudioObjectSnapshot",
            "sha256" | "encodingFormat",
        ) => Text,
        ("Organization", "url" | "correctionsPolicy" | "publishingPrinciples") => Address,
        ("Organization", "email") => Text,
        ("Organization", "contactPoint") => Thing(&["ContactPoint"]),
        ("ContactPoint", "url") => Address,
        ("ClaimReview" | "MediaReview", "publisher") => Thing(&["Organization"]),
        ("Rating", "alternateName" | "ratingExplanation") => Text,
        ("Rating", "ratingValue" | "bestRating" | "worstRating") => Number,
        ("CorrectionComment", "text") => Text,
        ("CorrectionComment", "datePublished") => Moment,
        ("Claim", "datePublished") => Day,
        ("Claim", "author") => Thing(&["Person", "Organization"]),
        ("Claim", "appearance") => Thing(&["CreativeWork"]),
        ("CreativeWork", "url") => Address,
        ("CreativeWork", "headline") => Text,
        ("CreativeWork", "publisher") => Thing(&["Organization"]),
        _ => return None,
    })
}

/// What a property may hold, once or several times.
enum Holds {
    Text,
    Number,
    Address,
    Day,
    Moment,
    /// A member of MediaManipulationRatingEnumeration.
    Term,
    Thing(&'static [&'static str]),
}

/// Whether an object is of a type that may stand here, has what that type needs, and only what it knows.
fn check(object: &Value, may_be: &[&str]) {
    let kind = object["@type"].as_str().unwrap_or_else(|| panic!("no type: {object}"));
    assert!(may_be.contains(&kind), "{kind} is none of {may_be:?}");
    let needs: &[&str] = match kind {
        // What Google's Fact Check Tools ask of a ClaimReview, and the Duke Reporters' Lab of a MediaReview.
        "ClaimReview" => &["url", "claimReviewed", "reviewRating", "datePublished", "author", "itemReviewed"],
        "MediaReview" => &["url", "mediaAuthenticityCategory", "datePublished", "author", "itemReviewed"],
        "MediaReviewItem" => &["mediaItemAppearance", "interpretedAsClaim"],
        "ImageObject" | "VideoObject" | "AudioObject" => &["contentUrl"],
        "ImageObjectSnapshot" | "VideoObjectSnapshot" | "AudioObjectSnapshot" => &["sha256"],
        "Rating" => &["alternateName"],
        _ => &[],
    };
    for needed in needs {
        assert!(!object[needed].is_null(), "{kind} lacks {needed}: {object}");
    }
    for (property, value) in object.as_object().expect("an object") {
        match property.as_str() {
            "@type" => continue,
            "@context" => {
                assert_eq!(value, "https://schema.org");
                continue;
            }
            "@id" => {
                assert!(value.as_str().is_some_and(|id| id.starts_with("https://desk.example/")), "{value}");
                continue;
            }
            _ => {}
        }
        let holds = holds(kind, property).unwrap_or_else(|| panic!("{kind} has no {property}"));
        let one = std::slice::from_ref(value);
        for value in value.as_array().map_or(one, Vec::as_slice) {
            let text = value.as_str();
            let what = format!("{property} of {kind}: {value}");
            match holds {
                Holds::Text => assert!(text.is_some_and(|text| !text.is_empty()), "{what}"),
                Holds::Number => assert!(value.is_number(), "{what}"),
                Holds::Address => {
                    assert!(text.is_some_and(|text| text.parse::<url::Url>().is_ok()), "{what}")
                }
                Holds::Day => {
                    assert!(text.is_some_and(|text| text.parse::<chrono::NaiveDate>().is_ok()), "{what}");
                }
                Holds::Moment => {
                    assert!(
                        text.is_some_and(|text| chrono::DateTime::parse_from_rfc3339(text).is_ok()),
                        "{what}"
                    );
                }
                Holds::Term => assert!(
                    text.is_some_and(|text| text.parse::<domain::media::Authenticity>().is_ok()),
                    "{what}"
                ),
                Holds::Thing(may_be) => check(value, may_be),
            }
        }
    }
}

/// What stands in each of the page's `application/ld+json`.
fn data(page: &str) -> Vec<Value> {
    page.split("<script type=\"application/ld+json\"")
        .skip(1)
        .map(|rest| {
            let (_, rest) = rest.split_once('>').expect("the tag's end");
            let (json, _) = rest.split_once("</script>").expect("its end");
            serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"))
        })
        .collect()
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn readers_and_their_programs_get_a_media_review_beside_the_claim_review(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0];
    let piece = world.piece(claim).await;
    let program = world.program(Role::Reviewer).await;
    let path = format!("/evidence/{piece}/assessments");
    assert_eq!(program.post(&path, &body()).await.status, StatusCode::CREATED);
    let public = world.publish(claim, "false", "The video is an old one.", None).await;
    let page = world.nobody().get(&public).await;
    assert!(!page.text.contains("<script>"), "no script runs");
    let [review, media] = &data(&page.text)[..] else { panic!("two: {}", page.text) };
    check(review, &["ClaimReview"]);
    check(media, &["MediaReview"]);
    assert_eq!(review["associatedMediaReview"], json!([media]));
    assert_eq!(
        media["mediaAuthenticityCategory"],
        json!(["DecontextualizedContent", "EditedOrCroppedContent"])
    );
    assert_eq!(media["originalMediaLink"], "https://archive.example/2019");
    assert_eq!(media["@id"], format!("https://desk.example{public}#media-1"));
    assert!(page.text.contains("id=\"media-1\""), "the address leads to it");
    for words in [
        "Missing context",
        "misleads as it is presented",
        "at another bridge",
        "https://archive.example/2019",
    ] {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    let file = world.program(Role::Viewer).await.get(&format!("/claims/{claim}/claimreview.json")).await;
    assert_eq!(&file.json(), review);
    let feed = world.nobody().get("/public/feed.atom").await;
    assert!(
        feed.text.contains("The video “Bridge”: missing context and edited or cropped."),
        "{}",
        feed.text
    );

    // What is found later is not told until somebody tells it, with a note.
    let later = json!({ "medium": "video", "categories": ["StagedContent"], "number": 1,
        "address": "https://clips.example/1" });
    assert_eq!(program.post(&path, &later).await.status, StatusCode::CREATED);
    assert_eq!(data(&world.nobody().get(&public).await.text)[1], *media);
    let mut browser = world.signed_in(Role::Editor).await;
    let bench = browser.get(&format!("/claims/{claim}")).await;
    assert!(bench.text.contains("Readers are not told this yet."), "{}", bench.text);
    let depends = program.get(&format!("/claims/{claim}/dependants?rating=false")).await.json();
    assert_eq!(depends["media"][0]["after"], json!(["StagedContent"]));
    let note = "We took the video for an old one; it is staged.";
    let editor = world.program(Role::Editor).await;
    let corrected = json!({ "rating": "false", "rationale": "Actors were hired.", "note": note,
        "version": depends["version"], "digest": depends["digest"] });
    let done = editor.post(&format!("/claims/{claim}/corrections"), &corrected).await;
    assert_eq!(done.status, StatusCode::CREATED, "{}", done.text);
    let page = world.nobody().get(&public).await;
    let told = data(&page.text);
    told.iter().for_each(|one| check(one, &["ClaimReview", "MediaReview"]));
    assert_eq!(told[1]["mediaAuthenticityCategory"], json!(["StagedContent"]));
    assert!(
        page.text.contains(note) && page.text.contains("missing context and edited or cropped"),
        "both: {}",
        page.text
    );
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_claim_without_media_has_no_media_review(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0];
    let public = world.publish(claim, "verified", "Two calls.", None).await;
    let [review] = &data(&world.nobody().get(&public).await.text)[..] else { panic!("one") };
    check(review, &["ClaimReview"]);
    assert!(review.get("associatedMediaReview").is_none(), "{review}");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_refused_form_comes_back_with_what_was_typed(pool: PgPool) {
    let world = World::new(pool).await;
    let claim = world.claims().await[0];
    let piece = world.piece(claim).await;
    let mut browser = world.signed_in(Role::Reviewer).await;
    let (id, version) = (claim.to_string(), "0");
    let sent = [
        ("claim", id.as_str()),
        ("evidence_id", piece.as_str()),
        ("medium", "image"),
        ("categories[OriginalMediaContent]", "yes"),
        ("categories[StagedContent]", "yes"),
        ("address", "https://clips.example/<2>"),
        ("version", version),
    ];
    let back = browser.submit("/actions/evidence/assess", &sent).await;
    assert_eq!(back.location(), format!("/claims/{claim}#evidence"));
    let page = browser.get(&format!("/claims/{claim}")).await.text;
    assert!(page.contains("What is original is not staged as well"), "{page}");
    assert!(page.contains("value=\"https://clips.example/&lt;2&gt;\""), "{page}");
    let ticked = page
        .split("name=\"categories[")
        .skip(1)
        .filter(|rest| rest.split('>').next().is_some_and(|tag| tag.contains(" checked")));
    assert_eq!(ticked.count(), 2);
}
