//! Builds what the browser loads: `target/site`, with a manifest that names the files.
//!
//! File names carry a hash of their content, so a browser may keep them for ever, and each file lies
//! beside its compressed forms, so the server compresses nothing. There is no inline script: `boot.js`
//! is a module of its own.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use wasm_bindgen_cli_support::Bindgen;

use crate::css;
use crate::project;
use crate::shell;
use crate::steps::{Steps, note, warn};
use crate::wasm;

/// Raise this when the same inputs should give another bundle.
const FORMAT: &str = "1";

/// What Chromium, Firefox and Safari all run. `--all-features` emits what Chromium refuses.
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

#[derive(Args)]
pub struct Options {
    /// Shrink and compress as for production (the default)
    #[arg(long, conflicts_with = "dev")]
    release: bool,
    /// Skip wasm-opt and compress lightly: quicker, larger
    #[arg(long)]
    dev: bool,
}

/// How much work goes into small files.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Effort {
    Quick,
    Small,
}

/// The addresses a page needs, as `target/site/manifest.json` tells them to the server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    pub boot: String,
    pub client: String,
    pub wasm: String,
    pub style: String,
}

impl Manifest {
    fn addresses(&self) -> [&str; 4] {
        [&self.boot, &self.client, &self.wasm, &self.style]
    }
}

/// One file of the bundle and what it weighs.
pub struct Size {
    pub address: String,
    pub raw: u64,
    pub brotli: u64,
}

pub fn run(options: &Options) -> Result<()> {
    let effort = if options.dev { Effort::Quick } else { Effort::Small };
    let mut steps = Steps::new(2);
    let compiler = steps.run("Finding a compiler for the browser's part", wasm::ensure_compiler)?;
    let manifest = steps.run("Building the bundle", || build(&compiler, effort))?;
    println!("{}", report(&sizes(&manifest)?));
    Ok(())
}

/// Builds the bundle, or leaves it alone where nothing it is made of has changed.
pub fn build(compiler: &wasm::Compiler, effort: Effort) -> Result<Manifest> {
    let module = wasm::build(compiler)?;
    let wasm_opt = match effort {
        Effort::Quick => None,
        Effort::Small => find_wasm_opt(),
    };
    let sources = Sources::read(&module)?;
    let key = sources.key(effort, wasm_opt.as_ref());
    let site = project::site();
    if let Some(manifest) = up_to_date(&site, &key) {
        return Ok(manifest);
    }
    let scratch = project::target().join("wasm/bundle");
    recreate(&scratch)?;
    let (glue, code) = bind(&module, &scratch)?;
    let code = match wasm_opt {
        Some(tool) => optimise(&tool, &code, &scratch)?,
        None => code,
    };
    shell::stop_if_interrupted()?;
    let bundle = assemble(&sources, &glue, &code);
    write_site(&site, &sources, &bundle, effort)?;
    fs::write(key_file(&site), key).context("could not note what the bundle was made of")?;
    Ok(bundle.manifest)
}

/// What a first visit loads.
pub fn sizes(manifest: &Manifest) -> Result<Vec<Size>> {
    let site = project::site();
    let length = |file: PathBuf| -> Result<u64> {
        Ok(fs::metadata(&file).with_context(|| format!("no {}", file.display()))?.len())
    };
    manifest
        .addresses()
        .into_iter()
        .map(|address| {
            let file = site.join(address.trim_start_matches('/'));
            Ok(Size {
                address: address.to_owned(),
                raw: length(file.clone())?,
                brotli: length(with_suffix(&file, "br"))?,
            })
        })
        .collect()
}

/// One line: every file raw and compressed, and the sum.
pub fn report(sizes: &[Size]) -> String {
    let kb = |bytes: u64| format!("{:.1}", bytes as f64 / 1000.0);
    let each: Vec<String> = sizes
        .iter()
        .map(|size| format!("{} {} KB ({} br)", kind(&size.address), kb(size.raw), kb(size.brotli)))
        .collect();
    let raw: u64 = sizes.iter().map(|size| size.raw).sum();
    let brotli: u64 = sizes.iter().map(|size| size.brotli).sum();
    format!("Bundle: {}; in all {} KB ({} br)", each.join(", "), kb(raw), kb(brotli))
}

/// `client.wasm` for `/pkg/client.0123456789abcdef.wasm`.
fn kind(address: &str) -> String {
    let name = address.rsplit('/').next().unwrap_or(address);
    match name.split('.').collect::<Vec<_>>()[..] {
        [stem, _, extension] => format!("{stem}.{extension}"),
        _ => name.to_owned(),
    }
}

