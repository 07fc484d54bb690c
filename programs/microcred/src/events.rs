//! What the program logs: an event for every change, with old and new where something is replaced. Events hold addresses, codes and
//! times, and the text that an organisation publishes of itself; nothing of a learner but the subject's 32 bytes.

use alloc::{string::String, vec::Vec};

use anchor_lang::{
    BORSH_CONFIG, BorshConfig, Discriminator,
    bytemuck::Pod,
    prelude::*,
    sol_log_data,
    wincode::{SchemaWrite, config::serialize_into},
};

use crate::state::Term;

/// Logs an event of text and numbers. The framework's `emit!` would panic where encoding fails, and a panic brings the formatting
/// of errors into the program: a tenth of its size.
///
/// # Errors
/// `BorshIoError`, which an event declared here cannot cause.
pub(crate) fn log<E: Discriminator + SchemaWrite<BorshConfig, Src = E>>(event: &E) -> Result<()> {
    let mut data = Vec::with_capacity(CAPACITY);
    data.extend_from_slice(E::DISCRIMINATOR);
    serialize_into(&mut data, event, BORSH_CONFIG).map_err(|_| ProgramError::BorshIoError)?;
    sol_log_data(&[&data]);
    Ok(())
}

/// Logs an event of fixed size, straight from the stack.
pub(crate) fn log_fixed<E: Discriminator + Pod>(event: E) {
    #[repr(C, align(8))]
    struct Record<E> {
        discriminator: [u8; 8],
        event: E,
    }
    const {
        assert!(E::DISCRIMINATOR.len() == 8);
        assert!(size_of::<Record<E>>() == 8 + size_of::<E>());
    }
    let mut record = Record { discriminator: [0; 8], event };
    record.discriminator.copy_from_slice(E::DISCRIMINATOR);
    // SAFETY: the record has no padding (asserted above; `Pod` allows none in the event), so that all its bytes are written.
    let bytes = unsafe { core::slice::from_raw_parts((&raw const record).cast::<u8>(), size_of::<Record<E>>()) };
    sol_log_data(&[bytes]);
}

/// Bytes set aside for an encoded event; a longer one grows.
const CAPACITY: usize = 512;

