// Two verifiers that know nothing of this project. Each gets a document as text, as its user would.

import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import { checkStatus } from '@digitalbazaar/vc-bitstring-status-list';
import { verifyCredential, verifyPresentation } from '@digitalcredentials/verifier-core';
import { documentLoader } from './contexts.mjs';

const isPresentation = document => [document.type].flat().includes('VerifiablePresentation');

/** The messages of an error and of those that it is made of. */
function messages(error) {
    if (!error) return [];
    const parts = [error.errors ?? [], Array.isArray(error) ? error : [], error.cause ?? []].flat();
    return [error.message, ...parts.flatMap(messages)].filter(message => typeof message === 'string');
}

/** What @digitalbazaar/vc says: `verified`, and the messages of what it refuses. */
export async function digitalBazaar({ document: text, challenge, domain }) {
    const suite = new DataIntegrityProof({ cryptosuite });
    const options = { suite, documentLoader, checkStatus };
    const document = JSON.parse(text);
    try {
        const result = await (isPresentation(document)
            ? vc.verify({ presentation: document, challenge, domain, ...options })
            : vc.verifyCredential({ credential: document, ...options }));
        const all = [result, ...result.credentialResults ?? []];
        const errors = all.flatMap(({ error, statusResult }) => [...messages(error), ...messages(statusResult?.error)]);
        // That the list is good is `verified`; what a bit in it means is left to the caller.
        const revoked = all.some(({ statusResult }) => statusResult?.results?.some(({ status }) => status));
        return { verified: result.verified && !revoked, messages: revoked ? [...errors, 'revoked'] : errors };
    } catch (error) {
        return { verified: false, messages: messages(error) };
    }
}

const word = (valid, yes, no) => valid === undefined ? 'not said' : valid ? yes : no;

/** The parts of verifier-core's answer on one credential. */
function parts({ errors, log = [], additionalInformation = [] }) {
    const step = id => log.find(entry => entry.id === id) ?? {};
    const { valid, error } = step('revocation_status');
    const schema = additionalInformation.find(entry => entry.id === 'schema_check')?.results;
    return {
        errors: (errors ?? []).map(one => one.name),
        signature: word(step('valid_signature').valid, 'valid', 'invalid'),
        expiration: word(step('expiration').valid, 'current', 'expired'),
        revocation: error ? error.name : word(valid, 'not revoked', 'revoked'),
        issuer: word(step('registered_issuer').valid, 'registered', 'unknown'),
        schema: Array.isArray(schema) ? word(schema.every(one => one.result.valid), 'followed', 'not followed') : schema ?? 'not said',
    };
}

/** What verifier-core says, part by part; of a presentation, `presentation` is what it says of the signature of that. */
export async function verifierCore({ document: text, challenge }, knownDIDRegistries) {
    const document = JSON.parse(text);
    if (!isPresentation(document)) return parts(await verifyCredential({ credential: document, knownDIDRegistries }));
    const result = await verifyPresentation({ presentation: document, challenge, knownDIDRegistries });
    if (result.errors) return { presentation: result.errors[0].name };
    return { presentation: result.presentationResult.signature, credentials: result.credentialResults.map(parts) };
}
