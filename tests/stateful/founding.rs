//! Where every sequence begins: two registries, three issuers with keys of several kinds, their achievements, and
//! accreditations.

use microcred::{
    AccreditIssuerArgs, AddKeyArgs, CreateAchievementArgs, CreateIssuerArgs, CreateRegistryArgs, KeyTerms,
};
use microcred_client::{
    Address, address,
    instructions::{Actor, accreditation, accreditation::AccreditationRef, achievement, issuer, key, registry},
    state::{Term, UNLIMITED, permission, policy},
};
use microcred_tests::{START, achievement_args, issuer_args, key_terms, registry_args};
use solana_signer::Signer;

use crate::{
    cast::Cast,
    request::{Call, Request},
    resolve::{DAY, made},
};

/// The calls that found it, in order; each must succeed.
pub fn calls(cast: &Cast) -> Vec<Call> {
    let payer = cast.payer.pubkey();
    let mut calls = Vec::new();
    let registries = ["quality", "ministry"].iter().zip(&cast.authorities).map(|(slug, creator)| {
        let args: CreateRegistryArgs = registry_args(slug);
        calls.push(made(Request::CreateRegistry(args.clone()), registry::create(payer, *creator, args)));
        AccreditationRef { authority: *creator, registry: address::registry(creator, slug), issuer: Address::default() }
    });
    let registries = registries.collect::<Vec<_>>();
    for (n, authority) in cast.authorities[2..].iter().enumerate() {
        let at = address::issuer(authority, "university");
        let args: CreateIssuerArgs = issuer_args("university", cast.treasuries[n], key_terms(cast.holders[n]));
        calls.push(made(Request::CreateIssuer(args.clone()), issuer::create(payer, *authority, args)));
        let actor = Actor::Authority { issuer: at, authority: *authority };
        let renewable =
            CreateAchievementArgs { policy: policy::RENEWABLE, default_validity: 90 * DAY, ..achievement_args("rust") };
        let acceptance = CreateAchievementArgs {
            policy: policy::ACCEPTANCE_REQUIRED | policy::RENEWABLE,
            ..achievement_args("teamwork")
        };
        for args in [renewable, acceptance] {
            calls.push(made(Request::CreateAchievement(args.clone()), achievement::create(payer, &actor, args)));
        }
        let holder = cast.holders[n + 3];
        let scoped = KeyTerms { scope: address::achievement(&at, "rust"), quota: 6, ..key_terms(holder) };
        let limited = KeyTerms {
            permissions: permission::ISSUE | permission::REVOKE,
            valid_until: START + 60 * DAY,
            quota: UNLIMITED,
            ..key_terms(holder)
        };
        for (index, terms) in [(1, scoped), (2, limited)] {
            let args = AddKeyArgs { index, key: terms };
            calls.push(made(Request::AddKey(args), key::add(payer, *authority, at, index, terms)));
        }
        if let Some(registry) = registries.get(n) {
            let of = AccreditationRef { issuer: at, ..*registry };
            let term = Term { from: START - DAY, until: if n == 0 { 0 } else { START + 90 * DAY } };
            let args = AccreditIssuerArgs { profile_revision: 0, from: term.from, until: term.until };
            calls.push(made(Request::AccreditIssuer(args), accreditation::accredit(payer, &of, 0, term)));
        }
    }
    calls
}
