//! Doing the same with many things on several threads.

use std::{num::NonZero, panic, thread};

/// How many threads work at a time where the processor is what they wait for.
pub(super) fn of_processor() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// What a function gives for each thing, in their order.
pub(super) fn map<T: Sync, R: Send>(things: &[T], threads: usize, function: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = threads.min(things.len());
    if threads < 2 {
        return things.iter().map(function).collect();
    }
    let function = &function;
    thread::scope(|scope| {
        let share = things.len().div_ceil(threads);
        let work = |things| scope.spawn(move || Iterator::map(<[T]>::iter(things), function).collect::<Vec<_>>());
        let working: Vec<_> = things.chunks(share).map(work).collect();
        let done = working.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| panic::resume_unwind(panic)));
        done.flatten().collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_kept() {
        for threads in 1..9 {
            for count in 0..20 {
                let things: Vec<usize> = (0..count).collect();
                let doubled: Vec<_> = things.iter().map(|thing| thing * 2).collect();
                assert_eq!(map(&things, threads, |thing| thing * 2), doubled);
            }
        }
    }
}
