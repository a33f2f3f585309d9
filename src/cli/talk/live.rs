//! An evening in a terminal, in its own time. What is typed is seen to be typed, so that nobody speaks into it.

use std::borrow::Cow;
use std::io::Write as _;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded};
use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::validate::Validator;
use rustyline::{Context, Editor, Helper};

use super::after::{After, Next};
use super::is_command;
use super::questions::{Line, Questions};
use super::show::Show;
use super::terminal::Terminal;
use crate::cli::CliError;
use crate::dialogue::ids::UtteranceId;
use crate::dialogue::input::{Control, Sense, Via};
use crate::dialogue::measures::When;
use crate::dialogue::safety::Help;
use crate::dialogue::{Event, Input, Kind, Phase, Session, Setup, View, face};
use crate::host::script::{Deed, RecordedFace};
use crate::host::{Link, Parts, ToStage, link, spawn, spawn_resumed};

/// What comes from the keys.
enum Key {
    /// Ctrl-C for the second time: out, at once.
    Quit,
    /// The line as it is so far.
    Draft(String),
    /// A line.
    Line(String),
    /// No more lines.
    Gone,
}

/// How long the screen waits for the session before it looks at the keys again.
const GLANCE: Duration = Duration::from_millis(30);
const PROMPT: &str = "> ";

/// Holds the evening.
pub(super) fn hold(
    parts: Parts,
    setup: Setup,
    cut_off: Option<Session>,
    faces: &[RecordedFace],
    (show, questions): (Show, Questions),
) -> Result<(), CliError> {
    let found = Terminal::remember();
    let (keys, typed) = bounded(64);
    let mut editor: Editor<Watcher, rustyline::history::MemHistory> = Editor::with_history(
        rustyline::Config::builder().auto_add_history(false).build(),
        rustyline::history::MemHistory::new(),
    )?;
    editor.set_helper(Some(Watcher { keys: keys.clone(), last: Mutex::new(String::new()) }));
    let printer = editor.create_external_printer()?;
    let (stage, host) = link();
    let (help, setup) = (setup.help.clone(), Box::new(setup));
    let first = if cut_off.is_some() { Input::Resume(setup) } else { Input::Begin(setup) };
    let session = match cut_off {
        Some(cut_off) => spawn_resumed(parts, cut_off, host)?,
        None => spawn(parts, host)?,
    };
    // The thread ends with the process: a terminal that waits for a line cannot be called back.
    crate::thread::spawn("keys", move || read_keys(&mut editor, &keys)).map_err(CliError::Output)?;
    let mut talk = Talk {
        stage,
        typed,
        show,
        questions,
        help,
        turn: 0,
        printer,
        utterance: UtteranceId(1_000),
        comforts: 0,
        in_room: false,
        leaving: false,
        next: 0,
        shown: 0,
        faces,
    };
    talk.hold(first)?;
    drop(talk);
    drop(found);
    // The prompt is still there, and nobody will type into it.
    writeln!(std::io::stdout())?;
    session.join()?;
    Ok(())
}

/// Reads lines until there are none. Ctrl-C means stop; a second one ends the program.
fn read_keys(editor: &mut Editor<Watcher, rustyline::history::MemHistory>, keys: &Sender<Key>) {
    let mut interrupted = false;
    loop {
        let key = match editor.readline(PROMPT) {
            Ok(line) => Key::Line(line),
            Err(ReadlineError::Interrupted) if !interrupted => {
                interrupted = true;
                Key::Line("!stop".to_owned())
            }
            Err(ReadlineError::Interrupted) => Key::Quit,
            Err(_) => Key::Gone,
        };
        let gone = matches!(key, Key::Gone | Key::Quit);
        if keys.send(key).is_err() || gone {
            return;
        }
    }
}

/// Watches the line while it is typed.
struct Watcher {
    keys: Sender<Key>,
    last: Mutex<String>,
}

impl Hinter for Watcher {
    type Hint = String;

    /// Called at every key: the only thing it does is to tell what has been typed.
    fn hint(&self, line: &str, _at: usize, _context: &Context<'_>) -> Option<String> {
        if let Ok(mut last) = self.last.lock()
            && *last != line
        {
            line.clone_into(&mut last);
            // A full channel loses a draft, never a line: the next key brings another.
            if self.keys.try_send(Key::Draft(line.to_owned())).is_err() {}
        }
        None
    }
}

impl Highlighter for Watcher {
    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, _default: bool) -> Cow<'b, str> {
        Cow::Borrowed(prompt)
    }
}

impl Validator for Watcher {}

impl Completer for Watcher {
    type Candidate = String;
}

impl Helper for Watcher {}

struct Talk<'a, P: rustyline::ExternalPrinter> {
    stage: Link,
    typed: Receiver<Key>,
    show: Show,
    questions: Questions,
    /// Who can help.
    help: Help,
    /// The person's turn in the room, from 1.
    turn: u32,
    printer: P,
    utterance: UtteranceId,
    comforts: u32,
    in_room: bool,
    /// Whether no more keys will come.
    leaving: bool,
    /// Number of the next event: what is before it was shown.
    next: u64,
    /// How many faces with a moment of their own were shown.
    shown: usize,
    faces: &'a [RecordedFace],
}

