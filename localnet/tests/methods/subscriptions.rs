//! WebSocket.

use std::time::Duration;

use futures_util::StreamExt;
use solana_account_decoder_client_types::UiAccountEncoding;
use solana_commitment_config::CommitmentConfig;
use solana_keypair::Keypair;
use solana_pubsub_client::nonblocking::pubsub_client::PubsubClient;
use solana_rpc_client_api::{
    config::{RpcAccountInfoConfig, RpcSignatureSubscribeConfig, RpcTransactionLogsConfig, RpcTransactionLogsFilter},
    response::RpcSignatureResult,
};
use solana_signer::Signer;
use tokio::time::timeout;

use crate::Stage;

const PATIENCE: Duration = Duration::from_secs(30);

/// Unlike on a real cluster, an account's change is told when it is executed, also to those who asked for confirmed changes.
#[tokio::test(flavor = "multi_thread")]
async fn changes_logs_and_confirmations_are_told() {
    let stage = tokio::task::spawn_blocking(Stage::new).await.unwrap();
    let to = Keypair::new().pubkey();
    let client = PubsubClient::new(stage.localnet.ws_url()).await.unwrap();
    let config = RpcAccountInfoConfig {
        encoding: Some(UiAccountEncoding::Base64),
        commitment: Some(CommitmentConfig::confirmed()),
        ..RpcAccountInfoConfig::default()
    };
    let (mut changes, _end) = client.account_subscribe(&to, Some(config)).await.unwrap();
    let mentions = RpcTransactionLogsFilter::Mentions(vec![to.to_string()]);
    let config = RpcTransactionLogsConfig { commitment: Some(CommitmentConfig::confirmed()) };
    let (mut logs, _end) = client.logs_subscribe(mentions, config).await.unwrap();

    let (stage, transaction) = tokio::task::spawn_blocking(move || {
        let transaction = stage.pay(&to, 1_000_000);
        (stage, transaction)
    })
    .await
    .unwrap();
    let signature = transaction.signatures[0];
    let config = RpcSignatureSubscribeConfig {
        commitment: Some(CommitmentConfig::confirmed()),
        ..RpcSignatureSubscribeConfig::default()
    };
    let (mut confirmations, _end) = client.signature_subscribe(&signature, Some(config)).await.unwrap();
    stage.localnet.hold_blocks().unwrap();
    let stage = tokio::task::spawn_blocking(move || {
        stage.rpc.send_transaction(&transaction).unwrap();
        stage
    })
    .await
    .unwrap();

    let change = timeout(PATIENCE, changes.next()).await.unwrap().unwrap();
    assert_eq!(change.value.lamports, 1_000_000);
    timeout(Duration::from_millis(300), confirmations.next()).await.unwrap_err();
    stage.localnet.resume_blocks().unwrap();
    let confirmed = timeout(PATIENCE, confirmations.next()).await.unwrap().unwrap();
    assert!(matches!(confirmed.value, RpcSignatureResult::ProcessedSignature(ref result) if result.err.is_none()));
    let logged = timeout(PATIENCE, logs.next()).await.unwrap().unwrap();
    assert_eq!((logged.value.signature, logged.value.err, logged.value.logs.len()), (signature.to_string(), None, 2));
    assert_eq!(logged.context.slot, change.context.slot);
}
