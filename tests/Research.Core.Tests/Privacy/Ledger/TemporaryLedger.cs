using Research.Privacy.Accounting;
using Research.Privacy.Ledger;
using Research.Privacy.Sums;

namespace Research.Tests.Privacy.Ledger;

/// <summary>An owner's home in a folder of its own, deleted afterwards.</summary>
internal sealed class TemporaryLedger : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ledger-");

    public string Home => System.IO.Path.Combine(_folder.FullName, "home");

    public string Path => System.IO.Path.Combine(Home, "ledger.jsonl");

    public string Seen => Path + ".seen";

    public string Key => System.IO.Path.Combine(Home, "owner.key");

    /// <summary>Gets a name beside the home.</summary>
    public string this[string name] => System.IO.Path.Combine(_folder.FullName, name);

    /// <summary>Gets records 0 to <paramref name="count"/> − 1, the same each time.</summary>
    public static DataIdentity Records(int count = 3, int from = 0) =>
        DataIdentity.Of([.. Enumerable.Range(from, count).Select(i => (float)i)], 1);

    /// <summary>Makes a receipt as a run would.</summary>
    public static PrivacyReceipt Receipt(PrivacyEvent plan, DataIdentity? data = null, bool isSecret = true) =>
        new([plan], plan.Steps, () => data ?? Records(), isSecret);

    public PrivacyLedger Open(double cap = 8)
    {
        PrivacyLedger ledger = PrivacyLedger.Open(Home, cap, 1e-5);
        ledger.Make();
        return ledger;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}

/// <summary>Charges of one plan to the same three records.</summary>
internal static class LedgerCharges
{
    public static LedgerEntry Charge(this PrivacyLedger ledger, PrivacyEvent e, string purpose = "test") =>
        ledger.Charge(TemporaryLedger.Records(), [e], purpose);

    public static LedgerQuote Quote(this PrivacyLedger ledger, PrivacyEvent e) =>
        ledger.Quote(TemporaryLedger.Records(), [e], "test");
}
