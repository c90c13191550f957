//! Which of the attributions found report something. Words of saying also name things, tell what
//! somebody wrote or showed, what would be if, and what the speaker of a text thinks: no reader would
//! ask whether it was said.

use crate::attribution::{self, Said};
use crate::content;
use crate::lexicon::Class;
use crate::phrase;
use crate::token::{Kind, Text};
use crate::trigger;
use domain::claim::Manner;
use std::cell::OnceCell;
use std::ops::Range;

/// Takes back what was mistaken for a source, adds what is cited, and leaves only what is a report.
pub fn sift(text: &Text<'_>, sentences: &[Range<usize>], all: &mut Vec<Said>) {
    for said in all.iter_mut() {
        if let Some(subject) = said.cue.as_ref().and_then(|cue| begins_by(text, cue)) {
            said.source = Some(subject);
        }
        if let Some((source, cue)) = said.source.as_ref().zip(said.cue.as_ref())
            && let Some(subject) = acted(text, source, cue)
        {
            said.source = Some(subject);
        }
        if let Some(source) = said.source.take() {
            said.source = source_of(text, source);
        }
    }
    all.retain(|said| !is_none(text, said) && !is_of_toll(text, said));
    cited(text, sentences, all);
    listed(text, sentences, all);
    according(text, sentences, all);
}

/// "According to the Central Committee for Prevention and Rescue, 2,700 homes were damaged": however long
/// the name is, up to the comma it says who speaks.
fn according(text: &Text<'_>, sentences: &[Range<usize>], all: &mut Vec<Said>) {
    /// No name is longer.
    const LONG: usize = 24;
    let known = OnceCell::new();
    let mut found = Vec::new();
    for sentence in sentences {
        let cue = sentence.start;
        if text.low(cue) != "according" || text.low(cue + 1) != "to" {
            continue;
        }
        let source = cue + 2;
        let comma = (source..sentence.end.min(source + LONG)).find(|&k| text.at(k).sign == ',');
        let Some(comma) = comma.filter(|&c| c > source && !attribution::has_verb(text, source..c)) else {
            continue;
        };
        let taken = known.get_or_init(|| Known::of(all)).takes(cue);
        let last = (comma + 1..sentence.end)
            .rev()
            .find(|&k| text.at(k).is_word() || text.at(k).kind == Kind::Number || text.at(k).is_quote());
        let Some(last) = last.filter(|_| !taken && !is_measure(text, &(source..comma))) else {
            continue;
        };
        if !attribution::has_verb(text, comma + 1..last + 1) {
            continue;
        }
        found.push(Said {
            parts: std::iter::once(comma + 1..last + 1).collect(),
            cue: Some(cue..cue + 2),
            source: Some(source..comma),
            told_to: None,
            manner: Manner::Indirect,
            carried: false,
            negated: false,
            sure: Some(1.0),
        });
    }
    all.append(&mut found);
}

/// "The alliance that had called the march said": the march is whom the relative clause tells of, and the
/// noun before that clause is who speaks.
fn acted(text: &Text<'_>, source: &Range<usize>, cue: &Range<usize>) -> Option<Range<usize>> {
    /// How far before its verb an antecedent may begin.
    const BACK: usize = 16;
    let is_said = source.end == cue.start && text.at(cue.end.wrapping_sub(1)).has(Class::SAY.or(Class::TELL));
    let floor = source.start.checked_sub(2).filter(|_| is_said)?.saturating_sub(BACK);
    let is_verb = |k: usize| {
        let (token, word) = (text.at(k), text.low(k));
        !token.capital
            && !token.has(Class::STRONG_SAY.or(Class::SAYING))
            && (token.has(Class::VERB) || word.len() > 4 && word.ends_with("ed"))
    };
    // "that called the march in the capital": over a place to the verb.
    let mut verb = source.start - 1;
    if matches!(text.low(verb), "in" | "of" | "at" | "near" | "on" | "through" | "for" | "to") {
        verb = phrase::left(text, verb.checked_sub(1)?, floor)?.checked_sub(1)?;
    }
    let mut relative = verb.checked_sub(1)?;
    while relative > floor && text.at(relative).has(Class::HAVE.or(Class::BE).or(Class::ADVERB)) {
        relative -= 1;
    }
    let noun = relative.checked_sub(1)?;
    let opens = matches!(text.low(relative), "who" | "which" | "that")
        && phrase::nounish(text, noun)
        && !(text.low(relative) == "that" && text.at(noun).has(Class::CUE_NOUN));
    if !opens || !is_verb(verb) || noun <= floor {
        return None;
    }
    phrase::left(text, noun, floor).map(|first| first..relative)
}

