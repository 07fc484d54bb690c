//! Reading what the lists rest on, so that nothing is left out unnoticed.

use jiff::Timestamp;
use microcred::{
    state::{Credential, Issuer, IssuerKey},
    verdict::{Evidence, Expected, Findings, Read, Verdict, evaluate},
};
use solana_address::Address;

use super::{Counts, Entry, Options, StatusLists, StatusListsError};
use crate::{
    account::decode,
    ledger::Ledger,
    lookup::{self, LookupError},
    queries::{self, Credentials},
    verification::STALE_AFTER,
};

/// What the keys said at one time.
struct Office {
    account: Issuer,
    keys: Vec<IssuerKey>,
    asserted: u64,
}

/// Reads what an issuer's status lists say. Memory is needed for all of its credentials: some hundred bytes for each.
///
/// # Errors
/// [`StatusListsError`]: something could not be read, or what was read does not fit together.
pub async fn read(ledger: &dyn Ledger, issuer: &Address, options: &Options) -> Result<StatusLists, StatusListsError> {
    let before = office(ledger, issuer).await?;
    let accounts = queries::accounts(ledger, &Credentials { issuer: Some(*issuer), ..Credentials::default() }).await?;
    // The keys last: a key that was marked compromised meanwhile counts, and so does the one that issued the last credential.
    let Office { account, keys, asserted } = office(ledger, issuer).await?;
    let time = lookup::time(ledger).await?;
    let local_time = options.local_time.unwrap_or_else(|| Timestamp::now().as_second());
    if time.saturating_add(STALE_AFTER) < local_time {
        return Err(StatusListsError::Stale);
    }
    let (mut counts, mut found) = (Counts::default(), 0_u64);
    let mut entries = Vec::with_capacity(accounts.len());
    for (address, account) in accounts {
        let credential: Credential = decode(&address, &account).map_err(LookupError::from)?;
        let findings = judge(&address, &credential, issuer, &keys, time)?;
        let has_document = can_have_document(&credential);
        let is_suspended = findings.contains(Verdict::Suspended);
        let is_set = has_document && (is_final(findings) || (is_suspended && options.suspended_too));
        entries.push((Entry { status_index: credential.status_index, credential: address, is_set }, has_document));
        found = found.saturating_add(u64::from(credential.revision)).saturating_add(1);
        for (count, counted) in [
            (&mut counts.credentials, true),
            (&mut counts.without_document, !has_document),
            (&mut counts.set, is_set),
            (&mut counts.suspended, is_suspended),
        ] {
            *count = count.saturating_add(u64::from(counted));
        }
    }
    if found < before.asserted || found > asserted {
        return Err(StatusListsError::Disagree { counted: asserted, found });
    }
    entries.sort_unstable_by_key(|(entry, _)| (entry.status_index, entry.credential));
    Ok(StatusLists { issuer: *issuer, account, keys, time, counts, entries })
}

async fn office(ledger: &dyn Ledger, issuer: &Address) -> Result<Office, StatusListsError> {
    let account: Issuer = lookup::account(ledger, issuer).await?;
    let keys = lookup::issuer_keys(ledger, issuer, &account).await?;
    let asserted = keys.iter().fold(0_u64, |sum, key| sum.saturating_add(key.used));
    Ok(Office { account, keys, asserted })
}

fn judge(
    address: &Address,
    credential: &Credential,
    issuer: &Address,
    keys: &[IssuerKey],
    now: i64,
) -> Result<Findings, StatusListsError> {
    let key = keys.get(usize::from(credential.key_index));
    let evidence = Evidence {
        now: Some(now),
        address: *address,
        credential: Read::Found(credential),
        key: key.map_or(Read::Missing, Read::Found),
        expected: Expected { issuer: Some(*issuer), ..Expected::default() },
        document: None,
        trust: None,
    };
    let findings = evaluate(&evidence).findings;
    let is_judged = !findings.contains(Verdict::CouldNotCheck) && !findings.contains(Verdict::Mismatch);
    if is_judged { Ok(findings) } else { Err(StatusListsError::Unjudged(*address)) }
}

/// Whether a credential is out of force for good.
fn is_final(findings: Findings) -> bool {
    [Verdict::Revoked, Verdict::Erased, Verdict::Declined, Verdict::KeyCompromised]
        .into_iter()
        .any(|finding| findings.contains(finding))
}

/// What erasing and renewing removed from the account is still in somebody's hands.
fn can_have_document(credential: &Credential) -> bool {
    credential.has_document() || credential.is_erased() || credential.revision > 0
}
