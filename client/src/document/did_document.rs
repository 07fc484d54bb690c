//! Keys of issuers that are known by a web site (`did:web`), from the DID documents that the caller gives. Nothing is fetched here.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde_json::Value;
use solana_address::Address;

use super::{
    did,
    did_web::DidWeb,
    json::{self, JsonError},
    proof::{DidKeys, KeyError, Keys, Purpose},
};

/// What a DID begins with whose document is at a web site.
const WEB: &str = "did:web:";

/// Keys that name themselves, and those of DID documents.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DidDocuments(Vec<Value>);

impl DidDocuments {
    /// None: only keys that name themselves are known.
    #[must_use]
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// Adds a DID document. Whether it is the one that its web site shows, is for the caller to know.
    ///
    /// # Errors
    /// As [`json::read`].
    pub fn add(&mut self, bytes: &[u8]) -> Result<(), JsonError> {
        self.0.push(json::read(bytes)?);
        Ok(())
    }

    /// Whether there is a document of a DID.
    #[must_use]
    pub fn has(&self, did: &str) -> bool {
        self.0.iter().any(|document| document["id"] == did)
    }

    /// The keys at an instant.
    #[must_use]
    pub const fn at(&self, now: Timestamp) -> KeysAt<'_> {
        KeysAt { documents: self, now }
    }

    fn document(&self, did: &str) -> Result<&Value, KeyError> {
        let mut found = self.0.iter().filter(|document| document["id"] == did);
        match (found.next(), found.next()) {
            (Some(document), None) => Ok(document),
            (None, _) => Err(KeyError::Other(format!(
                "the DID document of {} is not known: get it yourself, and give it as a file",
                shortened(did)
            ))),
            (Some(_), Some(_)) => {
                Err(KeyError::Other(format!("there are several DID documents of {}: give one", shortened(did))))
            }
        }
    }
}

/// Keys that name themselves, and those that DID documents name at an instant.
#[derive(Clone, Copy, Debug)]
pub struct KeysAt<'a> {
    documents: &'a DidDocuments,
    now: Timestamp,
}

impl Keys for KeysAt<'_> {
    fn key(&self, method: &str, purpose: Purpose) -> Result<Address, KeyError> {
        let Some((did, _)) = method.split_once('#').filter(|(did, _)| !did.starts_with("did:key:")) else {
            return DidKeys.key(method, purpose);
        };
        let document = self.documents.document(did)?;
        let is_it = |id: &Value| id.as_str().is_some_and(|id| is_same(id, did, method));
        let named = listed(&document[purpose.word()]);
        let Some(entry) = named.iter().find(|entry| is_it(entry) || is_it(&entry["id"])) else {
            let what = format!("the DID document of {} does not name {} for it", shortened(did), shortened(method));
            return Err(KeyError::Other(what));
        };
        let method_object = if entry.is_string() {
            listed(&document["verificationMethod"]).iter().find(|entry| is_it(&entry["id"]))
        } else {
            Some(entry)
        };
        let object = method_object.filter(|object| object["controller"] == did);
        if object.is_some_and(|object| has_ended(object, self.now)) {
            return Err(KeyError::Other(format!(
                "the DID document of {} says that {} is no longer good",
                shortened(did),
                shortened(method)
            )));
        }
        object.and_then(public_key).ok_or_else(|| {
            KeyError::Other(format!("the DID document of {} has no Ed25519 key {}", shortened(did), shortened(method)))
        })
    }
}

/// Where the document of a `did:web` is; none: it is no such DID, or not in its only spelling.
#[must_use]
pub fn web_address(did: &str) -> Option<String> {
    let (host, path) = match did.strip_prefix(WEB)?.split_once(':') {
        Some((host, path)) => (host, format!("/{}", path.replace(':', "/"))),
        None => (did.strip_prefix(WEB)?, String::new()),
    };
    let place: DidWeb = format!("{}{path}", host.replace("%3A", ":")).parse().ok()?;
    (place.did() == did).then(|| place.url())
}

/// A method's identifier, written in full or from `#` on.
fn is_same(id: &str, did: &str, method: &str) -> bool {
    id == method || (id.starts_with('#') && method.strip_prefix(did) == Some(id))
}

