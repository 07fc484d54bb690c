//! The DID document of an issuer that has a web site: `did:web` (W3C Credentials Community Group) with the issuer's keys as Multikeys
//! (W3C, Controlled Identifiers v1.0). It tells those who know nothing of the chain which keys sign documents for the site.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    str::FromStr,
};

use jiff::Timestamp;
use microcred::state::{IssuerKey, permission};
use serde_json::{Map, Value, json};
use solana_address::Address;
use url::{Host, Url};

use super::{
    did::{self, ChainAccount},
    proof::seconds,
};

/// Contexts of the document.
const CONTEXTS: [&str; 2] = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"];

/// The type of the service that the issuer's account is.
const SERVICE: &str = "SolanaIssuerAccount";

/// Where a site's own DID document is.
const WELL_KNOWN: &str = "/.well-known";

/// Why there is no DID document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DidWebError {
    /// Not a place that `did:web` can name.
    #[error(
        "{0:?} is no place of a DID document ({1}): write HOST, HOST:PORT or HOST/PATH, as in university.example/issuer"
    )]
    Place(String, &'static str),
    /// None of the issuer's keys signs documents.
    #[error(
        "the issuer has no key with the permission `assert` that is not compromised, so that there is nothing to publish: add one with `microcred key add`"
    )]
    NoKey,
}

/// Where a DID document is published: a host, perhaps with port and path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DidWeb {
    /// Lower case, international names in their ASCII form; with `:` and the port, if it is not that of HTTPS.
    authority: String,
    path: Vec<String>,
}

impl DidWeb {
    /// `did:web:HOST`, with the port after `%3A` and the parts of the path after colons.
    #[must_use]
    pub fn did(&self) -> String {
        let authority = self.authority.replace(':', "%3A");
        let parts = [authority].into_iter().chain(self.path.iter().cloned());
        format!("did:web:{}", parts.collect::<Vec<_>>().join(":"))
    }

    /// The URL at which everybody looks for the document.
    #[must_use]
    pub fn url(&self) -> String {
        let folder: String = self.path.iter().map(|part| format!("/{part}")).collect();
        let folder = if folder.is_empty() { WELL_KNOWN } else { &folder };
        format!("https://{}{folder}/did.json", self.authority)
    }
}

impl FromStr for DidWeb {
    type Err = DidWebError;

    /// `HOST`, `HOST:PORT`, `HOST/PATH` or `HOST:PORT/PATH`.
    fn from_str(text: &str) -> Result<Self, DidWebError> {
        let wrong = |why| DidWebError::Place(text.chars().take(160).collect(), why);
        let (authority, path) = text.split_once('/').unwrap_or((text, ""));
        if authority.contains(['@', '?', '#', '\\', '%']) || text.contains("://") {
            return Err(wrong("a host comes first, and nothing before it"));
        }
        let url = Url::parse(&format!("https://{authority}/")).map_err(|_| wrong("this is no host"))?;
        let Some(Host::Domain(host)) = url.host() else { return Err(wrong("did:web names no IP addresses")) };
        let is_name = host.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        });
        if !is_name || !(host.contains('.') || host == "localhost") {
            return Err(wrong("the host must be a full domain name"));
        }
        let authority = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        let path: Vec<_> = match path.trim_end_matches('/') {
            "" => Vec::new(),
            path => path.split('/').map(str::to_owned).collect(),
        };
        let is_part = |part: &String| {
            !matches!(part.as_str(), "" | "." | "..")
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
        };
        if !path.iter().all(is_part) {
            return Err(wrong("parts of the path consist of letters, digits, `.`, `-` and `_`"));
        }
        Ok(Self { authority, path })
    }
}

impl fmt::Display for DidWeb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.did())
    }
}

/// What a DID document says of one public key. The issuer may have added it several times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Method {
    /// The public key.
    pub key: Address,
    /// Whether it signs for the issuer now, and for all of its achievements.
    pub is_in_force: bool,
    /// Whether all that it signs for is one achievement. A DID document cannot say so: the key is not listed as one that asserts.
    pub is_scoped: bool,
    /// The first second after validity; none: no end.
    pub expires: Option<i64>,
    /// When it was retired; none: it was not.
    pub retired: Option<i64>,
}

/// The keys that sign documents, or once did; none that was ever marked compromised, under whichever index.
#[must_use]
pub fn methods(keys: &[IssuerKey], now: i64) -> Vec<Method> {
    let compromised: HashSet<_> = keys.iter().filter(|key| key.compromised_at != 0).map(|key| key.key).collect();
    let asserting =
        keys.iter().filter(|key| key.permissions & permission::ASSERT != 0 && !compromised.contains(&key.key));
    let mut methods: Vec<Method> = Vec::new();
    let mut places = HashMap::new();
    for key in asserting {
        let one = method(key, now);
        let place = *places.entry(key.key).or_insert(methods.len());
        match methods.get_mut(place) {
            Some(known) => *known = either(known, &one),
            None => methods.push(one),
        }
    }
    methods
}

