//! Documents before anyone signs them: what an issuer of Open Badges 3.0 writes at least, at most, and strangely.

use microcred_client::{
    Address,
    document::{did, subject::Salt},
};
use serde_json::{Value, json};
use solana_keypair::{Keypair, keypair_from_seed};
use solana_signer::Signer;

/// When documents of these tests were signed.
pub(crate) const CREATED: &str = "2026-03-01T09:30:00Z";

/// Where the official schema of the documents stands.
pub(crate) const SCHEMA: &str =
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json";

/// Somebody with a key, whose seed a script gets too.
pub(crate) struct Person {
    seed: u8,
}

/// Signs documents.
pub(crate) const ISSUER: Person = Person { seed: 1 };
/// Whom they are about.
pub(crate) const LEARNER: Person = Person { seed: 2 };
/// Has nothing to say.
pub(crate) const STRANGER: Person = Person { seed: 3 };

impl Person {
    pub(crate) fn keypair(&self) -> Keypair {
        keypair_from_seed(&[self.seed; 32]).unwrap()
    }

    pub(crate) fn key(&self) -> Address {
        self.keypair().pubkey()
    }

    pub(crate) fn did(&self) -> String {
        did::did_key(&self.key())
    }

    pub(crate) fn method(&self) -> String {
        did::key_method(&self.key())
    }

    /// In hexadecimal digits.
    pub(crate) fn seed(&self) -> String {
        format!("{:02x}", self.seed).repeat(32)
    }
}

pub(crate) fn contexts() -> Value {
    json!([
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
    ])
}

/// No more than the schema asks for.
pub(crate) fn minimal() -> Value {
    json!({
        "@context": contexts(),
        "id": "urn:uuid:5f0c7f0e-5a55-4b5b-9d1d-3f2b1f0a0001",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Rust for systems",
        "issuer": { "id": ISSUER.did(), "type": ["Profile"] },
        "validFrom": "2026-03-01T00:00:00Z",
        "credentialSubject": {
            "id": LEARNER.did(),
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "urn:uuid:5f0c7f0e-5a55-4b5b-9d1d-3f2b1f0a0002",
                "type": ["Achievement"],
                "name": "Rust for systems",
                "description": "Programs that hold",
                "criteria": { "narrative": "A project and an oral examination" },
            },
        },
    })
}

