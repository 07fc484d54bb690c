//! An accredited university with one achievement on any ledger, and its learners.

use std::error::Error;

use microcred::{CreateAchievementArgs, CreateIssuerArgs, CreateRegistryArgs, KeyTerms};
use microcred_client::{
    Address, Instruction, address,
    instructions::{Actor, KeyRef, accreditation, accreditation::AccreditationRef, achievement, issuer, registry},
    learners::{Personal, Row},
    ledger::Ledger,
    sending::{self, Policy},
    state::{AchievementKind, Term, UNLIMITED, permission},
};
use sha2::{Digest, Sha256};
use solana_keypair::Keypair;
use solana_signer::Signer;

/// Lamports that the payer needs for everything.
pub(crate) const BUDGET: u64 = 1_000_000_000_000;

/// Who acts, and what stands on the ledger.
pub(crate) struct Place {
    pub(crate) payer: Keypair,
    pub(crate) key: Keypair,
    pub(crate) issuing_key: KeyRef,
    pub(crate) registry: Address,
    pub(crate) achievement: Address,
}

impl Place {
    /// Creates registry, issuer, accreditation and achievement. The payer has [`BUDGET`] and is all their authorities.
    pub(crate) async fn new(ledger: &dyn Ledger, payer: Keypair) -> Result<Self, Box<dyn Error>> {
        let (key, owner) = (Keypair::new(), payer.pubkey());
        let terms = KeyTerms {
            key: key.pubkey(),
            permissions: permission::ISSUE,
            scope: Address::default(),
            valid_from: 0,
            valid_until: 0,
            quota: UNLIMITED,
        };
        let [registry_at, issuer_at] = [address::registry(&owner, "agency"), address::issuer(&owner, "university")];
        let achievement_at = address::achievement(&issuer_at, "rust");
        let actor = Actor::Authority { issuer: issuer_at, authority: owner };
        let vouching = AccreditationRef { authority: owner, registry: registry_at, issuer: issuer_at };
        let steps: [Instruction; 4] = [
            registry::create(
                owner,
                owner,
                CreateRegistryArgs { slug: "agency".into(), name: "Agency".into(), uri: String::new() },
            ),
            issuer::create(
                owner,
                owner,
                CreateIssuerArgs {
                    slug: "university".into(),
                    name: "University".into(),
                    url: String::new(),
                    country: String::new(),
                    treasury: owner,
                    key: terms,
                },
            ),
            accreditation::accredit(owner, &vouching, 0, Term { from: 1, until: 0 }),
            achievement::create(
                owner,
                &actor,
                CreateAchievementArgs {
                    code: "rust".into(),
                    title: "Rust".into(),
                    uri: String::new(),
                    kind: AchievementKind::MicroCredential.code(),
                    policy: 0,
                    eqf_level: 0,
                    workload: 0,
                    default_validity: 0,
                    definition_digest: [0; 32],
                    publish: true,
                },
            ),
        ];
        for step in steps {
            sending::send(ledger, &[step], &owner, &[&payer], &Policy::default()).await?;
        }
        Ok(Self {
            issuing_key: KeyRef { issuer: issuer_at, index: 0, key: key.pubkey() },
            payer,
            key,
            registry: registry_at,
            achievement: achievement_at,
        })
    }
}

/// As many learners as wanted, always the same, each with a digest and a place in the status list.
pub(crate) fn rows(learners: usize) -> Vec<Row> {
    (0_u32..)
        .zip(0..learners)
        .map(|(number, _)| {
            let wallet = Keypair::new_from_array(Sha256::digest(number.to_le_bytes()).into()).pubkey();
            Row {
                line: u64::from(number) + 2,
                wallet,
                learner: String::new(),
                digest: Sha256::digest(wallet).into(),
                expires_at: None,
                status_index: Some(number),
                personal: Personal::default(),
            }
        })
        .collect()
}
