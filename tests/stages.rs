//! What keeps a stage in front of the person: real processes that fall, refuse, or go.

#![cfg(unix)]
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crossbeam_channel::{Receiver, Sender, bounded};
use inner_room::cast::story::StoryCast;
use inner_room::dialogue::Input;
use inner_room::dialogue::ids::UtteranceId;
use inner_room::dialogue::input::Sense;
use inner_room::host::{
    self, Aloud, Attend, Choices, Device, Devices, EventLog, FromStage, HeadsetNews, HostLink, Left, Opened,
    Ordered, Parts, Past, Play, Preferences, Senses, Shown, Sound, StageError, Trial, Welcome, spawn,
};
use inner_room::voice::OwnVoice;

/// A stage that is a few lines of shell. `$n` counts them from 0.
fn stage(folder: &Path, script: &str) -> impl Fn(&Preferences, Shown) -> Command {
    let count = folder.join("count").display().to_string();
    let script = format!(
        "cd '{}'; n=$(cat '{count}' 2>/dev/null || echo 0); echo $((n+1)) > '{count}'; read -r welcome; {script}",
        folder.display()
    );
    move |_, _| {
        let mut command = Command::new("sh");
        command.args(["-c", &script]);
        command
    }
}

fn starts(folder: &Path) -> u32 {
    fs::read_to_string(folder.join("count")).expect("a count").trim().parse().expect("a number")
}

fn open(link: HostLink) -> Result<Opened, StageError> {
    let cast = Box::new(StoryCast::new().expect("the material is in its form"));
    let host = spawn(Parts::of(cast), link)?;
    Ok((host, Input::Begin(Box::new(support::setup(1)))))
}

type Begins = fn(Choices, &Preferences, HostLink) -> Result<Opened, StageError>;

fn prepared() -> Result<(Welcome, Begins), StageError> {
    Ok((Welcome::default(), |_, _, link| open(link)))
}

/// Somebody who remembers in a file, and says of every model that it is slow.
struct Memory<'a>(&'a Path, (Sender<u32>, Receiver<u32>));

fn memory(folder: &Path) -> Memory<'_> {
    Memory(folder, bounded(4))
}

impl Attend for Memory<'_> {
    fn remember(&mut self, now: &Preferences, before: &Preferences) {
        let told = format!("{} {}", before.look.text_size, now.look.text_size);
        fs::write(self.0.join("remembered"), told).expect("written");
    }

    fn try_out(&self, play: Play) -> Box<dyn FnOnce() -> Trial + Send> {
        Box::new(move || Trial::Failed(format!("{} is slow", play.model)))
    }

    fn past(&self) -> Box<dyn FnOnce() -> Past + Send> {
        Box::new(|| Past::Unreadable("nothing was ever kept".to_owned()))
    }

    fn take_away(&self, words: String, _lang: String) -> Box<dyn FnOnce() -> Result<String, String> + Send> {
        Box::new(move || Ok(words))
    }

    fn read(&mut self, what: Option<(Aloud, &Sound)>) {
        let file = self.0.join("read");
        let before = fs::read_to_string(&file).unwrap_or_default();
        let told = what.map_or_else(
            || "silence".to_owned(),
            |(what, sound)| format!("{} {} at {}", what.lang, what.paragraphs.concat(), sound.voices_volume),
        );
        fs::write(file, format!("{before}{told};")).expect("written");
        if told != "silence" {
            self.1.0.send(7).expect("there is room");
        }
    }

    fn read_out(&self) -> Receiver<u32> {
        self.1.1.clone()
    }

    fn tell(&self, news: HeadsetNews) {
        fs::write(self.0.join("told"), news.name()).expect("written");
    }

    fn devices(&self) -> Box<dyn FnOnce() -> Devices + Send> {
        let horn = Device { id: "horn:0".to_owned(), title: "A brass horn".to_owned() };
        let air = Device { id: "wivrn.source".to_owned(), title: "WiVRn(microphone)".to_owned() };
        Box::new(|| Devices { loudspeakers: vec![horn], microphones: vec![air], ..Devices::default() })
    }
}

