//! The embedded end: the compiled program in an SVM inside the process.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

use async_trait::async_trait;
use litesvm::{LiteSVM, types::FailedTransactionMetadata};
use microcred::ID;
use solana_account::Account;
use solana_address::Address;
use solana_clock::Clock;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_message::{Message, VersionedMessage};
use solana_signature::Signature;
use solana_signer::Signer;
use solana_transaction::versioned::VersionedTransaction;
use solana_transaction_error::TransactionError;

use super::{
    AccountReader, Ledger, Lifetime, Page, Past, READ_LIMIT, ReadError, Search, Sent, Simulated, Snapshot,
    file::{LedgerFile, OpenError},
    journal::{self, Journal, Line},
};
use crate::error::SendError;

/// The compiled program that the embedded ledger runs.
pub const PROGRAM_ELF: &[u8] = include_bytes!("../../../fixtures/microcred.so");

/// For how many slots a blockhash is good, as on a cluster.
const LIFETIME: u64 = 150;

/// How many lamports the ledger's faucet holds at first.
const FAUCET: u64 = 1 << 60;

/// A ledger inside the process. With a file, every transaction is saved before its sending returns; without, all is gone with it.
///
/// ```
/// use microcred_client::ledger::Embedded;
/// use solana_keypair::Keypair;
/// use solana_signer::Signer;
///
/// let mut ledger = Embedded::in_memory()?;
/// let payer = Keypair::new();
/// ledger.fund(&payer.pubkey(), 1_000_000_000)?;
/// assert_eq!(ledger.account(&payer.pubkey()).map(|account| account.lamports), Some(1_000_000_000));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Embedded {
    inner: Mutex<Inner>,
}

struct Inner {
    svm: LiteSVM,
    file: Option<LedgerFile>,
    journal: Journal,
    clock: ClockSource,
    /// Inside [`Embedded::batch`].
    deferred: bool,
    /// The transactions that were executed with the present blockhash.
    executed_now: HashSet<Signature>,
    /// How many transactions were executed in this process, and of how many of them the effect is saved.
    executed: u64,
    saved: u64,
}

/// Where the ledger's time comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ClockSource {
    /// The computer's clock, but never backwards.
    System,
    /// [`Embedded::set_time`].
    Manual,
}

impl Embedded {
    /// A new ledger that lives in memory alone.
    ///
    /// # Errors
    /// [`OpenError::Program`].
    pub fn in_memory() -> Result<Self, OpenError> {
        let svm = LiteSVM::default()
            .with_feature_set(LiteSVM::mainnet_feature_set())
            .with_builtins()
            .with_lamports(FAUCET)
            .with_sysvars()
            .with_transaction_history(0);
        let mut inner = Inner::new(svm, Journal::in_memory())?;
        inner.tick();
        Ok(Self { inner: Mutex::new(inner) })
    }

