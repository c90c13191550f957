//! Cuts a text into tokens: words, numbers, marks. Each knows where it stands in bytes (to cut) and
//! in code points (to report), which paragraph it belongs to and what the lexicon says about it.
//! Reading a token that does not exist gives an empty one, so rules may look around freely.

use crate::lexicon::{self, Class};
use crate::marks::Marks;
use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Word,
    Number,
    /// A double quotation mark that opens or closes, whatever its shape.
    Open,
    Close,
    /// A single mark that may open or close; apostrophes inside words are not tokens.
    SingleOpen,
    SingleClose,
    Dash,
    Ellipsis,
    Mark,
    /// Beyond the text.
    Nothing,
}

#[derive(Clone, Copy, Debug)]
pub struct Token {
    pub kind: Kind,
    pub byte: u32,
    pub byte_end: u32,
    pub start: u32,
    pub end: u32,
    low: u32,
    low_end: u32,
    pub class: Class,
    /// What scoring a sentence looks for; figures and signs have none.
    pub marks: Marks,
    /// The hash of the words in lower case.
    pub hash: u64,
    /// White space stands before it.
    pub gap: bool,
    /// Starts with a capital letter.
    pub capital: bool,
    /// Two or more letters, all capitals.
    pub shouted: bool,
    /// The first character; marks are told apart by it.
    pub sign: char,
    pub paragraph: u32,
}

const NOTHING: Token = Token {
    kind: Kind::Nothing,
    byte: 0,
    byte_end: 0,
    start: 0,
    end: 0,
    low: 0,
    low_end: 0,
    class: Class::NONE,
    marks: Marks::NONE,
    hash: lexicon::SEED,
    gap: true,
    capital: false,
    shouted: false,
    sign: '\0',
    paragraph: u32::MAX,
};

impl Token {
    pub fn has(&self, class: Class) -> bool {
        self.class.meets(class)
    }

    pub fn is_word(&self) -> bool {
        self.kind == Kind::Word
    }

    pub fn is_quote(&self) -> bool {
        matches!(self.kind, Kind::Open | Kind::Close)
    }
}

/// A text with its tokens.
pub struct Text<'a> {
    pub source: &'a str,
    lower: String,
    tokens: Vec<Token>,
    /// Token ranges of the paragraphs.
    pub paragraphs: Vec<Range<usize>>,
    /// Nearly all letters are capitals, as in old agency texts: capitals say nothing then.
    pub upper_case: bool,
}

impl<'a> Text<'a> {
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// The token at a place; an empty one outside the text.
    pub fn at(&self, i: usize) -> &Token {
        self.tokens.get(i).unwrap_or(&NOTHING)
    }

    /// The token's words in lower case, typographic apostrophes made plain.
    pub fn low(&self, i: usize) -> &str {
        let token = self.at(i);
        self.lower.get(token.low as usize..token.low_end as usize).unwrap_or("")
    }

    /// The words of a token range as they stand in the text.
    pub fn words(&self, range: &Range<usize>) -> &'a str {
        if range.is_empty() {
            return "";
        }
        let (first, last) = (self.at(range.start), self.at(range.end.wrapping_sub(1)));
        self.source.get(first.byte as usize..last.byte_end as usize).unwrap_or("")
    }

    /// Where a token range stands, in code points.
    pub fn place(&self, range: &Range<usize>) -> (u32, u32) {
        (self.at(range.start).start, self.at(range.end.wrapping_sub(1)).end)
    }

    /// A capital that tells a name: not in a text set in capitals.
    pub fn is_name(&self, i: usize) -> bool {
        let token = self.at(i);
        token.is_word() && token.capital && !self.upper_case
    }

    /// The token before, or one that does not exist.
    pub fn before(&self, i: usize) -> &Token {
        self.at(i.wrapping_sub(1))
    }
}

/// No word that the lexicon knows has more bytes.
const LONGEST_WORD: usize = 24;

/// Dashes, quotation marks and the ellipsis of a typesetter: told at once from letters, which beyond
/// ASCII are found in tables.
fn is_typographic(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2027}')
}

