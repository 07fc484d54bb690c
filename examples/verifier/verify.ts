// Verifies a microcred credential with nothing but an RPC endpoint: no library, no indexer.
//
//     node verify.ts RPC_URL CREDENTIAL [--achievement ADDRESS] [--subject ADDRESS] [--trust REGISTRY]
//
// It exits as `microcred verify` does: 0 valid, 2 not valid, 3 suspended or pending, 4 not found, 5 could not check, 1 wrong usage.
// `docs/verifiers.md` explains the offsets and the order of the rules. Node.js 22.18 or newer runs it as it is; older ones need `tsc` first.

import { createHash } from "node:crypto";
import { parseArgs } from "node:util";

const PROGRAM = "McRSEVpH8874qrZeVP1JNUeGujuQHAZGfq1WCo8tWuY";
const SYSTEM_PROGRAM = "11111111111111111111111111111111";
const CLOCK = "SysvarC1ock11111111111111111111111111111111";
const STALE_AFTER_SECONDS = 600;

const [PENDING, ACTIVE, SUSPENDED, REVOKED, DECLINED, ERASED] = [1, 2, 3, 4, 5, 6];
const [RETIRED, ACCREDITATION_SUSPENDED, WITHDRAWN] = [4, 3, 4];

type Kind = { name: string; size: number; discriminator: number[] };
const CREDENTIAL: Kind = { name: "credential", size: 192, discriminator: [145, 44, 68, 220, 67, 46, 100, 135] };
const ISSUER_KEY: Kind = { name: "issuer key", size: 176, discriminator: [141, 242, 15, 99, 173, 188, 22, 116] };
const ACCREDITATION: Kind = { name: "accreditation", size: 192, discriminator: [33, 207, 31, 177, 201, 70, 235, 37] };
const ISSUER: Kind = { name: "issuer", size: 480, discriminator: [216, 19, 83, 230, 108, 53, 80, 14] };
const REGISTRY: Kind = { name: "registry", size: 416, discriminator: [47, 174, 110, 246, 184, 182, 252, 218] };

/** What stops a check before it has an answer. It is never an answer itself. */
class CouldNotCheck extends Error {}

type RawAccount = { owner: string; data: [string, string] } | null;

async function rpc<T>(url: string, method: string, params: unknown[]): Promise<T> {
    let answer: { result?: T; error?: { message: string } };
    try {
        const response = await fetch(url, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
            signal: AbortSignal.timeout(20_000),
        });
        if (!response.ok) throw new CouldNotCheck(`the endpoint answered ${response.status}`);
        answer = await response.json();
    } catch (error) {
        throw new CouldNotCheck(`the endpoint cannot be read: ${(error as Error).message}`);
    }
    if (answer.error || answer.result === undefined) {
        throw new CouldNotCheck(`the endpoint refused: ${answer.error?.message ?? "no result"}`);
    }
    return answer.result;
}

/** All accounts of one read: they stood together in one slot. */
async function read(url: string, addresses: string[]): Promise<RawAccount[]> {
    const { value } = await rpc<{ value: RawAccount[] }>(url, "getMultipleAccounts", [
        addresses,
        { encoding: "base64", commitment: "confirmed" },
    ]);
    if (!Array.isArray(value) || value.length !== addresses.length) throw new CouldNotCheck("the answer is not whole");
    return value;
}

/** The bytes of an account of one kind; null: nothing is there. Lamports sent to an address do not make an account of it. */
function decode(kind: Kind, account: RawAccount): DataView | null {
    if (account === null) return null;
    const bytes = Uint8Array.from(Buffer.from(account.data[0], "base64"));
    if (account.owner === SYSTEM_PROGRAM && bytes.length === 0) return null;
    const known =
        account.owner === PROGRAM &&
        bytes.length === kind.size &&
        kind.discriminator.every((byte, index) => bytes[index] === byte) &&
        bytes[8] === 1;
    if (!known) throw new CouldNotCheck(`the account is not a ${kind.name} that this script can read`);
    return new DataView(bytes.buffer);
}

function need(kind: Kind, account: RawAccount): DataView {
    const view = decode(kind, account);
    if (view === null) throw new CouldNotCheck(`the ${kind.name} is missing`);
    return view;
}

const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

function base58(bytes: Uint8Array): string {
    let number = bytes.reduce((total, byte) => total * 256n + BigInt(byte), 0n);
    let text = "";
    for (; number > 0n; number /= 58n) text = ALPHABET[Number(number % 58n)] + text;
    const zeros = bytes.findIndex((byte) => byte !== 0);
    return "1".repeat(zeros === -1 ? bytes.length : zeros) + text;
}

