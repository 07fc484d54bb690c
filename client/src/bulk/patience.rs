//! Waiting for a cluster that does not answer at once.

use std::time::Duration;

use super::Options;
use crate::ledger::ReadError;

/// Waits before an attempt: not before the first, and twice as long before each further one.
pub(super) async fn pause(options: &Options, attempt: u32) {
    let Some(doublings) = attempt.checked_sub(1) else { return };
    let pause = options.pause.saturating_mul(1 << doublings.min(6));
    if pause > Duration::ZERO {
        tokio::time::sleep(pause).await;
    } else {
        tokio::task::yield_now().await;
    }
}

/// Reads, again and again where no answer comes.
pub(super) async fn patiently<T, F>(options: &Options, mut read: impl FnMut() -> F) -> Result<T, ReadError>
where
    F: Future<Output = Result<T, ReadError>>,
{
    let mut attempt: u32 = 0;
    loop {
        match read().await {
            Err(_) if attempt.saturating_add(1) < options.policy.attempts => attempt = attempt.saturating_add(1),
            result => return result,
        }
        pause(options, attempt).await;
    }
}
