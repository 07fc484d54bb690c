//! Verification off chain: reads what a verdict rests on, and asks the program's own [`evaluate`](microcred::verdict::evaluate).
//!
//! One read finds out which accounts are linked where only the credential's place is known; then **one** read of all of them together
//! decides, repeated if the links changed in between. A read that fails, is stale or incomplete gives the verdict "could not check", never
//! another one.

mod batch;
#[cfg(feature = "documents")]
pub mod document;
mod judging;
mod links;
mod many;
mod signing;

use microcred::{
    state::{Credential, Reason},
    verdict::{Document, Expected, Verdict},
};
use serde::{Serialize, Serializer};
use solana_address::Address;

pub(crate) use judging::unix_timestamp;
pub use links::REGISTRY_LIMIT;
pub use many::verify_many;
pub use signing::{Compared, SIGNING_TOLERANCE, Signed, Standing};

use crate::{address, ledger::AccountReader};
use judging::judge;
use links::{Links, Together, discover, room_for_signers};

/// How old the cluster's clock may be, seconds.
pub const STALE_AFTER: i64 = 600;

/// How often the deciding read is repeated when links change meanwhile.
const ATTEMPTS: usize = 3;

/// Why there is no answer after that.
const CHANGING: &str = "the credential changed again and again while it was read";

/// Where the credential is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locator {
    /// At an address.
    Address(Address),
    /// The latest of a subject for an achievement.
    Latest {
        /// Address of the achievement.
        achievement: Address,
        /// The subject's 32 bytes.
        subject: Address,
    },
}

/// What a verifier asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// Where the credential is.
    pub credential: Locator,
    /// What the verifier expects; the achievement and subject of [`Locator::Latest`] are expected anyway.
    pub expected: Expected,
    /// The document presented, if any.
    pub document: Option<Document>,
    /// Who signed it, where that is to be compared with the issuer's keys: that then tells whether it is signed by the issuer.
    pub signed: Option<Signed>,
    /// Registries of which one must have accredited the issuer at issue; none: trust is not asked.
    pub registries: Vec<Address>,
    /// The verifier's own time, Unix seconds; none: the computer's clock. The cluster's clock may not be far behind it.
    pub local_time: Option<i64>,
}

impl Query {
    /// Asks of the credential at an address, expecting nothing.
    #[must_use]
    pub fn at(address: Address) -> Self {
        Self::of(Locator::Address(address))
    }

    /// Asks of a subject's latest credential for an achievement.
    #[must_use]
    pub fn latest(achievement: Address, subject: Address) -> Self {
        Self::of(Locator::Latest { achievement, subject })
    }

    fn of(credential: Locator) -> Self {
        Self {
            credential,
            expected: Expected::default(),
            document: None,
            signed: None,
            registries: Vec::new(),
            local_time: None,
        }
    }

    /// What may hold the key that signed the document.
    fn signers(&self) -> &[Address] {
        self.signed.as_ref().map_or(&[], |signed| &signed.accounts)
    }

    /// Asks whether one of these registries had accredited the issuer.
    #[must_use]
    pub fn trusting(mut self, registries: &[Address]) -> Self {
        self.registries = registries.to_vec();
        self
    }

    /// What to say if one read cannot hold what so many registries and keys say.
    fn too_much(&self) -> Option<String> {
        let count = self.registries.len();
        if count > REGISTRY_LIMIT {
            return Some(format!(
                "{count} registries are named, but one read holds {REGISTRY_LIMIT} at most: name fewer"
            ));
        }
        let (keys, room) = (self.signers().len(), room_for_signers(count));
        (keys > room)
            .then(|| format!("one read holds {room} keys beside {count} registries, but {keys} are named: name fewer"))
    }

    /// What is expected, with what the locator implies.
    fn expected(&self) -> Expected {
        match self.credential {
            Locator::Address(_) => self.expected,
            Locator::Latest { achievement, subject } => Expected {
                achievement: self.expected.achievement.or(Some(achievement)),
                subject: self.expected.subject.or(Some(subject)),
                ..self.expected
            },
        }
    }
}

