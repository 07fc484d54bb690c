//! Bad input of every kind, and what to do about it.

use std::{fs, io::Write, net::TcpListener, process::Stdio};

use microcred_client::ledger::Embedded;

use crate::desk::{Desk, text};

#[test]
fn a_missing_or_malformed_keypair_says_how_to_make_one() {
    let desk = Desk::empty();
    let create = ["registry", "create", "qa", "--name", "Q"];
    desk.fails(&create, 1, "signer", &["id.json", "microcred keygen", "--keypair"]);
    let by_payer = [&create[..], &["-k", "here.json", "--fee-payer", "gone.json"]].concat();
    desk.keypair("here.json");
    desk.fails(&by_payer, 1, "signer", &["gone.json", "--fee-payer"]);
    for content in ["", "[1, 2, 3]", "not a keypair", "{}"] {
        fs::write(desk.path("bad.json"), content).unwrap();
        desk.fails(&[&create[..], &["-k", "bad.json"]].concat(), 1, "signer", &["bad.json", "not a keypair file"]);
    }
    let wallet = [&create[..], &["-k", "usb://ledger?key=0"]].concat();
    if !cfg!(feature = "hardware-wallet") {
        desk.fails(&wallet, 1, "signer", &["--features hardware-wallet"]);
    }
    assert!(!desk.ledger().exists());
}

