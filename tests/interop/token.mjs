// Reads JSON Web Tokens with jose: the signature by the key that the header names, kind, issuer and times.
// Usage: node token.mjs REQUEST.json
//   [{"token": TEXT, "issuer": DID}]
// Prints for each {"Ok": [header, payload]} or {"Err": why it is not good}.

import { attempts } from './network.mjs';
import { readFileSync } from 'node:fs';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import { importJWK, jwtVerify } from 'jose';
import { documentLoader } from './contexts.mjs';

/** The key that a verification method of a did:key names. */
async function keyOf({ kid }) {
    const { document } = await documentLoader(kid);
    return importJWK(await Ed25519Multikey.toJwk({ keyPair: await Ed25519Multikey.from(document) }), 'EdDSA');
}

async function read({ token, issuer }) {
    const options = { algorithms: ['EdDSA'], issuer, typ: 'vc+jwt', requiredClaims: ['exp'] };
    const { protectedHeader: header, payload } = await jwtVerify(token, keyOf, options);
    return [header, payload];
}

const results = await Promise.allSettled(JSON.parse(readFileSync(process.argv[2], 'utf8')).map(read));
const tokens = results.map(({ value, reason }) => value ? { Ok: value } : { Err: reason.message });
process.stdout.write(JSON.stringify({ tokens, attempts }));
