//! A camera by the kernel's own interface, `Video4Linux`.

use std::io::{Error, ErrorKind};
use std::path::Path;
use std::time::Duration;

use linuxvideo::format::{PixFormat, PixelFormat};
use linuxvideo::stream::ReadStream;
use linuxvideo::{BufType, CapabilityFlags, Device, Fract, VideoCaptureDevice};

use super::listing::Camera;
use super::webcam;
use super::{CameraError, Coding, Lost, MOST_CAMERA_PIXELS};

/// What is asked for, in pixels. The driver takes the nearest that it has.
const WANTED: (u32, u32) = (640, 480);
/// How many pictures a second are asked for, and how many YUYV must give at least to be taken before MJPEG.
const A_SECOND: u32 = 15;
/// How long is waited for a picture at once, in steps of which each is a question to the driver.
const STEP: Duration = Duration::from_millis(4);
const STEPS: u32 = 12;

/// Numbers of errors that have no kind of their own.
const NO_SUCH_DEVICE: [i32; 2] = [6, 19];

/// Whether a device gives pictures. Of the two that a camera mostly has one gives none. One that is refused is taken for a
/// camera, so that the refusal is said when it is opened.
pub(super) fn gives_pictures(path: &Path) -> bool {
    match Device::open(path).and_then(|device| device.capabilities()) {
        Ok(able) => {
            let able = able.device_capabilities();
            able.contains(CapabilityFlags::VIDEO_CAPTURE) && able.contains(CapabilityFlags::STREAMING)
        }
        Err(error) => matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ResourceBusy),
    }
}

/// A camera that is open and gives pictures.
pub(super) struct V4l {
    stream: ReadStream,
    coding: Coding,
}

impl V4l {
    /// Opens it and asks for pictures of about 640 by 480.
    ///
    /// # Errors
    /// [`CameraError`].
    pub(super) fn open(camera: &Camera) -> Result<Self, CameraError> {
        let refused = |error: Error| why(camera, &error);
        let device = Device::open(&camera.path).map_err(refused)?;
        let known: Vec<PixelFormat> = device
            .formats(BufType::VIDEO_CAPTURE)
            .filter_map(|format| Some(format.ok()?.pixel_format()))
            .take(64)
            .collect();
        drop(device);
        let (opened, coding) = Self::choose(camera, &known)?;
        let stream = opened.into_stream().map_err(refused)?;
        Ok(Self { stream, coding })
    }

    /// YUYV costs no decoding. Where a slow line gives few of its large pictures, MJPEG is taken, and else YUYV nevertheless.
    fn choose(camera: &Camera, known: &[PixelFormat]) -> Result<(VideoCaptureDevice, Coding), CameraError> {
        let (plain, jpeg) = ([PixelFormat::YUYV], [PixelFormat::MJPG, PixelFormat::JPEG]);
        let attempts =
            plain.iter().map(|it| (it, true)).chain(jpeg.iter().chain(&plain).map(|it| (it, false)));
        let mut last = CameraError::Coding(camera.title.clone());
        for (format, quick) in attempts.filter(|(format, _)| known.contains(format)) {
            match attempt(camera, *format) {
                Ok(Some((device, coding, fast))) if fast || !quick => return Ok((device, coding)),
                Ok(_) => {}
                Err(error) => last = error,
            }
        }
        Err(last)
    }
}

/// Asks for a format. With it: whether it is as quick as wanted. None where the driver gives another one.
fn attempt(
    camera: &Camera,
    format: PixelFormat,
) -> Result<Option<(VideoCaptureDevice, Coding, bool)>, CameraError> {
    let refused = |error: Error| why(camera, &error);
    let wanted = PixFormat::new(WANTED.0, WANTED.1, format);
    let device = Device::open(&camera.path).and_then(|it| it.video_capture(wanted)).map_err(refused)?;
    let given = device.format();
    let (width, height) = (given.width() as usize, given.height() as usize);
    if given.pixel_format() != format || (width * height) as u64 > MOST_CAMERA_PIXELS {
        return Ok(None);
    }
    let coding = if format == PixelFormat::YUYV {
        let stride = (given.bytes_per_line() as usize).max(width * 2);
        Coding::Yuyv { width, height, stride }
    } else {
        Coding::Mjpeg
    };
    // Some drivers know of no rate; theirs is whatever it is.
    let fast = device
        .set_frame_interval(Fract::new(1, A_SECOND))
        .map_or(true, |it| u64::from(it.numerator()) * u64::from(A_SECOND) <= u64::from(it.denominator()));
    Ok(Some((device, coding, fast)))
}

/// What an error means when a camera is opened.
fn why(camera: &Camera, error: &Error) -> CameraError {
    let title = camera.title.clone();
    match error.kind() {
        ErrorKind::ResourceBusy => CameraError::Busy(title),
        ErrorKind::PermissionDenied => CameraError::Refused(title),
        ErrorKind::NotFound => CameraError::Missing(camera.id.clone()),
        _ if error.raw_os_error().is_some_and(|it| NO_SUCH_DEVICE.contains(&it)) => {
            CameraError::Missing(camera.id.clone())
        }
        _ => CameraError::Unusable { title, why: error.to_string() },
    }
}

impl webcam::Device for V4l {
    fn coding(&self) -> Coding {
        self.coding
    }

    fn next(&mut self, see: &mut dyn FnMut(&[u8])) -> Result<(), Lost> {
        for _ in 0..STEPS {
            if !self.stream.will_block().map_err(lost)? {
                let seen = self.stream.dequeue(|bytes| {
                    // What the driver itself calls damaged is passed on as nothing, so that it is counted.
                    see(if bytes.is_error() { &[] } else { &bytes });
                    Ok(())
                });
                return seen.map_err(lost);
            }
            std::thread::sleep(STEP);
        }
        Ok(())
    }
}

/// What an error means while a camera is open.
fn lost(error: Error) -> Lost {
    match error.raw_os_error() {
        Some(number) if NO_SUCH_DEVICE.contains(&number) => Lost::Unplugged,
        _ => Lost::Fails(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::senses::camera::listing::tests_camera;

    #[test]
    fn each_error_of_the_kernel_is_said_as_what_it_means() {
        let camera = tests_camera("usb-1:2-3", "A camera");
        let (title, id) = (camera.title.clone(), camera.id.clone());
        let of = |number: i32| why(&camera, &Error::from_raw_os_error(number));
        assert_eq!(of(16), CameraError::Busy(title.clone()));
        assert_eq!(
            (of(13), of(1)),
            (CameraError::Refused(title.clone()), CameraError::Refused(title.clone()))
        );
        for number in [2, 6, 19] {
            assert_eq!(of(number), CameraError::Missing(id.clone()));
        }
        assert!(matches!(of(5), CameraError::Unusable { .. }));
        assert_eq!(lost(Error::from_raw_os_error(19)), Lost::Unplugged);
        assert!(matches!(lost(Error::from_raw_os_error(5)), Lost::Fails(_)));
        for said in [of(16), of(13), of(2), of(5), CameraError::None, CameraError::Coding(title)] {
            let said = said.to_string();
            assert!(said.lines().count() == 1 && (said.contains(';')), "{said}");
        }
    }

    #[test]
    fn what_is_no_camera_is_refused_and_gives_no_pictures() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        for path in [file.path(), Path::new("/dev/null"), Path::new("/nowhere/video0")] {
            assert!(!gives_pictures(path), "{}", path.display());
            let camera = Camera { path: path.to_owned(), ..tests_camera("id", "A camera") };
            assert!(V4l::open(&camera).is_err());
        }
    }
}
