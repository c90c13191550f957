//! Where the content of copies is: a folder of the machine, or S3. Content lies under its own
//! SHA-256, comes whole or not at all, and is never written over by anything else.

use super::sniff::Sniffer;
use crate::error::{Error, Result};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::copy::{MAX_BYTES, MediaType, Outcome};
use domain::words::Invalid;
use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt as _, TryStreamExt as _};
use object_store::aws::AmazonS3Builder;
use object_store::buffered::BufWriter;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{
    Error as StoreError, GetResult, ObjectStore, ObjectStoreExt as _, PutPayload, RetryConfig,
};
use phrase::phrase;
use sha2::{Digest as _, Sha256};
use std::fmt::Display;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::io::AsyncWriteExt as _;
use uuid::Uuid;

/// How much of an upload is held before it is passed on; S3 takes no smaller parts.
const PART: usize = 5 << 20;
/// What arrived and has not been put in its place.
const INCOMING: &str = "incoming";
const KEPT: &str = "sha256";
/// Lies in every store that holds copies. A store without it is empty or another one, such as a
/// disk that was not mounted: then nothing can be said of any copy.
const MARK: &str = "claimdesk-copies.txt";
const MARK_TEXT: &str = "Copies of evidence, kept by Claimdesk under their SHA-256. Change nothing here: every change is found.\n";

/// The store of copies.
#[derive(Clone, Debug)]
pub struct Files {
    place: Place,
    shown: Arc<str>,
}

#[derive(Clone, Debug)]
enum Place {
    /// Made when something is first kept: most commands keep nothing.
    Folder(PathBuf, Arc<OnceLock<Arc<dyn ObjectStore>>>),
    Elsewhere(Arc<dyn ObjectStore>),
}

/// Content that is durably kept. Only the store makes one.
#[derive(Clone, Copy, Debug)]
pub struct Kept {
    pub(super) sha256: [u8; 32],
    pub(super) bytes: u64,
    pub(super) media_type: MediaType,
    pub(super) is_utf8: bool,
}

impl Kept {
    pub fn sha256(&self) -> [u8; 32] {
        self.sha256
    }

    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

/// What lies where content should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Look {
    pub outcome: Outcome,
    /// What was there instead; `None` where it was not read to its end.
    pub sha256: Option<[u8; 32]>,
    pub bytes: Option<u64>,
}

impl Look {
    pub fn nothing(outcome: Outcome) -> Self {
        Self { outcome, sha256: None, bytes: None }
    }
}

impl Files {
    /// The store at an address: a folder, or `s3://bucket/prefix` with what the `AWS_…` variables
    /// of the environment say.
    ///
    /// # Errors
    /// Where the address or the environment is not understood.
    pub fn at(address: &str) -> Result<Self> {
        let address = address.trim();
        if address.is_empty() {
            return Err(Invalid::new("files", "Name a folder, or s3://bucket/prefix.").into());
        }
        let Some(rest) = address.strip_prefix("s3://") else {
            if address.contains("://") {
                return Err(Invalid::new(
                    "files",
                    phrase!("{address} is neither a folder nor s3://bucket/prefix."),
                )
                .into());
            }
            return Ok(Self::in_folder(PathBuf::from(address)));
        };
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let retry =
            RetryConfig { max_retries: 3, retry_timeout: Duration::from_secs(20), ..RetryConfig::default() };
        let store = AmazonS3Builder::from_env()
            .with_bucket_name(bucket)
            .with_retry(retry)
            .build()
            .map_err(|source| Error::Files { doing: "open the store of copies", source })?;
        let prefix = Path::from(prefix);
        let store: Arc<dyn ObjectStore> = if prefix.as_ref().is_empty() {
            Arc::new(store)
        } else {
            Arc::new(PrefixStore::new(store, prefix))
        };
        Ok(Self { place: Place::Elsewhere(store), shown: address.into() })
    }

    /// A folder, made when something is first kept.
    pub fn in_folder(folder: PathBuf) -> Self {
        Self { shown: folder.display().to_string().into(), place: Place::Folder(folder, Arc::default()) }
    }

    /// Gone with the process: for tests.
    pub fn in_memory() -> Self {
        Self { place: Place::Elsewhere(Arc::new(InMemory::new())), shown: "memory".into() }
    }

