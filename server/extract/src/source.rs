//! Whom a mention means: names, surnames, pronouns, roles and acronyms linked to the fullest name
//! the article gives, with the rule that linked them. What the text does not tell stays open.

use crate::attribution::{self, Said};
use crate::lexicon::Class;
use crate::phrase;
use crate::quote::Passages;
use crate::token::{Kind, Text};
use ::phrase::msg;
use domain::claim::{Manner, SourceKind};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// A mention with whom it means.
#[derive(Clone, Debug)]
pub struct Resolved {
    pub tokens: Range<usize>,
    pub name: Option<String>,
    pub kind: SourceKind,
    pub role: Option<String>,
    pub organisation: Option<String>,
    pub confidence: f64,
    pub linked_by: &'static str,
}

#[derive(Clone, Debug)]
struct Entity {
    name: String,
    kind: Option<SourceKind>,
    /// Whether a woman, where the text tells.
    female: Option<bool>,
    role: Option<String>,
    organisation: Option<String>,
}

struct Mention {
    tokens: Range<usize>,
    entity: usize,
}

/// All names of the text and where they stand.
pub struct Names {
    entities: Vec<Entity>,
    mentions: Vec<Mention>,
    by_name: FxHashMap<String, usize>,
    by_surname: FxHashMap<String, usize>,
    by_acronym: FxHashMap<String, usize>,
}

const LOOK_BACK: usize = 48;

/// Collects the names of the text.
pub fn names(text: &Text<'_>) -> Names {
    let mut names = Names {
        entities: Vec::new(),
        mentions: Vec::new(),
        by_name: FxHashMap::default(),
        by_surname: FxHashMap::default(),
        by_acronym: FxHashMap::default(),
    };
    let mut i = 0;
    while i < text.len() {
        match run(text, i) {
            Some(end) => {
                names.add(text, article(text, i)..end);
                i = end;
            }
            None => i += 1,
        }
    }
    names
}

/// Where a name begins whose Arabic article stands before it: "al-Qaeda", "el-Sisi".
fn article(text: &Text<'_>, i: usize) -> usize {
    let joined = text.before(i).kind == Kind::Dash && !text.at(i).gap && !text.before(i).gap;
    let arabic =
        matches!(text.low(i.wrapping_sub(2)), "al" | "el" | "an" | "as" | "ash" | "at" | "ad" | "ar" | "az");
    if joined && arabic { i - 2 } else { i }
}

/// The end of the run of capitalised words that begins at `i`.
fn run(text: &Text<'_>, i: usize) -> Option<usize> {
    if !opens_name(text, i) {
        return None;
    }
    let mut end = i + 1;
    while end < i + 10 {
        let token = text.at(end);
        if token.paragraph != text.at(i).paragraph {
            break;
        }
        let joined = !token.gap
            && (token.kind == Kind::Dash || token.sign == '&')
            && !text.at(end + 1).gap
            && text.at(end + 1).is_word();
        if joined {
            end += 2;
            continue;
        }
        let word = text.low(end);
        if text.is_name(end)
            && word != "'s"
            && token.sign != '\''
            && !(token.has(Class::MONTH.or(Class::WEEKDAY)) && word.len() > 3)
        {
            end += 1;
            continue;
        }
        let particle = matches!(
            word,
            "de" | "van"
                | "von"
                | "bin"
                | "al"
                | "el"
                | "der"
                | "la"
                | "du"
                | "ibn"
                | "abu"
                | "del"
                | "dos"
                | "da"
        ) && text.is_name(end + 1)
            || word == "al" && text.at(end + 1).kind == Kind::Dash;
        let of = matches!(word, "of" | "for")
            && text.is_name(end + 1)
            && (end..end + 1).all(|_| (i..end).any(|k| text.at(k).has(Class::ORGANISATION)));
        let and = matches!(word, "and" | "&")
            && text.is_name(end + 1)
            && text.at(i).has(Class::ORGANISATION)
            && i + 1 == end;
        let the = word == "of"
            && text.low(end + 1) == "the"
            && text.is_name(end + 2)
            && (i..end).any(|k| text.at(k).has(Class::ORGANISATION));
        if particle || of || and {
            end += 2;
            if word == "al" && text.at(end - 1).kind == Kind::Dash {
                end += 1;
            }
            continue;
        }
        if the {
            end += 3;
            continue;
        }
        break;
    }
    while end > i + 1 && !text.at(end - 1).is_word() {
        end -= 1;
    }
    Some(end)
}

fn opens_name(text: &Text<'_>, i: usize) -> bool {
    let token = text.at(i);
    if !text.is_name(i)
        || token.sign == '\''
        || token.has(Class::WEEKDAY)
        || token.has(Class::MONTH) && !text.is_name(i + 1)
    {
        return false;
    }
    let previous = text.before(i);
    let opens = previous.paragraph != token.paragraph
        || matches!(previous.sign, '.' | '!' | '?' | ':')
        || matches!(previous.kind, Kind::Open | Kind::Dash | Kind::SingleOpen);
    // "AT&T" is no preposition.
    let joined = token.shouted && !text.at(i + 1).gap;
    if opens
        && !joined
        && (token.has(Class::STARTER) && !token.has(Class::TITLE)
            || token.has(
                Class::ADVERB
                    .or(Class::PREPOSITION)
                    .or(Class::CONJUNCTION)
                    .or(Class::DETERMINER)
                    .or(Class::PRONOUN)
                    .or(Class::SUBORDINATOR)
                    .or(Class::NUMBER),
            ))
    {
        return false;
    }
    if opens
        && !text.is_name(i + 1)
        && (token.has(Class::GROUP.or(Class::PERSON).or(Class::DOCUMENT)) || token.has(Class::VERB))
        && !token.has(Class::ORGANISATION)
    {
        return false;
    }
    !token.has(Class::PRONOUN.or(Class::DETERMINER)) || text.at(i).shouted && text.low(i).len() > 1
}

