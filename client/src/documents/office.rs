//! Who signs the documents of which achievement, read from the chain.

use jiff::Timestamp;
use microcred::state::{Achievement, Issuer, IssuerKey, SubjectKind, permission};
use rand::Rng;
use serde_json::Value;
use solana_address::Address;
use solana_signer::Signer;
use uuid::Uuid;

use super::{MakeError, OfficeError, Secret, form, threads};
use crate::{
    account::{Kind, decode},
    document::{
        Document,
        did::Chain,
        json,
        making::{Learner, Particulars, Profile, Template},
        proof::{self, Begun, Cryptosuite, Purpose, SignError},
        status_list::{self, Base},
    },
    instructions::KeyRef,
    learners::Personal,
    ledger::{AccountReader, CLOCK, ReadError},
    lookup::{self, Intent, LookupError},
    verification::unix_timestamp,
};

/// Who makes documents of what.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The chain that the credentials are on.
    pub chain: Chain,
    /// The key that signs; it needs permission to assert.
    pub key: KeyRef,
    /// The achievement.
    pub achievement: Address,
    /// Its definition: the object whose digest stands on chain.
    pub definition: Value,
    /// Where the issuer's status lists are published; none: under the url of its account.
    pub status_lists: Option<Base>,
    /// With a secret, the chain does not name the learners.
    pub secret: Option<Secret>,
}

/// Who signs the documents of an achievement: issuer, key and definition were checked against the chain.
#[derive(Clone, Debug)]
pub struct Office {
    template: Template,
    key: KeyRef,
    achievement: Address,
    status_lists: Base,
    default_validity: i64,
    secret: Option<Secret>,
    now: i64,
}

/// What a document is made for.
#[derive(Clone, Debug)]
pub struct Award {
    /// Address of the credential.
    pub credential: Address,
    /// URL of its status list, and the place in it.
    pub status: (String, u32),
    /// When it was awarded; none: when the document is made.
    pub awarded: Option<Timestamp>,
    /// First second after validity; 0: it does not expire; none: by the achievement's default validity from when it is made.
    pub expires_at: Option<i64>,
    /// Who earned it.
    pub learner: Learner,
}

/// A document, and what goes on chain with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Made {
    /// The document.
    pub document: Document,
    /// Its expiry; 0: none.
    pub expires_at: i64,
}

/// The key with which a signer may sign documents of an achievement.
///
/// # Errors
/// [`OfficeError::Key`]: none of the signer's keys may; [`OfficeError::Lookup`]: the signer has none, or it could not be found out.
pub async fn key_of(
    ledger: &dyn AccountReader,
    issuer: &Address,
    signer: &Address,
    achievement: &Address,
) -> Result<KeyRef, OfficeError> {
    let intent = Intent { permission: permission::ASSERT, achievement: *achievement };
    lookup::key(ledger, issuer, signer, &intent).await.map_err(|error| match error {
        LookupError::NotPermitted { index, why, .. } => OfficeError::Key { index, error: why },
        error => OfficeError::Lookup(error),
    })
}

impl Office {
    /// Reads issuer, key and achievement, and requires that the key may sign documents of the achievement now, that the definition is the one
    /// on chain, that status lists can be where documents will say, and that verifiers would take a document of it all.
    ///
    /// A document of a learner who is not there is made, unsigned: verifiers would take its form.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn open(ledger: &dyn AccountReader, setting: Setting) -> Result<Self, OfficeError> {
        let Setting { chain, key, achievement, definition, status_lists, secret } = setting;
        let key_account = key.address();
        let accounts = ledger.read(&[CLOCK, key.issuer, key_account, achievement]).await?.accounts;
        let account = |place: usize| accounts.get(place).and_then(Option::as_ref);
        let now =
            account(0).and_then(unix_timestamp).ok_or_else(|| ReadError::Malformed("there is no clock".into()))?;
        let issuer: Issuer = find(&key.issuer, account(1))?;
        let earned: Achievement = find(&achievement, account(3))?;

