//! Each thing that is wrong is refused at its own place.

use microcred_client::document::vocabulary::{self, FormErrorKind};
use serde_json::{Value, json};

use super::{errors, leaves, with, without};
use crate::samples;

/// The path of what is wrong with a document, which is one thing.
fn path(document: &Value) -> String {
    let errors = errors(document);
    assert_eq!(errors.len(), 1, "{errors:?}");
    errors[0].path.clone()
}

#[test]
fn every_leaf_of_a_wrong_type_is_refused_at_its_place() {
    let document = samples::maximal();
    for leaf in leaves(&document) {
        let is_bool = document.pointer(&leaf).unwrap().is_boolean();
        for wrong in [if is_bool { json!("x") } else { json!(true) }, json!({"x": 1}), json!([["x"]])] {
            let found = path(&with(&document, &leaf, wrong.clone()));
            assert!(found.starts_with(&leaf), "{leaf} {wrong}: {found}");
        }
        let null = vocabulary::read(&with(&document, &leaf, Value::Null)).unwrap_err();
        assert_eq!(null.path, leaf);
    }
}

#[test]
fn every_type_but_the_right_one_is_refused_at_its_place() {
    let document = samples::maximal();
    let mut types = 0;
    for leaf in leaves(&document) {
        let place = leaf.rsplit_once("/type").filter(|(_, rest)| rest.is_empty() || rest.starts_with('/'));
        let Some((node, _)) = place else { continue };
        let error = vocabulary::read(&with(&document, &leaf, json!("Wrong")));
        let unknown = [FormErrorKind::UnknownStatus, FormErrorKind::UnknownProof];
        let error = error.unwrap_err();
        if unknown.contains(&error.kind) {
            assert_eq!(error.path, node);
        } else {
            assert_eq!(error.path, format!("{node}/type"), "{error}");
            assert!(error.what.contains("write "), "{error}");
        }
        types += 1;
    }
    assert!(types > 30, "{types}");
}

#[test]
fn unknown_terms_are_refused_in_every_node() {
    let document = samples::maximal();
    let mut nodes: Vec<_> = leaves(&document).iter().map(|leaf| leaf.rsplit_once('/').unwrap().0.to_owned()).collect();
    nodes.dedup();
    for node in nodes.iter().filter(|node| document.pointer(node).unwrap().is_object()) {
        let place = format!("{node}/unknownTerm");
        let error = vocabulary::read(&with(&document, &place, json!("x"))).unwrap_err();
        assert_eq!((error.path, error.kind), (place, FormErrorKind::Term));
    }
}

#[test]
fn required_terms_are_missed_at_their_place() {
    let document = samples::maximal();
    for term in [
        "/@context",
        "/id",
        "/type",
        "/issuer",
        "/issuer/id",
        "/validFrom",
        "/credentialSubject",
        "/credentialSubject/type",
        "/credentialSubject/achievement",
        "/credentialSubject/achievement/name",
        "/credentialSubject/achievement/criteria",
        "/credentialSubject/achievement/alignment/0/targetUrl",
        "/credentialSubject/identifier/1/hashed",
        "/credentialStatus/statusPurpose",
        "/credentialStatus/statusListIndex",
        "/credentialStatus/statusListCredential",
        "/proof/0/proofValue",
        "/evidence/0/type",
    ] {
        let error = vocabulary::read(&without(&document, term)).unwrap_err();
        assert_eq!(error.to_string(), format!("{term} is missing: add it"));
    }
}

