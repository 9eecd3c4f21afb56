#!/usr/bin/python3
"""Drives one kernel by Jupyter's protocol with the same cells for every host, and looks at the messages themselves.

    live_client.py FOLDER COMMAND...

FOLDER is where the kernel runs (its nuget.config names the feed); COMMAND starts the kernel, {connection_file} included.
Exit 0: everything was as it should be; else it ends with what was not.
"""
import json
import os
import re
import sys
import tempfile

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

TIMEOUT = 600


def start(folder, command, specs):
    os.makedirs(os.path.join(specs, "host"))
    with open(os.path.join(specs, "host", "kernel.json"), "w", encoding="utf-8") as file:
        json.dump({"argv": command, "display_name": "host", "language": "C#"}, file)
    manager = KernelManager(kernel_name="host", kernel_spec_manager=KernelSpecManager(kernel_dirs=[specs]))
    manager.start_kernel(cwd=folder)
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=TIMEOUT)
    return manager, client


def run(client, code):
    """Runs a cell; gives (kind, content) of each output, in order."""
    seen = []
    reply = client.execute_interactive(
        code, timeout=TIMEOUT, output_hook=lambda message: seen.append((message["msg_type"], message["content"])))
    assert reply["content"]["status"] == "ok", f"{code}\n{reply['content']}\n{seen}"
    return [(kind, content) for kind, content in seen if kind not in ("status", "execute_input")]


def text_of(outputs):
    return "".join(content.get("text", "") for kind, content in outputs if kind == "stream")


def shown(outputs):
    return [content for kind, content in outputs if kind in ("display_data", "execute_result")]


def updates(outputs):
    return [content for kind, content in outputs if kind == "update_display_data"]


def check_one_id(outputs, least):
    first = [content for content in shown(outputs) if content.get("transient", {}).get("display_id")]
    assert first, f"nothing was shown with an id: {outputs}"
    ids = {content["transient"]["display_id"] for content in updates(outputs)}
    assert ids == {first[0]["transient"]["display_id"]}, f"updates under {ids}, shown under {first[0]['transient']}"
    assert len(updates(outputs)) >= least, f"{len(updates(outputs))} updates"


def without_network(bundle):
    """No address outside the page is loaded: what is left are names of XML namespaces and links to read."""
    html = json.dumps(bundle)
    loads = re.findall(r"(?:src|href)=\\?[\"'](?:https?:)?//[^\"'\\]*|import\(|@import|require\.config", html)
    assert not loads, loads


def drawn(content):
    data = content["data"]
    assert "text/html" in data or "image/svg+xml" in data, data.keys()
    assert "<svg" in data.get("text/html", "") + "".join(data.get("image/svg+xml", "")), str(data)[:500]
    without_network(data)


def main():
    folder, command = sys.argv[1], sys.argv[2:]
    with tempfile.TemporaryDirectory() as specs:
        manager, client = start(folder, command, specs)
        try:
            run(client, '#r "nuget: Research.Interactive"')

            # An output and its update, from the cell's thread and from another.
            outputs = run(client, '''
LiveOutput output = LiveOutput.Show("first");
output.Update("second");
await Task.Run(() => output.Update("third"));''')
            check_one_id(outputs, least=2)
            assert "third" in json.dumps(updates(outputs)[-1]["data"]), updates(outputs)[-1]

            # Nothing else is imported by hand: the package opened the library's namespaces and System.IO.
            outputs = run(client, '''
Console.WriteLine(Path.GetFileName("a/b"));
Figure.Titled("loss").Line("a", new[] { 1, 2, 3 }, new[] { 3.0, 2.0, 1.0 })''')
            assert "b" in text_of(outputs)
            drawn(shown(outputs)[-1])

            # A training draws its losses below the cell while it goes on.
            outputs = run(client, '''
ModelSpec spec = new()
{
    Name = "live",
    Model = new ModelSection([64], Seed: 1, [new Linear(64, 16), new Tanh(), new Linear(16, 10)]),
    Optimizer = new Sgd(LearningRate: 0.5, Momentum: 0.5),
    Training = new TrainingSection(BatchSize: 64, Steps: 40),
    Privacy = new PrivacySection(SampleRate: 0.05, ClipNorm: 1, NoiseMultiplier: 2, Delta: 1e-5, EpsilonCap: 8),
};
DatasetSplit digits = Datasets.Open("digits");
TrainingRun run = Trainer.Train(spec, digits.Train, new TrainerOptions { Progress = LivePlot.Show("live") });
Console.WriteLine($"{run.LossCurve.Count} steps");''')
            check_one_id(outputs, least=1)
            drawn(updates(outputs)[-1])
            assert "40 steps" in text_of(outputs)

            drawn(shown(run(client, "run"))[-1])
            for value in ("spec", "digits.Train", "Wei.FromEther(\"1.5\")"):
                for content in shown(run(client, value)):
                    without_network(content["data"])

            outputs = run(client, "#!account spec")
            assert "\\u03b5" in json.dumps(outputs) or "epsilon" in json.dumps(outputs), outputs
            outputs = run(client, "#!train spec --data digits --name again")
            check_one_id(outputs, least=1)
            assert "40" in text_of(run(client, "Console.WriteLine(again.LossCurve.Count);"))
        finally:
            client.stop_channels()
            manager.shutdown_kernel()


if __name__ == "__main__":
    main()
