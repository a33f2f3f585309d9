//! The cameras of this machine, each with an id that stays when it is connected again and the system gives it another number.

use std::path::{Path, PathBuf};

use super::CameraError;

/// A camera, as it can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Camera {
    /// The id under which it is found again.
    pub id: String,
    /// What a person calls it.
    pub title: String,
    /// Where it is just now.
    pub(super) path: PathBuf,
    /// The id with the place where it is connected.
    pub(super) placed: String,
}

/// The cameras that there are, in the order in which the system counts them. None is opened for longer than to ask what it is.
#[must_use]
pub fn cameras() -> Vec<Camera> {
    if cfg!(target_os = "linux") {
        listed(Path::new("/sys/class/video4linux"), Path::new("/dev"), &gives_pictures)
    } else {
        Vec::new()
    }
}

#[cfg(target_os = "linux")]
fn gives_pictures(path: &Path) -> bool {
    super::v4l::gives_pictures(path)
}

#[cfg(not(target_os = "linux"))]
fn gives_pictures(_path: &Path) -> bool {
    false
}

/// The camera with this id; the first one where none was chosen. Never another one in its place.
///
/// # Errors
/// [`CameraError::None`], [`CameraError::Missing`].
pub(super) fn find(all: Vec<Camera>, chosen: Option<&str>) -> Result<Camera, CameraError> {
    let Some(chosen) = chosen.map(str::trim).filter(|chosen| !chosen.is_empty()) else {
        return all.into_iter().next().ok_or(CameraError::None);
    };
    let missing = || CameraError::Missing(chosen.to_owned());
    all.into_iter().find(|camera| camera.id == chosen || camera.placed == chosen).ok_or_else(missing)
}

/// The most devices that are looked at.
const MOST: u32 = 256;

/// What the kernel says of video devices below `class`, of which `gives` tells which give pictures.
fn listed(class: &Path, devices: &Path, gives: &dyn Fn(&Path) -> bool) -> Vec<Camera> {
    let entries = std::fs::read_dir(class).into_iter().flatten().filter_map(Result::ok);
    let number = |name: &str| name.strip_prefix("video")?.parse::<u32>().ok();
    let mut numbers: Vec<u32> =
        entries.filter_map(|entry| number(entry.file_name().to_str()?)).filter(|it| *it < MOST).collect();
    numbers.sort_unstable();
    let found = numbers.into_iter().filter_map(|number| {
        let (entry, path) = (class.join(format!("video{number}")), devices.join(format!("video{number}")));
        gives(&path).then(|| (told(&entry, number), path))
    });
    let found: Vec<(Told, PathBuf)> = found.collect();
    let unique = |told: &Told| found.iter().filter(|(other, _)| other.own == told.own).count() == 1;
    let named = found.iter().map(|(told, path)| {
        let placed = format!("{}@{}", told.own, told.place);
        // Two of one kind that both have no number of their own are told apart only by where they are connected.
        let id = if told.numbered && unique(told) { told.own.clone() } else { placed.clone() };
        Camera { id, title: told.title.clone(), path: path.clone(), placed }
    });
    named.collect()
}

/// What the kernel tells of a device.
struct Told {
    title: String,
    /// What it is, wherever it is connected.
    own: String,
    /// Whether it has a number of its own, so that no other of its kind is meant.
    numbered: bool,
    /// Where it is connected.
    place: String,
}

fn told(entry: &Path, number: u32) -> Told {
    let title = said(&entry.join("name")).unwrap_or_else(|| format!("video{number}"));
    // The device is the function of a piece of hardware, and its parent the whole.
    let function = entry.join("device").canonicalize().ok();
    let whole = function.as_deref().and_then(Path::parent);
    let usb = whole.and_then(|whole| {
        let maker = said(&whole.join("idVendor"))?;
        Some((whole, maker, said(&whole.join("idProduct"))?))
    });
    let last = |path: &Path| path.file_name().map(|it| plain(&it.to_string_lossy())).unwrap_or_default();
    let index = said(&entry.join("index")).unwrap_or_default();
    let Some((whole, maker, product)) = usb else {
        let place = function.as_deref().map_or_else(|| format!("video{number}"), last);
        let part = if matches!(index.as_str(), "" | "0") { String::new() } else { format!("/{index}") };
        return Told { own: format!("{}{part}", plain(&title)), numbered: false, place, title };
    };
    // A second lens, as for a picture by heat, is another function of the same whole.
    let function = function.as_deref().map(last).unwrap_or_default();
    let function = function.rsplit('.').next().unwrap_or_default().to_owned();
    let part = if matches!((function.as_str(), index.as_str()), ("0", "" | "0")) {
        String::new()
    } else {
        format!("/{function}.{index}")
    };
    let serial = said(&whole.join("serial")).map(|it| plain(&it)).filter(|it| !it.is_empty());
    let numbered = serial.is_some();
    let serial = serial.map(|it| format!("-{it}")).unwrap_or_default();
    let own = format!("usb-{}:{}{serial}{part}", plain(&maker), plain(&product));
    Told { title, own, numbered, place: last(whole) }
}

/// The first line of a small file.
fn said(path: &Path) -> Option<String> {
    let bytes = std::fs::read(path).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let line: String = text.lines().next()?.chars().filter(|it| !it.is_control()).take(80).collect();
    Some(line.trim().to_owned()).filter(|it| !it.is_empty())
}