/// "The tally of deaths reported this month": the deaths are what was reported.
fn is_of_toll(text: &Text<'_>, said: &Said) -> bool {
    said.manner == Manner::Indirect
        && said.source.as_ref().is_some_and(|s| {
            matches!(
                text.low(phrase::head(text, s)),
                "deaths"
                    | "injuries"
                    | "casualties"
                    | "fatalities"
                    | "bodies"
                    | "arrests"
                    | "losses"
                    | "damage"
            )
        })
}

/// Where cues, sources and contents of the attributions stand, in order.
struct Known {
    starts: Vec<usize>,
    cues: Vec<Range<usize>>,
    contents: Vec<Range<usize>>,
}

impl Known {
    fn of(all: &[Said]) -> Self {
        let mut cues: Vec<Range<usize>> = all.iter().filter_map(|said| said.cue.clone()).collect();
        let sources = all.iter().filter_map(|said| said.source.as_ref());
        let mut starts: Vec<usize> = cues.iter().chain(sources).map(|range| range.start).collect();
        let mut contents: Vec<Range<usize>> =
            all.iter().flat_map(|said| said.parts.iter().cloned()).collect();
        starts.sort_unstable();
        cues.sort_unstable_by_key(|range| range.start);
        contents.sort_unstable_by_key(|range| range.start);
        Self { starts, cues, contents }
    }

    /// Whether a token is part of a cue or of what somebody says, who answers for it.
    fn takes(&self, token: usize) -> bool {
        /// Ranges that begin before a token and may reach over it.
        const BACK: usize = 8;
        [&self.cues, &self.contents].into_iter().any(|ranges| {
            let before = ranges.partition_point(|range| range.start <= token);
            ranges.iter().take(before).rev().take(BACK).any(|range| range.contains(&token))
        })
    }

    fn next_after(&self, token: usize) -> Option<usize> {
        self.starts.get(self.starts.partition_point(|start| *start <= token)).copied()
    }
}

/// "The ministry listed 1,940 injured", "the hospital has counted 31 wounded": whoever keeps a list of those
/// who came to harm is the source of its figures.
fn listed(text: &Text<'_>, sentences: &[Range<usize>], all: &mut Vec<Said>) {
    /// How far the number may stand from its verb.
    const NEAR: usize = 6;
    /// How far the outcome may stand from the number: "1,274 suspected cases of cholera and 39 deaths".
    const FAR: usize = 10;
    let known = OnceCell::new();
    let mut found = Vec::new();
    for sentence in sentences {
        for number in sentence.start + 2..sentence.end {
            let is_number = |k: usize| text.at(k).kind == Kind::Number || text.at(k).has(Class::NUMBER);
            if !is_number(number) {
                continue;
            }
            let cue = (number.saturating_sub(NEAR).max(sentence.start + 1)..number)
                .rev()
                .take_while(|&k| {
                    text.at(k).is_word()
                        && !is_number(k)
                        && !text.at(k).has(Class::BE.or(Class::CONJUNCTION).or(Class::SUBORDINATOR))
                })
                .find(|&k| is_listing(text.low(k)));
            let Some(cue) = cue else { continue };
            let harmed = (number + 1..sentence.end.min(number + 1 + FAR))
                .take_while(|&k| text.at(k).is_word() || text.at(k).kind == Kind::Number)
                .any(|k| trigger::is_harm(text.low(k)));
            if !harmed || known.get_or_init(|| Known::of(all)).takes(cue) {
                continue;
            }
            let mut verb = cue;
            while verb > sentence.start && text.at(verb - 1).has(Class::HAVE.or(Class::ADVERB)) {
                verb -= 1;
            }
            let source = phrase::subject(text, verb, sentence.start).filter(|s| keeps_lists(text, s));
            let Some(source) = source else { continue };
            let next = known.get_or_init(|| Known::of(all)).next_after(number);
            let end = next.map_or(sentence.end, |next| next.min(sentence.end));
            let end =
                (number + 1..end).find(|&k| text.at(k).sign == ';' || goes_on_saying(text, k)).unwrap_or(end);
            let last = (number..end).rev().find(|&k| {
                (text.at(k).is_word() || text.at(k).kind == Kind::Number)
                    && !text.at(k).has(Class::CONJUNCTION)
            });
            let Some(last) = last.filter(|last| *last > number) else { continue };
            found.push(Said {
                parts: std::iter::once(cue + 1..last + 1).collect(),
                cue: Some(verb..cue + 1),
                source: Some(source),
                told_to: None,
                manner: Manner::Indirect,
                carried: false,
                negated: false,
                sure: Some(1.0),
            });
        }
    }
    all.append(&mut found);
}

