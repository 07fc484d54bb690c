//! From a sequence that fails to a short one.
//!
//! Not the drawn steps are taken away but what they came to: an instruction once built can be sent in any state, and
//! the model says what must come of it. Taking away drawn steps would change what the dice of all later ones mean.

use crate::{resolve::Act, world::World};

/// Takes away ever smaller parts as long as what remains fails.
pub fn shrink(world: &mut World, mut acts: Vec<Act>) -> Vec<Act> {
    let mut size = acts.len();
    while size > 0 {
        let before = acts.len();
        let mut from = 0;
        while from < acts.len() {
            let mut fewer = acts.clone();
            fewer.drain(from..acts.len().min(from + size));
            if world.replay(&fewer).is_err() {
                acts = fewer;
            } else {
                from += size;
            }
        }
        // Single steps until none can be spared.
        if size > 1 || acts.len() == before {
            size /= 2;
        }
    }
    acts
}
