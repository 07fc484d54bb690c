//! Reads: what is asked again and what is not, and that nothing goes back in time.

use std::time::{Duration, Instant};

use microcred_client::{
    Address,
    ledger::{AccountReader, Ledger, Patience, ReadError, Rpc, RpcOptions, Search},
};
use serde_json::{Value, json};

use crate::node::{Node, Reply, account, quick};

const PLACE: Address = Address::new_from_array([3; 32]);

/// A node that replies so to the first reads, and then truly.
async fn failing_at_first(times: usize, reply: Reply) -> Node {
    let node = Node::start(move |question, _| (question.nth < times).then(|| reply.clone())).await;
    node.known().accounts.insert(PLACE.to_string(), account(7, "AQID"));
    node
}

async fn lamports(client: &Rpc) -> Result<Option<u64>, ReadError> {
    let snapshot = client.read(&[PLACE, Address::default()]).await?;
    assert_eq!(snapshot.accounts.len(), 2);
    assert_eq!(snapshot.accounts[1], None);
    Ok(snapshot.accounts[0].as_ref().map(|account| account.lamports))
}

fn behind(slot: u64) -> Reply {
    Reply::Result(json!({ "context": { "slot": slot }, "value": [account(1, ""), null] }))
}

#[tokio::test]
async fn what_passes_is_asked_again() {
    for reply in [
        Reply::TooMany(0),
        Reply::Status(500),
        Reply::Status(502),
        Reply::Status(503),
        Reply::Status(504),
        Reply::Garbage,
        Reply::Cut,
        Reply::Error(-32005, "Node is behind by 42 slots", json!({ "numSlotsBehind": 42 })),
        Reply::Error(-32016, "Minimum context slot has not been reached", json!({ "contextSlot": 9 })),
    ] {
        let node = failing_at_first(2, reply.clone()).await;
        assert_eq!(lamports(&node.client()).await, Ok(Some(7)), "{reply:?}");
        assert_eq!(node.asked("getMultipleAccounts"), 3, "{reply:?}");
    }
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_not_waited_for() {
    let node = failing_at_first(1, Reply::Silence).await;
    assert_eq!(lamports(&node.client()).await, Ok(Some(7)));
    assert_eq!(node.asked("getMultipleAccounts"), 2);
}

#[tokio::test]
async fn patience_ends_and_says_why() {
    for (reply, why) in [
        (Reply::Status(503), "HTTP 503"),
        (Reply::TooMany(0), "HTTP 429"),
        (Reply::Garbage, "no JSON-RPC"),
        (Reply::Cut, "lost"),
        (Reply::Error(-32005, "Node is behind", Value::Null), "Node is behind"),
    ] {
        let node = failing_at_first(usize::MAX, reply).await;
        let Err(ReadError::Unreachable { endpoint, why: found }) = lamports(&node.client()).await else {
            panic!("{why}")
        };
        assert!(found.contains(why), "{found}");
        assert!(endpoint.starts_with("http://127.0.0.1:"), "{endpoint}");
        assert_eq!(node.asked("getMultipleAccounts"), 4);
    }
}

#[tokio::test]
async fn where_nobody_listens_nothing_is_read() {
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/SECRET", closed.local_addr().unwrap());
    drop(closed);
    let error = Rpc::new(&url, quick()).unwrap().read(&[PLACE]).await.unwrap_err();
    assert!(matches!(error, ReadError::Unreachable { .. }), "{error:?}");
    assert!(error.to_string().contains("refused") && !error.to_string().contains("SECRET"), "{error}");
}

#[tokio::test]
async fn a_wait_that_is_asked_for_is_kept_or_given_up() {
    // Longer than all the patience there is: given up at once instead of asking against the wish.
    let node = failing_at_first(usize::MAX, Reply::TooMany(3600)).await;
    assert!(matches!(lamports(&node.client()).await, Err(ReadError::Unreachable { .. })));
    assert_eq!(node.asked("getMultipleAccounts"), 1);

    // Who asks before the time is sent away again.
    let opens = Instant::now() + Duration::from_secs(1);
    let node = Node::start(move |_, _| (Instant::now() < opens).then_some(Reply::TooMany(1))).await;
    node.known().accounts.insert(PLACE.to_string(), account(7, "AQID"));
    assert_eq!(lamports(&node.client()).await, Ok(Some(7)));
    assert_eq!(node.asked("getMultipleAccounts"), 2);
}

#[tokio::test]
async fn what_does_not_pass_is_not_asked_again() {
    for reply in [
        Reply::Error(-32602, "Invalid params", Value::Null),
        Reply::Error(-32601, "Method not found", Value::Null),
        Reply::Status(401),
        Reply::Status(403),
    ] {
        let node = failing_at_first(usize::MAX, reply.clone()).await;
        let error = lamports(&node.client()).await.unwrap_err();
        assert_eq!(node.asked("getMultipleAccounts"), 1, "{reply:?}");
        match reply {
            Reply::Error(_, message, _) => assert!(matches!(error, ReadError::Refused(said) if said.contains(message))),
            _ => assert!(error.to_string().contains("check the address and its key"), "{error}"),
        }
    }
}

#[tokio::test]
async fn another_number_of_accounts_is_no_answer() {
    for count in [0, 1, 3] {
        let node = Node::start(move |_, known| {
            let accounts = vec![Value::Null; count];
            Some(Reply::Result(json!({ "context": { "slot": known.slot }, "value": accounts })))
        })
        .await;
        let error = lamports(&node.client()).await.unwrap_err();
        assert_eq!(error, ReadError::Malformed(format!("{count} accounts instead of 2")));
    }
}

#[tokio::test]
async fn an_answer_of_another_form_is_no_answer() {
    for result in [Value::Null, json!({}), json!([1]), json!({ "context": { "slot": 5000 }, "value": [{}, {}] })] {
        let node = Node::start(move |_, _| Some(Reply::Result(result.clone()))).await;
        assert!(matches!(lamports(&node.client()).await, Err(ReadError::Malformed(_) | ReadError::Unreachable { .. })));
    }
}

#[tokio::test]
async fn a_read_never_goes_back_in_time() {
    let node = Node::start(|question, _| (1..3).contains(&question.nth).then(|| behind(999))).await;
    node.known().accounts.insert(PLACE.to_string(), account(7, "AQID"));
    let client = node.client();
    assert_eq!(lamports(&client).await, Ok(Some(7)));
    assert_eq!(client.seen(), 1000);
    // Two answers of a node that is behind are passed over.
    assert_eq!(lamports(&client).await, Ok(Some(7)));
    assert_eq!(node.asked("getMultipleAccounts"), 4);
    let known = node.known();
    let wanted: Vec<_> = known.questions.iter().map(|question| &question.params[1]["minContextSlot"]).collect();
    assert_eq!(wanted, [&json!(0), &json!(1000), &json!(1000), &json!(1000)]);
}

#[tokio::test]
async fn a_cluster_that_stays_behind_is_told() {
    for reply in [behind(999), Reply::Error(-32016, "Minimum context slot", json!({ "contextSlot": 999 }))] {
        let node = Node::start(move |question, _| (question.nth > 0).then(|| reply.clone())).await;
        let client = node.client();
        lamports(&client).await.unwrap();
        assert_eq!(lamports(&client).await, Err(ReadError::Stale { slot: 999, wanted: 1000 }));
    }
}

#[tokio::test]
async fn what_a_blockhash_tells_of_the_slot_counts_too() {
    let node = Node::start(|question, _| (question.method == "getMultipleAccounts").then(|| behind(999))).await;
    let client = node.client();
    assert_eq!(client.lifetime().await.unwrap().last_valid_block_height, 1050);
    assert_eq!(lamports(&client).await, Err(ReadError::Stale { slot: 999, wanted: 1000 }));
}

#[tokio::test]
async fn where_the_cluster_stands_does_not_go_back_either() {
    let node = Node::start(|question, _| {
        let position = json!({
            "absoluteSlot": 900, "blockHeight": 800, "epoch": 0, "slotIndex": 0, "slotsInEpoch": 432_000,
        });
        (question.method == "getEpochInfo" && question.nth > 0).then_some(Reply::Result(position))
    })
    .await;
    let client = node.client();
    assert_eq!(client.block_height().await, Ok(900));
    assert_eq!(client.seen(), 1000);
    // A height of long ago would make a transaction expire before its time.
    assert_eq!(client.block_height().await, Err(ReadError::Stale { slot: 900, wanted: 1000 }));
}

#[tokio::test]
async fn a_search_must_say_when_it_was_made() {
    let everything = Search::default();
    let node = Node::start(|question, known| {
        Some(Reply::Result(match question.nth {
            0 => json!({ "context": { "slot": known.slot }, "value": [] }),
            1 => json!({ "context": { "slot": known.slot - 1 }, "value": [] }),
            _ => json!([]),
        }))
    })
    .await;
    let client = node.client_with(RpcOptions { patience: Patience { attempts: 1, ..quick().patience }, ..quick() });
    assert_eq!(client.find(&everything).await, Ok(Vec::new()));
    assert_eq!(client.find(&everything).await, Err(ReadError::Stale { slot: 999, wanted: 1000 }));
    assert!(matches!(client.find(&everything).await, Err(ReadError::Malformed(_))));
}

#[tokio::test]
async fn more_than_one_read_takes_is_not_asked() {
    let node = Node::start(|_, _| None).await;
    assert_eq!(node.client().read(&[PLACE; 101]).await, Err(ReadError::TooMany(101)));
    assert_eq!(node.asked("getMultipleAccounts"), 0);
}

#[tokio::test]
async fn nothing_secret_of_the_address_is_told() {
    for reply in [Reply::Cut, Reply::Status(403), Reply::Silence, Reply::Garbage] {
        let node = Node::start(move |_, _| Some(reply.clone())).await;
        let error = node.client_with_secret().read(&[PLACE]).await.unwrap_err();
        assert!(!format!("{error} {error:?}").contains("SECRET"), "{error:?}");
    }
}
