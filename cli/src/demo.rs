//! The main job from beginning to end, told as it happens.

use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
    time::Instant,
};

use jiff::Timestamp;
use microcred_client::{
    Address, Instruction, address,
    bulk::{self, Issuance, Placed},
    declaration::{
        self, AchievementDeclaration, Action, Change, Declaration, DeclarationError, KeyDeclaration, Permission,
        Places, Roles, State,
    },
    error::SendError,
    instructions::{Actor, KeyRef, credential},
    learners::{self, Allow, Row, RowError},
    ledger::{Embedded, OpenError},
    sending::Budget,
    state::{Credential, Reason, Record},
    verdict::Verdict,
    verification::{self, Query, Receipt},
};
use solana_keypair::Keypair;
use solana_signer::Signer;
use thiserror::Error;

use crate::{DemoArguments, say::say};

const LAMPORTS_PER_SOL: u64 = 1_000_000_000;

/// Why the demo stopped.
#[derive(Debug, Error)]
pub(crate) enum DemoError {
    #[error("{} cannot be read ({error}): name the file with {option}", path.display())]
    Read { path: PathBuf, option: &'static str, error: io::Error },
    #[error("{}: {}", path.display(), error.to_string().replace('\n', "\n  "))]
    Declaration { path: PathBuf, error: DeclarationError },
    #[error("{}: {}", path.display(), list(errors))]
    Learners { path: PathBuf, errors: Vec<RowError> },
    #[error("{} declares no achievement: add one under [[achievements]]", .0.display())]
    NoAchievement(PathBuf),
    #[error("{} does not suit the demo, which needs {needs}", path.display())]
    Unsuited { path: PathBuf, needs: &'static str },
    #[error("the status lists are full")]
    NoPlaces,
    #[error("{} names no learner: add a row", .0.display())]
    NoLearner(PathBuf),
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Send(#[from] SendError),
    #[error("{what} could not be created: {error}")]
    Step { what: String, error: Box<DemoError> },
    #[error("there is no folder for temporary files: {0}")]
    Temporary(io::Error),
    #[error("the output cannot be written: {0}")]
    Output(#[from] io::Error),
    #[error("expected the verdict \"{expected}\", got \"{got}\"")]
    Unexpected { expected: Verdict, got: Verdict },
}

fn list(errors: &[RowError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n  ")
}

/// The keys of everyone in the demo. A real platform keeps each where it belongs.
struct Keys {
    payer: Keypair,
    registry_authority: Keypair,
    issuer_authority: Keypair,
    issuer_keys: Vec<Keypair>,
}

impl Keys {
    fn new(issuer_keys: usize) -> Self {
        Self {
            payer: Keypair::new(),
            registry_authority: Keypair::new(),
            issuer_authority: Keypair::new(),
            issuer_keys: (0..issuer_keys).map(|_| Keypair::new()).collect(),
        }
    }

    fn roles(&self, declaration: &Declaration) -> Roles {
        let names = declaration.keys().iter().map(|key| key.name.clone());
        Roles {
            payer: self.payer.pubkey(),
            registry_creator: Some(self.registry_authority.pubkey()),
            issuer_creator: Some(self.issuer_authority.pubkey()),
            keys: names.zip(self.issuer_keys.iter().map(Keypair::pubkey)).collect(),
            ..Roles::default()
        }
    }

    fn holder_of(&self, address: &Address) -> Option<&Keypair> {
        [&self.registry_authority, &self.issuer_authority]
            .into_iter()
            .chain(&self.issuer_keys)
            .find(|key| key.pubkey() == *address)
    }
}

/// Who plays what: chosen from the declaration before anything is done.
struct Plot<'a> {
    achievement: &'a AchievementDeclaration,
    /// Index and name of the key that issues and suspends, but cannot revoke.
    platform: (usize, &'a str),
    /// Index and name of the key that revokes.
    office: (usize, &'a str),
}

impl<'a> Plot<'a> {
    fn of(declaration: &'a Declaration, path: &Path) -> Result<Self, DemoError> {
        let unsuited = |needs| move || DemoError::Unsuited { path: path.into(), needs };
        let of_declared_issuer = declaration.all_accreditations().any(|(_, one)| one.is_of_declared_issuer());
        if !of_declared_issuer || declaration.registry.is_none() || declaration.issuer.is_none() {
            return Err(unsuited("a registry, an issuer and its accreditation")());
        }
        if declaration.achievements.is_empty() {
            return Err(DemoError::NoAchievement(path.into()));
        }
        let key = |may: &[Permission], may_not: &[Permission]| {
            let suits = |key: &KeyDeclaration| {
                let has = |permission| key.permissions.contains(permission);
                may.iter().all(has) && !may_not.iter().any(has)
            };
            let mut keys = declaration.keys().iter().enumerate();
            keys.find(|(_, key)| suits(key)).map(|(index, key)| (index, key.name.as_str()))
        };
        Ok(Self {
            achievement: declaration
                .achievements
                .iter()
                .find(|achievement| !achievement.acceptance_required)
                .ok_or_else(unsuited("an achievement that requires no acceptance"))?,
            platform: key(&[Permission::Issue, Permission::Suspend], &[Permission::Revoke])
                .ok_or_else(unsuited("a key that may issue and suspend, but not revoke"))?,
            office: key(&[Permission::Revoke], &[]).ok_or_else(unsuited("a key that may revoke"))?,
        })
    }
}

pub(crate) async fn run(arguments: &DemoArguments) -> Result<(), DemoError> {
    let declaration = read_declaration(&arguments.declaration)?;
    let rows = read_learners(&arguments.learners)?;
    let plot = Plot::of(&declaration, &arguments.declaration)?;
    let learner = rows.first().ok_or_else(|| DemoError::NoLearner(arguments.learners.clone()))?;
    let keys = Keys::new(declaration.keys().len());
    let roles = keys.roles(&declaration);
    let wrong = |error| DemoError::Declaration { path: arguments.declaration.clone(), error };
    let Places { registry: Some(registry), issuer: Some(issuer), .. } = roles.places(&declaration).map_err(wrong)?
    else {
        return Err(DemoError::Unsuited { path: arguments.declaration.clone(), needs: "a registry and an issuer" });
    };

    let temporary = tempfile::tempdir().map_err(DemoError::Temporary)?;
    let path = arguments.ledger.clone().unwrap_or_else(|| temporary.path().join("ledger"));
    let mut stage = Stage::open(&path, keys)?;
    let state = State::read(&stage.ledger, &declaration, &roles).await.map_err(wrong)?;
    let changes =
        declaration::plan(&declaration, &roles, &state).and_then(|plan| plan.into_changes()).map_err(wrong)?;
    stage.declare(&declaration, changes)?;
    let achievement = address::achievement(&issuer.address, &plot.achievement.code);
    stage.issue(issuer.address, achievement, &plot, &rows)?;
    stage.change_status(issuer.address, registry.address, achievement, &plot, learner).await?;
    Ok(stage.summary(rows.len())?)
}

fn read_declaration(path: &Path) -> Result<Declaration, DemoError> {
    let text = fs::read_to_string(path).map_err(|error| DemoError::Read {
        path: path.into(),
        option: "--declaration",
        error,
    })?;
    let mut declaration =
        Declaration::parse(&text).map_err(|error| DemoError::Declaration { path: path.into(), error })?;
    declaration.forget_identities();
    Ok(declaration)
}

fn read_learners(path: &Path) -> Result<Vec<Row>, DemoError> {
    let file = fs::read(path).map_err(|error| DemoError::Read { path: path.into(), option: "--learners", error })?;
    learners::read(&file, Allow::default()).map_err(|errors| DemoError::Learners { path: path.into(), errors })
}

/// The ledger, the keys, and what was spent.
struct Stage {
    ledger: Embedded,
    keys: Keys,
    transactions: u32,
    fees: u64,
    began: Instant,
}

impl Stage {
    fn open(path: &Path, keys: Keys) -> Result<Self, DemoError> {
        let began = Instant::now();
        let mut ledger = Embedded::open(path)?;
        ledger.fund(&keys.payer.pubkey(), 10 * LAMPORTS_PER_SOL)?;
        say!("An embedded ledger at {}, running the compiled program.\n", path.display())?;
        Ok(Self { ledger, keys, transactions: 0, fees: 0, began })
    }

    fn send(&mut self, instruction: Instruction, signer: &Address) -> Result<u64, DemoError> {
        let keys: Vec<_> = self.keys.holder_of(signer).into_iter().collect();
        let sent = self.ledger.send(&[instruction], &self.keys.payer, &keys)?;
        self.transactions += 1;
        self.fees += sent.fee;
        Ok(sent.compute_units)
    }

    fn declare(&mut self, declaration: &Declaration, changes: Vec<Change>) -> Result<(), DemoError> {
        let names = declaration.registry.iter().map(|registry| registry.name.as_str());
        let names: Vec<_> = names.chain(declaration.issuer.iter().map(|issuer| issuer.name.as_str())).collect();
        say!("Declaring what {} have written down:", names.join(" and "))?;
        for Change { action, what, instruction, signer, .. } in changes {
            let done = if action == Action::Create { "created" } else { action.word() };
            let units = match self.send(instruction, &signer) {
                Ok(units) => units,
                Err(error) => return Err(DemoError::Step { what, error: Box::new(error) }),
            };
            say!("  {done} {what} ({units} compute units)")?;
        }
        Ok(())
    }

    fn issue(&mut self, issuer: Address, achievement: Address, plot: &Plot<'_>, rows: &[Row]) -> Result<(), DemoError> {
        let (index, name) = plot.platform;
        say!("\nIssuing \"{}\" to {} learners, with the key \"{name}\":", plot.achievement.title, rows.len())?;
        let key = self.key(issuer, index);
        let issuance = Issuance::new(self.keys.payer.pubkey(), key, achievement);
        let placed = place(&achievement, rows)?;
        let numbers: Vec<_> = (0..placed.len()).collect();
        for (number, pack) in issuance.pack(&placed, &numbers, Budget::default()).into_iter().enumerate() {
            let together: Vec<_> = pack.iter().filter_map(|number| placed.get(*number).copied()).collect();
            let units = self.send(issuance.instruction(&together), &key.key)?;
            say!(
                "  transaction {}: {} credentials ({} compute units each)",
                number + 1,
                together.len(),
                units / u64::try_from(together.len()).unwrap_or(1)
            )?;
        }
        Ok(())
    }

    /// Verifies before and after each change of one learner's credential.
    async fn change_status(
        &mut self,
        issuer: Address,
        registry: Address,
        achievement: Address,
        plot: &Plot<'_>,
        learner: &Row,
    ) -> Result<(), DemoError> {
        let of = address::credential(&achievement, &learner.wallet, 0);
        let query = Query::latest(achievement, learner.wallet).trusting(&[registry]);
        say!("\nAn employer verifies the credential of {}, {}:", learner.learner, learner.wallet)?;
        self.verify(&query, Verdict::Valid).await?;

        let (platform, platform_name) = (Actor::Key(self.key(issuer, plot.platform.0)), plot.platform.1);
        let (office, office_name) = (Actor::Key(self.key(issuer, plot.office.0)), plot.office.1);
        say!("\nThe {platform_name} suspends it: {}.", Reason::UnderReview)?;
        self.send(credential::suspend(&platform, of, Reason::UnderReview), &platform.signer())?;
        self.verify(&query, Verdict::Suspended).await?;

        say!("\nThe review finds nothing; the {platform_name} reinstates it.")?;
        self.send(credential::reinstate(&platform, of), &platform.signer())?;
        self.verify(&query, Verdict::Valid).await?;

        say!("\nThe {platform_name} tries to revoke it, which its key may not:")?;
        match self.send(credential::revoke(&platform, of, Reason::AcademicMisconduct), &platform.signer()) {
            Err(DemoError::Send(error @ SendError::Refused { .. })) => say!("  {error}")?,
            Err(error) => return Err(error),
            Ok(_) => return Err(DemoError::Unexpected { expected: Verdict::Valid, got: Verdict::Revoked }),
        }
        self.verify(&query, Verdict::Valid).await?;

        say!("\nThe {office_name} revokes it, for good: {}.", Reason::AcademicMisconduct)?;
        self.send(credential::revoke(&office, of, Reason::AcademicMisconduct), &office.signer())?;
        self.verify(&query, Verdict::Revoked).await?;

        say!("\nSomebody claims the same achievement for a wallet that never got it:")?;
        let stranger = Query::latest(achievement, self.keys.payer.pubkey()).trusting(&[registry]);
        self.verify(&stranger, Verdict::NotFound).await
    }

    async fn verify(&self, query: &Query, expected: Verdict) -> Result<(), DemoError> {
        let receipt = verification::verify(&self.ledger, query).await;
        print_receipt(&receipt)?;
        if receipt.verdict == expected {
            return Ok(());
        }
        Err(DemoError::Unexpected { expected, got: receipt.verdict })
    }

    fn summary(&self, credentials: usize) -> io::Result<()> {
        let rent = self.ledger.rent_minimum(Credential::SIZE);
        say!(
            "\n{} transactions for {credentials} credentials in {:.2} s. Fees {}; a credential's account holds {} of rent.",
            self.transactions,
            self.began.elapsed().as_secs_f64(),
            sol(self.fees),
            sol(rent),
        )
    }

    fn key(&self, issuer: Address, index: usize) -> KeyRef {
        let key = self.keys.issuer_keys.get(index).map(Keypair::pubkey).unwrap_or_default();
        KeyRef { issuer, index: u16::try_from(index).unwrap_or(u16::MAX), key }
    }
}

/// Gives places in the status lists to the rows that have none.
fn place(achievement: &Address, rows: &[Row]) -> Result<Vec<Placed>, DemoError> {
    let mut taken: HashSet<_> = rows.iter().filter_map(|row| row.status_index).collect();
    let drawn = bulk::draw(rows.len() - taken.len(), &mut taken).ok_or(DemoError::NoPlaces)?;
    let mut drawn = drawn.into_iter();
    let place = |row: &Row| {
        let status_index = row.status_index.or_else(|| drawn.next()).unwrap_or_default();
        Placed { expires_at: row.expires_at, ..Placed::first(achievement, row.wallet, row.digest, status_index) }
    };
    Ok(rows.iter().map(place).collect())
}

fn print_receipt(receipt: &Receipt) -> io::Result<()> {
    say!("  verdict: {}", receipt.verdict.word().to_uppercase())?;
    if let (Some(title), Some(issuer)) = (&receipt.achievement_title, &receipt.issuer_name) {
        say!("    \"{title}\" by {issuer}")?;
    }
    if let Some(credential) = &receipt.credential {
        say!("    issued {}, {}", date(credential.issued_at), expiry(credential.expires_at))?;
        if receipt.reason != Reason::Unspecified {
            say!("    {}, since {}", receipt.reason, date(credential.status_changed_at))?;
        }
    }
    for trust in &receipt.trust {
        let name = trust.name.as_deref().unwrap_or("an unknown registry");
        if let (Some(at_issue), Some(now)) = (&trust.at_issue, &trust.now) {
            say!("    {at_issue} by {name}; now: {now}")?;
        }
    }
    if let Some(problem) = &receipt.problem {
        say!("    {problem}")?;
    }
    Ok(())
}

fn date(unix: i64) -> String {
    Timestamp::from_second(unix).map_or_else(|_| unix.to_string(), |time| time.to_string())
}

fn expiry(expires_at: i64) -> String {
    if expires_at == 0 { "never expires".into() } else { format!("valid until {}", date(expires_at)) }
}

fn sol(lamports: u64) -> String {
    format!("{}.{:09} SOL", lamports / LAMPORTS_PER_SOL, lamports % LAMPORTS_PER_SOL)
}
