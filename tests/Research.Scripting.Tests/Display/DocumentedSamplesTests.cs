using Research.Scripting.Outputs;

namespace Research.Tests.Display;

/// <summary>The cells of dotnet/interactive's samples/notebooks/csharp/Docs, run in their order.</summary>
public sealed class DocumentedSamplesTests : IDisposable
{
    private const string Person = """
        class Person
        {
            public string FirstName { get; set; }
            public string LastName { get; set; }
            public int Age { get; set; }
            public List<Person> Friends { get; } = new List<Person>();
        }

        var mitch = new Person { FirstName = "Mitch", LastName = "Buchannon", Age = 42 };
        var hobie = new Person { FirstName = "Hobie", LastName = "Buchannon", Age = 23 };
        mitch.Friends.AddRange(new [] { hobie });
        hobie.Friends.AddRange(new [] { mitch });

        var groupOfPeople = new List<Person> { mitch, hobie };

        display(groupOfPeople);
        """;

    private readonly Cells _cells = new();

    public void Dispose() => _cells.Dispose();

    [Fact]
    public async Task DisplayingOutput_Cells_ShowWhatTheySay()
    {
        await _cells.RunAsync("var x = \"Hello!\";\ndisplay(x);\nx");
        Assert.Equal(["Hello!", "Hello!"], Texts());

        await _cells.RunAsync("Console.Write(\"hello\");\nConsole.Write(\" \");\nConsole.WriteLine(\"world\");");
        Assert.Equal("hello world\n", _cells.StandardOutput);

        await _cells.RunAsync("""
            var fruitOutput = display("Let's get some fruit!");
            var basket = new [] {"apple", "orange", "coconut", "pear", "peach"};
            foreach (var fruit in basket)
            {
                System.Threading.Thread.Sleep(1);
                fruitOutput.Update($"I have 1 {fruit}.");
            }
            fruitOutput.Update(basket);
            """);
        Assert.Equal(
            [
                "Let's get some fruit!", "I have 1 apple.", "I have 1 orange.", "I have 1 coconut.", "I have 1 pear.",
                "I have 1 peach.", "[ apple, orange, coconut, pear, peach ]",
            ],
            Texts());
    }

    [Fact]
    public async Task FormattingOutputs_Cells_ShowTablesTreesAndRegisteredForms()
    {
        await _cells.RunAsync("display(new [] {\"hello\", \"world\"} );\n\nEnumerable.Range(1, 5)");
        Assert.Equal(["[ hello, world ]", "[ 1, 2, 3, 4, 5 ]"], Texts());

        await _cells.RunAsync(Person);
        Assert.Equal(
            "   FirstName  LastName   Age  Friends\n0  Mitch      Buchannon   42  (1 items)\n" +
            "1  Hobie      Buchannon   23  (1 items)",
            Texts()[0]);

        await _cells.RunAsync("""
            Formatter.Register<Person>((person, writer) => {
               writer.Write("person");
            }, mimeType: "text/plain");

            groupOfPeople
            """);
        Assert.Equal(["[ person, person ]"], Texts());

        await _cells.RunAsync("""
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
            """);
        Assert.StartsWith(
            "<span><b>Mitch</b> <i>(42 years old and has 1 friends)</i><br />", _cells.Result.Text("text/html")!,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Html_Cells_ShowWhatTheySay()
    {
        await _cells.RunAsync("display(HTML(\"<b style=\\\"color:blue\\\">Hello!</b>\"));");
        Assert.Equal("<b style=\"color:blue\">Hello!</b>", _cells.Displays[0].Bundle.Text("text/html"));

        await _cells.RunAsync("display(\"<b style=\\\"color:blue\\\">Hello!</b>\");");
        Assert.Equal(["text/plain"], _cells.Displays[0].Bundle.MimeTypes);

        await _cells.RunAsync("Javascript(@\"alert(\"\"Hello!\"\");\");");
        Assert.Equal(
            "<script type=\"text/javascript\">alert(\"Hello!\");</script>",
            _cells.Displays[0].Bundle.Text("text/html"));

        await _cells.RunAsync(
            "var pocketViewTagMethods = typeof(PocketViewTags).GetProperties().Select(m => " +
            "m.Name);\ndisplay(pocketViewTagMethods);");
        Assert.StartsWith("[ _, a, area, aside, b, body, br,", Texts()[0], StringComparison.Ordinal);
        Assert.Matches(@" \.\.\. \(\d+ more\) \]$", Texts()[0]);

        await _cells.RunAsync(
            "PocketView pocketView = b(new { Fruit = \"apple\", Texture = \"smooth\" });\ndisplay(pocketView);");
        Assert.Contains("smooth", Texts()[0], StringComparison.Ordinal);
    }

    private string[] Texts() => [.. _cells.Outputs.Select(output => output switch
    {
        DisplayOutput display => display.Bundle.PlainText,
        DisplayUpdate update => update.Bundle.PlainText,
        ResultOutput result => result.Bundle.PlainText,
        _ => $"{output}",
    })];
}