impl Names {
    fn add(&mut self, text: &Text<'_>, run: Range<usize>) {
        // Titles before a name are its role, not the name.
        let mut start = run.start;
        while start + 1 < run.end
            && (text.at(start).has(Class::TITLE) || text.at(start).has(Class::ROLE))
            && !text.at(start).has(Class::ORGANISATION)
            && !matches!(text.low(start + 1), "staff" | "assembly" | "council" | "command")
        {
            start += 1;
        }
        let last = run.end - 1;
        let named = start < run.end
            && !(text.at(last).has(Class::TITLE.or(Class::ROLE))
                && !text.low(last).ends_with('.')
                && run.len() > 1
                && start == last);
        // "The Minister" is an office; somebody may be called King.
        let office = run.len() == 1
            && text.at(last).has(Class::ROLE.or(Class::TITLE))
            && !text.at(last).has(Class::ORGANISATION)
            && !text.at(last).shouted
            && !self.by_surname.contains_key(text.low(last));
        if !named || office {
            return;
        }
        let tokens = start..run.end;
        // "White House spokesman Sean Spicer" in capitals throughout: the person is what follows the role.
        let split = tokens.clone().rev().find(|&k| {
            k > start
                && k + 1 < run.end
                && text.at(k).has(Class::ROLE)
                && !text.at(k).has(Class::MALE.or(Class::FEMALE))
        });
        let tokens = split.map_or(tokens.clone(), |k| k + 1..run.end);
        let name = text.words(&tokens).split_whitespace().collect::<Vec<_>>().join(" ");
        let low = name.to_lowercase();
        let organisation = tokens.clone().any(|k| text.at(k).has(Class::ORGANISATION))
            || tokens.len() == 1 && text.at(tokens.start).shouted;
        let nation = tokens.len() == 1 && text.at(tokens.start).has(Class::NATIONALITY);
        let (role, age) = apposition(text, &tokens);
        let prenominal = prenominal_role(text, tokens.start);
        let titled = start > run.start || prenominal.is_some();
        let first = text.at(tokens.start);
        let first_name = first.has(Class::MALE.or(Class::FEMALE)) && !first.has(Class::TITLE);
        let person_like =
            !organisation && !nation && (titled || age || role.is_some() || first_name && tokens.len() > 1);
        let surname = text.low(run.end - 1).trim_end_matches('.').to_owned();
        let known = self
            .by_name
            .get(&low)
            .copied()
            .or_else(|| {
                let single = tokens.len() == 1 || titled && tokens.len() == 1;
                if single && !organisation { self.by_surname.get(&surname).copied() } else { None }
            })
            .or_else(|| (tokens.len() == 1).then(|| self.by_acronym.get(&low).copied()).flatten());
        let female = if first.has(Class::FEMALE)
            || text.at(run.start).has(Class::FEMALE)
            || text.before(run.start).has(Class::FEMALE) && text.before(run.start).has(Class::TITLE)
        {
            Some(true)
        } else if first.has(Class::MALE) || text.at(run.start).has(Class::MALE) {
            Some(false)
        } else {
            None
        };
        let entity = match known {
            Some(entity) => entity,
            None => {
                let kind = if organisation {
                    Some(SourceKind::Organisation)
                } else if person_like {
                    Some(SourceKind::Person)
                } else if nation {
                    Some(SourceKind::Group)
                } else {
                    None
                };
                self.entities.push(Entity {
                    name: name.clone(),
                    kind,
                    female: None,
                    role: None,
                    organisation: None,
                });
                let entity = self.entities.len() - 1;
                self.by_name.insert(low, entity);
                if !organisation && tokens.len() > 1 {
                    self.by_surname.insert(surname, entity);
                    // A first name alone is used of people with rare family names.
                    if first_name || person_like {
                        self.by_surname.entry(text.low(tokens.start).to_owned()).or_insert(entity);
                    }
                }
                if tokens.len() > 1 {
                    // "United Nations High Commissioner for Refugees (UNHCR)"
                    if text.at(run.end).sign == '('
                        && text.at(run.end + 1).shouted
                        && text.at(run.end + 2).sign == ')'
                    {
                        self.by_acronym.insert(text.low(run.end + 1).to_owned(), entity);
                    }
                }
                entity
            }
        };
        if let Some(found) = self.entities.get_mut(entity) {
            if person_like && found.kind.is_none() {
                found.kind = Some(SourceKind::Person);
            }
            if found.female.is_none() {
                found.female = female;
            }
            let told = role
                .map(|r| text.words(&r).to_owned())
                .or_else(|| prenominal.map(|r| text.words(&r).to_owned()))
                .or_else(|| {
                    (start > run.start && !is_form_of_address(text.low(run.start)))
                        .then(|| text.words(&(run.start..start)).to_owned())
                });
            if found.role.is_none() && found.kind != Some(SourceKind::Organisation) {
                found.organisation =
                    found.organisation.take().or_else(|| told.as_deref().and_then(organisation_in));
                found.role = told;
            }
        }
        self.mentions.push(Mention { tokens, entity });
    }

