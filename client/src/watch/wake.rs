//! The WebSocket that says when to look: connected again whenever it breaks.

use std::time::Duration;

use futures_util::{StreamExt, future::try_join_all, stream::select_all};
use solana_address::Address;
use solana_commitment_config::CommitmentConfig;
use solana_pubsub_client::nonblocking::pubsub_client::{PubsubClient, PubsubClientError};
use solana_rpc_client_api::config::{RpcTransactionLogsConfig, RpcTransactionLogsFilter};
use tokio::{
    sync::mpsc,
    task::JoinHandle,
    time::{sleep, timeout},
};

use super::Wake;
use crate::ledger::Endpoint;

/// How long connecting may take.
const CONNECTING: Duration = Duration::from_secs(15);

/// How long to wait before connecting again, at first and at most.
const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Keeps the WebSocket up, in a task that ends with this.
pub(super) struct Waker {
    endpoint: Endpoint,
    addresses: Vec<Address>,
    /// None: the task has it.
    wakes: Option<mpsc::Sender<Wake>>,
    task: Option<JoinHandle<()>>,
}

impl Waker {
    pub(super) const fn new(endpoint: Endpoint, addresses: Vec<Address>, wakes: mpsc::Sender<Wake>) -> Self {
        Self { endpoint, addresses, wakes: Some(wakes), task: None }
    }

    /// Begins, the first time, inside the runtime of whoever watches.
    pub(super) fn begin(&mut self) {
        if let Some(wakes) = self.wakes.take() {
            let (endpoint, addresses) = (self.endpoint.clone(), self.addresses.clone());
            self.task = Some(tokio::spawn(keep_up(endpoint, addresses, wakes)));
        }
    }
}

impl Drop for Waker {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

async fn keep_up(endpoint: Endpoint, addresses: Vec<Address>, wakes: mpsc::Sender<Wake>) {
    let mut wait = FIRST_WAIT;
    loop {
        let (why, was_connected) = listen(&endpoint, &addresses, &wakes).await;
        if was_connected {
            wait = FIRST_WAIT;
        }
        if wakes.send(Wake::Disconnected(why)).await.is_err() {
            return;
        }
        sleep(wait).await;
        wait = wait.saturating_mul(2).min(LONGEST_WAIT);
    }
}

/// Listens until the connection breaks: says why, and whether there was one.
async fn listen(endpoint: &Endpoint, addresses: &[Address], wakes: &mpsc::Sender<Wake>) -> (String, bool) {
    let client = match timeout(CONNECTING, PubsubClient::new(endpoint.secret())).await {
        Ok(Ok(client)) => client,
        Ok(Err(error)) => return (format!("{endpoint}: {}", in_words(&error)), false),
        Err(_) => return (format!("{endpoint} gave no answer in time"), false),
    };
    let config = RpcTransactionLogsConfig { commitment: Some(CommitmentConfig::confirmed()) };
    let subscribing = addresses.iter().map(|address| {
        client.logs_subscribe(RpcTransactionLogsFilter::Mentions(vec![address.to_string()]), config.clone())
    });
    let subscriptions = match timeout(CONNECTING, try_join_all(subscribing)).await {
        Ok(Ok(subscriptions)) => subscriptions,
        Ok(Err(error)) => return (format!("{endpoint}: {}", in_words(&error)), false),
        Err(_) => return (format!("{endpoint} gave no answer in time"), false),
    };
    // What changed while there was no connection is looked for now.
    if wakes.send(Wake::Connected).await.is_err() {
        return ("nobody listens".to_owned(), true);
    }
    let mut notifications = select_all(subscriptions.into_iter().map(|(notifications, _)| notifications));
    while notifications.next().await.is_some() {
        // Where the channel is full, enough wakes wait in it.
        if let Err(mpsc::error::TrySendError::Closed(_)) = wakes.try_send(Wake::Changed) {
            break;
        }
    }
    (format!("{endpoint} closed the connection"), true)
}

/// What happened, without the address, in which there may be a key.
fn in_words(error: &PubsubClientError) -> &str {
    match error {
        PubsubClientError::ConnectionError(_) => "it cannot be connected to",
        PubsubClientError::SubscribeFailed { reason, .. } => reason,
        _ => "the connection broke",
    }
}
