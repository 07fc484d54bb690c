//! `microcred registry`.

use clap::{Args, Subcommand};
use microcred_client::{
    Address, Instruction, address,
    instructions::{CreateRegistryArgs, accreditation, accreditation::AccreditationRef, registry},
    state::{Issuer, Reason, Registry, Term},
};

use crate::full::{
    change::Change,
    error::CliError,
    office::{self, Office},
    session::Session,
    transaction::TransactionOptions,
    values::{IssuerRef, RegistryRef, parse_address, parse_end, parse_reason, parse_time},
};

/// What is done to a registry.
#[derive(Subcommand, Clone, Debug)]
pub(crate) enum Command {
    /// Create a registry; who acts becomes its authority
    #[command(after_help = "Example: microcred registry create quality-agency --name 'Quality Agency'")]
    Create(Create),
    /// Change where a registry's policies can be read
    SetUri(SetUri),
    /// Propose another authority, which takes office when it accepts
    ProposeAuthority(ProposeAuthority),
    /// Take office as the proposed authority
    AcceptAuthority(One),
    /// Take no new accreditations until resumed
    Pause(One),
    /// Take new accreditations again
    Resume(One),
    /// Take no new accreditations, for good
    Retire(One),
    /// Vouch for an issuer
    #[command(after_help = "Example: microcred registry accredit REGISTRY ISSUER --until 2030-01-01")]
    Accredit(Vouch),
    /// Add a term to an accreditation, or prolong its last one
    AddTerm(Vouch),
    /// Vouch for the present profile of an issuer that changed it
    Confirm(Confirm),
    /// Suspend an accreditation
    Suspend(Doubt),
    /// Reinstate a suspended accreditation, also for what was issued meanwhile
    Reinstate(Entry),
    /// Withdraw an accreditation and end its terms
    Withdraw(Doubt),
}

/// A new registry.
#[derive(Args, Clone, Debug)]
pub(crate) struct Create {
    /// Short name, unique to who creates it: 1 to 32 of a-z, 0-9 and hyphens
    slug: String,
    /// Name, at most 96 bytes
    #[arg(long)]
    name: String,
    /// Where its policies can be read, at most 128 bytes
    #[arg(long, default_value = "", hide_default_value = true)]
    uri: String,
    #[command(flatten)]
    transaction: TransactionOptions,
}

/// A registry.
#[derive(Args, Clone, Debug)]
pub(crate) struct One {
    /// Address of the registry, or CREATOR/SLUG
    registry: RegistryRef,
    #[command(flatten)]
    transaction: TransactionOptions,
}

/// A registry and its URI.
#[derive(Args, Clone, Debug)]
pub(crate) struct SetUri {
    /// Address of the registry, or CREATOR/SLUG
    registry: RegistryRef,
    /// Where its policies can be read, at most 128 bytes
    uri: String,
    #[command(flatten)]
    transaction: TransactionOptions,
}

/// A registry and who shall administer it.
#[derive(Args, Clone, Debug)]
pub(crate) struct ProposeAuthority {
    /// Address of the registry, or CREATOR/SLUG
    registry: RegistryRef,
    /// Address of the new authority
    #[arg(value_parser = parse_address, required_unless_present = "take_back")]
    new_authority: Option<Address>,
    /// Take the proposal back
    #[arg(long, conflicts_with = "new_authority")]
    take_back: bool,
    #[command(flatten)]
    transaction: TransactionOptions,
}

/// An issuer's entry in a registry.
#[derive(Args, Clone, Debug)]
pub(crate) struct Entry {
    /// Address of the registry, or CREATOR/SLUG
    registry: RegistryRef,
    /// Address of the issuer, or CREATOR/SLUG
    issuer: IssuerRef,
    #[command(flatten)]
    transaction: TransactionOptions,
}

/// An issuer's entry in a registry, and a term.
#[derive(Args, Clone, Debug)]
pub(crate) struct Vouch {
    /// First second of the term [default: now]
    #[arg(long, value_name = "TIME", value_parser = parse_time, allow_negative_numbers = true, required_if_eq("sign_only", "true"))]
    from: Option<i64>,
    /// First second after the term, or never
    #[arg(long, value_name = "TIME", value_parser = parse_end, allow_negative_numbers = true, default_value = "never")]
    until: i64,
    /// Revision of the issuer's profile that was looked at [default: the present one]
    #[arg(long, value_name = "N", required_if_eq("sign_only", "true"))]
    profile_revision: Option<u32>,
    #[command(flatten)]
    entry: Entry,
}

