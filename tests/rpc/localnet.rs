//! The same client against a real cluster.

use futures_util::{StreamExt, future::join3};
use microcred_client::{
    Address, MicrocredError, PROGRAM_ID, address,
    error::SendError,
    event::Event,
    events,
    instructions::credential,
    ledger::{AccountReader, Cluster, Ledger, Page, ReadError, Snapshot},
    queries::{self, Accreditations, Achievements, Credentials, IssuerKeys, Issuers, Registries},
    state::{Credential, CredentialStatus, Reason},
    verification::{Query, verify, verify_many},
};
use microcred_tests::{World, issue_args};
use solana_signer::Signer;

use crate::stage::{Stage, signed};

const LEARNER: Address = Address::new_from_array([0xA1; 32]);

#[tokio::test(flavor = "multi_thread")]
async fn the_cluster_is_known_and_has_the_program() {
    let stage = Stage::new();
    let genesis = stage.rpc.genesis_hash().await.unwrap();
    assert_eq!(genesis, stage.net.genesis_hash());
    assert_eq!(stage.rpc.cluster().await, Ok(Cluster::Other(genesis)));
    assert_eq!(stage.rpc.require_program().await, Ok(()));
    let empty = Snapshot { slot: stage.rpc.seen(), accounts: vec![None] };
    let read = stage.rpc.read(&[LEARNER]).await.unwrap();
    assert_eq!((read.accounts, read.slot >= empty.slot), (empty.accounts, true));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_has_its_effect_once_however_often_it_is_sent() {
    let stage = Stage::new();
    let (achievement, key) = (stage.world.issuer.achievement, &stage.world.issuer.key);
    let place = address::credential(&achievement, &LEARNER, 0);
    let payer = &stage.world.payer;
    let issue = credential::issue(payer.pubkey(), &stage.world.issuer.key_ref(), achievement, issue_args(LEARNER));
    let (transaction, last_valid) = signed(&stage.rpc, payer, issue, key).await;
    assert_eq!(stage.rpc.outcome(&transaction.signatures[0]).await, Ok(None));
    let simulated = stage.rpc.simulate(&transaction).await.unwrap();

    let submit = || stage.rpc.submit(&transaction, last_valid);
    let (one, two, three) = join3(submit(), submit(), submit()).await;
    let sent = one.unwrap();
    assert_eq!((Ok(&sent), Ok(&sent)), (two.as_ref(), three.as_ref()));
    assert_eq!(submit().await.as_ref(), Ok(&sent));
    assert_eq!(stage.rpc.land(&transaction, last_valid).await.unwrap().slot, sent.slot);

    assert!(matches!(sent.events().as_slice(), [Event::CredentialIssued(issued)] if issued.credential == place));
    assert_eq!(sent.fee, stage.rpc.fee(&transaction.message).await.unwrap());
    assert_eq!(sent.compute_units, simulated.compute_units);
    // What landed is there for the next read, and once in the history.
    let read = stage.rpc.read(&[place]).await.unwrap();
    assert!(read.slot >= sent.slot && read.accounts[0].as_ref().is_some_and(|account| account.owner == PROGRAM_ID));
    let past = stage.rpc.outcome(&sent.signature).await.unwrap().unwrap();
    assert_eq!(past.clone().into_result(&transaction.message), Ok(sent));
    let page = Page { before: None, until: None, limit: 10 };
    assert_eq!(stage.rpc.history(&place, &page).await, Ok(vec![past]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_program_refuses_is_told_in_its_words() {
    let mut world = World::new();
    let pending = world.pending(&LEARNER);
    let stage = Stage::with(world);
    let suspend = credential::suspend(&stage.world.issuer.by_key(), pending, Reason::UnderReview);
    let (transaction, last_valid) = signed(&stage.rpc, &stage.world.payer, suspend, &stage.world.issuer.key).await;
    for error in [
        stage.rpc.simulate(&transaction).await.unwrap_err(),
        stage.rpc.submit(&transaction, last_valid).await.unwrap_err(),
        stage.rpc.land(&transaction, last_valid).await.unwrap_err(),
    ] {
        assert_eq!(error.microcred(), Some(MicrocredError::PendingCannotBeSuspended));
        assert!(matches!(error, SendError::Refused { index: 0, logs, .. } if !logs.is_empty()));
    }
    let past = stage.rpc.outcome(&transaction.signatures[0]).await.unwrap().unwrap();
    assert!(past.failure.is_some() && past.events().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_too_late_has_expired() {
    let stage = Stage::new();
    let (achievement, key) = (stage.world.issuer.achievement, &stage.world.issuer.key);
    let payer = &stage.world.payer;
    let issue = credential::issue(payer.pubkey(), &stage.world.issuer.key_ref(), achievement, issue_args(LEARNER));
    let (transaction, last_valid) = signed(&stage.rpc, payer, issue, key).await;
    stage.net.skip_blocks(160).unwrap();
    let signature = transaction.signatures[0];
    assert_eq!(stage.rpc.submit(&transaction, last_valid).await, Err(SendError::Expired(signature)));
    assert!(stage.rpc.block_height().await.unwrap() > last_valid.unwrap());
    let place = address::credential(&achievement, &LEARNER, 0);
    assert_eq!(stage.rpc.read(&[place]).await.unwrap().accounts, [None]);
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_are_those_of_the_embedded_ledger() {
    let stage = Stage::new();
    for size in [0, 192, 480] {
        assert_eq!(stage.rpc.rent_minimum(size).await, Ok(stage.world.ledger.rent_minimum(size)));
    }
    let key = &stage.world.issuer.key;
    let accept = credential::accept(key.pubkey(), LEARNER);
    let (transaction, _) = signed(&stage.world.ledger, &stage.world.payer, accept, key).await;
    // The blockhash is one that this cluster never had.
    assert_eq!(stage.rpc.fee(&transaction.message).await, stage.world.ledger.fee(&transaction.message).await);
    assert!(stage.rpc.recent_priority_fees(&[LEARNER]).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn queries_have_the_answers_of_the_embedded_ledger() {
    use CredentialStatus::{Active, Declined, Erased, Pending, Revoked, Suspended};

    let mut world = World::new();
    let statuses = [Pending, Active, Suspended, Revoked, Declined, Erased];
    let held = statuses.map(|status| world.credential_in(status).subject());
    world.issued(&held[0]);
    world.new_issuer("another-university");
    let stage = Stage::with(world);
    let (rpc, embedded) = (&stage.rpc, &stage.world.ledger);
    let issuer = Some(stage.world.issuer.address);
    let mut filters = vec![Credentials::default()];
    for status in statuses.map(Some).into_iter().chain([None]) {
        let achievement = Some(stage.world.issuer.acceptance);
        filters.push(Credentials { status, ..Credentials::default() });
        filters.push(Credentials { issuer, status, ..Credentials::default() });
        filters.push(Credentials { issuer, status, subject: Some(held[0]), achievement });
        filters.push(Credentials { issuer, status, subject: Some(held[0]), achievement: None });
    }
    for filter in filters {
        let found = queries::find(embedded, &filter).await.unwrap();
        assert_eq!(queries::addresses(rpc, &filter).await.unwrap().len(), found.records.len());
        assert_eq!(queries::find(rpc, &filter).await.unwrap(), found, "{filter:?}");
    }
    macro_rules! same {
        ($($filter:expr),+ $(,)?) => { $(
            let found = queries::find(rpc, &$filter).await.unwrap();
            assert_eq!(found, queries::find(embedded, &$filter).await.unwrap());
            assert!(!found.records.is_empty());
        )+ };
    }
    same![
        Achievements { issuer, status: None },
        IssuerKeys { issuer, key: None },
        Accreditations { issuer, ..Accreditations::default() },
        Registries { authority: Some(stage.world.body.authority.pubkey()), creator: None },
        Issuers { creator: Some(stage.world.issuer.authority.pubkey()), authority: None },
    ];
}

/// Counts reads.
struct Counting<'a>(&'a dyn AccountReader, std::sync::atomic::AtomicUsize);

#[async_trait::async_trait]
impl AccountReader for Counting<'_> {
    async fn read(&self, addresses: &[Address]) -> Result<Snapshot, ReadError> {
        self.1.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        self.0.read(addresses).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn verification_has_the_verdicts_of_the_embedded_ledger() {
    use CredentialStatus::{Active, Declined, Erased, Pending, Revoked, Suspended};

    let mut world = World::new();
    let registry = world.body.registry;
    let mut queries = Vec::new();
    for status in [Pending, Active, Suspended, Revoked, Declined, Erased] {
        for _ in 0..30 {
            let held = world.credential_in(status);
            queries.push(Query::at(held.credential).trusting(&[registry]));
            queries.push(Query::latest(world.issuer.acceptance, held.subject()));
        }
    }
    queries.push(Query::latest(world.issuer.achievement, LEARNER));
    let stage = Stage::with(world);
    let now = stage.net.time().unwrap();
    for query in &mut queries {
        query.local_time = Some(now);
    }
    let counting = Counting(&stage.rpc, 0.into());
    let receipts: Vec<_> = verify_many(&counting, queries.clone()).collect().await;
    assert!(counting.1.into_inner() <= 12);
    assert_eq!(receipts.len(), queries.len());
    for (query, receipt) in queries.iter().zip(receipts) {
        let embedded = verify(&stage.world.ledger, query).await;
        assert_eq!((receipt.verdict, receipt.exit_code), (embedded.verdict, embedded.exit_code));
        assert_eq!((receipt.credential, receipt.addresses), (embedded.credential, embedded.addresses));
        assert_eq!(receipt.trust, embedded.trust);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_is_told_in_pages() {
    let mut world = World::new();
    let credential = world.issued(&LEARNER);
    let stage = Stage::with(world);
    let (by, key) = (stage.world.issuer.by_key(), &stage.world.issuer.key);
    let mut signatures = Vec::new();
    for round in 0..6 {
        let instruction = match round % 2 {
            0 => credential::suspend(&by, credential, Reason::UnderReview),
            _ => credential::reinstate(&by, credential),
        };
        signatures.insert(0, stage.send(instruction, key).await.signature);
    }
    let page = |before, until, limit| Page { before, until, limit };
    let told = async |page| {
        let past = stage.rpc.history(&credential, &page).await.unwrap();
        past.into_iter().map(|past| past.signature).collect::<Vec<_>>()
    };
    assert_eq!(told(page(None, None, 100)).await, signatures);
    assert_eq!(told(page(None, None, 2)).await, signatures[..2]);
    assert_eq!(told(page(Some(signatures[1]), None, 2)).await, signatures[2..4]);
    assert_eq!(told(page(None, Some(signatures[3]), 100)).await, signatures[..3]);
    let newest = &stage.rpc.history(&credential, &page(None, None, 1)).await.unwrap()[0];
    let events::CredentialStatusChanged { old_status, new_status, .. } = match newest.events().as_slice() {
        [Event::CredentialStatusChanged(event)] => *event,
        other => panic!("{other:?}"),
    };
    assert_eq!((old_status, new_status), (CredentialStatus::Suspended.code(), CredentialStatus::Active.code()));
    let found: Credential = stage.world.get(&credential);
    assert_eq!(found.subject, LEARNER);
}
