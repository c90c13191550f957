//! What holds for every text: spans cut the words they claim to cut, parts nest, the output does not
//! change between two runs, and nothing panics.

use domain::text::{CharIndex, Span};
use extract::{Extraction, Options, extract};
use proptest::prelude::*;

fn options() -> Options {
    Options { published: chrono::NaiveDate::from_ymd_opt(2024, 3, 13), id: None }
}

fn check(source: &str) -> Extraction {
    let found = extract(source, &options());
    let index = CharIndex::new(source);
    let cuts = |start: u32, end: u32, text: &str| {
        assert!(start < end, "an empty span {start}..{end}");
        assert_eq!(index.slice(Span::new(start, end)), Some(text), "span {start}..{end}");
    };
    for s in &found.sentences {
        assert!(s.start < s.end && s.end as usize <= index.len());
        assert!((0.0..=1.0).contains(&s.checkworthiness) && (0.0..=1.0).contains(&s.subjectivity));
    }
    for q in &found.quantities {
        cuts(q.start, q.end, &q.text);
    }
    for d in &found.dates {
        cuts(d.start, d.end, &d.text);
    }
    for q in &found.quotations {
        cuts(q.content.start, q.content.end, &q.content.text);
        for part in &q.content.parts {
            cuts(part.start, part.end, &part.text);
            assert!(q.content.start <= part.start && part.end <= q.content.end, "a part outside its content");
        }
        if let Some(cue) = &q.cue {
            cuts(cue.start, cue.end, &cue.text);
        }
        if let Some(source) = &q.source {
            cuts(source.start, source.end, &source.text);
        }
    }
    let parts = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect()
    };
    let words: std::collections::HashSet<String> = parts(source).into_iter().collect();
    // Two words may run into each other in the text and still be read as two.
    let article = source.to_lowercase();
    for c in &found.claims {
        cuts(c.start, c.end, &c.text);
        if let Some(statement) = &c.statement {
            let made: Vec<String> = parts(statement)
                .into_iter()
                .filter(|w| !words.contains(w) && !article.contains(w.as_str()))
                .collect();
            assert!(made.is_empty(), "{made:?} of {statement:?} are no words of the article");
            assert_ne!(*statement, c.text, "a statement that only repeats the claim");
        }
        assert!(c.quotation.is_none_or(|q| (q as usize) < found.quotations.len()));
        assert!(!c.reasons.is_empty());
        for m in &c.measures {
            cuts(m.start, m.end, &m.text);
            assert!(
                c.start <= m.start && m.end <= c.end,
                "measure {}..{} outside claim {}..{}",
                m.start,
                m.end,
                c.start,
                c.end
            );
            if let Some(domain::measure::PartOf::Here(whole)) = m.part_of {
                assert!((whole as usize) < c.measures.len());
            }
            if let (Some(low), Some(high)) = (m.low, m.high) {
                assert!(low <= high, "{low} above {high}");
            }
        }
    }
    assert_eq!(extract(source, &options()), found, "two runs differ");
    found
}

const FRAGMENTS: &[&str] = &[
    "at least 12 soldiers were killed",
    "said",
    "he said",
    "\"",
    "“",
    "”",
    "''",
    ".",
    ", ",
    "\n\n",
    "\n",
    "Oleksiy B., a 42-year-old drone operator,",
    "according to the ministry",
    "hundreds of",
    "between 3 and 5",
    "$2.5 billion",
    "no casualties",
    "including three children",
    "death toll rose to",
    "1,234",
    "½",
    "Tuesday",
    "12 March 2024",
    "(",
    ")",
    "the",
    "and",
    "killing",
    "wounded",
    "were",
    "a policeman",
    "U.S.",
    "Mr.",
    "!",
    "?",
    "—",
    "…",
    "that",
    ":",
    "told reporters",
    "people",
    "fled their homes",
    "žluťoučký",
    "убито",
    "10-15%",
    "among",
    "12 or more",
    "up to",
    "more than",
    "less than 5",
    "last week",
    "the spokesman",
    "’s",
    "‘",
    "’",
    "minus 5",
    "5:30",
    "2-1",
    "http://x.y/1%20",
    "\u{200b}",
    "\u{feff}",
    "It killed 12 people.",
    "A drone strike hit Orhan.",
    "He had counted 60 bodies.",
    "Maria Lopez said she saw 12 men die.",
    "3 of them were children.",
    "The ministry",
    "and destroyed 20 others",
    "According to the Ministry of Health,",
    "on Monday",
    "I saw 3 tanks burn",
    "Including three children, ",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn spans_of_any_text_cut_their_words(source in "\\PC{0,400}") {
        check(&source);
    }

    #[test]
    fn spans_of_any_characters_cut_their_words(source in any::<String>()) {
        check(&source);
    }

    #[test]
    fn spans_of_news_fragments_cut_their_words(picks in proptest::collection::vec((0..FRAGMENTS.len(), any::<bool>()), 0..60)) {
        let mut source = String::new();
        for (pick, space) in picks {
            source.push_str(FRAGMENTS[pick]);
            if space {
                source.push(' ');
            }
        }
        check(&source);
    }
}

#[test]
fn hostile_texts_take_no_more_than_linear_time() {
    let size = 300_000;
    let texts = [
        "\"".repeat(size),
        "“".repeat(size / 3),
        "'".repeat(size),
        "x".repeat(size),
        "1".repeat(size),
        "12 killed ".repeat(size / 10),
        "12 killed, ".repeat(size / 11),
        "he said ".repeat(size / 8),
        "\"A b c d e f g h.\" ".repeat(size / 19),
        "\"A b c d e f g h.\"\n\n".repeat(size / 20),
        "A. ".repeat(size / 3),
        "(".repeat(size),
        "said X, ".repeat(size / 8),
        "a policeman and ".repeat(size / 16),
        "and 5 and ".repeat(size / 10),
        "Aaa Bbb ".repeat(size / 8),
        "\n".repeat(size),
        "a\nb ".repeat(size / 4),
        "1-".repeat(size / 2),
        "1,".repeat(size / 2),
        "one hundred and ".repeat(size / 16),
        "‘a ".repeat(size / 5),
        "U.".repeat(size / 2),
        ". . ".repeat(size / 4),
        "X: “a b c d e f g\n\n".repeat(size / 20),
    ];
    for text in &texts {
        let begun = std::time::Instant::now();
        let _ = extract(text, &options());
        let took = begun.elapsed();
        let head: String = text.chars().take(20).collect();
        assert!(took.as_secs() < 20, "{head:?} took {took:?}");
    }
}
