//! `/account/second-factor`: setting up an authenticator, and what goes with having one.

use super::{Notice, query, signed_in};
use crate::paths;
use crate::request::{self, FreshCodes};
use crate::ui::{Frame, day, field, frame, qr_code};
use desk::{Enrolment, SecondFactor};
use leptos::prelude::*;
use phrase::{t, tn, view};

const BEGIN: &str = "/actions/account/second-factor/begin";
const CONFIRM: &str = "/actions/account/second-factor/confirm";
const CODES: &str = "/actions/account/second-factor/codes";
const OFF: &str = "/actions/account/second-factor/off";

pub fn page() -> AnyView {
    if let Some(FreshCodes(codes)) = request::fresh_codes() {
        return codes_view(&codes);
    }
    let who = request::signed_in();
    let asked_for = who.as_ref().is_some_and(|who| who.must_enrol);
    let email = who.map(|who| who.email).unwrap_or_default();
    let wrong = Wrong { field: query("field"), problem: query("problem"), form: query("form") };
    signed_in(
        |desk, actor| async move {
            let factor = desk.second_factor(&actor).await?;
            let enrolment = if factor.since.is_none() { desk.enrolment(&actor).await? } else { None };
            Ok((factor, enrolment))
        },
        move |(factor, enrolment), _, notice| {
            let content = match (&factor.since, enrolment) {
                (Some(_), _) => on_view(&factor, &email, &wrong),
                (None, Some(enrolment)) => enrolment_view(&enrolment, &wrong),
                (None, None) => off_view(&factor, &email, &wrong),
            };
            let asked = asked_for.then(|| view! { <p class="notice">"Your desk asks you to have a second factor. Set it up to go on."</p> });
            around(t!("Second factor"), notice, wrong.of_page(), view! { {asked} {content} }.into_any())
        },
    )
}

/// What was wrong with a form, as the address says it: words of a closed set.
struct Wrong {
    field: Option<String>,
    problem: Option<String>,
    form: Option<String>,
}

impl Wrong {
    /// What is wrong with a field of a form.
    fn of(&self, form: &str, name: &str) -> Option<String> {
        let is_here = self.form.as_deref() == Some(form) && self.field.as_deref() == Some(name);
        let words = match name {
            "password" => t!("This is not your present password."),
            "code" => t!("This code is wrong, or was used before. Wait for the next one and type that."),
            _ => return None,
        };
        is_here.then(|| words.to_owned())
    }

    /// What is wrong with the whole.
    fn of_page(&self) -> Option<&'static str> {
        match (self.problem.as_deref()?, self.field.as_deref()) {
            ("throttled", _) => Some(t!("Too many failed attempts. Wait fifteen minutes and try again.")),
            (_, Some("setup")) => {
                Some(t!("This setup took too long, or was finished elsewhere. Begin anew."))
            }
            (_, Some("signed_in")) => Some(t!("Sign out, sign in again and come back within ten minutes.")),
            _ => None,
        }
    }
}

fn around(title: &'static str, notice: Notice, wrong: Option<&'static str>, content: AnyView) -> AnyView {
    frame(
        Frame { title, here: paths::ACCOUNT, live: None },
        view! {
            <div class="page narrow">
                {notice.view()}
                {wrong.map(|wrong| view! { <p class="notice bad" role="alert">{wrong}</p> })}
                <p class="small"><a href=paths::ACCOUNT>"Your account"</a></p>
                <h1>{title}</h1>
                {content}
            </div>
        }
        .into_any(),
    )
}

/// Asks for the password, of those who have one.
fn password(form: &'static str, factor: &SecondFactor, email: &str, wrong: &Wrong) -> AnyView {
    if !factor.has_password {
        return view! { <p class="quiet small">"You sign in elsewhere and have no password here, so this takes a sign-in of the last ten minutes."</p> }
            .into_any();
    }
    let id = format!("{form}-password");
    view! {
        // Password keepers want to know whose password it is.
        <input class="hidden" type="email" name="username" autocomplete="username" value=email.to_owned() readonly tabindex="-1" aria-hidden="true" />
        {field(&id, "password", "password", t!("Your password"), "", String::new(), true, wrong.of(form, "password"))}
    }
    .into_any()
}

