//! What is said to people: a text of the catalogue and what fills its holes. It is said in English
//! (`Display`: the API, the command line, the log) or by a [`Speaker`] in the reader's language.

use chrono::{DateTime, NaiveDate, Utc};
use phrase::msg;
use std::borrow::Cow;
use std::fmt;

/// Something to be said. Made by `phrase!` and `plural!`, whose texts are in the catalogue.
#[derive(Clone, Debug, PartialEq)]
pub enum Phrase {
    /// A text of the catalogue.
    Text(Box<Text>),
    /// A label of the vocabulary, or a text that was stored: looked up as it is, and said as it is where
    /// the catalogue does not know it.
    Label(Cow<'static, str>),
    /// Words of people: never translated.
    Verbatim(String),
    /// Several, with something between them.
    Joined(Vec<Phrase>, &'static str),
}

/// A text of the catalogue and what fills its holes.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    one: &'static str,
    many: Option<&'static str>,
    /// The number that chooses the form.
    count: Option<i64>,
    values: Vec<(&'static str, Value)>,
}

/// What fills a hole.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Words of people, names, addresses: as they are.
    Text(String),
    Whole(i64),
    Number(f64),
    /// From one number to another.
    Range(f64, f64),
    Day(NaiveDate),
    Moment(DateTime<Utc>),
    Phrase(Box<Phrase>),
}

/// Says phrases in one language.
pub trait Speaker {
    /// The form of a text for a number, holes and all.
    fn form(&self, one: &'static str, many: Option<&'static str>, count: Option<i64>) -> Cow<'static, str>;
    /// A stored text or a label.
    fn label<'a>(&self, label: &'a str) -> Cow<'a, str>;
    fn number(&self, number: f64) -> String;
    fn day(&self, day: NaiveDate) -> String;
    fn moment(&self, at: DateTime<Utc>) -> String;
    /// Keeps words of another script from mixing with what stands around them.
    fn isolated(&self, words: &str) -> String;
    /// "37–44": in this order wherever it stands, also between words that are written the other way.
    fn range(&self, low: f64, high: f64) -> String {
        self.isolated(&format!("{}–{}", self.number(low), self.number(high)))
    }
}

/// English as it stands in the source.
pub struct English;

impl Speaker for English {
    fn form(&self, one: &'static str, many: Option<&'static str>, count: Option<i64>) -> Cow<'static, str> {
        Cow::Borrowed(match (many, count) {
            (Some(many), Some(count)) if count != 1 => many,
            _ => one,
        })
    }
    fn label<'a>(&self, label: &'a str) -> Cow<'a, str> {
        Cow::Borrowed(label)
    }
    fn number(&self, number: f64) -> String {
        crate::measure::number(number)
    }
    fn day(&self, day: NaiveDate) -> String {
        day.format("%-d %B %Y").to_string()
    }
    fn moment(&self, at: DateTime<Utc>) -> String {
        at.format("%-d %B %Y, %H:%M UTC").to_string()
    }
    fn isolated(&self, words: &str) -> String {
        words.to_owned()
    }
}

