//! Networks on `rten`, which is part of the program: in Rust alone.

use std::sync::Arc;

use ::rten::{Model, NodeId, RunOptions, ThreadPool, Value};
use rten_tensor::{AsView as _, Layout as _};

use super::{Input, Session, Tensor, line};

/// The thread on which networks work.
#[derive(Clone, Debug)]
pub(super) struct Pool(Arc<ThreadPool>);

impl Default for Pool {
    fn default() -> Self {
        Self(Arc::new(ThreadPool::with_num_threads(1)))
    }
}

pub(super) struct Loaded {
    model: Model,
    options: RunOptions,
}

impl Loaded {
    /// Reads a network, or says in a line why that cannot be done.
    pub(super) fn read(bytes: Vec<u8>, pool: &Pool) -> Result<Self, String> {
        let model = Model::load(bytes).map_err(|error| line(&error))?;
        let options = RunOptions::default().with_thread_pool(Some(pool.0.clone()));
        Ok(Self { model, options })
    }

    fn node(&self, name: &str) -> Result<NodeId, String> {
        self.model.find_node(name).ok_or_else(|| format!("it has no {name}"))
    }
}

impl Session for Loaded {
    fn names(&self) -> (Vec<String>, Vec<String>) {
        let names = |ids: &[NodeId]| {
            ids.iter()
                .filter_map(|id| Some(self.model.node_info(*id)?.name()?.to_owned()))
                .collect::<Vec<String>>()
        };
        (names(self.model.input_ids()), names(self.model.output_ids()))
    }

    fn run(&self, inputs: Vec<(&str, Input)>, outputs: &[String]) -> Result<Vec<Tensor>, String> {
        let mut values = Vec::with_capacity(inputs.len());
        for (name, input) in inputs {
            values.push((self.node(name)?, value(input).into()));
        }
        let outputs = outputs.iter().map(|name| self.node(name)).collect::<Result<Vec<_>, _>>()?;
        let made = self.model.run(values, &outputs, Some(self.options.clone()));
        let tensor = |value: Value| -> Result<Tensor, String> {
            let tensor: rten_tensor::Tensor<f32> = value.try_into().map_err(|error| line(&error))?;
            Ok(Tensor { shape: tensor.shape().to_vec(), of: tensor.to_vec() })
        };
        made.map_err(|error| line(&error))?.into_iter().map(tensor).collect()
    }
}

fn value(input: Input) -> Value {
    match input {
        Input::Scalar(number) => Value::from(number),
        Input::Tensor(Tensor { shape, of }) => Value::from(rten_tensor::Tensor::from_data(&shape, of)),
    }
}