fn code(form: &'static str, hint: &'static str, wrong: &Wrong) -> AnyView {
    let id = format!("{form}-code");
    field(&id, "code", "text", t!("Code"), hint, String::new(), true, wrong.of(form, "code"))
}

fn off_view(factor: &SecondFactor, email: &str, wrong: &Wrong) -> AnyView {
    view! {
        <p>"With a second factor, whoever finds out your password still cannot sign in as you: signing in also takes a code
            that an authenticator on your phone or in your password keeper makes anew every thirty seconds."</p>
        <form method="post" action=BEGIN class="form card" aria-labelledby="begin">
            <h2 id="begin">"Set it up"</h2>
            {password("begin", factor, email, wrong)}
            <div class="row"><span class="quiet small">"API tokens work as before."</span><button class="btn go">"Begin"</button></div>
        </form>
    }
    .into_any()
}

fn enrolment_view(enrolment: &Enrolment, wrong: &Wrong) -> AnyView {
    view! {
        <form method="post" action=CONFIRM class="form card" aria-labelledby="confirm">
            <h2 id="confirm">"Two steps"</h2>
            <p>"1. Scan this with your authenticator, or type the key into it."</p>
            <div class="enrol">
                {qr_code(&enrolment.address, t!("The key as a QR code"))}
                <div>
                    <p class="quiet small" id="key-label">"Key, time-based, six digits"</p>
                    <p class="key"><code aria-labelledby="key-label">{enrolment.secret.clone()}</code></p>
                    <p class="quiet small">"It is shown until you finish, and never again."</p>
                </div>
            </div>
            <p>"2. Type the code that it shows. Only then does it count."</p>
            {code("confirm", t!("Six digits."), wrong)}
            <div class="row"><span></span><button class="btn go">"Switch it on"</button></div>
        </form>
    }
    .into_any()
}

fn on_view(factor: &SecondFactor, email: &str, wrong: &Wrong) -> AnyView {
    let left = factor.codes_left;
    let few = (left <= 3).then(
        || view! { <p class="notice bad">"Make new recovery codes before the last one is used up."</p> },
    );
    view! {
        <p>"Signing in takes your password and a code, since " {factor.since.map(day)} ". "
            {tn!(left, "{n} recovery code is left.", "{n} recovery codes are left.")}</p>
        {few}
        <form method="post" action=CODES class="form card" aria-labelledby="codes">
            <h2 id="codes">"New recovery codes"</h2>
            <p class="quiet">"The old ones stop working, and every other session ends."</p>
            {password("codes", factor, email, wrong)}
            {code("codes", t!("Of the authenticator, or a recovery code."), wrong)}
            <div class="row"><span></span><button class="btn">"Make ten new ones"</button></div>
        </form>
        <form method="post" action=OFF class="form card" aria-labelledby="off">
            <h2 id="off">"Switch it off"</h2>
            <p class="quiet">"For a new phone, switch it off here and set it up again there."</p>
            {password("off", factor, email, wrong)}
            {code("off", t!("Of the authenticator, or a recovery code."), wrong)}
            <div class="row"><span></span><button class="btn">"Switch it off"</button></div>
        </form>
    }
    .into_any()
}

fn codes_view(codes: &[String]) -> AnyView {
    let list = codes.iter().map(|code| view! { <li><code>{code.clone()}</code></li> }).collect_view();
    frame(
        Frame { title: t!("Recovery codes"), here: paths::ACCOUNT, live: None },
        view! {
            <div class="page narrow">
                <p class="notice good" role="status">"The second factor is on. Every other session of yours has ended."</p>
                <h1>"Your recovery codes"</h1>
                <p>"Each of them lets you in once, in place of the authenticator’s code. Print them or keep them where you keep
                    passwords, away from the phone. "<strong>"They are not shown again."</strong></p>
                <div class="card"><ol class="codes">{list}</ol></div>
                <p><a class="btn go" href=paths::ACCOUNT>"I have kept them"</a></p>
            </div>
        }
        .into_any(),
    )
}