fn keep(folder: &Path, script: &str) -> Result<Left, StageError> {
    host::keep((Preferences::default(), false), stage(folder, script), prepared, memory(folder))
}

const BEGIN: &str = r#"echo '{"begin":{"keep":null,"server":null,"intensity":null,"go_on":false}}'"#;
const LIT: &str = r#"echo '{"beat":{"lit":true}}'"#;

#[test]
fn a_stage_that_falls_before_there_is_anything_to_see_is_given_up_after_five_times() {
    let folder = tempfile::tempdir().expect("a folder");
    let kept = keep(folder.path(), "exit 1");
    assert!(matches!(kept, Err(StageError::KeepsFalling(5))), "{kept:?}");
    assert_eq!(starts(folder.path()), 5);
}

#[test]
fn a_stage_that_can_show_nothing_is_not_started_again() {
    let refusal = r#"echo '{"cannot_show":"there is no driver"}'; exit 1"#;
    let folder = tempfile::tempdir().expect("a folder");
    let kept = keep(folder.path(), refusal);
    assert!(matches!(kept, Err(StageError::CannotShow(why)) if why == "there is no driver"));
    assert_eq!(starts(folder.path()), 1);
}

#[test]
fn a_person_who_goes_at_the_door_has_not_begun_anything() {
    let folder = tempfile::tempdir().expect("a folder");
    let kept = keep(folder.path(), "exit 0");
    assert_eq!(kept.ok(), Some(Left::Early));
}

#[test]
fn after_a_fall_the_next_stage_begins_with_the_view_and_the_evening_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    // The first one takes an answer and is killed in the middle; the others fall at once; the last one closes the evening.
    let script = format!(
        r#"{LIT}
        if [ $n = 0 ]; then
            {BEGIN}
            echo '{{"input":{{"intake":"that I am lazy"}}}}'
            while read -r line; do case $line in *'"question":"belief"'*) kill -9 $$ ;; esac; done
        elif [ $n -lt 8 ]; then read -r view; kill -9 $$
        else
            read -r view; echo "$view" > view
            echo '{{"input":{{"control":"stop"}}}}'
            while read -r line; do case $line in *'"view"'*'"phase":"ended"'*) exit 0 ;; esac; done
        fi"#
    );
    let kept = keep(folder.path(), &script);
    assert_eq!(kept.ok(), Some(Left::Over));
    assert_eq!(starts(folder.path()), 9);
    let view = fs::read_to_string(folder.path().join("view")).expect("a view");
    assert!(view.contains(r#""question":"belief""#), "{view}");
}

#[test]
fn what_is_read_aloud_falls_silent_as_the_evening_begins_and_its_end_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let script = format!(
        r#"{LIT}; echo '{{"read":{{"number":7,"lang":"zh","paragraphs":["A","B"]}}}}'
        while read -r line; do case $line in *'"read_out":7'*) break ;; esac; done
        {BEGIN}; echo '{{"input":{{"control":"stop"}}}}'
        while read -r line; do case $line in *'"phase":"ended"'*) exit 0 ;; esac; done"#
    );
    let kept = keep(folder.path(), &script);
    assert_eq!(kept.ok(), Some(Left::Over));
    let read = fs::read_to_string(folder.path().join("read")).expect("it was told");
    assert!(read.starts_with("zh AB at 100;silence;"), "{read}");
}

#[test]
fn whoever_falls_while_it_is_read_to_them_leaves_silence() {
    let folder = tempfile::tempdir().expect("a folder");
    let script = r#"if [ $n = 0 ]; then echo '{"read":{"number":1,"lang":"en","paragraphs":["A"]}}'; exit 1; fi; exit 0"#;
    assert_eq!(keep(folder.path(), script).ok(), Some(Left::Early));
    let read = fs::read_to_string(folder.path().join("read")).expect("it was told");
    assert!(read.starts_with("en A at 100;silence;"), "{read}");
}

