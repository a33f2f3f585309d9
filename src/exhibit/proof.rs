//! Whether something that was entered is the secret, without the time that the answer takes saying how near it was.

use ring::hmac;

/// What a secret is told by. The secret itself is not in it.
///
/// Both sides are hashed first, so that neither their length nor where they differ can be measured ("double HMAC").
#[derive(Clone)]
pub(super) struct Proof(hmac::Tag);

impl Proof {
    /// Of a secret.
    pub(super) fn of(secret: &str) -> Self {
        Self(hmac::sign(&key(), secret.as_bytes()))
    }

    /// Whether this is the secret.
    pub(super) fn is(&self, entered: &str) -> bool {
        hmac::verify(&key(), entered.as_bytes(), self.0.as_ref()).is_ok()
    }
}

impl std::fmt::Debug for Proof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Proof(…)")
    }
}

/// It keeps nothing secret: it only makes tags of equal length that nobody can foresee from a part of what is entered.
fn key() -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, b"inner room: what is entered")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_secret_is_the_secret() {
        let proof = Proof::of("0417");
        assert!(proof.is("0417"));
        for other in ["", "0", "041", "04170", "0418", "1417", " 0417", "0417\n", "٠٤١٧"] {
            assert!(!proof.is(other), "{other:?}");
        }
        assert!(!format!("{proof:?}").contains("0417"));
    }
}
