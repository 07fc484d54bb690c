//! Help, usage and completions.

use std::process::Stdio;

use crate::desk::{Desk, binary, text};

/// The subcommands that a help text lists.
fn listed(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").map(str::to_owned).collect()
}

/// Every command and subcommand, by its words.
fn commands(desk: &Desk) -> Vec<Vec<String>> {
    let mut all = vec![Vec::new()];
    let mut next = 0;
    while let Some(words) = all.get(next).cloned() {
        let arguments: Vec<&str> = words.iter().map(String::as_str).chain(["--help"]).collect();
        for name in listed(&desk.ok(&arguments)) {
            all.push([words.clone(), vec![name]].concat());
        }
        next += 1;
    }
    all
}

#[test]
fn help_of_every_command_fits_a_narrow_window() {
    let desk = Desk::empty();
    let commands = commands(&desk);
    for needed in
        ["registry withdraw", "issuer create", "key mark-compromised", "achievement edit", "issue", "present", "demo"]
    {
        assert!(commands.iter().any(|words| words.join(" ") == needed), "{needed}");
    }
    for words in &commands {
        for flag in ["-h", "--help"] {
            let arguments: Vec<&str> = words.iter().map(String::as_str).chain([flag]).collect();
            let help = desk.ok(&arguments);
            assert!(help.contains("Usage: microcred"), "{help}");
            for line in help.lines() {
                assert!(line.chars().count() <= 100, "{words:?}: {line}");
            }
        }
    }
    assert!(desk.ok(&["--help"]).starts_with("Micro-credentials in education on Solana"));
}

#[test]
fn help_shows_no_value_of_the_environment() {
    let desk = Desk::empty();
    let mut command = desk.command(&["--help"]);
    let help = text(&command.env("MICROCRED_URL", "https://rpc.example/SECRET").output().unwrap().stdout);
    assert!(help.contains("MICROCRED_URL") && !help.contains("SECRET"), "{help}");
}

#[test]
fn wrong_usage_is_exit_code_1_since_2_is_a_verdict() {
    let desk = Desk::empty();
    for (arguments, says) in [
        (&[][..], "Usage: microcred"),
        (&["isue"], "unrecognized subcommand 'isue'"),
        (&["demo", "--leger", "x"], "a similar argument exists: '--ledger'"),
        (&["demo", "--ledger"], "a value is required for '--ledger <FILE>'"),
        (&["demo", "file"], "unexpected argument 'file'"),
        (&["registry", "pause"], "<REGISTRY>"),
        (&["config", "--output", "yaml"], "invalid value 'yaml'"),
        (&["revoke", "--sign-only"], "--blockhash"),
    ] {
        let output = desk.run(arguments);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(says), "{said}");
    }
    desk.fails(&["registry", "pause"], 1, "usage", &["<REGISTRY>"]);
}

#[test]
fn shells_get_their_completions() {
    let desk = Desk::empty();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = desk.ok(&["completions", shell]);
        assert!(script.contains("mark-compromised"), "{shell}");
    }
    assert_eq!(desk.run(&["completions", "csh"]).status.code(), Some(1));
}

#[test]
fn a_reader_who_has_enough_is_no_error() {
    let desk = Desk::empty();
    for arguments in [&["completions", "bash"][..], &["config"]] {
        let mut command = binary(&desk.path(""));
        let mut child =
            command.args(arguments).args(["-u", "e"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(141), ""), "{arguments:?}");
    }
}