#[test]
fn what_a_library_prints_into_the_link_is_no_message() {
    let folder = tempfile::tempdir().expect("a folder");
    let script = format!(
        r#"echo 'libfoo: hello {{'; {BEGIN}; echo; echo '{{"input":{{"control":"stop"}}}}'
        while read -r line; do case $line in *'"phase":"ended"'*) exit 0 ;; esac; done"#
    );
    let kept = keep(folder.path(), &script);
    assert_eq!(kept.ok(), Some(Left::Over));
}

#[test]
fn a_stage_that_falls_after_the_end_is_followed_by_one_that_shows_the_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let script = format!(
        r#"{LIT}
        if [ $n = 0 ]; then
            {BEGIN}; echo '{{"input":{{"control":"sos"}}}}'; echo '{{"input":{{"control":"stop"}}}}'
            while read -r line; do case $line in *'"view"'*'"phase":"ended"'*) kill -9 $$ ;; esac; done
        else
            read -r view; echo "$view" > view; exit 0
        fi"#
    );
    let kept = keep(folder.path(), &script);
    assert_eq!(kept.ok(), Some(Left::Over));
    assert_eq!(starts(folder.path()), 2);
    let view = fs::read_to_string(folder.path().join("view")).expect("a view");
    assert!(view.contains(r#""phase":"ended""#) && view.contains(r#""shelter":"card""#), "{view}");
}

#[test]
fn the_devices_that_there_are_are_told_whenever_they_are_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let script = r#"echo '"devices"'
        while read -r line; do case $line in *'"devices"'*) echo "$line" >> told; echo '"devices"'
            if [ "$(wc -l < told)" = 2 ]; then exit 0; fi ;; esac; done"#;
    assert_eq!(keep(folder.path(), script).ok(), Some(Left::Early));
    let told = fs::read_to_string(folder.path().join("told")).expect("it is there");
    assert_eq!(told.matches("A brass horn").count(), 2, "{told}");
}

#[test]
fn what_was_answered_over_time_is_told_and_no_card_is_saved_where_no_words_were_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let script = r#"echo '"take_away"'; echo '"past"'
        while read -r line; do case $line in
            *'"taken_away"'*) echo "$line" > card ;;
            *'"unreadable"'*) echo "$line" > told; exit 0 ;;
        esac; done"#;
    assert_eq!(keep(folder.path(), script).ok(), Some(Left::Early));
    let told = fs::read_to_string(folder.path().join("told")).expect("it is there");
    assert!(told.contains("nothing was ever kept") && !folder.path().join("card").exists(), "{told}");
}

#[test]
fn what_a_person_wants_is_remembered_and_what_they_try_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let look = r#"{"lang":"en","text_size":150,"captions":true,"contrast":false,"reduced_motion":false,"tier":null}"#;
    let script = format!(
        r#"echo '{{"prefer":{{"look":{look},"devil":"","keep":null,"play":{{"cast":"auto","model":""}}}}}}'
        echo '{{"try":{{"cast":"http://127.0.0.1:1/v1","model":"big"}}}}'
        while read -r line; do case $line in *'"tried"'*) echo "$line" > tried; exit 0 ;; esac; done"#
    );
    assert_eq!(keep(folder.path(), &script).ok(), Some(Left::Early));
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect("it is there");
    assert_eq!(read("remembered"), "100 150");
    assert!(read("tried").contains("big is slow"), "{}", read("tried"));
}

/// Stages on a screen and in a headset, each a few lines of shell. One for a headset is told nothing before it is ready.
fn two_places(folder: &Path, screen: &str, headset: &str) -> impl Fn(&Preferences, Shown) -> Command {
    let script = |name: &str, first: &str, script: &str| {
        format!(
            "cd '{}'; n=$(cat {name} 2>/dev/null || echo 0); echo $((n+1)) > {name}; {first} {script}",
            folder.display()
        )
    };
    let (screen, headset) = (script("screens", "read -r welcome;", screen), script("headsets", "", headset));
    move |_, shown| {
        let mut command = Command::new("sh");
        command.args(["-c", if shown == Shown::Screen { &screen } else { &headset }]);
        command
    }
}

