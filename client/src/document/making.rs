//! Making documents, in the order that has no circle: the credential's address and its place in the status lists are known before the
//! document is signed, and its digest goes on chain after.

use std::fmt;

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use solana_address::Address;
use solana_signer::Signer;

use super::{
    Document,
    context::{CREDENTIALS_V2, OPEN_BADGES, OPEN_BADGES_EXTENSIONS},
    did::{self, Chain},
    proof::{self, Cryptosuite, SignError, seconds},
    reference::References,
    subject::Salt,
};

/// The schema that documents say they follow.
const SCHEMA: &str = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json";

/// What the documents of one achievement have in common.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// The chain on which the credentials stand.
    pub chain: Chain,
    /// The issuer.
    pub issuer: Profile,
    /// Account of the key that signs.
    pub key: Address,
    /// The achievement's definition: the object whose digest stands on chain.
    pub achievement: Value,
}

/// The issuer, as its account has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Address of the account.
    pub account: Address,
    /// Its name.
    pub name: String,
    /// Its web site; may be empty.
    pub url: String,
    /// ISO 3166-1 alpha-2; may be empty.
    pub country: String,
}

/// What one document has of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Particulars {
    /// What the document is called by: a random UUID.
    pub id: uuid::Uuid,
    /// Address of the credential.
    pub credential: Address,
    /// URL of its status list, and the place in it.
    pub status: (String, u32),
    /// When it was awarded: at a renewal, that is before it is signed.
    pub awarded: Timestamp,
    /// When it is signed.
    pub signed: Timestamp,
    /// First second after validity; none: it does not expire.
    pub valid_until: Option<Timestamp>,
    /// Who earned it.
    pub learner: Learner,
}

/// Who earned it. But for the key, nothing of this goes on chain.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Learner {
    /// The learner's key: the wallet's address.
    pub wallet: Address,
    /// Of a private subject, what the commitment was made with.
    pub salt: Option<Salt>,
    /// Name.
    pub name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Number at the issuer.
    pub student_number: Option<String>,
    /// Result of the assessment.
    pub grade: Option<String>,
}

/// Without personal data: messages end up in logs.
impl fmt::Debug for Learner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Learner").field("wallet", &self.wallet).finish_non_exhaustive()
    }
}

impl Template {
    /// A signed document.
    ///
    /// # Errors
    /// It cannot be signed.
    pub fn sign(&self, particulars: &Particulars, signer: &dyn Signer) -> Result<Document, SignError> {
        let mut document = self.unsigned(particulars, &signer.try_pubkey()?);
        let options = proof::Options::assertion(particulars.signed);
        proof::sign(&mut document, Cryptosuite::EddsaRdfc2022, &options, signer)?;
        Ok(Document::new(document))
    }

    /// The document before it is signed.
    #[must_use]
    pub fn unsigned(&self, particulars: &Particulars, key: &Address) -> Value {
        let Particulars { id, credential, status: (list, place), awarded, valid_until, learner, .. } = particulars;
        let references = References {
            chain: self.chain.clone(),
            credential: *credential,
            issuer: self.issuer.account,
            key: Some(self.key),
        };
        let mut document = Object::default();
        document.set("@context", json!([CREDENTIALS_V2, OPEN_BADGES, OPEN_BADGES_EXTENSIONS]));
        document.set("id", json!(format!("urn:uuid:{id}")));
        document.set("type", json!(["VerifiableCredential", "AchievementCredential"]));
        document.set("name", self.achievement["name"].clone());
        document.set("issuer", self.profile(key, &references));
        document.set("validFrom", seconds(*awarded));
        document.set("awardedDate", seconds(*awarded));
        document.set_some("validUntil", valid_until.map(seconds));
        document.set("credentialSubject", self.subject(learner));
        document.set("credentialSchema", json!([{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}]));
        let status = json!({
            "id": format!("{list}#{place}"),
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": place.to_string(),
            "statusListCredential": list,
        });
        document.set("credentialStatus", status);
        document.set("evidence", references.evidence());
        document.into()
    }

    fn profile(&self, key: &Address, references: &References) -> Value {
        let Profile { name, url, country, .. } = &self.issuer;
        let some = |text: &String| (!text.is_empty()).then(|| json!(text));
        let mut profile = Object::default();
        profile.set("id", json!(did::did_key(key)));
        profile.set("type", json!(["Profile"]));
        profile.set("name", json!(name));
        profile.set_some("url", some(url));
        let address = |country| json!({"type": ["Address"], "addressCountryCode": country});
        profile.set_some("address", some(country).map(address));
        profile.set("otherIdentifier", references.identifiers());
        profile.into()
    }