    fn at(&self, range: &Range<usize>) -> Option<&Mention> {
        let first = self.mentions.partition_point(|m| m.tokens.end <= range.start);
        self.mentions.get(first).filter(|m| m.tokens.start < range.end)
    }

    fn within<'s>(&'s self, range: &Range<usize>) -> impl Iterator<Item = &'s Mention> + use<'s> {
        let end = range.end;
        let first = self.mentions.partition_point(|m| m.tokens.start < range.start);
        self.mentions.iter().skip(first).take_while(move |m| m.tokens.end <= end)
    }
}

fn is_form_of_address(word: &str) -> bool {
    matches!(word, "mr" | "mr." | "mrs" | "mrs." | "ms" | "ms." | "miss" | "sir" | "dr" | "dr.")
}

fn organisation_in(role: &str) -> Option<String> {
    let (_, rest) = role
        .split_once(" of the ")
        .or_else(|| role.split_once(" for the "))
        .or_else(|| role.split_once(" at the "))
        .or_else(|| role.split_once(" of "))
        .or_else(|| role.split_once(" for "))?;
    rest.chars()
        .next()
        .is_some_and(char::is_uppercase)
        .then(|| rest.split(',').next().unwrap_or(rest).to_owned())
}

/// The role in apposition after a name, and whether an age stands there.
fn apposition(text: &Text<'_>, name: &Range<usize>) -> (Option<Range<usize>>, bool) {
    if text.at(name.end).sign != ',' {
        return (None, false);
    }
    let mut at = name.end + 1;
    let mut age = false;
    if text.at(at).kind == Kind::Number
        && text.low(at).len() <= 3
        && matches!(text.at(at + 1).sign, ',' | '.')
    {
        age = true;
        at += 2;
    }
    let opens = text.at(at).has(Class::DETERMINER)
        && !matches!(text.low(at), "that" | "this" | "all" | "some" | "those")
        || text.at(at).has(Class::ROLE.or(Class::TITLE))
        || text.at(at).is_word()
            && phrase::nounish(text, at)
            && (at..at + 4).any(|k| text.at(k).has(Class::ROLE) && !text.at(k).capital);
    if !opens {
        return (None, age);
    }
    let Some(end) = (at..at + 24).find(|&k| {
        matches!(text.at(k).sign, ',' | '.' | ';' | ':' | ')') && text.at(k).kind == Kind::Mark
            || text.at(k).is_quote()
            || text.at(k).has(Class::RELATIVE)
            || text.at(k).has(Class::SAY)
            || text.at(k).kind == Kind::Nothing
    }) else {
        return (None, age);
    };
    // A description has no finite verb: "According to Benitez, the police had given …" goes on with
    // what he said.
    let clause = (at..end).any(|k| {
        matches!(
            text.low(k),
            "had"
                | "has"
                | "have"
                | "was"
                | "were"
                | "is"
                | "are"
                | "will"
                | "would"
                | "did"
                | "could"
                | "can"
        )
    });
    if clause {
        return (None, age);
    }
    let role = (at..end).any(|k| text.at(k).has(Class::ROLE.or(Class::PERSON).or(Class::TITLE)));
    let from = if text.at(at).has(Class::DETERMINER) { at + 1 } else { at };
    (role.then_some(from..end).filter(|r| !r.is_empty()), age)
}

/// "presidential spokesperson" before a name.
fn prenominal_role(text: &Text<'_>, start: usize) -> Option<Range<usize>> {
    let last = start.checked_sub(1)?;
    let token = text.at(last);
    if token.paragraph != text.at(start).paragraph
        || !token.has(Class::ROLE.or(Class::TITLE))
        || is_form_of_address(text.low(last))
    {
        return None;
    }
    let mut at = last;
    while at > 0
        && last - at < 6
        && phrase::nounish(text, at - 1)
        && text.at(at - 1).paragraph == token.paragraph
        && !text.at(at - 1).has(Class::SAY)
    {
        at -= 1;
    }
    Some(at..last + 1)
}

