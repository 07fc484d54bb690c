//! What goes wrong, and when: a plan depends on a seed, a method and how often that was asked, and on nothing else.

use sha2::{Digest, Sha256};

/// What goes wrong between a client and a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fault {
    /// The connection ends before the question arrives.
    HangUp,
    /// The question arrives, and the connection ends instead of an answer.
    Lose,
    /// The answer comes late.
    Delay,
    /// HTTP 429.
    TooMany,
    /// HTTP 429 that says how long to wait.
    TooManyWait,
    /// HTTP 503.
    OutOfOrder,
    /// The connection ends amid the answer.
    Break,
    /// The answer ends amid a word, as if it were whole.
    Cut,
    /// The answer is of another kind.
    Garbage,
    /// The answer is JSON-RPC, but the result has not the form of one.
    Nonsense,
    /// The answer is to another question.
    Mixed,
    /// An older answer to the same question, from its older slot, though a newer one was required.
    Stale,
    /// The refusal of a node that is behind what was required.
    Behind,
    /// The transaction arrives twice.
    Twice,
    /// The transaction is taken, and dropped.
    Swallow,
    /// Nothing comes back, and the transaction arrives later.
    Late,
    /// The cluster does not know of the transaction, although it has it.
    Hide,
}

use Fault::*;

impl Fault {
    /// All.
    pub const ALL: [Self; 17] = [
        HangUp,
        Lose,
        Delay,
        TooMany,
        TooManyWait,
        OutOfOrder,
        Break,
        Cut,
        Garbage,
        Nonsense,
        Mixed,
        Stale,
        Behind,
        Twice,
        Swallow,
        Late,
        Hide,
    ];

    /// What can befall a read of accounts.
    pub const OF_READS: [Self; 13] =
        [HangUp, Lose, Delay, TooMany, TooManyWait, OutOfOrder, Break, Cut, Garbage, Nonsense, Mixed, Stale, Behind];

    /// Whether it can befall a method. Older answers are given where an answer says its slot: elsewhere nobody could tell.
    pub fn befalls(self, method: &str) -> bool {
        let sends = method == "sendTransaction";
        match self {
            Twice | Swallow | Late => sends,
            Hide => matches!(method, "getSignatureStatuses" | "getTransaction"),
            Behind => !sends,
            Stale => matches!(
                method,
                "getMultipleAccounts"
                    | "getProgramAccounts"
                    | "getLatestBlockhash"
                    | "getSignatureStatuses"
                    | "getEpochInfo"
                    | "getFeeForMessage"
                    | "simulateTransaction"
            ),
            _ => true,
        }
    }
}

/// When what goes wrong.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Everything follows from it.
    pub seed: u64,
    /// Of how many questions in a hundred.
    pub percent: u8,
    /// What goes wrong, each as often as the others.
    pub faults: Vec<Fault>,
}

impl Plan {
    /// Nothing goes wrong.
    pub const fn quiet() -> Self {
        Self { seed: 0, percent: 0, faults: Vec::new() }
    }

    /// Everything goes wrong in the same way.
    pub fn always(fault: Fault) -> Self {
        Self { seed: 0, percent: 100, faults: vec![fault] }
    }

    /// What goes wrong with a question of which so many were asked before; and a number for what else is left to chance.
    pub fn pick(&self, method: &str, before: u64) -> (Option<Fault>, u64) {
        let digest = Sha256::digest([&self.seed.to_le_bytes()[..], &before.to_le_bytes(), method.as_bytes()].concat());
        let number = |at: usize| u64::from_le_bytes(digest[at..at + 8].try_into().unwrap());
        if number(0) % 100 >= u64::from(self.percent) {
            return (None, number(16));
        }
        let possible: Vec<_> = self.faults.iter().filter(|fault| fault.befalls(method)).collect();
        let fault = possible.get(number(8) as usize % possible.len().max(1));
        (fault.map(|fault| **fault), number(16))
    }
}

#[test]
fn a_plan_is_the_same_each_time_and_another_for_another_seed() {
    let picks = |seed| {
        let plan = Plan { seed, percent: 50, faults: Fault::ALL.to_vec() };
        (0..1_000).map(|before| plan.pick("sendTransaction", before).0).collect::<Vec<_>>()
    };
    assert_eq!(picks(1), picks(1));
    assert_ne!(picks(1), picks(2));
    let befallen = picks(1).iter().flatten().count();
    assert!((400..600).contains(&befallen), "{befallen}");
    for fault in Fault::ALL {
        assert_eq!(picks(1).contains(&Some(fault)), fault.befalls("sendTransaction"), "{fault:?}");
    }
}
