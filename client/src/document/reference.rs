//! Where on chain a document's credential stands, as the document says it in standard terms.

use serde_json::{Value, json};
use solana_address::Address;

use super::did::{Chain, ChainAccount, DidError};

/// `genre` of the evidence that names the credential's account.
pub const ACCOUNT_GENRE: &str = "SolanaAccount";
/// `identifierType` of the issuer's account.
pub const ISSUER_ACCOUNT: &str = "ext:solanaIssuerAccount";
/// `identifierType` of the account of the key that signed.
pub const KEY_ACCOUNT: &str = "ext:solanaIssuerKeyAccount";

/// The genesis hashes of public clusters, as far as a chain's name has them, what people call them, and what explorers do.
const PUBLIC: [(&str, &str, &str); 3] = [
    ("5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp", "mainnet-beta", ""),
    ("EtWTRABZaYq6iMfeYKouRu166VU2xqa1", "devnet", "?cluster=devnet"),
    ("4uhcVJyU9pJkvQyS88uRDiswHXSCkY3z", "testnet", "?cluster=testnet"),
];

/// The accounts that a document names. They are claims until the chain confirms them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct References {
    /// The chain that all of them are on.
    pub chain: Chain,
    /// The credential.
    pub credential: Address,
    /// Its issuer.
    pub issuer: Address,
    /// The account of the key that signed; none: the document does not say.
    pub key: Option<Address>,
}

/// Why the accounts that a document names are not clear.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// An account that is written wrongly.
    #[error("{0}: {1}")]
    Account(&'static str, DidError),
    /// Several where there can be one.
    #[error("it names several accounts as its {0}: which one is meant is not clear")]
    Several(&'static str),
    /// A credential without an issuer, or the other way round.
    #[error("it names an account as its {0}, but none as its {1}: it was not made as it should be")]
    Incomplete(&'static str, &'static str),
    /// Accounts of different chains.
    #[error("the accounts that it names are of different chains")]
    Chains,
}

impl References {
    /// What a document says; none: it names no account of this program, as documents of other issuers do.
    ///
    /// # Errors
    /// What it says is not clear.
    pub fn of(document: &Value) -> Result<Option<Self>, ReferenceError> {
        let evidence = entries(&document["evidence"]).filter(|entry| entry["genre"] == ACCOUNT_GENRE);
        let credential = only("credential", evidence.map(|entry| &entry["narrative"]))?;
        let identifiers = |kind: &'static str| {
            let others = entries(&document["issuer"]["otherIdentifier"]);
            others.filter(move |entry| entry["identifierType"] == kind).map(|entry| &entry["identifier"])
        };
        let issuer = only("issuer", identifiers(ISSUER_ACCOUNT))?;
        let key = only("issuer's key", identifiers(KEY_ACCOUNT))?;
        let (credential, issuer) = match (credential, issuer) {
            (Some(credential), Some(issuer)) => (credential, issuer),
            (None, None) if key.is_none() => return Ok(None),
            (Some(_), None) => return Err(ReferenceError::Incomplete("credential", "issuer")),
            (None, Some(_)) => return Err(ReferenceError::Incomplete("issuer", "credential")),
            (None, None) => return Err(ReferenceError::Incomplete("issuer's key", "credential")),
        };
        if issuer.chain != credential.chain || key.as_ref().is_some_and(|key| key.chain != credential.chain) {
            return Err(ReferenceError::Chains);
        }
        Ok(Some(Self {
            chain: credential.chain,
            credential: credential.address,
            issuer: issuer.address,
            key: key.map(|key| key.address),
        }))
    }

    /// The `evidence` that names the credential's account.
    #[must_use]
    pub fn evidence(&self) -> Value {
        json!([{
            "id": page(&self.chain, &self.credential),
            "type": ["Evidence"],
            "genre": ACCOUNT_GENRE,
            "name": "Credential account on Solana",
            "narrative": self.account(self.credential).to_string(),
        }])
    }

    /// The issuer's `otherIdentifier`.
    #[must_use]
    pub fn identifiers(&self) -> Value {
        let entry = |kind: &str, address: Address| {
            json!({
                "type": "IdentifierEntry",
                "identifierType": kind,
                "identifier": self.account(address).to_string(),
            })
        };
        let issuer = entry(ISSUER_ACCOUNT, self.issuer);
        let key = self.key.map(|key| entry(KEY_ACCOUNT, key));
        [Some(issuer), key].into_iter().flatten().collect()
    }

    /// An account on the same chain.
    #[must_use]
    pub fn account(&self, address: Address) -> ChainAccount {
        ChainAccount { chain: self.chain.clone(), address }
    }
}

