//! Bulk runs in a process that is killed: taken up again and again, they issue to each row once.

use std::{
    collections::BTreeSet,
    fs,
    path::PathBuf,
    process::{Child, Stdio},
    thread,
    time::Instant,
};

use microcred_client::{
    ledger::{Embedded, Ledger},
    queries::{self, Credentials},
    state::{Credential, IssuerKey, Record},
};
use microcred_tests::{Keys, START, World};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use solana_keypair::{Keypair, write_keypair_file};
use solana_signer::Signer;
use tempfile::TempDir;

use crate::{
    microcred,
    scene::{FUNDS, Scene},
};

/// How often a run is killed.
const KILLS: u64 = 50;

/// Lamports of a transaction with two signatures.
const FEE: u64 = 10_000;

/// Seed of the learners' wallets.
const LEARNERS: u64 = 99;

/// File of the embedded ledger.
const LEDGER: &str = "ledger";

/// Rows of each file.
const ROWS: usize = 300;

/// Where the runs issue.
enum Place {
    /// On an embedded ledger, whose file is in the folder.
    Embedded,
    /// On the cluster at an address.
    Cluster(String),
}

/// A platform's folder: keypairs, files of learners with their journals, and perhaps the ledger.
struct Desk {
    folder: TempDir,
    place: Place,
    achievement: String,
    learners: Keys,
    files: usize,
}

impl Desk {
    fn new(world: &World, place: Place) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let achievement = world.issuer.achievement.to_string();
        let desk = Self { place, achievement, learners: Keys::seeded(LEARNERS), files: 0, folder };
        write_keypair_file(&world.payer, desk.path("payer.json")).unwrap();
        write_keypair_file(&world.issuer.key, desk.path("key.json")).unwrap();
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The name of a file of learners who hold nothing yet.
    fn next_file(&mut self) -> String {
        self.files += 1;
        let name = format!("learners-{}.csv", self.files);
        let wallets: Vec<_> = (0..ROWS).map(|_| self.learners.next_key().pubkey().to_string()).collect();
        fs::write(self.path(&name), format!("wallet\n{}\n", wallets.join("\n"))).unwrap();
        name
    }

    fn start(&self, csv: &str) -> Child {
        let mut command = microcred(self.folder.path());
        let issue = ["issue", "--achievement", &self.achievement, "--csv", csv, "-k", "key.json"];
        let paid = ["--fee-payer", "payer.json", "--yes", "--output", "json-compact"];
        match &self.place {
            Place::Embedded => command.args(issue).args(["--url", "embedded", "--ledger", LEDGER]),
            Place::Cluster(url) => command.args(issue).args(["--url", url, "--concurrency", "24"]),
        };
        command.args(paid).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// The fees that a run tells which ends by itself. It must say that all rows are done.
    fn finish(&self, run: Child) -> u64 {
        let output = run.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said} {}", String::from_utf8_lossy(&output.stdout));
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        let summary = &answer["summary"];
        let number = |name: &str| summary[name].as_u64().unwrap();
        assert_eq!(number("done") + number("done_earlier"), ROWS as u64, "{summary}");
        for name in ["skipped", "failed", "unknown", "not_sent"] {
            assert_eq!(summary[name], json!([]), "{summary}");
        }
        assert_eq!((&summary["complete"], &summary["stopped"]), (&json!(true), &json!(null)), "{summary}");
        number("fees_lamports") + number("fees_earlier_lamports")
    }

    /// Kills runs at random points, and takes each up until it ends. Gives the lamports that all say were paid.
    fn kill_and_resume(&mut self, seed: u64) -> u64 {
        // How long a run takes, and one for which nothing is left to do.
        let csv = self.next_file();
        let timed = |desk: &Self| {
            let begun = Instant::now();
            let fees = desk.finish(desk.start(&csv));
            (begun.elapsed(), fees)
        };
        let (whole, mut fees) = timed(self);
        let (idle, _) = timed(self);
        let work = whole.saturating_sub(idle);

        let mut kills = 0;
        let mut amid = 0;
        while kills < KILLS {
            let csv = self.next_file();
            let journal = self.path(&csv).with_added_extension("journal");
            loop {
                let mut run = self.start(&csv);
                if kills < KILLS {
                    thread::sleep(idle / 2 + (idle / 2 + work / 2).mul_f64(share(seed, kills)));
                    if run.try_wait().unwrap().is_none() {
                        run.kill().unwrap();
                        run.wait().unwrap();
                        kills += 1;
                        amid += u64::from(journal.exists());
                        continue;
                    }
                }
                fees += self.finish(run);
                break;
            }
        }
        assert!(amid > KILLS / 2, "only {amid} runs were killed amid their work: it took {work:?}, beginning {idle:?}");
        fees
    }

