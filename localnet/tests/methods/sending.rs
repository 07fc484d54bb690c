//! Simulating and sending.

use serde_json::{Value, json};
use solana_hash::Hash;
use solana_keypair::Keypair;
use solana_nonce::{state::State, versions::Versions};
use solana_signer::Signer;
use solana_system_interface::instruction::{advance_nonce_account, create_nonce_account, transfer};

use crate::{Stage, encoded};

const SKIP: &str = "skipPreflight";

fn send(stage: &Stage, transaction: &str, skip_preflight: bool) -> Result<Value, String> {
    let config = json!({"encoding": "base64", SKIP: skip_preflight, "preflightCommitment": "confirmed"});
    stage.ask("sendTransaction", json!([transaction, config])).map_err(|error| error.to_string())
}

#[test]
fn what_is_neither_signed_nor_recent_can_be_simulated() {
    let stage = Stage::new();
    let to = Keypair::new().pubkey();
    let mut unsigned = stage.signed(&[transfer(&stage.payer.pubkey(), &to, 1_000_000)], &[], Hash::default());
    unsigned.signatures[0] = Default::default();
    let simulate = |config: Value| stage.ask("simulateTransaction", json!([encoded(&unsigned), config]));
    let base =
        json!({"encoding": "base64", "commitment": "confirmed", "sigVerify": false, "replaceRecentBlockhash": true});
    let answer = simulate(base.clone()).unwrap()["value"].clone();
    assert_eq!((&answer["err"], &answer["unitsConsumed"]), (&Value::Null, &json!(150)));
    assert_eq!(answer["logs"].as_array().unwrap().len(), 2);
    assert!(answer["replacementBlockhash"]["lastValidBlockHeight"].is_u64());

    let mut config = base.clone();
    config["replaceRecentBlockhash"] = json!(false);
    assert_eq!(simulate(config.clone()).unwrap()["value"]["err"], "BlockhashNotFound");
    config["sigVerify"] = json!(true);
    assert_eq!(simulate(config).unwrap()["value"]["err"], "SignatureFailure");
    assert_eq!(stage.rpc.get_balance(&to).unwrap(), 0);
}

/// Unlike on a real cluster, it is also refused without preflight, and the error has no data that say why.
#[test]
fn the_same_transaction_takes_effect_once() {
    let stage = Stage::new();
    let to = Keypair::new().pubkey();
    let transaction = stage.pay(&to, 1_000_000);
    send(&stage, &encoded(&transaction), false).unwrap();
    for skip_preflight in [false, true] {
        let refused = send(&stage, &encoded(&transaction), skip_preflight).unwrap_err();
        assert!(refused.contains("already been processed") && refused.contains("-32002"), "{refused}");
    }
    assert_eq!(stage.rpc.get_balance(&to).unwrap(), 1_000_000);
}

#[test]
fn a_failing_transaction_is_refused_by_preflight_and_lands_without() {
    let stage = Stage::new();
    let transaction = stage.pay(&Keypair::new().pubkey(), 1 << 60);
    let refused = send(&stage, &encoded(&transaction), false).unwrap_err();
    assert!(refused.contains("-32002") && refused.contains("0x1"), "{refused}");
    assert_eq!(stage.status(&transaction.signatures[0]), Value::Null);

    send(&stage, &encoded(&transaction), true).unwrap();
    stage.localnet.skip_blocks(1).unwrap();
    assert_eq!(stage.status(&transaction.signatures[0])["err"], json!({"InstructionError": [0, {"Custom": 1}]}));
}

#[test]
fn what_cannot_land_is_refused_by_preflight_and_vanishes_without() {
    let stage = Stage::new();
    let to = Keypair::new().pubkey();
    let expired = stage.pay(&to, 1_000_000);
    stage.localnet.skip_blocks(160).unwrap();
    let refused = send(&stage, &encoded(&expired), false).unwrap_err();
    assert!(refused.contains("Blockhash not found"), "{refused}");
    send(&stage, &encoded(&expired), true).unwrap();
    stage.localnet.skip_blocks(1).unwrap();
    assert_eq!(stage.status(&expired.signatures[0]), Value::Null);

    let mut tampered = stage.pay(&to, 1_000_000);
    tampered.signatures[0] = Default::default();
    for skip_preflight in [false, true] {
        let refused = send(&stage, &encoded(&tampered), skip_preflight).unwrap_err();
        assert!(refused.contains("signature verification"), "{refused}");
    }
    assert_eq!(stage.rpc.get_balance(&to).unwrap(), 0);
}

/// Unlike on a real cluster, a transaction has no status while its slot lasts: never "processed".
#[test]
fn a_transaction_is_confirmed_at_the_end_of_its_slot_and_finalized_31_later() {
    let stage = Stage::new();
    stage.localnet.hold_blocks().unwrap();
    let transaction = stage.pay(&Keypair::new().pubkey(), 1_000_000);
    send(&stage, &encoded(&transaction), true).unwrap();
    let status = || stage.status(&transaction.signatures[0]);
    assert_eq!(status(), Value::Null);
    stage.localnet.skip_blocks(1).unwrap();
    assert_eq!(status()["confirmationStatus"], "confirmed");
    stage.localnet.skip_blocks(31).unwrap();
    assert_eq!((&status()["confirmationStatus"], &status()["confirmations"]), (&json!("finalized"), &Value::Null));
}

#[test]
fn a_transaction_with_a_durable_nonce_outlives_blockhashes_and_takes_effect_once() {
    let stage = Stage::new();
    let (nonce, to) = (Keypair::new(), Keypair::new().pubkey());
    let payer = stage.payer.pubkey();
    let create = create_nonce_account(&payer, &nonce.pubkey(), &payer, 10_000_000);
    stage.confirm(&stage.signed(&create, &[&nonce], stage.blockhash()));
    let account = stage.rpc.get_account(&nonce.pubkey()).unwrap();
    let State::Initialized(data) = bincode::deserialize::<Versions>(&account.data).unwrap().state().clone() else {
        panic!("not a nonce account");
    };
    let instructions = [advance_nonce_account(&nonce.pubkey(), &payer), transfer(&payer, &to, 1_000_000)];
    let transaction = stage.signed(&instructions, &[], data.blockhash());
    stage.localnet.skip_blocks(200).unwrap();
    send(&stage, &encoded(&transaction), false).unwrap();
    stage.localnet.skip_blocks(200).unwrap();
    send(&stage, &encoded(&transaction), false).unwrap_err();
    assert_eq!(stage.status(&transaction.signatures[0])["confirmationStatus"], "finalized");
    assert_eq!(stage.rpc.get_balance(&to).unwrap(), 1_000_000);
}

#[test]
fn lamports_can_be_asked_for() {
    let stage = Stage::new();
    let to = Keypair::new().pubkey();
    stage.rpc.request_airdrop(&to, 1_000_000_000).unwrap();
    assert_eq!(stage.rpc.get_balance(&to).unwrap(), 1_000_000_000);
}
