//! Of the settings: what the figures are heard with, and how the person is heard.

use bevy_egui::egui;

use super::settings::name_it;
use super::theme::{self, faint, section};
use crate::config::{Echo, Hear};
use crate::host::{CanHear, Device, Sound};
use crate::words::Words;

/// How loud something can be chosen to be, in percent.
const LOUD: [u16; 5] = [0, 25, 50, 75, Sound::LOUDEST];

/// The figures' voices, and the scene around them.
pub(super) fn voices(
    ui: &mut egui::Ui,
    words: &Words,
    sound: &mut Sound,
    (loudspeakers, spoken_by): (&[Device], &mut String),
) {
    section(ui, words.get("settings-sound"));
    let mut speak = sound.voices != "none";
    if ui.checkbox(&mut speak, words.get("settings-voices")).changed() {
        let by = if spoken_by.is_empty() { "auto" } else { spoken_by.as_str() };
        sound.voices = if speak { by } else { "none" }.to_owned();
    }
    faint(ui, words.get("settings-voices-note"));
    for (name, loud) in
        [("settings-volume", &mut sound.voices_volume), ("settings-scene-volume", &mut sound.scene_volume)]
    {
        ui.label(words.get(name));
        ui.horizontal_wrapped(|ui| {
            for size in LOUD {
                let text = words.with("settings-percent", &[("size", &size.to_string())]);
                theme::choice(ui, loud, size, text);
            }
        });
    }
    device(ui, words, "settings-loudspeaker", (&mut sound.loudspeaker, loudspeakers));
}

/// What the room takes in of the person.
pub(super) fn senses(
    ui: &mut egui::Ui,
    words: &Words,
    sound: &mut Sound,
    (hearing, microphones): (CanHear, &[Device]),
) {
    section(ui, words.get("settings-senses"));
    faint(ui, words.get("sense-keys"));
    if hearing == CanHear::No {
        faint(ui, words.get("sense-microphone-none"));
    } else {
        hears(ui, words, sound, hearing);
    }
    if hearing != CanHear::No && sound.hear != Hear::Off {
        ui.label(words.get("settings-echo"));
        for (echo, name) in [
            (Echo::Loudspeaker, "settings-echo-loudspeaker"),
            (Echo::Headphones, "settings-echo-headphones"),
            (Echo::HalfDuplex, "settings-echo-half"),
        ] {
            ui.radio_value(&mut sound.echo, echo, words.get(name));
        }
        device(ui, words, "settings-microphone", (&mut sound.microphone, microphones));
    }
}

/// The devices that there are, to choose one. One that was chosen and is not there is said not to be.
pub(super) fn device(
    ui: &mut egui::Ui,
    words: &Words,
    name: &str,
    (chosen, there): (&mut String, &[Device]),
) {
    ui.label(words.get(name));
    let own = words.get("settings-device-own");
    let known = there.iter().find(|device| device.id == *chosen || device.title == *chosen);
    let shown = match known {
        _ if chosen.is_empty() => own.clone(),
        Some(device) => device.title.clone(),
        None => words.with("settings-device-missing", &[("name", chosen)]),
    };
    let list = egui::ComboBox::from_id_salt(name).width(ui.available_width()).truncate().selected_text(shown);
    let list = list.show_ui(ui, |ui| {
        ui.selectable_value(chosen, String::new(), own);
        for Device { id, title } in there {
            ui.selectable_value(chosen, id.clone(), title);
        }
    });
    name_it(ui.ctx(), &list.response, words.get(name));
}

/// When the person is heard.
pub(super) fn hears(ui: &mut egui::Ui, words: &Words, sound: &mut Sound, hearing: CanHear) {
    ui.label(words.get("settings-hear"));
    let there = |hear: &Hear| *hear != Hear::Open || hearing == CanHear::Openly;
    for (hear, name) in [
        (Hear::Off, "settings-hear-off"),
        (Hear::Key, "settings-hear-key"),
        (Hear::Open, "settings-hear-open"),
    ]
    .into_iter()
    .filter(|(hear, _)| there(hear))
    {
        ui.radio_value(&mut sound.hear, hear, words.get(name));
    }
    faint(ui, words.get("settings-hear-note"));
    // Nobody is recorded who is not heard.
    if sound.hear != Hear::Off {
        ui.checkbox(&mut sound.recording, words.get("settings-recording"));
        faint(ui, words.get("settings-recording-note"));
    } else {
        // Whoever wants to be heard again is asked anew.
        sound.recording = false;
    }
}
