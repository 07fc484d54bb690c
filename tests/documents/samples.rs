//! Documents to start from.

use serde_json::{Value, json};

pub const ISSUER: &str = "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";
pub const LEARNER: &str = "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp";

/// Nothing but what must be there.
pub fn minimal() -> Value {
    json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        "type": ["VerifiableCredential", "AchievementCredential"],
        "credentialSubject": {
            "id": LEARNER,
            "type": "AchievementSubject",
            "achievement": {
                "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc34",
                "type": "Achievement",
                "criteria": {},
                "description": "",
                "name": "Data ethics",
            },
        },
        "issuer": ISSUER,
        "validFrom": "2026-11-23T00:00:00Z",
    })
}

/// Every term of the vocabulary, and a proof that proves nothing.
pub fn maximal() -> Value {
    json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
            "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
        ],
        "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        "type": ["VerifiableCredential", "AchievementCredential"],
        "name": "Data ethics",
        "description": "A micro-credential",
        "image": image("credential"),
        "awardedDate": "2026-11-22T10:00:00Z",
        "credentialSubject": subject(),
        "issuer": issuer(),
        "validFrom": "2026-11-23T00:00:00Z",
        "validUntil": "2029-11-23T00:00:00+01:00",
        "proof": [{
            "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc50",
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-rdfc-2022",
            "created": "2026-11-23T00:00:01Z",
            "expires": "2030-11-23T00:00:01Z",
            "verificationMethod": format!("{ISSUER}#z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"),
            "proofPurpose": "assertionMethod",
            "proofValue": "z3kG",
            "challenge": "a challenge",
            "domain": "example.edu",
            "nonce": "a nonce",
        }],
        "credentialSchema": [{
            "id": "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json",
            "type": "1EdTechJsonSchemaValidator2019",
        }],
        "credentialStatus": {
            "id": "https://example.edu/status/0#94567",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "94567",
            "statusListCredential": "https://example.edu/status/0",
            "statusSize": 1,
        },
        "evidence": [{
            "id": "https://explorer.solana.com/address/McRSEVpH8874qrZeVP1JNUeGujuQHAZGfq1WCo8tWuY",
            "type": ["Evidence"],
            "narrative": "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp:McRSEVpH8874qrZeVP1JNUeGujuQHAZGfq1WCo8tWuY",
            "name": "Credential account",
            "description": "What stands on chain",
            "genre": "SolanaAccount",
            "audience": "Verifiers",
        }],
    })
}

fn subject() -> Value {
    json!({
        "id": LEARNER,
        "type": ["AchievementSubject"],
        "activityEndDate": "2026-10-31T00:00:00Z",
        "activityStartDate": "2026-09-01T00:00:00Z",
        "creditsEarned": 2.5,
        "achievement": achievement(),
        "identifier": [
            {"type": "IdentityObject", "hashed": false, "identityHash": "Ada Lovelace", "identityType": "name"},
            {
                "type": "IdentityObject",
                "hashed": true,
                "identityHash": "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399",
                "identityType": "ext:solanaSubjectCommitment",
                "salt": "00ff",
            },
        ],
        "image": image("subject"),
        "licenseNumber": "L-1",
        "narrative": "Led the group.\n\nWrote the report.",
        "result": [{
            "type": ["Result"],
            "achievedLevel": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc41",
            "alignment": [alignment("result")],
            "resultDescription": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc40",
            "status": "Completed",
            "value": "A",
        }],
        "role": "Author",
        "source": {"id": "https://example.edu/assessor", "type": ["Profile"], "name": "Assessor"},
        "term": "Autumn 2026",
    })
}

fn achievement() -> Value {
    json!({
        "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc34",
        "type": ["Achievement"],
        "alignment": [
            {
                "type": ["Alignment"],
                "targetName": "EQF 6",
                "targetUrl": "http://data.europa.eu/snb/eqf/6",
                "targetType": "ext:EQFLevel",
                "targetFramework": "EQF",
            },
            alignment("achievement"),
        ],
        "achievementType": "MicroCredential",
        "creator": {"id": "https://example.edu/faculty", "type": ["Profile"], "name": "Faculty"},
        "creditsAvailable": 3,
        "criteria": {"id": "https://example.edu/criteria", "narrative": "Assessment: written."},
        "description": "What to do and not to do.",
        "fieldOfStudy": "Ethics",
        "humanCode": "DE-101",
        "image": image("achievement"),
        "inLanguage": "en",
        "name": "Data ethics",
        "otherIdentifier": [identifier("DE101")],
        "related": [{
            "id": "https://example.edu/achievements/2",
            "type": ["Related"],
            "inLanguage": "pt-BR",
            "version": "2",
        }],
        "resultDescription": [{
            "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc40",
            "type": ["ResultDescription"],
            "alignment": [alignment("description")],
            "allowedValue": ["C", "B", "A"],
            "name": "Grade",
            "requiredLevel": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc41",
            "requiredValue": "C",
            "resultType": "LetterGrade",
            "rubricCriterionLevel": [{
                "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc41",
                "type": ["RubricCriterionLevel"],
                "alignment": [alignment("level")],
                "description": "All of it",
                "level": "1",
                "name": "Mastered",
                "points": "10",
            }],
            "valueMax": "A",
            "valueMin": "F",
        }],
        "specialization": "Privacy",
        "tag": ["data", "ethics"],
        "version": "1.0",
    })
}

fn issuer() -> Value {
    json!({
        "id": ISSUER,
        "type": ["Profile"],
        "name": "University of Somewhere",
        "url": "https://example.edu",
        "phone": "+351 1",
        "description": "A university",
        "image": image("issuer"),
        "email": "office@example.edu",
        "address": {
            "type": ["Address"],
            "addressCountry": "Portugal",
            "addressCountryCode": "PT",
            "addressRegion": "Norte",
            "addressLocality": "Porto",
            "streetAddress": "Rua 1",
            "postOfficeBoxNumber": "11",
            "postalCode": "4000-001",
            "geo": {"type": "GeoCoordinates", "latitude": 41.15, "longitude": -8.61},
        },
        "otherIdentifier": [{
            "type": "IdentifierEntry",
            "identifierType": "ext:solanaIssuerAccount",
            "identifier": "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp:McRSEVpH8874qrZeVP1JNUeGujuQHAZGfq1WCo8tWuY",
        }],
        "official": "The rector",
        "parentOrg": {"id": "https://example.edu/group", "type": ["Profile"], "name": "Group of universities"},
        "familyName": "Lovelace",
        "givenName": "Ada",
        "additionalName": "King",
        "patronymicName": "Georgevna",
        "honorificPrefix": "Dr",
        "honorificSuffix": "PhD",
        "familyNamePrefix": "of",
        "dateOfBirth": "1815-12-10",
    })
}

fn image(name: &str) -> Value {
    json!({"id": format!("https://example.edu/{name}.png"), "type": "Image", "caption": format!("Picture of {name}")})
}

fn identifier(text: &str) -> Value {
    json!({"type": "IdentifierEntry", "identifierType": "identifier", "identifier": text})
}

fn alignment(what: &str) -> Value {
    json!({
        "type": ["Alignment"],
        "targetCode": format!("code of {what}"),
        "targetDescription": format!("text of {what}"),
        "targetName": format!("name of {what}"),
        "targetFramework": "ESCO",
        "targetType": "CFItem",
        "targetUrl": format!("http://data.europa.eu/esco/skill/{what}"),
    })
}
