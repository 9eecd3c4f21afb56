using System.CommandLine;
using System.Text;
using Research.Cli.Ledger;
using Research.Cli.Train;
using Research.Federation;
using Research.Interactive.Magics;
using Research.Interactive.Owner;
using Research.Privacy;
using Research.Privacy.Ledger;

namespace Research.Cli.Commands;

/// <summary>
/// <c>research ledger</c>: what has been spent of an owner's records' privacy, and whether the record of it is intact.
/// </summary>
internal static class LedgerCommand
{
    private const string ModelKind = "-model";

    public static Command Create() => new("ledger", "Make, read or check your privacy ledger; fetch what is sealed in it.")
    {
        CreateNew(), CreateShow(), CreateVerify(), CreateStatement(), CreateSealed(), CreateRecover(),
    };

    /// <summary>Makes a ledger, with terms that never change.</summary>
    /// <exception cref="CommandException">There is a ledger already, or no release fits such a cap.</exception>
    internal static int New(string? folder, double epsilonCap, double delta, LedgerFilter filter, TextWriter output)
    {
        string home = OwnerLedger.HomeOf(folder);
        PrivacyLedger ledger = Refusal.AsCommand(() => OwnerLedgers.Make(home, epsilonCap, delta, filter));
        output.WriteLine(LedgerReport.Text(ledger));
        return CommandRunner.Success;
    }

    /// <summary>Prints a ledger, for its owner.</summary>
    /// <exception cref="LedgerException">There is none, or it is damaged.</exception>
    internal static async Task<int> ShowAsync(
        string? folder, string? html, bool json, TextWriter output, CancellationToken cancellationToken)
    {
        if (html is not null)
        {
            OutputFile.Check("--html", html);
        }

        PrivacyLedger ledger = PrivacyLedger.OpenExisting(OwnerLedger.HomeOf(folder));
        if (html is not null)
        {
            OutputFile.WriteForOwner(html, Encoding.UTF8.GetBytes(LedgerPlot.Page(ledger)));
        }

        string report = json ? LedgerReport.Json(ledger) : LedgerReport.Text(ledger);
        cancellationToken.ThrowIfCancellationRequested();
        await output.WriteLineAsync(report).ConfigureAwait(false);
        return CommandRunner.Success;
    }

    /// <summary>
    /// Checks a ledger line by line; what is wrong is said on <paramref name="error"/>, and in the JSON document.
    /// </summary>
    internal static int Verify(string? folder, string? head, bool json, TextWriter output, TextWriter error)
    {
        string home = OwnerLedger.HomeOf(folder);
        LedgerVerification verification = PrivacyLedger.Verify(home, head);
        if (json)
        {
            output.WriteLine(LedgerReport.Json(verification, home));
        }
        else if (verification.IsIntact)
        {
            output.WriteLine(LedgerReport.Intact(verification, home));
        }

        if (!verification.IsIntact)
        {
            string line = verification.Line == 0 ? "" : $", line {EpsilonText.Exact(verification.Line)}";
            error.WriteLine(TerminalText.Clean($"{home}{line}: {verification.Problem}"));
        }

        return verification.IsIntact ? CommandRunner.Success : CommandRunner.Failure;
    }

    /// <summary>Prints or writes what may be shown to others.</summary>
    internal static async Task<int> StatementAsync(
        string? folder, string? file, TextWriter output, CancellationToken cancellationToken)
    {
        if (file is not null)
        {
            OutputFile.Check("--out", file);
        }

        string statement = PrivacyLedger.OpenExisting(OwnerLedger.HomeOf(folder)).Statement();
        if (file is null)
        {
            await output.WriteLineAsync(statement).ConfigureAwait(false);
        }
        else
        {
            await OutputFile.WriteAsync(file, Encoding.UTF8.GetBytes(statement + "\n"), cancellationToken)
                .ConfigureAwait(false);
        }

        return CommandRunner.Success;
    }

    /// <summary>Lists what is sealed.</summary>
    internal static int Sealed(string? folder, bool json, TextWriter output)
    {
        PrivacyLedger ledger = PrivacyLedger.OpenExisting(OwnerLedger.HomeOf(folder));
        IReadOnlyList<SealedArtefact> found = ledger.Sealed();
        output.WriteLine(json ? SealedReport.Json(found) : SealedReport.Text(found, ledger.Home));
        return CommandRunner.Success;
    }

    /// <summary>Charges a sealed artefact's run where that had not happened, and writes the artefact.</summary>
    /// <exception cref="CommandException">Options do not fit what is sealed.</exception>
    internal static async Task<int> RecoverAsync(
        string id, string? folder, string? file, string? onnx, TextWriter output, CancellationToken cancellationToken)
    {
        if (file is null && onnx is null)
        {
            throw new CommandException("--out: expected a file to write to, got none.", CommandRunner.WrongUsage);
        }

        foreach ((string option, string? path) in (IEnumerable<(string, string?)>)[("--out", file), ("--onnx", onnx)])
        {
            if (path is not null)
            {
                OutputFile.Check(option, path);
            }
        }

        PrivacyLedger ledger = PrivacyLedger.OpenExisting(OwnerLedger.HomeOf(folder));
        bool isModel = id.EndsWith(ModelKind, StringComparison.Ordinal);
        if (!isModel && onnx is not null)
        {
            throw new CommandException($"--onnx: expected a sealed model, got {id}.", CommandRunner.WrongUsage);
        }

        cancellationToken.ThrowIfCancellationRequested();
        ReleasedModel? model = isModel ? ReleasedModel.Recover(ledger, id) : null;
        if (file is not null)
        {
            ReadOnlyMemory<byte> bytes = model is null ? ledger.Recover(id) : model.ToSafetensors();
            await OutputFile.WriteAsync(file, bytes, CancellationToken.None).ConfigureAwait(false);
        }

        if (onnx is not null)
        {
            await OutputFile.WriteAsync(onnx, model!.ToOnnx(), CancellationToken.None).ConfigureAwait(false);
        }

        ledger.Forget(id);
        string receipt = id[..id.LastIndexOf('-')];
        LedgerEntry entry = ledger.Entries.First(one => one.Receipt == receipt);
        await output.WriteLineAsync(TerminalText.Clean(
            $"{string.Join(" and ", ((string?[])[file, onnx]).Where(path => path is not null))}: written, paid for by entry "
            + $"{EpsilonText.Exact(entry.Sequence)} in {ledger.Home}")).ConfigureAwait(false);
        return CommandRunner.Success;
    }