fn wear(folder: &Path, wears: bool, screen: &str, headset: &str) -> Result<Left, StageError> {
    let (places, events) = (two_places(folder, screen, headset), folder.join("events"));
    let prepare = || {
        let open = move |_: Choices, _: &Preferences, link: HostLink| {
            let cast = Box::new(StoryCast::new().expect("the material is in its form"));
            let log = Some(EventLog::create(&events).expect("a log"));
            let host = spawn(Parts { log, ..Parts::of(cast) }, link)?;
            Ok::<_, StageError>((host, Input::Begin(Box::new(support::setup(1)))))
        };
        Ok((Welcome::default(), open))
    };
    host::keep((Preferences::default(), wears), places, prepare, memory(folder))
}

fn count(folder: &Path, name: &str) -> u32 {
    fs::read_to_string(folder.join(name)).map_or(0, |count| count.trim().parse().expect("a number"))
}

#[test]
fn an_evening_moves_into_a_headset_that_is_ready_and_goes_on_on_the_screen_when_that_breaks_off() {
    let folder = tempfile::tempdir().expect("a folder");
    let screen = format!(
        r#"{LIT}
        if [ $n = 0 ]; then
            {BEGIN}; echo '{{"input":{{"intake":"that I am lazy"}}}}'; echo '{{"headset":"enter"}}'
            while read -r line; do :; done; sleep 60
        else
            while read -r line; do case $line in *'"lost"'*) echo "$line" > lost; break ;; esac; done
            until grep -q '"part":"headset"' events; do sleep 0.05; done
            echo '{{"headset":"leave"}}'; echo '{{"input":{{"control":"stop"}}}}'
            while read -r line; do case $line in *'"view"'*'"phase":"ended"'*) exit 0 ;; esac; done
        fi"#
    );
    let headset = format!(
        r#"echo '{{"headset":"ready"}}'; read -r welcome; echo "$welcome" > welcome; {LIT}
        while read -r line; do case $line in *'"question":"belief"'*) echo "$line" > view; kill -9 $$ ;; esac; done"#
    );
    let kept = wear(folder.path(), false, &screen, &headset);
    assert_eq!(kept.ok(), Some(Left::Over));
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect("it is there");
    assert!(read("welcome").contains(r#""shown":"headset""#), "{}", read("welcome"));
    assert!(read("view").contains("question") && read("lost").contains("headset"));
    assert_eq!((count(folder.path(), "screens"), count(folder.path(), "headsets")), (2, 1));
    assert_eq!(read("told"), "headset-lost");
}

#[test]
fn where_no_headset_answers_the_room_opens_on_the_screen_and_says_why() {
    let folder = tempfile::tempdir().expect("a folder");
    let screen = r#"while read -r line; do case $line in *'"waiting":"silent"'*) exit 0 ;; esac; done"#;
    let kept = wear(folder.path(), true, screen, r#"echo '{"headset":{"cannot":"silent"}}'"#);
    assert_eq!(kept.ok(), Some(Left::Early));
    assert_eq!(fs::read_to_string(folder.path().join("told")).ok().as_deref(), Some("headset-silent"));
    assert_eq!(count(folder.path(), "screens"), 1);
}

#[test]
fn who_leaves_by_the_runtimes_own_menu_is_on_the_screen_and_not_put_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let headset = r#"echo '{"headset":"ready"}'; read -r welcome; echo '{"headset":"left"}'; exit 0"#;
    let screen = r#"while read -r line; do case $line in *'"headset":"left"'*) exit 0 ;; esac; done"#;
    let kept = wear(folder.path(), true, screen, headset);
    assert_eq!(kept.ok(), Some(Left::Early));
    assert_eq!((count(folder.path(), "screens"), count(folder.path(), "headsets")), (1, 1));
}

#[test]
fn a_stage_for_a_headset_that_breaks_off_before_it_has_said_anything_leaves_the_room_on_the_screen() {
    let folder = tempfile::tempdir().expect("a folder");
    let screen = r#"while read -r line; do case $line in *'"waiting":"silent"'*) exit 0 ;; esac; done"#;
    let kept = wear(folder.path(), true, screen, "kill -9 $$");
    assert_eq!(kept.ok(), Some(Left::Early));
}

#[test]
fn a_headset_that_is_lost_where_there_is_no_screen_is_waited_for_and_the_evening_goes_on_in_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let screen = r#"echo '{"cannot_show":"there is no display"}'; exit 1"#;
    let headset = format!(
        r#"echo '{{"headset":"ready"}}'; read -r welcome; {LIT}
        if [ $n = 0 ]; then
            {BEGIN}; echo '{{"input":{{"intake":"that I am lazy"}}}}'
            while read -r line; do case $line in *'"question":"belief"'*) kill -9 $$ ;; esac; done
        fi
        echo '{{"input":{{"control":"stop"}}}}'
        while read -r line; do case $line in *'"view"'*'"phase":"ended"'*) exit 0 ;; esac; done"#
    );
    let kept = wear(folder.path(), true, screen, &headset);
    assert_eq!(kept.ok(), Some(Left::Over));
    assert_eq!((count(folder.path(), "screens"), count(folder.path(), "headsets")), (1, 2));
}

