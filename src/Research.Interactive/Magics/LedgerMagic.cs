using Research.Interactive.Owner;
using Research.Privacy.Ledger;

namespace Research.Interactive.Magics;

/// <summary><c>#!ledger</c>: what has been spent of an owner's records' privacy.</summary>
internal static class LedgerMagic
{
    public static Magic Create() => new(
        "#!ledger",
        "Shows or checks your privacy ledger; only new makes one.",
        [
            "#!ledger show [FOLDER]",
            "#!ledger statement [FOLDER]",
            "#!ledger verify [FOLDER] [--head HASH]",
            "#!ledger new [FOLDER] --epsilon-cap E [--delta D]",
        ],
        [
            new("VERB", "show: charges and what is spent, for you alone; statement: what others may see; verify: checks "
                + "every line; new: makes one, with terms that never change.")
            {
                Complete = _ => ["show", "statement", "verify", "new"],
            },
            new("FOLDER", "Folder of the ledger; left out, research in your application data folder."),
            new("--head", "With verify: a head of before, kept elsewhere, that some line must have.") { Value = "HASH" },
            new("--epsilon-cap", $"With new: what ε of no record may ever pass: {NumberRange.Positive.Words}.")
            {
                Value = "E",
            },
            new("--delta", $"With new: δ, 1e-5 if left out: {NumberRange.Delta.Words}.") { Value = "D" },
        ],
        RunAsync);

    private static Task RunAsync(MagicCall call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string verb = call.Arguments.Verb("show", "statement", "verify", "new");
        string home = OwnerLedgers.HomeOf(call.Arguments.Words is [_, string folder] ? call.PathOf(folder) : null);
        Check(call.Arguments, verb);
        LiveOutput.Show(verb switch
        {
            "show" => PrivacyLedger.OpenExisting(home),
            "statement" => PrivacyLedger.OpenExisting(home).Statement(),
            "verify" => PrivacyLedger.Verify(home, call.Arguments.Text("--head")),
            _ => OwnerLedgers.Make(
                home,
                call.Arguments.RequiredNumber("--epsilon-cap", NumberRange.Positive),
                call.Arguments.Number("--delta", NumberRange.Delta) ?? PrivacyLedger.DefaultDelta,
                LedgerFilter.Renyi),
        });
        return Task.CompletedTask;
    }

    private static void Check(MagicArguments arguments, string verb)
    {
        (string Option, string Verb)[] taken = [("--head", "verify"), ("--epsilon-cap", "new"), ("--delta", "new")];
        foreach ((string option, string only) in taken)
        {
            if (verb != only && arguments.Text(option) is not null)
            {
                throw new RefusedException($"{option}: leave it out with {verb}; it is for {only}.");
            }
        }
    }
}
