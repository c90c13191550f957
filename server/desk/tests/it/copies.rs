use crate::harness::{Newsroom, because, is_refused, once};
use bytes::Bytes;
use desk::{AddedCopy, Attached, CopyForm, Desk, Error, Files, Kept};
use domain::copy::{FileName, MAX_BYTES, MediaType, Outcome};
use domain::id::{ClaimId, CopyId, EvidenceId};
use domain::policy::{Actor, Role};
use domain::problem::Kind;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use sqlx::PgPool;
use std::convert::Infallible;
use std::path::{Path, PathBuf};

const PDF: &[u8] = b"%PDF-1.7\nTwelve names.\n%%EOF\n";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";

/// A folder that is gone when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("claimdesk-copies-{}", uuid::Uuid::now_v7())))
    }

    fn of(&self, sha256: &str) -> PathBuf {
        self.0.join("sha256").join(&sha256[..2]).join(&sha256[2..4]).join(sha256)
    }

    /// How many files of content there are.
    fn files(&self) -> usize {
        fn count(folder: &Path) -> usize {
            std::fs::read_dir(folder)
                .into_iter()
                .flatten()
                .flatten()
                .map(|entry| entry.path())
                .fold(0, |n, path| n + if path.is_dir() { count(&path) } else { 1 })
        }
        count(&self.0.join("sha256")) + count(&self.0.join("incoming"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A claim with evidence, and a desk that keeps copies in a folder.
struct Scene {
    room: Newsroom,
    desk: Desk,
    folder: Folder,
    noor: Actor,
    claim: ClaimId,
    evidence: EvidenceId,
}

impl Scene {
    async fn new(pool: PgPool) -> Self {
        let mut room = Newsroom::over(pool);
        let folder = Folder::new();
        room.desk = room.desk.with_files(Files::in_folder(folder.0.clone()));
        let noor = room.reviewer("Noor").await;
        let claim = room.claim(&noor).await;
        let evidence = room.add_evidence(&noor, claim).await;
        Self { desk: room.desk.clone(), room, folder, noor, claim, evidence }
    }

    /// The same newsroom and folder, in another process.
    fn second_desk(&self) -> Desk {
        self.room.second_desk().with_files(Files::in_folder(self.folder.0.clone()))
    }

    async fn kept(&self, content: &'static [u8]) -> desk::Result<Kept> {
        self.desk.keep_content(&self.noor, self.evidence, "file", in_pieces(content)).await
    }

    async fn attach(&self, content: &'static [u8]) -> CopyId {
        self.attach_to(self.evidence, content).await.id
    }

    async fn attach_to(&self, evidence: EvidenceId, content: &'static [u8]) -> AddedCopy {
        let kept = self.kept(content).await.unwrap();
        self.desk.add_copy(&self.noor, evidence, kept, CopyForm::default(), None).await.unwrap()
    }

    async fn sha256(&self, copy: CopyId) -> String {
        self.desk.copy(&self.noor, copy).await.unwrap().sha256
    }

    /// Changes one bit of what is on the disk.
    async fn flip_a_bit(&self, copy: CopyId) {
        let file = self.folder.of(&self.sha256(copy).await);
        let mut content = std::fs::read(&file).unwrap();
        content[10] ^= 1;
        std::fs::write(&file, content).unwrap();
    }

    async fn checks_of(&self, copy: CopyId) -> Vec<String> {
        sqlx::query_scalar("select outcome from copy_check where copy_id = $1 order by id")
            .bind(copy.0)
            .fetch_all(&self.room.pool)
            .await
            .unwrap()
    }
}

fn in_pieces(
    content: &'static [u8],
) -> impl futures_util::Stream<Item = Result<Bytes, Infallible>> + Send + Unpin {
    stream::iter(content.chunks(7).map(|piece| Ok(Bytes::from_static(piece))))
}

/// `length` bytes of text, made while they are read.
fn text_of(length: u64) -> impl futures_util::Stream<Item = Result<Bytes, Infallible>> + Send + Unpin {
    const PIECE: u64 = 64 << 10;
    stream::iter((0..length.div_ceil(PIECE)).map(move |at| {
        let size = usize::try_from(PIECE.min(length - at * PIECE)).unwrap();
        Ok(Bytes::from(vec![b'x'; size]))
    }))
}

/// Looks at everything that is due; gives how many files that were.
async fn check_all(desk: &Desk) -> usize {
    let mut looked = 0;
    while desk.check_next().await.unwrap().is_some() {
        looked += 1;
    }
    looked
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_copy_says_what_it_is_and_comes_back_byte_for_byte(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let kept = scene.kept(PDF).await.unwrap();
    let form = CopyForm {
        name: FileName::clean("C:\\list of names.html"),
        address: Some(crate::harness::address_of("https://hospital.example/list")),
        captured: Some("2024-03-13T08:00:00Z".parse().unwrap()),
    };
    let added = scene.desk.add_copy(&scene.noor, scene.evidence, kept, form, None).await.unwrap();
    let viewer = scene.room.person("Vic", Role::Viewer).await;
    let opened = scene.desk.open_copy(&viewer, added.id).await.unwrap();
    let copy = opened.copy;
    // As `sha256sum` says.
    assert_eq!(copy.sha256, "fc132217ac441d9f721892655d3d258d07646f52cdc9223ffea39c110411cbcd");
    assert_eq!((copy.media_type, copy.bytes), (MediaType::Pdf, PDF.len() as u64));
    assert_eq!(copy.name.as_deref(), Some("list of names.html"));
    assert_eq!(copy.captured_at.to_rfc3339(), "2024-03-13T08:00:00+00:00");
    assert_eq!((copy.outcome, copy.checked_at), (Outcome::Intact, crate::harness::noon()));
    let pieces: Vec<Bytes> = opened.pieces.try_collect().await.unwrap();
    assert_eq!(pieces.concat(), PDF);
    let told = scene.room.told(&scene.noor, scene.claim).await;
    let last = told.last().unwrap();
    assert!(
        last.starts_with("Noor kept a copy for the evidence “Hospital list”: PDF, 29 bytes, SHA-256 "),
        "{last}"
    );
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn the_same_content_is_kept_once(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let other = scene.room.add_evidence(&scene.noor, scene.claim).await;
    let first = scene.attach_to(scene.evidence, PDF).await;
    let events = scene.room.events().await;
    assert_eq!(scene.attach_to(scene.evidence, PDF).await, AddedCopy { id: first.id, how: Attached::Known });
    assert_eq!(scene.room.events().await, events, "nothing happened");
    let second = scene.attach_to(other, PDF).await;
    assert!(second.how == Attached::New && second.id != first.id);
    assert_eq!(scene.folder.files(), 1);
    assert_eq!(scene.desk.copies(&scene.noor, &[scene.evidence, other]).await.unwrap().len(), 2);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_request_sent_twice_attaches_once(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let key = once("k", 1);
    let mut ids = Vec::new();
    for _ in 0..2 {
        let kept = scene.kept(PDF).await.unwrap();
        let added =
            scene.desk.add_copy(&scene.noor, scene.evidence, kept, CopyForm::default(), Some(&key)).await;
        ids.push(added.unwrap().id);
    }
    assert_eq!(ids[0], ids[1]);
    let kept = scene.kept(PNG).await.unwrap();
    let other = scene
        .desk
        .add_copy(&scene.noor, scene.evidence, kept, CopyForm::default(), Some(&once("k", 2)))
        .await;
    assert!(matches!(other, Err(Error::KeyReused)));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_was_kept_is_never_changed(pool: PgPool) {
    let scene = Scene::new(pool).await;
    scene.attach(PDF).await;
    for statement in [
        "update copy set address = 'https://elsewhere.example'",
        "delete from copy",
        "truncate copy cascade",
        "update copy_check set outcome = 'intact'",
        "delete from copy_check",
        "truncate copy_check",
        "update copy_file set media_type = 'text/html'",
        "update copy_file set bytes = 1",
        "delete from copy_file",
    ] {
        let refused = sqlx::query(statement).execute(&scene.room.pool).await.unwrap_err().to_string();
        assert!(refused.contains("is append-only"), "{statement}: {refused}");
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_flipped_bit_is_found_and_told(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let copy = scene.attach(PDF).await;
    assert_eq!(scene.desk.verify_copy(&scene.noor, copy, None).await.unwrap().outcome, Outcome::Intact);
    scene.flip_a_bit(copy).await;
    scene.room.wait_minutes(5);
    let seen = scene.desk.verify_copy(&scene.noor, copy, None).await.unwrap();
    assert_eq!((seen.outcome, seen.checked_at), (Outcome::Altered, scene.desk.clock().now()));
    assert_eq!(scene.checks_of(copy).await, ["intact", "intact", "altered"]);
    let told = scene.room.told(&scene.noor, scene.claim).await;
    let hash = scene.sha256(copy).await;
    assert!(
        told[told.len() - 2]
            .ends_with(&format!("looked at the copy {} of the evidence “Hospital list”: intact", &hash[..8]))
    );
    assert!(told.last().unwrap().contains("altered since it was kept, its SHA-256 is "), "{told:?}");
    assert!(!told.last().unwrap().contains(&format!("its SHA-256 is {hash}")));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_missing_file_is_found_at_night_and_told_once(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (lost, sound) = (scene.attach(PDF).await, scene.attach(PNG).await);
    std::fs::remove_file(scene.folder.of(&scene.sha256(lost).await)).unwrap();
    for night in 1..=2 {
        scene.room.wait_minutes(24 * 60);
        assert!(scene.desk.begin_nightly_check().await.unwrap());
        assert_eq!(check_all(&scene.desk).await, 2);
        assert_eq!(scene.checks_of(lost).await.len(), 1 + night);
    }
    assert_eq!(scene.checks_of(lost).await, ["intact", "missing", "missing"]);
    assert_eq!(scene.checks_of(sound).await, ["intact"; 3]);
    let told = scene.room.told(&scene.noor, scene.claim).await;
    assert_eq!(told.iter().filter(|entry| entry.contains("its file is missing")).count(), 1, "{told:#?}");
    let ada = scene.room.person("Ada", Role::Admin).await;
    let standing = scene.desk.copies_standing(&ada).await.unwrap();
    assert_eq!((standing.copies, standing.files, standing.broken), (2, 2, 1));
    assert_eq!(standing.bytes, (PDF.len() + PNG.len()) as u64);
    scene.room.assert_counters_equal_a_recount().await;
    let last = standing.last.unwrap();
    assert_eq!((last.checked, last.broken, last.asked_by, last.is_nightly), (2, 1, None, true));
    let broken = scene.desk.broken_copies(Some(&ada), None, 50).await.unwrap();
    assert_eq!(
        broken.rows.iter().map(|row| (row.id, row.outcome)).collect::<Vec<_>>(),
        [(lost, Outcome::Missing)]
    );
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn keeping_the_same_content_again_mends_what_was_broken(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let copy = scene.attach(PDF).await;
    scene.flip_a_bit(copy).await;
    scene.desk.verify_copy(&scene.noor, copy, None).await.unwrap();
    let again = scene.attach_to(scene.evidence, PDF).await;
    assert_eq!(again, AddedCopy { id: copy, how: Attached::Mended });
    assert_eq!(scene.desk.copy(&scene.noor, copy).await.unwrap().outcome, Outcome::Intact);
    assert_eq!(scene.desk.verify_copy(&scene.noor, copy, None).await.unwrap().outcome, Outcome::Intact);
    assert_eq!(scene.checks_of(copy).await, ["intact", "altered", "intact", "intact"]);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_was_altered_is_not_sent(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let copy = scene.attach(PDF).await;
    scene.flip_a_bit(copy).await;
    // Nobody has looked yet: it breaks off before its end.
    let mut pieces = scene.desk.open_copy(&scene.noor, copy).await.unwrap().pieces;
    let mut arrived = 0;
    let mut broke_off = false;
    while let Some(piece) = pieces.next().await {
        match piece {
            Ok(piece) => arrived += piece.len(),
            Err(_) => broke_off = true,
        }
    }
    assert!(broke_off && arrived < PDF.len(), "{arrived} of {} bytes", PDF.len());
    // Somebody has: it is refused, and says why.
    scene.desk.verify_copy(&scene.noor, copy, None).await.unwrap();
    let refused = scene.desk.open_copy(&scene.noor, copy).await.err().unwrap();
    assert!(refused.words().contains("altered"), "{}", refused.words());
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn what_may_not_be_kept_leaves_nothing_behind(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let events = scene.room.events().await;
    let keep =
        async |field, pieces| scene.desk.keep_content(&scene.noor, scene.evidence, field, pieces).await;
    let too_large = keep("file", text_of(MAX_BYTES + 1)).await.err().unwrap();
    assert_eq!((too_large.kind(), too_large.field()), (Kind::TooLarge, Some("file")));
    let empty = keep("text", text_of(0)).await.err().unwrap();
    assert_eq!((empty.kind(), empty.field()), (Kind::Invalid, Some("text")));
    let zip = scene.kept(b"PK\x03\x04\x14\0\0\0\x08\0").await.err().unwrap();
    assert!(zip.words().contains("application/zip"), "{}", zip.words());
    let broken_off = stream::iter([Ok(Bytes::from_static(PDF)), Err("the connection was lost")]);
    let broken_off =
        scene.desk.keep_content(&scene.noor, scene.evidence, "file", broken_off).await.err().unwrap();
    assert_eq!(broken_off.field(), Some("file"));
    let viewer = scene.room.person("Vic", Role::Viewer).await;
    assert!(is_refused(&scene.desk.keep_content(&viewer, scene.evidence, "file", in_pieces(PDF)).await));
    assert_eq!(scene.folder.files(), 0);
    assert_eq!(scene.room.events().await, events);
    assert_eq!(keep("file", text_of(MAX_BYTES)).await.unwrap().bytes(), MAX_BYTES);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn evidence_that_was_withdrawn_takes_no_copy(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let kept = scene.kept(PDF).await.unwrap();
    scene.desk.withdraw_evidence(&scene.noor, scene.evidence, because("Another hospital.")).await.unwrap();
    assert!(matches!(scene.kept(PDF).await, Err(Error::NotFound(_))));
    let added = scene.desk.add_copy(&scene.noor, scene.evidence, kept, CopyForm::default(), None).await;
    assert!(matches!(added, Err(Error::NotFound(_))));
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_run_that_is_broken_off_goes_on_where_it_stood(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut copies = Vec::new();
    for content in [&b"one"[..], b"two", b"three", b"four", b"five"] {
        copies.push(scene.attach(content).await);
        scene.room.wait_minutes(1);
    }
    scene.room.wait_minutes(24 * 60);
    assert!(scene.desk.begin_nightly_check().await.unwrap());
    assert!(!scene.second_desk().begin_nightly_check().await.unwrap(), "one run at a time");
    for _ in 0..2 {
        scene.desk.check_next().await.unwrap().unwrap();
    }
    // The process dies with a file in its hands.
    let died =
        "update copy_file set claimed_by = gen_random_uuid(), claimed_until = $1 + interval '10 minutes'
                 where sha256 = (select sha256 from copy where id = $2)";
    sqlx::query(died)
        .bind(scene.desk.clock().now())
        .bind(copies[2].0)
        .execute(&scene.room.pool)
        .await
        .unwrap();
    let second = scene.second_desk();
    assert_eq!(check_all(&second).await, 2);
    let ada = scene.room.person("Ada", Role::Admin).await;
    assert!(
        second.copies_standing(&ada).await.unwrap().running.is_some(),
        "one file is still in other hands"
    );
    scene.room.wait_minutes(11);
    assert_eq!(check_all(&second).await, 1);
    assert_eq!(check_all(&second).await, 0);
    for copy in copies {
        assert_eq!(scene.checks_of(copy).await, ["intact", "intact"]);
    }
    let last = second.copies_standing(&ada).await.unwrap().last.unwrap();
    assert_eq!((last.checked, last.broken), (5, 0));
    assert!(!second.begin_nightly_check().await.unwrap(), "one run a night");
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn several_workers_share_a_run_and_look_at_no_file_twice(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut copies = Vec::new();
    for n in 0..24_u8 {
        let content: &'static [u8] = vec![b'a' + n; 1000].leak();
        copies.push(scene.attach(content).await);
    }
    scene.room.wait_minutes(1);
    scene.desk.ask_for_check(None).await.unwrap();
    let desks = [scene.desk.clone(), scene.second_desk(), scene.second_desk(), scene.second_desk()];
    let shares = futures_util::future::join_all(desks.iter().map(check_all)).await;
    assert_eq!(shares.iter().sum::<usize>(), 24, "{shares:?}");
    for copy in copies {
        assert_eq!(scene.checks_of(copy).await.len(), 2);
    }
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn a_store_that_is_not_there_says_nothing_of_any_copy(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let copy = scene.attach(PDF).await;
    scene.room.wait_minutes(1);
    let ada = scene.room.person("Ada", Role::Admin).await;
    scene.desk.ask_for_check(Some(&ada)).await.unwrap();
    // A disk that was not mounted looks like this, to a process that has just begun.
    let away = scene.folder.0.with_extension("away");
    std::fs::rename(&scene.folder.0, &away).unwrap();
    std::fs::create_dir(&scene.folder.0).unwrap();
    let second = scene.second_desk();
    assert_eq!(second.check_next().await.unwrap_err().kind(), Kind::Unavailable);
    assert_eq!(second.verify_copy(&scene.noor, copy, None).await.unwrap_err().kind(), Kind::Unavailable);
    assert_eq!(second.copy(&scene.noor, copy).await.unwrap().outcome, Outcome::Intact);
    let running = second.copies_standing(&ada).await.unwrap().running.unwrap();
    assert!(running.trouble.unwrap().contains("the store of copies"));
    std::fs::remove_dir(&scene.folder.0).unwrap();
    std::fs::rename(&away, &scene.folder.0).unwrap();
    assert_eq!(check_all(&second).await, 1);
    assert_eq!(scene.checks_of(copy).await, ["intact", "intact"]);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn content_that_was_never_attached_is_swept_after_a_day(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let attached = scene.attach(PDF).await;
    let lost = scene.kept(PNG).await.unwrap();
    std::fs::create_dir_all(scene.folder.0.join("incoming")).unwrap();
    std::fs::write(scene.folder.0.join("incoming/half#1"), "half").unwrap();
    assert_eq!(scene.desk.sweep_content().await.unwrap(), 0, "it may be on its way");
    // Files bear the system's time, which is later than this newsroom's.
    scene.room.wait_minutes(60 * 24 * 365 * 10);
    assert_eq!(scene.desk.sweep_content().await.unwrap(), 2);
    assert_eq!(scene.folder.files(), 1);
    assert_eq!(scene.desk.verify_copy(&scene.noor, attached, None).await.unwrap().outcome, Outcome::Intact);
    let late = scene.desk.add_copy(&scene.noor, scene.evidence, lost, CopyForm::default(), None).await;
    assert_eq!(late.unwrap_err().kind(), Kind::Unavailable);
}

#[sqlx::test(migrator = "desk::MIGRATOR")]
async fn only_admins_see_how_all_copies_stand(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let editor = scene.room.editor("Eve").await;
    assert!(is_refused(&scene.desk.copies_standing(&editor).await));
    assert!(is_refused(&scene.desk.broken_copies(Some(&editor), None, 50).await));
    assert!(is_refused(&scene.desk.ask_for_check(Some(&editor)).await));
    let copy = scene.attach(PDF).await;
    let viewer = scene.room.person("Vic", Role::Viewer).await;
    assert!(is_refused(&scene.desk.verify_copy(&viewer, copy, None).await));
}
