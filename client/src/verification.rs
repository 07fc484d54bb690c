//! Verification off chain: reads what a verdict rests on, and asks the program's own [`evaluate`].
//!
//! One read finds out which accounts are linked where only the credential's place is known; then **one** read of all of them together
//! decides, repeated if the links changed in between. A read that fails, is stale or incomplete gives the verdict "could not check", never
//! another one.

use std::time::{SystemTime, UNIX_EPOCH};

use microcred::{
    state::{Accreditation, Achievement, Credential, Issuer, IssuerKey, Reason, Registry},
    verdict::{Assessment, Document, Evidence, Expected, Read, Trust, TrustEvidence, Verdict, evaluate},
};
use serde::{Serialize, Serializer};
use solana_account::Account;
use solana_address::Address;

use crate::{
    account::decode,
    address,
    instructions::SYSTEM_PROGRAM,
    ledger::{AccountReader, CLOCK, ReadError, Snapshot},
};

/// How old the cluster's clock may be, seconds.
pub const STALE_AFTER: i64 = 600;

/// How often the deciding read is repeated when links change meanwhile.
const ATTEMPTS: usize = 3;

/// How many sequences one discovery read looks at.
const SEQUENCES_AT_ONCE: u16 = 16;

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
        Self { credential, expected: Expected::default(), document: None, registries: Vec::new(), local_time: None }
    }

    /// Asks whether one of these registries had accredited the issuer.
    #[must_use]
    pub fn trusting(mut self, registries: &[Address]) -> Self {
        self.registries = registries.to_vec();
        self
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
    let mut problem = "the credential changed again and again while it was read".to_owned();
    let mut links = match discover(ledger, query).await {
        Ok(links) => links,
        Err(error) => return unchecked(query, error.to_string()),
    };
    for _ in 0..ATTEMPTS {
        match decide(ledger, query, &links).await {
            Ok(Decision::Final(receipt)) => return *receipt,
            Ok(Decision::LinksChanged(changed)) => links = changed,
            Err(error) => {
                problem = error.to_string();
                break;
            }
        }
    }
    unchecked(query, problem)
}

/// Where the accounts are that a verdict rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Links {
    credential: Address,
    /// Issuer, achievement and key; none: there is no credential.
    to: Option<(Address, Address, Address)>,
}

impl Links {
    fn of(address: Address, account: Option<&Account>) -> Self {
        let credential = account.and_then(|account| decode::<Credential>(&address, account).ok());
        let to = credential.map(|credential| {
            (credential.issuer, credential.achievement, address::issuer_key(&credential.issuer, credential.key_index))
        });
        Self { credential: address, to }
    }
}

enum Decision {
    Final(Box<Receipt>),
    LinksChanged(Links),
}

/// Finds the credential, and which accounts are linked to it.
async fn discover(ledger: &dyn AccountReader, query: &Query) -> Result<Links, ReadError> {
    let (achievement, subject) = match query.credential {
        Locator::Address(address) => {
            let found = read(ledger, &[address]).await?;
            return Ok(Links::of(address, found.accounts.first().and_then(Option::as_ref)));
        }
        Locator::Latest { achievement, subject } => (achievement, subject),
    };
    let mut latest = Links { credential: address::credential(&achievement, &subject, 0), to: None };
    let mut first = 0;
    loop {
        let last = first + (SEQUENCES_AT_ONCE - 1);
        let addresses: Vec<_> =
            (first..=last).map(|sequence| address::credential(&achievement, &subject, sequence)).collect();
        let found = read(ledger, &addresses).await?;
        for (address, account) in addresses.iter().zip(&found.accounts) {
            if account.is_none() {
                return Ok(latest);
            }
            latest = Links::of(*address, account.as_ref());
        }
        match last.checked_add(1) {
            Some(next) => first = next,
            None => return Ok(latest),
        }
    }
}

