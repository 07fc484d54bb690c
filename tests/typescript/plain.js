// Values of either library in one form: numbers as text, bytes as arrays, names without underscores and capitals.

import { deepStrictEqual } from 'node:assert';

/** Makes a decoded value comparable. */
export function plain(value) {
    if (value === null || typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'bigint') return value.toString();
    if (typeof value.toBase58 === 'function') return value.toBase58();
    if (value.constructor?.name === 'BN') return value.toString(10);
    if (Array.isArray(value) || ArrayBuffer.isView(value)) return Array.from(value, plain);
    const fields = Object.entries(value).filter(([name]) => name !== 'discriminator');
    return Object.fromEntries(fields.map(([name, field]) => [plainName(name), plain(field)]));
}

/** `issuerKey`, `issuer_key` and `IssuerKey` are one name. */
export function plainName(name) {
    return name.replaceAll('_', '').toLowerCase();
}

/** Requires that a decoded value is the one that Rust decoded. */
export function assertSame(decoded, expected, what) {
    deepStrictEqual(plain(decoded), plain(expected), what);
}
