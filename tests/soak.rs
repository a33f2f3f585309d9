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

/// In a network of its own, from which everything that leaves the machine is counted. It prints how many packets left while the
/// exhibition was held, and then how many after one was sent on purpose.
const ALONE: &str = r#"
set -e
ip link set lo up
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add outside type veth peer name nowhere
ip addr add 192.0.2.1/24 dev outside
ip link set outside up
ip link set nowhere up
ip route add default via 192.0.2.2
left() { awk '$1 == "outside:" { print $11 }' /proc/net/dev; }
"$@" > "$SAID" 2>&1 && echo well
left
echo x > /dev/udp/203.0.113.9/9 || true
sleep 0.2
left
"#;

/// Whether the system gives a network of its own, from which what leaves is counted; else a word.
fn can_be_alone() -> bool {
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--net", "bash", "-c", ALONE, "alone", "true"]).env("SAID", "/dev/null");
    let counted = command.output().map(|tried| String::from_utf8_lossy(&tried.stdout).into_owned());
    let can = counted.is_ok_and(|counted| counted.lines().take(2).eq(["well", "0"]));
    if !can {
        eprintln!(
            "skipped: an exhibition in a network of its own (unshare, ip and veth do not give one here)"
        );
    }
    can
}

/// Every address outside this machine leads into a cable that ends nowhere and counts. The language model that is set is on
/// this machine, and the exhibition talks with it all the while.
#[test]
fn an_exhibition_with_visitors_and_faults_is_as_it_should_be_and_contacts_nobody_but_whom_it_is_set_to() {
    if !can_draw() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let said = folder.path().join("said.txt");
    let alone = can_be_alone();
    let mut command = Command::new(if alone { "unshare" } else { "sh" });
    if alone {
        command.args(["--map-root-user", "--net", "bash", "-c", ALONE, "alone"]);
    } else {
        command.args(["-c", "\"$@\" > \"$SAID\" 2>&1 && echo well", "together"]);
    }
    command.args([
        env!("CARGO_BIN_EXE_inner-room"),
        "bench",
        "soak",
        "--hours",
        "0.25",
        "--speed",
        "20",
        "--seed",
        "5",
    ]);
    command.env("SAID", &said).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    let done = command.output().expect("it runs");
    let counted = String::from_utf8_lossy(&done.stdout).into_owned();
    let counted: Vec<&str> = counted.lines().collect();
    let said = std::fs::read_to_string(&said).expect("it said something");
    assert_eq!(counted.first(), Some(&"well"), "{said}{}", String::from_utf8_lossy(&done.stderr));
    assert!(said.contains("drawn into memory") && said.contains("everything is as it should be"), "{said}");
    assert!(!said.contains("words of 0 visitors") && said.contains("found 0 times"), "{said}");
    if alone {
        assert_eq!(counted.get(1), Some(&"0"), "packets left the machine: {said}");
        assert_ne!(counted.get(2), Some(&"0"), "and those that leave are counted");
    }
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
