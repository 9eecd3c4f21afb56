namespace Research.Tests.Display;

/// <summary>A compiled type with a convention-based formatter, as Research.Plotting.Figure is one.</summary>
[ConventionChart.TypeFormatterSource(
    typeof(ConventionChart.Source), PreferredMimeTypes = new[] { "text/html", "text/plain" })]
public sealed class ConventionChart
{
    internal sealed class Source
    {
#pragma warning disable CA1822 // The convention invokes an instance method.
        public IEnumerable<object> CreateTypeFormatters() => [new Form("text/html"), new Form("text/plain")];
#pragma warning restore CA1822
    }

    private sealed class Form(string mimeType)
    {
        public string MimeType { get; } = mimeType;

        public bool Format(object instance, TextWriter writer)
        {
            writer.Write($"chart as {MimeType}");
            return instance is ConventionChart;
        }
    }

    [AttributeUsage(AttributeTargets.Class)]
    internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
    {
        public Type FormatterSourceType { get; } = formatterSourceType;

        public string[] PreferredMimeTypes { get; set; } = [];
    }
}
