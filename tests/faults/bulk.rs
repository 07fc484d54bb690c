//! Bulk runs through a proxy: each row once, and what is said of each row is true.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Mutex,
    time::Duration,
};

use futures_util::{StreamExt, stream};
use microcred_client::{
    Address, account, address,
    bulk::{self, BulkError, Issuing, JournalError, Options, Progress, Revocation, Revoking, Source, Summary, Whose},
    learners::{Personal, Row},
    ledger::{AccountReader, Ledger, READ_LIMIT, Rpc},
    queries::{self, Credentials},
    sending::{Compute, Policy, PriorityFee},
    state::{Credential, CredentialStatus, Reason, Record},
};
use microcred_tests::World;
use solana_signer::Signer;
use tokio::time::{sleep, timeout};

use crate::{
    plan::{Fault, Plan},
    scene::{FUNDS, Scene, learner},
};

/// How many runs, each through a proxy of its own, and rows of each: seven transactions.
const RUNS: u64 = 16;
const ROWS: u64 = 52;

/// Rows of a run whose way ends: more transactions than are under way at once.
const MANY_ROWS: u64 = 104;

/// How often a run is taken up again while things go wrong.
const ROUNDS: usize = 12;

const OPTIONS: Options = Options {
    policy: Policy { priority_fee: PriorityFee::None, compute: Compute::Simulated { margin_percent: 10 }, attempts: 3 },
    concurrency: 4,
    pause: Duration::from_millis(5),
    interactive: false,
};

/// What a run is about.
struct Work {
    subjects: Vec<Address>,
    rows: Vec<Row>,
    issuing: Issuing,
    source: Source,
    revocations: Vec<Revocation>,
    revoking: Revoking,
    revoking_source: Source,
}

impl Work {
    fn new(scene: &Scene, seed: u64, rows: u64, folder: &Path) -> Self {
        let subjects: Vec<_> = (0..rows).map(|number| learner(seed * 1_000 + number)).collect();
        let rows = subjects.iter().zip(2..).map(|(wallet, line)| Row {
            line,
            wallet: *wallet,
            learner: String::new(),
            digest: [3; 32],
            expires_at: None,
            status_index: None,
            personal: Personal::default(),
        });
        let revocations = subjects.iter().zip(2..).map(|(wallet, line)| Revocation {
            line,
            whose: Whose::Wallet(*wallet),
            reason: None,
        });
        let issuer = &scene.world.issuer;
        let (payer, achievement) = (scene.world.payer.pubkey(), issuer.achievement);
        let source = |name: &str| Source::of(&folder.join(format!("{seed}-{name}.csv")), &seed.to_le_bytes(), "here");
        Self {
            rows: rows.collect(),
            issuing: Issuing { payer, key: issuer.key_ref(), achievement, again: false },
            source: source("issue"),
            revocations: revocations.collect(),
            revoking: Revoking {
                payer,
                actor: issuer.by_key(),
                achievement: Some(achievement),
                reason: Reason::AcademicMisconduct,
            },
            revoking_source: source("revoke"),
            subjects,
        }
    }

    async fn issue(
        &self,
        ledger: &dyn Ledger,
        scene: &Scene,
        progress: &dyn Fn(&Progress),
    ) -> Result<Summary, BulkError> {
        let begin = async || bulk::issue(ledger, &self.issuing, &self.rows, &self.source, OPTIONS).await;
        let run = when_free(begin).await?;
        run.execute(&scene.signers(), &progress).await
    }

    async fn revoke(&self, ledger: &dyn Ledger, scene: &Scene) -> Result<Summary, BulkError> {
        let begin =
            async || bulk::revoke(ledger, &self.revoking, &self.revocations, &self.revoking_source, OPTIONS).await;
        let run = when_free(begin).await?;
        run.execute(&scene.signers(), &|_| {}).await
    }

