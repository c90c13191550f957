//! `claimdesk extract`: text in, claims out, without a desk.

use crate::config::Extract;
use anyhow::{Context as _, anyhow, bail};
use chrono::{DateTime, NaiveDate};
use rayon::prelude::*;
use serde::Deserialize;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, ErrorKind, Read, Write};
use std::path::Path;
use std::sync::mpsc;

/// Longest line of a batch. An article is a hundred times shorter.
const MAX_LINE: u64 = 64 << 20;
/// A chunk of a batch ends with the line that reaches this size: enough for all cores to share.
const CHUNK_BYTES: usize = 1 << 20;
const CHUNK_LINES: usize = 1024;

/// # Errors
/// Where the input cannot be read or is not UTF-8; in a batch, after all good lines are done.
pub fn run(options: &Extract) -> anyhow::Result<()> {
    let input = open(&options.file)?;
    if !options.jsonl {
        return crate::print(&one(input, options.published)?);
    }
    let failed =
        batch(BufReader::with_capacity(1 << 16, input), io::stdout(), io::stderr(), options.published)?;
    match failed {
        0 => Ok(()),
        1 => bail!("one line could not be read"),
        failed => bail!("{failed} lines could not be read"),
    }
}

fn open(file: &Path) -> anyhow::Result<Box<dyn Read + Send>> {
    if file == Path::new("-") {
        return Ok(Box::new(io::stdin()));
    }
    let opened = File::open(file).with_context(|| format!("could not open {}", file.display()))?;
    Ok(Box::new(opened))
}

/// One text as one JSON object and a line end.
fn one(mut input: impl Read, published: Option<NaiveDate>) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes).context("could not read the text")?;
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text,
        Err(error) => {
            let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
            bail!("line {line}: not UTF-8 at byte {}", error.valid_up_to());
        }
    };
    let mut out = serde_json::to_vec(&extract::extract(text, &extract::Options { published, id: None }))?;
    out.push(b'\n');
    Ok(out)
}

/// Lines with the number of the first of them.
struct Chunk {
    first: usize,
    lines: Vec<Line>,
}

enum Line {
    Whole(Vec<u8>),
    TooLong,
}

/// What came of a chunk: the lines to write and what is wrong with others.
struct Done {
    out: Vec<u8>,
    wrong: Vec<String>,
}

/// Reads, extracts and writes at the same time; no more than a few chunks are in memory at once.
/// Gives the number of lines that could not be read.
///
/// # Errors
/// Where reading or writing fails. A reader of the output that leaves ends the batch quietly.
pub fn batch(
    input: impl BufRead + Send,
    output: impl Write + Send,
    mut words: impl Write + Send,
    published: Option<NaiveDate>,
) -> anyhow::Result<usize> {
    let (to_extract, chunks) = mpsc::sync_channel::<Chunk>(2);
    let (to_write, finished) = mpsc::sync_channel::<Done>(2);
    std::thread::scope(|scope| {
        let reading = scope.spawn(move || read_chunks(input, &to_extract));
        let writing = scope.spawn(move || -> anyhow::Result<usize> {
            let mut output = BufWriter::new(output);
            let mut failed = 0;
            for done in finished {
                failed += done.wrong.len();
                for wrong in done.wrong {
                    writeln!(words, "{wrong}").context("could not write to stderr")?;
                }
                match output.write_all(&done.out).and_then(|()| output.flush()) {
                    Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(failed),
                    written => written.context("could not write to stdout")?,
                }
            }
            Ok(failed)
        });
        for chunk in chunks {
            if to_write.send(extract_chunk(&chunk, published)).is_err() {
                break;
            }
        }
        drop(to_write);
        let failed = writing.join().map_err(|_| anyhow!("the writer broke"))?;
        reading.join().map_err(|_| anyhow!("the reader broke"))??;
        failed
    })
}

fn read_chunks(mut input: impl BufRead, to_extract: &mpsc::SyncSender<Chunk>) -> anyhow::Result<()> {
    let mut next = 1;
    loop {
        let mut chunk = Chunk { first: next, lines: Vec::new() };
        let mut bytes = 0;
        while bytes < CHUNK_BYTES && chunk.lines.len() < CHUNK_LINES {
            let Some(line) = read_line(&mut input).with_context(|| format!("could not read line {next}"))?
            else {
                break;
            };
            if let Line::Whole(line) = &line {
                bytes += line.len();
            }
            chunk.lines.push(line);
            next += 1;
        }
        // Whoever extracts has left: nothing more is wanted.
        if chunk.lines.is_empty() || to_extract.send(chunk).is_err() {
            return Ok(());
        }
    }
}

