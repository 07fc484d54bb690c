//! The JavaScript stack, asked by scripts. Nothing that it does may reach for the network.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use microcred_tests::node::{ready, run};
use serde_json::{Map, Value, json};

use crate::documents::{CREATED, ISSUER, Person, SCHEMA};

/// Set to anything, the tests do nothing: for computers without Node.js.
const SKIP: &str = "MICROCRED_SKIP_INTEROP";

/// Where a list of known issuers stands, which has the issuer.
const REGISTRY: &str = "https://registry.example/issuers.json";

/// The official schema, as it stands at [`SCHEMA`].
const SCHEMA_TEXT: &str = include_str!("../documents/standards/ob_v3p0_achievementcredential_schema.json");

/// The scripts, with what they need.
pub(crate) struct Stack {
    folder: PathBuf,
}

/// What is to be verified.
pub(crate) struct Case {
    /// As its reader gets it.
    pub(crate) text: String,
    /// What the verifier of a presentation asked the holder to sign, with its own name.
    pub(crate) asked: Option<(&'static str, &'static str)>,
}

impl From<&Value> for Case {
    fn from(document: &Value) -> Self {
        Self { text: document.to_string(), asked: None }
    }
}

/// What is to be signed, and by whom.
pub(crate) struct Request(Value);

impl Request {
    /// A credential.
    pub(crate) fn document(document: &Value, by: &Person) -> Self {
        Self(json!({ "seed": by.seed(), "document": document, "created": CREATED }))
    }

    /// A status list that revokes these.
    pub(crate) fn status_list(list: &Value, by: &Person, revoked: &[u32]) -> Self {
        let mut request = Self::document(list, by);
        request.0["revoked"] = json!(revoked);
        request
    }

    /// A presentation.
    pub(crate) fn presentation(presentation: &Value, by: &Person, challenge: &str, domain: &str) -> Self {
        let mut request = Self::document(presentation, by);
        request.0["challenge"] = json!(challenge);
        request.0["domain"] = json!(domain);
        request
    }
}

impl Stack {
    /// None: the tests are to be skipped.
    pub(crate) fn ready() -> Option<Self> {
        ready("interop", SKIP).map(|folder| Self { folder })
    }