    /// Each row's credential, as it is.
    async fn credentials(&self, client: &Rpc) -> Vec<Option<Credential>> {
        let mut credentials = Vec::new();
        let at = |subject: &Address| address::credential(&self.issuing.achievement, subject, 0);
        for subjects in self.subjects.chunks(READ_LIMIT) {
            let addresses: Vec<_> = subjects.iter().map(at).collect();
            let found = client.read(&addresses).await.unwrap();
            let decoded = addresses.iter().zip(found.accounts).map(|(address, account)| {
                account.map(|account| account::decode::<Credential>(address, &account).unwrap())
            });
            credentials.extend(decoded);
        }
        credentials
    }

    /// Requires that what a summary says of each row is so on the ledger.
    async fn assert_true(&self, summary: &Summary, direct: &Rpc, is_done: fn(&Credential) -> bool) {
        assert_eq!((&summary.skipped, &summary.failed), (&vec![], &vec![]), "{summary:#?}");
        let unknown: BTreeSet<_> = summary.unknown.iter().map(|remark| remark.line).collect();
        for (line, credential) in (2..).zip(self.credentials(direct).await) {
            if !unknown.contains(&line) {
                let done = credential.as_ref().is_some_and(is_done);
                assert_eq!(done, !summary.not_sent.contains(&line), "line {line}: {summary:#?}");
            }
        }
        let told = summary.done + summary.done_earlier + unknown.len() + summary.not_sent.len();
        assert_eq!(told, self.rows.len(), "{summary:#?}");
    }
}

/// Begins a run when its journal is free: a process that another test starts holds what is open here until it runs its own program.
async fn when_free<T>(begin: impl AsyncFn() -> Result<T, BulkError>) -> Result<T, BulkError> {
    loop {
        match begin().await {
            Err(BulkError::Journal(JournalError::InUse(_))) => sleep(Duration::from_millis(5)).await,
            result => return result,
        }
    }
}

/// What was seen of many runs.
#[derive(Default)]
struct Seen {
    met: BTreeMap<Fault, usize>,
    /// How many were taken up again.
    taken_up: usize,
    fees: u64,
}

