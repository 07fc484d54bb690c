//! `microcred apply`.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use clap::Args;
use jiff::Timestamp;
use microcred_client::{
    Address, PROGRAM_ID,
    declaration::{self, Change, Declaration, DeclarationError, Plan, Roles, State},
    deployment::{self, ProgramHash},
    sending::{self, Compute, Policy, PriorityFee},
};
use solana_signer::Signer;

use crate::full::{
    applied::{Applied, Done},
    definitions,
    error::CliError,
    files,
    session::Session,
    settings::Target,
    signers::Party,
    values::sol,
};

/// What is declared, and who makes it so.
#[derive(Args, Clone, Debug)]
pub(crate) struct Arguments {
    /// What is declared
    file: PathBuf,
    /// Show what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// With --dry-run, print the unsigned message of every change too, in Base64, for a multisig
    #[arg(long, requires = "dry_run")]
    dump_transaction_message: bool,
    /// Write the definition of each declared achievement into this folder, as ADDRESS.json
    ///
    /// Also with --dry-run. Published at the achievement's URI, it lets anybody read what the digest
    /// on chain stands for.
    #[arg(long, value_name = "FOLDER")]
    definitions: Option<PathBuf>,
    /// Who creates the registry, written as --keypair is [default: the file's, or who acts]
    #[arg(long, value_name = "KEYPAIR")]
    registry_creator: Option<String>,
    /// Who creates the issuer, written as --keypair is [default: the file's, or who acts]
    #[arg(long, value_name = "KEYPAIR")]
    issuer_creator: Option<String>,
    /// Whose an issuer key is that the file gives no address, by its name there; can be repeated
    #[arg(long = "key", value_name = "NAME=KEYPAIR", value_parser = NamedKey::from_str)]
    keys: Vec<NamedKey>,
    /// Folder with the other issuer keys: "course platform" is course-platform.json there
    #[arg(long = "keys", value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// Signer of any change that is not among the others, written as --keypair is; can be repeated
    #[arg(long = "authority", value_name = "KEYPAIR")]
    authorities: Vec<String>,
    /// Who manages achievements in the authority's stead, as the holder of an issuer key
    #[arg(long, value_name = "KEYPAIR")]
    manager: Option<String>,
    /// Refuse a cluster whose program is not this one: its compiled file, or its hash
    ///
    /// The hash is what `solana-verify get-executable-hash` prints.
    #[arg(long, value_name = "FILE_OR_SHA256")]
    expect_program: Option<String>,
    /// Offer so many micro-lamports per compute unit, to be served before others
    #[arg(long, value_name = "MICROLAMPORTS")]
    with_compute_unit_price: Option<u64>,
    /// Ask for so many compute units a transaction [default: by simulation]
    #[arg(long, value_name = "UNITS")]
    with_compute_unit_limit: Option<u32>,
}

/// A key by its name in the file.
#[derive(Clone, Debug)]
struct NamedKey {
    name: String,
    keypair: String,
}

impl FromStr for NamedKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, keypair) = text.split_once('=').ok_or("write NAME=KEYPAIR, with the name as in the file")?;
        Ok(Self { name: name.into(), keypair: keypair.into() })
    }
}

/// How often a plan is made anew for what had to wait.
const ROUNDS: u32 = 20;

/// How long to wait for the ledger's next second.
const NEXT_SECOND: Duration = Duration::from_millis(1100);

