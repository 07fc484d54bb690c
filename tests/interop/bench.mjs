// How many documents a second @digitalbazaar/vc verifies and signs, on one thread, when it is warm.
// Usage: node bench.mjs DOCUMENT.json [SECONDS]
//   DOCUMENT has one eddsa-rdfc-2022 proof at least. Of a status, if it has one, only that it is there is looked at.
// Prints {"document": bytes, "verify": documents a second, "sign": documents a second, "node": version}.

import './network.mjs';
import { readFileSync } from 'node:fs';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import { documentLoader } from './contexts.mjs';
import { signerOf } from './keys.mjs';

const text = readFileSync(process.argv[2], 'utf8');
const seconds = Number(process.argv[3] ?? 5);
const signer = await signerOf('07'.repeat(32));
const checkStatus = () => ({ verified: true });

// From text to answer, as for a file that was just read; what one call remembers of its document does not help the next.
async function verify() {
    const suite = new DataIntegrityProof({ cryptosuite });
    const { verified, error } = await vc.verifyCredential({ credential: JSON.parse(text), suite, documentLoader, checkStatus });
    if (!verified) throw error;
}

async function sign() {
    const { proof, ...credential } = JSON.parse(text);
    const suite = new DataIntegrityProof({ signer, cryptosuite });
    JSON.stringify(await vc.issue({ credential, suite, documentLoader }));
}

async function rate(act, seconds) {
    const begin = performance.now();
    let acts = 0;
    let passed = 0;
    do {
        await act();
        acts += 1;
        passed = (performance.now() - begin) / 1000;
    } while (passed < seconds);
    return Math.round(acts / passed * 10) / 10;
}

const rates = { document: Buffer.byteLength(text) };
for (const act of [verify, sign]) {
    await rate(act, seconds / 2);
    rates[act.name] = await rate(act, seconds);
}
process.stdout.write(JSON.stringify({ ...rates, node: process.version }));