/// Resolves the source of every attribution, in order.
pub fn resolve(
    text: &Text<'_>,
    sentences: &[Range<usize>],
    passages: &Passages,
    names: &mut Names,
    said: &[Said],
) -> Vec<Option<Resolved>> {
    // Whoever speaks under a bare capitalised name is somebody.
    for s in said {
        if let Some(range) = &s.source {
            let head_end = first_segment(text, range);
            let found = names
                .within(&(range.start..head_end))
                .filter(|m| m.tokens.end == head_end)
                .map(|m| m.entity)
                .next();
            if let Some(entity) = found.and_then(|e| names.entities.get_mut(e))
                && entity.kind.is_none()
                && entity.name.contains(' ')
            {
                entity.kind = Some(SourceKind::Person);
            }
        }
    }
    let mut resolved: Vec<Option<Resolved>> = vec![None; said.len()];
    // In the order of the mentions, so that "he" finds who spoke before.
    let mut order: Vec<usize> = (0..said.len()).collect();
    order.sort_by_key(|&i| said.get(i).and_then(|s| s.source.as_ref()).map_or(usize::MAX, |r| r.start));
    let mut spoke: Vec<(usize, Resolved)> = Vec::new();
    let within = attribution::nesting(said);
    for i in order {
        let Some(this) = said.get(i) else { continue };
        let Some(range) = this.source.clone() else { continue };
        // Whoever speaks in quotation marks says "I" of himself and "he" or "the mayor" of others.
        let outer = within
            .get(i)
            .copied()
            .flatten()
            .filter(|o| said.get(*o).is_some_and(|o| o.manner == Manner::Direct && o.holds(range.start)));
        let speaker =
            outer.and_then(|o| resolved.get(o)).and_then(Option::as_ref).filter(|r| r.name.is_some());
        let first_person = range.len() == 1 && matches!(text.low(range.start), "i" | "me" | "my");
        let mut found = match speaker {
            Some(speaker) if first_person => Resolved {
                tokens: range.clone(),
                confidence: (speaker.confidence * 90.0).round() / 100.0,
                linked_by: msg!("“I” in a quotation: its speaker"),
                ..speaker.clone()
            },
            // "They say": whoever that is, the article has not said it.
            Some(_) if range.len() == 1 && matches!(text.low(range.start), "they" | "people") => {
                View { text, sentences, passages, names, spoke: &[] }.whom(&range, this)
            }
            Some(speaker) => {
                let others: Vec<(usize, Resolved)> = spoke
                    .iter()
                    .rev()
                    .take(LOOK_BACK)
                    .filter(|(_, r)| r.name != speaker.name)
                    .cloned()
                    .collect();
                let others: Vec<(usize, Resolved)> = others.into_iter().rev().collect();
                View { text, sentences, passages, names, spoke: &others }.whom(&range, this)
            }
            None => View { text, sentences, passages, names, spoke: &spoke }.whom(&range, this),
        };
        if this.carried {
            found.confidence = (found.confidence * 0.85 * 100.0).round() / 100.0;
            if found.linked_by == RULE_NAME {
                found.linked_by = msg!("the quotation goes on from this speaker");
            }
        }
        // Who only wants or expects something has not spoken.
        let spoken = this.cue.as_ref().is_none_or(|c| {
            c.clone().any(|k| {
                text.at(k).has(Class::SAY.or(Class::SAYING).or(Class::TELL)) || text.low(k) == "according"
            })
        });
        if spoken && spoke.last().is_none_or(|(at, _)| *at != range.start) {
            spoke.push((range.start, found.clone()));
        }
        if let Some(slot) = resolved.get_mut(i) {
            *slot = Some(found);
        }
    }
    resolved
}

/// Where the first part of a source phrase ends: before an apposition or a preposition.
fn first_segment(text: &Text<'_>, range: &Range<usize>) -> usize {
    range
        .clone()
        .skip(1)
        .find(|&k| {
            text.at(k).sign == ',' && text.at(k).kind == Kind::Mark
                || text.at(k).has(Class::PREPOSITION)
                    && !(text.low(k) == "of"
                        && text.is_name(k.wrapping_sub(1))
                        && text.at(k.wrapping_sub(1)).has(Class::ORGANISATION))
                || text.at(k).has(Class::RELATIVE)
                || text.at(k).sign == '('
        })
        .unwrap_or(range.end)
}

const RULE_NAME: &str = msg!("named in full");

struct View<'v, 'a> {
    text: &'v Text<'a>,
    sentences: &'v [Range<usize>],
    passages: &'v Passages,
    names: &'v Names,
    spoke: &'v [(usize, Resolved)],
}

