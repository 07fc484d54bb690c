//! How long the command line takes to start.

use std::{
    error::Error,
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

/// How often it is started.
const STARTS: usize = 21;

/// Milliseconds that `--help` takes, median.
pub(crate) fn milliseconds(binary: &Path) -> Result<f64, Box<dyn Error>> {
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let began = Instant::now();
        let status = Command::new(binary).arg("--help").stdout(Stdio::null()).status()?;
        times.push(began.elapsed().as_secs_f64() * 1000.0);
        if !status.success() {
            return Err(format!("{} --help failed", binary.display()).into());
        }
    }
    times.sort_by(f64::total_cmp);
    times.get(STARTS / 2).copied().ok_or_else(|| "nothing was measured".into())
}
