//! The five minutes of the README, as they stand there.

use std::{fs, os::unix::fs::symlink, path::Path, process::Command};

use tempfile::TempDir;

use crate::desk::text;

const README: &str = include_str!("../../README.md");
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

#[test]
fn the_five_minutes_of_the_readme_end_as_it_says() {
    let section = |heading: &str| README.split(heading).nth(1).unwrap().split("\n## ").next().unwrap();
    let tour = [section("## Five minutes"), section("## Documents")].concat();
    let blocks: Vec<_> = tour.split("```sh\n").skip(1).map(|block| block.split("```").next().unwrap()).collect();
    assert_eq!(blocks.len(), 7);
    let folder = TempDir::new().unwrap();
    let university = Path::new("examples/university");
    fs::create_dir_all(folder.path().join(university)).unwrap();
    for file in ["microcred.toml", "learners.csv", "badge.svg"] {
        fs::copy(Path::new(ROOT).join(university).join(file), folder.path().join(university).join(file)).unwrap();
    }
    let programs = folder.path().join("bin");
    fs::create_dir(&programs).unwrap();
    symlink(env!("CARGO_BIN_EXE_microcred"), programs.join("microcred")).unwrap();

    let output = Command::new("bash")
        .args(["-euc", &blocks.concat()])
        .current_dir(folder.path())
        .env_clear()
        .env("HOME", folder.path())
        .env("PATH", format!("{}:/usr/bin:/bin", programs.display()))
        .output()
        .unwrap();
    let said = text(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", text(&output.stderr));
    let mut rest = said.as_str();
    for told in [
        "6 changes took effect",
        "nothing to do",
        "issue: done, 60 rows of examples/university/learners.csv",
        "transactions      8",
        "fees              0.00008 SOL (80000 lamports)",
        "rent              0.097536 SOL (97536000 lamports)",
        "VALID",
        "says: accredited at issue; now: current",
        "SUSPENDED",
        "exit code 3",
        "REVOKED",
        "exit code 2",
        "VALID",
        "learner           Amara Okafor",
        "told              nobody proved to be its subject",
        "NOT CHECKED ON CHAIN",
        "not checked       status, digest, key, definition, content",
        "exit code 5",
        "VALID",
        "content, control",
        "CONTROL NOT PROVEN",
        "found             control not proven: its challenge was used, has expired, or was never given: give a new challenge",
        "exit code 2",
        "Baked into badge.svg",
        "A certificate in certificate.pdf",
        "SUPERSEDED",
        "found             superseded: it was renewed since: ask its learner for the newer document",
        "exit code 2",
        "1 status list of University of Somewhere",
        "did:web:university.example",
    ] {
        let (_, after) = rest.split_once(told).unwrap_or_else(|| panic!("{told:?} is not said, or not then:\n{said}"));
        rest = after;
    }
}
