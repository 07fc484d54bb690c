//! `microcred history`.

use std::io;

use clap::Args;
use microcred_client::{
    Address,
    account::AnyAccount,
    event::{Event, Field, Value},
    ledger::{self, Past},
};
use serde::Serialize;
use solana_signature::Signature;

use crate::full::{
    error::CliError,
    output::{Answer, Page, Tone},
    session::Session,
    shown,
    values::{Time, as_text, parse_address},
};

/// Which account, and how far back.
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  microcred history CREDENTIAL
  microcred history ISSUER --limit 50 --output json

What an account's transactions did to other accounts is left out. A cluster's node need not keep
all that ever happened: what it no longer has is not told.")]
pub(crate) struct Arguments {
    /// Address of a credential, achievement, issuer key, issuer, accreditation or registry
    ///
    /// Of a wallet, everything is told that its transactions did.
    #[arg(value_parser = parse_address)]
    address: Address,
    /// At most so many transactions
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    limit: u32,
    /// Only what is older than this transaction
    #[arg(long, value_name = "SIGNATURE")]
    before: Option<Signature>,
    /// Tell of transactions that failed, too
    #[arg(long)]
    failed: bool,
}

pub(crate) async fn run(session: &Session, arguments: &Arguments) -> Result<(), CliError> {
    let (address, limit) = (arguments.address, usize::try_from(arguments.limit).unwrap_or(usize::MAX));
    let account = session.account(&address).await?;
    // One more than wanted shows whether there are more.
    let page = ledger::Page { before: arguments.before, until: None, limit: limit.saturating_add(1) };
    let mut past = session.ledger().await?.history(&address, &page).await?;
    if past.is_empty() && account.is_none() {
        return Err(session.missing("account", address).await);
    }
    let more = past.len() > limit;
    past.truncate(limit);
    let any = account.and_then(|account| AnyAccount::decode(&address, &account).ok());
    let about = Subject { address, any: any.as_ref() };
    let continue_before = past.last().filter(|_| more).map(|past| past.signature.to_string());
    let mut history = History {
        address,
        kind: any.as_ref().map(AnyAccount::kind),
        name: any.as_ref().and_then(shown::name),
        transactions: past.len(),
        events: Vec::new(),
        failed: Vec::new(),
        continue_before,
    };
    for past in past {
        history.events.extend(about.events(&past));
        if let Some(failure) = past.why_failed().filter(|_| arguments.failed) {
            history.failed.push(Failed { at: Place::of(&past), failure });
        }
    }
    session.answer(&history)
}

/// Whose history it is.
struct Subject<'a> {
    address: Address,
    any: Option<&'a AnyAccount>,
}

impl Subject<'_> {
    /// What a transaction did to it, the last first.
    fn events(&self, past: &Past) -> Vec<Told> {
        let events = past.events().into_iter().rev().filter(|event| self.concerns(event));
        events.map(|event| Told { at: Place::of(past), event }).collect()
    }

    /// Events of credentials name no issuer and no key account: of these two, all is told but what names another one.
    fn concerns(&self, event: &Event) -> bool {
        let issuer = match self.any {
            None => return true,
            Some(AnyAccount::Issuer(_)) => self.address,
            Some(AnyAccount::IssuerKey(key)) => {
                let itself = Value::Word(format!("key {}", key.index));
                return names(event, &self.address) || event.fields().iter().any(|field| field.value == itself);
            }
            Some(_) => return names(event, &self.address),
        };
        let other = |field: &Field| field.name == "issuer" && field.value != Value::Address(Some(issuer));
        !event.fields().iter().any(other)
    }
}

/// Whether an event names an account, in whatever role.
fn names(event: &Event, address: &Address) -> bool {
    event.fields().iter().any(|field| field.value == Value::Address(Some(*address)))
}

/// What happened to an account. Schema: `history.json`.
#[derive(Debug, Serialize)]
struct History {
    #[serde(serialize_with = "as_text")]
    address: Address,
    /// Null: no account of the program.
    kind: Option<&'static str>,
    name: Option<String>,
    /// How many transactions were looked at.
    transactions: usize,
    events: Vec<Told>,
    failed: Vec<Failed>,
    /// Null: there is nothing older.
    continue_before: Option<String>,
}

/// A transaction.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Place {
    signature: String,
    slot: u64,
    time: Option<Time>,
}

impl Place {
    pub(super) fn new(signature: &Signature, slot: u64, time: Option<i64>) -> Self {
        Self { signature: signature.to_string(), slot, time: time.and_then(Time::unless_zero) }
    }

    fn of(past: &Past) -> Self {
        Self::new(&past.signature, past.slot, past.time)
    }
}

/// What a transaction did. Schema: `event.json`.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Told {
    #[serde(flatten)]
    pub(super) at: Place,
    #[serde(flatten)]
    pub(super) event: Event,
}

#[derive(Clone, Debug, Serialize)]
struct Failed {
    #[serde(flatten)]
    at: Place,
    failure: String,
}

impl Answer for History {
    fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
        let name = self.name.as_ref().map(|name| format!(" \"{name}\"")).unwrap_or_default();
        page.heading(format_args!("History of the {}{name} {}", self.kind.unwrap_or("address"), self.address))?;
        self.events.iter().try_for_each(|told| told.text(page))?;
        for failed in &self.failed {
            failed.at.line(page, format_args!("FAILED: {}", failed.failure), Tone::Bad)?;
            page.field("signature", &failed.at.signature)?;
        }
        if self.events.is_empty() && self.failed.is_empty() {
            page.line(format_args!("nothing, in {} transactions", self.transactions))?;
        }
        if let Some(signature) = &self.continue_before {
            page.line(format_args!("There is more: continue with --before {signature}"))?;
        }
        Ok(())
    }
}

impl Place {
    fn line(&self, page: &mut Page<'_>, what: impl std::fmt::Display, tone: Tone) -> io::Result<()> {
        let time = self.time.as_ref().map_or_else(|| "at an unknown time".to_owned(), ToString::to_string);
        page.status(&format!("{time}  {what}"), tone, "")
    }
}

impl Answer for Told {
    fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
        self.at.line(page, self.event.title(), Tone::Plain)?;
        for detail in self.event.details() {
            let (name, value) = detail.split_once(": ").unwrap_or(("", &detail));
            page.field(name, value)?;
        }
        page.field("slot", self.at.slot)?;
        page.field("signature", &self.at.signature)
    }
}
