//! What the client relies on of JSON-RPC and WebSocket, as this cluster answers. Where it answers otherwise than a real one, the test says so.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod history;
mod reading;
mod sending;
mod subscriptions;

use microcred::CreateRegistryArgs;
use microcred_client::{Address, Instruction, address, instructions::registry};
use microcred_localnet::{Localnet, Options};
use serde_json::{Value, json};
use solana_commitment_config::CommitmentConfig;
use solana_hash::Hash;
use solana_keypair::Keypair;
use solana_message::Message;
use solana_rpc_client::rpc_client::RpcClient;
use solana_rpc_client_api::{client_error::Error, request::RpcRequest};
use solana_signature::Signature;
use solana_signer::Signer;
use solana_system_interface::instruction::transfer;
use solana_transaction::{Transaction, versioned::VersionedTransaction};

/// A cluster and somebody who pays.
struct Stage {
    localnet: Localnet,
    rpc: RpcClient,
    payer: Keypair,
}

impl Stage {
    fn new() -> Self {
        let payer = Keypair::new();
        let options = Options { funded: vec![(payer.pubkey(), 100_000_000_000)], ..Options::default() };
        let localnet = Localnet::start(options).unwrap();
        let rpc = RpcClient::new_with_commitment(localnet.rpc_url(), CommitmentConfig::confirmed());
        Self { localnet, rpc, payer }
    }

    fn ask(&self, method: &'static str, params: Value) -> Result<Value, Error> {
        self.rpc.send(RpcRequest::Custom { method }, params)
    }

    fn blockhash(&self) -> Hash {
        self.rpc.get_latest_blockhash().unwrap()
    }

    fn signed(&self, instructions: &[Instruction], signers: &[&Keypair], blockhash: Hash) -> VersionedTransaction {
        let message = Message::new_with_blockhash(instructions, Some(&self.payer.pubkey()), &blockhash);
        let mut transaction = Transaction::new_unsigned(message);
        transaction.sign(&[&[&self.payer], signers].concat(), blockhash);
        transaction.into()
    }

    /// A transfer of so many lamports, from the payer.
    fn pay(&self, to: &Address, lamports: u64) -> VersionedTransaction {
        self.signed(&[transfer(&self.payer.pubkey(), to, lamports)], &[], self.blockhash())
    }

    fn confirm(&self, transaction: &VersionedTransaction) -> Signature {
        self.rpc.send_and_confirm_transaction(transaction).unwrap()
    }

    fn create_registry(&self, slug: &str) -> (Keypair, Address) {
        let creator = Keypair::new();
        let args =
            CreateRegistryArgs { slug: slug.into(), name: "Agency".into(), uri: "https://agency.example".into() };
        let create = registry::create(self.payer.pubkey(), creator.pubkey(), args);
        self.confirm(&self.signed(&[create], &[&creator], self.blockhash()));
        let address = address::registry(&creator.pubkey(), slug);
        (creator, address)
    }

    /// What `getSignatureStatuses` says of one.
    fn status(&self, signature: &Signature) -> Value {
        let asked = json!([[signature.to_string()], {"searchTransactionHistory": true}]);
        self.ask("getSignatureStatuses", asked).unwrap()["value"][0].clone()
    }
}

/// A transaction as JSON-RPC takes it.
fn encoded(transaction: &VersionedTransaction) -> String {
    use base64::{Engine, prelude::BASE64_STANDARD};

    BASE64_STANDARD.encode(bincode::serialize(transaction).unwrap())
}
