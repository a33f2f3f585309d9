//! A station: the process that holds one visit. It ends with it, so that nothing of a visitor outlives their visit.

use std::path::PathBuf;

#[cfg(feature = "speech")]
use crossbeam_channel::never;
use crossbeam_channel::{Receiver, Sender, bounded};

use super::args::{ExhibitArgs, StationArgs};
use super::lookout::Lookout;
use crate::cli::args::TalkArgs;
use crate::cli::evening::Evening;
use crate::cli::room::{Held, Memory, hold, preferences_of};
use crate::cli::{CliError, complain, seal_memory};
use crate::config::exhibit::Exhibit;
use crate::config::{Settings, default_file};
use crate::dialogue::agent::Intensity;
use crate::dialogue::event::Kind;
use crate::dialogue::face::Venue;
use crate::dialogue::ids::Millis;
use crate::dialogue::input::{Control, Health};
use crate::dialogue::safety::{Card, CardKind};
use crate::dialogue::view::Shelter;
use crate::dialogue::visit::Visit;
use crate::dialogue::{Event, Input, Phase};
use crate::exhibit::notice::Voice;
use crate::exhibit::station::{FromStation, ToStation};
#[cfg(feature = "speech")]
use crate::host::{Aloud, Sound};
use crate::host::{
    Attend, Devices, Exhibition, Followed, FromStage, HeadsetNews, Ordered, Past, Play, Preferences, Trial,
    pipes,
};
#[cfg(feature = "speech")]
use crate::voice::aloud::{Reader, Script};

/// So many orders wait at most.
const ORDERS: usize = 16;

pub(super) fn run(args: &ExhibitArgs, asked: &StationArgs) -> Result<(), CliError> {
    seal_memory()?;
    let (say, told) = pipes::<FromStation, ToStation>()?;
    let (mut evening, exhibit, file) = prepare(args, asked)?;
    let (reader, reads) = reader(&evening.settings, &exhibit.languages)?;
    let (shut, loud) = (asked.shut(), asked.loud);
    // Nobody is looked at in family hours, nor while nobody can come in.
    let counts = exhibit.count_faces && !asked.family && shut.is_none() && cfg!(feature = "face");
    let exhibition =
        Exhibition { shut, loud, reads, counts, ..exhibition(&exhibit, &evening, asked.family)? };
    if asked.family {
        evening.setup.intensity = Intensity::Off;
    }
    let wanted = preferences_of(&evening.settings);
    let orders = follow_orders(told, wanted.clone())?;
    let memory = Memory { file: file.clone(), settings: evening.settings.clone() };
    let lookout = Lookout::new(&evening.settings, counts);
    let attendant = Attendant { memory, say, orders, reader, lookout, helped: false, over: false };
    let held = Held {
        file,
        worn: (args.xr, args.standing),
        exhibition: Some(exhibition),
        rehearsal: args.rehearsal,
    };
    hold(evening, wanted, held, attendant)
}

/// What reads the consent aloud, and in which languages.
#[cfg(feature = "speech")]
fn reader(settings: &Settings, languages: &[String]) -> Result<(Option<Reader>, Vec<String>), CliError> {
    let found = crate::cli::sound::reader(settings, languages)?;
    Ok(found.map_or_else(Default::default, |(reader, reads)| (Some(reader), reads)))
}

/// Nothing can be heard.
#[cfg(not(feature = "speech"))]
enum Reader {}

#[cfg(not(feature = "speech"))]
fn reader(_settings: &Settings, _languages: &[String]) -> Result<(Option<Reader>, Vec<String>), CliError> {
    Ok((None, Vec::new()))
}

/// The evening, how it is exhibited, and the file of the settings that were used.
fn prepare(args: &ExhibitArgs, asked: &StationArgs) -> Result<(Evening, Exhibit, Option<PathBuf>), CliError> {
    let read = |config: Option<&PathBuf>| {
        let lang = Some(asked.lang.clone());
        Evening::in_open_house(&TalkArgs { config: config.cloned(), lang, ..TalkArgs::default() })
    };
    // Where the doors were opened with something, no older copy of it is used.
    let named = args.config.clone().or_else(|| asked.kept.as_ref().and_then(|_| default_file()));
    let (mut evening, file) = match (read(named.as_ref()), &asked.kept) {
        (Err(error), Some(kept)) => {
            complain(&format!("{error}. Until then the settings are used that the doors were opened with"));
            (read(Some(kept))?, Some(kept.clone()))
        }
        (evening, _) => (evening?, args.config.clone()),
    };
    let exhibit = evening.settings.exhibit.clone().unwrap_or_default();
    evening.settings.venue = Some(Venue::Exhibition);
    evening.settings.volume = Some(asked.volume.into());
    evening.settings.journal = Some(false);
    evening.settings.recording = Some(false);
    evening.setup.venue = Venue::Exhibition;
    evening.setup.visit = Some(Visit { whole: Millis(u64::from(exhibit.visit_s) * 1_000) });
    // What happened to one visitor is no reason to treat the next one otherwise.
    evening.setup.after_stop = false;
    (evening.latch, evening.log) = (None, None);
    evening.speed = args.rehearsal.speed;
    Ok((evening, exhibit, file))
}