    /// Where it is, in words.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    fn gone(&self) -> Error {
        Error::FilesGone(self.shown.to_string())
    }

    /// The store, where it is there.
    fn store(&self) -> Result<Arc<dyn ObjectStore>> {
        match &self.place {
            Place::Elsewhere(store) => Ok(store.clone()),
            Place::Folder(folder, open) => match open.get() {
                Some(store) => Ok(store.clone()),
                None if folder.is_dir() => {
                    let store = LocalFileSystem::new_with_prefix(folder)
                        .map_err(doing("open the folder of copies"))?;
                    Ok(open.get_or_init(|| Arc::new(store.with_fsync(true))).clone())
                }
                None => Err(self.gone()),
            },
        }
    }

    /// The store, made where it is not there yet.
    fn store_to_keep(&self) -> Result<Arc<dyn ObjectStore>> {
        if let Place::Folder(folder, _) = &self.place
            && !folder.is_dir()
        {
            let made = make_private(folder);
            made.map_err(|error| Error::Files {
                doing: "make the folder of copies",
                source: StoreError::Generic { store: "folder", source: Box::new(error) },
            })?;
        }
        self.store()
    }

    /// Takes content in as it comes, without holding it, and puts it in its place once it is whole.
    /// When this returns, it is durably there and was read back.
    pub(super) async fn keep<E: Display>(
        &self,
        id: Uuid,
        field: &'static str,
        mut pieces: impl Stream<Item = Result<Bytes, E>> + Send + Unpin,
    ) -> Result<Kept> {
        let store = self.store_to_keep()?;
        let incoming = Path::from_iter([INCOMING, &id.to_string()]);
        let mut writer =
            BufWriter::with_capacity(store.clone(), incoming.clone(), PART).with_max_concurrency(2);
        let arrived = arrive(&mut writer, field, &mut pieces).await;
        let kept = match arrived {
            Ok(kept) => kept,
            Err(error) => {
                if let Err(abort) = writer.abort().await {
                    tracing::warn!(
                        error = &abort as &dyn std::error::Error,
                        "an upload that was refused left something behind"
                    );
                }
                return Err(error);
            }
        };
        let settled = match writer.shutdown().await {
            Ok(()) => self.settle(&store, &incoming, &kept).await,
            Err(error) => Err(io("write a copy", error)),
        };
        // In its place by now, or of no use.
        match store.delete(&incoming).await {
            Ok(()) | Err(StoreError::NotFound { .. }) => {}
            Err(error) => tracing::warn!(
                error = &error as &dyn std::error::Error,
                "an upload was left behind; it will be swept"
            ),
        }
        settled.map(|()| kept)
    }

    async fn settle(&self, store: &Arc<dyn ObjectStore>, incoming: &Path, kept: &Kept) -> Result<()> {
        if let Err(StoreError::NotFound { .. }) = store.head(&Path::from(MARK)).await {
            store
                .put(&Path::from(MARK), PutPayload::from_static(MARK_TEXT.as_bytes()))
                .await
                .map_err(doing("mark the store of copies"))?;
        }
        // What is there already and sound stays; what is not is what an upload mends.
        if self.look(kept.sha256, kept.bytes).await?.outcome == Outcome::Intact {
            return Ok(());
        }
        store.rename(incoming, &place(kept.sha256)).await.map_err(doing("put a copy in its place"))?;
        match self.look(kept.sha256, kept.bytes).await?.outcome {
            Outcome::Intact => Ok(()),
            _ => Err(Error::Task("a copy that was just kept does not read back as it came".to_owned())),
        }
    }

    /// Reads content from end to end and says what is there.
    ///
    /// # Errors
    /// Where the store itself cannot be reached, so that nothing can be said.
    pub(super) async fn look(&self, sha256: [u8; 32], bytes: u64) -> Result<Look> {
        let store = self.store()?;
        match look_at(&store, sha256, bytes).await {
            Ok(look) => Ok(look),
            Err(error) => {
                // Is it this file or the whole store?
                match store.head(&Path::from(MARK)).await {
                    Ok(_) => {}
                    Err(StoreError::NotFound { .. }) => return Err(self.gone()),
                    Err(source) => return Err(Error::Files { doing: "reach the store of copies", source }),
                }
                if let StoreError::NotFound { .. } = error {
                    return Ok(Look::nothing(Outcome::Missing));
                }
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the file of a copy cannot be read"
                );
                Ok(Look::nothing(Outcome::Unreadable))
            }
        }
    }

    /// Whether content of this size lies there; nothing is read.
    pub(super) async fn is_there(&self, sha256: [u8; 32], bytes: u64) -> Result<bool> {
        match self.store()?.head(&place(sha256)).await {
            Ok(meta) => Ok(meta.size == bytes),
            Err(StoreError::NotFound { .. }) => Ok(false),
            Err(source) => Err(Error::Files { doing: "look for a copy", source }),
        }
    }

    /// Opens content to be sent. The last piece is held back until the hash of all of it was found
    /// right: what was altered never arrives whole.
    pub(super) async fn open(
        &self,
        sha256: [u8; 32],
        bytes: u64,
    ) -> Result<Result<BoxStream<'static, std::io::Result<Bytes>>, Outcome>> {
        match self.store()?.get(&place(sha256)).await {
            Ok(found) if found.meta.size != bytes => Ok(Err(Outcome::Altered)),
            Ok(found) => Ok(Ok(proved(found, sha256))),
            Err(_) => Ok(Err(self.look(sha256, bytes).await?.outcome)),
        }
    }

    /// Deletes what arrived before a moment and was never put in its place.
    pub(super) async fn sweep_incoming(&self, before: DateTime<Utc>) -> Result<u64> {
        let store = self.store()?;
        let mut swept = 0;
        let mut left = store.list(Some(&Path::from(INCOMING)));
        while let Some(meta) = left.try_next().await.map_err(doing("list what was left behind"))? {
            if meta.last_modified < before {
                store.delete(&meta.location).await.map_err(doing("sweep what was left behind"))?;
                swept += 1;
            }
        }
        if let Place::Folder(folder, _) = &self.place {
            // What was half written when a machine stopped is not in the list.
            swept += sweep_folder(folder.join(INCOMING), before).await?;
        }
        Ok(swept)
    }

    /// Hashes of content that has lain there since before a moment.
    pub(super) fn older_than(&self, before: DateTime<Utc>) -> Result<BoxStream<'static, Result<[u8; 32]>>> {
        let store = self.store()?;
        let all = store.list(Some(&Path::from(KEPT)));
        Ok(all
            .map_err(doing("list the copies"))
            .try_filter_map(move |meta| async move {
                let sha256 = meta.location.filename().and_then(unhex);
                Ok(sha256.filter(|_| meta.last_modified < before))
            })
            .boxed())
    }

    /// Deletes content that no copy is of.
    pub(super) async fn delete(&self, sha256: [u8; 32]) -> Result<()> {
        self.store()?.delete(&place(sha256)).await.map_err(doing("delete what no copy is of"))
    }
}

