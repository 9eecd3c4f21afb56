#!/usr/bin/python3
"""Writes the notebooks beside this file with nbformat, as Polyglot Notebooks and .NET Interactive write them.

Each uses .NET Interactive's documented, portable features in its users' way; README.md says where each is documented.
They hold no outputs: tests/Research.Scripting.Tests/Notebooks/Interactive runs them and says what must come out.
"""
import os
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

HERE = os.path.dirname(os.path.abspath(__file__))

# VS Code's extension: every kernel of the session is listed.
POLYGLOT = {
    "kernelspec": {"display_name": ".NET (C#)", "language": "C#", "name": ".net-csharp"},
    "language_info": {"name": "polyglot-notebook"},
    "polyglot_notebook": {"kernelInfo": {"defaultKernelName": "csharp", "items": [
        {"aliases": [], "name": "csharp"},
        {"aliases": [], "languageName": "HTML", "name": "html"},
        {"aliases": ["js"], "languageName": "JavaScript", "name": "javascript"},
        {"aliases": [], "languageName": "Mermaid", "name": "mermaid"},
        {"aliases": [], "name": "value"},
    ]}},
}
# Jupyter with the .NET Interactive kernel.
JUPYTER = {
    "kernelspec": {"display_name": ".NET (C#)", "language": "C#", "name": ".net-csharp"},
    "language_info": {"file_extension": ".cs", "mimetype": "text/x-csharp", "name": "C#", "pygments_lexer": "csharp",
                      "version": "12.0"},
}


def code(identifier, source, language="csharp", vscode=True):
    metadata = {"dotnet_interactive": {"language": language}, "polyglot_notebook": {"kernelName": language}}
    if vscode:
        metadata["vscode"] = {"languageId": "polyglot-notebook"}
    return new_code_cell(source.strip("\n"), id=identifier, metadata=metadata)


def jupyter(identifier, source):
    return new_code_cell(source.strip("\n"), id=identifier)


def prose(identifier, source):
    return new_markdown_cell(source, id=identifier)


def save(name, cells, metadata):
    notebook = new_notebook(cells=cells, metadata=metadata)
    nbformat.validate(notebook)
    nbformat.write(notebook, os.path.join(HERE, name + ".ipynb"))


save("1-displaying-output", [
    prose("title", "# Displaying output in a .NET notebook"),
    jupyter("return-value", '''
var x = "Hello!";
display(x);
x
'''),
    jupyter("console", '''
Console.Write("hello");
Console.Write(" ");
Console.WriteLine("world");
Console.Error.WriteLine("careful");
'''),
    jupyter("several", '''
display("one");
display("two");
"three".Display();
'''),
    jupyter("update", '''
var fruitOutput = display("Let's get some fruit!");
var basket = new [] {"apple", "orange", "coconut", "pear", "peach"};

foreach (var fruit in basket)
{
    System.Threading.Thread.Sleep(10);
    fruitOutput.Update($"I have 1 {fruit}.");
}

fruitOutput.Update(basket);
'''),
    jupyter("progress", 'var progress = display("0 of 3");'),
    jupyter("later", '''
for (var i = 1; i <= 3; i++)
{
    await Task.Delay(10);
    progress.Update($"{i} of 3");
}
'''),
    jupyter("display-as", '''
"<b>bold</b>".DisplayAs("text/html");
"**bold**".DisplayAs("text/markdown");
"{ \\"a\\": 1 }".DisplayAs("application/json");
'''),
    jupyter("mime-types", '''
display(new { Fruit = "apple", Count = 3 }, "application/json");
new[] { 1, 2, 3 }.Display("text/plain");
'''),
    jupyter("null", '''
string nothing = null;
display(nothing);
nothing
'''),
    jupyter("caught", '''
try
{
    int.Parse("twelve");
}
catch (FormatException e)
{
    Console.WriteLine($"caught: {e.GetType().Name}");
    display(e);
}
'''),
], JUPYTER)

