//! What one read says of one credential. No I/O.

use std::time::{SystemTime, UNIX_EPOCH};

use microcred::{
    state::{Accreditation, Achievement, Credential, Issuer, IssuerKey, Record, Registry},
    verdict::{Assessment, Document, Evidence, Read, Trust, TrustEvidence, Verdict, evaluate},
};
use solana_account::Account;
use solana_address::Address;

use super::{
    Compared, Query, Receipt, RegistryTrust, STALE_AFTER, Standing,
    links::{Links, Together},
};
use crate::account::decode;

/// Decides from accounts that were read together; all that the links name must be among them.
pub(super) fn judge(query: &Query, links: &Links, together: &Together) -> Receipt {
    let addresses = links.rests_on(query);
    let accounts: Vec<_> = addresses.iter().map(|address| together.account(address)).collect();
    let mut problems = Vec::new();
    let cluster_time = accounts.first().copied().flatten().and_then(unix_timestamp);
    let fresh = cluster_time.filter(|time| time.saturating_add(STALE_AFTER) >= local_time(query));
    if fresh.is_none() {
        problems.push("the cluster's clock is unreadable or more than ten minutes old by yours: see that yours is right, or name another endpoint".to_owned());
    }
    let mut find = Finder { addresses: &addresses, accounts: &accounts, problems: &mut problems };
    let credential = find.account::<Credential>(1);
    let (issuer, achievement, key) =
        (find.account::<Issuer>(2), find.account::<Achievement>(3), find.account::<IssuerKey>(4));
    if links.to.is_some() {
        find.need("issuer", &issuer);
        find.need("achievement", &achievement);
        find.need("issuer key", &key);
    }
    let registries: Vec<_> = query
        .registries
        .iter()
        .enumerate()
        .map(|(position, address)| {
            let index = 5 + 2 * position;
            (*address, find.account::<Registry>(index), find.account::<Accreditation>(index + 1))
        })
        .collect();

    let compared = credential.found().filter(|_| query.document.is_some()).map(|credential| Compared {
        issuer: issuer.found(),
        achievement: achievement.found(),
        standing: query.signed.as_ref().map(|signed| {
            let signers = query.signers().iter().map(|signer| (signer, together.account(signer)));
            let is_on_chain = query.document.is_some_and(|document| document.digest == credential.digest);
            signed.standing(signers, &credential, is_on_chain && credential.has_document())
        }),
    });
    let document = query.document.map(|document| Document {
        signed_by_issuer: match compared.as_ref().and_then(|compared| compared.standing) {
            Some(standing) => standing == Standing::Entitled,
            None => document.signed_by_issuer,
        },
        ..document
    });
    let linked = matches!(issuer, Read::Found(_)) && matches!(achievement, Read::Found(_));
    let evidence = |trust| Evidence {
        now: fresh,
        address: links.credential,
        credential: by_reference(&credential),
        key: if linked { by_reference(&key) } else { Read::Failed },
        expected: query.expected(),
        document,
        trust,
    };
    let assessments: Vec<_> = registries
        .iter()
        .map(|(registry_address, registry, accreditation)| {
            evaluate(&evidence(Some(TrustEvidence {
                registry_address: *registry_address,
                registry: by_reference(registry),
                issuer: by_reference(&issuer),
                accreditation: by_reference(accreditation),
            })))
        })
        .collect();
    let best = best(&assessments).unwrap_or_else(|| evaluate(&evidence(None)));
    for ((registry, read, _), assessment) in registries.iter().zip(&assessments) {
        if assessment.trust.is_none() && matches!(credential, Read::Found(_)) {
            let what = if matches!(read, Read::Missing) { "does not exist" } else { "could not be checked" };
            problems.push(format!("the registry {registry} {what}"));
        }
    }
    if problems.is_empty() {
        problems
            .push("the accounts that were read contradict each other, or this software is too old for them".to_owned());
    }
    let trust = registries
        .iter()
        .zip(&assessments)
        .map(|((address, registry, _), assessment)| RegistryTrust::new(*address, registry, assessment.trust))
        .collect();
    Receipt {
        verdict: best.verdict,
        findings: best.findings.iter().collect(),
        reason: best.reason,
        exit_code: best.exit_code(),
        trust,
        problem: (best.verdict == Verdict::CouldNotCheck).then(|| problems.join("; ")),
        address: links.credential,
        credential: credential.found(),
        issuer_name: issuer.found().map(|issuer| issuer.name().to_owned()),
        achievement_title: achievement.found().map(|achievement| achievement.title().to_owned()),
        compared: compared.map(Box::new),
        slot: Some(together.slot()),
        cluster_time,
        addresses,
    }
}

/// Of several registries the one that says the best counts. Where none says enough, one that could not be asked leaves it open: it may be
/// the one that vouches.
fn best(assessments: &[Assessment]) -> Option<Assessment> {
    let best = assessments.iter().min_by_key(|assessment| severity(assessment))?;
    let needs_trust = matches!(best.verdict.exit_code(), 0 | 3) && !best.trust.is_some_and(Trust::is_met);
    let unasked = assessments.iter().find(|assessment| assessment.verdict == Verdict::CouldNotCheck);
    unasked.filter(|_| needs_trust).or(Some(best)).copied()
}

fn severity(assessment: &Assessment) -> u8 {
    match assessment.exit_code() {
        0 => 0,
        3 => 1,
        2 => 2,
        _ => 3,
    }
}

impl RegistryTrust {
    fn new(registry: Address, account: &Read<Registry>, trust: Option<Trust>) -> Self {
        Self {
            registry,
            name: account.found().map(|registry| registry.name().to_owned()),
            met: trust.is_some_and(Trust::is_met),
            at_issue: trust.map(|trust| trust.at_issue.to_string()),
            now: trust.map(|trust| trust.now.to_string()),
        }
    }
}

/// Decodes the accounts of one read, and notes what is wrong with them.
struct Finder<'a> {
    addresses: &'a [Address],
    accounts: &'a [Option<&'a Account>],
    problems: &'a mut Vec<String>,
}

impl Finder<'_> {
    fn account<T>(&mut self, index: usize) -> Read<T>
    where
        T: Record + anchor_lang::Discriminator + anchor_lang::bytemuck::Pod,
    {
        let (Some(address), Some(Some(account))) = (self.addresses.get(index), self.accounts.get(index)) else {
            return Read::Missing;
        };
        match decode(address, account) {
            Ok(record) => Read::Found(record),
            Err(error) => {
                self.problems.push(error.to_string());
                Read::Failed
            }
        }
    }

    fn need<T>(&mut self, kind: &str, read: &Read<T>) {
        if matches!(read, Read::Missing) {
            self.problems.push(format!("the credential's {kind} is missing"));
        }
    }
}

const fn by_reference<T>(read: &Read<T>) -> Read<&T> {
    match read {
        Read::Found(account) => Read::Found(account),
        Read::Missing => Read::Missing,
        Read::Failed => Read::Failed,
    }
}

/// The time that the clock sysvar shows, Unix seconds: slot u64, epoch start i64, epoch u64, leader schedule epoch u64, then this i64.
pub(crate) fn unix_timestamp(clock: &Account) -> Option<i64> {
    clock.data.get(32..40)?.try_into().ok().map(i64::from_le_bytes)
}

fn local_time(query: &Query) -> i64 {
    query.local_time.unwrap_or_else(|| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        i64::try_from(now).unwrap_or(i64::MAX)
    })
}