impl<P: rustyline::ExternalPrinter> Talk<'_, P> {
    fn hold(&mut self, first: Input) -> Result<(), CliError> {
        let mut opening = self.show.opening();
        opening.extend(self.questions.offer(self.show.words()));
        self.print(&opening)?;
        let begun = Instant::now();
        self.send(first);
        if !self.faces.is_empty() {
            self.send(Input::Consent(Sense::Face, face::Level::Aware));
        }
        loop {
            match self.stage.receive(GLANCE) {
                Ok(Some(ToStage::Event(event))) => self.see(&event)?,
                Ok(Some(ToStage::View(view))) => {
                    // Whoever has followed the events knows all of it.
                    if view.seq > std::mem::replace(&mut self.next, view.seq) {
                        let lines = self.show.view(&view);
                        self.print(&lines)?;
                    }
                    if view.phase == Phase::Ended {
                        return self.stay(&view);
                    }
                }
                Ok(_) => {}
                Err(_closed) => return Ok(()),
            }
            while let Ok(key) = self.typed.try_recv() {
                if matches!(key, Key::Quit) {
                    return Ok(());
                }
                self.take(key)?;
            }
            self.feed_faces(begun.elapsed());
        }
    }

    /// Shows an event.
    fn see(&mut self, event: &Event) -> Result<(), CliError> {
        self.turn = event.turn;
        self.next = event.seq + 1;
        let lines = self.show.event(event, false);
        self.print(&lines)?;
        if self.leaving && matches!(event.kind, Kind::Card { .. }) {
            // Whoever has gone leaves the card, too; it stays on the screen.
            self.send(Input::Control(Control::Stop));
        }
        if let Kind::Phase { phase, .. } = event.kind {
            self.in_room =
                !matches!(phase, Phase::Intake | Phase::Closing | Phase::Change | Phase::Safe | Phase::Ended);
        }
        Ok(())
    }

    /// After the evening, where there is something to take away or to answer, until they go.
    fn stay(&mut self, view: &View) -> Result<(), CliError> {
        let kept = view.kept.clone().filter(|_| self.questions.may_ask());
        let mut after = After::new(kept, self.help.clone());
        let offer = after.offer(self.show.words(), &self.questions);
        if self.leaving || view.safe || offer.is_empty() {
            return Ok(());
        }
        self.print(&offer)?;
        loop {
            let line = match self.typed.recv() {
                Ok(Key::Line(line)) => line,
                Ok(Key::Draft(_)) => continue,
                Ok(Key::Gone | Key::Quit) | Err(_) => return Ok(()),
            };
            match after.take(self.show.words(), &mut self.questions, &line) {
                Next::Goes(lines) => self.print(&lines)?,
                Next::Leaves => return Ok(()),
            }
            self.hand_in();
        }
    }

    /// What was answered to measures goes to the session.
    fn hand_in(&mut self) {
        while let Some(taken) = self.questions.next_answered() {
            self.send(Input::Measured(taken));
        }
    }

    /// Whether a line is for the questions: nobody speaks while they are answered.
    fn asks(&mut self, line: &str) -> Result<bool, CliError> {
        let stood = self.questions.stand();
        let when = (self.turn == 0).then_some(When::Before);
        let taken = self.questions.take(self.show.words(), line, when);
        let held = match (stood, self.questions.stand()) {
            (false, true) => Some(Control::Pause),
            (true, false) => Some(Control::Resume),
            _ => None,
        };
        self.hand_in();
        if let Some(held) = held {
            self.send(Input::Control(held));
        }
        let Line::Taken(lines) = taken else { return Ok(false) };
        self.print(&lines)?;
        Ok(true)
    }

    fn print(&mut self, lines: &[String]) -> Result<(), CliError> {
        for line in lines {
            self.printer.print(format!("{line}\n"))?;
        }
        Ok(())
    }

    fn take(&mut self, key: Key) -> Result<(), CliError> {
        match key {
            Key::Draft(text) => {
                let is_answer = self.questions.stand() && text.trim().parse::<u8>().is_ok();
                let draft = if is_answer || is_command(&text) { String::new() } else { text };
                self.send(Input::Draft { utterance: self.utterance, text: draft });
            }
            Key::Line(line) => self.take_line(&line)?,
            Key::Gone | Key::Quit => {
                self.leaving = true;
                self.send(Input::Control(Control::Stop));
            }
        }
        Ok(())
    }

    fn take_line(&mut self, line: &str) -> Result<(), CliError> {
        if self.asks(line)? {
            return Ok(());
        }
        if After::is_for(line) {
            let later = self.show.word("keepsake-later");
            return self.print(&[later]);
        }
        match Deed::read(line) {
            Deed::Say(text) if is_command(&text) => {
                let note = self.show.unknown_command(&text);
                self.print(&[note])?;
            }
            Deed::Control(control) => self.send(Input::Control(control)),
            Deed::Say(text) => self.say(text),
            Deed::StaySilent => self.say(String::new()),
            Deed::Measured(taken) => self.send(Input::Measured(taken)),
        }
        Ok(())
    }

    fn say(&mut self, text: String) {
        let utterance = self.utterance.take_next();
        let comforts = self.in_room && !text.is_empty();
        self.comforts += u32::from(comforts);
        let face = self.faces.iter().find(|face| comforts && face.utterance == Some(self.comforts));
        let face = face.map(|face| face.summary.clone());
        self.send(Input::Said { utterance, text, via: Via::Keys, face });
    }

    /// Faces that belong to a moment of the evening.
    fn feed_faces(&mut self, elapsed: Duration) {
        let due: Vec<_> = self
            .faces
            .iter()
            .filter(|face| face.at_ms.is_some_and(|at| u128::from(at) <= elapsed.as_millis()))
            .collect();
        let new = due.get(self.shown..).unwrap_or_default();
        for face in new {
            self.send(Input::Face(face.summary.clone()));
        }
        self.shown = due.len();
    }

    fn send(&self, input: Input) {
        // A session that has ended takes no input; its last events are still to be read.
        if self.stage.send(input).is_err() {}
    }
}
