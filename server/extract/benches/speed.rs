//! `cargo bench -p extract`: how fast texts are read, where the time goes, how long the program takes to
//! start, and whether memory stays flat over a batch. It prints figures and judges none of them.
//!
//! The texts are the sample articles of `seeds/`. What concerns the program itself is measured when
//! `claimdesk` lies in the output folder: `cargo build --release -p server` first.

use extract::{Options, extract, extract_watched};
use std::fmt::Write as _;
use std::hint::black_box;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// As in `claimdesk`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How much text one measurement reads.
const BYTES: usize = 8 << 20;
/// How often each is measured; the median counts.
const TIMES: usize = 5;
const STARTS: usize = 31;
/// Documents of the smaller batch.
const BATCH: usize = 2_000;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result<()> {
    let articles = articles()?;
    let size: usize = articles.iter().map(String::len).sum();
    let rounds = BYTES.div_ceil(size.max(1));
    let whole = articles.join("\n\n").repeat(rounds);
    println!(
        "{} articles, {size} bytes, read {rounds} times ({:.1} MB), one core",
        articles.len(),
        megabytes(size * rounds)
    );

    println!("\nspeed                            MB/s");
    report("one article at a time", size * rounds, || {
        for _ in 0..rounds {
            for article in &articles {
                black_box(extract(black_box(article), &Options::default()));
            }
        }
    });
    report("with JSON written", size * rounds, || {
        for _ in 0..rounds {
            for article in &articles {
                let found = extract(black_box(article), &Options::default());
                black_box(serde_json::to_vec(&found).unwrap_or_default());
            }
        }
    });
    report("all as one long text", whole.len(), || {
        black_box(extract(black_box(&whole), &Options::default()));
    });

    profile(&articles, rounds);
    match program() {
        Some(program) => {
            start(&program, articles.first().map_or("", String::as_str))?;
            memory(&program, &articles)?;
        }
        None => println!(
            "\nstart-up and memory: not measured, `cargo build --release -p server` builds claimdesk"
        ),
    }
    Ok(())
}

/// The sample articles without their heads.
fn articles() -> Result<Vec<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../seeds/articles");
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|entry| entry.map(|e| e.path())).collect::<std::io::Result<_>>()?;
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let text = std::fs::read_to_string(path)?;
            Ok(text.splitn(3, "+++").last().unwrap_or("").trim().to_owned())
        })
        .collect()
}

fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn report(name: &str, bytes: usize, mut work: impl FnMut()) {
    let times = (0..TIMES)
        .map(|_| {
            let begun = Instant::now();
            work();
            begun.elapsed()
        })
        .collect();
    println!("{name:<30} {:>6.2}", megabytes(bytes) / median(times).as_secs_f64());
}

/// The share of each stage in the time.
fn profile(articles: &[String], rounds: usize) {
    let mut spent: Vec<(&'static str, Duration)> = Vec::new();
    let mut add = |stage: &'static str, time: Duration| match spent.iter_mut().find(|s| s.0 == stage) {
        Some(sum) => sum.1 += time,
        None => spent.push((stage, time)),
    };
    for _ in 0..rounds {
        for article in articles {
            let mut last = Instant::now();
            let found = extract_watched(black_box(article), &Options::default(), |stage| {
                let now = Instant::now();
                add(stage, now - last);
                last = now;
            });
            let last = Instant::now();
            black_box(serde_json::to_vec(&found).unwrap_or_default());
            add("JSON", last.elapsed());
        }
    }
    let total: f64 = spent.iter().map(|s| s.1.as_secs_f64()).sum();
    println!("\nstage                             share");
    for (stage, time) in spent {
        println!("{stage:<30} {:>6.1} %", 100.0 * time.as_secs_f64() / total);
    }
}

/// `claimdesk`, in the folder that this program was built into or the one above.
fn program() -> Option<PathBuf> {
    let own = std::env::current_exe().ok()?;
    own.ancestors().skip(1).take(2).map(|folder| folder.join("claimdesk")).find(|file| file.is_file())
}

fn run(program: &Path, options: &[&str], input: &[u8]) -> Result<Child> {
    let mut child = Command::new(program)
        .arg("extract")
        .args(options)
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()?;
    if let Some(mut pipe) = child.stdin.take() {
        pipe.write_all(input)?;
    }
    Ok(child)
}

fn start(program: &Path, article: &str) -> Result<()> {
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let begun = Instant::now();
        run(program, &[], article.as_bytes())?.wait()?;
        times.push(begun.elapsed());
    }
    let slowest = times.iter().max().copied().unwrap_or_default();
    println!(
        "\n`claimdesk extract`, one article, from start to end: {:.1} ms (median of {STARTS}), {:.1} ms at most",
        median(times).as_secs_f64() * 1e3,
        slowest.as_secs_f64() * 1e3
    );
    Ok(())
}

/// The largest memory of batches of N and of 10 N documents.
fn memory(program: &Path, articles: &[String]) -> Result<()> {
    let batch = |documents: usize| -> Result<String> {
        let mut lines = String::new();
        for (id, article) in articles.iter().cycle().take(documents).enumerate() {
            writeln!(lines, "{}", serde_json::json!({ "id": id.to_string(), "text": article }))?;
        }
        Ok(lines)
    };
    let (small, large) = (peak(program, &batch(BATCH)?)?, peak(program, &batch(10 * BATCH)?)?);
    match (small, large) {
        (Some(small), Some(large)) => println!(
            "`claimdesk extract --jsonl`, largest memory: {:.1} MB for {BATCH} documents, {:.1} MB for {}, ratio {:.2}",
            megabytes(small),
            megabytes(large),
            10 * BATCH,
            large as f64 / small as f64
        ),
        _ => println!("memory: not measured, this system does not tell it in /proc"),
    }
    Ok(())
}

/// The largest resident memory of a batch, in bytes, as the system tells it while the program runs.
fn peak(program: &Path, lines: &str) -> Result<Option<usize>> {
    std::thread::scope(|scope| {
        let mut child = Command::new(program)
            .args(["extract", "--jsonl", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()?;
        if let Some(mut pipe) = child.stdin.take() {
            scope.spawn(move || pipe.write_all(lines.as_bytes()));
        }
        let status = format!("/proc/{}/status", child.id());
        let mut largest = None;
        while child.try_wait()?.is_none() {
            largest = largest.max(std::fs::read_to_string(&status).ok().and_then(|s| high_water(&s)));
            std::thread::sleep(Duration::from_millis(2));
        }
        Ok(largest)
    })
}

fn high_water(status: &str) -> Option<usize> {
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<usize>().ok()? * 1024)
}
