//! Reads `{"id","text","published"?}` lines on standard input and prints one extraction a line: what
//! the scorer calls.

use std::io::{BufRead, BufWriter, Write};

/// As in `claimdesk`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(serde::Deserialize)]
struct Line {
    id: Option<String>,
    text: String,
    published: Option<String>,
}

fn main() -> std::io::Result<()> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let line: Line = serde_json::from_str(&line?)?;
        let options =
            extract::Options { published: line.published.and_then(|p| p.parse().ok()), id: line.id };
        serde_json::to_writer(&mut out, &extract::extract(&line.text, &options))?;
        out.write_all(b"\n")?;
    }
    out.flush()
}