    /// Opens the ledger in a file, or begins one there. The file is locked until the ledger is dropped. What was executed is told by a
    /// second file beside it, `.history`.
    ///
    /// # Errors
    /// [`OpenError`]: another process has it open, it cannot be read or written, is damaged, or of another version.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let file = LedgerFile::lock(path)?;
        let mut inner = match file.load()? {
            None => Self::in_memory()?.inner.into_inner().unwrap_or_else(PoisonError::into_inner),
            Some(state) => {
                let svm = litesvm_persistence::from_bytes(&state)
                    .map_err(|error| OpenError::Damaged { path: path.to_owned(), why: error.to_string() })?;
                Inner::new(svm, Journal::in_memory())?
            }
        };
        let io = |error| OpenError::Io { path: path.to_owned(), error };
        inner.journal = Journal::open(path, inner.clock().slot).map_err(io)?;
        let blockhash = inner.svm.latest_blockhash();
        let executed = inner.journal.select(|line| line.blockhash == blockhash).map_err(io)?;
        inner.executed_now = executed.into_iter().map(|line| line.past.signature).collect();
        inner.file = Some(file);
        inner.tick();
        inner.save().map_err(io)?;
        Ok(Self { inner: Mutex::new(inner) })
    }

    /// Where the ledger lives if nothing else is said: `microcred/ledger` in the user's data folder.
    ///
    /// # Errors
    /// [`OpenError::NoDataFolder`].
    pub fn default_path() -> Result<PathBuf, OpenError> {
        Ok(dirs::data_local_dir().ok_or(OpenError::NoDataFolder)?.join("microcred").join("ledger"))
    }

    /// The ledger's file, if it has one.
    #[must_use]
    pub fn path(&self) -> Option<PathBuf> {
        self.lock().file.as_ref().map(|file| file.path().to_owned())
    }

    /// Sends lamports from the ledger's faucet.
    ///
    /// # Errors
    /// [`SendError`] when the faucet is empty or the ledger cannot be saved.
    pub fn fund(&mut self, address: &Address, lamports: u64) -> Result<(), SendError> {
        let inner = self.inner();
        inner.svm.expire_blockhash();
        inner.svm.airdrop(address, lamports).map_err(|failed| SendError::NotExecuted(failed.err))?;
        inner.save_unless_deferred()
    }

    /// The account at an address; none: the address is empty.
    #[must_use]
    pub fn account(&self, address: &Address) -> Option<Account> {
        self.lock().account(address)
    }

    /// The program's accounts.
    #[must_use]
    pub fn program_accounts(&self) -> Vec<(Address, Account)> {
        self.lock().svm.get_program_accounts(&ID)
    }

    /// Lamports that an account of a size must hold, by the ledger's rent.
    #[must_use]
    pub fn rent_minimum(&self, size: usize) -> u64 {
        self.lock().svm.minimum_balance_for_rent_exemption(size)
    }

    /// The ledger's time, Unix seconds.
    #[must_use]
    pub fn time(&self) -> i64 {
        self.lock().clock().unix_timestamp
    }

    /// Sets the time, Unix seconds, and lets it stand still from then on.
    pub fn set_time(&mut self, unix_timestamp: i64) {
        let inner = self.inner();
        inner.clock = ClockSource::Manual;
        inner.svm.set_sysvar(&Clock { unix_timestamp, ..inner.clock() });
    }

    /// The SVM itself, for tests and measurements.
    #[must_use]
    pub fn svm(&mut self) -> &mut LiteSVM {
        &mut self.inner().svm
    }

    /// Signs and sends one transaction.
    ///
    /// # Errors
    /// [`SendError`]; on `NotSaved` the transaction took effect in memory. A refusal is told as such, saved or not.
    pub fn send(
        &mut self,
        instructions: &[Instruction],
        payer: &Keypair,
        signers: &[&Keypair],
    ) -> Result<Sent, SendError> {
        let inner = self.inner();
        inner.renew_blockhash();
        let message = Message::new_with_blockhash(instructions, Some(&payer.pubkey()), &inner.svm.latest_blockhash());
        let mut keys = vec![payer];
        keys.extend(signers.iter().copied().filter(|signer| signer.pubkey() != payer.pubkey()));
        let transaction = VersionedTransaction::try_new(VersionedMessage::Legacy(message), &keys)
            .map_err(|error| SendError::NotSigned(error.to_string()))?;
        let landed = inner.execute(&transaction);
        let saved = inner.save_unless_deferred();
        let landed = landed?;
        saved?;
        Ok(landed)
    }

    /// Runs many sendings and saves once, after the last: quicker, but a crash meanwhile loses them all.
    ///
    /// # Errors
    /// Whatever the closure returns; [`SendError::NotSaved`].
    pub fn batch<T, E: From<SendError>>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E> {
        let before = std::mem::replace(&mut self.inner().deferred, true);
        let result = work(self);
        let inner = self.inner();
        inner.deferred = before;
        inner.save_unless_deferred()?;
        result
    }

    fn inner(&mut self) -> &mut Inner {
        self.inner.get_mut().unwrap_or_else(PoisonError::into_inner)
    }

    /// A panic while the ledger was held leaves it as the SVM left it, which changes accounts in one step.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Signatures are checked by [`Self::execute`], so that what is not signed yet can be simulated.
    fn new(svm: LiteSVM, journal: Journal) -> Result<Self, OpenError> {
        let mut svm = svm.with_sigverify(false).with_blockhash_check(true);
        load_program(&mut svm)?;
        Ok(Self {
            svm,
            file: None,
            journal,
            clock: ClockSource::System,
            deferred: false,
            executed_now: HashSet::new(),
            executed: 0,
            saved: 0,
        })
    }

    fn clock(&self) -> Clock {
        self.svm.get_sysvar()
    }

    fn account(&self, address: &Address) -> Option<Account> {
        self.svm.get_account(address).filter(|account| account.lamports > 0)
    }

    fn renew_blockhash(&mut self) {
        self.svm.expire_blockhash();
        self.executed_now.clear();
    }

    /// Executes a signed transaction and writes it into the history.
    fn execute(&mut self, transaction: &VersionedTransaction) -> Result<Sent, SendError> {
        if !transaction.verify_with_results().into_iter().all(|right| right) {
            return Err(SendError::NotExecuted(TransactionError::SignatureFailure));
        }
        self.tick();
        let Clock { slot, unix_timestamp, .. } = self.clock();
        let result = self.svm.send_transaction(transaction.clone());
        let (meta, failure) = match &result {
            Ok(meta) => (meta, None),
            Err(FailedTransactionMetadata { err, meta }) => (meta, Some(err)),
        };
        // What was not executed leaves no trace, as on a cluster: it paid no fee.
        if failure.is_none() || matches!(failure, Some(TransactionError::InstructionError(..))) {
            self.executed_now.insert(meta.signature);
            self.executed = self.executed.saturating_add(1);
            let line = Line {
                past: Past {
                    signature: meta.signature,
                    slot,
                    time: Some(unix_timestamp),
                    failure: failure.cloned(),
                    fee: meta.fee,
                    compute_units: meta.compute_units_consumed,
                    logs: meta.logs.clone(),
                },
                blockhash: *transaction.message.recent_blockhash(),
                accounts: transaction.message.static_account_keys().to_vec(),
            };
            self.journal.append(line).map_err(|error| SendError::NotSaved(error.to_string()))?;
        }
        let landed =
            result.map_err(|failed| SendError::of_message(failed.err, &transaction.message, failed.meta.logs))?;
        Ok(Sent {
            signature: landed.signature,
            slot,
            fee: landed.fee,
            compute_units: landed.compute_units_consumed,
            logs: landed.logs,
            return_data: landed.return_data.data,
        })
    }

    /// The line of the history about a transaction.
    fn find(&self, signature: &Signature) -> Result<Option<Past>, ReadError> {
        let lines = self
            .journal
            .select(|line| line.past.signature == *signature)
            .map_err(|error| ReadError::File(error.to_string()))?;
        Ok(lines.into_iter().map(|line| line.past).next())
    }

    /// The transaction with the present blockhash, unless a nonce stands in for that.
    fn recent(&self, mut transaction: VersionedTransaction) -> VersionedTransaction {
        if !transaction.uses_durable_nonce() {
            transaction.message.set_recent_blockhash(self.svm.latest_blockhash());
        }
        transaction
    }

    /// Moves the clock on to the computer's time, and the slot with it.
    fn tick(&mut self) {
        let mut clock = self.clock();
        clock.slot = clock.slot.saturating_add(1);
        if self.clock == ClockSource::System {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
            clock.unix_timestamp = clock.unix_timestamp.max(i64::try_from(now).unwrap_or(i64::MAX));
        }
        self.svm.set_sysvar(&clock);
    }

    fn save_unless_deferred(&mut self) -> Result<(), SendError> {
        if self.deferred {
            return Ok(());
        }
        self.save().map_err(|error| SendError::NotSaved(error.to_string()))
    }

    fn save(&mut self) -> std::io::Result<()> {
        if let Some(file) = &self.file {
            self.journal.sync()?;
            file.save(&litesvm_persistence::to_bytes(&self.svm).map_err(std::io::Error::other)?)?;
        }
        self.saved = self.executed;
        Ok(())
    }
}

