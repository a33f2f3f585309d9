//! The room in a headset. The runtime is a real one, its headset and its controllers are of air.

#![cfg(all(target_os = "linux", feature = "headset"))]
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

mod support;

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use support::monado::remote::{Controller, Pose, Side};
use support::monado::{Monado, or_skip};
use support::worn::{Home, PATIENCE, PROGRAM, ended, heard, listen};

/// Whether `INNER_ROOM_REQUIRE` asks for something.
fn is_required(what: &str) -> bool {
    std::env::var("INNER_ROOM_REQUIRE").is_ok_and(|list| list.split(',').any(|it| it == what))
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
    let lines = listen(program.stdout.take());
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
    let lines = listen(program.stdout.take());
    program.stdin.take().expect("its input is ours").write_all(b"word\n").expect("it reads");
    let here = std::env::current_dir().expect("a folder");
    let said = format!("word {} {} {}", program.id(), here.display(), folder.path().display());
    assert_eq!(heard(&lines, "word", PATIENCE), Ok(vec![said]));
    assert_eq!(ended(&mut program), Some(7));
    assert!(folder.path().join("kept").is_file());
    assert_eq!(mounted(), before);
}

/// An evening from a script in the headset, with pictures.
fn scripted(monado: &Monado, home: &Home, script: &str, more: &[&str]) -> Output {
    fs::write(home.file("script"), script).expect("it is written");
    let mut command = monado.command(Path::new(PROGRAM));
    command.args(["--xr", "--cast", "story", "--tier", "low", "--seed", "7"]);
    command.arg("--script").arg(home.file("script")).arg("--offscreen").arg(home.file("pictures"));
    home.live_in(command.args(more));
    command.output().expect("it runs")
}

/// How many frames both eyes were shown, and the states that it came to, as the program says at its end.
fn frames(said: &Output) -> Option<(u32, String)> {
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    let line = text.lines().find(|line| line.starts_with("headset: "))?.to_owned();
    let number = line.split(", ").nth(1)?.split(' ').next()?.parse().ok()?;
    Some((number, line))
}

/// How bright a picture is in the middle, 0 to 255, and what share of its points differs between the eyes.
fn eyes(picture: &Path) -> (f64, f64) {
    let picture = image::open(picture).expect("a picture").to_rgb8();
    let (wide, high) = (picture.width() / 2, picture.height());
    let (mut light, mut differs) = (0.0, 0.0);
    for (x, y) in (0..wide).flat_map(|x| (0..high).map(move |y| (x, y))) {
        let (left, right) = (picture.get_pixel(x, y), picture.get_pixel(x + wide, y));
        light += left.0.iter().map(|it| f64::from(*it)).sum::<f64>() / 3.0;
        differs +=
            f64::from(u8::from(left.0.iter().zip(right.0).any(|(one, other)| one.abs_diff(other) > 8)));
    }
    let points = f64::from(wide * high);
    (light / points, differs / points)
}

const SHORT: &str = "that I am lazy and everybody sees it\n6\nYou were tired, and that is no crime.\n";

#[test]
fn an_evening_is_held_in_the_headset_and_both_eyes_see_it() {
    let Some(monado) = or_skip("an evening in the headset", Monado::start()) else { return };
    let home = Home::with("rounds = 1\n");
    let said = scripted(&monado, &home, SHORT, &["--eyes", "240"]);
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let (shown, line) = frames(&said).expect("it says how many frames there were");
    assert!(shown >= 300 && line.starts_with("headset: Focused") && line.ends_with("Exiting"), "{line}");
    let events = fs::read_to_string(home.file("pictures/events.jsonl")).expect("a log");
    assert!(events.contains(r#""kind":"end""#), "the evening came to its end");
    let pictures = fs::read_dir(home.file("pictures")).expect("pictures").flatten().map(|it| it.path());
    let (mut seen, mut dark) = (0, 0);
    for picture in
        pictures.filter(|it| it.extension().is_some_and(|end| end == "png") && !it.ends_with("card.png"))
    {
        let (light, differs) = eyes(&picture);
        seen += 1;
        if light < 4.0 {
            // Whoever changes places does so in the dark.
            dark += 1;
            continue;
        }
        assert!(differs > 0.02, "both eyes see the same in {}: {differs}", picture.display());
    }
    assert!(seen > 20 && dark * 10 <= seen, "{seen} pictures, {dark} of them black");
}

#[test]
fn a_stage_in_the_headset_whose_host_is_gone_ends_well_ten_times_in_a_row() {
    let Some(monado) = or_skip("a headset, ten times", Monado::start()) else { return };
    for time in 0..10 {
        let home = Home::with("");
        let mut command = monado.command(Path::new(PROGRAM));
        command.args(["stage", "--xr", "--tier", "low"]);
        home.surround(&mut command);
        command.stderr(Stdio::null());
        let mut stage = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts");
        let lines = listen(stage.stdout.take());
        heard(&lines, r#"{"headset":"ready"}"#, PATIENCE).expect("a headset is there");
        heard(&lines, r#""attention":"present""#, 2 * PATIENCE).expect("it is focused");
        // Whoever started it is gone.
        drop(stage.stdin.take());
        assert_eq!(ended(&mut stage), Some(0), "time {time}");
    }
}

#[test]
fn where_there_is_no_headset_pictures_are_drawn_all_the_same_and_one_line_says_why() {
    if !inner_room::app::can_show(true) {
        assert!(!is_required("vulkan"), "INNER_ROOM_REQUIRE asks for vulkan, and lavapipe is not installed");
        return eprintln!("skipped: pictures without a headset (lavapipe is not installed)");
    }
    let home = Home::with("rounds = 1\n");
    fs::write(home.file("script"), "that I am lazy\n5\n/stop\n").expect("it is written");
    let mut command = Command::new(PROGRAM);
    command.args(["--xr", "--cast", "story", "--tier", "low", "--script"]).arg(home.file("script"));
    command.arg("--offscreen").arg(home.file("pictures")).env("XR_RUNTIME_JSON", home.file("nothing.json"));
    home.live_in(&mut command);
    let said = command.output().expect("it runs");
    let errors = String::from_utf8_lossy(&said.stderr).into_owned();
    // What a driver says of the machine is the driver's.
    let ours: Vec<&str> = errors.lines().filter(|line| line.starts_with("inner-room")).collect();
    assert!(said.status.success() && ours.len() == 1, "{errors}");
    assert!(errors.contains("No headset") && errors.contains("without it"), "{errors}");
    let pictures = fs::read_dir(home.file("pictures")).expect("pictures").flatten();
    let pictures = pictures.filter(|it| it.path().extension().is_some_and(|end| end == "png")).count();
    assert!(pictures > 1, "{pictures} pictures");
    assert_eq!(frames(&said), None);
}
