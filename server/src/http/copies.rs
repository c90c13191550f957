//! Copies of evidence on their way in and out. What comes in is read as it comes and never held
//! whole. What goes out is never run: it has no script, no origin and no type but its own.

use super::Server;
use super::problem::{Trouble, chain};
use app::actions::{Done, copy_form, refused};
use app::paths;
use app::request::Who;
use axum::body::Body;
use axum::extract::multipart::{Field, Multipart};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Query, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, RequestExt as _};
use chrono::{DateTime, Utc};
use desk::{Attached, CopyContent, CopyForm, CopyView, Error, Fields, Kept};
use domain::copy::{FileName, MAX_PASTED_BYTES, MediaType};
use domain::id::{ClaimId, CopyId, EvidenceId};
use domain::policy::{self, Actor, Review};
use domain::problem::Kind;
use domain::words::{Invalid, WebAddress};
use futures_util::{StreamExt as _, stream};
use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH,
};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Deserialize;
use std::convert::Infallible;
use tower_http::compression::Predicate;
use tower_http::compression::predicate::DefaultPredicate;

/// Nothing in it may do anything, and it belongs to no site.
const POLICY: HeaderValue = HeaderValue::from_static("sandbox; default-src 'none'; frame-ancestors 'none'");
/// Content never changes under its address, and is for who asked.
const FOR_EVER: HeaderValue = HeaderValue::from_static("private, max-age=31536000, immutable");
/// The longest of the short fields, in bytes.
const SHORT: usize = 8 << 10;

type Answer = Result<Response, Trouble>;
/// A file that came with the form, if one did: its content and what the sender calls it.
type Sent = Option<(Kept, Option<FileName>)>;

/// What came with the form, as it was typed.
#[derive(Default)]
struct Typed {
    claim: String,
    evidence: String,
    address: String,
    captured: String,
    text: String,
}

impl Typed {
    fn evidence(&self) -> Result<EvidenceId, Error> {
        self.evidence.parse().map_err(|_| Invalid::new("evidence_id", "Send the form of a page.").into())
    }

    fn form(&self, name: Option<FileName>) -> Result<CopyForm, Error> {
        Ok(CopyForm {
            name,
            address: WebAddress::optional("address", &self.address)?,
            captured: moment(&self.captured)?,
        })
    }

    fn fields(&self) -> Fields {
        [("address", &self.address), ("captured_at", &self.captured), ("text", &self.text)]
            .map(|(name, typed)| (name.to_owned(), typed.clone()))
            .into()
    }
}

/// `POST /actions/copies/add`: a file, or text that was pasted, or both, each as a copy of its own.
pub async fn add(
    State(server): State<Server>,
    Extension(Who(who)): Extension<Who>,
    request: Request,
) -> Answer {
    let Some(actor) = who.map(|who| who.actor) else { return Ok(Redirect::to(paths::LOGIN).into_response()) };
    let _: policy::Permit<Review> = policy::permit(&actor).map_err(Error::from)?;
    let form = request.extract::<Multipart, _>().await.map_err(|_| not_a_form())?;
    let mut typed = Typed::default();
    let done = match take_in(&server, &actor, form, &mut typed).await? {
        Ok(file) => attach(&server, &actor, &typed, file).await,
        Err(error) => Err(error),
    };
    let claim: ClaimId = typed.claim.parse().map_err(|_| not_a_form())?;
    let evidence = typed.evidence().map_err(|_| not_a_form())?;
    let (page, name) = (format!("{}#copies-{evidence}", paths::claim(claim)), copy_form(evidence));
    match done {
        Ok(done) => {
            if let Err(error) = server.desk.drop_draft(&actor, &name).await {
                tracing::warn!(error = %chain(&error), "a draft that was sent could not be dropped");
            }
            Ok(Redirect::to(&paths::with(&page, "done", done.word())).into_response())
        }
        Err(error) if matches!(error.kind(), Kind::Forbidden | Kind::NotFound | Kind::Internal) => {
            Err(error.into())
        }
        Err(error) => {
            // Also where the store cannot be reached: what was typed waits in the form.
            let fields = refused(&error, typed.fields());
            server.desk.keep_draft(&actor, &name, &fields).await?;
            if error.kind() == Kind::Unavailable {
                tracing::error!(error = %chain(&error), "a copy could not be kept");
            }
            Ok(Redirect::to(&page).into_response())
        }
    }
}

