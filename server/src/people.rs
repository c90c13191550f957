//! `migrate`, `user` and `token`: what whoever runs the machine does, without signing in.

use crate::config::{Migrate, Token, User};
use anyhow::{Context as _, bail};
use desk::Desk;
use domain::id::AccountId;
use domain::policy::Role;
use domain::words::{Email, NewPassword, PersonName, Reason, TokenName};
use std::io::BufRead as _;

/// # Errors
/// Where a migration fails.
pub async fn migrate(options: Migrate) -> anyhow::Result<()> {
    let desk = options.database.connect().await?;
    desk.migrate().await?;
    eprintln!("The database is up to date.");
    if let Some(role) = options.grant_to.as_deref().filter(|role| !role.is_empty()) {
        desk.grant_to(role).await?;
        eprintln!("{role} may do what servers and workers do, and no more.");
    }
    desk.close().await;
    Ok(())
}

/// # Errors
/// Where a word is not as it must be, or the desk refuses.
pub async fn user(command: User) -> anyhow::Result<()> {
    match command {
        User::Add { email, name, role, password_stdin, database } => {
            let email = Email::parse(&email)?;
            let name = PersonName::parse(&name)?;
            let of_environment =
                || std::env::var("CLAIMDESK_PASSWORD").ok().filter(|password| !password.is_empty());
            let password = if password_stdin { Some(first_line()?) } else { of_environment() };
            add(&database.connect().await?, email, name, role, password).await
        }
        User::List { database } => list(&database.connect().await?).await,
        User::Disable { email, database } => {
            let desk = database.connect().await?;
            let id = account(&desk, &Email::parse(&email)?).await?;
            desk.disable_account(None, id).await?;
            eprintln!("{email} is out of use.");
            Ok(())
        }
        User::ResetSecondFactor { email, reason, database } => {
            let reason = Reason::parse(&reason)?;
            let desk = database.connect().await?;
            let id = account(&desk, &Email::parse(&email)?).await?;
            desk.reset_second_factor(None, id, &reason).await?;
            eprintln!("{email} signs in without a code until a new second factor is set up.");
            Ok(())
        }
    }
}

/// # Errors
/// Where there is no such account.
pub async fn token(command: Token) -> anyhow::Result<()> {
    let Token::Create { owner, name, database } = command;
    let name = TokenName::parse(&name)?;
    let desk = database.connect().await?;
    let actor = desk.actor_by_email(&Email::parse(&owner)?).await?;
    let token = desk.create_token(&actor, name).await?;
    eprintln!("A token that acts as {} ({}). It is not shown again:", actor.name, actor.role.label());
    crate::print(format!("{}\n", token.secret).as_bytes())
}

async fn add(
    desk: &Desk,
    email: Email,
    name: PersonName,
    role: Role,
    password: Option<String>,
) -> anyhow::Result<()> {
    let (password, made_up) = match password {
        Some(password) => (password, false),
        None => (make_up()?, true),
    };
    desk.create_account(None, email.clone(), name, role, NewPassword::parse("password", &password)?).await?;
    eprintln!("Added {} as {}.", email.as_str(), role.label());
    if made_up {
        eprintln!("The password, to be changed after signing in:");
        crate::print(format!("{password}\n").as_bytes())?;
    }
    Ok(())
}

async fn list(desk: &Desk) -> anyhow::Result<()> {
    let mut lines = String::new();
    for account in desk.all_accounts().await? {
        let standing = if account.disabled_at.is_some() { "disabled" } else { "in use" };
        lines += &format!("{}\t{}\t{standing}\t{}\n", account.email, account.role, account.name);
    }
    crate::print(lines.as_bytes())
}

async fn account(desk: &Desk, email: &Email) -> anyhow::Result<AccountId> {
    desk.all_accounts()
        .await?
        .into_iter()
        .find(|account| account.email == email.as_str())
        .map(|account| account.id)
        .with_context(|| format!("there is no account {}", email.as_str()))
}

fn first_line() -> anyhow::Result<String> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("could not read the password from stdin")?;
    let line = line.trim_end_matches(['\r', '\n']);
    if line.is_empty() {
        bail!("stdin has no password");
    }
    Ok(line.to_owned())
}

/// Twenty letters and digits that are not mistaken for each other: 98 bits.
fn make_up() -> anyhow::Result<String> {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0; 20];
    getrandom::fill(&mut bytes).context("the system gives no random numbers")?;
    let letters = bytes.iter().filter_map(|byte| LETTERS.get(usize::from(byte % 32)));
    Ok(letters.map(|letter| char::from(*letter)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_up_password_is_a_good_one() {
        let password = make_up().expect("random");
        assert!(NewPassword::parse("password", &password).is_ok(), "{password}");
        assert_ne!(password, make_up().expect("random"));
    }
}
