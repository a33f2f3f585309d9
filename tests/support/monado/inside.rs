//! Running a program in the folder with a newer system in it, so that it meets there the files of this one that it needs.
//!
//! Whatever is mounted for that is seen by that program alone, and is gone with it: nothing of this system hangs in the
//! folder when somebody deletes it.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The variable that says where the folder is, if it is not `xr-root` in the folder of builds.
pub(super) const PLACE: &str = "INNER_ROOM_XR_ROOT";

/// Arguments: the folder, what is to be the same in it and outside, `--`, and the program with its own. Every step becomes the
/// next one, so that the first is the program in the end.
const ENTER: &str = r#"set -e
root=$1; shift
for own in proc dev sys; do mount --rbind "/$own" "$root/$own"; done
while [ "$1" != -- ]; do mkdir -p "$root$1"; mount --bind "$1" "$root$1"; shift; done
shift
exec chroot "$root" /bin/sh -c 'cd "$1" && shift && exec "$@"' sh "$(pwd -P)" "$@""#;

/// A folder with a system in it.
pub(super) struct Inside(PathBuf);

impl Inside {
    /// The folder, if it can be entered.
    ///
    /// # Errors
    /// In one line, what is missing.
    pub(super) fn find() -> Result<Self, String> {
        let root = place().canonicalize().ok().filter(|root| root.join("usr/bin/monado-service").is_file());
        let Some(root) = root else {
            return Err("no runtime of OpenXR is installed, and there is no target/xr-root".to_owned());
        };
        let inside = Self(root);
        // Where files of ours go tells who we are.
        if std::fs::metadata("/proc/self").map_or(true, |own| own.uid() != 0) {
            return Err("the runtime of OpenXR in target/xr-root takes root's rights".to_owned());
        }
        let tried = inside.command(Path::new("true")).stdin(Stdio::null()).output();
        match tried {
            Ok(tried) if tried.status.success() => Ok(inside),
            Ok(tried) => {
                let said = String::from_utf8_lossy(&tried.stderr);
                Err(format!(
                    "target/xr-root cannot be entered: {}",
                    said.lines().next().unwrap_or("no reason is given")
                ))
            }
            Err(error) => Err(format!("target/xr-root cannot be entered: unshare: {error}")),
        }
    }

    /// Where a file of it is for who is outside.
    pub(super) fn outside(&self, file: &str) -> PathBuf {
        self.0.join(file.trim_start_matches('/'))
    }

    /// Runs a program in it: one of its own by its name, or one of ours by its path.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new("unshare");
        command.args(["--mount", "--propagation", "private", "--", "sh", "-c", ENTER, "sh"]).arg(&self.0);
        command.args(self.shared(program)).arg("--").arg(program);
        command
    }

    /// The folders that are the same in it as outside, none of them in another.
    fn shared(&self, program: &Path) -> Vec<PathBuf> {
        let mut shared: Vec<PathBuf> = Vec::new();
        let ours = program.is_absolute() && !self.outside(&program.to_string_lossy()).exists();
        let models = std::env::var_os("INNER_ROOM_MODELS").map(PathBuf::from);
        let folders = [
            Some(std::env::temp_dir()),
            Some(PathBuf::from(env!("CARGO_MANIFEST_DIR"))),
            models.as_deref().and_then(beside),
            program.parent().filter(|_| ours).map(Path::to_path_buf),
            std::env::current_dir().ok(),
        ];
        for folder in folders.into_iter().flatten() {
            if folder.is_dir() && folder.parent().is_some() && !shared.iter().any(|it| folder.starts_with(it))
            {
                shared.push(folder);
            }
        }
        shared
    }
}

/// The folder in which the models' folder is: what they point to is there, too.
fn beside(models: &Path) -> Option<PathBuf> {
    let models = models.canonicalize().ok()?;
    models.parent().filter(|parent| parent.parent().is_some()).map(Path::to_path_buf).or(Some(models))
}

fn place() -> PathBuf {
    std::env::var_os(PLACE)
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("CARGO_TARGET_DIR").map(|target| Path::new(&target).join("xr-root")))
        .unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/xr-root"))
}