fn is_listing(word: &str) -> bool {
    matches!(
        word,
        "listed"
            | "lists"
            | "recorded"
            | "records"
            | "registered"
            | "registers"
            | "counted"
            | "counts"
            | "documented"
            | "documents"
            | "logged"
            | "tallied"
            | "verified"
    )
}

/// ", and said that": the subject goes on with another verb of saying.
fn goes_on_saying(text: &Text<'_>, k: usize) -> bool {
    let next = k + 1 + usize::from(text.at(k + 1).has(Class::ADVERB));
    matches!(text.low(k), "and" | "but") && text.at(next).has(Class::STRONG_SAY.or(Class::TELL))
}

/// An office, a group, a role, a document, or who was told of before; a country or a year only sees deaths.
fn keeps_lists(text: &Text<'_>, source: &Range<usize>) -> bool {
    let head = phrase::head(text, source);
    let (token, word) = (text.at(head), text.low(head));
    let told_before = source.len() == 1 && matches!(word, "it" | "they" | "he" | "she" | "which" | "who");
    let office = token
        .has(Class::ORGANISATION.or(Class::GROUP).or(Class::ROLE).or(Class::TITLE).or(Class::DOCUMENT))
        || matches!(word, "monitors" | "morgue" | "morgues" | "hospitals" | "mission" | "teams" | "agencies")
        || token.shouted && text.words(&(head..head + 1)).len() > 1 && !token.has(Class::PLACE);
    // "Our reporters counted": the article itself says so.
    let ours = matches!(text.low(source.start), "our" | "my");
    let of_war = matches!(word, "battalion" | "brigade" | "regiment" | "division" | "soldiers" | "troops");
    told_before || office && !of_war && !ours
}

/// "Nida begins by asserting that": who begins is who asserts.
fn begins_by(text: &Text<'_>, cue: &Range<usize>) -> Option<Range<usize>> {
    let verb = cue.start.checked_sub(2)?;
    let by = text.low(cue.start.wrapping_sub(1)) == "by";
    let begins = matches!(
        text.low(verb),
        "begins"
            | "began"
            | "starts"
            | "started"
            | "opens"
            | "opened"
            | "ends"
            | "ended"
            | "concludes"
            | "concluded"
            | "continued"
            | "responded"
    );
    if !(by && begins) {
        return None;
    }
    let named = (verb.saturating_sub(5)..verb).rev().take_while(|&k| text.is_name(k)).last();
    named.map(|first| first..verb).or_else(|| phrase::subject(text, verb, verb.saturating_sub(8)))
}