/// Reads an upload to its end, hashing and looking at it on the way to the writer.
async fn arrive<E: Display>(
    writer: &mut BufWriter,
    field: &'static str,
    pieces: &mut (impl Stream<Item = Result<Bytes, E>> + Send + Unpin),
) -> Result<Kept> {
    let mut hasher = Sha256::new();
    let mut sniffer = Sniffer::default();
    let mut bytes: u64 = 0;
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| Invalid::new(field, "It broke off on the way. Send it again."))?;
        bytes += piece.len() as u64;
        if bytes > MAX_BYTES {
            let fix = "This is larger than 25 MB; the most is 25 MB. Attach the part that matters.";
            return Err(Invalid::too_large(field, fix).into());
        }
        hasher.update(&piece);
        sniffer.take(&piece);
        // A piece may be a small part of a large buffer, which it would keep.
        writer.put(Bytes::copy_from_slice(&piece)).await.map_err(doing("write a copy"))?;
    }
    if bytes == 0 {
        return Err(Invalid::new(field, "There is nothing in it.").into());
    }
    let found = sniffer.finish().map_err(|seems| {
        let seems = seems.map(|mime| phrase!(" (it seems to be {mime})")).unwrap_or_default();
        Invalid::new(
            field,
            phrase!("This is neither a PDF, a PNG, JPEG, WebP or GIF picture, an HTML page nor plain text{seems}. Save it as one of these."),
        )
    })?;
    Ok(Kept { sha256: hasher.finalize().into(), bytes, media_type: found.media_type, is_utf8: found.is_utf8 })
}

