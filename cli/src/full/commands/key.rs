//! `microcred key`.

use clap::{Args, Subcommand};
use microcred_client::{
    Address, Instruction, address,
    declaration::Permission,
    instructions::{KeyTerms, key},
    lookup,
    state::{Issuer, IssuerKey, UNLIMITED},
};

use crate::full::{
    change::Change,
    error::CliError,
    office::{Office, not_offline},
    session::Session,
    transaction::TransactionOptions,
    values::{AchievementRef, IssuerRef, parse_end, parse_permission, parse_time},
};

/// What is done to an issuer's keys.
#[derive(Subcommand, Clone, Debug)]
pub(crate) enum Command {
    /// Let another key act for an issuer, within limits that never change
    #[command(after_help = "Example: microcred key add ISSUER platform.json --permissions issue,suspend \\\n         \
                            --valid-until 2027-08-31 --quota 10000")]
    Add(Add),
    /// End a key's validity earlier
    Shorten(Shorten),
    /// Retire a key, for good; what it issued stays valid
    Retire(One),
    /// Void what a key asserted since a time, and retire it
    MarkCompromised(MarkCompromised),
}

/// What a key may do.
#[derive(Args, Clone, Debug)]
pub(crate) struct Terms {
    /// What it may do: issue, suspend, revoke, renew, manage-achievements, assert
    #[arg(long, value_name = "LIST", value_delimiter = ',', required = true, value_parser = parse_permission)]
    permissions: Vec<Permission>,
    /// The only achievement it may touch: its address, or ISSUER/CODE [default: all]
    #[arg(long, value_name = "ACHIEVEMENT")]
    scope: Option<AchievementRef>,
    /// First second of validity [default: when it is added]
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    valid_from: Option<i64>,
    /// First second after validity, or never
    #[arg(long, value_name = "TIME", value_parser = parse_end, default_value = "never")]
    valid_until: i64,
    /// How many credentials it may issue and renew [default: no limit]
    #[arg(long, value_name = "N")]
    quota: Option<u64>,
}

impl Terms {
    /// The terms of a key.
    pub(crate) fn of(&self, key: Address) -> KeyTerms {
        KeyTerms {
            key,
            permissions: self.permissions.iter().fold(0, |bits, permission| bits | permission.bit()),
            scope: self.scope.map(|scope| scope.address).unwrap_or_default(),
            valid_from: self.valid_from.unwrap_or(0),
            valid_until: self.valid_until,
            quota: self.quota.unwrap_or(UNLIMITED),
        }
    }
}

/// A new key.
#[derive(Args, Clone, Debug)]
pub(crate) struct Add {
    /// Address of the issuer, or CREATOR/SLUG
    issuer: IssuerRef,
    /// The key: its address, or a keypair as --keypair takes it
    #[arg(value_name = "ADDRESS_OR_KEYPAIR")]
    key: String,
    #[command(flatten)]
    terms: Terms,
    /// Its index [default: how many keys the issuer has]
    #[arg(long, value_name = "N", required_if_eq("sign_only", "true"))]
    index: Option<u16>,
    #[command(flatten)]
    transaction: TransactionOptions,
}

/// A key.
#[derive(Args, Clone, Debug)]
pub(crate) struct One {
    /// Address of the issuer, or CREATOR/SLUG
    issuer: IssuerRef,
    /// Index of the key
    index: u16,
    #[command(flatten)]
    transaction: TransactionOptions,
}

/// A key and the end of its validity.
#[derive(Args, Clone, Debug)]
pub(crate) struct Shorten {
    /// Address of the issuer, or CREATOR/SLUG
    issuer: IssuerRef,
    /// Index of the key
    index: u16,
    /// First second after validity, not in the past
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    valid_until: i64,
    #[command(flatten)]
    transaction: TransactionOptions,
}

/// A key and since when others may hold it.
#[derive(Args, Clone, Debug)]
pub(crate) struct MarkCompromised {
    /// Address of the issuer, or CREATOR/SLUG
    issuer: IssuerRef,
    /// Index of the key
    index: u16,
    /// Since when others may hold it [default: now]
    #[arg(long, value_name = "TIME", value_parser = parse_time, required_if_eq("sign_only", "true"))]
    since: Option<i64>,
    #[command(flatten)]
    transaction: TransactionOptions,
}

