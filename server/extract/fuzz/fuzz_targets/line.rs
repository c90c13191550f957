//! Lines of a batch: any bytes, read as JSON where they are; what comes out is JSON that reads back.

#![no_main]

#[path = "../../tests/holds/mod.rs"]
mod holds;

use extract::{Extraction, Options};
use libfuzzer_sys::fuzz_target;

#[derive(serde::Deserialize)]
struct Line {
    id: Option<String>,
    text: String,
    published: Option<String>,
}

fuzz_target!(|input: &[u8]| {
    for line in input.split(|byte| *byte == b'\n') {
        let Ok(line) = serde_json::from_slice::<Line>(line) else { continue };
        let published = line.published.and_then(|day| day.parse().ok());
        let found = holds::check(&line.text, &Options { published, id: line.id });
        let json = serde_json::to_string(&found).expect("an extraction is JSON");
        let back: Extraction = serde_json::from_str(&json).expect("the JSON reads back");
        assert_eq!(found, back);
    }
});
