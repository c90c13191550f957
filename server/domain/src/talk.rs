//! Comments: who is meant by an @ in one.

/// Most people that one comment can call; an @ beyond them is plain text.
pub const MAX_MENTIONS: usize = 20;
/// Longest handle that is looked for, in code points.
const MAX_HANDLE: usize = 100;

/// A stretch of a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    Text(&'a str),
    /// What stands after an @, as it was typed.
    Mention(&'a str),
}

/// A comment's text in pieces, none of it lost but the @ of each mention. An @ inside a word, as
/// in an e-mail address, mentions nobody; a full stop at the end of a sentence is no part of a name.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut shown = 0;
    for (at, _) in text.match_indices('@') {
        let (Some(before), Some(after)) = (text.get(..at), text.get(at + 1..)) else { continue };
        if at < shown || before.chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '@') {
            continue;
        }
        let long = after.split(|c: char| !is_in_handle(c)).next().unwrap_or_default();
        let handle = long.trim_end_matches(|c: char| !c.is_alphanumeric());
        let is_name =
            handle.chars().next().is_some_and(char::is_alphanumeric) && handle.chars().count() <= MAX_HANDLE;
        if !is_name {
            continue;
        }
        if let Some(plain) = text.get(shown..at).filter(|plain| !plain.is_empty()) {
            pieces.push(Piece::Text(plain));
        }
        pieces.push(Piece::Mention(handle));
        shown = at + 1 + handle.len();
    }
    if let Some(rest) = text.get(shown..).filter(|rest| !rest.is_empty()) {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

/// The handles a comment mentions, in lower case, each once, in the order of the text.
pub fn handles(text: &str) -> Vec<String> {
    let mut handles: Vec<String> = Vec::new();
    for piece in pieces(text) {
        let Piece::Mention(typed) = piece else { continue };
        let handle = typed.to_lowercase();
        if !handles.contains(&handle) {
            handles.push(handle);
        }
    }
    handles.truncate(MAX_MENTIONS);
    handles
}

/// How a person is called by name after an @: "Noor A. Haddad" is `noor.a.haddad`.
pub fn handle_of(name: &str) -> String {
    let words: Vec<String> = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join(".")
}

/// Whom each handle means: `person` gives a person's name and the part of their address before the
/// @. The address goes before the name, because no two people of a desk share it by chance.
pub fn meant<'p, P>(handle: &str, people: &'p [P], person: impl Fn(&P) -> (&str, &str)) -> Meant<'p, P> {
    let those = |is: &dyn Fn(&P) -> bool| people.iter().filter(|one| is(one)).collect::<Vec<&P>>();
    let by_address = those(&|one| person(one).1.to_lowercase() == handle);
    let found =
        if by_address.is_empty() { those(&|one| handle_of(person(one).0) == handle) } else { by_address };
    match found.as_slice() {
        [] => Meant::Nobody,
        [one] => Meant::One(one),
        _ => Meant::Several,
    }
}

/// Whom a handle means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meant<'p, P> {
    One(&'p P),
    Nobody,
    /// Two people have the same name: the part of the address before the @ tells them apart.
    Several,
}

fn is_in_handle(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_mention_is_a_name_after_an_at_sign_and_not_an_address() {
        let text = "@Noor.Haddad, see a@b.example and (@jonas). Ask @@x or @. or @é.2!";
        assert_eq!(handles(text), ["noor.haddad", "jonas", "é.2"]);
    }

    #[test]
    fn a_person_is_called_once_however_often_they_are_mentioned() {
        assert_eq!(handles("@a @A @b"), ["a", "b"]);
        let many: String = (0..50).map(|n| format!("@p{n} ")).collect();
        assert_eq!(handles(&many).len(), MAX_MENTIONS);
    }

    #[test]
    fn the_address_goes_before_the_name_and_two_of_a_name_are_nobody() {
        let people = [("Jan Smit", "jsmit"), ("Jan Smit", "jan.smit"), ("Ada Rey", "x"), ("Ada Rey", "y")];
        let who = |handle: &str| meant(handle, &people, |one| (one.0, one.1));
        assert_eq!(who("jan.smit"), Meant::One(&people[1]));
        assert_eq!(who("ada.rey"), Meant::Several);
        assert_eq!(who("jsmit"), Meant::One(&people[0]));
        assert_eq!(who("nobody"), Meant::Nobody);
        assert_eq!(handle_of("  Noor A. Haddad-Öz "), "noor.a.haddad.öz");
    }

    proptest! {
        #[test]
        fn nothing_of_a_comment_is_lost_in_pieces(text in "(@|[a-zé .,@\n]){0,60}") {
            let again: String = pieces(&text)
                .into_iter()
                .map(|piece| match piece {
                    Piece::Text(text) => text.to_owned(),
                    Piece::Mention(handle) => format!("@{handle}"),
                })
                .collect();
            prop_assert_eq!(again, text);
        }
    }
}