async fn look_at(store: &Arc<dyn ObjectStore>, sha256: [u8; 32], bytes: u64) -> Result<Look, StoreError> {
    let found = store.get(&place(sha256)).await?;
    let size = found.meta.size;
    if size > MAX_BYTES {
        // Whatever it is, it is not what was kept, and may be endless.
        return Ok(Look { outcome: Outcome::Altered, sha256: None, bytes: Some(size) });
    }
    let mut hasher = Sha256::new();
    let mut read: u64 = 0;
    let mut pieces = found.into_stream();
    while let Some(piece) = pieces.try_next().await? {
        read += piece.len() as u64;
        hasher.update(&piece);
    }
    let there: [u8; 32] = hasher.finalize().into();
    let outcome = if there == sha256 && read == bytes { Outcome::Intact } else { Outcome::Altered };
    Ok(Look { outcome, sha256: Some(there), bytes: Some(read) })
}

/// Passes content on one piece behind, and the last one only if all of it is right.
fn proved(found: GetResult, sha256: [u8; 32]) -> BoxStream<'static, std::io::Result<Bytes>> {
    let start = (found.into_stream(), Sha256::new(), None::<Bytes>);
    let pieces = futures_util::stream::try_unfold(Some(start), move |state| async move {
        let Some((mut pieces, mut hasher, mut held)) = state else { return Ok(None) };
        loop {
            match pieces.try_next().await.map_err(std::io::Error::other)? {
                Some(piece) => {
                    hasher.update(&piece);
                    if let Some(before) = held.replace(piece) {
                        return Ok(Some((before, Some((pieces, hasher, held)))));
                    }
                }
                None => {
                    let there: [u8; 32] = hasher.finalize().into();
                    return if there == sha256 {
                        Ok(held.map(|last| (last, None)))
                    } else {
                        tracing::error!("a copy was found altered while it was sent; it was cut off");
                        Err(std::io::Error::other("this is not what was kept"))
                    };
                }
            }
        }
    });
    pieces.boxed()
}

async fn sweep_folder(folder: PathBuf, before: DateTime<Utc>) -> Result<u64> {
    let swept = tokio::task::spawn_blocking(move || {
        let mut swept = 0;
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let modified = entry.metadata().and_then(|meta| meta.modified());
            let is_old = modified.is_ok_and(|at| DateTime::<Utc>::from(at) < before);
            if is_old && std::fs::remove_file(entry.path()).is_ok() {
                swept += 1;
            }
        }
        swept
    });
    swept.await.map_err(|error| Error::Task(error.to_string()))
}

/// Nobody else on the machine reads it.
fn make_private(folder: &std::path::Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// `sha256/ab/cd/abcd…`: no folder grows too large to list.
fn place(sha256: [u8; 32]) -> Path {
    let name = hex(sha256);
    let (first, rest) = name.split_at(2);
    let (second, _) = rest.split_at(2);
    Path::from_iter([KEPT, first, second, &name])
}

pub(super) fn hex(sha256: [u8; 32]) -> String {
    sha256.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn unhex(name: &str) -> Option<[u8; 32]> {
    if name.len() != 64 || !name.is_ascii() {
        return None;
    }
    let mut sha256 = [0; 32];
    for (at, byte) in sha256.iter_mut().enumerate() {
        *byte = u8::from_str_radix(name.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    Some(sha256)
}

fn doing(doing: &'static str) -> impl Fn(StoreError) -> Error {
    move |source| Error::Files { doing, source }
}

fn io(doing: &'static str, error: std::io::Error) -> Error {
    Error::Files { doing, source: StoreError::Generic { store: "files", source: Box::new(error) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_lies_under_its_hash() {
        let sha256 = [0xab; 32];
        assert_eq!(place(sha256).as_ref(), format!("sha256/ab/ab/{}", "ab".repeat(32)));
        assert_eq!(unhex(&hex(sha256)), Some(sha256));
        assert_eq!(unhex("ab"), None);
    }

    #[test]
    fn an_address_that_is_no_place_is_refused() {
        for bad in ["", "  ", "ftp://x", "gs://bucket"] {
            assert!(matches!(Files::at(bad), Err(Error::Invalid(_))), "{bad}");
        }
        assert_eq!(
            Files::at("a/folder").map(|files| files.shown().to_owned()).ok().as_deref(),
            Some("a/folder")
        );
    }
}
