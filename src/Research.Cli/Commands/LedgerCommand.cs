using System.CommandLine;
using Research.Cli.Ledger;
using Research.Privacy.Ledger;

namespace Research.Cli.Commands;

/// <summary>
/// <c>research ledger</c>: what has been spent of a data set's privacy, and whether the record of it is intact.
/// </summary>
internal static class LedgerCommand
{
    public static Command Create() => new("ledger", "Read or check a data set's privacy ledger.")
    {
        CreateShow(), CreateVerify(),
    };

    /// <summary>Prints a ledger.</summary>
    /// <exception cref="LedgerException">The file is damaged.</exception>
    internal static int Show(string path, bool json, TextWriter output)
    {
        InputFile.Check("FILE", path);
        PrivacyLedger ledger = PrivacyLedger.OpenExisting(path);
        output.WriteLine(json ? LedgerReport.Json(ledger, path) : LedgerReport.Text(ledger, path));
        return CommandRunner.Success;
    }

    /// <summary>
    /// Checks a ledger line by line; what is wrong is said on <paramref name="error"/>, and in the JSON document.
    /// </summary>
    internal static int Verify(string path, bool json, TextWriter output, TextWriter error)
    {
        InputFile.Check("FILE", path);
        LedgerVerification verification = PrivacyLedger.Verify(path);
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

    private static Command CreateShow()
    {
        Argument<string> file = PathOption.Argument("FILE", "The ledger.");
        Option<bool> json = new("--json") { Description = "Print one JSON document on standard output." };
        Command command = new("show", "Print every charge, ε spent and what remains of the cap.") { file, json };
        command.SetAction(parse => Show(
            parse.GetValue(file)!, parse.GetValue(json), parse.InvocationConfiguration.Output));
        return command;
    }

    private static Command CreateVerify()
    {
        Argument<string> file = PathOption.Argument("FILE", "The ledger.");
        Option<bool> json = new("--json") { Description = "Print one JSON document on standard output." };
        Command command = new("verify", "Check form, hashes, chain and ε of every line.") { file, json };
        command.SetAction(parse => Verify(
            parse.GetValue(file)!,
            parse.GetValue(json),
            parse.InvocationConfiguration.Output,
            parse.InvocationConfiguration.Error));
        return command;
    }
}