    fn subject(&self, learner: &Learner) -> Value {
        let identity = |kind: &str, value: &Option<String>| {
            let value = value.as_ref()?;
            Some(json!({"type": "IdentityObject", "hashed": false, "identityHash": value, "identityType": kind}))
        };
        let identities: Vec<_> = [
            identity("name", &learner.name),
            identity("emailAddress", &learner.email),
            identity("identifier", &learner.student_number),
            learner.salt.map(|salt| salt.identity(&learner.wallet)),
        ]
        .into_iter()
        .flatten()
        .collect();
        let mut subject = Object::default();
        subject.set("id", json!(did::did_key(&learner.wallet)));
        subject.set("type", json!(["AchievementSubject"]));
        subject.set_some("identifier", (!identities.is_empty()).then(|| identities.into()));
        subject.set_some("creditsEarned", self.achievement.get("creditsAvailable").cloned());
        let result = |grade| json!([{"type": ["Result"], "value": grade}]);
        subject.set_some("result", learner.grade.as_ref().map(result));
        subject.set("achievement", self.achievement.clone());
        subject.into()
    }
}

/// A JSON object in the making.
#[derive(Default)]
struct Object(Map<String, Value>);

impl Object {
    fn set(&mut self, name: &str, value: Value) {
        self.0.insert(name.into(), value);
    }

    fn set_some(&mut self, name: &str, value: Option<Value>) {
        if let Some(value) = value {
            self.set(name, value);
        }
    }
}

impl From<Object> for Value {
    fn from(Object(fields): Object) -> Self {
        Self::Object(fields)
    }
}

#[cfg(test)]
mod tests {
    use solana_keypair::Keypair;

    use super::*;
    use crate::document::{
        did::Subject,
        proof::verify,
        subject::{Opened, opened},
    };

    fn template() -> Template {
        Template {
            chain: Chain::embedded(),
            issuer: Profile {
                account: Address::new_from_array([1; 32]),
                name: "University of Somewhere".into(),
                url: "https://university.example".into(),
                country: "PT".into(),
            },
            key: Address::new_from_array([3; 32]),
            achievement: json!({
                "id": "https://university.example/rust",
                "type": ["Achievement"],
                "achievementType": "MicroCredential",
                "name": "Rust",
                "description": "Rust.",
                "creditsAvailable": 5,
                "criteria": {"narrative": "Assessment: a project."},
            }),
        }
    }

    fn particulars(wallet: Address) -> Particulars {
        let salt = Salt::derive(&[7; 32], &Address::new_from_array([2; 32]), &wallet);
        Particulars {
            id: uuid::Uuid::nil(),
            credential: Address::new_from_array([4; 32]),
            status: ("https://university.example/credentials/status/0".into(), 94_567),
            awarded: "2026-11-23T10:00:00Z".parse().unwrap(),
            signed: "2027-01-01T00:00:00.5Z".parse().unwrap(),
            valid_until: Some("2029-11-23T10:00:00Z".parse().unwrap()),
            learner: Learner {
                wallet,
                salt: Some(salt),
                name: Some("Amara Okafor".into()),
                grade: Some("A".into()),
                ..Learner::default()
            },
        }
    }

    #[test]
    fn a_document_says_who_what_and_where_and_is_signed() {
        let (signer, wallet) = (Keypair::new(), Keypair::new().pubkey());
        let document = template().sign(&particulars(wallet), &signer).unwrap();
        let value = document.value();
        let verified = verify(value).unwrap();
        assert_eq!(value["issuer"]["id"], did::did_key(&signer.pubkey()));
        assert_eq!(verified[0].created, Some("2027-01-01T00:00:00Z".parse().unwrap()));
        assert_eq!(verified[0].controller(), did::did_key(&signer.pubkey()));
        let subject = value["credentialSubject"]["id"].as_str().unwrap().parse::<Subject>().unwrap();
        assert_eq!(*subject.key(), wallet);
        let commitment = particulars(wallet).learner.salt.unwrap().commitment(&wallet);
        assert_eq!(opened(value, &wallet), Ok(Some(Opened { commitment })));
        let references = References::of(value).unwrap().unwrap();
        assert_eq!(
            (references.credential, references.issuer),
            (particulars(wallet).credential, template().issuer.account)
        );
        assert_eq!(references.key, Some(template().key));
        assert_eq!(value["validFrom"], "2026-11-23T10:00:00Z");
        assert_eq!(value["credentialStatus"]["statusListIndex"], "94567");
        assert_eq!(value["credentialSubject"]["creditsEarned"], 5);
    }

    #[test]
    fn nobody_is_named_in_logs() {
        let particulars = particulars(Keypair::new().pubkey());
        assert!(particulars.learner.name.is_some() && !format!("{particulars:?}").contains("Amara"));
    }

    #[test]
    fn a_file_has_the_document_and_its_digest() {
        let document = template().sign(&particulars(Keypair::new().pubkey()), &Keypair::new()).unwrap();
        assert_eq!(Document::read(document.text().as_bytes()).unwrap(), document);
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let mut template = template();
        (template.issuer.url, template.issuer.country) = (String::new(), String::new());
        let particulars =
            Particulars { valid_until: None, learner: Learner::default(), ..particulars(Address::default()) };
        let document = template.unsigned(&particulars, &Address::default());
        for absent in [
            "/issuer/url",
            "/issuer/address",
            "/validUntil",
            "/credentialSubject/identifier",
            "/credentialSubject/result",
        ] {
            assert_eq!(document.pointer(absent), None, "{absent}");
        }
    }
}
