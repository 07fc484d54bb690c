//! Words that mean the same to those who read RDF, and something else to those who read JSON; and words that nobody signed.

use super::*;

const STATUS: &str = "/credentialStatus";
const CONTEXT: &str = "https://www.w3.org/ns/credentials/v2";
const BADGES: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
const EXTENSIONS: &str = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json";

#[test]
fn a_status_cannot_be_hidden_behind_another_name() {
    let rekeyed = |name: &str| text(&altered(|document| rename(document, STATUS, name)));
    let (unreadable, malformed) = (Kind::Unreadable, Verdict::Malformed);
    let mut rows: Vec<_> = [
        "https://www.w3.org/2018/credentials#credentialStatus",
        "cred:credentialStatus",
        "@included",
        "@reverse",
        "@nest",
        "@graph",
        "x@y",
    ]
    .into_iter()
    .map(|name| row(name, rekeyed(name), malformed, unreadable))
    .collect();
    for name in
        ["status", "credentialstatus", "credentialStatus ", "\u{441}redentialStatus", "", "credentialStatus\u{200b}"]
    {
        rows.push(row(format!("as {name:?}"), rekeyed(name), malformed, Kind::BadForm));
        rows.push(row(format!("as {name:?}, not signed"), rekeyed(name), malformed, Kind::BadProof));
    }
    let spelled = |from: &str, to: &str| {
        let document = text(&good());
        assert!(document.contains(from), "{from}");
        document.replace(from, to)
    };
    rows.extend([
        row("escaped keyword", spelled("\"credentialStatus\"", r#""\u0040included""#), malformed, unreadable),
        row(
            "escaped IRI",
            spelled("\"credentialStatus\"", r#""https\u003a//www.w3.org/2018/credentials#credentialStatus""#),
            malformed,
            unreadable,
        ),
        harmless("escaped letter", spelled("\"credentialStatus\"", r#""credential\u0053tatus""#)),
        row(
            "inline context that renames it",
            text(&with_context(
                json!([CONTEXT, BADGES, EXTENSIONS, {"s": "https://www.w3.org/2018/credentials#credentialStatus"}]),
                "s",
            )),
            malformed,
            unreadable,
        ),
        row("null", text(&altered(|document| document["credentialStatus"] = Value::Null)), malformed, Kind::BadForm),
        row(
            "none in a list",
            text(&altered(|document| document["credentialStatus"] = json!([]))),
            malformed,
            Kind::BadForm,
        ),
        row(
            "two",
            text(&altered(|document| {
                document["credentialStatus"] = json!([document["credentialStatus"], document["credentialStatus"]])
            })),
            malformed,
            Kind::BadForm,
        ),
        row("removed", text(&altered(|document| drop(remove(document, STATUS)))), Verdict::NotProven, Kind::BadProof),
        row(
            "for another purpose",
            text(&altered(|document| document["credentialStatus"]["statusPurpose"] = json!("message"))),
            Verdict::Malformed,
            Kind::BadProof,
        ),
        row(
            "another place",
            text(&altered(|document| document["credentialStatus"]["statusListIndex"] = json!("1"))),
            Verdict::NotProven,
            Kind::BadProof,
        ),
        row(
            "a node that stands for the document",
            text(&altered(|document| {
                let status = remove(document, STATUS);
                document["evidence"][0] =
                    json!({"id": document["id"], "type": ["Evidence"], "credentialStatus": status});
            })),
            malformed,
            Kind::BadForm,
        ),
    ]);
    assert_answers(rows);
}

fn with_context(context: Value, name: &str) -> Value {
    altered(|document| {
        rename(document, STATUS, name);
        document["@context"] = context;
    })
}

#[test]
fn contexts_are_the_known_ones_in_their_order() {
    let vocab = json!({"@vocab": "https://attacker.example/"});
    let mut rows = Vec::new();
    for (name, context) in [
        ("inline", json!([CONTEXT, BADGES, EXTENSIONS, {"grade": "https://attacker.example/grade"}])),
        ("inline vocabulary", json!([CONTEXT, BADGES, EXTENSIONS, vocab])),
        ("inline alone", vocab),
        ("null", Value::Null),
        ("null in the list", json!([CONTEXT, null])),
        ("list in the list", json!([[CONTEXT, BADGES]])),
        ("none in the list", json!([])),
    ] {
        rows.push(row(
            name,
            text(&altered(|document| document["@context"] = context)),
            Verdict::Malformed,
            Kind::Unreadable,
        ));
    }
    for (name, context) in [
        ("unknown", json!([CONTEXT, BADGES, "https://attacker.example/context.json"])),
        ("other order", json!([CONTEXT, EXTENSIONS, BADGES])),
        ("last first", json!([EXTENSIONS, BADGES, CONTEXT])),
        ("duplicated", json!([CONTEXT, BADGES, BADGES, EXTENSIONS])),
        ("one dropped, whose terms then are not signed", json!([CONTEXT, BADGES])),
        ("the first alone", json!(CONTEXT)),
        ("of the first version", json!(["https://www.w3.org/2018/credentials/v1", BADGES, EXTENSIONS])),
        ("with a fragment", json!([format!("{CONTEXT}#"), BADGES, EXTENSIONS])),
        ("relative", json!([CONTEXT, BADGES, "extensions.json"])),
        ("in capitals", json!([CONTEXT, BADGES.to_uppercase(), EXTENSIONS])),
        ("local file", json!([CONTEXT, BADGES, "file:///etc/passwd"])),
    ] {
        rows.push(row(
            name,
            text(&altered(|document| document["@context"] = context.clone())),
            Verdict::Malformed,
            Kind::BadForm,
        ));
        // Even where the attacker is the issuer.
        let mut document = good();
        remove(&mut document, "/proof");
        document["@context"] = context;
        let options = Options::assertion(now());
        if proof::sign(&mut document, Cryptosuite::EddsaRdfc2022, &options, &issuer()).is_ok() {
            rows.push(row(format!("{name}, signed"), text(&document), Verdict::Malformed, Kind::BadForm));
        }
    }
    let nodes = objects(&good());
    for node in nodes.iter().filter(|node| !node.is_empty()) {
        for context in [json!(CONTEXT), json!([CONTEXT, BADGES, EXTENSIONS]), json!(["https://attacker.example"])] {
            let document = altered(|document| document.pointer_mut(node).unwrap()["@context"] = context);
            rows.push(row(format!("in {node}"), text(&document), Verdict::Malformed, Kind::BadForm));
        }
    }
    assert_answers(rows);
}

/// Pointers to all objects.
fn objects(value: &Value) -> Vec<String> {
    fn collect(value: &Value, path: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                found.push(path.into());
                fields.iter().for_each(|(name, value)| collect(value, &format!("{path}/{name}"), found));
            }
            Value::Array(values) => {
                values.iter().enumerate().for_each(|(place, value)| collect(value, &format!("{path}/{place}"), found));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    collect(value, "", &mut found);
    found
}

/// The trap: to RDF such a word is nothing, so that the proof still fits.
#[test]
fn a_word_that_nobody_defined_is_refused_wherever_it_stands() {
    let document = good();
    let nodes = objects(&document);
    assert!(nodes.len() > 15, "{nodes:?}");
    let (mut rows, mut unsigned) = (Vec::new(), 0);
    for node in &nodes {
        for (word, value) in [
            ("honours", json!("summa cum laude")),
            ("Name", json!("Mallory")),
            ("__proto__", json!({"name": "Mallory"})),
            ("vc", json!({"type": ["VerifiableCredential"]})),
            ("language", json!("en")),
        ] {
            let changed = altered(|document| document.pointer_mut(node).unwrap()[word] = value.clone());
            unsigned += usize::from(check(text(&changed).as_bytes()).signed.is_some());
            rows.push(row(format!("{node}/{word}"), text(&changed), Verdict::Malformed, Kind::BadForm));
        }
    }
    assert!(unsigned > 50, "{unsigned}");
    assert_answers(rows);
}

#[test]
fn a_word_is_not_moved_to_another_node_of_the_same_identifier() {
    let issuer_id = good()["issuer"]["id"].clone();
    let creator = json!({"id": issuer_id, "type": ["Profile"], "name": "University of Somewhere"});
    let twofold = signed_by(&issuer(), |document| document["credentialSubject"]["achievement"]["creator"] = creator);
    let mut moved = twofold.clone();
    remove(&mut moved, "/issuer/name");
    let report = check(text(&moved).as_bytes());
    assert!(report.signed.is_some(), "no trap any more: {report:#?}");
    let learner_is_issuer = altered(|document| document["credentialSubject"]["id"] = document["issuer"]["id"].clone());
    let one_for_all = signed_by(&issuer(), |document| {
        let id = document["id"].clone();
        document["credentialSubject"]["achievement"]["id"] = id;
    });
    assert_answers([
        harmless("two nodes that say the same", text(&twofold)),
        row("name moved", text(&moved), Verdict::Malformed, Kind::BadForm),
        row("learner of the issuer's identifier", text(&learner_is_issuer), Verdict::Malformed, Kind::BadForm),
        row("achievement of the document's identifier", text(&one_for_all), Verdict::Malformed, Kind::BadForm),
    ]);
}
