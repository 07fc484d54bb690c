//! Sending: what became of a transaction, whatever is lost on the way.

use std::{collections::HashSet, sync::Arc, time::Duration};

use futures_util::future::join_all;
use microcred_client::{
    Address, Instruction, MicrocredError, PROGRAM_ID,
    error::{Refusal, SendError},
    ledger::{CommitmentConfig, Ledger, Lifetime, Patience, ReadError, Rpc, RpcOptions},
};
use serde_json::{Value, json};
use solana_hash::Hash;
use solana_instruction_error::InstructionError;
use solana_keypair::Keypair;
use solana_message::{Message, VersionedMessage};
use solana_signer::Signer;
use solana_transaction::versioned::VersionedTransaction;
use solana_transaction_error::TransactionError;
use tokio::time::timeout;

use crate::node::{Known, Node, Question, Reply, quick};

const LAST_VALID: Option<u64> = Some(1050);

fn transaction(program: Address) -> VersionedTransaction {
    let payer = Keypair::new();
    let instruction = Instruction { program_id: program, accounts: Vec::new(), data: vec![1] };
    let message = Message::new_with_blockhash(&[instruction], Some(&payer.pubkey()), &Hash::new_from_array([7; 32]));
    VersionedTransaction::try_new(VersionedMessage::Legacy(message), &[payer]).unwrap()
}

fn signature_of(transaction: &VersionedTransaction) -> String {
    transaction.signatures[0].to_string()
}

/// A node that knows one transaction, and executes it at the sending with this number (from 0).
async fn executing(
    at: usize,
    error: Value,
    reply: impl Fn(usize) -> Option<Reply> + Send + Sync + 'static,
) -> (Node, VersionedTransaction) {
    let transaction = transaction(PROGRAM_ID);
    let signature = signature_of(&transaction);
    let node = Node::start(move |question, known| {
        if question.method != "sendTransaction" {
            return None;
        }
        if question.nth == at {
            known.execute(&signature, error.clone());
        }
        reply(question.nth)
    })
    .await;
    (node, transaction)
}

async fn submit(node: &Node, transaction: &VersionedTransaction) -> Result<u64, SendError> {
    let client = node.client();
    let sent = timeout(Duration::from_secs(60), client.submit(transaction, LAST_VALID)).await.unwrap();
    sent.map(|sent| {
        assert_eq!(sent.signature, transaction.signatures[0]);
        assert_eq!((sent.fee, sent.compute_units, sent.logs.len()), (5000, 1234, 1));
        sent.slot
    })
}

#[tokio::test]
async fn what_landed_is_told_with_its_cost_and_log() {
    let (node, transaction) = executing(0, Value::Null, |_| None).await;
    assert_eq!(submit(&node, &transaction).await, Ok(1000));
    let known = node.known();
    let config = &known.questions.iter().find(|question| question.method == "sendTransaction").unwrap().params[1];
    assert_eq!((&config["skipPreflight"], &config["maxRetries"]), (&json!(true), &json!(0)));
}

#[tokio::test]
async fn what_is_lost_is_sent_again() {
    // The first sendings do not arrive, or their answers do not.
    for reply in [Reply::Status(503), Reply::TooMany(0), Reply::Cut, Reply::Silence] {
        let (node, transaction) = executing(2, Value::Null, move |nth| (nth < 2).then(|| reply.clone())).await;
        assert_eq!(submit(&node, &transaction).await, Ok(1000));
        assert!(node.asked("sendTransaction") >= 3);
    }
}

#[tokio::test]
async fn a_lost_answer_does_not_hide_what_landed() {
    let (node, transaction) = executing(0, Value::Null, |_| Some(Reply::Cut)).await;
    assert_eq!(submit(&node, &transaction).await, Ok(1000));
}

#[tokio::test]
async fn what_was_processed_already_is_looked_up() {
    let processed =
        || Reply::Error(-32002, "Transaction simulation failed", json!({ "err": "AlreadyProcessed", "logs": [] }));
    let (node, transaction) = executing(0, Value::Null, move |_| Some(processed())).await;
    assert_eq!(submit(&node, &transaction).await, Ok(1000));
    // Sent again by another process: the same answer.
    assert_eq!(submit(&node, &transaction).await, Ok(1000));
}

