//! The DID document of an issuer's web site.

use microcred_client::{
    Address,
    document::{
        did::{Chain, ChainAccount, did_key, multikey},
        did_web::{DidWeb, DidWebError, document, methods},
    },
    state::{IssuerKey, UNLIMITED, key_flags, permission},
};
use serde_json::{Value, json};

const NOW: i64 = 1_800_000_000;

const fn address(number: u8) -> Address {
    Address::new_from_array([number; 32])
}

/// A key that may do everything, without end.
fn key(index: u16, number: u8) -> IssuerKey {
    IssuerKey {
        version: 1,
        bump: 255,
        index,
        permissions: permission::ALL,
        flags: 0,
        issuer: address(100),
        key: address(number),
        scope: Address::default(),
        valid_from: NOW - 10,
        valid_until: 0,
        compromised_at: 0,
        quota: UNLIMITED,
        used: 0,
        changed_at: NOW - 10,
        reserved_160: [0; 16],
    }
}

fn retired(key: IssuerKey, at: i64) -> IssuerKey {
    IssuerKey { flags: key_flags::RETIRED, changed_at: at, ..key }
}

fn of(keys: &[IssuerKey]) -> Result<Value, DidWebError> {
    let place: DidWeb = "university.example:8443/issuer".parse().unwrap();
    let issuer = ChainAccount { chain: Chain::embedded(), address: address(100) };
    document(&place, &issuer, &methods(keys, NOW))
}

#[test]
fn every_key_that_signs_documents_is_named_with_its_end() {
    let did = "did:web:university.example%3A8443:issuer";
    let method = |number: u8| {
        let multikey = multikey(&address(number));
        json!({"id": format!("{did}#{multikey}"), "type": "Multikey", "controller": did, "publicKeyMultibase": multikey})
    };
    let with = |mut method: Value, name: &str, time: &str| {
        method[name] = time.into();
        method
    };
    let keys = [
        key(0, 1),
        IssuerKey { valid_until: NOW + 1, ..key(1, 2) },
        IssuerKey { valid_until: NOW, ..key(2, 3) },
        retired(key(3, 4), NOW - 5),
        IssuerKey { valid_from: NOW + 1, ..key(4, 5) },
        IssuerKey { scope: address(9), ..key(5, 6) },
        IssuerKey { permissions: permission::ALL & !permission::ASSERT, ..key(6, 7) },
        IssuerKey { compromised_at: NOW - 5, ..retired(key(7, 8), NOW - 5) },
    ];
    let methods = [
        method(1),
        with(method(2), "expires", "2027-01-15T08:00:01Z"),
        with(method(3), "expires", "2027-01-15T08:00:00Z"),
        with(method(4), "revoked", "2027-01-15T07:59:55Z"),
        method(5),
        method(6),
    ];
    let expected = json!({
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "alsoKnownAs": (1..=6).map(|number| did_key(&address(number))).collect::<Vec<_>>(),
        "verificationMethod": methods,
        "assertionMethod": [&methods[0]["id"], &methods[1]["id"]],
        "service": [{
            "id": format!("{did}#issuer"),
            "type": "SolanaIssuerAccount",
            "serviceEndpoint": format!("solana:embedded:{}", address(100)),
        }],
    });
    assert_eq!(of(&keys).unwrap(), expected);
}

#[test]
fn a_key_that_was_added_twice_is_named_once() {
    let ended = retired(IssuerKey { valid_until: NOW + 5, ..key(0, 1) }, NOW - 5);
    for (again, end, in_force) in [
        (key(1, 1), json!([null, null]), 1),
        (IssuerKey { valid_until: NOW + 9, ..key(1, 1) }, json!(["2027-01-15T08:00:09Z", null]), 1),
        (IssuerKey { valid_until: NOW - 6, ..key(1, 1) }, json!(["2027-01-15T08:00:05Z", "2027-01-15T07:59:55Z"]), 0),
        (retired(key(1, 1), NOW - 1), json!([null, "2027-01-15T07:59:59Z"]), 0),
    ] {
        for keys in [[ended, again], [again, ended]] {
            let document = of(&keys).unwrap();
            let methods = document["verificationMethod"].as_array().unwrap();
            assert_eq!(methods.len(), 1);
            assert_eq!(json!([methods[0]["expires"], methods[0]["revoked"]]), end);
            assert_eq!(document["assertionMethod"].as_array().unwrap().len(), in_force);
        }
    }
    // Whoever may hold a key may hold it under every index.
    let compromised = IssuerKey { compromised_at: NOW, ..retired(key(1, 1), NOW) };
    assert_eq!(of(&[key(0, 1), compromised]), Err(DidWebError::NoKey));
    let other = IssuerKey { permissions: permission::ISSUE, ..compromised };
    assert_eq!(of(&[key(0, 1), other]), Err(DidWebError::NoKey));
    assert_eq!(of(&[]), Err(DidWebError::NoKey));
}