/// An issuer's entry in a registry, and its profile.
#[derive(Args, Clone, Debug)]
pub(crate) struct Confirm {
    /// Revision of the issuer's profile that was looked at [default: the present one]
    #[arg(long, value_name = "N", required_if_eq("sign_only", "true"))]
    profile_revision: Option<u32>,
    #[command(flatten)]
    entry: Entry,
}

/// An issuer's entry in a registry, and why it is no longer vouched for.
#[derive(Args, Clone, Debug)]
pub(crate) struct Doubt {
    /// Why: under-review, requirements-not-met, operations-ceased, ...
    #[arg(long, value_parser = parse_reason, default_value = "unspecified")]
    reason: Reason,
    /// With effect from earlier [default: now]
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    effective_at: Option<i64>,
    #[command(flatten)]
    entry: Entry,
}

pub(crate) async fn run(session: &Session, command: &Command) -> Result<(), CliError> {
    match command {
        Command::Create(arguments) => create(session, arguments).await,
        Command::SetUri(SetUri { registry: RegistryRef(address), uri, transaction }) => {
            let build = |authority| registry::update_uri(authority, *address, uri);
            administer(session, "registry set-uri", *address, transaction, build, |_| None).await
        }
        Command::ProposeAuthority(ProposeAuthority {
            registry: RegistryRef(address),
            new_authority,
            transaction,
            ..
        }) => {
            let build = |authority| registry::propose_authority(authority, *address, *new_authority);
            administer(session, "registry propose-authority", *address, transaction, build, |_| None).await
        }
        Command::AcceptAuthority(arguments) => accept(session, arguments).await,
        Command::Pause(One { registry: RegistryRef(address), transaction }) => {
            let build = |authority| registry::pause(authority, *address);
            administer(session, "registry pause", *address, transaction, build, |_| None).await
        }
        Command::Resume(One { registry: RegistryRef(address), transaction }) => {
            let build = |authority| registry::resume(authority, *address);
            administer(session, "registry resume", *address, transaction, build, |_| None).await
        }
        Command::Retire(One { registry: RegistryRef(address), transaction }) => {
            let build = |authority| registry::retire(authority, *address);
            let consequence = |what: &str| Some(format!("This retires {what} for good: it accredits nobody any more."));
            administer(session, "registry retire", *address, transaction, build, consequence).await
        }
        Command::Accredit(arguments) => accredit(session, arguments).await,
        Command::AddTerm(arguments) => add_term(session, arguments).await,
        Command::Confirm(arguments) => confirm(session, arguments).await,
        Command::Suspend(Doubt { entry, reason, effective_at }) => {
            let build = |of: &AccreditationRef| accreditation::suspend(of, *reason, effective_at.unwrap_or(0));
            judge(session, "registry suspend", entry, build, |_, _| None).await
        }
        Command::Reinstate(entry) => {
            judge(session, "registry reinstate", entry, accreditation::reinstate, |_, _| None).await
        }
        Command::Withdraw(Doubt { entry, reason, effective_at }) => {
            let build = |of: &AccreditationRef| accreditation::withdraw(of, *reason, effective_at.unwrap_or(0));
            let consequence = |issuer: &str, registry: &str| {
                Some(format!("This withdraws the accreditation of {issuer} by {registry} and ends its terms."))
            };
            judge(session, "registry withdraw", entry, build, consequence).await
        }
    }
}

async fn create(session: &Session, arguments: &Create) -> Result<(), CliError> {
    let (actor, payer) = (session.actor()?.address, session.payer()?.address);
    let Create { slug, name, uri, transaction } = arguments;
    let args = CreateRegistryArgs { slug: slug.clone(), name: name.clone(), uri: uri.clone() };
    let change = Change::new("registry create").about("registry", address::registry(&actor, slug), Some(name.clone()));
    session.conclude(transaction, change, vec![registry::create(payer, actor, args)]).await
}

