//! `microcred achievement`.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use microcred_client::{
    Address, Instruction, address,
    instructions::{Actor, CreateAchievementArgs, EditAchievementArgs, achievement},
    lookup::Intent,
    state::{Achievement, AchievementKind, Issuer, permission, policy},
};

use crate::full::{
    change::Change,
    commands::definition,
    error::CliError,
    office::{Office, not_offline},
    session::Session,
    transaction::TransactionOptions,
    values::{AchievementRef, IssuerRef, parse_digest, parse_ects, parse_kind},
};

const DAY: i64 = 86_400;

/// What is done to an achievement.
#[derive(Subcommand, Clone, Debug)]
pub(crate) enum Command {
    /// Create an achievement, as a draft unless it is published at once
    #[command(
        after_help = "Example: microcred achievement create ISSUER rust-basics --title 'Rust Basics' \\\n         \
                            --kind micro-credential --ects 2.5 --validity-days 1095 --renewable --publish"
    )]
    Create(Create),
    /// Edit a draft; what is not named stays as it is
    Edit(Edit),
    /// Publish a draft, which freezes its definition for good
    Publish(One),
    /// Issue and renew none of it until resumed
    Pause(One),
    /// Issue and renew it again
    Resume(One),
    /// Issue and renew none of it any more, for good
    Retire(One),
    /// Say that it replaces an older one of the same issuer
    SetReplaced(SetReplaced),
    /// Check whether a file is the definition that the chain names
    ///
    /// Exit code 0: it is; 2: it is another one, or the chain names none.
    #[command(after_help = "Example: microcred achievement check-definition ISSUER/rust-basics microcred.toml")]
    CheckDefinition(definition::Check),
}

/// What can be edited until it is published.
#[derive(Args, Clone, Debug)]
pub(crate) struct Definition {
    /// Where the definition can be read, at most 128 bytes
    #[arg(long)]
    uri: Option<String>,
    /// Whether credentials are pending until the learner accepts
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    acceptance_required: Option<bool>,
    /// Whether credentials can be renewed
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    renewable: Option<bool>,
    /// Level in the European Qualifications Framework, 1 to 8; 0: none
    #[arg(long, value_name = "LEVEL")]
    eqf_level: Option<u8>,
    /// Workload in ECTS credits, to the tenth
    #[arg(long, value_name = "CREDITS", value_parser = parse_ects)]
    ects: Option<u16>,
    /// Days that a credential is valid; 0: for ever
    #[arg(long, value_name = "DAYS")]
    validity_days: Option<u32>,
    /// SHA-256 of the full definition's canonical JSON, in hexadecimal digits; `apply` computes it
    #[arg(long, value_name = "HEX", value_parser = parse_digest)]
    definition_digest: Option<[u8; 32]>,
}

/// Who acts.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct ByKey {
    /// Index of the issuer's key that acts [default: found by its address]
    #[arg(long, value_name = "N")]
    key_index: Option<u16>,
}

/// A new achievement.
#[derive(Args, Clone, Debug)]
pub(crate) struct Create {
    /// Address of the issuer, or CREATOR/SLUG
    issuer: IssuerRef,
    /// Short name, unique to the issuer: 1 to 32 of a-z, 0-9 and hyphens
    code: String,
    /// Title, at most 128 bytes
    #[arg(long)]
    title: String,
    /// How rigorous it is: micro-credential, certificate or badge
    #[arg(long, value_parser = parse_kind)]
    kind: AchievementKind,
    #[command(flatten)]
    definition: Definition,
    /// Publish at once, which freezes the definition for good
    #[arg(long)]
    publish: bool,
    #[command(flatten)]
    by: ByKey,
    #[command(flatten)]
    transaction: TransactionOptions,
}

/// An achievement.
#[derive(Args, Clone, Debug)]
pub(crate) struct One {
    /// Address of the achievement, or ISSUER/CODE
    achievement: AchievementRef,
    #[command(flatten)]
    by: ByKey,
    #[command(flatten)]
    transaction: TransactionOptions,
}

/// A draft and what is new.
#[derive(Args, Clone, Debug)]
pub(crate) struct Edit {
    /// Address of the achievement, or ISSUER/CODE
    achievement: AchievementRef,
    /// Title, at most 128 bytes
    #[arg(long)]
    title: Option<String>,
    /// How rigorous it is: micro-credential, certificate or badge
    #[arg(long, value_parser = parse_kind)]
    kind: Option<AchievementKind>,
    #[command(flatten)]
    definition: Definition,
    #[command(flatten)]
    by: ByKey,
    #[command(flatten)]
    transaction: TransactionOptions,
}

/// An achievement and the one before it.
#[derive(Args, Clone, Debug)]
pub(crate) struct SetReplaced {
    /// Address of the newer achievement, or ISSUER/CODE
    achievement: AchievementRef,
    /// Address of the older one, or ISSUER/CODE
    replaced: AchievementRef,
    #[command(flatten)]
    by: ByKey,
    #[command(flatten)]
    transaction: TransactionOptions,
}

