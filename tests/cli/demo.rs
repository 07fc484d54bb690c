//! The demo: what it prints, its exit codes, and that bad input changes nothing.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Output, Stdio},
};

use microcred_client::{account::AnyAccount, ledger::Embedded};
use tempfile::TempDir;

use crate::desk::{binary, text};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const DECLARATION: &str = include_str!("../../examples/university/microcred.toml");
const LEARNERS: &str = include_str!("../../examples/university/learners.csv");
const WALLET: &str = "DinFHnMqoB2irQKHyM83CiLf1Sq5a1JMUgmk7oUouN68";

/// Runs the binary where the examples lie.
fn microcred(arguments: &[&str]) -> Output {
    let home = TempDir::new().unwrap();
    binary(home.path()).args(arguments).current_dir(ROOT).output().unwrap()
}

/// A folder with a declaration, learners, and the place for a ledger.
struct Desk(TempDir);

impl Desk {
    fn new(declaration: &str, learners: &str) -> Self {
        let desk = Self(TempDir::new().unwrap());
        fs::write(desk.path("microcred.toml"), declaration).unwrap();
        fs::write(desk.path("learners.csv"), learners).unwrap();
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn ledger(&self) -> PathBuf {
        self.path("ledger")
    }

    fn demo(&self) -> Output {
        let [declaration, learners, ledger] =
            ["microcred.toml", "learners.csv", "ledger"].map(|name| self.path(name).display().to_string());
        microcred(&["demo", "--declaration", &declaration, "--learners", &learners, "--ledger", &ledger])
    }

    /// Requires that the demo does nothing and says these things, beginning with the path of `named`. It gives all it says.
    #[track_caller]
    fn refuses(&self, named: &str, says: &[&str]) -> String {
        let before = fs::read(self.ledger()).ok();
        let output = self.demo();
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert_eq!(text(&output.stdout), "");
        assert!(said.starts_with(&format!("error: {}", self.path(named).display())), "{said}");
        for part in says {
            assert!(said.contains(part), "{part:?} is not in: {said}");
        }
        assert_eq!(fs::read(self.ledger()).ok(), before, "the ledger was written");
        said
    }
}

/// The shipped declaration with one passage replaced.
fn declaring(from: &str, to: &str) -> String {
    assert!(DECLARATION.contains(from), "{from}");
    DECLARATION.replacen(from, to, 1)
}

#[test]
fn the_demo_tells_the_main_job_from_the_shipped_examples() {
    let temporary = TempDir::new().unwrap();
    let output =
        binary(temporary.path()).arg("demo").current_dir(ROOT).env("TMPDIR", temporary.path()).output().unwrap();
    let said = text(&output.stdout);
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()), "{said}");
    let verdicts: Vec<_> = said.lines().filter_map(|line| line.trim().strip_prefix("verdict: ")).collect();
    assert_eq!(verdicts, ["VALID", "SUSPENDED", "VALID", "VALID", "REVOKED", "NOT FOUND"]);
    let issued = said.lines().filter_map(|line| {
        let (_, rest) = line.trim().strip_prefix("transaction ")?.split_once(": ")?;
        rest.split_once(" credentials")?.0.parse::<usize>().ok()
    });
    assert_eq!(issued.sum::<usize>(), 60);
    assert!(said.contains("transactions for 60 credentials"), "{said}");
    assert!(said.contains("the issuer key lacks the permission that this takes"), "{said}");
    assert_eq!(fs::read_dir(temporary.path()).unwrap().count(), 0, "the temporary ledger is removed");
}

#[test]
fn the_demo_keeps_the_ledger_that_is_named_and_can_use_it_again() {
    let desk = Desk::new(DECLARATION, LEARNERS);
    for credentials in [60, 120] {
        let output = desk.demo();
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let ledger = Embedded::open(&desk.ledger()).unwrap();
        let accounts = ledger.program_accounts();
        let found = accounts
            .iter()
            .filter(|(address, account)| matches!(AnyAccount::decode(address, account), Ok(AnyAccount::Credential(_))));
        assert_eq!(found.count(), credentials);
    }
}

#[test]
fn a_reader_who_has_enough_is_no_error() {
    let home = TempDir::new().unwrap();
    let mut demo = binary(home.path())
        .arg("demo")
        .current_dir(ROOT)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(demo.stdout.take());
    let output = demo.wait_with_output().unwrap();
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(141), ""));
}

#[test]
fn a_missing_file_is_named_with_the_option_that_names_it() {
    for (missing, option) in [("microcred.toml", "--declaration"), ("learners.csv", "--learners")] {
        let desk = Desk::new(DECLARATION, LEARNERS);
        fs::remove_file(desk.path(missing)).unwrap();
        desk.refuses(missing, &["No such file", &format!("name the file with {option}")]);
        assert!(!desk.path("ledger.lock").exists());
    }
}