/// Cuts the text. One pass; memory grows with the number of tokens.
pub fn read(source: &str) -> Text<'_> {
    let mut source = source;
    if source.len() >= u32::MAX as usize {
        let mut cut = u32::MAX as usize - 1;
        while !source.is_char_boundary(cut) {
            cut -= 1;
        }
        source = source.get(..cut).unwrap_or("");
    }
    let mut reader = Reader {
        bytes: source,
        at: 0,
        chars: 0,
        lower: String::with_capacity(source.len()),
        tokens: Vec::with_capacity(source.len() / 5),
        paragraphs: Vec::new(),
        opened: 0,
        gap: true,
        capitals: 0,
        smalls: 0,
        wrapped: is_hard_wrapped(source),
    };
    reader.run();
    let upper_case = reader.capitals > 200 && reader.capitals > 5 * reader.smalls;
    let mut text = Text {
        source,
        lower: reader.lower,
        tokens: reader.tokens,
        paragraphs: reader.paragraphs,
        upper_case,
    };
    turn_straight_marks(&mut text);
    text
}

/// Lines broken at a fixed width: most line ends of the text come at 50 to 100 characters and
/// in the middle of a sentence.
fn is_hard_wrapped(source: &str) -> bool {
    let (mut long, mut all) = (0u32, 0u32);
    let mut lines = source.lines().take(400).peekable();
    while let Some(line) = lines.next() {
        let Some(next) = lines.peek() else { break };
        let (line, next) = (line.trim(), next.trim());
        if line.is_empty() || next.is_empty() {
            continue;
        }
        all += 1;
        long +=
            u32::from((50..=100).contains(&line.len()) && !line.ends_with(['.', '!', '?', ':', '"', '”']));
    }
    all >= 4 && long * 10 >= all * 6
}

