using System.Data;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using Research.Scripting.Compilation;
using Research.Scripting.Outputs;

namespace Research.Scripting.Display;

/// <summary>Shows values of well-known packages as the picture, table or document that they are.</summary>
/// <remarks>
/// Under .NET Interactive these packages' extensions, or a line that their documentation tells to run, register a
/// formatter; extensions of that kernel are not loaded here. The types are known by name, because a cell's package is
/// never the host's; a formatter that the cell registered wins.
/// </remarks>
internal static class PackageValues
{
    private const int Width = 640;
    private const int Height = 400;
    private const int MaximumLength = 8 << 20; // Of a picture in base 64.

    private static readonly ConditionalWeakTable<Type, Known> Types = [];

    private static readonly Dictionary<string, Func<object, Type, MimeBundle?>> Shows = new(StringComparer.Ordinal)
    {
        ["ScottPlot.Plot"] = (plot, type) => Html(type, Call(type, plot, "GetSvgHtml", Width, Height)),
        ["OxyPlot.PlotModel"] = (plot, type) => Image(SvgOfOxyPlot(plot, type.Assembly)),
        ["SkiaSharp.SKImage"] = (image, type) => Image(BytesOfSkia(Call(type, image, "Encode"))),
        ["SkiaSharp.SKBitmap"] = (bitmap, type) => type.Assembly.GetType("SkiaSharp.SKImage") is { } image
            ? Image(BytesOfSkia(Call(image, Call(image, null, "FromBitmap", bitmap), "Encode")))
            : null,
        ["SixLabors.ImageSharp.Image"] = (image, type) => Image(PngOfImageSharp(image, type.Assembly)),
        ["Microsoft.Data.Analysis.DataFrame"] = (frame, type) => Call(type, frame, "ToTable") is DataTable table
            ? MimeFormatter.Format(table)
            : null,
    };

    /// <summary>Gets a value's bundle; null when its type is not one of those known, or has a registered
    /// formatter.</summary>
    public static MimeBundle? Of(object value)
    {
        if (KnownAs(value) is not { } known || RegisteredFormatters.Has(value.GetType(), RegisteredFormatters.Html))
        {
            return null;
        }

        try
        {
            return Shows[known.FullName!](value, known) is { Length: <= MaximumLength } bundle ? bundle : null;
        }
        catch (Exception) when (!Interruptible.IsInterrupted)
        {
            return null; // A version of the package that works otherwise, or has no native library: its members are shown.
        }
    }

    private static Type? KnownAs(object value) => Types.GetValue(value.GetType(), static type =>
    {
        Type? known = type;
        while (known is not null && !Shows.ContainsKey(known.FullName ?? ""))
        {
            known = known.BaseType;
        }

        return new Known(known);
    }).Type;

    private static object? Call(Type type, object? instance, string name, params object?[] arguments)
    {
        MethodInfo method = type.GetMethods().FirstOrDefault(method => method.Name == name &&
            method.IsStatic == instance is null && !method.IsGenericMethod && Takes(method.GetParameters(), arguments)) ??
            throw new MissingMethodException(type.FullName, name);
        return method.Invoke(instance, arguments);
    }

    private static bool Takes(ParameterInfo[] parameters, object?[] arguments) =>
        parameters.Length == arguments.Length && parameters.Zip(arguments).All(
            pair => pair.Second is null || pair.First.ParameterType.IsInstanceOfType(pair.Second));

    private static byte[]? BytesOfSkia(object? encoded) =>
        encoded is null ? null : Call(encoded.GetType(), encoded, "ToArray") as byte[];

    private static byte[]? SvgOfOxyPlot(object plot, Assembly package)
    {
        Type? type = package.GetType("OxyPlot.SvgExporter");
        if (type is null || Activator.CreateInstance(type) is not { } exporter)
        {
            return null;
        }

        type.GetProperty("Width")?.SetValue(exporter, Width);
        type.GetProperty("Height")?.SetValue(exporter, Height);
        return Call(type, exporter, "ExportToString", plot) is string svg ? Encoding.UTF8.GetBytes(svg) : null;
    }

    private static byte[]? PngOfImageSharp(object image, Assembly package)
    {
        using MemoryStream stream = new();
        if (package.GetType("SixLabors.ImageSharp.ImageExtensions") is not { } type)
        {
            return null;
        }

        Call(type, null, "SaveAsPng", image, stream);
        return stream.ToArray();
    }

    private static MimeBundle? Image(byte[]? bytes) => bytes is null ? null : ImageBundle.Of(bytes);

    private static MimeBundle? Html(Type type, object? html) => html is not string text ? null
        : MimeBundle.Of((RegisteredFormatters.Html, text), (RegisteredFormatters.Plain, $"({type.FullName})"));

    private sealed record Known(Type? Type);
}
