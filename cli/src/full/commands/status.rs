//! What is done to a credential that exists: `microcred accept`, `decline`, `suspend`, `reinstate`, `revoke`, `erase`.

use clap::Args;
use microcred_client::{
    Address, Instruction,
    instructions::{Actor, credential},
    state::{Reason, permission},
};

use crate::full::{
    change::Change,
    credential::{ActingOptions, CredentialOptions, Target},
    error::CliError,
    session::Session,
    transaction::TransactionOptions,
    values::parse_reason,
};

/// By the learner.
#[derive(Args, Clone, Debug)]
pub(crate) struct Answer {
    #[command(flatten)]
    credential: CredentialOptions,
    #[command(flatten)]
    transaction: TransactionOptions,
}

/// By the issuer.
#[derive(Args, Clone, Debug)]
pub(crate) struct Reinstate {
    #[command(flatten)]
    credential: CredentialOptions,
    #[command(flatten)]
    acting: ActingOptions,
    #[command(flatten)]
    transaction: TransactionOptions,
}

/// By the issuer, with a reason.
#[derive(Args, Clone, Debug)]
pub(crate) struct Reasoned {
    #[command(flatten)]
    pub(super) credential: CredentialOptions,
    /// Why, as a code: issued-in-error, superseded, academic-misconduct, payment, key-compromise,
    /// learner-request, under-review, identity-not-confirmed, requirements-not-met,
    /// assessment-annulled, operations-ceased, legal-order
    #[arg(long, value_parser = parse_reason, default_value = "unspecified")]
    pub(super) reason: Reason,
    #[command(flatten)]
    pub(super) acting: ActingOptions,
    #[command(flatten)]
    pub(super) transaction: TransactionOptions,
}

/// By the issuer, or by the learner.
#[derive(Args, Clone, Debug)]
pub(crate) struct Erase {
    /// Act as the learner, where --sign-only keeps it from being found out
    #[arg(long)]
    as_learner: bool,
    #[command(flatten)]
    reasoned: Reasoned,
}

pub(crate) async fn accept(session: &Session, arguments: &Answer) -> Result<(), CliError> {
    answer(session, "accept", arguments, credential::accept, |_| None).await
}

pub(crate) async fn decline(session: &Session, arguments: &Answer) -> Result<(), CliError> {
    let consequence = |what: &str| Some(format!("This declines {what}, for good."));
    answer(session, "decline", arguments, credential::decline, consequence).await
}

pub(crate) async fn suspend(session: &Session, arguments: &Reasoned) -> Result<(), CliError> {
    let build = |actor: &Actor, address| credential::suspend(actor, address, arguments.reason);
    change(session, "suspend", arguments, permission::SUSPEND, build, |_| None).await
}

pub(crate) async fn reinstate(session: &Session, arguments: &Reinstate) -> Result<(), CliError> {
    let Reinstate { credential, acting, transaction } = arguments.clone();
    let arguments = Reasoned { credential, reason: Reason::Unspecified, acting, transaction };
    change(session, "reinstate", &arguments, permission::SUSPEND, credential::reinstate, |_| None).await
}

pub(crate) async fn revoke(session: &Session, arguments: &Reasoned) -> Result<(), CliError> {
    let reason = arguments.reason;
    let build = |actor: &Actor, address| credential::revoke(actor, address, reason);
    let consequence = |what: &str| Some(format!("This revokes {what}, for good, reason: {reason}."));
    change(session, "revoke", arguments, permission::REVOKE, build, consequence).await
}

pub(crate) async fn erase(session: &Session, arguments: &Erase) -> Result<(), CliError> {
    let Reasoned { credential, reason, acting, transaction } = &arguments.reasoned;
    let target = Target::find(session, transaction, credential).await?;
    let actor = session.actor()?.address;
    let instruction = if arguments.as_learner || target.is_of(actor) {
        target.require_learner(actor)?;
        credential::erase_own(actor, target.address)
    } else {
        let actor = target.actor(session, transaction, acting, permission::REVOKE).await?;
        credential::erase(&actor, target.address, *reason)
    };
    let consequence = format!(
        "This erases subject and digest of {}, for good. The transactions that wrote them stay in archives.",
        target.title()
    );
    let change = target.about(Change::new("erase")).for_good(Some(consequence));
    session.conclude(transaction, change, vec![instruction]).await
}

/// What the learner does.
async fn answer(
    session: &Session,
    action: &'static str,
    arguments: &Answer,
    build: impl Fn(Address, Address) -> Instruction,
    consequence: impl Fn(&str) -> Option<String>,
) -> Result<(), CliError> {
    let Answer { credential, transaction } = arguments;
    let target = Target::find(session, transaction, credential).await?;
    let learner = session.actor()?.address;
    target.require_learner(learner)?;
    let change = target.about(Change::new(action)).for_good(consequence(&target.title()));
    session.conclude(transaction, change, vec![build(learner, target.address)]).await
}

/// What the issuer does.
async fn change(
    session: &Session,
    action: &'static str,
    arguments: &Reasoned,
    permission: u16,
    build: impl Fn(&Actor, Address) -> Instruction,
    consequence: impl Fn(&str) -> Option<String>,
) -> Result<(), CliError> {
    let Reasoned { credential, acting, transaction, .. } = arguments;
    let target = Target::find(session, transaction, credential).await?;
    let actor = target.actor(session, transaction, acting, permission).await?;
    let change = target.about(Change::new(action)).for_good(consequence(&target.title()));
    session.conclude(transaction, change, vec![build(&actor, target.address)]).await
}
