//! Where quotation marks open and close: the quoted passages of a text, paragraph by paragraph, and
//! which of them go on in the next paragraph.

use crate::token::{Kind, Text};
use std::ops::Range;

/// A passage in quotation marks within one paragraph, the marks included.
#[derive(Clone, Debug, PartialEq)]
pub struct Passage {
    pub tokens: Range<usize>,
    /// A closing mark stands in this paragraph.
    pub closed: bool,
    /// It goes on with an opening mark at the start of the next paragraph.
    pub goes_on: bool,
    /// The paragraph begins with it.
    pub leads: bool,
}

/// The outermost quoted passages in order, and for each token the passage it lies in.
pub struct Passages {
    pub list: Vec<Passage>,
    inside: Vec<u32>,
}

impl Passages {
    /// The passage around a token.
    pub fn around(&self, i: usize) -> Option<usize> {
        self.inside.get(i).copied().filter(|p| *p != u32::MAX).map(|p| p as usize)
    }

    pub fn get(&self, index: usize) -> Option<&Passage> {
        self.list.get(index)
    }

    /// The passage whose last token is `i`.
    pub fn ending_at(&self, i: usize) -> Option<usize> {
        self.around(i).filter(|p| self.get(*p).is_some_and(|q| q.tokens.end == i + 1))
    }

    pub fn starting_at(&self, i: usize) -> Option<usize> {
        self.around(i).filter(|p| self.get(*p).is_some_and(|q| q.tokens.start == i))
    }
}

pub fn scan(text: &Text<'_>) -> Passages {
    let doubles = (0..text.len()).any(|i| text.at(i).is_quote());
    let mut list: Vec<Passage> = Vec::new();
    let mut carried = false;
    for paragraph in &text.paragraphs {
        let mut i = paragraph.start;
        let mut last_unclosed = false;
        while i < paragraph.end {
            let kind = text.at(i).kind;
            let opens = kind == Kind::Open || (!doubles && single_opens(text, i, paragraph.end));
            if !opens {
                // A closing mark without an opening one, after a quotation that ran on: the
                // paragraph is part of it.
                if kind == Kind::Close && carried && i > paragraph.start {
                    list.push(Passage {
                        tokens: paragraph.start..i + 1,
                        closed: true,
                        goes_on: false,
                        leads: true,
                    });
                    carried = false;
                }
                i += 1;
                continue;
            }
            let close = if kind == Kind::Open {
                closing(text, i, paragraph.end)
            } else {
                single_closing(text, i, paragraph.end)
            };
            let leads = i == paragraph.start;
            match close {
                Some(end) => {
                    list.push(Passage { tokens: i..end, closed: true, goes_on: false, leads });
                    i = end;
                }
                None => {
                    list.push(Passage { tokens: i..paragraph.end, closed: false, goes_on: false, leads });
                    last_unclosed = true;
                    i = paragraph.end;
                }
            }
            carried = false;
        }
        carried = last_unclosed;
    }
    for index in 0..list.len() {
        let next_leads = list.get(index + 1).is_some_and(|n| {
            n.leads
                && list.get(index).is_some_and(|p| {
                    text.at(n.tokens.start).paragraph == text.at(p.tokens.start).paragraph + 1
                })
        });
        if let Some(passage) = list.get_mut(index) {
            passage.goes_on = !passage.closed && next_leads;
        }
    }
    let mut inside = vec![u32::MAX; text.len()];
    for (index, passage) in list.iter().enumerate() {
        for slot in inside.get_mut(passage.tokens.clone()).unwrap_or_default() {
            *slot = index as u32;
        }
    }
    Passages { list, inside }
}

/// The token after the closing mark; a second opening mark in between is nested.
fn closing(text: &Text<'_>, open: usize, end: usize) -> Option<usize> {
    let mut depth = 0u32;
    for i in open + 1..end {
        match text.at(i).kind {
            Kind::Open => depth += 1,
            Kind::Close if depth == 0 => return Some(i + 1),
            Kind::Close => {
                depth -= 1;
                // A forgotten mark: two closes never follow.
                let rest = (i + 1..end.min(i + 400)).any(|k| text.at(k).kind == Kind::Close);
                if !rest {
                    return Some(i + 1);
                }
            }
            _ => {}
        }
    }
    None
}

fn single_opens(text: &Text<'_>, i: usize, end: usize) -> bool {
    text.at(i).kind == Kind::SingleOpen
        && text.at(i + 1).is_word()
        && single_closing(text, i, end.min(i + 300)).is_some_and(|e| e > i + 2)
}

fn single_closing(text: &Text<'_>, open: usize, end: usize) -> Option<usize> {
    (open + 1..end.min(open + 300))
        .find(|&i| {
            let token = text.at(i);
            let next = text.at(i + 1);
            let plural =
                text.low(i.wrapping_sub(1)).ends_with('s') && next.is_word() && next.gap && !next.capital;
            token.kind == Kind::SingleClose && !token.gap && (next.gap || !next.is_word()) && !plural
        })
        .map(|i| i + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token;

    #[test]
    fn a_quotation_may_run_over_paragraphs() {
        let text = token::read("\u{201c}One.\n\n\u{201c}Two.\u{201d}");
        let found = scan(&text);
        assert_eq!(found.list.len(), 2);
        assert!(found.list.first().is_some_and(|p| p.goes_on && !p.closed));
    }

    #[test]
    fn a_nested_quotation_belongs_to_the_outer_one() {
        let text = token::read("\u{201c}He said \u{201c}no\u{201d} again\u{201d}, she said");
        assert_eq!(scan(&text).list.len(), 1);
    }
}