/// "Local news cite a Canadian as being among the dead": what is told is whom they cite as what.
fn cited(text: &Text<'_>, sentences: &[Range<usize>], all: &mut Vec<Said>) {
    /// How far "as" may stand from its verb.
    const FAR: usize = 16;
    for sentence in sentences {
        let Some(cue) = sentence
            .clone()
            .find(|&k| matches!(text.low(k), "cite" | "cites" | "cited") && k > sentence.start)
        else {
            continue;
        };
        let being = (cue + 2..sentence.end.min(cue + FAR)).any(|k| {
            text.low(k) == "as" && matches!(text.low(k + 1), "being" | "among" | "having" | "one" | "saying")
        });
        let taken = all.iter().any(|s| s.cue.as_ref().is_some_and(|c| c.contains(&cue)));
        if !being || taken {
            continue;
        }
        let Some(source) = phrase::subject(text, cue, sentence.start) else { continue };
        let end =
            if text.at(sentence.end.wrapping_sub(1)).is_word() { sentence.end } else { sentence.end - 1 };
        all.push(Said {
            parts: std::iter::once(cue + 1..end).collect(),
            cue: Some(cue..cue + 1),
            source: Some(source),
            told_to: None,
            manner: Manner::Indirect,
            carried: false,
            negated: false,
            sure: Some(1.0),
        });
    }
}

/// The source without "that" before it; `None` for what can be none: "although", "1859", "all night".
fn source_of(text: &Text<'_>, source: Range<usize>) -> Option<Range<usize>> {
    let mut source = source;
    if matches!(text.low(source.start), "that" | "because" | "whereas" | "although" | "when")
        && source.len() > 1
        && text.is_name(source.start + 1)
    {
        source.start += 1;
    }
    // "Siméon Poisson reviewed the paper and declared it": who did one thing and then the other.
    let verb = (source.start + 1..source.end).find(|&k| {
        let word = text.low(k);
        text.is_name(k - 1)
            && text.at(k).is_word()
            && !text.at(k).capital
            && word.len() > 4
            && word.ends_with("ed")
            // "Three armed groups", "Hamas armed fighters": no verb.
            && (text.at(k + 1).has(Class::DETERMINER.or(Class::PREPOSITION).or(Class::POSSESSIVE))
                || text.is_name(k + 1))
            && (source.start..k).all(|x| {
                text.is_name(x) && !text.at(x).has(Class::NUMBER.or(Class::DETERMINER).or(Class::NATIONALITY))
            })
    });
    if let Some(verb) = verb {
        source.end = verb;
    }
    let last = text.at(source.end.wrapping_sub(1));
    let alone = source.len() == 1;
    let word = text.low(source.start);
    let linking = alone
        && (last.has(Class::SUBORDINATOR) && !last.has(Class::RELATIVE)
            || matches!(word, "nevertheless" | "moreover" | "however" | "therefore" | "meanwhile" | "thus"));
    // "Take, say, the adviser": a call to do something.
    let call = alone && matches!(word, "take" | "let" | "see" | "look" | "consider" | "imagine" | "suppose");
    let date =
        alone && (last.kind == Kind::Number || last.has(Class::WEEKDAY) || is_month(text, source.start));
    let gerund = alone && word.ends_with("ing") && word.len() > 5 && !text.is_name(source.start);
    let time = source.len() <= 2
        && last.has(Class::TIME)
        && source.clone().all(|k| !text.is_name(k))
        && !last.has(Class::GROUP);
    // "air strikes in the south": what happened says nothing.
    let head = phrase::head(text, &source);
    let event = matches!(
        text.low(head),
        "strikes"
            | "airstrikes"
            | "attacks"
            | "raids"
            | "bombings"
            | "explosions"
            | "clashes"
            | "floods"
            | "killings"
            | "marches"
            | "rally"
            | "rallies"
            | "protest"
            | "parade"
            | "procession"
            | "blast"
            | "earthquake"
            | "shelling"
            | "airstrike"
    ) || text.low(head) == "march" && !text.is_name(head);
    (!(linking || call || date || gerund || time || event)).then_some(source)
}

