using System.Diagnostics;
using System.Globalization;
using Research.Privacy.Accounting;
using Research.Privacy.Ledger;

namespace Research.Tests.Privacy.Ledger;

/// <summary>Disks that are full and files that cannot be written, for real: child processes under a limit.</summary>
public sealed class LedgerDiskTests : IDisposable
{
    private const string NotCharged = "the charge was not written and does not count; nothing may be released.";

    private static readonly GaussianEvent Step = new(0.001, 10, 1);

    private readonly TemporaryLedger _file = new();

    public void Dispose() => _file.Dispose();

    // The kernel lets no file grow past the limit: the ledger's write stops midway and is taken back.
    [Theory]
    [InlineData("")]
    [InlineData("{\"sequence\":99,\"time\":\"20")]
    public void Charge_FileSizeLimit_SaysThatItDoesNotCountAndLosesNothing(string torn)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        _file.Open(cap: 100);
        File.AppendAllText(_file.Path, torn);

        Child child = Run("trap '' XFSZ; ulimit -f 4; exec dotnet exec \"$0\"");

        AssertRefused(child);
        PrivacyLedger ledger = _file.Open(cap: 100);
        Assert.Equal(child.Charged, ledger.Entries.Count);
        Assert.Equal(child.Charged + 1, ledger.Charge(Step, "with room again").Sequence);
        Assert.True(PrivacyLedger.Verify(_file.Home).IsIntact);
    }

    // A file system of 24 kB of its own. Where this user may not mount one, the limit above stands for it.
    [Fact]
    public void Charge_FullFileSystem_SaysThatItDoesNotCountAndLosesNothing()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        Directory.CreateDirectory(_file.Home);
        Child child = Run(
            "unshare -rm true 2> /dev/null || exit 77; cd /; exec unshare -rm sh -c 'mount -t tmpfs -o size=24k tmpfs "
            + "\"$RESEARCH_TEST_LEDGER\" || exit 77; exec dotnet exec \"$0\"' \"$0\"");

        if (child.ExitCode != 77)
        {
            AssertRefused(child);
            Assert.Contains("No space left on device", child.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Charge_ReadOnlyFile_SaysSoAndChangesNoByte()
    {
        PrivacyLedger ledger = _file.Open();
        ledger.Charge(Step, "one");
        byte[] before = File.ReadAllBytes(_file.Path);
        File.SetAttributes(_file.Path, FileAttributes.ReadOnly);
        try
        {
            string message = Assert.Throws<IOException>(() => ledger.Charge(Step, "two")).Message;
            Assert.Contains(NotCharged, message, StringComparison.Ordinal);
            Assert.Contains("read-only", message, StringComparison.Ordinal);
            Assert.Single(PrivacyLedger.OpenExisting(_file.Home).Entries);
        }
        finally
        {
            File.SetAttributes(_file.Path, FileAttributes.Normal);
        }

        Assert.Equal(before, File.ReadAllBytes(_file.Path));
        Assert.Equal(2, ledger.Charge(Step, "two").Sequence);
    }

    // A folder where the lock should be: no charge can be made, whoever asks.
    [Fact]
    public void Charge_FolderInTheWay_FailsAtOnceAndChangesNoByte()
    {
        PrivacyLedger ledger = _file.Open();
        ledger.Charge(Step, "one");
        byte[] before = File.ReadAllBytes(_file.Path);
        string locked = _file.Path + ".lock";
        File.Delete(locked);
        Directory.CreateDirectory(locked);

        Exception? e = Record.Exception(() => ledger.Charge(Step, "two"));

        Assert.True(e is IOException or UnauthorizedAccessException, e?.ToString());
        Assert.Equal(before, File.ReadAllBytes(_file.Path));
        Directory.Delete(locked);
        Assert.Equal(2, ledger.Charge(Step, "two").Sequence);
    }

    // The note fails after the ledger has its line: the charge counts, and its caller is told to release nothing.
    [Fact]
    public void Charge_NoteCannotBeRenewed_CountsAndSaysSo()
    {
        PrivacyLedger ledger = _file.Open();
        Directory.CreateDirectory(_file.Seen);

        string message = Assert.Throws<IOException>(() => ledger.Charge(Step, "one")).Message;

        Assert.Contains("the charge counts, but the note", message, StringComparison.Ordinal);
        Directory.Delete(_file.Seen);
        Assert.Equal(2, ledger.Charge(Step, "two").Sequence);
    }

    private static void AssertRefused(Child child)
    {
        Assert.Equal(1, child.ExitCode);
        Assert.InRange(child.Charged, 1, 1000);
        Assert.Contains(NotCharged, child.Message, StringComparison.Ordinal);
        Assert.Equal((child.Charged, "intact"), (child.Counted, child.Verdict));
    }

    private Child Run(string script)
    {
        string assembly = typeof(LedgerDiskTests).Assembly.Location;
        ProcessStartInfo start = new("bash", ["-c", script, assembly]) { RedirectStandardOutput = true };
        start.Environment["DOTNET_STARTUP_HOOKS"] = assembly;
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0"; // Its code pages are a file larger than the limit.
        start.Environment[StartupHook.LedgerVariable] = _file.Home;
        start.Environment[StartupHook.ChargesVariable] = "1000";
        using Process process = Process.Start(start)!;
        string[] lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        return process.ExitCode == 1 && lines.Length >= 3
            ? new Child(
                1, lines.Length - 3, lines[^3], int.Parse(lines[^2], CultureInfo.InvariantCulture), lines[^1])
            : new Child(process.ExitCode, lines.Length, string.Join('\n', lines), 0, "");
    }

    /// <summary>What a child did: charges acknowledged, what stopped it, and what it then found in the file.</summary>
    private sealed record Child(int ExitCode, int Charged, string Message, int Counted, string Verdict);
}