/// What the authority does to the registry itself.
async fn administer(
    session: &Session,
    action: &'static str,
    address: Address,
    transaction: &TransactionOptions,
    build: impl Fn(Address) -> Instruction,
    consequence: impl Fn(&str) -> Option<String>,
) -> Result<(), CliError> {
    let registry = Office::<Registry>::administered(session, transaction, address).await?;
    let change = registry.about(Change::new(action)).for_good(consequence(&registry.title()));
    session.conclude(transaction, change, vec![build(session.actor()?.address)]).await
}

async fn accept(session: &Session, arguments: &One) -> Result<(), CliError> {
    let One { registry: RegistryRef(address), transaction } = arguments;
    let registry = Office::<Registry>::look(session, transaction, *address).await?;
    registry.require(session.actor()?.address, "proposed authority", |registry| registry.pending_authority)?;
    let consequence = format!("This makes you the authority of {}; only you can pass it on.", registry.title());
    let change = registry.about(Change::new("registry accept-authority")).for_good(Some(consequence));
    let instruction = registry::accept_authority(session.actor()?.address, *address);
    session.conclude(transaction, change, vec![instruction]).await
}

/// What the registry's authority does to an accreditation that exists.
async fn judge(
    session: &Session,
    action: &'static str,
    entry: &Entry,
    build: impl Fn(&AccreditationRef) -> Instruction,
    consequence: impl Fn(&str, &str) -> Option<String>,
) -> Result<(), CliError> {
    let (registry, issuer, of) = parties(session, entry).await?;
    let change = about(action, &of, &registry, &issuer).for_good(consequence(&issuer.title(), &registry.title()));
    session.conclude(&entry.transaction, change, vec![build(&of)]).await
}

async fn accredit(session: &Session, arguments: &Vouch) -> Result<(), CliError> {
    let (registry, issuer, of) = parties(session, &arguments.entry).await?;
    let (revision, term) = (revision(&issuer, arguments.profile_revision)?, term(session, arguments).await?);
    let change = about("registry accredit", &of, &registry, &issuer);
    let instruction = accreditation::accredit(session.payer()?.address, &of, revision, term);
    session.conclude(&arguments.entry.transaction, change, vec![instruction]).await
}

async fn add_term(session: &Session, arguments: &Vouch) -> Result<(), CliError> {
    let (registry, issuer, of) = parties(session, &arguments.entry).await?;
    let (revision, term) = (revision(&issuer, arguments.profile_revision)?, term(session, arguments).await?);
    let change = about("registry add-term", &of, &registry, &issuer);
    let instruction = accreditation::add_term(&of, revision, term);
    session.conclude(&arguments.entry.transaction, change, vec![instruction]).await
}

async fn confirm(session: &Session, arguments: &Confirm) -> Result<(), CliError> {
    let (registry, issuer, of) = parties(session, &arguments.entry).await?;
    let revision = revision(&issuer, arguments.profile_revision)?;
    let change = about("registry confirm", &of, &registry, &issuer);
    session.conclude(&arguments.entry.transaction, change, vec![accreditation::confirm(&of, revision)]).await
}

async fn parties(
    session: &Session,
    entry: &Entry,
) -> Result<(Office<Registry>, Office<Issuer>, AccreditationRef), CliError> {
    let registry = Office::<Registry>::administered(session, &entry.transaction, entry.registry.0).await?;
    let issuer = Office::<Issuer>::look(session, &entry.transaction, entry.issuer.0).await?;
    let authority = session.actor()?.address;
    let of = AccreditationRef { authority, registry: entry.registry.0, issuer: entry.issuer.0 };
    Ok((registry, issuer, of))
}

fn about(action: &'static str, of: &AccreditationRef, registry: &Office<Registry>, issuer: &Office<Issuer>) -> Change {
    issuer.about(registry.about(Change::new(action).about("accreditation", of.address(), None)))
}

/// The revision that was named, or else the present one.
fn revision(issuer: &Office<Issuer>, named: Option<u32>) -> Result<u32, CliError> {
    let present = issuer.account.as_ref().map(|issuer| issuer.profile_revision);
    named.or(present).ok_or_else(|| office::not_offline("--profile-revision"))
}

async fn term(session: &Session, arguments: &Vouch) -> Result<Term, CliError> {
    let from = match arguments.from {
        Some(from) => from,
        None if arguments.entry.transaction.sign_only => return Err(office::not_offline("--from")),
        None => session.now().await?,
    };
    Ok(Term { from, until: arguments.until })
}
