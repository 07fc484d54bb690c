// Reads what the Rust test wrote down, with two TypeScript libraries, and compares.
// Usage: node check.js EXPECTATIONS.json

import { readFileSync } from 'node:fs';
import { checkAnchor } from './anchor.js';
import { checkCodama } from './codama.js';

const expectations = JSON.parse(readFileSync(process.argv[2], 'utf8'));
await checkAnchor(expectations);
await checkCodama(expectations);
// WebSocket connections would keep the process alive.
process.exit(0);