/// In letters that need no quoting in a file of settings or a command.
fn plain(text: &str) -> String {
    text.chars().map(|it| if it.is_ascii_alphanumeric() || "-_.:".contains(it) { it } else { '_' }).collect()
}

#[cfg(test)]
pub(super) fn tests_camera(id: &str, title: &str) -> Camera {
    Camera { id: id.to_owned(), title: title.to_owned(), path: PathBuf::new(), placed: format!("{id}@here") }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    /// A machine as the kernel tells of it.
    struct Machine(tempfile::TempDir);

    impl Machine {
        fn new() -> Self {
            let machine = Self(tempfile::tempdir().expect("a folder"));
            fs::create_dir_all(machine.0.path().join("class")).expect("a folder");
            machine
        }

        /// Connects a camera at a port. Each is two devices, of which the second gives no pictures.
        fn connect(&self, number: u32, port: &str, title: &str, serial: Option<&str>) {
            let whole = self.0.path().join("bus").join(port);
            let function = whole.join(format!("{port}:1.0"));
            fs::create_dir_all(&function).expect("a folder");
            let write = |path: PathBuf, text: &str| fs::write(path, format!("{text}\n")).expect("written");
            write(whole.join("idVendor"), "046d");
            write(whole.join("idProduct"), "082d");
            if let Some(serial) = serial {
                write(whole.join("serial"), serial);
            }
            for (index, number) in [number, number + 1].into_iter().enumerate() {
                let entry = self.0.path().join("class").join(format!("video{number}"));
                fs::create_dir(&entry).expect("a folder");
                write(entry.join("name"), title);
                write(entry.join("index"), &index.to_string());
                symlink(&function, entry.join("device")).expect("a link");
            }
        }

        fn unplug(&self) {
            fs::remove_dir_all(self.0.path().join("class")).expect("removed");
            fs::remove_dir_all(self.0.path().join("bus")).expect("removed");
            fs::create_dir(self.0.path().join("class")).expect("a folder");
        }

        fn listed(&self) -> Vec<Camera> {
            let even = |path: &Path| path.to_string_lossy().ends_with(['0', '2', '4', '6', '8']);
            listed(&self.0.path().join("class"), Path::new("/dev"), &even)
        }
    }

    fn path(machine: &Machine, id: &str) -> Result<String, CameraError> {
        find(machine.listed(), Some(id)).map(|it| it.path.display().to_string())
    }

    #[test]
    fn a_camera_has_the_same_id_under_another_number_and_at_another_port() {
        let machine = Machine::new();
        machine.connect(0, "1-4", "HD Pro Webcam C920", Some("5F1C2A"));
        let before = machine.listed();
        assert_eq!(before.len(), 1, "{before:?}");
        assert_eq!(
            (before[0].id.as_str(), before[0].title.as_str()),
            ("usb-046d:082d-5F1C2A", "HD Pro Webcam C920")
        );
        machine.unplug();
        machine.connect(0, "1-4", "HD Pro Webcam C920", Some("0B77"));
        machine.connect(6, "3-1.2", "HD Pro Webcam C920", Some("5F1C2A"));
        assert_eq!(path(&machine, &before[0].id), Ok("/dev/video6".to_owned()));
    }

    #[test]
    fn where_the_chosen_one_is_not_there_no_other_one_is_taken() {
        let machine = Machine::new();
        machine.connect(0, "1-4", "A", Some("1"));
        assert_eq!(
            path(&machine, "usb-046d:082d-2"),
            Err(CameraError::Missing("usb-046d:082d-2".to_owned()))
        );
        assert_eq!(path(&machine, "A"), Err(CameraError::Missing("A".to_owned())));
        assert_eq!(find(machine.listed(), Some(" ")).map(|it| it.id), Ok("usb-046d:082d-1".to_owned()));
        machine.unplug();
        assert_eq!(find(machine.listed(), None), Err(CameraError::None));
        assert_eq!(
            find(listed(Path::new("nowhere"), Path::new("/dev"), &|_| true), None),
            Err(CameraError::None)
        );
    }

    #[test]
    fn two_that_say_the_same_of_themselves_are_told_apart_by_where_they_are_connected() {
        for serial in [None, Some("SN0001")] {
            let machine = Machine::new();
            machine.connect(0, "1-4", "Webcam", serial);
            machine.connect(2, "1-5", "Webcam", serial);
            let ids: Vec<String> = machine.listed().into_iter().map(|it| it.id).collect();
            assert!(ids[0] != ids[1] && ids[0].ends_with("@1-4"), "{ids:?}");
            machine.unplug();
            // One of them is left, under another number: it is found, and is not taken for the other one.
            machine.connect(0, "1-5", "Webcam", serial);
            assert_eq!(path(&machine, &ids[1]), Ok("/dev/video0".to_owned()));
            assert_eq!(path(&machine, &ids[0]), Err(CameraError::Missing(ids[0].clone())));
        }
    }

    #[test]
    fn a_camera_without_a_bus_and_a_name_of_any_letters_has_an_id_of_plain_ones() {
        let machine = Machine::new();
        let entry = machine.0.path().join("class/video10");
        fs::create_dir(&entry).expect("a folder");
        fs::write(entry.join("name"), b"Bild \xFF \x1B[31m\x00und mehr\n").expect("written");
        let found = machine.listed();
        assert_eq!(found.len(), 1);
        assert!(found[0].id.bytes().all(|it| it.is_ascii_graphic()) && found[0].id.ends_with("@video10"));
        assert!(!found[0].title.chars().any(char::is_control), "{:?}", found[0].title);
    }
}
