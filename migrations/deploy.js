// What `anchor migrate` runs: makes the cluster as a file declares, by `microcred apply`, which does it once however often it is run, and
// refuses a program that is not the one built here. There is no second implementation of either.
//
// MICROCRED_BOOTSTRAP  the declaration [default: migrations/bootstrap.toml]
// MICROCRED_PROGRAM    the program that must be deployed: its file, or its SHA-256 [default: target/deploy/microcred.so]
// MICROCRED            the command line to use [default: built from this repository]

const { existsSync, readFileSync } = require("node:fs");
const { spawnSync } = require("node:child_process");
const path = require("node:path");

const root = path.join(__dirname, "..");
const bootstrap = path.resolve(process.env.MICROCRED_BOOTSTRAP ?? path.join(__dirname, "bootstrap.toml"));
const program = process.env.MICROCRED_PROGRAM ?? path.join(root, "target", "deploy", "microcred.so");

// Throws, and so ends `anchor migrate` with an error, unless the command ends well.
function microcred(...args) {
  const built = ["run", "--quiet", "--ignore-rust-version", "--locked", "--package", "microcred-cli", "--"];
  const [command, before] = process.env.MICROCRED ? [process.env.MICROCRED, []] : ["cargo", built];
  const { status, error } = spawnSync(command, [...before, ...args], { cwd: root, stdio: "inherit" });
  if (error) throw error;
  if (status !== 0) throw new Error(`microcred ${args[0]} ended with ${status}: nothing more is done`);
}

// On this computer, missing keys of the declaration are made; elsewhere, they are for their holders to make.
function makeKeys(rpc) {
  if (!["127.0.0.1", "localhost"].includes(new URL(rpc).hostname)) return;
  const named = readFileSync(bootstrap, "utf8").matchAll(/^\s*address\s*=\s*"([^"]+\.json)"/gm);
  for (const [, file] of named) {
    const keypair = path.resolve(path.dirname(bootstrap), file);
    if (!existsSync(keypair)) microcred("keygen", keypair);
  }
}

module.exports = function (provider) {
  const rpc = provider.connection.rpcEndpoint;
  const wallet = process.env.ANCHOR_WALLET;
  makeKeys(rpc);
  microcred("apply", bootstrap, "--yes", "--url", rpc, "--keypair", wallet, "--expect-program", program);
};