#[test]
fn a_headset_that_is_lost_at_the_door_where_there_is_no_screen_is_waited_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let screen = r#"echo '{"cannot_show":"there is no display"}'; exit 1"#;
    let headset = format!(
        r#"echo '{{"headset":"ready"}}'; read -r welcome; {LIT}
        if [ $n = 0 ]; then kill -9 $$; fi
        {BEGIN}; echo '{{"input":{{"control":"stop"}}}}'
        while read -r line; do case $line in *'"view"'*'"phase":"ended"'*) exit 0 ;; esac; done"#
    );
    let kept = wear(folder.path(), true, screen, &headset);
    assert_eq!(kept.ok(), Some(Left::Over));
    assert_eq!((count(folder.path(), "screens"), count(folder.path(), "headsets")), (1, 2));
}

#[test]
fn who_leaves_the_headset_at_the_door_where_there_is_no_screen_is_told_that_there_is_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let screen = r#"echo '{"cannot_show":"there is no display"}'; exit 1"#;
    let headset = r#"echo '{"headset":"ready"}'; read -r welcome; echo '{"headset":"left"}'; exit 0"#;
    let kept = wear(folder.path(), true, screen, headset);
    assert!(matches!(kept, Err(StageError::CannotShow(why)) if why == "there is no display"));
    assert_eq!((count(folder.path(), "screens"), count(folder.path(), "headsets")), (1, 1));
}

#[test]
fn who_leaves_the_headset_where_there_is_no_screen_has_gone() {
    let folder = tempfile::tempdir().expect("a folder");
    let screen = r#"echo '{"cannot_show":"there is no display"}'; exit 1"#;
    let headset = format!(
        r#"echo '{{"headset":"ready"}}'; read -r welcome; {LIT}; {BEGIN}
        while read -r line; do case $line in *'"question"'*) echo '{{"headset":"left"}}'; exit 0 ;; esac; done"#
    );
    let kept = wear(folder.path(), true, screen, &headset);
    assert_eq!(kept.ok(), Some(Left::Early));
}

/// Writes down by which microphone the person is to be heard.
struct Ear(PathBuf);

impl Senses for Ear {
    fn inputs(&self) -> Receiver<Input> {
        crossbeam_channel::never()
    }

    fn switch(&mut self, _sense: Sense, _on: bool) {}

    fn hold(&mut self, _held: bool) {}

    fn wish(&mut self, wanted: &Preferences) {
        fs::write(&self.0, format!("by {};", wanted.sound.microphone)).expect("written");
    }

