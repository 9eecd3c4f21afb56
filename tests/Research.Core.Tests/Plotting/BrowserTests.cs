using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Research.Plotting;
using Research.Tests.Tools;

namespace Research.Tests.Plotting;

public sealed class BrowserTests
{
    // Measures every text of every drawing in the width it was made for; the widest common font is installed with
    // Chromium.
    private const string Measure =
        """
        <pre id="report"></pre>
        <script>
        const problems = [];
        const shown = (selector) => [...document.querySelectorAll(selector)];
        shown('svg').forEach((svg) => {
          const name = svg.closest('[data-name]').dataset.name + (svg.closest('.rf-narrow') ? ' (narrow)' : ' (wide)');
          const frame = svg.getBoundingClientRect();
          const texts = [...svg.querySelectorAll('text:not(.rf-halo)')];
          const boxes = texts.map((text) => text.getBoundingClientRect());
          if (frame.width < 100 || texts.length === 0) { problems.push(name + ': nothing to see'); }
          boxes.forEach((box, i) => {
            if (box.left < frame.left - 0.5 || box.right > frame.right + 0.5
              || box.top < frame.top - 0.5 || box.bottom > frame.bottom + 0.5) {
              problems.push(name + ': outside: ' + texts[i].textContent);
            }
            for (let j = 0; j < i; j++) {
              const other = boxes[j];
              const slanted = texts[i].hasAttribute('transform') && texts[j].hasAttribute('transform');
              const across = Math.min(box.right, other.right) - Math.max(box.left, other.left);
              const down = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
              if (!slanted && across > 1 && down > 3.5) {
                problems.push(name + ': overlap: ' + texts[j].textContent + ' | ' + texts[i].textContent);
              }
            }
          });
        });
        document.getElementById('report').textContent = JSON.stringify({ drawings: shown('svg').length, problems });
        </script>
        """;

    [RequiresFact("chromium")]
    public async Task Page_EveryFigure_PlotlyDrawsItOffline()
    {
        HtmlPage page = new("Gallery");
        foreach (Figure figure in Gallery.All.Values)
        {
            page.Figure(figure);
        }

        string document = await Chromium.DumpAsync(page.ToHtml());

        string[] figures = document.Split("<figure class=\"research-figure")[1..];
        string[] names = [.. Gallery.All.Keys];
        Assert.Equal(names.Length, figures.Length);
        for (int i = 0; i < names.Length; i++)
        {
            Assert.True(
                figures[i][..200].Contains("data-live=\"drawn\"", StringComparison.Ordinal),
                $"{names[i]}: {figures[i][..200]}");
            Assert.Contains("class=\"main-svg\"", figures[i], StringComparison.Ordinal);
            int expected = Traces(Gallery.All[names[i]]);
            int drawn = Regex.Count(figures[i], "class=\"trace (scatter|bars)");
            Assert.True(drawn >= expected, $"{names[i]}: expected {expected} traces with data, plotly drew {drawn}");
        }


        // A true attribute is written out with quotes; text that looks like one is not.
        Assert.DoesNotContain("onload=\"", document, StringComparison.Ordinal);
    }

    [RequiresFact("chromium")]
    public async Task Page_WithoutPlotly_ShowsEveryDrawingWithoutOverlappingText()
    {
        StringBuilder html = new("<!DOCTYPE html><meta charset=\"utf-8\"><body style=\"margin:0\">");
        foreach ((string name, Figure figure) in Gallery.All)
        {
            foreach (int width in (int[])[660, 366])
            {
                html.Append($"<div data-name=\"{WebUtility.HtmlEncode(name)}\" style=\"width:{width}px\">");
                string fragment = figure.ToHtml();
                string hidden = width == 660 ? "rf-narrow" : "rf-wide";
                string pattern = $"<div class=\"{hidden}\".*?</svg></div>";
                html.Append(Regex.Replace(fragment, pattern, "", RegexOptions.Singleline)).Append("</div>");
            }
        }

        string document = await Chromium.DumpAsync(html.Append(Measure).ToString());

        string json = WebUtility.HtmlDecode(
            Regex.Match(document, "<pre id=\"report\">(.*?)</pre>", RegexOptions.Singleline).Groups[1].Value);
        using JsonDocument report = JsonDocument.Parse(json);
        Assert.Equal(2 * Gallery.All.Count, report.RootElement.GetProperty("drawings").GetInt32());
        Assert.Equal(
            [], report.RootElement.GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()));
    }

    [RequiresFact("chromium")]
    public async Task Fragment_PlotlyThrows_TheDrawingStays()
    {
        string html =
            "<!DOCTYPE html><meta charset=\"utf-8\">"
            + "<script>window.Plotly={newPlot(){throw new Error('broken')}}</script>"
            + Gallery.All["loss"].ToHtml();

        string document = await Chromium.DumpAsync(html);

        Assert.Contains("<figure class=\"research-figure\" data-live=\"failed\"", document, StringComparison.Ordinal);
    }

    private static int Traces(Figure figure) =>
        figure.Content.Series.Count(series => series.Y.Any(y => ValueRange.IsDrawable(y, figure.Content.LogY)));
}
