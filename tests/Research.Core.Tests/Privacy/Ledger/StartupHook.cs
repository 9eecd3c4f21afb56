using Research.Privacy.Accounting;
using Research.Privacy.Ledger;
using Research.Tests.Privacy.Ledger;

#pragma warning disable CA1050, IDE0130 // The runtime looks for this very name, outside any namespace.

/// <summary>
/// What a child process of <c>LedgerProcessesTests</c> runs instead of its own Main: charges, one line each, or a
/// release that ends with the process at one stage.
/// </summary>
internal static class StartupHook
{
    public const string LedgerVariable = "RESEARCH_TEST_LEDGER";
    public const string ChargesVariable = "RESEARCH_TEST_CHARGES";
    public const string StageVariable = "RESEARCH_TEST_STAGE";

    public static void Initialize()
    {
        string home = Environment.GetEnvironmentVariable(LedgerVariable)!;
        if (Environment.GetEnvironmentVariable(StageVariable) is { Length: > 0 } stage)
        {
            ReleaseUntil(home, stage);
        }

        Charge(home);
        Environment.Exit(0);
    }

    private static void ReleaseUntil(string home, string stage)
    {
        PrivacyLedger ledger = PrivacyLedger.Open(home, 8, 1e-5);
        ledger.AtStage = at =>
        {
            if (at == stage)
            {
                System.Diagnostics.Process.GetCurrentProcess().Kill(); // As if the power went.
                Thread.Sleep(Timeout.Infinite);
            }
        };
        ledger.Release(TemporaryLedger.Receipt(new GaussianEvent(0.1, 1.2, 40)), new byte[] { 1, 2, 3 }, "crash");
        Environment.Exit(0);
    }

    private static void Charge(string home)
    {
        int charges = int.Parse(
            Environment.GetEnvironmentVariable(ChargesVariable)!, System.Globalization.CultureInfo.InvariantCulture);
        string purpose = $"process {Environment.ProcessId}";
        try
        {
            PrivacyLedger ledger = PrivacyLedger.Open(home, 100, 1e-5);
            for (int i = 0; i < charges; i++)
            {
                Console.WriteLine(ledger.Charge(new GaussianEvent(0.001, 10, 1), purpose).Sequence);
            }
        }
        catch (IOException e)
        {
            Console.WriteLine(e.Message);
            LedgerVerification found = PrivacyLedger.Verify(home); // A file system of its own ends with this process.
            Console.WriteLine(found.Entries.Count);
            Console.WriteLine(found.IsIntact ? "intact" : found.Problem);
            Environment.Exit(1);
        }
    }
}
