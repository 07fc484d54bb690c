//! The one path of everything that changes something: confirm, sign, and send or show the signatures.

use clap::Args;
use microcred_client::{
    Address, Instruction,
    ledger::{Ledger, Sent},
    sending::{self, Budget, Compute, Draft, Nonce, Policy, PriorityFee, Validity, signing},
};
use solana_hash::Hash;
use solana_message::VersionedMessage;
use solana_signer::Signer;
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
        let parties = Parties::of(self, options)?;
        for warning in &change.warnings {
            self.printer.warn(warning);
        }
        if let Some(consequence) = &change.consequence {
            self.confirm(consequence)?;
        }
        let sent = match options.blockhash {
            Some(blockhash) => {
                let transaction = parties.sign_at(blockhash, options, instructions)?;
                if options.sign_only {
                    return self.answer(&SignOnly::of(&transaction, options.dump_transaction_message));
                }
                sending::submit(self.ledger().await?, &transaction).await?
            }
            None => parties.send(self.ledger().await?, options, &instructions).await?,
        };
        self.answer(&Changed::new(change, self.settings.target.name(), &sent))
    }
}

impl TransactionOptions {
    /// How transactions are sized and priced.
    pub(crate) fn policy(&self) -> Policy {
        let usual = Policy::default();
        Policy {
            priority_fee: self.with_compute_unit_price.map_or(usual.priority_fee, PriorityFee::Fixed),
            compute: self.with_compute_unit_limit.map_or(usual.compute, Compute::Fixed),
            ..usual
        }
    }

    /// What stands in the message itself where it is signed in several places: nothing that only one of them would find out.
    fn budget(&self) -> Budget {
        Budget { units: self.with_compute_unit_limit, price: self.with_compute_unit_price.unwrap_or(0) }
    }
}

/// Everyone who signs.
struct Parties {
    payer: Address,
    /// The nonce account and who may advance it.
    nonce: Option<(Address, Address)>,
    all: Vec<Party>,
}

impl Parties {
    fn of(session: &Session, options: &TransactionOptions) -> Result<Self, CliError> {
        let (payer, actor) = (session.payer()?, session.actor()?);
        let mut parties = Self { payer: payer.address, nonce: None, all: vec![payer, actor.clone()] };
        if let Some(account) = options.nonce {
            let authority = match &options.nonce_authority {
                Some(authority) => session.signers.load(authority, "--nonce-authority")?,
                None => actor,
            };
            parties.nonce = Some((account, authority.address));
            parties.all.push(authority);
        }
        Ok(parties)
    }

    /// Those who are here and whose signature the message needs, each once: nobody is asked in vain.
    fn signers(&self, message: &VersionedMessage) -> Vec<&dyn Signer> {
        let needed = signing::signers(message).iter();
        let party =
            |address: &Address| self.all.iter().find(|party| party.address == *address && party.signer.is_some());
        needed.filter_map(|address| party(address)?.signer.as_deref()).collect()
    }

    /// Signs with a blockhash that was named, and adds what was signed elsewhere.
    fn sign_at(
        &self,
        blockhash: Hash,
        options: &TransactionOptions,
        instructions: Vec<Instruction>,
    ) -> Result<VersionedTransaction, CliError> {
        let validity = match self.nonce {
            Some((account, authority)) => Validity::Nonce(Nonce { account, authority, blockhash }),
            None => Validity::Blockhash(blockhash),
        };
        let message = Draft { payer: self.payer, instructions, budget: options.budget() }.message(&validity);
        let signers = self.signers(&message);
        let mut transaction = signing::sign_partly(message, &signers)?;
        let made: Vec<_> = options.signatures.iter().map(|made| (made.address, made.signature)).collect();
        signing::attach(&mut transaction, &made)?;
        Ok(transaction)
    }

    /// Sizes, signs and sends now.
    async fn send(
        &self,
        ledger: &dyn Ledger,
        options: &TransactionOptions,
        instructions: &[Instruction],
    ) -> Result<Sent, CliError> {
        let nonce = match self.nonce {
            Some((account, authority)) => Some(self.nonce(ledger, account, authority).await?),
            None => None,
        };
        let validity = nonce.map_or_else(|| Validity::Blockhash(Hash::default()), Validity::Nonce);
        let signers = self.signers(&Draft::new(self.payer, instructions.to_vec()).message(&validity));
        let policy = options.policy();
        Ok(match nonce {
            Some(nonce) => sending::send_durable(ledger, instructions, &self.payer, nonce, &signers, &policy).await?,
            None => sending::send(ledger, instructions, &self.payer, &signers, &policy).await?,
        })
    }

    async fn nonce(&self, ledger: &dyn Ledger, account: Address, authority: Address) -> Result<Nonce, CliError> {
        let nonce = Nonce::read(ledger, account).await?;
        if nonce.authority == authority {
            return Ok(nonce);
        }
        Err(CliError::WrongSigner(format!(
            "only {} may advance the nonce {account}, not {authority}: name its keypair with --nonce-authority",
            nonce.authority
        )))
    }
}
