//! Any text, published on any day or none.

#![no_main]

#[path = "../../tests/holds/mod.rs"]
mod holds;

use extract::Options;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (Option<u16>, String)| {
    let (day, text) = input;
    let published =
        day.and_then(|day| chrono::NaiveDate::from_num_days_from_ce_opt(700_000 + i32::from(day)));
    holds::check(&text, &Options { published, id: None });
});
