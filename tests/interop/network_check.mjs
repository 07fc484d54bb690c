// Reaches for the network in every way that a library could, and prints what happened.

import { attempts } from './network.mjs';
import dgram from 'node:dgram';
import { lookup } from 'node:dns';
import { resolve4 } from 'node:dns/promises';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';

const ways = {
    fetch: () => fetch('https://a.example/'),
    http: () => http.get('http://127.0.0.1:9/'),
    https: () => https.get('https://127.0.0.1:9/'),
    http2: () => http2.connect('http://127.0.0.1:9/'),
    net: () => net.connect(9, '127.0.0.1'),
    tls: () => tls.connect(9, '127.0.0.1'),
    dgram: () => dgram.createSocket('udp4').send('a', 9, '127.0.0.1'),
    lookup: () => lookup('a.example', () => {}),
    resolve4: () => resolve4('a.example'),
};
const open = [];
for (const [way, reach] of Object.entries(ways)) {
    try {
        await reach();
        open.push(way);
    } catch {
        // As it should be.
    }
}
process.stdout.write(JSON.stringify({ open, attempts: attempts.length, ways: Object.keys(ways).length }));
process.exit(0);
