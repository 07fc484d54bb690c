//! Events in words.

use microcred::{
    events::{AccreditationStatusChanged, CredentialIssued, CredentialStatusChanged},
    state::{AccreditationStatus, CredentialStatus, Lifecycle},
};

use super::{Event, Field, Value};

impl Event {
    /// What happened, in a few words: "credential revoked".
    #[must_use]
    pub fn title(&self) -> String {
        match self {
            Self::RegistryCreated(event) => format!("registry \"{}\" created", event.name),
            Self::RegistryUriUpdated(_) => "registry's URI changed".into(),
            Self::RegistryStatusChanged(event) => format!("registry {}", turned(event.old_status, event.new_status)),
            Self::AuthorityProposed(event) if event.new_pending == solana_address::Address::default() => {
                "proposed authority taken back".into()
            }
            Self::AuthorityProposed(_) => "another authority proposed".into(),
            Self::AuthorityAccepted(_) => "another authority took office".into(),
            Self::IssuerAccredited(_) => "issuer accredited".into(),
            Self::AccreditationStatusChanged(event) => format!("accreditation {}", accreditation(event)),
            Self::AccreditationTermAdded(_) => "term added to the accreditation".into(),
            Self::AccreditationConfirmed(_) => "changed profile vouched for".into(),
            Self::IssuerCreated(event) => format!("issuer \"{}\" created", event.name),
            Self::IssuerProfileUpdated(_) => "issuer's profile changed".into(),
            Self::IssuerTreasuryUpdated(_) => "issuer's treasury changed".into(),
            Self::IssuerStatusChanged(event) => format!("issuer {}", turned(event.old_status, event.new_status)),
            Self::KeyAdded(event) => format!("key {} added", event.index),
            Self::KeyShortened(_) => "key's validity shortened".into(),
            Self::KeyRetired(_) => "key retired".into(),
            Self::KeyCompromised(_) => "key marked compromised".into(),
            Self::AchievementCreated(event) => format!("achievement \"{}\" created", event.title),
            Self::AchievementEdited(_) => "achievement edited".into(),
            Self::AchievementStatusChanged(event) => {
                format!("achievement {}", turned(event.old_status, event.new_status))
            }
            Self::AchievementReplacementSet(_) => "achievement said to replace another".into(),
            Self::CredentialRenewed(_) => "credential renewed".into(),
            Self::CredentialErased(_) => "credential erased".into(),
            Self::ExcessWithdrawn(_) => "excess lamports returned".into(),
            Self::CredentialIssued(event) => issued(event).into(),
            Self::CredentialStatusChanged(event) => format!("credential {}", credential(event)),
        }
    }

    /// What changed and how, a line each: "status: active -> revoked". What stayed as it was is left out, and so is the time.
    #[must_use]
    pub fn details(&self) -> Vec<String> {
        let fields = self.fields();
        let after = |name: &str| fields.iter().find(|field| field.name.strip_prefix("new_") == Some(name));
        let before = |name: &str| fields.iter().any(|field| field.name.strip_prefix("old_") == Some(name));
        let detail = |Field { name, value }: &Field| {
            if let Some((name, after)) = name.strip_prefix("old_").and_then(|name| Some((name, after(name)?))) {
                return (*value != after.value).then(|| format!("{}: {value} -> {}", words(name), after.value));
            }
            let told_before = name.strip_prefix("new_").is_some_and(before);
            let says_nothing = *value == Value::Text(String::new());
            (*name != "at" && !told_before && !says_nothing).then(|| format!("{}: {value}", words(name)))
        };
        fields.iter().filter_map(detail).collect()
    }
}

fn words(name: &str) -> String {
    name.replace('_', " ")
}

/// What is done to bring something from one state to another.
fn turned(old: u8, new: u8) -> &'static str {
    match (Lifecycle::try_from(old), Lifecycle::try_from(new)) {
        (Ok(Lifecycle::Draft), Ok(Lifecycle::Active)) => "published",
        (_, Ok(Lifecycle::Active)) => "resumed",
        (_, Ok(Lifecycle::Paused)) => "paused",
        (_, Ok(Lifecycle::Retired)) => "retired",
        _ => "changed its status",
    }
}

