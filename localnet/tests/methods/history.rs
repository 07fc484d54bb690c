//! What the cluster remembers of transactions.

use microcred_client::event;
use serde_json::{Value, json};
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::Stage;

/// Unlike on a real cluster, what is confirmed is also told to those who ask for what is finalized.
#[test]
fn an_accounts_transactions_are_told_newest_first_and_by_pages() {
    let stage = Stage::new();
    let to = Keypair::new().pubkey();
    let sent: Vec<_> =
        (0..5).map(|lamports| stage.confirm(&stage.pay(&to, 1_000_000 + lamports)).to_string()).collect();
    let page = |config: Value| {
        let answer = stage.ask("getSignaturesForAddress", json!([to.to_string(), config])).unwrap();
        let lines = answer.as_array().unwrap().clone();
        assert!(lines.iter().all(|line| line["blockTime"].is_i64() && line["err"].is_null()));
        lines.iter().map(|line| sent.iter().position(|one| *one == line["signature"]).unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(page(json!({"commitment": "confirmed"})), [4, 3, 2, 1, 0]);
    assert_eq!(page(json!({"commitment": "finalized"})), [4, 3, 2, 1, 0]);
    assert_eq!(page(json!({"commitment": "confirmed", "limit": 2})), [4, 3]);
    assert_eq!(page(json!({"commitment": "confirmed", "before": sent[2]})), [1, 0]);
    assert_eq!(page(json!({"commitment": "confirmed", "until": sent[2]})), [4, 3]);
    assert_eq!(page(json!({"commitment": "confirmed", "before": sent[4], "until": sent[0], "limit": 2})), [3, 2]);
}

/// On a real cluster the order within a slot is that of the block too; here transactions of one slot keep theirs.
#[test]
fn transactions_of_one_slot_keep_their_order() {
    let stage = Stage::new();
    let to = Keypair::new().pubkey();
    stage.localnet.hold_blocks().unwrap();
    let sent: Vec<_> = (0..5)
        .map(|lamports| stage.rpc.send_transaction(&stage.pay(&to, 1_000_000 + lamports)).unwrap().to_string())
        .collect();
    stage.localnet.skip_blocks(1).unwrap();
    let answer = stage.ask("getSignaturesForAddress", json!([to.to_string(), {"commitment": "confirmed"}])).unwrap();
    let told: Vec<_> = answer.as_array().unwrap().iter().rev().map(|line| line["signature"].clone()).collect();
    assert_eq!(told, sent);
}

#[test]
fn a_transaction_is_told_with_its_log_and_compute_units() {
    let stage = Stage::new();
    let (_, registry) = stage.create_registry("agency");
    let listed =
        stage.ask("getSignaturesForAddress", json!([registry.to_string(), {"commitment": "confirmed"}])).unwrap();
    for encoding in ["json", "jsonParsed", "base64"] {
        let config = json!({"encoding": encoding, "commitment": "confirmed", "maxSupportedTransactionVersion": 0});
        let told = stage.ask("getTransaction", json!([listed[0]["signature"], config])).unwrap();
        let meta = &told["meta"];
        assert!(told["slot"].is_u64() && told["blockTime"].is_i64());
        assert_eq!((&meta["err"], &meta["fee"]), (&Value::Null, &json!(10_000)));
        assert!(meta["computeUnitsConsumed"].as_u64().unwrap() > 1_000);
        let logs: Vec<String> = serde_json::from_value(meta["logMessages"].clone()).unwrap();
        let events = event::from_logs(&logs);
        assert_eq!(events.iter().map(event::Event::name).collect::<Vec<_>>(), ["RegistryCreated"]);
    }
    let unknown = Keypair::new().sign_message(b"never sent").to_string();
    let config = json!({"encoding": "base64", "commitment": "confirmed"});
    assert_eq!(stage.ask("getTransaction", json!([unknown, config])).unwrap(), Value::Null);
}
