//! The JavaScript stack.

use std::{error::Error, path::Path, process::Command};

use serde_json::Value;

use crate::Rates;

/// Of the same file; none: its packages are not installed.
pub(crate) fn rates(folder: &Path, document: &Path, seconds: u64) -> Result<Option<Rates>, Box<dyn Error>> {
    if !folder.join("node_modules").is_dir() {
        println!("{}: its packages are not installed (npm ci), so nothing is compared with them", folder.display());
        return Ok(None);
    }
    let output = Command::new("node").arg(folder.join("bench.mjs")).arg(document).arg(seconds.to_string()).output()?;
    if !output.status.success() {
        return Err(format!("bench.mjs: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let figures: Value = serde_json::from_slice(&output.stdout)?;
    let rate = |name: &str| figures.get(name).and_then(Value::as_f64).ok_or("bench.mjs does not print its figures");
    Ok(Some(Rates { verify: rate("verify")?, sign: rate("sign")? }))
}
