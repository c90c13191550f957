//! The rules about who may depend on whom and what may stand where, which no compiler checks.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::project;
use crate::shell;
use crate::wasm;

/// What must never be part of the browser's bundle.
const NATIVE_ONLY: [&str; 8] =
    ["sqlx", "axum", "tokio", "leptos_router", "leptos_meta", "leptos_axum", "desk", "extract"];

/// What a pure crate does not touch: files, network, processes, environment, clock.
const IMPURE: [&str; 7] =
    ["std::fs", "std::net", "std::process", "std::env", "Instant::now", "SystemTime::now", "Utc::now"];

/// Checks every rule and lists all that are broken.
pub fn check() -> Result<()> {
    let mut broken = Vec::new();
    broken.extend(wasm_tree()?);
    for manifest in manifests()? {
        broken.extend(manifest_rules(&manifest)?);
    }
    for file in rust_files(project::root()) {
        let text =
            fs::read_to_string(&file).with_context(|| format!("could not read {}", project::shown(&file)))?;
        let shown = project::shown(&file);
        broken.extend(source_rules(&shown, &text).into_iter().map(|rule| format!("{shown}: {rule}")));
    }
    if broken.is_empty() {
        return Ok(());
    }
    bail!("{} rules of the structure are broken:\n    {}", broken.len(), broken.join("\n    "))
}

fn wasm_tree() -> Result<Vec<String>> {
    let tree = shell::quiet(shell::cargo().args([
        "tree",
        "--package",
        "client",
        "--target",
        wasm::TARGET,
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]))
    .context("cargo could not list what the browser's part depends on")?;
    Ok(native_in(&tree)
        .into_iter()
        .map(|name| {
            format!(
                "the browser's bundle contains {name} (cargo tree -p client --target {} -i {name})",
                wasm::TARGET
            )
        })
        .collect())
}

fn native_in(tree: &str) -> Vec<&'static str> {
    let names: Vec<&str> = tree.lines().filter_map(|line| line.split_whitespace().next()).collect();
    NATIVE_ONLY.into_iter().filter(|name| names.contains(name)).collect()
}

/// A workspace member's Cargo.toml.
struct Manifest {
    shown: String,
    name: String,
    table: toml::Table,
}

fn manifests() -> Result<Vec<Manifest>> {
    let workspace = parse(&project::path("Cargo.toml"))?;
    let members = workspace
        .get("workspace")
        .and_then(|workspace| workspace.get("members")?.as_array())
        .context("the root Cargo.toml lists no members")?;
    members
        .iter()
        .filter_map(toml::Value::as_str)
        .map(|member| {
            let path = project::path(member).join("Cargo.toml");
            let table = parse(&path)?;
            let name = table
                .get("package")
                .and_then(|package| package.get("name")?.as_str())
                .with_context(|| format!("{} names no package", project::shown(&path)))?
                .to_owned();
            Ok(Manifest { shown: project::shown(&path), name, table })
        })
        .collect()
}

fn parse(path: &Path) -> Result<toml::Table> {
    let text =
        fs::read_to_string(path).with_context(|| format!("could not read {}", project::shown(path)))?;
    text.parse().with_context(|| format!("{} is not TOML", project::shown(path)))
}

fn manifest_rules(manifest: &Manifest) -> Result<Vec<String>> {
    let Manifest { shown, name, table } = manifest;
    let mut broken = Vec::new();
    let inherits =
        |section: &toml::Value| section.get("workspace").and_then(toml::Value::as_bool).unwrap_or_default();
    if !table.get("lints").is_some_and(inherits) {
        broken.push(format!("{shown}: add `[lints] workspace = true`"));
    }
    if let Some(sqlx) = table.get("dependencies").and_then(|dependencies| dependencies.get("sqlx")) {
        let is_optional = sqlx.get("optional").and_then(toml::Value::as_bool).unwrap_or_default();
        if name != "desk" && !(name == "domain" && is_optional) {
            broken.push(format!("{shown}: only `desk` depends on sqlx (`domain` optionally, for its types)"));
        }
    }
    if name == "client" {
        let kinds = table.get("lib").and_then(|lib| lib.get("crate-type")?.as_array());
        let is_cdylib_only =
            kinds.is_some_and(|kinds| kinds.iter().filter_map(toml::Value::as_str).eq(["cdylib"]));
        if !is_cdylib_only {
            broken.push(format!(
                "{shown}: crate-type must be cdylib alone, a second one switches link-time optimisation off"
            ));
        }
    }
    for (section, dependencies) in dependency_tables(table) {
        for (dependency, value) in dependencies {
            if !inherits(value) {
                broken.push(format!("{shown}: take {dependency} from the workspace in [{section}]"));
            }
        }
    }
    Ok(broken)
}

