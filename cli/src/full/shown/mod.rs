//! Accounts as they are shown: a struct each, whose JSON form is described by the schema `show.json`.

mod issuing;
mod vouching;

use std::{
    collections::{BTreeSet, HashMap},
    io,
};

use microcred_client::{Account, Address, account::AnyAccount, ledger::READ_LIMIT, state::Reason};
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
        Ok(Directory::read(session, [any]).await?.names(any))
    }
}

/// Names of many accounts, by their addresses.
#[derive(Clone, Debug, Default)]
pub(crate) struct Directory(HashMap<Address, String>);

impl Directory {
    /// Reads the names of everything that these hang on, each once.
    pub(crate) async fn read<'a>(
        session: &Session,
        accounts: impl IntoIterator<Item = &'a AnyAccount>,
    ) -> Result<Self, CliError> {
        let wanted: BTreeSet<_> = accounts.into_iter().flat_map(hangs_on).collect();
        let wanted: Vec<_> = wanted.into_iter().filter(|address| *address != Address::default()).collect();
        let mut names = HashMap::new();
        for addresses in wanted.chunks(READ_LIMIT) {
            for (address, account) in addresses.iter().zip(session.read(addresses).await?.accounts) {
                let account = account.and_then(|account| AnyAccount::decode(address, &account).ok());
                if let Some(name) = account.as_ref().and_then(name) {
                    names.insert(*address, name);
                }
            }
        }
        Ok(Self(names))
    }

    /// The names for one account.
    pub(crate) fn names(&self, any: &AnyAccount) -> Names {
        let [registry, issuer, achievement] = hangs_on(any).map(|address| self.0.get(&address).cloned());
        Names { registry, issuer, achievement }
    }
}

/// Registry, issuer and achievement that an account hangs on; zero: none.
fn hangs_on(any: &AnyAccount) -> [Address; 3] {
    let none = Address::default();
    match any {
        AnyAccount::Registry(_) | AnyAccount::Issuer(_) => [none; 3],
        AnyAccount::Accreditation(account) => [account.registry, account.issuer, none],
        AnyAccount::IssuerKey(account) => [none, account.issuer, account.scope],
        AnyAccount::Achievement(account) => [none, account.issuer, account.replaces],
        AnyAccount::Credential(account) => [none, account.issuer, account.achievement],
    }
}

/// What an account calls itself, if it does.
pub(crate) fn name(account: &AnyAccount) -> Option<String> {
    match account {
        AnyAccount::Registry(registry) => Some(registry.name().to_owned()),
        AnyAccount::Issuer(issuer) => Some(issuer.name().to_owned()),
        AnyAccount::Achievement(achievement) => Some(achievement.title().to_owned()),
        AnyAccount::Accreditation(_) | AnyAccount::IssuerKey(_) | AnyAccount::Credential(_) => None,
    }
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

    /// The name, if there is one, and the address.
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

impl Shown {
    /// What its cells stand under in a table.
    pub(crate) const fn columns(&self) -> &'static [&'static str] {
        match self {
            Self::Registry(_) => ShownRegistry::COLUMNS,
            Self::Issuer(_) => ShownIssuer::COLUMNS,
            Self::Accreditation(_) => ShownAccreditation::COLUMNS,
            Self::IssuerKey(_) => ShownKey::COLUMNS,
            Self::Achievement(_) => ShownAchievement::COLUMNS,
            Self::Credential(_) => ShownCredential::COLUMNS,
            Self::Other(_) => &[],
        }
    }

    /// Its cells in a table.
    pub(crate) fn row(&self) -> Vec<String> {
        match self {
            Self::Registry(it) => it.row(),
            Self::Issuer(it) => it.row(),
            Self::Accreditation(it) => it.row(),
            Self::IssuerKey(it) => it.row(),
            Self::Achievement(it) => it.row(),
            Self::Credential(it) => it.row(),
            Self::Other(_) => Vec::new(),
        }
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

/// An instant in a table.
fn cell(time: Option<&Time>, none: &str) -> String {
    time.map_or_else(|| none.to_owned(), ToString::to_string)
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
