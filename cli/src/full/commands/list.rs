//! `microcred list`.

use std::io;

use clap::{Args, Subcommand};
use microcred_client::{
    Address,
    account::AnyAccount,
    queries::{self, Accreditations, Achievements, Credentials, Filter, IssuerKeys, Issuers, Registries},
    state::{AccreditationStatus, CredentialStatus, Lifecycle},
};
use serde::Serialize;

use crate::full::{
    error::CliError,
    output::{Answer, Page},
    session::Session,
    shown::{Directory, Shown},
    values::{AchievementRef, IssuerRef, RegistryRef, as_text, parse_address},
};

/// What is listed. Each filter narrows it; without any, all of the cluster.
#[derive(Subcommand, Clone, Debug)]
pub(crate) enum Command {
    /// List credentials
    #[command(after_help = "Example: microcred list credentials --achievement ISSUER/rust-basics --status revoked")]
    Credentials {
        /// By this issuer: its address, or CREATOR/SLUG
        #[arg(long)]
        issuer: Option<IssuerRef>,
        /// Of this achievement: its address, or ISSUER/CODE
        #[arg(long)]
        achievement: Option<AchievementRef>,
        /// Of this subject: wallet, or 32 bytes; an erased credential is not found by it any more
        #[arg(long, value_parser = parse_address)]
        subject: Option<Address>,
        /// With this status: pending, active, suspended, revoked, declined or erased
        #[arg(long, value_parser = parse_credential_status)]
        status: Option<CredentialStatus>,
        #[command(flatten)]
        form: Form,
    },
    /// List achievements
    #[command(after_help = "Example: microcred list achievements --issuer CREATOR/university --status active")]
    Achievements {
        /// Of this issuer: its address, or CREATOR/SLUG
        #[arg(long)]
        issuer: Option<IssuerRef>,
        /// With this status: draft, active, paused or retired
        #[arg(long, value_parser = parse_lifecycle)]
        status: Option<Lifecycle>,
        #[command(flatten)]
        form: Form,
    },
    /// List the keys of issuers
    #[command(after_help = "Example: microcred list keys --issuer CREATOR/university")]
    Keys {
        /// Of this issuer: its address, or CREATOR/SLUG
        #[arg(long)]
        issuer: Option<IssuerRef>,
        /// With this public key
        #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
        key: Option<Address>,
        #[command(flatten)]
        form: Form,
    },
    /// List registries
    #[command(after_help = "Example: microcred list registries --authority ADDRESS")]
    Registries {
        #[command(flatten)]
        by: By,
        #[command(flatten)]
        form: Form,
    },
    /// List issuers; what they say of themselves is their own claim
    #[command(after_help = "Example: microcred list issuers --authority ADDRESS --output json")]
    Issuers {
        #[command(flatten)]
        by: By,
        #[command(flatten)]
        form: Form,
    },
    /// List accreditations: which registry vouches for which issuer
    #[command(after_help = "Example: microcred list accreditations --registry CREATOR/agency --status suspended")]
    Accreditations {
        /// In this registry: its address, or CREATOR/SLUG
        #[arg(long)]
        registry: Option<RegistryRef>,
        /// Of this issuer: its address, or CREATOR/SLUG
        #[arg(long)]
        issuer: Option<IssuerRef>,
        /// With this status: active, suspended or withdrawn
        #[arg(long, value_parser = parse_accreditation_status)]
        status: Option<AccreditationStatus>,
        #[command(flatten)]
        form: Form,
    },
}

/// Whose registries or issuers.
#[derive(Args, Clone, Debug)]
pub(crate) struct By {
    /// Administered by this address
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    authority: Option<Address>,
    /// Created by this address
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    creator: Option<Address>,
}

/// How much of them.
#[derive(Args, Clone, Debug)]
pub(crate) struct Form {
    /// Only their addresses, one a line; quicker
    #[arg(long, conflicts_with = "count")]
    addresses_only: bool,
    /// Only how many there are
    #[arg(long)]
    count: bool,
}

