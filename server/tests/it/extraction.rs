//! `claimdesk extract` as people and pipelines call it.

use crate::harness::root;
use serde_json::{Value, json};
use std::io::Write as _;
use std::process::{Command, Output, Stdio};

fn run(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_claimdesk"))
        .args(arguments)
        .env_remove("DATABASE_URL")
        .current_dir(root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    child.stdin.take().expect("stdin").write_all(input).expect("written");
    child.wait_with_output().expect("ends")
}

fn object(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("one JSON object")
}

#[test]
fn one_sentence_gives_two_claims_with_their_spans_measures_and_speaker() {
    let text = "Oleksiy Bondar, a volunteer, spoke on Tuesday. \"Dozens of armoured vehicles were destroyed or \
                disabled, hundreds of soldiers were killed or wounded\", he said.";
    let extraction = object(&run(&["extract"], text.as_bytes()));
    assert_eq!(extraction["schema"], "claimdesk.extract/1");
    let claims: Vec<&Value> = extraction["claims"]
        .as_array()
        .expect("claims")
        .iter()
        .filter(|claim| !claim["quotation"].is_null())
        .collect();
    assert_eq!(claims.len(), 2, "{claims:#?}");
    let letters: Vec<char> = text.chars().collect();
    let words = |piece: &Value| -> String {
        let at = |end: &str| usize::try_from(piece[end].as_u64().expect("an offset")).expect("small");
        letters[at("start")..at("end")].iter().collect()
    };
    for (claim, indicator, low, high, wording) in [
        (claims[0], "destroyed_or_damaged", 12.0, 99.0, "Dozens"),
        (claims[1], "killed_or_wounded", 100.0, 999.0, "hundreds"),
    ] {
        assert_eq!(claim["text"], words(claim));
        let measure = &claim["measures"][0];
        assert_eq!(measure["indicator"], indicator);
        assert_eq!(
            (&measure["low"], &measure["high"], &measure["best"]),
            (&json!(low), &json!(high), &Value::Null)
        );
        assert_eq!((&measure["text"], words(measure)), (&json!(wording), wording.to_owned()));
        let quotation = &extraction["quotations"]
            [usize::try_from(claim["quotation"].as_u64().expect("an index")).expect("small")];
        assert_eq!(quotation["source"]["text"], "he");
        assert_eq!(quotation["source"]["name"], "Oleksiy Bondar");
        assert_eq!(quotation["cue"]["text"], "said");
    }
}

#[test]
fn a_file_is_read_as_stdin_is() {
    let file = "seeds/articles/01-flash-ministry-234.txt";
    let text = std::fs::read(root().join(file)).expect("a file");
    assert_eq!(run(&["extract", file], b"").stdout, run(&["extract", "-"], &text).stdout);
}

#[test]
fn the_exit_status_tells_done_from_failed_from_misused() {
    assert_eq!(run(&["extract"], b"").status.code(), Some(0));
    let broken = run(&["extract"], b"one\n\xff");
    assert_eq!(broken.status.code(), Some(1));
    assert!(broken.stdout.is_empty());
    assert!(String::from_utf8_lossy(&broken.stderr).contains("line 2"));
    assert_eq!(run(&["extract", "no-such-file"], b"").status.code(), Some(1));
    for misused in [&["extract", "--published", "today"][..], &["extract", "--jsnl"], &["lift"], &[]] {
        assert_eq!(run(misused, b"").status.code(), Some(2), "{misused:?}");
    }
}

#[test]
fn a_batch_is_done_as_far_as_it_can_be_read() {
    let output = run(
        &["extract", "--jsonl"],
        b"{\"id\":\"a\",\"text\":\"Two died.\"}\n{\n{\"id\":\"b\",\"text\":\"x\"}\n",
    );
    assert_eq!(output.status.code(), Some(1));
    let ids: Vec<Value> = String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["id"].clone())
        .collect();
    assert_eq!(ids, [json!("a"), json!("b")]);
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("line 2: "));
}
