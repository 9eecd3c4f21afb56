using Research.Privacy.Ledger;

namespace Research.Tests.Privacy.Ledger;

/// <summary>A ledger's path in a folder of its own, deleted afterwards.</summary>
internal sealed class TemporaryLedger : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ledger-");

    public string Path => System.IO.Path.Combine(_folder.FullName, "ledger.jsonl");

    public string Seen => Path + ".seen";

    public PrivacyLedger Open(double cap = 8, string dataSet = "digits") =>
        PrivacyLedger.Open(Path, dataSet, cap, 1e-5);

    public void Dispose() => _folder.Delete(recursive: true);
}
