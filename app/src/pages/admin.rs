//! `/admin`: what admins look after, a line each.

use super::{Notice, signed_in};
use crate::paths;
use crate::ui::{ADMIN_SECTIONS, Frame, frame};
use domain::policy::{self, ManageAccounts, Permit};
use leptos::prelude::*;
use phrase::{t, view};

pub fn page() -> AnyView {
    signed_in(
        |_, actor| async move {
            let _: Permit<ManageAccounts> = policy::permit(&actor)?;
            Ok(())
        },
        |(), _, notice| view(notice),
    )
}

fn view(notice: Notice) -> AnyView {
    let sections = ADMIN_SECTIONS
        .iter()
        .map(|section| {
            view! {
                <dt><a href=section.address>{crate::language::t(section.name)}</a></dt>
                <dd class="quiet">{crate::language::t(section.says)}</dd>
            }
        })
        .collect_view();
    frame(
        Frame { title: t!("Administration"), here: paths::ADMIN, live: None },
        view! {
            <div class="page narrow">
                {notice.view()}
                <h1>"Administration"</h1>
                <div class="card"><dl class="places">{sections}</dl></div>
            </div>
        }
        .into_any(),
    )
}
