//! Running a network in ONNX's format. `rten` reads the files as they are, in Rust alone, on one thread: a network that hears
//! or sees beside a room that is drawn must not take its cores away.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rten::{Model, NodeId, RunOptions, ThreadPool, Value};
use rten_tensor::{AsView as _, Layout as _};

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
        let fails = |why: String| OnnxError::Load { path: path.to_owned(), why };
        let bytes = std::fs::read(path).map_err(|error| fails(error.to_string()))?;
        let model = Model::load(bytes).map_err(|error| fails(error.to_string()))?;
        let find = |name: &&str| {
            let node = model.find_node(name);
            node.ok_or_else(|| OnnxError::Other { path: path.to_owned(), name: (*name).to_owned() })
        };
        let inputs = inputs.iter().map(find).collect::<Result<_, _>>()?;
        let outputs = outputs.iter().map(find).collect::<Result<_, _>>()?;
        let pool = Arc::new(ThreadPool::with_num_threads(1));
        let options = RunOptions::default().with_thread_pool(Some(pool));
        Ok(Self { model, inputs, outputs, options })
    }

    /// What comes out, in the order in which the outputs were named.
    ///
    /// # Errors
    /// [`OnnxError::Run`] when the inputs do not fit the network.
    pub fn run(&self, inputs: Vec<Input>) -> Result<Vec<Tensor>, OnnxError> {
        let fails = |error: &dyn std::fmt::Display| OnnxError::Run(error.to_string());
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
