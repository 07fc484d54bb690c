//! Everything that the program can write and log, done once on a local cluster.

use microcred::{EditAchievementArgs, KeyTerms, RenewArgs, UpdateIssuerProfileArgs};
use microcred_client::{
    Address, Instruction,
    account::AnyAccount,
    address,
    instructions::{
        Actor, Excess, KeyRef, accreditation, accreditation::AccreditationRef, achievement, credential, issuer, key,
        registry, withdraw_excess,
    },
    ledger::{AccountReader, Ledger, Rpc, RpcOptions},
    state::{Reason, Term, policy},
};
use microcred_localnet::{Localnet, Options};
use microcred_tests::{DAY, achievement_args, issue_args, issuer_args, key_terms, registry_args};
use serde_json::{Value, json};
use solana_keypair::Keypair;
use solana_message::{Message, VersionedMessage};
use solana_signature::Signature;
use solana_signer::Signer;
use solana_system_interface::instruction::transfer;
use solana_transaction::versioned::VersionedTransaction;

use crate::fields;

/// A cluster, who pays there, and what was sent.
pub(crate) struct Scenario {
    pub(crate) localnet: Localnet,
    pub(crate) payer: Keypair,
    rpc: Rpc,
    sent: Vec<Signature>,
}

impl Scenario {
    fn begin() -> Self {
        let payer = Keypair::new();
        let funded = vec![(payer.pubkey(), 1_000_000_000_000)];
        let localnet = Localnet::start(Options { funded, ..Options::default() }).unwrap();
        let rpc = Rpc::new(&localnet.rpc_url(), RpcOptions::default()).unwrap();
        Self { localnet, payer, rpc, sent: Vec::new() }
    }

    async fn act(&mut self, instructions: &[Instruction], signers: &[&Keypair]) {
        let lifetime = self.rpc.lifetime().await.unwrap();
        let message = Message::new_with_blockhash(instructions, Some(&self.payer.pubkey()), &lifetime.blockhash);
        let keys = [&[&self.payer], signers].concat();
        let transaction = VersionedTransaction::try_new(VersionedMessage::Legacy(message), &keys).unwrap();
        let sent = self.rpc.submit(&transaction, Some(lifetime.last_valid_block_height)).await.unwrap();
        self.sent.push(sent.signature);
    }

    /// What others must read, as the Rust client reads it.
    async fn expectations(&self, addresses: &[Address]) -> (Vec<Value>, Vec<Value>) {
        let read = self.rpc.read(addresses).await.unwrap().accounts;
        let accounts = addresses.iter().zip(read).map(|(address, account)| {
            let (kind, fields) = fields::of_account(&AnyAccount::decode(address, &account.unwrap()).unwrap());
            json!({"kind": kind, "address": address.to_string(), "fields": fields})
        });
        let mut transactions = Vec::new();
        for signature in &self.sent {
            let past = self.rpc.outcome(signature).await.unwrap().unwrap();
            let events: Vec<_> = past
                .events()
                .iter()
                .map(|event| {
                    let (name, fields) = fields::of_event(event);
                    json!({"name": name, "fields": fields})
                })
                .collect();
            transactions.push(json!({"signature": signature.to_string(), "events": events}));
        }
        (accounts.collect(), transactions)
    }
}

