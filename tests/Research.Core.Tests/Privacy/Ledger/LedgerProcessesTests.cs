using System.Diagnostics;
using Research.Privacy.Accounting;
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
        Process[] children = [.. Enumerable.Range(0, 3).Select(_ => Start(Each))]; // One of them makes the ledger.
        int[] acknowledged = [.. children.SelectMany(child => Acknowledged(child))];

        Assert.All(children, child => Assert.Equal(0, child.ExitCode));
        Assert.Equal(Enumerable.Range(1, 3 * Each), acknowledged.Order());
        LedgerVerification found = PrivacyLedger.Verify(_file.Home);
        Assert.True(found.IsIntact, found.Problem);
        Assert.Equal(3 * Each, found.Entries.Count);
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
            LedgerVerification killed = PrivacyLedger.Verify(_file.Home); // Torn at worst; all that returned is there.
            Assert.True(killed.IsIntact || killed.Problem.StartsWith("torn", StringComparison.Ordinal), killed.Problem);
            Assert.InRange(killed.LastSeen!.Value, last, killed.Entries.Count);
            ledger.Charge(new GaussianEvent(0.001, 10, 1), "parent"); // The lock died with its holder.
            Assert.True(PrivacyLedger.Verify(_file.Home).IsIntact);
            Assert.True(ledger.Entries.Count > last);
        }
    }

    // Before the sealed file, between it and the charge, before the note of the charge, before the artefact is given out.
    [Theory]
    [InlineData("seal", false, false)]
    [InlineData("charge", true, false)]
    [InlineData("note", true, true)]
    [InlineData("return", true, true)]
    public void Release_ProcessKilledAtAStage_IsFoundAgainAndChargedOnce(string stage, bool isSealed, bool isCharged)
    {
        using Process child = Start(0, stage);
        child.WaitForExit();
        Assert.NotEqual(0, child.ExitCode);

        PrivacyLedger ledger = PrivacyLedger.Open(_file.Home, 8, 1e-5);
        Assert.Equal(isCharged ? 1 : 0, ledger.Entries.Count);
        Assert.Equal(isSealed ? 1 : 0, ledger.Sealed().Count);
        if (!isSealed)
        {
            return;
        }

        SealedArtefact found = ledger.Sealed()[0];
        Assert.Equal((isCharged, "crash", 3), (found.IsCharged, found.Purpose.Text, found.Bytes));
        Assert.Equal([1, 2, 3], ledger.Recover(found.Id).ToArray());
        Assert.Equal([1, 2, 3], PrivacyLedger.Open(_file.Home).Recover(found.Id).ToArray());
        Assert.Single(ledger.Entries);
        Assert.Equal(new GaussianEvent(0.1, 1.2, 40), Assert.Single(ledger.Entries[0].Plan));
        Assert.True(ledger.Epsilon > 0 && PrivacyLedger.Verify(_file.Home).IsIntact);
        ledger.Forget(found.Id);
        Assert.Empty(ledger.Sealed());
    }

    private Process Start(int charges, string stage = "")
    {
        string assembly = typeof(LedgerProcessesTests).Assembly.Location;
        ProcessStartInfo start = new("dotnet", ["exec", assembly]) { RedirectStandardOutput = true };
        start.Environment["DOTNET_STARTUP_HOOKS"] = assembly;
        start.Environment[StartupHook.LedgerVariable] = _file.Home;
        start.Environment[StartupHook.StageVariable] = stage;
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
