//! `/admin/accounts`: who works here.

use super::{Notice, signed_in};
use crate::language::t;
use crate::paths;
use crate::ui::{Draft, Frame, day, field, frame, select};
use desk::AccountRow;
use domain::policy::{Actor, Role};
use leptos::prelude::*;
use phrase::{t, view};

pub fn page() -> AnyView {
    signed_in(
        |desk, actor| async move {
            let accounts = desk.accounts(&actor).await?;
            Ok((accounts, Draft::of(desk.draft(&actor, crate::actions::ACCOUNT_FORM).await?)))
        },
        |(accounts, draft), actor, notice| view(accounts, draft, actor, notice),
    )
}

fn roles() -> Vec<(String, String)> {
    Role::ALL.iter().map(|role| (role.word().to_owned(), t(role.label()).to_owned())).collect()
}

fn view(accounts: Vec<AccountRow>, draft: Draft, actor: Actor, notice: Notice) -> AnyView {
    let refused = draft.refused().map(|words| view! { <p class="notice bad" role="alert">{words}</p> });
    let rows = accounts.into_iter().map(|row| account_row(row, &actor)).collect_view();
    let typed = |name: &'static str, kind: &'static str, label: &'static str, hint: &'static str| {
        field(name, name, kind, label, hint, draft.typed(name).unwrap_or_default(), true, draft.wrong(name))
    };
    frame(
        Frame { title: t!("Accounts"), here: paths::ACCOUNTS, live: None },
        view! {
            <div class="page">
                {notice.view()}
                <div class="row"><h1>"Accounts"</h1> <a class="small" href=paths::MAIL>"Mail that did not go out"</a></div>
                <div class="card flush scroll"><table>
                    <thead><tr>
                        <th scope="col">"Name"</th><th scope="col">"E-mail address"</th><th scope="col">"Role"</th>
                        <th scope="col" class="num">"Holds"</th><th scope="col">"Since"</th><th scope="col">"Last sign-in"</th>
                        <th scope="col">"Second factor"</th><th scope="col"><span class="hidden">"Change"</span></th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table></div>
                <form method="post" action="/actions/accounts/create" class="form card" aria-labelledby="new-account">
                    <h2 id="new-account">"New account"</h2>
                    {refused}
                    <div class="two-fields">{typed("name", "text", t!("Name"), "")} {typed("email", "email", t!("E-mail address"), "")}</div>
                    <div class="two-fields">
                        {select("role", "role", t!("Role"), roles(), &draft.or("role", "reviewer"))}
                        {typed("new_password", "password", t!("First password"), t!("At least 12 characters; the person can change it."))}
                    </div>
                    <div class="row"><span></span><button class="btn go">"Create the account"</button></div>
                </form>
            </div>
        }
        .into_any(),
    )
}

/// Whether signing in takes a code, and the way to take that off for who has lost the authenticator.
fn second_factor(row: &AccountRow, mine: bool) -> AnyView {
    if row.second_factor_since.is_none() {
        return view! { <span class="quiet">"off"</span> }.into_any();
    }
    let reset = (!mine).then(|| {
        let id = format!("why-{}", row.id);
        view! {
            <details>
                <summary aria-label=t!("Reset the second factor of {}", row.name)>"Reset"</summary>
                <form method="post" action="/actions/accounts/reset-second-factor" class="form">
                    <input type="hidden" name="account" value=row.id.to_string() />
                    {field(&id, "reason", "text", t!("Why"), "", String::new(), true, None)}
                    <button class="btn small" aria-label=t!("Reset it for {}", row.name)>"Reset it"</button>
                </form>
            </details>
        }
    });
    view! { "on" {reset} }.into_any()
}

fn account_row(row: AccountRow, actor: &Actor) -> AnyView {
    let mine = row.id == actor.id;
    let id = row.id.to_string();
    let role = if mine || row.disabled_at.is_some() {
        view! { <span>{t(row.role.label())}</span> }.into_any()
    } else {
        let options = Role::ALL
            .iter()
            .map(|role| {
                view! { <option value=role.word() selected={*role == row.role}>{t(role.label())}</option> }
            })
            .collect_view();
        view! {
            <form method="post" action="/actions/accounts/role" class="inline">
                <input type="hidden" name="account" value=id.clone() />
                <label class="hidden" for=format!("role-{id}")>{t!("Role of {}", row.name)}</label>
                <select id=format!("role-{id}") name="role">{options}</select>
                <button class="btn small">"Set"</button>
            </form>
        }
        .into_any()
    };
    let change = match (mine, row.disabled_at) {
        (true, _) => view! { <span class="quiet small">"you"</span> }.into_any(),
        (false, None) => view! {
            <form method="post" action="/actions/accounts/disable" class="inline">
                <input type="hidden" name="account" value=id />
                <button class="btn small" aria-label=t!("Disable {}", row.name)>"Disable"</button>
            </form>
        }
        .into_any(),
        (false, Some(_)) => view! {
            <form method="post" action="/actions/accounts/enable" class="inline">
                <input type="hidden" name="account" value=id />
                <button class="btn small" aria-label=t!("Enable {}", row.name)>"Enable"</button>
            </form>
        }
        .into_any(),
    };
    let second_factor = second_factor(&row, mine);
    let holds = if row.held > 0 {
        view! { <a href=paths::claims_held_by(row.id)>{row.held}</a> }.into_any()
    } else {
        "0".into_any()
    };
    view! {
        <tr class:disabled=row.disabled_at.is_some()>
            <th scope="row">{row.name.clone()} {row.disabled_at.map(|_| view! { " " <span class="tag">"disabled"</span> })}</th>
            <td>{row.email.clone()}</td>
            <td>{role}</td>
            <td class="num">{holds}</td>
            <td class="small nowrap">{day(row.created_at)}</td>
            <td class="small nowrap">{row.last_sign_in_at.map_or_else(|| t!("never").into_any(), day)}</td>
            <td class="small">{second_factor}</td>
            <td>{change}</td>
        </tr>
    }
    .into_any()
}
