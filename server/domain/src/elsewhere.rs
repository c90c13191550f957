//! Signing in at an identity provider (OpenID Connect): who is let in, and what counts as a second
//! factor.

use crate::closed_set;

closed_set! {
    /// Why somebody who comes from the identity provider is not let in. A closed set, because it
    /// travels in the address.
    Refusal {
        Unverified = "unverified", "The provider has not verified your e-mail address, so it cannot say which account is yours.";
        Unknown = "unknown", "Nobody here has your e-mail address. An admin of your desk can make an account.";
        Disabled = "disabled", "Your account here is out of use. Ask an admin of your desk.";
        Taken = "taken", "The account with your e-mail address belongs to another person at the provider. Ask an admin of your desk.";
        Declined = "declined", "The provider did not let you sign in. Try again there.";
        Stale = "stale", "This sign-in was begun elsewhere, took too long, or was answered already. Begin again.";
        Unreachable = "unreachable", "The provider cannot be reached, or its answer makes no sense. Try again in a moment.";
    }
}

/// Whether the provider says that it has asked for more than one factor: `amr` of RFC 8176, or an
/// `acr` that providers use for it.
pub fn is_strong<'a>(methods: impl IntoIterator<Item = &'a str>, class: Option<&str>) -> bool {
    const CLASSES: [&str; 3] = [
        "mfa",
        "http://schemas.openid.net/pape/policies/2007/06/multi-factor",
        "https://refeds.org/profile/mfa",
    ];
    methods.into_iter().any(|method| method == "mfa") || class.is_some_and(|class| CLASSES.contains(&class))
}

/// Whether an address belongs to one of these domains; subdomains do not.
pub fn is_of_domain<T: AsRef<str>>(email: &str, domains: &[T]) -> bool {
    let Some((_, host)) = email.rsplit_once('@') else { return false };
    domains.iter().any(|domain| domain.as_ref().trim().eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_provider_calls_several_factors_counts_as_such() {
        assert!(is_strong(["pwd", "mfa"], None));
        assert!(is_strong([], Some("https://refeds.org/profile/mfa")));
        assert!(!is_strong(["pwd", "otp"], Some("1")));
        assert!(!is_strong([], None));
    }

    #[test]
    fn a_domain_is_the_whole_of_what_follows_the_last_at_sign() {
        let ours = ["Desk.example"];
        assert!(is_of_domain("noor@desk.example", &ours));
        for foreign in
            ["noor@sub.desk.example", "noor@evildesk.example", "noor@desk.example@evil.example", "noor"]
        {
            assert!(!is_of_domain(foreign, &ours), "{foreign}");
        }
        assert!(!is_of_domain("noor@desk.example", &[""]));
    }
}
