//! Who runs the desk and who pays for it, as readers and their programs are told. What the desk has not
//! said is left out, and the pages say plainly that it has not.

use crate::words::{Contact, CorrectionsPolicy, DeskName, Invalid, Organised, WebAddress};
use phrase::msg;
use serde::{Deserialize, Serialize};

/// What is known by where the desk has given itself no name.
pub const PROGRAM: &str = "Claimdesk";

/// What the desk says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Identity {
    /// What it is called.
    pub name: Option<String>,
    /// Its own site.
    pub address: Option<String>,
    /// Where readers write to: an e-mail address, or the address of a form.
    pub contact: Option<String>,
    /// Who runs it and who pays for it.
    pub organisation: Option<String>,
    /// How it corrects, in its own words.
    pub corrections: Option<String>,
}

impl Identity {
    /// What somebody typed; empty fields are not said.
    ///
    /// # Errors
    /// `Invalid` with the first field that is not what it has to be.
    pub fn parse(
        name: &str,
        address: &str,
        contact: &str,
        organisation: &str,
        corrections: &str,
    ) -> Result<Self, Invalid> {
        Ok(Self {
            name: DeskName::optional(name)?.map(|one| one.as_str().to_owned()),
            address: WebAddress::optional("address", address)?.map(|one| one.as_str().to_owned()),
            contact: Contact::optional(contact)?.map(|one| one.as_str().to_owned()),
            organisation: Organised::optional(organisation)?.map(|one| one.as_str().to_owned()),
            corrections: CorrectionsPolicy::optional(corrections)?.map(|one| one.as_str().to_owned()),
        })
    }

    /// # Errors
    /// `Invalid` as [`Self::parse`], for what came another way.
    pub fn checked(&self) -> Result<(), Invalid> {
        let given = |text: &Option<String>| text.clone().unwrap_or_default();
        Self::parse(
            &given(&self.name),
            &given(&self.address),
            &given(&self.contact),
            &given(&self.organisation),
            &given(&self.corrections),
        )
        .map(|_| ())
    }

    /// What the desk is called, or else the program.
    pub fn known_as(&self) -> &str {
        self.name.as_deref().unwrap_or(PROGRAM)
    }

    /// Whether readers are told who runs the desk and how to reach it.
    pub const fn is_said(&self) -> bool {
        self.name.is_some() && self.contact.is_some() && self.organisation.is_some()
    }

    /// Where a link to the contact leads.
    pub fn contact_link(&self) -> Option<String> {
        let contact = self.contact.as_ref()?;
        Some(if contact.contains("://") { contact.clone() } else { format!("mailto:{contact}") })
    }

    /// Each part in words, by what it is called.
    pub fn in_words(&self) -> Vec<(&'static str, String)> {
        let said = |part: &Option<String>| part.clone().unwrap_or_else(|| msg!("not said").to_owned());
        vec![
            (msg!("the desk’s name"), said(&self.name)),
            (msg!("the desk’s web address"), said(&self.address)),
            (msg!("contact for readers"), said(&self.contact)),
            (msg!("organisation and funding"), said(&self.organisation)),
            (msg!("corrections policy"), said(&self.corrections)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_said_is_left_out_and_what_is_wrong_is_named() {
        assert_eq!(Identity::parse(" ", "", "", "", ""), Ok(Identity::default()));
        let wrong = |name: &str, address: &str, contact: &str| {
            Identity::parse(name, address, contact, "", "").err().map(|error| error.field)
        };
        assert_eq!(wrong("Desk", "javascript:alert(1)", ""), Some("address"));
        assert_eq!(wrong("Desk", "", "somebody"), Some("contact"));
        assert_eq!(wrong(&"x".repeat(200), "", ""), Some("name"));
        assert_eq!(wrong("Desk", "https://desk.example", "https://desk.example/write"), None);
    }

    #[test]
    fn a_contact_is_a_link_to_mail_or_to_a_form() {
        let link = |contact: &str| Identity::parse("", "", contact, "", "").expect("one").contact_link();
        assert_eq!(link("Desk@Desk.example").as_deref(), Some("mailto:desk@desk.example"));
        assert_eq!(link("https://desk.example/write").as_deref(), Some("https://desk.example/write"));
        assert_eq!(link(""), None);
    }
}