/// Every kind of field that a document of this project has.
pub(crate) fn maximal() -> Value {
    let mut document = minimal();
    set(&mut document, "/description", "What the learner showed");
    set(&mut document, "/awardedDate", "2026-02-27T00:00:00Z");
    set(&mut document, "/validUntil", "2126-03-01T00:00:00Z");
    set(&mut document, "/credentialStatus", status("https://university.example/status/revocation/1", 94_567));
    let schema = json!([{ "id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019" }]);
    set(&mut document, "/credentialSchema", schema);
    let evidence = json!([{
        "id": "https://explorer.solana.com/address/4uQeVj5tqViQh7yWWGStvkEG1Zmhx6uasJtWCJziofM",
        "type": ["Evidence"],
        "genre": "SolanaAccount",
        "name": "Credential account",
        "narrative": account("4uQeVj5tqViQh7yWWGStvkEG1Zmhx6uasJtWCJziofM"),
    }]);
    set(&mut document, "/evidence", evidence);
    let issuer = json!({
        "id": ISSUER.did(),
        "type": ["Profile"],
        "name": "Université de Technologie “Łódź”",
        "url": "https://university.example",
        "email": "office@university.example",
        "address": { "type": ["Address"], "addressCountryCode": "FR" },
        "otherIdentifier": [
            identifier("ext:solanaIssuerAccount", account("8qbHbw2BbbTHBW1sbeqakYXVKRQM8Ne7pLK7m6CVfeR")),
            identifier("ext:solanaIssuerKeyAccount", account("CktRuQ2mttgRGkXJtyksdKHjUdc2C4TgDzyB98oEzy8")),
        ],
    });
    set(&mut document, "/issuer", issuer);
    set(&mut document, "/credentialSubject/creditsEarned", 2.5);
    set(
        &mut document,
        "/credentialSubject/identifier",
        json!([
            Salt::derive(&[7; 32], &LEARNER.key(), &LEARNER.key()).identity(&LEARNER.key()),
            plain("name", "Zoë Nuñez 山田"),
            plain("emailAddress", "zoe@learner.example"),
        ]),
    );
    let result = json!([
        { "type": ["Result"], "resultDescription": "urn:uuid:5f0c7f0e-5a55-4b5b-9d1d-3f2b1f0a0003", "value": "1,3" },
        { "type": ["Result"], "status": "Completed" },
    ]);
    set(&mut document, "/credentialSubject/result", result);
    let achievement = json!({
        "id": "urn:uuid:5f0c7f0e-5a55-4b5b-9d1d-3f2b1f0a0002",
        "type": ["Achievement"],
        "achievementType": "MicroCredential",
        "name": "Rust für Systeme",
        "description": "Programs that hold.\nAnd hold \"on\".",
        "criteria": {
            "id": "https://university.example/rust/criteria",
            "narrative": "Assessment: examination.\nParticipation: online.",
        },
        "image": { "id": "https://university.example/rust.png", "type": "Image", "caption": "A crab" },
        "creator": { "id": "https://university.example", "type": ["Profile"], "name": "Université" },
        "creditsAvailable": 5,
        "fieldOfStudy": "Informatics",
        "humanCode": "RUST-1",
        "inLanguage": "de",
        "tag": ["rust", "systems", "Rust"],
        "version": "1.0",
        "resultDescription": [{
            "id": "urn:uuid:5f0c7f0e-5a55-4b5b-9d1d-3f2b1f0a0003", "type": ["ResultDescription"], "name": "Grade",
            "resultType": "LetterGrade", "allowedValue": ["1,0", "1,3", "1,7"],
        }],
        "alignment": [
            {
                "type": ["Alignment"], "targetName": "EQF level 6", "targetUrl": "http://data.europa.eu/snb/eqf/6",
                "targetFramework": "European Qualifications Framework", "targetType": "ext:EQFLevel", "targetCode": "6",
            },
            {
                "type": ["Alignment"], "targetName": "computer programming", "targetDescription": "write programs",
                "targetUrl": "http://data.europa.eu/esco/skill/ccd0a1d9-afda-43d9-b901-96344886e14d",
            },
        ],
    });
    set(&mut document, "/credentialSubject/achievement", achievement);
    document
}

/// As much, of an issuer that does not know this project.
pub(crate) fn foreign() -> Value {
    let mut document = maximal();
    let evidence = json!([{ "type": ["Evidence"], "name": "Portfolio", "narrative": "A parser" }]);
    set(&mut document, "/evidence", evidence);
    let number = identifier("identifier", "FR-0751234A".into());
    set(&mut document, "/issuer/otherIdentifier", json!([number]));
    document
}

/// An account of the main chain.
fn account(address: &str) -> String {
    format!("solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp:{address}")
}

fn identifier(kind: &str, value: String) -> Value {
    json!({ "type": "IdentifierEntry", "identifierType": kind, "identifier": value })
}

/// Something that the learner is called.
fn plain(kind: &str, name: &str) -> Value {
    json!({ "type": "IdentityObject", "hashed": false, "identityHash": name, "identityType": kind })
}

/// Where a revocation of the document would stand.
pub(crate) fn status(list: &str, index: u32) -> Value {
    json!({
        "id": format!("{list}#{index}"),
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": index.to_string(),
        "statusListCredential": list,
    })
}

/// A status list without its bits.
pub(crate) fn status_list(id: &str, issuer: &Person) -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": id,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.did(),
        "validFrom": "2026-03-01T00:00:00Z",
        "credentialSubject": {
            "id": format!("{id}#list"), "type": "BitstringStatusList", "statusPurpose": "revocation",
        },
    })
}

/// A presentation of a document, before the holder signs it.
pub(crate) fn presentation(document: &Value, holder: &Person) -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": holder.did(),
        "verifiableCredential": [document],
    })
}

/// Sets a field, given by its JSON pointer; what it is in must be there.
pub(crate) fn set(document: &mut Value, pointer: &str, value: impl Into<Value>) {
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    document.pointer_mut(parent).unwrap()[field] = value.into();
}

/// A document with one field set.
pub(crate) fn with(mut document: Value, pointer: &str, value: impl Into<Value>) -> Value {
    set(&mut document, pointer, value);
    document
}
