use microcred_client::{
    Address, Instruction, MicrocredError as E,
    event::Event,
    events::ExcessWithdrawn,
    instructions::{Excess, issuer, withdraw_excess},
    state::CredentialStatus::Active,
};
use microcred_tests::{World, read_only, runtime, with_account, with_extra_account, without_account};
use solana_account::Account;
use solana_keypair::Keypair;
use solana_signer::Signer;

/// Places of the instruction's accounts.
const ACCOUNT: usize = 0;
const ISSUER: usize = 1;
const REGISTRY: usize = 2;
const DESTINATION: usize = 3;

/// What is sent to each account above its rent minimum.
const EXCESS: u64 = 1_234_567;

/// An account of each kind, its size, and the instruction that withdraws from it.
struct Case {
    kind: &'static str,
    size: usize,
    withdraw: Instruction,
    /// Whether an issuer or registry account says where the excess goes.
    parent: Option<usize>,
}

impl Case {
    fn account(&self) -> Address {
        self.withdraw.accounts[ACCOUNT].pubkey
    }

    fn destination(&self) -> Address {
        self.withdraw.accounts[DESTINATION].pubkey
    }
}

/// One case of each kind, each account funded with [`EXCESS`].
fn cases(world: &mut World) -> [Case; 6] {
    let held = world.credential_in(Active);
    let (registry, authority) = (world.body.registry, world.body.authority.pubkey());
    let (issuer, treasury) = (world.issuer.address, world.issuer.treasury);
    let under_issuer = Excess::UnderIssuer { issuer, treasury };
    let cases = [
        ("registry", 416, registry, Excess::OfRegistry { authority }, None),
        ("issuer", 480, issuer, Excess::OfIssuer { treasury }, None),
        (
            "accreditation",
            192,
            world.accreditation().address(),
            Excess::UnderRegistry { registry, authority },
            Some(REGISTRY),
        ),
        ("issuer key", 176, world.issuer.key_ref().address(), under_issuer, Some(ISSUER)),
        ("achievement", 448, world.issuer.achievement, under_issuer, Some(ISSUER)),
        ("credential", 192, held.credential, under_issuer, Some(ISSUER)),
    ]
    .map(|(kind, size, account, excess, parent)| Case {
        kind,
        size,
        withdraw: withdraw_excess(account, &excess),
        parent,
    });
    for case in &cases {
        world.ledger.fund(&case.account(), EXCESS).unwrap();
    }
    cases
}

#[test]
fn the_excess_of_every_kind_goes_to_treasury_or_registry_authority_and_nobody_needs_to_sign() {
    let mut world = World::new();
    for case in cases(&mut world) {
        world.ledger.fund(&case.destination(), 1_000_000).unwrap();
        let (account, received) = (world.ledger.account(&case.account()).unwrap(), world.lamports(&case.destination()));
        let rent = world.ledger.rent_minimum(case.size);
        let sent = world.takes(case.kind, &case.withdraw, &[]);
        assert_eq!(
            world.ledger.account(&case.account()).unwrap(),
            Account { lamports: rent, ..account.clone() },
            "{}",
            case.kind
        );
        assert_eq!(account.lamports, rent + EXCESS, "{}", case.kind);
        assert_eq!(world.lamports(&case.destination()), received + EXCESS, "{}", case.kind);
        assert_eq!(
            sent.events(),
            [Event::ExcessWithdrawn(ExcessWithdrawn {
                account: case.account(),
                destination: case.destination(),
                lamports: EXCESS,
            })]
        );
        world.refuses_case(case.kind, &case.withdraw, &[], E::NoExcess);
    }
}

#[test]
fn a_single_lamport_is_excess() {
    let mut world = World::new();
    let [registry, ..] = cases(&mut world);
    world.ledger.fund(&registry.destination(), 1_000_000).unwrap();
    world.ok(std::slice::from_ref(&registry.withdraw), &[]);
    world.ledger.fund(&registry.account(), 1).unwrap();
    world.ok(&[registry.withdraw], &[]);
}