#[tokio::test]
async fn a_failure_on_the_cluster_is_a_refusal_with_its_log() {
    let failure = json!({ "InstructionError": [0, { "Custom": MicrocredError::BadSlug.code() }] });
    let (node, transaction) = executing(0, failure, |_| None).await;
    let error = submit(&node, &transaction).await.unwrap_err();
    assert_eq!(error.microcred(), Some(MicrocredError::BadSlug));
    assert!(matches!(error, SendError::Refused { index: 0, logs, .. } if logs == ["Program log: done"]));
    assert_eq!(
        node.client().land(&transaction, LAST_VALID).await.unwrap_err().microcred(),
        Some(MicrocredError::BadSlug)
    );
}

#[tokio::test]
async fn a_refusal_before_anything_was_taken_is_final() {
    let refused = || {
        let simulated = json!({ "err": { "InstructionError": [0, { "Custom": 1 }] }, "logs": ["Program log: no"] });
        Reply::Error(-32002, "Transaction simulation failed", simulated)
    };
    let (node, transaction) = executing(usize::MAX, Value::Null, move |_| Some(refused())).await;
    let error = submit(&node, &transaction).await.unwrap_err();
    let refusal = Refusal::Runtime(InstructionError::Custom(1));
    assert_eq!(error, SendError::Refused { index: 0, refusal, logs: vec!["Program log: no".into()] });
    assert_eq!(node.asked("sendTransaction"), 1);
}

#[tokio::test]
async fn a_refusal_of_what_landed_before_is_none() {
    // The first answer is lost with the transaction taken; the second sending meets what the first one changed.
    let refused = || {
        let simulated = json!({ "err": { "InstructionError": [0, { "Custom": 0 }] }, "logs": [] });
        Reply::Error(-32002, "Transaction simulation failed", simulated)
    };
    let (node, transaction) = executing(0, Value::Null, move |_| Some(refused())).await;
    assert_eq!(submit(&node, &transaction).await, Ok(1000));
}

#[tokio::test]
async fn a_wrong_signature_and_bad_parameters_are_told_at_once() {
    for (code, expected) in [
        (-32003, SendError::NotExecuted(TransactionError::SignatureFailure)),
        (-32602, SendError::Read(ReadError::Refused("no (code -32602)".into()))),
    ] {
        let (node, transaction) =
            executing(usize::MAX, Value::Null, move |_| Some(Reply::Error(code, "no", Value::Null))).await;
        assert_eq!(submit(&node, &transaction).await, Err(expected));
    }
}

/// Lets a block pass with every question after the first sending.
fn aging(question: &Question, known: &mut Known) {
    if question.method == "sendTransaction" {
        known.block_height = 1051;
        known.slot = 1200;
    }
}

#[tokio::test]
async fn what_can_no_longer_land_has_expired() {
    let node = Node::start(|question, known| {
        aging(question, known);
        None
    })
    .await;
    let transaction = transaction(PROGRAM_ID);
    let error = submit(&node, &transaction).await.unwrap_err();
    assert_eq!(error, SendError::Expired(transaction.signatures[0]));
    let known = node.known();
    let last = known.questions.iter().rfind(|question| question.method == "getSignatureStatuses").unwrap();
    assert_eq!(last.params[1]["searchTransactionHistory"], json!(true));
}

#[tokio::test]
async fn what_landed_last_is_found_before_it_is_called_expired() {
    let transaction = transaction(PROGRAM_ID);
    let signature = signature_of(&transaction);
    let node = Node::start(move |question, known| {
        aging(question, known);
        if question.method == "getSignatureStatuses" && question.params[1]["searchTransactionHistory"] == json!(true) {
            known.execute(&signature, Value::Null);
        }
        None
    })
    .await;
    assert_eq!(submit(&node, &transaction).await, Ok(1200));
}

#[tokio::test]
async fn a_node_that_is_behind_does_not_decide_that_it_expired() {
    let transaction = transaction(PROGRAM_ID);
    let signature = signature_of(&transaction);
    let late = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let node = Node::start(move |question, known| {
        aging(question, known);
        if question.method != "getSignatureStatuses" || question.params[1]["searchTransactionHistory"] != json!(true) {
            return None;
        }
        if late.fetch_add(1, std::sync::atomic::Ordering::Relaxed) < 3 {
            return Some(Reply::Result(json!({ "context": { "slot": 1199 }, "value": [null] })));
        }
        known.execute(&signature, Value::Null);
        None
    })
    .await;
    assert_eq!(submit(&node, &transaction).await, Ok(1200));
}