impl Phrase {
    /// A text with its holes filled; `phrase!` calls it.
    pub fn new(one: &'static str, values: Vec<(&'static str, Value)>) -> Self {
        Self::Text(Box::new(Text { one, many: None, count: None, values }))
    }

    /// A text in the form that goes with a number; `plural!` calls it. The hole `{n}` is the number.
    pub fn plural(
        one: &'static str,
        many: &'static str,
        count: i64,
        mut values: Vec<(&'static str, Value)>,
    ) -> Self {
        values.push(("n", Value::Whole(count)));
        Self::Text(Box::new(Text { one, many: Some(many), count: Some(count), values }))
    }

    /// A label of the vocabulary.
    pub const fn label(label: &'static str) -> Self {
        Self::Label(Cow::Borrowed(label))
    }

    /// A text that was stored in English.
    pub fn stored(text: impl Into<String>) -> Self {
        Self::Label(Cow::Owned(text.into()))
    }

    /// A text that was stored in English with its holes filled, found again by the first of these frames that
    /// it has the words of. What fills a hole is looked up in turn.
    pub fn read(text: &str, frames: &[&'static str]) -> Self {
        frames.iter().find_map(|frame| Self::framed(text, frame)).unwrap_or_else(|| Self::stored(text))
    }

    fn framed(text: &str, frame: &'static str) -> Option<Self> {
        let mut pieces = frame.split('{');
        let mut rest = text.strip_prefix(pieces.next()?)?;
        let mut values = Vec::new();
        for piece in pieces {
            let (name, after) = piece.split_once('}')?;
            let (filled, then) = if after.is_empty() { (rest, "") } else { rest.split_once(after)? };
            if filled.is_empty() {
                return None;
            }
            values.push((name, Value::Phrase(Box::new(Self::stored(filled)))));
            rest = then;
        }
        rest.is_empty().then(|| Self::new(frame, values))
    }

    /// From one number to another: "37–44".
    pub fn range(low: f64, high: f64) -> Self {
        Self::new("{range}", vec![("range", Value::Range(low, high))])
    }

    /// Words of people.
    pub fn verbatim(words: impl Into<String>) -> Self {
        Self::Verbatim(words.into())
    }

    /// Nothing.
    pub const fn empty() -> Self {
        Self::Joined(Vec::new(), "")
    }

    /// Several with a comma between.
    pub fn listed(phrases: impl IntoIterator<Item = Self>) -> Self {
        Self::Joined(phrases.into_iter().collect(), msg!(", "))
    }

    /// Several with a semicolon between.
    pub fn enumerated(phrases: impl IntoIterator<Item = Self>) -> Self {
        Self::Joined(phrases.into_iter().collect(), msg!("; "))
    }

    /// Several with "and" between.
    pub fn together(phrases: impl IntoIterator<Item = Self>) -> Self {
        Self::Joined(phrases.into_iter().collect(), msg!(" and "))
    }

    /// Sentences one after another.
    pub fn spaced(phrases: impl IntoIterator<Item = Self>) -> Self {
        Self::Joined(phrases.into_iter().collect(), " ")
    }

    /// Several with nothing between.
    pub fn beside(phrases: impl IntoIterator<Item = Self>) -> Self {
        Self::Joined(phrases.into_iter().collect(), "")
    }

    /// Says it.
    pub fn say(&self, speaker: &dyn Speaker) -> String {
        let mut said = String::new();
        self.write(speaker, &mut said);
        said
    }

    fn write(&self, speaker: &dyn Speaker, to: &mut String) {
        match self {
            Self::Label(label) => to.push_str(&speaker.label(label)),
            Self::Verbatim(words) => to.push_str(words),
            Self::Joined(phrases, between) => {
                for (at, phrase) in phrases.iter().enumerate() {
                    if at > 0 {
                        to.push_str(&speaker.label(between));
                    }
                    phrase.write(speaker, to);
                }
            }
            Self::Text(text) => {
                let Text { one, many, count, values } = &**text;
                fill(
                    &speaker.form(one, *many, *count),
                    |name, to| match values.iter().find(|(known, _)| *known == name) {
                        Some((_, value)) => value.write(speaker, to),
                        None => {
                            to.push('{');
                            to.push_str(name);
                            to.push('}');
                        }
                    },
                    to,
                );
            }
        }
    }
}

/// Copies a text and has its holes filled; doubled braces are single ones.
fn fill(text: &str, mut value: impl FnMut(&str, &mut String), to: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(at);
        to.push_str(before);
        if let Some(after) = from.strip_prefix("{{") {
            to.push('{');
            rest = after;
        } else if let Some(after) = from.strip_prefix("}}") {
            to.push('}');
            rest = after;
        } else if let Some((name, after)) = from.strip_prefix('{').and_then(|from| from.split_once('}')) {
            value(name, to);
            rest = after;
        } else {
            to.push_str(from);
            return;
        }
    }
    to.push_str(rest);
}

impl Value {
    fn write(&self, speaker: &dyn Speaker, to: &mut String) {
        match self {
            Self::Text(words) => to.push_str(&speaker.isolated(words)),
            Self::Whole(number) => to.push_str(&speaker.number(*number as f64)),
            Self::Number(number) => to.push_str(&speaker.number(*number)),
            Self::Range(low, high) => to.push_str(&speaker.range(*low, *high)),
            Self::Day(day) => to.push_str(&speaker.day(*day)),
            Self::Moment(at) => to.push_str(&speaker.moment(*at)),
            Self::Phrase(phrase) => phrase.write(speaker, to),
        }
    }
}