    fn own_voice(&mut self, _utterance: UtteranceId, _words: &str) -> Option<OwnVoice> {
        None
    }

    fn wipe(&mut self) -> u64 {
        0
    }

    fn level(&self) -> Option<f32> {
        None
    }
}

#[test]
fn the_microphone_of_a_headset_hears_for_as_long_as_it_is_worn() {
    let folder = tempfile::tempdir().expect("a folder");
    let until = |heard: &str| format!("until grep -q 'by {heard};' ear 2>/dev/null; do sleep 0.05; done");
    let headset = format!(
        r#"echo '{{"headset":"ready"}}'; read -r welcome; {LIT}; {BEGIN}; {}
        echo '{{"headset":"leave"}}'; exit 0"#,
        until("wivrn.source")
    );
    let screen = format!("{LIT}; {}; exit 0", until(""));
    let ear = folder.path().join("ear");
    let prepare = || {
        let open = move |_: Choices, _: &Preferences, link: HostLink| {
            let cast = Box::new(StoryCast::new().expect("the material is in its form"));
            let host = spawn(Parts { senses: Some(Box::new(Ear(ear))), ..Parts::of(cast) }, link)?;
            Ok::<_, StageError>((host, Input::Begin(Box::new(support::setup(1)))))
        };
        Ok((Welcome::default(), open))
    };
    let places = two_places(folder.path(), &screen, &headset);
    let kept = host::keep((Preferences::default(), true), places, prepare, memory(folder.path()));
    assert_eq!(kept.ok(), Some(Left::Early));
}

/// The same where somebody looks after the room.
struct Staffed<'a>(Memory<'a>, Receiver<Ordered>);

impl Attend for Staffed<'_> {
    fn remember(&mut self, _now: &Preferences, _before: &Preferences) {}

    fn try_out(&self, play: Play) -> Box<dyn FnOnce() -> Trial + Send> {
        self.0.try_out(play)
    }

    fn past(&self) -> Box<dyn FnOnce() -> Past + Send> {
        self.0.past()
    }

    fn take_away(&self, words: String, lang: String) -> Box<dyn FnOnce() -> Result<String, String> + Send> {
        self.0.take_away(words, lang)
    }

    fn read(&mut self, what: Option<(Aloud, &Sound)>) {
        self.0.read(what);
    }

    fn tell(&self, news: HeadsetNews) {
        self.0.tell(news);
    }

    fn devices(&self) -> Box<dyn FnOnce() -> Devices + Send> {
        self.0.devices()
    }

    fn orders(&self) -> Receiver<Ordered> {
        self.1.clone()
    }
}

#[test]
fn how_loud_the_staff_want_it_holds_whatever_the_stage_says_of_its_own_settings() {
    let folder = tempfile::tempdir().expect("a folder");
    let louder = |voices_volume| {
        let sound = Sound { voices_volume, ..Sound::default() };
        FromStage::Prefer(Box::new(Preferences { sound, ..Preferences::default() }))
    };
    let line = |said: &FromStage| serde_json::to_string(said).expect("a message");
    let aloud = Aloud { number: 1, lang: "en".to_owned(), paragraphs: vec!["Hello.".to_owned()] };
    let says = format!("echo '{}'; echo '{}'", line(&louder(100)), line(&FromStage::Read(Some(aloud))));
    let (order, orders) = bounded(1);
    order.send(Ordered::Said(Box::new(louder(40)))).expect("there is room");
    // Once the order has come, what its own settings say comes again.
    let script = format!(
        "{LIT}; until grep -qs 'at 40' read; do {says}; sleep 0.05; done; : > read; {says}; until grep -q at read; do sleep 0.05; done"
    );
    let attend = Staffed(memory(folder.path()), orders);
    let kept = host::keep((Preferences::default(), false), stage(folder.path(), &script), prepared, attend);
    assert!(kept.is_ok(), "{kept:?}");
    let read = fs::read_to_string(folder.path().join("read")).expect("it was read");
    assert!(read.contains("at 40") && !read.contains("at 100"), "{read}");
}
