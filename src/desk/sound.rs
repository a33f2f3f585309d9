//! Of the settings: what the figures are heard with, and how the person is heard.

use bevy_egui::egui;

use super::settings::field;
use super::theme::{self, faint, section};
use crate::config::{Echo, Hear};
use crate::host::{CanHear, Sound};
use crate::words::Words;

/// How loud something can be chosen to be, in percent.
const LOUD: [u16; 5] = [0, 25, 50, 75, Sound::LOUDEST];

/// The figures' voices, and the scene around them.
pub(super) fn voices(ui: &mut egui::Ui, words: &Words, sound: &mut Sound) {
    section(ui, words.get("settings-sound"));
    let mut speak = sound.voices != "none";
    if ui.checkbox(&mut speak, words.get("settings-voices")).changed() {
        sound.voices = if speak { "auto" } else { "none" }.to_owned();
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
    ui.label(words.get("settings-loudspeaker"));
    field(ui, words, "settings-loudspeaker", &mut sound.loudspeaker, "");
}

/// What the room takes in of the person.
pub(super) fn senses(ui: &mut egui::Ui, words: &Words, sound: &mut Sound, hearing: CanHear) {
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
        ui.label(words.get("settings-microphone"));
        field(ui, words, "settings-microphone", &mut sound.microphone, "");
    }
    faint(ui, words.get("sense-camera"));
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
}
