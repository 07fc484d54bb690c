//! Runs every part as often as wanted and prints the medians.

use std::{error::Error, process::Command, time::Duration};

use microcred_localnet::{Localnet, Options};
use serde_json::Value;
use solana_signer::Signer;

use crate::{Arguments, issuing::payer, place::BUDGET, start};

pub(crate) fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    if let Some(binary) = &arguments.binary {
        println!("{} --help: {:.1} ms", binary.display(), start::milliseconds(binary)?);
    }
    let (mut embedded, mut cluster, mut verified) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..arguments.runs {
        embedded.push(part(arguments, &["embedded"])?);
        let funded = ["run", "reference"].map(|name| (payer(name).pubkey(), BUDGET)).to_vec();
        let slot_time = Duration::from_millis(arguments.slot);
        let net = Localnet::start(Options { funded, slot_time, ..Options::default() })?;
        let figures = part(arguments, &["cluster", &net.rpc_url(), &net.ws_url()])?;
        let (achievement, registry) = (text(&figures, "achievement"), text(&figures, "registry"));
        verified.push(part(arguments, &["verify", &net.rpc_url(), &net.ws_url(), &achievement, &registry])?);
        cluster.push(figures);
    }
    println!("{} learners, medians of {} runs", arguments.learners, arguments.runs);
    for (place, figures) in [("embedded ledger", &embedded), ("local cluster", &cluster)] {
        println!(
            "  issuing, {place}: {:.1} s ({:.1} s of it planning), {:.0} transactions, fees {:.0}, rent {:.0} lamports, peak {:.0} MiB",
            median(figures, "seconds"),
            median(figures, "planning_seconds"),
            median(figures, "transactions"),
            median(figures, "fees_lamports"),
            median(figures, "rent_lamports"),
            median(figures, "peak_mib"),
        );
        let ratios: Vec<_> = figures.iter().map(|run| number(run, "seconds") / number(run, "bare_seconds")).collect();
        println!(
            "    the same transactions prebuilt, in a bare loop: {:.1} s; ratio {:.2}",
            median(figures, "bare_seconds"),
            middle(ratios),
        );
    }
    println!(
        "  verifying, local cluster: {:.1} s, {:.0} reads, peak {:.0} MiB",
        median(&verified, "seconds"),
        median(&verified, "reads"),
        median(&verified, "peak_mib"),
    );
    Ok(())
}

/// Runs one part in a process of its own, which prints its figures as JSON.
fn part(arguments: &Arguments, words: &[&str]) -> Result<Value, Box<dyn Error>> {
    let output = Command::new(std::env::current_exe()?)
        .args(["--learners", &arguments.learners.to_string()])
        .args(words)
        .output()?;
    if !output.status.success() {
        return Err(format!("{words:?} failed: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn text(figures: &Value, name: &str) -> String {
    figures.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn number(figures: &Value, name: &str) -> f64 {
    figures.get(name).and_then(Value::as_f64).unwrap_or(f64::NAN)
}

fn median(runs: &[Value], name: &str) -> f64 {
    middle(runs.iter().map(|run| number(run, name)).collect())
}

fn middle(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}