save("2-formatting-outputs", [
    prose("title", "# Formatting outputs"),
    code("enumerable", '''
display(new [] {"hello", "world"} );

Enumerable.Range(1, 5)
'''),
    code("dictionary", '''
var dictionary = new Dictionary<string, int>
{
  ["zero"] = 0,
  ["one"] = 1,
  ["two"] = 2
};
dictionary
'''),
    code("object", '''
class Person
{
    public string FirstName { get; set; }
    public string LastName { get; set; }
    public int Age { get; set; }
}

display(new Person { FirstName = "Mitch", LastName = "Buchannon", Age = 42} );
'''),
    code("objects", '''
var groupOfPeople = new []
{
    new Person { FirstName = "Mitch", LastName = "Buchannon", Age = 42 },
    new Person { FirstName = "Hobie", LastName = "Buchannon", Age = 23 },
    new Person { FirstName = "Summer", LastName = "Quinn", Age = 25 },
    new Person { FirstName = "C.J.", LastName = "Parker", Age = 23 },
};

display(groupOfPeople);
'''),
    code("by-key", 'display(groupOfPeople.ToDictionary(p => $"{p.FirstName}"));'),
    code("graph", '''
class Person
{
    public string FirstName { get; set; }
    public string LastName { get; set; }
    public int Age { get; set; }
    public List<Person> Friends { get; } = new List<Person>();
}

var mitch = new Person { FirstName = "Mitch", LastName = "Buchannon", Age = 42 };
var hobie = new Person { FirstName = "Hobie", LastName = "Buchannon", Age = 23 };
mitch.Friends.Add(hobie);
hobie.Friends.Add(mitch);

var groupOfPeople = new List<Person> { mitch, hobie };

display(groupOfPeople);
'''),
    code("plain-formatter", '''
using Microsoft.DotNet.Interactive.Formatting;

Formatter.Register<Person>((person, writer) => {
   writer.Write(person.FirstName);
}, mimeType: "text/plain");

mitch.ToDisplayString("text/plain")
'''),
    code("html-formatter", '''
using static Microsoft.DotNet.Interactive.Formatting.PocketViewTags;

Formatter.ResetToDefault();
Formatter.Register<List<Person>>((people, writer) =>
{
    foreach (var person in people)
    {
        writer.Write(
            span(
                b(person.FirstName),
                " ",
                i($"({person.Age} years old and has {person.Friends.Count} friends)"),
                br));
    }
}, mimeType: "text/html");

groupOfPeople
'''),
    code("open-generic", '''
Formatter.ResetToDefault();
Formatter.Register(
    type: typeof(List<>),
    formatter: (list, writer) =>
    {
        writer.Write("quack");
    }, "text/html");

new List<int> { 1, 2, 3, 4, 5 }
'''),
    code("preferred", '''
Formatter.ResetToDefault();
Formatter.SetPreferredMimeTypesFor(typeof(System.Version), "text/html");
Formatter.Register<System.Version>(v => $"<i>v{v}</i>", "text/html");

new Version(1, 2, 3)
'''),
    code("preferred-plain", '''
Formatter.ResetToDefault();
Formatter.SetPreferredMimeTypesFor(typeof(Person), "text/plain");
Formatter.Register<Person>(p => $"{p.FirstName} {p.LastName}", "text/plain");

hobie
'''),
    code("limit", '''
Formatter.ResetToDefault();
Formatter.ListExpansionLimit = 5;

Enumerable.Range(100, 1000)
'''),
], POLYGLOT)

save("3-html-and-pocketview", [
    prose("title", "# Outputting HTML in a notebook"),
    code("using", '''
using Microsoft.DotNet.Interactive.Formatting;
using static Microsoft.DotNet.Interactive.Formatting.PocketViewTags;
'''),
    code("html", 'display(HTML("<b style=\\"color:blue\\">Hello!</b>"));'),
    code("string", 'display("<b style=\\"color:blue\\">Hello!</b>");'),
    code("html-string", '''
var someHtml = HTML("<b style=\\"color:blue\\">Hello!</b>");

Console.WriteLine(someHtml.GetType().GetInterfaces().Any(type => type.Name == "IHtmlContent"));
'''),
    code("script", 'Javascript(@"console.log(""Hello!"");");'),
    code("pocketview", '''
display(
    span(
        img[src:"https://en.wikipedia.org/favicon.ico", style:"height:1.5em"],
        a[href: @"https://en.wikipedia.org", target: "blank", style:"color:green"](b("Wikipedia"))
    )
);
'''),
    code("to-string", '''
var pocketView = span(
        img[src:"https://en.wikipedia.org/favicon.ico", style:"height:1.5em"],
        a[href: @"https://en.wikipedia.org", target: "blank", style:"color:green"](b("Wikipedia")));

display(pocketView.ToString());
'''),
    code("tags", '''
var pocketViewTagMethods = typeof(PocketViewTags)
    .GetProperties()
    .Select(m => m.Name);

display(pocketViewTagMethods);
'''),
    code("attribute", '''
var pocketView = span[style:"font-style:italic"]("Hello!");

display(pocketView);
'''),
    code("encoded", '''
PocketView pocketView = span("<div>This string looks like HTML but it will be HTML encoded.</div>");

display(pocketView);
'''),
    code("not-encoded", '''
var htmlContent = HTML("<i>This won't be HTML encoded.</i>");

PocketView pocketView = span(
    htmlContent
);

display(pocketView);
'''),
    code("nested-object", '''
PocketView pocketView = b(
    new { Fruit = "apple", Texture = "smooth" }
);

display(pocketView);
'''),
    code("list", '''
var fruits = new[] { "apple", "orange" };

ul(fruits.Select(f => li(f)))
'''),
    code("magic-html", '''
#!html
<b>Hello!</b>
''', language="html"),
    code("cell-html", "<p>No magic: the cell's own kernel.</p>", language="html"),
    code("magic-markdown", '''
#!markdown

Write a **list** ...
* first
* second
'''),
    code("mermaid", '''
graph LR
    A --> B
''', language="mermaid"),
    code("svg", '''
"<svg xmlns=\\"http://www.w3.org/2000/svg\\" width=\\"20\\" height=\\"20\\"><circle cx=\\"10\\" cy=\\"10\\" r=\\"9\\"/></svg>".DisplayAs("image/svg+xml");
'''),
], POLYGLOT)

