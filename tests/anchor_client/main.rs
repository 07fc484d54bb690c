//! Users of Anchor's own Rust client (`anchor-client`) are served by the types of the program crate.

use std::{sync::Arc, time::Duration};

use anchor_client::{Client, Cluster, CommitmentConfig};
use microcred::{UpdateRegistryUriArgs, accounts, events::RegistryUriUpdated, instruction, state::Registry};
use microcred_client::{PROGRAM_ID, address, instructions::SYSTEM_PROGRAM};
use microcred_localnet::{Localnet, Options};
use microcred_tests::registry_args;
use solana_keypair::Keypair;
use solana_signer::Signer;
use tokio::{
    sync::mpsc::unbounded_channel,
    time::{Instant, timeout},
};

const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn an_instruction_is_sent_an_account_read_and_an_event_heard() {
    let (payer, creator) = (Arc::new(Keypair::new()), Arc::new(Keypair::new()));
    let options = Options { funded: vec![(payer.pubkey(), 10_000_000_000)], ..Options::default() };
    let localnet = Localnet::start(options).unwrap();
    // The WebSocket port is not the next one, so it must be said.
    let cluster = Cluster::Custom(localnet.rpc_url(), localnet.ws_url());
    let client = Client::new_with_options(cluster, payer.clone(), CommitmentConfig::confirmed());
    let program = client.program(PROGRAM_ID).unwrap();
    let (heard, mut updates) = unbounded_channel();
    let subscription = program
        .on(move |context, event: RegistryUriUpdated| drop(heard.send((context.signature, event))))
        .await
        .unwrap();

    let registry = address::registry(&creator.pubkey(), "agency");
    program
        .request()
        .accounts(accounts::CreateRegistry {
            payer: payer.pubkey(),
            creator: creator.pubkey(),
            registry,
            system_program: SYSTEM_PROGRAM,
        })
        .args(instruction::CreateRegistry { args: registry_args("agency") })
        .signer(creator.clone())
        .send()
        .await
        .unwrap();
    let read: Registry = program.account(registry).await.unwrap();
    assert_eq!((read.authority, read.name()), (creator.pubkey(), "Quality Agency"));
    let all = program.accounts::<Registry>(Vec::new()).await.unwrap();
    assert_eq!(all, [(registry, read)]);

    // The subscription may come into being after `on` has returned, so something happens until it is heard of.
    let start = Instant::now();
    let (sent, (signature, event)) = loop {
        assert!(start.elapsed() < PATIENCE, "nothing was heard in time");
        let uri = format!("https://agency.example/{}", start.elapsed().as_nanos());
        let signature = program
            .request()
            .accounts(accounts::ManageRegistry { authority: creator.pubkey(), registry })
            .args(instruction::UpdateRegistryUri { args: UpdateRegistryUriArgs { uri } })
            .signer(creator.clone())
            .send()
            .await
            .unwrap();
        if let Ok(update) = timeout(Duration::from_secs(2), updates.recv()).await {
            break (signature, update.unwrap());
        }
    };
    assert_eq!((signature, event.registry), (sent, registry));
    assert_eq!(event.new_uri, program.account::<Registry>(registry).await.unwrap().uri());
    subscription.unsubscribe().await;
}
