//! Accounts, blockhashes and fees.

use anchor_lang::Discriminator;
use microcred_client::{PROGRAM_ID, ledger::CLOCK, state::Registry};
use serde_json::{Value, json};
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_hash::Hash;
use solana_keypair::Keypair;
use solana_message::Message;
use solana_signer::Signer;
use solana_system_interface::instruction::transfer;

use crate::Stage;

#[test]
fn a_hundred_accounts_are_read_together_in_one_slot() {
    let stage = Stage::new();
    let mut addresses: Vec<_> = (0..99).map(|_| Keypair::new().pubkey().to_string()).collect();
    addresses.push(CLOCK.to_string());
    let slot = stage.rpc.get_slot().unwrap();
    let config = json!({"encoding": "base64", "commitment": "confirmed", "minContextSlot": slot});
    let answer = stage.ask("getMultipleAccounts", json!([addresses, config])).unwrap();
    let accounts = answer["value"].as_array().unwrap();
    assert!(answer["context"]["slot"].as_u64().unwrap() >= slot);
    assert!(accounts[..99].iter().all(Value::is_null));
    assert_eq!(accounts[99]["space"], 40);

    let future = json!([addresses, {"commitment": "confirmed", "minContextSlot": slot + 10_000}]);
    let refused = stage.ask("getMultipleAccounts", future).unwrap_err().to_string();
    assert!(refused.contains("-32016"), "{refused}");
}

/// Unlike on a real cluster, what is read is always the newest, whatever the commitment; only the slot that is named follows it.
#[test]
fn what_is_read_is_the_newest_at_any_commitment() {
    let stage = Stage::new();
    let to = Keypair::new().pubkey();
    stage.localnet.hold_blocks().unwrap();
    stage.rpc.send_transaction(&stage.pay(&to, 1_000_000)).unwrap();
    for commitment in ["processed", "confirmed", "finalized"] {
        let answer = stage.ask("getBalance", json!([to.to_string(), {"commitment": commitment}])).unwrap();
        assert_eq!(answer["value"], 1_000_000, "{commitment}");
    }
}

#[test]
fn program_accounts_are_found_by_their_bytes() {
    let stage = Stage::new();
    let (authority, registry) = stage.create_registry("one");
    stage.create_registry("two");
    let find = |matches: &[(usize, &[u8])], slice: Option<(usize, usize)>| {
        let filters: Vec<_> = matches
            .iter()
            .map(|(offset, bytes)| json!({"memcmp": {"offset": offset, "bytes": bytes, "encoding": null}}))
            .collect();
        let mut config =
            json!({"encoding": "base64", "commitment": "confirmed", "withContext": true, "filters": filters});
        if let Some((offset, length)) = slice {
            config["dataSlice"] = json!({"offset": offset, "length": length});
        }
        stage.ask("getProgramAccounts", json!([PROGRAM_ID.to_string(), config])).unwrap()
    };
    let all = find(&[(0, Registry::DISCRIMINATOR)], None);
    assert!(all["context"]["slot"].as_u64().is_some());
    assert_eq!(all["value"].as_array().unwrap().len(), 2);

    let one = find(&[(0, Registry::DISCRIMINATOR), (48, authority.pubkey().as_ref())], Some((8, 1)));
    let one = one["value"].as_array().unwrap();
    assert_eq!((one.len(), &one[0]["pubkey"]), (1, &json!(registry.to_string())));
    assert_eq!(one[0]["account"]["data"], json!(["AQ==", "base64"]));
    let keys_only = find(&[(0, Registry::DISCRIMINATOR)], Some((0, 0)));
    assert_eq!(keys_only["value"][0]["account"]["data"], json!(["", "base64"]));
    assert_eq!(find(&[(0, &[1; 8])], None)["value"], json!([]));
}

/// On a real cluster it is 150 from the confirmed height.
#[test]
fn a_blockhash_is_good_for_150_blocks() {
    let stage = Stage::new();
    stage.localnet.hold_blocks().unwrap();
    let answer = stage.ask("getLatestBlockhash", json!([{"commitment": "confirmed"}])).unwrap();
    let last = answer["value"]["lastValidBlockHeight"].as_u64().unwrap();
    let height = |commitment: &str| {
        stage.ask("getBlockHeight", json!([{ "commitment": commitment }])).unwrap().as_u64().unwrap()
    };
    assert_eq!(last, height("confirmed") + 151);
    assert_eq!(height("confirmed"), height("finalized") + 30);
    let valid = |commitment: &str| {
        let asked = json!([answer["value"]["blockhash"], {"commitment": commitment}]);
        stage.ask("isBlockhashValid", asked).unwrap()["value"].as_bool().unwrap()
    };
    assert!(valid("processed") && valid("confirmed") && !valid("finalized"));
    stage.localnet.skip_blocks(160).unwrap();
    assert!(height("confirmed") > last);
    assert!(!valid("processed"));
}

/// Unlike on a real cluster, the fee of a message whose blockhash is unknown is told too, and of priority fees only slots with transactions.
#[test]
fn fees_are_told() {
    let stage = Stage::new();
    let payer = stage.payer.pubkey();
    let instructions = [
        ComputeBudgetInstruction::set_compute_unit_limit(10_000),
        ComputeBudgetInstruction::set_compute_unit_price(1_000_000),
        transfer(&payer, &Keypair::new().pubkey(), 1_000_000),
    ];
    for blockhash in [stage.blockhash(), Hash::new_from_array([9; 32])] {
        for (instructions, fee) in [(&instructions[2..], 5_000), (&instructions[..], 15_000)] {
            let message = Message::new_with_blockhash(instructions, Some(&payer), &blockhash);
            assert_eq!(stage.rpc.get_fee_for_message(&message).unwrap(), fee);
        }
    }
    stage.confirm(&stage.signed(&instructions, &[], stage.blockhash()));
    let recent = stage.ask("getRecentPrioritizationFees", json!([[payer.to_string()]])).unwrap();
    assert_eq!((recent.as_array().unwrap().len(), &recent[0]["prioritizationFee"]), (1, &json!(1_000_000)));
    assert_eq!(stage.rpc.get_minimum_balance_for_rent_exemption(192).unwrap(), 1_625_600);
}
