using Research.Chain.Signing;

namespace Research.Chain.Wallets;

/// <summary>A folder of keystore files, one a wallet.</summary>
/// <remarks>
/// A wallet is never overwritten. Files appear whole or not at all, for their owner alone (mode 0600 in a folder of
/// 0700, where the system has modes).
/// </remarks>
public sealed class WalletStore
{
    private const string Extension = ".json";
    private const int LongestName = 64;
    private const int MostWallets = 10_000;

    /// <summary>Names a folder; it is made with the first wallet.</summary>
    public WalletStore(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        Folder = Path.GetFullPath(folder);
    }

    /// <summary>Gets the folder's full path.</summary>
    public string Folder { get; }

    /// <summary>Gets where a wallet is, or would be.</summary>
    /// <exception cref="WalletException">The name is not one of up to 64 letters, digits, dots, dashes and underscores
    /// that begins with a letter or a digit.</exception>
    public string PathOf(string name) => Path.Combine(Folder, Checked(name) + Extension);

    /// <summary>Tells whether there is a wallet of that name.</summary>
    /// <exception cref="WalletException">The name is no wallet's.</exception>
    public bool Contains(string name) => Path.Exists(PathOf(name));

    /// <summary>Adds a wallet.</summary>
    /// <returns>Its file.</returns>
    /// <exception cref="WalletException">The name is no wallet's, or there is a wallet of that name.</exception>
    public string Add(string name, Keystore keystore)
    {
        ArgumentNullException.ThrowIfNull(keystore);
        string path = PathOf(name);
        MakeFolder();
        string temporary = Path.Combine(Folder, $".{Path.GetRandomFileName()}.tmp");
        try
        {
            Write(temporary, keystore.ToJson());
            MoveNew(name, temporary, path);
        }
        finally
        {
            File.Delete(temporary);
        }

        return path;
    }

    /// <summary>Reads a wallet's file.</summary>
    /// <exception cref="WalletException">There is no such wallet, or its file is no keystore.</exception>
    public Keystore Read(string name)
    {
        string path = PathOf(name);
        if (!File.Exists(path))
        {
            throw new WalletException($"There is no wallet {name} in {Folder}.");
        }

        try
        {
            return Keystore.Parse(ReadBounded(path));
        }
        catch (WalletException e)
        {
            throw new WalletException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>Decrypts a wallet, for an account that signs with it.</summary>
    /// <param name="name">The wallet.</param>
    /// <param name="passphrase">UTF-8.</param>
    /// <exception cref="WalletException">There is no such wallet, or the passphrase is wrong.</exception>
    public PrivateKeyAccount Open(string name, ReadOnlySpan<byte> passphrase)
    {
        Keystore keystore = Read(name);
        try
        {
            return keystore.Open(passphrase);
        }
        catch (WalletException e)
        {
            throw new WalletException($"Wallet {name}: {e.Message}", e);
        }
    }

    /// <summary>Lists the wallets by name; a file that is none says why.</summary>
    public IReadOnlyList<StoredWallet> List() => !Directory.Exists(Folder)
        ? []
        :
        [
            .. Directory.EnumerateFiles(Folder, "*" + Extension)
                .Take(MostWallets)
                .Select(path => (Name: Path.GetFileNameWithoutExtension(path), Path: path))
                .Where(one => IsName(one.Name))
                .OrderBy(one => one.Name, StringComparer.Ordinal)
                .Select(one => Describe(one.Name, one.Path)),
        ];

    // Read from a stream, bounded: a length that was asked for before may be another one's by now.
    internal static byte[] ReadBounded(string path)
    {
        using FileStream file = File.OpenRead(path);
        byte[] bytes = new byte[Keystore.MaximumBytes + 1];
        int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return bytes[..length];
    }

    private static StoredWallet Describe(string name, string path)
    {
        try
        {
            return new StoredWallet(name, Keystore.Parse(ReadBounded(path)).Address, path);
        }
        catch (Exception e) when (e is WalletException or IOException or UnauthorizedAccessException)
        {
            return new StoredWallet(name, null, path, e.Message);
        }
    }

    private static string Checked(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return IsName(name) ? name : throw new WalletException(
            "A wallet's name: expected 1 to 64 letters (a to z), digits, dots, dashes and underscores, "
            + $"a letter or a digit first; got {Primitives.Hex.Excerpt(name)}.");
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= LongestName
        && char.IsAsciiLetterOrDigit(name[0])
        && name.All(one => char.IsAsciiLetterOrDigit(one) || one is '.' or '-' or '_')
        && !IsDevice(name);

    // On Windows "nul.json" is the null device, and a name's case says nothing.
    private static bool IsDevice(string name) => OperatingSystem.IsWindows()
        && name.Split('.')[0].ToUpperInvariant() is "CON" or "PRN" or "AUX" or "NUL"
            or ['C', 'O', 'M', >= '0' and <= '9'] or ['L', 'P', 'T', >= '0' and <= '9'];

    private void MakeFolder()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Folder);
        }
        else
        {
            Directory.CreateDirectory(
                Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static void Write(string path, byte[] bytes)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using FileStream file = new(path, options);
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }

    // Moving refuses where there is something already; two that add at once cannot both win.
    private void MoveNew(string name, string temporary, string path)
    {
        try
        {
            File.Move(temporary, path, overwrite: false);
        }
        catch (IOException e) when (Path.Exists(path))
        {
            throw new WalletException(
                $"There is a wallet {name} in {Folder} already; it is never overwritten. Choose another name.", e);
        }
    }
}
