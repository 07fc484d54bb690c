//! What a published list says, before it is known whether that is true.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Bits, Form, List, StatusError};
use crate::document::context::CREDENTIALS_V2;

/// What may stand in a list with a Data Integrity proof. Terms that its context does not define would not be signed.
pub(super) const KNOWN: [&str; 10] = [
    "@context",
    "id",
    "type",
    "issuer",
    "name",
    "description",
    "validFrom",
    "validUntil",
    "credentialSubject",
    "proof",
];

/// What a token says beside the credential; other claims are to be ignored.
#[derive(Deserialize)]
pub(super) struct Registered {
    pub(super) iss: Option<String>,
    pub(super) exp: Option<i64>,
    pub(super) nbf: Option<i64>,
    pub(super) vc: Option<Value>,
    pub(super) vp: Option<Value>,
}

/// What a list says, as far as it is asked.
pub(super) struct Claims {
    url: String,
    pub(super) issuer: String,
    valid_from: Option<Timestamp>,
    valid_until: Option<Timestamp>,
    subject: Subject,
}

/// Other terms have no meaning here: `statusSize`, for instance, would tell that a place takes several bits.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[allow(dead_code, reason = "what may stand in a list, though nothing is asked of it")]
struct Subject {
    id: Option<String>,
    r#type: Words,
    status_purpose: Words,
    encoded_list: String,
    ttl: Option<u64>,
}

/// One word or several.
#[derive(Deserialize)]
#[serde(untagged)]
enum Words {
    One(String),
    Several(Vec<String>),
}

impl Words {
    fn into_vec(self) -> Vec<String> {
        match self {
            Self::One(word) => vec![word],
            Self::Several(words) => words,
        }
    }
}

impl Claims {
    pub(super) fn read(document: &Value) -> Result<Self, StatusError> {
        let kind = |why: &str| StatusError::Kind(why.into());
        let fields = document.as_object().ok_or_else(|| kind("it is no object"))?;
        let contexts = words(fields, "@context").unwrap_or_default();
        if contexts.first().map(String::as_str) != Some(CREDENTIALS_V2) {
            return Err(kind("its first `@context` is not that of Verifiable Credentials 2.0"));
        }
        let types = words(fields, "type").unwrap_or_default();
        if !["VerifiableCredential", "BitstringStatusListCredential"]
            .iter()
            .all(|wanted| types.iter().any(|word| word == wanted))
        {
            return Err(kind("its `type` says otherwise"));
        }
        let subject = fields.get("credentialSubject").and_then(Value::as_object);
        let subject = subject.ok_or_else(|| kind("its `credentialSubject` is no object"))?;
        let subject =
            Subject::deserialize(subject).map_err(|error| kind(&format!("its `credentialSubject`: {error}")))?;
        if !matches!(&subject.r#type, Words::One(word) if word == "BitstringStatusList") {
            return Err(kind("its `credentialSubject` is no BitstringStatusList"));
        }
        let issuer = match fields.get("issuer") {
            Some(Value::Object(issuer)) => issuer.get("id"),
            issuer => issuer,
        };
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        Ok(Self {
            url: text(fields.get("id")).ok_or_else(|| kind("it has no `id`"))?,
            issuer: text(issuer).ok_or_else(|| kind("it has no `issuer`"))?,
            valid_from: time(fields, "validFrom")?,
            valid_until: time(fields, "validUntil")?,
            subject,
        })
    }

    pub(super) fn into_list(self, form: Form, now: Timestamp) -> Result<List, StatusError> {
        let Self { url, issuer, valid_from, valid_until, subject } = self;
        if let Some(from) = valid_from.filter(|from| now < *from) {
            return Err(StatusError::NotYetValid(from));
        }
        if let Some(until) = valid_until.filter(|until| now >= *until) {
            return Err(StatusError::Expired(until));
        }
        let bits = Bits::decode(&subject.encoded_list)?;
        Ok(List { url, issuer, purposes: subject.status_purpose.into_vec(), valid_from, valid_until, form, bits })
    }
}

fn words(fields: &Map<String, Value>, name: &str) -> Option<Vec<String>> {
    let words = Words::deserialize(fields.get(name)?).ok()?;
    Some(words.into_vec())
}

fn time(fields: &Map<String, Value>, name: &str) -> Result<Option<Timestamp>, StatusError> {
    let Some(value) = fields.get(name) else { return Ok(None) };
    let time = value.as_str().and_then(|text| text.parse().ok());
    time.map(Some).ok_or_else(|| StatusError::Kind(format!("its `{name}` is no time")))
}
