//! `microcred issuer`.

use clap::{Args, Subcommand};
use microcred_client::{
    Address, Instruction, address,
    instructions::{CreateIssuerArgs, UpdateIssuerProfileArgs, issuer, withdraw_excess},
    lookup,
    state::Issuer,
};

use crate::full::{
    change::Change,
    commands::key::Terms,
    error::CliError,
    office::{Office, not_offline},
    session::Session,
    transaction::TransactionOptions,
    values::{IssuerRef, parse_address},
};

/// What is done to an issuer.
#[derive(Subcommand, Clone, Debug)]
pub(crate) enum Command {
    /// Create an issuer with its first key; who acts becomes its authority
    #[command(after_help = "Example: microcred issuer create my-university --name 'My University' \\\n         \
                            --key platform.json --permissions issue,suspend,renew --quota 10000")]
    Create(Create),
    /// Change name, home page or country, which registries then have to confirm
    UpdateProfile(UpdateProfile),
    /// Change where excess lamports of the issuer's accounts go
    SetTreasury(SetTreasury),
    /// Propose another authority, which takes office when it accepts
    ProposeAuthority(ProposeAuthority),
    /// Take office as the proposed authority
    AcceptAuthority(One),
    /// Neither issue nor renew until resumed
    Pause(One),
    /// Issue and renew again
    Resume(One),
    /// Neither issue nor renew any more, for good
    Retire(One),
    /// Send lamports above the rent minimum of any account to where they belong
    WithdrawExcess(WithdrawExcess),
}

/// A new issuer.
#[derive(Args, Clone, Debug)]
pub(crate) struct Create {
    /// Short name, unique to who creates it: 1 to 32 of a-z, 0-9 and hyphens
    slug: String,
    /// Name, at most 96 bytes
    #[arg(long)]
    name: String,
    /// Home page, at most 128 bytes
    #[arg(long, default_value = "", hide_default_value = true)]
    home_page: String,
    /// Two letters of ISO 3166-1
    #[arg(long, default_value = "", hide_default_value = true)]
    country: String,
    /// Where excess lamports of the issuer's accounts go [default: who acts]
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    treasury: Option<Address>,
    /// The first key, which gets index 0: its address, or a keypair as --keypair takes it
    #[arg(long, value_name = "KEYPAIR")]
    key: String,
    #[command(flatten)]
    terms: Terms,
    #[command(flatten)]
    transaction: TransactionOptions,
}

/// An issuer.
#[derive(Args, Clone, Debug)]
pub(crate) struct One {
    /// Address of the issuer, or CREATOR/SLUG
    issuer: IssuerRef,
    #[command(flatten)]
    transaction: TransactionOptions,
}

/// An issuer's profile. What is not named stays as it is.
#[derive(Args, Clone, Debug)]
pub(crate) struct UpdateProfile {
    /// Address of the issuer, or CREATOR/SLUG
    issuer: IssuerRef,
    /// Name, at most 96 bytes
    #[arg(long)]
    name: Option<String>,
    /// Home page, at most 128 bytes
    #[arg(long)]
    home_page: Option<String>,
    /// Two letters of ISO 3166-1
    #[arg(long)]
    country: Option<String>,
    #[command(flatten)]
    transaction: TransactionOptions,
}

/// An issuer and its treasury.
#[derive(Args, Clone, Debug)]
pub(crate) struct SetTreasury {
    /// Address of the issuer, or CREATOR/SLUG
    issuer: IssuerRef,
    /// Where excess lamports of its accounts go
    #[arg(value_parser = parse_address)]
    treasury: Address,
    #[command(flatten)]
    transaction: TransactionOptions,
}

/// An issuer and who shall administer it.
#[derive(Args, Clone, Debug)]
pub(crate) struct ProposeAuthority {
    /// Address of the issuer, or CREATOR/SLUG
    issuer: IssuerRef,
    /// Address of the new authority
    #[arg(value_parser = parse_address, required_unless_present = "take_back")]
    new_authority: Option<Address>,
    /// Take the proposal back
    #[arg(long, conflicts_with = "new_authority")]
    take_back: bool,
    #[command(flatten)]
    transaction: TransactionOptions,
}

/// An account with more lamports than it needs.
#[derive(Args, Clone, Debug)]
pub(crate) struct WithdrawExcess {
    /// Address of any account of microcred
    #[arg(value_parser = parse_address)]
    account: Address,
    #[command(flatten)]
    transaction: TransactionOptions,
}

