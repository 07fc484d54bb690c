//! What is read is kept as it was, in whichever of its forms.

use microcred_client::document::vocabulary::{
    self, Achievement, AchievementCredential, AchievementSubject, Criteria, DateTime, Iri, Reference,
};
use serde_json::{Value, json};

use super::{leaves, with, without};
use crate::{official::complaints, samples};

fn assert_kept(document: &Value) {
    let read = vocabulary::read(document).unwrap();
    assert_eq!(&serde_json::to_value(&read).unwrap(), document);
}

#[test]
fn every_single_form_is_kept() {
    let document = samples::maximal();
    assert_kept(&samples::minimal());
    assert_kept(&document);
    let mut single = 0;
    let mut parents: Vec<String> =
        leaves(&document).iter().map(|leaf| leaf.rsplit_once('/').unwrap().0.to_owned()).collect();
    parents
        .extend(parents.clone().iter().filter_map(|path| path.rsplit_once('/').map(|(parent, _)| parent.to_owned())));
    parents.sort();
    parents.dedup();
    for place in parents.iter().filter(|place| !place.starts_with("/@context") && *place != "/type") {
        let Some(Value::Array(values)) = document.pointer(place) else { continue };
        assert_kept(&with(&document, place, values[0].clone()));
        single += 1;
    }
    assert!(single > 20, "{single}");
}

#[test]
fn every_optional_term_may_be_missing() {
    let document = samples::maximal();
    let mut missing = 0;
    for leaf in leaves(&document) {
        let (parent, _) = leaf.rsplit_once('/').unwrap();
        if !document.pointer(parent).unwrap().is_object() {
            continue;
        }
        let rest = without(&document, &leaf);
        if let Ok(read) = vocabulary::read(&rest) {
            assert_eq!(serde_json::to_value(&read).unwrap(), rest, "{leaf}");
            missing += 1;
        }
    }
    assert!(missing > 80, "{missing}");
}

#[test]
fn lists_and_single_values_are_read_alike() {
    let document = samples::maximal();
    let read = vocabulary::read(&document).unwrap();
    assert_eq!(read.types.names(), ["VerifiableCredential", "AchievementCredential"]);
    assert_eq!(read.credential_subject.achievement.alignments().len(), 2);
    assert_eq!(read.credential_subject.achievement.tags(), ["data", "ethics"]);
    assert_eq!(read.issuer.id().as_str(), samples::ISSUER);
    assert_eq!(read.issuer.node().unwrap().other_identifiers()[0].identifier_type, "ext:solanaIssuerAccount");

    let single = with(&document, "/evidence", document["evidence"][0].clone());
    let single = with(&single, "/issuer", json!(samples::ISSUER));
    let again = vocabulary::read(&single).unwrap();
    assert_eq!(again.all_evidence(), read.all_evidence());
    assert_eq!((again.issuer.id(), again.issuer.node()), (read.issuer.id(), None));
    assert_eq!(again.proofs(), read.proofs());
}

#[test]
fn what_is_built_is_good() {
    let iri = |text| Iri::parse(text).unwrap();
    let criteria = Criteria { narrative: Some("Assessment: written.".into()), ..Criteria::default() };
    let achievement = Achievement::new(iri("urn:uuid:1"), "Data ethics".into(), "What to do.".into(), criteria);
    let subject = AchievementSubject::new(Some(iri(samples::LEARNER)), achievement);
    let built = AchievementCredential::new(
        iri("urn:uuid:2"),
        Reference::Id(iri(samples::ISSUER)),
        subject,
        DateTime::parse("2026-11-23T00:00:00Z").unwrap(),
    );
    assert_eq!(vocabulary::check(&built), []);
    let document = serde_json::to_value(&built).unwrap();
    assert_eq!(complaints(&document), Vec::<String>::new());
    assert_eq!(vocabulary::read(&document).unwrap(), built);
}
