using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Research.Kernel.Specs;

namespace Research.Cli.Commands;

/// <summary><c>research kernel list</c>: the C# kernels that Jupyter knows.</summary>
internal static class KernelListCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create()
    {
        Option<string?> prefix = new("--prefix") { Description = "Look below this prefix only.", HelpName = "dir" };
        Option<bool> json = new("--json") { Description = "Print one JSON document on standard output." };
        Command command = new("list", "List installed C# kernels, ours and others.") { prefix, json };
        command.SetAction((parse, _) => RunAsync(
            parse.GetValue(prefix),
            parse.GetValue(json),
            parse.InvocationConfiguration.Output,
            parse.InvocationConfiguration.Error));
        return command;
    }

    internal static async Task<int> RunAsync(string? prefix, bool json, TextWriter output, TextWriter error)
    {
        try
        {
            KernelSpec[] specs =
            [
                .. KernelSpec.List(prefix is null ? JupyterFolders.Search : [JupyterFolders.Of(prefix)])
                    .Where(spec => spec.IsOurs || spec.Language.Equals("C#", StringComparison.OrdinalIgnoreCase)),
            ];
            string text = json ? Json(specs).ToJsonString(Indented) : Table(specs);
            await output.WriteLineAsync(text).ConfigureAwait(false);
            return CommandRunner.Success;
        }
        catch (Exception exception) when (
            exception is KernelSpecException or IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"kernel list: {exception.Message}").ConfigureAwait(false);
            return CommandRunner.Failure;
        }
    }

    private static string Table(KernelSpec[] specs) => specs.Length == 0
        ? "No C# kernel is installed; research kernel install does that."
        : string.Join('\n', specs.Select(spec =>
            $"{spec.Name,-20} {(spec.IsOurs ? "research" : "other"),-9} {TerminalText.Clean(spec.DisplayName),-20} " +
            TerminalText.Clean(spec.Folder)));

    private static JsonObject Json(KernelSpec[] specs) => new()
    {
        ["kernels"] = new JsonArray([.. specs.Select(spec => (JsonNode)new JsonObject
        {
            ["name"] = spec.Name,
            ["displayName"] = spec.DisplayName,
            ["ours"] = spec.IsOurs,
            ["folder"] = spec.Folder,
            ["argv"] = new JsonArray([.. spec.Arguments.Select(argument => (JsonNode)argument)]),
        })]),
    };
}
