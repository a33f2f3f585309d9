//! Staying closed until nothing stands against opening, and opening then.
//!
//! What keeps the doors closed mostly mends itself, or is mended by somebody who is no longer at the terminal: a server that
//! starts later, a call that gets through again, a line of the settings. So it is looked at again and again, and only what
//! has changed is said.

use std::time::{Duration, Instant};

use super::notify::Notify;

/// How often it is looked at.
pub const EVERY: Duration = Duration::from_secs(60);
/// How often a service manager hears that it is alive: its watchdog has 30 seconds.
const BEAT: Duration = Duration::from_secs(5);
/// How long a look may take: a language model that is silent takes its time to be given up.
const LOOKS: Duration = Duration::from_secs(120);
/// How often it is seen whether a look is done.
const GLANCE: Duration = Duration::from_millis(20);

/// Looks every `every` until nothing stands against opening, and returns what the look then brought. `look` gives the reasons
/// that stand against it, a line each; `say` gets what is new of them.
///
/// # Errors
/// When the system starts no thread to look in.
pub fn until_open<T: Send>(
    mut look: impl FnMut() -> Result<T, Vec<String>> + Send,
    every: Duration,
    notify: &Notify,
    mut say: impl FnMut(&str),
) -> std::io::Result<T> {
    let mut known: Vec<String> = Vec::new();
    let mut waits = false;
    loop {
        let reasons = match look_alive(&mut look, notify)? {
            Ok(found) => {
                if waits {
                    say("nothing stands against opening any more");
                    notify.say("STATUS=open");
                }
                return Ok(found);
            }
            Err(reasons) => reasons,
        };
        if !std::mem::replace(&mut waits, true) {
            // It is up as far as a service manager goes: closed is a state, and not a fault.
            notify.say("READY=1");
        }
        tell_changes(&known, &reasons, &mut say);
        if reasons.first() != known.first() {
            notify.say(&format!("STATUS=closed: {}", reasons.first().map_or("", String::as_str)));
        }
        known = reasons;
        rest(every, notify);
    }
}

/// Looks, and stays alive meanwhile. A look that never ends is a fault, and is left to the watchdog.
fn look_alive<T: Send>(
    look: &mut (impl FnMut() -> Result<T, Vec<String>> + Send),
    notify: &Notify,
) -> std::io::Result<Result<T, Vec<String>>> {
    std::thread::scope(|scope| {
        let looks = std::thread::Builder::new().name("exhibit-look".to_owned()).spawn_scoped(scope, look)?;
        let begun = Instant::now();
        let mut beat = begun;
        while !looks.is_finished() {
            if begun.elapsed() < LOOKS && beat.elapsed() >= BEAT {
                notify.say("WATCHDOG=1");
                beat = Instant::now();
            }
            std::thread::sleep(GLANCE);
        }
        Ok(looks.join().unwrap_or_else(|fault| std::panic::resume_unwind(fault)))
    })
}

fn tell_changes(known: &[String], reasons: &[String], say: &mut impl FnMut(&str)) {
    for reason in reasons.iter().filter(|reason| !known.contains(reason)) {
        say(reason);
    }
    for reason in known.iter().filter(|reason| !reasons.contains(reason)) {
        say(&format!("no longer: {reason}"));
    }
    if known.is_empty() {
        say("the exhibition stays closed meanwhile, and opens by itself as soon as it can");
    }
}

fn rest(span: Duration, notify: &Notify) {
    let until = Instant::now() + span;
    loop {
        notify.say("WATCHDOG=1");
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return;
        }
        std::thread::sleep(left.min(BEAT));
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixDatagram;

    use super::*;

    fn reasons(lines: &[&str]) -> Result<u32, Vec<String>> {
        Err(lines.iter().map(|line| (*line).to_owned()).collect())
    }

    #[test]
    fn it_stays_closed_says_only_what_changes_and_opens_as_soon_as_it_can() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("notify");
        let heard = UnixDatagram::bind(&path).expect("a socket");
        let mut looks = [
            reasons(&["no call", "no staff"]),
            reasons(&["no call", "no staff"]),
            reasons(&["no staff", "no room"]),
            reasons(&["no room"]),
            Ok(7),
        ]
        .into_iter();
        let (mut said, told) = (Vec::new(), std::sync::Mutex::new(Vec::new()));
        heard.set_nonblocking(true).expect("set");
        // A socket holds few messages: whoever listens takes them as they come.
        let listen = || {
            let mut line = [0; 128];
            while let Ok(length) = heard.recv(&mut line) {
                told.lock().expect("nobody fell").push(String::from_utf8_lossy(&line[..length]).into_owned());
            }
        };
        let found = until_open(
            || {
                listen();
                looks.next().expect("it has opened by now")
            },
            Duration::from_millis(1),
            &Notify::at(path.as_os_str()),
            |line| said.push(line.to_owned()),
        );
        assert_eq!(found.expect("a thread"), 7);
        assert!(looks.next().is_none());
        let closed = "the exhibition stays closed meanwhile, and opens by itself as soon as it can";
        let open = "nothing stands against opening any more";
        let expected =
            ["no call", "no staff", closed, "no room", "no longer: no call", "no longer: no staff", open];
        assert_eq!(said, expected);
        listen();
        let told = told.lock().expect("nobody fell");
        assert_eq!(told.iter().filter(|line| *line == "READY=1").count(), 1);
        assert!(told.iter().filter(|line| *line == "WATCHDOG=1").count() >= 4, "{told:?}");
        let status: Vec<_> = told.iter().filter_map(|line| line.strip_prefix("STATUS=")).collect();
        assert_eq!(status, ["closed: no call", "closed: no staff", "closed: no room", "open"]);
    }

    #[test]
    fn where_nothing_stands_against_it_it_opens_at_once_and_says_nothing() {
        let mut said = Vec::new();
        let found = until_open(|| Ok(1), EVERY, &Notify::from_env(), |line| said.push(line.to_owned()));
        assert_eq!((found.expect("a thread"), said.len()), (1, 0));
    }
}