/// The answer, with what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Receipt {
    /// The finding that decides.
    #[serde(serialize_with = "word")]
    pub verdict: Verdict,
    /// All findings, the deciding one first.
    #[serde(serialize_with = "words")]
    pub findings: Vec<Verdict>,
    /// Why the status is what it is.
    #[serde(serialize_with = "word")]
    pub reason: Reason,
    /// Exit code for the command line.
    pub exit_code: u8,
    /// What each registry asked says, in the order they were named.
    pub trust: Vec<RegistryTrust>,
    /// Why something could not be checked, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// The credential's address.
    #[serde(serialize_with = "text")]
    pub address: Address,
    /// The credential as it was read.
    #[serde(skip)]
    pub credential: Option<Credential>,
    /// Name of the issuer: self-declared unless a registry vouches for it.
    pub issuer_name: Option<String>,
    /// Title of the achievement.
    pub achievement_title: Option<String>,
    /// What the document presented is compared with beside its digest; none: there is no credential, or no document.
    #[serde(skip)]
    pub compared: Option<Box<Compared>>,
    /// The slot that was read.
    pub slot: Option<u64>,
    /// Cluster time, Unix seconds.
    pub cluster_time: Option<i64>,
    /// The addresses that the answer rests on.
    #[serde(serialize_with = "texts")]
    pub addresses: Vec<Address>,
}

/// What one registry says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RegistryTrust {
    /// The registry.
    #[serde(serialize_with = "text")]
    pub registry: Address,
    /// Its name.
    pub name: Option<String>,
    /// Whether it vouched for the issuer at issue.
    pub met: bool,
    /// What it says of the time of issue.
    pub at_issue: Option<String>,
    /// What it says of now.
    pub now: Option<String>,
}

/// Answers a query. It has no error: what cannot be checked is a verdict.
pub async fn verify(ledger: &dyn AccountReader, query: &Query) -> Receipt {
    if let Some(problem) = query.too_much() {
        return unchecked(query, problem);
    }
    let mut links = match discover(ledger, query).await {
        Ok(links) => links,
        Err(error) => return unchecked(query, error.to_string()),
    };
    for _ in 0..ATTEMPTS {
        let together = match Together::read(ledger, &links.rests_on(query)).await {
            Ok(together) => together,
            Err(error) => return unchecked(query, error.to_string()),
        };
        let now_linked = Links::of(links.credential, together.account(&links.credential));
        if now_linked == links {
            return judge(query, &links, &together);
        }
        links = now_linked;
    }
    unchecked(query, CHANGING.to_owned())
}

fn unchecked(query: &Query, problem: String) -> Receipt {
    let address = match query.credential {
        Locator::Address(address) => address,
        Locator::Latest { achievement, subject } => address::credential(&achievement, &subject, 0),
    };
    Receipt {
        verdict: Verdict::CouldNotCheck,
        findings: vec![Verdict::CouldNotCheck],
        reason: Reason::Unspecified,
        exit_code: Verdict::CouldNotCheck.exit_code(),
        trust: Vec::new(),
        problem: Some(problem),
        address,
        credential: None,
        issuer_name: None,
        achievement_title: None,
        compared: None,
        slot: None,
        cluster_time: None,
        addresses: vec![address],
    }
}

fn word<S: Serializer, T: std::fmt::Display>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

fn words<S: Serializer, T: std::fmt::Display>(values: &[T], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(values.iter().map(ToString::to_string))
}

fn text<S: Serializer>(address: &Address, serializer: S) -> Result<S::Ok, S::Error> {
    word(address, serializer)
}

fn texts<S: Serializer>(addresses: &[Address], serializer: S) -> Result<S::Ok, S::Error> {
    words(addresses, serializer)
}
