//! Registries and issuers: accounts that have a name and an authority.

use microcred_client::{
    Address,
    account::Kind,
    state::{Issuer, Registry},
};

use super::{change::Change, error::CliError, session::Session, transaction::TransactionOptions};

/// What has a name.
pub(crate) trait Named: Kind {
    /// The name as text.
    fn name(&self) -> &str;
}

impl Named for Registry {
    fn name(&self) -> &str {
        Self::name(self)
    }
}

impl Named for Issuer {
    fn name(&self) -> &str {
        Self::name(self)
    }
}

/// A registry or issuer, as far as it is known: with `--sign-only` nothing is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Office<T> {
    /// Where it is.
    pub(crate) address: Address,
    /// What stands there; none: nothing was read.
    pub(crate) account: Option<T>,
}

impl<T: Named> Office<T> {
    pub(crate) async fn look(
        session: &Session,
        transaction: &TransactionOptions,
        address: Address,
    ) -> Result<Self, CliError> {
        let account = if transaction.sign_only { None } else { Some(session.find::<T>(&address).await?) };
        Ok(Self { address, account })
    }

    /// What people call it.
    pub(crate) fn title(&self) -> String {
        let kind = T::KIND;
        match &self.account {
            Some(account) => format!("the {kind} \"{}\" ({})", account.name(), self.address),
            None => format!("the {kind} {}", self.address),
        }
    }

    /// Enters it among the accounts that are changed.
    pub(crate) fn about(&self, change: Change) -> Change {
        change.about(T::KIND, self.address, self.account.as_ref().map(|account| account.name().to_owned()))
    }

    /// Requires that who acts is who must, as far as that is known.
    pub(crate) fn require(&self, actor: Address, role: &str, needed: impl Fn(&T) -> Address) -> Result<(), CliError> {
        match self.account.as_ref().map(needed) {
            None => Ok(()),
            Some(needed) if needed == actor => Ok(()),
            Some(needed) if needed == Address::default() => {
                Err(CliError::WrongSigner(format!("{} has no {role}: its authority proposes one", self.title())))
            }
            Some(needed) => Err(CliError::WrongSigner(format!(
                "this takes the signature of {needed}, the {role} of {}, not of {actor}: name its keypair with --keypair, or sign elsewhere with --sign-only",
                self.title()
            ))),
        }
    }
}

/// What must be given where nothing is read.
pub(crate) fn not_offline(option: &str) -> CliError {
    CliError::Usage(format!("with --sign-only nothing is read from the ledger: give {option}"))
}