        if earned.issuer != key.issuer {
            return Err(OfficeError::AnotherIssuers { achievement, issuer: earned.issuer });
        }
        authorize(&key, account(2), &achievement, now)?;
        let (found, on_chain) = (json::digest(&definition), earned.definition_digest);
        if on_chain == [0; 32] {
            return Err(OfficeError::NoDefinition { title: earned.title().into() });
        }
        if found != on_chain {
            return Err(OfficeError::OtherDefinition { found, on_chain });
        }
        if secret.is_some() && earned.requires_acceptance() {
            return Err(OfficeError::Unacceptable);
        }
        let status_lists = match status_lists {
            Some(base) => base,
            None => Base::of_issuer(issuer.url())?,
        };
        if !is_protected(&status_lists) {
            return Err(OfficeError::Unprotected(status_lists));
        }
        let profile = Profile {
            account: key.issuer,
            name: issuer.name().into(),
            url: issuer.url().into(),
            country: issuer.country().into(),
        };
        let template = Template { chain, issuer: profile, key: key_account, achievement: definition };
        let default_validity = earned.default_validity;
        let office = Self { template, key, achievement, status_lists, default_validity, secret, now };
        office.begin(&office.sample(), random_id()).map_err(OfficeError::Unsound)?;
        Ok(office)
    }

    /// An award with everything that awards can have, to somebody who is not there.
    fn sample(&self) -> Award {
        let text = |text: &str| Some(text.to_owned());
        let personal =
            Personal { name: text("A"), email: text("a@b.example"), student_number: text("1"), grade: text("A") };
        Award {
            credential: self.achievement,
            status: self.status(u32::MAX),
            awarded: None,
            expires_at: None,
            learner: self.learner(self.achievement, personal),
        }
    }

    /// The key that signs.
    #[must_use]
    pub const fn key(&self) -> &KeyRef {
        &self.key
    }

    /// The achievement.
    #[must_use]
    pub const fn achievement(&self) -> &Address {
        &self.achievement
    }

    /// Where the status lists are.
    #[must_use]
    pub const fn status_lists(&self) -> &Base {
        &self.status_lists
    }

    /// How long credentials are valid unless something else is said, in seconds; 0: they do not expire.
    #[must_use]
    pub const fn default_validity(&self) -> i64 {
        self.default_validity
    }

    /// The secret of private subjects.
    #[must_use]
    pub const fn secret(&self) -> Option<&Secret> {
        self.secret.as_ref()
    }

    /// Requires that the key may still sign: it may have been retired since the office was opened, or its time be over.
    ///
    /// # Errors
    /// [`OfficeError::Key`]: it may not; or it could not be read.
    pub async fn may_still_sign(&self, ledger: &dyn AccountReader) -> Result<(), OfficeError> {
        let accounts = ledger.read(&[CLOCK, self.key.address()]).await?.accounts;
        let account = |place: usize| accounts.get(place).and_then(Option::as_ref);
        let now =
            account(0).and_then(unix_timestamp).ok_or_else(|| ReadError::Malformed("there is no clock".into()))?;
        authorize(&self.key, account(1), &self.achievement, now)
    }

    /// The chain's time when the office was opened, Unix seconds.
    #[must_use]
    pub const fn now(&self) -> i64 {
        self.now
    }

    /// The list and the place in it of a status index.
    #[must_use]
    pub fn status(&self, index: u32) -> (String, u32) {
        status_list::place(&self.status_lists, index)
    }

    /// The subject on chain of a learner's wallet.
    #[must_use]
    pub fn subject(&self, wallet: &Address) -> Address {
        self.secret.as_ref().map_or(*wallet, |secret| secret.salt(&self.achievement, wallet).commitment(wallet))
    }

    /// What the subjects on chain are.
    #[must_use]
    pub const fn subject_kind(&self) -> SubjectKind {
        if self.secret.is_some() { SubjectKind::Commitment } else { SubjectKind::Wallet }
    }

    /// A learner, as documents have them.
    #[must_use]
    pub fn learner(&self, wallet: Address, personal: Personal) -> Learner {
        let salt = self.secret.as_ref().map(|secret| secret.salt(&self.achievement, &wallet));
        let Personal { name, email, student_number, grade } = personal;
        Learner { wallet, salt, name, email, student_number, grade }
    }

    /// The expiry of what is made at a time, as the program would have it, but always said.
    #[must_use]
    pub fn expires_at(&self, said: Option<i64>, at: i64) -> i64 {
        match said {
            Some(expires_at) => expires_at,
            None if self.default_validity == 0 => 0,
            None => at.saturating_add(self.default_validity),
        }
    }

    /// Makes and signs a document, at the chain's time when the office was opened. Nothing is signed that verifiers would refuse.
    ///
    /// # Errors
    /// [`MakeError`].
    pub fn make(&self, award: &Award, signer: &dyn Signer) -> Result<Made, MakeError> {
        let mut made = self.make_all(std::slice::from_ref(award), signer)?;
        made.pop().ok_or(SignError::NoObject.into())
    }

    /// Makes and signs documents, in the order of the awards. All but the signatures is done by as many threads as the processor has.
    ///
    /// # Errors
    /// [`MakeError`].
    pub fn make_all(&self, awards: &[Award], signer: &dyn Signer) -> Result<Vec<Made>, MakeError> {
        let key = signer.try_pubkey().map_err(SignError::from)?;
        if key != self.key.key {
            return Err(MakeError::AnotherKey { signer: key, key: self.key.key });
        }
        let begin = |award: &Award| self.begin(award, random_id());
        let sign = |begun: Result<(Value, Begun, i64), MakeError>| {
            let (mut value, begun, expires_at) = begun?;
            let signature = signer.try_sign_message(begun.bytes()).map_err(SignError::from)?;
            begun.end(&mut value, &signature);
            Ok(Made { document: Document::new(value), expires_at })
        };
        threads::map(awards, threads::of_processor(), begin).into_iter().map(sign).collect()
    }

    /// A document without its signature, with what is to be signed and its expiry; verifiers would take it.
    fn begin(&self, award: &Award, id: Uuid) -> Result<(Value, Begun, i64), MakeError> {
        let created = timestamp(self.now)?;
        let expires_at = self.expires_at(award.expires_at, self.now);
        let particulars = particulars(id, award, award.awarded.unwrap_or(created), created, expires_at)?;
        let unsigned = self.template.unsigned(&particulars, &self.key.key);
        form::require(&unsigned)?;
        let options = proof::Options::assertion(created);
        let begun = Begun::new(&unsigned, Cryptosuite::EddsaRdfc2022, &options, &self.key.key)?;
        Ok((unsigned, begun, expires_at))
    }

    /// The document, if it is what the office would make, but for its id and when: made and signed for this award.
    #[must_use]
    pub fn recognise(&self, award: &Award, document: Document) -> Option<Made> {
        let value = document.value();
        let proofs = proof::verify(value).ok()?;
        let [proof] = proofs.as_slice() else { return None };
        let created = proof.created?;
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        let id = text("id")?.strip_prefix("urn:uuid:")?.parse().ok()?;
        let expires_at = self.expires_at(award.expires_at, created.as_second());
        let awarded = award.awarded.unwrap_or(created);
        let particulars = particulars(id, award, awarded, created, expires_at).ok()?;
        let mut expected = self.template.unsigned(&particulars, &self.key.key);
        expected.as_object_mut()?.insert("proof".into(), value.get("proof")?.clone());
        let is_it = proof.key == self.key.key && proof.purpose == Purpose::AssertionMethod && expected == *value;
        is_it.then_some(Made { document, expires_at })
    }
}

