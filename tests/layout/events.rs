use core::mem::{offset_of, size_of};

use anchor_lang::{Discriminator, bytemuck::Zeroable};
use microcred_client::{
    Address,
    event::Event,
    events::{
        AccreditationConfirmed, AccreditationStatusChanged, AccreditationTermAdded, AchievementCreated,
        AchievementEdited, AchievementReplacementSet, AchievementStatusChanged, AuthorityAccepted, AuthorityProposed,
        CredentialErased, CredentialIssued, CredentialRenewed, CredentialStatusChanged, ExcessWithdrawn,
        IssuerAccredited, IssuerCreated, IssuerProfileUpdated, IssuerStatusChanged, IssuerTreasuryUpdated, KeyAdded,
        KeyCompromised, KeyRetired, KeyShortened, RegistryCreated, RegistryStatusChanged, RegistryUriUpdated,
    },
};

#[test]
fn every_event_keeps_its_discriminator() {
    macro_rules! discriminators {
        ($($event:ident $hex:literal,)+) => {
            [$((stringify!($event), $event::DISCRIMINATOR, $hex)),+]
        };
    }
    for (event, discriminator, expected) in discriminators! {
        RegistryCreated "9b964b45deb9ea84",
        RegistryUriUpdated "033f5b92c804c238",
        RegistryStatusChanged "a9a3c4df770754e8",
        AuthorityProposed "f4755e7035972359",
        AuthorityAccepted "a6c0dbbc29d1c31a",
        IssuerAccredited "7c09520f81159801",
        AccreditationStatusChanged "38bacc14d663f44a",
        AccreditationTermAdded "bc85e00b82bb4130",
        AccreditationConfirmed "44cb311bef841be4",
        IssuerCreated "0677da540c636ee2",
        IssuerProfileUpdated "a7e5361dc6a17803",
        IssuerTreasuryUpdated "80974feb710e7716",
        IssuerStatusChanged "82ab182eff3ded9d",
        KeyAdded "25846294e3ab9710",
        KeyShortened "aa896f126b81aa48",
        KeyRetired "8c0f0114230a5ccd",
        KeyCompromised "2f5dc97ce7ea2154",
        AchievementCreated "84b80e19a0165e2d",
        AchievementEdited "f8ab63c98c97f449",
        AchievementStatusChanged "fbe9c4914d63d98c",
        AchievementReplacementSet "95a69135c7eded7d",
        CredentialRenewed "498b0f1052b545bf",
        CredentialErased "26053df75decc88e",
        ExcessWithdrawn "b9c528accf78556b",
        CredentialIssued "c2d81c9f591d48b1",
        CredentialStatusChanged "8ec2d30bda7b182a",
    } {
        let hex: String = discriminator.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, expected, "{event}");
    }
}

/// Requires a layout to the byte, discriminator included, and that the client decodes exactly as many bytes.
macro_rules! layout {
    ($event:ident, $size:literal; $($offset:literal $field:ident: $type:ty,)+) => {
        let event = $event::zeroed();
        let mut end = 8;
        $(
            let _: &$type = &event.$field;
            assert_eq!(offset_of!($event, $field) + 8, $offset, "{}", stringify!($field));
            assert_eq!(end, $offset, "before {}", stringify!($field));
            end += size_of::<$type>();
        )+
        assert_eq!((end, size_of::<$event>() + 8), ($size, $size));
        let mut data = $event::DISCRIMINATOR.to_vec();
        data.resize($size, 0);
        assert_eq!(Event::decode(&data), Some(Event::$event(event)));
        assert_eq!(Event::decode(&data[..$size - 1]), None);
        data.push(0);
        assert_eq!(Event::decode(&data), None);
    };
}

#[test]
fn credential_issued() {
    layout! { CredentialIssued, 168;
        8 credential: Address,
        40 achievement: Address,
        72 subject: Address,
        104 digest: [u8; 32],
        136 expires_at: i64,
        144 at: i64,
        152 status_index: u32,
        156 key_index: u16,
        158 sequence: u16,
        160 status: u8,
        161 subject_kind: u8,
        162 reserved: [u8; 6],
    }
}

#[test]
fn credential_status_changed() {
    layout! { CredentialStatusChanged, 96;
        8 credential: Address,
        40 achievement: Address,
        72 at: i64,
        80 status_index: u32,
        84 by: u16,
        86 old_status: u8,
        87 new_status: u8,
        88 old_reason: u8,
        89 new_reason: u8,
        90 reserved: [u8; 6],
    }
}
