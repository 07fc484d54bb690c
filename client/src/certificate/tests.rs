//! Certificates, as far as they can be told without eyes.

use std::io::Read;

use flate2::read::ZlibDecoder;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const DOCUMENT: &[u8] = include_bytes!("../../../tests/documents/data-ethics.json");
const HEBREW: &[u8] = include_bytes!("../../../tests/documents/fonts/NotoSansHebrew-Regular.ttf");
const ADDRESS: &str = "McRSEVpH8874qrZeVP1JNUeGujuQHAZGfq1WCo8tWuY";

fn document() -> Value {
    serde_json::from_slice(DOCUMENT).unwrap()
}

fn ada() -> Content {
    Content::of(&document()).unwrap()
}

fn pdf(content: &Content) -> Vec<u8> {
    print(content, DOCUMENT, &Fonts::new()).unwrap()
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

/// What is compressed in a PDF, and what is not.
fn streams(mut pdf: &[u8]) -> Vec<Vec<u8>> {
    let mut streams = Vec::new();
    while let Some(start) = find(pdf, b"\nstream\n") {
        pdf = &pdf[start + b"\nstream\n".len()..];
        let stream = &pdf[..find(pdf, b"endstream").unwrap()];
        let mut inflated = Vec::new();
        let is_deflated = ZlibDecoder::new(stream).read_to_end(&mut inflated).is_ok();
        streams.push(if is_deflated { inflated } else { stream.to_vec() });
    }
    streams
}

fn pages(pdf: &[u8]) -> usize {
    let is_page =
        |window: &&[u8]| window.starts_with(b"/Type/Page") && window[10] != b's' && !window[10].is_ascii_alphabetic();
    let text: Vec<u8> = pdf.iter().copied().filter(|byte| *byte != b' ').collect();
    text.windows(11).filter(is_page).count()
}

#[test]
fn a_certificate_says_what_the_document_says() {
    let content = ada();
    let expected = Content {
        kind: Kind::MicroCredential,
        learner: Some("Ada Lovelace".into()),
        subject: Some("did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ3".into()),
        title: "Data ethics".into(),
        description: Some("What to do and not to do.".into()),
        language: Some("en".into()),
        issuer: "University of Somewhere".into(),
        awarded: "2026-11-23T00:00:00Z".parse().unwrap(),
        valid_until: Some("2029-11-23T00:00:00Z".parse().unwrap()),
        level: Some(6),
        credits: Some(2.5),
        outcomes: ["apply ethics", "analyse ethics", "weigh interests where they collide"].map(Into::into).into(),
        result: Some("A".into()),
        credential: Some(format!("solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp:{ADDRESS}").parse().unwrap()),
        link: Some(format!("https://explorer.solana.com/address/{ADDRESS}")),
    };
    assert_eq!(content, expected);
}

#[test]
fn outcomes_that_the_criteria_tell_are_printed_rather_than_alignments() {
    let mut document = document();
    document["credentialSubject"]["achievement"]["criteria"]["narrative"] =
        json!("Pass.\n\nLearning outcome: weighs interests\n\nWorkload: 25 hours\n\nLearning outcome: knows the law");
    assert_eq!(Content::of(&document).unwrap().outcomes, ["weighs interests", "knows the law"]);
}

#[test]
fn what_a_document_need_not_have_is_left_out() {
    let least = json!({
        "issuer": { "name": "Uni" },
        "validFrom": "2026-11-23T00:00:00Z",
        "credentialSubject": {
            "identifier": [{ "hashed": true, "identityHash": "sha256$00", "identityType": "name" }],
            "achievement": { "name": "Data ethics", "achievementType": "Course" },
        },
        "evidence": [{ "genre": "Portfolio", "id": "https://example.edu/works" }],
    });
    let mut content = Content::of(&least).unwrap();
    assert_eq!(
        (content.kind, &content.learner, &content.credential, &content.link),
        (Kind::Other, &None, &None, &None)
    );
    assert!(matches!(print(&content, DOCUMENT, &Fonts::new()), Err(PrintError::NoLink)));
    assert!(matches!(content.set_link("https://example.edu/{credential}"), Err(ContentError::NoCredential)));
    content.set_link("https://example.edu/check").unwrap();
    assert_eq!(pages(&pdf(&content)), 1);
}

#[test]
fn a_document_that_makes_no_sense_is_told_where() {
    for (pointer, value, says) in [
        ("/credentialSubject/achievement/name", json!(7), "achievement.name"),
        ("/issuer", json!("did:key:z6Mk"), "issuer.name"),
        ("/awardedDate", json!("yesterday\u{202e}"), "awardedDate makes no sense: \"yesterday\""),
        ("/validUntil", json!("2029-02-30T00:00:00Z"), "validUntil"),
        ("/evidence/0/narrative", json!("solana:x:y"), "evidence"),
        ("/credentialSubject/achievement/alignment/0/targetUrl", json!("http://data.europa.eu/snb/eqf/9"), "EQF level"),
        ("/credentialSubject/creditsEarned", json!(-1), "credits"),
    ] {
        let mut wrong = document();
        *wrong.pointer_mut(pointer).unwrap() = value;
        let error = Content::of(&wrong).unwrap_err().to_string();
        assert!(error.contains(says), "{pointer}: {error}");
    }
}

#[test]
fn links_are_of_the_web_and_short_enough_to_scan() {
    let mut content = ada();
    content.set_link("https://verify.example.edu/#{credential}").unwrap();
    assert_eq!(content.link, Some(format!("https://verify.example.edu/#{ADDRESS}")));
    let long = format!("https://example.edu/{}", "x".repeat(LINK_LIMIT));
    for wrong in ["javascript:alert(1)", "http://example.edu", "https://", "https://a b", "https://exämple.edu", &long]
    {
        assert!(matches!(content.set_link(wrong), Err(ContentError::Link(_))), "{wrong}");
        content.link = Some(wrong.to_owned());
        assert!(matches!(print(&content, DOCUMENT, &Fonts::new()), Err(PrintError::Content(_))), "{wrong}");
    }
    let mut evil = document();
    evil["evidence"][0]["id"] = "javascript:alert(1)".into();
    assert_eq!(Content::of(&evil).unwrap().link, None);
}

#[test]
fn the_pdf_is_one_page_for_the_archive_with_the_document_attached() {
    let pdf = pdf(&ada());
    assert!(pdf.starts_with(b"%PDF-1.7"));
    assert_eq!(pages(&pdf), 1);
    let streams = streams(&pdf);
    assert!(streams.iter().any(|stream| stream == DOCUMENT));
    for part in [
        &b"<pdfaid:part>3<"[..],
        b"<pdfuaid:part>1<",
        b"Data ethics, Ada Lovelace",
        b"<rdf:li>University of Somewhere<",
    ] {
        assert!(streams.iter().any(|stream| find(stream, part).is_some()), "{}", String::from_utf8_lossy(part));
    }
    assert!(find(&pdf, format!("{ADDRESS}.json").as_bytes()).is_some());
    assert!(find(&pdf, format!("https://explorer.solana.com/address/{ADDRESS}").as_bytes()).is_some());
}

/// The rectangles that are filled with black, as left, top, right and bottom.
fn black(pdf: &[u8]) -> Vec<[f32; 4]> {
    let streams = streams(pdf);
    let page =
        streams.iter().map(|stream| String::from_utf8_lossy(stream)).find(|stream| stream.contains("/MCID")).unwrap();
    let path = page.split(" 0 0 0 scn ").nth(1).unwrap().split("\nf").next().unwrap();
    let corners = |part: &str| {
        let numbers: Vec<f32> = part.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        [numbers[0], numbers[1], numbers[4], numbers[5]]
    };
    path.split('h').filter(|part| part.contains('m')).map(corners).collect()
}

#[test]
fn the_code_on_the_page_is_of_the_link() {
    for link in
        ["https://verify.example.edu/?a=1", "https://example.org/a/rather/long/way/to/what/is/shown/of/the/credential"]
    {
        let black = black(&pdf(&Content { link: Some(link.into()), ..ada() }));
        let code = qrcode::QrCode::with_error_correction_level(link, qrcode::EcLevel::M).unwrap();
        let left = black.iter().map(|rect| rect[0]).fold(f32::MAX, f32::min);
        let top = black.iter().map(|rect| rect[1]).fold(f32::MAX, f32::min);
        let right = black.iter().map(|rect| rect[2]).fold(0.0, f32::max);
        let module = (right - left) / code.width() as f32;
        // What is dark at the middle of each square.
        for (index, colour) in code.to_colors().into_iter().enumerate() {
            let x = left + ((index % code.width()) as f32 + 0.5) * module;
            let y = top + ((index / code.width()) as f32 + 0.5) * module;
            let is_black = black.iter().any(|[l, t, r, b]| (*l..*r).contains(&x) && (*t..*b).contains(&y));
            assert_eq!(is_black, colour == qrcode::Color::Dark, "square {index} of {link}");
        }
    }
}

#[test]
fn the_same_content_gives_the_same_bytes() {
    assert_eq!(pdf(&ada()), pdf(&ada()));
    let other = Content { title: "Data Ethics".into(), ..ada() };
    assert_ne!(pdf(&ada()), pdf(&other));
}

#[test]
fn the_longest_texts_are_on_one_page() {
    let broad = "W".repeat(TEXT_LIMIT);
    let words = "Nachhaltigkeit und Ethik ".repeat(40);
    for text in [&broad, &words] {
        let content = Content {
            learner: Some(text.clone()),
            title: text.clone(),
            description: Some(text.repeat(10)),
            result: Some(text.clone()),
            outcomes: vec![text.clone(); 40],
            issuer: words[..300].to_owned(),
            ..ada()
        };
        assert_eq!(pages(&pdf(&content)), 1);
        let described = Content { outcomes: Vec::new(), ..content };
        assert_eq!(pages(&pdf(&described)), 1);
    }
    for (what, content) in [
        ("title", Content { title: format!("{broad}W"), ..ada() }),
        ("learner's name", Content { learner: Some(format!("{broad}W")), ..ada() }),
        ("issuer's name", Content { issuer: broad, ..ada() }),
    ] {
        let error = print(&content, DOCUMENT, &Fonts::new()).unwrap_err();
        assert!(matches!(error, PrintError::TooLong(field) if field == what), "{error}");
    }
}

#[test]
fn letters_that_are_missing_are_named_and_another_font_helps() {
    let named = |name: &str| Content { learner: Some(name.into()), ..ada() };
    for name in ["Ἀλεξάνδρα Παπαδοπούλου", "Владимир Ђорђевић", "Þórður Łukasz Nguyễn Şükrü", "A\u{30a}sa"]
    {
        assert_eq!(pages(&pdf(&named(name))), 1, "{name}");
    }
    let hebrew = named("עדה לאבלייס (Ada)");
    let error = print(&hebrew, DOCUMENT, &Fonts::new()).unwrap_err();
    assert!(matches!(error, PrintError::Letter('ע')), "{error}");
    assert!(error.to_string().contains("U+05E2"), "{error}");
    let fonts = Fonts::with(HEBREW.to_vec()).unwrap();
    assert_eq!(pages(&print(&hebrew, DOCUMENT, &fonts).unwrap()), 1);
    assert!(matches!(print(&named("田中"), DOCUMENT, &fonts), Err(PrintError::Letter('田'))));
    for junk in [&b""[..], b"OTTO", &HEBREW[..100], b"\x89PNG\r\n\x1a\n"] {
        assert!(matches!(Fonts::with(junk.to_vec()), Err(PrintError::Font)));
    }
}

#[test]
fn what_is_empty_or_invisible_is_no_name() {
    let unnamed = Content { learner: Some("\u{202e}\u{200b} ".into()), ..ada() };
    assert_eq!(pdf(&unnamed), pdf(&Content { learner: None, ..ada() }));
    let nobody = Content { learner: None, subject: None, ..ada() };
    assert_eq!(pages(&pdf(&nobody)), 1);
    let untitled = print(&Content { title: "\u{feff}".into(), ..ada() }, DOCUMENT, &Fonts::new());
    assert!(matches!(untitled, Err(PrintError::Empty("title"))));
    let reversed = Content { title: "Data\u{202e} ethics\n".into(), ..ada() };
    assert_eq!(pdf(&reversed), pdf(&ada()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_text_is_printed_or_refused(text in "[\\PC\u{5d0}-\u{5ea}a-z ]{0,60}", latin in "[ -~א-ת\u{300}-\u{310}\u{200b}-\u{202e}]{1,80}") {
        let fonts = Fonts::with(HEBREW.to_vec()).unwrap();
        let content = Content { learner: Some(text.clone()), issuer: format!("a{latin}"), outcomes: vec![latin.clone(), text], ..ada() };
        match print(&content, DOCUMENT, &fonts) {
            Ok(pdf) => prop_assert_eq!(pages(&pdf), 1),
            Err(error) => prop_assert!(matches!(error, PrintError::Letter(_)), "{}", error),
        }
    }
}