const address = (view: DataView, offset: number): string => base58(new Uint8Array(view.buffer, offset, 32));
const time = (view: DataView, offset: number): bigint => view.getBigInt64(offset, true);

/** Where an account of a kind is whose bytes at these offsets are these addresses or numbers; null: nowhere. */
async function find(url: string, kind: Kind, fields: [number, Uint8Array][]): Promise<string | null> {
    const matches: [number, Uint8Array][] = [[0, Uint8Array.from(kind.discriminator)], ...fields];
    const filters = matches.map(([offset, bytes]) => ({ memcmp: { offset, bytes: base58(bytes) } }));
    const found = await rpc<{ pubkey: string }[]>(url, "getProgramAccounts", [
        PROGRAM,
        { encoding: "base64", commitment: "confirmed", dataSlice: { offset: 0, length: 0 }, filters: [{ dataSize: kind.size }, ...filters] },
    ]);
    if (!Array.isArray(found) || found.length > 1) throw new CouldNotCheck(`there is not one ${kind.name}`);
    return found[0]?.pubkey ?? null;
}

const bytesAt = (view: DataView, offset: number, length: number) => new Uint8Array(view.buffer, offset, length);

type Expected = { achievement?: string; subject?: string };
type Answer = { verdict: string; exit: number };

/** An erased credential names no subject any more, but its address was derived from it: SHA-256 over the seeds, with the bump at offset 9. */
function isOf(subject: string, credential: DataView, place: string): boolean {
    if (credential.getUint8(10) !== ERASED && !bytesAt(credential, 80, 32).every((byte) => byte === 0)) {
        return address(credential, 80) === subject;
    }
    const hash = createHash("sha256").update("credential").update(bytesAt(credential, 48, 32)).update(unbase58(subject));
    hash.update(bytesAt(credential, 14, 2)).update(bytesAt(credential, 9, 1)).update(unbase58(PROGRAM)).update("ProgramDerivedAddress");
    return base58(hash.digest()) === place;
}

/** The rules of `docs/verifiers.md`, in their order: the first that applies decides. */
function decide(place: string, credential: DataView, key: DataView, now: bigint, expected: Expected): Answer {
    const linked = address(key, 16) === address(credential, 16) && key.getUint16(10, true) === credential.getUint16(176, true);
    if (!linked) throw new CouldNotCheck("the issuer key is not the one that asserted this");
    const status = credential.getUint8(10);
    if (expected.achievement && address(credential, 48) !== expected.achievement) return { verdict: "mismatch", exit: 2 };
    if (expected.subject && !isOf(expected.subject, credential, place)) return { verdict: "mismatch", exit: 2 };
    if (status === REVOKED) return { verdict: "revoked", exit: 2 };
    if (status === ERASED || bytesAt(credential, 80, 32).every((byte) => byte === 0)) return { verdict: "erased", exit: 2 };
    if (status === DECLINED) return { verdict: "declined", exit: 2 };
    const compromisedAt = time(key, 128);
    if (compromisedAt !== 0n && time(credential, 152) >= compromisedAt) return { verdict: "key compromised", exit: 2 };
    const expiresAt = time(credential, 160);
    if (expiresAt !== 0n && now >= expiresAt) return { verdict: "expired", exit: 2 };
    if (status === SUSPENDED) return { verdict: "suspended", exit: 3 };
    if (status === PENDING) return { verdict: "pending", exit: 3 };
    if (status !== ACTIVE) throw new CouldNotCheck(`the status ${status} is not known to this script`);
    return { verdict: "valid", exit: 0 };
}