#[test]
fn a_keypair_can_come_from_the_standard_input() {
    let desk = Desk::funded();
    let keypair = fs::read(desk.path(".config/solana/id.json")).unwrap();
    let mut command = desk.command(&["registry", "create", "qa", "--name", "Q", "-k", "-", "--fee-payer", "-"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(&keypair).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

#[test]
fn who_cannot_pay_is_told_how_much_is_missing() {
    let desk = Desk::empty();
    desk.ok(&["keygen"]);
    let create = ["registry", "create", "qa", "--name", "Q"];
    let says = [&desk.authority().to_string(), "has 0 lamports", "--fee-payer", "microcred fund"];
    desk.fails(&create, 1, "insufficient-funds", &says);
    desk.ok(&["fund", "0.002"]);
    desk.fails(&create, 1, "insufficient-funds", &["has 2000000 lamports"]);
    desk.ok(&["fund", "1"]);
    desk.json("change", &create);
}

#[test]
fn wrong_addresses_names_and_numbers_are_refused_before_anything_is_read() {
    let desk = Desk::empty();
    desk.ok(&["keygen"]);
    let (wallet, uni, rust) = (desk.authority().to_string(), desk.uni(), desk.rust());
    for (command, says) in [
        (&["registry", "pause", "nonsense"][..], "\"nonsense\" is no address"),
        (&["issuer", "pause", "x/uni"], "\"x\" is no address"),
        (&["issuer", "pause", "11111111111111111111111111111111/My Uni"], "no slug or code"),
        (&["achievement", "pause", "a/b/c/d"], "\"a\" is no address"),
        (&["key", "add", &uni, "k", "--permissions", "publish"], "no permission; there are: issue"),
        (&["key", "shorten", &uni, "70000", "--valid-until", "2027-01-01"], "70000"),
        (&["key", "shorten", &uni, "1", "--valid-until", "tomorrow"], "no time: write 2027-01-31"),
        (&["achievement", "create", &uni, "x", "--title", "X", "--kind", "medal"], "no kind of achievement"),
        (&["achievement", "edit", &rust, "--ects", "5.05"], "no workload"),
        (&["issue", "--achievement", &rust, "--subject", "me"], "\"me\" is no address"),
        (&["issue", "--achievement", &rust, "--subject", &wallet, "--digest", "12"], "64 hexadecimal digits"),
        (&["revoke"], "<CREDENTIAL>"),
        (&["revoke", "--subject", &wallet], "--achievement"),
        (&["revoke", &wallet, "--subject", &wallet], "cannot be used with"),
        (&["fund", "-1"], "-1"),
        (&["fund", "lots"], "no number of SOL"),
    ] {
        let output = desk.run(command);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{command:?}: {said}");
        assert!(said.contains(says), "{command:?}: {said}");
    }
    assert!(!desk.ledger().exists());
}

#[test]
fn what_is_not_there_is_exit_code_4_and_what_is_something_else_is_told() {
    let desk = Desk::university();
    let somewhere = desk.keypair("x.json").to_string();
    desk.fails(&["registry", "pause", &somewhere], 4, "not-found", &["no registry", &somewhere, "--url"]);
    desk.fails(&["revoke", &somewhere, "--yes"], 4, "not-found", &["no credential"]);
    let named = ["revoke", "--achievement", &desk.rust(), "--subject", &somewhere, "--yes"];
    desk.fails(&named, 4, "not-found", &["no credential"]);
    desk.fails(&["registry", "pause", &desk.issuer().to_string()], 1, "wrong-account", &["is not a registry account"]);
    let says = ["is owned by", "not by microcred"];
    desk.fails(&["registry", "pause", &desk.authority().to_string()], 1, "wrong-account", &says);
}

#[test]
fn a_locked_damaged_or_foreign_ledger_is_refused_and_left_as_it_is() {
    let desk = Desk::funded();
    let open = Embedded::open(&desk.ledger()).unwrap();
    let create = ["registry", "create", "qa", "--name", "Q"];
    desk.fails(&create, 1, "ledger-locked", &["in use by another process", "wait"]);
    drop(open);
    fs::write(desk.ledger(), "another file altogether, and a long one: longer than what a ledger begins with").unwrap();
    let before = fs::read(desk.ledger()).unwrap();
    desk.fails(&create, 1, "ledger-damaged", &["is damaged", "restore it from a copy"]);
    assert_eq!(fs::read(desk.ledger()).unwrap(), before);
    fs::write(desk.path("file"), "").unwrap();
    desk.fails(&[&create[..], &["--ledger", "file/ledger"]].concat(), 1, "ledger", &["file", "--ledger"]);
    desk.fails(&[&create[..], &["--ledger", "/proc/microcred/ledger"]].concat(), 1, "ledger", &["--ledger"]);
}

#[test]
fn a_cluster_that_is_down_is_exit_code_5() {
    let desk = Desk::funded();
    // A port of this computer that was free a moment ago.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}/SECRET");
    let answer = format!("http://127.0.0.1:{port} gave no answer");
    let says = [answer.as_str(), "--url"];
    let message = desk.fails(&["show", &desk.authority().to_string(), "--url", &url], 5, "unreachable", &says);
    assert!(!message.contains("SECRET"), "{message}");
}

#[test]
fn nothing_of_an_account_reaches_the_terminal_as_a_command_to_it() {
    let desk = Desk::funded();
    let name = "Q\u{1b}[31m";
    let says = ["a text contains a control"];
    desk.fails(&["registry", "create", "qa", "--name", name], 1, "refused", &says);
    let output = desk.run(&["registry", "pause", "\u{1b}[31m"]);
    assert!(!text(&output.stderr).contains("\u{1b}[31m\" is no"), "{}", text(&output.stderr));
}

#[test]
fn what_a_file_says_makes_no_line_of_an_error() {
    let desk = Desk::funded();
    let forged = "error: none, all is well";
    let lines = |arguments: &[&str]| {
        let output = desk.run(arguments);
        assert_eq!(output.status.code(), Some(1));
        let told = text(&output.stderr);
        assert!(told.contains("none, all is well"), "{told}");
        assert!(!told.lines().any(|line| line.trim_start().starts_with(forged)), "{told}");
        told.lines().count()
    };
    assert_eq!(lines(&["extract", &format!("badge.png\n{forged}")]), 1);
    fs::write(desk.path("forged.toml"), format!("\"a\\n{forged}\" = 1\n")).unwrap();
    assert_eq!(lines(&["apply", "forged.toml"]), 5);
    let keys =
        format!("[issuer]\nslug = \"a\"\nname = \"A\"\n[[issuer.keys]]\nname = \"k\\n{forged}\"\npermissions = []\n");
    fs::write(desk.path("forged.toml"), keys).unwrap();
    lines(&["apply", "forged.toml"]);
}
