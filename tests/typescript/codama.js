// A client that Codama generates from the IDL: generated, type-checked and compiled in a temporary folder. It has no events.

import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { rootNodeFromAnchor } from '@codama/nodes-from-anchor';
import { renderVisitor } from '@codama/renderers-js';
import { createSolanaRpc } from '@solana/kit';
import { createFromRoot } from 'codama';
import ts from 'typescript';
import { assertSame } from './plain.js';

export async function checkCodama({ rpc, idl, accounts, folder }) {
    const client = await generate(idl, join(folder, 'client'));
    const connection = createSolanaRpc(rpc);
    for (const { kind, address, fields } of accounts) {
        const { data } = await client[`fetch${kind}`](connection, address, { commitment: 'confirmed' });
        assertSame(data, fields, `${kind} ${address}`);
    }
    console.log(`Codama: ${accounts.length} accounts`);
}

async function generate(idl, folder) {
    mkdirSync(folder);
    symlinkSync(new URL('node_modules', import.meta.url).pathname, join(folder, 'node_modules'));
    const root = createFromRoot(rootNodeFromAnchor(idl));
    await root.accept(renderVisitor(folder, { formatCode: false, generatedFolder: 'src' }));
    // Whatever else was generated, CommonJS finds modules by their folders.
    writeFileSync(join(folder, 'package.json'), '{"type": "commonjs"}');
    compile(join(folder, 'src', 'index.ts'), join(folder, 'compiled'));
    return createRequire(import.meta.url)(join(folder, 'compiled', 'index.js'));
}

function compile(entry, outDir) {
    const program = ts.createProgram([entry], {
        lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
        module: ts.ModuleKind.Node16,
        moduleResolution: ts.ModuleResolutionKind.Node16,
        outDir,
        rootDir: join(entry, '..'),
        skipLibCheck: true,
        strict: true,
        target: ts.ScriptTarget.ES2022,
        types: [],
    });
    const { diagnostics } = program.emit();
    const found = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
    if (found.length > 0) {
        const host = { getCanonicalFileName: name => name, getCurrentDirectory: () => outDir, getNewLine: () => '\n' };
        throw new Error(`the generated client does not compile:\n${ts.formatDiagnostics(found, host)}`);
    }
}
