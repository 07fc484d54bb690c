//! What bulk issuing and bulk revoking differ in.

use async_trait::async_trait;
use microcred::error::MicrocredError;
use solana_account::Account;
use solana_address::Address;
use solana_instruction::Instruction;
use solana_signer::Signer;

use super::{Options, journal::Made};
use crate::ledger::Ledger;
use crate::sending::{Budget, Draft, TRANSACTION_SIZE, Validity};

/// Rows that are to be done, by their number from 0, and how.
#[async_trait]
pub(super) trait Job: Send + Sync {
    /// Pays the fees.
    fn payer(&self) -> Address;

    /// Line of a row in the file.
    fn line(&self, row: usize) -> u64;

    /// The credential that a row is about.
    fn credential(&self, row: usize) -> Address;

    /// What the account at that address says about a row.
    fn standing(&self, row: usize, account: Option<&Account>) -> Standing;

    /// Rows that go into one transaction, each.
    fn pack(&self, rows: &[usize], budget: Budget) -> Vec<Vec<usize>>;

    /// What does rows that were packed together.
    fn instruction(&self, rows: &[usize]) -> Instruction;

    /// Compute units that rows which were packed together take at most, roughly; and the more rows take, the larger it is.
    fn units(&self, rows: &[usize]) -> u64;

    /// The key that signs documents; none: no documents are made.
    fn document_key(&self) -> Option<Address> {
        None
    }

    /// Requires that the key may still sign documents.
    async fn may_still_sign(&self, _ledger: &dyn Ledger, _options: &Options) -> Result<(), String> {
        Ok(())
    }

    /// Makes the documents of rows that have none yet, and writes them; what this gives is to be in the journal before the rows are sent.
    fn make(&self, _rows: &[usize], _signer: &dyn Signer) -> Result<Vec<Made>, String> {
        Ok(Vec::new())
    }

    /// Whether a document was made for a row.
    fn has_document(&self, _row: usize) -> bool {
        false
    }

    /// Whether there is a file with a document of a row, whoever made it and when.
    fn has_file(&self, _row: usize) -> bool {
        false
    }

    /// Whether the document of that file stands on chain, as far as the run looked.
    fn is_on_chain(&self, _row: usize) -> bool {
        false
    }

    /// How many documents this run made.
    fn documents(&self) -> usize {
        0
    }

    /// Whether an error befalls every row alike, so that there is no use in going on.
    fn stops(&self, error: MicrocredError) -> bool;
}

/// What an account says about a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// The row is still to be done.
    Open,
    /// The row is done: by this run or an earlier one with the same journal, if `ours` and something was sent.
    Done {
        /// Whether the account is as this run would make it.
        ours: bool,
        /// What to say of it otherwise.
        what: String,
    },
    /// The row can never be done.
    Closed(String),
}

/// How many rows fit into one transaction: the instruction is one of so many rows.
pub(super) fn capacity(payer: Address, budget: Budget, instruction: impl Fn(usize) -> Instruction) -> usize {
    let fits = |rows: &usize| {
        let draft = Draft { budget, ..Draft::new(payer, vec![instruction(*rows)]) };
        draft.size(&Validity::Blockhash(solana_hash::Hash::default())) <= TRANSACTION_SIZE
    };
    (1..).take_while(fits).last().unwrap_or(1)
}
