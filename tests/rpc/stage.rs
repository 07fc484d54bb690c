//! A real cluster on loopback with the cast of the embedded tests on it.

use microcred_client::{
    Instruction,
    error::SendError,
    ledger::{Ledger, Rpc, RpcOptions, Sent},
};
use microcred_localnet::{Localnet, Options};
use microcred_tests::{START, World};
use solana_keypair::Keypair;
use solana_message::{Message, VersionedMessage};
use solana_signer::Signer;
use solana_transaction::versioned::VersionedTransaction;

/// The cluster, a client of it, and the same accounts on an embedded ledger.
pub struct Stage {
    pub net: Localnet,
    pub rpc: Rpc,
    pub world: World,
}

impl Stage {
    pub fn new() -> Self {
        Self::with(World::new())
    }

    /// The cluster gets what the embedded ledger has.
    pub fn with(world: World) -> Self {
        let net = Localnet::start(Options::default()).unwrap();
        net.set_time(START).unwrap();
        for (address, account) in world.ledger.program_accounts() {
            net.set_account(&address, account).unwrap();
        }
        net.fund(&world.payer.pubkey(), 1 << 40).unwrap();
        let options = RpcOptions {
            poll: std::time::Duration::from_millis(50),
            web_socket: Some(net.ws_url()),
            ..RpcOptions::default()
        };
        Self { rpc: Rpc::new(&net.rpc_url(), options).unwrap(), net, world }
    }

    pub async fn send(&self, instruction: Instruction, signer: &Keypair) -> Sent {
        send(&self.rpc, &self.world.payer, instruction, signer).await.unwrap()
    }
}

/// Signs for either ledger, with the last block height at which it can land.
pub async fn signed(
    ledger: &dyn Ledger,
    payer: &Keypair,
    instruction: Instruction,
    signer: &Keypair,
) -> (VersionedTransaction, Option<u64>) {
    let lifetime = ledger.lifetime().await.unwrap();
    let message = Message::new_with_blockhash(&[instruction], Some(&payer.pubkey()), &lifetime.blockhash);
    let transaction = VersionedTransaction::try_new(VersionedMessage::Legacy(message), &[payer, signer]).unwrap();
    (transaction, Some(lifetime.last_valid_block_height))
}

pub async fn send(
    ledger: &dyn Ledger,
    payer: &Keypair,
    instruction: Instruction,
    signer: &Keypair,
) -> Result<Sent, SendError> {
    let (transaction, last_valid) = signed(ledger, payer, instruction, signer).await;
    ledger.submit(&transaction, last_valid).await
}
