//! The way from where something stands to where it is declared to stand.

use microcred::state::{Lifecycle, LifecycleAction};

use super::Action;

impl From<LifecycleAction> for Action {
    fn from(action: LifecycleAction) -> Self {
        match action {
            LifecycleAction::Publish => Self::Publish,
            LifecycleAction::Pause => Self::Pause,
            LifecycleAction::Resume => Self::Resume,
            LifecycleAction::Retire => Self::Retire,
        }
    }
}

/// The fewest actions by the program's table; none: nothing leads there.
pub(super) fn path(from: Lifecycle, to: Lifecycle) -> Option<Vec<LifecycleAction>> {
    let mut ways = vec![(from, Vec::new())];
    // The longest way, from draft to paused, takes two actions.
    for _ in Lifecycle::ALL {
        if let Some((_, way)) = ways.iter().find(|(at, _)| *at == to) {
            return Some(way.clone());
        }
        ways = ways
            .into_iter()
            .flat_map(|(at, way)| {
                LifecycleAction::ALL.iter().filter_map(move |action| {
                    let next = at.after(*action).ok()?;
                    Some((next, way.iter().copied().chain([*action]).collect::<Vec<_>>()))
                })
            })
            .collect();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_is_the_shortest_and_there_is_none_back() {
        use Lifecycle::{Active, Draft, Paused, Retired};
        use LifecycleAction::{Pause, Publish, Resume, Retire};
        for (from, to, expected) in [
            (Draft, Draft, Some(vec![])),
            (Draft, Active, Some(vec![Publish])),
            (Draft, Paused, Some(vec![Publish, Pause])),
            (Draft, Retired, Some(vec![Retire])),
            (Active, Paused, Some(vec![Pause])),
            (Paused, Active, Some(vec![Resume])),
            (Paused, Retired, Some(vec![Retire])),
            (Retired, Retired, Some(vec![])),
            (Active, Draft, None),
            (Paused, Draft, None),
            (Retired, Active, None),
            (Retired, Paused, None),
        ] {
            assert_eq!(path(from, to), expected, "{from} to {to}");
        }
    }
}
