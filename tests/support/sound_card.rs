//! A sound card of air, for machines that have none: a sound server of our own with a loudspeaker that can be recorded, and a
//! microphone that can be spoken into.
//!
//! A program finds it by its environment alone, which has to stand before it begins. So a test that needs devices runs itself
//! once more, with [`with_devices`], as a program of its own; there it calls [`SoundCard::start`].

#![expect(clippy::print_stderr, reason = "a skip has a name")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What programs of ours find on it.
const ALSA: &str = "</usr/share/alsa/alsa.conf>
pcm.!default { type pulse }
ctl.!default { type pulse }
pcm.headset {
    type pulse
    device headset
    hint { show on description 'A headset' }
}
";

/// The loudspeaker, and the microphone with what is played into it.
const PULSE: &str = "load-module module-native-protocol-unix auth-anonymous=1
load-module module-null-sink sink_name=speaker rate=48000 channels=2
load-module module-null-sink sink_name=mouth rate=48000 channels=1
load-module module-remap-source master=mouth.monitor source_name=mic channels=1
set-default-sink speaker
set-default-source mic
";

/// How long it may take to start.
const PATIENCE: Duration = Duration::from_secs(20);
/// Says to the program that it is the one with devices, and where they are.
const FOLDER: &str = "SOUND_CARD_OF_AIR";

/// Runs an ignored test of this file as a program with devices; false, with a line that says so, where there is no sound server
/// to make them of.
pub(crate) fn with_devices(test: &str) -> bool {
    if Command::new("pulseaudio").arg("--version").output().is_err() {
        let required = std::env::var("INNER_ROOM_REQUIRE").is_ok_and(|it| it.contains("audio"));
        assert!(!required, "pulseaudio is not installed, and INNER_ROOM_REQUIRE asks for audio");
        eprintln!("skipped: sound devices (pulseaudio is not installed)");
        return false;
    }
    let folder = tempfile::tempdir().expect("a folder");
    for inside in ["run", "home"] {
        fs::create_dir(folder.path().join(inside)).expect("a folder");
    }
    fs::write(folder.path().join("asound.conf"), ALSA).expect("written");
    fs::write(folder.path().join("pulse.pa"), PULSE).expect("written");
    let run = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", test, "--ignored", "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder.path())
        .env("XDG_RUNTIME_DIR", folder.path().join("run"))
        .env("PULSE_RUNTIME_PATH", folder.path().join("run/pulse"))
        .env("ALSA_CONFIG_PATH", folder.path().join("asound.conf"))
        .env("XDG_DATA_HOME", folder.path().join("home"))
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&run.stdout);
    eprintln!("{said}{}", String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success() && said.contains("1 passed"), "{test} failed, see above");
    true
}

/// It is there for as long as it is held.
pub(crate) struct SoundCard {
    folder: PathBuf,
    /// The server, and who plays all the time: without them what is recorded comes in pieces of two seconds.
    running: Vec<Child>,
}

impl SoundCard {
    /// Starts the one that this program was given.
    pub(crate) fn start() -> Self {
        let folder = std::env::var_os(FOLDER).expect("this test is run by the one beside it").into();
        let mut card = Self { folder, running: Vec::new() };
        card.plug_in();
        card
    }

    /// A place for files of the test.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Everything is there again.
    pub(crate) fn plug_in(&mut self) {
        let server = command("pulseaudio")
            .args(["-n", "-F"])
            .arg(self.file("pulse.pa"))
            .args(["--exit-idle-time=-1", "--daemonize=no", "--disallow-exit", "--log-level=error"])
            .env("HOME", self.file("home"))
            .spawn()
            .expect("pulseaudio starts");
        self.running.push(server);
        let until = Instant::now() + PATIENCE;
        while !command("pactl").args(["list", "short", "sinks"]).status().is_ok_and(|status| status.success())
        {
            assert!(Instant::now() < until, "the sound server does not answer");
            std::thread::sleep(Duration::from_millis(50));
        }
        let breath = command("pacat")
            .args(["--playback", "--latency-msec=20", "--device=mouth", "--rate=48000", "--channels=1"])
            .args(["--format=s16le", "/dev/zero"])
            .spawn()
            .expect("pacat is there");
        self.running.push(breath);
    }

    /// All devices are gone.
    pub(crate) fn pull_out(&mut self) {
        for mut child in self.running.drain(..) {
            let _asked = child.kill();
            let _ended = child.wait();
        }
    }

    /// The sound server stands still, as one that has died does, and takes nobody's call.
    pub(crate) fn freeze(&self) {
        self.signal("-STOP");
    }

    /// It goes on.
    pub(crate) fn thaw(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let server = self.running.first().expect("the server runs");
        let sent = Command::new("kill").args([signal, &server.id().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()), "the signal cannot be sent");
    }

    /// Plugs in a microphone by the name of "A headset", in which a tone of this pitch is heard. What takes it out again.
    pub(crate) fn plug_in_headset(&self, pitch: u32) -> String {
        let pitch = format!("frequency={pitch}");
        let out = Command::new("pactl")
            .args(["load-module", "module-sine-source", "source_name=headset", "rate=48000", &pitch])
            .output()
            .expect("pactl is there");
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8_lossy(&out.stdout).trim().to_owned()
    }

    /// Takes it out.
    pub(crate) fn pull_out_headset(&self, module: &str) {
        let taken = command("pactl").args(["unload-module", module]).status();
        assert!(taken.is_ok_and(|status| status.success()), "it cannot be taken out");
    }

    /// Speaks a recording into the microphone, and waits until it is over.
    pub(crate) fn say(&self, file: &Path) {
        let said = command("paplay").args(["--latency-msec=30", "--device=mouth"]).arg(file).status();
        assert!(said.is_ok_and(|status| status.success()), "{} could not be played", file.display());
    }

    /// Records what the loudspeaker plays, until it is dropped.
    pub(crate) fn record(&self, file: &Path) -> Recorder {
        self.record_from("speaker.monitor", 2, file)
    }

    /// Records what is said into the microphone, likewise: what a program is given of it.
    pub(crate) fn record_microphone(&self, file: &Path) -> Recorder {
        self.record_from("mic", 1, file)
    }

    fn record_from(&self, device: &str, channels: u16, file: &Path) -> Recorder {
        let recorder = command("parec")
            .args([&format!("--device={device}"), &format!("--channels={channels}")])
            .args(["--latency-msec=20", "--rate=48000"])
            .args(["--file-format=wav"])
            .arg(file)
            .spawn()
            .expect("parec is there");
        Recorder(recorder)
    }
}

fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Records.
pub(crate) struct Recorder(Child);

impl Drop for Recorder {
    fn drop(&mut self) {
        // It writes the length into its file when it is asked to end.
        let _asked = Command::new("kill").args(["-INT", &self.0.id().to_string()]).status();
        let _ended = self.0.wait();
    }
}

impl Drop for SoundCard {
    fn drop(&mut self) {
        self.pull_out();
    }
}
