// Keys of signers.

import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';

/** Signs with the key of a seed (hexadecimal), by its did:key. */
export async function signerOf(seed) {
    const pair = await Ed25519Multikey.generate({ seed: Buffer.from(seed, 'hex') });
    pair.controller = `did:key:${pair.publicKeyMultibase}`;
    pair.id = `${pair.controller}#${pair.publicKeyMultibase}`;
    return pair.signer();
}
