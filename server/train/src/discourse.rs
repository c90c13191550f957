//! Attributions out of discourse trees (GUM, the `rs4` format): a clause that names the speaker, tied
//! to what is said. The tree does not tell source and cue apart; the words of the clause do.

use crate::Data;
use crate::attribution::Spans;
use anyhow::{Context, Result};
use extract::learn::Part;
use std::collections::BTreeMap;
use std::path::Path;

/// One document: its running text and its attributions.
pub struct Document {
    pub name: String,
    pub text: String,
    pub attributions: Vec<Spans>,
}

/// Every document of a folder.
pub fn documents(data: &Data, folder: &Path) -> Result<Vec<Document>> {
    data.files(folder, "rs4")?
        .iter()
        .map(|path| {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let tree = data.text(path)?;
            let (text, attributions) = read(&tree).with_context(|| path.display().to_string())?;
            Ok(Document { name, text, attributions })
        })
        .collect()
}

/// A word in lower case and where it stands, in code points.
type Placed = (String, (u32, u32));

/// A node of the tree: its parent and how it hangs on it.
struct Node<'t> {
    parent: Option<&'t str>,
    relation: &'t str,
}

fn read(tree: &str) -> Result<(String, Vec<Spans>)> {
    let document = roxmltree::Document::parse(tree)?;
    let mut nodes: BTreeMap<&str, Node<'_>> = BTreeMap::new();
    let mut places: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    let mut words: BTreeMap<&str, Vec<Placed>> = BTreeMap::new();
    let mut running = Running::default();
    for element in document.descendants() {
        let segment = element.has_tag_name("segment");
        if !segment && !element.has_tag_name("group") {
            continue;
        }
        let Some(id) = element.attribute("id") else { continue };
        let node = Node {
            parent: element.attribute("parent"),
            relation: element.attribute("relname").unwrap_or(""),
        };
        nodes.insert(id, node);
        if segment {
            let mine: Vec<Placed> = element
                .text()
                .unwrap_or("")
                .split_whitespace()
                .map(|token| (token.to_lowercase(), running.add(token)))
                .collect();
            if let (Some(first), Some(last)) = (mine.first(), mine.last()) {
                places.insert(id, (first.1.0, last.1.1));
            }
            words.insert(id, mine);
        }
    }
    let mut children: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (id, node) in &nodes {
        if let Some(parent) = node.parent {
            children.entry(parent).or_default().push(id);
        }
    }
    let below = |id: &str| -> Vec<&str> {
        let mut found = Vec::new();
        let mut open = vec![id];
        while let Some(at) = open.pop() {
            found.extend(places.get_key_value(at).map(|(key, _)| *key));
            open.extend(children.get(at).into_iter().flatten());
        }
        found
    };
    let mut attributions = Vec::new();
    for (id, node) in nodes.iter().filter(|(_, n)| n.relation.starts_with("attribution")) {
        let clause = below(id);
        let said: Vec<&str> =
            below(node.parent.unwrap_or("")).into_iter().filter(|k| !clause.contains(k)).collect();
        let mut spans: Spans = Vec::new();
        let tokens: Vec<&Placed> =
            places.keys().filter(|k| clause.contains(*k)).filter_map(|k| words.get(k)).flatten().collect();
        let Some(cue) = tokens.iter().position(|(word, _)| extract::learn::is_cue(word)) else { continue };
        // "A says", "according to A"
        let (cue_end, source) = match tokens.get(cue).map(|t| t.0.as_str()) {
            Some("according") => (cue + 2, cue + 2..tokens.len()),
            _ => (cue + 1, 0..cue),
        };
        let span = |range: std::ops::Range<usize>| {
            let part = tokens.get(range)?;
            let is_word = |t: &&&Placed| t.0.chars().any(char::is_alphanumeric);
            Some((part.iter().find(is_word)?.1.0, part.iter().rfind(is_word)?.1.1))
        };
        spans.extend(span(source).map(|s| (Part::Source, vec![s])));
        spans.extend(span(cue..cue_end).map(|s| (Part::Cue, vec![s])));
        spans.push((Part::Content, joined(said.iter().filter_map(|k| places.get(k)).copied().collect())));
        attributions.push(spans);
    }
    Ok((running.text, attributions))
}

/// Spans with nothing but a blank between them are one.
fn joined(mut spans: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    spans.sort_unstable();
    let mut out: Vec<(u32, u32)> = Vec::new();
    for span in spans {
        match out.last_mut() {
            Some(last) if last.1 + 1 >= span.0 => last.1 = last.1.max(span.1),
            _ => out.push(span),
        }
    }
    out
}

/// Running text made of tokens: marks join what they belong to.
#[derive(Default)]
struct Running {
    text: String,
    length: u32,
    glued: bool,
    quoted: bool,
}

impl Running {
    fn add(&mut self, token: &str) -> (u32, u32) {
        let opens = matches!(token, "(" | "[" | "“" | "‘" | "$") || token == "\"" && !self.quoted;
        let closes = token == "\"" && self.quoted;
        if token == "\"" {
            self.quoted = !self.quoted;
        }
        let joins = closes
            || token.chars().all(|c| ",.:;?!%)]”’".contains(c))
            || matches!(token, "n't" | "n’t")
            || token.starts_with(['\'', '’']) && token.chars().count() > 1;
        if !self.text.is_empty() && !self.glued && !joins {
            self.text.push(' ');
            self.length += 1;
        }
        let start = self.length;
        self.text.push_str(token);
        self.length += token.chars().count() as u32;
        self.glued = opens;
        (start, self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clause_is_told_apart_into_source_and_cue() {
        let tree = r#"<rst><body>
            <segment id="1" parent="2" relname="attribution-positive">The mayor said</segment>
            <segment id="2" parent="3" relname="span">that " nobody " was hurt .</segment>
            <group id="3" type="span"/>
        </body></rst>"#;
        let (text, found) = read(tree).expect("a tree");
        assert_eq!(text, "The mayor said that \"nobody\" was hurt.");
        assert_eq!(
            found,
            [vec![
                (Part::Source, vec![(0, 9)]),
                (Part::Cue, vec![(10, 14)]),
                (Part::Content, vec![(15, 38)])
            ]]
        );
    }
}
