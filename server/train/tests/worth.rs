//! Learning from a made-up folder of labelled texts.

use std::path::{Path, PathBuf};

/// A folder with sentences of two kinds, enough for clues to be seen five times.
fn made_up(name: &str) -> std::io::Result<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(folder.join("claimbuster/dev_folds"))?;
    let mut table = String::from("Sentence_id,Text,Verdict\n");
    let mut fold = Vec::new();
    for k in 1..=40u32 {
        let worth = format!("We built {k}00 bridges and spent {k} percent of the budget.");
        table += &format!("{k},\"{worth}\",1\n");
        table += &format!("{},\"I think, friends, that we should all be proud of town {k}.\",-1\n", k + 100);
        table += &format!("{},\"I was born in town number {k}.\",0\n", k + 200);
        if k % 4 == 0 {
            fold.push(serde_json::json!({ "Verdict": 1, "Text": worth, "sentence_id": k }));
        }
    }
    std::fs::write(folder.join("claimbuster/crowdsourced.csv"), table)?;
    std::fs::write(folder.join("claimbuster/dev_folds/fold_0.json"), serde_json::to_string(&fold)?)?;
    Ok(folder)
}

#[test]
fn the_same_texts_give_the_same_bytes() {
    let folder = made_up("same").unwrap();
    let first = train::worth::train(&folder).unwrap();
    assert_eq!(first, train::worth::train(&folder).unwrap());
    assert!(extract::learn::worth::Weights::read(&first).is_some());
}

#[test]
fn what_was_learned_tells_the_kinds_apart() {
    let folder = made_up("apart").unwrap();
    let sentences = train::data::debate_sentences(&folder).unwrap();
    let sure = train::worth::sure(&train::data::folds(&folder).unwrap());
    assert_eq!(sure.len(), 10);
    let examples = train::worth::examples(&sentences, &sure);
    let learned = train::worth::learn(&examples.iter().collect::<Vec<_>>());
    assert!(learned.score("They built 12 bridges and spent 3 percent of the budget.") > 0.0);
    assert!(learned.score("I think we should be proud of you.") < 0.0);
}

#[test]
fn a_missing_table_is_named() {
    let error = train::worth::train(Path::new("/nowhere")).unwrap_err();
    assert!(format!("{error:#}").contains("claimbuster/crowdsourced.csv"), "{error:#}");
}
