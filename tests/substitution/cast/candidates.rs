use microcred_client::{Address, address, instructions::SYSTEM_PROGRAM, ledger::CLOCK};

use super::{Cast, FOREIGN_PROGRAM, House};

impl Cast {
    pub(super) fn wallets(&self) -> [(&'static str, Address); 16] {
        [
            ("wallet, payer", self.payer),
            ("wallet, registry authority", self.registrar),
            ("wallet, another registry's authority", self.other_registrar),
            ("wallet, issuer authority", self.university.authority),
            ("wallet, another issuer's authority", self.academy.authority),
            ("wallet, key holder", self.university.holder),
            ("wallet, second key's holder", self.second_holder),
            ("wallet, another issuer's key holder", self.academy.holder),
            ("wallet, learner", self.learner),
            ("wallet, another learner", self.other_learner),
            ("wallet, former learner", self.former_learner),
            ("wallet, nominee", self.nominee),
            ("wallet, another nominee", self.other_nominee),
            ("wallet, treasury", self.university.treasury),
            ("wallet, another issuer's treasury", self.academy.treasury),
            ("wallet, stranger", self.stranger),
        ]
    }

    /// Accounts of the university, each with what is the same to the press; and those of the main registry, each with
    /// what is the same to the sister registry. The same people act for both.
    pub fn sisters(&self) -> [Vec<(Address, Address)>; 2] {
        let (one, other, [new_learner, next_learner]) = (&self.university, &self.press, &self.new_learners);
        let of_house = |house: &House, active: u16, next_key: u16| {
            let credential = |subject, sequence| address::credential(&house.achievement, subject, sequence);
            [
                house.issuer,
                house.key().address(),
                address::issuer_key(&house.issuer, next_key),
                house.achievement,
                house.acceptance,
                house.draft,
                address::achievement(&house.issuer, "unused"),
                address::accreditation(&self.registry, &house.issuer),
                credential(&self.learner, active),
                credential(&self.other_learner, 0),
                credential(&self.former_learner, 1),
                credential(&self.former_learner, 2),
                credential(new_learner, 0),
                credential(next_learner, 0),
                address::credential(&house.acceptance, &self.learner, 0),
            ]
        };
        let of_registry = |registry: Address| {
            let accreditation = |house: &House| address::accreditation(&registry, &house.issuer);
            [registry, accreditation(one), accreditation(&self.newcomer)]
        };
        [
            of_house(one, 1, 6).into_iter().zip(of_house(other, 0, 1)).collect(),
            of_registry(self.registry).into_iter().zip(of_registry(self.sister_registry)).collect(),
        ]
    }

    /// Every account that can be put in place of another, with its label: its kind, a comma, which one.
    pub fn candidates(&self) -> Vec<(&'static str, Address)> {
        let (university, press, academy) = (&self.university, &self.press, &self.academy);
        let key = |house: &House, index| address::issuer_key(&house.issuer, index);
        let of =
            |achievement: &Address, subject: &Address, sequence| address::credential(achievement, subject, sequence);
        let [new_learner, next_learner] = &self.new_learners;
        let mut candidates = vec![
            ("registry, main", self.registry),
            ("registry, sister", self.sister_registry),
            ("registry, other", self.other_registry),
            ("issuer, main", university.issuer),
            ("issuer, sister", press.issuer),
            ("issuer, other", academy.issuer),
            ("issuer, accredited by nobody", self.newcomer.issuer),
            ("key, main", key(university, 0)),
            ("key, of another holder", key(university, 1)),
            ("key, second of the holder", key(university, 2)),
            ("key, scoped to another achievement", key(university, 3)),
            ("key, without permission", key(university, 4)),
            ("key, retired", key(university, 5)),
            ("key, of the holder at the sister issuer", key(press, 0)),
            ("key, of another issuer", key(academy, 0)),
            ("achievement, main", university.achievement),
            ("achievement, extra", self.extra),
            ("achievement, requiring acceptance", university.acceptance),
            ("achievement, of the sister issuer", press.achievement),
            ("achievement, of another issuer", academy.achievement),
            ("draft, main", university.draft),
            ("draft, second", self.second_draft),
            ("draft, of the sister issuer", press.draft),
            ("draft, of another issuer", academy.draft),
            ("credential, active", self.credential()),
            ("credential, earlier of the learner", of(&university.achievement, &self.learner, 0)),
            ("credential, of another learner", of(&university.achievement, &self.other_learner, 0)),
            ("credential, of a commitment", of(&self.extra, &self.learner, 0)),
            ("credential, of the sister issuer", of(&press.achievement, &self.learner, 0)),
            ("credential, of another issuer", of(&academy.achievement, &self.learner, 0)),
            ("pending, active", self.pending()),
            ("pending, of another learner", of(&university.acceptance, &self.other_learner, 0)),
            ("pending, of the sister issuer", of(&press.acceptance, &self.learner, 0)),
            ("pending, of another issuer", of(&academy.acceptance, &self.learner, 0)),
            ("revoked, first", of(&university.achievement, &self.former_learner, 0)),
            ("revoked, second", of(&university.achievement, &self.former_learner, 1)),
            ("revoked, of another achievement", of(&self.extra, &self.former_learner, 0)),
            ("revoked, of the sister issuer", of(&press.achievement, &self.former_learner, 1)),
            ("revoked, of another issuer", of(&academy.achievement, &self.former_learner, 1)),
            ("unused, registry", address::registry(&self.registrar, "unused")),
            ("unused, another creator's registry", address::registry(&self.other_registrar, "unused")),
            ("unused, issuer", address::issuer(&university.authority, "unused")),
            ("unused, another creator's issuer", address::issuer(&academy.authority, "unused")),
            ("unused, accreditation", address::accreditation(&self.registry, &self.newcomer.issuer)),
            ("unused, accreditation by another", address::accreditation(&self.other_registry, &self.newcomer.issuer)),
            ("unused, accreditation of another", address::accreditation(&self.other_registry, &academy.issuer)),
            ("unused, key", key(university, 6)),
            ("unused, next key", key(university, 7)),
            ("unused, another issuer's key", key(academy, 1)),
            ("unused, achievement", address::achievement(&university.issuer, "unused")),
            ("unused, another issuer's achievement", address::achievement(&academy.issuer, "unused")),
            ("unused, credential", of(&university.achievement, new_learner, 0)),
            ("unused, next sequence", of(&university.achievement, new_learner, 1)),
            ("unused, third sequence", of(&university.achievement, &self.former_learner, 2)),
            ("unused, fourth sequence", of(&university.achievement, &self.former_learner, 3)),
            ("unused, another learner's credential", of(&university.achievement, next_learner, 0)),
            ("unused, another achievement's credential", of(&self.extra, new_learner, 0)),
            ("unused, another issuer's credential", of(&academy.achievement, new_learner, 0)),
            ("nobody", self.nobody),
            ("account of another program", self.foreign_account),
            ("microcred itself", microcred::ID),
            ("another program", FOREIGN_PROGRAM),
            ("System program", SYSTEM_PROGRAM),
            ("clock", CLOCK),
        ];
        candidates.extend(self.accreditations().map(|(label, accreditation)| (label, accreditation.address())));
        candidates.extend(self.wallets());
        candidates
    }
}
