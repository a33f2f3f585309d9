//! An exhibition of a few minutes, as it is rehearsed: real processes, visitors of the program's own, and a fault.

#![cfg(all(target_os = "linux", feature = "exhibit", feature = "room"))]
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]
#![expect(clippy::print_stderr, reason = "a skip has a name")]

use std::process::Command;

/// Whether anything can be drawn here without a graphics card; else a word.
fn can_draw() -> bool {
    if inner_room::app::can_show(false) {
        return true;
    }
    let required =
        std::env::var("INNER_ROOM_REQUIRE").is_ok_and(|list| list.split(',').any(|it| it == "vulkan"));
    assert!(!required, "there is no Vulkan driver, and INNER_ROOM_REQUIRE asks for vulkan");
    eprintln!("skipped: an exhibition in rehearsal (no Vulkan driver is installed)");
    false
}

fn soak(args: &[&str]) -> std::process::Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_inner-room"));
    command.args(["bench", "soak"]).args(args).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    command.output().expect("it runs")
}

#[test]
fn an_exhibition_of_twenty_minutes_with_visitors_and_faults_is_as_it_should_be() {
    if !can_draw() {
        return;
    }
    let done = soak(&["--hours", "0.33", "--speed", "20", "--seed", "5"]);
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{said}{}", String::from_utf8_lossy(&done.stderr));
    assert!(said.contains("drawn into memory") && said.contains("everything is as it should be"), "{said}");
    assert!(!said.contains("words of 0 visitors") && said.contains("found 0 times"), "{said}");
}

#[test]
fn what_cannot_be_soaked_is_one_clear_line() {
    for (args, why) in [
        (&["--hours", "0"][..], "0.02 to 1000 hours"),
        (&["--hours", "never"], "a number of hours"),
        (&["--hours", "1", "--speed", "0"], "1..=60"),
        (&["--hours", "1", "--speed", "61"], "1..=60"),
        (&["--hours", "1", "--kills", "0"], "1..=1000"),
    ] {
        let done = soak(args);
        let said = String::from_utf8_lossy(&done.stderr);
        assert_eq!(done.status.code(), Some(2), "{args:?}: {said}");
        assert!(said.trim_end().lines().count() == 1 && said.contains(why), "{args:?}: {said}");
    }
}