fn particulars(
    id: Uuid,
    award: &Award,
    awarded: Timestamp,
    signed: Timestamp,
    expires_at: i64,
) -> Result<Particulars, MakeError> {
    Ok(Particulars {
        id,
        credential: award.credential,
        status: award.status.clone(),
        awarded,
        signed,
        valid_until: (expires_at != 0).then(|| timestamp(expires_at)).transpose()?,
        learner: award.learner.clone(),
    })
}

fn random_id() -> Uuid {
    uuid::Builder::from_random_bytes(rand::rng().random()).into_uuid()
}

fn timestamp(seconds: i64) -> Result<Timestamp, MakeError> {
    Timestamp::from_second(seconds).map_err(|_| MakeError::Time(seconds))
}

fn find<T: Kind>(address: &Address, account: Option<&solana_account::Account>) -> Result<T, OfficeError> {
    let account = account.ok_or(OfficeError::Missing { kind: T::KIND, address: *address })?;
    Ok(decode(address, account)?)
}

/// Requires that a key may sign documents of an achievement at a time.
fn authorize(
    key: &KeyRef,
    account: Option<&solana_account::Account>,
    achievement: &Address,
    now: i64,
) -> Result<(), OfficeError> {
    let found: IssuerKey = find(&key.address(), account)?;
    if found.key != key.key {
        return Err(OfficeError::AnotherKey { index: key.index, key: found.key, signer: key.key });
    }
    let permitted = found.authorize(permission::ASSERT, achievement, now);
    permitted.map_err(|error| OfficeError::Key { index: key.index, error })
}

fn is_protected(base: &Base) -> bool {
    let Ok(url) = url::Url::parse(&base.to_string()) else { return false };
    let is_own_computer = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && is_own_computer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_lists_are_fetched_by_https_or_from_the_own_computer() {
        for (base, protected) in [
            ("https://uni.example/status", true),
            ("http://uni.example/status", false),
            ("http://localhost:8080", true),
            ("http://127.0.0.1:8080/a", true),
            ("http://[::1]/a", true),
            ("http://10.0.0.1/a", false),
            ("http://localhost.uni.example/a", false),
        ] {
            assert_eq!(is_protected(&base.parse().unwrap()), protected, "{base}");
        }
    }
}
