//! `microcred watch`.

use std::{process::ExitCode, time::Duration};

use clap::{ArgGroup, Args};
use futures_util::{StreamExt, pin_mut};
use microcred_client::{
    Address,
    account::AnyAccount,
    event::{Event, Value},
    ledger::READ_LIMIT,
    watch::{self, Scope, WatchOptions},
};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use super::history::{Place, Told};
use crate::full::{
    error::CliError,
    session::Session,
    settings::Target,
    values::{AchievementRef, IssuerRef, parse_address},
};

/// Exit code where the status that was waited for did not come: not now, perhaps later.
const NOT_YET: u8 = 3;

/// How often what stands in the accounts is compared with what is waited for, besides every change.
const LOOK_EVERY: Duration = Duration::from_secs(15);

/// For how long a change that is seen already may be yet untold.
const TOLD_WITHIN: Duration = Duration::from_secs(5);

/// A year, which nobody waits for.
const LONGEST: u64 = 31_536_000;

/// What is watched, and for how long.
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "\
Examples:
  microcred watch CREDENTIAL --until active --timeout 600
  microcred watch --issuer CREATOR/university --output json-compact

Exit codes: 0 ended with Ctrl-C, at its time, or with the status waited for; 3 that status did not
come in time; 1 wrong usage; 5 the cluster could not be read at first.",
    group(ArgGroup::new("what").required(true).args(["addresses", "issuer", "achievement"]))
)]
pub(crate) struct Arguments {
    /// Addresses of credentials or other accounts, which need not exist yet
    #[arg(value_name = "ADDRESS", value_parser = parse_address)]
    addresses: Vec<Address>,
    /// An issuer with its keys, achievements and credentials: its address, or CREATOR/SLUG
    #[arg(long)]
    issuer: Option<IssuerRef>,
    /// An achievement and its credentials: its address, or ISSUER/CODE
    #[arg(long)]
    achievement: Option<AchievementRef>,
    /// End as soon as one of the addresses has this status: active, revoked, ...
    #[arg(long, value_name = "STATUS", value_parser = parse_status, conflicts_with_all = ["issuer", "achievement"])]
    until: Option<&'static str>,
    /// End after so many seconds
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=LONGEST))]
    timeout: Option<u64>,
}

pub(crate) async fn run(session: &Session, arguments: &Arguments) -> Result<ExitCode, CliError> {
    let Target::Cluster { ws, .. } = &session.settings.target else {
        let why = "while one process has an embedded ledger open, nobody else can change it: watch a cluster";
        return Err(CliError::Usage(why.into()));
    };
    session.require_program().await?;
    let scope = match (&arguments.issuer, &arguments.achievement) {
        (Some(IssuerRef(issuer)), _) => Scope::Issuer(*issuer),
        (None, Some(achievement)) => Scope::Achievement(achievement.address),
        (None, None) => Scope::Accounts(arguments.addresses.clone()),
    };
    let options = WatchOptions { web_socket: Some(ws.clone()), ..WatchOptions::default() };
    let told = watch::watch(session.ledger().await?, &scope, &options);
    pin_mut!(told);
    let end = Instant::now() + Duration::from_secs(arguments.timeout.unwrap_or(LONGEST));
    let mut looks = interval(LOOK_EVERY);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let interrupted = tokio::signal::ctrl_c();
    pin_mut!(interrupted);
    let (mut is_first_look, mut seen) = (true, None);
    loop {
        tokio::select! {
            _ = &mut interrupted => return Ok(ExitCode::SUCCESS),
            () = sleep_until(end) => {
                return Ok(arguments.until.map_or(ExitCode::SUCCESS, |_| ExitCode::from(NOT_YET)));
            }
            Some(told) = told.next() => {
                if tell(session, told, arguments)? {
                    return Ok(ExitCode::SUCCESS);
                }
            }
            () = sleep_until(seen.unwrap_or(end)), if seen.is_some() => return Ok(ExitCode::SUCCESS),
            _ = looks.tick(), if arguments.until.is_some() && seen.is_none() => {
                if has_come(session, arguments).await {
                    // What stood there before is not told again; what came meanwhile is about to be.
                    seen = Some(Instant::now() + if is_first_look { Duration::ZERO } else { TOLD_WITHIN });
                }
                is_first_look = false;
            }
        }
    }
}

