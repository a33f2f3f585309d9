//! A film of what the room showed, where ffmpeg is.

use std::io::Write as _;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

use crate::cli::CliError;

/// Pictures a second. Slow enough for a machine without a graphics card, quick enough for breath and blinks.
const RATE: u32 = 12;

/// A film that is being made.
pub(super) struct Film {
    ffmpeg: Child,
    into: Option<ChildStdin>,
}

impl Film {
    /// From one picture to the next.
    pub(super) const STEP: Duration = Duration::from_nanos(1_000_000_000 / RATE as u64);

    /// Begins a film; none, and a line that says so, where ffmpeg is not.
    pub(super) fn begin(path: &Path, (width, height): (u32, u32)) -> Result<Self, CliError> {
        let mut command = Command::new("ffmpeg");
        command
            .args(["-loglevel", "error", "-y", "-f", "rawvideo", "-pixel_format", "rgb24"])
            .args(["-video_size", &format!("{width}x{height}"), "-framerate", &RATE.to_string(), "-i", "-"])
            .args(["-c:v", "libx264", "-preset", "fast", "-crf", "18", "-pix_fmt", "yuv420p"])
            .arg(path)
            .stdin(Stdio::piped())
            .stdout(Stdio::null());
        let mut ffmpeg = command.spawn().map_err(|error| CliError::Film(error.to_string()))?;
        let into = ffmpeg.stdin.take();
        Ok(Self { ffmpeg, into })
    }

    /// Takes a picture in: three bytes a pixel, row by row.
    pub(super) fn take(&mut self, picture: &[u8]) -> Result<(), CliError> {
        let Some(into) = &mut self.into else { return Ok(()) };
        into.write_all(picture).map_err(|error| CliError::Film(error.to_string()))
    }

    /// The film is whole.
    pub(super) fn end(mut self) -> Result<(), CliError> {
        drop(self.into.take());
        match self.ffmpeg.wait() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(CliError::Film(format!("ffmpeg ended with {status}"))),
            Err(error) => Err(CliError::Film(error.to_string())),
        }
    }
}
