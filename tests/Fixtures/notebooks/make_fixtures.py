#!/usr/bin/python3
"""Writes the notebooks beside this file with nbformat, the format's own library. Run again after a change.

quickstart   C#, as VS Code and .NET Interactive write it; deterministic; every output kind.
parameters   C#, with a cell tagged 'parameters' (papermill).
failing      C#, whose third cell throws.
foreign      Python, as Jupyter writes it: unknown metadata, attachments, outputs and non-ASCII text to be kept.
"""
import os
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

HERE = os.path.dirname(os.path.abspath(__file__))
CSHARP = {
    "kernelspec": {"display_name": ".NET (C#)", "language": "C#", "name": ".net-csharp"},
    "language_info": {"file_extension": ".cs", "mimetype": "text/x-csharp", "name": "C#",
                      "pygments_lexer": "csharp", "version": "14.0"},
    "polyglot_notebook": {"kernelInfo": {"defaultKernelName": "csharp",
                                         "items": [{"aliases": [], "name": "csharp"}]}},
}
CELL = {"dotnet_interactive": {"language": "csharp"}, "polyglot_notebook": {"kernelName": "csharp"}}


def code(source, identifier, **metadata):
    return new_code_cell(source, id=identifier, metadata={**CELL, **metadata})


def save(name, cells, metadata):
    notebook = new_notebook(cells=cells, metadata=metadata)
    nbformat.validate(notebook)
    nbformat.write(notebook, os.path.join(HERE, name + ".ipynb"))


save("quickstart", [
    new_markdown_cell("# Quickstart\n\nProse with *emphasis* and 日本語.", id="prose"),
    code("using System.Globalization;\n\nvar values = new[] { 1, 2, 3 };\nvalues", "values"),
    code('Console.WriteLine("to stdout");\nConsole.Error.WriteLine("to stderr");\nConsole.Write("é😀 \\u2028 end");', "streams"),
    code('var shown = display("before");\ndisplay(HTML("<b>bold</b>"));', "display"),
    code('shown.Update("after");\nint Square(int x) => x * x;', "update"),
    code("await Task.Delay(1);\nvalues.Select(Square).Sum()", "async"),
    code("div[@class: \"box\"](h3(\"Title\"), p(\"text\"))", "pocket"),
], CSHARP)
save("parameters", [
    code("int epochs = 1;\ndouble rate = 0.5;\nvar factor = 0.25;\nstring name = \"a\";\nbool flag = false;", "defaults",
         tags=["parameters"]),
    code("$\"{epochs} {rate} {factor} {name} {flag} {factor.GetType().Name}\"", "use"),
], CSHARP)
save("failing", [
    new_markdown_cell("This one fails on purpose.", id="prose"),
    code("int Divide(int a, int b)\n{\n    return a / b;\n}", "define"),
    code("Console.WriteLine(\"fine\");", "fine"),
    code("// The failing cell\nint zero = 0;\nDivide(1, zero)", "fails"),
    code("Console.WriteLine(\"never\");", "never"),
], CSHARP)
save("foreign", [
    new_raw_cell("raw \u00fc", id="raw", metadata={"format": "text/restructuredtext"}),
    new_markdown_cell("![i](attachment:a.png)", id="attached", attachments={"a.png": {"image/png": "iVBORw0KGgo="}}),
    new_code_cell("print('x')\n\n1.0e-7", id="code", execution_count=7,
                  metadata={"collapsed": True, "vendor": {"deep": [1, 2.5, None, {"k": "v"}]}, "slideshow": {}},
                  outputs=[
                      new_output("stream", name="stdout", text="x\n\ttab \"quoted\" \\ \u0007\n"),
                      new_output("execute_result", execution_count=7, metadata={"text/plain": {"a": 1}},
                                 data={"text/plain": "1e-07", "application/json": {"a": [1, 1.5]},
                                       "image/png": "iVBORw0KGgo=", "text/html": "<p>\n</p>"}),
                      new_output("error", ename="E", evalue="v", traceback=["a", "b\nc"]),
                  ]),
], {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python", "version": "3.12"}, "vendor_extension": {"z": 1, "a": [True, False]}})
