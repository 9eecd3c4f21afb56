using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.DotNet.Interactive.Formatting;
using Research.Scripting.Display;
using Research.Scripting.Outputs;
using static Research.Tests.Display.Shapes.Samples;

namespace Research.Tests.Display.Shapes;

/// <summary>No value, however large, cyclic or hostile, may freeze a page or the kernel.</summary>
public sealed class BoundsTests
{
    private const int MaximumHtml = 1 << 20;

    public BoundsTests() => Formatter.ResetToDefault();

    [Fact]
    public void Format_RecordThatHoldsItself_NamesTheCycle()
    {
        Node node = new("a");
        node.Next = node; // Its own ToString would overflow the stack and end the process.

        Assert.Equal("Node\n  Name: a\n  Next: (Node, shown above)", MimeFormatter.Format(node).PlainText);
    }

    [Fact]
    public void Format_SameObjectTwiceWithoutCycle_IsShownTwice()
    {
        Person ada = new("ada", 36);

        string text = MimeFormatter.Format(new { A = ada, B = ada }).PlainText;

        Assert.Equal("A: Person\n  Name: ada\n  Age: 36\nB: Person\n  Name: ada\n  Age: 36", text);
    }

    [Fact]
    public void Format_EndlessSequence_StopsAfterTheLimit()
    {
        int produced = 0;
        IEnumerable<int> Endless()
        {
            while (true)
            {
                yield return produced++;
            }
        }

        MimeBundle bundle = MimeFormatter.Format(Endless());

        Assert.EndsWith("19 ... (more) ]", bundle.PlainText, StringComparison.Ordinal);
        Assert.Equal(21, produced); // Once for all representations.
    }

    [Theory]
    [InlineData(20, "19 ]")]
    [InlineData(21, "19 ... (1 more) ]")]
    [InlineData(1000, "19 ... (980 more) ]")]
    public void Format_LongSequence_SaysHowManyMore(int count, string end) =>
        Assert.EndsWith(end, MimeFormatter.Format(Enumerable.Range(0, count)).PlainText, StringComparison.Ordinal);

    [Fact]
    public void Format_LongTable_SaysHowManyMoreInBothForms()
    {
        MimeBundle bundle = MimeFormatter.Format(Enumerable.Range(0, 1000).Select(i => new Person("p", i)).ToList());

        Assert.EndsWith("\n(980 more)", bundle.PlainText, StringComparison.Ordinal);
        Assert.Contains(
            "<tr><td colspan=\"3\"><i>(980 more)</i></td></tr>", bundle.Text("text/html")!, StringComparison.Ordinal);
    }

    [Fact]
    public void Format_MillionsOfFloats_CostsNoMoreThanTheirHead()
    {
        float[] weights = new float[20_000_000];
        MimeFormatter.Format(weights);
        long before = GC.GetAllocatedBytesForCurrentThread();

        MimeFormatter.Format(weights);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void Format_WideAndDeepGraph_StaysBelowAMebibyte()
    {
        Wide root = new();
        Grow(root, 6);

        MimeBundle bundle = MimeFormatter.Format(root); // 20^6 objects in reach of the recursion limit.

        Assert.InRange(bundle.Text("text/html")!.Length, 1, MaximumHtml);
        Assert.InRange(bundle.PlainText.Length, 1, MaximumHtml);
    }

    [Theory]
    [InlineData("<")]
    [InlineData("\u00e9")]
    [InlineData("a\n")]
    public void Format_HugeText_IsCutAndSaysSo(string piece)
    {
        string text = string.Concat(Enumerable.Repeat(piece, 3_000_000));
        MimeBundle alone = MimeFormatter.Format(text, "text/html");
        MimeBundle inside = MimeFormatter.Format(Enumerable.Repeat(new { Text = text }, 20).ToList());

        Assert.InRange(alone.Text("text/html")!.Length, 1, 2 * MaximumHtml);
        Assert.Contains("more characters)", alone.PlainText, StringComparison.Ordinal);
        Assert.InRange(inside.Text("text/html")!.Length, 1, MaximumHtml);
    }

    [Fact]
    public void Format_GetterThatThrows_ShowsItsErrorInItsPlace() => Assert.Equal(
        "Broken\n  Fine: 1\n  Bad: (InvalidOperationException: out of order)",
        MimeFormatter.Format(new Broken()).PlainText);

    [Fact]
    public void Format_InnerSequenceThatThrows_ShowsItsErrorInItsPlace() => Assert.Equal(
        "Before: 1\nQuotients: (DivideByZeroException: Attempted to divide by zero.)",
        MimeFormatter.Format(new { Before = 1, Quotients = Enumerable.Range(0, 3).Select(i => 1 / i) }).PlainText);

    [Fact]
    public void Format_OuterSequenceThatThrows_IsTheCellsFailure() => Assert.Throws<DivideByZeroException>(
        () => MimeFormatter.Format(Enumerable.Range(0, 3).Select(i => 1 / i)));

    [Fact]
    public void Format_ReflectionAndDelegates_StayShortAndFreeOfIdentifiers()
    {
        object value = new
        {
            Action = (Action)(() => { }),
            Method = MethodBase.GetCurrentMethod(),
            Assembly = typeof(BoundsTests).Assembly,
            Error = Record.Exception(Fail),
        };

        string html = MimeFormatter.Format(value).Text("text/html")!;

        Assert.InRange(html.Length, 1, 4_000);
        Assert.DoesNotMatch(new Regex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}", RegexOptions.IgnoreCase), html);
    }

    [Fact]
    public void Format_SameValueTwice_IsTheSameBundle()
    {
        Dictionary<string, int> map = new() { ["a"] = 1 };
        object value = new { People = new[] { new Person("ada", 36) }, Map = map };

        Assert.Equal(
            MimeFormatter.Format(value).ToJson().ToJsonString(), MimeFormatter.Format(value).ToJson().ToJsonString());
    }

    [Fact]
    public void Format_FrameworkObjects_FinishSoonAndSmall()
    {
        using Process process = Process.GetCurrentProcess();
        foreach (object value in (object[])[process, new HttpClient(), Thread.CurrentThread, AppDomain.CurrentDomain])
        {
            MimeBundle bundle = MimeFormatter.Format(value);

            Assert.InRange(bundle.Text("text/html")!.Length, 1, MaximumHtml);
            Assert.NotEqual("", bundle.PlainText);
        }
    }

    private static void Fail() => throw new InvalidOperationException("no");

    private static void Grow(Wide node, int depth)
    {
        Wide shared = new();
        if (depth > 1)
        {
            Grow(shared, depth - 1);
        }

        node.Items.AddRange(Enumerable.Repeat(shared, 20));
    }
}
