//! Reading what stands there: in portions, and without a ledger that lists accounts.

use async_trait::async_trait;
use microcred_client::{
    Address,
    declaration::{Declaration, DeclarationError, State, plan},
    error::SendError,
    ledger::{
        AccountReader, Embedded, Ledger, Lifetime, Page, Past, READ_LIMIT, ReadError, Search, Sent, Simulated, Snapshot,
    },
};
use solana_account::Account;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::stage::{BOTH, Stage, wait, with};

#[test]
fn more_than_a_read_takes_is_read_in_portions() {
    let mut stage = Stage::new();
    let mut text = BOTH.to_owned();
    let mut keys = String::new();
    for number in 0..u32::try_from(READ_LIMIT).unwrap() + 20 {
        let key = Keypair::new().pubkey();
        keys += &format!("[[issuer.keys]]\nname = \"k{number}\"\naddress = \"{key}\"\npermissions = [\"issue\"]\n\n");
        text += &format!("\n[[achievements]]\ncode = \"a{number}\"\ntitle = \"A\"\nkind = \"badge\"\n");
    }
    let text = with(&text, "[accreditation]", &format!("{keys}[accreditation]"));
    assert_eq!(stage.apply(&text).len(), 6 + 2 * (READ_LIMIT + 20));
    let state = stage.read(&text).unwrap();
    assert_eq!((state.keys.len(), state.achievements.len()), (READ_LIMIT + 22, READ_LIMIT + 22));
    assert!(state.keys.iter().zip(0..).all(|(key, index)| key.index == index));
}

/// A ledger that does not list accounts, as some public endpoints; or does not answer at all.
struct Reserved<'a> {
    ledger: &'a Embedded,
    answers: bool,
}

const REFUSED: &str = "not here";

#[async_trait]
impl AccountReader for Reserved<'_> {
    async fn read(&self, addresses: &[Address]) -> Result<Snapshot, ReadError> {
        if self.answers { self.ledger.read(addresses).await } else { Err(ReadError::Refused(REFUSED.into())) }
    }
}

#[async_trait]
impl Ledger for Reserved<'_> {
    async fn find(&self, _: &Search) -> Result<Vec<(Address, Account)>, ReadError> {
        Err(ReadError::Refused(REFUSED.into()))
    }
    async fn rent_minimum(&self, size: usize) -> Result<u64, ReadError> {
        Ok(self.ledger.rent_minimum(size))
    }
    async fn lifetime(&self) -> Result<Lifetime, ReadError> {
        self.ledger.lifetime().await
    }
    async fn block_height(&self) -> Result<u64, ReadError> {
        self.ledger.block_height().await
    }
    async fn fee(&self, message: &solana_message::VersionedMessage) -> Result<u64, ReadError> {
        self.ledger.fee(message).await
    }
    async fn recent_priority_fees(&self, writable: &[Address]) -> Result<Vec<u64>, ReadError> {
        self.ledger.recent_priority_fees(writable).await
    }
    async fn simulate(
        &self,
        transaction: &solana_transaction::versioned::VersionedTransaction,
    ) -> Result<Simulated, SendError> {
        self.ledger.simulate(transaction).await
    }
    async fn submit(
        &self,
        transaction: &solana_transaction::versioned::VersionedTransaction,
        last: Option<u64>,
    ) -> Result<Sent, SendError> {
        self.ledger.submit(transaction, last).await
    }
    async fn outcome(&self, signature: &solana_signature::Signature) -> Result<Option<Past>, ReadError> {
        self.ledger.outcome(signature).await
    }
    async fn history(&self, address: &Address, page: &Page) -> Result<Vec<Past>, ReadError> {
        self.ledger.history(address, page).await
    }
}

#[test]
fn a_ledger_that_lists_nothing_changes_no_plan() {
    let mut stage = Stage::new();
    stage.apply(BOTH);
    let text = with(BOTH, "draft", "active");
    let declaration = Declaration::parse(&text).unwrap();
    let reserved = Reserved { ledger: &stage.ledger, answers: true };
    let state = wait(State::read(&reserved, &declaration, &stage.roles)).unwrap();
    assert_eq!(state.others, None);
    let planned = plan(&declaration, &stage.roles, &state).unwrap();
    assert_eq!(planned.changes, stage.plan(&text).changes);
    assert_eq!(planned.left_alone, ["what else there is, which the ledger could not list"]);
}

#[test]
fn a_ledger_that_does_not_answer_gives_no_plan() {
    let stage = Stage::new();
    let silent = Reserved { ledger: &stage.ledger, answers: false };
    let read = wait(State::read(&silent, &Declaration::parse(BOTH).unwrap(), &stage.roles));
    assert_eq!(read, Err(DeclarationError::Read(ReadError::Refused(REFUSED.into()))));
}
