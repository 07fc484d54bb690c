//! What may stand in place of what, and why.

use microcred_client::verdict::Verdict;

use crate::{
    cases::Case,
    outcome::Effect::{self, Answer, Other, Same},
};

/// Substitutions that are legitimate.
pub struct Exception {
    /// Names of instructions, or of cases.
    pub cases: &'static [&'static str],
    /// The slot; for those after the named ones: without the number. Or "several".
    pub slot: &'static str,
    /// Kinds, or what stands before the comma in them.
    pub substitutes: &'static [&'static str],
    /// What happens then.
    pub effect: Effect,
    /// Why that is right.
    pub why: &'static str,
}

/// Where an exception applies: positions of the exception and of the case and the substitute in it.
pub type Occurrence = [usize; 3];

/// Which exception allows a substitution.
pub fn allowing(case: &Case, slot: &str, substitute: &str, effect: Effect) -> Option<Occurrence> {
    let (slot, name) = (slot.split('[').next()?, case.name());
    let kinds = [substitute, substitute.split(',').next()?];
    EXCEPTIONS.iter().enumerate().find_map(|(position, exception)| {
        let case = exception.cases.iter().position(|named| *named == name || *named == case.instruction)?;
        let substitute = exception.substitutes.iter().position(|kind| kinds.contains(kind))?;
        (exception.slot == slot && exception.effect == effect).then_some([position, case, substitute])
    })
}

const PAYER: &str = "whoever signs may pay: the payer's address is stored nowhere";
const FUNDED: &str = "lamports that somebody sends to an address must not keep an account from being created there";
const FUNDED_ADDRESSES: &[&str] = &["same but with some lamports", "same but with many lamports"];
const SAME_HOLDER: &[&str] = &["key, second of the holder"];
const OTHER_KEY: &str =
    "the signer holds this key of the same issuer too, with the same permissions: it is recorded or counts instead";
const TARGET: &str = "this names what to act on, and the signer may act on this one too";
const OWN_ACHIEVEMENTS: &[&str] = &["achievement, extra", "achievement, requiring acceptance"];
const OWN_DRAFTS: &[&str] = &["draft, main", "draft, second"];
const OWN_ACTIVE: &[&str] = &["credential, of another learner", "credential, of a commitment"];
const OWN_PENDING: &[&str] = &["pending, active", "pending, of another learner"];
const OWN_REVOKED: &[&str] =
    &["credential, earlier of the learner", "revoked, first", "revoked, second", "revoked, of another achievement"];
const OWN_KEYS: &[&str] = &[
    "key, of another holder",
    "key, second of the holder",
    "key, scoped to another achievement",
    "key, without permission",
];
const OTHER_ISSUERS: &[&str] = &["pending, of the sister issuer", "pending, of another issuer"];
const OWN_ISSUER: &str = "it is the credential's issuer, which is read only where trust is asked";
const EXPECTED: &str = "the caller says what it expects, and the answer is about that";
const RIGHTFUL: &str = "anyone may call it for any account of the issuer's: the lamports go to its treasury";

