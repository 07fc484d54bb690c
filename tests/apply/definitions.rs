//! Full definitions: what goes on chain, what changes and freezes, and that every standard's reader takes the object.

use microcred_client::{
    Address, account, address,
    declaration::{Declaration, DeclarationError},
    definition::{self, DefinitionError},
    document::{context, json, rdf},
    hex::Hex,
    state::Achievement,
};
use serde_json::{Value, json};

use crate::stage::{BOTH, Stage, with};

const UNIVERSITY: &str = include_str!("../../examples/university/microcred.toml");
const SCHEMA: &str = include_str!("../documents/standards/ob_v3p0_achievementcredential_schema.json");

const DEFINITION: &str =
    "ects = 5.0\n[achievements.definition]\ndescription = \"Rust.\"\ncriteria = \"Pass.\"\nassessment = \"A test\"\n";

/// The achievement `rust` with a definition, and `go` without.
fn defined() -> String {
    with(BOTH, "ects = 5.0", DEFINITION)
}

fn rust(stage: &Stage) -> (Address, Achievement) {
    let address = address::achievement(&stage.issuer(), "rust");
    (address, account::decode(&address, &stage.ledger.account(&address).unwrap()).unwrap())
}

fn objects(stage: &Stage, text: &str) -> Vec<(Address, Value)> {
    let declaration = Declaration::parse(text).unwrap();
    declaration.definitions(&stage.roles.places(&declaration).unwrap())
}

/// The shipped example's objects, where the stage puts them.
fn shipped() -> Vec<Value> {
    let mut stage = Stage::new();
    let (platform, office) = (stage.roles.keys["platform"], stage.roles.keys["office"]);
    stage.roles.keys = [("course platform".into(), platform), ("examination office".into(), office)].into();
    objects(&stage, UNIVERSITY).into_iter().map(|(_, object)| object).collect()
}

#[test]
fn the_digest_on_chain_is_that_of_the_definition() {
    let mut stage = Stage::new();
    stage.apply(&defined());
    let [(address, object)] = &objects(&stage, &defined())[..] else { panic!("one is defined") };
    let (place, present) = rust(&stage);
    assert_eq!((*address, present.definition_digest), (place, definition::digest(object)));
    // Whoever finds the object, or the declaration, can tell that it is the one.
    for file in [format!("{object:#}"), defined()] {
        assert_eq!(definition::read(file.as_bytes(), &place, &present).as_ref(), Ok(object));
    }
    let other = defined().replace("A test", "None");
    let read = definition::read(other.as_bytes(), &place, &present);
    assert!(matches!(read, Err(DefinitionError::OtherDigest { .. })), "{read:?}");
}

#[test]
fn a_draft_shows_the_old_digest_and_the_new_one() {
    let mut stage = Stage::new();
    let draft = with(&defined(), "title = \"Rust\"", "title = \"Rust\"\nstatus = \"draft\"");
    stage.apply(&draft);
    let old = Hex(&rust(&stage).1.definition_digest).to_string();
    let edited = draft.replace("A test", "Two tests");
    let new = Hex(&definition::digest(&objects(&stage, &edited)[0].1)).to_string();
    assert_eq!(stage.apply(&edited), [format!("update achievement \"Rust\": definition_digest: {old} -> {new}")]);
    let without = with(BOTH, "title = \"Rust\"", "title = \"Rust\"\nstatus = \"draft\"");
    assert_eq!(stage.apply(&without), [format!("update achievement \"Rust\": definition_digest: {new} -> none")]);
}

#[test]
fn what_was_published_freezes_the_definition() {
    let mut stage = Stage::new();
    stage.apply(&defined());
    let (_, present) = rust(&stage);
    let edited = defined().replace("A test", "Two tests");
    let new = Hex(&definition::digest(&objects(&stage, &edited)[0].1)).to_string();
    let old = Hex(&present.definition_digest).to_string();
    stage.conflicts(
        &edited,
        "achievements[0] (rust).definition",
        &[
            &format!("has the digest {new}, but on the ledger it is {old} and frozen since it was published"),
            "write the definition as it was, or declare a new achievement",
            "`replaces = \"rust\"`",
        ],
    );
    stage.conflicts(BOTH, "achievements[0] (rust).definition_digest", &[&format!("is {old} on the ledger and frozen")]);
    // A title is part of the object too: it is told once, as what it is.
    let titled = with(&defined(), "title = \"Rust\"", "title = \"Rusty\"");
    stage.conflicts(&titled, "achievements[0] (rust).title", &["is \"Rust\" on the ledger"]);
    let both = stage.plan(&titled.replace("A test", "Two tests"));
    let places: Vec<_> = both.conflicts.iter().map(|conflict| conflict.place.as_str()).collect();
    assert_eq!(places, ["achievements[0] (rust).title", "achievements[0] (rust).definition"]);
}

#[test]
fn what_was_published_without_a_definition_gets_none() {
    let mut stage = Stage::new();
    stage.apply(BOTH);
    stage.conflicts(&defined(), "achievements[0] (rust).definition", &["on the ledger it is none and frozen"]);
}

#[test]
fn a_digest_beside_a_definition_must_be_its_own() {
    let mut stage = Stage::new();
    let computed = Hex(&definition::digest(&objects(&stage, &defined())[0].1)).to_string();
    let beside =
        |digest: &str| with(&defined(), "ects = 5.0", &format!("ects = 5.0\ndefinition_digest = \"{digest}\""));
    let error = stage.try_plan(&beside(&"0a".repeat(32))).unwrap_err();
    assert!(matches!(error, DeclarationError::Problems(_)), "{error:?}");
    assert_eq!(
        error.to_string(),
        format!(
            "achievements[0] (rust).definition_digest is not the digest of `definition`, which is {computed}: write that, or leave it out"
        )
    );
    stage.apply(&beside(&computed));
    assert!(stage.plan(&defined()).is_nothing_to_do());
}

