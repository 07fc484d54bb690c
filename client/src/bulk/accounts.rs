//! What both kinds of run read of a ledger.

use anchor_lang::{Discriminator, bytemuck::Pod};
use jiff::Timestamp;
use microcred::state::{Credential, Record};
use solana_account::Account;
use solana_address::Address;

use super::{Options, Problem, patience::patiently, run::read_all};
use crate::{
    account::decode,
    address,
    ledger::{Ledger, ReadError},
    verification::unix_timestamp,
};

/// The latest credential of a learner, or the address of the one that would come next.
pub(super) struct Latest {
    pub(super) sequence: u16,
    pub(super) address: Address,
    pub(super) bump: u8,
    /// None, or one that only holds lamports: the one before, if any, is over.
    pub(super) account: Option<Account>,
}

/// For each learner the first credential from a sequence on that is not over, or where that would be.
pub(super) async fn latest(
    ledger: &dyn Ledger,
    options: &Options,
    achievement: &Address,
    subjects: Vec<Address>,
    from: u16,
) -> Result<Vec<Latest>, ReadError> {
    let mut found: Vec<Option<Latest>> = subjects.iter().map(|_| None).collect();
    let mut left: Vec<usize> = (0..subjects.len()).collect();
    for sequence in from..=u16::MAX {
        if left.is_empty() {
            break;
        }
        let subject = |row: &usize| subjects.get(*row).copied().unwrap_or_default();
        let places: Vec<_> =
            left.iter().map(|row| address::credential_and_bump(achievement, &subject(row), sequence)).collect();
        let addresses: Vec<_> = places.iter().map(|(address, _)| *address).collect();
        let accounts = read_all(ledger, &addresses, options).await?;
        let mut over = Vec::new();
        for ((row, (address, bump)), account) in left.into_iter().zip(places).zip(accounts) {
            if sequence < u16::MAX && account.as_ref().is_some_and(|account| is_over(&address, account)) {
                over.push(row);
            } else if let Some(place) = found.get_mut(row) {
                *place = Some(Latest { sequence, address, bump, account });
            }
        }
        left = over;
    }
    Ok(found.into_iter().flatten().collect())
}

/// Whether the account is a credential that is revoked, declined or erased.
pub(super) fn is_over(address: &Address, account: &Account) -> bool {
    let status = decode::<Credential>(address, account).ok().and_then(|credential| credential.credential_status().ok());
    status.is_some_and(microcred::state::CredentialStatus::is_over)
}

/// Decodes an account, or says what is wrong with it.
pub(super) fn find<T>(address: &Address, account: Option<&Account>, problems: &mut Vec<Problem>) -> Option<T>
where
    T: Record + Discriminator + Pod,
{
    let found = account.ok_or(Problem::Missing { what: T::KIND, address: *address });
    match found.and_then(|account| decode(address, account).map_err(Problem::from)) {
        Ok(record) => Some(record),
        Err(problem) => {
            problems.push(problem);
            None
        }
    }
}

/// The cluster's clock.
pub(super) struct Clock;

impl Clock {
    /// Unix seconds.
    pub(super) fn read(account: Option<&Account>) -> Result<i64, ReadError> {
        account.and_then(unix_timestamp).ok_or_else(|| ReadError::Malformed("the clock sysvar is not readable".into()))
    }
}

pub(super) async fn rent_minimum(ledger: &dyn Ledger, options: &Options, size: usize) -> Result<u64, ReadError> {
    patiently(options, || ledger.rent_minimum(size)).await
}

/// A time as people read it.
pub(super) fn date(seconds: i64) -> String {
    Timestamp::from_second(seconds).map_or_else(|_| seconds.to_string(), |time| time.to_string())
}