#[async_trait]
impl AccountReader for Embedded {
    async fn read(&self, addresses: &[Address]) -> Result<Snapshot, ReadError> {
        if addresses.len() > READ_LIMIT {
            return Err(ReadError::TooMany(addresses.len()));
        }
        let inner = self.lock();
        Ok(Snapshot {
            slot: inner.clock().slot,
            accounts: addresses.iter().map(|address| inner.account(address)).collect(),
        })
    }
}

#[async_trait]
impl Ledger for Embedded {
    async fn find(&self, search: &Search) -> Result<Vec<(Address, Account)>, ReadError> {
        let mut found = self.program_accounts();
        found.retain(|(_, account)| {
            search
                .matches
                .iter()
                .all(|(offset, bytes)| account.data.get(*offset..).is_some_and(|from| from.starts_with(bytes)))
        });
        if let Some((offset, length)) = search.slice {
            for (_, account) in &mut found {
                account.data = account.data.iter().skip(offset).take(length).copied().collect();
            }
        }
        Ok(found)
    }

    async fn rent_minimum(&self, size: usize) -> Result<u64, ReadError> {
        Ok(Self::rent_minimum(self, size))
    }

    /// Good until the next one is asked for after a transaction was executed: this ledger knows only one blockhash at a time.
    async fn lifetime(&self) -> Result<Lifetime, ReadError> {
        let mut inner = self.lock();
        if !inner.executed_now.is_empty() {
            inner.renew_blockhash();
            inner.save().map_err(|error| ReadError::File(error.to_string()))?;
        }
        Ok(Lifetime {
            blockhash: inner.svm.latest_blockhash(),
            last_valid_block_height: inner.clock().slot.saturating_add(LIFETIME),
        })
    }