/// Where people see an account: its page at Solana's explorer. Of a chain that is not public, the explorer must be told where it is.
#[must_use]
pub fn page(chain: &Chain, address: &Address) -> String {
    let cluster = PUBLIC.iter().find(|(genesis, ..)| *genesis == chain.reference());
    let cluster = cluster.map_or("?cluster=custom", |(.., cluster)| cluster);
    format!("https://explorer.solana.com/address/{address}{cluster}")
}

/// What people call a chain that everyone shares; none: it is another one.
#[must_use]
pub fn cluster(chain: &Chain) -> Option<&'static str> {
    PUBLIC.iter().find(|(genesis, ..)| *genesis == chain.reference()).map(|(_, name, _)| *name)
}

/// One or many.
fn entries(value: &Value) -> impl Iterator<Item = &Value> {
    match value {
        Value::Array(entries) => entries.as_slice(),
        Value::Null => &[],
        one => std::slice::from_ref(one),
    }
    .iter()
}

fn only<'a>(
    what: &'static str,
    mut accounts: impl Iterator<Item = &'a Value>,
) -> Result<Option<ChainAccount>, ReferenceError> {
    let Some(account) = accounts.next() else { return Ok(None) };
    if accounts.next().is_some() {
        return Err(ReferenceError::Several(what));
    }
    let account = account.as_str().unwrap_or_default().parse();
    account.map(Some).map_err(|error| ReferenceError::Account(what, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn references() -> References {
        let address = |number| Address::new_from_array([number; 32]);
        References { chain: Chain::embedded(), credential: address(1), issuer: address(2), key: Some(address(3)) }
    }

    fn document(references: &References) -> Value {
        json!({"evidence": references.evidence(), "issuer": {"otherIdentifier": references.identifiers()}})
    }

    #[test]
    fn what_is_written_is_read() {
        let with_key = references();
        let without = References { key: None, ..references() };
        for references in [with_key, without] {
            assert_eq!(References::of(&document(&references)), Ok(Some(references)));
        }
        assert_eq!(References::of(&json!({"issuer": "did:key:z6Mk", "evidence": {"type": ["Evidence"]}})), Ok(None));
    }

    #[test]
    fn unclear_references_are_refused() {
        let refused = |pointer: &str, value: Value| {
            let mut document = document(&references());
            *document.pointer_mut(pointer).unwrap() = value;
            References::of(&document).unwrap_err()
        };
        let evidence = references().evidence()[0].clone();
        assert_eq!(refused("/evidence", json!([evidence, evidence])), ReferenceError::Several("credential"));
        assert_eq!(refused("/evidence", json!([])), ReferenceError::Incomplete("issuer", "credential"));
        assert_eq!(refused("/issuer", json!("did:key:z")), ReferenceError::Incomplete("credential", "issuer"));
        let elsewhere = format!("solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp:{}", references().issuer);
        assert_eq!(refused("/issuer/otherIdentifier/0/identifier", json!(elsewhere)), ReferenceError::Chains);
        let error = refused("/evidence/0/narrative", json!("solana:embedded:nobody"));
        assert!(matches!(error, ReferenceError::Account("credential", _)), "{error}");
        let error = refused("/evidence/0/narrative", json!(7));
        assert!(matches!(error, ReferenceError::Account("credential", _)), "{error}");
    }

    #[test]
    fn accounts_have_pages() {
        let address = references().credential;
        for (chain, end) in [
            ("5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp", String::new()),
            ("EtWTRABZaYq6iMfeYKouRu166VU2xqa1", "?cluster=devnet".into()),
            ("embedded", "?cluster=custom".into()),
        ] {
            let page = page(&chain.parse().unwrap(), &address);
            assert_eq!(page, format!("https://explorer.solana.com/address/{address}{end}"));
        }
    }
}