pub(crate) async fn run(session: &Session, command: &Command) -> Result<(), CliError> {
    let issuer_of = |issuer: &Option<IssuerRef>| issuer.map(|IssuerRef(address)| address);
    match command {
        Command::Credentials { issuer, achievement, subject, status, form } => {
            let achievement = achievement.map(|achievement| achievement.address);
            let filter = Credentials { issuer: issuer_of(issuer), achievement, subject: *subject, status: *status };
            list(session, &filter, form).await
        }
        Command::Achievements { issuer, status, form } => {
            list(session, &Achievements { issuer: issuer_of(issuer), status: *status }, form).await
        }
        Command::Keys { issuer, key, form } => {
            list(session, &IssuerKeys { issuer: issuer_of(issuer), key: *key }, form).await
        }
        Command::Registries { by: By { authority, creator }, form } => {
            list(session, &Registries { creator: *creator, authority: *authority }, form).await
        }
        Command::Issuers { by: By { authority, creator }, form } => {
            list(session, &Issuers { creator: *creator, authority: *authority }, form).await
        }
        Command::Accreditations { registry, issuer, status, form } => {
            let registry = registry.map(|RegistryRef(address)| address);
            let filter = Accreditations { registry, issuer: issuer_of(issuer), status: *status };
            list(session, &filter, form).await
        }
    }
}

/// That there is nothing is an answer only where the program is.
async fn list<F: Filter>(session: &Session, filter: &F, form: &Form) -> Result<(), CliError> {
    let ledger = session.ledger().await?;
    if form.addresses_only || form.count {
        let addresses = queries::addresses(ledger, filter).await?;
        if addresses.is_empty() {
            session.require_program().await?;
        }
        if form.count {
            return session.answer(&Count { count: addresses.len() });
        }
        return session.answer(&Addresses(addresses.into_iter().map(Listed).collect()));
    }
    let found = queries::accounts(ledger, filter).await?;
    if found.is_empty() {
        session.require_program().await?;
    }
    let mut accounts = Vec::with_capacity(found.len());
    for (address, account) in found {
        match AnyAccount::decode(&address, &account) {
            Ok(any) => accounts.push((address, account.lamports, any)),
            Err(error) => session.printer.warn(format_args!("not listed: {error}")),
        }
    }
    let directory = Directory::read(session, accounts.iter().map(|(_, _, any)| any)).await?;
    let shown =
        accounts.iter().map(|(address, lamports, any)| Shown::new(*address, *lamports, any, &directory.names(any)));
    session.answer(&Listing(shown.collect::<Result<_, _>>()?))
}

/// What was found. Schema: `list.json`.
#[derive(Debug, Serialize)]
struct Listing(Vec<Shown>);

impl Answer for Listing {
    fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
        match self.0.first() {
            Some(first) => page.table(first.columns(), self.0.iter().map(Shown::row)),
            None => page.line("none found"),
        }
    }
}

/// Where it is. Schema: `list.json`.
#[derive(Debug, Serialize)]
struct Addresses(Vec<Listed>);

#[derive(Debug, Serialize)]
struct Listed(#[serde(serialize_with = "as_text")] Address);

impl Answer for Addresses {
    fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
        self.0.iter().try_for_each(|Listed(address)| page.line(address))
    }
}

/// How many there are. Schema: `list.json`.
#[derive(Debug, Serialize)]
struct Count {
    count: usize,
}

impl Answer for Count {
    fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
        page.line(self.count)
    }
}

fn parse_credential_status(text: &str) -> Result<CredentialStatus, String> {
    parse_word(text, CredentialStatus::ALL, |status| status.word())
}

fn parse_lifecycle(text: &str) -> Result<Lifecycle, String> {
    parse_word(text, Lifecycle::ALL, |status| status.word())
}

fn parse_accreditation_status(text: &str) -> Result<AccreditationStatus, String> {
    parse_word(text, AccreditationStatus::ALL, |status| status.word())
}

fn parse_word<T: Copy>(text: &str, all: &[T], word: impl Fn(T) -> &'static str) -> Result<T, String> {
    all.iter().copied().find(|value| word(*value) == text).ok_or_else(|| {
        let words: Vec<_> = all.iter().map(|value| word(*value)).collect();
        format!("\"{text}\" is no status; there are: {}", words.join(", "))
    })
}
