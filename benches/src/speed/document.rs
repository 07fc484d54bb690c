//! One document, verified and signed again and again.

use std::{
    error::Error,
    time::{Duration, Instant},
};

use microcred_client::{
    Address,
    declaration::Declaration,
    document::{
        checking::{self, Asked},
        did::Chain,
        did_document::DidDocuments,
        making::{Learner, Particulars, Profile, Template},
        subject::Salt,
    },
};
use serde_json::Value;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::Rates;

const DECLARATION: &str = include_str!("../../../examples/university/microcred.toml");

/// The document of a private subject for an achievement of the example, with all that a learner's row can have.
pub(crate) struct Sample {
    template: Template,
    particulars: Particulars,
    signer: Keypair,
    text: String,
}

impl Sample {
    pub(crate) fn new() -> Result<Self, Box<dyn Error>> {
        let declaration = Declaration::parse(DECLARATION)?;
        let issuer = declaration.issuer.as_ref().ok_or("the example has no issuer")?;
        let definition = declaration.achievements.first().and_then(|declared| declared.definition_object(address(2)));
        let template = Template {
            chain: Chain::embedded(),
            issuer: Profile {
                account: address(1),
                name: issuer.name.clone(),
                url: issuer.url.clone(),
                country: issuer.country.clone(),
            },
            key: address(3),
            achievement: definition.ok_or("the example has no definition")?,
        };
        let wallet = Keypair::new_from_array([4; 32]).pubkey();
        let particulars = Particulars {
            id: "58172aac-d8ba-41ed-83dd-0b3aef56cc33".parse()?,
            credential: address(5),
            status: (format!("{}/credentials/status/0", issuer.url), 94_567),
            awarded: "2026-01-01T10:00:00Z".parse()?,
            signed: "2026-01-01T10:00:00Z".parse()?,
            valid_until: Some("2126-01-01T10:00:00Z".parse()?),
            learner: Learner {
                wallet,
                salt: Some(Salt::derive(&[6; 32], &address(2), &wallet)),
                name: Some("Amara Okafor".into()),
                email: Some("amara@university.example".into()),
                student_number: Some("2026-0042".into()),
                grade: Some("A".into()),
            },
        };
        let signer = Keypair::new_from_array([7; 32]);
        let text = template.sign(&particulars, &signer)?.text();
        Ok(Self { template, particulars, signer, text })
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// From a file's bytes to the answer, and from a learner's particulars to a file's bytes.
    pub(crate) fn rates(&self, time: Duration) -> Result<Rates, Box<dyn Error>> {
        let did_documents = DidDocuments::default();
        let asked = Asked { now: "2026-06-01T10:00:00Z".parse()?, did_documents: &did_documents };
        let verify = || {
            let report = checking::check(self.text.as_bytes(), &asked);
            if report.signed.is_some() { Ok(()) } else { Err(format!("it is not good: {:?}", report.findings)) }
        };
        let sign = || {
            let document = self.template.sign(&self.particulars, &self.signer).map_err(|error| error.to_string())?;
            let is_an_object = matches!(document.value(), Value::Object(_));
            (is_an_object && !document.text().is_empty()).then_some(()).ok_or_else(|| "no document was made".into())
        };
        Ok(Rates { verify: rate(verify, time)?, sign: rate(sign, time)? })
    }
}

/// How often in a second it can be done, after it was done for half of the time.
fn rate(act: impl Fn() -> Result<(), String>, time: Duration) -> Result<f64, String> {
    repeat(&act, time / 2)?;
    repeat(&act, time)
}

fn repeat(act: impl Fn() -> Result<(), String>, time: Duration) -> Result<f64, String> {
    let began = Instant::now();
    let mut acts = 0.0;
    while began.elapsed() < time {
        act()?;
        acts += 1.0;
    }
    Ok(acts / began.elapsed().as_secs_f64())
}

fn address(number: u8) -> Address {
    Address::new_from_array([number; 32])
}
