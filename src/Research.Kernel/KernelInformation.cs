using System.Reflection;
using System.Text.Json.Nodes;
using Research.Kernel.Messages;

namespace Research.Kernel;

/// <summary>What the kernel says about itself.</summary>
internal static class KernelInformation
{
    /// <summary>Gets the library's version.</summary>
    public static string Version { get; } =
        typeof(KernelInformation).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?
            .InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>Gets the content of a <c>kernel_info_reply</c>.</summary>
    public static JsonObject Reply()
    {
        JsonObject content = ReplyContent.Ok();
        content["protocol_version"] = MessageWriter.ProtocolVersion;
        content["implementation"] = "research";
        content["implementation_version"] = Version;
        content["banner"] = $"Research {Version}: C# {LanguageVersion} on .NET {Environment.Version}";
        content["debugger"] = false;
        content["supported_features"] = new JsonArray();
        content["language_info"] = new JsonObject
        {
            ["name"] = "C#",
            ["version"] = LanguageVersion,
            ["mimetype"] = "text/x-csharp",
            ["file_extension"] = ".cs",
            ["pygments_lexer"] = "csharp",
            ["codemirror_mode"] = "text/x-csharp",
            ["nbconvert_exporter"] = "script",
        };
        content["help_links"] = new JsonArray(
            Link("C# language", "https://learn.microsoft.com/dotnet/csharp/"),
            Link(".NET API", "https://learn.microsoft.com/dotnet/api/"));
        return content;
    }

    private static string LanguageVersion => "14.0";

    private static JsonObject Link(string text, string url) => new() { ["text"] = text, ["url"] = url };
}
