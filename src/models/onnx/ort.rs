//! Networks on ONNX Runtime, a library of this machine that is loaded when the program runs, by `ort`.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ::ort::LoadDynamicError;
use ::ort::environment::Environment;
use ::ort::logging::LogLevel;
use ::ort::session::builder::GraphOptimizationLevel;
use ::ort::value::{DynValue, TensorElementType, ValueType};

use super::library::{Search, look_into};
use super::{Input, Session, Tensor, line};

/// The oldest version that can be used: that of the functions which `ort` asks it for.
pub const LEAST_VERSION: [u32; 2] = [1, ::ort::MINOR_VERSION];

/// How long the library may take to be loaded.
const PATIENCE: Duration = Duration::from_secs(20);

/// A library that was found and cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Which file.
    pub path: PathBuf,
    /// Why, in a line.
    pub why: String,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} cannot be used: {}", self.path.display(), self.why)
    }
}

/// What came of looking for the library.
#[derive(Clone, Debug, Default)]
pub struct Looked {
    /// The library; none where there is none that can be used.
    pub runtime: Option<Runtime>,
    /// Those before it that cannot.
    pub refused: Vec<Refused>,
}

/// ONNX Runtime, loaded. A process loads one at most, and keeps it.
#[derive(Clone, Debug)]
pub struct Runtime(Arc<Here>);

#[derive(Debug)]
struct Here {
    environment: Environment,
    path: PathBuf,
    version: Option<[u32; 2]>,
}

impl Runtime {
    /// Where the library is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// Its version, such as 1.24, where it says one.
    #[must_use]
    pub fn version(&self) -> Option<String> {
        self.0.version.map(|[major, minor]| format!("{major}.{minor}"))
    }
}

/// What this process has of the library.
enum State {
    Unloaded,
    Loaded(Runtime),
    /// Loading it did not come to an end; nothing more is asked of it.
    Stuck,
}

static STATE: Mutex<State> = Mutex::new(State::Unloaded);

/// Looks for the library, and loads the first one that can be used. Once one is loaded it is the one that is found.
#[must_use]
pub fn look(search: &Search) -> Looked {
    let mut state = STATE.lock().unwrap_or_else(PoisonError::into_inner);
    let mut looked = Looked::default();
    for path in search.candidates() {
        match try_out(&path, &mut state) {
            Ok(runtime) => {
                looked.runtime = Some(runtime);
                break;
            }
            Err(why) => looked.refused.push(Refused { path, why }),
        }
    }
    looked
}

fn try_out(path: &Path, state: &mut State) -> Result<Runtime, String> {
    let version = look_into(path)?;
    if let Some(version) = version.filter(|version| *version < LEAST_VERSION) {
        return Err(too_old(&format!("{}.{}", version[0], version[1])));
    }
    match state {
        State::Loaded(runtime) => return Ok(runtime.clone()),
        State::Stuck => return Err("loading one has come to no end before".to_owned()),
        State::Unloaded => {}
    }
    let (tell, told) = crossbeam_channel::bounded(1);
    let file = path.to_owned();
    // On a thread of its own: what a library does while it is loaded is not in our hands.
    let load = move || {
        let opened = std::panic::catch_unwind(|| open(&file));
        let broken = |_| Err("it broke down while it was loaded".to_owned());
        // Whoever waited may have gone.
        tell.send(opened.unwrap_or_else(broken)).ok();
    };
    let begun = crate::thread::spawn("onnxruntime", load);
    begun.map_err(|error| format!("it cannot be loaded: {error}"))?;
    let Ok(opened) = told.recv_timeout(PATIENCE) else {
        *state = State::Stuck;
        return Err(format!("it was not loaded within {} seconds", PATIENCE.as_secs()));
    };
    let runtime = Runtime(Arc::new(Here { environment: opened?, path: path.to_owned(), version }));
    *state = State::Loaded(runtime.clone());
    Ok(runtime)
}

fn too_old(version: &str) -> String {
    let [major, minor] = LEAST_VERSION;
    format!("it is version {version}, and {major}.{minor} is the oldest that can be used")
}