save("4-packages-and-imports", [
    prose("title", "# Importing packages, libraries, and scripts"),
    code("package", '#r "nuget: Newtonsoft.Json, 13.0.4"'),
    code("use-package", '''
using Newtonsoft.Json.Linq;

var parsed = JObject.Parse("{ \\"fruit\\": \\"apple\\", \\"count\\": 3 }");
Console.WriteLine(parsed["fruit"]);
(int)parsed["count"]
'''),
    code("package-without-space", '''
#r "nuget:MathNet.Numerics,5.0.0"
using MathNet.Numerics.Statistics;

Console.WriteLine(new[] { 1.0, 2.0, 3.0, 4.0 }.Median());
'''),
    code("package-and-code", '''
#r "nuget: Humanizer.Core, 3.0.10"
using Humanizer;

HTML($"<b>{"apple".ToQuantity(3)}</b>")
'''),
    code("assembly", '''
#r "System.Xml.Linq"
using System.Xml.Linq;

XElement.Parse("<a><b>text</b></a>").Value
'''),
    code("load", '#load "imported/something.csx"'),
    code("use-load", 'Twice(21)'),
    code("import-script", '#!import "imported/more.cs"'),
    code("use-import-script", 'Greeting.For("Ada")'),
    code("import-dib", '#!import imported/cells.dib'),
    code("use-import-dib", 'fromFirstCell + fromSecondCell'),
    code("import-notebook", '#!import imported/cells.ipynb'),
    code("use-import-notebook", 'fromNotebook'),
    code("json", '''
using System.Text.Json;

JsonSerializer.Serialize(new { Fruit = "apple" })
'''),
], POLYGLOT)

save("5-variables-and-magics", [
    prose("title", "# Variables and magic commands"),
    code("declare", '''
var number = 42;
var name = "Ada";
'''),
    code("who", "#!who"),
    code("whos", "#!whos"),
    code("time", '''
#!time
await Task.Delay(20);
"done"
'''),
    code("lsmagic", "#!lsmagic"),
    code("about", "#!about"),
    code("set", '#!set --name url --value https://example.com'),
    code("use-set", "url"),
    code("set-words", '#!set --name words --value "one two three"'),
    code("use-words", "words.Split(' ').Length"),
    code("set-shared", '''
#!set --name copy --value @csharp:number
'''),
    code("use-shared", "copy"),
    code("value", '''
#!value --name someJson
{
    "what": "some JSON",
    "why": "to share it with another subkernel"
}
'''),
    code("share", '''
#!share someJson --from value

using System.Text.Json;
JsonDocument.Parse(someJson).RootElement.GetProperty("what").GetString()
'''),
    code("value-file", '#!value --from-file imported/data.json --name fileJson'),
    code("set-from-value", '#!set --name text --value @value:fileJson'),
    code("use-file", '$"{text}"'),
    code("value-shown", '''
#!value --name shownJson --mime-type application/json
{ "what": "a tree" }
'''),
    code("share-as", '''
#!share --from value someJson --as renamed
'''),
    code("use-renamed", "$\"{renamed}\".Length > 10"),
    code("switch", '''
#!csharp
var fromSwitch = number + 1;
fromSwitch
'''),
    code("two-languages", '''
var before = "C# first";
display(before);
#!html
<i>then HTML</i>
#!csharp
display(before + ", C# last");
'''),
], POLYGLOT)

