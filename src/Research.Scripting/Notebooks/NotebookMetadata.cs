using System.Text.Json.Nodes;

namespace Research.Scripting.Notebooks;

/// <summary>The metadata that VS Code and Jupyter expect in a .NET notebook.</summary>
internal static class NotebookMetadata
{
    /// <summary>Gets a new notebook's <c>metadata</c>.</summary>
    /// <param name="kernel">The default kernel; C#'s metadata for any that is neither F# nor PowerShell.</param>
    public static JsonObject For(string kernel)
    {
        (string name, string extension, string mimeType, string lexer, string kernelspec) = kernel switch
        {
            "fsharp" => ("F#", ".fs", "text/x-fsharp", "fsharp", ".net-fsharp"),
            "pwsh" => ("PowerShell", ".ps1", "text/x-powershell", "powershell", ".net-powershell"),
            _ => ("C#", ".cs", "text/x-csharp", "csharp", ".net-csharp"),
        };
        JsonObject language = new()
        {
            ["file_extension"] = extension,
            ["mimetype"] = mimeType,
            ["name"] = name,
            ["pygments_lexer"] = lexer,
        };
        if (name == "C#")
        {
            language["version"] = "14.0";
        }

        return new JsonObject
        {
            ["kernelspec"] = new JsonObject
            {
                ["display_name"] = $".NET ({name})",
                ["language"] = name,
                ["name"] = kernelspec,
            },
            ["language_info"] = language,
        };
    }

    /// <summary>Gets a code cell's <c>metadata</c>.</summary>
    public static JsonObject ForCell(string kernel) => new()
    {
        ["dotnet_interactive"] = new JsonObject { ["language"] = kernel },
        ["polyglot_notebook"] = new JsonObject { ["kernelName"] = kernel },
    };
}
