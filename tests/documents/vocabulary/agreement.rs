//! The vocabulary and the official schema: what is read here, the schema takes; what only the schema takes is refused for a reason.

use microcred_client::document::vocabulary::FormErrorKind::{
    self, Context, Identifier, Term, Text, Unchecked, Value as Wrong,
};
use serde_json::{Value, json};

use super::{errors, places, with, without};
use crate::{official::complaints, samples};

#[test]
fn the_smallest_and_the_greatest_document_are_good_to_both() {
    for document in [samples::minimal(), samples::maximal()] {
        assert_eq!(complaints(&document), Vec::<String>::new());
        assert_eq!(errors(&document), []);
    }
}

/// What may be put in the place of a value.
fn others(value: &Value) -> Vec<Value> {
    let mut others = vec![
        json!(null),
        json!(true),
        json!(7),
        json!(-7.5),
        json!("Xy"),
        json!("https://example.edu/xy"),
        json!("2026-11-23T10:00:00Z"),
        json!("ext:xy"),
        json!([]),
        json!({}),
        json!({"en": "Xy"}),
        json!([value]),
        json!([value, value]),
    ];
    if let Value::Array(values) = value {
        others.extend(values.iter().cloned());
    }
    others
}

#[test]
fn nothing_is_read_that_the_schema_refuses() {
    let document = samples::maximal();
    let mut read = 0;
    for place in places(&document) {
        let mut changed: Vec<_> =
            others(document.pointer(&place).unwrap()).into_iter().map(|new| with(&document, &place, new)).collect();
        let parent = place.rsplit_once('/').unwrap().0;
        if document.pointer(parent).unwrap().is_object() {
            changed.push(without(&document, &place));
        }
        for changed in changed {
            if errors(&changed).is_empty() {
                read += 1;
                assert_eq!(complaints(&changed), Vec::<String>::new(), "{place}: {:?}", changed.pointer(&place));
            }
        }
    }
    assert!(read > 500, "{read}");
}

#[test]
fn what_only_the_schema_takes_is_refused_for_a_reason() {
    let cases: &[(&str, Value, FormErrorKind)] = &[
        ("/@context/2", json!("https://example.edu/context.json"), Context),
        ("/@context/1", json!("https://purl.imsglobal.org/spec/ob/v3p0/context.json"), Context),
        ("/name", json!({"en": "Data ethics"}), Wrong),
        ("/id", json!("not-absolute"), Wrong),
        ("/id", json!("_:b0"), Wrong),
        ("/unknownTerm", json!("x"), Term),
        ("/issuer/unknownTerm", json!("x"), Term),
        ("/credentialSubject/name", json!("Ada"), Term),
        ("/credentialSubject/achievement/criteria/type", json!("Criteria"), Term),
        ("/endorsementJwt", json!("a.b.c"), Unchecked),
        ("/refreshService", json!({"id": "https://example.edu", "type": "1EdTechCredentialRefresh"}), Unchecked),
        ("/termsOfUse", json!([{"type": "Policy"}]), Unchecked),
        ("/type", json!(["VerifiableCredential", "AchievementCredential", "Other"]), Wrong),
        ("/issuer/type", json!(["Profile", "Address"]), Wrong),
        ("/validUntil", json!("2026-11-22T00:00:00Z"), Wrong),
        ("/validFrom", json!("2016-12-31T23:59:60Z"), Wrong),
        ("/credentialSubject/creditsEarned", json!(-1), Wrong),
        ("/issuer/address/addressCountryCode", json!("Portugal"), Wrong),
        ("/issuer/address/geo/latitude", json!(91), Wrong),
        ("/evidence/0/id", json!(samples::ISSUER), Identifier),
        ("/name", json!("Data\u{202e}ethics"), Text),
        ("/name", json!("a".repeat(1_001)), Text),
    ];
    let document = samples::maximal();
    for (place, new, kind) in cases {
        let changed = with(&document, place, new.clone());
        assert_eq!(complaints(&changed), Vec::<String>::new(), "{place}");
        let kinds: Vec<_> = errors(&changed).iter().map(|error| error.kind).collect();
        assert_eq!(kinds, [*kind], "{place}: {new}");
    }
}
