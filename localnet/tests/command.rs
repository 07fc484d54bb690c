//! The command `cargo localnet`.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::{
    fs,
    io::{BufRead, BufReader},
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Child, Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use solana_keypair::read_keypair_file;
use solana_rpc_client::rpc_client::RpcClient;
use solana_signer::Signer;

const PATIENCE: Duration = Duration::from_secs(60);

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_microcred-localnet"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A pair of ports that nobody uses at the moment.
fn ports() -> [String; 2] {
    let open = [(); 2].map(|()| std::net::TcpListener::bind("127.0.0.1:0").unwrap());
    open.map(|listener| listener.local_addr().unwrap().port().to_string())
}

/// Waits for the end of a process that has been asked to end, and kills it if that does not come.
fn end(mut child: Child) -> Output {
    let start = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if start.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("it did not stop");
        }
        thread::sleep(Duration::from_millis(20));
    }
    child.wait_with_output().unwrap()
}

fn interrupt(child: &Child) {
    let done = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(done.success());
}

/// Starts it and reads until it has introduced itself.
fn start(keys: &Path, [rpc, ws]: &[String; 2]) -> (Child, String, BufReader<std::process::ChildStdout>) {
    let keys = keys.to_str().unwrap();
    let mut child = command(&["--rpc-port", rpc, "--ws-port", ws, "--keys", keys, "--sol", "7"]).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let mut said = String::new();
    while !said.contains("Ctrl-C") {
        assert_ne!(lines.read_line(&mut said).unwrap(), 0, "it ended early: {said}");
    }
    (child, said, lines)
}

#[test]
fn it_introduces_itself_keeps_keypairs_and_stops_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let keys = folder.path().join("keys");
    let ports = ports();
    let mut known = Vec::new();
    for _ in 0..2 {
        let (child, said, _lines) = start(&keys, &ports);
        let rpc = RpcClient::new(format!("http://127.0.0.1:{}", ports[0]));
        let mut found = Vec::new();
        for role in
            ["payer", "registry-authority", "issuer-authority", "course-platform", "examination-office", "learner"]
        {
            let file = keys.join(role).with_extension("json");
            assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
            let address = read_keypair_file(&file).unwrap().pubkey();
            assert_eq!(rpc.get_balance(&address).unwrap(), 7_000_000_000);
            assert!(said.contains(&address.to_string()), "{said}");
            found.push(address);
        }
        assert!(known.is_empty() || known == found, "other keypairs than before");
        known = found;
        interrupt(&child);
        assert!(end(child).status.success());
    }
}

#[test]
fn what_is_in_the_way_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let ports = ports();
    let (child, _, _lines) = start(folder.path(), &ports);
    let keys = folder.path().to_str().unwrap();
    let taken = command(&["--rpc-port", &ports[0], "--ws-port", &ports[1], "--keys", keys]).output().unwrap();
    assert_eq!(taken.status.code(), Some(1));
    let said = String::from_utf8(taken.stderr).unwrap();
    assert!(said.contains(&format!("port {} for RPC is taken", ports[0])) && said.contains("--rpc-port"), "{said}");
    interrupt(&child);
    end(child);

    fs::write(folder.path().join("learner.json"), "[1, 2]").unwrap();
    let damaged = command(&["--keys", keys]).output().unwrap();
    assert_eq!(damaged.status.code(), Some(1));
    let said = String::from_utf8(damaged.stderr).unwrap();
    assert!(said.contains("learner.json cannot be read as a keypair"), "{said}");
    assert_eq!(fs::read_to_string(folder.path().join("learner.json")).unwrap(), "[1, 2]");
}

#[test]
fn help_fits_a_terminal() {
    let help = command(&["--help"]).env("COLUMNS", "400").output().unwrap();
    let text = String::from_utf8(help.stdout).unwrap();
    assert!(text.contains("--rpc-port") && text.lines().all(|line| line.chars().count() <= 100), "{text}");
}
