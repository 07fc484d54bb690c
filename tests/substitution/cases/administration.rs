use microcred::{CreateAchievementArgs, EditAchievementArgs, UpdateIssuerProfileArgs, seeds};
use microcred_client::{
    Address, Instruction, address,
    instructions::{
        Actor, Excess, accreditation, accreditation::AccreditationRef, achievement, issuer, key, registry,
        withdraw_excess,
    },
    state::{Reason, Term},
};
use microcred_tests::{DAY, START, achievement_args, issuer_args, key_terms, registry_args};

use super::Case;
use crate::{cast::Cast, stage::Stage};

/// Which index the university's next key gets.
const NEXT_KEY: u16 = 6;

pub fn registries(cast: &Cast) -> Vec<Case> {
    let (authority, of) = (cast.registrar, cast.registry);
    let create = registry::create(cast.payer, authority, registry_args("unused"));
    vec![
        Case::new("create_registry", "", create).creating(2, &[seeds::REGISTRY, authority.as_ref(), b"unused"]),
        Case::new("update_registry_uri", "", registry::update_uri(authority, of, "https://agency.example/new")),
        Case::new("propose_registry_authority", "", registry::propose_authority(authority, of, Some(cast.nominee))),
        Case::new("accept_registry_authority", "", registry::accept_authority(cast.nominee, of))
            .after(propose_registry_authorities),
        Case::new("pause_registry", "", registry::pause(authority, of)),
        Case::new("resume_registry", "", registry::resume(authority, of)).after(pause_registries),
        Case::new("retire_registry", "", registry::retire(authority, of)),
    ]
}

fn propose_registry_authorities(cast: &Cast, stage: &mut Stage) {
    let nominees = [cast.nominee, cast.nominee, cast.other_nominee];
    stage.act(
        cast.registries()
            .into_iter()
            .zip(nominees)
            .map(|((authority, registry), nominee)| registry::propose_authority(authority, registry, Some(nominee))),
    );
}

fn pause_registries(cast: &Cast, stage: &mut Stage) {
    stage.act(cast.registries().map(|(authority, registry)| registry::pause(authority, registry)));
}

pub fn accreditations(cast: &Cast) -> Vec<Case> {
    let [(_, of), ..] = cast.accreditations();
    let newcomer = AccreditationRef { issuer: cast.newcomer.issuer, ..of };
    let term = Term { from: START + DAY, until: 0 };
    let seeds = [seeds::ACCREDITATION, cast.registry.as_ref(), newcomer.issuer.as_ref()];
    vec![
        Case::new("accredit_issuer", "", accreditation::accredit(cast.payer, &newcomer, 0, term)).creating(4, &seeds),
        Case::new("suspend_accreditation", "", accreditation::suspend(&of, Reason::UnderReview, 0)),
        Case::new("reinstate_accreditation", "", accreditation::reinstate(&of)).after(suspend_accreditations),
        Case::new("withdraw_accreditation", "", accreditation::withdraw(&of, Reason::RequirementsNotMet, 0)),
        Case::new("add_accreditation_term", "", accreditation::add_term(&of, 0, term)).after(withdraw_accreditations),
        Case::new("confirm_accreditation", "", accreditation::confirm(&of, 1)).after(update_profiles),
    ]
}

fn suspend_accreditations(cast: &Cast, stage: &mut Stage) {
    stage.act(cast.accreditations().map(|(_, of)| accreditation::suspend(&of, Reason::UnderReview, 0)));
}

fn withdraw_accreditations(cast: &Cast, stage: &mut Stage) {
    stage.act(cast.accreditations().map(|(_, of)| accreditation::withdraw(&of, Reason::UnderReview, 0)));
}

fn update_profiles(cast: &Cast, stage: &mut Stage) {
    stage.act(cast.houses().map(|house| issuer::update_profile(house.authority, house.issuer, profile())));
}

fn profile() -> UpdateIssuerProfileArgs {
    UpdateIssuerProfileArgs { name: "New name".into(), url: String::new(), country: "FR".into() }
}

