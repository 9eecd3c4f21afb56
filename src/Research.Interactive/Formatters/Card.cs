using System.Text;
using Research.Plotting;

namespace Research.Interactive.Formatters;

/// <summary>A title, named values, and drawings or tables below: how most values of the library look.</summary>
/// <remarks>
/// Everything is escaped and shortened, for names come from strangers. Drawings are SVG inside the page, without a
/// script: front ends that run none show them too, and a saved notebook stays small.
/// </remarks>
internal sealed class Card(string title)
{
    private const int MostLines = 60;
    private const int LongestValue = 300;
    private const string Left = " style=\"text-align:left\"";

    private readonly List<(string Name, string Value)> _lines = [];
    private readonly List<(string Html, string Text)> _parts = [];
    private int _hidden;

    /// <summary>Adds a named value; past a bound only their number is kept.</summary>
    public Card Line(string name, string? value)
    {
        if (value is null)
        {
            return this;
        }

        if (_lines.Count == MostLines)
        {
            _hidden++;
            return this;
        }

        _lines.Add((PlainText.Clean(name), PlainText.Shorten(PlainText.Clean(value), LongestValue)));
        return this;
    }

    /// <summary>Adds named values.</summary>
    public Card Lines(IEnumerable<(string Name, string Value)> lines)
    {
        foreach ((string name, string value) in lines)
        {
            Line(name, value);
        }

        return this;
    }

    /// <summary>Adds a paragraph below.</summary>
    public Card Note(string text)
    {
        string clean = PlainText.Clean(text);
        _parts.Add(($"<p>{PlainText.Escape(clean)}</p>", clean));
        return this;
    }

    /// <summary>Adds a drawing below.</summary>
    public Card Figure(Figure figure)
    {
        _parts.Add(($"<div>{figure.ToSvg()}</div>", figure.ToText()));
        return this;
    }

    /// <summary>Adds a table below.</summary>
    public Card Table(ResultTable table)
    {
        _parts.Add((table.ToHtml(), table.ToText()));
        return this;
    }

    /// <summary>Writes it in both forms.</summary>
    public Appearance ToAppearance() => new(Html(), Text());

    private string Html()
    {
        StringBuilder html = new("<div class=\"research-card\"><p><strong>");
        html.Append(PlainText.Escape(PlainText.Clean(title))).Append("</strong></p>");
        if (_lines.Count > 0)
        {
            html.Append("<table><tbody>");
            foreach ((string name, string value) in Shown())
            {
                html.Append($"<tr><th{Left}>{PlainText.Escape(name)}</th><td{Left}>{PlainText.Escape(value)}</td></tr>");
            }

            html.Append("</tbody></table>");
        }

        return html.AppendJoin("", _parts.Select(part => part.Html)).Append("</div>").ToString();
    }

    private string Text()
    {
        int width = _lines.Count == 0 ? 0 : _lines.Max(line => line.Name.Length);
        IEnumerable<string> lines = Shown().Select(line => $"{line.Name.PadRight(width)}  {line.Value}");
        return string.Join('\n', lines.Prepend(PlainText.Clean(title)).Concat(_parts.Select(part => part.Text)));
    }

    private IEnumerable<(string Name, string Value)> Shown() =>
        _hidden == 0 ? _lines : _lines.Append(("", string.Create(null, $"and {_hidden} more")));
}
