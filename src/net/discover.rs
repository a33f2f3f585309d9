//! Looking for a chat server on this machine. Nothing of the person's is sent: only what is there is asked for.

use std::time::Duration;

use serde_json::Value;

use super::client::{Client, PAGE};
use super::endpoint::Endpoint;
use super::error::NetError;

/// Ports at which servers listen, and whose they usually are.
const PORTS: [(u16, &str); 4] = [(11434, "Ollama"), (1234, "LM Studio"), (8080, "llama.cpp"), (8000, "vLLM")];
/// How long one of them may take to say what it is.
const PATIENCE: Duration = Duration::from_secs(1);

/// Whether a server that was found can be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It answers.
    Ready,
    /// It loads its model.
    Loading,
    /// It wants a key.
    NeedsKey,
}

/// A server that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its address.
    pub address: String,
    /// What it is, as far as can be told.
    pub name: String,
    /// Its models, in its own order.
    pub models: Vec<Model>,
    /// Whether it can be asked.
    pub state: State,
}

/// A model that a server has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    /// By what it is asked for.
    pub id: String,
    /// How many tokens it reads, where the server says so.
    pub context: Option<u32>,
}

impl Model {
    /// Its name without the folders of its file.
    #[must_use]
    pub fn shown(&self) -> &str {
        shown(&self.id)
    }

    /// Whether it is one that writes, as far as its name tells.
    fn writes(&self) -> bool {
        let name = self.id.to_lowercase();
        !["embed", "rerank", "whisper", "tts", "bge-", "clip", "moderation", "dall-e", "image"]
            .iter()
            .any(|other| name.contains(other))
    }
}

/// Asks every usual port of this machine at once.
pub async fn on_this_machine() -> Vec<Found> {
    let mut looks = tokio::task::JoinSet::new();
    for (order, (port, name)) in PORTS.into_iter().enumerate() {
        looks.spawn(async move { (order, look(&format!("http://127.0.0.1:{port}/v1"), name).await) });
    }
    let mut found: Vec<(usize, Found)> = Vec::new();
    while let Some(looked) = looks.join_next().await {
        if let Ok((order, Some(server))) = looked {
            found.push((order, server));
        }
    }
    found.sort_by_key(|(order, _)| *order);
    found.into_iter().map(|(_, server)| server).collect()
}

/// What stands at an address; none when it is no chat server.
pub async fn look(address: &str, usually: &str) -> Option<Found> {
    let client = Client::new(Endpoint::new(address, None).ok()?).ok()?;
    let found =
        |state, models| Some(Found { address: address.to_owned(), name: usually.to_owned(), models, state });
    match client.get("models", PATIENCE).await {
        Ok(list) => {
            let models = models_of(&list)?;
            let name = whose(&list).unwrap_or(usually);
            Some(Found { address: address.to_owned(), name: name.to_owned(), models, state: State::Ready })
        }
        Err(NetError::Loading) => found(State::Loading, Vec::new()),
        // A router or a build server at the same port says so with a page.
        Err(NetError::Status { status: 401 | 403, message, .. }) if message != PAGE => {
            found(State::NeedsKey, Vec::new())
        }
        Err(_) => None,
    }
}

/// The models of a server that is named.
///
/// # Errors
/// [`NetError`].
pub async fn models(client: &Client) -> Result<Vec<Model>, NetError> {
    let list = client.get("models", Duration::from_secs(4)).await?;
    models_of(&list).ok_or_else(|| NetError::NoChatServer("no list of models".to_owned()))
}

/// The first model of a server that writes.
///
/// # Errors
/// [`NetError`].
pub async fn first_model(client: &Client) -> Result<String, NetError> {
    let first = models(client).await?.into_iter().next();
    first.map(|model| model.id).ok_or_else(|| NetError::NoChatServer("an empty list of models".to_owned()))
}

/// Waits for what is looked for here, on a thread that has nothing else to do.
///
/// # Errors
/// When the system gives no sockets.
pub fn wait_for<T>(looking: impl Future<Output = T>) -> std::io::Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let found = runtime.block_on(looking);
    // A name that is still being looked up is not waited for.
    runtime.shutdown_timeout(Duration::from_millis(100));
    Ok(found)
}

/// The name of a model without the folders of its file.
#[must_use]
pub fn shown(id: &str) -> &str {
    id.rsplit(['/', '\\']).next().unwrap_or(id)
}

/// Reads a list of models; none when it is none.
fn models_of(list: &Value) -> Option<Vec<Model>> {
    let data = list["data"].as_array()?;
    let models = data.iter().filter_map(|model| {
        let id = model["id"].as_str()?.trim_start_matches("models/").to_owned();
        let context = [&model["meta"]["n_ctx"], &model["max_model_len"], &model["loaded_context_length"]];
        let context =
            context.into_iter().find_map(Value::as_u64).and_then(|tokens| u32::try_from(tokens).ok());
        Some(Model { id, context })
    });
    Some(models.filter(Model::writes).collect())
}

/// Whose list it is, by the marks that servers leave in it.
fn whose(list: &Value) -> Option<&'static str> {
    match list["data"][0]["owned_by"].as_str()? {
        "llamacpp" => Some("llama.cpp"),
        "vllm" => Some("vLLM"),
        "library" => Some("Ollama"),
        "organization_owner" => Some("LM Studio"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_of_real_servers_are_read() {
        let llama = json!({"object":"list","models":[{}],"data":[{"id":"/home/x/stories.gguf","owned_by":"llamacpp","meta":{"n_ctx":512}}]});
        let models = models_of(&llama).expect("a list");
        assert_eq!((models[0].shown(), models[0].context), ("stories.gguf", Some(512)));
        assert_eq!(whose(&llama), Some("llama.cpp"));
        let vllm = json!({"data":[{"id":"q","owned_by":"vllm","max_model_len":8192}]});
        assert_eq!(models_of(&vllm).expect("a list")[0].context, Some(8192));
        let mixed = json!({"data":[{"id":"nomic-embed-text"},{"id":"models/gemini"},{"id":"llama3.1:8b","owned_by":"library"}]});
        let names: Vec<_> = models_of(&mixed).expect("a list").into_iter().map(|model| model.id).collect();
        assert_eq!(names, ["gemini", "llama3.1:8b"]);
        assert_eq!(models_of(&json!({"error":"Unexpected endpoint"})), None);
    }
}
