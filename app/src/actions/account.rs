//! Accounts, by admins, and one's own tokens. Signing in and out is the server's: it has the session.

use super::answer::{Done, asked, back, fields, go_done, id};
use crate::paths;
use crate::problem::Problem;
use desk::Error;
use domain::id::{AccountId, TokenId};
use domain::policy::{ManageAccounts, OwnAccount, Role};
use domain::words::{Email, Invalid, NewPassword, PersonName, Reason};
use leptos::prelude::*;
use phrase::t;

/// The form whose draft a new account is; its password is never kept.
pub const FORM: &str = "account";

#[server(prefix = "/actions", endpoint = "accounts/create")]
pub async fn create_account(
    #[server(default)] email: String,
    #[server(default)] name: String,
    #[server(default)] role: String,
    #[server(default)] new_password: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<ManageAccounts>()?;
    let created = async {
        let role = parse_role(&role)?;
        let (email, name) = (Email::parse(&email)?, PersonName::parse(&name)?);
        let password = NewPassword::parse("new_password", &new_password)?;
        desk.create_account(Some(&actor), email, name, role, password).await
    }
    .await;
    match created {
        Ok(_) => {
            if let Err(error) = desk.drop_draft(&actor, FORM).await {
                tracing::warn!(error = &error as &dyn std::error::Error, "a draft could not be dropped");
            }
            go_done(paths::ACCOUNTS, Done::AccountCreated);
            Ok(())
        }
        Err(error) => {
            let typed = fields([("email", &email), ("name", &name), ("role", &role)]);
            back(&desk, &actor, error, paths::ACCOUNTS, Some((FORM, typed))).await
        }
    }
}

#[server(prefix = "/actions", endpoint = "accounts/disable")]
pub async fn disable_account(#[server(default)] account: String) -> Result<(), Problem> {
    let (desk, actor) = asked::<ManageAccounts>()?;
    let account: AccountId = id("account", &account)?;
    changed(desk.disable_account(Some(&actor), account).await).await
}

#[server(prefix = "/actions", endpoint = "accounts/enable")]
pub async fn enable_account(#[server(default)] account: String) -> Result<(), Problem> {
    let (desk, actor) = asked::<ManageAccounts>()?;
    let account: AccountId = id("account", &account)?;
    changed(desk.enable_account(&actor, account).await).await
}

#[server(prefix = "/actions", endpoint = "accounts/role")]
pub async fn change_role(
    #[server(default)] account: String,
    #[server(default)] role: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<ManageAccounts>()?;
    let account: AccountId = id("account", &account)?;
    let done = match parse_role(&role) {
        Ok(role) => desk.change_role(&actor, account, role).await,
        Err(error) => Err(error),
    };
    changed(done).await
}

#[server(prefix = "/actions", endpoint = "accounts/reset-second-factor")]
pub async fn reset_second_factor(
    #[server(default)] account: String,
    #[server(default)] reason: String,
) -> Result<(), Problem> {
    let (desk, actor) = asked::<ManageAccounts>()?;
    let account: AccountId = id("account", &account)?;
    let done = match Reason::parse(&reason) {
        Ok(reason) => desk.reset_second_factor(Some(&actor), account, &reason).await,
        Err(invalid) => Err(Invalid::new("reason", t!("Say why. {}", invalid.fix)).into()),
    };
    match done {
        Ok(()) => go_done(paths::ACCOUNTS, Done::SecondFactorReset),
        Err(error) => return back(&desk, &actor, error, paths::ACCOUNTS, None).await,
    }
    Ok(())
}

async fn changed(done: Result<(), Error>) -> Result<(), Problem> {
    let (desk, actor) = asked::<ManageAccounts>()?;
    match done {
        Ok(()) => go_done(paths::ACCOUNTS, Done::Account),
        Err(error) => return back(&desk, &actor, error, paths::ACCOUNTS, None).await,
    }
    Ok(())
}

#[server(prefix = "/actions", endpoint = "account/unlink")]
pub async fn unlink_identity(#[server(default)] issuer: String) -> Result<(), Problem> {
    let (desk, actor) = asked::<OwnAccount>()?;
    match desk.unlink_identity(&actor, &issuer).await {
        Ok(()) => go_done(paths::ACCOUNT, Done::Unlinked),
        Err(error) => return back(&desk, &actor, error, paths::ACCOUNT, None).await,
    }
    Ok(())
}

#[server(prefix = "/actions", endpoint = "tokens/revoke")]
pub async fn revoke_token(#[server(default)] token: String) -> Result<(), Problem> {
    let (desk, actor) = asked::<OwnAccount>()?;
    let token: TokenId = id("token", &token)?;
    match desk.revoke_token(&actor, token).await {
        Ok(()) => go_done(paths::ACCOUNT, Done::Token),
        Err(error) => return back(&desk, &actor, error, paths::ACCOUNT, None).await,
    }
    Ok(())
}

fn parse_role(role: &str) -> Result<Role, Error> {
    role.parse().map_err(|_| Invalid::new("role", t!("Choose a role.")).into())
}