/// Everything the bundle is made of.
struct Sources {
    module: Vec<u8>,
    boot: String,
    style: String,
    public: BTreeMap<PathBuf, Vec<u8>>,
}

impl Sources {
    fn read(module: &Path) -> Result<Self> {
        let boot = project::path("app/client/boot.js");
        let mut public = BTreeMap::new();
        let dir = project::path("app/public");
        if dir.exists() {
            collect(&dir, &dir, &mut public)?;
        }
        Ok(Self {
            module: read(module)?,
            boot: String::from_utf8(read(&boot)?).context("app/client/boot.js is not UTF-8")?,
            style: css::join(&project::path("app/style"))?,
            public,
        })
    }

    fn key(&self, effort: Effort, wasm_opt: Option<&WasmOpt>) -> String {
        let mut hash = Sha256::new();
        let mut part = |bytes: &[u8]| {
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        };
        part(FORMAT.as_bytes());
        part(format!("{effort:?}").as_bytes());
        part(wasm_opt.map_or("none", |tool| &tool.version).as_bytes());
        part(&self.module);
        part(self.boot.as_bytes());
        part(self.style.as_bytes());
        for (path, bytes) in &self.public {
            part(path.as_os_str().as_encoded_bytes());
            part(bytes);
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("could not read {}", project::shown(file)))
}

fn collect(root: &Path, dir: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) -> Result<()> {
    for entry in fs::read_dir(dir).with_context(|| format!("could not list {}", dir.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else {
            let relative = path.strip_prefix(root).unwrap_or(&path).to_path_buf();
            files.insert(relative, read(&path)?);
        }
    }
    Ok(())
}

fn key_file(site: &Path) -> PathBuf {
    site.with_extension("key")
}

/// The manifest of a bundle that was made from the same sources and is still complete.
fn up_to_date(site: &Path, key: &str) -> Option<Manifest> {
    let same = fs::read_to_string(key_file(site)).is_ok_and(|written| written == key);
    let manifest: Manifest =
        serde_json::from_str(&fs::read_to_string(site.join("manifest.json")).ok()?).ok()?;
    let complete = manifest.addresses().iter().all(|address| {
        let file = site.join(address.trim_start_matches('/'));
        file.exists() && with_suffix(&file, "br").exists() && with_suffix(&file, "gz").exists()
    });
    (same && complete).then_some(manifest)
}

/// Turns cargo's module into one that JavaScript can call, and the JavaScript that calls it.
fn bind(module: &Path, scratch: &Path) -> Result<(String, Vec<u8>)> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(module)
        .out_name("client")
        .web(true)
        .context("wasm-bindgen cannot write modules for the web")?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true);
    let mut output = bindgen.generate_output().context("wasm-bindgen refused the compiled client")?;
    let snippets = output.snippets().iter().filter(|(_, scripts)| !scripts.is_empty());
    let mut foreign: Vec<&String> =
        snippets.map(|(name, _)| name).chain(output.local_modules().keys()).collect();
    foreign.sort();
    if !foreign.is_empty() {
        bail!(
            "the client brings JavaScript files of its own, for which the bundle has no place: {foreign:?}"
        );
    }
    output.emit(scratch).context("could not write what wasm-bindgen made")?;
    let glue = fs::read_to_string(scratch.join("client.js")).context("wasm-bindgen wrote no client.js")?;
    Ok((glue, read(&scratch.join("client_bg.wasm"))?))
}

/// Binaryen's optimiser, from npm or from the system.
struct WasmOpt {
    command: Vec<PathBuf>,
    /// Tells one optimiser's output from another's.
    version: String,
}

/// The bundle works without it and is a fifth larger, so its absence is a warning.
fn find_wasm_opt() -> Option<WasmOpt> {
    match (binaryen_from_npm(), shell::find("wasm-opt")) {
        (Ok(tool), _) => Some(tool),
        (Err(_), Some(program)) => {
            let version = shell::quiet(shell::program(&program).arg("--version")).ok()?;
            Some(WasmOpt { command: vec![program], version })
        }
        (Err(error), None) => {
            warn(format!("going on without wasm-opt, the bundle will be larger: {error:#}"));
            None
        }
    }
}