    /// Requires exactly one credential for each row of each file.
    async fn check(&self, ledger: &dyn Ledger, world: &World) {
        let expected = self.files * ROWS;
        let all = Credentials { issuer: Some(world.issuer.address), ..Credentials::default() };
        let found = queries::find(ledger, &all).await.unwrap();
        let subjects: BTreeSet<_> = found.records.iter().map(|(_, credential)| credential.subject).collect();
        let places: BTreeSet<_> = found.records.iter().map(|(_, credential)| credential.status_index).collect();
        assert_eq!((found.records.len(), subjects.len(), places.len()), (expected, expected, expected));
        let mut learners = Keys::seeded(LEARNERS);
        assert!((0..expected).all(|_| subjects.contains(&learners.next_key().pubkey())));
        let key = world.issuer.key_ref().address();
        let key: IssuerKey = microcred_client::lookup::account(ledger, &key).await.unwrap();
        assert_eq!(key.used, expected as u64);
    }
}

/// A number from 0 to 1 that depends on a seed.
pub fn share(seed: u64, number: u64) -> f64 {
    let digest = Sha256::digest([seed.to_le_bytes(), number.to_le_bytes()].concat());
    f64::from(u32::from_le_bytes(digest[..4].try_into().unwrap())) / f64::from(u32::MAX)
}

/// Lamports that the credentials of all files hold.
async fn rent(ledger: &dyn Ledger, desk: &Desk) -> u64 {
    ledger.rent_minimum(Credential::SIZE).await.unwrap() * (desk.files * ROWS) as u64
}

async fn lamports(ledger: &dyn Ledger, payer: &Keypair) -> u64 {
    ledger.read(&[payer.pubkey()]).await.unwrap().accounts[0].as_ref().unwrap().lamports
}

#[tokio::test]
async fn on_an_embedded_ledger_each_row_is_issued_once_and_the_summary_is_right() {
    let world = World::new();
    let mut desk = Desk::new(&world, Place::Embedded);
    let path = desk.path(LEDGER);
    let mut ledger = Embedded::open(&path).unwrap();
    ledger.set_time(START);
    for (address, account) in world.ledger.program_accounts() {
        ledger.svm().set_account(address, account).unwrap();
    }
    ledger.fund(&world.payer.pubkey(), FUNDS).unwrap();
    let before = lamports(&ledger, &world.payer).await;
    drop(ledger);

    let told = desk.kill_and_resume(1);
    let ledger = Embedded::open(&path).unwrap();
    desk.check(&ledger, &world).await;
    let files =
        fs::read_dir(desk.folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let known = ["key.json", "payer.json", "ledger", "ledger.history", "ledger.lock", "ledger.new"];
    let left: Vec<_> = files.filter(|name| !name.starts_with("learners-") && !known.contains(&name.as_str())).collect();
    assert_eq!(left, [""; 0], "what was being saved piles up");
    assert_eq!(before - lamports(&ledger, &world.payer).await, told + rent(&ledger, &desk).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_cluster_each_row_is_issued_once_and_the_summary_is_right() {
    let scene = Scene::open(World::new(), 50);
    let mut desk = Desk::new(&scene.world, Place::Cluster(scene.net.rpc_url()));
    let told = desk.kill_and_resume(2);
    scene.expire();
    let direct = scene.direct();
    desk.check(&direct, &scene.world).await;
    // A transaction that was under way when its run was killed may be refused in the block of its successor: that has its price too.
    let paid = FUNDS - lamports(&direct, &scene.world.payer).await - rent(&direct, &desk).await;
    assert!((told..=told + KILLS * FEE).contains(&paid), "{paid} lamports were paid, and {told} told");
}
