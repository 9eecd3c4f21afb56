using Research.Chain.Primitives;

namespace Research.Chain.Wallets;

/// <summary>A wallet in a folder, as far as it shows without its passphrase.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Address">The address that its file names; null where it names none.</param>
/// <param name="Path">The file.</param>
/// <param name="Problem">Why the file is no wallet; null where it is one.</param>
public sealed record StoredWallet(string Name, Address? Address, string Path, string? Problem = null);
