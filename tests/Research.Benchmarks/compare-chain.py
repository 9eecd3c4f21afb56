#!/usr/bin/python3
"""Times this checkout's chain client beside an earlier commit's, in turn; prints one JSON line a measurement.

    compare-chain.py [--commit 6e34aa3] [--repeat 5]

The default is the last commit before the client stood on Nethereum. Both are published ReadyToRun with the same
ChainBenchmark.cs. Needs git, the .NET SDK and the anvil of contracts/node_modules. Ratio: ours over the other's.
"""
import argparse
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCE = ROOT / "tests/Research.Benchmarks/ChainBenchmark.cs"
PROJECT = """<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <AssemblyName>Research.Benchmarks</AssemblyName>
    <RunAnalyzers>false</RunAnalyzers>
    <RestoreLockedMode>false</RestoreLockedMode>
    <RestorePackagesWithLockFile>false</RestorePackagesWithLockFile>
  </PropertyGroup>
  <ItemGroup><ProjectReference Include="../../src/Research.Core/Research.Core.csproj" /></ItemGroup>
</Project>
"""
MAIN = "return await Research.Benchmarks.ChainBenchmark.RunAsync(args, System.Console.Out);\n"


def publish(commit, folder):
    """Builds the benchmark beside a commit's library; gives the program."""
    tree = folder / commit
    subprocess.run(["git", "clone", "-q", ROOT, tree], check=True)
    subprocess.run(["git", "-C", tree, "checkout", "-q", commit], check=True)
    project = tree / "tests/ChainBenchmark"
    project.mkdir()
    shutil.copy(SOURCE, project)
    (project / "ChainBenchmark.csproj").write_text(PROJECT)
    (project / "Main.cs").write_text(MAIN)
    runtime = "linux-arm64" if platform.machine() == "aarch64" else "linux-x64"
    subprocess.run(
        ["dotnet", "publish", project, "-c", "Release", "-r", runtime, "--self-contained", "false",
         "-p:PublishReadyToRun=true", "-o", folder / f"{commit}-out", "-v", "quiet", "-nologo"], check=True)
    return folder / f"{commit}-out/Research.Benchmarks"


def first_block(program, node):
    start = time.perf_counter()
    subprocess.run([program, node], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def measure(program):
    lines = subprocess.run([program], check=True, capture_output=True, text=True).stdout.splitlines()
    return {line["model"]: (line["value"], line["unit"]) for line in map(json.loads, lines)}


def main(options):
    anvil = ROOT / "contracts/node_modules/.bin/anvil"
    os.environ.setdefault("RESEARCH_ANVIL", str(anvil))
    ours = subprocess.run(
        ["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        programs = [publish(ours, folder), publish(options.commit, folder)]
        found = [{}, {}]
        port = 18545
        node = subprocess.Popen([anvil, "--port", str(port), "--silent"])
        try:
            time.sleep(2)
            for turn in range(4 * options.repeat + 2):
                for side, program in enumerate(programs):
                    seconds = first_block(program, f"http://127.0.0.1:{port}")
                    if turn >= 2:
                        found[side].setdefault("start-to-first-block", []).append((seconds, "s"))
        finally:
            node.terminate()
            node.wait()
        for _ in range(options.repeat):
            for side, program in enumerate(programs):
                for model, value in measure(program).items():
                    found[side].setdefault(model, []).append(value)

    for model, values in found[0].items():
        left, right = (statistics.median(value for value, _ in side[model]) for side in found)
        print(json.dumps({
            "bench": "chain", "model": model, "value": round(left, 3), options.commit: round(right, 3),
            "unit": values[0][1], "ratio": round(left / right, 3),
        }))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--commit", default="6e34aa3")
    parser.add_argument("--repeat", type=int, default=5)
    main(parser.parse_args())
