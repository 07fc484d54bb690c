//! Bytes that readers take differently.

use microcred_client::document::json::{DEPTH_LIMIT, SIZE_LIMIT};

use super::*;

fn replaced(from: &str, to: &str) -> String {
    let document = text(&good());
    assert_eq!(document.matches(from).count(), 1, "{from} in {document}");
    document.replace(from, to)
}

/// With another number of credits.
fn credits(number: &str) -> String {
    replaced("\"creditsEarned\":2.5", &format!("\"creditsEarned\":{number}"))
}

fn unreadable(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Row {
    row(name, bytes, Verdict::Malformed, Kind::Unreadable)
}

#[test]
fn what_one_reader_reads_otherwise_than_another_is_not_read() {
    let document = text(&good());
    let name = r#""identityHash":"Amara Okafor""#;
    let utf_16: Vec<u8> = document.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let raw = |bytes: &[u8]| {
        let at = document.find("Amara").unwrap();
        [&document.as_bytes()[..at], bytes, &document.as_bytes()[at..]].concat()
    };
    let deep = |depth: usize| replaced(name, &format!("{name},\"x\":{}{}", "[".repeat(depth), "]".repeat(depth)));
    assert_answers([
        unreadable("duplicate key, first", replaced(name, &format!(r#""identityHash":"Mallory",{name}"#))),
        unreadable("duplicate key, last", replaced(name, &format!(r#"{name},"identityHash":"Mallory""#))),
        unreadable("duplicate key, escaped", replaced(name, &format!(r#"{name},"identity\u0048ash":"Mallory""#))),
        unreadable("duplicate proof", replaced("\"proof\":", "\"proof\":[],\"proof\":")),
        unreadable("2.50", credits("2.50")),
        unreadable("25e-1", credits("25e-1")),
        unreadable("more digits than doubles have", credits("2.5000000000000000001")),
        unreadable("an infinite number", credits("1e999")),
        unreadable("-0", credits("-0")),
        unreadable("a great integer", credits("9007199254740993")),
        unreadable("hexadecimal", credits("0x2")),
        unreadable("NaN", credits("NaN")),
        harmless("one BOM", format!("\u{feff}{document}")),
        unreadable("two BOMs", format!("\u{feff}\u{feff}{document}")),
        unreadable("NUL before", format!("\0{document}")),
        unreadable("NUL after", format!("{document}\0")),
        unreadable("NUL in a text", raw(b"\0")),
        unreadable("a second document", format!("{document}{document}")),
        unreadable("a second document on its own line", format!("{document}\n{document}")),
        unreadable("a comment", format!("{document}// nothing")),
        unreadable("a trailing comma", replaced(name, &format!("{name},"))),
        unreadable("a lone surrogate", replaced("Amara Okafor", "\\ud800 Okafor")),
        unreadable("surrogates the wrong way round", replaced("Amara Okafor", "\\udc00\\ud800")),
        unreadable("a surrogate in UTF-8", raw(b"\xed\xa0\x80")),
        unreadable("an overlong solidus", raw(b"\xc0\xaf")),
        unreadable("an overlong quotation mark", raw(b"\xe0\x80\xa2")),
        unreadable("beyond Unicode", raw(b"\xf4\x90\x80\x80")),
        unreadable("a line break in a text", raw(b"\n")),
        unreadable("UTF-16", utf_16),
        unreadable("with its length before", [&[0, 0, 9, 9][..], document.as_bytes()].concat()),
        unreadable("single quotes", document.replace('"', "'")),
        unreadable("nested too deep", deep(DEPTH_LIMIT)),
        unreadable("nested very deep", deep(100_000)),
        unreadable("giant", format!("{document}{}", " ".repeat(SIZE_LIMIT))),
        unreadable("a giant text", raw(&vec![b'a'; SIZE_LIMIT])),
        unreadable("a JWT", "eyJhbGciOiJub25lIn0.e30."),
        unreadable("nothing", ""),
        row("a text alone", "\"document\"", Verdict::Malformed, Kind::BadForm),
        row("documents in a list", format!("[{document}]"), Verdict::Malformed, Kind::BadForm),
        row(
            "a name with a control character",
            replaced("Amara Okafor", "Amara\\u0000Okafor"),
            Verdict::Malformed,
            Kind::BadForm,
        ),
    ]);
}

#[test]
fn no_beginning_of_a_document_is_one() {
    let document = text(&good());
    assert_answers(
        (0..document.len()).step_by(7).map(|end| unreadable(format!("{end} bytes"), &document.as_bytes()[..end])),
    );
}

/// A bit that flips on its way makes another document, which is not signed; or the same one.
#[test]
fn no_flipped_bit_goes_unnoticed() {
    let document = text(&good());
    let signed = good();
    for place in (0..document.len()).step_by(3) {
        let mut bytes = document.clone().into_bytes();
        bytes[place] ^= 1 << (place % 8);
        let report = check(&bytes);
        let is_same = report.document.as_ref().is_some_and(|document| *document.value() == signed);
        let is_noticed = report.findings.iter().any(|finding| {
            matches!(finding.kind.decides(), Some(Verdict::Malformed | Verdict::NotProven | Verdict::CouldNotCheck))
        });
        assert!(is_same || is_noticed, "{place}: {report:#?}");
    }
}

/// Texts that look like another text, under a good signature: an issuer can be an attacker.
#[test]
fn texts_that_mislead_the_eye_are_refused_though_they_are_signed() {
    let mut rows = Vec::new();
    for (name, trick) in [
        ("bidirectional override", "Rust \u{202e}dilav"),
        ("isolate", "Rust \u{2066}x\u{2069}"),
        ("zero width", "Ru\u{200b}st"),
        ("soft hyphen", "Ru\u{ad}st"),
        ("escape sequence", "Rust\u{1b}[2K\u{1b}[1GVALID"),
        ("C1 escape", "Rust\u{9b}2K"),
        ("line break", "Rust\nVALID"),
        ("carriage return", "Rust\rVALID"),
        ("line separator", "Rust\u{2028}VALID"),
        ("backspace", "Rust\u{8}\u{8}"),
        ("tag characters", "Rust\u{e0041}\u{e0042}"),
        ("variation selectors", "Rust\u{fe0f}\u{e0100}"),
        ("Hangul filler", "\u{3164}"),
        ("nothing but spaces", " "),
        ("giant", &"Rust".repeat(10_000)),
    ] {
        for pointer in ["/credentialSubject/achievement/name", "/issuer/name", "/name"] {
            let document = signed_by(&issuer(), |document| *document.pointer_mut(pointer).unwrap() = json!(trick));
            rows.push(row(format!("{name} in {pointer}"), text(&document), Verdict::Malformed, Kind::BadForm));
        }
    }
    assert_answers(rows);
}
