#!/usr/bin/env node
"use strict";
// The compiler as forge calls it: `--version`, or `--standard-json` with the input on stdin. npm's own `solcjs` refuses
// the `--allow-paths` that forge passes; every source arrives inside the JSON, so paths mean nothing here.

const fs = require("node:fs");
const solc = require("solc");

if (process.argv.includes("--version")) {
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}\n`);
} else if (process.argv.includes("--standard-json")) {
  process.stdout.write(solc.compile(fs.readFileSync(0, "utf8")));
} else {
  process.stderr.write(`solc.js: expected --version or --standard-json, got "${process.argv.slice(2).join(" ")}".\n`);
  process.exitCode = 1;
}