fn binaryen_from_npm() -> Result<WasmOpt> {
    let dir = project::path("xtask/tools");
    let node = shell::find("node").context("node is not installed")?;
    install_npm_packages(&dir, Duration::from_secs(240))?;
    let script = dir.join("node_modules/binaryen/bin/wasm-opt");
    if !script.exists() {
        bail!("the npm package binaryen holds no wasm-opt");
    }
    let version = project::short_hash(&read(&dir.join("package-lock.json"))?);
    Ok(WasmOpt { command: vec![node, script], version })
}

/// `npm ci`, unless the very same lock file has been installed there before.
pub fn install_npm_packages(dir: &Path, patience: Duration) -> Result<()> {
    let lock = read(&dir.join("package-lock.json"))?;
    let stamp = dir.join("node_modules/.installed-from");
    let wanted = project::short_hash(&lock);
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    if shell::find("npm").is_none() {
        bail!("npm is not installed: install Node.js 20 or newer (https://nodejs.org)");
    }
    note(format!("installing the npm packages of {}", project::shown(dir)));
    shell::quiet_within(
        shell::program("npm").current_dir(dir).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1").args([
            "ci",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ]),
        patience,
    )
    .context("npm could not install them")?;
    fs::write(&stamp, wanted).context("could not note what npm installed")
}

fn optimise(tool: &WasmOpt, code: &[u8], scratch: &Path) -> Result<Vec<u8>> {
    let (input, output) = (scratch.join("unoptimised.wasm"), scratch.join("optimised.wasm"));
    fs::write(&input, code).context("could not write the module for wasm-opt")?;
    let (program, arguments) = tool.command.split_first().context("wasm-opt has no command")?;
    shell::quiet(
        shell::program(program)
            .args(arguments)
            .args(["-Oz", "--strip-debug", "--strip-producers", "--strip-target-features"])
            .args(WASM_FEATURES)
            .arg(&input)
            .arg("-o")
            .arg(&output),
    )
    .context("wasm-opt refused the module")?;
    read(&output)
}

/// Named and linked files, ready to be written.
struct Bundle {
    manifest: Manifest,
    files: Vec<(String, Vec<u8>)>,
}

fn assemble(sources: &Sources, glue: &str, code: &[u8]) -> Bundle {
    let mut files = Vec::new();
    let mut add = |stem: &str, extension: &str, bytes: Vec<u8>| {
        let address = format!("/pkg/{stem}.{}.{extension}", project::short_hash(&bytes));
        files.push((address.clone(), bytes));
        address
    };
    let wasm = add("client", "wasm", code.to_vec());
    let client = add("client", "js", glue.as_bytes().to_vec());
    let boot = link_boot(&sources.boot, &client, &wasm);
    let boot = add("boot", "js", boot.into_bytes());
    let style = add("style", "css", sources.style.clone().into_bytes());
    Bundle { manifest: Manifest { boot, client, wasm, style }, files }
}

/// Puts the real names where the source has placeholders, and drops its comments.
fn link_boot(source: &str, client: &str, wasm: &str) -> String {
    let code: Vec<&str> = source.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    code.join("\n").replace("{{client}}", client).replace("{{wasm}}", wasm).trim().to_owned() + "\n"
}

/// The manifest is replaced when all it names is there, and what it no longer names goes last: a
/// server that runs meanwhile never points at a missing file.
fn write_site(site: &Path, sources: &Sources, bundle: &Bundle, effort: Effort) -> Result<()> {
    fs::create_dir_all(site.join("pkg"))
        .with_context(|| format!("could not create {}", project::shown(site)))?;
    let mut kept: Vec<PathBuf> = vec![site.join("manifest.json")];
    for (address, bytes) in &bundle.files {
        let file = site.join(address.trim_start_matches('/'));
        write(&file, bytes)?;
        write(&with_suffix(&file, "br"), &brotli(bytes, effort)?)?;
        write(&with_suffix(&file, "gz"), &gzip(bytes, effort)?)?;
        kept.extend([with_suffix(&file, "br"), with_suffix(&file, "gz"), file]);
    }
    for (path, bytes) in &sources.public {
        let file = site.join(path);
        write(&file, bytes)?;
        kept.push(file);
    }
    let manifest = serde_json::to_vec_pretty(&bundle.manifest)?;
    let draft = site.join("manifest.json.new");
    write(&draft, &manifest)?;
    fs::rename(&draft, site.join("manifest.json")).context("could not replace the manifest")?;
    remove_others(site, &kept)
}

