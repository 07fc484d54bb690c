//! `bake`, `extract` and `certificate`.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use crate::desk::{Desk, text};

const DOCUMENT: &[u8] = include_bytes!("../documents/data-ethics.json");
const HEBREW: &[u8] = include_bytes!("../documents/fonts/NotoSansHebrew-Regular.ttf");
/// A round badge.
const PNG: &[u8] = include_bytes!("../documents/badge.png");
const SVG: &str =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 8 8\"><circle cx=\"4\" cy=\"4\" r=\"4\"/></svg>\n";
const CREDENTIAL: &str = "McRSEVpH8874qrZeVP1JNUeGujuQHAZGfq1WCo8tWuY";

/// A desk with a document and two images.
fn desk() -> Desk {
    let desk = Desk::empty();
    fs::write(desk.path("document.json"), DOCUMENT).unwrap();
    fs::write(desk.path("badge.png"), PNG).unwrap();
    fs::write(desk.path("badge.svg"), SVG).unwrap();
    desk
}

/// What lies in the desk's folder, for traces of what was not finished.
fn files(desk: &Desk) -> Vec<String> {
    let folder = fs::read_dir(desk.path("")).unwrap();
    let mut names: Vec<_> = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_document_goes_into_an_image_and_comes_out_as_it_was() {
    for (image, kind) in [("badge.png", "PNG"), ("badge.svg", "SVG")] {
        let desk = desk();
        let bake = ["bake", "document.json", "--image", image, "--out", "baked"];
        let answer = desk.json("bake", &bake);
        assert_eq!((&answer["kind"], &answer["file"]), (&kind.into(), &"baked".into()));
        assert_eq!(answer["bytes"], fs::read(desk.path("baked")).unwrap().len());
        assert_eq!(desk.run(&["extract", "baked"]).stdout, DOCUMENT);
        assert_eq!(desk.run(&["extract", "baked", "--output", "json"]).stdout, DOCUMENT);
        let answer = desk.json("extract", &["extract", "baked", "--out", "again.json"]);
        assert_eq!(answer["bytes"], DOCUMENT.len());
        assert_eq!(fs::read(desk.path("again.json")).unwrap(), DOCUMENT);
        assert!(desk.ok(&["bake", "document.json", "--image", image, "--out", "text"]).contains("microcred verify"));
    }
}

#[test]
fn what_a_learner_may_keep_to_themselves_is_readable_by_its_owner_alone() {
    let desk = desk();
    let mode = |name: &str| fs::metadata(desk.path(name)).unwrap().permissions().mode() & 0o777;
    desk.ok(&["bake", "document.json", "--image", "badge.png", "--out", "public.png"]);
    // What the tester's mask makes of a new file.
    fs::File::create(desk.path("usual")).unwrap();
    assert_eq!(mode("public.png"), mode("usual"));
    desk.ok(&["extract", "public.png", "--out", "out.json"]);
    desk.ok(&["certificate", "document.json", "--out", "out.pdf"]);
    let mut document: serde_json::Value = serde_json::from_slice(DOCUMENT).unwrap();
    document["credentialSubject"]["identifier"] = serde_json::json!([{
        "type": "IdentityObject",
        "hashed": true,
        "identityHash": format!("sha256${}", "ab".repeat(32)),
        "identityType": "ext:solanaSubjectCommitment",
        "salt": "cd".repeat(32),
    }]);
    fs::write(desk.path("private.json"), document.to_string()).unwrap();
    desk.ok(&["bake", "private.json", "--image", "badge.svg", "--out", "private.svg"]);
    for name in ["out.json", "out.pdf", "private.svg"] {
        assert_eq!(mode(name), 0o600, "{name}");
    }
    // Also in the place of a file that others could read.
    desk.ok(&["extract", "public.png", "--out", "usual", "--force"]);
    assert_eq!(mode("usual"), 0o600);
}

#[test]
fn nothing_is_replaced_unless_that_is_said() {
    let desk = desk();
    let bake = ["bake", "document.json", "--image", "badge.png", "--out", "baked.png"];
    desk.ok(&bake);
    let before = files(&desk);
    desk.fails(&bake, 1, "exists", &["baked.png", "--force"]);
    desk.fails(&["extract", "baked.png", "--out", "document.json"], 1, "exists", &["document.json"]);
    desk.fails(&["certificate", "document.json", "--out", "badge.png"], 1, "exists", &["badge.png"]);
    assert_eq!(fs::read(desk.path("badge.png")).unwrap(), PNG);
    let twice = ["bake", "document.json", "--image", "baked.png", "--out", "twice.png"];
    desk.fails(&twice, 1, "already-baked", &["baked.png", "--replace"]);
    assert_eq!(files(&desk), before);
    desk.ok(&[&twice[..], &["--replace"]].concat());
    desk.ok(&[&bake[..], &["--force"]].concat());
    assert_eq!(fs::read(desk.path("twice.png")).unwrap(), fs::read(desk.path("baked.png")).unwrap());
}

#[test]
fn what_cannot_be_baked_or_extracted_is_told() {
    let desk = desk();
    let unsigned = text(DOCUMENT).replace("\"proof\"", "\"prof\"");
    fs::write(desk.path("unsigned.json"), unsigned).unwrap();
    fs::write(desk.path("photo.jpeg"), b"\xff\xd8\xff\xe0").unwrap();
    fs::write(desk.path("large.png"), vec![0; 10 * 1024 * 1024 + 1]).unwrap();
    for (file, image, code, says) in [
        ("unsigned.json", "badge.png", "document", "not signed"),
        ("badge.svg", "badge.png", "document", "not JSON"),
        ("document.json", "photo.jpeg", "image", "neither a PNG nor an SVG"),
        ("document.json", "large.png", "file", "more than 10485760 bytes"),
        ("document.json", "none.png", "file", "none.png"),
        ("none.json", "badge.png", "file", "none.json"),
        ("large.png", "badge.png", "file", "more than"),
    ] {
        desk.fails(&["bake", file, "--image", image, "--out", "out"], 1, code, &[says]);
    }
    desk.fails(&["extract", "badge.svg"], 1, "image", &["badge.svg", "no credential"]);
    desk.fails(&["extract", "document.json"], 1, "image", &["neither"]);
    desk.fails(&["bake", "document.json", "--image", "badge.png", "--out", "no/such/out"], 1, "file", &["no/such/out"]);
    assert!(!desk.path("out").exists());
}

#[test]
fn a_certificate_is_printed_from_a_document_or_an_image() {
    let desk = desk();
    let answer = desk.json("certificate", &["certificate", "document.json", "--out", "a.pdf"]);
    assert_eq!(answer["link"], format!("https://explorer.solana.com/address/{CREDENTIAL}"));
    assert_eq!(answer["credential"], format!("solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp:{CREDENTIAL}"));
    desk.ok(&["bake", "document.json", "--image", "badge.svg", "--out", "baked.svg"]);
    desk.ok(&["certificate", "baked.svg", "--out", "b.pdf"]);
    let read = |name: &str| fs::read(desk.path(name)).unwrap();
    assert!(read("a.pdf").starts_with(b"%PDF-"));
    assert_eq!(read("a.pdf"), read("b.pdf"));
    let template = "https://verify.example.edu/{credential}?from=paper";
    let answer = desk.json("certificate", &["certificate", "document.json", "--out", "c.pdf", "--link", template]);
    assert_eq!(answer["link"], template.replace("{credential}", CREDENTIAL));
    assert_ne!(read("a.pdf"), read("c.pdf"));
}

#[test]
fn a_certificate_that_cannot_be_printed_is_told() {
    let desk = desk();
    let hebrew = text(DOCUMENT).replace("Ada Lovelace", "עדה לאבלייס");
    fs::write(desk.path("hebrew.json"), hebrew).unwrap();
    fs::write(desk.path("hebrew.ttf"), HEBREW).unwrap();
    let print = ["certificate", "hebrew.json", "--out", "hebrew.pdf"];
    desk.fails(&print, 1, "font", &["hebrew.json", "U+05E2", "--font"]);
    desk.fails(&[&print[..], &["--font", "document.json"]].concat(), 1, "font", &["document.json", "no font"]);
    assert!(!desk.path("hebrew.pdf").exists());
    desk.ok(&[&print[..], &["--font", "hebrew.ttf"]].concat());

    let out = ["certificate", "document.json", "--out", "out.pdf", "--link"];
    desk.fails(&[&out[..], &["javascript:alert(1)"]].concat(), 1, "certificate", &["https://"]);
    let elsewhere = text(DOCUMENT).replace("SolanaAccount", "Portfolio");
    fs::write(desk.path("elsewhere.json"), elsewhere).unwrap();
    desk.fails(&["certificate", "elsewhere.json", "--out", "out.pdf"], 1, "certificate", &["--link"]);
    let address = ["certificate", "elsewhere.json", "--out", "out.pdf", "--link", "https://a.example/{credential}"];
    desk.fails(&address, 1, "certificate", &["{credential}"]);
    desk.fails(&["certificate", "badge.png", "--out", "out.pdf"], 1, "image", &["no credential"]);
    assert!(!desk.path("out.pdf").exists());
}

#[cfg(unix)]
#[test]
fn files_get_the_permissions_of_new_files() {
    use std::{os::unix::fs::PermissionsExt, process::Command};

    let desk = desk();
    let mode = |name: &Path| fs::metadata(name).unwrap().permissions().mode() & 0o777;
    for (umask, expected) in [("077", 0o600), ("022", 0o644)] {
        let out = desk.path(umask);
        let script = format!("umask {umask}; exec \"$0\" bake document.json --image badge.png --out {umask}");
        let mut shell = Command::new("sh");
        shell.env_clear().env("HOME", desk.path("")).current_dir(desk.path(""));
        let status = shell.args(["-c", &script, env!("CARGO_BIN_EXE_microcred")]).output().unwrap();
        assert!(status.status.success(), "{}", text(&status.stderr));
        assert_eq!(mode(&out), expected);
    }
}
