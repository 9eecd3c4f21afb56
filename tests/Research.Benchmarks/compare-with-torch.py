#!/usr/bin/python3
"""Measures this library and PyTorch side by side, and prints a table of ratios beside the goals.

Every round runs each measure's two sides one straight after the other, one process at a time, in turning order; so what
else the machine does hits both. A ratio is that of the medians over the rounds; its range is over the rounds' own.

Debian's torch uses the reference BLAS unless told otherwise, fifty times too slow to compare with; set up once:
  apt-get install python3-torch libopenblas0-openmp
This script then sets LD_PRELOAD of the libblas.so.3 that `dpkg -L libopenblas0-openmp` lists, OMP_NUM_THREADS, and the
OPENBLAS_CORETYPE under which sgemm is fastest here. What the environment says of these is put aside: a machine set to
Haswell halves the peer on a processor with AVX-512, and every ratio would flatter us.

Build first: dotnet build tests/Research.Benchmarks -c Release
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

from comparison import MEASURES, Side

REPOSITORY = Path(__file__).resolve().parents[2]
OURS = REPOSITORY / ".artifacts/bin/Research.Benchmarks/release/Research.Benchmarks"
SET_UP = "apt-get install python3-torch libopenblas0-openmp; dpkg -L libopenblas0-openmp must list a libblas.so.3"
LEAST_BLAS = 100  # GFLOP/s at 1024 on one thread, as the peer file demands
CORE_TYPES = ("SkylakeX", "Haswell", None)  # None: as OpenBLAS sees the processor; it does not know the newest
# What would change our own speed is left as it is, and shown.
OUR_SETTINGS = (
    "DOTNET_Tiered", "DOTNET_TC_", "DOTNET_Enable", "DOTNET_GC", "DOTNET_gc", "DOTNET_ReadyToRun", "COMPlus_")
FOREIGN = ("OPENBLAS_", "OMP_", "GOMP_", "GOTO_", "MKL_", "LD_PRELOAD")


def main():
    options = read_arguments()
    chosen = [m for m in MEASURES if options.only is None or options.only in m.name]
    if not chosen:
        sys.exit(f"--only: expected a part of a name that --list shows; got '{options.only}'.")
    runner = Runner(options)
    print_machine()
    choose_blas(runner)
    for name in sorted(os.environ):
        if name.startswith(OUR_SETTINGS):
            print(f"our side runs with {name}={os.environ[name]}")
    results = {m.name: ([], []) for m in chosen}
    for round_number in range(options.rounds):
        load = os.getloadavg()[0]
        print(f"round {round_number + 1} of {options.rounds}, load average {load:.2f}", file=sys.stderr)
        if load > 0.5:
            print("  warning: a load of 0.5 or less is wanted; our own last round counts too", file=sys.stderr)
        runner.cache.clear()
        for measure in chosen:
            sides = (0, 1) if round_number % 2 == 0 else (1, 0)
            for index in sides:
                side = (measure.left, measure.right)[index]
                if isinstance(side, Side):
                    results[measure.name][index].append(runner.value(side, round_number, measure))
    print_table(chosen, results)


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", default=os.environ.get("TORCH_PEER"), metavar="PATH",
                        help="torch_peer.py; required, unless the variable TORCH_PEER names it")
    parser.add_argument("--ours", default=str(OURS), metavar="PATH", help="the built Research.Benchmarks")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0, help="length of each of a run's 5 repetitions")
    parser.add_argument("--only", metavar="NAME", help="only measures with this in their name; --list shows the names")
    parser.add_argument("--list", action="store_true", help="print the measures' names and goals, and stop")
    parser.add_argument("--json", metavar="FILE", help="append every raw line, with its round and measure")
    options = parser.parse_args()
    if options.list:
        for measure in MEASURES:
            print(f"{measure.name}: {measure.goal_text()}")
        sys.exit()
    if options.peer is None:
        parser.error("--peer: expected the path of torch_peer.py, here or in the variable TORCH_PEER; got none")
    for name in ("peer", "ours"):
        if not Path(getattr(options, name)).is_file():
            parser.error(f"--{name}: expected an existing file; got '{getattr(options, name)}'")
    if options.rounds < 1:
        parser.error(f"--rounds: expected 1 or more; got {options.rounds}")
    if not 0 < options.seconds <= 600:
        parser.error(f"--seconds: expected a number above 0, at most 600; got {options.seconds}")
    return options


class Runner:
    """Runs one side at a time, and keeps the raw lines."""

    def __init__(self, options):
        self.options = options
        self.environment = peer_environment()
        self.cache = {}  # of one round

    def value(self, side, round_number, measure):
        # Both sides of a ratio run next to each other; a number by itself may come from an earlier run of the round,
        # and one run of gemm gives all sizes.
        key = side.text()
        if key not in self.cache or not (measure.right is None or side.n):
            self.cache[key] = self.lines(side)
            self.keep(self.cache[key], round_number, measure.name, key)
        return side.read(self.cache[key])

    def keep(self, lines, round_number, measure, command):
        if self.options.json:
            with open(self.options.json, "a", encoding="utf-8") as file:
                for line in lines:
                    record = {"round": round_number + 1, "measure": measure, "command": command, **line}
                    file.write(json.dumps(record) + "\n")

    def set_core(self, core):
        self.environment.pop("OPENBLAS_CORETYPE", None)
        if core:
            self.environment["OPENBLAS_CORETYPE"] = core

    def lines(self, side, seconds=None):
        seconds = seconds or self.options.seconds
        if side.is_peer:
            command = ["/usr/bin/python3", self.options.peer, *side.arguments, str(side.threads),
                       "--secs", str(seconds)]
            environment = {**self.environment, "OMP_NUM_THREADS": str(side.threads)}
        else:
            command = [self.options.ours, "quick", *side.arguments, "--threads", str(side.threads),
                       "--seconds", str(seconds)]
            environment = None
        if side.batch:
            command += ["--batch", str(side.batch)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"{' '.join(command)}\nexited with {done.returncode}:\n{done.stderr}")
        if not side.is_peer and done.stderr:
            print(done.stderr, end="", file=sys.stderr)
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def peer_environment():
    environment = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    listing = subprocess.run(["dpkg", "-L", "libopenblas0-openmp"], capture_output=True, text=True, check=False)
    libraries = [line for line in listing.stdout.splitlines() if line.endswith("libblas.so.3")]
    if libraries:
        environment["LD_PRELOAD"] = libraries[0]
    return environment


def choose_blas(runner):
    """Takes the core type with the fastest sgemm, by processor time, which other processes disturb least."""
    rates = {}
    for core in CORE_TYPES:
        if core == "SkylakeX" and "avx512f" not in processor("flags").split():
            continue
        runner.set_core(core)
        lines = runner.lines(Side(True, ["sgemm", "none"], 1, None, "rate_cpu", n=1024), seconds=0.1)
        rates[core] = next(line["rate_cpu"] for line in lines if line["n"] == 1024)
    first = next(iter(rates))  # preferred unless another is clearly faster, so that reruns take the same
    core = max(rates, key=lambda name: rates[name] * (1.05 if name == first else 1))
    runner.set_core(core)
    tried = ", ".join(f"{name or 'detected'} {rate:.0f}" for name, rate in rates.items())
    print(f"peer: {lines[0]['engine']}, LD_PRELOAD={runner.environment.get('LD_PRELOAD', '')}; "
          f"sgemm of 1024 in GFLOP/s by core type: {tried}; taken: {core or 'detected'}\n")
    if rates[core] < LEAST_BLAS:
        sys.exit(f"The peer's BLAS is slow: expected more than {LEAST_BLAS} GFLOP/s at 1024; got {rates[core]:.0f}. No "
                 f"ratio to it means anything. Set up: {SET_UP}")


def processor(field):
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        return next((line.split(":", 1)[1].strip() for line in file if line.startswith(field)), "")


def print_machine():
    load = " ".join(f"{value:.2f}" for value in os.getloadavg())
    print(f"machine: {processor('model name')}, {os.cpu_count()} processors, load average {load}")


def print_table(chosen, results):
    print("| measure | left | right | ratio (range) | goal | reached |")
    print("| --- | ---: | ---: | ---: | --- | --- |")
    for measure in chosen:
        left, right = results[measure.name]
        value = statistics.median(left)
        shown = "" if not right else number(statistics.median(right))
        ratio = ""
        if right:
            each = sorted(a / b for a, b in zip(left, right))
            value /= statistics.median(right)
            ratio = f"{value:.2f} ({each[0]:.2f}–{each[-1]:.2f})"
        reached = "" if measure.goal is None else ("yes" if measure.is_reached(value) else "no")
        print(f"| {measure.name} | {number(statistics.median(left))} | {shown} | {ratio} | "
              f"{measure.goal_text()} | {reached} |")


def number(value):
    return f"{value:,.0f}" if value >= 1000 else f"{value:.4g}"


if __name__ == "__main__":
    main()