impl View<'_, '_> {
    fn whom(&self, range: &Range<usize>, said: &Said) -> Resolved {
        let text = self.text;
        let first = text.low(range.start);
        if range.len() == 1 && text.at(range.start).has(Class::PRONOUN) && !text.at(range.start).shouted
            || range.len() == 1 && matches!(first, "i" | "his" | "her" | "their" | "its" | "our" | "my")
        {
            return self.pronoun(range, first, said);
        }
        // "who", "which": the noun before the relative clause speaks.
        if range.len() == 1
            && text.at(range.start).has(Class::RELATIVE)
            && let Some(last) = range.start.checked_sub(1 + usize::from(text.before(range.start).sign == ','))
            && let Some(first) = phrase::left(text, last, last.saturating_sub(16))
        {
            let antecedent = first..last + 1;
            let found = self.whom(&antecedent, said);
            return Resolved {
                tokens: range.clone(),
                confidence: (found.confidence * 90.0).round() / 100.0,
                linked_by: msg!("relative clause: the noun before it"),
                ..found
            };
        }
        let end = first_segment(text, range);
        let segment = range.start..end;
        if let Some(mention) = self
            .names
            .within(&segment)
            .filter(|m| m.tokens.end == end || text.low(m.tokens.end) == "'s" && m.tokens.end + 1 == end)
            .last()
        {
            return self.named(range, mention);
        }
        if let Some(mention) = self.names.within(&segment).last().filter(|m| {
            // "U.S. officials" are not the country.
            m.tokens.start == segment.start && m.tokens.end + 1 >= end && text.is_name(end.wrapping_sub(1))
        }) {
            return self.named(range, mention);
        }
        // "Minister of Public Works Anna Berg": the office reaches over a preposition to the name, which
        // stands last and is written with two capitals.
        if matches!(text.low(end.wrapping_sub(1)), "minister" | "secretary" | "commissioner" | "director")
            && text.low(end) == "of"
            && let Some(mention) = self.names.within(range).last().filter(|m| {
                m.tokens.end == range.end
                    && m.tokens.len() >= 3
                    && !m.tokens.clone().any(|k| text.at(k).has(Class::ORGANISATION))
                    && text.low(m.tokens.start.wrapping_sub(1)) != "the"
            })
        {
            let name = mention.tokens.end - 2..mention.tokens.end;
            return Resolved {
                tokens: range.clone(),
                name: Some(text.words(&name).to_owned()),
                kind: SourceKind::Person,
                role: Some(text.words(&(range.start..name.start)).to_owned()),
                organisation: None,
                confidence: 0.85,
                linked_by: msg!("named after the office"),
            };
        }
        // An organisation's long name may reach over a preposition.
        if let Some(mention) = self
            .names
            .at(range)
            .filter(|m| m.tokens.start <= range.start + 1 && m.tokens.end >= end && m.tokens.start < end)
        {
            return self.named(range, mention);
        }
        // "A local physician, Zahid Rawi,": the name stands in apposition to the role.
        let end = range.clone().skip(1).find(|&k| text.at(k).sign == ',').unwrap_or(end);
        // The comma that closes an apposition is no part of it.
        let closed = range.end - usize::from(range.len() > 1 && text.at(range.end - 1).sign == ',');
        let range = &(range.start..closed);
        if text.at(end).sign == ',' && end < range.end {
            if let Some(mention) = self.names.at(&(end + 1..range.end)).filter(|m| {
                (end + 1..m.tokens.start).all(|k| text.at(k).has(Class::TITLE) && text.at(k).capital)
                    && (m.tokens.end >= range.end
                        || text.at(m.tokens.end).sign == ','
                        || matches!(text.low(m.tokens.end), "of" | "from" | "at" | "with" | "who"))
            }) {
                let found = self.named(range, mention);
                let plain = segment.start + usize::from(text.at(segment.start).has(Class::DETERMINER));
                let role = text.words(&(plain..end)).split_whitespace().collect::<Vec<_>>().join(" ");
                return Resolved { role: found.role.or(Some(role)), ..found };
            }
            let far = (end + 1..range.end).rev().find(|&k| text.at(k).sign == ',').and_then(|comma| {
                // "…, Japan's ambassador Yukio Takasu": offices and their countries stand before the name.
                let rest = comma + 1..range.end;
                let last = self.names.within(&rest).last();
                last.filter(|m| {
                    m.tokens.end >= range.end
                        && (comma + 1..m.tokens.start).all(|k| {
                            text.is_name(k)
                                || text.low(k) == "'s"
                                || text.at(k).has(
                                    Class::ROLE.or(Class::TITLE).or(Class::DETERMINER).or(Class::NATIONALITY),
                                )
                        })
                })
            });
            if let Some(mention) = far.filter(|_| {
                text.at(phrase::head(text, &segment)).has(Class::ROLE.or(Class::TITLE).or(Class::PERSON))
                    || text.at(end.wrapping_sub(1)).has(Class::ROLE)
            }) {
                return self.named(range, mention);
            }
        }
        self.described(range, &segment)
    }

    fn named(&self, range: &Range<usize>, mention: &Mention) -> Resolved {
        let text = self.text;
        let entity = self.names.entities.get(mention.entity);
        let shown = text.words(&mention.tokens).split_whitespace().collect::<Vec<_>>().join(" ");
        let name = entity.map_or(shown.clone(), |e| e.name.clone());
        let expanded = known_acronym(&shown.to_lowercase());
        let same = name == shown;
        // A lone name that speaks is a family name, unless it is a country or a well-known firm, or
        // stands with an article.
        let first = mention.tokens.start;
        let lone = mention.tokens.len() == 1
            && range.start == first
            && !text
                .at(first)
                .has(Class::PLACE.or(Class::NATIONALITY).or(Class::ORGANISATION).or(Class::GROUP))
            && !text.at(first).shouted
            && !text.words(&mention.tokens).chars().skip(1).any(char::is_uppercase);
        let unknown = if lone { SourceKind::Person } else { SourceKind::Organisation };
        let kind = entity.and_then(|e| e.kind).unwrap_or(unknown);
        let (confidence, linked_by) = if same {
            (1.0, RULE_NAME)
        } else if shown.len() <= 6 && text.at(mention.tokens.start).shouted {
            (0.95, msg!("acronym of the full name"))
        } else {
            (0.95, msg!("family name of the person named before"))
        };
        Resolved {
            tokens: range.clone(),
            name: Some(expanded.map_or(name, str::to_owned)),
            kind,
            role: entity.and_then(|e| e.role.clone()),
            organisation: entity.and_then(|e| e.organisation.clone()),
            confidence,
            linked_by,
        }
    }