fn exhibition(exhibit: &Exhibit, evening: &Evening, family: bool) -> Result<Exhibition, CliError> {
    Ok(Exhibition {
        minutes: exhibit.visit_s.div_ceil(60),
        languages: exhibit.languages.clone(),
        staff: evening.settings.staff.clone(),
        age: exhibit.age,
        family,
        camera: exhibit.camera && !family,
        idle_s: u16::try_from(exhibit.idle_s).unwrap_or(u16::MAX),
        leaves_s: u16::try_from(exhibit.leaves_s).unwrap_or(u16::MAX),
        card: Some(Card::new(CardKind::Crisis, &evening.setup.help)),
        heard_at: match super::notice::voice(&evening.settings)? {
            Voice::Server(server) => Some(server),
            Voice::Here | Voice::Program | Voice::Unheard => None,
        },
        spoken_at: super::notice::speaks_at(&evening.settings)?,
        ..Exhibition::default()
    })
}

/// What the exhibition orders, as the stage would have said it. Where nobody orders any more, there is nobody to end this
/// process but itself.
fn follow_orders(told: Receiver<ToStation>, wanted: Preferences) -> Result<Receiver<Ordered>, CliError> {
    let (order, orders) = bounded(ORDERS);
    let follow = move || {
        let said = |what| Ordered::Said(Box::new(what));
        let control = |control| said(FromStage::Input(Input::Control(control)));
        for what in told {
            let order_sent = order.send(match what {
                ToStation::Pause => control(Control::Hold),
                ToStation::Resume => control(Control::Resume),
                ToStation::End => control(Control::Stop),
                ToStation::Volume(volume) => {
                    let mut wanted = wanted.clone();
                    wanted.sound.voices_volume = volume.into();
                    said(FromStage::Prefer(Box::new(wanted)))
                }
                ToStation::Care(care) => Ordered::Told(care),
            });
            if order_sent.is_err() {
                break;
            }
        }
        leave_at_once();
    };
    crate::thread::spawn("station-orders", follow)?;
    Ok(orders)
}

#[expect(clippy::exit, reason = "a visit that nobody looks after ends, whatever it waits for")]
fn leave_at_once() {
    std::process::exit(0);
}

/// What an event says of a part that the staff can look after. Why it is not well may hold somebody's words, and is not
/// said.
fn part(event: &Event) -> Option<FromStation> {
    let Kind::Health { part, state } = &event.kind else { return None };
    let part = match part.as_str() {
        "cast" => "model",
        "microphone" | "transcript" => "microphone",
        "voice" => "loudspeaker",
        "camera" => "camera",
        _ => return None,
    };
    let well = match state {
        Health::Well => true,
        Health::Gone(_) => false,
        Health::Waking | Health::Degraded(_) => return None,
    };
    Some(FromStation::Part { part: part.to_owned(), well })
}

/// Says what happens in the visit, and remembers nothing of it.
struct Attendant {
    memory: Memory,
    say: Sender<FromStation>,
    orders: Receiver<Ordered>,
    reader: Option<Reader>,
    lookout: Lookout,
    helped: bool,
    over: bool,
}

impl Attendant {
    fn say(&self, what: FromStation) {
        // One that listens no more has ended, and this process ends with it.
        if self.say.try_send(what).is_err() {}
    }
}

impl Attend for Attendant {
    fn remember(&mut self, _now: &Preferences, _before: &Preferences) {}

    fn try_out(&self, play: Play) -> Box<dyn FnOnce() -> Trial + Send> {
        self.memory.try_out(play)
    }

    fn devices(&self) -> Box<dyn FnOnce() -> Devices + Send> {
        self.memory.devices()
    }

    fn past(&self) -> Box<dyn FnOnce() -> Past + Send> {
        Box::new(|| Past::Rows(Vec::new()))
    }

    fn take_away(&self, words: String, lang: String) -> Box<dyn FnOnce() -> Result<String, String> + Send> {
        self.memory.take_away(words, lang)
    }

    fn tell(&self, news: HeadsetNews) {
        self.memory.tell(news);
    }

    fn follow(&mut self, what: Followed<'_>) {
        match what {
            Followed::Beat(lit) => {
                self.say(FromStation::Beat { lit });
                if lit {
                    self.lookout.begin();
                }
            }
            Followed::Begun => self.say(FromStation::Begun),
            Followed::View(view) => {
                let card = matches!(view.shelter, Shelter::Card { .. });
                if card && !self.helped {
                    self.say(FromStation::Sos);
                }
                self.helped = card;
                if view.phase == Phase::Ended && !std::mem::replace(&mut self.over, true) {
                    self.say(FromStation::Over);
                }
            }
            Followed::Event(event) => {
                if let Some(part) = part(event) {
                    self.say(part);
                }
            }
            Followed::Faces(count) => {
                self.say(FromStation::Part { part: "camera".to_owned(), well: count.is_some() });
            }
            Followed::Staff(wish) => self.say(FromStation::Staff(wish.clone())),
            Followed::Done => self.say(FromStation::Done),
        }
    }

    #[cfg(feature = "speech")]
    fn read(&mut self, what: Option<(Aloud, &Sound)>) {
        let Some(reader) = &self.reader else { return };
        match what {
            None => reader.stop(),
            Some((Aloud { number, lang, paragraphs }, sound)) => reader.read(Script {
                number,
                lang,
                paragraphs,
                volume: sound.volume(),
                outlet: sound.outlet(),
            }),
        }
    }

    #[cfg(feature = "speech")]
    fn read_out(&self) -> Receiver<u32> {
        self.reader.as_ref().map_or_else(never, |reader| reader.over().clone())
    }

    fn faces(&self) -> Receiver<Option<u8>> {
        self.lookout.faces()
    }

    /// Whoever comes in is not counted any more, and the camera is theirs.
    fn begins(&mut self) {
        #[cfg(feature = "speech")]
        self.read(None);
        self.lookout.end();
    }

    fn orders(&self) -> Receiver<Ordered> {
        self.orders.clone()
    }

    fn goes_on(&self) -> bool {
        false
    }
}
