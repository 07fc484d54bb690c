//! Whatever is changed in a good document: who only reads what the proof is over reads the same, or sees that it does not fit; and who
//! compares the digest sees everything.

use std::collections::BTreeSet;

use microcred_client::document::json;
use proptest::prelude::*;
use serde_json::Number;

use super::*;

/// A change of one place in a document.
#[derive(Clone, Debug)]
enum Mutation {
    Remove,
    Duplicate,
    Wrap,
    Unwrap,
    Swap(usize),
    Copy(usize),
    Rename(String),
    Add(String, Value),
    Set(Value),
    Extend(char),
}

fn words() -> impl Strategy<Value = String> {
    let known = [
        "id",
        "type",
        "name",
        "description",
        "url",
        "image",
        "issuer",
        "credentialStatus",
        "validUntil",
        "proof",
        "evidence",
        "result",
        "achievement",
        "alignment",
        "identifier",
        "otherIdentifier",
        "creator",
        "source",
        "narrative",
        "value",
        "status",
        "hashed",
        "salt",
        "endorsement",
        "termsOfUse",
        "refreshService",
        "relatedResource",
        "confidenceMethod",
        "holder",
        "unknown",
    ];
    prop::sample::select(known.map(String::from).to_vec())
}

fn values() -> impl Strategy<Value = Value> {
    let texts = prop::sample::select(vec![
        "",
        "A",
        "Mallory",
        "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        "https://university.example/rust",
        "_:b0",
        "Profile",
        "2030-01-01T00:00:00Z",
        "did:key:z6MkvDqGT54cXesYGvABpF1UapVNwjCqRcafi4Px6Thv5T3Z",
        "AchievementCredential",
    ]);
    prop_oneof![
        texts.prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        (-3_i64..3).prop_map(Value::from),
        Just(Value::Null),
        Just(json!([])),
        Just(json!({})),
        Just(json!({"id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33"})),
        Just(Value::Number(Number::from_f64(2.5).unwrap())),
    ]
}

fn mutations() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        Just(Mutation::Remove),
        Just(Mutation::Duplicate),
        Just(Mutation::Wrap),
        Just(Mutation::Unwrap),
        any::<usize>().prop_map(Mutation::Swap),
        any::<usize>().prop_map(Mutation::Copy),
        words().prop_map(Mutation::Rename),
        (words(), values()).prop_map(|(word, value)| Mutation::Add(word, value)),
        values().prop_map(Mutation::Set),
        any::<char>().prop_map(Mutation::Extend),
    ]
}