    fn pronoun(&self, range: &Range<usize>, word: &str, said: &Said) -> Resolved {
        let open = Resolved {
            tokens: range.clone(),
            name: None,
            kind: SourceKind::Anonymous,
            role: None,
            organisation: None,
            confidence: 0.0,
            linked_by: msg!("the text does not tell who is meant"),
        };
        let linked = |found: &Resolved, confidence: f64, rule: &'static str| Resolved {
            tokens: range.clone(),
            confidence,
            linked_by: rule,
            ..found.clone()
        };
        match word {
            "i" | "we" | "me" | "us" | "you" | "my" | "our" => open,
            "he" | "she" | "his" | "her" | "him" => {
                let female = matches!(word, "she" | "her");
                match self.person_before(range.start, female, said) {
                    Some((found, rule)) => linked(&found, 0.8, rule),
                    None => Resolved { kind: SourceKind::Person, ..open },
                }
            }
            "they" | "their" => {
                let group = self.spoke.iter().rev().take(4).find(|(_, r)| {
                    matches!(r.kind, SourceKind::Group | SourceKind::Organisation) && r.name.is_some()
                });
                match group {
                    Some((_, found)) => linked(found, 0.6, msg!("the group that spoke before")),
                    None => Resolved { kind: SourceKind::Group, ..open },
                }
            }
            "it" | "its" => {
                if let Some(found) = self.subject_before(range.start, said) {
                    return linked(&found, 0.7, msg!("the organisation that the sentence before is about"));
                }
                let spoke = self.spoke.iter().rev().take(4).find(|(_, r)| {
                    matches!(r.kind, SourceKind::Organisation | SourceKind::Document) && r.name.is_some()
                });
                if let Some((_, found)) = spoke {
                    return linked(found, 0.7, msg!("the organisation that spoke before"));
                }
                let first = self.names.mentions.partition_point(|m| m.tokens.start < range.start);
                let near = self
                    .names
                    .mentions
                    .get(first.saturating_sub(12)..first)
                    .unwrap_or_default()
                    .iter()
                    .rev()
                    .find_map(|m| {
                        self.names.entities.get(m.entity).filter(|e| {
                            e.kind == Some(SourceKind::Organisation)
                                && (m.tokens.len() > 1 || self.text.at(m.tokens.start).shouted)
                        })
                    });
                match near {
                    Some(entity) => Resolved {
                        name: Some(entity.name.clone()),
                        kind: SourceKind::Organisation,
                        confidence: 0.5,
                        linked_by: msg!("the organisation named last"),
                        ..open
                    },
                    None => open,
                }
            }
            _ => open,
        }
    }

    /// The organisation that the sentence before begins with: "The ministry gave another account. It
    /// said …".
    fn subject_before(&self, at: usize, said: &Said) -> Option<Resolved> {
        let text = self.text;
        let here = self.sentences.partition_point(|s| s.end <= at);
        let range = self.sentences.get(here.checked_sub(1)?)?;
        if text.at(range.start).paragraph != text.at(at).paragraph {
            return None;
        }
        let first = attribution::lead_end(text, range);
        let end = phrase::right(text, first, range.end)?;
        let subject = first..end;
        let head = phrase::head(text, &subject);
        let body = text.at(head).has(Class::ORGANISATION) && !text.low(head).ends_with('s')
            || self.names.within(&subject).any(|m| {
                m.tokens.start == first
                    && m.tokens.end == end
                    && self
                        .names
                        .entities
                        .get(m.entity)
                        .is_some_and(|e| e.kind == Some(SourceKind::Organisation))
            });
        if !body || subject.is_empty() || text.at(first).has(Class::PRONOUN) {
            return None;
        }
        Some(self.whom(&subject, said)).filter(|r| r.name.is_some() && r.kind == SourceKind::Organisation)
    }

    /// The person "he" or "she" means: sentence by sentence backwards, whoever spoke there, else the
    /// first person named there; nobody from inside a quotation.
    fn person_before(&self, at: usize, female: bool, said: &Said) -> Option<(Resolved, &'static str)> {
        let mut sentence = self.sentences.partition_point(|s| s.start <= at);
        let mut steps = 0;
        while sentence > 0 && steps < 12 {
            sentence -= 1;
            steps += 1;
            let range = self.sentences.get(sentence)?.clone();
            let end = range.end.min(at);
            let first = self.names.mentions.partition_point(|m| m.tokens.start < range.start);
            let mut candidate: Option<&Mention> = None;
            for mention in self.names.mentions.iter().skip(first).take(LOOK_BACK) {
                if mention.tokens.start >= end {
                    break;
                }
                let quoted = self.passages.around(mention.tokens.start).is_some();
                let reported =
                    said.manner != Manner::Direct && said.holds(mention.tokens.start) && steps == 1;
                let Some(entity) = self.names.entities.get(mention.entity) else { continue };
                let fits =
                    entity.kind == Some(SourceKind::Person) && entity.female.is_none_or(|f| f == female);
                if fits && !quoted && !reported && candidate.is_none() {
                    candidate = Some(mention);
                }
            }
            let spoke = self.spoke.iter().rev().take(LOOK_BACK).find(|(start, r)| {
                *start >= range.start && *start < end && r.kind == SourceKind::Person && r.name.is_some()
            });
            if let Some((_, found)) = spoke {
                let agrees = found
                    .name
                    .as_ref()
                    .and_then(|n| self.names.by_name.get(&n.to_lowercase()))
                    .and_then(|e| self.names.entities.get(*e))
                    .and_then(|e| e.female)
                    .is_none_or(|f| f == female);
                if agrees {
                    return Some((found.clone(), msg!("pronoun: the person who spoke before")));
                }
            }
            if let Some(mention) = candidate {
                return Some((
                    self.named(&mention.tokens, mention),
                    msg!("pronoun: the person last introduced"),
                ));
            }
        }
        None
    }

    /// A description without a name: a role that somebody has, or a group, a body, a document.
    fn described(&self, range: &Range<usize>, segment: &Range<usize>) -> Resolved {
        let text = self.text;
        let head = phrase::head(text, segment);
        let token = text.at(head);
        let word = text.low(head);
        let first = text.low(range.start);
        let definite = matches!(first, "the" | "that" | "this");
        let organisation = self
            .names
            .within(range)
            .find(|m| {
                self.names.entities.get(m.entity).is_some_and(|e| e.kind == Some(SourceKind::Organisation))
            })
            .map(|m| text.words(&m.tokens).to_owned());
        // "The 42-year-old volunteer": whoever has an age was introduced before.
        let aged = text.words(segment).contains("-year-old");
        if definite
            && aged
            && let Some((_, found)) = self
                .spoke
                .iter()
                .rev()
                .take(3)
                .find(|(_, r)| r.kind == SourceKind::Person && r.name.is_some())
        {
            return Resolved {
                tokens: range.clone(),
                confidence: 0.6,
                linked_by: msg!("description by age: the person who spoke before"),
                ..found.clone()
            };
        }
        if definite
            && token.has(Class::ROLE.or(Class::TITLE).or(Class::PERSON))
            && !word.ends_with('s')
            && range.len() <= 6
        {
            let before = self.names.mentions.partition_point(|m| m.tokens.start < range.start);
            let near = self.names.mentions.get(before.saturating_sub(LOOK_BACK)..before).unwrap_or_default();
            let with_role = near.iter().rev().find(|m| {
                self.names.entities.get(m.entity).is_some_and(|e| {
                    e.role.as_ref().is_some_and(|r| {
                        r.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|w| w == word)
                    })
                })
            });
            if let Some(mention) = with_role {
                let found = self.named(&mention.tokens, mention);
                return Resolved {
                    tokens: range.clone(),
                    confidence: 0.75,
                    linked_by: msg!("the last person with this role"),
                    ..found
                };
            }
            // "Its commander, Lena Marsh, said … the commander said"; "an officer of the agency … the officer"
            let so_described = self.spoke.iter().rev().take(8).find(|(_, r)| {
                [r.role.as_deref(), r.name.as_deref()].into_iter().flatten().any(|words| {
                    words.split(|c: char| !c.is_alphanumeric()).any(|w| w.to_lowercase() == word)
                })
            });
            if let Some((_, found)) = so_described {
                return Resolved {
                    tokens: range.clone(),
                    confidence: 0.75,
                    linked_by: msg!("so described before"),
                    ..found.clone()
                };
            }
            // An office is not given to somebody of whom the text does not tell it.
            if segment.len() == 2
                && (token.has(Class::PERSON) && !token.has(Class::ROLE) || word.starts_with("spokes"))
                && let Some((_, found)) = self
                    .spoke
                    .iter()
                    .rev()
                    .take(2)
                    .find(|(_, r)| r.kind == SourceKind::Person && r.name.is_some() && r.role.is_none())
            {
                return Resolved {
                    tokens: range.clone(),
                    confidence: 0.4,
                    linked_by: msg!("role: the person who spoke before"),
                    ..found.clone()
                };
            }
        }
        // "the ministry", "the group": the body named before.
        if definite
            && segment.len() == 2
            && token.has(Class::ORGANISATION)
            && !matches!(word, "police" | "government" | "report" | "army" | "post")
            || definite
                && segment.len() == 2
                && matches!(word, "group" | "organisation" | "organization" | "company" | "agency")
        {
            let before = self.names.mentions.partition_point(|m| m.tokens.start < range.start);
            let near = self.names.mentions.get(before.saturating_sub(LOOK_BACK)..before).unwrap_or_default();
            let same_word = near.iter().rev().find(|m| {
                m.tokens.len() > 1 && m.tokens.clone().any(|k| text.low(k) == word) || self.is_a(m, word)
            });
            if let Some(mention) = same_word {
                let found = self.named(&mention.tokens, mention);
                return Resolved {
                    tokens: range.clone(),
                    confidence: 0.75,
                    linked_by: msg!("the body of this kind named before"),
                    ..found
                };
            }
            if let Some((_, found)) = self
                .spoke
                .iter()
                .rev()
                .take(3)
                .find(|(_, r)| r.kind == SourceKind::Organisation && r.name.is_some())
                .filter(|_| matches!(word, "group" | "organisation" | "organization" | "company" | "agency"))
            {
                return Resolved {
                    tokens: range.clone(),
                    confidence: 0.6,
                    linked_by: msg!("the organisation that spoke before"),
                    ..found.clone()
                };
            }
        }
        // "the other", "both", "one of them" name nobody.
        let vague = matches!(
            word,
            "other"
                | "others"
                | "one"
                | "both"
                | "some"
                | "many"
                | "few"
                | "several"
                | "most"
                | "all"
                | "none"
        );
        if vague && segment.len() <= 2 {
            return Resolved {
                tokens: range.clone(),
                name: None,
                kind: if word == "other" || word == "one" {
                    SourceKind::Anonymous
                } else {
                    SourceKind::Group
                },
                role: None,
                organisation: None,
                confidence: 0.0,
                linked_by: msg!("the text does not tell who is meant"),
            };
        }
        let mut plain = range.start;
        while plain + 1 < range.end
            && (text.at(plain).has(Class::DETERMINER) || text.low(plain) == "whose")
            && !matches!(text.low(plain), "all" | "both" | "some" | "no")
        {
            plain += 1;
        }
        let end = range
            .clone()
            .skip(1)
            .find(|&k| text.at(k).sign == ',' || text.at(k).has(Class::RELATIVE))
            .unwrap_or(range.end);
        let name = text.words(&(plain..end.max(plain + 1))).split_whitespace().collect::<Vec<_>>().join(" ");
        let alone = end == plain + 1
            && matches!(
                word,
                "group" | "groups" | "organisation" | "organization" | "body" | "company" | "firm" | "team"
            );
        // "a group that monitors arrests": the clause tells which, the noun alone tells nothing.
        let name = match alone.then(|| self.told_apart(end)).flatten() {
            Some(last) => text.words(&(plain..last)).split_whitespace().collect::<Vec<_>>().join(" "),
            None => name,
        };
        let unknown = alone && !name.contains(' ');
        let anonymous = matches!(word, "source" | "sources" | "insider" | "insiders")
            || range.clone().any(|k| text.low(k) == "anonymity");
        let kind = if anonymous {
            SourceKind::Anonymous
        } else if token.has(Class::DOCUMENT) {
            SourceKind::Document
        } else if token.has(Class::GROUP) {
            SourceKind::Group
        } else if token.has(Class::ORGANISATION) {
            SourceKind::Organisation
        } else if token.has(Class::ROLE.or(Class::PERSON).or(Class::TITLE)) {
            if word.ends_with('s') && !word.ends_with("ss") { SourceKind::Group } else { SourceKind::Person }
        } else if word.ends_with('s') {
            SourceKind::Group
        } else {
            SourceKind::Anonymous
        };
        let role = (kind == SourceKind::Person).then(|| name.clone());
        Resolved {
            tokens: range.clone(),
            name: (!name.is_empty() && !unknown).then_some(name),
            kind,
            role,
            organisation,
            confidence: if unknown { 0.0 } else { 0.6 },
            linked_by: if unknown {
                msg!("the text does not tell who is meant")
            } else {
                msg!("described, not named")
            },
        }
    }
}

