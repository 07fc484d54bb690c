// The contexts that documents may name, from the files that the product has, and keys by did:key. No other address is loaded.

import { readFileSync } from 'node:fs';
import * as DidKey from '@digitalbazaar/did-method-key';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import { answered } from './network.mjs';

const FOLDER = new URL('../../client/src/document/contexts/', import.meta.url);

/** The address of each context and what stands there. */
export const contexts = new Map([
    ['https://www.w3.org/ns/credentials/v2', 'credentials-v2'],
    ['https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json', 'ob-v3p0-context-3.0.3'],
    ['https://purl.imsglobal.org/spec/ob/v3p0/extensions.json', 'ob-v3p0-extensions'],
].map(([address, file]) => [address, JSON.parse(readFileSync(new URL(`${file}.json`, FOLDER), 'utf8'))]));

const keys = DidKey.driver();
keys.use({ multibaseMultikeyHeader: 'z6Mk', fromMultibase: Ed25519Multikey.from });

/** A document loader of the Digital Bazaar libraries. */
export async function documentLoader(address) {
    const document = contexts.get(address) ?? (address.startsWith('did:key:') ? await keys.get({ url: address }) : answered(address));
    if (!document) throw new Error(`NotFoundError: ${address} is not loaded`);
    return { contextUrl: null, documentUrl: address, document };
}
