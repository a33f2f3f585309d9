//! The voice of the program `espeak-ng`, where the person has it. It is under the GPL, so it is only ever run, never linked.
//!
//! It is asked twice: for the sound, and for the sounds of speech in it (`--ipa`), which are then looked for in what is heard.
//! The plain program tells no times: `--pho` speaks only for MBROLA voices, and marks only reach who links it.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::character::{self, Ask};
use super::speech::{Sentence, Speech, Synthesizer, VoiceError};
use super::text::Text;
use super::{ipa, mouth, wav};
use crate::dialogue::agent::Manner;

/// What it is called, on the `PATH` and to the person.
const PROGRAM: &str = "espeak-ng";
/// How long it may take.
const LIMIT: Duration = Duration::from_secs(10);
/// How long it may take to say what it is.
const GLANCE: Duration = Duration::from_secs(3);
/// How long a program may take to end that has nothing more to say: so many moments.
const MOMENTS: u32 = 100;
const MOMENT: Duration = Duration::from_millis(3);
/// The most that it may print: a minute of sound at the rate at which it speaks, and a little, or a list of voices.
const MOST_SOUND: u64 = 22_050 * 2 * (wav::LONGEST_S as u64 + 2);
const MOST_WORDS: u64 = 1 << 20;

/// The program `espeak-ng`.
#[derive(Debug)]
pub struct Espeak {
    program: PathBuf,
    version: String,
    voices: Vec<Listed>,
    limit: Duration,
}

/// A voice that it has.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Listed {
    /// The language that it speaks, in small letters.
    lang: String,
    /// What it is called where a variant can be added.
    file: String,
}

impl Espeak {
    /// The program, if it is on the `PATH` and answers; it is run twice for that.
    #[must_use]
    pub fn find() -> Option<Self> {
        let name = format!("{PROGRAM}{}", std::env::consts::EXE_SUFFIX);
        let folders = std::env::var_os("PATH")?;
        // Nothing that lies about in the folder that somebody happens to be in.
        let mut folders = std::env::split_paths(&folders).filter(|folder| folder.is_absolute());
        folders.find_map(|folder| Self::at(&folder.join(&name)))
    }

    /// The program at a path, if it answers.
    fn at(program: &Path) -> Option<Self> {
        if !program.is_file() {
            return None;
        }
        let asked = |flag: &str| {
            let printed = run(Command::new(program).arg(flag), "", GLANCE, MOST_WORDS).ok()?;
            Some(String::from_utf8_lossy(&printed).into_owned())
        };
        Some(Self {
            version: version(&asked("--version")?)?,
            voices: listed(&asked("--voices")?),
            program: program.to_owned(),
            limit: LIMIT,
        })
    }

    /// The version, such as 1.51.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Whether it can speak a BCP 47 language.
    #[must_use]
    pub fn speaks(&self, lang: &str) -> bool {
        self.voice(lang).is_some()
    }

    /// The name of the voice for a language: exactly that one, or the nearest.
    fn voice(&self, lang: &str) -> Option<&str> {
        let lang = lang.to_lowercase();
        let primary = lang.split('-').next().unwrap_or_default();
        // Of Mandarin's two voices the first takes tones for English numbers in some versions.
        let wanted: &[&str] = match primary {
            "zh" => &["cmn-latn-pinyin", "cmn"],
            "en" => &[&lang, "en-gb"],
            _ => &[&lang, primary],
        };
        let named = |name: &str| self.voices.iter().find(|voice| voice.lang == name);
        let begins = || {
            let of_it = |voice: &&Listed| voice.lang.split('-').next() == Some(primary);
            self.voices.iter().find(of_it)
        };
        wanted.iter().find_map(|name| named(name)).or_else(begins).map(|voice| voice.file.as_str())
    }

    fn run(&self, args: &[String], text: &str, most: u64) -> Result<Vec<u8>, VoiceError> {
        // Text only ever comes by stdin, so that none of it can be taken for a flag.
        run(Command::new(&self.program).arg("--stdin").args(args), text, self.limit, most).map_err(|fault| {
            match fault {
                Fault::Late => VoiceError::Late(PROGRAM.to_owned()),
                Fault::Io(error) => self.fault(&error.to_string()),
                Fault::Ended(why) => self.fault(&why),
            }
        })
    }

    fn fault(&self, why: &str) -> VoiceError {
        VoiceError::Program { program: self.program.display().to_string(), why: why.to_owned() }
    }
}

