using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Formatting;
using Research.Scripting.Display.Shapes;

namespace Research.Scripting.Display;

/// <summary>Tells which types the notebook, or a type itself, formats otherwise than by default.</summary>
/// <remarks>
/// Asked for every value of an output, so the answer is kept for as long as the package names the same formatter: it
/// forgets its own choice with each registration, and then this does too.
/// </remarks>
internal sealed class RegisteredFormatters
{
    public const string Plain = "text/plain";
    public const string Html = "text/html";

    private static readonly string[] Asked = [Plain, Html, "application/json"];
    private static readonly ConditionalWeakTable<Type, RegisteredFormatters> Known = [];

    private readonly Type _type;
    private readonly ConcurrentDictionary<string, (ITypeFormatter? Formatter, bool IsRegistered)> _known =
        new(StringComparer.Ordinal);

    private RegisteredFormatters(Type type) => _type = type;

    /// <summary>Tells whether values of a type have a registered formatter.</summary>
    public static bool Has(Type type, string mimeType)
    {
        if (!Asked.Contains(mimeType))
        {
            return false;
        }

        return Known.GetValue(type, static type => new RegisteredFormatters(type)).Has(mimeType);
    }

    /// <summary>Formats a value by its registered formatters, or as a chart; null when it has none.</summary>
    public static FormattedShape? Format(object value)
    {
        if (ChartBundle.ShapeOf(value) is { } chart)
        {
            return chart;
        }

        Type type = value.GetType();
        bool hasHtml = value is IHtmlContent || Has(type, Html);
        bool hasPlain = Has(type, Plain);
        if (!hasHtml && !hasPlain)
        {
            return null;
        }

        string? html = hasHtml ? Write(value, Html) : null;
        return new FormattedShape(html, hasPlain ? Write(value, Plain) : HtmlText.From(html!));
    }

    /// <summary>Formats a value in one mime type.</summary>
    /// <exception cref="InvalidOperationException">The formatter failed; the message names it.</exception>
    public static string Write(object? value, string mimeType)
    {
        try
        {
            using BoundedWriter writer = new();
            value.FormatTo(new FormatContext(writer), mimeType);
            return writer.ToString();
        }
        catch (Exception exception) // Whatever user code throws.
        {
            string type = value is null ? "null" : TypeNames.Of(value.GetType());
            throw new InvalidOperationException(
                $"The {mimeType} formatter of {type} failed: {exception.Message}", exception);
        }
    }

    private bool Has(string mimeType)
    {
        ITypeFormatter chosen = Formatter.GetPreferredFormatterFor(_type, mimeType);
        if (!_known.TryGetValue(mimeType, out (ITypeFormatter? Formatter, bool IsRegistered) known) ||
            !ReferenceEquals(chosen, known.Formatter))
        {
            _known[mimeType] = known = (chosen, HasSource(_type, mimeType) || Formatter.RegisteredFormatters(includeDefaults: false).Any(
                formatter => formatter.MimeType == mimeType && IsRelevant(formatter.Type)));
        }

        return known.IsRegistered;
    }

    // The package's own table type has its formatter in this way too, but that is a default.
    private static bool HasSource(Type type, string mimeType) =>
        type.Assembly != typeof(Formatter).Assembly && ConventionFormatters.Of(type).Offered.Contains(mimeType);

    // Formatters may be registered for List<>: then they are for every list.
    private bool IsRelevant(Type formatted)
    {
        if (!formatted.IsGenericTypeDefinition)
        {
            return formatted.IsAssignableFrom(_type);
        }

        IEnumerable<Type> bases = _type.GetInterfaces();
        for (Type? type = _type; type is not null; type = type.BaseType)
        {
            bases = bases.Append(type);
        }

        return bases.Any(type => type.IsGenericType && type.GetGenericTypeDefinition() == formatted);
    }

    private sealed class BoundedWriter() : StringWriter(CultureInfo.InvariantCulture)
    {
        public override void Write(char value)
        {
            Check(1);
            base.Write(value);
        }

        public override void Write(char[] buffer, int index, int count)
        {
            Check(count);
            base.Write(buffer, index, count);
        }

        public override void Write(ReadOnlySpan<char> buffer)
        {
            Check(buffer.Length);
            base.Write(buffer);
        }

        public override void Write(string? value)
        {
            Check(value?.Length ?? 0);
            base.Write(value);
        }

        private void Check(int more)
        {
            if (GetStringBuilder().Length + (long)more > ShapeBudget.MaximumFormatted)
            {
                throw new InvalidDataException(
                    FormattableString.Invariant($"it wrote more than {ShapeBudget.MaximumFormatted:N0} characters."));
            }
        }
    }
}