struct Reader<'a> {
    bytes: &'a str,
    at: usize,
    chars: u32,
    lower: String,
    tokens: Vec<Token>,
    paragraphs: Vec<Range<usize>>,
    opened: usize,
    gap: bool,
    capitals: u32,
    smalls: u32,
    wrapped: bool,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.bytes.get(self.at..)?.chars().next()
    }

    fn ahead(&self, bytes: usize) -> Option<char> {
        self.bytes.get(self.at + bytes..)?.chars().next()
    }

    fn skip(&mut self, c: char) {
        self.at += c.len_utf8();
        self.chars += 1;
    }

    fn run(&mut self) {
        while let Some(c) = self.peek() {
            if c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '\u{200b}') {
                self.blank();
            } else if c.is_ascii_digit()
                || c == '.' && self.gap && self.ahead(1).is_some_and(|d| d.is_ascii_digit())
            {
                self.number();
            } else if c == '_' || !is_typographic(c) && c.is_alphabetic() {
                self.word();
            } else {
                self.mark(c);
            }
        }
        self.close_paragraph();
    }

    fn blank(&mut self) {
        let from = self.at;
        let mut breaks = 0;
        while let Some(c) = self.peek() {
            if !(c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '\u{200b}')) {
                break;
            }
            breaks += u32::from(matches!(c, '\n' | '\u{2029}' | '\u{2028}' | '\u{85}'));
            if c == '\u{2029}' {
                breaks += 1;
            }
            self.skip(c);
        }
        self.gap = self.at > from;
        if breaks >= 2 || (breaks == 1 && self.line_ends_paragraph(from)) {
            self.close_paragraph();
        }
    }

    /// A single line break ends a paragraph, unless lines are wrapped at a width or the sentence
    /// plainly goes on in the next line.
    fn line_ends_paragraph(&self, before: usize) -> bool {
        if self.wrapped {
            return false;
        }
        let Some(next) = self.peek() else { return true };
        // A figure on a line of its own belongs to the line after: "1,204 / people displaced".
        let line = self.tokens.get(self.opened..).unwrap_or_default();
        let figure = line.first().is_some_and(|t| t.kind == Kind::Number && t.end - t.start >= 3);
        if figure && (line.len() == 1 && next.is_alphabetic() || line.len() <= 3 && next.is_lowercase()) {
            return false;
        }
        if !next.is_lowercase() {
            return true;
        }
        let ended = self
            .bytes
            .get(..before)
            .and_then(|t| t.chars().next_back())
            .is_some_and(|c| matches!(c, '.' | '!' | '?' | ':'));
        if ended {
            return true;
        }
        let rest = self.bytes.get(self.at..).unwrap_or("");
        let block: String = rest.chars().take(400).collect();
        let block = block.split("\n\n").next().unwrap_or("").trim_end();
        !block.contains(['.', '!', '?'])
    }

    fn close_paragraph(&mut self) {
        if self.opened < self.tokens.len() {
            self.paragraphs.push(self.opened..self.tokens.len());
            self.opened = self.tokens.len();
        }
    }

    fn push(&mut self, kind: Kind, byte: usize, start: u32, sign: char) {
        let text = self.bytes.get(byte..self.at).unwrap_or("");
        let low = self.lower.len();
        let (mut letters, mut big) = (0u32, 0u32);
        let mut hash = lexicon::SEED;
        if text.is_ascii() {
            self.lower.push_str(text);
            let word = self.lower.get_mut(low..).unwrap_or_default();
            word.make_ascii_lowercase();
            for (b, small) in text.bytes().zip(word.bytes()) {
                letters += u32::from(small.is_ascii_lowercase());
                big += u32::from(b != small);
                hash = lexicon::fnv(hash, small);
            }
        } else {
            for c in text.chars() {
                letters += u32::from(c.is_alphabetic());
                big += u32::from(c.is_uppercase());
                match c {
                    '’' | 'ʼ' => self.lower.push('\''),
                    _ => self.lower.extend(c.to_lowercase()),
                }
            }
            hash = lexicon::hash(self.lower.get(low..).unwrap_or(""));
        }
        self.capitals += big;
        self.smalls += letters - big.min(letters);
        let word = self.lower.get(low..).unwrap_or("");
        let (class, marks) = if kind == Kind::Word && word.len() <= LONGEST_WORD {
            lexicon::known(word, hash)
        } else {
            (Class::NONE, Marks::NONE)
        };
        self.tokens.push(Token {
            kind,
            byte: byte as u32,
            byte_end: self.at as u32,
            start,
            end: self.chars,
            low: low as u32,
            low_end: self.lower.len() as u32,
            class,
            marks,
            hash,
            gap: self.gap,
            capital: sign.is_uppercase(),
            shouted: letters > 1 && big == letters,
            sign,
            paragraph: self.paragraphs.len() as u32,
        });
        self.gap = false;
    }

    /// Digits with separators between them: "1,234.5", "12,34,567".
    fn number(&mut self) {
        let (byte, start) = (self.at, self.chars);
        let first = self.peek().unwrap_or('0');
        if first == '.' {
            self.skip(first);
        }
        while let Some(c) = self.peek() {
            let joins = matches!(c, '.' | ',' | '\u{202f}' | '\u{2009}')
                && self.ahead(c.len_utf8()).is_some_and(|d| d.is_ascii_digit());
            if c.is_ascii_digit() || joins {
                self.skip(c);
            } else if c == ',' && (1..=3).contains(&(self.at - byte)) && self.spaced_thousands() {
                self.skip(c);
                self.skip(' ');
            } else {
                break;
            }
        }
        self.push(Kind::Number, byte, start, first);
    }

    /// "N15m", "P1.2 billion", "R4,500": naira, pesos and rand are written with one letter. Roads and
    /// rooms ("N15", "R4") have no scale and no comma.
    fn lettered_amount(&self, letter: char) -> bool {
        if !matches!(letter, 'N' | 'P' | 'R') {
            return false;
        }
        let rest = self.bytes.get(self.at..).unwrap_or("");
        let end = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ','))).unwrap_or(rest.len());
        let (amount, after) = rest.split_at(end.min(20));
        let grouped = amount
            .split_once(',')
            .is_some_and(|(_, tail)| tail.len() >= 3 && tail.starts_with(|c: char| c.is_ascii_digit()));
        let spaced = after.strip_prefix(' ').unwrap_or("");
        let scaled = ["million", "billion", "trillion"].iter().any(|s| spaced.starts_with(s));
        let suffix = ["m", "bn", "b", "tn", "mn"]
            .iter()
            .any(|s| after.strip_prefix(s).is_some_and(|r| !r.starts_with(|c: char| c.is_alphanumeric())));
        grouped || scaled || suffix
    }

    /// "61, 000": a space slipped in behind the comma; nobody lists "000".
    fn spaced_thousands(&self) -> bool {
        self.bytes
            .get(self.at + 1..)
            .and_then(|rest| rest.strip_prefix(" 000"))
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
    }

    fn word(&mut self) {
        let (byte, start) = (self.at, self.chars);
        let first = self.peek().unwrap_or(' ');
        if self.dotted(byte, start, first) {
            return;
        }
        loop {
            self.small_letters();
            let Some(c) = self.peek() else { break };
            if c.is_ascii_digit()
                && (2..=3).contains(&(self.at - byte))
                && matches!(
                    self.bytes.get(byte..self.at),
                    Some(
                        "US" | "USD"
                            | "RM"
                            | "EUR"
                            | "GBP"
                            | "AUD"
                            | "CAD"
                            | "HKD"
                            | "INR"
                            | "JPY"
                            | "Rs"
                            | "Ksh"
                            | "KSh"
                            | "Tk"
                            | "Rp"
                            | "NGN"
                            | "KES"
                            | "ZAR"
                            | "PHP"
                            | "Php"
                            | "UGX"
                    )
                )
                || c.is_ascii_digit() && self.at - byte == 1 && self.lettered_amount(first)
            {
                self.push(Kind::Word, byte, start, first);
                return;
            }
            if c.is_ascii_digit() && runs_into_digits(self.bytes.get(byte..self.at).unwrap_or(""))
                || !is_typographic(c)
                    && c.is_uppercase()
                    && runs_into_name(self.bytes.get(byte..self.at).unwrap_or(""))
            {
                self.push(Kind::Word, byte, start, first);
                self.gap = true;
                return;
            }
            if c == '_' || !is_typographic(c) && (c.is_alphanumeric() || is_combining(c)) {
                self.skip(c);
            } else if matches!(c, '\'' | '’' | 'ʼ') {
                // An apostrophe inside a word; the possessive is a word of its own.
                let next = self.ahead(c.len_utf8());
                let after = self.ahead(c.len_utf8() + next.map_or(0, char::len_utf8));
                if !next.is_some_and(char::is_alphabetic) {
                    break;
                }
                let clitic = !after.is_some_and(char::is_alphanumeric)
                    && matches!(next, Some('s' | 'S' | 'd' | 'm' | 'D' | 'M'));
                let long = self.bytes.get(self.at + c.len_utf8()..).is_some_and(|r| {
                    let head: String = r.chars().take(3).collect::<String>().to_lowercase();
                    ["ll", "re", "ve"].iter().any(|e| {
                        head.starts_with(e) && !head.chars().nth(2).is_some_and(char::is_alphanumeric)
                    })
                });
                if clitic || long {
                    self.push(Kind::Word, byte, start, first);
                    let (byte, start) = (self.at, self.chars);
                    self.skip(c);
                    while let Some(d) = self.peek().filter(|d| d.is_alphanumeric()) {
                        self.skip(d);
                    }
                    self.push(Kind::Word, byte, start, '\'');
                    return;
                }
                self.skip(c);
            } else {
                break;
            }
        }
        let length = self.at - byte;
        if let Some(seam) = seam(self.bytes.get(byte..self.at).unwrap_or("")) {
            let (at, chars) = (self.at, self.chars);
            (self.at, self.chars) = (byte + seam, start + seam as u32);
            self.push(Kind::Word, byte, start, first);
            let second = self.peek().unwrap_or(' ');
            (self.at, self.chars) = (at, chars);
            self.gap = true;
            self.push(Kind::Word, byte + seam, start + seam as u32, second);
            return;
        }
        if !self.gap && self.tokens.last().is_some_and(|t| t.kind == Kind::Number) {
            // "140,000people": the space was lost, not the word.
            let word = self.bytes.get(byte..self.at).unwrap_or("");
            self.gap =
                length > 4 && lexicon::class(word).meets(Class::PERSON.or(Class::BUILDING).or(Class::THING));
        }
        if self.peek() == Some('.') && length <= 8 {
            let word = self.bytes.get(byte..self.at).unwrap_or("");
            let single = length == first.len_utf8() && first.is_uppercase() && first != 'I';
            if single || lexicon::is_abbreviation(&word.to_lowercase(), first.is_uppercase()) {
                self.skip('.');
            }
        }
        self.push(Kind::Word, byte, start, first);
    }

    /// Goes on over the small letters that most words are made of; no rule stops at one.
    fn small_letters(&mut self) {
        let rest = self.bytes.as_bytes().get(self.at..).unwrap_or_default();
        let run = rest.iter().take_while(|b| b.is_ascii_lowercase()).count();
        self.at += run;
        self.chars += run as u32;
    }

    /// "U.S.", "a.m.", "e.g."
    fn dotted(&mut self, byte: usize, start: u32, first: char) -> bool {
        let mut length = 0;
        let mut pairs = 0;
        while let Some(letter) = self.ahead(length).filter(|c| c.is_alphabetic()) {
            if self.ahead(length + letter.len_utf8()) != Some('.') {
                break;
            }
            length += letter.len_utf8() + 1;
            pairs += 1;
            if pairs > 12 {
                break;
            }
        }
        if pairs < 2 {
            return false;
        }
        while self.at < byte + length {
            let Some(c) = self.peek() else { break };
            self.skip(c);
        }
        self.push(Kind::Word, byte, start, first);
        true
    }

    fn mark(&mut self, c: char) {
        let (byte, start) = (self.at, self.chars);
        let next = self.ahead(c.len_utf8());
        let spaced_after = next.is_none_or(|n| n.is_whitespace());
        let kind = match c {
            '“' | '„' | '‟' | '«' => Kind::Open,
            '”' | '»' => Kind::Close,
            '"' | '＂' => Kind::Mark,
            '\'' | '`' if next == Some(c) => {
                self.skip(c);
                Kind::Mark
            }
            '‘' | '`' | '‚' | '‛' => Kind::SingleOpen,
            '’' => Kind::SingleClose,
            '\'' if self.gap && !spaced_after => Kind::SingleOpen,
            '\'' => Kind::SingleClose,
            '-' | '–' | '—' | '‐' | '‑' | '‒' | '―' | '−' => Kind::Dash,
            '…' => Kind::Ellipsis,
            '.' if next == Some('.') => Kind::Ellipsis,
            _ => Kind::Mark,
        };
        self.skip(c);
        if kind == Kind::Dash || kind == Kind::Ellipsis {
            let alike = |d: char| if kind == Kind::Dash { d == c } else { d == '.' || d == '…' };
            while let Some(d) = self.peek().filter(|d| alike(*d)) {
                self.skip(d);
            }
        }
        self.push(kind, byte, start, c);
    }
}