/// A node whose first answers about its position tell a slot and a height that are never reached.
async fn ahead(until: usize) -> Node {
    Node::start(move |question, known| {
        if question.method == "getEpochInfo" && question.nth < until {
            let far = known.slot + 1_000_000;
            return Some(Reply::Result(json!({
                "absoluteSlot": far, "blockHeight": far, "epoch": 0, "slotIndex": 0, "slotsInEpoch": 432_000,
            })));
        }
        aging(question, known);
        None
    })
    .await
}

#[tokio::test]
async fn a_slot_that_never_comes_is_not_waited_for() {
    let transaction = transaction(PROGRAM_ID);
    for until in [1, usize::MAX] {
        let node = ahead(until).await;
        let error = submit(&node, &transaction).await.unwrap_err();
        assert!(matches!(error, SendError::Unconfirmed { .. }), "{error:?}");
    }
    // Where such answers do not count for what is read, the next one about the position puts it right.
    let node = ahead(1).await;
    let client = node.client_with(RpcOptions { commitment: CommitmentConfig::processed(), ..quick() });
    let error = timeout(Duration::from_secs(60), client.submit(&transaction, LAST_VALID)).await.unwrap().unwrap_err();
    assert_eq!(error, SendError::Expired(transaction.signatures[0]));
}

#[tokio::test]
async fn what_is_only_processed_is_waited_for() {
    let transaction = transaction(PROGRAM_ID);
    let signature = signature_of(&transaction);
    let node = Node::start(move |question, known| {
        if question.method == "getSignatureStatuses" {
            known.execute(&signature, Value::Null);
            if question.nth < 3 {
                known.statuses.get_mut(&signature).unwrap()["confirmationStatus"] = json!("processed");
            }
        }
        None
    })
    .await;
    assert_eq!(submit(&node, &transaction).await, Ok(1000));
    assert!(node.asked("getSignatureStatuses") >= 4);
}

#[tokio::test]
async fn where_the_cluster_cannot_be_asked_the_fate_is_unknown() {
    let transaction = transaction(PROGRAM_ID);
    for of_sending in [None, Some(Reply::Cut), Some(Reply::Status(502))] {
        let node = Node::start(move |question, _| match question.method.as_str() {
            "sendTransaction" => of_sending.clone(),
            _ => Some(Reply::Status(503)),
        })
        .await;
        let error = submit(&node, &transaction).await.unwrap_err();
        assert!(matches!(error, SendError::Unconfirmed { signature, .. } if signature == transaction.signatures[0]));
    }
    // What never left this computer is another matter.
    let node = Node::start(|_, _| Some(Reply::TooMany(0))).await;
    let patience = Patience { first: Duration::from_millis(100), longest: Duration::from_secs(1), ..quick().patience };
    let client = node.client_with(RpcOptions { patience, resend: Duration::from_secs(60), ..quick() });
    let error = client.submit(&transaction, LAST_VALID).await.unwrap_err();
    assert!(matches!(error, SendError::Read(ReadError::Unreachable { .. })), "{error:?}");
}

#[tokio::test]
async fn what_is_under_way_when_asking_ends_may_land() {
    // The first sending is turned away; the second one is taken, and the cluster cannot be asked before it says so.
    let node = Node::start(|question, known| match question.method.as_str() {
        "sendTransaction" => Some(if question.nth == 0 { Reply::TooMany(0) } else { Reply::Silence }),
        _ => {
            let sent = known.questions.iter().filter(|question| question.method == "sendTransaction").count();
            (sent > 1).then_some(Reply::Status(503))
        }
    })
    .await;
    let transaction = transaction(PROGRAM_ID);
    let client = node.client_with(RpcOptions { timeout: Duration::from_secs(10), ..quick() });
    let error = client.submit(&transaction, LAST_VALID).await.unwrap_err();
    assert!(matches!(error, SendError::Unconfirmed { .. }), "{error:?}");
    assert_eq!(node.asked("sendTransaction"), 2);
}

#[tokio::test]
async fn a_durable_nonce_is_followed_for_its_time() {
    let node = Node::start(|_, _| None).await;
    let transaction = transaction(PROGRAM_ID);
    let error = node.client().submit(&transaction, None).await.unwrap_err();
    assert!(matches!(&error, SendError::Unconfirmed { why, .. } if why.contains("nonce")), "{error:?}");
    assert_eq!(node.asked("getEpochInfo"), 0);
}