/// Reads everything together and decides.
async fn decide(ledger: &dyn AccountReader, query: &Query, links: &Links) -> Result<Decision, ReadError> {
    let mut addresses = vec![CLOCK, links.credential];
    if let Some((issuer, achievement, key)) = links.to {
        addresses.extend([issuer, achievement, key]);
        for registry in &query.registries {
            addresses.extend([*registry, address::accreditation(registry, &issuer)]);
        }
    }
    let snapshot = read(ledger, &addresses).await?;
    let account = |index: usize| snapshot.accounts.get(index).and_then(Option::as_ref);
    let now_linked = Links::of(links.credential, account(1));
    if now_linked != *links {
        return Ok(Decision::LinksChanged(now_linked));
    }

    let mut problems = Vec::new();
    let cluster_time = account(0).and_then(unix_timestamp);
    let fresh = cluster_time.filter(|time| time.saturating_add(STALE_AFTER) >= local_time(query));
    if fresh.is_none() {
        problems.push("the cluster's clock is unreadable or more than ten minutes old".to_owned());
    }
    let mut find = Finder { addresses: &addresses, accounts: &snapshot.accounts, problems: &mut problems };
    let credential = find.account::<Credential>(1);
    let (issuer, achievement, key) =
        (find.account::<Issuer>(2), find.account::<Achievement>(3), find.account::<IssuerKey>(4));
    if links.to.is_some() {
        find.need("issuer", &issuer);
        find.need("achievement", &achievement);
        find.need("issuer key", &key);
    }
    let registries: Vec<_> = query
        .registries
        .iter()
        .enumerate()
        .map(|(position, address)| {
            let index = 5 + 2 * position;
            (*address, find.account::<Registry>(index), find.account::<Accreditation>(index + 1))
        })
        .collect();

    let linked = matches!(issuer, Read::Found(_)) && matches!(achievement, Read::Found(_));
    let evidence = |trust| Evidence {
        now: fresh,
        address: links.credential,
        credential: by_reference(&credential),
        key: if linked { by_reference(&key) } else { Read::Failed },
        expected: query.expected(),
        document: query.document,
        trust,
    };
    let assessments: Vec<_> = registries
        .iter()
        .map(|(registry_address, registry, accreditation)| {
            evaluate(&evidence(Some(TrustEvidence {
                registry_address: *registry_address,
                registry: by_reference(registry),
                issuer: by_reference(&issuer),
                accreditation: by_reference(accreditation),
            })))
        })
        .collect();
    let best = assessments.iter().copied().min_by_key(severity).unwrap_or_else(|| evaluate(&evidence(None)));
    for ((registry, read, _), assessment) in registries.iter().zip(&assessments) {
        if assessment.trust.is_none() && matches!(credential, Read::Found(_)) {
            let what = if matches!(read, Read::Missing) { "does not exist" } else { "could not be checked" };
            problems.push(format!("the registry {registry} {what}"));
        }
    }
    if problems.is_empty() {
        problems
            .push("the accounts that were read contradict each other, or this software is too old for them".to_owned());
    }
    let trust = registries
        .iter()
        .zip(&assessments)
        .map(|((address, registry, _), assessment)| RegistryTrust::new(*address, registry, assessment.trust))
        .collect();
    Ok(Decision::Final(Box::new(Receipt {
        verdict: best.verdict,
        findings: best.findings.iter().collect(),
        reason: best.reason,
        exit_code: best.exit_code(),
        trust,
        problem: (best.verdict == Verdict::CouldNotCheck).then(|| problems.join("; ")),
        address: links.credential,
        credential: credential.found(),
        issuer_name: issuer.found().map(|issuer| issuer.name().to_owned()),
        achievement_title: achievement.found().map(|achievement| achievement.title().to_owned()),
        slot: Some(snapshot.slot),
        cluster_time,
        addresses,
    })))
}

/// Of several registries the one that says the best counts.
fn severity(assessment: &Assessment) -> u8 {
    match assessment.exit_code() {
        0 => 0,
        3 => 1,
        2 => 2,
        _ => 3,
    }
}

impl RegistryTrust {
    fn new(registry: Address, account: &Read<Registry>, trust: Option<Trust>) -> Self {
        Self {
            registry,
            name: account.found().map(|registry| registry.name().to_owned()),
            met: trust.is_some_and(Trust::is_met),
            at_issue: trust.map(|trust| trust.at_issue.to_string()),
            now: trust.map(|trust| trust.now.to_string()),
        }
    }
}

/// Decodes the accounts of one read, and notes what is wrong with them.
struct Finder<'a> {
    addresses: &'a [Address],
    accounts: &'a [Option<Account>],
    problems: &'a mut Vec<String>,
}

impl Finder<'_> {
    fn account<T>(&mut self, index: usize) -> Read<T>
    where
        T: microcred::state::Record + anchor_lang::Discriminator + anchor_lang::bytemuck::Pod,
    {
        let (Some(address), Some(Some(account))) = (self.addresses.get(index), self.accounts.get(index)) else {
            return Read::Missing;
        };
        match decode(address, account) {
            Ok(record) => Read::Found(record),
            Err(error) => {
                self.problems.push(error.to_string());
                Read::Failed
            }
        }
    }

    fn need<T>(&mut self, kind: &str, read: &Read<T>) {
        if matches!(read, Read::Missing) {
            self.problems.push(format!("the credential's {kind} is missing"));
        }
    }
}

const fn by_reference<T>(read: &Read<T>) -> Read<&T> {
    match read {
        Read::Found(account) => Read::Found(account),
        Read::Missing => Read::Missing,
        Read::Failed => Read::Failed,
    }
}

/// A ledger that answers with another number of accounts than asked for has not answered.
///
/// An address to which somebody only sent lamports is empty, as it is to the program: else anyone could bar an answer.
async fn read(ledger: &dyn AccountReader, addresses: &[Address]) -> Result<Snapshot, ReadError> {
    let Snapshot { slot, accounts } = ledger.read(addresses).await?;
    if accounts.len() != addresses.len() {
        return Err(ReadError::Malformed(format!("{} accounts instead of {}", accounts.len(), addresses.len())));
    }
    let is_written = |account: &Account| !(account.owner == SYSTEM_PROGRAM && account.data.is_empty());
    Ok(Snapshot { slot, accounts: accounts.into_iter().map(|account| account.filter(is_written)).collect() })
}

/// The time that the clock sysvar shows, Unix seconds: slot u64, epoch start i64, epoch u64, leader schedule epoch u64, then this i64.
pub(crate) fn unix_timestamp(clock: &Account) -> Option<i64> {
    clock.data.get(32..40)?.try_into().ok().map(i64::from_le_bytes)
}

fn local_time(query: &Query) -> i64 {
    query.local_time.unwrap_or_else(|| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        i64::try_from(now).unwrap_or(i64::MAX)
    })
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
