//! Status lists and presentations.

use microcred_client::document::vocabulary::{
    self, BitstringStatusList, BitstringStatusListCredential, DateTime, FormErrorKind, Iri, StatusPurpose,
    VerifiablePresentation,
};
use serde_json::{Value, json};

use super::{with, without};
use crate::samples;

fn list() -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "https://example.edu/status/0",
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "name": "Status",
        "description": "Of all documents",
        "issuer": {"id": samples::ISSUER, "name": "University", "description": "A university"},
        "validFrom": "2026-11-23T00:00:00Z",
        "validUntil": "2026-11-24T00:00:00Z",
        "credentialSubject": {
            "id": "https://example.edu/status/0#list",
            "type": "BitstringStatusList",
            "statusPurpose": ["revocation", "suspension"],
            "encodedList": format!("u{}", "A".repeat(100_000)),
            "ttl": 300_000,
        },
        "proof": samples::maximal()["proof"],
    })
}

fn presentation() -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc60",
        "type": ["VerifiablePresentation"],
        "holder": samples::LEARNER,
        "verifiableCredential": [samples::maximal(), samples::minimal()],
        "proof": with(&samples::maximal()["proof"][0], "/proofPurpose", json!("authentication")),
    })
}

#[test]
fn status_lists_are_read_and_kept() {
    let single = with(&list(), "/credentialSubject/statusPurpose", json!("revocation"));
    for list in [list(), single, with(&list(), "/issuer", json!(samples::ISSUER))] {
        let read = vocabulary::read_status_list(&list).unwrap();
        assert_eq!(vocabulary::check_status_list(&read), []);
        assert_eq!(serde_json::to_value(&read).unwrap(), list);
        assert_eq!(read.issuer.id().as_str(), samples::ISSUER);
    }
    let iri = |text| Iri::parse(text).unwrap();
    let subject =
        BitstringStatusList::new(iri("https://example.edu/status/0#list"), StatusPurpose::Revocation, "uAA".into());
    let from = DateTime::parse("2026-11-23T00:00:00Z").unwrap();
    let built =
        BitstringStatusListCredential::new(iri("https://example.edu/status/0"), iri(samples::ISSUER), subject, from);
    assert_eq!(vocabulary::check_status_list(&built), []);
    assert_eq!(vocabulary::read_status_list(&serde_json::to_value(&built).unwrap()).unwrap(), built);
}

#[test]
fn wrong_status_lists_are_refused_at_their_place() {
    for (place, wrong) in [
        ("/type", json!(["VerifiableCredential", "AchievementCredential"])),
        ("/credentialSubject/type", json!("BitstringStatusListEntry")),
        ("/credentialSubject/encodedList", json!(["uAA"])),
        ("/credentialSubject/ttl", json!(-1)),
        ("/validUntil", json!("2026-11-23T00:00:00Z")),
        ("/credentialStatus", json!({"type": "BitstringStatusListEntry"})),
        ("/issuer/otherIdentifier", json!([])),
        ("/@context", json!(["https://www.w3.org/2018/credentials/v1"])),
    ] {
        let changed = with(&list(), place, wrong);
        let errors = match vocabulary::read_status_list(&changed) {
            Ok(read) => vocabulary::check_status_list(&read),
            Err(error) => vec![error],
        };
        assert_eq!(errors.iter().map(|error| error.path.as_str()).collect::<Vec<_>>(), [place]);
    }
}

fn wrong(presentation: &Value) -> Vec<String> {
    let errors = match vocabulary::read_presentation(presentation) {
        Ok(read) => vocabulary::check_presentation(&read),
        Err(error) => vec![error],
    };
    errors.into_iter().map(|error| error.path).collect()
}

#[test]
fn presentations_are_read_and_kept() {
    let single = with(&presentation(), "/verifiableCredential", samples::minimal());
    for presentation in [presentation(), single] {
        let read = vocabulary::read_presentation(&presentation).unwrap();
        assert_eq!(vocabulary::check_presentation(&read), []);
        assert_eq!(serde_json::to_value(&read).unwrap(), presentation);
    }
    let credential = vocabulary::read(&samples::minimal()).unwrap();
    let built = VerifiablePresentation::new(Iri::parse(samples::LEARNER).unwrap(), vec![credential]);
    assert_eq!(vocabulary::check_presentation(&built), []);
}

#[test]
fn wrong_presentations_are_refused_at_their_place() {
    for (place, wrong_value) in [
        ("/holder", json!({"id": samples::LEARNER})),
        ("/type", json!("VerifiableCredential")),
        ("/verifiableCredential/1/validFrom", json!("never")),
        ("/verifiableCredential/0/issuer/unknownTerm", json!("x")),
        ("/verifiableCredential/0/validUntil", json!("2026-11-22T00:00:00Z")),
        ("/verifiableCredential/0/@context", json!(["https://www.w3.org/ns/credentials/v2"])),
        ("/unknownTerm", json!("x")),
        ("/proof/challenge", json!("a\u{202e}b")),
    ] {
        assert_eq!(wrong(&with(&presentation(), place, wrong_value))[0], place);
    }
    assert_eq!(wrong(&without(&presentation(), "/holder")), ["/holder"]);
    let status = json!({"type": "StatusList2021Entry"});
    let unknown = with(&presentation(), "/verifiableCredential/0/credentialStatus", status);
    let error = vocabulary::read_presentation(&unknown).unwrap_err();
    assert_eq!(
        (error.path.as_str(), error.kind),
        ("/verifiableCredential/0/credentialStatus", FormErrorKind::UnknownStatus)
    );
}
