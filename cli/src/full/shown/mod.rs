//! Accounts as they are shown: a struct each, whose JSON form is described by the schema `show.json`.

mod issuing;
mod vouching;

use std::io;

use microcred_client::{
    Account, Address,
    account::{AnyAccount, decode},
    state::{Achievement, Issuer, Reason, Registry},
};
use serde::Serialize;

use self::{
    issuing::{ShownAchievement, ShownCredential, ShownKey, achievement, credential, issuer_key},
    vouching::{ShownAccreditation, ShownIssuer, ShownRegistry, accreditation, issuer, registry},
};
use super::{
    error::CliError,
    output::{Answer, Page},
    session::Session,
    values::{Time, as_text, sol},
};

/// Names of the accounts that an account hangs on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    registry: Option<String>,
    issuer: Option<String>,
    achievement: Option<String>,
}

impl Names {
    /// Reads them together. Whatever is not there has no name.
    pub(crate) async fn read(session: &Session, any: &AnyAccount) -> Result<Self, CliError> {
        let none = Address::default();
        let [registry, issuer, achievement] = match any {
            AnyAccount::Registry(_) | AnyAccount::Issuer(_) => return Ok(Self::default()),
            AnyAccount::Accreditation(account) => [account.registry, account.issuer, none],
            AnyAccount::IssuerKey(account) => [none, account.issuer, account.scope],
            AnyAccount::Achievement(account) => [none, account.issuer, account.replaces],
            AnyAccount::Credential(account) => [none, account.issuer, account.achievement],
        };
        let accounts = session.read(&[registry, issuer, achievement]).await?.accounts;
        let account = |index: usize| accounts.get(index).and_then(Option::as_ref);
        Ok(Self {
            registry: name(account(0), |found| {
                decode::<Registry>(&registry, found).ok().map(|it| it.name().to_owned())
            }),
            issuer: name(account(1), |found| decode::<Issuer>(&issuer, found).ok().map(|it| it.name().to_owned())),
            achievement: name(account(2), |found| {
                decode::<Achievement>(&achievement, found).ok().map(|it| it.title().to_owned())
            }),
        })
    }
}

fn name(account: Option<&Account>, of: impl Fn(&Account) -> Option<String>) -> Option<String> {
    account.and_then(of)
}

/// An account and what is said of it. Schema: `show.json`.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(crate) enum Shown {
    Registry(ShownRegistry),
    Issuer(ShownIssuer),
    Accreditation(ShownAccreditation),
    IssuerKey(ShownKey),
    Achievement(ShownAchievement),
    Credential(ShownCredential),
    Other(Other),
}

/// An address beside a name.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Linked {
    #[serde(serialize_with = "as_text")]
    address: Address,
    name: Option<String>,
}

impl Linked {
    pub(crate) fn new(address: Address, name: Option<&String>) -> Self {
        Self { address, name: name.cloned() }
    }

    /// Name and address.
    pub(crate) fn words(&self) -> String {
        self.name.as_ref().map_or_else(|| self.address.to_string(), |name| format!("{name} ({})", self.address))
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct Other {
    #[serde(serialize_with = "as_text")]
    address: Address,
    what: &'static str,
    #[serde(serialize_with = "as_text")]
    owner: Address,
    size: usize,
    lamports: u64,
}

impl Other {
    pub(crate) fn new(address: Address, account: &Account, what: &'static str) -> Self {
        Self { address, what, owner: account.owner, size: account.data.len(), lamports: account.lamports }
    }
}

impl Shown {
    pub(crate) fn new(address: Address, lamports: u64, any: &AnyAccount, names: &Names) -> Result<Self, CliError> {
        let shown = match any {
            AnyAccount::Registry(account) => registry(address, lamports, account).map(Self::Registry),
            AnyAccount::Issuer(account) => issuer(address, lamports, account).map(Self::Issuer),
            AnyAccount::Accreditation(account) => {
                accreditation(address, lamports, account, names).map(Self::Accreditation)
            }
            AnyAccount::IssuerKey(account) => Ok(Self::IssuerKey(issuer_key(address, lamports, account, names))),
            AnyAccount::Achievement(account) => achievement(address, lamports, account, names).map(Self::Achievement),
            AnyAccount::Credential(account) => credential(address, lamports, account, names).map(Self::Credential),
        };
        shown.map_err(|error| CliError::Usage(format!("{address} makes no sense: {}", error.message())))
    }
}

impl Answer for Shown {
    fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
        match self {
            Self::Registry(it) => it.text(page),
            Self::Issuer(it) => it.text(page),
            Self::Accreditation(it) => it.text(page),
            Self::IssuerKey(it) => it.text(page),
            Self::Achievement(it) => it.text(page),
            Self::Credential(it) => it.text(page),
            Self::Other(it) => it.text(page),
        }
    }
}

impl Other {
    fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
        page.heading(format_args!("Not an account of microcred: {}", self.what))?;
        page.field("address", self.address)?;
        page.field("owner", self.owner)?;
        page.field("size", format_args!("{} bytes", self.size))?;
        page.field("balance", sol(self.lamports))
    }
}

fn since(what: &str, time: Option<&Time>) -> String {
    time.map_or_else(|| what.to_owned(), |time| format!("{what} since {time}"))
}

fn said(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

fn reason(word: &'static str) -> Option<&'static str> {
    (word != Reason::Unspecified.word()).then_some(word)
}