/// "March" alone is a month, unless somebody of that name is told of: "Lena March", "June Miller".
fn is_month(text: &Text<'_>, i: usize) -> bool {
    /// As far back somebody is looked for.
    const FAR: usize = 1000;
    let word = text.low(i);
    text.at(i).has(Class::MONTH)
        && !(i.saturating_sub(FAR)..i).any(|k| {
            text.low(k) == word
                && text.is_name(k)
                && (text.is_name(k.wrapping_sub(1)) && !text.before(k).has(Class::STARTER.or(Class::WEEKDAY))
                    || text.is_name(k + 1))
        })
}

fn is_none(text: &Text<'_>, said: &Said) -> bool {
    let Some(cue) = &said.cue else { return false };
    if is_noun(text, said, cue) {
        return true;
    }
    let indirect = said.manner == Manner::Indirect;
    let Some(first) = said.parts.first() else { return true };
    if names(text, cue, said) || is_part_of_name(text, cue, said) {
        return true;
    }
    if !indirect {
        return false;
    }
    let content = first.start..said.hull().end;
    let behind = content.start >= cue.end;
    let clause = !behind || opens_clause(text, &content);
    let word = |words: &[&str]| cue.clone().any(|k| words.contains(&text.low(k)));
    let source = said.source.as_ref();
    let lone = source.filter(|s| s.len() == 1).map_or("", |s| text.low(s.start));
    // "wrote popular literature", "writing letters": what was written, not what it says.
    let written = !clause && word(&["write", "writes", "wrote", "written", "writing"]);
    // "It shows what we can achieve": nobody shows or implies.
    let thing = matches!(lone, "it" | "this" | "that" | "which")
        && word(&[
            "show",
            "shows",
            "showed",
            "imply",
            "implies",
            "implied",
            "mean",
            "means",
            "meant",
            "indicate",
            "indicates",
            "indicated",
            "suggest",
            "suggests",
            "suggested",
            "reflects",
            "reflected",
        ]);
    // "I believed in America", "what I believed", "as I announced yesterday": no source but the speaker.
    let own = matches!(lone, "i" | "we" | "you" | "my" | "our" | "your")
        && (!clause
            || source.is_some_and(|s| {
                let before = text.low(s.start.wrapping_sub(1));
                text.before(s.start).has(Class::RELATIVE) || matches!(before, "what" | "as")
            }));
    // "Someone tells something", "everyone expects": nobody in particular.
    let anybody =
        matches!(lone, "someone" | "somebody" | "anyone" | "anybody" | "everyone" | "everybody" | "one");
    // "help her show", "let him say"
    let made_to = matches!(lone, "me" | "him" | "them" | "us" | "her")
        && source.is_some_and(|s| {
            s.end == cue.start
                && matches!(
                    text.low(s.start.wrapping_sub(1)),
                    "help" | "helped" | "helps" | "make" | "made" | "makes"
                )
        });
    // "If the agency reports one number": a case supposed.
    let supposed = source.is_some_and(|s| matches!(text.low(s.start.wrapping_sub(1)), "if" | "unless"));
    // "like she said": a reminder, whose words are not told apart.
    let reminder = source
        .is_some_and(|s| text.low(s.start.wrapping_sub(1)) == "like" && text.at(s.start).has(Class::PRONOUN));
    // "a people pledged to maintaining": a quality, no promise.
    let quality = !clause && text.low(content.start) == "to" && text.low(content.start + 1).ends_with("ing");
    // "families who fear getting trampled": a feeling that tells nothing.
    let feeling = !clause && word(&["fear", "fears", "feared"]);
    // "Frank Messina: an interview with the poet": a heading.
    let heading = text.at(cue.start).sign == ':'
        && cue.len() == 1
        && !content.clone().any(|k| text.low(k) != "'s" && attribution::has_verb(text, k..k + 1));
    let measure = text.low(cue.start) == "according" && source.is_some_and(|s| is_measure(text, s));
    // "injustice continued.": who goes on doing something says nothing by it.
    let goes_on = cue.clone().all(|k| {
        matches!(text.low(k), "continued" | "continues" | "continuing") || text.at(k).has(Class::ADVERB)
    });
    // "which the committee wrote": the verb has its object before it.
    let object_before = behind
        && source.is_some_and(|s| {
            matches!(text.low(s.start.wrapping_sub(1)), "which" | "whom")
                && !text.before(s.start.wrapping_sub(1)).has(Class::PREPOSITION)
        })
        && !text
            .at(content.start)
            .has(Class::BE.or(Class::HAVE).or(Class::MODAL).or(Class::VERB).or(Class::SUBORDINATOR));
    // "the love denied at home": only what is said may stand before who says it.
    let denied = !behind
        && cue
            .clone()
            .any(|k| content::is_verdict(text.low(k)) || matches!(text.low(k), "denied" | "denies"));
    // "efforts at writing fiction": a doing, nobody's.
    let doing = source.is_none_or(|s| s.len() == 1 && text.at(s.start).has(Class::POSSESSIVE))
        && text.at(cue.start).has(Class::SAYING)
        && matches!(
            text.low(cue.start.wrapping_sub(1)),
            "at" | "of" | "for" | "from" | "to" | "about" | "into"
        );
    written
        || goes_on
        || object_before
        || denied
        || doing
        || thing
        || own
        || anybody
        || made_to
        || supposed
        || reminder
        || measure
        || quality
        || feeling
        || heading
}

