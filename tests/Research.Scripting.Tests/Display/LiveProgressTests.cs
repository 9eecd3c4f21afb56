using Research.Scripting.Display;
using Research.Scripting.Outputs;
using Research.Tests.Tools;

namespace Research.Tests.Display;

public sealed class LiveProgressTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly List<CellOutput> _outputs = [];
    private readonly OutputChannel _channel;

    public LiveProgressTests()
    {
        _channel = new OutputChannel(_outputs.Add, batched: false);
        OutputChannel.Current = _channel;
    }

    private IEnumerable<string> Texts => _outputs.Select(output => output switch
    {
        DisplayOutput display => display.Bundle.PlainText,
        DisplayUpdate update => update.Bundle.PlainText,
        _ => "",
    });

    public void Dispose()
    {
        OutputChannel.Current = null;
        _channel.Dispose();
    }

    [Fact]
    public void Report_ManyTimesAtOnce_ShowsTheLastAfterAPause()
    {
        using LiveProgress progress = new("training", 10, _time);
        for (int step = 1; step <= 5; step++)
        {
            progress.Report(step);
        }

        Assert.Single(_outputs); // The empty bar: its pause is not over.
        _time.Advance(100);

        Assert.Equal("training [##########..........] 50% (5 of 10), 0:00 so far, about 0:00 left", Texts.Last());
        Assert.Equal(2, _outputs.Count);
    }

    [Fact]
    public void Report_ForASecond_ShowsAtMostTenUpdates()
    {
        using LiveProgress progress = new("", 1000, _time);
        for (int step = 1; step < 1000; step++)
        {
            progress.Report(step);
            _time.Advance(1);
        }

        Assert.InRange(_outputs.Count, 9, 11);
    }

    [Fact]
    public void Report_AfterAQuarter_EstimatesWhatIsLeft()
    {
        using LiveProgress progress = new("training", 1, _time);
        _time.Advance(60_000);
        progress.Report(0.25);

        Assert.Equal("training [#####...............] 25%, 1:00 so far, about 3:00 left", Texts.Last());
    }

    [Fact]
    public void Dispose_AtTheEnd_LeavesNoTimes()
    {
        using (LiveProgress progress = new("training", 3, _time))
        {
            _time.Advance(5_000);
            progress.Report(1);
            progress.Report(3);
        }

        Assert.Equal("training [####################] 100% (3 of 3)", Texts.Last());
    }

    [Fact]
    public void Dispose_BeforeTheEnd_LeavesHowFarItCame()
    {
        using (LiveProgress progress = new("training", 4, _time))
        {
            progress.Report(1);
        }

        Assert.Equal("training [#####...............] 25% (1 of 4)", Texts.Last());
        string id = Assert.IsType<DisplayOutput>(_outputs[0]).DisplayId;
        Assert.All(_outputs.Skip(1), output => Assert.Equal(id, Assert.IsType<DisplayUpdate>(output).DisplayId));
    }

    [Fact]
    public void Dispose_Twice_ShowsOnce()
    {
        LiveProgress progress = new("", 1, _time);
        progress.Dispose();
        progress.Dispose();
        progress.Report(1);
        _time.Advance(1000);

        Assert.Equal(2, _outputs.Count);
    }

    [Theory]
    [InlineData(double.NaN, "0%")]
    [InlineData(double.PositiveInfinity, "100%")]
    [InlineData(-5, "0%")]
    public void Report_NoSuchPart_StaysInBounds(double value, string expected)
    {
        using (LiveProgress progress = new("", 1, _time))
        {
            _time.Advance(100);
            progress.Report(value);
        }

        Assert.EndsWith($"] {expected}", Texts.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public void WithProgress_Loop_YieldsEverythingAndEndsComplete()
    {
        List<int> seen = [];
        foreach (int item in Enumerable.Range(1, 3).WithProgress("epochs"))
        {
            seen.Add(item);
        }

        Assert.Equal([1, 2, 3], seen);
        Assert.Equal("epochs [####################] 100% (3 of 3)", Texts.Last());
    }

    [Fact]
    public void WithProgress_BrokenOffLoop_SaysHowFarItCame()
    {
        foreach (int item in Enumerable.Range(1, 4).WithProgress())
        {
            if (item == 3)
            {
                break;
            }
        }

        Assert.Equal("[##########..........] 50% (2 of 4)", Texts.Last());
    }

    [Fact]
    public void WithProgress_UnknownLength_Counts()
    {
        Assert.Equal(2, Lazy().WithProgress("lines").Count());

        Assert.Equal("lines 2", Texts.Last());

        static IEnumerable<int> Lazy()
        {
            yield return 1;
            yield return 2;
        }
    }

    [Fact]
    public void Title_WithMarkup_IsEscaped()
    {
        using LiveProgress progress = new("<b>", 1, _time);

        Assert.Contains(
            "<span>&lt;b&gt;</span> <progress value=\"0\" max=\"1\"></progress>",
            Assert.IsType<DisplayOutput>(_outputs[0]).Bundle.Text("text/html")!,
            StringComparison.Ordinal);
    }
}
