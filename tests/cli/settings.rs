//! What is in effect: options, environment, the configuration file of the Solana tools.

use std::fs;

use microcred_client::PROGRAM_ID;
use serde_json::Value;

use crate::desk::{Desk, conforms};

fn config(desk: &Desk, arguments: &[&str]) -> Value {
    let mut command = desk.command(&[&["config", "--output", "json"], arguments].concat());
    let output = command.env_remove("MICROCRED_URL").output().unwrap();
    let answer = serde_json::from_slice(&output.stdout).unwrap();
    conforms(&answer, "config");
    answer
}

#[test]
fn the_embedded_ledger_shows_balance_and_program() {
    let desk = Desk::funded();
    let answer = desk.json("config", &["config"]);
    assert_eq!(answer["ledger"], desk.ledger().display().to_string());
    assert_eq!(answer["url"], Value::Null);
    assert_eq!(answer["address"], desk.authority().to_string());
    assert_eq!(answer["balance_lamports"], 100_000_000_000_u64);
    assert_eq!((&answer["deployed"], &answer["program"]), (&Value::Bool(true), &PROGRAM_ID.to_string().into()));
    assert_eq!(answer["problems"], Value::Array(Vec::new()));
    let text = desk.ok(&["config"]);
    assert!(text.contains("balance           100 SOL") && text.contains("deployed          yes"), "{text}");
    assert!(!text.contains('\u{1b}'), "colours are for terminals");
}

#[test]
fn options_come_before_the_configuration_file_and_that_before_defaults() {
    let desk = Desk::empty();
    desk.keypair("other.json");
    let file = desk.path(".config/solana/cli/config.yml");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    // Port 9 of this computer: nothing answers there, at once.
    let written = "json_rpc_url: http://127.0.0.1:9/KEY\nwebsocket_url: ws://127.0.0.1:10/KEY\nkeypair_path: other.json\ncommitment: finalized\n";
    fs::write(&file, written).unwrap();
    let embedded = config(&desk, &["--url", "e", "--commitment", "processed"]);
    assert_eq!(embedded["config"], file.display().to_string());
    assert_eq!((&embedded["url"], &embedded["commitment"]), (&Value::Null, &"processed".into()));
    assert_eq!(embedded["keypair"], "other.json");

    fs::rename(&file, desk.path("named.yml")).unwrap();
    let named = desk.json("config", &["config", "-C", "named.yml", "--ledger", "elsewhere", "-k", "other.json"]);
    assert_eq!((&named["ledger"], &named["commitment"]), (&"elsewhere".into(), &"finalized".into()));
    desk.fails(&["config", "-C", "missing.yml"], 1, "config", &["missing.yml", "--config"]);
    fs::write(desk.path("bad.yml"), "json_rpc_url: [").unwrap();
    desk.fails(&["config", "-C", "bad.yml"], 1, "config", &["bad.yml", "solana config set"]);
}

#[test]
fn wrong_urls_are_refused_and_not_repeated() {
    let desk = Desk::funded();
    for url in ["devnett", "ftp://127.0.0.1/SECRET", "127.0.0.1:8899", ""] {
        let message = desk.fails(&["config", "--url", url], 1, "usage", &["--url", "mainnet-beta", "embedded"]);
        assert!(!message.contains("SECRET"), "{message}");
    }
    desk.fails(&["config", "--url", "l", "--ws", "http://127.0.0.1"], 1, "usage", &["--ws", "ws://"]);
    desk.fails(&["config", "--url", "l", "--ledger", "x"], 1, "usage", &["--ledger", "--url embedded"]);
}

#[test]
fn a_secret_key_that_was_given_as_text_is_not_repeated() {
    let desk = Desk::empty();
    let address = desk.keypair("key.json");
    let secret = desk.read_keypair("key.json").to_base58_string();
    let output = desk.run(&["config", "--keypair", &secret]);
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8(said).unwrap();
    assert!(said.contains(&address.to_string()) && !said.contains(&secret), "{said}");
}

#[test]
fn a_new_keypair_is_its_owners_alone_and_never_overwrites() {
    let desk = Desk::empty();
    let answer = desk.json("keygen", &["keygen", "folder/new.json"]);
    assert_eq!(answer["address"], solana_signer::Signer::pubkey(&desk.read_keypair("folder/new.json")).to_string());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(desk.path("folder/new.json")).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let before = fs::read(desk.path("folder/new.json")).unwrap();
    desk.fails(&["keygen", "folder/new.json"], 1, "usage", &["folder/new.json exists", "name another file"]);
    assert_eq!(fs::read(desk.path("folder/new.json")).unwrap(), before);
    assert!(desk.ok(&["keygen"]).contains(".config/solana/id.json"));
    assert!(desk.ok(&["keygen", "-k", "in-effect.json"]).contains("in-effect.json"));
}

#[test]
fn no_file_is_named_after_a_signer_that_is_none() {
    let desk = Desk::empty();
    let address = desk.keypair("key.json").to_string();
    let secret = desk.read_keypair("key.json").to_base58_string();
    let before = fs::read_dir(desk.path(".")).unwrap().count();
    for signer in [secret.as_str(), &address, "prompt:", "usb://ledger", "-", "[1,2,3]"] {
        let message = desk.fails(&["keygen", "-k", signer], 1, "usage", &["is not a file", "name a file to write"]);
        assert!(!message.contains(signer) || signer == "-", "{message}");
    }
    assert_eq!(fs::read_dir(desk.path(".")).unwrap().count(), before);
}
