//! Subjects that the chain does not name: commitments to a learner's key, which only the learner's document opens.

use std::fmt;

use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use solana_address::Address;

use crate::hex::{self, Hex};

/// What the hash of a commitment begins with.
const DOMAIN: &[u8] = b"microcred/subject/v1";
/// `identityType` of a commitment.
pub const COMMITMENT: &str = "ext:solanaSubjectCommitment";
/// What stands before the digits of an `identityHash`.
const SHA256: &str = "sha256$";

/// What turns a learner's key into a commitment, 32 bytes. Whoever has it, and knows the key, can find the credential.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt([u8; 32]);

impl Salt {
    /// HMAC-SHA-256 of achievement and learner's key, by the issuer's secret: issuing again makes the same salt, hence no second
    /// credential.
    #[must_use]
    pub fn derive(secret: &[u8; 32], achievement: &Address, learner: &Address) -> Self {
        // HMAC takes keys of every length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return Self([0; 32]) };
        mac.update(achievement.as_ref());
        mac.update(learner.as_ref());
        Self(mac.finalize().into_bytes().into())
    }

    /// The subject that stands on chain: SHA-256 of `microcred/subject/v1`, the learner's key and the salt.
    #[must_use]
    pub fn commitment(&self, learner: &Address) -> Address {
        let hash = Sha256::new().chain_update(DOMAIN).chain_update(learner).chain_update(self.0);
        Address::new_from_array(hash.finalize().into())
    }

    /// The `IdentityObject` that opens a learner's commitment.
    #[must_use]
    pub fn identity(&self, learner: &Address) -> Value {
        json!({
            "type": "IdentityObject",
            "hashed": true,
            "identityHash": format!("{SHA256}{}", Hex(self.commitment(learner).as_array())),
            "identityType": COMMITMENT,
            "salt": Hex(&self.0).to_string(),
        })
    }
}

impl fmt::Debug for Salt {
    /// Without the bytes, which are the learner's.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt")
    }
}

/// A commitment that a document opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The subject on chain.
    pub commitment: Address,
}

/// Why a commitment is not opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommitmentError {
    /// Several.
    #[error("it has several commitments: which one is meant is not clear")]
    Several,
    /// Not written as it should be.
    #[error(
        "its commitment is not written as it should be: `hashed`, `identityHash` (`sha256$` and 64 digits) and `salt` (64 digits)"
    )]
    Form,
    /// Of another learner, or another salt.
    #[error("its commitment is not to this learner's key with this salt")]
    Wrong,
}

/// Whether a document has a commitment, well made or not: the chain does not name its learner, and its salt is not for everybody.
#[must_use]
pub fn is_private(document: &Value) -> bool {
    commitments(document).next().is_some()
}

fn commitments(document: &Value) -> impl Iterator<Item = &Value> {
    let identities = match &document["credentialSubject"]["identifier"] {
        Value::Array(identities) => identities.as_slice(),
        one => std::slice::from_ref(one),
    };
    identities.iter().filter(|identity| identity["identityType"] == COMMITMENT)
}

/// The commitment that a document opens for a learner's key; none: its subject stands on chain as it is.
///
/// # Errors
/// It opens none, though it has one.
pub fn opened(document: &Value, learner: &Address) -> Result<Option<Opened>, CommitmentError> {
    Ok(salt(document, learner)?.map(|salt| Opened { commitment: salt.commitment(learner) }))
}

/// The salt with which a document opens a commitment to a learner's key; none: its subject stands on chain as it is.
///
/// # Errors
/// As [`opened`].
pub fn salt(document: &Value, learner: &Address) -> Result<Option<Salt>, CommitmentError> {
    let mut commitments = commitments(document);
    let Some(identity) = commitments.next() else { return Ok(None) };
    if commitments.next().is_some() {
        return Err(CommitmentError::Several);
    }
    let text = |name: &str| identity[name].as_str();
    let commitment = text("identityHash").and_then(|hash| hex::parse(hash.strip_prefix(SHA256)?));
    let salt = text("salt").and_then(hex::parse).map(Salt);
    let (Some(commitment), Some(salt), Some(true)) = (commitment, salt, identity["hashed"].as_bool()) else {
        return Err(CommitmentError::Form);
    };
    let is_it = salt.commitment(learner) == Address::new_from_array(commitment);
    if is_it { Ok(Some(salt)) } else { Err(CommitmentError::Wrong) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEARNER: Address = Address::new_from_array([2; 32]);

    fn salt() -> Salt {
        Salt::derive(&[9; 32], &Address::new_from_array([1; 32]), &LEARNER)
    }

    #[test]
    fn salts_and_commitments_are_pinned() {
        // Computed once with Python's hmac and hashlib.
        assert_eq!(Hex(&salt().0).to_string(), "2f3eeb8f3f560804850a54a778a50a1ffc71cd89254b304a909236b2b56497c6");
        assert_eq!(
            Hex(salt().commitment(&LEARNER).as_array()).to_string(),
            "a6b9970c50d995902d2822a6bca8b11a75ea1e328b9d37b1e5701abe5e2dddbb"
        );
    }

    #[test]
    fn a_commitment_is_opened_by_its_learner_and_salt_alone() {
        let document =
            |identity: Value| json!({"credentialSubject": {"identifier": [{"identityType": "name"}, identity]}});
        let identity = salt().identity(&LEARNER);
        let commitment = salt().commitment(&LEARNER);
        assert_eq!(opened(&document(identity.clone()), &LEARNER), Ok(Some(Opened { commitment })));
        assert_eq!(opened(&document(json!({})), &LEARNER), Ok(None));
        assert_eq!(opened(&json!({}), &LEARNER), Ok(None));
        let other = Address::new_from_array([3; 32]);
        assert_eq!(opened(&document(identity.clone()), &other), Err(CommitmentError::Wrong));
        let several = json!({"credentialSubject": {"identifier": [identity, identity]}});
        assert_eq!(opened(&several, &LEARNER), Err(CommitmentError::Several));
        for (name, value, error) in [
            ("salt", json!("00".repeat(32)), CommitmentError::Wrong),
            ("salt", json!("zz"), CommitmentError::Form),
            ("hashed", json!(false), CommitmentError::Form),
            ("identityHash", json!("00".repeat(32)), CommitmentError::Form),
            ("identityHash", json!(format!("sha256${}", "00".repeat(32))), CommitmentError::Wrong),
        ] {
            let mut identity = identity.clone();
            identity[name] = value;
            assert_eq!(opened(&document(identity), &LEARNER), Err(error), "{name}");
        }
    }
}
