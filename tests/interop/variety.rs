//! Documents on which the canonical forms of different libraries could differ.

use microcred_client::document::rdf::ALIKE_LIMIT;
use serde_json::{Value, json};

use crate::documents::{CREATED, ISSUER, LEARNER, contexts, maximal, minimal, presentation, status_list, with};

const NAME: &str = "/name";
const DESCRIPTION: &str = "/credentialSubject/achievement/description";
const CREDITS: &str = "/credentialSubject/achievement/creditsAvailable";
const TAG: &str = "/credentialSubject/achievement/tag";
const ALIGNMENT: &str = "/credentialSubject/achievement/alignment";
const ACHIEVEMENT_ID: &str = "/credentialSubject/achievement/id";
const ACHIEVEMENT_TYPE: &str = "/credentialSubject/achievement/type";
const ACHIEVEMENT_IMAGE: &str = "/credentialSubject/achievement/image";
const CRITERIA: &str = "/credentialSubject/achievement/criteria";

/// A name and a document.
pub(crate) type Named = (String, Value);

/// A minimal document with one field set.
fn minimal_with(name: &str, pointer: &str, value: impl Into<Value>) -> Named {
    (name.into(), with(minimal(), pointer, value))
}

/// Credentials that somebody might issue.
pub(crate) fn credentials() -> Vec<Named> {
    let mut documents = vec![("minimal".into(), minimal()), ("maximal".into(), maximal())];
    let numbers = [json!(5), json!(0), json!(100), json!(2.5), json!(0.1), json!(12345.678), json!(0.000_012)];
    documents.extend(numbers.map(|number| minimal_with(&format!("credits {number}"), CREDITS, number)));
    let texts = [
        "\"\\\n\r\t\u{8}\u{c}",
        "\u{1}\u{1f}\u{7f}",
        "Łódź Ελλάδα Россия 日本語 العربية עברית हिन्दी",
        "𝒳 🎓 🇪🇺 👩‍🎓",
        "é e\u{301}",
        "\u{202e}gnp\u{202c} a\u{200b}b\u{feff}",
        "a\u{2028}b\u{2029}c\u{85}d",
        "",
        "  a  ",
        "<a>&amp;</a>",
    ];
    documents.extend(texts.map(|text| minimal_with(&format!("text {text:?}"), DESCRIPTION, text)));
    let dates = ["2026-03-01T00:00:00Z", "2026-03-01T00:00:00.5Z", "2026-03-01T02:00:00+02:00"];
    documents.extend(dates.map(|date| minimal_with(&format!("valid from {date}"), "/validFrom", date)));
    let alignment = || json!({ "type": ["Alignment"], "targetName": "a", "targetUrl": "https://a.example" });
    let result = || json!({ "type": ["Result"], "value": "1" });
    let named =
        |hashed| json!({ "type": "IdentityObject", "hashed": hashed, "identityHash": "A", "identityType": "name" });
    let account = "did:pkh:solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp:4uQeVj5tqViQh7yWWGStvkEG1Zmhx6uasJtWCJziofM";
    documents.extend([
        minimal_with("equal siblings", ALIGNMENT, json!(vec![alignment(); 20])),
        alike(ALIKE_LIMIT),
        minimal_with("an empty array", ALIGNMENT, json!([])),
        minimal_with("an array of one", ALIGNMENT, json!([alignment()])),
        minimal_with("no array", ALIGNMENT, alignment()),
        minimal_with("equal tags", TAG, json!(["a", "b", "a"])),
        minimal_with("equal results", "/credentialSubject/result", json!([result(), result()])),
        minimal_with("true and false", "/credentialSubject/identifier", json!([named(true), named(false)])),
        minimal_with("a subject by its account", "/credentialSubject/id", account),
    ]);
    documents
}

/// A document with so many equal nodes without `id` beside one that has none either: twice, since each neighbourhood is for itself.
pub(crate) fn alike(count: usize) -> Named {
    let alignment = json!({ "type": ["Alignment"], "targetName": "a", "targetUrl": "https://a.example" });
    let result = |value| json!({ "type": ["Result"], "value": value, "alignment": vec![&alignment; count] });
    minimal_with(&format!("{count} alike"), "/credentialSubject/result", json!([result("1"), result("2")]))
}

/// Other documents that are signed.
pub(crate) fn others() -> Vec<Named> {
    let list = status_list("https://university.example/status/1", &ISSUER);
    let two = with(presentation(&minimal(), &LEARNER), "/verifiableCredential", json!([minimal(), maximal()]));
    vec![
        ("a status list".into(), with(list, "/credentialSubject/encodedList", "uH4sIAAAA")),
        ("a presentation".into(), presentation(&minimal(), &LEARNER)),
        ("a presentation of two".into(), two),
    ]
}

