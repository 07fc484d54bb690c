//! Signed transactions and what the ledger tells of the past: each takes effect once, and the history never tells of what did not happen.

use std::{fs, io::Write, path::PathBuf};

use microcred_client::{
    error::SendError,
    ledger::{AccountReader, Embedded, Ledger, Page, Past, READ_LIMIT, ReadError},
};
use solana_message::{Message, VersionedMessage};
use solana_signature::Signature;
use solana_signer::Signer;
use solana_transaction::versioned::VersionedTransaction;
use solana_transaction_error::TransactionError;

use super::Home;

const ALL: Page = Page { before: None, until: None, limit: 1000 };

impl Home {
    /// A signed transaction that creates a registry.
    async fn signed(&self, ledger: &Embedded, slug: &str) -> VersionedTransaction {
        let blockhash = ledger.lifetime().await.unwrap().blockhash;
        let message = Message::new_with_blockhash(&[self.creating(slug)], Some(&self.payer.pubkey()), &blockhash);
        VersionedTransaction::try_new(VersionedMessage::Legacy(message), &[&self.payer]).unwrap()
    }

    async fn past(&self, ledger: &Embedded) -> Vec<Past> {
        ledger.history(&self.payer.pubkey(), &ALL).await.unwrap()
    }

    fn history(&self) -> PathBuf {
        self.folder.path().join("ledger.history")
    }
}

fn signatures(past: &[Past]) -> Vec<Signature> {
    past.iter().map(|past| past.signature).collect()
}

#[tokio::test]
async fn the_newest_stands_first_and_outlives_the_process() {
    let home = Home::new();
    let mut ledger = home.funded();
    let mut sent = Vec::new();
    for slug in ["one", "two", "three"] {
        sent.insert(0, home.create(&mut ledger, slug).unwrap());
    }
    let before = home.past(&ledger).await;
    assert_eq!(signatures(&before), sent.iter().map(|sent| sent.signature).collect::<Vec<_>>());
    assert!(before.is_sorted_by(|newer, older| newer.slot > older.slot));
    assert_eq!(before[0].time, Some(ledger.time()));
    assert_eq!((before[0].fee, before[0].compute_units), (sent[0].fee, sent[0].compute_units));
    assert!(matches!(&before[0].events()[..], [event] if event.name() == "RegistryCreated"));
    drop(ledger);
    let ledger = home.open();
    assert_eq!(home.past(&ledger).await, before);
    assert_eq!(ledger.history(&home.registry("two"), &ALL).await.unwrap(), before[1..2]);
    assert_eq!(ledger.outcome(&sent[1].signature).await.unwrap().as_ref(), Some(&before[1]));
    assert_eq!(ledger.outcome(&Signature::default()).await.unwrap(), None);

    for (page, expected) in [
        (Page { limit: 2, ..ALL }, &before[..2]),
        (Page { before: Some(before[0].signature), ..ALL }, &before[1..]),
        (Page { until: Some(before[2].signature), ..ALL }, &before[..2]),
        (Page { before: Some(before[0].signature), until: Some(before[2].signature), ..ALL }, &before[1..2]),
        (Page { before: Some(before[2].signature), ..ALL }, &[]),
    ] {
        assert_eq!(ledger.history(&home.payer.pubkey(), &page).await.unwrap(), expected, "{page:?}");
    }
}

#[tokio::test]
async fn what_failed_is_told_with_its_error_and_without_events() {
    let home = Home::new();
    let mut ledger = home.funded();
    home.create(&mut ledger, "agency").unwrap();
    assert!(matches!(home.create(&mut ledger, "Not A Slug"), Err(SendError::Refused { .. })));
    let past = home.past(&ledger).await;
    assert!(matches!(past[0].failure, Some(TransactionError::InstructionError(0, _))), "{past:?}");
    assert!(past[0].events().is_empty());
    assert_eq!(past.len(), 2);
    let failed = home.signed(&ledger, "Not A Slug either").await;
    let Err(refused) = ledger.submit(&failed, None).await else { panic!("it took effect") };
    assert_eq!(ledger.submit(&failed, None).await, Err(refused), "the same again");
}

#[tokio::test]
async fn a_signed_transaction_takes_effect_once_however_often_it_is_submitted() {
    let home = Home::new();
    let ledger = home.funded();
    let transaction = home.signed(&ledger, "agency").await;
    let sent = ledger.submit(&transaction, None).await.unwrap();
    assert_eq!(sent.signature, transaction.signatures[0]);
    let lamports = home.lamports(&ledger);
    assert_eq!(ledger.submit(&transaction, None).await.as_ref(), Ok(&sent));
    drop(ledger);
    // Also by another process, and with a blockhash that is not the ledger's any more.
    let ledger = home.open();
    assert_eq!(ledger.submit(&transaction, None).await.as_ref(), Ok(&sent));
    ledger.lifetime().await.unwrap();
    assert_eq!(ledger.submit(&transaction, None).await.as_ref(), Ok(&sent));
    assert_eq!(home.lamports(&ledger), lamports);
    assert_eq!(home.past(&ledger).await.len(), 1);
}