fn accreditation(event: &AccreditationStatusChanged) -> &'static str {
    match AccreditationStatus::try_from(event.new_status) {
        Ok(AccreditationStatus::Active) => "reinstated",
        Ok(AccreditationStatus::Suspended) => "suspended",
        Ok(AccreditationStatus::Withdrawn) => "withdrawn",
        Err(_) => "changed its status",
    }
}

fn issued(event: &CredentialIssued) -> &'static str {
    match CredentialStatus::try_from(event.status) {
        Ok(CredentialStatus::Pending) => "credential issued, to be accepted",
        _ => "credential issued",
    }
}

fn credential(event: &CredentialStatusChanged) -> &'static str {
    match (CredentialStatus::try_from(event.old_status), CredentialStatus::try_from(event.new_status)) {
        (Ok(CredentialStatus::Pending), Ok(CredentialStatus::Active)) => "accepted",
        (_, Ok(CredentialStatus::Active)) => "reinstated",
        (_, Ok(CredentialStatus::Suspended)) => "suspended",
        (_, Ok(CredentialStatus::Revoked)) => "revoked",
        (_, Ok(CredentialStatus::Declined)) => "declined",
        _ => "changed its status",
    }
}

#[cfg(test)]
mod tests {
    use microcred::{
        ID,
        events::{IssuerProfileUpdated, KeyAdded},
        state::{Reason, STATUS_BY_SUBJECT, UNLIMITED, permission},
    };
    use solana_address::Address;

    use super::*;

    fn changed(old: CredentialStatus, new: CredentialStatus, reason: Reason, by: u16) -> Event {
        Event::CredentialStatusChanged(CredentialStatusChanged {
            credential: ID,
            achievement: ID,
            at: 86_400,
            status_index: 7,
            by,
            old_status: old.code(),
            new_status: new.code(),
            old_reason: Reason::Unspecified.code(),
            new_reason: reason.code(),
            reserved: [0; 6],
        })
    }

    #[test]
    fn a_change_of_status_is_told_with_before_and_after() {
        let event = changed(CredentialStatus::Active, CredentialStatus::Revoked, Reason::LegalOrder, 3);
        assert_eq!(event.title(), "credential revoked");
        let expected = [
            format!("credential: {ID}"),
            format!("achievement: {ID}"),
            "status index: 7".into(),
            "by: key 3".into(),
            "status: active -> revoked".into(),
            "reason: unspecified -> legal order".into(),
        ];
        assert_eq!(event.details(), expected);
        let event =
            changed(CredentialStatus::Pending, CredentialStatus::Active, Reason::Unspecified, STATUS_BY_SUBJECT);
        assert_eq!(event.title(), "credential accepted");
        assert!(!event.details().iter().any(|detail| detail.starts_with("reason")));
        assert!(event.details().contains(&"by: subject".to_owned()));
    }

    #[test]
    fn a_change_of_one_thing_among_several_tells_only_that() {
        let event = Event::IssuerProfileUpdated(IssuerProfileUpdated {
            issuer: ID,
            old_name: "A".into(),
            new_name: "B".into(),
            old_url: "u".into(),
            new_url: "u".into(),
            old_country: String::new(),
            new_country: String::new(),
            profile_revision: 2,
        });
        let details = [format!("issuer: {ID}"), "name: \"A\" -> \"B\"".into(), "profile revision: 2".into()];
        assert_eq!(event.details(), details);
    }

    #[test]
    fn json_has_words_and_instants() {
        let event = Event::KeyAdded(KeyAdded {
            issuer_key: ID,
            issuer: ID,
            index: 1,
            key: ID,
            permissions: permission::ISSUE | permission::ASSERT,
            scope: Address::default(),
            valid_from: 86_400,
            valid_until: 0,
            quota: UNLIMITED,
            at: 86_401,
        });
        let expected = serde_json::json!({
            "event": "KeyAdded", "what": "key 1 added", "issuer_key": ID.to_string(), "issuer": ID.to_string(), "index": 1,
            "key": ID.to_string(), "permissions": ["issue", "assert"], "scope": null,
            "valid_from": { "unix": 86_400, "rfc3339": "1970-01-02T00:00:00Z" }, "valid_until": null, "quota": null,
            "at": { "unix": 86_401, "rfc3339": "1970-01-02T00:00:01Z" },
        });
        assert_eq!(serde_json::to_value(&event).ok(), Some(expected));
    }
}
