//! What keeps an exhibition going: real processes that hold a visit, fall, hang, and are ended with all that they know.

#![cfg(all(unix, feature = "exhibit"))]
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::{Sender, bounded, never};
use inner_room::exhibit::hours::Moment;
use inner_room::exhibit::panel::Staffed;
use inner_room::exhibit::staff::{Board, Count, Order, State, What};
use inner_room::exhibit::station::Asked;
use inner_room::exhibit::supervise::{Supervised, supervise};
use inner_room::host::Shut;

/// The longest that anything may take here: `safety.md` D8 gives a restart 20 seconds.
const PATIENCE: Duration = Duration::from_secs(20);

const LIT: &str = r#"echo '{"beat":{"lit":true}}'"#;
/// Alive until it is told to end.
const LIVES: &str = r#"while sleep 0.2; do echo '{"beat":{"lit":true}}'; done"#;

/// An exhibition whose stations are a few lines of shell. `$n` counts them from 0.
struct Exhibition {
    folder: tempfile::TempDir,
    board: Arc<Board>,
    order: Sender<Order>,
    closed: Arc<AtomicBool>,
    over: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Exhibition {
    fn open(script: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let board = Arc::new(Board::new());
        let (order, orders) = bounded(4);
        let (over, closed) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        let (at, script) = (folder.path().to_owned(), script.to_owned());
        let with = (Arc::clone(&board), Arc::clone(&over), Arc::clone(&closed));
        let thread = std::thread::Builder::new().name("exhibition".to_owned()).spawn(move || {
            let (board, over, closed) = with;
            let supervised = Supervised {
                board,
                orders,
                start: &|asked| station(&at, &script, asked),
                clock: &|| Moment { open: !closed.load(Ordering::Relaxed), family: false },
                changes: &|| None,
                closed: &|| Shut::Closed { at: None, day: None },
                call: &|_reason| {},
                rang: never(),
                staffed: Staffed::default(),
                overlaps: true,
                first: Asked { lang: "en".to_owned(), volume: 100, family: false, shut: None },
            };
            supervise(&supervised, &|| over.load(Ordering::Relaxed));
        });
        let thread = thread.expect("a thread");
        Self { folder, board, order, closed, over, thread: Some(thread) }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Waits until something is so; how long it took.
    fn until(&self, what: &str, is: impl Fn(&Self) -> bool) -> Duration {
        let begun = Instant::now();
        while !is(self) {
            assert!(begun.elapsed() < PATIENCE, "not {what}: {:?}", self.board.state());
            std::thread::sleep(Duration::from_millis(20));
        }
        begun.elapsed()
    }

    fn counted(&self, what: Count) -> u64 {
        self.board.counted(what)
    }

    /// The number of the process that station `n` is.
    fn process(&self, n: u32) -> u32 {
        let file = self.file(&format!("process{n}"));
        self.until("started", |_| fs::read_to_string(&file).is_ok_and(|it| it.ends_with('\n')));
        fs::read_to_string(file).expect("it is there").trim().parse().expect("a number")
    }

    fn tell(&self, what: What) {
        let order = Order { order: Some(what), volume: None, lang: None };
        self.order.send(order).expect("it listens");
    }
}

impl Drop for Exhibition {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        let ended = self.thread.take().map(std::thread::JoinHandle::join);
        assert!(ended.is_none_or(|ended| ended.is_ok()) || std::thread::panicking());
    }
}

fn station(folder: &Path, script: &str, asked: &Asked) -> Command {
    let mut command = Command::new("sh");
    let before = "n=$(cat count 2>/dev/null || echo 0); echo $((n+1)) > count; echo $$ > process$n";
    command.args(["-c", &format!("cd '{}'; {before}; {script}", folder.display())]);
    let shut = match &asked.shut {
        None => "open",
        Some(Shut::Closed { .. }) => "closed",
        Some(Shut::Rest) => "rests",
    };
    command.env("ASKED", format!("{} {}", asked.lang, asked.volume)).env("SHUT", shut);
    command
}

fn runs(process: u32) -> bool {
    let state = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    state.rsplit(") ").next().is_some_and(|rest| !rest.is_empty() && !rest.starts_with('Z'))
}

fn kill(process: u32) {
    let killed = Command::new("kill").args(["-9", &process.to_string()]).status().expect("kill runs");
    assert!(killed.success());
}

#[test]
fn a_visit_is_counted_and_its_process_is_gone_once_the_next_room_is_lit() {
    // The visitor's words stand in a variable of the process, and nowhere else.
    let script = format!(
        r#"{LIT}; if [ $n = 0 ]; then words="I was so alone"; echo '"begun"'; sleep 0.5; echo '"over"'; sleep 0.5; echo '"done"'; fi; {LIVES}"#
    );
    let exhibition = Exhibition::open(&script);
    let first = exhibition.process(0);
    exhibition.until("begun", |it| it.board.state() == State::Visit);
    exhibition.until("farewell", |it| it.board.state() == State::Farewell);
    exhibition.until("wiped", |it| it.counted(Count::Wiped) == 1 && it.board.state() == State::Attract);
    exhibition.until("gone", |_| !runs(first));
    assert!(runs(exhibition.process(1)));
    let counts = [Count::Begun, Count::Finished, Count::LeftEarly, Count::HostsFell];
    assert_eq!(counts.map(|what| exhibition.counted(what)), [1, 1, 0, 0]);
}

#[test]
fn whoever_leaves_by_the_help_card_has_left_early_once_and_the_room_is_made_ready_all_the_same() {
    // The room that is lit beside it falls the first time.
    let script = format!(
        r#"[ $n = 1 ] && exit 3; {LIT}; if [ $n = 0 ]; then echo '"begun"'; echo '"sos"'; echo '"done"'; echo '"over"'; fi; {LIVES}"#
    );
    let exhibition = Exhibition::open(&script);
    exhibition.until("wiped", |it| it.counted(Count::Wiped) == 1 && it.board.state() == State::Attract);
    let counts = [Count::Begun, Count::Finished, Count::LeftEarly, Count::HostsFell];
    assert_eq!(counts.map(|what| exhibition.counted(what)), [1, 0, 1, 1]);
}

#[test]
fn a_station_that_is_killed_in_a_visit_takes_its_stage_with_it_and_another_waits_for_somebody() {
    // A stage that does not notice that its host is gone.
    let script =
        format!(r#"{LIT}; if [ $n = 0 ]; then echo '"begun"'; sleep 1000 & echo $! > stage; fi; {LIVES}"#);
    let exhibition = Exhibition::open(&script);
    let first = exhibition.process(0);
    exhibition.until("begun", |it| it.board.state() == State::Visit);
    let stage = exhibition.file("stage");
    exhibition.until("a stage", |_| fs::read_to_string(&stage).is_ok_and(|it| it.ends_with('\n')));
    let stage: u32 = fs::read_to_string(&stage).expect("read").trim().parse().expect("a number");
    kill(first);
    exhibition.until("back", |it| it.counted(Count::HostsFell) == 1 && it.board.state() == State::Attract);
    exhibition.until("ended", |_| !runs(stage));
    assert_eq!((exhibition.counted(Count::LeftEarly), exhibition.counted(Count::Wiped)), (1, 1));
}

#[test]
fn a_station_whose_stage_falls_says_so_and_is_no_fall_of_the_host() {
    let exhibition = Exhibition::open(&format!("{LIT}; [ $n = 0 ] && exit 1; {LIVES}"));
    exhibition.until("counted", |it| it.counted(Count::StagesFell) == 1);
    exhibition.until("back", |it| it.board.state() == State::Attract);
    assert_eq!(exhibition.counted(Count::HostsFell), 0);
}

#[test]
fn a_station_that_falls_all_the_time_is_left_to_rest_and_said_to_be_still() {
    let exhibition = Exhibition::open("exit 3");
    exhibition.until("still", |it| it.board.state() == State::Still);
    // What is shown meanwhile falls, too, and is not tried again.
    exhibition.until("dark", |it| it.counted(Count::HostsFell) == 6);
    assert_eq!(fs::read_to_string(exhibition.file("count")).expect("a count").trim(), "6");
    exhibition.tell(What::Restart);
    exhibition.until("tried again", |it| it.counted(Count::HostsFell) == 12);
}

#[test]
fn it_closes_once_nobody_is_here_and_opens_when_the_staff_say_so() {
    let script = format!(
        r#"{LIT}; if [ $n = 0 ]; then echo '"begun"'; until [ -e enough ]; do sleep 0.1; {LIT}; done; echo '"over"'; echo '"done"'; fi; {LIVES}"#
    );
    let exhibition = Exhibition::open(&script);
    let first = exhibition.process(0);
    exhibition.until("begun", |it| it.board.state() == State::Visit);
    exhibition.closed.store(true, Ordering::Relaxed);
    std::thread::sleep(Duration::from_millis(600));
    assert!(runs(first) && exhibition.board.state() == State::Visit, "a visit comes to its end");
    fs::write(exhibition.file("enough"), "").expect("written");
    exhibition.until("closed", |it| it.board.state() == State::Closed && !runs(first));
    exhibition.tell(What::Open);
    exhibition.until("open", |it| it.board.state() == State::Attract);
    exhibition.tell(What::Close);
    exhibition.until("closed", |it| it.board.state() == State::Closed);
}

#[test]
fn whoever_sits_down_as_the_sign_that_it_is_closed_is_made_ready_comes_to_their_own_end() {
    // The sign is lit only once somebody has come in.
    let script = format!(
        r#"if [ $SHUT = closed ]; then until [ -e light ]; do sleep 0.1; done; fi; {LIT}; if [ $n = 0 ]; then until [ -e sit ]; do sleep 0.1; {LIT}; done; echo '"begun"'; until [ -e enough ]; do sleep 0.1; {LIT}; done; echo '"over"'; echo '"done"'; fi; {LIVES}"#
    );
    let exhibition = Exhibition::open(&script);
    let first = exhibition.process(0);
    exhibition.until("open", |it| it.board.state() == State::Attract);
    exhibition.closed.store(true, Ordering::Relaxed);
    exhibition.process(1);
    fs::write(exhibition.file("sit"), "").expect("written");
    exhibition.until("begun", |it| it.board.state() == State::Visit);
    fs::write(exhibition.file("light"), "").expect("written");
    std::thread::sleep(Duration::from_millis(800));
    assert!(runs(first) && exhibition.board.state() == State::Visit, "they are not thrown out");
    fs::write(exhibition.file("enough"), "").expect("written");
    exhibition.until("closed", |it| it.board.state() == State::Closed && !runs(first));
    assert_eq!((exhibition.counted(Count::Finished), exhibition.counted(Count::LeftEarly)), (1, 0));
}

#[test]
fn what_the_staff_want_reaches_the_station_and_the_next_one() {
    let script = format!(
        r#"echo "$ASKED" > asked$n; {LIT}; exec 3<&0; while read -r line; do echo "$line" >> told; done <&3 & {LIVES}"#
    );
    let exhibition = Exhibition::open(&script);
    exhibition.until("lit", |it| it.board.state() == State::Attract);
    exhibition.tell(What::Pause);
    exhibition.until("paused", |it| it.board.state() == State::Paused);
    let louder = Order { order: Some(What::Resume), volume: Some(40), lang: None };
    exhibition.order.send(louder).expect("it listens");
    let told = exhibition.file("told");
    let orders = |told: String| {
        let lines = told.lines().filter(|line| !line.starts_with("{\"care\""));
        lines.collect::<Vec<_>>() == ["\"pause\"", "{\"volume\":40}", "\"resume\""]
    };
    exhibition.until("told", |_| fs::read_to_string(&told).is_ok_and(orders));
    let care = fs::read_to_string(&told).expect("it is there");
    assert!(care.contains("\"paused\":true"), "whoever comes knows that it is held: {care}");
    let chinese = Order { order: None, volume: None, lang: Some("zh".to_owned()) };
    exhibition.order.send(chinese).expect("it listens");
    exhibition.until("asked", |it| fs::read_to_string(it.file("asked1")).is_ok_and(|it| it == "zh 40\n"));
}

#[test]
fn after_too_many_falls_a_still_picture_stands_instead_and_after_a_restart_the_room() {
    let exhibition = Exhibition::open(&format!(
        "[ $SHUT = open ] && [ ! -e mended ] && exit 3; {LIT}; echo $SHUT > shown; {LIVES}"
    ));
    exhibition.until("still", |it| it.board.state() == State::Still);
    let shown = exhibition.file("shown");
    exhibition.until("a still picture", |_| fs::read_to_string(&shown).is_ok_and(|shown| shown == "rests\n"));
    assert_eq!(exhibition.counted(Count::HostsFell), 5);
    fs::write(exhibition.file("mended"), "").expect("written");
    exhibition.tell(What::Restart);
    exhibition.until("back", |it| it.board.state() == State::Attract);
    assert_eq!(fs::read_to_string(&shown).expect("shown"), "open\n");
}

#[test]
fn while_it_is_closed_a_sign_stands_and_what_the_staff_said_holds_until_the_hours_change() {
    let exhibition = Exhibition::open(&format!("echo $SHUT > shown; {LIT}; {LIVES}"));
    let shown = exhibition.file("shown");
    let stands = |what: &'static str| {
        exhibition.until(what, |_| fs::read_to_string(&shown).is_ok_and(|shown| shown.trim() == what));
    };
    exhibition.until("open", |it| it.board.state() == State::Attract);
    exhibition.tell(What::Close);
    stands("closed");
    exhibition.until("closed", |it| it.board.state() == State::Closed);
    // The hours close, and open again the next day.
    exhibition.closed.store(true, Ordering::Relaxed);
    std::thread::sleep(Duration::from_millis(600));
    assert_eq!(exhibition.board.state(), State::Closed);
    exhibition.closed.store(false, Ordering::Relaxed);
    stands("open");
    exhibition.until("open", |it| it.board.state() == State::Attract);
    assert_eq!(exhibition.counted(Count::Wiped), 0, "nobody was here");
}
