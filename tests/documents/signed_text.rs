//! Texts that wallets sign to show a document.

use jiff::SignedDuration;
use microcred_client::document::{
    did,
    json::{self, JsonError},
    presentation::{
        Asked, ChallengeError, PresentError, Request, Wanted,
        text::{SignedText, SignedTextError, TextError, check, message, sign},
    },
};
use serde_json::Value;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::presentation::{CHALLENGE, DOMAIN, Hardware, document, now, references, request, time, wanted};

struct Scene {
    learner: Keypair,
    document: Value,
    signed: SignedText,
}

fn scene() -> Scene {
    let learner = Keypair::new();
    let document = document(&did::did_key(&learner.pubkey()));
    let signed = sign(&document, &request(), &learner).unwrap();
    Scene { learner, document, signed }
}

/// A text as an attacker who has a key signs it.
fn resigned(message: String, signer: &Keypair) -> SignedText {
    let signature = signer.sign_message(message.as_bytes()).to_string();
    SignedText { address: signer.pubkey().to_string(), message, signature }
}

#[test]
fn the_text_is_one_of_sign_in_with_solana() {
    let Scene { learner, document, signed } = scene();
    let digest: String = json::digest(&document).iter().map(|byte| format!("{byte:02x}")).collect();
    let address = learner.pubkey();
    let expected = format!(
        "employer.example wants you to sign in with your Solana account:\n{address}\n\n\
         I am the learner of the document below, and show it to this domain. Signing this sends no transaction.\n\n\
         URI: https://employer.example\nVersion: 1\nChain ID: mainnet\nNonce: {CHALLENGE}\n\
         Issued At: 2026-11-23T10:00:00Z\nExpiration Time: 2026-11-23T10:05:00Z\nResources:\n\
         - solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp:4Nd1mBQtrMJVYVfKf2PJy9NZUZdTAsp7D4xWLs4gDB4T\n- urn:sha256:{digest}"
    );
    assert_eq!(signed.message, expected);
    let control = check(&document, &signed, &wanted(now())).unwrap();
    assert_eq!((control.holder, control.created), (address, now()));

    let mut local = document.clone();
    local["evidence"] = references("embedded").evidence();
    local["issuer"]["otherIdentifier"] = references("embedded").identifiers();
    assert!(message(&local, &request()).unwrap().contains("\nChain ID: localnet\n"));
    let mut nowhere = document;
    nowhere.as_object_mut().unwrap().remove("evidence");
    let text = message(&nowhere, &request()).unwrap();
    assert!(!text.contains("Chain ID") && !text.contains("- solana:"), "{text}");
    check(&nowhere, &resigned(text, &learner), &wanted(now())).unwrap();
}

/// Wallets make the text themselves of what they are handed (`signIn`), and JavaScript writes milliseconds.
#[test]
fn times_may_have_fractions_as_long_as_they_are_signed() {
    let Scene { learner, document, signed } = scene();
    let message = signed.message.replace("10:00:00Z", "10:00:00.123Z");
    check(&document, &resigned(message, &learner), &wanted(now())).unwrap();
}