#[test]
fn a_malformed_declaration_is_refused_with_the_place() {
    for (declaration, says) in [
        ("[registry".to_owned(), &["line 1"][..]),
        (String::new(), &["the file declares nothing: add [registry], [issuer] or both"]),
        (declaring("slug = ", "slog = "), &["line 5", "unknown field `slog`", "expected one of `slug`"]),
        (declaring("quota = 10000", "quota = \"many\""), &["quota = \"many\"", "invalid type: string"]),
        (declaring("2026-01-01T00:00:00Z", "yesterday"), &["from = \"yesterday\""]),
        (declaring("\"issue\"", "\"publish\""), &["unknown variant `publish`", "`manage-achievements`"]),
        (
            declaring("ects = 5.0", "ects = 5.05"),
            &["achievements[0] (rust-for-systems).ects must be 0 to 6553.5, in tenths"],
        ),
    ] {
        Desk::new(&declaration, LEARNERS).refuses("microcred.toml", says);
    }
}

#[test]
fn a_declaration_without_achievements_is_refused() {
    let without = &DECLARATION[..DECLARATION.find("[[achievements]]").unwrap()];
    Desk::new(without, LEARNERS)
        .refuses("microcred.toml", &["declares no achievement: add one under [[achievements]]"]);
}

#[test]
fn a_declaration_that_does_not_suit_the_demo_is_refused_before_anything_is_done() {
    for (declaration, needs) in [
        (
            declaring("[accreditation]\nfrom = \"2026-01-01T00:00:00Z\"", ""),
            "a registry, an issuer and its accreditation",
        ),
        (declaring("renewable = true", "acceptance_required = true"), "an achievement that requires no acceptance"),
        (declaring("\"issue\", \"suspend\"", "\"issue\""), "a key that may issue and suspend, but not revoke"),
        (declaring("\"revoke\", \"manage-achievements\"", "\"manage-achievements\""), "a key that may revoke"),
    ] {
        Desk::new(&declaration, LEARNERS).refuses("microcred.toml", &["does not suit the demo, which needs", needs]);
    }
}

#[test]
fn what_the_program_would_refuse_is_told_all_at_once_before_anything_is_done() {
    let declaration = declaring("code = \"peer-mentor\"", "code = \"Peer Mentor\"").replace("\"PT\"", "\"pt\"");
    let said = Desk::new(&declaration, LEARNERS).refuses(
        "microcred.toml",
        &[
            "issuer.country is \"pt\": write two capital letters",
            "achievements[1] (Peer Mentor).code has 'P' in it: slugs and codes consist of a-z, 0-9 and hyphens",
        ],
    );
    assert_eq!(said.lines().count(), 2, "{said}");
}

#[test]
fn learners_are_refused_with_every_bad_row() {
    let rows = format!(
        "learner,wallet,status_index\n\
         Amara,{WALLET},1\n\
         Bilal,nonsense,2\n\
         Chiara,{WALLET},3\n\
         Dmitri,Bjuoxf5AbqJCE1rFfGrVv7AfGhyiBHNQjoMFJuYMGF8A,1\n\
         Elif,Q7E3SBnpiqfekRd37C2kmpb7TbU46L5A4HgGGW56BDn,many\n\
         Femi\n"
    );
    let said = Desk::new(DECLARATION, &rows).refuses(
        "learners.csv",
        &[
            "line 3: \"nonsense\" is not an address",
            "line 4: the wallet DinFHnMqoB2irQKHyM83CiLf1Sq5a1JMUgmk7oUouN68 stands in line 2 already",
            "line 5: the status index 1 stands in line 2 already",
            "line 6: ",
            "line 7: ",
        ],
    );
    assert_eq!(said.lines().count(), 5, "{said}");
    assert!(!said.contains("line 2:"), "{said}");
}

#[test]
fn without_learners_there_is_nothing_to_do() {
    Desk::new(DECLARATION, "").refuses("learners.csv", &["line 1: the file is empty", "wallet, learner"]);
    for learners in ["learner,wallet,status_index\n", "learner,wallet,status_index\n\n\n"] {
        Desk::new(DECLARATION, learners).refuses("learners.csv", &["no row follows the line that names the columns"]);
    }
    let columns = format!("name,address\nAmara,{WALLET}\n");
    Desk::new(DECLARATION, &columns).refuses("learners.csv", &["line 1: ", "name"]);
}

#[test]
fn a_ledger_that_another_process_has_open_is_refused() {
    let desk = Desk::new(DECLARATION, LEARNERS);
    let open = Embedded::open(&desk.ledger()).unwrap();
    desk.refuses("ledger", &["is in use by another process: wait until that ends"]);
    drop(open);
    assert_eq!(desk.demo().status.code(), Some(0));
}

#[test]
fn a_damaged_ledger_is_refused_and_left_as_it_is() {
    for damaged in [&b""[..], b"another file altogether, and a long one at that: longer than what a ledger begins with"]
    {
        let desk = Desk::new(DECLARATION, LEARNERS);
        fs::write(desk.ledger(), damaged).unwrap();
        desk.refuses("ledger", &["is damaged", "restore it from a copy, or move it away to begin anew"]);
        assert_eq!(fs::read(desk.ledger()).unwrap(), damaged);
    }
}

#[test]
fn a_ledger_where_no_file_can_be_is_refused() {
    let file = Path::new("Cargo.toml/ledger");
    let output = microcred(&["demo", "--ledger", &file.display().to_string()]);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(1), String::new()));
    assert!(text(&output.stderr).starts_with("error: Cargo.toml"), "{}", text(&output.stderr));
}
