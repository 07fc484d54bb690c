//! What documents take: verifying and signing one, beside the JavaScript stack in the same run, and the documents' part of issuing to many.
//!
//!     cargo speed [--runs N] [--seconds N] [--binary PATH] [--learners N]
//!
//! The JavaScript stack is that of `tests/interop`, after `npm ci` there. Times are medians over the runs.

mod document;
mod issuing;
mod javascript;

use std::{error::Error, path::PathBuf, time::Duration};

use clap::Parser;

/// The command line's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What documents take, measured.
#[derive(Parser)]
struct Arguments {
    /// How often everything is measured.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// For how long each act is repeated, in a run.
    #[arg(long, default_value_t = 3)]
    seconds: u64,
    /// The `microcred` that issues; none: that is left out.
    #[arg(long)]
    binary: Option<PathBuf>,
    /// To how many it issues.
    #[arg(long, default_value_t = 1_000)]
    learners: usize,
    /// The folder of the JavaScript stack; without its packages it is left out.
    #[arg(long, default_value = "tests/interop")]
    javascript: PathBuf,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let folder = tempfile::tempdir()?;
    let sample = document::Sample::new()?;
    let file = folder.path().join("document.json");
    std::fs::write(&file, sample.text())?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..arguments.runs {
        ours.push(sample.rates(Duration::from_secs(arguments.seconds))?);
        if let Some(rates) = javascript::rates(&arguments.javascript, &file, arguments.seconds)? {
            theirs.push(rates);
        }
    }
    println!("a document of {} bytes, one thread, medians of {} runs", sample.text().len(), arguments.runs);
    report("verifying", &ours, &theirs, |rates| rates.verify);
    report("signing", &ours, &theirs, |rates| rates.sign);
    if let Some(binary) = &arguments.binary {
        issuing::report(binary, arguments.learners, arguments.runs)?;
    }
    Ok(())
}

/// Acts in a second.
struct Rates {
    verify: f64,
    sign: f64,
}

fn report(act: &str, ours: &[Rates], theirs: &[Rates], rate: fn(&Rates) -> f64) {
    let here = median(ours.iter().map(rate).collect());
    println!("  {act}: {here:.0} a second");
    if !theirs.is_empty() {
        let there = median(theirs.iter().map(rate).collect());
        let ratio = median(ours.iter().zip(theirs).map(|(ours, theirs)| rate(ours) / rate(theirs)).collect());
        println!("    @digitalbazaar/vc: {there:.0} a second; ratio {ratio:.1}");
    }
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}
