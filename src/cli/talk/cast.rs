//! Who plays the figures: a language model where one is set, else written material.

use crate::cast::Cast;
use crate::cast::model::{ModelCast, ModelSetup, Models};
use crate::cast::story::StoryCast;
use crate::cli::{CliError, complain};
use crate::config::{CastChoice, Settings};
use crate::net::client::Client;
use crate::net::discover;
use crate::net::endpoint::{Endpoint, Secret, key_from_file};

/// The variable that holds a server's key.
const KEY: &str = "INNER_ROOM_API_KEY";

/// The cast, and the name of the model that plays, if one does.
pub(super) fn of(settings: &Settings, seed: u64) -> Result<(Box<dyn Cast>, Option<String>), CliError> {
    let address = match &settings.cast {
        Some(CastChoice::Server(address)) => address,
        Some(CastChoice::Story | CastChoice::Auto) | None => return Ok((Box::new(StoryCast::new()?), None)),
    };
    let wrong = |error: &dyn std::fmt::Display| CliError::Call(error.to_string());
    let endpoint = Endpoint::new(address, key(settings)?).map_err(|error| wrong(&error))?;
    let warm_up = endpoint.is_here();
    let client = Client::new(endpoint).map_err(|error| wrong(&error))?;
    let all = match &settings.model {
        Some(name) => name.clone(),
        None => match discover::first_model(&client) {
            Ok(first) => first,
            // A server that is down at the start keeps nobody from their evening.
            Err(error) => {
                complain(&format!(
                    "{address} does not say which models it has: {error}. The evening is held without it; name a model with --model"
                ));
                return Ok((Box::new(StoryCast::new()?), None));
            }
        },
    };
    let name = format!("{} ({address})", discover::shown(&all));
    let models = Models { all, ..Models::default() };
    let cast = ModelCast::new(ModelSetup { client, models, warm_up, seed }).map_err(|error| wrong(&error))?;
    Ok((Box::new(cast), Some(name)))
}

/// The key: from the environment, else from the file that is named.
fn key(settings: &Settings) -> Result<Option<Secret>, CliError> {
    if let Some(key) = std::env::var(KEY).ok().filter(|key| !key.trim().is_empty()) {
        return Ok(Some(Secret::new(&key)));
    }
    let file = settings.key_file.as_deref();
    file.map(|file| key_from_file(file).map_err(|error| CliError::Call(error.to_string()))).transpose()
}
