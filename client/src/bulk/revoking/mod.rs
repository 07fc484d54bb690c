//! Revoking from many.

mod rows;

use std::collections::HashMap;

use async_trait::async_trait;
use microcred::{
    error::MicrocredError,
    state::{Credential, CredentialStatus, Issuer, IssuerKey, Reason, permission},
};
use solana_account::Account;
use solana_address::Address;
use solana_instruction::Instruction;

use super::{
    BulkError, Options, Problem, RowError, Source,
    accounts::{self, Clock, find},
    job::{Job, Standing, capacity},
    journal::Planned,
    run::{Parts, Record, Run, fate, read_all},
};
use crate::{
    account::decode,
    address,
    instructions::{Actor, credential},
    ledger::{CLOCK, Ledger},
    sending::Budget,
};

pub use rows::{Revocation, Whose, read_revocations};

/// Roughly the compute units of an instruction that revokes, and of each of its credentials.
const UNITS: u64 = 4_000;
const UNITS_OF_ONE: u64 = 800;

/// What is revoked from many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revoking {
    /// Pays fees, and signs.
    pub payer: Address,
    /// Who revokes, and signs.
    pub actor: Actor,
    /// The achievement: rows that name a wallet need it, and others must be of it; none: any of the issuer's.
    pub achievement: Option<Address>,
    /// Why, where a row does not say.
    pub reason: Reason,
}

/// Looks at all rows and at the ledger.
///
/// # Errors
/// [`BulkError`]; nothing was sent then.
pub async fn revoke<'a>(
    ledger: &'a dyn Ledger,
    revoking: &Revoking,
    rows: &[Revocation],
    source: &Source,
    options: Options,
) -> Result<Run<'a>, BulkError> {
    let actor = match revoking.actor {
        Actor::Key(key) => format!("key {} ({})", key.index, key.key),
        Actor::Authority { authority, .. } => format!("authority ({authority})"),
    };
    let header = source.header(
        "revoke",
        [
            ("issuer", revoking.actor.issuer().to_string()),
            ("actor", actor),
            ("achievement", revoking.achievement.map_or_else(|| "any".into(), |achievement| achievement.to_string())),
            ("reason", revoking.reason.word().into()),
        ],
    );
    let mut record = Record::open(source.journal.clone(), header)?;
    record.settle(ledger, &options).await?;

    let targets = locate(ledger, revoking, rows, &record, &options).await?;
    let addresses: Vec<_> = targets.iter().map(|target| target.address).collect();
    let found = read_all(ledger, &addresses, &options).await?;
    let scope = allowed(ledger, revoking, &options).await?;
    let (mut fates, mut errors, mut seen) = (Vec::with_capacity(rows.len()), Vec::new(), HashMap::new());
    for ((target, row), account) in targets.iter().zip(rows).zip(&found) {
        if let Some(first) = seen.insert(target.address, row.line) {
            let what = format!("{} is the credential of line {first} already", target.address);
            errors.push(RowError { line: row.line, what });
        }
        match check(revoking, scope, target, account.as_ref()) {
            Ok(standing) => fates.push(fate(standing, record.known.sent.contains(&row.line))),
            Err(what) => errors.push(RowError { line: row.line, what }),
        }
    }
    if !errors.is_empty() {
        return Err(BulkError::Rows(errors));
    }
    // Also where nothing is to be done: once the learner is issued the next one, the latest is not the one that was meant.
    let located = |(_, row): &(&Target, &Revocation)| {
        matches!(row.whose, Whose::Wallet(_)) && !record.known.planned.contains_key(&row.line)
    };
    let new = targets.iter().zip(rows).filter(located);
    let plan = new.map(|(target, _)| Planned(target.line, target.sequence, 0)).collect();
    let rent = vec![0; rows.len()];
    let job = Box::new(RevokeJob { payer: revoking.payer, actor: revoking.actor, targets });
    Run::size(ledger, options, Parts { job, record, plan, fates, rent, pending: false }).await
}

