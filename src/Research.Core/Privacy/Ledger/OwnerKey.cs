using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Research.Privacy.Ledger;

/// <summary>The owner's secret: who knows it can tell whether a record was charged, who does not learns nothing.</summary>
/// <remarks>
/// 32 random bytes in a file that only its user may read. Each use has a key of its own, by HKDF-SHA256 (RFC 5869).
/// </remarks>
internal sealed class OwnerKey
{
    public const int Length = 32;
    private const int NonceLength = 12;
    private const int TagLength = 16;

    private readonly byte[] _secret;
    private readonly byte[] _records;
    private readonly byte[] _ledger;

    private OwnerKey(byte[] secret)
    {
        _secret = secret;
        _records = Derive("records");
        _ledger = Derive("ledger");
        Fingerprint = Convert.ToHexStringLower(Derive("fingerprint")[..8]);
    }

    /// <summary>Gets what names the key without telling it, 16 hexadecimal digits.</summary>
    public string Fingerprint { get; }

    /// <summary>Reads a key; null where there is no file.</summary>
    /// <exception cref="LedgerException">The file is no key.</exception>
    public static OwnerKey? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        long length = new FileInfo(path).Length;
        return length == Length
            ? new OwnerKey(File.ReadAllBytes(path))
            : throw new LedgerException(
                path, 0, $"expected an owner's key of {Length} bytes, got {length}. Restore the key from a backup: "
                + "without it no record can be recognised");
    }

    /// <summary>Makes a key that is kept nowhere yet.</summary>
    public static OwnerKey New() => new(RandomNumberGenerator.GetBytes(Length));

    /// <summary>Reads the key of a path, and keeps this one there if there is none.</summary>
    public OwnerKey ReadOrKeep(string path)
    {
        if (Read(path) is { } known)
        {
            return known.Fingerprint == Fingerprint ? this : known;
        }

        OwnerFile.Write(path, _secret);
        return this;
    }

    /// <summary>
    /// Gets what names records in the ledger: HMAC-SHA256 of a digest (RFC 2104), of which 16 bytes are kept.
    /// </summary>
    public IncrementalHash StartNaming() => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _records);

    /// <summary>Gets a record's name.</summary>
    /// <param name="naming">As <see cref="StartNaming"/> makes it; one for many records.</param>
    /// <param name="digest">The record's digest.</param>
    public static UInt128 Name(IncrementalHash naming, ReadOnlySpan<byte> digest)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        naming.AppendData(digest);
        naming.GetHashAndReset(hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    /// <summary>Encrypts what stands in an entry of the ledger.</summary>
    /// <param name="content">The bytes.</param>
    /// <param name="place">What the bytes belong to; they open nowhere else.</param>
    public byte[] Hide(ReadOnlySpan<byte> content, string place) => Seal(_ledger, content, place);

    /// <summary>Decrypts it.</summary>
    /// <exception cref="FormatException">It is damaged, or of another key or place.</exception>
    public byte[] Reveal(ReadOnlySpan<byte> hidden, string place) => Open(_ledger, hidden, place);

    /// <summary>Encrypts a file with a key of its own.</summary>
    public byte[] Seal(ReadOnlySpan<byte> content, string name) => Seal(Derive("sealed " + name), content, name);

    /// <summary>Decrypts it.</summary>
    /// <exception cref="FormatException">It is damaged, or of another key or name.</exception>
    public byte[] Unseal(ReadOnlySpan<byte> file, string name) => Open(Derive("sealed " + name), file, name);

    private static byte[] Seal(byte[] key, ReadOnlySpan<byte> content, string place)
    {
        byte[] all = new byte[checked(NonceLength + TagLength + content.Length)];
        Span<byte> nonce = all.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using AesGcm aes = new(key, TagLength);
        aes.Encrypt(
            nonce, content, all.AsSpan(NonceLength + TagLength), all.AsSpan(NonceLength, TagLength),
            Encoding.UTF8.GetBytes(place));
        return all;
    }

    private static byte[] Open(byte[] key, ReadOnlySpan<byte> all, string place)
    {
        if (all.Length < NonceLength + TagLength)
        {
            throw new FormatException(
                $"expected {NonceLength + TagLength} sealed bytes or more, got {all.Length}");
        }

        byte[] content = new byte[all.Length - NonceLength - TagLength];
        using AesGcm aes = new(key, TagLength);
        try
        {
            aes.Decrypt(
                all[..NonceLength], all[(NonceLength + TagLength)..], all.Slice(NonceLength, TagLength), content,
                Encoding.UTF8.GetBytes(place));
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new FormatException("what this owner sealed does not open: it was changed, or has another key", e);
        }

        return content;
    }

    private byte[] Derive(string use) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _secret, Length, info: Encoding.UTF8.GetBytes("research " + use));
}
