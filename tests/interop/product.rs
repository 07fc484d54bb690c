//! What the binary writes, as others read it: documents, presentations, and status lists in both published forms.

use std::fs;

use jiff::{SignedDuration, Timestamp};
use microcred_client::document::{
    checking::Verdict,
    presentation::{self, Asked, MAX_AGE, Wanted},
    status_list::{Bits, Unsigned},
};
use serde_json::{Map, Value, json};
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::{
    documents::{ISSUER, Person, STRANGER, set},
    files::assert_accepted,
    here,
    official::complaints,
    stack::{Case, Stack, core, core_error},
    tampering,
    university::{Issued, University},
};

const RUST: &str = "rust-for-systems";

/// All that documents can say of a learner.
const PERSONAL: [&str; 8] = [
    "--name",
    "Zoë Nuñez 山田",
    "--email",
    "zoe@learner.example",
    "--student-number",
    "2026-0042",
    "--grade",
    "17 / 20",
];

/// The lists at their addresses, in the form that both verifiers read.
fn at_addresses(lists: &[(String, Value, String)]) -> Map<String, Value> {
    lists.iter().map(|(url, list, _)| (url.clone(), list.clone())).collect()
}

#[test]
fn every_kind_of_document_is_accepted_and_follows_the_official_schema() {
    let Some(stack) = Stack::ready() else { return };
    let university = University::new();
    let issued = university.issue_to_learner(RUST, &PERSONAL);
    let renewed = university.renew(&issued, &["--grade", "18 / 20", "--name", "Zoë Nuñez-山田"]);
    assert_ne!(renewed.document["credentialSubject"]["result"], issued.document["credentialSubject"]["result"]);
    let private = university.issue_privately(RUST, &PERSONAL);
    assert_eq!(private.document["credentialSubject"]["identifier"][3]["hashed"], true);
    // It awaits the learner's acceptance, and has a definition with fewer fields.
    university.issue_to_learner("peer-mentor", &[]);
    university.issue(RUST, &["--csv", "learners.csv"]);
    let wallets = [(); 4].map(|()| Keypair::new().pubkey());
    let rows = format!(
        "wallet,name,email,student_number,grade,expires_at\n\
         {},Łukasz “Lu” Żak,lz@learner.example,7,\"sehr gut (1,0)\",2040-12-31\n\
         {},<b>O'Neill</b> &amp; \\n,,,A+,0\n\
         {},אבי كريم 김,,,,\n\
         {},,,,,\n",
        wallets[0], wallets[1], wallets[2], wallets[3],
    );
    fs::write(university.path("class.csv"), rows).unwrap();
    university.issue(RUST, &["--csv", "class.csv"]);

    let folder = university.path("documents");
    let lists = at_addresses(&university.published_lists());
    assert_eq!(assert_accepted(&stack, &folder, &lists), 4 + 60 + wallets.len());
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        assert_eq!(complaints(&serde_json::from_slice(&bytes).unwrap()), [""; 0], "{}", path.display());
        assert_eq!(here::receipt(&bytes, &Map::new()).verdict, Verdict::NotCheckedOnChain, "{}", path.display());
    }
}

#[test]
fn a_document_that_was_changed_is_refused() {
    let Some(stack) = Stack::ready() else { return };
    let university = University::new();
    let document = university.issue_to_learner(RUST, &PERSONAL).document;
    tampering::assert_all(&stack, &document, "by the binary");

    // What the documents of the tests' own making do not have.
    let private = university.issue_privately(RUST, &["--grade", "A"]);
    let renewed = university.renew(&private, &[]).document;
    let lists = at_addresses(&university.published_lists());
    let rows = [
        ("/credentialSubject/identifier/0/salt", json!("00".repeat(32))),
        ("/credentialSubject/identifier/0/identityHash", json!(format!("sha256${}", "00".repeat(32)))),
        ("/credentialSubject/achievement/criteria/narrative", json!("None")),
        ("/credentialSubject/achievement/alignment/0/targetUrl", json!("http://data.europa.eu/snb/eqf/8")),
        ("/credentialSubject/achievement/id", json!("https://attacker.example/rust")),
        ("/credentialSubject/achievement/achievementType", json!("Degree")),
        ("/credentialSubject/creditsEarned", json!(30)),
        ("/credentialSubject/result/0/value", json!("A+")),
        ("/issuer/otherIdentifier/1/identifier", json!("solana:embedded:11111111111111111111111111111111")),
        ("/issuer/address/addressCountryCode", json!("CH")),
        ("/awardedDate", json!("2020-01-01T00:00:00Z")),
        ("/credentialStatus/statusListCredential", json!("https://attacker.example/status/0")),
    ];
    let cases = rows.map(|(pointer, value)| {
        let mut changed = renewed.clone();
        assert!(changed.pointer(pointer).is_some(), "{pointer}");
        set(&mut changed, pointer, value);
        assert_eq!(here::verdict(&changed), Verdict::NotProven, "{pointer}");
        (pointer.to_owned(), Case::from(&changed), Err("Invalid signature."), core_error("invalid_signature"))
    });
    stack.assert(cases.into(), &lists);
}