#[test]
fn wallets_sign_in_several_forms() {
    let Scene { learner, document, signed } = scene();
    let text = signed.message.as_bytes();
    let length = u16::try_from(text.len()).unwrap().to_le_bytes();
    let domain = b"\xffsolana offchain";
    let key = learner.pubkey();
    let forms: [(&str, Vec<u8>); 6] = [
        ("the text itself", text.to_vec()),
        ("version 0 of the command line", [&domain[..], &[0, 1], &length, text].concat()),
        ("version 0, ASCII", [&domain[..], &[0], &[0; 32], &[0, 1], key.as_array(), &length, text].concat()),
        ("version 0, UTF-8", [&domain[..], &[0], &[0; 32], &[1, 1], key.as_array(), &length, text].concat()),
        ("version 0 of the command line, ASCII", [&domain[..], &[0, 0], &length, text].concat()),
        ("version 1", [&domain[..], &[1, 1], key.as_array(), text].concat()),
    ];
    for (name, form) in forms {
        let signature = learner.sign_message(&form).to_string();
        check(&document, &SignedText { signature, ..signed.clone() }, &wanted(now())).expect(name);
    }
    // Of a transaction, or of a form that nobody has, a signature is none on the text.
    for other in [[&domain[..], &[2, 1], key.as_array(), text].concat(), [&[0x80, 1, 0, 0], text].concat()] {
        let signature = learner.sign_message(&other).to_string();
        let error = check(&document, &SignedText { signature, ..signed.clone() }, &wanted(now())).unwrap_err();
        assert!(matches!(error, TextError::Wrong), "{error:?}");
    }
    let hardware = Hardware(learner);
    let shown = sign(&document, &request(), &hardware).unwrap();
    assert_eq!(shown.message, signed.message);
    assert_ne!(shown.signature, signed.signature);
    check(&document, &shown, &wanted(now())).unwrap();
}

#[test]
fn an_answer_to_another_question_is_refused() {
    let Scene { document, signed, .. } = scene();
    let error = |challenge, domain, at| {
        let wanted = Wanted { asked: Asked::Challenge { challenge, domain }, ..wanted(time(at)) };
        match check(&document, &signed, &wanted).unwrap_err() {
            TextError::Challenge(error) => error,
            error => panic!("{error:?}"),
        }
    };
    let at = "2026-11-23T10:00:00Z";
    assert!(matches!(error("another9", DOMAIN, at), ChallengeError::OtherChallenge));
    assert!(matches!(error(CHALLENGE, "other.example", at), ChallengeError::OtherDomain { .. }));
    assert!(matches!(error(CHALLENGE, DOMAIN, "2026-11-23T10:05:00Z"), ChallengeError::Expired { .. }));
    assert!(matches!(error(CHALLENGE, DOMAIN, "2026-11-23T10:11:00Z"), ChallengeError::Old { .. }));
    assert!(matches!(error(CHALLENGE, DOMAIN, "2026-11-23T09:49:00Z"), ChallengeError::Early { .. }));
}

#[test]
fn a_text_about_anything_else_is_refused() {
    let Scene { learner, document, signed } = scene();
    let text = signed.message.clone();
    let account = "4Nd1mBQtrMJVYVfKf2PJy9NZUZdTAsp7D4xWLs4gDB4T";
    for (line, changed) in [
        (2, text.replacen(&learner.pubkey().to_string(), account, 1)),
        (4, text.replace("I am the learner", "I am not the learner")),
        (3, text.replacen("\n\n", "\n", 1)),
        (6, text.replace("URI: https://employer.example", "URI: https://attacker.example")),
        (7, text.replace("Version: 1", "Version: 2")),
        (8, text.replace("mainnet", "devnet")),
        (12, text.replace("Resources:", "Request ID: 7\nResources:")),
        (13, text.replace(account, &learner.pubkey().to_string())),
        (14, format!("{}{}", &text[..text.len() - 1], if text.ends_with('0') { 1 } else { 0 })),
        (15, format!("{text}\n")),
        (15, format!("{text}\n- https://attacker.example")),
        (15, format!("{text}\nNonce: {CHALLENGE}")),
        (1, text.replacen('\n', "\r\n", 1)),
        (9, text.replace(CHALLENGE, &format!("{CHALLENGE}\r"))),
    ] {
        assert_ne!(changed, text);
        let error = check(&document, &resigned(changed.clone(), &learner), &wanted(now())).unwrap_err();
        assert!(matches!(&error, TextError::Differs { line: at, .. } if *at == line), "{line}: {error:?} of {changed}");
    }
    // The right text, of a document that is another one, though all but its proof is the same.
    let other = crate::presentation::document(document["credentialSubject"]["id"].as_str().unwrap());
    assert!(matches!(check(&other, &signed, &wanted(now())), Err(TextError::Differs { line: 14, .. })));
    for nonsense in
        ["", "hello", "employer.example wants you to sign in with your Solana account:", &"\n".repeat(3_000)]
    {
        let error = check(&document, &resigned(nonsense.to_owned(), &learner), &wanted(now())).unwrap_err();
        assert!(matches!(error, TextError::NoText), "{error:?}");
    }
    let untimely = text.replace("Issued At: 2026-11-23T10:00:00Z", "Issued At: today");
    assert!(matches!(check(&document, &resigned(untimely, &learner), &wanted(now())), Err(TextError::NoText)));
    let giant = format!("{text}{}", " ".repeat(100_000));
    assert!(matches!(check(&document, &resigned(giant, &learner), &wanted(now())), Err(TextError::NoText)));
}

