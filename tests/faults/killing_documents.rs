//! Bulk runs that make documents, in a process that is killed: each row has one credential and one document, and they belong together.

use std::{
    collections::BTreeSet,
    fs,
    path::PathBuf,
    process::{Child, Stdio},
    thread,
    time::Instant,
};

use jiff::Timestamp;
use microcred::CreateAchievementArgs;
use microcred_client::{
    Address, account, address,
    document::{Document, json, proof::verify, reference::References},
    instructions::achievement,
    ledger::Embedded,
    state::Credential,
};
use microcred_tests::{DAY, Keys, START, World, achievement_args};
use serde_json::{Value, json};
use solana_keypair::write_keypair_file;
use solana_signer::Signer;
use tempfile::TempDir;

use crate::{killing::share, microcred, scene::FUNDS};

/// How often runs are killed, at least.
const KILLS: u64 = 30;

/// Rows of each file.
const ROWS: usize = 200;

/// Seed of the learners' wallets.
const LEARNERS: u64 = 177;

/// A platform's folder: keypairs, files of learners with their journals, the ledger, the documents.
struct Desk {
    folder: TempDir,
    achievement: Address,
    learners: Keys,
    wallets: Vec<Address>,
    files: usize,
}

impl Desk {
    /// A desk with an embedded ledger in a file, and an achievement with a definition on it.
    fn new(world: &mut World) -> Self {
        let definition = json!({
            "id": "https://university.example/rust",
            "type": ["Achievement"],
            "achievementType": "MicroCredential",
            "name": "Rust for systems",
            "description": "Rust.",
            "criteria": {"narrative": "Assessment: a project."},
        });
        let digest = json::digest(&definition);
        let args = CreateAchievementArgs {
            definition_digest: digest,
            default_validity: 365 * DAY,
            ..achievement_args("documented")
        };
        let (actor, holder) = (world.issuer.by_key(), world.issuer.key.insecure_clone());
        world.ok(&[achievement::create(world.payer.pubkey(), &actor, args)], &[&holder]);

        let folder = tempfile::tempdir().unwrap();
        let mut ledger = Embedded::open(&folder.path().join("ledger")).unwrap();
        ledger.set_time(START);
        for (address, account) in world.ledger.program_accounts() {
            ledger.svm().set_account(address, account).unwrap();
        }
        ledger.fund(&world.payer.pubkey(), FUNDS).unwrap();
        drop(ledger);
        write_keypair_file(&world.payer, folder.path().join("payer.json")).unwrap();
        write_keypair_file(&world.issuer.key, folder.path().join("key.json")).unwrap();
        fs::write(folder.path().join("definition.json"), definition.to_string()).unwrap();
        let achievement = address::achievement(&world.issuer.address, "documented");
        Self { folder, achievement, learners: Keys::seeded(LEARNERS), wallets: Vec::new(), files: 0 }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The name of a file of learners who hold nothing yet.
    fn next_file(&mut self) -> String {
        self.files += 1;
        let name = format!("learners-{}.csv", self.files);
        let wallets: Vec<_> = (0..ROWS).map(|_| self.learners.next_key().pubkey()).collect();
        let rows: String = wallets.iter().map(|wallet| format!("{wallet},Zebulon {wallet}\n")).collect();
        fs::write(self.path(&name), format!("wallet,name\n{rows}")).unwrap();
        self.wallets.extend(wallets);
        name
    }

    fn start(&self, csv: &str) -> Child {
        let mut command = microcred(self.folder.path());
        command
            .args(["issue", "--achievement", &self.achievement.to_string(), "--csv", csv, "-k", "key.json"])
            .args(["--documents", "out", "--definition", "definition.json", "--fee-payer", "payer.json"])
            .args(["--yes", "--output", "json-compact", "--url", "embedded", "--ledger", "ledger"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Requires that a run says that all rows are done.
    #[track_caller]
    fn finish(run: Child) {
        let output = run.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said} {}", String::from_utf8_lossy(&output.stdout));
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        let summary = &answer["summary"];
        let number = |name: &str| summary[name].as_u64().unwrap();
        assert_eq!(number("done") + number("done_earlier"), ROWS as u64, "{summary}");
        for name in ["skipped", "failed", "unknown", "not_sent", "not_issued"] {
            assert_eq!(summary[name], json!([]), "{summary}");
        }
    }

    /// How many documents there are, and other files among them.
    fn files_there(&self) -> BTreeSet<String> {
        let there = fs::read_dir(self.path("out")).into_iter().flatten();
        there.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    /// Requires that each row has one credential and one document that belong together, and that there is nothing else.
    fn check(&self, world: &World) {
        let ledger = Embedded::open(&self.path("ledger")).unwrap();
        let mut expected = BTreeSet::new();
        let mut places = BTreeSet::new();
        for wallet in &self.wallets {
            let place = address::credential(&self.achievement, wallet, 0);
            let credential: Credential = account::decode(&place, &ledger.account(&place).unwrap()).unwrap();
            let name = format!("{place}.json");
            let document = Document::read(&fs::read(self.path("out").join(&name)).unwrap()).unwrap();
            expected.insert(name);
            let value = document.value();
            assert_eq!(*document.digest(), credential.digest, "another digest is on chain");
            assert_eq!(verify(value).unwrap()[0].key, world.issuer.key.pubkey());
            assert_eq!(References::of(value).unwrap().unwrap().credential, place);
            assert_eq!(value["credentialStatus"]["statusListIndex"], (credential.status_index % 131_072).to_string());
            let until: Timestamp = value["validUntil"].as_str().unwrap().parse().unwrap();
            assert_eq!(until.as_second(), credential.expires_at);
            let name = &value["credentialSubject"]["identifier"][0]["identityHash"];
            assert_eq!(*name, format!("Zebulon {wallet}"));
            assert!(places.insert(credential.status_index), "a place was given twice");
        }
        assert_eq!(self.files_there(), expected);
        let all = ledger.program_accounts().into_iter();
        let all = all.filter(|(address, account)| account::decode::<Credential>(address, account).is_ok());
        assert_eq!(all.count(), self.wallets.len());
        drop(ledger);
        for entry in fs::read_dir(self.folder.path()).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() && path.extension().is_none_or(|extension| extension != "csv") {
                let bytes = fs::read(&path).unwrap();
                assert!(!bytes.windows(7).any(|window| window == b"Zebulon"), "{} has a name", path.display());
            }
        }
    }
}

#[test]
fn each_row_has_one_credential_and_the_document_of_it() {
    let mut world = World::new();
    let mut desk = Desk::new(&mut world);
    let csv = desk.next_file();
    let timed = |desk: &Desk| {
        let begun = Instant::now();
        Desk::finish(desk.start(&csv));
        begun.elapsed()
    };
    let (whole, idle) = (timed(&desk), timed(&desk));
    let work = whole.saturating_sub(idle);

    let (mut kills, mut amid, mut partly) = (0, 0, 0);
    while kills < KILLS {
        let csv = desk.next_file();
        loop {
            let mut run = desk.start(&csv);
            if kills < KILLS {
                thread::sleep(idle / 2 + (idle / 2 + work / 2).mul_f64(share(3, kills)));
                if run.try_wait().unwrap().is_none() {
                    run.kill().unwrap();
                    run.wait().unwrap();
                    kills += 1;
                    amid += u64::from(desk.path(&csv).with_added_extension("journal").exists());
                    let made = desk.files_there().len();
                    partly += u64::from((desk.files - 1) * ROWS < made && made < desk.files * ROWS);
                    continue;
                }
            }
            Desk::finish(run);
            break;
        }
    }
    assert!(
        amid > KILLS / 2 && partly > 0,
        "{amid} runs were killed amid their work, {partly} amid their documents: it took {work:?}, beginning {idle:?}"
    );
    desk.check(&world);
}