/// Whether a key was revoked or has expired (W3C, Controlled Identifiers v1.0, section 2.2). What is no time counts as passed.
fn has_ended(object: &Value, now: Timestamp) -> bool {
    let has_passed = |time: &Value| {
        let time = time.as_str().and_then(|time| time.parse::<Timestamp>().ok());
        time.is_none_or(|time| time <= now)
    };
    ["revoked", "expires"].iter().any(|name| object.get(name).is_some_and(has_passed))
}

fn listed(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn public_key(object: &Value) -> Option<Address> {
    match object["type"].as_str()? {
        "Multikey" | "Ed25519VerificationKey2020" => did::parse_multikey(object["publicKeyMultibase"].as_str()?).ok(),
        "JsonWebKey" | "JsonWebKey2020" => {
            let key = &object["publicKeyJwk"];
            if key["kty"] != "OKP" || key["crv"] != "Ed25519" {
                return None;
            }
            let bytes = URL_SAFE_NO_PAD.decode(key["x"].as_str().filter(|text| text.len() == 43)?).ok()?;
            Some(Address::new_from_array(bytes.try_into().ok()?))
        }
        _ => None,
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(120).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const DID: &str = "did:web:university.example";
    const NOW: Timestamp = Timestamp::UNIX_EPOCH;
    const KEY: Address = Address::new_from_array([7; 32]);

    fn document(method: &Value) -> DidDocuments {
        let document = json!({
            "@context": ["https://www.w3.org/ns/did/v1"],
            "id": DID,
            "verificationMethod": [method],
            "assertionMethod": [format!("{DID}#key-0")],
        });
        let mut documents = DidDocuments::none();
        documents.add(document.to_string().as_bytes()).unwrap();
        documents
    }

    fn multikey() -> Value {
        json!({"id": format!("{DID}#key-0"), "type": "Multikey", "controller": DID, "publicKeyMultibase": did::multikey(&KEY)})
    }

    #[test]
    fn keys_are_found_for_the_purpose_that_they_are_named_for() {
        let method = format!("{DID}#key-0");
        let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(KEY)});
        let jwk = json!({"id": "#key-0", "type": "JsonWebKey", "controller": DID, "publicKeyJwk": jwk});
        for object in [multikey(), jwk] {
            let documents = document(&object);
            assert_eq!(documents.at(NOW).key(&method, Purpose::AssertionMethod), Ok(KEY));
            assert!(documents.at(NOW).key(&method, Purpose::Authentication).is_err());
            assert!(documents.at(NOW).key(&format!("{DID}#key-1"), Purpose::AssertionMethod).is_err());
            assert!(documents.at(NOW).key("did:web:other.example#key-0", Purpose::AssertionMethod).is_err());
            assert_eq!(documents.at(NOW).key(&did::key_method(&KEY), Purpose::Authentication), Ok(KEY));
        }
        for (name, value) in [
            ("controller", json!("did:web:other.example")),
            ("publicKeyMultibase", json!("z6Mk")),
            ("type", json!("EcdsaSecp256k1VerificationKey2019")),
            ("revoked", json!("1970-01-01T00:00:00Z")),
            ("expires", json!("1969-01-01T00:00:00Z")),
            ("revoked", json!(true)),
        ] {
            let mut object = multikey();
            object[name] = value;
            assert!(document(&object).at(NOW).key(&method, Purpose::AssertionMethod).is_err(), "{name}");
        }
        let mut twice = document(&multikey());
        twice.0.push(twice.0[0].clone());
        assert!(twice.at(NOW).key(&method, Purpose::AssertionMethod).unwrap_err().to_string().contains("several"));
    }

    #[test]
    fn web_addresses_lead_to_the_host_alone() {
        for (did, address) in [
            (DID, Some("https://university.example/.well-known/did.json")),
            ("did:web:a.example:issuers:one", Some("https://a.example/issuers/one/did.json")),
            ("did:web:a.example%3A8443", Some("https://a.example:8443/.well-known/did.json")),
            ("did:web:", None),
            ("did:web:a.example:", None),
            ("did:web:a.example:..", None),
            ("did:web:a.example/x", None),
            ("did:web:user@a.example", None),
            ("did:web:a.example%2Fx", None),
            ("did:web:a.example%3A1%3A2", None),
            ("did:web:127.0.0.1", None),
            ("did:web:A.example", None),
            ("did:key:z6Mk", None),
        ] {
            assert_eq!(web_address(did).as_deref(), address, "{did}");
        }
    }
}