/// Reads the form to its end, and keeps a file's content on the way. A refusal of the file comes
/// with everything that was typed, also behind it.
async fn take_in(
    server: &Server,
    actor: &Actor,
    mut form: Multipart,
    typed: &mut Typed,
) -> Result<Result<Sent, Error>, Trouble> {
    let mut taken: Result<Sent, Error> = Ok(None);
    while let Some(field) = form.next_field().await.map_err(|_| broken_off())? {
        let (into, most) = match field.name() {
            Some("claim") => (&mut typed.claim, SHORT),
            Some("evidence_id") => (&mut typed.evidence, SHORT),
            Some("address") => (&mut typed.address, SHORT),
            Some("captured_at") => (&mut typed.captured, SHORT),
            // Every line end may come as two bytes.
            Some("text") => (&mut typed.text, 2 * MAX_PASTED_BYTES),
            Some("file") => {
                let found = take_file(server, actor, typed, field).await?;
                if taken.is_ok() {
                    taken = found;
                }
                continue;
            }
            _ => continue,
        };
        match words(field, most).await? {
            Some(words) => *into = words,
            None if taken.is_ok() => {
                taken =
                    Err(Invalid::too_large("text", "The text is larger than 1 MB. Attach it as a file.")
                        .into());
            }
            None => {}
        }
    }
    Ok(taken)
}

async fn take_file(
    server: &Server,
    actor: &Actor,
    typed: &Typed,
    mut field: Field<'_>,
) -> Result<Result<Sent, Error>, Trouble> {
    let name = field.file_name().unwrap_or_default().to_owned();
    // A browser sends an empty part where no file was chosen.
    let first = field.chunk().await.map_err(|_| broken_off())?.filter(|first| !first.is_empty());
    if first.is_none() && name.is_empty() {
        return Ok(Ok(None));
    }
    let evidence = match typed.evidence() {
        Ok(evidence) => evidence,
        Err(_) => return Err(not_a_form()),
    };
    let mut pieces = stream::iter(first.map(Ok)).chain(field);
    let kept = server.desk.keep_content(actor, evidence, "file", &mut pieces).await;
    if kept.is_err() {
        // A browser that is cut off while it sends shows no answer. It ends: the whole is bounded.
        while let Some(Ok(_)) = pieces.next().await {}
    }
    Ok(kept.map(|kept| Some((kept, FileName::clean(&name)))))
}

/// A field's words; `None` where there are more than `most` bytes of them.
async fn words(mut field: Field<'_>, most: usize) -> Result<Option<String>, Trouble> {
    let mut bytes = Vec::new();
    let mut is_too_long = false;
    while let Some(piece) = field.chunk().await.map_err(|_| broken_off())? {
        is_too_long |= bytes.len() + piece.len() > most;
        if !is_too_long {
            bytes.extend_from_slice(&piece);
        }
    }
    if is_too_long {
        return Ok(None);
    }
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}

/// Attaches what was kept, and what was pasted.
async fn attach(server: &Server, actor: &Actor, typed: &Typed, file: Sent) -> Result<Done, Error> {
    let evidence = typed.evidence()?;
    let form = typed.form(None)?;
    // Forms send line ends as two characters; in the text area they were one, as what was pasted.
    let pasted = typed.text.replace("\r\n", "\n");
    let mut all = Vec::from_iter(file);
    if !pasted.trim().is_empty() {
        if pasted.len() > MAX_PASTED_BYTES {
            return Err(
                Invalid::too_large("text", "The text is larger than 1 MB. Attach it as a file.").into()
            );
        }
        let pieces = stream::iter([Ok::<_, Infallible>(axum::body::Bytes::from(pasted))]);
        all.push((server.desk.keep_content(actor, evidence, "text", pieces).await?, None));
    }
    if all.is_empty() {
        return Err(Invalid::new("file", "Choose a file, or paste text.").into());
    }
    let mut done = Done::CopyKnown;
    for (kept, name) in all {
        let form = CopyForm { name, ..form.clone() };
        done = match server.desk.add_copy(actor, evidence, kept, form, None).await?.how {
            Attached::New => Done::CopyAdded,
            Attached::Mended => Done::CopyMended,
            Attached::Known => done,
        };
    }
    Ok(done)
}