impl Synthesizer for Espeak {
    fn speak(&mut self, sentence: &Sentence<'_>) -> Result<Speech, VoiceError> {
        let text = Text::of(sentence.text);
        if text.words.is_empty() {
            return Ok(Speech::wordless(sentence.text));
        }
        let voice = self
            .voice(sentence.lang)
            .ok_or_else(|| self.fault(&format!("it has no voice for {}", sentence.lang)))?;
        let ask = character::ask(sentence);
        let said = match sentence.manner {
            Manner::BrokenOff => text.said_without_an_end(),
            Manner::Plain | Manner::Soft | Manner::Shown => text.said.clone(),
        };
        // There is no flag for how far the pitch moves. What is said holds no sign that markup could be made of.
        let marked = format!("<prosody range=\"{}%\">{said}</prosody>", ask.range.round());
        let sound = self.run(&sound_flags(voice, &ask), &marked, MOST_SOUND)?;
        let form = |why| VoiceError::Form { from: PROGRAM.to_owned(), why };
        let samples = wav::read(&sound).and_then(|sound| sound.at_rate(ask.size)).map_err(form)?;
        if samples.is_empty() {
            return Err(form("it holds nothing".to_owned()));
        }
        // Without its sounds the sentence is heard all the same.
        let flags = ["-q", "--ipa", "-v", voice].map(str::to_owned);
        let ipa = self.run(&flags, &said, MOST_WORDS).unwrap_or_default();
        Ok(mouth::speech(samples, &text, &ipa::read(&String::from_utf8_lossy(&ipa))))
    }

    fn name(&self) -> String {
        format!("{PROGRAM} {}", self.version)
    }
}

fn sound_flags(voice: &str, ask: &Ask) -> [String; 12] {
    // A small body is made by playing faster and higher: what is asked for is lower and slower by as much.
    let pace = (ask.pace / ask.size).clamp(80.0, 300.0);
    [
        "--stdout".to_owned(),
        "-m".to_owned(),
        "-z".to_owned(),
        "-v".to_owned(),
        format!("{voice}+{}", ask.variant),
        "-p".to_owned(),
        format!("{:.0}", ask.pitch.clamp(0.0, 99.0)),
        "-s".to_owned(),
        format!("{pace:.0}"),
        "-g".to_owned(),
        ask.gap.to_string(),
        "-b1".to_owned(),
    ]
}

/// "eSpeak NG text-to-speech: 1.51  Data at: …".
fn version(printed: &str) -> Option<String> {
    let after = printed.split_once("text-to-speech:")?.1;
    after.split_whitespace().next().map(str::to_owned)
}

/// The voices of its list: `5  en-gb  --/M  English_(Great_Britain) gmw/en  (en 2)`.
fn listed(printed: &str) -> Vec<Listed> {
    printed
        .lines()
        .skip(1)
        .filter_map(|line| {
            let mut columns = line.split_whitespace().skip(1);
            let (lang, file) = (columns.next()?, columns.nth(2)?);
            Some(Listed { lang: lang.to_lowercase(), file: file.to_owned() })
        })
        .collect()
}

/// Why a program gave nothing.
#[derive(Debug)]
enum Fault {
    Late,
    Io(std::io::Error),
    Ended(String),
}

/// Runs a program with a text as its input, and gives what it prints, up to so many bytes. Afterwards it has ended.
fn run(command: &mut Command, text: &str, limit: Duration, most: u64) -> Result<Vec<u8>, Fault> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(Fault::Io)?;
    let printed = printed(&mut child, text, limit, most);
    // One that said all that is wanted may have more to say; one that is done may take a moment to end.
    let done = printed.as_ref().is_ok_and(|printed| (printed.len() as u64) < most);
    let killed = !(done && ends_by_itself(&mut child)) && child.kill().is_ok();
    let ended = child.wait().map_err(Fault::Io)?;
    let printed = printed?;
    if !ended.success() && !killed && printed.is_empty() {
        return Err(Fault::Ended(format!("it ended with {ended}")));
    }
    Ok(printed)
}

fn ends_by_itself(child: &mut Child) -> bool {
    for _ in 0..MOMENTS {
        if !matches!(child.try_wait(), Ok(None)) {
            return true;
        }
        std::thread::sleep(MOMENT);
    }
    false
}

