"""`jupyter nbconvert --execute` on every notebook of the repository, and its page in Chromium with the network cut off.

Arguments: the repository's root. Every output that is a figure must be an image on the page that really has pixels.
"""
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from harness import PATIENCE

MEASURE = """
return [...document.querySelectorAll('img, svg')]
  .filter(e => e.closest('.jp-OutputArea-output, .output_subarea, .output'))
  .map(e => { const b = e.getBoundingClientRect();
              return [e.tagName, Math.round(b.width), Math.round(b.height), e.naturalWidth ?? 1]; });
"""


def figures(path):
    with open(path, encoding="utf-8") as file:
        cells = json.load(file)["cells"]
    return sum(
        "image/svg+xml" in output.get("data", {}) or any(k.startswith("image/") for k in output.get("data", {}))
        for cell in cells if cell["cell_type"] == "code" for output in cell["outputs"])


def is_all_csharp(path):
    """Jupyter's clients do not tell a kernel the language that VS Code noted beside a cell."""
    with open(path, encoding="utf-8") as file:
        cells = json.load(file)["cells"]
    return all(
        cell["metadata"].get("polyglot_notebook", {}).get("kernelName", "csharp") == "csharp"
        for cell in cells if cell["cell_type"] == "code")


def convert(notebook, to, folder, *options):
    subprocess.run(
        ["/usr/bin/python3", "/usr/bin/jupyter-nbconvert", "--to", to, "--output-dir", folder, *options, notebook],
        check=True, stdout=subprocess.DEVNULL, env={**os.environ, "PYDEVD_DISABLE_FILE_VALIDATION": "1"})


def browser(folder):
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                 "--disable-background-networking", "--disable-component-update", "--disable-sync",
                 "--disable-dev-shm-usage", "--window-size=1200,1600", f"--user-data-dir={folder}/profile",
                 "--host-resolver-rules=MAP * ~NOTFOUND"):
        options.add_argument(flag)
    return webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)


def main(root):
    folder = tempfile.mkdtemp()
    page = browser(folder)
    try:
        for notebook in sorted(glob.glob(os.path.join(root, "notebooks", "*.ipynb"))) + sorted(
                glob.glob(os.path.join(root, "tests", "Fixtures", "notebooks", "interactive", "*.ipynb"))):
            name = os.path.splitext(os.path.basename(notebook))[0]
            if not is_all_csharp(notebook):
                print(f"{name}: has cells of other languages by VS Code's metadata only", flush=True)
                continue
            convert(notebook, "notebook", folder, "--execute", f"--ExecutePreprocessor.timeout={PATIENCE}",
                    f"--ExecutePreprocessor.startup_timeout={PATIENCE}")
            executed = os.path.join(folder, name + ".ipynb")
            convert(executed, "html", folder)
            page.get("file://" + os.path.join(folder, name + ".html"))
            drawn = page.execute_script(MEASURE)
            expected = figures(executed)
            print(f"{name}: {expected} figures, on the page {drawn}", flush=True)
            good = [d for d in drawn if d[1] >= 20 and d[2] >= 20 and d[3] > 0]
            assert len(good) >= expected, f"{name}: {expected} figures, but drawn are {drawn}"
            if "RESEARCH_SCREENSHOTS" in os.environ:
                page.save_screenshot(os.path.join(os.environ["RESEARCH_SCREENSHOTS"], f"nbconvert-{name}.png"))
    finally:
        page.quit()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1])
