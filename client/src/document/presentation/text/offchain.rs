//! What wallets put before a text when they sign it as an off-chain message, so that no signature on a text is one on a transaction
//! (<https://docs.anza.xyz/proposals/off-chain-message-signing>).

use solana_address::Address;

/// How every off-chain message begins.
const SIGNING_DOMAIN: &[u8; 16] = b"\xffsolana offchain";
/// What stands for no application: 32 zeros.
const NO_APPLICATION: [u8; 32] = [0; 32];
/// Printable ASCII, and line feeds.
const ASCII: u8 = 0;
/// UTF-8 of at most 1,232 bytes with the header; older signers have texts with line feeds there.
const UTF8: u8 = 1;

/// All byte strings that wallets are known to sign for a text:
/// - the text itself (Wallet Standard, `signMessage` and `signIn`);
/// - version 0 as `solana sign-offchain-message` makes it, without application and signers;
/// - version 0 as it is specified, without application;
/// - version 1.
pub(super) fn forms(signer: &Address, text: &[u8]) -> Vec<Vec<u8>> {
    let mut forms = vec![text.to_vec()];
    // What has more bytes cannot stand in version 0.
    if let Ok(length) = u16::try_from(text.len()) {
        for format in [ASCII, UTF8] {
            forms.push([&SIGNING_DOMAIN[..], &[0, format], &length.to_le_bytes(), text].concat());
            forms.push(specified(signer, format, length, text));
        }
    }
    forms.push([&SIGNING_DOMAIN[..], &[1, 1], signer.as_array(), text].concat());
    forms
}

/// What hardware wallets show and sign: version 0 as it is specified.
pub(super) fn for_hardware(signer: &Address, text: &[u8]) -> Vec<u8> {
    specified(signer, ASCII, u16::try_from(text.len()).unwrap_or(u16::MAX), text)
}

fn specified(signer: &Address, format: u8, length: u16, text: &[u8]) -> Vec<u8> {
    [&SIGNING_DOMAIN[..], &[0], &NO_APPLICATION, &[format, 1], signer.as_array(), &length.to_le_bytes(), text].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first is of `solana sign-offchain-message`; the others of the layouts in the specification.
    #[test]
    fn headers_are_those_of_the_specification() {
        let signer = Address::new_from_array([7; 32]);
        let forms = forms(&signer, b"Test Message");
        let cli = [
            255, 115, 111, 108, 97, 110, 97, 32, 111, 102, 102, 99, 104, 97, 105, 110, 0, 0, 12, 0, 84, 101, 115, 116,
            32, 77, 101, 115, 115, 97, 103, 101,
        ];
        assert_eq!(forms.len(), 6);
        assert_eq!(forms[0], b"Test Message");
        assert_eq!(forms[1], cli);
        let specified = for_hardware(&signer, b"Test Message");
        assert_eq!(forms[2], specified);
        assert_eq!((specified[0x10], specified[0x31], specified[0x32]), (0, ASCII, 1));
        assert_eq!((&specified[0x11..0x31], &specified[0x33..0x53]), (&[0; 32][..], &[7; 32][..]));
        assert_eq!(&specified[0x53..], b"\x0c\0Test Message");
        assert_eq!((forms[3][17], forms[4][0x31]), (UTF8, UTF8));
        assert_eq!((forms[5][16], forms[5][17], &forms[5][18..50]), (1, 1, &[7; 32][..]));
        assert_eq!(&forms[5][50..], b"Test Message");
    }
}
