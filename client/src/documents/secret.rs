//! The secret with which an issuer makes subjects that the chain does not name.

use std::{fmt, str::FromStr};

use rand::Rng;
use sha2::{Digest, Sha256};
use solana_address::Address;

use crate::{
    document::subject::Salt,
    hex::{self, Hex},
};

/// What the hash of [`Secret::check`] begins with.
const DOMAIN: &[u8] = b"microcred/issuer-secret/v1";
/// How many digits of that hash tell secrets apart.
const CHECK: usize = 16;

/// 32 random bytes of an issuer. Who has them, and a learner's address, can tell which credentials are the learner's; with others, the same
/// learner is somebody else on chain. So it is kept, as long as there is anything to issue to anybody again.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret([u8; 32]);

impl Secret {
    /// A new one.
    #[must_use]
    pub fn generate() -> Self {
        Self(rand::rng().random())
    }

    /// What turns a learner's key into a commitment, for an achievement.
    #[must_use]
    pub fn salt(&self, achievement: &Address, learner: &Address) -> Salt {
        Salt::derive(&self.0, achievement, learner)
    }

    /// What tells it from others and gives nothing of it away: the beginning of a hash.
    #[must_use]
    pub fn check(&self) -> String {
        let hash: [u8; 32] = Sha256::new().chain_update(DOMAIN).chain_update(self.0).finalize().into();
        Hex(&hash).to_string().chars().take(CHECK).collect()
    }

    /// The text that its file holds: 64 hexadecimal digits.
    #[must_use]
    pub fn text(&self) -> String {
        Hex(&self.0).to_string()
    }
}

/// The text is no secret of an issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it holds no secret of an issuer: 64 hexadecimal digits that are not all the same")]
pub struct SecretError;

impl FromStr for Secret {
    type Err = SecretError;

    /// 64 hexadecimal digits, perhaps with spaces and line ends around them.
    fn from_str(text: &str) -> Result<Self, SecretError> {
        let bytes = hex::parse(text.trim()).ok_or(SecretError)?;
        if bytes.iter().all(|byte| Some(byte) == bytes.first()) { Err(SecretError) } else { Ok(Self(bytes)) }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_read_as_they_are_written_and_not_shown() {
        let secret = Secret::generate();
        assert_eq!(format!(" {}\n", secret.text()).parse(), Ok(secret.clone()));
        assert_eq!(format!("{secret:?}"), "Secret");
        assert!(!secret.text().contains(&secret.check()));
        let other = Secret::generate();
        assert_ne!((secret.check(), &secret), (other.check(), &other));
        for wrong in ["", "abc", &"00".repeat(32), &"zz".repeat(32)] {
            assert_eq!(wrong.parse::<Secret>(), Err(SecretError), "{wrong}");
        }
    }
}
