use microcred::{CreateAchievementArgs, EditAchievementArgs};
use microcred_client::{Address, MicrocredError as E};

use super::{
    Achievement, Allowed, Key, Life, Model, Record, alone, arguments, check, name, pause, publish, resume, retire,
    slug, text, unless_zero,
};
use crate::request::Call;

/// The permission to manage achievements.
const MANAGE: u16 = 16;

impl Model {
    pub(super) fn create_achievement(&mut self, call: &Call, args: &CreateAchievementArgs) -> Allowed {
        let (actor, key, issuer, address) = (call.at(1), call.maybe(2), call.at(3), call.at(4));
        self.is_issuers(key, &issuer)?;
        arguments(call)?;
        alone(call)?;
        check(key.is_none_or(|key| self.key(&key).scope.is_none()), E::KeyScopedCannotCreate)?;
        self.manages(&actor, key, &issuer, &address)?;
        check(self.issuer(&issuer).status == Life::Active, E::IssuerNotActive)?;
        slug(&args.code)?;
        let achievement = Achievement {
            status: if args.publish { Life::Active } else { Life::Draft },
            kind: args.kind,
            acceptance_required: args.policy & 1 != 0,
            renewable: args.policy & 2 != 0,
            eqf_level: args.eqf_level,
            workload: args.workload,
            issuer,
            code: args.code.clone(),
            definition_digest: args.definition_digest,
            title: args.title.clone(),
            uri: args.uri.clone(),
            default_validity: unless_zero(args.default_validity),
            created_at: self.now,
            status_changed_at: None,
            replaces: None,
        };
        let seeds: [&[u8]; 3] = [b"achievement", issuer.as_ref(), args.code.as_bytes()];
        self.create(call.at(0), address, &seeds, Record::Achievement(achievement))?;
        definition(args.kind, args.policy, args.eqf_level, args.default_validity, &args.title, &args.uri)
    }

    pub(super) fn edit_achievement(&mut self, call: &Call, args: &EditAchievementArgs) -> Allowed {
        self.links_achievement(call)?;
        self.may_manage(call)?;
        self.issuer_is_active(call)?;
        let achievement = self.achievement_mut(&call.at(3));
        check(achievement.status == Life::Draft, E::AchievementNotDraft)?;
        definition(args.kind, args.policy, args.eqf_level, args.default_validity, &args.title, &args.uri)?;
        achievement.kind = args.kind;
        achievement.acceptance_required = args.policy & 1 != 0;
        achievement.renewable = args.policy & 2 != 0;
        achievement.eqf_level = args.eqf_level;
        achievement.workload = args.workload;
        achievement.definition_digest = args.definition_digest;
        achievement.title = args.title.clone();
        achievement.uri = args.uri.clone();
        achievement.default_validity = unless_zero(args.default_validity);
        Ok(())
    }

    pub(super) fn publish_achievement(&mut self, call: &Call) -> Allowed {
        self.links_achievement(call)?;
        self.change_achievement(call, publish)
    }

    pub(super) fn pause_achievement(&mut self, call: &Call) -> Allowed {
        self.links_achievement(call)?;
        self.change_achievement(call, pause)
    }

    pub(super) fn resume_achievement(&mut self, call: &Call) -> Allowed {
        self.links_achievement(call)?;
        self.change_achievement(call, resume)
    }

    pub(super) fn retire_achievement(&mut self, call: &Call) -> Allowed {
        self.links_achievement(call)?;
        self.change_achievement(call, retire)
    }

    pub(super) fn set_replaced_achievement(&mut self, call: &Call) -> Allowed {
        let (issuer, address, replaced) = (call.at(2), call.at(3), call.at(4));
        self.is_issuers(call.maybe(1), &issuer)?;
        check(self.achievement(&address).issuer == issuer, E::WrongIssuer)?;
        check(self.achievement(&replaced).issuer == issuer, E::WrongIssuer)?;
        arguments(call)?;
        self.may_manage(call)?;
        self.issuer_is_active(call)?;
        let (newer, older) = (self.achievement(&address), self.achievement(&replaced));
        check(older.created_at < newer.created_at, E::ReplacesNewer)?;
        self.achievement_mut(&address).replaces = Some(replaced);
        Ok(())
    }

    fn change_achievement(&mut self, call: &Call, change: fn(Life) -> Allowed<Life>) -> Allowed {
        self.may_manage(call)?;
        let now = self.now;
        let status = change(self.achievement(&call.at(3)).status)?;
        if status == Life::Active {
            self.issuer_is_active(call)?;
        }
        let achievement = self.achievement_mut(&call.at(3));
        achievement.status = status;
        achievement.status_changed_at = Some(now);
        Ok(())
    }

    fn links_achievement(&self, call: &Call) -> Allowed {
        self.is_issuers(call.maybe(1), &call.at(2))?;
        check(self.achievement(&call.at(3)).issuer == call.at(2), E::WrongIssuer)?;
        arguments(call)
    }

    fn issuer_is_active(&self, call: &Call) -> Allowed {
        check(self.issuer(&call.at(2)).status == Life::Active, E::IssuerNotActive)
    }

    fn may_manage(&self, call: &Call) -> Allowed {
        alone(call)?;
        self.manages(&call.at(0), call.maybe(1), &call.at(2), &call.at(3))
    }

    fn is_issuers(&self, key: Option<Address>, issuer: &Address) -> Allowed {
        check(key.is_none_or(|key| self.key(&key).issuer == *issuer), E::WrongIssuer)
    }

    /// The holder of a key that may, or without a key the authority.
    fn manages(&self, actor: &Address, key: Option<Address>, issuer: &Address, achievement: &Address) -> Allowed {
        let Some(key) = key else {
            return check(self.issuer(issuer).authority == *actor, E::NotIssuerAuthority);
        };
        check(self.key(&key).holder == *actor, E::NotKeyHolder)?;
        self.key(&key).allows(MANAGE, achievement, self.now)
    }
}

impl Key {
    /// Whether the key may do something now, to this achievement.
    pub fn allows(&self, permission: u16, achievement: &Address, now: i64) -> Allowed {
        check(!self.retired, E::KeyRetired)?;
        check(self.valid_from <= now, E::KeyNotYetValid)?;
        check(self.valid_until.is_none_or(|until| now < until), E::KeyNoLongerValid)?;
        check(self.permissions & permission != 0, E::KeyWithoutPermission)?;
        check(self.scope.is_none_or(|scope| scope == *achievement), E::KeyOutOfScope)
    }
}

fn definition(kind: u8, policy: u8, level: u8, validity: i64, title: &str, uri: &str) -> Allowed {
    check((1..=3).contains(&kind), E::UnknownKind)?;
    check(policy <= 3, E::UnknownPolicy)?;
    check(level <= 8, E::BadLevel)?;
    check((0..=3_155_760_000).contains(&validity), E::BadValidity)?;
    name(title, 128)?;
    text(uri, 128)
}