#[test]
fn problems_of_a_definition_have_their_place_in_the_file() {
    for (from, to, expected) in [
        ("\"A test\"", "\"\"", "achievements[0] (rust).definition.assessment is empty: write it"),
        ("title = \"Rust\"", "title = \"Rust\"\nuri = \"rust\"", "achievements[0] (rust).uri is no absolute URL"),
        ("https://university.example\"\n", "uni.example\"\n", "issuer.url is no absolute URL"),
        ("description = \"Rust.\"", "hours = 0", "achievements[0] (rust).definition.description is empty"),
    ] {
        let error = Declaration::parse(&with(&defined(), from, to)).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
    let uri = "title = \"Rust\"\nuri = \"https://a.example/rust\"";
    let one = with(&defined(), "title = \"Rust\"", uri);
    let page = with(&one, "criteria = \"Pass.\"", "criteria_url = \"https://a.example/rust\"");
    let error = Declaration::parse(&page).unwrap_err().to_string();
    assert!(error.contains("definition.criteria_url is the achievement's `uri` too"), "{error}");
    let two = format!("{one}[achievements.definition]\ndescription = \"Go.\"\ncriteria = \"Pass.\"\n");
    let error = Declaration::parse(&with(&two, "title = \"Go\"", &uri.replace("Rust\"", "Go\""))).unwrap_err();
    let says = "achievements[1] (go).uri is that of another definition in this file: give each its own, or none";
    assert_eq!(error.to_string(), says);
    assert!(Declaration::parse(&two).is_ok());
    let unknown = Declaration::parse(&with(&defined(), "criteria", "criterion")).unwrap_err().to_string();
    assert!(unknown.contains("unknown field `criterion`") && unknown.contains("line "), "{unknown}");
}

#[test]
fn a_micro_credential_that_lacks_elements_of_annex_i_is_warned_about() {
    let mut stage = Stage::new();
    stage.apply(&defined());
    stage.only_warns(
        &defined(),
        "achievements[0] (rust).definition",
        "Annex I): learning outcomes (`outcomes`), level, if it has one (`eqf_level`), form of participation (`participation`), \
         type of quality assurance (`quality_assurance`); add it",
    );
    let nowhere = stage.plan(&with(&defined(), "country = \"PT\"", "")).warnings;
    assert!(
        nowhere.iter().any(|warning| warning.what.contains("country of the issuer (`issuer.country`)")),
        "{nowhere:?}"
    );
    let badge = with(&defined(), "micro-credential", "badge");
    assert_eq!(Stage::new().plan(&badge).warnings, []);
}

#[test]
fn the_shipped_definitions_lack_nothing() {
    let mut stage = Stage::new();
    let (platform, office) = (stage.roles.keys["platform"], stage.roles.keys["office"]);
    stage.roles.keys = [("course platform".into(), platform), ("examination office".into(), office)].into();
    assert_eq!(stage.plan(UNIVERSITY).warnings, []);
    stage.apply(UNIVERSITY);
    assert_eq!(objects(&stage, UNIVERSITY).len(), 2);
}

#[test]
fn the_official_schema_accepts_the_objects() {
    let mut schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let definitions = schema["$defs"].take();
    let of_achievements = json!({ "$schema": schema["$schema"], "$defs": definitions, "$ref": "#/$defs/Achievement" });
    let validator = jsonschema::validator_for(&of_achievements).unwrap();
    for object in shipped() {
        let errors: Vec<_> = validator.iter_errors(&object).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?} in {object:#}");
    }
    let mut wrong = shipped().remove(0);
    wrong["achievementType"] = "Medal".into();
    assert!(!validator.is_valid(&wrong));
}

/// Each place of the object where something can be left out.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| {
            found.push(format!("{at}/{name}"));
            places(value, &format!("{at}/{name}"), found);
        }),
        Value::Array(values) => {
            values.iter().enumerate().for_each(|(index, value)| places(value, &format!("{at}/{index}"), found));
        }
        _ => {}
    }
}

/// What a context does not define is dropped before signing. Everything in the object is signed: it changes the RDF.
#[test]
fn every_term_of_the_objects_is_signed() {
    let document = |object: &Value| {
        let document = json!({
            "@context": [context::CREDENTIALS_V2, context::OPEN_BADGES, context::OPEN_BADGES_EXTENSIONS],
            "id": "urn:uuid:2b4f9f3c-8a51-4d55-9c83-6a0c2f7f5b11",
            "type": ["VerifiableCredential", "AchievementCredential"],
            "credentialSubject": { "type": ["AchievementSubject"], "achievement": object },
        });
        let strict = json::read(document.to_string().as_bytes()).unwrap();
        rdf::canonical(&strict)
    };
    for object in shipped() {
        let whole = document(&object).unwrap();
        let mut found = Vec::new();
        places(&object, "", &mut found);
        assert!(found.len() > 12, "{found:?}");
        for place in found {
            let (parent, name) = place.rsplit_once('/').unwrap();
            let mut less = object.clone();
            less.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name);
            assert_ne!(document(&less).as_ref().ok(), Some(&whole), "{place} is not signed");
        }
    }
}