pub(crate) async fn run(session: &Session, command: &Command) -> Result<ExitCode, CliError> {
    match command {
        Command::Create(arguments) => create(session, arguments).await,
        Command::Edit(arguments) => edit(session, arguments).await,
        Command::Publish(one) => {
            let consequence = |what: &str| Some(format!("This publishes {what} and freezes its definition for good."));
            manage(session, "achievement publish", one, achievement::publish, consequence).await
        }
        Command::Pause(one) => manage(session, "achievement pause", one, achievement::pause, |_| None).await,
        Command::Resume(one) => manage(session, "achievement resume", one, achievement::resume, |_| None).await,
        Command::Retire(one) => {
            let consequence =
                |what: &str| Some(format!("This retires {what} for good: none of it is issued any more."));
            manage(session, "achievement retire", one, achievement::retire, consequence).await
        }
        Command::SetReplaced(SetReplaced { achievement, replaced, by, transaction }) => {
            let one = One { achievement: *achievement, by: *by, transaction: transaction.clone() };
            let build = |actor: &Actor, address| achievement::set_replaced(actor, address, replaced.address);
            manage(session, "achievement set-replaced", &one, build, |_| None).await
        }
        Command::CheckDefinition(arguments) => return definition::run(session, arguments).await,
    }?;
    Ok(ExitCode::SUCCESS)
}

async fn create(session: &Session, arguments: &Create) -> Result<(), CliError> {
    let Create { issuer: IssuerRef(address), code, title, kind, definition, publish, by, transaction } = arguments;
    let issuer = Office::<Issuer>::look(session, transaction, *address).await?;
    let place = address::achievement(address, code);
    let intent = Intent { permission: permission::MANAGE_ACHIEVEMENTS, achievement: place };
    let actor = session.acting(transaction, *address, by.key_index, &intent).await?;
    let args = CreateAchievementArgs {
        code: code.clone(),
        title: title.clone(),
        uri: definition.uri.clone().unwrap_or_default(),
        kind: kind.code(),
        policy: definition.policy(0),
        eqf_level: definition.eqf_level.unwrap_or(0),
        workload: definition.ects.unwrap_or(0),
        default_validity: definition.validity().unwrap_or(0),
        definition_digest: definition.definition_digest.unwrap_or_default(),
        publish: *publish,
    };
    let consequence =
        format!("This publishes the achievement \"{title}\" ({place}) and freezes its definition for good.");
    let change = Change::new("achievement create").about("achievement", place, Some(title.clone()));
    let change = issuer.about(change).for_good(publish.then_some(consequence));
    session.conclude(transaction, change, vec![achievement::create(session.payer()?.address, &actor, args)]).await
}

async fn edit(session: &Session, arguments: &Edit) -> Result<(), CliError> {
    let Edit { achievement: named, title, kind, definition, by, transaction } = arguments;
    let achievement = Office::<Achievement>::look(session, transaction, named.address).await?;
    let present = achievement.account.as_ref();
    let args = EditAchievementArgs {
        title: given(title.clone(), present.map(|present| present.title().to_owned()), "--title")?,
        uri: given(definition.uri.clone(), present.map(|present| present.uri().to_owned()), "--uri")?,
        kind: given(kind.map(AchievementKind::code), present.map(|present| present.kind), "--kind")?,
        policy: match present {
            Some(present) => definition.policy(present.policy),
            None => {
                given(definition.acceptance_required, None, "--acceptance-required")?;
                given(definition.renewable, None, "--renewable")?;
                definition.policy(0)
            }
        },
        eqf_level: given(definition.eqf_level, present.map(|present| present.eqf_level), "--eqf-level")?,
        workload: given(definition.ects, present.map(|present| present.workload), "--ects")?,
        default_validity: given(
            definition.validity(),
            present.map(|present| present.default_validity),
            "--validity-days",
        )?,
        definition_digest: given(
            definition.definition_digest,
            present.map(|present| present.definition_digest),
            "--definition-digest",
        )?,
    };
    let actor = actor(session, transaction, *named, &achievement, *by).await?;
    let change = achievement.about(Change::new("achievement edit"));
    session.conclude(transaction, change, vec![achievement::edit(&actor, named.address, args)]).await
}

/// What is done to an achievement that exists.
async fn manage(
    session: &Session,
    action: &'static str,
    one: &One,
    build: impl Fn(&Actor, Address) -> Instruction,
    consequence: impl Fn(&str) -> Option<String>,
) -> Result<(), CliError> {
    let One { achievement: named, by, transaction } = one;
    let achievement = Office::<Achievement>::look(session, transaction, named.address).await?;
    let actor = actor(session, transaction, *named, &achievement, *by).await?;
    let change = achievement.about(Change::new(action)).for_good(consequence(&achievement.title()));
    session.conclude(transaction, change, vec![build(&actor, named.address)]).await
}

async fn actor(
    session: &Session,
    transaction: &TransactionOptions,
    named: AchievementRef,
    achievement: &Office<Achievement>,
    by: ByKey,
) -> Result<Actor, CliError> {
    let issuer = achievement.account.as_ref().map(|account| account.issuer).or(named.issuer);
    let issuer = issuer.ok_or_else(|| not_offline("the achievement as ISSUER/CODE"))?;
    let intent = Intent { permission: permission::MANAGE_ACHIEVEMENTS, achievement: named.address };
    session.acting(transaction, issuer, by.key_index, &intent).await
}

fn given<T>(named: Option<T>, present: Option<T>, option: &str) -> Result<T, CliError> {
    named.or(present).ok_or_else(|| not_offline(option))
}

impl Definition {
    /// The bits of [`policy`], where what is not named stays as before.
    fn policy(&self, before: u8) -> u8 {
        let bits = [(self.acceptance_required, policy::ACCEPTANCE_REQUIRED), (self.renewable, policy::RENEWABLE)];
        bits.iter().fold(before, |bits, (named, bit)| match named {
            Some(true) => bits | bit,
            Some(false) => bits & !bit,
            None => bits,
        })
    }

    /// Seconds.
    fn validity(&self) -> Option<i64> {
        self.validity_days.map(|days| i64::from(days).saturating_mul(DAY))
    }
}
