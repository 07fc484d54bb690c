//! Verification on the command line behind a proxy: what could not be checked is never printed as anything else.

use std::{fs, path::Path};

use futures_util::{StreamExt, stream};
use microcred_client::{
    verdict::Verdict,
    verification::{Locator, Query, Receipt},
};
use serde_json::Value;

use crate::{
    microcred,
    plan::{Fault, Plan},
    verification::stage,
};

/// How many processes run at a time.
const AT_A_TIME: usize = 6;

/// What can befall a process that has seen no slot yet: an older answer is as good as any to it.
fn faults() -> Vec<Fault> {
    Fault::OF_READS.into_iter().filter(|fault| *fault != Fault::Stale).collect()
}

/// A query as it is written on the command line.
fn arguments(query: &Query) -> Vec<String> {
    let mut arguments = match query.credential {
        Locator::Address(address) => vec![address.to_string()],
        Locator::Latest { achievement, subject } => {
            vec!["--achievement".into(), achievement.to_string(), "--subject".into(), subject.to_string()]
        }
    };
    if let Some(subject) = query.expected.subject {
        arguments.extend(["--expect-subject".into(), subject.to_string()]);
    }
    for registry in &query.registries {
        arguments.extend(["--trust".into(), registry.to_string()]);
    }
    arguments
}

/// Exit code and what was printed.
async fn run(home: &Path, url: &str, arguments: &[String], format: &str) -> (i32, String) {
    let mut command = microcred(home);
    command.args(["verify", "--url", url, "--output", format]).args(arguments);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

/// Requires the true verdict, or that it could not be checked. Gives whether it is the true one.
fn is_true(answer: &Value, truth: &Receipt) -> bool {
    let (verdict, exit_code) = (answer["verdict"].as_str().unwrap(), &answer["exit_code"]);
    if verdict == Verdict::CouldNotCheck.word() {
        assert_eq!((exit_code, answer["problem"].is_string()), (&5.into(), true), "{answer}");
        return false;
    }
    assert_eq!((verdict, exit_code), (truth.verdict.word(), &truth.exit_code.into()), "{answer}");
    true
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_prints_the_true_verdict_or_that_it_could_not_check() {
    let (_scene, proxies, queries, truth) = stage(4).await;
    let home = tempfile::tempdir().unwrap();
    // Whether the issuer signed what a document says is not for the command line to claim.
    let asked: Vec<_> = queries.iter().zip(&truth).filter(|(query, _)| query.document.is_none()).collect();
    for (seed, proxy) in (0..).zip(&proxies) {
        proxy.follow(Plan { seed, percent: 50, faults: faults() });
    }
    let one_each = proxies.iter().flat_map(|proxy| asked.iter().map(move |asked| (proxy, *asked)));
    let right: Vec<_> = stream::iter(one_each)
        .map(async |(proxy, (query, truth))| {
            let (code, printed) = run(home.path(), proxy.url(), &arguments(query), "json-compact").await;
            let answer: Value = serde_json::from_str(&printed).unwrap();
            assert_eq!(answer["exit_code"], code);
            is_true(&answer, truth)
        })
        .buffer_unordered(AT_A_TIME)
        .collect()
        .await;
    assert!(right.contains(&true) && right.contains(&false), "{right:?}");

    // All at once, from a file.
    let (rows, truth): (Vec<_>, Vec<_>) = asked
        .iter()
        .filter(|(query, _)| query.registries.is_empty())
        .map(|(query, truth)| match query.credential {
            Locator::Address(address) => {
                let subject = query.expected.subject.map(|subject| subject.to_string()).unwrap_or_default();
                (format!("{address},,{subject}"), *truth)
            }
            Locator::Latest { achievement, subject } => (format!(",{achievement},{subject}"), *truth),
        })
        .unzip();
    fs::write(home.path().join("pile.csv"), format!("credential,achievement,subject\n{}\n", rows.join("\n"))).unwrap();
    let file = ["--file".to_owned(), "pile.csv".to_owned()];
    for proxy in &proxies {
        let (code, printed) = run(home.path(), proxy.url(), &file, "json").await;
        let answers: Vec<Value> = serde_json::from_str(&printed).unwrap();
        assert_eq!(answers.len(), truth.len());
        let checked: Vec<_> = answers.iter().zip(&truth).map(|(answer, truth)| is_true(answer, truth)).collect();
        assert_eq!(code, if checked.contains(&false) { 5 } else { 2 });
    }
    for fault in faults() {
        assert!(proxies.iter().any(|proxy| proxy.count(fault) > 0), "{fault:?} was never met");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_nothing_works_a_process_says_that_it_could_not_check() {
    let (scene, _, queries, _) = stage(1).await;
    let home = tempfile::tempdir().unwrap();
    stream::iter(faults().into_iter().filter(|fault| *fault != Fault::Delay))
        .for_each_concurrent(AT_A_TIME, async |fault| {
            let proxy = scene.proxy().await;
            proxy.follow(Plan::always(fault));
            let (code, printed) = run(home.path(), proxy.url(), &arguments(&queries[0]), "text").await;
            assert_eq!((code, printed.starts_with("COULD NOT CHECK")), (5, true), "{fault:?}: {printed}");
            for verdict in ["VALID", "NOT FOUND", "REVOKED"] {
                assert!(!printed.contains(verdict), "{fault:?}: {printed}");
            }
            assert!(proxy.count(fault) > 0);
        })
        .await;
}
