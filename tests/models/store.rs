//! A model on its way into a folder: whole or not at all, and on from where it broke off.

use std::path::Path;
use std::process::{Command, Stdio};
use std::slice::from_ref;
use std::time::{Duration, Instant};

use inner_room::models::catalogue::Entry;
use inner_room::models::store::{Store, StoreError};
use inner_room::models::{Folders, Progress};

use crate::kept::files;
use crate::server::{FileServer, entry, file, head, places, rest};
use crate::wire::Step;

fn store(folder: &Path) -> Store {
    Store::new(Folders::of(vec![folder.to_owned()]))
}

fn pull(folder: &Path, entry: &Entry, server: &FileServer) -> Result<Vec<Progress>, StoreError> {
    let mut told = Vec::new();
    let path = store(folder).pull(entry, &server.address(), &mut |progress| told.push(progress))?;
    assert_eq!(path, places(folder).0);
    Ok(told)
}

/// A server that has this file and does everything right.
fn good(bytes: &[u8]) -> FileServer {
    let bytes = bytes.to_vec();
    FileServer::new(move |wanted, _| rest(&bytes, wanted, usize::MAX, "\"a\""))
}

#[test]
fn a_model_is_put_where_it_belongs_and_nothing_else_is_left() {
    let (folder, bytes) = (tempfile::tempdir().expect("a folder"), file());
    for size in [Some(bytes.len()), None] {
        let entry = entry(&bytes, size);
        let told = pull(folder.path(), &entry, &good(&bytes)).expect("it comes");
        let path = places(folder.path()).0;
        assert_eq!(files(folder.path()), from_ref(&path));
        assert!(std::fs::read(&path).expect("read") == bytes);
        assert_eq!(store(folder.path()).whole(&entry), Some(path));
        let total = Some(bytes.len() as u64);
        assert_eq!(told.first(), Some(&Progress { bytes: 0, total }));
        assert_eq!(told.last(), Some(&Progress { bytes: bytes.len() as u64, total }));
    }
}

#[test]
fn where_the_connection_breaks_and_something_came_it_goes_on_by_itself() {
    let (folder, bytes) = (tempfile::tempdir().expect("a folder"), file());
    let kept = bytes.clone();
    let server = FileServer::new(move |wanted, _| rest(&kept, wanted, 150_000, "\"a\""));
    pull(folder.path(), &entry(&bytes, Some(bytes.len())), &server).expect("it comes");
    assert!(std::fs::read(places(folder.path()).0).expect("read") == bytes);
    assert_eq!(server.ranges(), [None, Some(150_000), Some(300_000)]);
    assert!(server.asked()[1..].iter().all(|wanted| wanted.tag.as_deref() == Some("\"a\"")));
}

#[test]
fn what_broke_off_goes_on_the_next_time_and_its_size_need_not_be_known() {
    let (folder, bytes) = (tempfile::tempdir().expect("a folder"), file());
    for size in [Some(bytes.len()), None] {
        let (entry, kept) = (entry(&bytes, size), bytes.clone());
        let (path, part) = places(folder.path());
        // The second answer brings nothing, so that it is given up.
        let bad =
            FileServer::new(move |wanted, before| rest(&kept, wanted, [100_000, 0][before.min(1)], "\"a\""));
        let error = pull(folder.path(), &entry, &bad).expect_err("it breaks off").to_string();
        assert!(error.contains("test did not come") && error.contains("goes on where it stopped"), "{error}");
        assert!(std::fs::read(&part).expect("read") == bytes[..100_000] && !path.exists());
        let server = good(&bytes);
        let told = pull(folder.path(), &entry, &server).expect("it comes");
        assert_eq!(told[0].bytes, 100_000);
        assert_eq!(server.ranges(), [Some(100_000)]);
        assert_eq!(files(folder.path()), from_ref(&path));
        std::fs::remove_file(path).expect("removed");
    }
}

#[test]
fn a_part_that_was_whole_already_only_gets_its_name() {
    let (folder, bytes) = (tempfile::tempdir().expect("a folder"), file());
    for (size, asked) in [(Some(bytes.len()), 0), (None, 1)] {
        let (path, part) = places(folder.path());
        std::fs::create_dir_all(folder.path().join("speech")).expect("a folder");
        std::fs::write(&part, &bytes).expect("written");
        let server = good(&bytes);
        pull(folder.path(), &entry(&bytes, size), &server).expect("it is here");
        assert_eq!(server.asked().len(), asked);
        assert_eq!(files(folder.path()), from_ref(&path));
        std::fs::remove_file(path).expect("removed");
    }
}