#[test]
fn values_that_mean_nothing_are_refused_at_their_place() {
    let document = samples::maximal();
    for (place, wrong) in [
        ("/validFrom", json!("2026-11-23")),
        ("/validFrom", json!("2026-11-23T00:00:00")),
        ("/validFrom", json!("2026-11-23T24:00:00Z")),
        ("/awardedDate", json!("2016-12-31T23:59:60Z")),
        ("/validUntil", json!("2026-11-23T00:00:00Z")),
        ("/credentialSubject/activityEndDate", json!("2026-08-31T23:59:59Z")),
        ("/issuer/dateOfBirth", json!("1815-02-30")),
        ("/proof/0/expires", json!("2026-11-23T00:00:01Z")),
        ("/proof/0/proofPurpose", json!("keyAgreement")),
        ("/proof/0/verificationMethod", json!("_:b0")),
        ("/credentialSubject/creditsEarned", json!(0.1 + 0.2)),
        ("/credentialSubject/achievement/creditsAvailable", json!(-1)),
        ("/credentialSubject/achievement/achievementType", json!("Microcredential")),
        ("/credentialSubject/achievement/inLanguage", json!("English")),
        ("/credentialSubject/achievement/name", json!(" ")),
        ("/credentialSubject/result/0/status", json!("Passed")),
        ("/credentialSubject/identifier/0/identityType", json!("nickname")),
        ("/credentialSubject/identifier/0/identityHash", json!("Ada\u{200b}")),
        ("/credentialStatus/statusListIndex", json!("094567")),
        ("/credentialStatus/statusListIndex", json!("-1")),
        ("/credentialStatus/statusListIndex", json!(94_567)),
        ("/credentialStatus/statusListCredential", json!("status/0")),
        ("/credentialSubject/achievement/tag", json!(vec!["a"; 201])),
        ("/evidence/0/narrative", json!("a".repeat(10_001))),
        ("/credentialStatus", json!([])),
        ("/image", json!("https://example.edu/credential.png")),
    ] {
        assert_eq!(path(&with(&document, place, wrong.clone())), place, "{wrong}");
    }
    let nobody = without(&without(&document, "/credentialSubject/id"), "/credentialSubject/identifier");
    assert_eq!(path(&nobody), "/credentialSubject");
}

#[test]
fn contexts_are_known_ones_in_their_order() {
    let document = samples::maximal();
    let contexts = document["@context"].as_array().unwrap().clone();
    let [credentials, badges, extensions] = [&contexts[0], &contexts[1], &contexts[2]];
    for wrong in [
        json!([badges, credentials, extensions]),
        json!([credentials, extensions, badges]),
        json!([credentials]),
        json!([credentials, badges, extensions, extensions]),
        json!(credentials),
        json!([]),
    ] {
        let errors = errors(&with(&document, "/@context", wrong.clone()));
        assert_eq!((errors[0].path.as_str(), errors[0].kind), ("/@context", FormErrorKind::Context), "{wrong}");
    }
    let inline =
        with(&document, "/@context", json!([credentials, badges, {"name": "https://schema.org/alternateName"}]));
    assert_eq!(path(&inline), "/@context/2");
    // The type of the schema is defined by the extensions.
    let without_extensions = with(&document, "/@context", json!([credentials, badges]));
    assert_eq!(path(&without_extensions), "/credentialSchema/0/type");
    assert_eq!(errors(&without(&without_extensions, "/credentialSchema")), []);
}

