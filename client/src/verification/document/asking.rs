//! What is asked of the chain about a document.

use jiff::Timestamp;
use microcred::{
    state::Issuer,
    verdict::{Document as Presented, Expected},
};
use solana_address::Address;

use super::{
    super::{Query, Signed, links::room_for_signers},
    Asked,
};
use crate::{
    address,
    document::{
        checking::{Finding, Kind, Report},
        did::Chain,
        reference::{self, References},
    },
    ledger::AccountReader,
    lookup::{self, LookupError},
};

/// How many keys of an issuer are looked through where a document does not say which of them signed.
const SEARCHED: u16 = 1_000;

/// How many accounts with the same key are compared.
const COMPARED: usize = 8;

/// What is asked of the chain about a document.
///
/// # Errors
/// Why it is not asked; none: the document names no accounts.
pub(super) async fn query(
    ledger: &dyn AccountReader,
    chain: &Chain,
    report: &Report,
    asked: &Asked,
) -> Result<Query, Option<Finding>> {
    let (Some(references), Some(document)) = (&report.references, &report.document) else { return Err(None) };
    if references.chain != *chain {
        return Err(Some(other_chain(&references.chain, chain)));
    }
    let signed = signed(ledger, report, references, asked.registries.len()).await?;
    Ok(Query {
        expected: Expected {
            issuer: Some(references.issuer),
            achievement: asked.expected.achievement,
            subject: report.subject_on_chain(),
        },
        document: Some(Presented { digest: *document.digest(), signed_by_issuer: false }),
        signed,
        registries: asked.registries.clone(),
        local_time: asked.local_time,
        ..Query::at(references.credential)
    })
}

fn other_chain(documents: &Chain, asked: &Chain) -> Finding {
    let (names, url) = match reference::cluster(documents) {
        Some(cluster) => (format!("{cluster} ({documents})"), format!("--url {cluster}")),
        None if *documents == Chain::embedded() => {
            ("a ledger in a file".to_owned(), "--url embedded, and --ledger with that file".to_owned())
        }
        None => (documents.to_string(), "--url with an endpoint of that cluster".to_owned()),
    };
    Finding::new(
        Kind::OtherChain,
        format_args!("the document is of {names}, not of {asked}, which was asked: say {url}"),
    )
}

/// Who signed, and which accounts may hold the key; none: nobody who could be compared did.
async fn signed(
    ledger: &dyn AccountReader,
    report: &Report,
    references: &References,
    registries: usize,
) -> Result<Option<Signed>, Option<Finding>> {
    let Some(proof) = &report.signed else { return Ok(None) };
    let accounts = match references.key {
        Some(account) => vec![account],
        None => keys_of(ledger, &references.issuer, &proof.key, registries).await?,
    };
    Ok(Some(Signed { key: proof.key, accounts, created: proof.created.map(Timestamp::as_second) }))
}

/// The accounts of an issuer's keys that hold a key. What they hold never changes, so that this need not be read together with the rest.
async fn keys_of(
    ledger: &dyn AccountReader,
    issuer: &Address,
    key: &Address,
    registries: usize,
) -> Result<Vec<Address>, Option<Finding>> {
    let failed = |error: LookupError| Some(Finding::new(Kind::KeyNotRead, error));
    let account: Issuer = match lookup::account(ledger, issuer).await {
        Ok(account) => account,
        Err(LookupError::Read(error)) => return Err(Some(Finding::new(Kind::NotRead, error))),
        // What the credential links to will tell.
        Err(_) => return Ok(Vec::new()),
    };
    if account.key_count > SEARCHED {
        let what = format!(
            "the document does not say which of the issuer's {} keys signed it, and only {SEARCHED} are looked through",
            account.key_count
        );
        return Err(Some(Finding::new(Kind::KeyNotRead, what)));
    }
    let keys = lookup::issuer_keys(ledger, issuer, &account).await.map_err(failed)?;
    let room = room_for_signers(registries).min(COMPARED);
    let holding = keys.iter().filter(|account| account.key == *key);
    Ok(holding.map(|account| address::issuer_key(issuer, account.index)).take(room).collect())
}