fn write(file: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(dir) = file.parent() {
        fs::create_dir_all(dir).with_context(|| format!("could not create {}", project::shown(dir)))?;
    }
    fs::write(file, bytes).with_context(|| format!("could not write {}", project::shown(file)))
}

fn remove_others(dir: &Path, kept: &[PathBuf]) -> Result<()> {
    for entry in fs::read_dir(dir).with_context(|| format!("could not list {}", dir.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            remove_others(&path, kept)?;
        } else if !kept.contains(&path) {
            fs::remove_file(&path).with_context(|| format!("could not remove {}", path.display()))?;
        }
    }
    Ok(())
}

fn recreate(dir: &Path) -> Result<()> {
    if dir.exists() {
        fs::remove_dir_all(dir).with_context(|| format!("could not empty {}", project::shown(dir)))?;
    }
    fs::create_dir_all(dir).with_context(|| format!("could not create {}", project::shown(dir)))
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    PathBuf::from(name)
}

fn brotli(bytes: &[u8], effort: Effort) -> Result<Vec<u8>> {
    let quality = if effort == Effort::Quick { 5 } else { 11 };
    let params = brotli::enc::BrotliEncoderParams { quality, lgwin: 22, ..Default::default() };
    let mut small = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut small, &params).context("brotli failed")?;
    Ok(small)
}

fn gzip(bytes: &[u8], effort: Effort) -> Result<Vec<u8>> {
    let level = if effort == Effort::Quick { Compression::fast() } else { Compression::best() };
    let mut encoder = GzEncoder::new(Vec::new(), level);
    encoder.write_all(bytes).context("gzip failed")?;
    encoder.finish().context("gzip failed")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources() -> Sources {
        Sources {
            module: b"\0asm".to_vec(),
            boot: "// words\nimport * as client from \"{{client}}\";\nstart(\"{{wasm}}\");\n".to_owned(),
            style: "a{}".to_owned(),
            public: BTreeMap::new(),
        }
    }

    #[test]
    fn boot_names_the_files_it_loads() {
        let bundle = assemble(&sources(), "glue", b"code");
        let (_, boot) = bundle
            .files
            .iter()
            .find(|(address, _)| *address == bundle.manifest.boot)
            .expect("boot is a file of the bundle");
        let boot = String::from_utf8_lossy(boot);
        assert!(boot.contains(&bundle.manifest.client) && boot.contains(&bundle.manifest.wasm), "{boot}");
        assert!(!boot.contains("words") && !boot.contains("{{"), "{boot}");
    }

    #[test]
    fn a_changed_module_changes_every_name_that_leads_to_it() {
        let one = assemble(&sources(), "glue", b"one").manifest;
        let two = assemble(&sources(), "glue", b"two").manifest;
        assert_ne!(one.wasm, two.wasm);
        assert_ne!(one.boot, two.boot);
        assert_eq!(one.style, two.style);
    }

    #[test]
    fn the_key_follows_every_source() {
        let key = sources().key(Effort::Small, None);
        assert_eq!(key, sources().key(Effort::Small, None));
        assert_ne!(key, sources().key(Effort::Quick, None));
        assert_ne!(key, Sources { style: "b{}".to_owned(), ..sources() }.key(Effort::Small, None));
        let public = BTreeMap::from([(PathBuf::from("robots.txt"), Vec::new())]);
        assert_ne!(key, Sources { public, ..sources() }.key(Effort::Small, None));
    }

    #[test]
    fn the_manifest_is_what_the_server_expects() {
        let manifest = Manifest {
            boot: "/pkg/boot.1.js".to_owned(),
            client: "/pkg/client.2.js".to_owned(),
            wasm: "/pkg/client.3.wasm".to_owned(),
            style: "/pkg/style.4.css".to_owned(),
        };
        assert_eq!(
            serde_json::to_string(&manifest).expect("plain strings"),
            r#"{"boot":"/pkg/boot.1.js","client":"/pkg/client.2.js","wasm":"/pkg/client.3.wasm","style":"/pkg/style.4.css"}"#
        );
    }

    #[test]
    fn sizes_are_reported_on_one_line() {
        let line = report(&[
            Size { address: "/pkg/client.ab.wasm".to_owned(), raw: 200_000, brotli: 70_400 },
            Size { address: "/pkg/style.cd.css".to_owned(), raw: 10_000, brotli: 2_000 },
        ]);
        assert_eq!(
            line,
            "Bundle: client.wasm 200.0 KB (70.4 br), style.css 10.0 KB (2.0 br); in all 210.0 KB (72.4 br)"
        );
    }
}