/// "Around1.6 million", "least140,000": texts taken from laid-out pages lose spaces, and these words
/// never end in digits of their own.
fn runs_into_digits(word: &str) -> bool {
    matches!(
        word.to_ascii_lowercase().as_str(),
        "about"
            | "around"
            | "least"
            | "than"
            | "some"
            | "nearly"
            | "almost"
            | "over"
            | "between"
            | "approximately"
            | "estimated"
            | "including"
            | "from"
            | "with"
            | "were"
            | "have"
            | "total"
            | "additional"
    )
}

/// "fledAleppo", "theGovernment": a capital inside a word that is whole without it.
fn runs_into_name(word: &str) -> bool {
    (3..=12).contains(&word.len())
        && word.bytes().all(|b| b.is_ascii_lowercase())
        && lexicon::class(word).meets(
            Class::PREPOSITION.or(Class::DETERMINER).or(Class::CONJUNCTION).or(Class::VERB).or(Class::BE),
        )
}

/// Words of counts that run into their neighbours where a page lost its spaces.
const SEAMED: &[&str] = &[
    "displacements",
    "displacement",
    "displaced",
    "evacuated",
    "households",
    "families",
    "persons",
    "people",
    "houses",
    "killed",
    "injured",
    "destroyed",
    "damaged",
];

