//! `verify`, `list`, `history` and `watch` on a cluster: the same answers as on an embedded ledger.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::Stdio,
    sync::mpsc,
    thread,
    time::Duration,
};

use microcred_client::{Account, Address, PROGRAM_ID, address};
use microcred_localnet::{Localnet, Options};
use serde_json::Value;
use solana_signer::Signer;

use crate::desk::{Desk, conforms, text};

/// The same university on a cluster and on an embedded ledger, by the same keys.
struct Twins {
    desk: Desk,
    net: Localnet,
    learners: [Address; 3],
}

impl Twins {
    fn new() -> Self {
        let desk = Desk::funded();
        let key = desk.keypair("key.json");
        let learners = ["a.json", "b.json", "c.json"].map(|name| desk.keypair(name));
        let net = Localnet::start(Options { slot_time: Duration::from_millis(200), ..Options::default() }).unwrap();
        for funded in [desk.authority(), key] {
            net.fund(&funded, 10_000_000_000).unwrap();
        }
        desk.ok(&["fund", "1", "key.json"]);
        let twins = Self { desk, net, learners };
        twins.found();
        twins
    }

    fn on_cluster<'a>(&self, urls: &'a [String; 2], arguments: &[&'a str]) -> Vec<&'a str> {
        [arguments, &["--url", &urls[0], "--ws", &urls[1]]].concat()
    }

    fn urls(&self) -> [String; 2] {
        [self.net.rpc_url(), self.net.ws_url()]
    }

    /// Does it on both.
    #[track_caller]
    fn both(&self, arguments: &[&str]) {
        self.desk.ok(arguments);
        self.desk.ok(&self.on_cluster(&self.urls(), arguments));
    }

    fn found(&self) {
        let (uni, qa, rust) = (self.desk.uni(), self.desk.qa(), self.desk.rust());
        self.both(&["registry", "create", "qa", "--name", "Quality Agency"]);
        let key = ["--key", "key.json", "--permissions", "issue,suspend,renew"];
        self.both(&[&["issuer", "create", "uni", "--name", "My University"], &key[..]].concat());
        let kind = ["--kind", "micro-credential", "--renewable", "--publish", "--yes"];
        self.both(&[&["achievement", "create", &uni, "rust", "--title", "Rust Basics"], &kind[..]].concat());
        self.both(&["registry", "accredit", &qa, &uni, "--from", "2020-01-01"]);
        for (learner, index) in self.learners.iter().zip(["0", "1", "2"]) {
            let whose = learner.to_string();
            self.both(&[
                "issue",
                "--achievement",
                &rust,
                "--subject",
                &whose,
                "--status-index",
                index,
                "-k",
                "key.json",
            ]);
        }
        self.both(&["suspend", &self.credential(1), "--reason", "under-review", "-k", "key.json"]);
        self.both(&["revoke", &self.credential(2), "--reason", "payment", "--yes"]);
    }

    fn credential(&self, which: usize) -> String {
        address::credential(&self.desk.achievement(), &self.learners[which], 0).to_string()
    }

    /// Both answer alike, but for slots, times, signatures and rent.
    #[track_caller]
    fn alike(&self, schema: &str, exit: i32, arguments: &[&str]) -> Value {
        let answer = |arguments: &[&str]| {
            let output = self.desk.run(&[arguments, &["--output", "json"]].concat());
            assert_eq!(output.status.code(), Some(exit), "{arguments:?}: {}", text(&output.stderr));
            let mut answer: Value = serde_json::from_slice(&output.stdout).unwrap();
            conforms(&answer, schema);
            forget(&mut answer);
            answer
        };
        let embedded = answer(arguments);
        assert_eq!(embedded, answer(&self.on_cluster(&self.urls(), arguments)), "{arguments:?}");
        embedded
    }
}

/// Leaves out what differs from ledger to ledger; that it is there was checked before.
fn forget(answer: &mut Value) {
    match answer {
        Value::Object(map) => {
            for name in ["slot", "signature", "continue_before", "lamports"] {
                map.remove(name);
            }
            if map.contains_key("unix") {
                map.clear();
            }
            map.values_mut().for_each(forget);
        }
        Value::Array(items) => items.iter_mut().for_each(forget),
        _ => {}
    }
}

#[test]
fn a_cluster_answers_as_an_embedded_ledger_does() {
    let twins = Twins::new();
    let [valid, suspended, revoked] = [0, 1, 2].map(|which| twins.credential(which));
    let desk = &twins.desk;
    twins.alike("verify", 0, &["verify", &valid, "--trust", &desk.qa()]);
    twins.alike("verify", 3, &["verify", &suspended]);
    twins.alike("verify", 2, &["verify", "--achievement", &desk.rust(), "--subject", &twins.learners[2].to_string()]);
    twins.alike("verify", 4, &["verify", &twins.learners[0].to_string()]);
    fs::write(desk.path("pile"), format!("{valid}\n{suspended}\n{revoked}\n{}\n", twins.learners[0])).unwrap();
    assert_eq!(twins.alike("verify", 2, &["verify", "--file", "pile"]).as_array().unwrap().len(), 4);

    assert_eq!(twins.alike("list", 0, &["list", "credentials"]).as_array().unwrap().len(), 3);
    twins.alike("list", 0, &["list", "credentials", "--status", "revoked", "--issuer", &desk.uni()]);
    for kind in ["achievements", "keys", "registries", "issuers", "accreditations"] {
        assert_eq!(twins.alike("list", 0, &["list", kind]).as_array().unwrap().len(), 1, "{kind}");
        twins.alike("list", 0, &["list", kind, "--count"]);
    }

    let life = twins.alike("history", 0, &["history", &revoked]);
    assert_eq!(life["events"].as_array().unwrap().len(), 2);
    twins.alike("history", 0, &["history", &desk.issuer().to_string()]);
    twins.alike("history", 0, &["history", &desk.achievement().to_string(), "--limit", "2"]);
}

#[test]
fn where_the_program_is_not_nothing_is_said_of_credentials() {
    let desk = Desk::funded();
    let net = Localnet::start(Options::default()).unwrap();
    net.set_account(&PROGRAM_ID, Account { lamports: 1_000_000, ..Account::default() }).unwrap();
    let url = net.rpc_url();
    let output = desk.run(&["verify", &desk.authority().to_string(), "--url", &url]);
    assert_eq!(output.status.code(), Some(5), "{}", text(&output.stdout));
    assert!(text(&output.stdout).contains("is not deployed on"), "{}", text(&output.stdout));
    desk.fails(&["list", "credentials", "--url", &url], 5, "no-program", &["is not deployed on"]);
}

#[test]
fn changes_are_told_as_they_come_until_the_one_that_is_waited_for() {
    let twins = Twins::new();
    let (urls, credential) = (twins.urls(), twins.credential(0));
    let watch = ["watch", &credential, "--until", "revoked", "--timeout", "120", "--output", "json-compact"];
    let mut command = twins.desk.command(&twins.on_cluster(&urls, &watch));
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let (sender, lines) = mpsc::channel();
    let stdout = BufReader::new(child.stdout.take().unwrap());
    let reader = thread::spawn(move || stdout.lines().for_each(|line| sender.send(line.unwrap()).unwrap()));
    // What is done before it begins is not told: it is done again and again until it is.
    let by_key = |command: &str| {
        twins.desk.ok(&twins.on_cluster(&urls, &[command, &credential, "-k", "key.json"]));
    };
    let first = (0..30).find_map(|_| {
        by_key("suspend");
        by_key("reinstate");
        lines.recv_timeout(Duration::from_secs(1)).ok()
    });
    twins.desk.ok(&twins.on_cluster(&urls, &["revoke", &credential, "--reason", "payment", "--yes"]));
    let told: Vec<Value> = first.into_iter().chain(&lines).map(|line| serde_json::from_str(&line).unwrap()).collect();
    reader.join().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    told.iter().for_each(|event| conforms(event, "event"));
    assert!(
        told.windows(2).all(|pair| pair[0]["new_status"] == pair[1]["old_status"]),
        "no gap, nothing twice: {told:?}"
    );
    assert_eq!(told.last().unwrap()["what"], "credential revoked");

    // It is revoked already; and nothing else ever comes.
    let ended = |arguments: &[&str]| twins.desk.run(&twins.on_cluster(&urls, arguments)).status.code();
    assert_eq!(ended(&["watch", &credential, "--until", "revoked"]), Some(0));
    assert_eq!(ended(&["watch", &credential, "--until", "active", "--timeout", "1"]), Some(3));
    assert_eq!(ended(&["watch", "--issuer", &twins.desk.uni(), "--timeout", "1"]), Some(0));
}

#[test]
fn the_status_of_something_else_is_told_but_not_waited_for() {
    let twins = Twins::new();
    let (urls, credential) = (twins.urls(), twins.credential(0));
    let registry = address::registry(&twins.desk.authority(), "qa").to_string();
    let (qa, uni) = (twins.desk.qa(), twins.desk.uni());
    let until = ["--until", "suspended", "--timeout", "120", "--output", "json-compact"];
    let watch = [&["watch", &registry, &credential], &until[..]].concat();
    let mut command = twins.desk.command(&twins.on_cluster(&urls, &watch));
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let (sender, lines) = mpsc::channel();
    let stdout = BufReader::new(child.stdout.take().unwrap());
    let reader = thread::spawn(move || stdout.lines().for_each(|line| sender.send(line.unwrap()).unwrap()));
    // An event of an accreditation names the registry too, which has no such status.
    let first = (0..30).find_map(|_| {
        for command in ["suspend", "reinstate"] {
            twins.desk.ok(&twins.on_cluster(&urls, &["registry", command, &qa, &uni]));
        }
        lines.recv_timeout(Duration::from_secs(1)).ok()
    });
    assert!(first.is_some(), "what happens to the accreditation is told");
    twins.desk.ok(&twins.on_cluster(&urls, &["suspend", &credential, "-k", "key.json"]));
    let last: Value = serde_json::from_str(&lines.iter().last().expect("it ended too early")).unwrap();
    reader.join().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(last["what"], "credential suspended");
}

#[test]
fn what_cannot_change_is_not_watched() {
    let desk = Desk::funded();
    let address = desk.read_keypair(".config/solana/id.json").pubkey().to_string();
    desk.fails(&["watch", &address], 1, "usage", &["embedded ledger", "watch a cluster"]);
    desk.fails(&["watch"], 1, "usage", &["required"]);
    let closed = ["--url", "http://127.0.0.1:1"];
    desk.fails(&[&["watch", &address], &closed[..]].concat(), 5, "unreachable", &["127.0.0.1:1"]);
    let wrong = ["watch", "--issuer", &address, "--until", "active"];
    desk.fails(&[&wrong[..], &closed[..]].concat(), 1, "usage", &["cannot be used with"]);
}
