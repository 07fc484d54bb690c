//! Events, decoded from a transaction's log.

mod fields;
mod telling;

use anchor_lang::{BORSH_CONFIG, BorshConfig, Discriminator, bytemuck, wincode};
use base64::{Engine, prelude::BASE64_STANDARD};
use microcred::{
    ID,
    events::{
        AccreditationConfirmed, AccreditationStatusChanged, AccreditationTermAdded, AchievementCreated,
        AchievementEdited, AchievementReplacementSet, AchievementStatusChanged, AuthorityAccepted, AuthorityProposed,
        CredentialErased, CredentialIssued, CredentialRenewed, CredentialStatusChanged, ExcessWithdrawn,
        IssuerAccredited, IssuerCreated, IssuerProfileUpdated, IssuerStatusChanged, IssuerTreasuryUpdated, KeyAdded,
        KeyCompromised, KeyRetired, KeyShortened, RegistryCreated, RegistryStatusChanged, RegistryUriUpdated,
    },
};
use solana_address::Address;

pub use fields::{Field, Value};

/// Declares the enum of all events and its decoding: those of fixed size are plain memory, the others Borsh.
macro_rules! events {
    (borsh: $($borsh:ident),+; fixed: $($fixed:ident),+;) => {
        /// An event of the program. Each is documented in [`microcred::events`].
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[allow(missing_docs, reason = "each variant is the event of that name")]
        pub enum Event { $($borsh($borsh),)+ $($fixed($fixed),)+ }

        impl Event {
            /// Name of the event, as in the IDL.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$borsh(_) => stringify!($borsh),)+
                    $(Self::$fixed(_) => stringify!($fixed),)+
                }
            }

            /// Decodes what one log entry carries: a discriminator and the event. None: it is not one of the program's events, or
            /// one of another version.
            #[must_use]
            pub fn decode(data: &[u8]) -> Option<Self> {
                let (discriminator, body) = data.split_at_checked(8)?;
                $(if discriminator == $borsh::DISCRIMINATOR { return borsh(body).map(Self::$borsh); })+
                $(if discriminator == $fixed::DISCRIMINATOR {
                    return bytemuck::try_pod_read_unaligned(body).ok().map(Self::$fixed);
                })+
                None
            }
        }
    };
}

events! {
    borsh: RegistryCreated, RegistryUriUpdated, RegistryStatusChanged, AuthorityProposed, AuthorityAccepted, IssuerAccredited,
        AccreditationStatusChanged, AccreditationTermAdded, AccreditationConfirmed, IssuerCreated, IssuerProfileUpdated,
        IssuerTreasuryUpdated, IssuerStatusChanged, KeyAdded, KeyShortened, KeyRetired, KeyCompromised, AchievementCreated,
        AchievementEdited, AchievementStatusChanged, AchievementReplacementSet, CredentialRenewed, CredentialErased,
        ExcessWithdrawn;
    fixed: CredentialIssued, CredentialStatusChanged;
}