/// Documents that nobody should write, and that have a canonical form all the same.
pub(crate) fn strange() -> Vec<Named> {
    let mut documents = Vec::new();
    let mut add = |name: String, pointer, value: Value| documents.push(minimal_with(&name, pointer, value));
    for id in ["xsd:thing", "Achievement:1", "_:b0", "mailto:a@b.example"] {
        add(format!("id {id:?}"), ACHIEVEMENT_ID, json!(id));
    }
    for term in ["Achievement", "xsd:float", "id", "@id", "https://schema.org/name", "_:b0"] {
        for (place, pointer) in [("text", NAME), ("tag", TAG), ("address", "/issuer/url")] {
            add(format!("{place} like the term {term:?}"), pointer, json!(term));
        }
    }
    for (name, value) in [
        ("null", json!(null)),
        ("true", json!(true)),
        ("a whole number", json!(5)),
        ("a fraction", json!(2.5)),
        ("nothing in a list", json!([null])),
        ("an object", json!({ "name": "a" })),
        ("an empty object", json!({})),
        ("in a language", json!({ "@value": "a", "@language": "de-CH" })),
        ("of a type", json!({ "@value": "a", "@type": "xsd:token" })),
        ("a thing", json!({ "@id": "https://a.example" })),
    ] {
        for pointer in [NAME, DESCRIPTION, CREDITS, TAG, CRITERIA, "/validFrom", "/evidence"] {
            add(format!("{pointer}: {name}"), pointer, value.clone());
        }
    }
    for kinds in [json!("Achievement"), json!(["ext:Course", "Achievement"]), json!(["Achievement", "Achievement"])] {
        add(format!("types {kinds}"), ACHIEVEMENT_TYPE, kinds);
    }
    let endorsement = with(minimal(), "/type", json!(["VerifiableCredential", "EndorsementCredential"]));
    let related = json!([{ "id": "https://a.example", "digestSRI": "sha384-a", "mediaType": "a/b" }]);
    let refresh = json!({ "id": "https://a.example", "type": "1EdTechCredentialRefresh" });
    for (name, pointer, value) in [
        ("a list in a list", TAG, json!([["a"], ["b"]])),
        ("an issuer that is an address only", "/issuer", json!(ISSUER.did())),
        ("two subjects", "/credentialSubject", json!([{ "type": ["AchievementSubject"] }, { "id": LEARNER.did() }])),
        ("a field twice, once under its IRI", "/https:~1~1schema.org~1name", json!("other")),
        ("terms of use", "/termsOfUse", json!([{ "type": "Profile", "id": "https://a.example" }])),
        ("an endorsement", "/endorsement", json!([endorsement])),
        ("a refresh service", "/refreshService", refresh),
        ("a digest of something related", "/relatedResource", related),
        ("contexts in another order", "/@context", json!([contexts()[0], contexts()[2], contexts()[1]])),
        ("an empty context", "/credentialSubject/@context", json!([])),
        ("a context inside", "/credentialSubject/@context", contexts()[1].clone()),
        ("a proof", "/proof", proof()),
        ("equal proofs", "/proof", json!([proof(), proof(), proof()])),
    ] {
        add(name.into(), pointer, value);
    }
    documents
}

/// A proof of nothing.
fn proof() -> Value {
    json!({
        "type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "created": CREATED,
        "proofPurpose": "assertionMethod", "verificationMethod": ISSUER.method(), "proofValue": "z1",
    })
}

/// Documents in which something has no meaning in RDF, so that a signature does not cover it.
pub(crate) fn with_something_unsigned() -> Vec<Named> {
    let mut documents = vec![
        minimal_with("an unknown term", "/unheard", "of"),
        minimal_with("a term in the wrong place", "/criteria", "none"),
        minimal_with("an unknown type", ACHIEVEMENT_TYPE, json!(["Unheard"])),
        minimal_with("no type", ACHIEVEMENT_TYPE, json!([])),
        minimal_with("the first context only", "/@context", contexts()[0].clone()),
        minimal_with("a text for evidence", "/evidence", json!(["a"])),
    ];
    for relative in ["relative/1", "Profile", "id", "https://a.example/ü b", ""] {
        documents.push(minimal_with(&format!("id {relative:?}"), ACHIEVEMENT_ID, relative));
        documents.push(minimal_with(
            &format!("image {relative:?}"),
            ACHIEVEMENT_IMAGE,
            json!({ "id": relative, "type": "Image" }),
        ));
    }
    documents
}

/// Documents whose canonical form depends on the library, beside why.
pub(crate) fn ambiguous() -> Vec<(Named, &'static str)> {
    let exponential = "jsonld writes small numbers without a point as whole ones";
    let digits = "jsonld writes 16 digits of a fraction, as the standard says, and oxjsonld all";
    let direction = "the cryptosuite of Digital Bazaar keeps the direction of a text, and oxjsonld drops it";
    let types = "oxjsonld knows the terms of one of several types only";
    let directed = json!({ "@value": "a", "@language": "ar", "@direction": "rtl" });
    vec![
        (minimal_with("1e-7 credits", CREDITS, json!(1e-7)), exponential),
        (minimal_with("0.30000000000000004 credits", CREDITS, json!(0.1 + 0.2)), digits),
        (minimal_with("a direction", NAME, directed), direction),
        (minimal_with("types that have terms", ACHIEVEMENT_TYPE, json!(["Achievement", "Profile"])), types),
    ]
}
