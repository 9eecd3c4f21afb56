using System.Diagnostics;
using Research.Privacy.Ledger;

namespace Research.Tests.Privacy.Ledger;

/// <summary>
/// Real child processes on one ledger: this test assembly, run by <c>dotnet exec</c> with <c>StartupHook</c>.
/// </summary>
public sealed class LedgerProcessesTests : IDisposable
{
    private readonly TemporaryLedger _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public void Charge_ByThreeProcessesAtOnce_CountsEveryOne()
    {
        const int Each = 40;
        _file.Open(cap: 100);
        Process[] children = [.. Enumerable.Range(0, 3).Select(_ => Start(Each))];
        int[] acknowledged = [.. children.SelectMany(child => Acknowledged(child))];

        Assert.All(children, child => Assert.Equal(0, child.ExitCode));
        Assert.Equal(Enumerable.Range(1, 3 * Each), acknowledged.Order());
        Assert.Equal(3 * Each, PrivacyLedger.Verify(_file.Path).Entries.Count);
        Assert.Equal(3, _file.Open(cap: 100).Entries.Select(entry => entry.Purpose).Distinct().Count());
    }

    [Fact]
    public void Charge_ProcessKilledAgainAndAgain_KeepsEveryChargeThatReturned()
    {
        PrivacyLedger ledger = _file.Open(cap: 100);
        int last = 0;
        for (int kill = 0; kill < 4; kill++)
        {
            using Process child = Start(1_000_000);
            for (int i = 0; i < 5 + kill; i++)
            {
                last = int.Parse(child.StandardOutput.ReadLine()!, System.Globalization.CultureInfo.InvariantCulture);
            }

            child.Kill();
            int[] rest = Acknowledged(child);
            last = rest.Length > 0 ? rest[^1] : last;
            LedgerVerification killed = PrivacyLedger.Verify(_file.Path); // Torn at worst; all that returned is there.
            Assert.True(killed.IsIntact || killed.Problem.StartsWith("torn", StringComparison.Ordinal), killed.Problem);
            Assert.InRange(killed.LastSeen!.Sequence, last, killed.Entries.Count);
            // The lock died with its holder.
            ledger.Charge(new Research.Privacy.Accounting.GaussianEvent(0.001, 10, 1), "parent");
            Assert.True(PrivacyLedger.Verify(_file.Path).IsIntact);
            Assert.True(ledger.Entries.Count > last);
        }
    }

    private Process Start(int charges)
    {
        string assembly = typeof(LedgerProcessesTests).Assembly.Location;
        ProcessStartInfo start = new("dotnet", ["exec", assembly]) { RedirectStandardOutput = true };
        start.Environment["DOTNET_STARTUP_HOOKS"] = assembly;
        start.Environment[StartupHook.LedgerVariable] = _file.Path;
        start.Environment[StartupHook.ChargesVariable] =
            charges.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Process.Start(start)!;
    }

    // A line cut by the kill was not acknowledged: only whole numbers count.
    private static int[] Acknowledged(Process child)
    {
        string output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return [.. output[..(output.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(
            line => int.Parse(line, System.Globalization.CultureInfo.InvariantCulture))];
    }
}
