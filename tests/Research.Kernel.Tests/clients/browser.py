"""The classic Notebook in Chromium, as a person uses it: open, run all, watch a plot move, interrupt, restart, save.

A screenshot of the end goes to $RESEARCH_SCREENSHOTS, where that is set.
"""
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.request

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

from harness import PATIENCE

FIRST = """using Research.Plotting;
var points = new List<double>();
var shown = display(Figure.Titled("Loss").Line("ada", [0.0], [1.0]));
for (int step = 1; step <= 40; step++)
{
    points.Add(Math.Exp(-step / 10.0));
    shown.Update(Figure.Titled($"Loss, step {step}").Line("ada", Enumerable.Range(1, points.Count).Select(i => (double)i), points));
    await Task.Delay(100);
}
Console.WriteLine("trained");"""
# Notes every picture of the first cell, as the page shows it, until the cell has printed its last line.
WATCH = """
const area = Jupyter.notebook.get_cell(0).output_area.element[0];
window.pictures = new Set();
new MutationObserver(() => {
  const image = area.querySelector('img, svg');
  if (image && !area.textContent.includes('trained')) window.pictures.add(image.src || image.outerHTML);
}).observe(area, { childList: true, subtree: true, attributes: true });
"""
BAR = """Javascript(@"
Jupyter.notebook.kernel.comm_manager.register_target('bar', comm => {
  document.body.setAttribute('data-bar', 'open');
  comm.on_msg(message => document.body.setAttribute('data-bar', message.content.data.done));
});");"""
COMM = """using Research.Scripting.Comms;
await Task.Delay(500);
Comm bar = Comm.Open("bar", new { });
for (int i = 1; i <= 10; i++) { bar.Send(new { done = i }); await Task.Delay(20); }
bar.Close();"""
CELLS = [FIRST, "#!whos", BAR, COMM, "int kept = 41;", "kept + 1"]


