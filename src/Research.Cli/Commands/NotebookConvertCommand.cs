using System.CommandLine;
using System.CommandLine.Parsing;
using Research.Scripting.Notebooks;

namespace Research.Cli.Commands;

/// <summary><c>research notebook convert</c>: a notebook as another kind of file; nothing runs.</summary>
internal static class NotebookConvertCommand
{
    public static Command Create()
    {
        Argument<string> file = PathOption.Argument("file", "The .ipynb or .dib file.");
        Option<string?> output = PathOption.Optional(
            "--output", "The file to write: .html, .ipynb, .dib, .csx or .md; by default FILE with the end of --to.");
        output.Aliases.Add("-o");
        Option<string?> to = new("--to")
        {
            Description = "What to write, where the file's name does not tell.",
            HelpName = "FORMAT",
        };
        to.AcceptOnlyFromAmong([.. NotebookTarget.Names]);
        Option<bool> trust = new("--trust")
        {
            Description = "Let scripts in the outputs run in the page; only for notebooks that you trust.",
        };
        Command command = new("convert", "Turn a notebook into a page, a script, Markdown or the other format.")
        {
            file, output, to, trust,
        };
        command.Validators.Add(result => Check(result, output, to));
        command.SetAction((parse, cancellationToken) => ConvertAsync(
            parse.GetRequiredValue(file),
            parse.GetValue(output),
            parse.GetValue(to),
            parse.GetValue(trust),
            parse.InvocationConfiguration.Output,
            parse.InvocationConfiguration.Error,
            cancellationToken));
        return command;
    }

    private static async Task<int> ConvertAsync(
        string file,
        string? output,
        string? to,
        bool trust,
        TextWriter standardOutput,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        string format = to ?? NotebookTarget.FormatOf(output!)!;
        string path = Path.GetFullPath(output ?? Path.ChangeExtension(file, NotebookTarget.ExtensionOf(format)));
        try
        {
            if (path == Path.GetFullPath(file))
            {
                await error.WriteLineAsync($"{file} is that already; name another file with -o.").ConfigureAwait(false);
                return CommandRunner.WrongUsage;
            }

            NotebookDocument document = NotebookDocument.Load(file);
            foreach (string warning in await NotebookTarget.WriteAsync(
                document, path, format, file, trust, cancellationToken).ConfigureAwait(false))
            {
                await error.WriteLineAsync(TerminalText.Clean(warning)).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or NotebookFormatException)
        {
            await error.WriteLineAsync(TerminalText.Clean($"Cannot convert {file}: {exception.Message}"))
                .ConfigureAwait(false);
            return CommandRunner.Failure;
        }

        await standardOutput.WriteLineAsync($"{file}: written to {path}").ConfigureAwait(false);
        return CommandRunner.Success;
    }

    private static void Check(CommandResult result, Option<string?> output, Option<string?> to)
    {
        if (result.GetValue(to) is null &&
            (result.GetValue(output) is not { } path || NotebookTarget.FormatOf(path) is null))
        {
            result.AddError("convert needs -o FILE ending in .html, .ipynb, .dib, .csx or .md, or --to FORMAT.");
        }
    }
}
