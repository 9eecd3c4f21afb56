namespace Research.Plotting;

/// <summary>
/// Offers a table's forms to .NET Interactive's formatting library, as <see cref="FigureFormatterSource"/> does.
/// </summary>
internal sealed class ResultTableFormatterSource
{
    /// <summary>Lists one formatter a form.</summary>
#pragma warning disable CA1822 // The convention invokes an instance method.
    public IEnumerable<object> CreateTypeFormatters() =>
#pragma warning restore CA1822
    [
        new ConventionFormatter<ResultTable>(MimeTypes.Html, table => table.ToHtml()),
        new ConventionFormatter<ResultTable>(MimeTypes.Text, table => table.ToText()),
    ];
}