#[test]
fn nobody_chooses_the_destination() {
    let mut world = World::new();
    let thief = Keypair::new().pubkey();
    world.ledger.fund(&thief, 1_000_000).unwrap();
    let impostor = world.issuer.authority.pubkey();
    for case in cases(&mut world) {
        for wrong in [thief, impostor, world.issuer.key.pubkey()] {
            let wrong = with_account(&case.withdraw, DESTINATION, wrong);
            world.refuses_case(case.kind, &wrong, &[], E::WrongTreasury);
        }
        let own = with_account(&case.withdraw, DESTINATION, case.account());
        world.refuses_case(case.kind, &own, &[], runtime::PASSED_TWICE);
        world.refuses_case(case.kind, &read_only(&case.withdraw, DESTINATION), &[], runtime::NOT_WRITABLE);
        world.refuses_case(case.kind, &read_only(&case.withdraw, ACCOUNT), &[], runtime::NOT_WRITABLE);
        world.refuses_case(case.kind, &with_extra_account(&case.withdraw, thief), &[], E::ExtraAccount);
    }
}

#[test]
fn the_treasury_of_the_day_receives() {
    let mut world = World::new();
    let [_, issuer_case, ..] = cases(&mut world);
    let (authority, treasury) = (world.issuer.authority.insecure_clone(), Keypair::new().pubkey());
    world.ledger.fund(&treasury, 1_000_000).unwrap();
    world.ok(&[issuer::update_treasury(authority.pubkey(), world.issuer.address, treasury)], &[&authority]);
    world.refuses(&issuer_case.withdraw, &[], E::WrongTreasury);
    world.ok(&[with_account(&issuer_case.withdraw, DESTINATION, treasury)], &[]);
}

#[test]
fn the_parent_is_the_accounts_own_and_passed_exactly_when_it_has_one() {
    let mut world = World::new();
    let (other_issuer, other_body) = (world.new_issuer("college"), world.new_body("board"));
    let (issuer, registry) = (world.issuer.address, world.body.registry);
    for case in cases(&mut world) {
        let withdraw = &case.withdraw;
        let (missing, unexpected, wrong, wrong_error) = match case.parent {
            None => {
                // The account itself would be passed twice: another one of the kind shows that none is taken.
                for (place, parent) in [(ISSUER, other_issuer.address), (REGISTRY, other_body.registry)] {
                    let unexpected = with_account(withdraw, place, parent);
                    world.refuses_case(case.kind, &unexpected, &[], E::ParentUnexpected);
                }
                continue;
            }
            Some(ISSUER) => (ISSUER, (REGISTRY, registry), other_issuer.address, E::WrongIssuer),
            Some(_) => (REGISTRY, (ISSUER, issuer), other_body.registry, E::WrongRegistry),
        };
        world.refuses_case(case.kind, &without_account(withdraw, missing), &[], E::ParentMissing);
        let both = with_account(withdraw, unexpected.0, unexpected.1);
        world.refuses_case(case.kind, &both, &[], E::ParentUnexpected);
        world.refuses_case(case.kind, &with_account(withdraw, missing, wrong), &[], wrong_error);
        let stranger = with_account(withdraw, missing, Keypair::new().pubkey());
        world.refuses_case(case.kind, &stranger, &[], runtime::EMPTY);
    }
}

#[test]
fn what_is_not_the_programs_is_left_alone() {
    let mut world = World::new();
    let [.., case] = cases(&mut world);
    let wallet = Keypair::new().pubkey();
    world.ledger.fund(&wallet, 5_000_000_000).unwrap();
    world.refuses_case("a wallet", &with_account(&case.withdraw, ACCOUNT, wallet), &[], E::WrongAccount);
    let stored = world.ledger.account(&case.account()).unwrap();
    let (foreign, unknown) = (Keypair::new().pubkey(), Keypair::new().pubkey());
    world.ledger.svm().set_account(foreign, Account { owner: wallet, ..stored.clone() }).unwrap();
    world.ledger.svm().set_account(unknown, Account { data: vec![7; 192], ..stored }).unwrap();
    world.refuses_case("another program's", &with_account(&case.withdraw, ACCOUNT, foreign), &[], E::WrongAccount);
    world.refuses_case("of no kind", &with_account(&case.withdraw, ACCOUNT, unknown), &[], E::WrongAccount);
}
