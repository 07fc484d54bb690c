//! Whether the ledger would take what is to be issued.

use microcred::state::{Achievement, Issuer, IssuerKey, UNLIMITED, permission};

use super::Issuing;
use crate::{
    bulk::{
        BulkError, Options, Problem,
        accounts::{Clock, find},
        run::read_all,
    },
    ledger::{CLOCK, Ledger},
};

/// What was found to be in order.
pub(super) struct Ready {
    pub(super) now: i64,
    pub(super) pending: bool,
}

impl Ready {
    /// Reads achievement, issuer and key, and tells all that stands in the way of issuing so many credentials.
    pub(super) async fn check(
        ledger: &dyn Ledger,
        options: &Options,
        issuing: &Issuing,
        count: usize,
    ) -> Result<Self, BulkError> {
        let key_account = issuing.key.address();
        let addresses = [CLOCK, issuing.key.issuer, key_account, issuing.achievement];
        let accounts = read_all(ledger, &addresses, options).await?;
        let mut problems = Vec::new();
        let account = |place: usize| accounts.get(place).and_then(Option::as_ref);
        let now = Clock::read(account(0))?;
        let issuer = find::<Issuer>(&issuing.key.issuer, account(1), &mut problems);
        let key = find::<IssuerKey>(&key_account, account(2), &mut problems);
        let achievement = find::<Achievement>(&issuing.achievement, account(3), &mut problems);

        if let Some(issuer) = issuer.filter(|issuer| !issuer.is_active()) {
            problems.push(match issuer.lifecycle() {
                Ok(status) => Problem::Issuer { name: issuer.name().into(), status },
                Err(error) => Problem::Unknown { address: issuing.key.issuer, error },
            });
        }
        if let Some(achievement) = &achievement {
            if achievement.issuer != issuing.key.issuer {
                let (achievement, issuer) = (issuing.achievement, achievement.issuer);
                problems.push(Problem::AnotherIssuers { achievement, issuer });
            }
            if !achievement.is_active() {
                problems.push(match achievement.lifecycle() {
                    Ok(status) => Problem::Achievement { title: achievement.title().into(), status },
                    Err(error) => Problem::Unknown { address: issuing.achievement, error },
                });
            }
        }
        if let Some(key) = &key {
            let index = issuing.key.index;
            if key.key != issuing.key.key {
                problems.push(Problem::AnotherKey { index, key: key.key, signer: issuing.key.key });
            }
            if let Err(error) = key.authorize(permission::ISSUE, &issuing.achievement, now) {
                problems.push(Problem::Key { index, error });
            }
            let (left, wanted) = (key.quota.saturating_sub(key.used), u64::try_from(count).unwrap_or(u64::MAX));
            if key.quota != UNLIMITED && left < wanted {
                problems.push(Problem::Quota { index, left, wanted });
            }
        }
        if !problems.is_empty() {
            return Err(BulkError::Unready(problems));
        }
        Ok(Self { now, pending: achievement.is_some_and(|achievement| achievement.requires_acceptance()) })
    }
}
