// Signs documents with the Digital Bazaar libraries and prints them.
// Usage: node sign.mjs REQUEST.json
//   [{"seed": HEX, "document": JSON, "created": TIME, "challenge"?, "domain"?}]
// With a challenge, the document is a presentation. With `revoked`, a list of indices, it becomes a status list that revokes these.

import { attempts } from './network.mjs';
import { readFileSync } from 'node:fs';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import { createList } from '@digitalbazaar/vc-bitstring-status-list';
import { documentLoader } from './contexts.mjs';
import { signerOf } from './keys.mjs';

/** As many as the standard asks for at least. */
const LENGTH = 131072;

async function sign({ seed, document, created, challenge, domain, revoked }) {
    const suite = new DataIntegrityProof({ signer: await signerOf(seed), date: created, cryptosuite });
    if (challenge) return vc.signPresentation({ presentation: document, suite, challenge, domain, documentLoader });
    if (revoked) {
        const list = await createList({ length: LENGTH });
        for (const index of revoked) list.setStatus(index, true);
        document.credentialSubject.encodedList = await list.encode();
    }
    return vc.issue({ credential: document, suite, documentLoader });
}

const signed = await Promise.all(JSON.parse(readFileSync(process.argv[2], 'utf8')).map(sign));
process.stdout.write(JSON.stringify({ signed, attempts }));
