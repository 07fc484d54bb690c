//! Registries, issuers and achievements: accounts that have a name, and most of them an authority.

use microcred_client::{
    Address,
    account::Kind,
    state::{Achievement, Issuer, Registry},
};

use super::{change::Change, error::CliError, session::Session, shown::Linked, transaction::TransactionOptions};

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

impl Named for Achievement {
    fn name(&self) -> &str {
        self.title()
    }
}

/// A registry, issuer or achievement, as far as it is known: with `--sign-only` nothing is read.
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

    /// It as answers show it.
    pub(crate) fn linked(&self) -> Linked {
        Linked::new(self.address, self.account.as_ref().map(|account| account.name().to_owned()).as_ref())
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

/// What has an authority.
pub(crate) trait Administered: Named {
    /// Who administers it.
    fn authority(&self) -> Address;
}

impl Administered for Registry {
    fn authority(&self) -> Address {
        self.authority
    }
}

impl Administered for Issuer {
    fn authority(&self) -> Address {
        self.authority
    }
}

impl<T: Administered> Office<T> {
    /// Looks it up and requires, as far as that is known, that who acts is its authority.
    pub(crate) async fn administered(
        session: &Session,
        transaction: &TransactionOptions,
        address: Address,
    ) -> Result<Self, CliError> {
        let office = Self::look(session, transaction, address).await?;
        office.require(session.actor()?.address, "authority", T::authority)?;
        Ok(office)
    }
}

/// What must be given where nothing is read.
pub(crate) fn not_offline(option: &str) -> CliError {
    CliError::Usage(format!("with --sign-only nothing is read from the ledger: give {option}"))
}