fn printed(child: &mut Child, text: &str, limit: Duration, most: u64) -> Result<Vec<u8>, Fault> {
    let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Ok(Vec::new());
    };
    let (give, take) = crossbeam_channel::bounded(1);
    let reader = crate::thread::spawn("voice program", move || {
        let mut bytes = Vec::new();
        let read = output.take(most).read_to_end(&mut bytes).map(|_| bytes);
        // Nobody waits any more after the limit.
        give.send(read).ok();
    });
    reader.map_err(Fault::Io)?;
    // A program that does not want to hear it all may answer all the same. What fits into a pipe never waits.
    if let Err(error) = input.write_all(text.as_bytes())
        && error.kind() != std::io::ErrorKind::BrokenPipe
    {
        return Err(Fault::Io(error));
    }
    drop(input);
    match take.recv_timeout(limit) {
        Ok(read) => read.map_err(Fault::Io),
        Err(crossbeam_channel::RecvTimeoutError::Timeout) => Err(Fault::Late),
        Err(crossbeam_channel::RecvTimeoutError::Disconnected) => {
            Err(Fault::Ended("it could not be listened to".to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::speech::WordEnd;
    use super::*;
    use crate::dialogue::agent::Agent;
    use crate::dialogue::strength::Strength;

    const LIST: &str = "\
Pty Language       Age/Gender VoiceName          File                 Other Languages
 5  cmn             --/M      Chinese_(Mandarin,_latin_as_English) sit/cmn              (zh-cmn 5)(zh 5)
 5  cmn-latn-pinyin --/M      Chinese_(Mandarin,_latin_as_Pinyin) sit/cmn-Latn-pinyin  (zh-cmn 5)(zh 5)
 2  en-gb           --/M      English_(Great_Britain) gmw/en               (en 2)
 2  en-us           --/M      English_(America)  gmw/en-US            (en 3)
 5  fr-be           --/M      French_(Belgium)   roa/fr-BE            (fr 8)
";

    fn of_list(list: &str) -> Espeak {
        Espeak {
            program: PathBuf::from("/nowhere"),
            version: "1.51".to_owned(),
            voices: listed(list),
            limit: Duration::from_millis(700),
        }
    }

    fn sentence(text: &str) -> Sentence<'_> {
        Sentence {
            text,
            agent: Agent::Patient,
            manner: Manner::Plain,
            lang: "en",
            strength: Strength::from_belief(5),
        }
    }

    #[test]
    fn the_nearest_voice_of_a_language_speaks_it() {
        let espeak = of_list(LIST);
        for (lang, file) in [
            ("en", Some("gmw/en")),
            ("en-US", Some("gmw/en-US")),
            ("en-NZ", Some("gmw/en")),
            ("zh", Some("sit/cmn-Latn-pinyin")),
            ("zh-CN", Some("sit/cmn-Latn-pinyin")),
            ("fr", Some("roa/fr-BE")),
            ("tlh", None),
            ("", None),
        ] {
            assert_eq!(espeak.voice(lang), file, "{lang}");
        }
        assert_eq!(of_list("").voice("en"), None);
    }

    #[test]
    fn its_version_is_read() {
        let printed = "eSpeak NG text-to-speech: 1.52-dev  Data at: /usr/share/espeak-ng-data\n";
        assert_eq!(version(printed).as_deref(), Some("1.52-dev"));
        assert_eq!(version("espeak: not found"), None);
    }

    #[test]
    fn a_line_without_words_is_a_moment_of_silence() {
        let mut espeak = of_list(LIST);
        let speech = espeak.speak(&sentence("… —")).expect("silence");
        assert_eq!(speech.words, [WordEnd { at_ms: 600, chars: 3 }]);
        assert!(speech.samples.iter().all(|it| it.abs() <= 0.0));
        assert_eq!(espeak.speak(&sentence("  ")).expect("nothing"), Speech::default());
    }

    /// A program that does this.
    #[cfg(unix)]
    fn program(script: &str) -> (tempfile::TempDir, Espeak) {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("speaks");
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("a program");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("it may be run");
        let espeak = Espeak { program: path, ..of_list(LIST) };
        (folder, espeak)
    }

    #[cfg(unix)]
    /// A11: a program that has not the voice, hangs, or gives no sound.
    #[test]
    fn a_program_that_does_not_do_as_it_should_is_a_fault_and_no_more() {
        for (script, says) in [
            ("exit 3", "ended with"),
            ("exec sleep 30", "too long"),
            ("echo hello", "no sound"),
            ("exec cat /dev/zero", "no sound"),
            ("printf 'RIFF1234WAVEfmt '", "no sound"),
        ] {
            let begun = std::time::Instant::now();
            let (_folder, mut espeak) = program(script);
            let error = espeak.speak(&sentence("I am here.")).expect_err("it does not speak").to_string();
            assert!(error.contains(says), "{script}: {error}");
            assert!(begun.elapsed() < Duration::from_secs(8), "{script}");
        }
        let (folder, espeak) = program("exit 0");
        assert!(Espeak::at(&espeak.program).is_none() && Espeak::at(folder.path()).is_none());
    }
}