/// Plays it all, and gives the accounts and the transactions with their events.
pub(crate) async fn play() -> (Scenario, Vec<Value>, Vec<Value>) {
    let mut scenario = Scenario::begin();
    let payer = scenario.payer.pubkey();
    let now = scenario.localnet.time().unwrap();
    let [body, organisation, platform, treasury] = [(); 4].map(|()| Keypair::new());
    let registry = address::registry(&body.pubkey(), "agency");
    let create = registry::create(payer, body.pubkey(), registry_args("agency"));
    let update = registry::update_uri(body.pubkey(), registry, "https://agency.example/ünïcode");
    let pause = registry::pause(body.pubkey(), registry);
    scenario.act(&[create, update, pause, registry::resume(body.pubkey(), registry)], &[&body]).await;

    let issuer = address::issuer(&organisation.pubkey(), "university");
    let args = issuer_args("university", Keypair::new().pubkey(), key_terms(platform.pubkey()));
    let create = issuer::create(payer, organisation.pubkey(), args);
    let pause = issuer::pause(organisation.pubkey(), issuer);
    let resume = issuer::resume(organisation.pubkey(), issuer);
    let treasurer = issuer::update_treasury(organisation.pubkey(), issuer, treasury.pubkey());
    scenario.act(&[create, pause, resume, treasurer], &[&organisation]).await;

    let of = AccreditationRef { authority: body.pubkey(), registry, issuer };
    let accredit = accreditation::accredit(payer, &of, 0, Term { from: now - DAY, until: now + DAY });
    let prolong = accreditation::add_term(&of, 0, Term { from: now + 2 * DAY, until: 0 });
    scenario.act(&[accredit, prolong], &[&body]).await;
    let args =
        UpdateIssuerProfileArgs { name: "Université".into(), url: "https://u.example".into(), country: "FR".into() };
    let profile = issuer::update_profile(organisation.pubkey(), issuer, args);
    let confirm = accreditation::confirm(&of, 1);
    let suspend = accreditation::suspend(&of, Reason::UnderReview, 0);
    scenario.act(&[profile, confirm, suspend], &[&organisation, &body]).await;

    let terms = KeyTerms { quota: u64::MAX - 1, valid_until: i64::MAX, ..key_terms(Keypair::new().pubkey()) };
    let add = [1, 2].map(|index| key::add(payer, organisation.pubkey(), issuer, index, terms));
    let shorten = key::shorten(organisation.pubkey(), issuer, 1, now + DAY);
    let compromised = key::mark_compromised(organisation.pubkey(), issuer, 1, now - 5);
    let retire = key::retire(organisation.pubkey(), issuer, 2);
    scenario.act(&add, &[&organisation]).await;
    scenario.act(&[shorten, compromised, retire], &[&organisation]).await;

    let by = KeyRef { issuer, index: 0, key: platform.pubkey() };
    let first = achievements(&mut scenario, &by, &platform).await;
    let credential = credentials(&mut scenario, &by, &platform, first).await;
    let gift = transfer(&payer, &credential, 12_345);
    let excess = withdraw_excess(credential, &Excess::UnderIssuer { issuer, treasury: treasury.pubkey() });
    scenario.localnet.fund(&treasury.pubkey(), 1_000_000_000).unwrap();
    scenario.act(&[gift, excess], &[]).await;

    let successor = Keypair::new();
    let propose = registry::propose_authority(body.pubkey(), registry, Some(successor.pubkey()));
    let accept = registry::accept_authority(successor.pubkey(), registry);
    scenario.act(&[propose, accept], &[&body, &successor]).await;

    let addresses = [registry, issuer, of.address(), by.address(), address::issuer_key(&issuer, 1), first, credential];
    let (accounts, transactions) = scenario.expectations(&addresses).await;
    (scenario, accounts, transactions)
}

/// A draft that is edited and published, and another that replaces it. Gives the first.
async fn achievements(scenario: &mut Scenario, by: &KeyRef, platform: &Keypair) -> Address {
    let (payer, actor) = (scenario.payer.pubkey(), Actor::Key(*by));
    let [first, second] = ["rust-1", "rust-2"].map(|code| address::achievement(&by.issuer, code));
    let mut args = achievement_args("rust-1");
    args.publish = false;
    let edited = EditAchievementArgs {
        title: "Rust für Systeme".into(),
        uri: "https://university.example/rust-1".into(),
        kind: 2,
        policy: policy::RENEWABLE,
        eqf_level: 7,
        workload: 75,
        default_validity: 365 * DAY,
        definition_digest: [0xF0; 32],
    };
    let create = achievement::create(payer, &actor, args);
    let edit = achievement::edit(&actor, first, edited);
    scenario.act(&[create, edit, achievement::publish(&actor, first)], &[platform]).await;
    // What replaces must be newer.
    let later = scenario.localnet.time().unwrap() + 60;
    scenario.localnet.set_time(later).unwrap();
    let create = achievement::create(payer, &actor, achievement_args("rust-2"));
    scenario.act(&[create, achievement::set_replaced(&actor, second, first)], &[platform]).await;
    first
}

/// A credential that is renewed and suspended, and another that is erased. Gives the first.
async fn credentials(scenario: &mut Scenario, by: &KeyRef, platform: &Keypair, achievement: Address) -> Address {
    let payer = scenario.payer.pubkey();
    let [(learner, first), (other, second)] = [(); 2].map(|()| {
        let learner = Keypair::new().pubkey();
        (learner, address::credential(&achievement, &learner, 0))
    });
    let issue = |subject| credential::issue(payer, by, achievement, issue_args(subject));
    scenario.act(&[issue(learner), issue(other)], &[platform]).await;
    let renew = credential::renew(by, achievement, first, RenewArgs { digest: [0xA5; 32], expires_at: Some(i64::MAX) });
    let suspend = credential::suspend(&Actor::Key(*by), first, Reason::UnderReview);
    let erase = credential::erase(&Actor::Key(*by), second, Reason::LearnerRequest);
    scenario.act(&[renew, suspend, erase], &[platform]).await;
    first
}
