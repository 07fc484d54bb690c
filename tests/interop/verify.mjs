// Verifies documents with both libraries and prints what each says, with everything that was asked of the network.
// Usage: node verify.mjs REQUEST.json
//   {"answers": {ADDRESS: JSON}, "registries": [...], "documents": [{"document": TEXT, "challenge"?, "domain"?}]}

import { answer, attempts } from './network.mjs';
import { readFileSync } from 'node:fs';
import { digitalBazaar, verifierCore } from './verifiers.mjs';

// The libraries log to the standard output, which is for the answer.
console.log = console.error;
const request = JSON.parse(readFileSync(process.argv[2], 'utf8'));
answer(request.answers);
const verdicts = await Promise.all(request.documents.map(async document => ({
    bazaar: await digitalBazaar(document),
    core: await verifierCore(document, request.registries),
})));
process.stdout.write(JSON.stringify({ verdicts, attempts }));
