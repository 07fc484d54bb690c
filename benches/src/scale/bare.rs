//! The reference: the same transactions, prebuilt and signed, pushed in a bare loop.

use std::{error::Error, time::Instant};

use futures_util::{StreamExt, TryStreamExt, stream};
use microcred_client::{
    bulk::{Issuance, Placed},
    ledger::Ledger,
    sending::{Budget, Draft, Validity, signing},
};
use solana_signer::Signer;
use solana_transaction::versioned::VersionedTransaction;

use crate::place::{Place, rows};

/// Seconds that pushing takes, with as many under way at once as a run has.
pub(crate) async fn push(
    ledger: &dyn Ledger,
    place: &Place,
    learners: usize,
    concurrency: usize,
) -> Result<f64, Box<dyn Error>> {
    let placed: Vec<_> = (0_u32..)
        .zip(rows(learners))
        .map(|(number, row)| Placed::first(&place.achievement, row.wallet, row.digest, number))
        .collect();
    let issuance = Issuance::new(place.payer.pubkey(), place.issuing_key, place.achievement);
    let numbers: Vec<_> = (0..placed.len()).collect();
    let packs = issuance.pack(&placed, &numbers, Budget::default());
    let lifetime = ledger.lifetime().await?;
    let transactions: Vec<VersionedTransaction> = packs
        .iter()
        .map(|pack| {
            let credentials: Vec<_> = pack.iter().filter_map(|number| placed.get(*number)).copied().collect();
            let draft = Draft::new(place.payer.pubkey(), vec![issuance.instruction(&credentials)]);
            signing::sign(draft.message(&Validity::Blockhash(lifetime.blockhash)), &[&place.payer, &place.key])
        })
        .collect::<Result<_, _>>()?;
    let began = Instant::now();
    stream::iter(&transactions)
        .map(|transaction| ledger.land(transaction, Some(lifetime.last_valid_block_height)))
        .buffer_unordered(concurrency)
        .try_for_each(|_| async { Ok(()) })
        .await?;
    Ok(began.elapsed().as_secs_f64())
}
