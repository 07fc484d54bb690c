//! Issuing to many by the command line on a new embedded ledger, with documents and without.

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::median;

const DECLARATION: &str = "examples/university/microcred.toml";

/// Whole runs, each a process of its own on a ledger of its own, in turns.
pub(crate) fn report(binary: &Path, learners: usize, runs: usize) -> Result<(), Box<dyn Error>> {
    let (mut with, mut without, mut shares) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..runs {
        let plain = Stage::new(binary, learners)?.issue(false)?;
        let documents = Stage::new(binary, learners)?.issue(true)?;
        shares.push(100.0 * (documents - plain) / documents);
        without.push(plain);
        with.push(documents);
    }
    println!("{learners} learners from a CSV on the embedded ledger, whole runs, medians of {runs}");
    println!("  with documents: {:.2} s; without: {:.2} s", median(with), median(without));
    println!("  the documents' part: {:.0} %", median(shares));
    Ok(())
}

/// A university with learners, on a ledger of its own.
struct Stage {
    binary: PathBuf,
    folder: tempfile::TempDir,
    learners: usize,
    issuer: String,
}

impl Stage {
    fn new(binary: &Path, learners: usize) -> Result<Self, Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let mut stage = Self { binary: binary.to_owned(), folder, learners, issuer: String::new() };
        fs::create_dir(stage.path("keys"))?;
        for name in ["payer", "course-platform", "examination-office"] {
            let key = stage.path(&format!("keys/{name}.json"));
            stage.run(&["keygen", &key])?;
        }
        let payer = stage.path("keys/payer.json");
        stage.run(&["fund", "-k", &payer, "100"])?;
        let keys = stage.path("keys");
        stage.run(&["apply", DECLARATION, "--keys", &keys, "-k", &payer, "--yes"])?;
        stage.issuer = stage.run(&["list", "issuers", "--addresses-only"])?.trim().to_owned();
        fs::write(stage.path("learners.csv"), stage.table())?;
        Ok(stage)
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_string_lossy().into_owned()
    }

    /// Rows with all that a document can say of a learner; without documents, these columns are not there.
    fn table(&self) -> String {
        let rows = (0..self.learners).map(|number| {
            format!("{},Learner {number},l{number}@university.example,{number},A\n", Keypair::new().pubkey())
        });
        format!("wallet,name,email,student_number,grade\n{}", rows.collect::<String>())
    }

    fn issue(&self, documents: bool) -> Result<f64, Box<dyn Error>> {
        let achievement = format!("{}/rust-for-systems", self.issuer);
        let (table, key, payer) =
            (self.path("learners.csv"), self.path("keys/course-platform.json"), self.path("keys/payer.json"));
        let folder = self.path("documents");
        if !documents {
            let plain: String = fs::read_to_string(&table)?
                .lines()
                .filter_map(|line| line.split(',').next())
                .map(|wallet| format!("{wallet}\n"))
                .collect();
            fs::write(&table, plain)?;
        }
        let mut words = vec!["issue", "--achievement", &achievement, "--csv", &table, "-k", &key];
        words.extend(["--fee-payer", &payer, "--yes"]);
        if documents {
            words.extend(["--documents", &folder, "--definition", DECLARATION]);
        }
        let began = Instant::now();
        self.run(&words)?;
        let seconds = began.elapsed().as_secs_f64();
        if documents && fs::read_dir(&folder)?.count() != self.learners {
            return Err("not every learner has a document".into());
        }
        Ok(seconds)
    }

    fn run(&self, words: &[&str]) -> Result<String, Box<dyn Error>> {
        let output = Command::new(&self.binary)
            .args(["--url", "embedded", "--ledger", &self.path("ledger")])
            .args(words)
            .output()?;
        if !output.status.success() {
            return Err(format!("{words:?}: {}", String::from_utf8_lossy(&output.stderr)).into());
        }
        Ok(String::from_utf8(output.stdout)?)
    }
}