/// Where two words stand without the space between them: "displacedabout", "hadevacuated". One of the
/// two must be a word of counts and the other a function word, which no longer English word is made of.
fn seam(word: &str) -> Option<usize> {
    if !(8..=24).contains(&word.len()) || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return None;
    }
    if lexicon::class(word) != Class::NONE {
        return None;
    }
    let small = Class::PREPOSITION
        .or(Class::DETERMINER)
        .or(Class::BE)
        .or(Class::HAVE)
        .or(Class::MODAL)
        .or(Class::CONJUNCTION)
        .or(Class::SUBORDINATOR)
        .or(Class::ADVERB);
    let joins = |rest: &str| {
        matches!(rest, "new" | "newly" | "internally")
            || rest.len() > 1
                && !matches!(rest, "up" | "over" | "like" | "all" | "out")
                && lexicon::class(rest).meets(small)
    };
    SEAMED.iter().find_map(|known| {
        let after =
            word.strip_prefix(known).filter(|rest| joins(rest) || SEAMED.contains(rest)).map(|_| known.len());
        after.or_else(|| word.strip_suffix(known).filter(|rest| joins(rest)).map(str::len))
    })
}

fn is_combining(c: char) -> bool {
    matches!(c as u32, 0x300..=0x36f | 0x900..=0x903 | 0x93a..=0x94f | 0x200c | 0x200d)
}

