using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Formatting;
using Research.Scripting.Interactive;
using Research.Scripting.Outputs;

#pragma warning disable IDE0130 // The namespace is .NET Interactive's, so that its notebooks run unchanged.
namespace Microsoft.DotNet.Interactive;
#pragma warning restore IDE0130

/// <summary>The functions every cell has at hand, under .NET Interactive's names.</summary>
public static partial class Kernel
{
#pragma warning disable IDE1006 // .NET Interactive's spelling.
    /// <summary>Shows a value below the running cell.</summary>
    /// <param name="value">The value; may be null.</param>
    /// <param name="mimeTypes">The mime types to show it in; none for those its type prefers.</param>
    /// <returns>A handle to replace the output later.</returns>
    public static DisplayedValue display(object? value, params string[] mimeTypes) =>
        DisplayedValues.Show(value, mimeTypes ?? []);
#pragma warning restore IDE1006

    /// <summary>Marks text as HTML, to be shown as it is.</summary>
    /// <param name="content">Trusted HTML.</param>
    public static IHtmlContent HTML(string content) => content.ToHtmlContent();

    /// <summary>Runs JavaScript in a front end that can.</summary>
    /// <param name="scriptContent">The script.</param>
    public static void Javascript(string scriptContent)
    {
        ArgumentNullException.ThrowIfNull(scriptContent);
        MimeBundle bundle = MimeBundle.Of(
            ("text/html", $"<script type=\"text/javascript\">{scriptContent}</script>"),
            ("text/plain", "(JavaScript)"));
        _ = new LiveOutput(bundle);
    }

    /// <summary>Adds a style sheet to the page.</summary>
    /// <param name="content">The CSS rules.</param>
    public static void CSS(string content)
    {
        ArgumentNullException.ThrowIfNull(content);
        MimeBundle bundle = MimeBundle.Of(("text/html", $"<style>{content}</style>"), ("text/plain", "(CSS)"));
        _ = new LiveOutput(bundle);
    }
}
