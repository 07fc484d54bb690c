//! Chain and model side by side: what is done to one is done to the other, and they are compared.

use std::collections::{BTreeMap, BTreeSet};

use litesvm::LiteSVM;
use microcred::{
    VerifyArgs,
    verdict::{Evidence, Expected, Read, TrustEvidence, evaluate},
};
use microcred_client::{
    Address, Instruction, MicrocredError, PROGRAM_ID,
    account::AnyAccount,
    address,
    error::{Refusal, SendError},
    instructions::credential::{self, VerifyAccounts},
    ledger::{Embedded, Sent},
    state::Record as _,
};
use microcred_tests::{START, receipt};
use solana_keypair::Keypair;

use crate::{
    cast::Cast,
    coverage::Coverage,
    founding,
    model::{Answer, Model, Question},
    request::{Account, Call},
    resolve::{Act, next_address, resolve},
    step::Step,
};

/// How many calls can be replayed.
const REMEMBERED: usize = 24;
/// On chain all credentials are verified at every so many steps; those touched, at each.
const VERIFY_ALL_EVERY: usize = 50;

/// The ledger and the model.
pub struct World {
    ledger: Embedded,
    pub coverage: Coverage,
    cast: Cast,
    model: Model,
    earlier: Vec<Call>,
    /// What the steps came to.
    pub acts: Vec<Act>,
    /// What was done, for the one who reads a failure.
    pub history: Vec<String>,
    founded: (LiteSVM, Model),
}

/// The chain does not do what the model does.
pub type Difference = String;

impl World {
    /// A world as every sequence finds it.
    pub fn new() -> Self {
        let cast = Cast::new();
        let mut ledger = Embedded::in_memory().unwrap();
        ledger.set_time(START);
        let mut model = Model { now: START, payer: solana_signer::Signer::pubkey(&cast.payer), ..Model::default() };
        ledger.fund(&model.payer, 1 << 56).unwrap();
        for wallet in &cast.crowd {
            ledger.fund(wallet, 1 << 40).unwrap();
            model.balances.insert(*wallet, 1 << 40);
        }
        model.balances.insert(model.payer, 1 << 56);
        for account in [Account::Registry, Account::Issuer, Account::Accreditation, Account::Key, Account::Achievement]
        {
            model.rent.insert(account.size(), ledger.rent_minimum(account.size()));
        }
        let founded = (ledger.svm().clone(), model.clone());
        let mut world = Self {
            ledger,
            coverage: Coverage::default(),
            cast,
            model,
            earlier: Vec::new(),
            acts: Vec::new(),
            history: Vec::new(),
            founded,
        };
        for call in founding::calls(&world.cast) {
            let kind = call.request.kind();
            world.play(call).unwrap();
            assert!(world.history.last().is_some_and(|line| line.ends_with("Ok(())")), "{kind:?}: {:?}", world.history);
        }
        world.founded = (world.ledger.svm().clone(), world.model.clone());
        world.coverage = Coverage::default();
        world
    }

    /// Plays a sequence from the beginning.
    pub fn run(&mut self, steps: &[Step]) -> Result<(), Difference> {
        self.begin();
        for step in steps {
            let act = resolve(step, &self.model, &self.cast, &self.earlier);
            self.act(act)?;
        }
        Ok(())
    }

    /// Plays from the beginning what steps came to before.
    pub fn replay(&mut self, acts: &[Act]) -> Result<(), Difference> {
        self.begin();
        acts.iter().try_for_each(|act| self.act(act.clone()))
    }

    fn begin(&mut self) {
        let (svm, model) = &self.founded;
        *self.ledger.svm() = svm.clone();
        self.model = model.clone();
        self.ledger.set_time(self.model.now);
        self.earlier.clear();
        self.acts.clear();
        self.history.clear();
    }

    fn act(&mut self, act: Act) -> Result<(), Difference> {
        self.acts.push(act.clone());
        let touched = match act {
            Act::Pass(seconds) => {
                self.model.now += seconds;
                self.ledger.set_time(self.model.now);
                self.history.push(format!("{seconds} seconds pass"));
                BTreeSet::new()
            }
            Act::Donate { to, lamports } => {
                self.ledger.fund(&to, lamports).map_err(|error| format!("a gift to {to}: {error}"))?;
                *self.model.lamports(&to) += lamports;
                self.history.push(format!("{to} gets {lamports} lamports"));
                BTreeSet::from([to])
            }
            Act::Send(call) => {
                let touched = call.accounts.iter().map(|meta| meta.pubkey).collect();
                self.play(call)?;
                touched
            }
        };
        let accounts = self.compare_accounts()?;
        self.compare_verdicts(&accounts, &touched)
    }

