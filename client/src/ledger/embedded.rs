//! The embedded end: the compiled program in an SVM inside the process.

use std::{
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use litesvm::LiteSVM;
use microcred::ID;
use solana_account::Account;
use solana_address::Address;
use solana_clock::Clock;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_message::{Message, VersionedMessage};
use solana_signer::Signer;
use solana_transaction::versioned::VersionedTransaction;

use super::{
    Ledger, ReadError, Sent, Snapshot,
    file::{LedgerFile, OpenError},
};
use crate::error::SendError;

/// The compiled program that the embedded ledger runs.
pub const PROGRAM_ELF: &[u8] = include_bytes!("../../../fixtures/microcred.so");

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
    svm: LiteSVM,
    file: Option<LedgerFile>,
    clock: ClockSource,
    deferred: bool,
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
        let mut svm = LiteSVM::default()
            .with_feature_set(LiteSVM::mainnet_feature_set())
            .with_builtins()
            .with_lamports(FAUCET)
            .with_sysvars()
            .with_sigverify(true)
            .with_blockhash_check(true)
            .with_transaction_history(0);
        load_program(&mut svm)?;
        let mut ledger = Self { svm, file: None, clock: ClockSource::System, deferred: false };
        ledger.tick();
        Ok(ledger)
    }

    /// Opens the ledger in a file, or begins one there. The file is locked until the ledger is dropped.
    ///
    /// # Errors
    /// [`OpenError`]: another process has it open, it cannot be read or written, is damaged, or of another version.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let file = LedgerFile::lock(path)?;
        let mut ledger = match file.load()? {
            None => Self::in_memory()?,
            Some(state) => {
                let mut svm = litesvm_persistence::from_bytes(&state)
                    .map_err(|error| OpenError::Damaged { path: path.to_owned(), why: error.to_string() })?;
                load_program(&mut svm)?;
                Self { svm, file: None, clock: ClockSource::System, deferred: false }
            }
        };
        ledger.file = Some(file);
        ledger.tick();
        ledger.save().map_err(|error| OpenError::Io { path: path.to_owned(), error })?;
        Ok(ledger)
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
    pub fn path(&self) -> Option<&Path> {
        self.file.as_ref().map(LedgerFile::path)
    }

    /// Sends lamports from the ledger's faucet.
    ///
    /// # Errors
    /// [`SendError`] when the faucet is empty or the ledger cannot be saved.
    pub fn fund(&mut self, address: &Address, lamports: u64) -> Result<(), SendError> {
        self.svm.expire_blockhash();
        self.svm.airdrop(address, lamports).map_err(|failed| SendError::NotExecuted(failed.err))?;
        self.save_unless_deferred()
    }

    /// The account at an address; none: the address is empty.
    #[must_use]
    pub fn account(&self, address: &Address) -> Option<Account> {
        self.svm.get_account(address).filter(|account| account.lamports > 0)
    }

    /// The program's accounts.
    #[must_use]
    pub fn program_accounts(&self) -> Vec<(Address, Account)> {
        self.svm.get_program_accounts(&ID)
    }

    /// Lamports that an account of a size must hold, by the ledger's rent.
    #[must_use]
    pub fn rent_minimum(&self, size: usize) -> u64 {
        self.svm.minimum_balance_for_rent_exemption(size)
    }

    /// The ledger's time, Unix seconds.
    #[must_use]
    pub fn time(&self) -> i64 {
        self.svm.get_sysvar::<Clock>().unix_timestamp
    }

    /// Sets the time, Unix seconds, and lets it stand still from then on.
    pub fn set_time(&mut self, unix_timestamp: i64) {
        self.clock = ClockSource::Manual;
        self.svm.set_sysvar(&Clock { unix_timestamp, ..self.svm.get_sysvar() });
    }

    /// The SVM itself, for tests and measurements.
    #[must_use]
    pub const fn svm(&mut self) -> &mut LiteSVM {
        &mut self.svm
    }

    /// Sends one transaction.
    ///
    /// # Errors
    /// [`SendError`]; on `NotSaved` the transaction took effect in memory. A refusal is told as such, saved or not.
    pub fn send(
        &mut self,
        instructions: &[Instruction],
        payer: &Keypair,
        signers: &[&Keypair],
    ) -> Result<Sent, SendError> {
        self.tick();
        self.svm.expire_blockhash();
        let message = Message::new_with_blockhash(instructions, Some(&payer.pubkey()), &self.svm.latest_blockhash());
        let mut keys = vec![payer];
        keys.extend(signers.iter().copied().filter(|signer| signer.pubkey() != payer.pubkey()));
        let transaction = VersionedTransaction::try_new(VersionedMessage::Legacy(message), &keys)
            .map_err(|error| SendError::NotSigned(error.to_string()))?;
        let landed = self
            .svm
            .send_transaction(transaction)
            .map_err(|failed| SendError::from_transaction(failed.err, instructions, failed.meta.logs));
        let saved = self.save_unless_deferred();
        let landed = landed?;
        saved?;
        Ok(Sent {
            signature: landed.signature,
            fee: landed.fee,
            compute_units: landed.compute_units_consumed,
            logs: landed.logs,
            return_data: landed.return_data.data,
        })
    }

    /// Runs many sendings and saves once, after the last: quicker, but a crash meanwhile loses them all.
    ///
    /// # Errors
    /// Whatever the closure returns; [`SendError::NotSaved`].
    pub fn batch<T, E: From<SendError>>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E> {
        let before = std::mem::replace(&mut self.deferred, true);
        let result = work(self);
        self.deferred = before;
        self.save_unless_deferred()?;
        result
    }

    /// Moves the clock on to the computer's time, and the slot with it.
    fn tick(&mut self) {
        let mut clock: Clock = self.svm.get_sysvar();
        clock.slot = clock.slot.saturating_add(1);
        if self.clock == ClockSource::System {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
            clock.unix_timestamp = clock.unix_timestamp.max(i64::try_from(now).unwrap_or(i64::MAX));
        }
        self.svm.set_sysvar(&clock);
    }

    fn save_unless_deferred(&self) -> Result<(), SendError> {
        if self.deferred {
            return Ok(());
        }
        self.save().map_err(|error| SendError::NotSaved(error.to_string()))
    }

    fn save(&self) -> std::io::Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        file.save(&litesvm_persistence::to_bytes(&self.svm).map_err(std::io::Error::other)?)
    }
}

impl Ledger for Embedded {
    async fn read(&self, addresses: &[Address]) -> Result<Snapshot, ReadError> {
        Ok(Snapshot {
            slot: self.svm.get_sysvar::<Clock>().slot,
            accounts: addresses.iter().map(|address| self.account(address)).collect(),
        })
    }

    async fn send(
        &mut self,
        instructions: &[Instruction],
        payer: &Keypair,
        signers: &[&Keypair],
    ) -> Result<Sent, SendError> {
        Self::send(self, instructions, payer, signers)
    }
}

/// Loads the program also into a ledger that was saved with an older build of it: account layouts never change.
fn load_program(svm: &mut LiteSVM) -> Result<(), OpenError> {
    svm.add_program(ID, PROGRAM_ELF).map_err(|error| OpenError::Program(error.to_string()))
}
