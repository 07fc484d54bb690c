//! Compute units, bytes and lamports of every instruction, as JSON lines: 64 sets of keys each, the payer never the signer.

use std::{collections::BTreeMap, io::Write};

use microcred::{
    IssueManyArgs, Learner,
    state::{Credential, Record},
};
use microcred_client::{
    Address, address,
    instructions::credential,
    ledger::{Embedded, PROGRAM_ELF},
    sending::TRANSACTION_SIZE,
};
use microcred_tests::{World, lifecycle};
use serde::Serialize;
use solana_address_lookup_table_interface::{
    program,
    state::{AddressLookupTable, LookupTableMeta},
};
use solana_message::{AddressLookupTableAccount, VersionedMessage, v0};
use solana_signer::Signer;
use solana_transaction::versioned::VersionedTransaction;

const SEEDS: u64 = 64;

/// One line of the output. Compute units are of the whole instruction; bytes and lamports of the accounts that it creates.
#[derive(Serialize)]
struct Line<'a> {
    name: &'a str,
    cu_min: u64,
    cu_median: u64,
    cu_max: u64,
    bytes: usize,
    lamports: u64,
    tx_bytes: usize,
}

/// How many credentials fit into one transaction.
#[derive(Serialize)]
struct Capacity<'a> {
    name: &'a str,
    credentials: usize,
    tx_bytes: usize,
    cu_per_credential: u64,
}

#[derive(Serialize)]
struct Program<'a> {
    name: &'a str,
    bytes: usize,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::stdout().lock();
    let ledger = Embedded::in_memory()?;
    let rent = |bytes: usize| if bytes == 0 { 0 } else { ledger.rent_minimum(bytes) };
    let mut costs: BTreeMap<&str, Vec<lifecycle::Cost>> = BTreeMap::new();
    for cost in (0..SEEDS).flat_map(lifecycle::run) {
        costs.entry(cost.name).or_default().push(cost);
    }
    for (name, runs) in &costs {
        let mut units: Vec<_> = runs.iter().map(|cost| cost.units).collect();
        units.sort_unstable();
        let (Some(first), [cu_min, .., cu_max]) = (runs.first(), units.as_slice()) else { continue };
        let accounts =
            if first.bytes > 0 && first.bytes % Credential::SIZE == 0 { first.bytes / Credential::SIZE } else { 1 };
        let line = Line {
            name,
            cu_min: *cu_min,
            cu_median: median(&units),
            cu_max: *cu_max,
            bytes: first.bytes,
            lamports: rent(first.bytes / accounts) * accounts as u64,
            tx_bytes: runs.iter().map(|cost| cost.transaction).max().unwrap_or_default(),
        };
        writeln!(out, "{}", serde_json::to_string(&line)?)?;
    }
    for lookup_table in [false, true] {
        writeln!(out, "{}", serde_json::to_string(&capacity(lookup_table)?)?)?;
    }
    let program = Program { name: "compiled program", bytes: PROGRAM_ELF.len() };
    writeln!(out, "{}", serde_json::to_string(&program)?)?;
    Ok(())
}

/// The mean of the two in the middle, rounded down.
fn median(sorted: &[u64]) -> u64 {
    let middle = sorted.len() / 2;
    (sorted[middle] + sorted[(sorted.len() - 1) / 2]) / 2
}

/// Fills one transaction with `issue_many` as far as it goes, each credential with a digest, and sends it.
fn capacity(lookup_table: bool) -> Result<Capacity<'static>, Box<dyn std::error::Error>> {
    let mut world = World::seeded(1000);
    let (key, payer) = (world.issuer.key.insecure_clone(), world.payer.insecure_clone());
    let mut learners = Vec::new();
    let mut fitting: Option<(VersionedTransaction, usize)> = None;
    loop {
        learners.push(Learner { subject: world.keys.next_key().pubkey(), digest: [8; 32], status_offset: 0 });
        let args = IssueManyArgs { subject_kind: 1, expires_at: None, status_base: 0, learners: learners.clone() };
        let instruction =
            credential::issue_many(payer.pubkey(), &world.issuer.key_ref(), world.issuer.achievement, args);
        let blockhash = world.ledger.svm().latest_blockhash();
        let message = if lookup_table {
            let table = table(&mut world)?;
            VersionedMessage::V0(v0::Message::try_compile(&payer.pubkey(), &[instruction], &[table], blockhash)?)
        } else {
            VersionedMessage::Legacy(solana_message::Message::new_with_blockhash(
                &[instruction],
                Some(&payer.pubkey()),
                &blockhash,
            ))
        };
        let size = 1 + 64 * 2 + message.serialize().len();
        if size > TRANSACTION_SIZE {
            break;
        }
        fitting = Some((VersionedTransaction::try_new(message, &[&payer, &key])?, size));
    }
    let credentials = learners.len() - 1;
    let (transaction, tx_bytes) = fitting.ok_or("not even one credential fits")?;
    let landed = world.ledger.svm().send_transaction(transaction).map_err(|failed| format!("{failed:?}"))?;
    let last = address::credential(&world.issuer.achievement, &learners[credentials - 1].subject, 0);
    let _: Credential = world.get(&last);
    Ok(Capacity {
        name: if lookup_table {
            "credentials in one v0 transaction with a lookup table"
        } else {
            "credentials in one legacy transaction"
        },
        credentials,
        tx_bytes,
        cu_per_credential: landed.compute_units_consumed / credentials as u64,
    })
}

/// A lookup table with everything that issuing by one key for one achievement repeats.
fn table(world: &mut World) -> Result<AddressLookupTableAccount, Box<dyn std::error::Error>> {
    let key = Address::new_from_array([0xA1; 32]);
    let addresses = vec![
        world.issuer.address,
        world.issuer.key_ref().address(),
        world.issuer.achievement,
        microcred_client::instructions::SYSTEM_PROGRAM,
    ];
    let state = AddressLookupTable { meta: LookupTableMeta::default(), addresses: addresses.clone().into() };
    let data = state.serialize_for_tests()?;
    let account = solana_account::Account {
        lamports: 1_000_000_000,
        data,
        owner: program::ID,
        executable: false,
        rent_epoch: u64::MAX,
    };
    world.ledger.svm().set_account(key, account)?;
    Ok(AddressLookupTableAccount { key, addresses })
}