#[test]
fn a_server_that_cannot_go_on_begins_anew() {
    let (folder, bytes) = (tempfile::tempdir().expect("a folder"), file());
    // One that knows no ranges or whose file is another by now, one that goes on elsewhere, and one that cannot.
    for (status, length, more) in [
        ("200 OK", bytes.len(), ""),
        ("206 Partial Content", 10, "Content-Range: bytes 5-14/360000\r\n"),
        ("416 Range Not Satisfiable", 10, "Content-Range: bytes */7\r\n"),
    ] {
        let (path, part) = places(folder.path());
        std::fs::create_dir_all(folder.path().join("speech")).expect("a folder");
        std::fs::write(&part, vec![9; 100_000]).expect("written");
        let whole = bytes.clone();
        let server = FileServer::new(move |wanted, before| match before {
            0 => vec![head(status, Some(length), more), Step::Send(whole[..length].to_vec())],
            _ => rest(&whole, wanted, usize::MAX, ""),
        });
        pull(folder.path(), &entry(&bytes, None), &server).expect("it comes");
        assert!(std::fs::read(&path).expect("read") == bytes, "{status}");
        std::fs::remove_file(path).expect("removed");
    }
}

#[test]
fn a_part_that_is_longer_than_the_file_may_be_is_begun_anew() {
    let (folder, bytes) = (tempfile::tempdir().expect("a folder"), file());
    std::fs::create_dir_all(folder.path().join("speech")).expect("a folder");
    std::fs::write(places(folder.path()).1, vec![9; bytes.len() + 1]).expect("written");
    let server = good(&bytes);
    pull(folder.path(), &entry(&bytes, Some(bytes.len())), &server).expect("it comes");
    assert_eq!(server.ranges(), [None]);
}

#[test]
fn another_file_is_thrown_away_and_what_was_there_stays() {
    let (folder, bytes) = (tempfile::tempdir().expect("a folder"), file());
    let entry = entry(&bytes, Some(bytes.len()));
    let path = places(folder.path()).0;
    std::fs::create_dir_all(folder.path().join("speech")).expect("a folder");
    std::fs::write(&path, "what was there").expect("written");
    let mut other = bytes.clone();
    other[200_000] ^= 1;
    let error = pull(folder.path(), &entry, &good(&other)).expect_err("another file");
    assert!(matches!(error, StoreError::Wrong { .. }), "{error:?}");
    let said = error.to_string();
    assert!(said.contains("checksum") && said.contains("models import FILE"), "{said}");
    assert_eq!(std::fs::read_to_string(&path).expect("read"), "what was there");
    assert_eq!(files(folder.path()), from_ref(&path));
    pull(folder.path(), &entry, &good(&bytes)).expect("the next time it comes");
    assert!(std::fs::read(&path).expect("read") == bytes);
}

#[test]
fn a_download_that_never_began_leaves_no_file() {
    let (folder, bytes) = (tempfile::tempdir().expect("a folder"), file());
    let entry = entry(&bytes, Some(bytes.len()));
    let gone = FileServer::new(|_, _| vec![head("404 Not Found", Some(0), "")]);
    let error = pull(folder.path(), &entry, &gone).expect_err("it is gone").to_string();
    assert!(error.contains("answered 404"), "{error}");
    let small = good(b"small");
    let error = pull(folder.path(), &entry, &small).expect_err("another size").to_string();
    assert!(error.contains("5 bytes") && error.contains("360000"), "{error}");
    assert!(files(folder.path()).is_empty());
}

