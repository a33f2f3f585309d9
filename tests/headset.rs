//! The room in a headset. The runtime is a real one, its headset and its controllers are of air.

#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

mod support;

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use support::monado::remote::{Controller, Pose, Side};
use support::monado::{Monado, or_skip};

/// How long a program may take until it says or does what it is to.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a program says, up to a line with this in it; or all that it says meanwhile without.
fn heard(
    lines: &mpsc::Receiver<String>,
    wanted: &str,
    patience: Duration,
) -> Result<Vec<String>, Vec<String>> {
    let (mut said, end) = (Vec::new(), Instant::now() + patience);
    while let Ok(line) = lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
        said.push(line);
        if said.last().is_some_and(|line| line.contains(wanted)) {
            return Ok(said);
        }
    }
    Err(said)
}

/// The lines that a program says.
fn listen(child: &mut Child) -> mpsc::Receiver<String> {
    let out = child.stdout.take().expect("its output is ours");
    let (tell, lines) = mpsc::sync_channel(1_000);
    let read = move || BufReader::new(out).lines().map_while(Result::ok).try_for_each(|line| tell.send(line));
    std::thread::Builder::new().name("listener".to_owned()).spawn(read).expect("a thread");
    lines
}

/// Its own end, within the time it has.
fn ended(child: &mut Child) -> Option<i32> {
    let end = Instant::now() + PATIENCE;
    while Instant::now() < end {
        if let Some(status) = child.try_wait().expect("it is our child") {
            return status.code();
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let (_killed, _ended) = (child.kill(), child.wait());
    None
}

/// What the runtime says of itself to a program that asks.
fn answer(monado: &Monado) -> (bool, String) {
    let asked =
        monado.command(Path::new("openxr_runtime_list")).stdin(Stdio::null()).output().expect("it runs");
    (asked.status.success(), String::from_utf8_lossy(&asked.stdout).into_owned())
}

#[test]
fn a_runtime_answers() {
    let monado = Monado::absent().and_then(|it| it.with("openxr_runtime_list"));
    let Some(mut monado) = or_skip("a runtime of OpenXR that answers", monado) else { return };
    assert!(!answer(&monado).0, "somebody answers before it is there");
    for _ in 0..2 {
        monado.begin().expect("it starts");
        for _ in 0..2 {
            let (well, said) = answer(&monado);
            assert!(well && said.contains("Monado: Remote HMD"), "{said}");
        }
        monado.kill();
        monado.kill();
        assert!(!answer(&monado).0, "it answers although it is dead");
    }
}

/// The example of those who made `OpenXR` draws for two eyes, and ends when a controller's menu button is pressed.
#[test]
fn a_program_draws_in_the_headset_and_a_controller_is_pressed() {
    let monado = Monado::start().and_then(|it| it.with("hello_xr"));
    let Some(monado) = or_skip("an example in the headset", monado) else { return };
    let mut program = monado
        .command(Path::new("stdbuf"))
        .args(["-oL", "hello_xr", "-g", "Vulkan2"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let lines = listen(&mut program);
    let said = heard(&lines, "SESSION_STATE_FOCUSED", PATIENCE).expect("it is looked at");
    assert!(said.iter().any(|line| line.contains("Creating swapchain for view 1")), "{said:#?}");
    let name = fs::read_to_string(format!("/proc/{}/comm", program.id())).expect("it runs");
    assert_eq!(name.trim(), "hello_xr", "the child is not the program itself");
    let hand = Controller::held(Pose::aimed([-0.2, 1.3, -0.5], [0.0, 1.5, -2.0]));
    // It sees a press only where it has seen the button free before.
    let (remote, end) = (monado.remote(), Instant::now() + PATIENCE);
    let mut states = [hand, hand.calling_menu()].into_iter().cycle();
    while heard(&lines, "SESSION_STATE_STOPPING", Duration::from_millis(200)).is_err() {
        assert!(Instant::now() < end, "nothing is pressed");
        remote.set_controller(Side::Left, states.next().expect("there are two"));
    }
    // It waits for a key before it goes.
    drop(program.stdin.take());
    assert_eq!(ended(&mut program), Some(0));
}

#[test]
fn a_program_beside_the_runtime_is_the_child_itself_and_leaves_nothing_mounted() {
    let Some(monado) = or_skip("a program beside a runtime of OpenXR", Monado::absent()) else { return };
    let mounted = || fs::read_to_string("/proc/self/mounts").expect("mounts");
    let before = mounted();
    let folder = tempfile::tempdir().expect("a folder");
    let mut program = monado
        .command(Path::new("sh"))
        .args(["-c", "read word; echo \"$word $$ $PWD $1\"; echo it > \"$1/kept\"; exit 7", "sh"])
        .arg(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let lines = listen(&mut program);
    program.stdin.take().expect("its input is ours").write_all(b"word\n").expect("it reads");
    let here = std::env::current_dir().expect("a folder");
    let said = format!("word {} {} {}", program.id(), here.display(), folder.path().display());
    assert_eq!(heard(&lines, "word", PATIENCE), Ok(vec![said]));
    assert_eq!(ended(&mut program), Some(7));
    assert!(folder.path().join("kept").is_file());
    assert_eq!(mounted(), before);
}