pub(crate) async fn run(session: &Session, command: &Command) -> Result<(), CliError> {
    match command {
        Command::Create(arguments) => create(session, arguments).await,
        Command::UpdateProfile(arguments) => update_profile(session, arguments).await,
        Command::SetTreasury(SetTreasury { issuer: IssuerRef(address), treasury, transaction }) => {
            let build = |authority| issuer::update_treasury(authority, *address, *treasury);
            administer(session, "issuer set-treasury", *address, transaction, build, |_| None).await
        }
        Command::ProposeAuthority(ProposeAuthority {
            issuer: IssuerRef(address), new_authority, transaction, ..
        }) => {
            let build = |authority| issuer::propose_authority(authority, *address, *new_authority);
            administer(session, "issuer propose-authority", *address, transaction, build, |_| None).await
        }
        Command::AcceptAuthority(arguments) => accept(session, arguments).await,
        Command::Pause(One { issuer: IssuerRef(address), transaction }) => {
            let build = |authority| issuer::pause(authority, *address);
            administer(session, "issuer pause", *address, transaction, build, |_| None).await
        }
        Command::Resume(One { issuer: IssuerRef(address), transaction }) => {
            let build = |authority| issuer::resume(authority, *address);
            administer(session, "issuer resume", *address, transaction, build, |_| None).await
        }
        Command::Retire(One { issuer: IssuerRef(address), transaction }) => {
            let build = |authority| issuer::retire(authority, *address);
            let consequence =
                |what: &str| Some(format!("This retires {what} for good: it issues and renews nothing any more."));
            administer(session, "issuer retire", *address, transaction, build, consequence).await
        }
        Command::WithdrawExcess(arguments) => withdraw(session, arguments).await,
    }
}

async fn create(session: &Session, arguments: &Create) -> Result<(), CliError> {
    let (actor, payer) = (session.actor()?.address, session.payer()?.address);
    let key = session.signers.load(&arguments.key, "--key")?.address;
    let args = CreateIssuerArgs {
        slug: arguments.slug.clone(),
        name: arguments.name.clone(),
        url: arguments.home_page.clone(),
        country: arguments.country.clone(),
        treasury: arguments.treasury.unwrap_or(actor),
        key: arguments.terms.of(key),
    };
    let place = address::issuer(&actor, &arguments.slug);
    let change = Change::new("issuer create").about("issuer", place, Some(arguments.name.clone())).about(
        "issuer key",
        address::issuer_key(&place, 0),
        None,
    );
    session.conclude(&arguments.transaction, change, vec![issuer::create(payer, actor, args)]).await
}

/// What the authority does to the issuer itself.
async fn administer(
    session: &Session,
    action: &'static str,
    address: Address,
    transaction: &TransactionOptions,
    build: impl Fn(Address) -> Instruction,
    consequence: impl Fn(&str) -> Option<String>,
) -> Result<(), CliError> {
    let issuer = Office::<Issuer>::administered(session, transaction, address).await?;
    let change = issuer.about(Change::new(action)).for_good(consequence(&issuer.title()));
    session.conclude(transaction, change, vec![build(session.actor()?.address)]).await
}

async fn update_profile(session: &Session, arguments: &UpdateProfile) -> Result<(), CliError> {
    let UpdateProfile { issuer: IssuerRef(address), name, home_page, country, transaction } = arguments;
    let issuer = Office::<Issuer>::administered(session, transaction, *address).await?;
    let present = issuer.account.as_ref();
    let text = |named: &Option<String>, present: Option<&str>, option| {
        named.clone().or(present.map(str::to_owned)).ok_or_else(|| not_offline(option))
    };
    let args = UpdateIssuerProfileArgs {
        name: text(name, present.map(Issuer::name), "--name")?,
        url: text(home_page, present.map(Issuer::url), "--home-page")?,
        country: text(country, present.map(Issuer::country), "--country")?,
    };
    let change = issuer.about(Change::new("issuer update-profile")).warn(
        "registries that accredited the issuer vouch for its earlier profile until they confirm this one, with `microcred registry confirm`".into(),
    );
    let instruction = issuer::update_profile(session.actor()?.address, *address, args);
    session.conclude(transaction, change, vec![instruction]).await
}

async fn accept(session: &Session, arguments: &One) -> Result<(), CliError> {
    let One { issuer: IssuerRef(address), transaction } = arguments;
    let issuer = Office::<Issuer>::look(session, transaction, *address).await?;
    issuer.require(session.actor()?.address, "proposed authority", |issuer| issuer.pending_authority)?;
    let consequence = format!("This makes you the authority of {}; only you can pass it on.", issuer.title());
    let change = issuer.about(Change::new("issuer accept-authority")).for_good(Some(consequence));
    let instruction = issuer::accept_authority(session.actor()?.address, *address);
    session.conclude(transaction, change, vec![instruction]).await
}

async fn withdraw(session: &Session, arguments: &WithdrawExcess) -> Result<(), CliError> {
    let WithdrawExcess { account, transaction } = arguments;
    if transaction.sign_only {
        let message =
            "where the excess goes stands on the ledger, which --sign-only does not read; nobody but the payer signs";
        return Err(CliError::Usage(message.into()));
    }
    let (kind, excess) = lookup::excess(session.ledger().await?, account).await?;
    let change = Change::new("issuer withdraw-excess").about(kind, *account, None);
    session.conclude(transaction, change, vec![withdraw_excess(*account, &excess)]).await
}