/** Whether a registry vouched for the issuer when it asserted the credential: the exit code is 0, 2 (it did not) or 3 (suspended). */
function trust(
    credential: DataView,
    issuer: DataView,
    registryAddress: string,
    registry: DataView,
    accreditation: DataView | null,
): { says: string; exit: number } {
    if (accreditation === null) return { says: "not accredited", exit: 2 };
    const ours = address(accreditation, 16) === registryAddress && address(accreditation, 48) === address(credential, 16);
    if (!ours) throw new CouldNotCheck("the accreditation is another one");
    const assertedAt = time(credential, 152);
    const [status, sinceBefore] = [accreditation.getUint8(10), time(accreditation, 88) <= assertedAt];
    if (status === WITHDRAWN && sinceBefore) return { says: "withdrawn since before issue", exit: 2 };
    const terms = [...Array(accreditation.getUint8(12)).keys()].map((index) => 104 + 16 * index);
    const covered = terms.some((at) => {
        const [from, until] = [time(accreditation, at), time(accreditation, at + 8)];
        return from <= assertedAt && (until === 0n || assertedAt < until);
    });
    const retired = registry.getUint8(10) === RETIRED && time(registry, 376) <= assertedAt;
    if (retired || !covered) return { says: "not accredited at issue", exit: 2 };
    if (accreditation.getUint32(80, true) !== issuer.getUint32(400, true)) return { says: "vouched for an earlier profile", exit: 2 };
    if (status === ACCREDITATION_SUSPENDED && sinceBefore) return { says: "suspended since before issue", exit: 3 };
    return { says: "accredited at issue", exit: 0 };
}

async function verify(url: string, place: string, expected: Expected, registry?: string): Promise<Answer> {
    // One read finds out what is linked, and where; then ONE read of all of it together decides.
    const [found] = await read(url, [place]);
    const links = decode(CREDENTIAL, found ?? null);
    if (links === null) return { verdict: "not found", exit: 4 };
    const issuer = address(links, 16);
    const key = await find(url, ISSUER_KEY, [[16, bytesAt(links, 16, 32)], [10, bytesAt(links, 176, 2)]]);
    if (key === null) throw new CouldNotCheck("the issuer key is missing");
    const accreditation = registry && (await find(url, ACCREDITATION, [[16, unbase58(registry)], [48, bytesAt(links, 16, 32)]]));
    const wanted = [CLOCK, place, key, issuer, ...(registry ? [registry] : []), ...(accreditation ? [accreditation] : [])];
    const accounts = await read(url, wanted);
    const at = (index: number): RawAccount => accounts[index] ?? null;

    const clock = at(0);
    if (clock === null) throw new CouldNotCheck("the clock cannot be read");
    const now = new DataView(Uint8Array.from(Buffer.from(clock.data[0], "base64")).buffer).getBigInt64(32, true);
    if (BigInt(Math.floor(Date.now() / 1000)) - now > STALE_AFTER_SECONDS) throw new CouldNotCheck("the cluster's clock is old");
    const credential = need(CREDENTIAL, at(1));
    if (address(credential, 16) !== issuer || credential.getUint16(176, true) !== links.getUint16(176, true)) {
        throw new CouldNotCheck("the credential changed while it was read: try again");
    }
    const answer = decide(place, credential, need(ISSUER_KEY, at(2)), now, expected);
    if (!registry || (answer.exit !== 0 && answer.exit !== 3)) return answer;
    const entry = accreditation ? need(ACCREDITATION, at(5)) : null;
    const { says, exit } = trust(credential, need(ISSUER, at(3)), registry, need(REGISTRY, at(4)), entry);
    return { verdict: `${answer.verdict}, ${says}`, exit: exit === 0 ? answer.exit : exit };
}

function unbase58(text: string): Uint8Array {
    let number = 0n;
    for (const letter of text) {
        const digit = ALPHABET.indexOf(letter);
        if (digit < 0) throw new RangeError(`${text} is not an address`);
        number = number * 58n + BigInt(digit);
    }
    const hex = number.toString(16).padStart(64, "0");
    if (hex.length !== 64) throw new RangeError(`${text} is not an address`);
    return Uint8Array.from(Buffer.from(hex, "hex"));
}

async function main(): Promise<number> {
    const { values, positionals } = parseArgs({
        allowPositionals: true,
        options: { achievement: { type: "string" }, subject: { type: "string" }, trust: { type: "string" } },
    });
    const [url, place] = positionals;
    if (url === undefined || place === undefined || positionals.length > 2) throw new RangeError("usage: verify RPC_URL CREDENTIAL [options]");
    for (const text of [place, ...Object.values(values)]) if (text !== undefined) unbase58(text);
    try {
        const { verdict, exit } = await verify(url, place, values, values.trust);
        console.log(verdict);
        return exit;
    } catch (error) {
        if (!(error instanceof CouldNotCheck)) throw error;
        console.log(`could not check: ${error.message}`);
        return 5;
    }
}

main().then(
    (exit) => process.exit(exit),
    (error) => {
        console.error(`error: ${(error as Error).message}`);
        process.exit(1);
    },
);