    /// Every slot has a block here.
    async fn block_height(&self) -> Result<u64, ReadError> {
        Ok(self.lock().clock().slot)
    }

    async fn fee(&self, message: &VersionedMessage) -> Result<u64, ReadError> {
        let signatures = vec![Signature::default(); usize::from(message.header().num_required_signatures)];
        let unsigned = VersionedTransaction { signatures, message: message.clone() };
        let inner = self.lock();
        Ok(match inner.svm.simulate_transaction(inner.recent(unsigned)) {
            Ok(simulated) => simulated.meta.fee,
            Err(failed) => failed.meta.fee,
        })
    }

    async fn recent_priority_fees(&self, _writable: &[Address]) -> Result<Vec<u64>, ReadError> {
        Ok(Vec::new())
    }

    async fn simulate(&self, transaction: &VersionedTransaction) -> Result<Simulated, SendError> {
        let mut inner = self.lock();
        // A nonce can be advanced once with each blockhash.
        if !inner.executed_now.is_empty() && transaction.uses_durable_nonce() {
            inner.renew_blockhash();
        }
        let simulated = inner
            .svm
            .simulate_transaction(inner.recent(transaction.clone()))
            .map_err(|failed| SendError::of_message(failed.err, &transaction.message, failed.meta.logs))?;
        Ok(Simulated {
            compute_units: simulated.meta.compute_units_consumed,
            logs: simulated.meta.logs,
            return_data: simulated.meta.return_data.data,
        })
    }

    /// What is submitted together is saved together: the last of those that wait saves for all.
    async fn submit(
        &self,
        transaction: &VersionedTransaction,
        _last_valid_block_height: Option<u64>,
    ) -> Result<Sent, SendError> {
        let (landed, number) = {
            let mut inner = self.lock();
            let signature = transaction.signatures.first().copied().unwrap_or_default();
            if !inner.executed_now.is_empty() && transaction.uses_durable_nonce() {
                inner.renew_blockhash();
            }
            let result = if inner.executed_now.contains(&signature) {
                Err(SendError::NotExecuted(TransactionError::AlreadyProcessed))
            } else {
                inner.execute(transaction)
            };
            // Executed before, perhaps with an older blockhash: that is its effect.
            if let Err(SendError::NotExecuted(TransactionError::AlreadyProcessed | TransactionError::BlockhashNotFound)) =
                result
                && let Some(past) = inner.find(&signature)?
            {
                return past.into_result(&transaction.message);
            }
            let result = match result {
                Err(SendError::NotExecuted(TransactionError::BlockhashNotFound)) => Err(SendError::Expired(signature)),
                result => result,
            };
            (result, inner.executed)
        };
        tokio::task::yield_now().await;
        let mut inner = self.lock();
        let saved = if inner.saved < number { inner.save_unless_deferred() } else { Ok(()) };
        let landed = landed?;
        saved?;
        Ok(landed)
    }

    async fn outcome(&self, signature: &Signature) -> Result<Option<Past>, ReadError> {
        self.lock().find(signature)
    }

    async fn history(&self, address: &Address, page: &Page) -> Result<Vec<Past>, ReadError> {
        let lines = self
            .lock()
            .journal
            .select(|line| line.accounts.contains(address))
            .map_err(|error| ReadError::File(error.to_string()))?;
        Ok(journal::page(lines, page))
    }
}

/// Loads the program also into a ledger that was saved with an older build of it: account layouts never change.
fn load_program(svm: &mut LiteSVM) -> Result<(), OpenError> {
    svm.add_program(ID, PROGRAM_ELF).map_err(|error| OpenError::Program(error.to_string()))
}