/// "From all the press reports that I have read", "jokes that are told": a noun that looks like a verb.
fn is_noun(text: &Text<'_>, said: &Said, cue: &Range<usize>) -> bool {
    let last = cue.end.wrapping_sub(1);
    let nounlike = matches!(
        text.low(last),
        "reports"
            | "claims"
            | "charges"
            | "notes"
            | "calls"
            | "points"
            | "demands"
            | "comments"
            | "jokes"
            | "estimates"
    );
    let Some(source) = said.source.as_ref().filter(|s| nounlike && cue.len() == 1 && s.end == cue.start)
    else {
        return false;
    };
    let next = text.at(cue.end);
    // No subject stands after a preposition.
    let object = text.before(source.start).has(Class::PREPOSITION)
        && !text.at(source.start).capital
        && !text.is_name(source.end.wrapping_sub(1));
    let relative =
        text.low(cue.end) == "that" && text.at(cue.end + 1).has(Class::BE.or(Class::HAVE).or(Class::MODAL));
    let compound = matches!(text.low(source.end.wrapping_sub(1)), "news" | "press" | "media" | "all")
        && text.low(cue.end) != "that"
        && !next.is_quote()
        && !matches!(next.sign, ',' | ':');
    object || relative || compound
}

/// "a show called “The Long Night”", "dubbed": what something is named.
fn names(text: &Text<'_>, cue: &Range<usize>, said: &Said) -> bool {
    let naming = matches!(
        text.low(cue.end.wrapping_sub(1)),
        "called" | "named" | "titled" | "entitled" | "dubbed" | "nicknamed"
    );
    let content = said.hull();
    let words = content.clone().filter(|&k| text.at(k).is_word());
    let titled = words.clone().filter(|&k| text.at(k).capital).count() * 2 > words.clone().count();
    // "He called it “The Long Night”" is a judgement, "a show called" a name.
    let adjoins = said.source.as_ref().is_some_and(|s| s.end == cue.start)
        && content.start == cue.end
        && text.at(content.start).kind == Kind::Open;
    naming && adjoins && said.manner != Manner::Indirect && titled && words.count() <= 7
}

/// "National Council for Law Reporting", "Address to the Nation Announcing": a capital within the
/// sentence makes it part of a name or a heading.
fn is_part_of_name(text: &Text<'_>, cue: &Range<usize>, said: &Said) -> bool {
    let last = cue.end.wrapping_sub(1);
    text.is_name(last)
        && text.low(last).ends_with("ing")
        && said.source.as_ref().is_some_and(|s| s.end == cue.start && text.is_name(s.end.wrapping_sub(1)))
}

