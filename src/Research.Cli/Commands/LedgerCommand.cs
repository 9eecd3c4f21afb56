using System.CommandLine;
using System.Text;
using Research.Cli.Ledger;
using Research.Cli.Train;
using Research.Privacy.Ledger;

namespace Research.Cli.Commands;

/// <summary>
/// <c>research ledger</c>: what has been spent of a data set's privacy, and whether the record of it is intact.
/// </summary>
internal static class LedgerCommand
{
    public static Command Create() => new("ledger", "Make, read or check a data set's privacy ledger.")
    {
        CreateNew(), CreateShow(), CreateVerify(),
    };

    /// <summary>Makes a ledger, with terms that never change.</summary>
    /// <exception cref="CommandException">There is a file already, or no release fits such a cap.</exception>
    internal static int New(
        string path, string data, double epsilonCap, double delta, LedgerFilter filter, TextWriter output)
    {
        OutputFile.Check("FILE", path);
        if (File.Exists(path))
        {
            throw new CommandException($"FILE: {path} exists already, and a ledger's terms never change.");
        }

        try
        {
            PrivacyLedger ledger = PrivacyLedger.Open(
                path, LedgerFolder.DataSetName(data), epsilonCap, delta, filter);
            output.WriteLine(LedgerReport.Text(ledger, path));
        }
        catch (ArgumentOutOfRangeException e) when (e.ParamName == "epsilonCap")
        {
            throw new CommandException(
                $"--epsilon-cap: no release at all fits a cap of {EpsilonText.Exact(epsilonCap)} at delta "
                    + $"{EpsilonText.Exact(delta)}.",
                innerException: e);
        }

        return CommandRunner.Success;
    }

    /// <summary>Prints a ledger.</summary>
    /// <exception cref="LedgerException">The file is damaged.</exception>
    internal static async Task<int> ShowAsync(
        string path, string? html, bool json, TextWriter output, CancellationToken cancellationToken)
    {
        CheckExists(path);
        if (html is not null)
        {
            OutputFile.Check("--html", html);
        }

        PrivacyLedger ledger = PrivacyLedger.OpenExisting(path);
        if (html is not null)
        {
            byte[] page = Encoding.UTF8.GetBytes(LedgerPlot.Page(ledger, path));
            await OutputFile.WriteAsync(html, page, cancellationToken).ConfigureAwait(false);
        }

        string report = json ? LedgerReport.Json(ledger, path) : LedgerReport.Text(ledger, path);
        await output.WriteLineAsync(report).ConfigureAwait(false);
        return CommandRunner.Success;
    }

    /// <summary>
    /// Checks a ledger line by line; what is wrong is said on <paramref name="error"/>, and in the JSON document.
    /// </summary>
    internal static int Verify(string path, string? head, bool json, TextWriter output, TextWriter error)
    {
        CheckExists(path);
        LedgerVerification verification = PrivacyLedger.Verify(path, head);
        if (json)
        {
            output.WriteLine(LedgerReport.Json(verification, path));
        }
        else if (verification.IsIntact)
        {
            output.WriteLine(LedgerReport.Intact(verification, path));
        }

        if (!verification.IsIntact)
        {
            error.WriteLine(TerminalText.Clean($"{path}, line {verification.Line}: {verification.Problem}"));
        }

        return verification.IsIntact ? CommandRunner.Success : CommandRunner.Failure;
    }

    // A ledger that is gone, of which a charge was seen, is a finding and not a slip of the pen.
    private static void CheckExists(string path)
    {
        if (!File.Exists(path + ".seen"))
        {
            InputFile.Check("FILE", path);
        }
    }

    private static Command CreateNew()
    {
        Argument<string> file = PathOption.Argument("FILE", "The ledger to make.");
        Option<string> data = DataOption.Required("--data", "The data set");
        Option<double?> cap = BoundedOption.Optional<double>(
            "--epsilon-cap", "What ε may never pass", "a number above 0", c => c > 0 && double.IsFinite(c));
        cap.Required = true;
        Option<double?> delta = BoundedOption.Optional<double>(
            "--delta",
            "δ, 1e-5 if left out",
            "a number above 0 and below 1",
            d => d is > 0 and < 1 && double.IsNormal(d));
        Option<string> filter = new("--filter")
        {
            Description = "renyi takes training on samples; gaussian takes releases that read all records (rate 1) and "
                + "pure ε, and fits more of them under the cap.",
            DefaultValueFactory = _ => "renyi",
        };
        filter.AcceptOnlyFromAmong("renyi", "gaussian");
        Command command = new("new", "Make a ledger; its data set, cap, δ and filter never change.")
        {
            file, data, cap, delta, filter,
        };
        command.SetAction(parse => New(
            parse.GetValue(file)!,
            parse.GetValue(data)!,
            parse.GetValue(cap)!.Value,
            parse.GetValue(delta) ?? 1e-5,
            parse.GetValue(filter) == "gaussian" ? LedgerFilter.Gaussian : LedgerFilter.Renyi,
            parse.InvocationConfiguration.Output));
        return command;
    }

    private static Command CreateShow()
    {
        Argument<string> file = PathOption.Argument("FILE", "The ledger.");
        Option<bool> json = new("--json") { Description = "Print one JSON document on standard output." };
        Option<string?> html = PathOption.Optional("--html", "Write the ledger there too, as one page.");
        Command command = new("show", "Print every charge, ε spent and what remains of the cap.") { file, html, json };
        command.SetAction((parse, cancellationToken) => ShowAsync(
            parse.GetValue(file)!,
            parse.GetValue(html),
            parse.GetValue(json),
            parse.InvocationConfiguration.Output,
            cancellationToken));
        return command;
    }

    private static Command CreateVerify()
    {
        Argument<string> file = PathOption.Argument("FILE", "The ledger.");
        Option<bool> json = new("--json") { Description = "Print one JSON document on standard output." };
        Option<string?> head = new("--head")
        {
            Description = "A head of before, kept elsewhere: some line must have that hash.",
            HelpName = "HASH",
        };
        Command command = new(
            "verify", "Check form, hashes, chain and ε of every line, and that the last charge seen is there.")
        {
            file, head, json,
        };
        command.SetAction(parse => Verify(
            parse.GetValue(file)!,
            parse.GetValue(head),
            parse.GetValue(json),
            parse.InvocationConfiguration.Output,
            parse.InvocationConfiguration.Error));
        return command;
    }
}
