//! The part of an achievement that its issuer writes, and that publishing freezes.

use microcred::{
    CreateAchievementArgs, EditAchievementArgs,
    state::{Achievement, AchievementKind, Lifecycle, policy},
};

use solana_address::Address;

use super::{Detail, change::quoted};
use crate::{
    declaration::{AchievementDeclaration, DAY, Problem},
    definition::{Facts, digest},
    hex::Hex,
};

/// As the file has it.
pub(super) fn declared(of: &AchievementDeclaration, address: Address) -> EditAchievementArgs {
    EditAchievementArgs {
        title: of.title.clone(),
        uri: of.uri.clone(),
        kind: of.kind.code(),
        policy: of.policy_bits(),
        eqf_level: of.eqf_level.unwrap_or(0),
        // Both were checked: see `Declaration::check`.
        workload: of.workload().unwrap_or(0),
        default_validity: of.default_validity(),
        definition_digest: of.digest_at(address),
    }
}

/// As the ledger has it.
pub(super) fn present(of: &Achievement) -> EditAchievementArgs {
    EditAchievementArgs {
        title: of.title().into(),
        uri: of.uri().into(),
        kind: of.kind,
        policy: of.policy,
        eqf_level: of.eqf_level,
        workload: of.workload,
        default_validity: of.default_validity,
        definition_digest: of.definition_digest,
    }
}

/// Arguments that create it.
pub(super) fn creation(
    of: &AchievementDeclaration,
    definition: EditAchievementArgs,
    publish: bool,
) -> CreateAchievementArgs {
    CreateAchievementArgs {
        code: of.code.clone(),
        title: definition.title,
        uri: definition.uri,
        kind: definition.kind,
        policy: definition.policy,
        eqf_level: definition.eqf_level,
        workload: definition.workload,
        default_validity: definition.default_validity,
        definition_digest: definition.definition_digest,
        publish,
    }
}

/// A new achievement, in words.
pub(super) fn details(of: &AchievementDeclaration, definition: &EditAchievementArgs, status: Lifecycle) -> Vec<Detail> {
    let mut details = vec![Detail::new("code", quoted(&of.code))];
    details.extend(fields(definition).map(|(field, value)| Detail::new(field, value)));
    details.push(Detail::new("status", status.word()));
    details
}

/// The fields in which two differ, in words.
pub(super) fn differences(old: &EditAchievementArgs, new: &EditAchievementArgs) -> Vec<Detail> {
    let pairs = fields(old).into_iter().zip(fields(new));
    let differing = pairs.filter(|((_, old), (_, new))| old != new);
    differing.map(|((field, old), (_, new))| Detail::changed(field, old, new)).collect()
}

/// Why a difference of a published achievement cannot be; none: it only follows from the others, of title and the like.
pub(super) fn frozen(
    of: &AchievementDeclaration,
    address: Address,
    present: &Achievement,
    detail: Detail,
) -> Option<Problem> {
    let instead = format!("or declare a new achievement with a code of its own and `replaces = {:?}`", of.code);
    let old = detail.old.unwrap_or_default();
    let Some(definition) = of.definition.as_ref().filter(|_| detail.field == DIGEST) else {
        let what = format!("is {old} on the ledger and frozen since it was published: write that, {instead}");
        return Some(Problem { place: detail.field.into(), what });
    };
    let as_present = Facts::of(address, present).map(|facts| digest(&definition.object(&facts)));
    if as_present == Ok(present.definition_digest) {
        return None;
    }
    let what = format!(
        "has the digest {}, but on the ledger it is {old} and frozen since it was published: write the definition as it was, {instead}",
        detail.new
    );
    Some(Problem { place: "definition".into(), what })
}

/// The field that the full definition decides.
const DIGEST: &str = "definition_digest";

/// Every field by its name in the file.
fn fields(of: &EditAchievementArgs) -> [(&'static str, String); 9] {
    let yes = |bit| if of.policy & bit != 0 { "true" } else { "false" }.to_owned();
    [
        ("title", quoted(&of.title)),
        ("uri", quoted(&of.uri)),
        ("kind", AchievementKind::try_from(of.kind).map_or_else(|_| of.kind.to_string(), |kind| kind.word().into())),
        ("acceptance_required", yes(policy::ACCEPTANCE_REQUIRED)),
        ("renewable", yes(policy::RENEWABLE)),
        ("eqf_level", number(u64::from(of.eqf_level))),
        ("ects", format!("{}.{}", of.workload / 10, of.workload % 10)),
        ("validity_days", days(of.default_validity)),
        (DIGEST, if of.definition_digest == [0; 32] { "none".into() } else { Hex(&of.definition_digest).to_string() }),
    ]
}

fn number(number: u64) -> String {
    if number == 0 { "none".into() } else { number.to_string() }
}

/// Days where it is whole days, as the file writes it.
fn days(seconds: i64) -> String {
    match (seconds, seconds % DAY) {
        (0, _) => "none".into(),
        (_, 0) => (seconds / DAY).to_string(),
        _ => format!("{seconds} seconds"),
    }
}
