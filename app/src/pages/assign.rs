//! `/claims/assign`: whose claims are to be, seen before it is done. Everything that was chosen
//! stands in the address, so that it works as plain forms.

use super::claims::read_filter;
use super::{Notice, signed_in};
use crate::language;
use crate::ui::{Frame, frame, stage_name, standing_tag};
use crate::{paths, request};
use desk::{Among, ClaimFilter, ClaimRow, Error, MOST_AT_ONCE, Person, Preview, PreviewRow, Sort};
use domain::id::{AccountId, ClaimId};
use domain::policy::{Actor, Review, Role, permit};
use domain::words::Invalid;
use leptos::prelude::*;
use phrase::{t, tn, view};
use url::form_urlencoded;

/// What the address asks for.
struct Asked {
    /// The claims that were ticked; `None`: those of the filter.
    claims: Option<Vec<ClaimId>>,
    filter: ClaimFilter,
    sort: Sort,
    /// To whom; `None` before anybody is chosen.
    among: Option<Among>,
    /// The words of the address that say which claims are meant.
    which: Vec<(String, String)>,
}

/// What the page shows.
struct Seen {
    asked: Asked,
    people: Vec<Person>,
    /// Before anybody is chosen.
    rows: Vec<ClaimRow>,
    preview: Option<Preview>,
}

pub fn page() -> AnyView {
    let address = request::address();
    signed_in(
        |desk, actor| async move {
            permit::<Review>(&actor)?;
            let asked = read(address.split_once('?').map_or("", |(_, query)| query))?;
            let most = i64::try_from(MOST_AT_ONCE).unwrap_or(200);
            let rows = match &asked.claims {
                None => desk.claims(&actor, &asked.filter, asked.sort, None, most).await?.rows,
                Some(claims) => desk.claim_rows(&actor, claims).await?,
            };
            let ids: Vec<ClaimId> = rows.iter().map(|row| row.id).collect();
            let (people, preview) = match &asked.among {
                Some(among) => {
                    let preview = desk.preview_handout(&actor, &ids, among).await?;
                    (preview.people.clone(), Some(preview))
                }
                None => (desk.hands(&actor).await?, None),
            };
            Ok(Seen { asked, people, rows, preview })
        },
        |seen, actor, notice| view(&seen, &actor, notice),
    )
}

fn read(query: &str) -> Result<Asked, Error> {
    let (mut claims, mut people, mut which, mut nobody) = (Vec::new(), Vec::new(), Vec::new(), false);
    for (name, value) in form_urlencoded::parse(query.as_bytes()).into_owned() {
        match name.as_str() {
            "claim" => {
                claims
                    .push(value.parse().map_err(|_| Invalid::new("claim", t!("claim: this is not an id")))?);
                which.push((name, value));
            }
            "to" if value == "nobody" => nobody = true,
            "to" => people.push(
                value.parse::<AccountId>().map_err(|_| Invalid::new("to", t!("to: this is not an id")))?,
            ),
            "done" | "notice" | "cursor" => {}
            _ if value.is_empty() => {}
            _ => which.push((name, value)),
        }
    }
    let (filter, sort) = read_filter(query)?;
    let among = match (nobody, people.is_empty()) {
        (true, _) => Some(Among::Nobody),
        (false, true) => None,
        (false, false) => Some(Among::People(people)),
    };
    if claims.len() > MOST_AT_ONCE {
        return Err(Invalid::new("claims", t!("Hand out at most {MOST_AT_ONCE} claims at once.")).into());
    }
    // Whoever ticked nothing chose nothing, and not everything.
    let ticked = !claims.is_empty() || which.iter().any(|(name, _)| name == "ticked");
    let claims = ticked.then_some(claims);
    Ok(Asked { claims, filter, sort, among, which })
}

fn view(seen: &Seen, actor: &Actor, notice: Notice) -> AnyView {
    let editor = actor.role >= Role::Editor;
    let all = seen.rows.len();
    let hidden = seen
        .asked
        .which
        .iter()
        .map(|(name, value)| view! { <input type="hidden" name=name.clone() value=value.clone() /> })
        .collect_view();
    let chosen = |person: AccountId| matches!(&seen.asked.among, Some(Among::People(people)) if people.contains(&person));
    let offered: Vec<&Person> = seen.people.iter().filter(|one| editor || one.id == actor.id).collect();
    let people = offered
        .into_iter()
        .map(|person| {
            let id = format!("to-{}", person.id);
            let has = match person.has {
                0 => t!("has none").to_owned(),
                n => t!("has {n}"),
            };
            view! {
                <li class="choice"><input type="checkbox" id=id.clone() name="to" value=person.id.to_string() checked=chosen(person.id) />
                    <label for=id>{person.name.clone()} " " <span class="quiet small num">{has}</span></label></li>
            }
        })
        .collect_view();
    let title = tn!(all, "Hand out one claim", "Hand out {n} claims");
    let content = if all == 0 {
        view! {
            <div class="card empty"><h2>"No claim is chosen"</h2>
                <p><a href=paths::CLAIMS>"Tick claims in the list"</a>", or narrow it and hand out all that fit."</p></div>
        }
        .into_any()
    } else {
        let why = if editor {
            t!(
                "Tick one person to give them all, or several to spread the claims so that all of them have about the same number. Whoever gave a claim’s first verdict is left out for it."
            )
        } else {
            t!("You can take claims on yourself; an editor hands them to others.")
        };
        let listed = seen.preview.is_none().then(|| {
            let rows = seen.rows.iter().map(|row| line(row, ().into_any())).collect_view();
            view! { <section class="card flush"><ol class="claims">{rows}</ol></section> }
        });
        view! {
            <form method="get" action=paths::ASSIGN class="card form" id="to-whom">
                {hidden}
                <fieldset class="field"><legend>"To whom?"</legend>
                    <ul class="hands">{people}</ul>
                    <p class="hint">{why}</p></fieldset>
                <div class="row">
                    <button class="btn small" name="to" value="nobody">"Take them off everybody’s list"</button>
                    <button class="btn go">"Show what changes"</button>
                </div>
            </form>
            {seen.preview.as_ref().map(preview)}
            {listed}
        }
        .into_any()
    };
    frame(
        Frame { title: t!("Hand out claims"), here: paths::CLAIMS, live: None },
        view! {
            <div class="page">
                {notice.view()}
                <h1>{title}</h1>
                <div class="stack-of-cards">{content}</div>
            </div>
        }
        .into_any(),
    )
}

