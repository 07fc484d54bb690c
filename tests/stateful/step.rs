//! Steps as they are drawn and shrunk: a kind and dice, which mean something in any state.

use proptest::{
    collection::vec,
    prelude::{Strategy, any},
    sample::select,
};

use crate::request::Kind;

/// What is drawn: the dice say who, on what, with which arguments. A zero means the plainest choice, so that
/// shrinking leads there.
#[derive(Clone, Debug)]
pub struct Step {
    pub kind: Kind,
    pub dice: [u8; DICE],
}

const DICE: usize = 32;

/// Sequences of steps.
pub fn sequences(length: usize) -> impl Strategy<Value = Vec<Step>> {
    let kinds = Kind::WEIGHTS.iter().flat_map(|(weight, kind)| vec![*kind; *weight as usize]).collect::<Vec<_>>();
    let step = (select(kinds), any::<[u8; DICE]>()).prop_map(|(kind, dice)| Step { kind, dice });
    vec(step, 1..=length)
}

/// The dice of one step, thrown one after the other; those after the last show zero.
pub struct Dice(std::array::IntoIter<u8, DICE>);

impl Dice {
    pub fn of(step: &Step) -> Self {
        Self(step.dice.into_iter())
    }

    /// A number below `sides`, at most 256.
    pub fn roll(&mut self, sides: usize) -> usize {
        usize::from(self.0.next().unwrap_or(0)) % sides.max(1)
    }

    /// Whether something happens that happens once in so many times; never on a zero.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.roll(times) == times - 1
    }

    /// One of some things.
    pub fn one<T: Copy>(&mut self, of: &[T]) -> Option<T> {
        let n = self.roll(of.len());
        of.get(n).copied()
    }
}
