use core::mem::{offset_of, size_of};

use anchor_lang::{Discriminator, bytemuck::Zeroable};
use microcred_client::{
    Address,
    state::{Accreditation, Achievement, Credential, Issuer, IssuerKey, Record, Registry, Term},
};

/// Requires a layout to the byte: each field begins where the one before ends, and the last one ends the account.
macro_rules! layout {
    ($account:ty, $size:literal, $discriminator:expr; $($offset:literal $field:ident: $type:ty,)+) => {
        let record = <$account>::zeroed();
        let mut end = 8;
        $(
            let _: &$type = &record.$field;
            assert_eq!(offset_of!($account, $field) + 8, $offset, "{}", stringify!($field));
            assert_eq!(end, $offset, "before {}", stringify!($field));
            end += size_of::<$type>();
        )+
        assert_eq!((end, <$account>::SIZE, size_of::<$account>() + 8), ($size, $size, $size));
        assert_eq!(<$account>::DISCRIMINATOR, $discriminator);
    };
}

#[test]
fn credential() {
    layout! { Credential, 192, [145, 44, 68, 220, 67, 46, 100, 135];
        8 version: u8,
        9 bump: u8,
        10 status: u8,
        11 reason: u8,
        12 flags: u8,
        13 subject_kind: u8,
        14 sequence: u16,
        16 issuer: Address,
        48 achievement: Address,
        80 subject: Address,
        112 digest: [u8; 32],
        144 issued_at: i64,
        152 asserted_at: i64,
        160 expires_at: i64,
        168 status_changed_at: i64,
        176 key_index: u16,
        178 status_key_index: u16,
        180 revision: u16,
        182 reserved_182: u16,
        184 status_index: u32,
        188 cohort: u32,
    }
}

#[test]
fn registry() {
    layout! { Registry, 416, [47, 174, 110, 246, 184, 182, 252, 218];
        8 version: u8,
        9 bump: u8,
        10 status: u8,
        11 reserved_11: u8,
        12 accreditation_count: u32,
        16 creator: Address,
        48 authority: Address,
        80 pending_authority: Address,
        112 slug: [u8; 32],
        144 name: [u8; 96],
        240 uri: [u8; 128],
        368 created_at: i64,
        376 status_changed_at: i64,
        384 reserved_384: [u8; 32],
    }
}

#[test]
fn issuer() {
    layout! { Issuer, 480, [216, 19, 83, 230, 108, 53, 80, 14];
        8 version: u8,
        9 bump: u8,
        10 status: u8,
        11 reserved_11: u8,
        12 country: [u8; 2],
        14 key_count: u16,
        16 creator: Address,
        48 authority: Address,
        80 pending_authority: Address,
        112 treasury: Address,
        144 slug: [u8; 32],
        176 name: [u8; 96],
        272 url: [u8; 128],
        400 profile_revision: u32,
        404 reserved_404: [u8; 4],
        408 created_at: i64,
        416 status_changed_at: i64,
        424 authority_changed_at: i64,
        432 reserved_432: [u8; 48],
    }
}

#[test]
fn accreditation() {
    layout! { Accreditation, 192, [33, 207, 31, 177, 201, 70, 235, 37];
        8 version: u8,
        9 bump: u8,
        10 status: u8,
        11 reason: u8,
        12 term_count: u8,
        13 reserved_13: [u8; 3],
        16 registry: Address,
        48 issuer: Address,
        80 profile_revision: u32,
        84 reserved_84: [u8; 4],
        88 effective_at: i64,
        96 status_changed_at: i64,
        104 terms: [Term; 4],
        168 reserved_168: [u8; 24],
    }
    assert_eq!((offset_of!(Term, from), offset_of!(Term, until), size_of::<Term>()), (0, 8, 16));
}

#[test]
fn issuer_key() {
    layout! { IssuerKey, 176, [141, 242, 15, 99, 173, 188, 22, 116];
        8 version: u8,
        9 bump: u8,
        10 index: u16,
        12 permissions: u16,
        14 flags: u16,
        16 issuer: Address,
        48 key: Address,
        80 scope: Address,
        112 valid_from: i64,
        120 valid_until: i64,
        128 compromised_at: i64,
        136 quota: u64,
        144 used: u64,
        152 changed_at: i64,
        160 reserved_160: [u8; 16],
    }
}

#[test]
fn achievement() {
    layout! { Achievement, 448, [30, 253, 162, 142, 30, 160, 66, 62];
        8 version: u8,
        9 bump: u8,
        10 status: u8,
        11 kind: u8,
        12 policy: u8,
        13 eqf_level: u8,
        14 workload: u16,
        16 issuer: Address,
        48 code: [u8; 32],
        80 definition_digest: [u8; 32],
        112 title: [u8; 128],
        240 uri: [u8; 128],
        368 default_validity: i64,
        376 created_at: i64,
        384 status_changed_at: i64,
        392 replaces: Address,
        424 reserved_424: [u8; 24],
    }
}
