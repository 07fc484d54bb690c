//! Documents that ask for endless work or memory. Each is checked by a process of its own, so that its memory is its own.

use std::{
    env, fs,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use microcred_client::document::json::SIZE_LIMIT;

use super::*;

/// Work without an end takes longer than this by any measure.
const LIMIT: Duration = Duration::from_secs(10);
/// Bytes of memory: what the program itself takes, and much more than any document does.
const MEMORY: u64 = 256 * 1024 * 1024;
/// Which of the attacks the process is to make.
const CASE: &str = "MICROCRED_TEST_HOSTILE";

const CONTEXT: &str = "https://www.w3.org/ns/credentials/v2";
const BADGES: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
const EXTENSIONS: &str = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json";

type Attack = (&'static str, fn() -> Value);

const ATTACKS: &[Attack] = &[
    ("clique", || graph(60, |node| (0..60).filter(move |other| *other != node).collect())),
    ("clique of five", || graph(5, |node| (0..5).filter(move |other| *other != node).collect())),
    ("cliques of five", || {
        graph(600, |node| (0..5).map(|other| node / 5 * 5 + other).filter(|other| *other != node).collect())
    }),
    ("directed", || graph(800, |node| vec![(node + 1) % 800, (node + 31) % 800])),
    ("chains", || graph(1_300, |node| if node % 13 == 12 { vec![] } else { vec![node + 1] })),
    ("clique of six", || graph(6, |node| (0..6).filter(move |other| *other != node).collect())),
    ("cliques of six", || {
        graph(600, |node| (0..6).map(|other| node / 6 * 6 + other).filter(|other| *other != node).collect())
    }),
    ("ring", || ring(1_980)),
    ("rings", || graph(1_250, |node| vec![node / 250 * 250 + (node % 250 + 1) % 250])),
    ("two ways around", || graph(1_000, |node| vec![(node + 1) % 1_000, (node + 999) % 1_000])),
    ("cubic", || graph(800, |node| vec![(node + 1) % 800, (node + 799) % 800, (node + 400) % 800])),
    ("torus", || graph(600, |node| vec![(node + 1) % 600, (node + 30) % 600, (node + 570) % 600, (node + 599) % 600])),
    ("five ways", || graph(500, |node| [1, 7, 49, 343, 401].map(|step| (node + step) % 500).to_vec())),
    ("hypercube", || graph(256, |node| (0..8).map(|bit| node ^ (1 << bit)).collect())),
    ("hypercube of five", || graph(32, |node| (0..5).map(|bit| node ^ (1 << bit)).collect())),
    ("two hubs", two_hubs),
    ("dense, told apart by their names", || named_graph(60)),
    ("contexts without end", || with_contexts(&[CONTEXT, BADGES, EXTENSIONS], 900)),
    ("the same context without end", || with_contexts(&[BADGES], 2_500)),
    ("contexts in every node", contexts_in_nodes),
    ("equal nodes", || list_of(json!({"type": "Alignment", "targetName": "x", "targetUrl": "u:x"}), 3_000)),
    ("one node over and over", || list_of(json!({"id": "u:x", "type": "Achievement"}), 6_000)),
    ("empty nodes", || list_of(json!({}), 60_000)),
    ("empty lists", || list_of(json!([]), 60_000)),
    ("deep chain", || deep(20)),
    ("presentations in presentations", presentations),
    ("documents in a presentation", || wrapped(60)),
    ("proofs in proofs", proofs_in_proofs),
    (
        "long texts",
        || json!({"@context": [CONTEXT, BADGES], "type": ["VerifiableCredential"], "name": "\u{1F600}".repeat(60_000)}),
    ),
    ("many words", || words(7_000)),
    ("many words of the contexts", || json!({"@context": [CONTEXT, BADGES], "tag": vec!["Alignment"; 15_000]})),
];

fn document() -> Value {
    json!({"@context": [CONTEXT, BADGES], "id": "urn:x:y", "type": ["VerifiableCredential", "AchievementCredential"]})
}

/// Nodes without identifiers, each with those that it is linked to.
fn graph(size: usize, linked: impl Fn(usize) -> Vec<usize>) -> Value {
    let node = |number| {
        let links: Vec<_> = linked(number).into_iter().map(|other| json!({"id": format!("_:n{other}")})).collect();
        // Of a node without this type, the word would mean nothing.
        json!({"id": format!("_:n{number}"), "type": "VerifiableCredential", "credentialSubject": links})
    };
    let mut document = document();
    document["credentialSubject"] = (0..size).map(node).collect();
    document
}

/// Each node linked to the next, with as few other statements as may be.
fn ring(size: usize) -> Value {
    let (mut document, mut parts) = (document(), Vec::new());
    for start in (0..size).step_by(18) {
        let end = (start + 18).min(size);
        let last = json!({"id": format!("_:n{}", end % size)});
        let part = (start..end).rev().fold(last, |next, number| {
            json!({"id": format!("_:n{number}"), "type": "VerifiableCredential", "credentialSubject": next})
        });
        parts.push(part);
    }
    document["credentialSubject"] = parts.into();
    document
}

fn named_graph(size: usize) -> Value {
    let mut document = graph(size, |node| (0..size).filter(|other| *other != node).collect());
    for number in 0..size {
        document["credentialSubject"][number]["description"] = json!(format!("{}", number / 4));
    }
    document
}

fn two_hubs() -> Value {
    let hub = |name: &str| {
        let spoke = |number: usize| json!({"type": "Alignment", "targetName": format!("{number}"), "targetUrl": "u:x"});
        json!({"id": name, "type": "AchievementCredential", "credentialSubject": {"type": ["AchievementSubject"], "result": {"type": "Result", "alignment": (0..400).map(spoke).collect::<Value>()}}})
    };
    let mut document = document();
    document["credentialSubject"] = json!([hub("_:a"), hub("_:b")]);
    document
}

fn with_contexts(contexts: &[&str], times: usize) -> Value {
    let mut document = json!({"type": ["VerifiableCredential"], "name": "x"});
    let all = [&[CONTEXT][..], &contexts.repeat(times)].concat();
    document["@context"] = json!(all);
    document["tag"] = every_word();
    document
}

fn contexts_in_nodes() -> Value {
    let mut document = document();
    let node = json!({"@context": [CONTEXT, BADGES, EXTENSIONS], "id": "u:x"});
    document["credentialSubject"] = json!(vec![node; 1_100]);
    document["tag"] = every_word();
    document
}

/// Words of the contexts, so that none of them is left out.
fn every_word() -> Value {
    let contexts = [
        include_str!("../../../client/src/document/contexts/credentials-v2.json"),
        include_str!("../../../client/src/document/contexts/ob-v3p0-context-3.0.3.json"),
    ];
    let words = contexts.into_iter().flat_map(|text| {
        let file: Value = serde_json::from_str(text).unwrap();
        let words: Vec<_> = file["@context"].as_object().unwrap().keys().cloned().collect();
        words
    });
    words.filter(|word| !word.starts_with('@')).collect()
}

fn list_of(node: Value, times: usize) -> Value {
    let mut document = document();
    document["credentialSubject"] =
        json!({"type": ["AchievementSubject"], "result": {"type": ["Result"], "alignment": vec![node; times]}});
    document
}

fn deep(depth: usize) -> Value {
    let mut node = json!({"type": ["Profile"]});
    for _ in 0..depth {
        node = json!({"type": ["Profile"], "parentOrg": node});
    }
    let mut document = document();
    document["issuer"] = node;
    document
}

fn presentations() -> Value {
    let mut inner = good();
    for _ in 0..14 {
        inner = json!({"@context": [CONTEXT], "type": ["VerifiablePresentation"], "verifiableCredential": inner});
    }
    inner
}

fn wrapped(times: usize) -> Value {
    json!({"@context": [CONTEXT], "type": ["VerifiablePresentation"], "verifiableCredential": vec![good(); times]})
}

fn proofs_in_proofs() -> Value {
    let mut document = good();
    for _ in 0..8 {
        document["proof"] =
            json!([{"type": "DataIntegrityProof", "proof": document["proof"]}, {"type": "DataIntegrityProof"}]);
    }
    let inner = document["proof"].take();
    document["evidence"] = json!([{"type": ["Evidence"], "proof": inner}]);
    document
}

fn words(times: usize) -> Value {
    let mut document = document();
    for number in 0..times {
        document[format!("w{number}")] = json!({"type": "Achievement"});
    }
    document
}

/// With as many proofs as are looked at: good ones, where somebody has the time to make them.
fn with_proofs(mut document: Value) -> Value {
    document.as_object_mut().unwrap().remove("proof");
    for _ in 0..4 {
        if proof::sign(&mut document, Cryptosuite::EddsaRdfc2022, &Options::assertion(now()), &issuer()).is_err() {
            break;
        }
    }
    if document.get("proof").is_none() {
        document["proof"] = good()["proof"].clone();
    }
    document
}

#[test]
fn work_and_memory_are_bounded() {
    if let Ok(case) = env::var(CASE) {
        let (name, attack) = ATTACKS[case.parse::<usize>().unwrap()];
        let document = text(&with_proofs(attack()));
        let began = Instant::now();
        let report = check(document.as_bytes());
        let why = report.findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0 kB").trim().to_owned();
        assert!(document.len() <= SIZE_LIMIT, "{name}: {} bytes are not even read", document.len());
        println!("\npeak={peak}\n{name}: {} bytes, {:?}: {:.200}", document.len(), began.elapsed(), why);
        return;
    }
    let wrong: Vec<String> = (0..ATTACKS.len()).filter_map(|case| attack(case).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Has another process check one of the documents.
fn attack(case: usize) -> Result<(), String> {
    let name = ATTACKS[case].0;
    let mut process = Command::new(env::current_exe().unwrap())
        .args(["--exact", "attacks::hostile::work_and_memory_are_bounded", "--nocapture"])
        .env(CASE, case.to_string())
        .env("RUST_BACKTRACE", "0")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let began = Instant::now();
    while process.try_wait().unwrap().is_none() {
        if began.elapsed() > LIMIT {
            process.kill().unwrap();
            process.wait().unwrap();
            return Err(format!("{name}: no answer after {LIMIT:?}"));
        }
        thread::sleep(Duration::from_millis(10));
    }
    let output = process.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    print!(
        "{}",
        said.lines().filter(|line| line.starts_with(name) || line.starts_with("peak")).collect::<Vec<_>>().join(" ")
            + "\n"
    );
    let peak = said.lines().find_map(|line| line.strip_prefix("peak=")?.strip_suffix(" kB")?.parse::<u64>().ok());
    match peak.map(|kilobytes| kilobytes * 1024) {
        _ if !output.status.success() => Err(format!("{name}: {said}")),
        None => Err(format!("{name}: no peak: {said}")),
        Some(peak) if peak > MEMORY => Err(format!("{name}: {peak} bytes of memory")),
        Some(_) => Ok(()),
    }
}
