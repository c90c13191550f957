//! `/account`: one's own account.

use super::{Notice, query, signed_in};
use crate::language::t;
use crate::paths;
use crate::request;
use crate::ui::{Frame, day, field, frame, select};
use desk::{Choices, IdentityRow, SecondFactor, TokenRow};
use domain::notification::Channel;
use domain::policy::Actor;
use leptos::prelude::*;
use phrase::{t, view};

pub fn page() -> AnyView {
    let email = request::signed_in().map(|who| who.email).unwrap_or_default();
    let wrong = query("field");
    signed_in(
        |desk, actor| async move {
            let tokens = desk.tokens(&actor).await?;
            let (factor, links) = (desk.second_factor(&actor).await?, desk.identities(&actor).await?);
            Ok((tokens, factor, links, desk.choices(&actor).await?))
        },
        move |(tokens, factor, links, choices), actor, notice| {
            view(tokens, (&factor, links, &choices), &actor, &email, wrong, notice)
        },
    )
}

/// What the server's refusals of a password change mean; a closed set, for it travels in the address.
fn password_wrong(asked: Option<&str>, field: &str) -> Option<String> {
    let words = match asked? {
        "old_password" => t!("This is not your present password."),
        "new_password" => t!("Use 12 to 256 characters; a few words are easy to remember."),
        "repeat_password" => t!("This is not the same as the new password."),
        _ => return None,
    };
    (asked == Some(field)).then(|| words.to_owned())
}

/// How the second factor stands, and the way to it.
fn second_factor_card(factor: &SecondFactor) -> AnyView {
    let (words, link) = match factor.since {
        Some(since) => {
            let left = t!("; recovery codes left: {}.", factor.codes_left);
            (view! { "On since " {day(since)} {left} }.into_any(), t!("Change it"))
        }
        None => (t!("Off: signing in takes no code.").into_any(), t!("Set it up")),
    };
    view! {
        <section class="card">
            <h2>"Second factor"</h2>
            <div class="row"><p>{words}</p><a class="btn" href=paths::SECOND_FACTOR>{link}</a></div>
        </section>
    }
    .into_any()
}

/// How to be told of what: a list to choose from for each occasion.
fn told(choices: &Choices) -> AnyView {
    let rows = choices
        .channels
        .iter()
        .map(|(occasion, chosen)| {
            let id = format!("told-{occasion}");
            let options = Channel::ALL
                .iter()
                .map(|channel| view! { <option value=channel.word() selected={channel == chosen}>{t(channel.label())}</option> })
                .collect_view();
            view! {
                <div class="told-of">
                    <label for=id.clone()>{t(occasion.label())}</label>
                    <select id=id name=occasion.word()>{options}</select>
                </div>
            }
        })
        .collect_view();
    let mail = match request::site().sends_mail {
        true => t!("Mail goes out only for what you have not read here before."),
        false => t!("This desk sends no mail at present; what you choose holds once it does."),
    };
    let hours = (0..24).map(|hour| (hour.to_string(), format!("{hour:02}:00 UTC"))).collect();
    view! {
        <form method="post" action="/actions/account/notifications" class="form card" id="told" aria-labelledby="told-title">
            <h2 id="told-title">"What you are told of"</h2>
            <p class="small quiet">"“Here” is the bell at the top of every page. " {mail}</p>
            <div class="told-list">{rows}</div>
            {select("hour", "hour", t!("The daily mail comes at"), hours, &choices.hour.to_string())}
            <div class="row"><span></span><button class="btn go">"Keep this choice"</button></div>
        </form>
    }
    .into_any()
}

/// Accounts at an identity provider that sign this person in.
fn links_card(links: Vec<IdentityRow>) -> AnyView {
    if links.is_empty() {
        return ().into_any();
    }
    let rows = links
        .into_iter()
        .map(|link| {
            view! {
                <div class="row">
                    <p>{link.email.clone()} " at " <span class="quiet">{link.issuer.clone()}</span> ", since " {day(link.linked_at)}</p>
                    <form method="post" action="/actions/account/unlink">
                        <input type="hidden" name="issuer" value=link.issuer.clone() />
                        <button class="btn" aria-label=t!("Unlink {} at {}", link.email, link.issuer)>"Unlink"</button>
                    </form>
                </div>
            }
        })
        .collect_view();
    view! {
        <section class="card">
            <h2>"Signs you in elsewhere"</h2>
            {rows}
        </section>
    }
    .into_any()
}

fn view(
    tokens: Vec<TokenRow>,
    (factor, links, choices): (&SecondFactor, Vec<IdentityRow>, &Choices),
    actor: &Actor,
    email: &str,
    wrong: Option<String>,
    notice: Notice,
) -> AnyView {
    let password = |name: &'static str, label: &'static str, hint: &'static str| {
        field(
            name,
            name,
            "password",
            label,
            hint,
            String::new(),
            true,
            password_wrong(wrong.as_deref(), name),
        )
    };
    let rows = tokens
        .into_iter()
        .map(|token| {
            let change = match token.revoked_at {
                Some(at) => view! { <span class="quiet small">"revoked " {day(at)}</span> }.into_any(),
                None => view! {
                    <form method="post" action="/actions/tokens/revoke" class="inline">
                        <input type="hidden" name="token" value=token.id.to_string() />
                        <button class="btn small" aria-label=t!("Revoke {}", token.name)>"Revoke"</button>
                    </form>
                }
                .into_any(),
            };
            view! { <tr><th scope="row">{token.name.clone()}</th><td class="small">{day(token.created_at)}</td><td>{change}</td></tr> }
        })
        .collect::<Vec<_>>();
    let tokens = if rows.is_empty() {
        view! { <p class="quiet">"None. " <code>"claimdesk token create"</code> " makes one on the command line and shows it once."</p> }
            .into_any()
    } else {
        view! {
            <div class="scroll"><table>
                <thead><tr><th scope="col">"Name"</th><th scope="col">"Made"</th><th scope="col"><span class="hidden">"Change"</span></th></tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table></div>
        }
        .into_any()
    };
    frame(
        Frame { title: t!("Your account"), here: paths::ACCOUNT, live: None },
        view! {
            <div class="page narrow">
                {notice.view()}
                <div class="row top">
                    <div><h1>{actor.name.clone()}</h1><p class="quiet">{email.to_owned()} " · " {t(actor.role.label())}</p></div>
                    <form method="post" action="/actions/account/sign-out"><button class="btn">"Sign out"</button></form>
                </div>
                <form method="post" action="/actions/account/password" class="form card" aria-labelledby="change-password">
                    <h2 id="change-password">"Change the password"</h2>
                    // Password keepers want to know whose password it is.
                    <input class="hidden" type="email" name="username" autocomplete="username" value=email.to_owned() readonly tabindex="-1" aria-hidden="true" />
                    {password("old_password", t!("Present password"), "")}
                    {password("new_password", t!("New password"), t!("At least 12 characters."))}
                    {password("repeat_password", t!("New password again"), "")}
                    <div class="row"><span></span><button class="btn go">"Change the password"</button></div>
                </form>
                {second_factor_card(factor)}
                {links_card(links)}
                <section class="card">
                    <h2>"Sessions"</h2>
                    <div class="row">
                        <p>"Ends every session of yours, on every device, this one too."</p>
                        <form method="post" action="/actions/account/sign-out-everywhere"><button class="btn">"Sign out everywhere"</button></form>
                    </div>
                </section>
                {told(choices)}
                <section class="card"><h2>"API tokens"</h2>{tokens}</section>
            </div>
        }
        .into_any(),
    )
}
