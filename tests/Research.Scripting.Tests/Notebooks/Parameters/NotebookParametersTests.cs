using Research.Scripting.Notebooks;

namespace Research.Tests.Notebooks.Parameters;

public sealed class NotebookParametersTests
{
    // The injected cell must compile and give this value of this type after the parameters cell.
    [Theory]
    [InlineData("int x = 1;", "3", "3 Int32")]
    [InlineData("int x = 1;", "-3", "-3 Int32")]
    [InlineData("long x = 1;", "9000000000", "9000000000 Int64")]
    [InlineData("byte x = 1;", "255", "255 Byte")]
    [InlineData("double x = 1;", "2", "2 Double")]
    [InlineData("double x = 1;", "1e-5", "1E-05 Double")]
    [InlineData("float x = 1;", "0.5", "0.5 Single")]
    [InlineData("decimal x = 1;", "1.10", "1.10 Decimal")]
    [InlineData("bool x = false;", "true", "True Boolean")]
    [InlineData("char x = 'a';", "'", "' Char")]
    [InlineData("string x = \"\";", "12 \"{x}\" \\", "12 \"{x}\" \\ String")]
    [InlineData("string x = \"\";", "", " String")]
    [InlineData("var x = \"a\";", "5", "5 String")]
    [InlineData("var x = 0.5;", "4", "4 Double")]
    [InlineData("var x = -0.5;", "4", "4 Double")]
    [InlineData("var x = 1;", "4", "4 Int32")]
    [InlineData("var x = 1;", "2.5", "2.5 Double")]
    [InlineData("var x = true;", "false", "False Boolean")]
    [InlineData("int? x = 1;", "null", " ")]
    [InlineData("int[] x = [1];", "[3, 4]", "3,4 Int32[]")]
    [InlineData("double[] x = [1];", "[3, 0.5]", "3,0.5 Double[]")]
    [InlineData("string[] x = [];", "[\"a\", \"b,c\"]", "a,b,c String[]")]
    [InlineData("string[] x = [];", "[]", " String[]")]
    [InlineData("var x = new[] { 1 };", "[3]", "3 Int32[]")]
    [InlineData("var x = new[] { 0.5 };", "[3]", "3 Double[]")]
    [InlineData("var x = new string[] { };", "[\"a\"]", "a String[]")]
    [InlineData("var x = new List<int> { 1 };", "[3]", "3 List`1")]
    [InlineData("IReadOnlyList<double> x = [1];", "[3]", "3 List`1")]
    [InlineData("DateOnly x = default;", "2026-11-27", "11/27/2026 DateOnly")]
    [InlineData("TimeSpan x = default;", "00:01:30", "00:01:30 TimeSpan")]
    [InlineData("Guid x = default;", "6f9619ff-8b86-d011-b42d-00c04fc964ff", "6f9619ff-8b86-d011-b42d-00c04fc964ff Guid")]
    [InlineData("DayOfWeek x = DayOfWeek.Monday;", "Friday", "Friday DayOfWeek")]
    public async Task Run_Parameter_HasItsDeclaredType(string declaration, string value, string expected)
    {
        NotebookDocument document = NotebookDocument.Create();
        document.AddCode(declaration, null, "parameters");
        NotebookCell use = document.AddCode("""
            object? boxed = x;
            string text = boxed is System.Collections.IEnumerable items and not string
                ? string.Join(",", items.Cast<object>().Select(item => FormattableString.Invariant($"{item}")))
                : FormattableString.Invariant($"{boxed}");
            Console.Write($"{text} {boxed?.GetType().Name}");
            """);

        NotebookRunResult result = await NotebookRunner.RunAsync(
            document, new NotebookRunOptions { Parameters = new Dictionary<string, string> { ["x"] = value } });

        Assert.True(result.Succeeded, $"{document.Cells[1].Source}: {result.Error?.Message}");
        Assert.Equal(expected, (string?)use.Outputs[0]!["text"]![0]);
    }

    [Theory]
    [InlineData("int x = 1;", "1.5", "int")]
    [InlineData("int x = 1;", "abc", "int")]
    [InlineData("int x = 1;", "3000000000", "int")]
    [InlineData("byte x = 1;", "256", "byte")]
    [InlineData("int x = 1;", "1; Environment.Exit(0)", "int")]
    [InlineData("double x = 1;", "NaN", "double")]
    [InlineData("bool x = true;", "yes", "bool")]
    [InlineData("int[] x = [];", "3", "int[]")]
    [InlineData("int[] x = [];", "[\"a\"]", "int[]")]
    [InlineData("DateOnly x = default;", "soon", "DateOnly")]
    [InlineData("DayOfWeek x = default;", "1+1", "DayOfWeek")]
    [InlineData("var x = true;", "3", "bool")]
    public async Task Run_ValueOfAnotherType_IsRefusedBeforeAnythingRuns(string declaration, string value, string type)
    {
        NotebookDocument document = NotebookDocument.Create();
        document.AddCode(declaration, null, "parameters");
        byte[] before = document.ToBytes();

        ArgumentException exception = await Assert.ThrowsAsync<ArgumentException>(() => NotebookRunner.RunAsync(
            document, new NotebookRunOptions { Parameters = new Dictionary<string, string> { ["x"] = value } }));

        Assert.Equal($"-p x={value}: expected a value of type {type}.", exception.Message);
        Assert.Equal(before, document.ToBytes());
    }
}