impl Event {
    /// The accounts that the event is about, as far as it names them: that which changed, and those that it belongs to.
    #[must_use]
    pub fn accounts(&self) -> Vec<Address> {
        match self {
            Self::RegistryCreated(event) => vec![event.registry],
            Self::RegistryUriUpdated(event) => vec![event.registry],
            Self::RegistryStatusChanged(event) => vec![event.registry],
            Self::AuthorityProposed(event) => vec![event.account],
            Self::AuthorityAccepted(event) => vec![event.account],
            Self::IssuerAccredited(event) => vec![event.accreditation, event.registry, event.issuer],
            Self::AccreditationStatusChanged(event) => vec![event.accreditation, event.registry, event.issuer],
            Self::AccreditationTermAdded(event) => vec![event.accreditation, event.registry, event.issuer],
            Self::AccreditationConfirmed(event) => vec![event.accreditation, event.registry, event.issuer],
            Self::IssuerCreated(event) => vec![event.issuer],
            Self::IssuerProfileUpdated(event) => vec![event.issuer],
            Self::IssuerTreasuryUpdated(event) => vec![event.issuer],
            Self::IssuerStatusChanged(event) => vec![event.issuer],
            Self::KeyAdded(event) => vec![event.issuer_key, event.issuer],
            Self::KeyShortened(event) => vec![event.issuer_key, event.issuer],
            Self::KeyRetired(event) => vec![event.issuer_key, event.issuer],
            Self::KeyCompromised(event) => vec![event.issuer_key, event.issuer],
            Self::AchievementCreated(event) => vec![event.achievement, event.issuer],
            Self::AchievementEdited(event) => vec![event.achievement],
            Self::AchievementStatusChanged(event) => vec![event.achievement, event.issuer],
            Self::AchievementReplacementSet(event) => vec![event.achievement, event.issuer],
            Self::CredentialRenewed(event) => vec![event.credential, event.achievement, event.issuer],
            Self::CredentialErased(event) => vec![event.credential, event.achievement, event.issuer],
            Self::ExcessWithdrawn(event) => vec![event.account],
            Self::CredentialIssued(event) => vec![event.credential, event.achievement],
            Self::CredentialStatusChanged(event) => vec![event.credential, event.achievement],
        }
    }
}

fn borsh<T>(body: &[u8]) -> Option<T>
where
    T: for<'de> wincode::SchemaRead<'de, BorshConfig, Dst = T>,
{
    wincode::config::deserialize_exact(body, BORSH_CONFIG).ok()
}

/// The program's events in a transaction's log, in order. What other programs logged, also in the same transaction, does not count: only
/// lines written while this program was the one running.
#[must_use]
pub fn from_logs(logs: &[String]) -> Vec<Event> {
    let mut running: Vec<&str> = Vec::new();
    let mut events = Vec::new();
    for line in logs {
        if let Some(data) = line.strip_prefix("Program data: ") {
            if running.last().is_some_and(|program| *program == ID.to_string()) {
                events.extend(BASE64_STANDARD.decode(data).ok().and_then(|bytes| Event::decode(&bytes)));
            }
        } else if let Some(rest) = line.strip_prefix("Program ") {
            let mut words = rest.split(' ');
            match (words.next(), words.next()) {
                (Some(program), Some("invoke")) => running.push(program),
                (Some(program), Some("success" | "failed:")) if running.last() == Some(&program) => {
                    running.pop();
                }
                _ => {}
            }
        }
    }
    events
}

/// What the last program returned, by a transaction's log; empty: nothing.
#[must_use]
pub fn return_data(logs: &[String]) -> Vec<u8> {
    let returned = logs.iter().rev().find_map(|line| line.strip_prefix("Program return: ")?.split_once(' '));
    returned.and_then(|(_, data)| BASE64_STANDARD.decode(data).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use anchor_lang::Event as _;

    fn line(event: &KeyRetired) -> String {
        format!("Program data: {}", BASE64_STANDARD.encode(event.data()))
    }

    #[test]
    fn only_what_the_program_itself_logged_counts() {
        let event = KeyRetired { issuer_key: ID, issuer: ID, at: 5 };
        let other = "11111111111111111111111111111111";
        let logs = [
            format!("Program {other} invoke [1]"),
            line(&event),
            format!("Program {ID} invoke [2]"),
            format!("Program log: Program {other} invoke [3]"),
            line(&event),
            "Program data: not base64".into(),
            format!("Program {other} invoke [3]"),
            line(&event),
            format!("Program {other} success"),
            line(&event),
            format!("Program {ID} failed: custom program error: 0x1"),
            line(&event),
        ];
        assert_eq!(from_logs(&logs), vec![Event::KeyRetired(event.clone()), Event::KeyRetired(event)]);
    }

    #[test]
    fn damaged_events_are_none() {
        let mut data = KeyRetired { issuer_key: ID, issuer: ID, at: 5 }.data();
        data.push(0);
        assert_eq!(Event::decode(&data), None);
        assert_eq!(Event::decode(&data[..4]), None);
        assert_eq!(Event::decode(&[0; 80]), None);
    }
}