pub(crate) async fn run(session: &Session, arguments: &Arguments) -> Result<(), CliError> {
    let wrong = |error| CliError::Declaration { path: arguments.file.clone(), error };
    let text = files::read_text(&arguments.file, definitions::FILE_LIMIT)?;
    let declaration = Declaration::parse(&text).map_err(wrong)?;
    let cast = Cast::of(session, arguments, &declaration)?;
    require_program(session, arguments.expect_program.as_deref()).await?;

    let written = match &arguments.definitions {
        Some(folder) => definitions::all(folder, &declaration, &cast.roles.places(&declaration).map_err(wrong)?),
        None => Vec::new(),
    };
    let mut done = Vec::new();
    for round in 0..ROUNDS {
        // What took effect is told with whatever ends this later.
        let after = |error| interrupted(done.len(), error);
        let plan = next(session, arguments, &declaration, &cast).await.map_err(after)?;
        let rent = plan.rent(session.ledger().await?).await.map_err(|error| after(error.into()))?;
        let shown = Applied::planned(&arguments.file, session.settings.target.name(), &plan, rent);
        let shown = shown.with_definitions(&written);
        if round == 0 {
            for warning in &plan.warnings {
                session.printer.warn(warning);
            }
        }
        if done.is_empty() && (arguments.dry_run || plan.is_nothing_to_do()) {
            definitions::write(&written)?;
        }
        if arguments.dry_run {
            let messages =
                if arguments.dump_transaction_message { cast.messages(session, &plan).await? } else { Vec::new() };
            return session.answer(&shown.with_messages(messages));
        }
        if plan.is_nothing_to_do() {
            return session.answer(&if done.is_empty() { shown } else { shown.with_done(done) });
        }
        if plan.changes.is_empty() {
            tokio::time::sleep(NEXT_SECOND).await;
            continue;
        }
        // Each round is confirmed: the one before could not tell it all.
        cast.require_signers(&plan).map_err(after)?;
        shown.lines().iter().for_each(|line| session.printer.note(line));
        session.confirm(&consequence(&plan, rent, &session.settings.target.name())).map_err(after)?;
        if done.is_empty() {
            definitions::write(&written)?;
        }
        let total = done.len().saturating_add(plan.changes.len());
        for change in plan.changes {
            match cast.send(session, arguments, &change).await {
                Ok(sent) => {
                    session.printer.note(format_args!("done: {change}"));
                    done.push(Done::new(change, &sent));
                }
                Err(error) => {
                    let (what, error) = (change.to_string(), Box::new(error));
                    return Err(CliError::Interrupted { done: done.len(), total: Some(total), what, error });
                }
            }
        }
    }
    let why = "the ledger's time stands still, and what is left waits for it: apply again later";
    Err(interrupted(done.len(), CliError::Usage(why.into())))
}

/// What is to change now. It has no conflicts.
async fn next(
    session: &Session,
    arguments: &Arguments,
    declaration: &Declaration,
    cast: &Cast,
) -> Result<Plan, CliError> {
    let wrong = |error| CliError::Declaration { path: arguments.file.clone(), error };
    let mut state = State::read(session.ledger().await?, declaration, &cast.roles).await.map_err(wrong)?;
    if matches!(session.settings.target, Target::Embedded(_)) {
        // That ledger's clock moves on with its next transaction, to the computer's time.
        state.time = state.time.max(Timestamp::now().as_second());
    }
    let plan = declaration::plan(declaration, &cast.roles, &state).map_err(wrong)?;
    if plan.conflicts.is_empty() { Ok(plan) } else { Err(wrong(DeclarationError::Conflicts(plan.conflicts))) }
}

/// An error between two changes, with how many took effect before it, if any.
fn interrupted(done: usize, error: CliError) -> CliError {
    if done == 0 {
        return error;
    }
    CliError::Interrupted { done, total: None, what: "go on with what is left".into(), error: Box::new(error) }
}

fn consequence(plan: &Plan, rent: u64, cluster: &str) -> String {
    let count = plan.changes.len();
    let last = plan.changes.iter().filter(|change| change.action.is_final()).count();
    let for_good = if last == 0 { String::new() } else { format!(", {last} of them for good") };
    let plural = if count == 1 { "" } else { "s" };
    format!("This makes {count} change{plural} on {cluster}{for_good}, and locks {} of rent.", sol(rent))
}

/// Refuses a cluster without the program, or with another than the one expected.
async fn require_program(session: &Session, expected: Option<&str>) -> Result<(), CliError> {
    let Some(expected) = expected else { return session.require_program().await };
    let hash = match ProgramHash::from_str(expected) {
        Ok(hash) => hash,
        Err(_) => {
            let elf = fs::read(expected).map_err(|error| CliError::File { path: expected.into(), error })?;
            ProgramHash::of(&elf)
        }
    };
    let found = deployment::verify(session.ledger().await?, &PROGRAM_ID, hash).await?;
    let upgrades = found.upgrade_authority.map_or_else(|| "nobody".to_owned(), |authority| authority.to_string());
    session
        .printer
        .note(format_args!("The program {PROGRAM_ID} is the expected one ({hash}); {upgrades} can upgrade it."));
    Ok(())
}

/// Who is who, and who is here to sign.
struct Cast {
    roles: Roles,
    all: Vec<Party>,
}