/// "according to size", "to the West European system": by which measure, not by whose word.
fn is_measure(text: &Text<'_>, source: &Range<usize>) -> bool {
    matches!(
        text.low(phrase::head(text, source)),
        "system"
            | "size"
            | "age"
            | "ability"
            | "abilities"
            | "need"
            | "needs"
            | "custom"
            | "tradition"
            | "traditions"
            | "taste"
            | "type"
            | "kind"
            | "principle"
            | "principles"
            | "method"
            | "methods"
            | "pattern"
            | "rank"
            | "weight"
            | "height"
            | "merit"
            | "preference"
            | "preferences"
            | "category"
            | "season"
            | "income"
    )
}

/// Whether what follows a cue is a clause: "that …", or a subject with its verb.
fn opens_clause(text: &Text<'_>, content: &Range<usize>) -> bool {
    const FAR: usize = 16;
    let first = text.at(content.start);
    if first.has(Class::SUBORDINATOR)
        || first.has(Class::PRONOUN)
            && !matches!(text.low(content.start), "him" | "them" | "me" | "us" | "myself")
        || text.low(content.start) == "there"
    {
        return true;
    }
    for k in content.start..content.end.min(content.start + FAR) {
        let token = text.at(k);
        let inner = k > content.start;
        let word = text.low(k);
        if inner
            && (matches!(token.sign, ',' | ';' | '—')
                || token.kind == Kind::Dash && token.gap
                || token.has(Class::RELATIVE.or(Class::CONJUNCTION).or(Class::SUBORDINATOR)))
        {
            return false;
        }
        let before = text.before(k);
        let noun_place = before.has(Class::DETERMINER.or(Class::PREPOSITION).or(Class::POSSESSIVE))
            || text.low(k.wrapping_sub(1)) == "to";
        let finite = token.has(Class::BE.or(Class::HAVE).or(Class::MODAL).or(Class::DO))
            && word != "being"
            && word != "having"
            || inner
                && !noun_place
                && (token.has(Class::VERB) || word.len() > 4 && word.ends_with("ed") && !token.capital);
        if finite {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use crate::{Options, extract};

    /// Sources and cues of a text's reports.
    fn reports(source: &str) -> Vec<(String, String)> {
        let words = |piece: Option<String>| piece.unwrap_or_default();
        extract(source, &Options::default())
            .quotations
            .iter()
            .map(|q| {
                (
                    words(q.source.as_ref().map(|s| s.text.clone())),
                    words(q.cue.as_ref().map(|c| c.text.clone())),
                )
            })
            .collect()
    }

    #[test]
    fn writing_naming_and_supposing_are_no_reports() {
        for source in [
            "She wrote popular novels for a small house in the north.",
            "Marbles hosts a weekly show called “The Long Night Podcast”.",
            "If the agency reports one number and the town another, people trust their own.",
            "He arranged the books according to size.",
            "Someone tells a story and everybody listens.",
            "I still believe in the kind of country which my parents built.",
        ] {
            assert_eq!(reports(source), [], "{source}");
        }
    }

    #[test]
    fn who_does_one_thing_and_says_another_is_the_source() {
        for (source, who) in [
            ("Siméon Poisson reviewed the paper and declared it “incomprehensible”.", "Siméon Poisson"),
            ("In this essay Nida begins by asserting that no two languages are alike.", "Nida"),
            ("Reports from local news cite a Canadian as being among the dead.", "Reports from local news"),
        ] {
            assert!(reports(source).iter().any(|(s, _)| s == who), "{source}: {:?}", reports(source));
        }
    }

    #[test]
    fn nouns_and_doings_are_no_reports() {
        for source in [
            "From all the press reports that I have seen, the town was well prepared for the storm.",
            "There is a lot of tired jokes that are told in a back room of the theatre.",
            "These are the tax cuts which the committee wrote -- we shall be sailing this country next year.",
            "Take, say, the mayor of the town, who was on record as a friend of the harbour.",
            "Her first efforts at writing fiction were in the form of a short story.",
            "The killings continued. People from every corner of the country took to the streets.",
            "My hope is that over time the users will demand this of any site.",
        ] {
            assert_eq!(reports(source), [], "{source}");
        }
    }

    /// Who says each figure of a text's claims.
    fn voices(source: &str) -> Vec<(String, String)> {
        let found = extract(source, &Options::default());
        let who = |claim: &crate::schema::Claim| {
            let said = claim.quotation.and_then(|q| found.quotations.get(q as usize));
            said.and_then(|q| q.source.as_ref()).map_or_else(String::new, |s| s.text.clone())
        };
        found
            .claims
            .iter()
            .flat_map(|c| c.measures.iter().map(move |m| (c, m)))
            .map(|(c, m)| (who(c), format!("{} {}", m.text, m.indicator)))
            .collect()
    }

    #[test]
    fn who_keeps_a_list_is_the_source_of_its_figures() {
        for (source, who, figure) in [
            ("The ministry listed 1,940 injured.", "The ministry", "1,940 wounded"),
            (
                "The Cell's evening bulletin listed 1,940 injured, and said that aid was near.",
                "The Cell's evening bulletin",
                "1,940 wounded",
            ),
            ("Hospitals have recorded 31 deaths since Monday.", "Hospitals", "31 killed"),
            (
                "A monitoring group counted at least 14 people killed.",
                "A monitoring group",
                "at least 14 killed",
            ),
        ] {
            let told = voices(source);
            assert!(told.contains(&(who.to_owned(), figure.to_owned())), "{source}: {told:?}");
        }
        for source in [
            "Italy recorded 627 deaths in a day.",
            "The stadium counts 12 exits and no dead ends.",
            "The week ended with 12 dead and 40 wounded.",
            "The battalion counted 12 dead among its men.",
        ] {
            assert!(voices(source).iter().all(|(who, _)| who.is_empty()), "{source}: {:?}", voices(source));
        }
    }

    #[test]
    fn a_long_name_after_according_to_speaks() {
        let told = voices(
            "According to the Central Steering Committee for Natural Disaster Prevention and Rescue, 2,700 \
             people were injured.",
        );
        let who = "the Central Steering Committee for Natural Disaster Prevention and Rescue";
        assert_eq!(told, [(who.to_owned(), "2,700 wounded".to_owned())]);
    }

    #[test]
    fn who_acts_in_a_relative_clause_and_then_speaks_is_the_source() {
        for (source, who) in [
            ("The alliance that had called the march said that 65,000 people took part.", "The alliance"),
            ("The officer who led the raid said 12 people were killed.", "The officer"),
            ("A union which organised the strike in the capital said 40 people were hurt.", "A union"),
        ] {
            assert!(
                reports(source).iter().any(|(s, _)| s.starts_with(who)),
                "{source}: {:?}",
                reports(source)
            );
        }
        for (source, who) in [
            ("He repeated the claim that reached the ministry. The army said 12 people died.", "The army"),
            ("The ministry said that the group said 12 people died.", "the group"),
        ] {
            assert!(
                reports(source).iter().any(|(s, _)| s.starts_with(who)),
                "{source}: {:?}",
                reports(source)
            );
        }
    }

    #[test]
    fn months_marches_and_deaths_say_nothing() {
        for source in [
            "March said little, and 12 people were hurt.",
            "Our tally of deaths reported in the province this month: 71.",
            "The march said that 12 people were hurt.",
        ] {
            assert!(reports(source).iter().all(|(who, _)| who.is_empty()), "{source}: {:?}", reports(source));
        }
        let named = "Lena March, the mayor, spoke. March said 12 people were hurt.";
        assert!(reports(named).iter().any(|(who, _)| who == "March"), "{:?}", reports(named));
    }

    #[test]
    fn what_is_said_stays_a_report() {
        for (source, who) in [
            ("She wrote that the house had burned down.", "She"),
            ("The minister called the raid “a clumsy provocation”.", "The minister"),
            ("According to the ministry, 12 people were killed.", "the ministry"),
            ("The mayor said if it rains the road will close.", "The mayor"),
        ] {
            assert!(reports(source).iter().any(|(s, _)| s == who), "{source}: {:?}", reports(source));
        }
    }
}
