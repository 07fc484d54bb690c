use core::mem::{offset_of, size_of};

use anchor_lang::{BORSH_CONFIG, wincode::config::serialize};
use microcred::VerifyReceipt;
use microcred_client::Address;

/// Other programs read this out of return data: its bytes in memory are its bytes on the wire.
#[test]
fn verify_receipt() {
    let mut end = 0;
    macro_rules! layout {
        ($($offset:literal $field:ident: $type:ty,)+) => {
            $(
                assert_eq!(offset_of!(VerifyReceipt, $field), $offset, "{}", stringify!($field));
                assert_eq!(end, $offset, "before {}", stringify!($field));
                end += size_of::<$type>();
            )+
        };
    }
    layout! {
        0 verdict: u8,
        1 reason: u8,
        2 findings: u16,
        4 trust_at_issue: u8,
        5 trust_now: u8,
        6 reserved: [u8; 2],
        8 checked_at: i64,
        16 credential: Address,
        48 issuer_key: Address,
        80 registry: Address,
        112 accreditation: Address,
    }
    assert_eq!((end, size_of::<VerifyReceipt>()), (144, 144));
    let receipt = VerifyReceipt {
        verdict: 1,
        reason: 2,
        findings: 0x0403,
        trust_at_issue: 5,
        trust_now: 6,
        reserved: [7, 8],
        checked_at: i64::from_le_bytes([9; 8]),
        credential: Address::new_from_array([10; 32]),
        issuer_key: Address::new_from_array([11; 32]),
        registry: Address::new_from_array([12; 32]),
        accreditation: Address::new_from_array([13; 32]),
    };
    let addresses = [10, 11, 12, 13].map(|byte| [byte; 32]).concat();
    let expected = [&[1, 2, 3, 4, 5, 6, 7, 8][..], &[9; 8], &addresses].concat();
    assert_eq!(serialize(&receipt, BORSH_CONFIG).unwrap(), expected);
}
