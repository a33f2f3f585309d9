//! Whether the room can be shown here: what draws it, where, and with which letters and figures.

use std::path::Path;
use std::process::{Command, Stdio};

use super::Finding;
use crate::app;
use crate::cli::{NO_DRIVER, room as stage};
use crate::config::Settings;
use crate::desk::theme;
use crate::room::avatar;
use crate::room::tier::fitting;

/// Looks at all of it.
pub(super) fn look(settings: &Settings) -> Vec<Finding> {
    let mut found = vec![graphics(settings), display(), letters(), film()];
    found.extend(figure("the Patient's", settings.patient.as_deref()));
    found.extend(figure("the Devil's", settings.devil.as_deref()));
    found.push(headset());
    found
}

fn graphics(settings: &Settings) -> Finding {
    let rank = |kind: wgpu::DeviceType| match kind {
        wgpu::DeviceType::DiscreteGpu => 0,
        wgpu::DeviceType::IntegratedGpu => 1,
        wgpu::DeviceType::VirtualGpu => 2,
        wgpu::DeviceType::Other => 3,
        wgpu::DeviceType::Cpu => 4,
    };
    let Some(best) = app::adapters().into_iter().min_by_key(|adapter| rank(adapter.device_type)) else {
        return Finding::fault(
            "graphics",
            NO_DRIVER.to_owned(),
            "The evening can be held in the terminal: inner-room talk.",
        );
    };
    let tier = settings.tier.unwrap_or_else(|| fitting(best.device_type)).name();
    let driver = [best.driver.trim(), best.driver_info.trim()].join(" ");
    let what = format!("{} ({}); the {tier} tier is drawn", best.name, driver.trim());
    let figures = serde_json::json!({
        "adapter": best.name,
        "driver": driver.trim(),
        "backend": best.backend.to_string(),
        "kind": format!("{:?}", best.device_type),
        "tier": tier,
    });
    let finding = if best.device_type == wgpu::DeviceType::Cpu {
        let todo = "It is drawn without a graphics card, slowly. If there is one, install its Vulkan driver.";
        Finding::look("graphics", what, todo)
    } else {
        Finding::well("graphics", what)
    };
    Finding { figures: Some(figures), ..finding }
}

fn display() -> Finding {
    if stage::has_display() {
        Finding::well("display", "there is one, and a window opens on it".to_owned())
    } else {
        let what = "there is none, so the room is drawn into pictures".to_owned();
        Finding::look(
            "display",
            what,
            "Start inner-room on a screen, or hold the evening in the terminal: inner-room talk.",
        )
    }
}

/// Whether the room can be shown in a headset. Whether one is on is asked as the room is opened.
#[cfg(feature = "headset")]
fn headset() -> Finding {
    use crate::headset::loader::{self, Missing};
    match loader::missing() {
        Some(Missing::Loader) => Finding::well(
            "headset",
            "the OpenXR loader is not installed; --xr needs it (Debian and Ubuntu: libopenxr-loader1, Fedora: openxr-libs)"
                .to_owned(),
        ),
        Some(Missing::Runtime) => Finding::well(
            "headset",
            "no OpenXR runtime is set as the one to use; SteamVR, WiVRn and Monado set themselves".to_owned(),
        ),
        None if stage::headset_answers() => Finding::well("headset", "one answers; --xr shows the room in it".to_owned()),
        None => Finding::look(
            "headset",
            "an OpenXR runtime is set, and no headset answers".to_owned(),
            "Turn it on and start its runtime; the room is on the screen meanwhile.",
        ),
    }
}

#[cfg(not(feature = "headset"))]
fn headset() -> Finding {
    Finding::well("headset", "this build has no part for headsets".to_owned())
}

fn letters() -> Finding {
    let missing = theme::unreadable();
    if missing.is_empty() {
        Finding::well("letters", "built in, for English, Western European and Simplified Chinese".to_owned())
    } else {
        let what = format!("these have no shape: {missing}");
        Finding::fault("letters", what, "The program is damaged; build it anew.")
    }
}

fn film() -> Finding {
    let ffmpeg = Command::new("ffmpeg").arg("-version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if ffmpeg.is_ok_and(|status| status.success()) {
        Finding::well("film", "ffmpeg is there, so --film works".to_owned())
    } else {
        Finding::look(
            "film",
            "ffmpeg is not there".to_owned(),
            "Only --film needs it; install it if you want one.",
        )
    }
}

fn figure(whose: &str, file: Option<&Path>) -> Option<Finding> {
    let file = file?;
    let shown = file.display();
    Some(match avatar::load(file) {
        Ok(avatar) => Finding::well("figures", format!("{whose} is {shown}: {}", avatar.summary())),
        Err(error) => {
            let todo = "The built-in figure takes its place until then.";
            Finding::look("figures", format!("{whose}, {shown}, cannot be used: {error}"), todo)
        }
    })
}
