//! Where the project's own files are.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use sha2::{Digest, Sha256};

/// The folder that holds the workspace's `Cargo.toml`.
///
/// Cargo names the package's folder at run time; the one known at compile time is wrong once the
/// checkout has been moved.
pub fn root() -> &'static Path {
    static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
        let package = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = package.parent().unwrap_or(&package).to_path_buf();
        root.canonicalize().unwrap_or(root)
    });
    &ROOT
}

/// A file or folder of the project, by its path from the root.
pub fn path(relative: &str) -> PathBuf {
    root().join(relative)
}

/// Cargo's output folder, wherever the person has put it.
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| path("target"), |dir| root().join(dir))
}

/// What the application server is given to serve: the bundle and the public files.
pub fn site() -> PathBuf {
    target().join("site")
}

/// A short name for this checkout, for folders that have to live outside it.
pub fn fingerprint() -> String {
    short_hash(root().as_os_str().as_encoded_bytes())
}

/// The first 64 bits of a SHA-256, in hexadecimal: enough to tell files and folders apart.
pub fn short_hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes)[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The path as a person would type it from the project's root.
pub fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}
