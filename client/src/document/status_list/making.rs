//! Making status lists: the credential that carries the bits, signed in both forms.

use jiff::Timestamp;
use serde_json::{Value, json};
use solana_signer::Signer;

use super::{Bits, BitsError, REVOCATION, jwt};
use crate::document::{
    context::CREDENTIALS_V2,
    did,
    proof::{self, Cryptosuite, SignError, seconds},
};

/// Why there is no signed status list.
#[derive(Debug, thiserror::Error)]
pub enum MakeError {
    /// The bits have no text.
    #[error(transparent)]
    Bits(#[from] BitsError),
    /// It was not signed.
    #[error("the status list was not signed: {0}")]
    Sign(#[from] SignError),
}

/// A status list of purpose `revocation` before it is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsigned {
    /// Where it is published, as documents name it.
    pub url: String,
    /// When it is signed; in whole seconds.
    pub signed: Timestamp,
    /// From when on it is valid; in whole seconds.
    pub valid_from: Timestamp,
    /// Until when it is valid; in whole seconds. Whoever shows an older list to hide a revocation is found out then.
    pub valid_until: Timestamp,
    /// The bits.
    pub bits: Bits,
}

/// A status list in both forms in which it is published: some verifiers read only the one, some only the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Signed {
    /// With a Data Integrity proof.
    pub document: Value,
    /// As JSON Web Token.
    pub jwt: String,
}

impl Unsigned {
    /// The credential of Bitstring Status List v1.0, signed with `eddsa-rdfc-2022` and as JSON Web Token. Its issuer is the signer's `did:key`.
    ///
    /// # Errors
    /// [`MakeError`].
    pub fn sign(&self, signer: &dyn Signer) -> Result<Signed, MakeError> {
        let key = signer.try_pubkey().map_err(SignError::from)?;
        let mut document = self.credential(&did::did_key(&key))?;
        let jwt = jwt::sign(&self.claims(&document), &key, signer)?;
        let options = proof::Options::assertion(self.signed);
        proof::sign(&mut document, Cryptosuite::EddsaRdfc2022, &options, signer)?;
        Ok(Signed { document, jwt })
    }

    fn credential(&self, issuer: &str) -> Result<Value, BitsError> {
        Ok(json!({
            "@context": [CREDENTIALS_V2],
            "id": self.url,
            "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "issuer": issuer,
            "validFrom": seconds(self.valid_from),
            "validUntil": seconds(self.valid_until),
            "credentialSubject": {
                "id": format!("{}#list", self.url),
                "type": "BitstringStatusList",
                "statusPurpose": REVOCATION,
                "encodedList": self.bits.encode()?,
            },
        }))
    }

    /// The credential itself is the payload; the registered claims beside it tell issuer and end to those who know tokens alone (Securing Verifiable
    /// Credentials using JOSE and COSE, section 3.1.3).
    fn claims(&self, credential: &Value) -> Value {
        let mut claims = credential.clone();
        if let Value::Object(fields) = &mut claims {
            fields.insert("iss".into(), credential["issuer"].clone());
            fields.insert("exp".into(), self.valid_until.as_second().into());
        }
        claims
    }
}
