//! `issue --csv` and `revoke --csv` on a cluster of the test's own.

use std::{
    fs,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use microcred_localnet::{Localnet, Options};
use serde_json::Value;

use crate::{
    csv::shipped,
    desk::{Desk, text},
};

const SOL: u64 = 1_000_000_000;
/// How long anything is waited for.
const LONG: Duration = Duration::from_secs(120);

/// Waits until a journal tells of a transaction that is about to be sent.
fn wait_for_sending(desk: &Desk) {
    let end = Instant::now() + LONG;
    while !fs::read_to_string(desk.path("learners.csv.journal")).is_ok_and(|journal| journal.contains("\"sending\"")) {
        assert!(Instant::now() < end, "nothing was sent");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_run_on_a_cluster_is_interrupted_and_taken_up() {
    // Slots so long that no blockhash expires while a busy machine signs.
    let net = Localnet::start(Options { slot_time: Duration::from_millis(200), ..Options::default() }).unwrap();
    let (url, ws) = (net.rpc_url(), net.ws_url());
    let at = ["--url", &url, "--ws", &ws];
    let desk = Desk::empty();
    desk.ok(&["keygen"]);
    let key = desk.keypair("key.json");
    net.fund(&desk.authority(), 10 * SOL).unwrap();
    net.fund(&key, SOL).unwrap();
    let (uni, rust) = (desk.uni(), desk.rust());
    let key = ["--key", "key.json", "--permissions", "issue"];
    desk.ok(&[&["issuer", "create", "uni", "--name", "My University"], &key[..], &at].concat());
    let kind = ["--kind", "badge", "--publish", "--yes"];
    desk.ok(&[&["achievement", "create", &uni, "rust", "--title", "Rust Basics"], &kind[..], &at].concat());
    fs::write(desk.path("learners.csv"), shipped()).unwrap();
    let issue = ["issue", "--achievement", &rust, "--csv", "learners.csv", "-k", "key.json", "--yes"];
    let issue = [&issue[..], &at].concat();

    net.hold_blocks().unwrap();
    let run = desk.command(&issue).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    wait_for_sending(&desk);
    let interrupt = format!("kill -INT {}", run.id());
    assert!(Command::new("sh").args(["-c", &interrupt]).status().unwrap().success());
    let output = run.wait_with_output().unwrap();
    let said = text(&output.stderr);
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(130), ""), "{said}");
    assert!(said.contains("interrupted, after 0 of 60 rows; the same command goes on"), "{said}");
    net.resume_blocks().unwrap();

    let run = desk.json("bulk", &issue);
    let summary = &run["summary"];
    let count = |what: &str| summary[what].as_u64().unwrap();
    assert_eq!((count("done") + count("done_earlier"), &summary["complete"]), (60, &true.into()), "{summary}");
    assert_eq!(run["cluster"].as_str().unwrap().trim_end_matches('/'), url.trim_end_matches('/'));

    // The cluster is known by its genesis hash, whatever it is called.
    let journal = fs::read_to_string(desk.path("learners.csv.journal")).unwrap();
    assert!(journal.lines().next().unwrap().contains(&net.genesis_hash().to_string()), "{journal}");
    let again = desk.json("bulk", &issue);
    assert_eq!(again["summary"]["done_earlier"], 60);

    let revoke = ["revoke", "--achievement", &rust, "--csv", "out.csv", "--yes", "--reason", "payment"];
    let shipped = text(&shipped());
    let rows = shipped.lines().map(|line| format!("{}\n", line.rsplit_once(',').unwrap().0));
    fs::write(desk.path("out.csv"), rows.collect::<String>()).unwrap();
    let run: Value = desk.json("bulk", &[&revoke[..], &at].concat());
    assert_eq!((&run["summary"]["done"], &run["summary"]["complete"]), (&60.into(), &true.into()));
}