/// Straight double marks open or close by what stands beside them; where that does not tell, they
/// take turns within the paragraph.
fn turn_straight_marks(text: &mut Text<'_>) {
    let count = text.tokens.len();
    let mut open = false;
    let mut paragraph = u32::MAX;
    for i in 0..count {
        let token = *text.at(i);
        if token.paragraph != paragraph {
            paragraph = token.paragraph;
            open = false;
        }
        match token.kind {
            Kind::Open => open = true,
            Kind::Close => open = false,
            Kind::Mark if matches!(token.sign, '"' | '＂' | '\'' | '`') => {
                let next = text.at(i + 1);
                let tight_after =
                    next.kind != Kind::Nothing && !next.gap && next.paragraph == token.paragraph;
                let first = text.before(i).paragraph != token.paragraph;
                let opens = match (
                    token.gap
                        || first
                        || text.before(i).kind == Kind::Dash && !open
                        || matches!(text.before(i).sign, '(' | '['),
                    tight_after,
                ) {
                    (true, true) => true,
                    (false, false) => false,
                    _ => !open,
                };
                let opens = opens || token.sign == '`';
                if let Some(token) = text.tokens.get_mut(i) {
                    token.kind = if opens { Kind::Open } else { Kind::Close };
                }
                open = opens;
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(source: &str) -> Vec<String> {
        let text = read(source);
        (0..text.len()).map(|i| text.words(&(i..i + 1)).to_owned()).collect()
    }

    #[test]
    fn a_possessive_is_a_word_of_its_own() {
        assert_eq!(cut("Kyiv’s mayor didn't"), ["Kyiv", "’s", "mayor", "didn't"]);
    }

    #[test]
    fn a_lost_space_is_found_again() {
        assert_eq!(cut("Around1.6 million"), ["Around", "1.6", "million"]);
        assert_eq!(cut("they hadevacuated"), ["they", "had", "evacuated"]);
        assert_eq!(cut("had fledAleppo"), ["had", "fled", "Aleppo"]);
        assert_eq!(cut("61, 000 people; rooms 61, 62"), ["61, 000", "people", ";", "rooms", "61", ",", "62"]);
        for whole in ["townspeople", "salespeople", "YouTube", "covid19", "between"] {
            assert_eq!(cut(whole), [whole]);
        }
    }

    #[test]
    fn abbreviations_keep_their_stop() {
        assert_eq!(cut("Mr. B. of the U.S. left."), ["Mr.", "B.", "of", "the", "U.S.", "left", "."]);
    }

    #[test]
    fn straight_marks_open_and_close() {
        let text = read("\"Go,\" he said, \"now.\"");
        let kinds: Vec<Kind> = (0..text.len())
            .map(|i| text.at(i).kind)
            .filter(|k| matches!(k, Kind::Open | Kind::Close))
            .collect();
        assert_eq!(kinds, [Kind::Open, Kind::Close, Kind::Open, Kind::Close]);
    }

    #[test]
    fn places_count_code_points() {
        let text = read("žö 12");
        assert_eq!(text.place(&(1..2)), (3, 5));
    }
}