/// A credential that is to be revoked.
struct Target {
    line: u64,
    address: Address,
    sequence: u16,
    reason: Reason,
}

/// Where each row's credential is.
async fn locate(
    ledger: &dyn Ledger,
    revoking: &Revoking,
    rows: &[Revocation],
    record: &Record,
    options: &Options,
) -> Result<Vec<Target>, BulkError> {
    let mut errors = Vec::new();
    let mut asked = Vec::new();
    let mut targets = Vec::with_capacity(rows.len());
    for (number, row) in rows.iter().enumerate() {
        let decided = record.known.planned.get(&row.line).map(|(sequence, _)| *sequence);
        let (address, sequence) = match (row.whose, revoking.achievement) {
            (Whose::Credential(address), _) => (address, 0),
            (Whose::Wallet(wallet), Some(achievement)) => {
                if decided.is_none() {
                    asked.push((number, wallet));
                }
                let sequence = decided.unwrap_or_default();
                (address::credential(&achievement, &wallet, sequence), sequence)
            }
            (Whose::Wallet(_), None) => {
                let what = "it names a wallet: say which achievement is revoked".into();
                errors.push(RowError { line: row.line, what });
                continue;
            }
        };
        let reason = row.reason.unwrap_or(revoking.reason);
        targets.push(Target { line: row.line, address, sequence, reason });
    }
    if !errors.is_empty() {
        return Err(BulkError::Rows(errors));
    }
    if let Some(achievement) = revoking.achievement {
        let wallets = asked.iter().map(|(_, wallet)| *wallet).collect();
        let latest = accounts::latest(ledger, options, &achievement, wallets, 0).await?;
        for ((number, wallet), latest) in asked.into_iter().zip(latest) {
            let Some(target) = targets.get_mut(number) else { continue };
            // Where none stands the one before is the latest, and over.
            let stands = latest.account.is_some_and(|account| account.owner == microcred::ID);
            target.sequence = if stands { latest.sequence } else { latest.sequence.saturating_sub(1) };
            target.address = address::credential(&achievement, &wallet, target.sequence);
        }
    }
    Ok(targets)
}

/// Requires that the actor may revoke. Gives the only achievement to which it is limited, if it is.
async fn allowed(ledger: &dyn Ledger, revoking: &Revoking, options: &Options) -> Result<Option<Address>, BulkError> {
    let mut problems = Vec::new();
    let mut scope = None;
    match revoking.actor {
        Actor::Key(key) => {
            let address = key.address();
            let accounts = read_all(ledger, &[CLOCK, address], options).await?;
            let account = |place: usize| accounts.get(place).and_then(Option::as_ref);
            let now = Clock::read(account(0))?;
            if let Some(found) = find::<IssuerKey>(&address, account(1), &mut problems) {
                if found.key != key.key {
                    problems.push(Problem::AnotherKey { index: key.index, key: found.key, signer: key.key });
                }
                if let Err(error) = found.authorize(permission::REVOKE, &found.scope, now) {
                    problems.push(Problem::Key { index: key.index, error });
                }
                scope = Some(found.scope).filter(|scope| *scope != Address::default());
            }
        }
        Actor::Authority { issuer, authority } => {
            let accounts = read_all(ledger, &[issuer], options).await?;
            let found = find::<Issuer>(&issuer, accounts.first().and_then(Option::as_ref), &mut problems);
            if let Some(found) = found.filter(|found| found.authority != authority) {
                problems.push(Problem::AnotherAuthority { authority: found.authority, signer: authority });
            }
        }
    }
    if problems.is_empty() { Ok(scope) } else { Err(BulkError::Unready(problems)) }
}

