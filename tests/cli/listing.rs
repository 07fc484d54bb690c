//! `list`: what there is, by every filter, in every form.

use microcred_client::address;
use serde_json::Value;

use crate::desk::{Desk, conforms};

/// What is listed: the same in JSON, as addresses, as a count and as a table.
#[track_caller]
fn listed(desk: &Desk, arguments: &[&str]) -> Vec<Value> {
    let arguments = [&["list"], arguments].concat();
    let answer = desk.json("list", &arguments);
    let accounts = answer.as_array().unwrap().clone();
    accounts.iter().for_each(|account| conforms(account, "show"));
    let addresses: Vec<_> = accounts.iter().map(|account| account["address"].clone()).collect();
    assert_eq!(desk.json("list", &[&arguments[..], &["--addresses-only"]].concat()), Value::from(addresses.clone()));
    assert_eq!(desk.json("list", &[&arguments[..], &["--count"]].concat())["count"], accounts.len());
    let table = desk.ok(&arguments);
    let first: Vec<_> =
        table.lines().skip(1).map(|line| Value::from(line.split_whitespace().next().unwrap())).collect();
    assert_eq!(first, addresses, "{table}");
    accounts
}

#[test]
fn credentials_are_listed_by_every_filter() {
    let desk = Desk::university();
    let wallets = ["a.json", "b.json"].map(|name| desk.keypair(name));
    let [first, second] = wallets.map(|wallet| desk.issue(&wallet).to_string());
    desk.ok(&["revoke", &second, "--yes"]);
    let whose = wallets[0].to_string();
    for (filter, expected) in [
        (&[][..], vec![&first, &second]),
        (&["--issuer", &desk.uni()], vec![&first, &second]),
        (&["--issuer", &whose], vec![]),
        (&["--achievement", &desk.rust()], vec![&first, &second]),
        (&["--subject", &whose], vec![&first]),
        (&["--status", "revoked"], vec![&second]),
        (
            &["--issuer", &desk.uni(), "--achievement", &desk.rust(), "--subject", &whose, "--status", "active"],
            vec![&first],
        ),
        (&["--subject", &whose, "--status", "revoked"], vec![]),
    ] {
        let accounts = listed(&desk, &[&["credentials"], filter].concat());
        let mut found: Vec<_> = accounts.iter().map(|account| account["address"].as_str().unwrap()).collect();
        let mut expected: Vec<_> = expected.into_iter().map(String::as_str).collect();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{filter:?}");
    }
    let account = &listed(&desk, &["credentials", "--subject", &whose])[0];
    let names = (&account["achievement"]["name"], &account["issuer"]["name"]);
    assert_eq!(names, (&"Rust Basics".into(), &"My University".into()));
    let table = desk.ok(&["list", "credentials", "--subject", &whose]);
    for part in ["ADDRESS", "STATUS", "active", "Rust Basics (", "My University (", &whose] {
        assert!(table.contains(part), "{part:?} is not in: {table}");
    }
    assert_eq!(desk.show(&first), *account, "as `show` tells it");
}

#[test]
fn the_other_kinds_are_listed_with_names() {
    let desk = Desk::university();
    desk.ok(&["registry", "accredit", &desk.qa(), &desk.uni()]);
    let authority = desk.authority().to_string();
    let registry = address::registry(&desk.authority(), "qa").to_string();
    let key = desk.read_keypair("key.json");
    let key = solana_signer::Signer::pubkey(&key).to_string();
    for (filter, address) in [
        (&["achievements"][..], desk.achievement().to_string()),
        (&["achievements", "--issuer", &desk.uni(), "--status", "active"], desk.achievement().to_string()),
        (&["keys", "--issuer", &desk.uni()], address::issuer_key(&desk.issuer(), 0).to_string()),
        (&["keys", "--key", &key], address::issuer_key(&desk.issuer(), 0).to_string()),
        (&["registries"], registry.clone()),
        (&["registries", "--authority", &authority, "--creator", &authority], registry.clone()),
        (&["issuers", "--authority", &authority], desk.issuer().to_string()),
        (
            &["accreditations", "--registry", &desk.qa(), "--issuer", &desk.uni(), "--status", "active"],
            address::accreditation(&registry.parse().unwrap(), &desk.issuer()).to_string(),
        ),
    ] {
        let accounts = listed(&desk, filter);
        assert_eq!(accounts.iter().map(|account| &account["address"]).collect::<Vec<_>>(), [&Value::from(address)]);
    }
    for filter in [
        &["achievements", "--status", "draft"][..],
        &["keys", "--key", &authority],
        &["registries", "--authority", &key],
        &["issuers", "--creator", &key],
        &["accreditations", "--status", "withdrawn"],
    ] {
        assert_eq!(desk.json("list", &[&["list"], filter].concat()), Value::Array(Vec::new()), "{filter:?}");
    }
    assert!(desk.ok(&["list", "accreditations"]).contains("Quality Agency ("));
    assert_eq!(desk.ok(&["list", "registries", "--authority", &key]), "none found\n");
}

#[test]
fn wrong_filters_are_refused() {
    let desk = Desk::funded();
    desk.fails(
        &["list", "credentials", "--status", "expired"],
        1,
        "usage",
        &["is no status; there are: pending, active"],
    );
    desk.fails(&["list", "registries", "--count", "--addresses-only"], 1, "usage", &["cannot be used with"]);
    desk.fails(&["list", "credentials", "--url", "http://127.0.0.1:1"], 5, "unreachable", &["http://127.0.0.1:1"]);
}
