#!/usr/bin/python3
"""Runs notebooks, unchanged, in each program that runs C# notebooks, and prints the table notebook x host.

    hosts.py --tools FOLDER --kernel "dotnet research.dll" [--out FOLDER] [--jobs 2] NOTEBOOK...

FOLDER holds the .NET tools dotnet-interactive, dotnet-repl and csharprepl as `dotnet tool install --tool-path` leaves
them. The two kernels are driven by nbclient, as Jupyter drives them; dotnet-repl runs the file itself. A cell of another
language is sent with its switch, as VS Code's extension does (Jupyter's protocol has no field for it). Scripts (.csx) run
by `research script` and by csharprepl.

A result is the number of code cells and the seconds, or how many cells failed, or why the host cannot do it. Exit 0: every
notebook ran in every host that can. The executed notebooks are left in --out.
"""
import argparse
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import warnings

import nbformat
from nbclient import NotebookClient

warnings.filterwarnings("ignore", category=nbformat.warnings.MissingIDFieldWarning)  # dotnet-repl writes none.

TIMEOUT = 600  # Seconds for one cell, and for one run of a program: a slow machine is no failure.

HOSTS = {
    ".ipynb": ["research", "dotnet-interactive", "dotnet-repl"],
    ".csx": ["research script", "csharprepl"],
}

# What a host cannot do by its nature, by the notebook's name: said in the table instead of tried.
CANNOT = {
    "dotnet-interactive": {"7-javascript": "needs a page"},
    "dotnet-repl": {
        "3-html-and-pocketview": "needs a browser's driver",
        "5-variables-and-magics": "has no #!time",
        "7-javascript": "needs a browser's driver",
    },
}


def with_switches(notebook):
    """Puts the cell's language on its first line where the file only names it in metadata."""
    for cell in notebook.cells:
        language = cell.metadata.get("polyglot_notebook", {}).get("kernelName", "csharp")
        if cell.cell_type == "code" and language != "csharp" and not cell.source.startswith("#!"):
            cell.source = f"#!{language}\n{cell.source}"
    return notebook


def errors_of(notebook):
    """The first line of each error, wherever a host puts it."""
    return [
        f"cell {index}: {str(output.get('evalue', '')).strip().splitlines()[:1]}"
        for index, cell in enumerate(notebook.cells) if cell.cell_type == "code"
        for output in cell.outputs if output.output_type == "error"
    ]


def count(notebook):
    return sum(cell.cell_type == "code" and bool(cell.source.strip()) for cell in notebook.cells)


def by_jupyter(kernel):
    def run(path, out):
        notebook = with_switches(nbformat.read(path, as_version=4))
        NotebookClient(
            notebook, kernel_name=kernel, timeout=TIMEOUT, startup_timeout=TIMEOUT, allow_errors=True,
            resources={"metadata": {"path": os.path.dirname(os.path.abspath(path))}}).execute()
        nbformat.write(notebook, out)
        return notebook, errors_of(notebook)
    return run


def by_repl(tools):
    def run(path, out):
        done = subprocess.run(
            [os.path.join(tools, "dotnet-repl"), "--run", os.path.abspath(path), "--exit-after-run",
             "--output-format", "ipynb", "--output-path", out],
            cwd=os.path.dirname(os.path.abspath(path)), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=TIMEOUT, check=False)
        if not os.path.exists(out):
            return None, [f"exit {done.returncode}, nothing written"]
        notebook = nbformat.read(out, as_version=4)
        errors = errors_of(notebook)
        return notebook, errors or ([f"exit {done.returncode}"] if done.returncode else [])
    return run


def by_program(command):
    def run(path, out):
        folder, name = os.path.split(os.path.abspath(path))
        done = subprocess.run(
            [*command, name], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            timeout=TIMEOUT, check=False)
        text = done.stdout.decode("utf-8", "replace")
        with open(out, "w", encoding="utf-8") as file:
            file.write(text)
        last = text.strip().splitlines()[-1:]
        return None, [f"exit {done.returncode}: {last}"] if done.returncode else []
    return run


def write_specs(folder, tools, kernel):
    commands = {
        "dotnet-interactive": [os.path.join(tools, "dotnet-interactive"), "jupyter", "--default-kernel", "csharp",
                               "--http-local-only", "{connection_file}"],
        "research": [*kernel, "kernel", "run", "--connection-file", "{connection_file}"],
    }
    for name, argv in commands.items():
        os.makedirs(os.path.join(folder, "kernels", name))
        with open(os.path.join(folder, "kernels", name, "kernel.json"), "w", encoding="utf-8") as file:
            json.dump({"argv": argv, "display_name": name, "language": "C#"}, file)


def runner(host, tools, kernel):
    return {
        "research": lambda: by_jupyter("research"),
        "dotnet-interactive": lambda: by_jupyter("dotnet-interactive"),
        "dotnet-repl": lambda: by_repl(tools),
        "research script": lambda: by_program([*kernel, "script"]),
        "csharprepl": lambda: by_program([os.path.join(tools, "csharprepl"), "--eval-file"]),
    }[host]()


def attempt(host, places, path, out):
    name = re.sub(r"\.(ipynb|csx)$", "", os.path.basename(path))
    if name in CANNOT.get(host, {}):
        return CANNOT[host][name], []
    started = time.monotonic()
    try:
        notebook, errors = runner(host, *places)(
            path, os.path.join(out, f"{name}.{host.replace(' ', '-')}{os.path.splitext(path)[1]}"))
    except Exception as problem:  # Whatever a dying kernel makes of its client.
        return "failed", [f"{type(problem).__name__}: {problem}"]
    if errors:
        return f"{len(errors)} failed", errors
    cells = f"{count(notebook)} cells, " if notebook is not None else ""
    return f"{cells}{time.monotonic() - started:.0f} s", []


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tools", required=True)
    parser.add_argument("--kernel", required=True, help="the command line that starts `research`")
    parser.add_argument("--out")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    out = os.path.abspath(options.out or tempfile.mkdtemp(prefix="hosts-"))
    os.makedirs(out, exist_ok=True)
    # Neither tool may phone home from a test.
    os.environ.update(DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT="1", DOTNET_CLI_TELEMETRY_OPTOUT="1", NO_COLOR="1")

    with tempfile.TemporaryDirectory() as specs:
        kernel = options.kernel.split()
        places = (os.path.abspath(options.tools), kernel)
        write_specs(specs, *places)
        os.environ["JUPYTER_PATH"] = specs
        failed = False
        for kind, hosts in HOSTS.items():
            files = [path for path in options.files if path.endswith(kind)]
            if not files:
                continue
            print(f"\n| {'notebook' if kind == '.ipynb' else 'script'} | {' | '.join(hosts)} |")
            print(f"| --- |{' --- |' * len(hosts)}", flush=True)
            with concurrent.futures.ProcessPoolExecutor(options.jobs) as pool:
                waiting = {path: [pool.submit(attempt, host, places, path, out) for host in hosts] for path in files}
                problems = []
                for path, results in waiting.items():
                    results = [result.result() for result in results]
                    print(f"| {os.path.basename(path)} | {' | '.join(text for text, _ in results)} |", flush=True)
                    problems += [f"{os.path.basename(path)} in {host}: {error}"
                                 for host, (_, errors) in zip(hosts, results) for error in errors]
            print("\n".join(problems))
            failed |= bool(problems)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
