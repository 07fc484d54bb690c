//! The same commands on a cluster behind an RPC endpoint.

use std::fs;

use microcred_client::{Account, PROGRAM_ID, address};
use microcred_localnet::{Localnet, Options};

use crate::desk::Desk;

#[test]
fn what_works_embedded_works_on_a_cluster() {
    let localnet = Localnet::start(Options::default()).unwrap();
    let desk = Desk::at(&localnet.rpc_url());
    desk.prepare_university();
    let config = desk.json("config", &["config", "--ws", &localnet.ws_url()]);
    assert_eq!((&config["deployed"], &config["url"]), (&true.into(), &localnet.rpc_url().into()));
    let learner = desk.keypair("wallet.json");
    let credential = desk.issue(&learner);
    desk.json("change", &["registry", "accredit", &desk.qa(), &desk.uni()]);
    desk.json("change", &["suspend", &credential.to_string(), "--reason", "under-review", "-k", "key.json"]);
    let priced = ["--with-compute-unit-price", "1000", "--with-compute-unit-limit", "20000"];
    desk.json("change", &[&["revoke", &credential.to_string(), "--yes"], &priced[..]].concat());
    let shown = desk.show(&credential);
    assert_eq!((&shown["status"], &shown["achievement"]["name"]), (&"revoked".into(), &"Rust Basics".into()));
    let says = ["the authority of the registry", "Quality Agency"];
    desk.fails(&["registry", "pause", &desk.qa(), "-k", "key.json"], 1, "wrong-signer", &says);
    let poor = desk.keypair("poor.json").to_string();
    let create = ["registry", "create", "poor", "--name", "Poor", "-k", "poor.json"];
    desk.fails(&create, 1, "insufficient-funds", &[&poor, "has 0 lamports"]);
}

#[test]
fn a_cluster_without_the_program_is_told_as_such() {
    let localnet = Localnet::start(Options::default()).unwrap();
    let other = Account { lamports: 1_000_000_000, ..Account::default() };
    localnet.set_account(&PROGRAM_ID, other).unwrap();
    let desk = Desk::at(&localnet.rpc_url());
    desk.ok(&["keygen"]);
    let registry = address::registry(&desk.authority(), "qa").to_string();
    let says = ["not deployed", &localnet.rpc_url(), "--url"];
    desk.fails(&["registry", "pause", &registry], 5, "no-program", &says);
    // Also where a certain build of it is expected.
    fs::write(desk.path("microcred.toml"), include_str!("../../examples/university/microcred.toml")).unwrap();
    desk.keypair("platform");
    desk.keypair("office");
    let keys = ["--key", "course platform=platform", "--key", "examination office=office"];
    let expected = ["--yes", "--expect-program", &"0".repeat(64)];
    desk.fails(&[&["apply", "microcred.toml"], &keys[..], &expected[..]].concat(), 5, "no-program", &[]);
    let config = desk.json("config", &["config"]);
    assert_eq!(config["deployed"], false);
}
