//! Running a network in ONNX's format, on one thread: a network that hears or sees beside a room that is drawn must not take
//! its cores away.
//!
//! Two can do it. `rten` is part of the program, in Rust alone. ONNX Runtime is a library of this machine, several times as
//! fast, which is looked for when the program runs. What runs a network is decided by the [`Worker`] that it is given.

mod form;
#[cfg(feature = "face")]
mod library;
#[cfg(feature = "face")]
mod ort;
mod rten;

use std::io::Read as _;
use std::path::{Path, PathBuf};

#[cfg(feature = "face")]
pub use self::library::Search;
#[cfg(feature = "face")]
pub use self::ort::{LEAST_VERSION, Looked, Refused, Runtime, look};
use super::catalogue::Entry;
use super::checksum::Sums;

/// Why a network cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OnnxError {
    /// The file cannot be read, or is no network.
    #[error("{path} cannot be used: {why}. Get it anew, or take it away")]
    Load {
        /// Which file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// It is another network than the one that was expected here.
    #[error(
        "{path} is another network than the one that is needed: it has no {name}. Get it anew, or take it away"
    )]
    Other {
        /// Which file.
        path: PathBuf,
        /// What it lacks.
        name: String,
    },
    /// It is not the file that is known under this name.
    #[error(
        "{path} is not the file that is known as {name}, by its checksum; it is not used. Get the right one, or take it away"
    )]
    Unknown {
        /// Which file.
        path: PathBuf,
        /// The model that it should be.
        name: String,
    },
    /// What goes in or comes out is not as the list says.
    #[error("{name} cannot be used as the list of models says: {why}")]
    Shape {
        /// Which model.
        name: String,
        /// What does not fit.
        why: String,
    },
    /// It could not work out its answer.
    #[error("the network could not work out its answer: {0}")]
    Run(String),
}

/// Tensor in a shape, the last axis running fastest.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// How many along each axis; empty for a single number.
    pub shape: Vec<usize>,
    /// All of them: as many as the shape holds.
    pub of: Vec<f32>,
}

/// What is put into a network.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// Tensor in a shape.
    Tensor(Tensor),
    /// A single whole number.
    Scalar(i32),
}

/// What can run a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// The part of this program that can.
    Rten,
    /// ONNX Runtime, a library of this machine.
    OnnxRuntime,
}

impl Backend {
    /// Its name, as it is typed and printed.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rten => "rten",
            Self::OnnxRuntime => "onnxruntime",
        }
    }
}

/// What runs networks, on one thread. Those that share one work one after the other.
#[derive(Clone, Debug)]
pub struct Worker(With);

#[derive(Clone, Debug)]
enum With {
    Rten(rten::Pool),
    #[cfg(feature = "face")]
    OnnxRuntime(Runtime),
}

impl Default for Worker {
    /// The one that is part of the program.
    fn default() -> Self {
        Self(With::Rten(rten::Pool::default()))
    }
}

impl Worker {
    /// On ONNX Runtime.
    #[cfg(feature = "face")]
    #[must_use]
    pub fn on(runtime: Runtime) -> Self {
        Self(With::OnnxRuntime(runtime))
    }

    /// The fastest that is here: ONNX Runtime, and without it the one that is part of the program.
    #[cfg(feature = "face")]
    #[must_use]
    pub fn best(search: &Search) -> Self {
        look(search).runtime.map_or_else(Self::default, Self::on)
    }

    /// What runs them.
    #[must_use]
    pub fn backend(&self) -> Backend {
        match &self.0 {
            With::Rten(_) => Backend::Rten,
            #[cfg(feature = "face")]
            With::OnnxRuntime(_) => Backend::OnnxRuntime,
        }
    }
}

/// A network that was read, with one of the backends.
trait Session: Send + Sync {
    /// Names of what goes in and of what comes out, in the order of the file.
    fn names(&self) -> (Vec<String>, Vec<String>);

    /// What comes out under these names, or why nothing does, in a line.
    fn run(&self, inputs: Vec<(&str, Input)>, outputs: &[String]) -> Result<Vec<Tensor>, String>;
}

/// A network, and which of its inputs and outputs are used, in order.
pub struct Network {
    session: Box<dyn Session>,
    inputs: Vec<String>,
    outputs: Vec<String>,
}

impl std::fmt::Debug for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Network").field("inputs", &self.inputs).finish_non_exhaustive()
    }
}

