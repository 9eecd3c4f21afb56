using NBitcoin.DataEncoders;

namespace Research.Storage.Ipfs;

/// <summary>The name of a block on IPFS: how to read it, and the SHA-256 of its bytes.</summary>
/// <remarks>
/// Of all CIDs (multiformats/cid, version 1) those with the multihash sha2-256 and the codecs raw and dag-pb, which are
/// what nodes make of files. Version 1 is written in multibase base32, lower-case and unpadded (RFC 4648, section 6);
/// version 0 is the bare multihash in base58btc and means dag-pb. Each CID has one text: a text that is not what
/// <see cref="ToString"/> would write is no CID here.
/// </remarks>
public readonly record struct Cid
{
    /// <summary>The length of a CID of version 1 in bytes.</summary>
    internal const int Size = 4 + ContentHash.Size;

    private const byte Sha256 = 0x12; // Number of sha2-256 in the multicodec table.
    private const int TextLength = 1 + (((Size * 8) + 4) / 5);
    private const int Version0TextLength = 46;
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>Names a block by version 1.</summary>
    /// <param name="codec">What its bytes are.</param>
    /// <param name="digest">The SHA-256 of its bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The codec is neither of the two.</exception>
    public Cid(CidCodec codec, ContentHash digest)
        : this(1, codec, digest)
    {
    }

    private Cid(int version, CidCodec codec, ContentHash digest)
    {
        if (codec is not (CidCodec.Raw or CidCodec.DagPb))
        {
            throw new ArgumentOutOfRangeException(nameof(codec), codec, "Expected raw (0x55) or dag-pb (0x70).");
        }

        Version = version;
        Codec = codec;
        Digest = digest;
    }

    /// <summary>Gets 0 or 1.</summary>
    public int Version { get; }

    /// <summary>Gets what the block's bytes are.</summary>
    public CidCodec Codec { get; }

    /// <summary>Gets the SHA-256 of the block's bytes.</summary>
    public ContentHash Digest { get; }

    /// <summary>Gets the name of a blob as one raw block: it follows from the blob's hash, so nobody need be asked.</summary>
    public static Cid RawOf(ContentHash hash) => new(CidCodec.Raw, hash);

    /// <summary>Names a node of a DAG by version 0, as nodes did at first.</summary>
    internal static Cid Version0Of(ContentHash digest) => new(0, CidCodec.DagPb, digest);

    /// <summary>Reads a CID's text.</summary>
    /// <exception cref="FormatException">The text is anything else.</exception>
    public static Cid Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out Cid cid)
            ? cid
            : throw new FormatException(
                $"Expected a CID of raw or dag-pb with sha2-256, {TextLength} characters in lower-case base32 "
                + $"or {Version0TextLength} in base58btc; got {text.Length} characters.");
    }

    /// <summary>Reads a CID's text; false for any other text, whatever its length.</summary>
    public static bool TryParse(string? text, out Cid cid)
    {
        cid = default;
        return text switch
        {
            { Length: TextLength } when text[0] == 'b' => TryParseBase32(text.AsSpan(1), out cid),
            { Length: Version0TextLength } when text.StartsWith("Qm", StringComparison.Ordinal) =>
                TryParseBase58(text, out cid),
            _ => false,
        };
    }

    /// <summary>Writes the CID's text.</summary>
    public override string ToString() => Version == 0 ? Encoders.Base58.EncodeData(ToArray()) : ToBase32();

    /// <summary>Gets the CID's bytes, as links have them: 36 of version 1, 34 of version 0.</summary>
    internal byte[] ToArray() => Version == 0
        ? [Sha256, ContentHash.Size, .. Digest.ToArray()]
        : [1, (byte)Codec, Sha256, ContentHash.Size, .. Digest.ToArray()];

    /// <summary>Reads a CID's bytes; false for any others.</summary>
    /// <remarks>All four numbers are under 128, hence one byte each; a longer varint of the same is not allowed.</remarks>
    internal static bool TryRead(ReadOnlySpan<byte> bytes, out Cid cid)
    {
        cid = default;
        bool isVersion0 = bytes is [Sha256, ContentHash.Size, ..] && bytes.Length == ContentHash.Size + 2;
        bool isVersion1 = bytes is [1, (byte)CidCodec.Raw or (byte)CidCodec.DagPb, Sha256, ContentHash.Size, ..]
            && bytes.Length == Size;
        if (!isVersion0 && !isVersion1)
        {
            return false;
        }

        CidCodec codec = isVersion0 ? CidCodec.DagPb : (CidCodec)bytes[1];
        cid = new Cid(isVersion0 ? 0 : 1, codec, new ContentHash(bytes[^ContentHash.Size..]));
        return true;
    }

    /// <summary>Says whether these are the bytes that the CID names.</summary>
    internal bool Names(ReadOnlySpan<byte> block) => ContentHash.Of(block) == Digest;

    private static bool TryParseBase58(string text, out Cid cid)
    {
        cid = default;
        try
        {
            return TryRead(Encoders.Base58.DecodeData(text), out cid) && cid.Version == 0;
        }
        catch (FormatException)
        {
            return false; // A character that is not of the alphabet.
        }
    }

    private static bool TryParseBase32(ReadOnlySpan<char> digits, out Cid cid)
    {
        cid = default;
        Span<byte> bytes = stackalloc byte[Size];
        int held = 0;
        int bits = 0;
        int count = 0;
        foreach (char digit in digits)
        {
            int value = Alphabet.IndexOf(digit, StringComparison.Ordinal);
            if (value < 0)
            {
                return false;
            }

            held = (held << 5) | value;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                bytes[count++] = (byte)(held >> bits);
                held &= (1 << bits) - 1;
            }
        }

        return held == 0 && TryRead(bytes, out cid) && cid.Version == 1; // Bits left over are zero: one text each.
    }

    private string ToBase32() => string.Create(TextLength, ToArray(), (text, bytes) =>
    {
        text[0] = 'b';
        int held = 0;
        int bits = 0;
        int count = 1;
        foreach (byte value in bytes)
        {
            held = (held << 8) | value;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                text[count++] = Alphabet[held >> bits];
                held &= (1 << bits) - 1;
            }
        }

        text[count] = Alphabet[held << (5 - bits)]; // 288 bits are 57 digits and 3 bits more.
    });
}
