// The canonical N-Quads of documents (RDFC-1.0), as the Digital Bazaar libraries sign them.
// Usage: node canonize.mjs DOCUMENTS.json
// Prints for each {"Ok": N-Quads} or {"Err": why there are none}.

import { attempts } from './network.mjs';
import { readFileSync } from 'node:fs';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import { documentLoader } from './contexts.mjs';

const messageOf = error => error.details?.event?.message ?? error.message;
const documents = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const canonize = document => cryptosuite.canonize(document, { documentLoader, base: null, safe: true });
const results = await Promise.allSettled(documents.map(canonize));
const canonical = results.map(({ value, reason }) => value === undefined ? { Err: messageOf(reason) } : { Ok: value });
process.stdout.write(JSON.stringify({ canonical, attempts }));