/// Every table of dependencies, with its name: for all targets, and for single ones.
fn dependency_tables(manifest: &toml::Table) -> Vec<(String, &toml::Table)> {
    const SECTIONS: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];
    let targets = manifest.get("target").and_then(toml::Value::as_table);
    let parts = targets
        .into_iter()
        .flatten()
        .filter_map(|(target, part)| Some((format!("target.{target}."), part.as_table()?)));
    std::iter::once((String::new(), manifest))
        .chain(parts)
        .flat_map(|(prefix, part)| {
            SECTIONS.iter().filter_map(move |section| {
                Some((format!("{prefix}{section}"), part.get(*section)?.as_table()?))
            })
        })
        .collect()
}

/// Rules about single files, given by their path from the root.
fn source_rules(shown: &str, text: &str) -> Vec<String> {
    let mut broken = Vec::new();
    let is_page_code = shown.starts_with("app/src/");
    if is_page_code && shown != "app/src/ui/text_area.rs" && text.contains("inner_html") {
        broken.push(
            "`inner_html` may let user text through unescaped; only ui/text_area.rs may use it".to_owned(),
        );
    }
    let is_own = shown.starts_with("xtask/");
    let is_test = shown.contains("/tests/") || shown.ends_with("testing.rs") || shown.ends_with("tests.rs");
    if !is_own && !is_test && text.contains("AssertSqlSafe") {
        broken.push("`AssertSqlSafe` hides a query from the checks; only test helpers may use it".to_owned());
    }
    let is_pure = ["server/domain/src/", "server/extract/src/"].iter().any(|dir| shown.starts_with(dir));
    if is_pure {
        let code = before_tests(text);
        let used = IMPURE.iter().filter(|name| code.contains(**name));
        broken.extend(used.map(|name| format!("`{name}`: this crate does no I/O and reads no clock")));
    }
    broken
}

fn before_tests(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

/// Every Rust file below a folder, except what tools put there.
pub fn rust_files(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let Ok(entries) = fs::read_dir(dir) else {
        return files;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() {
            if !name.starts_with('.') && name != "target" && name != "node_modules" {
                files.extend(rust_files(&path));
            }
        } else if name.ends_with(".rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules_for(name: &str, toml: &str) -> Vec<String> {
        let manifest = Manifest {
            shown: format!("{name}/Cargo.toml"),
            name: name.to_owned(),
            table: toml.parse().expect("TOML"),
        };
        manifest_rules(&manifest).expect("readable")
    }

    #[test]
    fn native_crates_are_found_by_their_whole_name() {
        let tree = "client v0.1.0 (/p)\nleptos v0.8\ntokio-stream v1\naxum v0.8.9\n";
        assert_eq!(native_in(tree), ["axum"]);
    }

    #[test]
    fn sqlx_belongs_to_desk() {
        let lints = "[lints]\nworkspace = true\n";
        let with = |sqlx: &str| format!("{lints}[dependencies]\nsqlx = {sqlx}");
        assert_eq!(rules_for("desk", &with("{ workspace = true }")), Vec::<String>::new());
        assert_eq!(rules_for("domain", &with("{ workspace = true, optional = true }")), Vec::<String>::new());
        assert_eq!(rules_for("server", &with("{ workspace = true }")).len(), 1);
        assert_eq!(rules_for("desk", &with("\"0.9\"")).len(), 1);
    }

    #[test]
    fn every_crate_takes_the_workspaces_lints() {
        assert_eq!(rules_for("app", "[package]\nname = \"app\"").len(), 1);
    }

    #[test]
    fn the_client_is_a_cdylib_alone() {
        let lib = |kinds: &str| format!("[lints]\nworkspace = true\n[lib]\ncrate-type = {kinds}");
        assert!(rules_for("client", &lib("[\"cdylib\"]")).is_empty());
        assert_eq!(rules_for("client", &lib("[\"cdylib\", \"rlib\"]")).len(), 1);
    }

    #[test]
    fn html_from_strings_has_one_place() {
        assert_eq!(source_rules("app/src/pages/claim.rs", "view! { <p inner_html=x/> }").len(), 1);
        assert!(source_rules("app/src/ui/text_area.rs", "inner_html").is_empty());
    }

    #[test]
    fn pure_crates_read_no_clock_outside_their_tests() {
        let code = "fn a() {}\n#[cfg(test)]\nmod tests { use std::fs; }";
        assert!(source_rules("server/domain/src/lib.rs", code).is_empty());
        assert_eq!(source_rules("server/extract/src/lib.rs", "let t = Instant::now();").len(), 1);
    }
}