    /// Sends a call, does the same to the model, and compares what came of it.
    fn play(&mut self, call: Call) -> Result<(), Difference> {
        let instruction =
            Instruction { program_id: PROGRAM_ID, accounts: call.accounts.clone(), data: call.data.clone() };
        let signers = call.accounts.iter().filter(|meta| meta.is_signer).map(|meta| meta.pubkey);
        let signers: BTreeSet<Address> = signers.filter(|signer| *signer != self.model.payer).collect();
        let signers: Vec<&Keypair> = signers.iter().map(|signer| &self.cast.wallets[signer]).collect();
        let sent = self.ledger.send(&[instruction], &self.cast.payer, &signers);
        let on_chain = outcome(sent).map(|_| ());
        let in_model = self.model.execute(&call);
        self.coverage.step(call.request.kind(), &in_model);
        let trailing = if call.trailing { " and a byte more" } else { "" };
        self.history.push(format!("{:?}{trailing} by {} -> {in_model:?}", call.request, self.names(&call)));
        if on_chain != in_model {
            return Err(format!("the model says {in_model:?}, the program {on_chain:?}: {:?}", call.data));
        }
        if self.earlier.len() == REMEMBERED {
            self.earlier.remove(0);
        }
        self.earlier.push(call);
        Ok(())
    }

    /// The accounts of a call, shortened.
    fn names(&self, call: &Call) -> String {
        let short = |address: &Address| address.to_string().chars().take(4).collect::<String>();
        let name = |meta: &solana_instruction::AccountMeta| {
            let kind = match self.model.records.get(&meta.pubkey) {
                Some(entry) => format!("{:?} ", entry.record.account()),
                None if meta.pubkey == self.cast.attacker => "attacker ".into(),
                None => String::new(),
            };
            format!("{kind}{}{}", short(&meta.pubkey), if meta.is_signer { "*" } else { "" })
        };
        call.accounts.iter().map(name).collect::<Vec<_>>().join(", ")
    }

    /// Every account of the model is on chain, field by field, and no other is. Returns them decoded.
    fn compare_accounts(&self) -> Result<BTreeMap<Address, AnyAccount>, Difference> {
        let mut decoded = BTreeMap::new();
        for (address, raw) in self.ledger.program_accounts() {
            let found = AnyAccount::decode(&address, &raw).map_err(|error| error.to_string())?;
            let Some(entry) = self.model.records.get(&address) else {
                return Err(format!("the model has no account at {address}, the chain {found:#?}"));
            };
            let expected = entry.record.on_chain(entry.bump);
            if expected != found {
                return Err(format!("{address}: the model has {expected:#?}, the chain {found:#?}"));
            }
            if entry.lamports != raw.lamports {
                return Err(format!("{address} has {} lamports, the model {}", raw.lamports, entry.lamports));
            }
            invariant(&found).map_err(|error| format!("{address} breaks its invariant: {error:?}: {found:#?}"))?;
            decoded.insert(address, found);
        }
        for wallet in &self.cast.crowd {
            let held = self.ledger.account(wallet).map_or(0, |account| account.lamports);
            if held != self.model.balances[wallet] {
                return Err(format!("wallet {wallet} has {held}, the model {}", self.model.balances[wallet]));
            }
        }
        match self.model.records.keys().find(|address| !decoded.contains_key(*address)) {
            Some(address) => Err(format!("{:#?} is not on chain", self.model.records[address])),
            None => Ok(decoded),
        }
    }

    /// The pure function answers as the model for every credential, the program for those touched.
    fn compare_verdicts(
        &mut self,
        accounts: &BTreeMap<Address, AnyAccount>,
        touched: &BTreeSet<Address>,
    ) -> Result<(), Difference> {
        let all = self.acts.len().is_multiple_of(VERIFY_ALL_EVERY);
        for (n, question) in self.questions().into_iter().enumerate() {
            let expected = self.model.answer(&question);
            self.coverage.verdict(expected.verdict, (expected.trust_at_issue, expected.trust_now));
            let pure = pure_answer(&question, accounts, self.model.now);
            if pure != expected {
                return Err(format!("{question:?}: the model answers {expected:?}, `evaluate` {pure:?}"));
            }
            if all || touched.contains(&question.credential) || (self.acts.len() + n).is_multiple_of(97) {
                self.verify(&question, &expected)?;
            }
        }
        Ok(())
    }

    /// One question about each credential, which differ with the step, and one about a credential that does not exist.
    fn questions(&self) -> Vec<Question> {
        let registries: Vec<Address> = self.model.registries().map(|(address, _)| address).collect();
        let (mut questions, mut missing) = (Vec::new(), None);
        for (n, (credential, of)) in self.model.credentials().enumerate() {
            let turn = self.acts.len() + n;
            let mut question = Question {
                credential,
                achievement: of.achievement,
                subject: of.first_subject,
                with_key: !turn.is_multiple_of(19),
                registry: registries.get(turn % (registries.len() + 1)).copied(),
            };
            if turn.is_multiple_of(13) {
                question.subject = self.cast.attacker;
            }
            if turn.is_multiple_of(17) {
                question.achievement = self.cast.nowhere;
            }
            let next = next_address(of);
            if !self.model.records.contains_key(&next) {
                missing = Some(Question { credential: next, registry: None, with_key: false, ..question });
            }
            questions.push(question);
        }
        questions.extend(missing);
        questions
    }