fn preview(preview: &Preview) -> AnyView {
    let assignments = preview.assignments();
    let n = assignments.len();
    let pairs = assignments
        .iter()
        .map(|one| format!("{}:{}", one.claim, one.to.map(|to| to.to_string()).unwrap_or_default()))
        .collect::<Vec<_>>()
        .join(" ");
    let concerned = |person: &&Person| {
        preview.rows.iter().any(|row| {
            row.claim.assignee_id == Some(person.id) || row.to.as_ref().is_some_and(|to| to.id == person.id)
        })
    };
    let most =
        preview.people.iter().map(|one| one.has.max(preview.would_have(one.id))).max().unwrap_or(1).max(1);
    let load = preview
        .people
        .iter()
        .filter(concerned)
        .map(|person| {
            let then = preview.would_have(person.id);
            let width = |n: i64| format!("{:.1}", n as f64 / most as f64 * 100.0);
            view! {
                <tr><th scope="row">{person.name.clone()}</th><td class="num">{person.has}</td><td class="num"><b>{then}</b></td>
                    <td class="wide"><svg class="stack" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                        <rect class="context" x="0" y="0" height="8" width=width(then) />
                        <rect class="before" x="0" y="5.5" height="2.5" width=width(person.has) /></svg></td></tr>
            }
        })
        .collect_view();
    let rows = preview.rows.iter().map(|row| line(&row.claim, outcome(row))).collect_view();
    let refused = preview.rows.iter().filter(|row| row.why_not.is_some()).count();
    let left_out = (refused > 0).then(|| {
        let words = tn!(
            refused,
            "One claim cannot be handed out and stays as it is; the list says why.",
            "{n} claims cannot be handed out and stay as they are; the list says why."
        );
        view! { <p class="notice bad">{words}</p> }
    });
    let confirm = match n {
        0 => view! { <p class="quiet">"This changes nothing."</p> }.into_any(),
        n => view! {
            <form method="post" action="/actions/claims/assign" class="row">
                <input type="hidden" name="pairs" value=pairs />
                <input type="hidden" name="page" value=request::address() />
                <span class="quiet small">"Nothing has changed yet. It can be undone for fifteen minutes."</span>
                <button class="btn go" data-key="p" data-says="Hand out">{tn!(n, "Change one claim ", "Change {n} claims ")} <kbd>"P"</kbd></button>
            </form>
        }
        .into_any(),
    };
    view! {
        <section class="card" id="preview">
            <h2>"What changes"</h2>
            {left_out}
            <div class="scroll"><table>
                <thead><tr><th scope="col">"Person"</th><th scope="col" class="num">"Has"</th><th scope="col" class="num">"Would have"</th><th scope="col" class="wide"><span class="hidden">"Bar"</span></th></tr></thead>
                <tbody>{load}</tbody>
            </table></div>
            {confirm}
        </section>
        <section class="card flush"><ol class="claims">{rows}</ol></section>
    }
    .into_any()
}

fn outcome(row: &PreviewRow) -> AnyView {
    let had = row.claim.assignee.clone();
    match (&row.why_not, &row.to) {
        (Some(why), _) => view! { <span class="small wrong">{language::say(why)}</span> }.into_any(),
        (None, _) if !row.changes() => view! { <span class="small quiet">"stays as it is"</span> }.into_any(),
        (None, Some(to)) => view! {
            <span class="small">"to " <b>{to.name.clone()}</b></span>
            {had.map(|had| view! { <span class="small quiet">{t!("from {had}")}</span> })}
        }
        .into_any(),
        (None, None) => {
            view! { <span class="small">{t!("off the list of {}", had.unwrap_or_default())}</span> }
                .into_any()
        }
    }
}

fn line(row: &ClaimRow, end: AnyView) -> AnyView {
    let who = row.assignee.clone().map(|name| t!(" · for {name}"));
    view! {
        <li class="claim-item">
            <span class="num priority" title="Priority, 0 to 100">{row.priority}</span>
            <div>
                <a class="says" href=paths::claim_in_text(row.id)>{row.text.clone()}</a>
                <p class="quiet small">{row.article_title.clone()} " · " {stage_name(row.stage)} {who}</p>
            </div>
            <div class="standing">{standing_tag(row.stage, row.mark.as_deref())} {end}</div>
        </li>
    }
    .into_any()
}
