//! `/find`: whatever has the words that somebody typed, and what they could do. The palette that
//! opens over every page shows the part `found` of it.

use super::{Notice, query, signed_in};
use crate::language::{self, t};
use crate::paths;
use crate::ui::{ADMIN_SECTIONS, Frame, capital, frame, standing_tag};
use desk::{ClaimFilter, FoundThings, LONGEST_SEARCH, Sort};
use domain::policy::{Actor, Role};
use leptos::prelude::*;
use phrase::{t, tn, view};

pub fn page() -> AnyView {
    let wanted: String =
        query("q").map(|q| q.trim().chars().take(LONGEST_SEARCH).collect()).unwrap_or_default();
    signed_in(
        |desk, actor| async move { Ok((desk.find(&actor, &wanted).await?, wanted)) },
        |(found, wanted), actor, notice| view(&found, &wanted, &actor, notice),
    )
}

/// Somewhere to go.
struct Command {
    name: String,
    says: &'static str,
    address: &'static str,
}

/// Where a person may go and what they may begin, as far as its name or what it says has the words.
fn commands(actor: &Actor, wanted: &str) -> Vec<Command> {
    let command = |name: &str, says, address| Command { name: name.to_owned(), says, address };
    let mut all = vec![
        command(t!("Desk"), t!("what waits, and the next claim"), paths::DESK),
        command(t!("Claims"), t!("every claim, by filters"), paths::CLAIMS),
        command(t!("Articles"), t!("what has been read"), paths::ARTICLES),
        command(t!("Incidents"), t!("events, with every source’s figures over time"), paths::INCIDENTS),
        command(t!("Dashboard"), t!("what stands where, what blocks, who is at it"), paths::DASHBOARD),
        command(t!("Notifications"), t!("what happened to claims you watch"), paths::NOTIFICATIONS),
        command(t!("Your account"), t!("password, second factor, sessions, tokens"), paths::ACCOUNT),
        command(t!("What readers see"), t!("published claims and corrections"), paths::PUBLIC),
    ];
    if actor.role >= Role::Reviewer {
        all.push(command(
            t!("Add article"),
            t!("paste a text, and its claims wait a moment later"),
            paths::INTAKE,
        ));
        all.push(command(t!("Agreement"), t!("how often reviewers agree, beyond chance"), paths::AGREEMENT));
    }
    if actor.role == Role::Admin {
        all.push(command(t!("Administration"), t!("what admins look after"), paths::ADMIN));
        all.extend(ADMIN_SECTIONS.iter().map(|section| Command {
            name: t!("Administration: {}", t(section.name)),
            says: t(section.says),
            address: section.address,
        }));
    }
    let wanted = wanted.to_lowercase();
    all.retain(|command| {
        command.name.to_lowercase().contains(&wanted) || command.says.to_lowercase().contains(&wanted)
    });
    all
}

fn view(found: &FoundThings, wanted: &str, actor: &Actor, notice: Notice) -> AnyView {
    let takes = actor.role >= Role::Reviewer
        && (wanted.is_empty() || t!("take the next claim").contains(&wanted.to_lowercase()));
    let commands = commands(actor, wanted);
    let nothing = !wanted.is_empty() && found.is_empty() && commands.is_empty() && !takes;
    let part = |id: &'static str, name: &'static str, rows: Vec<AnyView>| {
        (!rows.is_empty()).then(|| {
            view! { <section aria-labelledby=id><h2 id=id>{name}</h2><ul class="finds">{rows}</ul></section> }
        })
    };
    let claims = found
        .claims
        .iter()
        .map(|claim| {
            view! {
                <li><a href=paths::claim_in_text(claim.id)>{claim.text.clone()}</a>
                    <span class="small quiet">{claim.article_title.clone()}</span>
                    {standing_tag(claim.stage, claim.mark.as_deref())}</li>
            }
            .into_any()
        })
        .collect();
    let all_claims = (!found.claims.is_empty()).then(|| {
        let filter = ClaimFilter { q: Some(wanted.to_owned()), ..ClaimFilter::default() };
        view! { <p class="small"><a href=paths::claims(&filter, Sort::Priority, None)>"All claims with these words"</a></p> }
    });
    let incidents = found
        .incidents
        .iter()
        .map(|incident| {
            let about: Vec<String> = incident
                .place
                .as_deref()
                .map(language::apart)
                .into_iter()
                .chain([tn!(incident.claims, "one claim", "{n} claims")])
                .collect();
            view! { <li><a href=paths::incident(incident.id)>{incident.title.clone()}</a> <span class="small quiet">{about.join(" · ")}</span></li> }
                .into_any()
        })
        .collect();
    let articles = found
        .articles
        .iter()
        .map(|article| {
            view! { <li><a href=paths::article(article.id)>{article.title.clone()}</a> <span class="small quiet">{article.outlet.clone()}</span></li> }
                .into_any()
        })
        .collect();
    let sources = found
        .sources
        .iter()
        .map(|source| {
            let about = match &source.organisation {
                Some(organisation) => format!("{}, {organisation}", t(source.kind.label())),
                None => t(source.kind.label()).to_owned(),
            };
            view! { <li><a href=paths::source(source.id)>{source.name.clone()}</a> <span class="small quiet">{about}</span></li> }
                .into_any()
        })
        .collect();
    let people = found
        .people
        .iter()
        .map(|person| {
            view! {
                <li><a href=paths::claims_by(person.id)>{person.name.clone()}</a>
                    <span class="small quiet">{capital(t(person.role.label()))} ": verdicts by them, or " <a href=paths::claims_held_by(person.id)>"what they hold"</a></span></li>
            }
            .into_any()
        })
        .collect();
    let places = commands
        .into_iter()
        .map(|command| {
            view! { <li><a href=command.address>{command.name}</a> <span class="small quiet">{command.says}</span></li> }
                .into_any()
        })
        .collect();
    let take = takes.then(|| {
        view! {
            <form method="post" action="/actions/claims/next" class="inline">
                <button class="btn">"Take the next claim"</button>
            </form>
        }
    });
    frame(
        Frame { title: t!("Find"), here: paths::FIND, live: None },
        view! {
            <div class="page narrow">
                {notice.view()}
                <h1>"Find"</h1>
                <form method="get" action=paths::FIND role="search" class="filters">
                    <div class="field grow"><label for="wanted">"Words, or a part of a name"</label>
                        <input id="wanted" name="q" type="search" value=wanted.to_owned() maxlength=LONGEST_SEARCH.to_string() /></div>
                    <div class="field end"><button class="btn">"Find"</button></div>
                </form>
                <div id="found" class="card found">
                    {nothing.then(|| view! { <p>"Nothing has these words in its text or name. Try fewer, or a part of a name."</p> })}
                    {part("found-claims", t!("Claims"), claims)} {all_claims}
                    {part("found-incidents", t!("Incidents"), incidents)}
                    {part("found-articles", t!("Articles"), articles)}
                    {part("found-sources", t!("Sources"), sources)}
                    {part("found-people", t!("People"), people)}
                    {part("found-places", t!("Go to"), places)}
                    {take}
                </div>
            </div>
        }
        .into_any(),
    )
}
