//! What stands on a certificate, and how it is taken from a document.

use jiff::Timestamp;
use serde_json::Value;
use thiserror::Error;

use super::text::clean;
use crate::{
    definition::{self, Element},
    document::{did::ChainAccount, reference::ACCOUNT_GENRE},
};

/// Bytes of any text on a certificate, at most.
pub const TEXT_LIMIT: usize = 1000;
/// Bytes of the verification link, at most: what a code of this size on paper is still scanned with.
pub const LINK_LIMIT: usize = 300;

/// What stands on a certificate. Texts are printed without control, bidirectional and invisible characters.
#[derive(Clone, Debug, PartialEq)]
pub struct Content {
    /// What has been earned, by its rigour.
    pub kind: Kind,
    /// The learner's name. None: the document has none, and [`Self::subject`] stands in its place.
    pub learner: Option<String>,
    /// The learner's identifier, a DID.
    pub subject: Option<String>,
    /// The achievement's title.
    pub title: String,
    /// What the achievement is about; printed where there are no outcomes.
    pub description: Option<String>,
    /// The language of title, description and outcomes, as a BCP 47 tag.
    pub language: Option<String>,
    /// Who awards it.
    pub issuer: String,
    /// When it was awarded.
    pub awarded: Timestamp,
    /// When it ends. None: it does not.
    pub valid_until: Option<Timestamp>,
    /// Level of the European Qualifications Framework, 1 to 8.
    pub level: Option<u8>,
    /// Workload in ECTS credits.
    pub credits: Option<f64>,
    /// What the learner can do now.
    pub outcomes: Vec<String>,
    /// The grade, or several results.
    pub result: Option<String>,
    /// The account on chain. None: nothing on chain vouches for the document.
    pub credential: Option<ChainAccount>,
    /// Where a browser shows whether the credential holds: `https`, at most [`LINK_LIMIT`] bytes.
    pub link: Option<String>,
}

/// What has been earned, by its rigour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A micro-credential.
    MicroCredential,
    /// A certificate.
    Certificate,
    /// A badge.
    Badge,
    /// Something else that Open Badges knows.
    Other,
}

/// Why a document gives no certificate.
#[derive(Debug, Error)]
pub enum ContentError {
    /// Something that every certificate says is not there.
    #[error("the document has no {0}, which a certificate needs: is it an Open Badges 3.0 credential?")]
    Missing(&'static str),
    /// Something is there and makes no sense.
    #[error("the document's {what} makes no sense: {value:?}")]
    Wrong {
        /// Where it stands.
        what: &'static str,
        /// What stands there, or the beginning of it.
        value: String,
    },
    /// The link has a place for the credential's address, and there is none.
    #[error("the document names no account on chain for {{credential}}: give a link without it")]
    NoCredential,
    /// No browser would open it, or no reader scan it.
    #[error("{0:?} cannot be the verification link: it must begin with https:// and have at most {LINK_LIMIT} bytes")]
    Link(String),
}

impl Content {
    /// The content of an Open Badges 3.0 document. Nothing in it is verified.
    ///
    /// Its link is that of the evidence that names the account on chain, if that is one.
    ///
    /// # Errors
    /// There is no title, issuer or date, or something is not what it should be.
    pub fn of(document: &Value) -> Result<Self, ContentError> {
        let text = |pointer: &str| document.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let achievement = "/credentialSubject/achievement";
        let in_achievement = |name: &str| text(&format!("{achievement}/{name}"));
        let evidence = all(document, "/evidence").find(|evidence| evidence["genre"] == ACCOUNT_GENRE);
        let credential = evidence.and_then(|evidence| evidence["narrative"].as_str());
        let credential =
            credential.map(|text| text.parse().map_err(|_| wrong("evidence narrative", text))).transpose()?;
        let link =
            evidence.and_then(|evidence| evidence["id"].as_str()).filter(|link| is_link(link)).map(str::to_owned);
        let awarded = text("/awardedDate").or_else(|| text("/validFrom"));
        let alignments = || all(document, "/credentialSubject/achievement/alignment");
        let (levels, others): (Vec<_>, Vec<_>) = alignments().partition(|one| one["targetType"] == "ext:EQFLevel");
        let told = outcomes(in_achievement("criteria/narrative").as_deref().unwrap_or_default());
        let aligned = others.iter().filter_map(|one| one["targetName"].as_str()).map(str::to_owned);
        let results: Vec<_> =
            all(document, "/credentialSubject/result").filter_map(|one| one["value"].as_str()).collect();
        let credits = ["/credentialSubject/creditsEarned", "/credentialSubject/achievement/creditsAvailable"];
        Ok(Self {
            kind: Kind::of(in_achievement("achievementType").as_deref()),
            learner: all(document, "/credentialSubject/identifier")
                .find(|one| one["identityType"] == "name" && one["hashed"] == false)
                .and_then(|one| one["identityHash"].as_str())
                .map(str::to_owned),
            subject: text("/credentialSubject/id"),
            title: in_achievement("name").ok_or(ContentError::Missing("credentialSubject.achievement.name"))?,
            description: in_achievement("description"),
            language: in_achievement("inLanguage").filter(|tag| is_language(tag)),
            issuer: text("/issuer/name").ok_or(ContentError::Missing("issuer.name"))?,
            awarded: time("awardedDate", awarded.ok_or(ContentError::Missing("awardedDate"))?)?,
            valid_until: text("/validUntil").map(|until| time("validUntil", until)).transpose()?,
            level: levels.first().map(|level| eqf_level(level)).transpose()?,
            credits: credits.iter().find_map(|pointer| document.pointer(pointer)).map(ects).transpose()?,
            outcomes: if told.is_empty() { aligned.collect() } else { told },
            result: (!results.is_empty()).then(|| results.join(", ")),
            credential,
            link,
        })
    }

