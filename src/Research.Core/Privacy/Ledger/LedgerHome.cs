namespace Research.Privacy.Ledger;

/// <summary>Where an owner's ledger and secrets lie: one folder.</summary>
internal sealed class LedgerHome(string folder)
{
    /// <summary>Gets the folder.</summary>
    public string Folder { get; } = Path.GetFullPath(folder);

    /// <summary>Gets the key that names records and seals what is not released yet.</summary>
    public string Key => Path.Combine(Folder, "owner.key");

    /// <summary>Gets the chain of charges.</summary>
    public string Ledger => Path.Combine(Folder, "ledger.jsonl");

    /// <summary>Gets the note of the last charge seen.</summary>
    public string Seen => Ledger + ".seen";

    /// <summary>Gets what is held while a charge is made.</summary>
    public string Lock => Ledger + ".lock";

    /// <summary>Gets the folder of artefacts that wait for their charge, or to be fetched after it.</summary>
    public string Sealed => Path.Combine(Folder, "sealed");

    /// <summary>Gets whether a ledger was made here, be it gone since.</summary>
    public bool HasLedger => (File.Exists(Ledger) && new FileInfo(Ledger).Length > 0) || LedgerSeen.Exists(this);

    /// <summary>Throws where a file stands in the folder's place, as ledgers once were.</summary>
    /// <exception cref="LedgerException">The path is a file's.</exception>
    public void Check()
    {
        if (File.Exists(Folder))
        {
            throw new LedgerException(
                Folder,
                0,
                "expected the folder of an owner's ledger, got a file. A ledger of one data set (format "
                + "research-privacy-ledger/1) cannot go on here: keep the file as a record of what it spent, name a "
                + "folder, and lower the new ledger's cap by the epsilon that the file shows if its records are used "
                + "again");
        }
    }
}