    /// Runs a script on a request, and gives its answer.
    fn ask(&self, script: &str, request: &Value) -> Value {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), request.to_string()).unwrap();
        let output = run(Command::new("node").arg(self.folder.join(script)).arg(file.path()));
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{script} failed:\n{errors}");
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(answer["attempts"], json!([]), "{script} reached for the network:\n{errors}");
        answer
    }

    /// Documents with the proofs of @digitalbazaar/data-integrity, in this order.
    pub(crate) fn sign(&self, requests: &[Request]) -> Vec<Value> {
        let requests: Vec<_> = requests.iter().map(|request| &request.0).collect();
        let mut answer = self.ask("sign.mjs", &json!(requests));
        serde_json::from_value(answer["signed"].take()).unwrap()
    }

    /// What @digitalbazaar/vc and verifier-core say of each, in this order. The lists are what stands at addresses: null is nothing, false
    /// an address that cannot be reached.
    fn verify(&self, cases: &[Case], lists: &Map<String, Value>) -> Vec<(Bazaar, Value)> {
        let mut answers = lists.clone();
        answers.insert(SCHEMA.into(), serde_json::from_str(SCHEMA_TEXT).unwrap());
        answers.insert(REGISTRY.into(), json!({ "registry": { ISSUER.did(): { "name": "University" } } }));
        let documents: Vec<_> = cases
            .iter()
            .map(|case| {
                let (challenge, domain) = case.asked.unzip();
                json!({ "document": case.text, "challenge": challenge, "domain": domain })
            })
            .collect();
        let registries = json!([{ "type": "dcc-legacy", "name": "Known issuers", "url": REGISTRY }]);
        let request = json!({ "answers": answers, "registries": registries, "documents": documents });
        let answer = self.ask("verify.mjs", &request);
        let verdicts = answer["verdicts"].as_array().unwrap();
        assert_eq!(verdicts.len(), cases.len());
        verdicts
            .iter()
            .map(|verdict| {
                let verified = verdict["bazaar"]["verified"].as_bool().unwrap();
                let messages = serde_json::from_value(verdict["bazaar"]["messages"].clone()).unwrap();
                (Bazaar { verified, messages }, verdict["core"].clone())
            })
            .collect()
    }

    /// Requires of both verifiers what is expected of each case, and says of all at once what is not so.
    #[track_caller]
    pub(crate) fn assert(&self, cases: Vec<(String, Case, Result<(), &str>, Value)>, lists: &Map<String, Value>) {
        let (cases, expected): (Vec<_>, Vec<_>) =
            cases.into_iter().map(|(name, case, bazaar, core)| (case, (name, bazaar, core))).unzip();
        let wrong = expected.into_iter().zip(self.verify(&cases, lists)).flat_map(|((name, bazaar, core), said)| {
            let wrong = [
                said.0.unlike(bazaar),
                (said.1 != core).then(|| format!("verifier-core: expected {core}, not {}", said.1)),
            ];
            wrong.into_iter().flatten().map(move |what| format!("{name}: {what}"))
        });
        let wrong: Vec<_> = wrong.collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    /// The canonical N-Quads of each, in this order, or why there are none.
    pub(crate) fn canonize(&self, documents: &[&Value]) -> Vec<Result<String, String>> {
        let mut answer = self.ask("canonize.mjs", &json!(documents));
        serde_json::from_value(answer["canonical"].take()).unwrap()
    }

    /// Header and payload of each JSON Web Token, in this order, or why jose refuses it. Beside each stands who must have issued it.
    pub(crate) fn tokens(&self, tokens: &[(&str, String)]) -> Vec<Result<[Value; 2], String>> {
        let request = tokens.iter().map(|(token, issuer)| json!({ "token": token, "issuer": issuer })).collect();
        let mut answer = self.ask("token.mjs", &request);
        serde_json::from_value(answer["tokens"].take()).unwrap()
    }

    /// Runs a script that takes no request, and gives its answer.
    pub(crate) fn report(&self, script: &str, arguments: &[&Path]) -> Value {
        let output = run(Command::new("node").arg(self.folder.join(script)).args(arguments));
        assert!(output.status.success(), "{script} failed:\n{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

/// The answer of @digitalbazaar/vc.
#[derive(Debug)]
struct Bazaar {
    verified: bool,
    messages: Vec<String>,
}

impl Bazaar {
    /// What is wrong if it should have accepted the document, or refused it with words like these.
    fn unlike(&self, expected: Result<(), &str>) -> Option<String> {
        let said = |part: &str| self.messages.iter().any(|message| message.contains(part));
        let as_expected = match expected {
            Ok(()) => self.verified && self.messages.is_empty(),
            Err(part) => !self.verified && said(part),
        };
        (!as_expected).then(|| format!("@digitalbazaar/vc: expected {expected:?}, not {self:?}"))
    }
}

/// The parts of verifier-core's answer where all is well, but for these.
pub(crate) fn core(but: &[(&str, &str)]) -> Value {
    let mut parts = json!({
        "errors": [],
        "signature": "valid",
        "expiration": "current",
        "revocation": "not revoked",
        "issuer": "registered",
        "schema": "followed",
    });
    for (part, said) in but {
        parts[*part] = json!(said);
    }
    parts
}

/// The answer of verifier-core where it refuses with an error, and then says nothing of the parts.
pub(crate) fn core_error(name: &str) -> Value {
    let mut parts = core(&["signature", "expiration", "revocation", "issuer", "schema"].map(|part| (part, "not said")));
    parts["errors"] = json!([name]);
    parts
}
