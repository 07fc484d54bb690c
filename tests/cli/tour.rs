//! The five minutes of the README, as they stand there.

use std::{fs, os::unix::fs::symlink, path::Path, process::Command};

use tempfile::TempDir;

use crate::desk::text;

const README: &str = include_str!("../../README.md");
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

#[test]
fn the_five_minutes_of_the_readme_end_as_it_says() {
    let tour = README.split("## Five minutes").nth(1).unwrap().split("\n## ").next().unwrap();
    let blocks: Vec<_> = tour.split("```sh\n").skip(1).map(|block| block.split("```").next().unwrap()).collect();
    assert_eq!(blocks.len(), 4);
    let folder = TempDir::new().unwrap();
    let university = Path::new("examples/university");
    fs::create_dir_all(folder.path().join(university)).unwrap();
    for file in ["microcred.toml", "learners.csv"] {
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
    ] {
        let (_, after) = rest.split_once(told).unwrap_or_else(|| panic!("{told:?} is not said, or not then:\n{said}"));
        rest = after;
    }
}
