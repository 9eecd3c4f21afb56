using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Research.Cli.Commands;

/// <summary><c>research notebook run</c>: runs C# notebooks without a front end and stores their outputs.</summary>
internal static class NotebookRunCommand
{
    public static Command Create()
    {
        Argument<string[]> files = new("file")
        {
            Description = "The .ipynb or .dib files, each run on a fresh session.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string?> output = new("--output", "-o")
        {
            Description = "Where to write the executed notebook, or .html for a page instead; by default FILE. " +
                "A folder for several.",
            HelpName = "FILE",
        };
        Option<string?> html = new("--html")
        {
            Description = "Where to write a page as well; a folder for several.",
            HelpName = "FILE",
        };
        Option<string[]> parameters = new("--parameter", "-p")
        {
            Description = "name=value: replaces a parameter of the cell tagged 'parameters'; JSON for an array.",
            HelpName = "name=value",
        };
        parameters.Validators.Add(CheckParameters);
        Option<double?> timeout = new("--timeout") { Description = "The longest a cell may run, in seconds." };
        timeout.Validators.Add(CheckTimeout);
        Option<bool> allowErrors = new("--allow-errors")
        {
            Description = "Go on after a cell that fails; the exit code is then 0 all the same.",
        };
        Option<bool> json = new("--json") { Description = "Print one JSON document on standard output." };
        Command run = new("run", "Run notebooks' C# cells in order; a notebook stops at its first cell that fails.")
        {
            files, output, html, parameters, timeout, allowErrors, json,
        };
        run.SetAction((parse, cancellationToken) => new NotebookRun
        {
            Files = parse.GetRequiredValue(files),
            OutputPath = parse.GetValue(output),
            HtmlPath = parse.GetValue(html),
            Parameters = Split(parse.GetValue(parameters) ?? []),
            CellTimeout = parse.GetValue(timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            AllowErrors = parse.GetValue(allowErrors),
            Json = parse.GetValue(json),
            Output = parse.InvocationConfiguration.Output,
            Error = parse.InvocationConfiguration.Error,
        }.RunAsync(cancellationToken));
        return run;
    }

    private static Dictionary<string, string> Split(string[] parameters)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach (string parameter in parameters)
        {
            int equals = parameter.IndexOf('=', StringComparison.Ordinal);
            values[parameter[..equals]] = parameter[(equals + 1)..];
        }

        return values;
    }

    private static void CheckParameters(OptionResult result)
    {
        foreach (Token token in result.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) < 1))
        {
            result.AddError($"-p expects name=value, got '{token.Value}'.");
        }
    }

    private static void CheckTimeout(OptionResult result)
    {
        if (result.Tokens is [{ Value: string text }] &&
            (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) ||
            seconds is not (> 0 and <= 1e6)))
        {
            result.AddError($"--timeout expects seconds above 0, got '{text}'.");
        }
    }
}
