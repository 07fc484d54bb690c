//! One run of the command line: what is in effect, the ledger, who signs, and where answers go.

use std::{
    fs,
    io::{self, IsTerminal},
};

use dialoguer::Confirm;
use microcred_client::{
    Account, Address, PROGRAM_ID,
    account::{Kind, decode},
    document::did::Chain,
    ledger::{Embedded, Endpoint, Ledger, Patience, ReadError, Rpc, RpcOptions, Snapshot},
    lookup,
};
use tokio::sync::OnceCell;

use super::{
    error::CliError,
    options::GlobalOptions,
    output::{Answer, Printer},
    safe::Safe,
    settings::{Settings, Target},
    signers::{Party, Signers},
};

/// One run of the command line.
pub(crate) struct Session {
    /// Where answers go.
    pub(crate) printer: Printer,
    /// What is in effect.
    pub(crate) settings: Settings,
    /// Who signs.
    pub(crate) signers: Signers,
    yes: bool,
    patience: Patience,
    ledger: OnceCell<Box<dyn Ledger>>,
}

impl Session {
    /// A session that is as patient with a cluster as the command needs.
    pub(crate) fn new(options: &GlobalOptions, patience: Patience) -> Result<Self, CliError> {
        Ok(Self {
            printer: Printer::new(options),
            settings: Settings::new(options)?,
            signers: Signers::new(options),
            yes: options.yes,
            patience,
            ledger: OnceCell::new(),
        })
    }

    /// The ledger, opened when it is first needed.
    pub(crate) async fn ledger(&self) -> Result<&dyn Ledger, CliError> {
        let ledger = self.ledger.get_or_try_init(|| async { self.open() }).await?;
        Ok(ledger.as_ref())
    }

    fn open(&self) -> Result<Box<dyn Ledger>, CliError> {
        match &self.settings.target {
            Target::Embedded(path) => Ok(Box::new(Embedded::open(path)?)),
            Target::Cluster { url, ws } => Ok(Box::new(self.cluster(url, ws)?)),
        }
    }

    /// A cluster behind an endpoint. Nothing is asked yet.
    pub(crate) fn cluster(&self, url: &Endpoint, ws: &Endpoint) -> Result<Rpc, CliError> {
        let commitment = self.settings.commitment.config();
        let options = RpcOptions {
            commitment,
            patience: self.patience,
            web_socket: Some(ws.secret().to_owned()),
            ..RpcOptions::default()
        };
        Rpc::new(url.secret(), options).map_err(|error| CliError::Usage(error.to_string()))
    }

    /// Who acts: `--keypair`.
    pub(crate) fn actor(&self) -> Result<Party, CliError> {
        self.signers.load(&self.settings.keypair, "--keypair")
    }

    /// Who pays: `--fee-payer`, or who acts.
    pub(crate) fn payer(&self) -> Result<Party, CliError> {
        match &self.settings.fee_payer {
            Some(payer) => self.signers.load(payer, "--fee-payer"),
            None => self.actor(),
        }
    }

    /// What tells the ledger from all others, whatever it is called: a cluster's genesis hash, or the path of an embedded ledger's file.
    pub(crate) async fn identity(&self) -> Result<String, CliError> {
        match &self.settings.target {
            Target::Embedded(path) => match fs::canonicalize(path) {
                Ok(path) => Ok(path.display().to_string()),
                Err(error) => Err(CliError::File { path: path.clone(), error }),
            },
            Target::Cluster { url, ws } => Ok(self.cluster(url, ws)?.genesis_hash().await?.to_string()),
        }
    }

    /// The chain that documents name.
    pub(crate) async fn chain(&self) -> Result<Chain, CliError> {
        match &self.settings.target {
            Target::Embedded(_) => Ok(Chain::embedded()),
            Target::Cluster { url, ws } => Ok(Chain::of_genesis(&self.cluster(url, ws)?.genesis_hash().await?)),
        }
    }

    /// Prints an answer.
    pub(crate) fn answer(&self, answer: &impl Answer) -> Result<(), CliError> {
        self.printer.answer(answer)
    }

    /// Asks whether to do what cannot be undone.
    pub(crate) fn confirm(&self, consequence: &str) -> Result<(), CliError> {
        if self.yes {
            self.printer.note(consequence);
            return Ok(());
        }
        if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            return Err(CliError::NobodyToAsk(consequence.into()));
        }
        let question = Confirm::new().with_prompt(format!("{} Do it?", Safe(consequence))).default(false);
        match question.interact() {
            Ok(true) => Ok(()),
            Ok(false) => Err(CliError::NotConfirmed),
            Err(dialoguer::Error::IO(error)) => Err(error.into()),
        }
    }

    /// Reads accounts together.
    pub(crate) async fn read(&self, addresses: &[Address]) -> Result<Snapshot, CliError> {
        Ok(self.ledger().await?.read(addresses).await?)
    }

    /// The account at an address; none: the address is empty.
    pub(crate) async fn account(&self, address: &Address) -> Result<Option<Account>, CliError> {
        Ok(self.read(&[*address]).await?.accounts.into_iter().next().flatten())
    }

    /// One of the program's accounts, which must exist.
    pub(crate) async fn find<T: Kind>(&self, address: &Address) -> Result<T, CliError> {
        match self.account(address).await? {
            Some(account) => Ok(decode(address, &account)?),
            None => Err(self.missing(T::KIND, *address).await),
        }
    }

    /// Why there is nothing at an address: the program may not even be there.
    pub(crate) async fn missing(&self, kind: &'static str, address: Address) -> CliError {
        match self.require_program().await {
            Ok(()) => CliError::NotFound { kind, address, cluster: self.settings.target.name() },
            Err(error) => error,
        }
    }

    /// Requires that the program is on the cluster.
    pub(crate) async fn require_program(&self) -> Result<(), CliError> {
        match self.account(&PROGRAM_ID).await? {
            Some(account) if account.executable => Ok(()),
            _ => Err(ReadError::NotDeployed { cluster: self.settings.target.name() }.into()),
        }
    }

    /// The ledger's time, Unix seconds.
    pub(crate) async fn now(&self) -> Result<i64, CliError> {
        Ok(lookup::time(self.ledger().await?).await?)
    }
}
