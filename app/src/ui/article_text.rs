//! An article's text with marks on it: claims, and the words that stand for their speaker.

use domain::text::{CharIndex, Span};
use leptos::prelude::*;
use phrase::view;

/// One marked stretch.
#[derive(Clone, Debug)]
pub struct Mark {
    pub span: Span,
    /// Classes that say what it is.
    pub class: String,
    /// Where a click on it goes.
    pub href: Option<String>,
    /// What it is, for who does not see the mark.
    pub says: String,
    /// Id of its first piece.
    pub id: Option<String>,
}

/// Draws the text in paragraphs. Where marks overlap, the shortest is on top; each piece of the
/// text is drawn once, so that nothing is doubled or lost.
pub fn article_text(text: &str, marks: &[Mark]) -> AnyView {
    let index = CharIndex::new(text);
    let length = u32::try_from(index.len()).unwrap_or(u32::MAX);
    let mut order: Vec<&Mark> =
        marks.iter().filter(|mark| !mark.span.is_empty() && mark.span.end <= length).collect();
    order.sort_by_key(|mark| (mark.span.start, mark.span.end));
    let mut begun: Vec<bool> = vec![false; order.len()];
    let mut first = 0;
    let mut paragraphs = Vec::new();
    for paragraph in paragraph_spans(text) {
        // Marks are in the order of their start: what ends before this paragraph is behind us.
        while first < order.len() && order[first].span.end <= paragraph.start {
            first += 1;
        }
        let here: Vec<usize> = (first..order.len())
            .take_while(|at| order[*at].span.start < paragraph.end)
            .filter(|at| order[*at].span.overlaps(paragraph))
            .collect();
        let mut edges: Vec<u32> = vec![paragraph.start, paragraph.end];
        for at in &here {
            edges.push(order[*at].span.start.clamp(paragraph.start, paragraph.end));
            edges.push(order[*at].span.end.clamp(paragraph.start, paragraph.end));
        }
        edges.sort_unstable();
        edges.dedup();
        let pieces = edges
            .windows(2)
            .map(|edge| {
                let piece = Span::new(edge[0], edge[1]);
                let words = index.slice(piece).unwrap_or_default().to_owned();
                let top = here
                    .iter()
                    .copied()
                    .filter(|at| order[*at].span.contains(piece))
                    .min_by_key(|at| order[*at].span.len());
                match top {
                    None => words.into_any(),
                    Some(at) => {
                        let is_first = !std::mem::replace(&mut begun[at], true);
                        marked(order[at], words, is_first)
                    }
                }
            })
            .collect_view();
        paragraphs.push(view! { <p>{pieces}</p> });
    }
    paragraphs.collect_view().into_any()
}

fn marked(mark: &Mark, words: String, is_first: bool) -> AnyView {
    let id = mark.id.clone().filter(|_| is_first);
    let class = mark.class.clone();
    match &mark.href {
        Some(href) => {
            view! { <a id=id class=format!("on-text {class}") href=href.clone() title=mark.says.clone()>{words}</a> }
                .into_any()
        }
        None => view! { <mark id=id class=format!("on-text {class}") title=mark.says.clone()>{words}</mark> }.into_any(),
    }
}

/// Paragraphs are set apart by blank lines; a single line end stays inside.
fn paragraph_spans(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut start: Option<u32> = None;
    let mut end = 0;
    let mut at = 0;
    for line in text.split('\n') {
        let length = u32::try_from(line.chars().count()).unwrap_or(u32::MAX);
        if line.trim().is_empty() {
            if let Some(start) = start.take() {
                spans.push(Span::new(start, end));
            }
        } else {
            start.get_or_insert(at);
            end = at + length;
        }
        at += length + 1;
    }
    if let Some(start) = start {
        spans.push(Span::new(start, end));
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(start: u32, end: u32, class: &str) -> Mark {
        Mark { span: Span::new(start, end), class: class.into(), href: None, says: String::new(), id: None }
    }

    fn drawn(text: &str, marks: &[Mark]) -> String {
        let html = article_text(text, marks).to_html();
        // leptos sets neighbouring texts apart by comments
        html.replace("<!>", "").replace("<!---->", "")
    }

    #[test]
    fn every_word_is_drawn_once_where_marks_overlap() {
        let html = drawn("abcdef\n\nghi", &[mark(0, 4, "a"), mark(2, 6, "b"), mark(5, 10, "c")]);
        let words: String = {
            let mut out = String::new();
            let mut inside = false;
            for c in html.chars() {
                match c {
                    '<' => inside = true,
                    '>' => inside = false,
                    c if !inside => out.push(c),
                    _ => {}
                }
            }
            out
        };
        assert_eq!(words, "abcdefghi", "{html}");
    }

    #[test]
    fn the_words_of_an_article_cannot_break_out() {
        let html = drawn("<script>alert(1)</script>", &[mark(0, 8, "a")]);
        assert!(!html.contains("<script"), "{html}");
    }

    #[test]
    fn a_mark_beyond_the_text_is_left_out() {
        assert!(drawn("abc", &[mark(2, 9, "a")]).contains("abc"));
    }
}