/// As the browser's field for a moment sends it, taken as UTC.
fn moment(text: &str) -> Result<Option<DateTime<Utc>>, Invalid> {
    app::actions::moment(text)
        .map_err(|_| Invalid::new("captured_at", "Write it as 2024-03-20T14:10, in UTC."))
}

fn not_a_form() -> Trouble {
    Trouble::new(Kind::Invalid, "The form was not sent as a browser sends it.")
}

fn broken_off() -> Trouble {
    let words = "The upload broke off, or it is larger than a form may be. A file may have 25 MB.";
    Trouble::new(Kind::Invalid, words).with_status(StatusCode::BAD_REQUEST)
}

#[derive(Deserialize)]
pub struct How {
    /// Given where it should be saved rather than shown.
    save: Option<String>,
}

/// `GET /copies/{id}/content`
pub async fn content(
    State(server): State<Server>,
    Extension(Who(who)): Extension<Who>,
    id: Result<Path<CopyId>, PathRejection>,
    Query(how): Query<How>,
    headers: HeaderMap,
) -> Answer {
    let Some(actor) = who.map(|who| who.actor) else { return Ok(Redirect::to(paths::LOGIN).into_response()) };
    let Ok(Path(id)) = id else { return Err(Trouble::of_status(StatusCode::NOT_FOUND)) };
    Ok(answer(server.desk.open_copy(&actor, id).await?, &headers, how.save.is_some()))
}

/// Sends a copy: pictures and text may be looked at in place, everything else is saved. Pages are
/// text.
pub fn answer(content: CopyContent, headers: &HeaderMap, is_saved: bool) -> Response {
    let CopyContent { copy, pieces } = content;
    let tag = format!("\"{}\"", copy.sha256);
    let is_known = headers.get(IF_NONE_MATCH).and_then(|known| known.to_str().ok()).is_some_and(|known| {
        known
            .split(',')
            .any(|one| matches!(one.trim().trim_start_matches("W/"), one if one == tag || one == "*"))
    });
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = Response::new(Body::from_stream(pieces));
        response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(copy.bytes));
        response
    };
    let sent = response.headers_mut();
    sent.insert(CONTENT_TYPE, HeaderValue::from_static(sent_as(&copy)));
    sent.insert(CONTENT_SECURITY_POLICY, POLICY);
    sent.insert(CACHE_CONTROL, FOR_EVER);
    for (name, value) in [(ETAG, tag), (CONTENT_DISPOSITION, disposition(&copy, is_saved))] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            sent.insert(name, value);
        }
    }
    response.extensions_mut().insert(Unaltered);
    response
}

/// Marks an answer that must arrive as it is kept.
#[derive(Clone, Copy)]
struct Unaltered;

/// What may be compressed on its way: not what is kept under its hash.
pub fn may_be_compressed() -> impl Predicate {
    DefaultPredicate::new()
        .and(|_, _, _: &HeaderMap, extensions: &http::Extensions| extensions.get::<Unaltered>().is_none())
}

fn sent_as(copy: &CopyView) -> &'static str {
    match copy.media_type {
        MediaType::Html | MediaType::Text if copy.is_utf8 => "text/plain; charset=utf-8",
        MediaType::Html | MediaType::Text => "text/plain",
        picture_or_pdf => picture_or_pdf.word(),
    }
}

/// Whether it is shown or saved, and under which name.
fn disposition(copy: &CopyView, is_saved: bool) -> String {
    let how = if is_saved || copy.media_type == MediaType::Pdf { "attachment" } else { "inline" };
    let name = saved_as(copy);
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ' | '(' | ')') { c } else { '_' }
        })
        .collect();
    let escaped: String = name
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect();
    format!("{how}; filename=\"{plain}\"; filename*=UTF-8''{escaped}")
}

/// The sender's name for it, with the ending of what it really is.
fn saved_as(copy: &CopyView) -> String {
    let ending = copy.media_type.ending();
    let short: String = copy.sha256.chars().take(8).collect();
    let name = copy.name.clone().unwrap_or(short);
    if name.to_lowercase().ends_with(&format!(".{ending}")) {
        return name;
    }
    // A page keeps its own ending in front of the one that keeps it from being opened.
    let stem = name.strip_suffix(".html").filter(|_| copy.media_type == MediaType::Html).unwrap_or(&name);
    format!("{stem}.{ending}")
}