    private static Command CreateNew()
    {
        Argument<string?> home = OwnerOption.Home();
        Option<double?> cap = BoundedOption.Optional(
            "--epsilon-cap", "What ε of no record may ever pass", NumberRange.Positive);
        cap.Required = true;
        Option<double?> delta = BoundedOption.Optional("--delta", "δ, 1e-5 if left out", NumberRange.Delta);
        Option<string> filter = new("--filter")
        {
            Description = "How several plans of one record are counted: renyi takes training on samples; gaussian takes "
                + "releases that read all records (rate 1) and pure ε, and fits more of them under the cap.",
            DefaultValueFactory = _ => "renyi",
        };
        filter.AcceptOnlyFromAmong("renyi", "gaussian");
        Command command = new("new", "Make your ledger; its cap, δ and filter never change.")
        {
            home, cap, delta, filter,
        };
        command.SetAction(parse => New(
            parse.GetValue(home),
            parse.GetValue(cap)!.Value,
            parse.GetValue(delta) ?? PrivacyLedger.DefaultDelta,
            parse.GetValue(filter) == "gaussian" ? LedgerFilter.Gaussian : LedgerFilter.Renyi,
            parse.InvocationConfiguration.Output));
        return command;
    }

    private static Command CreateShow()
    {
        Argument<string?> home = OwnerOption.Home();
        Option<bool> json = new("--json") { Description = "Print one JSON document on standard output." };
        Option<string?> html = PathOption.Optional("--html", "Write the ledger there too, as one page for you alone.");
        Command command = new("show", "Print every charge and what your records have spent; for you alone.")
        {
            home, html, json,
        };
        command.SetAction((parse, cancellationToken) => ShowAsync(
            parse.GetValue(home),
            parse.GetValue(html),
            parse.GetValue(json),
            parse.InvocationConfiguration.Output,
            cancellationToken));
        return command;
    }

    private static Command CreateVerify()
    {
        Argument<string?> home = OwnerOption.Home();
        Option<bool> json = new("--json") { Description = "Print one JSON document on standard output." };
        Option<string?> head = new("--head")
        {
            Description = "A head of before, kept elsewhere: some line must have that hash.",
            HelpName = "HASH",
        };
        Command command = new(
            "verify", "Check form, hashes, chain and ε of every line, and that the last charge seen is there.")
        {
            home, head, json,
        };
        command.SetAction(parse => Verify(
            parse.GetValue(home),
            parse.GetValue(head),
            parse.GetValue(json),
            parse.InvocationConfiguration.Output,
            parse.InvocationConfiguration.Error));
        return command;
    }

    private static Command CreateStatement()
    {
        Argument<string?> home = OwnerOption.Home();
        Option<string?> file = PathOption.Optional("--out", "Write it there instead of printing it.");
        Command command = new(
            "statement", "Print what you may show to others, as JSON: terms and plans, nothing that depends on a record.")
        {
            home, file,
        };
        command.SetAction((parse, cancellationToken) => StatementAsync(
            parse.GetValue(home), parse.GetValue(file), parse.InvocationConfiguration.Output, cancellationToken));
        return command;
    }

    private static Command CreateSealed()
    {
        Argument<string?> home = OwnerOption.Home();
        Option<bool> json = new("--json") { Description = "Print one JSON document on standard output." };
        Command command = new("sealed", "List what runs made and nobody fetched yet, after a crash say.") { home, json };
        command.SetAction(parse => Sealed(
            parse.GetValue(home), parse.GetValue(json), parse.InvocationConfiguration.Output));
        return command;
    }

    private static Command CreateRecover()
    {
        Argument<string> id = new("ID") { Description = "What research ledger sealed calls it." };
        Option<string?> ledger = OwnerOption.Ledger();
        Option<string?> file = PathOption.Optional("--out", "Write it there, as safetensors.");
        Option<string?> onnx = PathOption.Optional("--onnx", "Write a model there, as ONNX.");
        Command command = new(
            "recover", "Fetch what is sealed; its run is charged first if a crash came before that, and never twice.")
        {
            id, ledger, file, onnx,
        };
        command.SetAction((parse, cancellationToken) => RecoverAsync(
            parse.GetValue(id)!,
            parse.GetValue(ledger),
            parse.GetValue(file),
            parse.GetValue(onnx),
            parse.InvocationConfiguration.Output,
            cancellationToken));
        return command;
    }
}
