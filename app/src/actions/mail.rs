//! Mail that did not go out, for admins.

use super::answer::{Done, asked, back, go_done, id};
use crate::paths;
use crate::problem::Problem;
use domain::id::MailId;
use domain::policy::ManageAccounts;
use leptos::prelude::*;

#[server(prefix = "/actions", endpoint = "mail/again")]
pub async fn try_mail_again(#[server(default)] mail: String) -> Result<(), Problem> {
    let (desk, actor) = asked::<ManageAccounts>()?;
    let mail: MailId = id("mail", &mail)?;
    match desk.try_mail_again(&actor, mail).await {
        Ok(()) => go_done(paths::MAIL, Done::MailTriedAgain),
        Err(error) => return back(&desk, &actor, error, paths::MAIL, None).await,
    }
    Ok(())
}

#[server(prefix = "/actions", endpoint = "mail/drop")]
pub async fn drop_mail(#[server(default)] mail: String) -> Result<(), Problem> {
    let (desk, actor) = asked::<ManageAccounts>()?;
    let mail: MailId = id("mail", &mail)?;
    match desk.drop_mail(&actor, mail).await {
        Ok(()) => go_done(paths::MAIL, Done::MailDropped),
        Err(error) => return back(&desk, &actor, error, paths::MAIL, None).await,
    }
    Ok(())
}
