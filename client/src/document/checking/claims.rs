//! What a document says, for people. None of it is true because it stands there.

use jiff::Timestamp;
use serde_json::Value;

use crate::document::subject::COMMITMENT;

/// What a document says of itself. All of it may hold whatever characters somebody wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    /// Its identifier.
    pub id: Option<String>,
    /// What was earned.
    pub title: Option<String>,
    /// Name of the learner.
    pub learner: Option<String>,
    /// Identifier of the learner.
    pub subject: Option<String>,
    /// Identifier of the issuer: a `did:key`, mostly.
    pub issuer: Option<String>,
    /// Name of the issuer.
    pub issuer_name: Option<String>,
    /// Web site of the issuer.
    pub issuer_url: Option<String>,
    /// Country of the issuer, ISO 3166-1 alpha-2.
    pub issuer_country: Option<String>,
    /// When its validity begins.
    pub valid_from: Option<Timestamp>,
    /// When its validity ends; none: it does not, or that cannot be read.
    pub valid_until: Option<Timestamp>,
    /// Its place in the published status list.
    pub status_index: Option<String>,
}

impl Claims {
    /// What a document says.
    #[must_use]
    pub fn of(document: &Value) -> Self {
        let text = |pointer: &str| document.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let time = |pointer: &str| document.pointer(pointer)?.as_str()?.parse().ok();
        Self {
            id: text("/id"),
            title: text("/credentialSubject/achievement/name"),
            learner: identity(document, "name"),
            subject: text("/credentialSubject/id"),
            issuer: text("/issuer/id").or_else(|| text("/issuer")),
            issuer_name: text("/issuer/name"),
            issuer_url: text("/issuer/url"),
            issuer_country: text("/issuer/address/addressCountryCode"),
            valid_from: time("/validFrom"),
            valid_until: time("/validUntil"),
            status_index: text("/credentialStatus/statusListIndex"),
        }
    }
}

/// What the first identity of a kind says that is not hashed.
fn identity(document: &Value, kind: &str) -> Option<String> {
    let identities = match document.pointer("/credentialSubject/identifier")? {
        Value::Array(identities) => identities.as_slice(),
        one => std::slice::from_ref(one),
    };
    let is_meant = |identity: &&Value| {
        identity["identityType"] == kind && identity["identityType"] != COMMITMENT && identity["hashed"] != true
    };
    identities.iter().find(is_meant)?["identityHash"].as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn claims_are_read_wherever_they_stand() {
        let hashed = json!({"identityType": "name", "hashed": true, "identityHash": "sha256$00"});
        let plain = json!({"identityType": "name", "hashed": false, "identityHash": "Amara Okafor"});
        let document = json!({
            "issuer": "did:key:z6Mk",
            "validFrom": "2026-11-23T10:00:00+01:00",
            "credentialSubject": {"identifier": [hashed, plain], "achievement": {"name": "Rust"}},
        });
        let claims = Claims::of(&document);
        assert_eq!(claims.learner.as_deref(), Some("Amara Okafor"));
        assert_eq!((claims.issuer.as_deref(), claims.title.as_deref()), (Some("did:key:z6Mk"), Some("Rust")));
        assert_eq!(claims.valid_from, Some("2026-11-23T09:00:00Z".parse().unwrap()));
        assert_eq!(Claims::of(&json!([])), Claims::default());
    }
}
