#!/usr/bin/python3
"""Times Jupyter kernels as a client sees them; prints one JSON line a kernel.

    compare-kernels.py [--repeat 5] [--cells 1000] [KERNEL ...]        (default: research-csharp python3)

Needs Debian's jupyter-client (and python3-ipykernel for the peer). Kernels are found where Jupyter finds them: run
`research kernel install` first. Memory is the resident set of the kernel's process.
"""
import argparse
import json
import statistics
import time

from jupyter_client.manager import start_new_kernel

CODE = {
    "csharp": {
        "first": "1+1", "warm": "{0}+1", "lines": "for (int i = 0; i < 10000; i++) Console.WriteLine(i);",
        "busy": "while (true) {{ }}", "keep": "int kept = 9;", "kept": "kept",
        "cells": ["var v{0} = {0} * 2; v{0}", "kept = {0}; Console.WriteLine(kept);", "var again = new double[1000]; again.Length"],
    },
    "python": {
        "first": "1+1", "warm": "{0}+1", "lines": "for i in range(10000): print(i)",
        "busy": "while True: pass", "keep": "kept = 9", "kept": "kept",
        "cells": ["v{0} = {0} * 2; v{0}", "kept = {0}; print(kept)", "again = [0.0] * 1000; len(again)"],
    },
}


def run(client, code, timeout=60):
    """Runs a cell; gives (seconds until both its reply and its idle status are here, its text)."""
    text = []

    def hook(message):
        content = message["content"]
        if message["msg_type"] == "stream":
            text.append(content["text"])
        elif message["msg_type"] == "execute_result":
            text.append(content["data"]["text/plain"])

    start = time.perf_counter()
    reply = client.execute_interactive(code, timeout=timeout, output_hook=hook, store_history=False)
    seconds = time.perf_counter() - start
    assert reply["content"]["status"] == "ok", reply["content"]
    return seconds, "".join(text)


def resident_mb(manager):
    pid = getattr(manager, "provisioner", manager).pid if hasattr(manager, "provisioner") else manager.kernel.pid
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))


def started(name):
    start = time.perf_counter()
    manager, client = start_new_kernel(kernel_name=name)
    return time.perf_counter() - start, manager, client


def stop(manager, client):
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def measure(name, repeat, cells):
    ready, first = [], []
    for attempt in range(repeat):
        seconds, manager, client = started(name)
        ready.append(seconds)
        first.append(run(client, "1+1")[0])
        if attempt + 1 < repeat:
            stop(manager, client)

    code = CODE["python" if manager.kernel_spec.language == "python" else "csharp"]
    run(client, code["keep"])
    for i in range(200):
        run(client, code["warm"].format(i))
    warm = [run(client, code["warm"].format(1000 + i))[0] for i in range(200)]

    lines = []
    for _ in range(5):
        seconds, text = run(client, code["lines"])
        assert text == "".join(f"{i}\n" for i in range(10000)), "lines are missing or out of order"
        lines.append(seconds)

    interrupts = []
    for _ in range(5):
        request = client.execute(code["busy"].format(), store_history=False)
        time.sleep(0.7)
        start = time.perf_counter()
        manager.interrupt_kernel()
        while client.get_shell_msg(timeout=20)["parent_header"]["msg_id"] != request:
            pass
        interrupts.append(time.perf_counter() - start)
        time.sleep(0.5)  # ipykernel aborts what is asked right after an error.
        assert run(client, code["kept"])[1] == "9"

    memory = {}
    for i in range(1, cells + 1):
        run(client, code["cells"][i % 3].format(i))
        if i in (100, cells):
            memory[i] = resident_mb(manager)
    stop(manager, client)
    return {
        "kernel": name,
        "readySeconds": round(statistics.median(ready), 3),
        "firstCellSeconds": round(statistics.median(first), 3),
        "warmCellMs": round(1000 * statistics.median(warm), 2),
        "tenThousandLinesSeconds": round(statistics.median(lines), 3),
        "interruptSeconds": round(statistics.median(interrupts), 3),
        "memoryMb": {str(k): round(v, 1) for k, v in memory.items()},
        "memoryGrowth": round(memory[cells] / memory[100], 3),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kernels", nargs="*", default=["research-csharp", "python3"])
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--cells", type=int, default=1000)
    options = parser.parse_args()
    for kernel in options.kernels:
        print(json.dumps(measure(kernel, options.repeat, options.cells)), flush=True)