pub(crate) async fn run(session: &Session, command: &Command) -> Result<(), CliError> {
    match command {
        Command::Add(arguments) => add(session, arguments).await,
        Command::Shorten(Shorten { issuer: IssuerRef(issuer), index, valid_until, transaction }) => {
            let build = |authority| key::shorten(authority, *issuer, *index, *valid_until);
            let consequence =
                |what: &str| Some(format!("This ends {what} at the time given; the end never moves back to later."));
            let what = Key { issuer: *issuer, index: *index };
            what.administer(session, "key shorten", transaction, build, consequence).await
        }
        Command::Retire(One { issuer: IssuerRef(issuer), index, transaction }) => {
            let build = |authority| key::retire(authority, *issuer, *index);
            let consequence = |what: &str| Some(format!("This retires {what} for good; what it issued stays valid."));
            let what = Key { issuer: *issuer, index: *index };
            what.administer(session, "key retire", transaction, build, consequence).await
        }
        Command::MarkCompromised(arguments) => mark_compromised(session, arguments).await,
    }
}

async fn add(session: &Session, arguments: &Add) -> Result<(), CliError> {
    let Add { issuer: IssuerRef(address), transaction, terms, .. } = arguments;
    let key = session.signers.load(&arguments.key, "the key")?.address;
    let issuer = Office::<Issuer>::administered(session, transaction, *address).await?;
    let next = issuer.account.as_ref().map(|issuer| issuer.key_count);
    let index = arguments.index.or(next).ok_or_else(|| not_offline("--index"))?;
    let mut change = issuer.about(Change::new("key add").about(
        "issuer key",
        address::issuer_key(address, index),
        Some(format!("key {index}")),
    ));
    if let Some(account) = &issuer.account {
        let keys = lookup::issuer_keys(session.ledger().await?, address, account).await?;
        for before in keys.iter().filter(|before| before.key == key) {
            change = change.warn(again(before));
        }
    }
    let (payer, authority) = (session.payer()?.address, session.actor()?.address);
    session.conclude(transaction, change, vec![key::add(payer, authority, *address, index, terms.of(key))]).await
}

/// What to think of when a public key was the issuer's before.
fn again(before: &IssuerKey) -> String {
    let IssuerKey { key, index, .. } = before;
    if before.compromised_at != 0 {
        return format!("{key} was marked compromised as key {index}: others may hold it; add a new one instead");
    }
    if before.is_retired() {
        return format!("{key} was retired as key {index}; a new one is safer");
    }
    format!("{key} is key {index} of this issuer already")
}

async fn mark_compromised(session: &Session, arguments: &MarkCompromised) -> Result<(), CliError> {
    let MarkCompromised { issuer: IssuerRef(issuer), index, since, transaction } = arguments;
    let since = match since {
        Some(since) => *since,
        None if transaction.sign_only => return Err(not_offline("--since")),
        None => session.now().await?,
    };
    let build = |authority| key::mark_compromised(authority, *issuer, *index, since);
    let consequence = |what: &str| {
        Some(format!("This retires {what} for good and voids whatever it issued or renewed since the time given."))
    };
    let what = Key { issuer: *issuer, index: *index };
    what.administer(session, "key mark-compromised", transaction, build, consequence).await
}

/// Which key of which issuer.
#[derive(Clone, Copy)]
struct Key {
    issuer: Address,
    index: u16,
}

impl Key {
    async fn administer(
        self,
        session: &Session,
        action: &'static str,
        transaction: &TransactionOptions,
        build: impl Fn(Address) -> Instruction,
        consequence: impl Fn(&str) -> Option<String>,
    ) -> Result<(), CliError> {
        let issuer = Office::<Issuer>::administered(session, transaction, self.issuer).await?;
        let place = address::issuer_key(&self.issuer, self.index);
        let mut what = format!("key {} of {}", self.index, issuer.title());
        if !transaction.sign_only {
            let key = session.find::<IssuerKey>(&place).await?.key;
            what = format!("key {} ({key}) of {}", self.index, issuer.title());
        }
        let change = Change::new(action).about("issuer key", place, Some(format!("key {}", self.index)));
        let change = issuer.about(change).for_good(consequence(&what));
        session.conclude(transaction, change, vec![build(session.actor()?.address)]).await
    }
}
