//! What types cannot say about a document's form.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    contexts,
    credential::AchievementCredential,
    form::{FormError, FormErrorKind, member},
    identifiers, limits,
    presentation::VerifiablePresentation,
    proof::DataIntegrityProof,
    status::BitstringStatusListCredential,
    times::DateTime,
    values::OneOrMany,
};
use crate::document::proof::Cryptosuite;

/// Everything that is wrong with a credential's form, each with its place; nothing: the form is good. Proofs are not checked, nor is what
/// the document says true.
#[must_use]
pub fn check(credential: &AchievementCredential) -> Vec<FormError> {
    let mut errors = Vec::new();
    let contexts = credential.contexts.as_slice();
    let has_known_contexts = check_contexts(contexts, contexts::OF_CREDENTIALS, &mut errors);
    let schemas = credential.credential_schemas().iter().enumerate().filter(|_| has_known_contexts);
    for (index, schema) in schemas {
        if !schema.types.names().iter().all(|name| contexts::define_schema(contexts, name)) {
            let path = match credential.credential_schema {
                Some(OneOrMany::Many(_)) => format!("/credentialSchema/{index}/type"),
                _ => "/credentialSchema/type".into(),
            };
            let what =
                "is not defined by the contexts, so that no signature covers it: add the context of the extensions";
            errors.push(FormError::new(&path, FormErrorKind::Term, what));
        }
    }
    check_order("/validUntil", Some(&credential.valid_from), credential.valid_until.as_ref(), "validFrom", &mut errors);
    let subject = &credential.credential_subject;
    if subject.id.is_none() && subject.identifiers().is_empty() {
        let what = "says of nobody that they earned it: add the id of the learner, or an identifier";
        errors.push(FormError::value("/credentialSubject", what));
    }
    if let (Some(start), Some(end)) = (&subject.activity_start_date, &subject.activity_end_date)
        && end.at() < start.at()
    {
        let what = "is before activityStartDate: write the moment at which it ended";
        errors.push(FormError::value("/credentialSubject/activityEndDate", what));
    }
    check_proofs(credential.proof.as_ref(), &credential.contexts, &mut errors);
    check_values(credential, &mut errors);
    errors
}

/// Everything that is wrong with a status list's form, each with its place.
#[must_use]
pub fn check_status_list(list: &BitstringStatusListCredential) -> Vec<FormError> {
    let mut errors = Vec::new();
    let contexts = list.contexts.as_slice();
    check_contexts(contexts, contexts::OF_WRAPPERS, &mut errors);
    check_order("/validUntil", list.valid_from.as_ref(), list.valid_until.as_ref(), "validFrom", &mut errors);
    check_proofs(list.proof.as_ref(), &list.contexts, &mut errors);
    check_values(list, &mut errors);
    errors
}

/// Everything that is wrong with the form of a presentation and of the documents in it, each with its place.
#[must_use]
pub fn check_presentation(presentation: &VerifiablePresentation) -> Vec<FormError> {
    let mut errors = Vec::new();
    let contexts = presentation.contexts.as_slice();
    check_contexts(contexts, contexts::OF_WRAPPERS, &mut errors);
    check_proofs(presentation.proof.as_ref(), &presentation.contexts, &mut errors);
    for (index, credential) in presentation.verifiable_credentials().iter().enumerate() {
        let place = match presentation.verifiable_credential {
            OneOrMany::One(_) => "/verifiableCredential".into(),
            OneOrMany::Many(_) => format!("/verifiableCredential/{index}"),
        };
        errors.extend(check(credential).into_iter().map(|error| error.within(&place)));
    }
    let own = VerifiablePresentation { verifiable_credential: OneOrMany::Many(Vec::new()), ..presentation.clone() };
    check_values(&own, &mut errors);
    errors
}

fn check_values(document: &impl Serialize, errors: &mut Vec<FormError>) {
    // Of the types of this module, nothing can fail.
    let value = serde_json::to_value(document).unwrap_or_else(|_| Value::Object(Map::new()));
    limits::check(&value, errors);
    identifiers::check(&value, errors);
}

