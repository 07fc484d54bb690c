//! `verify --file`: many at once.

use std::{
    fs,
    io::Write,
    process::{Output, Stdio},
};

use serde_json::Value;

use crate::desk::{Desk, conforms, text};

/// A desk with a valid, a suspended and a revoked credential, their learners, and an address where nothing is.
struct Pile {
    desk: Desk,
    wallets: [String; 3],
    credentials: [String; 3],
    nothing: String,
}

impl Pile {
    fn new() -> Self {
        let desk = Desk::university();
        let wallets = ["a.json", "b.json", "c.json"].map(|name| desk.keypair(name));
        let credentials = wallets.map(|wallet| desk.issue(&wallet).to_string());
        desk.ok(&["suspend", &credentials[1], "--reason", "under-review"]);
        desk.ok(&["revoke", &credentials[2], "--reason", "payment", "--yes"]);
        let nothing = desk.keypair("nothing.json").to_string();
        Self { desk, wallets: wallets.map(|wallet| wallet.to_string()), credentials, nothing }
    }

    fn run(&self, rows: &str, more: &[&str]) -> Output {
        fs::write(self.desk.path("pile"), rows).unwrap();
        self.desk.run(&[&["verify", "--file", "pile"], more].concat())
    }

    /// Lines and verdicts, which are the same in both kinds of JSON.
    #[track_caller]
    fn verdicts(&self, rows: &str, exit: i32) -> Vec<(u64, String)> {
        let output = self.run(rows, &["--output", "json"]);
        assert_eq!(output.status.code(), Some(exit), "{}", text(&output.stderr));
        let array: Value = serde_json::from_slice(&output.stdout).unwrap();
        conforms(&array, "verify");
        let output = self.run(rows, &["--output", "json-compact"]);
        assert_eq!(output.status.code(), Some(exit));
        let lines: Vec<Value> = text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let short =
            |receipt: &Value| (receipt["line"].as_u64().unwrap(), receipt["verdict"].as_str().unwrap().to_owned());
        let short_lines: Vec<_> = lines.iter().map(short).collect();
        assert_eq!(array.as_array().unwrap().iter().map(short).collect::<Vec<_>>(), short_lines);
        short_lines
    }
}

fn expected(verdicts: &[(u64, &str)]) -> Vec<(u64, String)> {
    verdicts.iter().map(|(line, verdict)| (*line, (*verdict).to_owned())).collect()
}

#[test]
fn a_file_of_addresses_is_answered_line_by_line() {
    let pile = Pile::new();
    let [valid, suspended, revoked] = &pile.credentials;
    let rows = format!("# my pile\n{valid}\n\n{revoked}\n{suspended}\n{}\n{valid}\n", pile.nothing);
    let all = [(2, "valid"), (4, "revoked"), (5, "suspended"), (6, "not found"), (7, "valid")];
    assert_eq!(pile.verdicts(&rows, 2), expected(&all));

    let said = text(&pile.run(&rows, &[]).stdout);
    let lines: Vec<_> = said.lines().collect();
    assert!(lines[0].starts_with("VALID") && lines[0].contains(valid.as_str()), "{said}");
    assert!(lines[0].contains("\"Rust Basics\" by My University, self-declared"), "{said}");
    assert!(lines[1].starts_with("REVOKED") && lines[1].ends_with(": payment"), "{said}");
    assert!(lines[2].starts_with("SUSPENDED") && lines[2].ends_with(": under review"), "{said}");
    assert!(lines[3].starts_with("NOT FOUND"), "{said}");
    assert_eq!(lines[5], "5 checked");
    let counts: Vec<Vec<&str>> =
        lines[6..].iter().map(|line| line.split("  ").filter(|part| !part.is_empty()).collect()).collect();
    let counts: Vec<_> = counts.iter().map(|parts| (parts[0].trim(), parts[1].trim())).collect();
    assert_eq!(counts, [("valid", "2"), ("suspended", "1"), ("revoked", "1"), ("not found", "1")]);
}

#[test]
fn the_worst_of_all_is_the_exit_code() {
    let pile = Pile::new();
    let [valid, suspended, revoked] = &pile.credentials;
    let nothing = &pile.nothing;
    for (rows, exit) in [
        (vec![valid], 0),
        (vec![valid, suspended], 3),
        (vec![suspended, nothing, valid], 4),
        (vec![nothing, revoked, suspended], 2),
    ] {
        let rows: String = rows.iter().map(|row| format!("{row}\n")).collect();
        assert_eq!(pile.run(&rows, &[]).status.code(), Some(exit), "{rows}");
    }
    let output = pile.run(&format!("{valid}\n{revoked}\n"), &["--url", "http://127.0.0.1:1"]);
    assert_eq!(output.status.code(), Some(5));
    let said = text(&output.stdout);
    assert!(said.lines().take(2).all(|line| line.starts_with("COULD NOT CHECK")), "{said}");
}

#[test]
fn a_table_names_learners_and_what_is_expected() {
    let pile = Pile::new();
    let rust = pile.desk.rust();
    let [a, b, _] = &pile.wallets;
    let [first, ..] = &pile.credentials;
    let rows = format!(
        "name,achievement,subject\nAmara,{rust},{a}\n\"Bilal, B.\",{rust},{b}\nChiara,{rust},{}\n",
        pile.nothing
    );
    assert_eq!(pile.verdicts(&rows, 4), expected(&[(2, "valid"), (3, "suspended"), (4, "not found")]));
    let digest = "12".repeat(32);
    let rows = format!("credential,subject,digest\n{first},{a},\n{first},{b},\n{first},,{digest}\n");
    assert_eq!(pile.verdicts(&rows, 2), expected(&[(2, "valid"), (3, "mismatch"), (4, "digest mismatch")]));
    let registry = ["registry", "accredit", &pile.desk.qa(), &pile.desk.uni(), "--from", "2020-01-01"];
    assert_eq!(pile.run(first, &["--trust", &pile.desk.qa()]).status.code(), Some(2));
    pile.desk.ok(&registry);
    assert_eq!(pile.run(first, &["--trust", &pile.desk.qa()]).status.code(), Some(0));
    assert_eq!(pile.run(first, &["--expect-subject", b]).status.code(), Some(2));
}

#[test]
fn the_standard_input_is_a_file_too() {
    let pile = Pile::new();
    let mut command = pile.desk.command(&["verify", "--file", "-", "--output", "json-compact"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "{}", pile.credentials[0]).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), text(&output.stdout).lines().count()), (Some(0), 1));
}

#[test]
fn every_wrong_line_is_told_before_anything_is_read() {
    let desk = Desk::funded();
    let fails = |rows: &str, code: &str, says: &[&str]| {
        fs::write(desk.path("pile"), rows).unwrap();
        desk.fails(&["verify", "--file", "pile", "--url", "http://127.0.0.1:1"], 1, code, says)
    };
    let a = desk.authority();
    fails(&format!("{a}\nx\n{a}\ny\n"), "rows", &["pile", "line 2: \"x\"", "line 4: \"y\""]);
    fails(&format!("subject\n{a}\n"), "rows", &["line 2: it names neither a credential"]);
    fails(&format!("credential,digest\n{a},12\n"), "rows", &["line 2: \"12\" is no digest"]);
    fails("\n# nothing\n", "usage", &["names no credential"]);
    desk.fails(&["verify", "--file", "missing"], 1, "file", &["missing", "No such file"]);
}
