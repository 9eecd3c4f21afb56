using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using FsCheck;
using FsCheck.Fluent;
using Research.Plotting;

namespace Research.Tests.Plotting;

public sealed partial class SvgDrawingTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public static TheoryData<string> Names => [.. Gallery.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Render_EveryFigureInEverySize_IsWellFormedAndInsideItsBox(string name)
    {
        foreach ((int width, int height) in ((int, int)[])[(720, 420), (350, 300), (160, 120), (1600, 300), (200, 900)])
        {
            CheckInside(Gallery.All[name].ToSvg(width, height), width, height);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Render_EveryFigure_IsNeverBlankAndCanBeHeard(string name)
    {
        XElement svg = XDocument.Parse(Gallery.All[name].ToSvg()).Root!;

        Assert.NotEmpty(svg.Descendants(Svg + "text"));
        Assert.Equal("img", svg.Attribute("role")?.Value);
        string[] labels = svg.Attribute("aria-labelledby")!.Value.Split(' ');
        Assert.Equal(svg.Element(Svg + "title")!.Attribute("id")!.Value, labels[0]);
        Assert.Equal(svg.Element(Svg + "desc")!.Attribute("id")!.Value, labels[1]);
        Assert.NotEqual("", svg.Element(Svg + "desc")!.Value);
    }

    [Fact]
    public void Render_HostileText_StaysText()
    {
        XElement svg = XDocument.Parse(Gallery.All["hostile"].ToSvg()).Root!;

        Assert.DoesNotContain(
            svg.Descendants(), element => element.Name.LocalName is "script" or "b" or "foreignObject" or "a");
        Assert.Single(svg.DescendantsAndSelf(Svg + "svg"));
        Assert.DoesNotContain(
            svg.DescendantsAndSelf().Attributes(),
            attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase));
        Assert.Contains(
            svg.Descendants(Svg + "text"), text => text.Value.StartsWith("</script><svg", StringComparison.Ordinal));
        Assert.DoesNotContain(
            svg.DescendantNodesAndSelf().OfType<XText>(),
            text => text.Value.Any(c => char.IsControl(c) || c == '\u202e'));
    }

    [Fact]
    public void Render_TenThousandPoints_StaysSmallAndKeepsTheExtremes()
    {
        double[] ys = [.. Enumerable.Range(0, 10_000).Select(i => i == 4321 ? 100.0 : i == 8765 ? -100 : Math.Sin(i))];
        string svg = Figure.Titled("t").Line("a", Enumerable.Range(0, 10_000), ys).ToSvg();

        Assert.True(svg.Length < 60_000, $"{svg.Length} characters");
        double[] drawn = [.. Numbers().Matches(PathOf(svg)).Select(Parse).Where((_, i) => i % 2 == 1)];
        double[] ends = [.. XDocument.Parse(svg).Descendants(Svg + "line")
            .Where(line => line.Attribute("class")!.Value == "rf-grid")
            .Select(line => double.Parse(line.Attribute("y1")!.Value, CultureInfo.InvariantCulture))];
        Assert.Equal(ends.Min(), drawn.Min(), 0.1);
        Assert.Equal(ends.Max(), drawn.Max(), 0.1);
    }

    [Fact]
    public void Render_AGap_BreaksTheLine()
    {
        string svg = Figure.Titled("t").Line("a", [0, 1, 2, 3, 4], [1, 2, double.NaN, 3, 4]).ToSvg();

        // Two stretches; the title holds the name, so there is no swatch.
        IEnumerable<XElement> strokes =
            XDocument.Parse(svg).Descendants(Svg + "path").Where(path => path.Attribute("stroke-width")?.Value == "2");
        Assert.Equal(
            2, strokes.Count(path => path.Attribute("d")!.Value.Contains('L', StringComparison.Ordinal)));
    }

    [Fact]
    public void Render_Bars_HeightsAreInProportion()
    {
        string svg = Figure.Titled("t").Bars("b", ["p", "q", "r"], [1.0, 2, -3]).ToSvg();
        double[] heights = [.. XDocument.Parse(svg).Descendants(Svg + "rect")
            .Where(rect => rect.Element(Svg + "title") is not null)
            .Select(rect => double.Parse(rect.Attribute("height")!.Value, CultureInfo.InvariantCulture))];

        Assert.Equal(2, heights[1] / heights[0], 0.01);
        Assert.Equal(3, heights[2] / heights[0], 0.01);
    }

    [Fact]
    public void Render_AnyNumbers_IsWellFormedAndInsideItsBox()
    {
        Arbitrary<double[]> values =
            Gen.Choose(0, 40).SelectMany(count => ArbMap.Default.GeneratorFor<double>().ArrayOf(count)).ToArbitrary();
        Prop.ForAll(values, values, ArbMap.Default.ArbFor<bool>(), (first, second, flag) =>
        {
            Figure figure = Figure.Titled("t")
                .Line("a", first, first).Line("b", first, first, lower: first, upper: first)
                .Points("c", second, second).Reference(second.FirstOrDefault(), "ref").WithValueLabels();
            figure = flag ? figure.WithLogY() : figure.Bars("d", second.Take(9), second.Take(9));
            CheckInside(figure.ToSvg(640, 360), 640, 360);
        }).QuickCheckThrowOnFailure();
    }

    private static string PathOf(string svg) =>
        XDocument.Parse(svg).Descendants(Svg + "path").Select(path => path.Attribute("d")!.Value).MaxBy(d => d.Length)!;

    private static double Parse(Match match) => double.Parse(match.Value, CultureInfo.InvariantCulture);

    private static void CheckInside(string svg, double width, double height)
    {
        XElement root = XDocument.Parse(svg).Root!;
        foreach (XElement element in root.Descendants())
        {
            foreach ((string name, double limit) in ((string, double)[])[
                ("x", width), ("x1", width), ("x2", width), ("cx", width),
                ("y", height), ("y1", height), ("y2", height), ("cy", height)])
            {
                if (element.Attribute(name) is XAttribute attribute)
                {
                    Assert.InRange(
                        double.Parse(attribute.Value, NumberStyles.Float, CultureInfo.InvariantCulture), 0, limit);
                }
            }

            if (element.Name == Svg + "rect")
            {
                Assert.InRange(Number(element, "x") + Number(element, "width"), 0, width + 0.1);
                Assert.InRange(Number(element, "y") + Number(element, "height"), 0, height + 0.1);
            }

            if (element.Name == Svg + "path" && !element.Attribute("d")!.Value.Contains('h', StringComparison.Ordinal))
            {
                double[] numbers = [.. Numbers().Matches(element.Attribute("d")!.Value).Select(Parse)];
                Assert.All(numbers.Where((_, i) => i % 2 == 0), x => Assert.InRange(x, 0, width));
                Assert.All(numbers.Where((_, i) => i % 2 == 1), y => Assert.InRange(y, 0, height));
            }
        }
    }

    private static double Number(XElement element, string attribute) =>
        double.Parse(element.Attribute(attribute)?.Value ?? "0", NumberStyles.Float, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"[^\sMLZ]+")]
    private static partial Regex Numbers();
}