def notebook():
    return {
        "cells": [
            {"cell_type": "code", "execution_count": None, "id": f"c{i}", "metadata": {}, "outputs": [], "source": code}
            for i, code in enumerate(CELLS)
        ],
        "metadata": {
            "kernelspec": {"display_name": "C#", "language": "C#", "name": "research-csharp"},
            "language_info": {"name": "C#", "file_extension": ".cs", "mimetype": "text/x-csharp"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class ClassicNotebook(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        with open(os.path.join(cls.folder, "live.ipynb"), "w", encoding="utf-8") as file:
            json.dump(notebook(), file)
        port = free_port()
        cls.log = open(os.path.join(cls.folder, "server.log"), "w", encoding="utf-8")
        cls.server = subprocess.Popen(
            ["/usr/bin/python3", "/usr/bin/jupyter-notebook", "--no-browser", "--allow-root", "--ip=127.0.0.1",
             f"--port={port}", "--NotebookApp.token=", "--NotebookApp.password=", f"--notebook-dir={cls.folder}"],
            stdout=cls.log, stderr=subprocess.STDOUT)
        cls.address = f"http://127.0.0.1:{port}"
        cls.wait_until(lambda: urllib.request.urlopen(cls.address + "/api/status", timeout=2).status == 200)
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                     "--disable-background-networking", "--disable-component-update", "--disable-sync",
                     "--disable-dev-shm-usage", "--window-size=1200,1600", f"--user-data-dir={cls.folder}/profile",
                     "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"):
            options.add_argument(flag)
        cls.page = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        cls.page.get(cls.address + "/notebooks/live.ipynb")
        cls.wait_until(lambda: cls.js("return Jupyter.notebook.kernel.is_connected()"))

    @classmethod
    def tearDownClass(cls):
        cls.page.quit()
        cls.server.send_signal(signal.SIGTERM)
        cls.server.wait(timeout=PATIENCE)
        cls.log.close()
        shutil.rmtree(cls.folder, ignore_errors=True)

    @classmethod
    def js(cls, code, *arguments):
        return cls.page.execute_script(code, *arguments)

    @classmethod
    def wait_until(cls, condition, timeout=PATIENCE):
        deadline = time.monotonic() + timeout
        while True:
            try:
                if condition():
                    return
            except Exception:  # Not there yet; the deadline tells.
                if time.monotonic() > deadline:
                    raise
            if time.monotonic() > deadline:
                raise AssertionError("Waited in vain: " + cls.js(
                    "return Jupyter.notebook ? JSON.stringify(Jupyter.notebook.toJSON().cells.map(c => c.outputs)) : 'no page'")[:4000])
            time.sleep(0.05)

    def output(self, cell):
        return self.js("return Jupyter.notebook.get_cell(arguments[0]).output_area.element.text()", cell)

    def idle(self):
        self.wait_until(lambda: not self.js("return Jupyter.notebook.kernel_busy"))

    def test_session(self):
        self.js(WATCH)
        self.js("Jupyter.notebook.execute_all_cells()")

        # The plot moves while the cell runs: the image changes under the same output.
        self.wait_until(lambda: "trained" in self.output(0))
        self.assertGreater(self.js("return window.pictures.size"), 5)
        self.assertEqual(1, self.js(
            "return Jupyter.notebook.get_cell(0).output_area.element.find('.output_area').length") - 1)
        self.assertGreater(self.js(
            "const i = Jupyter.notebook.get_cell(0).output_area.element.find('img')[0];"
            "return i.complete ? i.naturalWidth : 0"), 100)

        self.wait_until(lambda: "42" in self.output(5))
        self.assertIn("points", self.output(1))
        self.wait_until(lambda: self.js("return document.body.getAttribute('data-bar')") == "10")

        self.interrupt()
        self.completes()
        self.saves()
        self.restarts()
        if "RESEARCH_SCREENSHOTS" in os.environ:
            self.page.save_screenshot(os.path.join(os.environ["RESEARCH_SCREENSHOTS"], "classic-notebook.png"))

    def interrupt(self):
        self.js("const c = Jupyter.notebook.insert_cell_at_bottom('code');"
                "c.set_text('Console.WriteLine(1000 + 1); while (true) { }'); c.execute();")
        self.wait_until(lambda: "1001" in self.output(6))
        self.js("Jupyter.notebook.kernel.interrupt()")
        # The number comes with the cell's reply. An earlier idle is the interrupt request's own, and what is asked for
        # before the reply of a cell that failed is aborted.
        self.wait_until(lambda: self.js("return typeof Jupyter.notebook.get_cell(6).input_prompt_number === 'number'"))
        self.idle()
        self.js("const c = Jupyter.notebook.insert_cell_at_bottom('code'); c.set_text('kept'); c.execute();")
        self.wait_until(lambda: "41" in self.output(7))

    def completes(self):
        self.js("""window.completions = null;
            Jupyter.notebook.kernel.complete('kept.ToStr', 10, reply => { window.completions = reply.content.matches; });""")
        self.wait_until(lambda: self.js("return window.completions"))
        self.assertIn("ToString", self.js("return window.completions"))

    def saves(self):
        self.js("Jupyter.notebook.save_checkpoint()")
        self.wait_until(lambda: not self.js("return Jupyter.notebook.dirty"))
        with open(os.path.join(self.folder, "live.ipynb"), encoding="utf-8") as file:
            saved = json.load(file)
        first = saved["cells"][0]["outputs"]
        data = next(output["data"] for output in first if output["output_type"] == "display_data")
        self.assertIn("step 40", "".join(data["text/plain"]))
        self.assertIsInstance(data["application/vnd.plotly.v1+json"], dict)

    def restarts(self):
        self.js("Jupyter.notebook.kernel.restart()")
        self.wait_until(lambda: self.js("return Jupyter.notebook.kernel.is_connected()"))
        self.idle()
        self.js("const c = Jupyter.notebook.insert_cell_at_bottom('code'); c.set_text('kept'); c.execute();")
        self.wait_until(lambda: "CS0103" in self.output(8))


if __name__ == "__main__":
    unittest.main(verbosity=2)