impl View<'_, '_> {
    /// Where a short relative clause ends that begins at a token.
    fn told_apart(&self, at: usize) -> Option<usize> {
        const LONG: usize = 8;
        let text = self.text;
        if !text.at(at).has(Class::RELATIVE) {
            return None;
        }
        let end = (at + 1..at + LONG).find(|&k| !text.at(k).is_word() || text.at(k).has(Class::SAY))?;
        (end > at + 1).then_some(end)
    }

    /// "The armed group Northern Dawn", "Northern Dawn, an armed group,": a name told of as one of a kind.
    fn is_a(&self, mention: &Mention, kind: &str) -> bool {
        /// As far behind the name its kind may stand.
        const NEAR: usize = 8;
        let text = self.text;
        let end = mention.tokens.end;
        let person =
            self.names.entities.get(mention.entity).is_some_and(|e| e.kind == Some(SourceKind::Person));
        let apposed = text.at(end).sign == ','
            && matches!(text.low(end + 1), "a" | "an" | "the")
            && (end + 2..end + NEAR)
                .take_while(|&k| {
                    text.at(k).is_word() && !text.at(k).has(Class::PREPOSITION.or(Class::RELATIVE))
                })
                .last()
                .is_some_and(|k| text.low(k) == kind);
        !person && (text.low(mention.tokens.start.wrapping_sub(1)) == kind || apposed)
    }
}

