//! The one path of everything that changes something: confirm, sign, and send or show the signatures.

use clap::Args;
use microcred_client::{Address, Instruction, error::SendError, ledger::Sent};
use solana_hash::Hash;
use solana_message::{Message, VersionedMessage};
use solana_signature::Signature;
use solana_transaction::versioned::VersionedTransaction;

use super::{
    change::{Change, Changed},
    error::CliError,
    offline::SignOnly,
    session::Session,
    signers::Party,
    values::Presigned,
};

/// Options of everything that changes something.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Transaction options")]
pub(crate) struct TransactionOptions {
    /// Sign, print the signatures, and send nothing
    ///
    /// Nothing is read either: what is otherwise looked up on the ledger must be given.
    #[arg(long, requires = "blockhash")]
    pub(crate) sign_only: bool,
    /// Print the message that is signed too, in Base64
    #[arg(long, requires = "sign_only")]
    pub(crate) dump_transaction_message: bool,
    /// Sign with this blockhash, or value of the nonce, instead of a recent one
    #[arg(long, value_name = "BLOCKHASH")]
    pub(crate) blockhash: Option<Hash>,
    /// Signature made elsewhere with --sign-only; can be repeated
    #[arg(long = "signer", value_name = "ADDRESS=SIGNATURE", requires = "blockhash")]
    pub(crate) signatures: Vec<Presigned>,
    /// Nonce account that stands in for a recent blockhash, so that signing can take its time
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) nonce: Option<Address>,
    /// Who may advance the nonce, written as --keypair is [default: who acts]
    #[arg(long, value_name = "KEYPAIR", requires = "nonce")]
    pub(crate) nonce_authority: Option<String>,
    /// Offer so many micro-lamports per compute unit, to be served before others
    #[arg(long, value_name = "MICROLAMPORTS")]
    pub(crate) with_compute_unit_price: Option<u64>,
    /// Ask for so many compute units [default: by simulation]
    #[arg(long, value_name = "UNITS")]
    pub(crate) with_compute_unit_limit: Option<u32>,
}

impl Session {
    /// Asks if need be, then signs and sends the instructions and prints what changed; or prints the signatures.
    pub(crate) async fn conclude(
        &self,
        options: &TransactionOptions,
        change: Change,
        instructions: Vec<Instruction>,
    ) -> Result<(), CliError> {
        let (actor, payer) = (self.actor()?, self.payer()?);
        for warning in &change.warnings {
            self.printer.warn(warning);
        }
        if let Some(consequence) = &change.consequence {
            self.confirm(consequence)?;
        }
        let parties = [payer, actor];
        let message = self.message(options, &parties, &instructions).await?;
        let transaction = sign(message, &parties, &options.signatures)?;
        if options.sign_only {
            return self.answer(&SignOnly::of(&transaction, options.dump_transaction_message));
        }
        let absent = missing(&transaction);
        if !absent.is_empty() {
            return Err(unsigned(&absent));
        }
        let sent = self.submit(&transaction).await?;
        self.answer(&Changed::new(change, self.settings.target.name(), &sent))
    }
}

impl Session {
    /// The message that is signed.
    async fn message(
        &self,
        options: &TransactionOptions,
        parties: &[Party],
        instructions: &[Instruction],
    ) -> Result<VersionedMessage, CliError> {
        let blockhash = match options.blockhash {
            Some(blockhash) => blockhash,
            None => self.ledger().await?.lifetime().await?.blockhash,
        };
        let payer = parties.first().map(|payer| &payer.address);
        Ok(VersionedMessage::Legacy(Message::new_with_blockhash(instructions, payer, &blockhash)))
    }

    async fn submit(&self, transaction: &VersionedTransaction) -> Result<Sent, CliError> {
        Ok(self.ledger().await?.submit(transaction, None).await.map_err(CliError::Send)?)
    }
}

/// Signs with whoever is here, and with what others signed elsewhere.
fn sign(message: VersionedMessage, parties: &[Party], made: &[Presigned]) -> Result<VersionedTransaction, CliError> {
    let bytes = message.serialize();
    let keys = message.static_account_keys();
    let count = usize::from(message.header().num_required_signatures);
    let mut signatures = Vec::new();
    for address in keys.iter().take(count) {
        let here = parties.iter().find(|party| party.address == *address).and_then(|party| party.signer.as_ref());
        let elsewhere = made.iter().find(|made| made.address == *address).map(|made| made.signature);
        signatures.push(match (elsewhere, here) {
            (Some(signature), _) => signature,
            (None, Some(signer)) => signer
                .try_sign_message(&bytes)
                .map_err(|error| CliError::Send(SendError::NotSigned(error.to_string())))?,
            (None, None) => Signature::default(),
        });
    }
    Ok(VersionedTransaction { signatures, message })
}

fn missing(transaction: &VersionedTransaction) -> Vec<Address> {
    let message = transaction.message.serialize();
    let keys = transaction.message.static_account_keys().iter().zip(&transaction.signatures);
    keys.filter(|(key, signature)| !signature.verify(key.as_ref(), &message)).map(|(key, _)| *key).collect()
}

fn unsigned(absent: &[Address]) -> CliError {
    let list = absent.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    CliError::Signatures(format!(
        "a signature is missing or wrong: {list}; name a signer with --keypair or --fee-payer, or give --signer ADDRESS=SIGNATURE as --sign-only prints it, made of the same command with the same --blockhash"
    ))
}
