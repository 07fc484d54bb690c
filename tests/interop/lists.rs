//! Status lists of JavaScript, as the two verifiers and this project read them. They differ on lists of another issuer, which verifier-core
//! takes.

use jiff::Timestamp;
use microcred_client::document::{
    checking::Kind,
    status_list::{self, EntryWanted, StatusError},
};
use serde_json::{Map, Value, json};

use crate::{
    documents::{ISSUER, Person, STRANGER, foreign, set, status, status_list},
    here,
    stack::{Case, Request, Stack, core},
};

/// What stands at the address of a list.
enum There {
    /// A list that revokes these, by somebody, changed before signing and after it.
    List(&'static [u32], &'static Person, fn(&mut Value), fn(&mut Value)),
    /// Not found.
    Nothing,
    /// The address cannot be reached.
    Silence,
}

use There::{List, Nothing, Silence};

/// The index of the document in every list.
const INDEX: u32 = 94_567;

/// A name, what stands there, what @digitalbazaar/vc says, what verifier-core says of revocation, and what the bit is here.
type Row = (&'static str, There, Result<(), &'static str>, &'static str, Result<bool, &'static str>);

fn as_is(_: &mut Value) {}

/// What a list says here of the document.
fn bit(list: &Value, url: &str) -> Result<bool, StatusError> {
    let issuer = ISSUER.did();
    let wanted = EntryWanted { url, index: INDEX.into(), purpose: "revocation", issuer: &issuer };
    status_list::check(list.to_string().as_bytes(), &wanted, Timestamp::now())
}

#[test]
fn a_revocation_is_seen_and_a_list_that_is_not_good_is_no_answer() {
    let Some(stack) = Stack::ready() else { return };
    let rows: [Row; 12] = [
        ("nobody revoked", List(&[], &ISSUER, as_is, as_is), Ok(()), "not revoked", Ok(false)),
        ("neighbours revoked", List(&[INDEX - 1, INDEX + 1], &ISSUER, as_is, as_is), Ok(()), "not revoked", Ok(false)),
        ("revoked", List(&[INDEX], &ISSUER, as_is, as_is), Err("revoked"), "revoked", Ok(true)),
        (
            "a list of a stranger",
            List(&[], &STRANGER, as_is, as_is),
            Err("Issuers of the status list"),
            "not revoked",
            Err("who did not issue it cannot say"),
        ),
        (
            "a list in the issuer's name by a stranger",
            List(&[], &STRANGER, |list| set(list, "/issuer", ISSUER.did()), as_is),
            Err("must match the verification method controller"),
            "status_list_signature_error",
            Err("signed it"),
        ),
        (
            "another list's bits",
            List(&[INDEX], &ISSUER, as_is, |list| {
                let bits = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQsvoAAAAAAAAAAAAAAAAP4GcwM92tQwAAA";
                set(list, "/credentialSubject/encodedList", bits);
            }),
            Err("Verification error(s)."),
            "status_list_signature_error",
            Err("was changed after it was signed"),
        ),
        // verifier-core reads HTML entities in what it fetched, which was not signed so.
        (
            "a name that reads like HTML",
            List(&[], &ISSUER, |list| set(list, "/issuer", json!({ "id": ISSUER.did(), "name": "R&amp;D" })), as_is),
            Ok(()),
            "status_list_signature_error",
            Ok(false),
        ),
        (
            "expired",
            List(&[], &ISSUER, |list| set(list, "/validUntil", "2026-03-02T00:00:00Z"), as_is),
            Err("is after \"validUntil\""),
            "status_list_expired",
            Err("was valid until"),
        ),
        (
            "not yet valid",
            List(&[], &ISSUER, |list| set(list, "/validFrom", "2125-03-02T00:00:00Z"), as_is),
            Err("is before \"validFrom\""),
            "status_list_not_yet_valid",
            Err("is only valid from"),
        ),
        (
            "for another purpose",
            List(&[], &ISSUER, |list| set(list, "/credentialSubject/statusPurpose", "suspension"), as_is),
            Err("does not match the status purpose"),
            "status_list_error",
            Err("asks for a status list of the purpose"),
        ),
        ("not there", Nothing, Err("Could not load"), "status_list_not_found", Err("no list")),
        ("not reached", Silence, Err("Could not load"), "status_list_not_found", Err("no list")),
    ];
    let address = |row: usize| format!("https://university.example/status/revocation/{row}");
    let mut lists = Map::new();
    let mut requests = Vec::new();
    let mut places = Vec::new();
    for (row, (_, there, ..)) in rows.iter().enumerate() {
        match there {
            List(revoked, by, before, _) => {
                let mut list = status_list(&address(row), by);
                before(&mut list);
                requests.push(Request::status_list(&list, by, revoked));
                places.push(row);
            }
            Nothing => drop(lists.insert(address(row), Value::Null)),
            Silence => drop(lists.insert(address(row), json!(false))),
        }
    }
    for (row, mut list) in places.into_iter().zip(stack.sign(&requests)) {
        if let List(.., after) = &rows[row].1 {
            after(&mut list);
        }
        lists.insert(address(row), list);
    }
    let requests: Vec<_> = (0..rows.len())
        .map(|row| {
            let mut document = foreign();
            set(&mut document, "/credentialStatus", status(&address(row), INDEX));
            Request::document(&document, &ISSUER)
        })
        .collect();
    let signed = stack.sign(&requests);
    let cases = rows.iter().zip(&signed).map(|((name, _, bazaar, revocation, here), document)| {
        let url = document["credentialStatus"]["statusListCredential"].as_str().unwrap();
        let said = match &lists[url] {
            list @ Value::Object(_) => bit(list, url).map_err(|error| error.to_string()),
            _ => Err("no list".into()),
        };
        match (here, &said) {
            (Ok(expected), Ok(bit)) => assert_eq!(bit, expected, "{name}"),
            (Err(part), Err(error)) => assert!(error.contains(part), "{name}: {error}"),
            _ => panic!("{name}: expected {here:?}, not {said:?}"),
        }
        let decides = match here {
            Ok(false) => Ok(()),
            Ok(true) => Err(Kind::ListedRevoked),
            Err(_) => Err(Kind::StatusNotKnown),
        };
        here::require(
            name,
            document.to_string().as_bytes(),
            &Map::from_iter([(url.into(), lists[url].clone())]),
            decides,
        );
        ((*name).to_owned(), Case::from(document), *bazaar, core(&[("revocation", revocation)]))
    });
    stack.assert(cases.collect(), &lists);
}