fn known_acronym(word: &str) -> Option<&'static str> {
    Some(match word {
        "un" | "u.n." => "United Nations",
        "eu" | "e.u." => "European Union",
        "who" => "World Health Organization",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{attribution, quote, sentence, token};

    fn speakers(source: &str) -> Vec<Option<String>> {
        let text = token::read(source);
        let sentences = sentence::split(&text);
        let passages = quote::scan(&text);
        let said = attribution::scan(&text, &sentences, &passages);
        let mut names = names(&text);
        resolve(&text, &sentences, &passages, &mut names, &said)
            .into_iter()
            .map(|r| r.and_then(|r| r.name))
            .collect()
    }

    #[test]
    fn a_pronoun_means_the_person_introduced_before() {
        let source =
            "The unit is led by Oleksiy B., a 42-year-old drone operator.\n\n\"We held the town,\" he said.";
        assert_eq!(speakers(source), [Some("Oleksiy B.".to_owned())]);
    }

    #[test]
    fn a_pronoun_agrees_in_gender() {
        let source = "Anna Berg met Peter Holm. She said the talks had failed.";
        assert_eq!(speakers(source), [Some("Anna Berg".to_owned())]);
    }

    #[test]
    fn a_family_name_means_the_full_name() {
        let source = "Interior Minister Anna Berg spoke on Monday. Berg said ten people died.";
        assert_eq!(speakers(source), [Some("Anna Berg".to_owned())]);
    }

    #[test]
    fn a_role_means_the_person_who_has_it() {
        let source = "Army spokesman Peter Holm arrived. The spokesman said two soldiers died.";
        assert_eq!(speakers(source), [Some("Peter Holm".to_owned())]);
    }

    #[test]
    fn a_lone_family_name_that_speaks_is_a_person() {
        let kinds = |source: &str| {
            let text = token::read(source);
            let sentences = sentence::split(&text);
            let passages = quote::scan(&text);
            let said = attribution::scan(&text, &sentences, &passages);
            let mut names = names(&text);
            resolve(&text, &sentences, &passages, &mut names, &said)
                .into_iter()
                .map(|r| r.map(|r| r.kind))
                .collect::<Vec<_>>()
        };
        assert_eq!(kinds("Karpov said ten people died."), [Some(SourceKind::Person)]);
        assert_eq!(kinds("Moscow said ten people died."), [Some(SourceKind::Organisation)]);
    }

    #[test]
    fn nobody_is_guessed() {
        assert_eq!(speakers("He said ten people died."), [None]);
    }
}