impl Cast {
    fn of(session: &Session, arguments: &Arguments, declaration: &Declaration) -> Result<Self, CliError> {
        let (payer, actor) = (session.payer()?, session.actor()?);
        let mut cast =
            Self { roles: Roles { payer: payer.address, ..Roles::default() }, all: vec![payer, actor.clone()] };
        let mut load = |text: &str, option: &str| -> Result<Address, CliError> {
            let party = session.signers.load(text, option)?;
            let address = party.address;
            cast.all.push(party);
            Ok(address)
        };
        let creator =
            |given: &Option<String>, option: &str, load: &mut dyn FnMut(&str, &str) -> Result<Address, CliError>| {
                given.as_deref().map_or(Ok(actor.address), |text| load(text, option))
            };
        let registry_creator = creator(&arguments.registry_creator, "--registry-creator", &mut load)?;
        let issuer_creator = creator(&arguments.issuer_creator, "--issuer-creator", &mut load)?;
        let mut keys = BTreeMap::new();
        for NamedKey { name, keypair } in &arguments.keys {
            if !declaration.keys().iter().any(|key| key.name == *name) {
                return Err(CliError::Usage(format!(
                    "--key {name}: {} has no key of that name",
                    arguments.file.display()
                )));
            }
            keys.insert(name.clone(), load(keypair, "--key")?);
        }
        let unnamed = declaration.keys().iter().filter(|key| key.address.is_none());
        for (folder, key) in arguments.folder.iter().flat_map(|folder| unnamed.clone().map(move |key| (folder, key))) {
            if !keys.contains_key(&key.name) {
                let file = folder.join(format!("{}.json", key.name.to_lowercase().replace(' ', "-")));
                keys.insert(key.name.clone(), load(&file.display().to_string(), "--keys")?);
            }
        }
        let mut signers = BTreeMap::new();
        for signer in declaration.signers() {
            let beside = beside(&arguments.file, signer);
            signers.insert(signer.to_owned(), load(&beside, "the declaration")?);
        }
        for authority in &arguments.authorities {
            load(authority, "--authority")?;
        }
        let manager = arguments.manager.as_deref().map(|manager| load(manager, "--manager")).transpose()?;
        cast.roles = Roles {
            registry_creator: Some(registry_creator),
            issuer_creator: Some(issuer_creator),
            keys,
            signers,
            manager,
            ..cast.roles
        };
        Ok(cast)
    }

    /// Those who are here and sign a change, each once.
    fn signers(&self, change: &Change) -> Vec<&dyn Signer> {
        let mut needed = vec![self.roles.payer];
        needed.extend((change.signer != self.roles.payer).then_some(change.signer));
        needed.iter().filter_map(|address| self.here(address)).collect()
    }

    fn here(&self, address: &Address) -> Option<&dyn Signer> {
        self.all.iter().filter(|party| party.address == *address).find_map(|party| party.signer.as_deref())
    }

    /// Before anything is sent, everyone must be here who signs anything.
    fn require_signers(&self, plan: &Plan) -> Result<(), CliError> {
        let signed = plan.changes.iter().map(|change| (change.signer, change.to_string()));
        let all = std::iter::once((self.roles.payer, "pay".to_owned())).chain(signed);
        let mut absent = BTreeMap::new();
        for (address, what) in all.filter(|(address, _)| self.here(address).is_none()) {
            absent.entry(address).or_insert(what);
        }
        if absent.is_empty() {
            return Ok(());
        }
        let lines: Vec<_> = absent.iter().map(|(address, what)| format!("{address} must sign to {what}")).collect();
        Err(CliError::WrongSigner(format!(
            "{}; name the keypairs with --authority, or have a multisig sign what --dry-run --dump-transaction-message prints",
            lines.join("; ")
        )))
    }

    async fn send(
        &self,
        session: &Session,
        arguments: &Arguments,
        change: &Change,
    ) -> Result<microcred_client::ledger::Sent, CliError> {
        let usual = Policy::default();
        let policy = Policy {
            priority_fee: arguments.with_compute_unit_price.map_or(usual.priority_fee, PriorityFee::Fixed),
            compute: arguments.with_compute_unit_limit.map_or(usual.compute, Compute::Fixed),
            ..usual
        };
        let (instructions, signers) = ([change.instruction.clone()], self.signers(change));
        Ok(sending::send(session.ledger().await?, &instructions, &self.roles.payer, &signers, &policy).await?)
    }

    /// The unsigned message of every change, with a recent blockhash, which whoever signs may replace.
    async fn messages(&self, session: &Session, plan: &Plan) -> Result<Vec<Vec<u8>>, CliError> {
        let validity = sending::Validity::Blockhash(session.ledger().await?.lifetime().await?.blockhash);
        let message = |change: &Change| {
            let draft = sending::Draft::new(self.roles.payer, vec![change.instruction.clone()]);
            draft.message(&validity).serialize()
        };
        Ok(plan.changes.iter().map(message).collect())
    }
}

/// Where a signer is that a file names: a path there is relative to the file itself.
fn beside(file: &Path, signer: &str) -> String {
    let is_path = signer != "-" && !signer.contains(':');
    match file.parent() {
        Some(folder) if is_path => folder.join(signer).display().to_string(),
        _ => signer.into(),
    }
}
