//! A transaction before it is signed.

use anchor_lang::wincode;
use solana_address::Address;
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_hash::Hash;
use solana_instruction::Instruction;
use solana_message::{Message, VersionedMessage};
use solana_nonce::{state::State, versions::Versions};
use solana_system_interface::instruction::advance_nonce_account;

use crate::{error::SendError, instructions::SYSTEM_PROGRAM, ledger::AccountReader};

/// Bytes of the largest transaction.
pub const TRANSACTION_SIZE: usize = 1232;

/// The most compute units that one transaction can ask for.
pub const MAX_COMPUTE_UNITS: u32 = 1_400_000;

/// Compute units that one instruction may take where nothing is asked for.
pub(super) const DEFAULT_UNITS: u64 = 200_000;

/// Compute units that each instruction about the budget takes itself.
pub(super) const UNITS_OF_A_BUDGET_INSTRUCTION: u64 = 150;

/// What is asked of the cluster, and offered for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Budget {
    /// The most compute units that the transaction may take; none: the cluster's default.
    pub units: Option<u32>,
    /// Micro-lamports offered per compute unit; 0: none.
    pub price: u64,
}

/// How long a transaction is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    /// About a minute after this blockhash.
    Blockhash(Hash),
    /// Until a nonce is advanced, which the transaction itself does.
    Nonce(Nonce),
}

/// A durable nonce: what stands in for a blockhash in a transaction that takes long to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nonce {
    /// The nonce account.
    pub account: Address,
    /// Who may advance it, and signs.
    pub authority: Address,
    /// The value that it has now.
    pub blockhash: Hash,
}

impl Nonce {
    /// Reads a nonce account.
    ///
    /// # Errors
    /// [`SendError::BadNonce`] if it is none, or was never initialised; [`SendError::Read`].
    pub async fn read(ledger: &dyn AccountReader, account: Address) -> Result<Self, SendError> {
        let bad = |why| SendError::BadNonce { account, why };
        let snapshot = ledger.read(&[account]).await?;
        let found =
            snapshot.accounts.into_iter().next().flatten().ok_or(bad("nothing is at this address; create it first"))?;
        if found.owner != SYSTEM_PROGRAM || found.data.len() != State::size() {
            return Err(bad("it is an account of another kind"));
        }
        match wincode::deserialize::<Versions>(&found.data) {
            Ok(Versions::Current(state)) => match *state {
                State::Initialized(data) => {
                    Ok(Self { account, authority: data.authority, blockhash: data.blockhash() })
                }
                State::Uninitialized => Err(bad("it was not initialised")),
            },
            Ok(Versions::Legacy(_)) => Err(bad("it is of a form that clusters no longer take; create another one")),
            Err(_) => Err(bad("it is an account of another kind")),
        }
    }
}

/// What a transaction shall do, and who pays. It names no blockhash yet, so that it can be signed more than once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Pays the fee, and signs.
    pub payer: Address,
    /// What it does, in order.
    pub instructions: Vec<Instruction>,
    /// What is asked of the cluster.
    pub budget: Budget,
}

impl Draft {
    /// Instructions with the cluster's default budget.
    #[must_use]
    pub const fn new(payer: Address, instructions: Vec<Instruction>) -> Self {
        Self { payer, instructions, budget: Budget { units: None, price: 0 } }
    }

    /// The message that is to be signed. An instruction that advances the nonce comes first, where the cluster looks for it, then
    /// those about the budget.
    #[must_use]
    pub fn message(&self, validity: &Validity) -> VersionedMessage {
        let mut all = self.leading(validity);
        all.extend(self.instructions.iter().cloned());
        let blockhash = match validity {
            Validity::Blockhash(blockhash) | Validity::Nonce(Nonce { blockhash, .. }) => blockhash,
        };
        VersionedMessage::Legacy(Message::new_with_blockhash(&all, Some(&self.payer), blockhash))
    }

    /// Bytes of the signed transaction.
    #[must_use]
    pub fn size(&self, validity: &Validity) -> usize {
        let message = self.message(validity);
        1 + 64 * usize::from(message.header().num_required_signatures) + message.serialize().len()
    }

    /// What comes before the instructions proper.
    fn leading(&self, validity: &Validity) -> Vec<Instruction> {
        let mut leading = Vec::new();
        if let Validity::Nonce(nonce) = validity {
            leading.push(advance_nonce_account(&nonce.account, &nonce.authority));
        }
        leading.extend(self.budget.units.map(ComputeBudgetInstruction::set_compute_unit_limit));
        if self.budget.price > 0 {
            leading.push(ComputeBudgetInstruction::set_compute_unit_price(self.budget.price));
        }
        leading
    }

    /// An error about the message, with the index of the instruction that was passed.
    pub(crate) fn as_passed(&self, validity: &Validity, error: SendError) -> SendError {
        match error {
            SendError::Refused { index, refusal, logs } => {
                let leading = u8::try_from(self.leading(validity).len()).unwrap_or(u8::MAX);
                SendError::Refused { index: index.saturating_sub(leading), refusal, logs }
            }
            error => error,
        }
    }

    /// The accounts that are written to, the payer included.
    pub(crate) fn writable(&self) -> Vec<Address> {
        let metas = self.instructions.iter().flat_map(|instruction| &instruction.accounts);
        let mut writable: Vec<_> = metas.filter(|meta| meta.is_writable).map(|meta| meta.pubkey).collect();
        writable.push(self.payer);
        writable.sort_unstable();
        writable.dedup();
        writable
    }
}
