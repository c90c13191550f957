//! `/admin/mail`: mail that did not go out, and why.

use super::{Notice, signed_in};
use crate::ui::{Frame, frame, moment};
use crate::{paths, request};
use desk::{MailRow, Outbox};
use leptos::prelude::*;
use phrase::{t, tn, view};

pub fn page() -> AnyView {
    let sends = request::site().sends_mail;
    signed_in(
        |desk, actor| async move { desk.outbox(&actor).await },
        move |outbox, _, notice| view(outbox, sends, notice),
    )
}

fn view(outbox: Outbox, sends: bool, notice: Notice) -> AnyView {
    let stands = match (sends, outbox.waiting) {
        (false, 0) => t!(
            "This desk sends no mail: no mail server is set (CLAIMDESK_SMTP_URL). People are told in the app."
        )
        .to_owned(),
        (false, n) => {
            t!("{n} wait, and this server sends no mail: no mail server is set (CLAIMDESK_SMTP_URL).")
        }
        (true, 0) => t!("Nothing waits.").to_owned(),
        (true, n) => tn!(n, "One mail waits to go out.", "{n} mails wait to go out."),
    };
    let list = if outbox.failed.is_empty() {
        view! { <div class="card empty"><h2>"No mail has failed"</h2><p class="quiet">"What the mail server does not take stands here, with the reason."</p></div> }
            .into_any()
    } else {
        let rows = outbox.failed.into_iter().map(row).collect_view();
        view! { <div class="card flush"><ol class="claims told">{rows}</ol></div> }.into_any()
    };
    frame(
        Frame { title: t!("Mail"), here: paths::MAIL, live: None },
        view! {
            <div class="page">
                {notice.view()}
                <h1>"Mail"</h1>
                <p class="quiet">{stands}</p>
                {list}
            </div>
        }
        .into_any(),
    )
}

fn row(mail: MailRow) -> AnyView {
    let id = mail.id.to_string();
    let next = match mail.due_at {
        Some(at) => view! { <span class="quiet small block">"tried again " {moment(at)}</span> }.into_any(),
        None => view! { <b class="small block">"given up"</b> }.into_any(),
    };
    let button = |action: &'static str, words: &'static str| {
        view! {
            <form method="post" action=format!("/actions/mail/{action}") class="inline">
                <input type="hidden" name="mail" value=id.clone() />
                <button class="btn small" aria-label=t!("{words}: the mail to {}", mail.name)>{words}</button>
            </form>
        }
    };
    view! {
        <li class="claim-item">
            <span class="num count" title="Tries">{mail.attempts} <span class="hidden">" tries"</span></span>
            <div>
                <p><b>{mail.name.clone()}</b> " " <span class="quiet small">{mail.to.clone()}</span></p>
                <p class="small">{mail.failed.clone()} {next}</p>
                <p class="quiet small">"put together " {moment(mail.made_at)}</p>
            </div>
            <span class="chips">{button("again", t!("Try again"))} {button("drop", t!("Throw away"))}</span>
        </li>
    }
    .into_any()
}