#[tokio::test]
async fn a_history_that_lags_is_waited_for() {
    let (node, transaction) = executing(0, Value::Null, |_| None).await;
    let lagging = {
        let transaction = transaction.clone();
        Node::start(move |question, known| {
            if question.method == "sendTransaction" {
                known.execute(&signature_of(&transaction), Value::Null);
            }
            (question.method == "getTransaction" && question.nth < 3).then_some(Reply::Result(Value::Null))
        })
        .await
    };
    assert_eq!(submit(&lagging, &transaction).await, Ok(1000));
    assert_eq!(lagging.asked("getTransaction"), 4);
    // Who does not ask for that need not wait.
    assert_eq!(node.client().land(&transaction, LAST_VALID).await.map(|landed| landed.slot), Ok(1000));
    assert_eq!(node.asked("getTransaction"), 0);
}

#[tokio::test]
async fn what_landed_is_seen_by_what_is_read_next() {
    let (node, transaction) = executing(0, Value::Null, |_| None).await;
    let client = node.client();
    client.land(&transaction, LAST_VALID).await.unwrap();
    assert_eq!(client.seen(), 1000);
}

#[tokio::test]
async fn hundreds_that_wait_share_the_asking() {
    const COUNT: usize = 600;
    let transactions: Vec<_> = (0..COUNT).map(|_| transaction(PROGRAM_ID)).collect();
    let signatures: Vec<_> = transactions.iter().map(signature_of).collect();
    let all = signatures.clone();
    let node = Node::start(move |question, known| {
        // All land together, once all are asked for in one poll of three questions.
        let in_flight: HashSet<_> = known
            .questions
            .iter()
            .filter(|question| question.method == "getSignatureStatuses")
            .flat_map(|question| question.params[0].as_array().cloned().unwrap_or_default())
            .map(|text| text.to_string())
            .collect();
        if question.method == "getSignatureStatuses" && in_flight.len() == COUNT && known.statuses.is_empty() {
            all.iter().for_each(|signature| known.execute(signature, Value::Null));
        }
        None
    })
    .await;
    let client = node.client_with(microcred_client::ledger::RpcOptions {
        poll: std::time::Duration::from_millis(200),
        resend: std::time::Duration::from_secs(60),
        ..crate::node::quick()
    });
    let landed = join_all(transactions.iter().map(|transaction| client.land(transaction, LAST_VALID))).await;
    assert!(landed.iter().all(Result::is_ok), "{landed:?}");
    let known = node.known();
    let polls: Vec<_> = known.questions.iter().filter(|question| question.method == "getSignatureStatuses").collect();
    assert!(polls.iter().all(|question| question.params[0].as_array().unwrap().len() <= 256));
    assert!(polls.len() <= 12, "{} questions for {COUNT} transactions", polls.len());
}

#[tokio::test]
async fn who_stops_waiting_does_not_stop_the_others() {
    let (one, other) = (transaction(PROGRAM_ID), transaction(PROGRAM_ID));
    let signature = signature_of(&other);
    let node = Node::start(move |question, known| {
        if question.method == "getSignatureStatuses" && question.nth == 5 {
            known.execute(&signature, Value::Null);
        }
        None
    })
    .await;
    let client = Arc::new(node.client());
    let stopped = tokio::spawn({
        let client = client.clone();
        async move { client.land(&one, LAST_VALID).await }
    });
    while node.asked("getSignatureStatuses") < 2 {
        tokio::task::yield_now().await;
    }
    let waiting = client.land(&other, LAST_VALID);
    stopped.abort();
    assert_eq!(waiting.await.map(|landed| landed.slot), Ok(1000));
}

#[tokio::test]
async fn the_outcome_of_what_nobody_knows_is_none() {
    let node = Node::start(|_, _| None).await;
    let client: Rpc = node.client();
    let unknown = transaction(PROGRAM_ID).signatures[0];
    assert_eq!(client.outcome(&unknown).await, Ok(None));
    let Lifetime { last_valid_block_height, .. } = client.lifetime().await.unwrap();
    assert_eq!(last_valid_block_height, 1050);
    // A node that is behind cannot say so.
    node.known().slot = 999;
    assert_eq!(client.outcome(&unknown).await, Err(ReadError::Stale { slot: 999, wanted: 1000 }));
}