impl Default for Phrase {
    fn default() -> Self {
        Self::empty()
    }
}

impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(&English))
    }
}

/// Used where a number decides the form: everything that counts.
pub fn counted(count: impl TryInto<i64>) -> i64 {
    count.try_into().unwrap_or(i64::MAX)
}

impl<'a, I> Fills for chrono::format::DelayedFormat<I>
where
    I: Iterator<Item = chrono::format::Item<'a>> + Clone,
{
    fn value(&self) -> Value {
        Value::Text(self.to_string())
    }
}

impl From<&'static str> for Phrase {
    fn from(text: &'static str) -> Self {
        Self::label(text)
    }
}

impl From<String> for Phrase {
    fn from(words: String) -> Self {
        Self::Verbatim(words)
    }
}

impl From<Phrase> for String {
    fn from(phrase: Phrase) -> Self {
        phrase.to_string()
    }
}

/// What can fill a hole; the macros ask for it.
pub trait Fills {
    fn value(&self) -> Value;
}

impl<T: Fills + ?Sized> Fills for &T {
    fn value(&self) -> Value {
        (**self).value()
    }
}

macro_rules! value {
    ($($type:ty => |$given:ident| $value:expr;)+) => { $(
        impl Fills for $type {
            fn value(&self) -> Value {
                let $given = self;
                $value
            }
        }
    )+ };
}

value! {
    str => |words| Value::Text(words.to_owned());
    String => |words| Value::Text(words.clone());
    Cow<'_, str> => |words| Value::Text(words.to_string());
    char => |letter| Value::Text(letter.to_string());
    i16 => |number| Value::Whole((*number).into());
    i32 => |number| Value::Whole((*number).into());
    u32 => |number| Value::Whole((*number).into());
    u16 => |number| Value::Whole((*number).into());
    u8 => |number| Value::Whole((*number).into());
    i64 => |number| Value::Whole(*number);
    u64 => |number| Value::Whole(counted(*number));
    usize => |number| Value::Whole(counted(*number));
    f64 => |number| Value::Number(*number);
    NaiveDate => |day| Value::Day(*day);
    DateTime<Utc> => |at| Value::Moment(*at);
    Value => |value| value.clone();
    Phrase => |phrase| Value::Phrase(Box::new(phrase.clone()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use phrase::{phrase, plural};

    #[test]
    fn holes_are_filled_by_name_by_place_and_by_what_stands_around() {
        let who = "Noor";
        assert_eq!(
            phrase!("{who} took {} of {total}", 3, total = 12_000).to_string(),
            "Noor took 3 of 12,000"
        );
        assert_eq!(phrase!("{:.1} times {{as is}}", 2.25).to_string(), "2.2 times {as is}");
    }

    #[test]
    fn a_number_chooses_the_form() {
        let said = |n: usize| plural!(n, "one claim", "{n} claims").to_string();
        assert_eq!(
            (said(1), said(0), said(2500)),
            ("one claim".into(), "0 claims".into(), "2,500 claims".into())
        );
    }

    #[test]
    fn what_was_stored_is_read_again() {
        const FRAMES: &[&str] = &["{0} in two spellings: {1} and {2}", "{0}: {1}", "{0} days apart"];
        for text in ["the place in two spellings: Kyiv and Kiev", "the place: Kyiv", "3 days apart"] {
            let read = Phrase::read(text, FRAMES);
            assert!(matches!(read, Phrase::Text(_)), "{text}");
            assert_eq!(read.to_string(), text);
        }
        assert_eq!(Phrase::read("something else", FRAMES), Phrase::stored("something else"));
        assert_eq!(Phrase::read(" days apart", FRAMES), Phrase::stored(" days apart"));
    }

    #[test]
    fn phrases_nest_and_join() {
        let inner = phrase!("by {}", "Ivan");
        let said = phrase!("found {inner}");
        assert_eq!(
            Phrase::Joined(vec![said, Phrase::verbatim("{raw}")], "; ").to_string(),
            "found by Ivan; {raw}"
        );
    }
}
