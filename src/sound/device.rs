//! Microphones and loudspeakers of this machine: which there are, and finding one again by a name that stays.

use cpal::traits::{DeviceTrait as _, HostTrait as _};
use cpal::{Device, Host};

/// What a device is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// A microphone.
    In,
    /// A loudspeaker.
    Out,
}

/// A device, as it can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The name under which it is found again.
    pub id: String,
    /// What a person calls it.
    pub title: String,
    /// Whether the system would take it by itself.
    pub default: bool,
}

/// Why a device cannot be used. Each message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    /// There is none at all.
    #[error("there is no {}", what(*.0))]
    None(Direction),
    /// The one that was chosen is not there.
    #[error("the {} {named} is not there", what(*.direction))]
    Missing {
        /// Which kind.
        direction: Direction,
        /// What was chosen.
        named: String,
    },
    /// Nobody answers who is asked for one.
    #[error("the sound system does not answer when it is asked for the {}", what(*.0))]
    Silent(Direction),
    /// It is there and cannot be opened.
    #[error("the {} cannot be used: {why}", what(*.direction))]
    Unusable {
        /// Which kind.
        direction: Direction,
        /// Why.
        why: String,
    },
}

fn what(direction: Direction) -> &'static str {
    match direction {
        Direction::In => "microphone",
        Direction::Out => "loudspeaker",
    }
}

/// How many devices are told of at most: sound systems make up dozens.
const MOST: usize = 64;

/// The devices that there are, the system's own choice first.
#[must_use]
pub fn list(direction: Direction) -> Vec<Named> {
    hush();
    let host = cpal::default_host();
    let chosen = default(&host, direction).and_then(|device| device.id().ok());
    let devices = host.devices().map(|devices| devices.take(MOST).collect::<Vec<_>>()).unwrap_or_default();
    let mut named: Vec<Named> = devices
        .into_iter()
        .filter(|device| serves(device, direction) && is_one(device))
        .filter_map(|device| {
            let id = device.id().ok()?;
            let default = Some(&id) == chosen.as_ref();
            Some(Named {
                title: title(&device).unwrap_or_else(|| id.id().to_owned()),
                id: id.to_string(),
                default,
            })
        })
        .collect();
    named.sort_by_key(|device| !device.default);
    named
}

/// Whether the system has one to take by itself.
#[must_use]
pub fn is_there(direction: Direction) -> bool {
    hush();
    let opens = |device: Device| match direction {
        Direction::In => device.default_input_config().is_ok(),
        Direction::Out => device.default_output_config().is_ok(),
    };
    default(&cpal::default_host(), direction).is_some_and(opens)
}

/// The device that was chosen by its id or by a part of its title; the system's own where nothing was chosen.
///
/// # Errors
/// [`DeviceError::None`], [`DeviceError::Missing`].
pub(crate) fn find(direction: Direction, chosen: Option<&str>) -> Result<Device, DeviceError> {
    hush();
    let host = cpal::default_host();
    let Some(chosen) = chosen.map(str::trim).filter(|chosen| !chosen.is_empty()) else {
        return default(&host, direction).ok_or(DeviceError::None(direction));
    };
    let missing = || DeviceError::Missing { direction, named: chosen.to_owned() };
    let by_id = chosen.parse().ok().and_then(|id| host.device_by_id(&id));
    if let Some(device) = by_id {
        return Ok(device);
    }
    let wanted = chosen.to_lowercase();
    let named = |device: &Device| title(device).is_some_and(|title| title.to_lowercase().contains(&wanted));
    let mut devices = host.devices().map_err(|_gone| missing())?;
    devices.find(|device| named(device) && serves(device, direction)).ok_or_else(missing)
}

/// ALSA talks on standard error of everything that it does not find. On this thread it talks into a buffer from now on.
fn hush() {
    #[cfg(target_os = "linux")]
    if alsa::Output::local_error_handler().is_err() {}
}

fn default(host: &Host, direction: Direction) -> Option<Device> {
    match direction {
        Direction::In => host.default_input_device(),
        Direction::Out => host.default_output_device(),
    }
}

fn serves(device: &Device, direction: Direction) -> bool {
    match direction {
        Direction::In => device.supports_input(),
        Direction::Out => device.supports_output(),
    }
}

/// What ALSA lists beside the devices themselves: ways to convert sound, and a card's parts by number.
const NO_DEVICES: [&str; 17] = [
    "dmix",
    "dsnoop",
    "front",
    "hdmi",
    "hw",
    "iec958",
    "jack",
    "lavrate",
    "null",
    "oss",
    "samplerate",
    "speex",
    "speexrate",
    "surround",
    "upmix",
    "usbstream",
    "vdownmix",
];

/// Whether somebody would call it a device.
fn is_one(device: &Device) -> bool {
    let Ok(id) = device.id() else { return false };
    let kind = id.id().split(':').next().unwrap_or_default();
    !NO_DEVICES.iter().any(|no| kind.trim_end_matches(|c: char| c.is_ascii_digit()) == *no)
}

fn title(device: &Device) -> Option<String> {
    device.description().ok().map(|description| description.name().to_owned())
}
