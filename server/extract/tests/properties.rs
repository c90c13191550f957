//! What holds for every text, tried on many; and that nothing panics or takes too long.

mod holds;

use extract::{Extraction, Options, extract};
use proptest::prelude::*;

fn options() -> Options {
    Options { published: chrono::NaiveDate::from_ymd_opt(2024, 3, 13), id: None }
}

fn check(source: &str) -> Extraction {
    holds::check(source, &options())
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