/// Whether the contexts are known; adds it otherwise.
fn check_contexts(contexts: &[String], known: &[&[&str]], errors: &mut Vec<FormError>) -> bool {
    let is_known = known.contains(&contexts.iter().map(String::as_str).collect::<Vec<_>>().as_slice());
    if !is_known {
        let known: Vec<_> = known.iter().map(|list| list.join(", ")).collect();
        let what = format!("are not contexts that are known here, in their order: write {}", known.join("; or "));
        errors.push(FormError::new("/@context", FormErrorKind::Context, what));
    }
    is_known
}

fn check_order(
    path: &str,
    start: Option<&DateTime>,
    end: Option<&DateTime>,
    start_name: &str,
    errors: &mut Vec<FormError>,
) {
    if let (Some(start), Some(end)) = (start, end)
        && end.at() <= start.at()
    {
        errors
            .push(FormError::value(path, format!("is not after {start_name}: write a later moment, or leave it out")));
    }
}

fn check_proofs(
    proofs: Option<&OneOrMany<DataIntegrityProof>>,
    contexts: &OneOrMany<String>,
    errors: &mut Vec<FormError>,
) {
    let Some(proofs) = proofs else { return };
    for (index, proof) in proofs.as_slice().iter().enumerate() {
        let path = match proofs {
            OneOrMany::One(_) => "/proof".into(),
            OneOrMany::Many(_) => format!("/proof/{index}"),
        };
        check_order(&member(&path, "expires"), proof.created.as_ref(), proof.expires.as_ref(), "created", errors);
        let Some(own) = &proof.contexts else { continue };
        let is_of_json = proof.cryptosuite == Cryptosuite::EddsaJcs2022.word();
        if !is_of_json || own != contexts {
            let what = "are not the document's contexts in a proof over JSON: write those, or leave them out";
            errors.push(FormError::new(&member(&path, "@context"), FormErrorKind::Context, what));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use solana_address::Address;
    use solana_keypair::Keypair;

    use super::*;
    use crate::document::{
        did::Chain,
        making::{Learner, Particulars, Profile, Template},
        subject::Salt,
        vocabulary::read,
    };

    #[test]
    fn what_is_made_here_has_a_good_form() {
        let address = |byte| Address::new_from_array([byte; 32]);
        let template = Template {
            chain: Chain::embedded(),
            issuer: Profile {
                account: address(1),
                name: "University of Somewhere".into(),
                url: "https://university.example".into(),
                country: "PT".into(),
            },
            key: address(3),
            achievement: json!({
                "id": "https://university.example/rust",
                "type": ["Achievement"],
                "achievementType": "MicroCredential",
                "name": "Rust",
                "description": "Rust.",
                "creditsAvailable": 5,
                "criteria": {"narrative": "Assessment: a project."},
            }),
        };
        let particulars = Particulars {
            id: uuid::Uuid::nil(),
            credential: address(4),
            status: ("https://university.example/credentials/status/0".into(), 94_567),
            awarded: "2026-11-23T10:00:00Z".parse().unwrap(),
            signed: "2027-01-01T00:00:00.5Z".parse().unwrap(),
            valid_until: Some("2029-11-23T10:00:00Z".parse().unwrap()),
            learner: Learner {
                wallet: address(5),
                salt: Some(Salt::derive(&[7; 32], &address(2), &address(5))),
                name: Some("Amara Okafor".into()),
                email: Some("amara@example.org".into()),
                student_number: Some("S-1".into()),
                grade: Some("A".into()),
            },
        };
        let document = template.sign(&particulars, &Keypair::new()).unwrap();
        let credential = read(document.value()).unwrap();
        assert_eq!(check(&credential), []);
        assert_eq!(&serde_json::to_value(&credential).unwrap(), document.value());
    }
}
