"use strict";
// Writes artifacts/TrainingMarket.json from a fresh compilation; with --check, fails when the committed file differs.

const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const contracts = ["TrainingMarket", "Refuter"];
const root = path.join(__dirname, "..");
const platform = `${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`; // As the packages are named.

function forge(...args) {
  const suffix = process.platform === "win32" ? ".exe" : "";
  const binary = require.resolve(`@foundry-rs/forge-${platform}/bin/forge${suffix}`);
  const env = process.platform === "win32" ? { ...process.env, FOUNDRY_SOLC: "./solc.cmd" } : process.env;
  execFileSync(binary, args, { cwd: root, env, stdio: ["ignore", "ignore", "inherit"] });
}

function artifact(name) {
  const built = JSON.parse(fs.readFileSync(path.join(root, "out", `${name}.sol`, `${name}.json`), "utf8"));
  if (Object.keys(built.deployedBytecode.immutableReferences ?? {}).length > 0) {
    // Clients hold the code on chain to the runtime code here, which immutables would change with each deployment.
    throw new Error(`${name} has immutables: its runtime code is not the same everywhere.`);
  }
  return {
    contractName: name,
    compiler: require("solc").version(),
    abi: built.abi,
    bytecode: built.bytecode.object,
    runtimeBytecode: built.deployedBytecode.object,
  };
}

function main() {
  const check = process.argv.includes("--check");
  forge("build", "--skip", "test");
  for (const name of contracts) {
    const file = path.join(root, "artifacts", `${name}.json`);
    const fresh = `${JSON.stringify(artifact(name), null, 2)}\n`;
    if (!check) {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, fresh);
    } else if (!fs.existsSync(file) || fs.readFileSync(file, "utf8") !== fresh) {
      process.stderr.write(`artifacts/${name}.json is not what src compiles to: run "npm run build" and commit it.\n`);
      process.exitCode = 1;
    }
  }
}

main();