    /// The program answers as the model; the strict variant fails exactly where the answer is not good.
    fn verify(&mut self, question: &Question, expected: &Answer) -> Result<(), Difference> {
        let of = self.model.records.contains_key(&question.credential);
        let of = of.then(|| self.model.credential(&question.credential));
        let accounts = VerifyAccounts {
            credential: question.credential,
            issuer_key: of.filter(|_| question.with_key).map(|of| address::issuer_key(&of.issuer, of.key_index)),
            issuer: of.map(|of| of.issuer),
        };
        let args = VerifyArgs {
            achievement: Some(question.achievement),
            issuer: of.map(|of| of.issuer),
            subject: question.subject,
            registry: question.registry,
        };
        let sent = outcome(self.ledger.send(&[credential::verify(&accounts, args.clone())], &self.cast.payer, &[]))
            .map_err(|refusal| format!("{question:?}: verify was refused: {refusal:?}"))?;
        let receipt = receipt(&sent);
        let answered = Answer {
            verdict: receipt.verdict,
            findings: receipt.findings,
            reason: receipt.reason,
            trust_at_issue: receipt.trust_at_issue,
            trust_now: receipt.trust_now,
            exit_code: expected.exit_code,
        };
        if answered != *expected || receipt.checked_at != self.model.now || receipt.credential != question.credential {
            return Err(format!("{question:?}: the model answers {expected:?}, `verify` {receipt:?}"));
        }
        let strict = match (expected.verdict, expected.exit_code) {
            (12, 0) => Ok(()),
            (12, _) => Err(Refusal::Microcred(MicrocredError::NotTrusted)),
            _ => Err(Refusal::Microcred(MicrocredError::NotValid)),
        };
        let sent = self.ledger.send(&[credential::verify_strict(&accounts, args)], &self.cast.payer, &[]);
        let answered = outcome(sent).map(|_| ());
        self.coverage.outcome(&answered);
        if answered != strict {
            return Err(format!("{question:?}: the model says {strict:?}, `verify_strict` {answered:?}"));
        }
        Ok(())
    }
}

/// What sending gave; anything but a refusal is a fault of the test itself.
fn outcome(sent: Result<Sent, SendError>) -> Result<Sent, Refusal> {
    match sent {
        Ok(sent) => Ok(sent),
        Err(SendError::Refused { refusal, .. }) => Err(refusal),
        Err(other) => panic!("{other}: {other:?}"),
    }
}

fn invariant(account: &AnyAccount) -> Result<(), MicrocredError> {
    match account {
        AnyAccount::Registry(of) => of.invariant(),
        AnyAccount::Issuer(of) => of.invariant(),
        AnyAccount::Accreditation(of) => of.invariant(),
        AnyAccount::IssuerKey(of) => of.invariant(),
        AnyAccount::Achievement(of) => of.invariant(),
        AnyAccount::Credential(of) => of.invariant(),
    }
}

/// What the program's pure function answers over the accounts as they were read.
fn pure_answer(question: &Question, accounts: &BTreeMap<Address, AnyAccount>, now: i64) -> Answer {
    /// Reads an account of a kind.
    macro_rules! read {
        ($kind:ident, $address:expr) => {
            match accounts.get(&$address) {
                Some(AnyAccount::$kind(of)) => Read::Found(of),
                Some(_) => Read::Failed,
                None => Read::Missing,
            }
        };
    }
    let credential = read!(Credential, question.credential);
    let (issuer, key_index) = credential.found().map_or((Address::default(), 0), |of| (of.issuer, of.key_index));
    let key = read!(IssuerKey, address::issuer_key(&issuer, key_index));
    let expected = Expected { issuer: None, achievement: Some(question.achievement), subject: Some(question.subject) };
    let trust = question.registry.map(|registry| TrustEvidence {
        registry_address: registry,
        registry: read!(Registry, registry),
        issuer: read!(Issuer, issuer),
        accreditation: read!(Accreditation, address::accreditation(&registry, &issuer)),
    });
    let key = if question.with_key { key } else { Read::Missing };
    let assessment = evaluate(&Evidence {
        now: Some(now),
        address: question.credential,
        credential,
        key,
        expected,
        document: None,
        trust,
    });
    Answer {
        verdict: assessment.verdict.code(),
        findings: assessment.findings.bits(),
        reason: assessment.reason.code(),
        trust_at_issue: assessment.trust.map_or(0, |trust| trust.at_issue.code()),
        trust_now: assessment.trust.map_or(0, |trust| trust.now.code()),
        exit_code: assessment.exit_code(),
    }
}
