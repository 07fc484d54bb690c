//! Signing in several places, with recent blockhashes and durable nonces.

use microcred_client::{Address, ledger::Embedded, ledger::Ledger};
use serde_json::Value;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::desk::Desk;

/// Which `--signer` arguments the signatures of an answer make.
fn presigned(answer: &Value) -> Vec<String> {
    let signers = answer["signers"].as_array().unwrap();
    signers.iter().flat_map(|signer| ["--signer".to_owned(), signer.as_str().unwrap().to_owned()]).collect()
}

/// A university whose fee payer is someone else, and what pausing it takes on the command line.
fn with_payer() -> (Desk, Vec<String>) {
    let desk = Desk::university();
    desk.keypair("payer.json");
    desk.ok(&["fund", "1", "payer.json"]);
    let pause = ["registry".to_owned(), "pause".to_owned(), desk.qa()];
    (desk, pause.to_vec())
}

fn words<'a>(parts: &'a [&'a [String]]) -> Vec<&'a str> {
    parts.iter().flat_map(|part| part.iter().map(String::as_str)).collect()
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Two parties sign apart, a third sends.
fn sign_apart(desk: &Desk, pause: &[String], at: &[String]) {
    let (payer, authority) = (desk.read_keypair("payer.json").pubkey().to_string(), desk.authority().to_string());
    let sign = owned(&["--sign-only", "--dump-transaction-message"]);
    let by_payer = owned(&["-k", &authority, "--fee-payer", "payer.json"]);
    let first = desk.json("sign-only", &words(&[pause, at, &sign, &by_payer]));
    assert_eq!(first["absent"], serde_json::json!([authority]));
    let by_authority = owned(&["--fee-payer", &payer]);
    let second = desk.json("sign-only", &words(&[pause, at, &sign, &by_authority]));
    assert_eq!((&first["message"], &second["absent"]), (&second["message"], &serde_json::json!([payer])));

    let nobody = owned(&["-k", &authority, "--fee-payer", &payer]);
    let says = ["lacks the signature of", &authority, "--signer"];
    desk.fails(&words(&[pause, at, &nobody, &presigned(&first)]), 1, "signatures", &says);
    let all = words(&[pause, at, &nobody, &presigned(&first), &presigned(&second)]).join(" ");
    let all: Vec<&str> = all.split(' ').collect();
    let change = desk.json("change", &all);
    assert_eq!(change["action"], "registry pause");
}

#[tokio::test]
async fn two_parties_sign_apart_with_a_recent_blockhash() {
    let (desk, pause) = with_payer();
    let blockhash = Embedded::open(&desk.ledger()).unwrap().lifetime().await.unwrap().blockhash.to_string();
    sign_apart(&desk, &pause, &owned(&["--blockhash", &blockhash]));
    assert_eq!(desk.show(&microcred_client::address::registry(&desk.authority(), "qa"))["status"], "paused");
}

/// Creates a nonce account of the authority's and gives its address and value.
fn nonce(desk: &Desk) -> (Address, String) {
    let mut ledger = Embedded::open(&desk.ledger()).unwrap();
    let (payer, nonce) = (desk.read_keypair(".config/solana/id.json"), Keypair::new());
    let lamports = ledger.rent_minimum(80);
    let create = solana_system_interface::instruction::create_nonce_account(
        &payer.pubkey(),
        &nonce.pubkey(),
        &payer.pubkey(),
        lamports,
    );
    ledger.send(&create, &payer, &[&nonce]).unwrap();
    (nonce.pubkey(), value(&ledger, &nonce.pubkey()))
}

/// The value stands at 40, after version, state and authority.
fn value(ledger: &Embedded, nonce: &Address) -> String {
    let data = ledger.account(nonce).unwrap().data;
    Address::new_from_array(data[40..72].try_into().unwrap()).to_string()
}

#[test]
fn two_parties_sign_apart_with_a_durable_nonce() {
    let (desk, pause) = with_payer();
    let (account, value) = nonce(&desk);
    // Blockhashes pass; the nonce stays.
    desk.ok(&["registry", "set-uri", &desk.qa(), "https://one"]);
    desk.ok(&["registry", "set-uri", &desk.qa(), "https://two"]);
    sign_apart(&desk, &pause, &owned(&["--blockhash", &value, "--nonce", &account.to_string()]));
    assert_eq!(desk.show(&microcred_client::address::registry(&desk.authority(), "qa"))["status"], "paused");
}

#[test]
fn a_nonce_is_read_where_its_value_is_not_given() {
    let desk = Desk::university();
    let (account, value) = nonce(&desk);
    desk.json("change", &["registry", "pause", &desk.qa(), "--nonce", &account.to_string()]);
    assert_ne!(self::value(&Embedded::open(&desk.ledger()).unwrap(), &account), value);
    let foreign = ["registry", "resume", &desk.qa(), "--nonce", &account.to_string(), "--nonce-authority", "key.json"];
    desk.fails(&foreign, 1, "wrong-signer", &[&desk.authority().to_string(), "--nonce-authority"]);
    let wrong = ["registry", "resume", &desk.qa(), "--nonce", &desk.authority().to_string()];
    desk.fails(&wrong, 1, "nonce", &["cannot serve as a nonce"]);
}

#[test]
fn signing_only_reads_nothing_and_says_what_it_needs() {
    let desk = Desk::empty();
    desk.ok(&["keygen"]);
    let key = desk.keypair("key.json").to_string();
    let (qa, uni, rust) = (desk.qa(), desk.uni(), desk.rust());
    let hash = key.as_str();
    for (command, needs) in [
        (&["registry", "accredit", &qa, &uni][..], "--from"),
        (&["registry", "confirm", &qa, &uni], "--profile-revision"),
        (&["issuer", "update-profile", &uni, "--name", "X"], "--home-page"),
        (&["key", "add", &uni, &key, "--permissions", "issue"], "--index"),
        (&["key", "mark-compromised", &uni, "0", "--yes"], "--since"),
        (&["achievement", "edit", &rust], "--title"),
        (&["achievement", "pause", hash], "ISSUER/CODE"),
        (&["issue", "--achievement", &rust, "--subject", &key], "--status-index"),
        (&["revoke", "--achievement", &rust, "--subject", &key, "--yes"], "--sequence"),
        (&["revoke", hash, "--yes"], "--issuer"),
        (&["renew", hash, "--issuer", &uni], "--achievement"),
        (&["issuer", "withdraw-excess", hash], "--sign-only does not read"),
    ] {
        let output = desk.run(&[command, &["--sign-only", "--blockhash", hash]].concat());
        let said = crate::desk::text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{command:?}: {said}");
        assert!(said.contains(needs), "{command:?}: {said}");
    }
    for command in [
        &["registry", "create", "qa", "--name", "Q"][..],
        &["registry", "accredit", &qa, &uni, "--from", "2026-01-01", "--profile-revision", "0"],
        &["issuer", "retire", &uni, "--yes"],
        &["key", "retire", &uni, "0", "--yes"],
        &["achievement", "pause", &rust],
        &[
            "issue",
            "--achievement",
            &rust,
            "--subject",
            &key,
            "--status-index",
            "1",
            "--sequence",
            "0",
            "--key-index",
            "0",
        ],
        &["suspend", "--achievement", &rust, "--subject", &key, "--sequence", "0", "--key-index", "3"],
        &["revoke", hash, "--issuer", &uni, "--yes"],
        &["accept", hash],
        &["erase", hash, "--as-learner", "--yes"],
    ] {
        desk.json("sign-only", &[command, &["--sign-only", "--blockhash", hash]].concat());
    }
    assert!(!desk.ledger().exists(), "the ledger was opened");
}

#[test]
fn a_signature_of_something_else_is_refused() {
    let (desk, pause) = with_payer();
    let blockhash = desk.authority().to_string();
    let at = owned(&["--blockhash", &blockhash]);
    let sign = owned(&["--sign-only", "--fee-payer", "payer.json"]);
    let made = presigned(&desk.json("sign-only", &words(&[&pause, &at, &sign])));
    let resume = owned(&["registry", "resume", &desk.qa()]);
    desk.fails(&words(&[&resume, &at, &made]), 1, "signatures", &["is none of its signers"]);
    let paid = owned(&["--fee-payer", &desk.read_keypair("payer.json").pubkey().to_string()]);
    let says = ["the signature of", "is not of this message"];
    desk.fails(&words(&[&resume, &at, &paid, &made]), 1, "signatures", &says);
    desk.fails(
        &["registry", "resume", &desk.qa(), "--blockhash", &blockhash, "--signer", "x=y"],
        1,
        "usage",
        &["no signature"],
    );
}
