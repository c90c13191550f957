//! What holds for every text: spans cut the words they claim to cut, parts nest, the output does not
//! change between two runs. Told to the property tests and to the fuzzer.

use domain::text::{CharIndex, Span};
use extract::{Extraction, Options, extract};

/// Reads the text and panics where something does not hold.
pub fn check(source: &str, options: &Options) -> Extraction {
    let found = extract(source, options);
    let index = CharIndex::new(source);
    let cuts = |start: u32, end: u32, text: &str| {
        assert!(start < end, "an empty span {start}..{end}");
        assert_eq!(index.slice(Span::new(start, end)), Some(text), "span {start}..{end}");
    };
    let mut read = 0;
    for s in &found.sentences {
        assert!(read <= s.start, "a sentence at {} inside the one before", s.start);
        read = s.end;
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
    for (k, q) in found.quotations.iter().enumerate() {
        let outer = q.within.map(|w| w as usize);
        assert!(outer.is_none_or(|w| w != k && w < found.quotations.len()), "speech within no speech");
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
    assert_eq!(extract(source, options), found, "two runs differ");
    found
}