#[test]
fn only_the_learner_signs() {
    let Scene { learner, document, signed } = scene();
    let thief = Keypair::new();
    let stolen = resigned(signed.message.clone(), &thief);
    assert!(matches!(check(&document, &stolen, &wanted(now())), Err(TextError::OtherLearner { .. })));
    let named = SignedText { address: learner.pubkey().to_string(), ..stolen };
    assert!(matches!(check(&document, &named, &wanted(now())), Err(TextError::Wrong)));
    for (signature, is_one) in
        [("1".repeat(64), true), (String::new(), false), ("z".repeat(88), false), ("1".repeat(100_000), false)]
    {
        let error = check(&document, &SignedText { signature, ..signed.clone() }, &wanted(now())).unwrap_err();
        assert!(if is_one { matches!(error, TextError::Wrong) } else { matches!(error, TextError::Signature(_)) });
    }
    let nobody = SignedText { address: "nobody".into(), ..signed };
    assert!(matches!(check(&document, &nobody, &wanted(now())), Err(TextError::Address(_))));
    assert!(matches!(sign(&document, &request(), &thief), Err(PresentError::OtherSigner { .. })));
}

#[test]
fn a_text_carries_plain_challenges_and_hosts_alone() {
    let Scene { document, .. } = scene();
    let error = |request: Request<'_>| message(&document, &request).unwrap_err();
    for challenge in ["short", "with-hyphen", "12345678_", "ＡＢＣＤＥＦＧＨ"] {
        let told = error(Request { challenge, ..request() });
        assert!(matches!(told, PresentError::NoNonce(_) | PresentError::Challenge(_)), "{challenge}: {told}");
    }
    for domain in ["https://employer.example", "Employer.example", "a b", "a..b", "host:port", "a/b", "a@b", ":80"] {
        let told = error(Request { domain, ..request() });
        assert!(matches!(told, PresentError::NoHost(_) | PresentError::Domain(_)), "{domain}: {told}");
    }
    for domain in ["localhost:3000", "127.0.0.1", "xn--bcher-kva.example"] {
        message(&document, &Request { domain, ..request() }).unwrap();
    }
    let over = Request { expires: now() - SignedDuration::from_secs(1), ..request() };
    assert!(matches!(error(over), PresentError::Times));
}

#[test]
fn the_file_is_read_strictly() {
    let Scene { signed, .. } = scene();
    let json = serde_json::to_string(&signed).unwrap();
    assert_eq!(SignedText::read(json.as_bytes()), Ok(signed));
    let twice = json.replacen('{', "{\"address\":\"x\",", 1);
    let error = SignedText::read(twice.as_bytes()).unwrap_err();
    assert_eq!(error, SignedTextError::Json(JsonError::DuplicateKey("address".into())));
    for wrong in [json.replacen('{', "{\"more\":1,", 1), "[]".into(), "{}".into()] {
        assert!(matches!(SignedText::read(wrong.as_bytes()), Err(SignedTextError::Form(_))), "{wrong}");
    }
}
