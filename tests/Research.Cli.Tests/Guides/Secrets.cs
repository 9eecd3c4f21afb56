using System.Text;

namespace Research.Tests.Guides;

/// <summary>Looks through everybody's homes for what is somebody else's alone.</summary>
internal static class Secrets
{
    private const int Least = 16; // Shorter ones would be found by chance.

    // Where a person keeps what others must not see: the wallet, the ledger and its key, records, and what is not revealed.
    private static readonly string[] Kept =
    [
        "wallets", "private", "owner.key", "ledger.jsonl", "records.csv", "update.safetensors",
    ];

    /// <summary>Gets the contents of a person's secret files as they are now, and its passphrase.</summary>
    /// <param name="person">Whose.</param>
    /// <param name="isPublished">Says of a file's path whether it was published since, or will be scored by everybody.</param>
    public static IReadOnlyList<(string Name, byte[] Bytes)> Of(Person person, Func<string, bool> isPublished) =>
    [
        ("passphrase", Encoding.UTF8.GetBytes(person.Words.GetValueOrDefault("PASSPHRASE", ""))),
        .. FilesOf(person)
            .Where(file => Path.GetRelativePath(person.Home, file).Split('/').Intersect(Kept).Any() && !isPublished(file))
            .Select(file => (file, File.ReadAllBytes(file))),
    ];

    /// <summary>Asserts that nobody else has any of them, in any file.</summary>
    public static void AssertKept(
        Person owner, IReadOnlyList<(string Name, byte[] Bytes)> secrets, IEnumerable<Person> people)
    {
        foreach (string file in people.Where(person => person != owner).SelectMany(FilesOf))
        {
            byte[] bytes = File.ReadAllBytes(file);
            foreach ((string name, byte[] secret) in secrets.Where(one => one.Bytes.Length >= Least))
            {
                Assert.False(bytes.AsSpan().IndexOf(secret) >= 0, $"{file} holds {name}, which is {owner.Name}'s.");
            }
        }
    }

    // But for the chain, which is everybody's and written while we look, and for locks.
    private static IEnumerable<string> FilesOf(Person person) =>
        Directory.EnumerateFiles(person.Home, "*", SearchOption.AllDirectories).Where(file =>
            !file.StartsWith(Path.Combine(person.Home, "chain"), StringComparison.Ordinal)
            && !file.EndsWith("lock", StringComparison.Ordinal));
}