#[test]
fn the_first_folder_that_can_be_written_is_taken() {
    let (folder, bytes) = (tempfile::tempdir().expect("a folder"), file());
    // Nobody can make a folder inside of a file.
    let file = folder.path().join("file");
    std::fs::write(&file, "").expect("written");
    let second = folder.path().join("second");
    let store = Store::new(Folders::of(vec![file.clone(), second.clone()]));
    let entry = entry(&bytes, None);
    let path = store.pull(&entry, &good(&bytes).address(), &mut |_| {}).expect("it comes");
    assert_eq!(path, places(&second).0);
    let error = Store::new(Folders::of(vec![file])).pull(&entry, "https://example.org", &mut |_| {});
    let error = error.expect_err("no room").to_string();
    assert!(error.contains("name another folder with --models"), "{error}");
    let error = Store::new(Folders::of(Vec::new())).pull(&entry, "https://example.org", &mut |_| {});
    assert!(matches!(error, Err(StoreError::NoFolder)));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said_and_spoils_nothing() {
    let (folder, bytes) = (tempfile::tempdir().expect("a folder"), file());
    let (path, part) = places(folder.path());
    std::fs::create_dir_all(folder.path().join("speech")).expect("a folder");
    std::fs::write(&path, "what was there").expect("written");
    std::os::unix::fs::symlink("/dev/full", &part).expect("linked");
    let error = pull(folder.path(), &entry(&bytes, None), &good(&bytes)).expect_err("no room");
    let said = error.to_string();
    assert!(matches!(error, StoreError::Write { .. }) && said.contains("Make room"), "{said}");
    assert_eq!(std::fs::read_to_string(&path).expect("read"), "what was there");
}

#[test]
fn two_do_not_write_to_one_file() {
    let (folder, bytes) = (tempfile::tempdir().expect("a folder"), file());
    std::fs::create_dir_all(folder.path().join("speech")).expect("a folder");
    let part = std::fs::File::create(places(folder.path()).1).expect("made");
    part.lock().expect("locked");
    let error = pull(folder.path(), &entry(&bytes, None), &good(&bytes)).expect_err("it is held");
    assert!(matches!(error, StoreError::Busy { .. }), "{error:?}");
    drop(part);
    pull(folder.path(), &entry(&bytes, None), &good(&bytes)).expect("nobody holds it");
}

#[test]
fn a_copy_that_was_brought_along_ends_a_download_that_was_begun() {
    let (folder, bytes) = (tempfile::tempdir().expect("a folder"), file());
    let (path, part) = places(folder.path());
    let brought = folder.path().join("brought");
    std::fs::create_dir_all(folder.path().join("speech")).expect("a folder");
    std::fs::write(&part, &bytes[..10]).expect("written");
    std::fs::write(&brought, &bytes).expect("written");
    let entry = entry(&bytes, None);
    assert_eq!(store(folder.path()).import(&entry, &brought).expect("it is taken in"), path);
    assert_eq!(files(folder.path()), [brought.clone(), path.clone()]);
    std::fs::write(&brought, "changed meanwhile").expect("written");
    let error = store(folder.path()).import(&entry, &brought).expect_err("another file");
    assert!(matches!(error, StoreError::Wrong { .. }), "{error:?}");
    assert!(std::fs::read(&path).expect("read") == bytes, "what was there stays");
    assert_eq!(files(folder.path()), [brought, path], "nothing else is left");
}

const CHILD: &str = "INNER_ROOM_TEST_PULL";

/// No test of its own: what [`a_program_that_is_killed_goes_on_the_next_time`] starts and kills.
#[test]
#[ignore = "the other half of a test"]
fn a_download_that_will_be_killed() {
    let Ok(told) = std::env::var(CHILD) else { return };
    let (folder, address) = told.split_once('|').expect("two parts");
    store(Path::new(folder)).pull(&entry(&file(), None), address, &mut |_| {}).expect("it comes");
}

#[test]
fn a_program_that_is_killed_goes_on_the_next_time() {
    let (folder, bytes) = (tempfile::tempdir().expect("a folder"), file());
    let kept = bytes.clone();
    let slow = FileServer::new(move |wanted, _| {
        let mut steps = rest(&kept, wanted, 200_000, "\"a\"");
        steps.push(Step::Hold);
        steps
    });
    let (path, part) = places(folder.path());
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--ignored", "--exact", "store::a_download_that_will_be_killed"])
        .env(CHILD, format!("{}|{}", folder.path().display(), slow.address()))
        .stdout(Stdio::null())
        .spawn()
        .expect("it starts");
    let begun = Instant::now();
    while std::fs::metadata(&part).map_or(0, |part| part.len()) < 200_000 {
        assert!(begun.elapsed() < Duration::from_secs(20), "it comes");
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().expect("killed");
    child.wait().expect("gone");
    assert!(std::fs::read(&part).expect("read") == bytes[..200_000] && !path.exists());
    let server = good(&bytes);
    pull(folder.path(), &entry(&bytes, None), &server).expect("it comes");
    assert_eq!(
        server.asked().iter().map(|it| (it.from, it.tag.clone())).collect::<Vec<_>>(),
        [(Some(200_000), Some("\"a\"".to_owned()))]
    );
    assert!(std::fs::read(&path).expect("read") == bytes);
}
