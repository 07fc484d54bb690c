//! A cluster on which the tests' cast stands, and clients that reach it through proxies.

use std::time::Duration;

use microcred_client::{
    Address, Instruction, address,
    instructions::credential,
    ledger::{AccountReader, CLOCK, Rpc},
    sending::{Policy, send},
    state::{IssuerKey, Record},
};
use microcred_localnet::{Localnet, Options};
use microcred_tests::{Outcome, START, World, issue_args};
use solana_keypair::Keypair;
use solana_signer::Signer;
use tokio::time::timeout;

use crate::proxy::{Proxy, quick};

/// What the payer has at first.
pub const FUNDS: u64 = 1 << 40;

/// A cluster, and the ledger whose accounts were copied to it.
pub struct Scene {
    pub world: World,
    pub net: Localnet,
}

impl Scene {
    /// A cluster with slots of so many milliseconds, on which everything stands that stands in this world.
    pub fn open(world: World, slot: u64) -> Self {
        let options = Options {
            slot_time: Duration::from_millis(slot),
            funded: vec![(world.payer.pubkey(), FUNDS)],
            ..Options::default()
        };
        let net = Localnet::start(options).unwrap();
        net.set_time(START).unwrap();
        let scene = Self { world, net };
        scene.copy();
        scene
    }

    /// Copies the world's accounts to the cluster.
    pub fn copy(&self) {
        for (address, account) in self.world.ledger.program_accounts() {
            self.net.set_account(&address, account).unwrap();
        }
        // What is read now is of a later slot than what was read before.
        self.net.skip_blocks(3).unwrap();
    }

    /// A client without a proxy between.
    pub fn direct(&self) -> Rpc {
        Rpc::new(&self.net.rpc_url(), quick(8)).unwrap()
    }

    pub async fn proxy(&self) -> Proxy {
        Proxy::start(&self.net.rpc_url()).await
    }

    /// Issues to a learner, through a client.
    pub async fn issue(&self, client: &Rpc, subject: Address) -> Outcome {
        let issuer = &self.world.issuer;
        let payer = self.world.payer.pubkey();
        self.send(client, credential::issue(payer, &issuer.key_ref(), issuer.achievement, issue_args(subject))).await
    }

    /// Sends what the issuer's key signs, paid by the world's payer. It ends, whatever the way is like.
    pub async fn send(&self, client: &Rpc, instruction: Instruction) -> Outcome {
        let (payer, signers, policy) = (self.world.payer.pubkey(), self.signers(), Policy::default());
        timeout(Duration::from_secs(60), send(client, &[instruction], &payer, &signers, &policy)).await.unwrap()
    }

    /// Payer and issuer's key.
    pub fn signers(&self) -> [Keypair; 2] {
        [self.world.payer.insecure_clone(), self.world.issuer.key.insecure_clone()]
    }

    /// A learner's first credential.
    pub fn credential(&self, subject: Address) -> Address {
        address::credential(&self.world.issuer.achievement, &subject, 0)
    }

    /// How many credentials key 0 has issued.
    pub async fn issued(&self) -> u64 {
        let address = self.world.issuer.key_ref().address();
        let key: IssuerKey = microcred_client::lookup::account(&self.direct(), &address).await.unwrap();
        key.invariant().unwrap();
        key.used
    }

    /// What the payer has.
    pub async fn lamports(&self) -> u64 {
        let found = self.direct().read(&[self.world.payer.pubkey()]).await.unwrap();
        found.accounts[0].as_ref().unwrap().lamports
    }

    /// Lets what is under way expire.
    pub fn expire(&self) {
        self.net.skip_blocks(160).unwrap();
    }
}

/// Lets a client see the present slot, so that it can tell what is older.
pub async fn look(client: &Rpc) {
    client.read(&[CLOCK]).await.unwrap();
}

/// A learner who holds nothing yet.
pub fn learner(number: u64) -> Address {
    let mut bytes = [7; 32];
    bytes[..8].copy_from_slice(&number.to_le_bytes());
    Address::new_from_array(bytes)
}