/// What both verifiers say of credentials by the lists that are published.
fn assert_statuses(stack: &Stack, lists: &Map<String, Value>, statuses: &[(&Issued, bool)]) {
    let cases = statuses.iter().map(|(issued, revoked)| {
        let (bazaar, said) = if *revoked { (Err("revoked"), "revoked") } else { (Ok(()), "not revoked") };
        (issued.credential.clone(), Case::from(&issued.document), bazaar, core(&[("revocation", said)]))
    });
    stack.assert(cases.collect(), lists);
}

#[test]
fn a_revocation_on_chain_is_seen_in_the_published_lists() {
    let Some(stack) = Stack::ready() else { return };
    let university = University::new();
    let revoked = university.issue_to_learner(RUST, &PERSONAL);
    let other = university.issue_to_learner("peer-mentor", &[]);
    assert_statuses(&stack, &at_addresses(&university.published_lists()), &[(&revoked, false), (&other, false)]);
    university.run(&["revoke", &revoked.credential, "-k", "examination-office.json", "--yes"]);
    let lists = university.published_lists();
    assert_statuses(&stack, &at_addresses(&lists), &[(&revoked, true), (&other, false)]);

    let tokens: Vec<_> = lists.iter().map(|(.., token)| (token.as_str(), ISSUER.did())).collect();
    for ((url, list, _), read) in lists.iter().zip(stack.tokens(&tokens)) {
        let [header, mut payload] = read.unwrap_or_else(|error| panic!("{url}: {error}"));
        assert_eq!(header, json!({ "alg": "EdDSA", "cty": "vc", "kid": ISSUER.method(), "typ": "vc+jwt" }), "{url}");
        let claims = payload.as_object_mut().unwrap();
        let until: Timestamp = list["validUntil"].as_str().unwrap().parse().unwrap();
        assert_eq!(claims.remove("iss"), Some(list["issuer"].clone()), "{url}");
        assert_eq!(claims.remove("exp"), Some(until.as_second().into()), "{url}");
        let mut unproven = list.clone();
        unproven.as_object_mut().unwrap().remove("proof");
        assert_eq!(payload, unproven, "{url}");
    }
}

#[test]
fn a_token_that_was_changed_or_has_ended_is_refused() {
    let Some(stack) = Stack::ready() else { return };
    let now = Timestamp::now();
    let signed = |until: Timestamp, by: &Person| {
        let url = "https://university.example/credentials/status/0".into();
        let list = Unsigned { url, signed: now, valid_from: now, valid_until: until, bits: Bits::default() };
        list.sign(&by.keypair()).unwrap().jwt
    };
    let (good, other) = (signed(now + SignedDuration::from_hours(1), &ISSUER), signed(now, &STRANGER));
    let part = |token: &str, place: usize| token.split('.').nth(place).unwrap().to_owned();
    let joined = |header: &str, payload: &str| [part(header, 0), part(payload, 1), part(&good, 2)].join(".");
    let rows = [
        ("as published", good.clone(), ISSUER.did(), Ok(())),
        ("another payload", joined(&good, &other), ISSUER.did(), Err("signature verification failed")),
        ("another key", joined(&other, &good), ISSUER.did(), Err("signature verification failed")),
        ("of somebody else", good.clone(), STRANGER.did(), Err("unexpected \"iss\" claim value")),
        ("ended", signed(now, &ISSUER), ISSUER.did(), Err("\"exp\" claim timestamp check failed")),
    ];
    let tokens: Vec<_> = rows.iter().map(|(_, token, issuer, _)| (token.as_str(), issuer.clone())).collect();
    for ((name, .., expected), read) in rows.iter().zip(stack.tokens(&tokens)) {
        assert_eq!(read.as_ref().map(|_| ()).map_err(String::as_str), *expected, "{name}");
    }
}

#[test]
fn a_presentation_is_accepted_where_it_was_asked_for_only() {
    let Some(stack) = Stack::ready() else { return };
    let university = University::new();
    let file = university.issue_to_learner("peer-mentor", &[]).file;
    let lists = at_addresses(&university.published_lists());
    let (challenge, domain) = ("8ZeJ3vWQyB1xkSzoq3X1nJ7Cq3sS7wXg", "employer.example");
    let asked = ["--challenge", challenge, "--domain", domain, "-k", "learner.json", "--output", "json"];
    let shown = university.run(&[&["present", file.to_str().unwrap()], &asked[..]].concat());
    let shown: Value = serde_json::from_str(&shown).unwrap();
    let wanted = Wanted { asked: Asked::Challenge { challenge, domain }, now: Timestamp::now(), max_age: MAX_AGE };
    presentation::check(&shown, &wanted).unwrap();
    let rows = [
        ((challenge, domain), Ok(())),
        (("another", domain), Err("challenge is not as expected")),
        ((challenge, "attacker.example"), Err("domain is not as expected")),
    ];
    // That verifier-core reads presentations for another purpose is tested elsewhere.
    let cases = rows.map(|(asked, bazaar)| {
        let case = Case { asked: Some(asked), ..Case::from(&shown) };
        (format!("{asked:?}"), case, bazaar, json!({ "presentation": "invalid", "credentials": [core(&[])] }))
    });
    stack.assert(cases.into(), &lists);
}
