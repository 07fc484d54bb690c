//! What the two verifiers, and this project, say of documents whose proof is good, and of which something else is not.

use microcred_client::document::checking::Kind;
use serde_json::{Map, Value, json};

use crate::{
    documents::{ISSUER, STRANGER, contexts, foreign, maximal, set},
    here,
    stack::{Case, Request, Stack, core, core_error},
    tampering::remove,
};

/// What JSON leaves to its readers. The canonical form that is signed, and the digest of the canonical JSON, are the same.
#[test]
fn what_readers_could_read_differently_is_refused_here() {
    let Some(stack) = Stack::ready() else { return };
    let mut document = foreign();
    remove(&mut document, "credentialStatus");
    let signed = stack.sign(&[Request::document(&document, &ISSUER)]).remove(0).to_string();
    let with = |from: &str, to: &str| {
        assert!(signed.contains(from), "{from}");
        signed.replacen(from, to, 1)
    };
    let rows = [
        ("as signed", signed.clone(), Ok(())),
        ("with the mark of UTF-8", format!("\u{feff}{signed}"), Ok(())),
        ("an escaped letter", with("\"creditsAvailable\":5", "\"creditsAv\\u0061ilable\":5"), Ok(())),
        ("another title before the title", with("{", "{\"name\":\"Doctor of everything\","), Err(Kind::Unreadable)),
        ("a number with a point", with("\"creditsAvailable\":5", "\"creditsAvailable\":5.0"), Err(Kind::Unreadable)),
        ("a number with an exponent", with("\"creditsEarned\":2.5", "\"creditsEarned\":25e-1"), Err(Kind::Unreadable)),
        (
            "a number with more digits than are kept",
            with("\"creditsEarned\":2.5", "\"creditsEarned\":2.5000000000000001"),
            Err(Kind::Unreadable),
        ),
    ];
    let cases = rows.map(|(name, text, here)| {
        here::require(name, text.as_bytes(), &Map::new(), here);
        // The mark is for whoever reads files: JSON.parse takes none.
        let text = text.trim_start_matches('\u{feff}').to_owned();
        (name.to_owned(), Case { text, asked: None }, Ok(()), core(&[("revocation", "not said")]))
    });
    stack.assert(cases.into(), &Map::new());
}

/// Documents that somebody signed as they are, and that are wrong all the same.
#[test]
fn a_document_that_is_wrong_as_signed_is_refused() {
    let Some(stack) = Stack::ready() else { return };
    let mut plain = maximal();
    remove(&mut plain, "credentialStatus");
    let of = |pointer: &str, value: Value| {
        let mut document = plain.clone();
        set(&mut document, pointer, value);
        document
    };
    let mut unnamed = plain.clone();
    unnamed["credentialSubject"]["achievement"].as_object_mut().unwrap().remove("criteria");
    let mut unschemed = of("/@context", json!(contexts().as_array().unwrap()[..2]));
    remove(&mut unschemed, "credentialSchema");
    let unstated = ("revocation", "not said");
    let rows = [
        ("as it should be", plain.clone(), &ISSUER, Ok(()), core(&[unstated]), Ok(())),
        (
            "expired",
            of("/validUntil", json!("2026-03-02T00:00:00Z")),
            &ISSUER,
            Err("is after \"validUntil\""),
            core(&[unstated, ("expiration", "expired")]),
            Err(Kind::ValidityEnded),
        ),
        (
            "not yet valid",
            of("/validFrom", json!("2125-03-02T00:00:00Z")),
            &ISSUER,
            Err("is before \"validFrom\""),
            core(&[unstated, ("signature", "not said"), ("expiration", "not said")]),
            Err(Kind::NotYetValid),
        ),
        (
            "signed by a stranger",
            plain.clone(),
            &STRANGER,
            Err("must match the verification method controller"),
            core_error("invalid_signature"),
            Err(Kind::NotSignedByIssuer),
        ),
        (
            "of a stranger",
            of("/issuer/id", json!(STRANGER.did())),
            &STRANGER,
            Ok(()),
            core(&[unstated, ("issuer", "unknown")]),
            Ok(()),
        ),
        (
            "by an issuer that is no key",
            of(
                "/issuer/id",
                json!("did:pkh:solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp:4uQeVj5tqViQh7yWWGStvkEG1Zmhx6uasJtWCJziofM"),
            ),
            &ISSUER,
            Err("must match the verification method controller"),
            core_error("invalid_signature"),
            Err(Kind::NotSignedByIssuer),
        ),
        (
            "without criteria",
            unnamed,
            &ISSUER,
            Ok(()),
            core(&[unstated, ("schema", "not followed")]),
            Err(Kind::BadForm),
        ),
        ("with fewer contexts", unschemed, &ISSUER, Ok(()), core(&[unstated]), Ok(())),
        // In what is signed, issuer and subject are one thing then, and what is said of the one is said of the other.
        (
            "about the issuer",
            of("/credentialSubject/id", json!(ISSUER.did())),
            &ISSUER,
            Ok(()),
            core(&[unstated]),
            Err(Kind::BadForm),
        ),
    ];
    let requests: Vec<_> = rows.iter().map(|(_, document, by, ..)| Request::document(document, by)).collect();
    let signed = stack.sign(&requests);
    let cases = rows.iter().zip(&signed).map(|((name, _, _, bazaar, parts, here), document)| {
        here::require(name, document.to_string().as_bytes(), &Map::new(), *here);
        ((*name).to_owned(), Case::from(document), *bazaar, parts.clone())
    });
    stack.assert(cases.collect(), &Map::new());
}
