//! Running a network in ONNX's format. `rten` reads the files as they are, in Rust alone, on one thread: a network that hears
//! or sees beside a room that is drawn must not take its cores away.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rten::{Model, NodeId, RunOptions, ThreadPool, Value};
use rten_tensor::{AsView as _, Layout as _};

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

/// The thread on which networks work. Those that share one work one after the other.
#[derive(Clone, Debug)]
pub struct Worker(Arc<ThreadPool>);

impl Default for Worker {
    fn default() -> Self {
        Self(Arc::new(ThreadPool::with_num_threads(1)))
    }
}

/// A network, and which of its inputs and outputs are used, in order.
pub struct Network {
    model: Model,
    inputs: Vec<NodeId>,
    outputs: Vec<NodeId>,
    options: RunOptions,
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
        let bytes = std::fs::read(path).map_err(|error| unread(path, &error))?;
        Self::read(path, bytes, inputs, outputs, &Worker::default())
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
        let model = Model::load(bytes).map_err(|error| unread(path, &error))?;
        let find = |names: &[&str], all: &[NodeId]| {
            if names.is_empty() {
                return Ok(all.to_vec());
            }
            let node = |name: &&str| {
                let node = model.find_node(name);
                node.ok_or_else(|| OnnxError::Other { path: path.to_owned(), name: (*name).to_owned() })
            };
            names.iter().map(node).collect::<Result<Vec<_>, _>>()
        };
        let inputs = find(inputs, model.input_ids())?;
        let outputs = find(outputs, model.output_ids())?;
        let options = RunOptions::default().with_thread_pool(Some(worker.0.clone()));
        Ok(Self { model, inputs, outputs, options })
    }

    /// What comes out, in the order in which the outputs were named.
    ///
    /// # Errors
    /// [`OnnxError::Run`] when the inputs do not fit the network.
    pub fn run(&self, inputs: Vec<Input>) -> Result<Vec<Tensor>, OnnxError> {
        let fails = |error: &dyn std::fmt::Display| OnnxError::Run(error.to_string());
        if inputs.len() != self.inputs.len() {
            return Err(OnnxError::Run(format!(
                "it takes {} tensors, not {}",
                self.inputs.len(),
                inputs.len()
            )));
        }
        let mut values = Vec::with_capacity(inputs.len());
        for (&id, input) in self.inputs.iter().zip(inputs) {
            values.push((id, value(input)?.into()));
        }
        let made = self.model.run(values, &self.outputs, Some(self.options.clone()));
        let tensor = |value: Value| -> Result<Tensor, OnnxError> {
            let tensor: rten_tensor::Tensor<f32> = value.try_into().map_err(|error| fails(&error))?;
            Ok(Tensor { shape: tensor.shape().to_vec(), of: tensor.to_vec() })
        };
        made.map_err(|error| fails(&error))?.into_iter().map(tensor).collect()
    }
}

fn names(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

fn unread(path: &Path, why: &dyn std::fmt::Display) -> OnnxError {
    OnnxError::Load { path: path.to_owned(), why: why.to_string() }
}

fn value(input: Input) -> Result<Value, OnnxError> {
    match input {
        Input::Scalar(number) => Ok(Value::from(number)),
        Input::Tensor(Tensor { shape, of }) => {
            if shape.iter().product::<usize>() != of.len() {
                return Err(OnnxError::Run(format!("{} numbers are no {shape:?}", of.len())));
            }
            Ok(Value::from(rten_tensor::Tensor::from_data(&shape, of)))
        }
    }
}