fn method(key: &IssuerKey, now: i64) -> Method {
    Method {
        key: key.key,
        // Of all achievements, a key with a scope has none.
        is_in_force: key.authorize(permission::ASSERT, &Address::default(), now).is_ok(),
        is_scoped: key.scope != Address::default(),
        expires: (key.valid_until != 0).then_some(key.valid_until),
        retired: key.is_retired().then_some(key.changed_at),
    }
}

/// Of one public key that was added twice: it ends where the later one ends.
fn either(one: &Method, other: &Method) -> Method {
    let end = |method: &Method| [method.expires, method.retired].into_iter().flatten().min();
    let later = match (end(one), end(other)) {
        (Some(first), Some(second)) if first < second => other,
        (Some(_), None) => other,
        _ => one,
    };
    Method { is_in_force: one.is_in_force || other.is_in_force, is_scoped: one.is_scoped && other.is_scoped, ..*later }
}

/// The DID document. Each key is a verification method; only those in force are listed as asserting. Of the others, `expires` and `revoked`
/// say since when nothing that they sign is good any more (Controlled Identifiers v1.0, section 2.2).
///
/// # Errors
/// [`DidWebError::NoKey`].
pub fn document(place: &DidWeb, issuer: &ChainAccount, methods: &[Method]) -> Result<Value, DidWebError> {
    if methods.is_empty() {
        return Err(DidWebError::NoKey);
    }
    let did = place.did();
    let id = |method: &Method| format!("{did}#{}", did::multikey(&method.key));
    let in_force = methods.iter().filter(|method| method.is_in_force);
    Ok(json!({
        "@context": CONTEXTS,
        "id": did,
        "alsoKnownAs": methods.iter().map(|method| did::did_key(&method.key)).collect::<Vec<_>>(),
        "verificationMethod": methods.iter().map(|method| entry(&did, id(method), method)).collect::<Vec<_>>(),
        "assertionMethod": in_force.map(id).collect::<Vec<_>>(),
        "service": [{"id": format!("{did}#issuer"), "type": SERVICE, "serviceEndpoint": issuer.to_string()}],
    }))
}

fn entry(did: &str, id: String, method: &Method) -> Value {
    let mut entry = Map::new();
    entry.insert("id".into(), id.into());
    entry.insert("type".into(), "Multikey".into());
    entry.insert("controller".into(), did.into());
    entry.insert("publicKeyMultibase".into(), did::multikey(&method.key).into());
    for (name, time) in [("expires", method.expires), ("revoked", method.retired)] {
        if let Some(time) = time.and_then(|time| Timestamp::from_second(time).ok()) {
            entry.insert(name.into(), seconds(time));
        }
    }
    Value::Object(entry)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_named_as_the_method_says() {
        for (text, did, url) in [
            ("w3c-ccg.github.io", "did:web:w3c-ccg.github.io", "https://w3c-ccg.github.io/.well-known/did.json"),
            ("W3C-ccg.github.io/", "did:web:w3c-ccg.github.io", "https://w3c-ccg.github.io/.well-known/did.json"),
            (
                "w3c-ccg.github.io/user/alice",
                "did:web:w3c-ccg.github.io:user:alice",
                "https://w3c-ccg.github.io/user/alice/did.json",
            ),
            ("example.com:3000", "did:web:example.com%3A3000", "https://example.com:3000/.well-known/did.json"),
            (
                "example.com:3000/user/alice/",
                "did:web:example.com%3A3000:user:alice",
                "https://example.com:3000/user/alice/did.json",
            ),
            ("example.com:443", "did:web:example.com", "https://example.com/.well-known/did.json"),
            (
                "université.example",
                "did:web:xn--universit-j4a.example",
                "https://xn--universit-j4a.example/.well-known/did.json",
            ),
            ("localhost:8443", "did:web:localhost%3A8443", "https://localhost:8443/.well-known/did.json"),
        ] {
            let place: DidWeb = text.parse().unwrap();
            assert_eq!((place.did().as_str(), place.url().as_str()), (did, url));
        }
    }

    #[test]
    fn what_the_method_does_not_name_is_refused() {
        for text in [
            "",
            "/",
            "/path",
            "https://a.example",
            "a.example?x",
            "a.example/x?y",
            "a.example/x#y",
            "user@a.example",
            "127.0.0.1",
            "127.1",
            "0x7f000001",
            "2130706433",
            "[::1]",
            "host",
            "a.example:0x1",
            "a.example:99999",
            "a.example//x",
            "a.example/../x",
            "a.example/%2e",
            "a.example/ä",
            "a.example/a b",
            "a..example",
            "a.example.",
            "a_b.example",
            "a.example/x:y",
            "a.example\\x",
            "a.example%3A80",
        ] {
            assert!(
                matches!(text.parse::<DidWeb>(), Err(DidWebError::Place(..))),
                "{text}: {:?}",
                text.parse::<DidWeb>()
            );
        }
    }
}