/// Pointers to all values but the document itself.
fn places(value: &Value) -> Vec<String> {
    fn collect(value: &Value, path: &str, found: &mut Vec<String>) {
        let mut within = |name: &str, value: &Value| {
            found.push(format!("{path}/{name}"));
            collect(value, &format!("{path}/{name}"), found);
        };
        match value {
            Value::Object(fields) => fields.iter().for_each(|(name, value)| within(name, value)),
            Value::Array(values) => values.iter().enumerate().for_each(|(at, value)| within(&at.to_string(), value)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    collect(value, "", &mut found);
    found
}

impl Mutation {
    fn apply(&self, document: &mut Value, place: usize) {
        let places = places(document);
        let Some(place) = places.get(place % places.len().max(1)) else { return };
        let (parent, name) = place.rsplit_once('/').unwrap();
        let other = |other: &usize| document.pointer(&places[other % places.len()]).unwrap().clone();
        let copied = match self {
            Self::Copy(from) | Self::Swap(from) => Some((places[from % places.len()].clone(), other(from))),
            _ => None,
        };
        match (self, document.pointer_mut(parent).unwrap()) {
            (Self::Remove, Value::Object(fields)) => drop(fields.remove(name)),
            (Self::Remove, Value::Array(values)) => drop(values.remove(name.parse().unwrap())),
            (Self::Duplicate, Value::Array(values)) => values.push(values[name.parse::<usize>().unwrap()].clone()),
            (Self::Rename(word), Value::Object(fields)) => {
                let value = fields.remove(name).unwrap();
                fields.insert(word.clone(), value);
            }
            (Self::Add(word, value), Value::Object(fields)) => drop(fields.insert(word.clone(), value.clone())),
            _ => {
                let here = document.pointer_mut(place).unwrap();
                let before = here.clone();
                match self {
                    Self::Wrap => *here = json!([before]),
                    Self::Unwrap => {
                        if let Some([one]) = before.as_array().map(Vec::as_slice) {
                            *here = one.clone();
                        }
                    }
                    Self::Set(value) => *here = value.clone(),
                    Self::Extend(character) => {
                        if let Value::String(text) = here {
                            text.push(*character);
                        }
                    }
                    Self::Copy(_) => *here = copied.unwrap().1,
                    Self::Swap(_) => {
                        let (from, value) = copied.unwrap();
                        *here = value;
                        if let Some(there) = document.pointer_mut(&from) {
                            *there = before;
                        }
                    }
                    _ => {}
                }
            }
        }
    }
}

/// What proofs over RDF do not cover: the order of lists, how often the same stands in one, whether one stands in a list, and which of
/// its two names the kind of document has.
fn as_signed(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), as_signed(value))).collect(),
        Value::Array(values) => {
            let all: BTreeSet<_> = values.iter().map(|value| as_signed(value).to_string()).collect();
            match all.len() {
                1 => as_signed(&values[0]),
                _ => all.into_iter().map(Value::from).collect(),
            }
        }
        Value::String(text) if text == "OpenBadgeCredential" => json!("AchievementCredential"),
        other => other.clone(),
    }
}

/// Without the proofs, of which any that are good may stand there.
fn claims(document: &Value) -> Value {
    let mut document = document.clone();
    document.as_object_mut().and_then(|fields| fields.remove("proof"));
    as_signed(&document)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn what_is_not_signed_is_not_taken_for_signed(
        changes in prop::collection::vec((mutations(), any::<usize>()), 1..4),
        twice in any::<bool>(),
    ) {
        let mut original = good();
        if twice {
            proof::sign(&mut original, Cryptosuite::EddsaJcs2022, &Options::assertion(now()), &issuer()).unwrap();
        }
        let mut changed = original.clone();
        changes.iter().for_each(|(mutation, place)| mutation.apply(&mut changed, *place));
        let report = check(text(&changed).as_bytes());
        let is_taken = !report.decided_badly();
        if is_taken {
            prop_assert_eq!(claims(&changed), claims(&original));
        }
        // The digest on chain is of the whole document, and of no other.
        let is_same = json::canonical(&changed) == json::canonical(&original);
        prop_assert_eq!(json::digest(&changed) == json::digest(&original), is_same);
        if is_same {
            prop_assert!(is_taken);
        }
    }
}

trait Decided {
    fn decided_badly(&self) -> bool;
}

impl Decided for Report {
    fn decided_badly(&self) -> bool {
        self.findings.iter().any(|finding| finding.kind.decides().is_some())
    }
}

/// The strategy does what it is for: some changes are not covered by the proof, and are taken.
#[test]
fn what_proofs_do_not_cover_is_known() {
    let harmless: [fn(&mut Value); 4] = [
        |document| document["credentialSubject"]["achievement"]["alignment"].as_array_mut().unwrap().reverse(),
        |document| document["evidence"] = document["evidence"][0].clone(),
        |document| document["type"][1] = json!("OpenBadgeCredential"),
        |document| document["proof"] = document["proof"][0].clone(),
    ];
    for change in harmless {
        let changed = altered(change);
        assert_answers([super::harmless("not signed", text(&changed))]);
        assert_eq!(claims(&changed), claims(&good()));
        assert_ne!(json::digest(&changed), json::digest(&good()));
    }
}
