// No network for anything that runs in this process: what is asked for is answered from a table, the rest is written down and refused.
// To be imported before every library.

import dgram from 'node:dgram';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

/** What was asked of the network and stands in no table. */
export const attempts = [];

const answers = new Map();

/** From now on, each address is answered with its JSON; `null`: with "not found"; `false`: nothing can be reached there. */
export function answer(table) {
    for (const [address, content] of Object.entries(table)) answers.set(address, content);
}

/** What a table says of an address; `undefined`: nothing. */
export function answered(address) {
    return answers.get(address);
}

function refuse(what) {
    attempts.push(what);
    throw new Error(`the network is closed to this test: ${what}`);
}

globalThis.fetch = async input => {
    const address = typeof input === 'string' ? input : input.url ?? input.href;
    const content = answers.get(address);
    if (content === undefined) return refuse(`fetch ${address}`);
    if (content === false) throw new TypeError('fetch failed');
    if (content === null) return new Response('', { status: 404, statusText: 'Not Found' });
    return new Response(JSON.stringify(content), { headers: { 'content-type': 'application/json' } });
};

// Below http, https, http2, tls and undici are these, for one and all.
net.Socket.prototype.connect = (...to) => refuse(`connect ${JSON.stringify(to[0])}`);
dgram.Socket.prototype.send = () => refuse('send a datagram');
for (const of of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype]) {
    for (const name of Object.getOwnPropertyNames(of)) {
        if (/^(lookup|resolve|reverse)/.test(name)) of[name] = asked => refuse(`${name} ${asked}`);
    }
}
syncBuiltinESMExports();
