//! What can go wrong when something is sent.

use microcred::{ID, error::MicrocredError};
use solana_address::Address;
use solana_instruction_error::InstructionError;
use solana_message::VersionedMessage;
use solana_signature::Signature;
use solana_transaction_error::TransactionError;
use thiserror::Error;

use crate::ledger::ReadError;

/// Why an instruction was refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Refusal {
    /// By a rule of this program.
    #[error("{}", .0.message())]
    Microcred(MicrocredError),
    /// By the framework or the runtime, before or around the program's own rules.
    #[error("{}", describe(.0))]
    Runtime(InstructionError),
}

/// Why a transaction did not land.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SendError {
    /// An instruction was refused: nothing of the transaction took effect, though a fee may have been paid.
    #[error("instruction {} was refused: {refusal}", .index + 1)]
    Refused {
        /// Which instruction of the transaction, from 0.
        index: u8,
        /// Why.
        refusal: Refusal,
        /// The transaction's log.
        logs: Vec<String>,
    },
    /// The transaction was not executed.
    #[error("the transaction was not executed: {0}")]
    NotExecuted(TransactionError),
    /// The transaction's blockhash is too old, and it has not landed: it never will. Signing it anew is safe.
    #[error("the transaction {0} did not land before its blockhash expired: nothing of it took effect; send it again")]
    Expired(Signature),
    /// The transaction was sent, but the cluster could not be asked what became of it. It may land, or have landed.
    #[error(
        "the transaction {signature} was sent, but what became of it is not known ({why}): look it up before sending another"
    )]
    Unconfirmed {
        /// Its signature.
        signature: Signature,
        /// Why it is not known.
        why: String,
    },
    /// The transaction took effect, but the cluster does not tell what it cost and logged.
    #[error("the transaction {signature} took effect in slot {slot}, but more is not told ({why}): look it up later")]
    Untold {
        /// Its signature.
        signature: Signature,
        /// The slot in which it was executed.
        slot: u64,
        /// Why not.
        why: String,
    },
    /// The cluster or ledger could not be read, so nothing was sent.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The transaction could not be signed.
    #[error("the transaction could not be signed: {0}")]
    NotSigned(String),
    /// Signatures are missing.
    #[error("the transaction lacks the signature of {}: have it signed there, then pass what was signed", list(.0))]
    Unsigned(Vec<Address>),
    /// The account cannot stand in for a blockhash.
    #[error("{account} cannot serve as a nonce: {why}")]
    BadNonce {
        /// The account.
        account: Address,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The payer cannot pay fee and rent.
    #[error("{payer} has {has} lamports, and paying for this needs {needs}: send it {}, or name another payer", .needs.saturating_sub(*.has))]
    TooPoor {
        /// Who was to pay.
        payer: Address,
        /// Lamports it has.
        has: u64,
        /// Lamports that fee, rent of what is created, and the payer's own account take.
        needs: u64,
    },
    /// The transaction took effect, but the ledger's file could not be written.
    #[error("the transaction took effect, but the ledger could not be saved: {0}")]
    NotSaved(String),
}

impl SendError {
    /// The program's own error, if that is what it was.
    #[must_use]
    pub const fn microcred(&self) -> Option<MicrocredError> {
        match self {
            Self::Refused { refusal: Refusal::Microcred(error), .. } => Some(*error),
            _ => None,
        }
    }

    /// Whether the transaction may have taken effect all the same, or may yet.
    #[must_use]
    pub const fn leaves_open(&self) -> bool {
        matches!(
            self,
            Self::Unconfirmed { .. }
                | Self::Untold { .. }
                | Self::NotSaved(_)
                | Self::NotExecuted(TransactionError::AlreadyProcessed)
        )
    }

    /// Makes sense of a transaction's error. The message says whose number a custom error is.
    #[must_use]
    pub fn of_message(error: TransactionError, message: &VersionedMessage, logs: Vec<String>) -> Self {
        let TransactionError::InstructionError(index, cause) = error else {
            return Self::NotExecuted(error);
        };
        let instruction = message.instructions().get(usize::from(index));
        let program = instruction
            .and_then(|instruction| message.static_account_keys().get(usize::from(instruction.program_id_index)));
        Self::Refused { index, refusal: Refusal::from_instruction(cause, program), logs }
    }
}

impl Refusal {
    /// Makes sense of an instruction's error; a custom number is this program's if the instruction was.
    #[must_use]
    pub fn from_instruction(cause: InstructionError, program: Option<&Address>) -> Self {
        match cause {
            InstructionError::Custom(code) if program == Some(&ID) => {
                MicrocredError::from_code(code).map_or(Self::Runtime(cause), Self::Microcred)
            }
            cause => Self::Runtime(cause),
        }
    }
}

fn list(addresses: &[Address]) -> String {
    addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// The framework's errors in words that say what to do.
#[allow(deprecated, reason = "the runtime reports missing accounts by the deprecated name")]
fn describe(error: &InstructionError) -> String {
    match error {
        InstructionError::MissingRequiredSignature => "a signature is missing".into(),
        InstructionError::UninitializedAccount => "an account does not exist".into(),
        InstructionError::IllegalOwner => "an account belongs to another program".into(),
        InstructionError::InvalidAccountData => "an account is of another kind".into(),
        InstructionError::MissingAccount | InstructionError::NotEnoughAccountKeys => "accounts are missing".into(),
        InstructionError::AccountDataTooSmall => "an account does not exist, or is of another kind".into(),
        InstructionError::InvalidInstructionData => "the arguments are malformed, or there are bytes after them".into(),
        InstructionError::IncorrectProgramId => "a program account is not the program it should be".into(),
        InstructionError::Custom(2000) => "an account that changes was not passed as writable".into(),
        InstructionError::Custom(2040) => "an account that changes was passed twice".into(),
        InstructionError::Custom(1) => "the payer has not enough lamports".into(),
        other => other.to_string(),
    }
}
