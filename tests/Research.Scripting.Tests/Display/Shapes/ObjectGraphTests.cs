using Microsoft.DotNet.Interactive.Formatting;
using Research.Scripting.Display;
using static Research.Tests.Display.Shapes.HostileTypes;

namespace Research.Tests.Display.Shapes;

/// <summary>Displays never throw, and never pass their bounds.</summary>
public sealed class ObjectGraphTests
{
    private const int Graphs = 150;
    private const int Levels = 10;

    public ObjectGraphTests() => Formatter.ResetToDefault();

    [Fact]
    public void Format_DrawnGraphs_AreShownInBounds()
    {
        List<string> problems = [];
        for (int seed = 0; seed < Graphs; seed++)
        {
            if (OutputBounds.Problem(new ObjectGraphs(seed).Next(Levels)) is { } problem)
            {
                problems.Add($"seed {seed}: {problem}");
            }
        }

        Assert.Empty(problems);
    }

    [Fact]
    public void Format_AnyLimitsOfTheNotebook_StaysInBounds()
    {
        (Formatter.RecursionLimit, Formatter.ListExpansionLimit) = (int.MaxValue, int.MaxValue);
        try
        {
            object?[] values =
            [
                new Endless(), new int[10_000_000], new object?[2, 3, 2], Nested(200), WithThousandMembers(),
                new int[2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], new { Numbers = Enumerable.Repeat(1, int.MaxValue) },
            ];
            Assert.All(values, value => Assert.Null(OutputBounds.Problem(value)));
        }
        finally
        {
            Formatter.ResetToDefault();
        }
    }

    public static TheoryData<object?, string> Truths { get; } = new()
    {
        // As Newtonsoft's tokens were: key <null>, value (empty).
        { new Tree("{\"a\": 1}"), "{\"a\": 1}" },
        { new { Json = new Tree("{}") }, "Json: {}" },
        { new ThrowingItems(2), "[ 0, 1 ... (InvalidOperationException: item) ]" },
        { new ThrowingItems(0), "(InvalidOperationException: item)" },
        { new NullEnumerator(), "(NullReferenceException: Object reference not set to an instance of an object.)" },
        { new ThrowingText(), "(InvalidOperationException: text)\n  Fine: 1" },
        { new ThrowsBadly(), "ThrowsBadly\n  Value: (ThrowingMessage)" },
        { new Unboxable(), "Unboxable\n  Fine: 1" },
        { new Lazy<int>(() => 1), "Lazy<int> (no value yet)" },
        { new LyingCount(5), "[ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19 ... (more) ]" },
        { new[] { 1, 2, 3 }.GroupBy(number => number % 2).First(), "Key: 1\nItems: [ 1, 3 ]" },
        { new[] { 1, 2, 3 }.ToLookup(number => number % 2), "   Key  Items\n0    1  [ 1, 3 ]\n1    0  [ 2 ]" },
        { new System.Collections.Specialized.NameValueCollection { { "a", "1" }, { "a", "2" } }, "key  value\na    1,2" },
        { System.Text.RegularExpressions.Regex.Match("ab", "(a)(b)").Groups.Keys, "[ 0, 1, 2 ]" },
        { DBNull.Value, "DBNull" },
        { System.Globalization.CultureInfo.InvariantCulture, "(invariant culture)" },
        { -0.0, "-0" },
        { double.NaN, "NaN" },
        { double.Epsilon, "5E-324" },
        { System.Xml.Linq.XElement.Parse("<a b='1'><c/></a>"), "<a b=\"1\">\n  <c />\n</a>" },
        { new System.Net.NetworkCredential("ada", "s3cret"), "NetworkCredential\n  UserName: ada\n" +
            "  Password: (secret, not shown)\n  SecurePassword: (secret, not shown)\n  Domain: " },
    };

    [Theory]
    [MemberData(nameof(Truths), DisableDiscoveryEnumeration = true)]
    public void Format_AwkwardValue_SaysWhatIsTrue(object? value, string expected) =>
        Assert.Equal(expected, MimeFormatter.Format(value).PlainText);

    [Fact]
    public void Format_RecordsInRecords_AreShownAtAnyDepth()
    {
        for (int levels = 0; levels < 20; levels++)
        {
            Assert.Null(OutputBounds.Problem(Nested(levels)));
        }

        Assert.Null(OutputBounds.Problem(new LinkedList<int>(Enumerable.Range(0, 10)).First));
    }

    [Fact]
    public void Format_MoreMembersThanAreShown_SaysHowMany() => Assert.EndsWith(
        "\n  ...: (940 more members)", MimeFormatter.Format(WithThousandMembers()).PlainText, StringComparison.Ordinal);

    [Fact]
    public void Format_Groups_AreNotTakenForADictionary()
    {
        string text = MimeFormatter.Format(
            System.Text.RegularExpressions.Regex.Match("ab", "(a)(b)").Groups).PlainText;

        Assert.DoesNotContain("<null>", text, StringComparison.Ordinal);
        Assert.Contains("ab", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("text/plain")]
    [InlineData("application/json")]
    public void Format_EndlessTable_StopsAfterTheLimit(string mimeType)
    {
        static IEnumerable<Deep> Forever()
        {
            for (int i = 0; ; i++)
            {
                yield return new Deep(i, null);
            }
        }

        object table = Research.Scripting.Display.Shapes.TableHead.Of(Forever());

        Assert.Null(OutputBounds.Problem(table));
        Assert.EndsWith("(more)", MimeFormatter.Format(table).PlainText, StringComparison.Ordinal);
        Assert.NotEqual("", MimeFormatter.Format(table, mimeType).Text(mimeType));
    }

    [Fact]
    public void Format_TableWithAGetterThatThrows_ShowsItsErrorInItsPlace() => Assert.Contains(
        "(ThrowingMessage)",
        MimeFormatter.Format(Research.Scripting.Display.Shapes.TableHead.Of((ThrowsBadly[])[new()])).PlainText,
        StringComparison.Ordinal);

    [Fact]
    public void Format_JsonOfWhatJsonCannotHold_SaysWhy()
    {
        List<object> self = [];
        self.Add(self);

        Assert.StartsWith(
            "\"(JsonException:", MimeFormatter.Format(self, "application/json").Json("application/json")!.ToJsonString(),
            StringComparison.Ordinal);
        Assert.Equal("[\"NaN\",1]", MimeFormatter.Format(
            new[] { double.NaN, 1 }, "application/json").Json("application/json")!.ToJsonString());
    }

    private static Deep Nested(int levels)
    {
        Deep deep = new(0, null);
        for (int level = 1; level <= levels; level++)
        {
            deep = new Deep(level, deep);
        }

        return deep;
    }
}
