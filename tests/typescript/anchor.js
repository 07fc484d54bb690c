// @anchor-lang/core with the IDL.

import { strictEqual } from 'node:assert';
import anchor from '@anchor-lang/core';
import web3 from '@solana/web3.js';
import { assertSame, plainName } from './plain.js';

const PATIENCE_MS = 30_000;

export async function checkAnchor({ rpc, webSocket, idl, payer, accounts, transactions }) {
    // The WebSocket port is not the next one, so it must be said.
    const connection = new web3.Connection(rpc, { wsEndpoint: webSocket, commitment: 'confirmed' });
    const wallet = new anchor.Wallet(web3.Keypair.fromSecretKey(Uint8Array.from(payer)));
    const program = new anchor.Program(idl, new anchor.AnchorProvider(connection, wallet, { commitment: 'confirmed' }));
    await checkAccounts(program, accounts);
    await checkEvents(program, transactions);
    await checkSending(program, wallet);
}

async function checkAccounts(program, accounts) {
    for (const { kind, address, fields } of accounts) {
        const name = kind[0].toLowerCase() + kind.slice(1);
        assertSame(await program.account[name].fetch(address), fields, `${kind} ${address}`);
    }
    console.log(`@anchor-lang/core: ${accounts.length} accounts`);
}

async function checkEvents(program, transactions) {
    const parser = new anchor.EventParser(program.programId, program.coder);
    let count = 0;
    for (const { signature, events } of transactions) {
        const transaction = await program.provider.connection.getTransaction(signature, {
            commitment: 'confirmed',
            maxSupportedTransactionVersion: 0,
        });
        const parsed = [...parser.parseLogs(transaction.meta.logMessages)];
        strictEqual(parsed.length, events.length, signature);
        for (const [place, { name, data }] of parsed.entries()) {
            strictEqual(plainName(name), plainName(events[place].name));
            assertSame(data, events[place].fields, `${name} of ${signature}`);
            count += 1;
        }
    }
    console.log(`@anchor-lang/core: ${count} events`);
}

async function checkSending(program, wallet) {
    const heard = new Map();
    const listener = program.addEventListener('registryCreated', (data, _slot, signature) => heard.set(signature, data));
    let [args, creator, registry, signature] = [];
    // Nobody tells when the listener is in place: what is sent before is not heard, so more is sent.
    const end = Date.now() + PATIENCE_MS;
    for (let number = 0; !heard.has(signature); number += 1) {
        if (Date.now() > end) throw new Error('no registryCreated was heard in time');
        args = { slug: `typescript-${number}`, name: 'Agence', uri: 'https://agency.example' };
        creator = web3.Keypair.generate();
        // The registry's address follows from the IDL's seeds, the System program's from the IDL.
        const request = program.methods.createRegistry(args).accounts({ payer: wallet.publicKey, creator: creator.publicKey });
        ({ registry } = await request.pubkeys());
        signature = await request.signers([creator]).rpc();
        for (let waited = 0; waited < 2000 && !heard.has(signature); waited += 50) {
            await new Promise(resolve => setTimeout(resolve, 50));
        }
    }
    const created = heard.get(signature);
    await program.removeEventListener(listener);

    const account = await program.account.registry.fetch(registry);
    const text = bytes => Buffer.from(bytes).toString('utf8').replace(/\0+$/, '');
    strictEqual(account.authority.toBase58(), creator.publicKey.toBase58());
    strictEqual(text(account.slug), args.slug);
    strictEqual(text(account.name), args.name);
    strictEqual(created.registry.toBase58(), registry.toBase58());
    console.log('@anchor-lang/core: built and sent createRegistry, and heard of it');
}