/// Loads it. It sends nothing, and writes nothing on the screen.
fn open(path: &Path) -> Result<Environment, String> {
    let builder = ::ort::init_from(path).map_err(|error| match error {
        LoadDynamicError::Dlopen { error, .. } => format!("the system cannot load it: {}", line(&error)),
        LoadDynamicError::MissingApi { .. } => "it is no ONNX Runtime".to_owned(),
        LoadDynamicError::InvalidVersionString => "it says no version".to_owned(),
        LoadDynamicError::BadVersion { version_str, .. } => too_old(&version_str),
    })?;
    let silent = Arc::new(|_: LogLevel, _: &str, _: &str, _: &str, _: &str| {});
    let builder = builder.with_name("inner-room").with_telemetry(false).with_logger(silent);
    let environment = builder.build().map_err(|error| line(&error))?;
    // Else each message is put together, only to be thrown away.
    environment.set_log_level(LogLevel::Fatal);
    Ok(environment)
}

pub(super) struct Loaded {
    /// It does not run twice at once.
    session: Mutex<::ort::session::Session>,
    /// Keeps the library.
    _runtime: Runtime,
}

impl Loaded {
    /// Reads a network, or says in a line why that cannot be done.
    pub(super) fn read(bytes: &[u8], runtime: &Runtime) -> Result<Self, String> {
        let session = session(bytes, &runtime.0.environment).map_err(|error| line(&error))?;
        Ok(Self { session: Mutex::new(session), _runtime: runtime.clone() })
    }
}

fn session(bytes: &[u8], environment: &Environment) -> ::ort::Result<::ort::session::Session> {
    let builder = ::ort::session::Session::builder(environment)?;
    let builder = builder.with_intra_threads(1)?.with_inter_threads(1)?.with_parallel_execution(false)?;
    let builder = builder.with_intra_op_spinning(false)?.with_inter_op_spinning(false)?;
    let builder = builder.with_log_level(LogLevel::Fatal)?;
    let mut builder = builder.with_optimization_level(GraphOptimizationLevel::All)?;
    builder.commit_from_memory(bytes)
}

impl Session for Loaded {
    fn names(&self) -> (Vec<String>, Vec<String>) {
        let session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let names = |all: &[::ort::value::Outlet]| all.iter().map(|it| it.name().to_owned()).collect();
        (names(session.inputs()), names(session.outputs()))
    }

    fn run(&self, inputs: Vec<(&str, Input)>, outputs: &[String]) -> Result<Vec<Tensor>, String> {
        let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let mut values = Vec::with_capacity(inputs.len());
        for (name, input) in inputs {
            let kind = session.inputs().iter().find(|it| it.name() == name).map(|it| it.dtype());
            let wide = matches!(kind, Some(ValueType::Tensor { ty: TensorElementType::Int64, .. }));
            values.push((name.to_owned(), value(input, wide).map_err(|error| line(&error))?));
        }
        let made = session.run(values).map_err(|error| line(&error))?;
        let tensor = |name: &String| {
            let value = made.get(name).ok_or_else(|| format!("it has no {name}"))?;
            let (shape, of) = value.try_extract_tensor::<f32>().map_err(|error| line(&error))?;
            let shape = shape.iter().map(|it| usize::try_from(*it).unwrap_or_default()).collect();
            Ok(Tensor { shape, of: of.to_vec() })
        };
        outputs.iter().map(tensor).collect()
    }
}

/// A whole number is put in as wide as the network takes it.
fn value(input: Input, wide: bool) -> ::ort::Result<DynValue> {
    let single = Vec::<usize>::new();
    Ok(match input {
        Input::Scalar(number) if wide => {
            ::ort::value::Tensor::from_array((single, vec![i64::from(number)]))?.into_dyn()
        }
        Input::Scalar(number) => ::ort::value::Tensor::from_array((single, vec![number]))?.into_dyn(),
        Input::Tensor(Tensor { shape, of }) => ::ort::value::Tensor::from_array((shape, of))?.into_dyn(),
    })
}