/// Where a row stands; the error says what is wrong with it.
fn check(
    revoking: &Revoking,
    scope: Option<Address>,
    target: &Target,
    account: Option<&Account>,
) -> Result<Standing, String> {
    let account = account.filter(|account| account.owner == microcred::ID).ok_or_else(|| {
        format!("there is no credential at {}: check wallet, achievement and cluster", target.address)
    })?;
    let found = decode::<Credential>(&target.address, account).map_err(|error| error.to_string())?;
    if found.issuer != revoking.actor.issuer() {
        return Err(format!("{} is a credential of another issuer, {}", target.address, found.issuer));
    }
    for achievement in [revoking.achievement, scope].into_iter().flatten() {
        if found.achievement != achievement {
            return Err(format!("{} is of another achievement, {}", target.address, found.achievement));
        }
    }
    Ok(standing(&found))
}

fn standing(credential: &Credential) -> Standing {
    match credential.credential_status() {
        Ok(CredentialStatus::Pending | CredentialStatus::Active | CredentialStatus::Suspended) => Standing::Open,
        Ok(CredentialStatus::Revoked) => {
            let reason = Reason::try_from(credential.reason).map_or("for a reason unknown here", Reason::word);
            let since = accounts::date(credential.status_changed_at);
            Standing::Done { ours: true, what: format!("it was revoked before, {since}: {reason}") }
        }
        Ok(status @ (CredentialStatus::Declined | CredentialStatus::Erased)) => {
            Standing::Closed(format!("it is {status}: there is nothing to revoke"))
        }
        Err(error) => Standing::Closed(error.message().into()),
    }
}

struct RevokeJob {
    payer: Address,
    actor: Actor,
    targets: Vec<Target>,
}

impl RevokeJob {
    fn most(&self, budget: Budget) -> usize {
        capacity(self.payer, budget, |count| {
            let distinct = |number: usize| {
                let mut bytes = [0xa5; 32];
                bytes[..8].copy_from_slice(&number.to_le_bytes());
                Address::new_from_array(bytes)
            };
            let addresses: Vec<_> = (0..count).map(distinct).collect();
            credential::revoke_many(&self.actor, &addresses, Reason::Unspecified)
        })
    }
}

#[async_trait]
impl Job for RevokeJob {
    fn payer(&self) -> Address {
        self.payer
    }

    fn line(&self, row: usize) -> u64 {
        self.targets.get(row).map(|target| target.line).unwrap_or_default()
    }

    fn credential(&self, row: usize) -> Address {
        self.targets.get(row).map(|target| target.address).unwrap_or_default()
    }

    fn standing(&self, row: usize, account: Option<&Account>) -> Standing {
        let found = account.and_then(|account| decode::<Credential>(&self.credential(row), account).ok());
        found.map_or(Standing::Open, |found| standing(&found))
    }

    /// One transaction has one reason.
    fn pack(&self, rows: &[usize], budget: Budget) -> Vec<Vec<usize>> {
        let most = self.most(budget);
        let reason = |row: &usize| self.targets.get(*row).map(|target| target.reason);
        let mut sorted = rows.to_vec();
        sorted.sort_by_key(reason);
        let same = sorted.chunk_by(|one, other| reason(one) == reason(other));
        same.flat_map(|rows| rows.chunks(most)).map(<[usize]>::to_vec).collect()
    }

    fn instruction(&self, rows: &[usize]) -> Instruction {
        let addresses: Vec<_> = rows.iter().map(|row| self.credential(*row)).collect();
        let reason = rows.first().and_then(|row| self.targets.get(*row)).map(|target| target.reason);
        credential::revoke_many(&self.actor, &addresses, reason.unwrap_or(Reason::Unspecified))
    }

    fn units(&self, rows: &[usize]) -> u64 {
        UNITS.saturating_add(UNITS_OF_ONE.saturating_mul(u64::try_from(rows.len()).unwrap_or(u64::MAX)))
    }

    fn stops(&self, error: MicrocredError) -> bool {
        use MicrocredError as E;

        matches!(
            error,
            E::KeyRetired
                | E::KeyNotYetValid
                | E::KeyNoLongerValid
                | E::KeyWithoutPermission
                | E::NotKeyHolder
                | E::NotIssuerAuthority
        )
    }
}