impl Network {
    /// Reads a network that has inputs and outputs of these names.
    ///
    /// # Errors
    /// [`OnnxError`] for a file that cannot be read, is damaged, or is another network.
    pub fn load(path: &Path, inputs: &[&str], outputs: &[&str]) -> Result<Self, OnnxError> {
        Self::load_on(path, inputs, outputs, &Worker::default())
    }

    /// The same, run by a worker.
    ///
    /// # Errors
    /// [`OnnxError`] for a file that cannot be read, is damaged, or is another network.
    pub fn load_on(
        path: &Path,
        inputs: &[&str],
        outputs: &[&str],
        worker: &Worker,
    ) -> Result<Self, OnnxError> {
        let bytes = std::fs::read(path).map_err(|error| unread(path, &error))?;
        Self::read(path, bytes, inputs, outputs, worker)
    }

    /// Reads a network that is in the list of models, with what its recipe says of it. Another file than the one that is
    /// known is not even looked into.
    ///
    /// # Errors
    /// [`OnnxError`] for a file that cannot be read, is another one, or does not fit its recipe.
    pub fn pinned(entry: &Entry, path: &Path, worker: &Worker) -> Result<Self, OnnxError> {
        let mut bytes = Vec::new();
        let file = std::fs::File::open(path).map_err(|error| unread(path, &error))?;
        file.take(entry.most() + 1).read_to_end(&mut bytes).map_err(|error| unread(path, &error))?;
        if !Sums::of_bytes(&bytes).fit(&entry.checksum) {
            return Err(OnnxError::Unknown { path: path.to_owned(), name: entry.name.clone() });
        }
        let recipe = entry.recipe.as_ref();
        let inputs = recipe.map_or_else(Vec::new, |recipe| names(&recipe.inputs));
        let outputs = recipe.map_or_else(Vec::new, |recipe| names(&recipe.outputs));
        Self::read(path, bytes, &inputs, &outputs, worker)
    }

    /// Where no names are given, all that the file has are taken, in its order.
    fn read(
        path: &Path,
        bytes: Vec<u8>,
        inputs: &[&str],
        outputs: &[&str],
        worker: &Worker,
    ) -> Result<Self, OnnxError> {
        let failed = |why: String| unread(path, &why);
        form::check(&bytes).map_err(|error| unread(path, &error))?;
        let session: Box<dyn Session> = match &worker.0 {
            With::Rten(pool) => Box::new(rten::Loaded::read(bytes, pool).map_err(failed)?),
            #[cfg(feature = "face")]
            With::OnnxRuntime(runtime) => Box::new(ort::Loaded::read(&bytes, runtime).map_err(failed)?),
        };
        let (all_inputs, all_outputs) = session.names();
        let find = |names: &[&str], all: Vec<String>| {
            if names.is_empty() {
                return Ok(all);
            }
            match names.iter().find(|name| !all.iter().any(|it| it == *name)) {
                Some(name) => Err(OnnxError::Other { path: path.to_owned(), name: (*name).to_owned() }),
                None => Ok(names.iter().map(|name| (*name).to_owned()).collect()),
            }
        };
        let (inputs, outputs) = (find(inputs, all_inputs)?, find(outputs, all_outputs)?);
        Ok(Self { session, inputs, outputs })
    }

    /// What comes out, in the order in which the outputs were named.
    ///
    /// # Errors
    /// [`OnnxError::Run`] when the inputs do not fit the network.
    pub fn run(&self, inputs: Vec<Input>) -> Result<Vec<Tensor>, OnnxError> {
        let (takes, given) = (self.inputs.len(), inputs.len());
        if given != takes {
            return Err(OnnxError::Run(format!("it takes {takes} tensors, not {given}")));
        }
        for input in &inputs {
            if let Input::Tensor(Tensor { shape, of }) = input
                && shape.iter().product::<usize>() != of.len()
            {
                return Err(OnnxError::Run(format!("{} numbers are no {shape:?}", of.len())));
            }
        }
        let named = self.inputs.iter().map(String::as_str).zip(inputs).collect();
        self.session.run(named, &self.outputs).map_err(OnnxError::Run)
    }
}

fn names(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

fn unread(path: &Path, why: &dyn std::fmt::Display) -> OnnxError {
    OnnxError::Load { path: path.to_owned(), why: why.to_string() }
}

/// The longest that what others say of an error may be, in characters.
const MOST_SAID: usize = 200;

/// What others say of an error, in a line.
fn line(error: &dyn std::fmt::Display) -> String {
    let text = error.to_string();
    let first = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("it does not say why");
    first.trim_end_matches('.').chars().take(MOST_SAID).collect()
}
