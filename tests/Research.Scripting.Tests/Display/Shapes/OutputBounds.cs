using System.Text;
using Research.Scripting.Display;
using Research.Scripting.Display.Shapes;
using Research.Scripting.Outputs;

namespace Research.Tests.Display.Shapes;

/// <summary>What holds for every value's outputs.</summary>
internal static class OutputBounds
{
    // What a cut says of the rest comes on top.
    private const int Notice = 100;

    /// <summary>Formats a value in every way there is.</summary>
    /// <returns>What is wrong, or null.</returns>
    public static string? Problem(object? value)
    {
        foreach (string[] mimeTypes in (string[][])[[], ["text/html"], ["text/plain"], ["application/json"]])
        {
            MimeBundle bundle;
            try
            {
                bundle = MimeFormatter.Format(value, mimeTypes);
            }
            catch (Exception exception)
            {
                return $"{string.Join(',', mimeTypes)} threw {exception}";
            }

            foreach (string mimeType in bundle.MimeTypes)
            {
                if (Problem(mimeType, bundle.Text(mimeType)!) is { } problem)
                {
                    return problem;
                }
            }
        }

        string brief = ShapeText.Brief(ShapeReader.ReadFew(value), 80);
        return brief.Length > 80 || brief.Contains('\n', StringComparison.Ordinal) ? $"brief: {brief}" : null;
    }

    private static string? Problem(string mimeType, string text)
    {
        int limit = MimeBundle.IsJson(mimeType) ? ShapeBudget.MaximumJson : ShapeBudget.MaximumOutput;
        int length = MimeBundle.IsJson(mimeType) ? Encoding.UTF8.GetByteCount(text) : text.Length;
        return length > limit + Notice ? $"{mimeType}: {length}" : null;
    }
}