/// Declares events that can be decoded as they are encoded: Borsh after an eight-byte discriminator.
macro_rules! events {
    ($($(#[$meta:meta])* pub struct $name:ident { $($(#[$doc:meta])* pub $field:ident: $type:ty,)+ })+) => {
        $(
            $(#[$meta])*
            #[event]
            #[derive(Clone, Debug, PartialEq, Eq, AnchorDeserialize)]
            pub struct $name { $($(#[$doc])* pub $field: $type,)+ }
        )+
    };
}

events! {
    /// A registry was created.
    pub struct RegistryCreated {
        /// Its address.
        pub registry: Address,
        /// Who created and administers it.
        pub creator: Address,
        /// Slug.
        pub slug: String,
        /// Name.
        pub name: String,
        /// Where its policies can be read.
        pub uri: String,
        /// Unix seconds.
        pub at: i64,
    }

    /// A registry's URI changed.
    pub struct RegistryUriUpdated {
        /// Its address.
        pub registry: Address,
        /// Before.
        pub old_uri: String,
        /// After.
        pub new_uri: String,
    }

    /// A registry was paused, resumed or retired.
    pub struct RegistryStatusChanged {
        /// Its address.
        pub registry: Address,
        /// A `Lifecycle`, before.
        pub old_status: u8,
        /// A `Lifecycle`, after.
        pub new_status: u8,
        /// Unix seconds.
        pub at: i64,
    }

    /// A registry's or issuer's authority proposed another one, or took the proposal back.
    pub struct AuthorityProposed {
        /// Address of the registry or issuer.
        pub account: Address,
        /// The authority that stays until the other accepts.
        pub authority: Address,
        /// Who was proposed before; zero: nobody.
        pub old_pending: Address,
        /// Who is proposed now; zero: nobody.
        pub new_pending: Address,
    }

    /// The proposed authority of a registry or issuer accepted.
    pub struct AuthorityAccepted {
        /// Address of the registry or issuer.
        pub account: Address,
        /// Before.
        pub old_authority: Address,
        /// After.
        pub new_authority: Address,
        /// Unix seconds.
        pub at: i64,
    }

    /// A registry vouches for an issuer.
    pub struct IssuerAccredited {
        /// Address of the accreditation.
        pub accreditation: Address,
        /// The registry.
        pub registry: Address,
        /// The issuer.
        pub issuer: Address,
        /// The revision of the issuer's profile vouched for.
        pub profile_revision: u32,
        /// The first term.
        pub term: Term,
        /// Unix seconds.
        pub at: i64,
    }

    /// An accreditation was suspended, reinstated or withdrawn.
    pub struct AccreditationStatusChanged {
        /// Its address.
        pub accreditation: Address,
        /// The registry.
        pub registry: Address,
        /// The issuer.
        pub issuer: Address,
        /// An `AccreditationStatus`, before.
        pub old_status: u8,
        /// An `AccreditationStatus`, after.
        pub new_status: u8,
        /// A `Reason`, before.
        pub old_reason: u8,
        /// A `Reason`, after.
        pub new_reason: u8,
        /// Since when the status before had effect, Unix seconds.
        pub old_effective_at: i64,
        /// Since when the status after has effect, Unix seconds. A withdrawal ends the terms then.
        pub new_effective_at: i64,
        /// Unix seconds.
        pub at: i64,
    }

    /// An accreditation got a term; a withdrawn one is active again by it.
    pub struct AccreditationTermAdded {
        /// Its address.
        pub accreditation: Address,
        /// The registry.
        pub registry: Address,
        /// The issuer.
        pub issuer: Address,
        /// The term as it was given.
        pub term: Term,
        /// An `AccreditationStatus`, before.
        pub old_status: u8,
        /// The revision of the issuer's profile vouched for, before.
        pub old_profile_revision: u32,
        /// The revision vouched for now.
        pub new_profile_revision: u32,
        /// Unix seconds.
        pub at: i64,
    }

    /// A registry vouches for the present profile of an issuer.
    pub struct AccreditationConfirmed {
        /// Its address.
        pub accreditation: Address,
        /// The registry.
        pub registry: Address,
        /// The issuer.
        pub issuer: Address,
        /// The revision vouched for before.
        pub old_profile_revision: u32,
        /// The revision vouched for now.
        pub new_profile_revision: u32,
    }

    /// An issuer was created; its first key is in a [`KeyAdded`] beside it.
    pub struct IssuerCreated {
        /// Its address.
        pub issuer: Address,
        /// Who created and administers it.
        pub creator: Address,
        /// Where excess lamports go.
        pub treasury: Address,
        /// Slug.
        pub slug: String,
        /// Name.
        pub name: String,
        /// Home page.
        pub url: String,
        /// Country, or empty.
        pub country: String,
        /// Unix seconds.
        pub at: i64,
    }

    /// An issuer's name, home page or country changed.
    pub struct IssuerProfileUpdated {
        /// Its address.
        pub issuer: Address,
        /// Name before.
        pub old_name: String,
        /// Name after.
        pub new_name: String,
        /// Home page before.
        pub old_url: String,
        /// Home page after.
        pub new_url: String,
        /// Country before.
        pub old_country: String,
        /// Country after.
        pub new_country: String,
        /// The profile's revision after.
        pub profile_revision: u32,
    }

    /// An issuer's treasury changed.
    pub struct IssuerTreasuryUpdated {
        /// Its address.
        pub issuer: Address,
        /// Before.
        pub old_treasury: Address,
        /// After.
        pub new_treasury: Address,
    }

    /// An issuer was paused, resumed or retired.
    pub struct IssuerStatusChanged {
        /// Its address.
        pub issuer: Address,
        /// A `Lifecycle`, before.
        pub old_status: u8,
        /// A `Lifecycle`, after.
        pub new_status: u8,
        /// Unix seconds.
        pub at: i64,
    }

    /// An issuer got a key.
    pub struct KeyAdded {
        /// Address of the issuer key account.
        pub issuer_key: Address,
        /// The issuer.
        pub issuer: Address,
        /// Which of its keys.
        pub index: u16,
        /// The Ed25519 key.
        pub key: Address,
        /// Bits of `permission`.
        pub permissions: u16,
        /// The only achievement it may touch; zero: all.
        pub scope: Address,
        /// Unix seconds.
        pub valid_from: i64,
        /// Unix seconds; 0: none.
        pub valid_until: i64,
        /// How many credentials it may issue and renew.
        pub quota: u64,
        /// Unix seconds.
        pub at: i64,
    }

    /// A key's validity was shortened.
    pub struct KeyShortened {
        /// Address of the issuer key account.
        pub issuer_key: Address,
        /// The issuer.
        pub issuer: Address,
        /// Before; 0: none.
        pub old_valid_until: i64,
        /// After.
        pub new_valid_until: i64,
        /// Unix seconds.
        pub at: i64,
    }

    /// A key was retired.
    pub struct KeyRetired {
        /// Address of the issuer key account.
        pub issuer_key: Address,
        /// The issuer.
        pub issuer: Address,
        /// Unix seconds.
        pub at: i64,
    }

    /// A key was marked compromised, which retires it, or the mark was moved.
    pub struct KeyCompromised {
        /// Address of the issuer key account.
        pub issuer_key: Address,
        /// The issuer.
        pub issuer: Address,
        /// Since when, before; 0: never.
        pub old_compromised_at: i64,
        /// Since when, after.
        pub new_compromised_at: i64,
        /// Unix seconds.
        pub at: i64,
    }

    /// An achievement was created.
    pub struct AchievementCreated {
        /// Its address.
        pub achievement: Address,
        /// The issuer.
        pub issuer: Address,
        /// Code.
        pub code: String,
        /// Title.
        pub title: String,
        /// Where the definition can be read.
        pub uri: String,
        /// An `AchievementKind`.
        pub kind: u8,
        /// Bits of `policy`.
        pub policy: u8,
        /// EQF level; 0: none.
        pub eqf_level: u8,
        /// Tenths of an ECTS credit.
        pub workload: u16,
        /// Seconds; 0: never expires.
        pub default_validity: i64,
        /// SHA-256 of the full definition; zero: none.
        pub definition_digest: [u8; 32],
        /// A `Lifecycle`: draft or active.
        pub status: u8,
        /// Unix seconds.
        pub at: i64,
    }

    /// A draft was edited.
    pub struct AchievementEdited {
        /// Its address.
        pub achievement: Address,
        /// Title before.
        pub old_title: String,
        /// Title after.
        pub new_title: String,
        /// URI before.
        pub old_uri: String,
        /// URI after.
        pub new_uri: String,
        /// Definition digest before.
        pub old_definition_digest: [u8; 32],
        /// Definition digest after.
        pub new_definition_digest: [u8; 32],
        /// Kind, policy and EQF level before.
        pub old_rules: [u8; 3],
        /// Kind, policy and EQF level after.
        pub new_rules: [u8; 3],
        /// Workload before.
        pub old_workload: u16,
        /// Workload after.
        pub new_workload: u16,
        /// Default validity before.
        pub old_default_validity: i64,
        /// Default validity after.
        pub new_default_validity: i64,
    }

    /// An achievement was published, paused, resumed or retired.
    pub struct AchievementStatusChanged {
        /// Its address.
        pub achievement: Address,
        /// The issuer.
        pub issuer: Address,
        /// A `Lifecycle`, before.
        pub old_status: u8,
        /// A `Lifecycle`, after.
        pub new_status: u8,
        /// Unix seconds.
        pub at: i64,
    }

    /// An achievement was said to replace another one.
    pub struct AchievementReplacementSet {
        /// The newer achievement.
        pub achievement: Address,
        /// The issuer.
        pub issuer: Address,
        /// What it replaced before; zero: nothing.
        pub old_replaces: Address,
        /// What it replaces now.
        pub new_replaces: Address,
    }

    /// A credential was renewed.
    pub struct CredentialRenewed {
        /// Its address.
        pub credential: Address,
        /// The issuer.
        pub issuer: Address,
        /// The achievement.
        pub achievement: Address,
        /// Digest before.
        pub old_digest: [u8; 32],
        /// Digest after.
        pub new_digest: [u8; 32],
        /// Expiry before; 0: never.
        pub old_expires_at: i64,
        /// Expiry after; 0: never.
        pub new_expires_at: i64,
        /// Index of the key that asserted it before.
        pub old_key_index: u16,
        /// Index of the key that asserts it now.
        pub new_key_index: u16,
        /// How often it was renewed.
        pub revision: u16,
        /// Unix seconds.
        pub at: i64,
    }

    /// Digest and subject of a credential were removed. The event does not repeat them.
    pub struct CredentialErased {
        /// Its address.
        pub credential: Address,
        /// The issuer.
        pub issuer: Address,
        /// The achievement.
        pub achievement: Address,
        /// A `CredentialStatus`, before.
        pub old_status: u8,
        /// A `CredentialStatus`, after.
        pub new_status: u8,
        /// A `Reason`.
        pub reason: u8,
        /// Index of the issuer key; 0xFFFF: the authority; 0xFFFE: the subject.
        pub by: u16,
        /// Unix seconds.
        pub at: i64,
    }

    /// Lamports above the rent minimum went to where they belong.
    pub struct ExcessWithdrawn {
        /// The account that held them.
        pub account: Address,
        /// The treasury, or a registry's authority.
        pub destination: Address,
        /// How many.
        pub lamports: u64,
    }
}

/// A credential was issued.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct CredentialIssued {
    /// Its address.
    pub credential: Address,
    /// The achievement.
    pub achievement: Address,
    /// The subject's 32 bytes.
    pub subject: Address,
    /// SHA-256 of the document; zero: none.
    pub digest: [u8; 32],
    /// Unix seconds; 0: never expires.
    pub expires_at: i64,
    /// Unix seconds.
    pub at: i64,
    /// Place in the issuer's status lists.
    pub status_index: u32,
    /// Index of the issuer key.
    pub key_index: u16,
    /// Which of the subject's credentials of this achievement.
    pub sequence: u16,
    /// A `CredentialStatus`: pending or active.
    pub status: u8,
    /// A `SubjectKind`.
    pub subject_kind: u8,
    /// Zero.
    pub reserved: [u8; 6],
}

/// A credential was accepted, declined, suspended, reinstated or revoked.
#[event(bytemuck)]
#[derive(Debug, PartialEq, Eq)]
pub struct CredentialStatusChanged {
    /// Its address.
    pub credential: Address,
    /// The achievement.
    pub achievement: Address,
    /// Unix seconds.
    pub at: i64,
    /// Place in the issuer's status lists.
    pub status_index: u32,
    /// Index of the issuer key; 0xFFFF: the authority; 0xFFFE: the subject.
    pub by: u16,
    /// A `CredentialStatus`, before.
    pub old_status: u8,
    /// A `CredentialStatus`, after.
    pub new_status: u8,
    /// A `Reason`, before.
    pub old_reason: u8,
    /// A `Reason`, after.
    pub new_reason: u8,
    /// Zero.
    pub reserved: [u8; 6],
}
