//! Waking a server: a local model is loaded with its first request, which can take a minute or two.

use std::rc::Rc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::play::Player;
use crate::dialogue::input::Health;
use crate::net::NetError;
use crate::net::chat::{ChatRequest, Message, Role};
use crate::net::client::Limits;

/// How often a server that loads its model is looked at, and how long after each other.
const MOST_LOOKS: u32 = 120;
const BETWEEN_LOOKS: Duration = Duration::from_secs(2);

impl Player {
    /// Wakes a server that has fallen asleep. Until then the story cast plays.
    pub(super) fn wake_again(self: &Rc<Self>) {
        if self.warm.swap(false, Ordering::Relaxed) {
            tokio::task::spawn_local(Rc::clone(self).wake_up());
        }
    }

    /// Asks for a word until one comes, and says so when that takes long.
    pub(super) async fn wake_up(self: Rc<Self>) {
        let begun = self.standing.now();
        let mut woken = Err(NetError::Loading);
        for _ in 0..MOST_LOOKS {
            woken = self.said_when_slow(self.word_of_each()).await;
            if woken != Err(NetError::Loading) {
                break;
            }
            self.standing.tell(Health::Waking);
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
        self.warm.store(true, Ordering::Relaxed);
        match woken {
            Ok(()) => self.standing.woke(),
            Err(error) => {
                self.standing.failed(&error, self.setup.models.all.as_deref().unwrap_or_default(), begun);
            }
        }
    }

    /// Asks each model for a word.
    async fn word_of_each(&self) -> Result<(), NetError> {
        let everybodys = self.model(None).await?;
        let mut models: Vec<String> = self.setup.models.of.values().cloned().collect();
        models.push(everybodys.clone());
        models.sort();
        models.dedup();
        for model in models {
            let request = ChatRequest {
                messages: vec![Message { role: Role::User, text: "Say: ready".to_owned() }],
                max_tokens: 16,
                temperature: 0.0,
                schema: None,
                picture: None,
            };
            match self.setup.client.chat(&request, &model, Limits::WARM_UP, |_| true).await {
                // It is awake, and reasons; that is known now.
                Ok(_) | Err(NetError::OnlyReasoned) => {}
                // One model that is not there is no reason to do without the others.
                Err(error @ NetError::Status { status: 404, .. }) if model != everybodys => {
                    self.standing.failed(&error, &model, self.standing.now());
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Waits for it, and tells that the server is waking up when that takes long.
    async fn said_when_slow<T>(&self, waking: impl Future<Output = T>) -> T {
        tokio::pin!(waking);
        if let Ok(woken) = tokio::time::timeout(Limits::TURN.first_token, &mut waking).await {
            return woken;
        }
        self.standing.tell(Health::Waking);
        waking.await
    }
}