#[test]
fn contexts_of_a_proof_are_the_documents_and_of_json() {
    let document = samples::maximal();
    let own = with(&document, "/proof/0/@context", document["@context"].clone());
    assert_eq!(path(&own), "/proof/0/@context");
    let json = with(&own, "/proof/0/cryptosuite", json!("eddsa-jcs-2022"));
    assert_eq!(errors(&json), []);
    let other = with(&json, "/proof/0/@context", json!(["https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]));
    assert_eq!(path(&other), "/proof/0/@context");
}

#[test]
fn what_nobody_checks_is_refused_wherever_it_stands() {
    let document = samples::maximal();
    for place in [
        "/endorsement",
        "/endorsementJwt",
        "/refreshService",
        "/termsOfUse",
        "/issuer/endorsement",
        "/credentialSubject/achievement/endorsementJwt",
        "/proof/0/previousProof",
    ] {
        let error = vocabulary::read(&with(&document, place, json!(["x"]))).unwrap_err();
        assert_eq!((error.path.as_str(), error.kind), (place, FormErrorKind::Unchecked));
    }
}

#[test]
fn unknown_kinds_of_status_and_proof_are_told_only_where_all_else_is_good() {
    use FormErrorKind::{UnknownProof, UnknownStatus};

    let document = samples::maximal();
    let list = json!({"id": "https://example.edu/list", "type": "1EdTechRevocationList"});
    let signature = json!({"type": "Ed25519Signature2020", "jws": "x"});
    for (place, new, at, kind) in [
        ("/credentialStatus", list.clone(), "/credentialStatus", UnknownStatus),
        ("/credentialStatus/type", json!("StatusList2021Entry"), "/credentialStatus", UnknownStatus),
        ("/credentialStatus/statusPurpose", json!("message"), "/credentialStatus", UnknownStatus),
        ("/credentialStatus/statusSize", json!(2), "/credentialStatus", UnknownStatus),
        ("/proof", signature.clone(), "/proof", UnknownProof),
        ("/proof/0", signature.clone(), "/proof/0", UnknownProof),
    ] {
        let changed = with(&document, place, new);
        let error = vocabulary::read(&changed).unwrap_err();
        assert_eq!((error.path.as_str(), error.kind), (at, kind), "{error}");
        let worse = vocabulary::read(&with(&changed, "/validFrom", json!("never"))).unwrap_err();
        assert_eq!((worse.path.as_str(), worse.kind), ("/validFrom", FormErrorKind::Value));
    }
    let both = with(&with(&document, "/credentialStatus", list), "/proof", signature);
    assert_eq!(vocabulary::read(&both).unwrap_err().kind, UnknownStatus);
    // A status of a known kind that is wrong is not an unknown one.
    assert_eq!(path(&with(&document, "/credentialStatus/statusSize", json!(0))), "/credentialStatus/statusSize");
}

#[test]
fn a_term_cannot_be_moved_to_another_node_of_the_same_identifier() {
    // Moves what names the account on chain out of sight: to what is signed, nothing changes.
    let mut document = samples::maximal();
    document["credentialSubject"]["achievement"]["creator"] = document["issuer"].clone();
    assert_eq!(errors(&document), []);
    for seen in [without(&document, "/issuer/otherIdentifier")["issuer"].clone(), json!(samples::ISSUER)] {
        let errors = errors(&with(&document, "/issuer", seen));
        assert_eq!(errors.len(), 1);
        assert_eq!(errors[0].path, "/credentialSubject/achievement/creator");
        assert_eq!(errors[0].kind, FormErrorKind::Identifier);
    }
    // The issuer itself still says all of it.
    assert_eq!(errors(&without(&document, "/credentialSubject/achievement/creator/otherIdentifier")), []);
}

#[test]
fn messages_show_no_more_than_a_line_of_what_stands_in_a_document() {
    let document = samples::maximal();
    let long = json!("\u{202e}".repeat(2_000));
    for place in [
        "/id",
        "/validFrom",
        "/proof/0/proofPurpose",
        "/credentialSubject/achievement/inLanguage",
        "/issuer/address/geo",
    ] {
        for error in errors(&with(&document, place, long.clone())) {
            let message = error.to_string();
            assert!(message.len() < 1_200 && !message.contains('\u{202e}'), "{message}");
        }
    }
}

#[test]
fn the_contexts_of_a_proof_over_json_are_the_documents() {
    let document = with(&samples::maximal(), "/proof/0/cryptosuite", json!("eddsa-jcs-2022"));
    let contexts = document["@context"].clone();
    assert_eq!(errors(&with(&document, "/proof/0/@context", contexts.clone())), []);
    for wrong in [json!(contexts[0]), json!([contexts[0], contexts[1]])] {
        assert_eq!(path(&with(&document, "/proof/0/@context", wrong)), "/proof/0/@context");
    }
}
