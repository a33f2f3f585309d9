//! An evening at a machine with a screen and a headset, wherever the runtime and the person go. The runtime is a real one, its
//! headset and its controllers are of air.

#![cfg(all(target_os = "linux", feature = "headset"))]
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

mod support;

use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use support::monado::remote::{Controller, Pose, Side};
use support::monado::{Monado, or_skip};
use support::worn::{Live, come_in};

/// A program of somebody else's that draws in the headset until it is dropped.
struct Other(Child);

impl Other {
    fn start(monado: &Monado) -> Self {
        let mut command = monado.command(Path::new("hello_xr"));
        command.args(["-g", "Vulkan2"]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        Self(command.spawn().expect("it starts"))
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        let (_asked, _ended) = (self.0.kill(), self.0.wait());
    }
}

#[test]
fn a_controller_presses_a_panel_and_the_evening_goes_on_wherever_the_runtime_goes() {
    let monado = Monado::start();
    let Some(mut monado) = or_skip("an evening that moves", monado) else { return };
    let Some(live) = or_skip("an evening that moves", Live::start(&monado)) else { return };
    come_in(&live, &monado);
    // Both triggers for as long as it takes to mean help are another test's; here the runtime dies.
    monado.kill();
    live.until("on the screen", || live.has_stage(false) && !live.has_stage(true));
    live.until("known to be gone", || live.log().contains(r#""part":"headset""#));
    live.until("held and let go", || {
        let log = live.log();
        log.contains(r#""paused":true"#) && log.contains(r#""paused":false"#)
    });
    live.until("heard", || {
        live.screen.types("that I am lazy") && live.log().contains(r#""text":"that I am lazy""#)
    });
    monado.begin().expect("it starts again");
    live.until("back in the headset", || live.has_stage(true) && !live.has_stage(false));
    let said = live.said();
    assert!(said.iter().any(|line| line.contains("The headset is gone")), "{said:?}");
    assert!(said.len() < 12, "an error loop: {said:?}");
}

#[test]
fn a_runtime_that_starts_late_is_entered_without_starting_the_program_anew() {
    let monado = Monado::absent();
    let Some(mut monado) = or_skip("a runtime that starts late", monado) else { return };
    let Some(live) = or_skip("a runtime that starts late", Live::start(&monado)) else { return };
    live.until("on the screen", || live.has_stage(false));
    monado.begin().expect("it starts");
    live.until("in the headset", || live.has_stage(true) && !live.has_stage(false));
    let said = live.said();
    assert_eq!(said.iter().filter(|line| line.contains("No headset answers")).count(), 1, "{said:?}");
}

#[test]
fn both_triggers_for_a_second_bring_help() {
    let monado = Monado::start();
    let Some(monado) = or_skip("help in the headset", monado) else { return };
    let Some(live) = or_skip("help in the headset", Live::start(&monado)) else { return };
    come_in(&live, &monado);
    let remote = monado.remote();
    let away = Controller::held(Pose::aimed([0.2, 1.3, -0.3], [0.9, 1.6, -1.2]));
    live.until("helped", || {
        for hand in [away, away.selecting()] {
            for side in [Side::Left, Side::Right] {
                remote.set_controller(side, hand);
            }
            std::thread::sleep(Duration::from_millis(1_600));
        }
        live.log().contains(r#""kind":"safety""#)
    });
}

/// What the runtime says then is what it says while its menu is open: somebody else has the person's eyes and hands.
#[test]
fn while_another_program_has_the_headset_the_evening_waits() {
    let monado = Monado::start().and_then(|it| it.with("hello_xr"));
    let Some(monado) = or_skip("a headset that somebody else takes", monado) else { return };
    let Some(live) = or_skip("a headset that somebody else takes", Live::start(&monado)) else { return };
    come_in(&live, &monado);
    for _ in 0..2 {
        let other = Other::start(&monado);
        live.until("held", || live.is_held());
        drop(other);
        live.until("let go", || !live.is_held());
        assert!(live.has_stage(true) && !live.has_stage(false), "it has left the headset");
    }
}

/// Opens the settings and presses what they begin with, the way into the headset or out of it, until they are there.
fn changes_place(live: &Live, what: &str, in_headset: bool) {
    live.until(what, || {
        let is_there = || live.has_stage(in_headset) && !live.has_stage(!in_headset);
        let pressed = !is_there() && live.screen.presses(&["F3", "shift+Tab", "Return"]);
        if pressed && !live.comes_to_pass(&is_there) {
            live.screen.presses(&["Escape"]);
        }
        is_there()
    });
}

/// Whoever puts it on in mid-evening is shown the same evening there, and comes back to the screen with it.
#[test]
fn the_headset_is_put_on_from_the_settings_and_taken_off_again() {
    let monado = Monado::start();
    let Some(monado) = or_skip("a headset that is put on", monado) else { return };
    let Some(live) = or_skip("a headset that is put on", Live::start_with(&monado, &[])) else { return };
    live.until("asked", || {
        // The button that one comes in by has the focus; in the room another one has.
        let is_asked = || live.log().contains(r#""kind":"question""#);
        live.screen.presses(&["Return"]) && live.comes_to_pass(&is_asked)
    });
    assert!(live.has_stage(false) && !live.has_stage(true), "it began in the headset");
    changes_place(&live, "in the headset", true);
    live.until("going on in the headset", || !live.is_held());
    changes_place(&live, "on the screen", false);
    live.until("going on on the screen", || !live.is_held());
    live.until("heard", || {
        live.screen.types("that I am lazy") && live.log().contains(r#""text":"that I am lazy""#)
    });
    assert_eq!(live.log().matches(r#""kind":"begin""#).count(), 1, "it began anew");
}