save("6-data-and-async", [
    prose("title", "# Data, tasks and streams"),
    jupyter("records", '''
public record Measurement(string Station, DateOnly Day, double Celsius);

var measurements = new List<Measurement>
{
    new("Oslo", new DateOnly(2026, 1, 1), -4.5),
    new("Oslo", new DateOnly(2026, 1, 2), -2.0),
    new("Rome", new DateOnly(2026, 1, 1), 9.5),
};
measurements
'''),
    jupyter("linq", '''
measurements
    .GroupBy(m => m.Station)
    .Select(g => new { Station = g.Key, Mean = g.Average(m => m.Celsius), Count = g.Count() })
    .OrderBy(row => row.Station)
'''),
    jupyter("table", '''
using Microsoft.DotNet.Interactive.Formatting.TabularData;

measurements.ToTabularDataResource().Display();
'''),
    jupyter("await", '''
async Task<int> SlowSquare(int n)
{
    await Task.Delay(5);
    return n * n;
}

var squares = await Task.WhenAll(Enumerable.Range(1, 4).Select(SlowSquare));
squares.Sum()
'''),
    jupyter("stream", '''
async IAsyncEnumerable<int> CountTo(int n)
{
    for (var i = 1; i <= n; i++)
    {
        await Task.Yield();
        yield return i;
    }
}

var total = 0;
await foreach (var i in CountTo(5))
{
    total += i;
    Console.WriteLine($"{i} makes {total}");
}
'''),
    jupyter("threads", '''
var lines = 0;
Parallel.For(0, 8, worker =>
{
    for (var i = 0; i < 50; i++)
    {
        Console.WriteLine($"worker {worker} line {i}");
        System.Threading.Interlocked.Increment(ref lines);
    }
});
lines
'''),
    jupyter("live", '''
var bar = display("starting");
foreach (var percent in new[] { 25, 50, 75, 100 })
{
    await Task.Delay(5);
    bar.Update(HTML($"<progress max=\\"100\\" value=\\"{percent}\\">{percent} %</progress>"));
}
'''),
    jupyter("patterns", '''
string Describe(object value) => value switch
{
    int n and > 100 => "large",
    int => "small",
    string { Length: 0 } => "empty",
    null => "null",
    _ => "other",
};

(Describe(500), Describe(5), Describe(""), Describe(null), Describe(1.5))
'''),
    jupyter("exception", '''
class OutOfRange(string message) : Exception(message);

try
{
    await Task.Run(() => throw new OutOfRange("too hot"));
}
catch (OutOfRange e)
{
    display(e.Message);
}
finally
{
    Console.WriteLine("cleaned up");
}
'''),
    jupyter("multiline", '''
var report = """
    Stations: 2
    Days: "two"
    """;
Console.WriteLine(report);
'''),
    jupyter("span", '''
int YearOf(ReadOnlySpan<char> text) => int.Parse(text[..4]);

YearOf("2026-01-02")
'''),
    jupyter("redefine", '''
var total = "redefined as text";
total
'''),
    jupyter("disposable", '''
using (var stream = new System.IO.MemoryStream(new byte[] { 1, 2, 3 }))
{
    Console.WriteLine(stream.Length);
}
'''),
], JUPYTER)

FOLDER = os.path.join(HERE, "imported")
os.makedirs(FOLDER, exist_ok=True)
FILES = {
    "something.csx": "int Twice(int n) => 2 * n;\n",
    "more.cs": "public static class Greeting\n{\n    public static string For(string name) => $\"Hello, {name}!\";\n}\n",
    "cells.dib": "#!meta\n\n{\"kernelInfo\":{\"defaultKernelName\":\"csharp\",\"items\":[{\"aliases\":[],\"name\":\"csharp\"}]}}\n\n"
                 "#!markdown\n\n# Not code\n\n#!csharp\n\nvar fromFirstCell = 40;\n\n#!csharp\n\nvar fromSecondCell = 2;\n",
    "data.json": "{ \"fruit\": \"apple\" }\n",
}
for name, text in FILES.items():
    with open(os.path.join(FOLDER, name), "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
save("imported/cells", [
    prose("prose", "Imported by 4-packages-and-imports."),
    code("first", 'var fromNotebook = "from the notebook";'),
], POLYGLOT)

# Needs a page: .NET Interactive runs JavaScript in the front end, and waits for one.
save("7-javascript", [
    prose("title", "# JavaScript in the page"),
    code("magic-javascript", '''
#!javascript
console.log("hello");
''', language="javascript"),
], POLYGLOT)