/// All of them.
pub const EXCEPTIONS: &[Exception] = &[
    Exception {
        cases: &[
            "issue",
            "issue_many",
            "create_registry",
            "create_issuer",
            "accredit_issuer",
            "add_key",
            "create_achievement",
        ],
        slot: "payer",
        substitutes: &["wallet"],
        effect: Same,
        why: PAYER,
    },
    Exception { cases: &["issue", "issue_many"], slot: "payer", substitutes: &["the key"], effect: Same, why: PAYER },
    Exception {
        cases: &["create_registry", "create_issuer"],
        slot: "payer",
        substitutes: &["the creator"],
        effect: Same,
        why: PAYER,
    },
    Exception {
        cases: &["accredit_issuer", "add_key"],
        slot: "payer",
        substitutes: &["the authority"],
        effect: Same,
        why: PAYER,
    },
    Exception { cases: &["create_achievement"], slot: "payer", substitutes: &["the actor"], effect: Same, why: PAYER },
    Exception { cases: &["issue"], slot: "credential", substitutes: FUNDED_ADDRESSES, effect: Same, why: FUNDED },
    Exception { cases: &["issue_many"], slot: "credentials", substitutes: FUNDED_ADDRESSES, effect: Same, why: FUNDED },
    Exception {
        cases: &["create_registry"],
        slot: "registry",
        substitutes: FUNDED_ADDRESSES,
        effect: Same,
        why: FUNDED,
    },
    Exception { cases: &["create_issuer"], slot: "issuer", substitutes: FUNDED_ADDRESSES, effect: Same, why: FUNDED },
    Exception {
        cases: &["create_issuer", "add_key"],
        slot: "issuer_key",
        substitutes: FUNDED_ADDRESSES,
        effect: Same,
        why: FUNDED,
    },
    Exception {
        cases: &["accredit_issuer"],
        slot: "accreditation",
        substitutes: FUNDED_ADDRESSES,
        effect: Same,
        why: FUNDED,
    },
    Exception {
        cases: &["create_achievement"],
        slot: "achievement",
        substitutes: FUNDED_ADDRESSES,
        effect: Same,
        why: FUNDED,
    },
    Exception {
        cases: &[
            "issue",
            "issue_many",
            "renew",
            "revoke by key",
            "revoke_many by key",
            "suspend by key",
            "reinstate by key",
            "erase by key",
        ],
        slot: "issuer_key",
        substitutes: SAME_HOLDER,
        effect: Other,
        why: OTHER_KEY,
    },
    Exception {
        cases: &[
            "create_achievement by key",
            "edit_achievement by key",
            "publish_achievement by key",
            "pause_achievement by key",
            "resume_achievement by key",
            "retire_achievement by key",
            "set_replaced_achievement by key",
        ],
        slot: "issuer_key",
        substitutes: SAME_HOLDER,
        effect: Same,
        why: "the signer holds this key of the same issuer too, with the same permissions",
    },
    Exception {
        cases: &[
            "update_registry_uri",
            "propose_registry_authority",
            "accept_registry_authority",
            "pause_registry",
            "resume_registry",
            "retire_registry",
        ],
        slot: "registry",
        substitutes: &["registry, sister"],
        effect: Other,
        why: TARGET,
    },
    Exception {
        cases: &[
            "update_issuer_profile",
            "update_issuer_treasury",
            "propose_issuer_authority",
            "accept_issuer_authority",
            "pause_issuer",
            "resume_issuer",
            "retire_issuer",
        ],
        slot: "issuer",
        substitutes: &["issuer, sister"],
        effect: Other,
        why: TARGET,
    },
    Exception {
        cases: &["suspend_accreditation", "reinstate_accreditation", "withdraw_accreditation"],
        slot: "accreditation",
        substitutes: &["accreditation, of the sister issuer", "accreditation, of another issuer"],
        effect: Other,
        why: TARGET,
    },
    Exception {
        cases: &["shorten_key", "retire_key", "mark_key_compromised"],
        slot: "issuer_key",
        substitutes: OWN_KEYS,
        effect: Other,
        why: TARGET,
    },
    Exception {
        cases: &["mark_key_compromised"],
        slot: "issuer_key",
        substitutes: &["key, retired"],
        effect: Other,
        why: TARGET,
    },
    Exception {
        cases: &["edit_achievement", "publish_achievement"],
        slot: "achievement",
        substitutes: &["draft, second"],
        effect: Other,
        why: TARGET,
    },
    Exception {
        cases: &["pause_achievement", "resume_achievement", "retire_achievement"],
        slot: "achievement",
        substitutes: OWN_ACHIEVEMENTS,
        effect: Other,
        why: TARGET,
    },
    Exception {
        cases: &["retire_achievement"],
        slot: "achievement",
        substitutes: OWN_DRAFTS,
        effect: Other,
        why: TARGET,
    },
    Exception {
        cases: &["set_replaced_achievement"],
        slot: "achievement",
        substitutes: &["draft, second"],
        effect: Other,
        why: TARGET,
    },
    Exception {
        cases: &["set_replaced_achievement"],
        slot: "replaced",
        substitutes: &["achievement, main", "achievement, extra"],
        effect: Other,
        why: "any achievement of the issuer's that is older can be replaced",
    },
    Exception {
        cases: &["renew"],
        slot: "credential",
        substitutes: &["credential, of another learner"],
        effect: Other,
        why: TARGET,
    },
    Exception {
        cases: &["revoke", "suspend", "reinstate", "erase by key", "erase by authority"],
        slot: "credential",
        substitutes: OWN_ACTIVE,
        effect: Other,
        why: TARGET,
    },
    Exception {
        cases: &["revoke", "erase by key", "erase by authority"],
        slot: "credential",
        substitutes: OWN_PENDING,
        effect: Other,
        why: TARGET,
    },
    Exception {
        cases: &["erase by key", "erase by authority"],
        slot: "credential",
        substitutes: OWN_REVOKED,
        effect: Other,
        why: TARGET,
    },
    Exception {
        cases: &["revoke_many"],
        slot: "credentials",
        substitutes: &["credential, of a commitment", "pending, active", "pending, of another learner"],
        effect: Other,
        why: TARGET,
    },
    Exception {
        cases: &["accept", "decline", "erase by learner"],
        slot: "credential",
        substitutes: OTHER_ISSUERS,
        effect: Other,
        why: TARGET,
    },
    Exception {
        cases: &["erase by learner"],
        slot: "credential",
        substitutes: &[
            "credential, earlier of the learner",
            "credential, of the sister issuer",
            "credential, of another issuer",
            "pending, active",
        ],
        effect: Other,
        why: TARGET,
    },
    Exception {
        cases: &["verify"],
        slot: "credential",
        substitutes: &["unused", "nobody", "wallet"],
        effect: Answer(Verdict::NotFound),
        why: "there is no account of the program: that is an answer",
    },
    Exception {
        cases: &["verify without entry"],
        slot: "credential",
        substitutes: &["the accreditation"],
        effect: Answer(Verdict::NotFound),
        why: "the entry's address is empty: that is an answer",
    },
    Exception {
        cases: &["verify without trust", "verify with trust", "verify an empty address"],
        slot: "credential",
        substitutes: &["credential, earlier of the learner"],
        effect: Answer(Verdict::Revoked),
        why: "it is what the caller expects, an earlier one",
    },
    Exception {
        cases: &["verify without trust", "verify with trust", "verify an empty address"],
        slot: "credential",
        substitutes: &[
            "credential, of another learner",
            "credential, of a commitment",
            "pending, active",
            "pending, of another learner",
            "revoked, first",
            "revoked, second",
            "revoked, of another achievement",
        ],
        effect: Answer(Verdict::Mismatch),
        why: EXPECTED,
    },
    Exception {
        cases: &["verify without entry"],
        slot: "credential",
        substitutes: &["pending, of another issuer", "revoked, of another issuer"],
        effect: Answer(Verdict::Mismatch),
        why: EXPECTED,
    },
    Exception {
        cases: &["verify an empty address"],
        slot: "credential",
        substitutes: &["credential, active"],
        effect: Answer(Verdict::Valid),
        why: "it is what the caller expects",
    },
    Exception {
        cases: &["verify without key"],
        slot: "credential",
        substitutes: &["credential", "pending", "revoked"],
        effect: Answer(Verdict::CouldNotCheck),
        why: "without the key nothing can be said of any credential",
    },
    Exception {
        cases: &["verify without key"],
        slot: "issuer_key",
        substitutes: &["key, main"],
        effect: Answer(Verdict::Valid),
        why: "it is the key that asserted the credential",
    },
    Exception {
        cases: &["verify without trust", "verify with trust", "verify without entry"],
        slot: "issuer_key",
        substitutes: &["microcred itself"],
        effect: Answer(Verdict::CouldNotCheck),
        why: "it stands for none, and without the key it cannot be checked whether it was compromised",
    },
    Exception {
        cases: &["verify without trust"],
        slot: "issuer",
        substitutes: &["issuer, main"],
        effect: Answer(Verdict::Valid),
        why: OWN_ISSUER,
    },
    Exception {
        cases: &["verify without key"],
        slot: "issuer",
        substitutes: &["issuer, main"],
        effect: Answer(Verdict::CouldNotCheck),
        why: OWN_ISSUER,
    },
    Exception {
        cases: &["verify_strict without trust"],
        slot: "issuer",
        substitutes: &["issuer, main"],
        effect: Same,
        why: OWN_ISSUER,
    },
    Exception {
        cases: &["verify an empty address"],
        slot: "issuer_key",
        substitutes: &["key", "microcred itself"],
        effect: Answer(Verdict::NotFound),
        why: "where there is no credential, nothing can be the wrong one for it",
    },
    Exception {
        cases: &["withdraw_excess of a registry"],
        slot: "account",
        substitutes: &["registry, sister"],
        effect: Other,
        why: "its authority is the same, who may receive the lamports of both",
    },
    Exception {
        cases: &["withdraw_excess of an issuer"],
        slot: "account",
        substitutes: &["issuer, sister"],
        effect: Other,
        why: "its treasury is the same, which may receive the lamports of both",
    },
    Exception {
        cases: &["withdraw_excess of an accreditation"],
        slot: "account",
        substitutes: &["accreditation, of the sister issuer", "accreditation, of another issuer"],
        effect: Other,
        why: "anyone may call it for any accreditation of the registry: the lamports go to its authority",
    },
    Exception {
        cases: &["withdraw_excess of a key", "withdraw_excess of an achievement", "withdraw_excess of a credential"],
        slot: "account",
        substitutes: &[
            "key, of another holder",
            "key, second of the holder",
            "key, scoped to another achievement",
            "key, without permission",
            "key, retired",
            "achievement, extra",
            "achievement, requiring acceptance",
            "draft, main",
            "draft, second",
            "credential, earlier of the learner",
            "credential, of another learner",
            "credential, of a commitment",
            "pending, active",
            "pending, of another learner",
            "revoked, first",
            "revoked, second",
            "revoked, of another achievement",
        ],
        effect: Other,
        why: RIGHTFUL,
    },
    Exception {
        cases: &["withdraw_excess of an achievement", "withdraw_excess of a credential"],
        slot: "account",
        substitutes: &["key, main"],
        effect: Other,
        why: RIGHTFUL,
    },
    Exception {
        cases: &["withdraw_excess of a key", "withdraw_excess of a credential"],
        slot: "account",
        substitutes: &["achievement, main"],
        effect: Other,
        why: RIGHTFUL,
    },
    Exception {
        cases: &["withdraw_excess of a key", "withdraw_excess of an achievement"],
        slot: "account",
        substitutes: &["credential, active"],
        effect: Other,
        why: RIGHTFUL,
    },
    Exception {
        cases: &[
            "issue",
            "issue_many",
            "renew",
            "revoke",
            "revoke_many",
            "suspend",
            "reinstate",
            "erase by key",
            "erase by authority",
            "create_achievement",
            "edit_achievement",
            "publish_achievement",
            "pause_achievement",
            "resume_achievement",
            "retire_achievement",
            "set_replaced_achievement",
            "shorten_key",
            "retire_key",
            "mark_key_compromised",
            "accredit_issuer",
            "suspend_accreditation",
            "reinstate_accreditation",
            "withdraw_accreditation",
            "add_accreditation_term",
            "confirm_accreditation",
        ],
        slot: "several",
        substitutes: &["all"],
        effect: Other,
        why: "the same people act for the sister, and nothing of the other one is left",
    },
    Exception {
        cases: &[
            "withdraw_excess of an accreditation",
            "withdraw_excess of a key",
            "withdraw_excess of an achievement",
            "withdraw_excess of a credential",
        ],
        slot: "several",
        substitutes: &["all"],
        effect: Other,
        why: "the lamports go to where those of the sister belong",
    },
    Exception {
        cases: &["verify without trust", "verify with trust"],
        slot: "several",
        substitutes: &["all"],
        effect: Answer(Verdict::Mismatch),
        why: EXPECTED,
    },
    Exception {
        cases: &["verify an empty address"],
        slot: "several",
        substitutes: &["some", "all"],
        effect: Answer(Verdict::NotFound),
        why: "where there is no credential, nothing can be the wrong one for it",
    },
];