    /// Sets the link from a template, in which `{credential}` stands for the credential's address.
    ///
    /// # Errors
    /// The result is no link for people to follow, or the document names no account for the template's place.
    pub fn set_link(&mut self, template: &str) -> Result<(), ContentError> {
        let link = match &self.credential {
            Some(account) => template.replace("{credential}", &account.address.to_string()),
            None if template.contains("{credential}") => return Err(ContentError::NoCredential),
            None => template.to_owned(),
        };
        if !is_link(&link) {
            return Err(ContentError::Link(link));
        }
        self.link = Some(link);
        Ok(())
    }
}

impl Kind {
    /// The kind by the word of Open Badges.
    fn of(word: Option<&str>) -> Self {
        match word {
            Some("MicroCredential") => Self::MicroCredential,
            Some("Certificate") => Self::Certificate,
            Some("Badge") => Self::Badge,
            _ => Self::Other,
        }
    }

    /// What is printed.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::MicroCredential => "Micro-credential",
            Self::Certificate => "Certificate",
            Self::Badge => "Badge",
            Self::Other => "Achievement",
        }
    }
}

/// The learning outcomes among the fixed lines of criteria. Only where there are none, alignments stand in for them: they may be fields of
/// study as well.
fn outcomes(narrative: &str) -> Vec<String> {
    let lines = definition::elements(narrative).filter(|(element, _)| *element == Element::Outcome);
    lines.map(|(_, text)| text.to_owned()).collect()
}

/// What stands in an array; nothing, where there is none.
fn all<'a>(document: &'a Value, pointer: &str) -> impl Iterator<Item = &'a Value> {
    document.pointer(pointer).and_then(Value::as_array).into_iter().flatten()
}

fn wrong(what: &'static str, value: &str) -> ContentError {
    ContentError::Wrong { what, value: clean(value).chars().take(80).collect() }
}

fn time(what: &'static str, text: String) -> Result<Timestamp, ContentError> {
    text.parse().map_err(|_| wrong(what, &text))
}

/// The last part of `http://data.europa.eu/snb/eqf/6`.
fn eqf_level(alignment: &Value) -> Result<u8, ContentError> {
    let url = alignment["targetUrl"].as_str().unwrap_or_default();
    let level = url.rsplit_once("/eqf/").and_then(|(_, level)| level.parse().ok());
    level.filter(|level| (1..=8).contains(level)).ok_or_else(|| wrong("EQF level", url))
}

fn ects(value: &Value) -> Result<f64, ContentError> {
    value
        .as_f64()
        .filter(|credits| (0.0..10_000.0).contains(credits))
        .ok_or_else(|| wrong("credits", &value.to_string()))
}

/// Nothing but pages of the web is printed for people to open.
pub(super) fn is_link(link: &str) -> bool {
    let is_plain = link.bytes().all(|byte| byte.is_ascii_graphic());
    link.len() <= LINK_LIMIT && is_plain && link.starts_with("https://") && url::Url::parse(link).is_ok()
}

/// Letters, digits and hyphens, as BCP 47 has them.
fn is_language(tag: &str) -> bool {
    (2..=35).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}
