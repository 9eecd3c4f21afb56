using Research.Privacy.Accounting;
using Research.Privacy.Ledger;

#pragma warning disable CA1050, IDE0130 // The runtime looks for this very name, outside any namespace.

/// <summary>
/// What a child process of <c>LedgerProcessesTests</c> runs instead of its own Main: charges, one line each.
/// </summary>
internal static class StartupHook
{
    public const string LedgerVariable = "RESEARCH_TEST_LEDGER";
    public const string ChargesVariable = "RESEARCH_TEST_CHARGES";

    public static void Initialize()
    {
        PrivacyLedger ledger = PrivacyLedger.Open(
            Environment.GetEnvironmentVariable(LedgerVariable)!, "digits", 100, 1e-5);
        int charges = int.Parse(
            Environment.GetEnvironmentVariable(ChargesVariable)!, System.Globalization.CultureInfo.InvariantCulture);
        string purpose = $"process {Environment.ProcessId}";
        for (int i = 0; i < charges; i++)
        {
            Console.WriteLine(ledger.Charge(new GaussianEvent(0.001, 10, 1), purpose).Sequence);
        }

        Environment.Exit(0);
    }
}