/// Takes a run up again and again behind a proxy until it is complete, and at last without faults. What each says must be true.
async fn through(
    scene: &Scene,
    work: &Work,
    seed: u64,
    seen: &Mutex<Seen>,
    is_done: fn(&Credential) -> bool,
    run: impl AsyncFn(Rpc) -> Result<Summary, BulkError>,
) {
    let proxy = scene.proxy().await;
    let direct = scene.direct();
    let mut round = 0;
    let last = loop {
        let calm = round >= ROUNDS;
        let plan = Plan { seed: seed * 100 + round as u64, percent: 50, faults: Fault::ALL.to_vec() };
        proxy.follow(if calm { Plan::quiet() } else { plan });
        round += 1;
        let result = timeout(Duration::from_secs(60), run(proxy.client(if seed.is_multiple_of(2) { 1 } else { 3 })))
            .await
            .unwrap();
        proxy.settle().await;
        let summary = match result {
            Ok(summary) => summary,
            Err(BulkError::Read(_) | BulkError::Simulated(_)) if !calm => continue,
            Err(error) => panic!("seed {seed}: {error}"),
        };
        work.assert_true(&summary, &direct, is_done).await;
        assert_eq!(summary.stopped.is_some(), !summary.is_complete(), "{summary:#?}");
        if summary.is_complete() {
            break summary;
        }
        assert!(!calm, "{summary:#?}");
    };
    let mut seen = seen.lock().unwrap();
    seen.fees += last.fees + last.fees_earlier;
    seen.taken_up += usize::from(round > 1);
    for (fault, count) in proxy.met() {
        *seen.met.entry(fault).or_default() += count;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_row_is_done_once_and_what_is_said_of_it_is_true() {
    let scene = Scene::open(World::new(), 100);
    let folder = tempfile::tempdir().unwrap();
    let (issuing, revoking) = (Mutex::new(Seen::default()), Mutex::new(Seen::default()));
    stream::iter(0..RUNS)
        .for_each_concurrent(4, |seed| {
            let (scene, issuing, revoking, folder) = (&scene, &issuing, &revoking, folder.path());
            async move {
                let work = Work::new(scene, seed, ROWS, folder);
                let issue = async |client| work.issue(&client, scene, &|_| {}).await;
                through(scene, &work, seed, issuing, |_| true, issue).await;
                let issued = work.credentials(&scene.direct()).await;
                let places: BTreeSet<_> = issued.iter().flatten().map(|credential| credential.status_index).collect();
                assert_eq!(places.len(), work.rows.len());
                let revoke = async |client| work.revoke(&client, scene).await;
                through(scene, &work, seed + RUNS, revoking, is_revoked, revoke).await;
            }
        })
        .await;

    let (issuing, revoking) = (issuing.into_inner().unwrap(), revoking.into_inner().unwrap());
    assert_one_each(&scene, RUNS * ROWS).await;
    let rent = scene.direct().rent_minimum(Credential::SIZE).await.unwrap() * RUNS * ROWS;
    let paid = FUNDS - scene.lamports().await - rent;
    assert!(issuing.fees + revoking.fees <= paid, "{} and {} of {paid}", issuing.fees, revoking.fees);
    assert!(issuing.taken_up + revoking.taken_up > 0, "no run ever ended early");
    for fault in Fault::ALL {
        assert!(issuing.met.contains_key(&fault), "{fault:?} was never met");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_way_ends_amid_a_run_it_says_what_is_known_of_each_row_and_what_is_not() {
    let scene = Scene::open(World::new(), 100);
    let folder = tempfile::tempdir().unwrap();
    let direct = scene.direct();
    let (mut unknown, mut not_sent) = (0, 0);
    for (seed, fault) in (0..).zip([Fault::HangUp, Fault::Lose, Fault::OutOfOrder, Fault::Garbage, Fault::Cut]) {
        let work = Work::new(&scene, seed, MANY_ROWS, folder.path());
        let proxy = scene.proxy().await;
        let client = proxy.client(2);
        // From some point on nothing works any more.
        let break_off = |progress: &Progress| {
            if progress.transactions > 0 {
                proxy.follow(Plan::always(fault));
            }
        };
        let run = timeout(Duration::from_secs(60), work.issue(&client, &scene, &break_off)).await.unwrap();
        let summary = run.unwrap();
        work.assert_true(&summary, &direct, |_| true).await;
        assert!(summary.done > 0 && summary.stopped.is_some(), "{fault:?}: {summary:#?}");
        unknown += summary.unknown.len();
        not_sent += summary.not_sent.len();

        proxy.follow(Plan::quiet());
        let summary = work.issue(&proxy.client(2), &scene, &|_| {}).await.unwrap();
        work.assert_true(&summary, &direct, |_| true).await;
        assert!(summary.is_complete(), "{fault:?}: {summary:#?}");
        assert_eq!(summary.stopped, None);
        assert_one_each(&scene, (seed + 1) * MANY_ROWS).await;
    }
    assert!(unknown > 0 && not_sent > 0, "{unknown} {not_sent}");
}

fn is_revoked(credential: &Credential) -> bool {
    credential.credential_status() == Ok(CredentialStatus::Revoked)
}

/// Requires so many credentials of the issuer, and that each learner has one.
async fn assert_one_each(scene: &Scene, count: u64) {
    assert_eq!(scene.issued().await, count);
    let all = Credentials { issuer: Some(scene.world.issuer.address), ..Credentials::default() };
    let found = queries::find(&scene.direct(), &all).await.unwrap();
    assert_eq!(found.records.len() as u64, count);
    assert!(found.records.iter().all(|(_, credential)| credential.sequence == 0));
}