fn read_line(input: &mut impl BufRead) -> io::Result<Option<Line>> {
    let mut line = Vec::new();
    if input.by_ref().take(MAX_LINE).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') || (line.len() as u64) < MAX_LINE {
        return Ok(Some(Line::Whole(line)));
    }
    input.skip_until(b'\n')?;
    Ok(Some(Line::TooLong))
}

fn extract_chunk(chunk: &Chunk, published: Option<NaiveDate>) -> Done {
    let lines: Vec<Result<Vec<u8>, String>> = chunk
        .lines
        .par_iter()
        .enumerate()
        .map(|(at, line)| {
            let number = chunk.first + at;
            extract_line(number, line, published).map_err(|wrong| format!("line {number}: {wrong}"))
        })
        .collect();
    let mut done = Done { out: Vec::new(), wrong: Vec::new() };
    for line in lines {
        match line {
            Ok(line) => done.out.extend(line),
            Err(wrong) => done.wrong.push(wrong),
        }
    }
    done
}

#[derive(Deserialize)]
struct Document {
    id: Id,
    text: String,
    published: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Id {
    Text(String),
    Number(serde_json::Number),
}

fn extract_line(number: usize, line: &Line, published: Option<NaiveDate>) -> Result<Vec<u8>, String> {
    let Line::Whole(line) = line else {
        return Err(format!("longer than {} MB", MAX_LINE >> 20));
    };
    let text =
        std::str::from_utf8(line).map_err(|error| format!("not UTF-8 at byte {}", error.valid_up_to()))?;
    let text = if number == 1 { text.trim_start_matches('\u{feff}') } else { text };
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let document: Document = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let published = match document.published {
        Some(published) => Some(day(&published)?),
        None => published,
    };
    let id = match document.id {
        Id::Text(id) => id,
        Id::Number(id) => id.to_string(),
    };
    let extraction = extract::extract(&document.text, &extract::Options { published, id: Some(id) });
    let mut out = serde_json::to_vec(&extraction).map_err(|error| error.to_string())?;
    out.push(b'\n');
    Ok(out)
}

fn day(text: &str) -> Result<NaiveDate, String> {
    text.parse().or_else(|_| DateTime::parse_from_rfc3339(text).map(|at| at.date_naive())).map_err(|_| {
        format!("published is “{}”; write it as 2024-03-12", text.chars().take(40).collect::<String>())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run_batch(input: &[u8]) -> (Vec<serde_json::Value>, String, usize) {
        let (mut out, mut words) = (Vec::new(), Vec::new());
        let failed = batch(input, &mut out, &mut words, None).expect("reads and writes");
        let lines = String::from_utf8(out).expect("UTF-8");
        let objects = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        (objects, String::from_utf8(words).expect("UTF-8"), failed)
    }

    #[test]
    fn a_batch_keeps_its_order_and_names_the_lines_it_could_not_read() {
        let mut input = b"{\"id\":\"a\",\"text\":\"Two died.\"}\nnot json\n".to_vec();
        input.extend(b"{\"id\":7,\"text\":\"\",\"published\":\"2024-03-12\"}\r\n\n\xff\xfe\n");
        input.extend(b"{\"id\":\"b\",\"text\":\"\",\"published\":\"soon\"}\n{\"id\":\"c\",\"text\":\"x\"}");
        let (objects, words, failed) = run_batch(&input);
        let ids: Vec<_> = objects.iter().map(|object| object["id"].as_str().expect("an id")).collect();
        assert_eq!(ids, ["a", "7", "c"]);
        assert_eq!(failed, 3);
        let named: Vec<_> = words.lines().map(|line| line.split(':').next().unwrap_or_default()).collect();
        assert_eq!(named, ["line 2", "line 5", "line 6"], "{words}");
    }

    #[test]
    fn a_batch_larger_than_its_chunks_stays_in_order() {
        let input: String =
            (0..5_000).map(|n| format!("{{\"id\":\"{n}\",\"text\":\"{n} died.\"}}\n")).collect();
        let (objects, _, failed) = run_batch(input.as_bytes());
        assert_eq!(failed, 0);
        let ids: Vec<_> =
            objects.iter().map(|object| object["id"].as_str().expect("an id").to_owned()).collect();
        assert_eq!(ids, (0..5_000).map(|n| n.to_string()).collect::<Vec<_>>());
    }

    #[test]
    fn a_text_that_is_not_utf8_is_refused_with_its_line() {
        let error = one(&b"good\nbad \xff"[..], None).expect_err("not UTF-8");
        assert_eq!(error.to_string(), "line 2: not UTF-8 at byte 9");
    }
}