#[tokio::test]
async fn what_is_not_signed_or_too_old_is_not_executed() {
    let home = Home::new();
    let ledger = home.funded();
    let mut forged = home.signed(&ledger, "agency").await;
    forged.signatures[0] = Signature::from([7; 64]);
    let refused = ledger.submit(&forged, None).await;
    assert_eq!(refused, Err(SendError::NotExecuted(TransactionError::SignatureFailure)));

    let [first, second] = [home.signed(&ledger, "one").await, home.signed(&ledger, "two").await];
    assert_eq!(first.message.recent_blockhash(), second.message.recent_blockhash());
    ledger.submit(&first, None).await.unwrap();
    home.signed(&ledger, "three").await;
    let late = ledger.submit(&second, None).await;
    assert_eq!(late, Err(SendError::Expired(second.signatures[0])));
    assert_eq!(home.past(&ledger).await.len(), 1);
}

#[tokio::test]
async fn a_simulation_needs_no_signature_and_changes_nothing() {
    let home = Home::new();
    let ledger = home.funded();
    let signed = home.signed(&ledger, "agency").await;
    let unsigned = VersionedTransaction { signatures: vec![Signature::default()], ..signed.clone() };
    let simulated = ledger.simulate(&unsigned).await.unwrap();
    assert!(ledger.account(&home.registry("agency")).is_none());
    assert!(home.past(&ledger).await.is_empty());
    let fee = ledger.fee(&signed.message).await.unwrap();
    let sent = ledger.submit(&signed, None).await.unwrap();
    assert_eq!((simulated.compute_units, &simulated.logs, fee), (sent.compute_units, &sent.logs, sent.fee));
    assert!(matches!(ledger.simulate(&unsigned).await, Err(SendError::Refused { .. })), "it exists by now");
}

#[tokio::test]
async fn after_a_crash_the_history_tells_no_more_than_the_ledger_knows() {
    let home = Home::new();
    let mut ledger = home.funded();
    home.create(&mut ledger, "one").unwrap();
    let (state, history) = (fs::read(home.path()).unwrap(), fs::read(home.history()).unwrap());
    home.create(&mut ledger, "two").unwrap();
    let longer = fs::read(home.history()).unwrap();
    assert!(longer.starts_with(&history) && longer.len() > history.len());
    drop(ledger);
    // The history was written, the ledger not yet; or the history only in part.
    for cut in [longer.len(), longer.len() - 1, history.len() + 1] {
        fs::write(home.path(), &state).unwrap();
        fs::write(home.history(), &longer[..cut]).unwrap();
        let mut ledger = home.open();
        assert_eq!(home.past(&ledger).await.len(), 1);
        assert_eq!(fs::read(home.history()).unwrap(), history);
        home.create(&mut ledger, "two").unwrap();
        assert_eq!(home.past(&ledger).await.len(), 2);
    }
}

#[tokio::test]
async fn a_history_that_is_lost_or_unreadable_takes_nothing_from_the_ledger() {
    let home = Home::new();
    let mut ledger = home.funded();
    home.create(&mut ledger, "one").unwrap();
    drop(ledger);
    fs::remove_file(home.history()).unwrap();
    let mut ledger = home.open();
    assert!(ledger.account(&home.registry("one")).is_some());
    assert!(home.past(&ledger).await.is_empty());
    home.create(&mut ledger, "two").unwrap();
    drop(ledger);
    fs::File::options().append(true).open(home.history()).unwrap().write_all(b"not a line\n").unwrap();
    assert_eq!(home.past(&home.open()).await.len(), 1);
}

#[tokio::test]
async fn submitted_together_they_are_all_saved_when_the_first_returns() {
    let home = Home::new();
    let ledger = home.funded();
    let mut transactions = Vec::new();
    for slug in ["one", "two", "three"] {
        transactions.push(home.signed(&ledger, slug).await);
    }
    let [one, two, three] = &transactions[..] else { unreachable!() };
    let sent = tokio::join!(ledger.submit(one, None), ledger.submit(two, None), ledger.submit(three, None));
    sent.0.unwrap();
    sent.1.unwrap();
    sent.2.unwrap();
    drop(ledger);
    let ledger = home.open();
    assert_eq!(ledger.program_accounts().len(), 3);
    assert_eq!(home.past(&ledger).await.len(), 3);
}

#[tokio::test]
async fn one_read_has_a_limit() {
    let ledger = Embedded::in_memory().unwrap();
    let addresses = vec![microcred_client::PROGRAM_ID; READ_LIMIT + 1];
    assert_eq!(ledger.read(&addresses).await, Err(ReadError::TooMany(READ_LIMIT + 1)));
    assert_eq!(ledger.read(&addresses[1..]).await.unwrap().accounts.len(), READ_LIMIT);
}
