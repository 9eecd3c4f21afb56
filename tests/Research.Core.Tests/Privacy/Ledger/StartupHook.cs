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
        string path = Environment.GetEnvironmentVariable(LedgerVariable)!;
        int charges = int.Parse(
            Environment.GetEnvironmentVariable(ChargesVariable)!, System.Globalization.CultureInfo.InvariantCulture);
        string purpose = $"process {Environment.ProcessId}";
        try
        {
            PrivacyLedger ledger = PrivacyLedger.Open(path, "digits", 100, 1e-5);
            for (int i = 0; i < charges; i++)
            {
                Console.WriteLine(ledger.Charge(new GaussianEvent(0.001, 10, 1), purpose).Sequence);
            }
        }
        catch (IOException e)
        {
            Console.WriteLine(e.Message);
            LedgerVerification found = PrivacyLedger.Verify(path); // A file system of its own ends with this process.
            Console.WriteLine(found.Entries.Count);
            Console.WriteLine(found.IsIntact ? "intact" : found.Problem);
            Environment.Exit(1);
        }

        Environment.Exit(0);
    }
}