/// Prints what the watcher tells. True: it is what is waited for.
fn tell(session: &Session, told: watch::Told, arguments: &Arguments) -> Result<bool, CliError> {
    let printer = session.printer;
    match told {
        watch::Told::Change { signature, slot, time, event } => {
            let come = arguments.until.is_some_and(|status| brings(&event, &arguments.addresses, status));
            printer.compact().answer(&Told { at: Place::new(&signature, slot, time), event })?;
            return Ok(come);
        }
        watch::Told::CutShort { signature, .. } => printer.warn(format_args!(
            "the log of transaction {signature} was too long to be kept whole: look with `microcred show` what it changed"
        )),
        watch::Told::Connected => printer.note("watching; Ctrl-C ends it"),
        watch::Told::Disconnected { why } => {
            printer.warn(format_args!("not connected ({why}): changes are told a little later"));
        }
        watch::Told::Unread(error) => printer.warn(format_args!("{error}; it is tried again, and nothing is lost")),
    }
    Ok(false)
}

/// Whether an event brings one of the accounts into a status. It may also be told because it names one of them, such as the issuer of a
/// credential.
fn brings(event: &Event, watched: &[Address], status: &str) -> bool {
    // What changed is named first.
    if !event.accounts().first().is_some_and(|changed| watched.contains(changed)) {
        return false;
    }
    let is_status = |name| matches!(name, "status" | "new_status");
    event.fields().iter().any(|field| is_status(field.name) && field.value == Value::Word(status.to_owned()))
}

/// Whether one of the accounts has the status that is waited for, also from before. What cannot be read now is read the next time.
async fn has_come(session: &Session, arguments: &Arguments) -> bool {
    for addresses in arguments.addresses.chunks(READ_LIMIT) {
        let Ok(snapshot) = session.read(addresses).await else { continue };
        for (address, account) in addresses.iter().zip(snapshot.accounts) {
            let any = account.and_then(|account| AnyAccount::decode(address, &account).ok());
            let status = any.as_ref().and_then(status);
            if status.is_some() && status == arguments.until {
                session.printer.note(format_args!("{address} is {}", status.unwrap_or_default()));
                return true;
            }
        }
    }
    false
}

/// The word of an account's status.
fn status(any: &AnyAccount) -> Option<&'static str> {
    match any {
        AnyAccount::Registry(registry) => registry.lifecycle().ok().map(|status| status.word()),
        AnyAccount::Issuer(issuer) => issuer.lifecycle().ok().map(|status| status.word()),
        AnyAccount::Achievement(achievement) => achievement.lifecycle().ok().map(|status| status.word()),
        AnyAccount::Accreditation(entry) => entry.accreditation_status().ok().map(|status| status.word()),
        AnyAccount::Credential(credential) => credential.credential_status().ok().map(|status| status.word()),
        AnyAccount::IssuerKey(_) => None,
    }
}

/// The word of any status there is.
fn parse_status(text: &str) -> Result<&'static str, String> {
    use microcred_client::state::{AccreditationStatus, CredentialStatus, Lifecycle};

    let mut words: Vec<_> = CredentialStatus::ALL.iter().map(|status| status.word()).collect();
    words.extend(AccreditationStatus::ALL.iter().map(|status| status.word()));
    words.extend(Lifecycle::ALL.iter().map(|status| status.word()));
    words.iter().copied().find(|word| *word == text).ok_or_else(|| {
        words.sort_unstable();
        words.dedup();
        format!("\"{text}\" is no status; there are: {}", words.join(", "))
    })
}