pub fn issuers(cast: &Cast) -> Vec<Case> {
    let (authority, of) = (cast.university.authority, cast.university.issuer);
    let created = address::issuer(&authority, "unused");
    let args = issuer_args("unused", cast.university.treasury, key_terms(cast.university.holder));
    let add = key::add(cast.payer, authority, of, NEXT_KEY, key_terms(cast.stranger));
    vec![
        Case::new("create_issuer", "", issuer::create(cast.payer, authority, args))
            .creating(2, &[seeds::ISSUER, authority.as_ref(), b"unused"])
            .creating(3, &[seeds::KEY, created.as_ref(), &[0, 0]]),
        Case::new("update_issuer_profile", "", issuer::update_profile(authority, of, profile())),
        Case::new("update_issuer_treasury", "", issuer::update_treasury(authority, of, cast.stranger)),
        Case::new("propose_issuer_authority", "", issuer::propose_authority(authority, of, Some(cast.nominee))),
        Case::new("accept_issuer_authority", "", issuer::accept_authority(cast.nominee, of))
            .after(propose_issuer_authorities),
        Case::new("pause_issuer", "", issuer::pause(authority, of)),
        Case::new("resume_issuer", "", issuer::resume(authority, of)).after(pause_issuers),
        Case::new("retire_issuer", "", issuer::retire(authority, of)),
        Case::new("add_key", "", add).creating(3, &[seeds::KEY, of.as_ref(), &NEXT_KEY.to_le_bytes()]),
        Case::new("shorten_key", "", key::shorten(authority, of, 0, START + DAY)),
        Case::new("retire_key", "", key::retire(authority, of, 0)),
        Case::new("mark_key_compromised", "", key::mark_compromised(authority, of, 0, START)),
    ]
}

fn propose_issuer_authorities(cast: &Cast, stage: &mut Stage) {
    let nominees = [cast.nominee, cast.nominee, cast.other_nominee];
    stage.act(
        cast.houses()
            .into_iter()
            .zip(nominees)
            .map(|(house, nominee)| issuer::propose_authority(house.authority, house.issuer, Some(nominee))),
    );
}

fn pause_issuers(cast: &Cast, stage: &mut Stage) {
    stage.act(cast.houses().map(|house| issuer::pause(house.authority, house.issuer)));
}

pub fn achievements(cast: &Cast) -> Vec<Case> {
    let house = &cast.university;
    let args = CreateAchievementArgs { publish: false, ..achievement_args("unused") };
    let edited = EditAchievementArgs {
        title: "Rust for embedded systems".into(),
        uri: String::new(),
        kind: 2,
        policy: 0,
        eqf_level: 5,
        workload: 60,
        default_validity: 0,
        definition_digest: [8; 32],
    };
    let seeds: [&[u8]; 3] = [seeds::ACHIEVEMENT, house.issuer.as_ref(), b"unused"];
    let mut cases = Vec::new();
    for (variant, actor) in [("by key", house.by_key()), ("by authority", house.by_authority())] {
        let manage = |build: fn(&Actor, Address) -> Instruction, achievement| build(&actor, achievement);
        let create = achievement::create(cast.payer, &actor, args.clone());
        let replace = achievement::set_replaced(&actor, house.draft, house.acceptance);
        cases.extend([
            Case::new("create_achievement", variant, create).creating(4, &seeds),
            Case::new("edit_achievement", variant, achievement::edit(&actor, house.draft, edited.clone())),
            Case::new("publish_achievement", variant, manage(achievement::publish, house.draft)),
            Case::new("pause_achievement", variant, manage(achievement::pause, house.achievement)),
            Case::new("resume_achievement", variant, manage(achievement::resume, house.achievement))
                .after(pause_achievements),
            Case::new("retire_achievement", variant, manage(achievement::retire, house.achievement)),
            Case::new("set_replaced_achievement", variant, replace),
        ]);
    }
    cases
}

fn pause_achievements(cast: &Cast, stage: &mut Stage) {
    for house in cast.houses() {
        stage
            .act([house.achievement, house.acceptance].map(|paused| achievement::pause(&house.by_authority(), paused)));
    }
    stage.act([achievement::pause(&cast.university.by_authority(), cast.extra)]);
}

pub fn excess(cast: &Cast) -> Vec<Case> {
    let house = &cast.university;
    let (issuer, treasury) = (house.issuer, house.treasury);
    let (registry, authority) = (cast.registry, cast.registrar);
    let [(_, accreditation), ..] = cast.accreditations();
    let under_issuer = Excess::UnderIssuer { issuer, treasury };
    [
        ("of a registry", registry, Excess::OfRegistry { authority }),
        ("of an issuer", issuer, Excess::OfIssuer { treasury }),
        ("of an accreditation", accreditation.address(), Excess::UnderRegistry { registry, authority }),
        ("of a key", house.key().address(), under_issuer),
        ("of an achievement", house.achievement, under_issuer),
        ("of a credential", cast.credential(), under_issuer),
    ]
    .map(|(variant, account, excess)| {
        Case::new("withdraw_excess", variant, withdraw_excess(account, &excess)).after(add_excess_to_all)
    })
    .into()
}

fn add_excess_to_all(_: &Cast, stage: &mut Stage) {
    for address in stage.program_accounts() {
        stage.add_lamports(address, 1_000);
    }
}
