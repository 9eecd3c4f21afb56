using System.Security.Cryptography;

namespace Research.Cli.Wallets;

/// <summary>A secret that was typed or read: in one place of memory, and zeroed once it is disposed.</summary>
/// <remarks>The buffer is pinned, so that the garbage collector makes no copies of it.</remarks>
internal sealed class SecretBytes : IDisposable
{
    /// <summary>The longest that is taken, in bytes of UTF-8.</summary>
    public const int Maximum = 4096;

    private readonly byte[] _buffer = GC.AllocateArray<byte>(Maximum, pinned: true);

    public SecretBytes()
    {
    }

    public SecretBytes(ReadOnlySpan<byte> bytes)
    {
        foreach (byte one in bytes)
        {
            Add(one);
        }
    }

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _buffer.AsSpan(0, Length);

    /// <summary>Adds a byte.</summary>
    /// <exception cref="CommandException">It is longer than any passphrase, key or mnemonic.</exception>
    public void Add(byte one)
    {
        if (Length == Maximum)
        {
            throw new CommandException($"Expected a secret of at most {Maximum} bytes, got more.");
        }

        _buffer[Length++] = one;
    }

    /// <summary>Takes off the last character, of however many bytes.</summary>
    public void RemoveLast()
    {
        while (Length > 0)
        {
            bool continues = (_buffer[--Length] & 0xC0) == 0x80;
            _buffer[Length] = 0;
            if (!continues)
            {
                return;
            }
        }
    }

    /// <summary>Reads up to a line feed, a byte at a time: what follows is for whoever reads next.</summary>
    /// <returns>Null where there was nothing at all.</returns>
    public static SecretBytes? ReadLine(Stream stream)
    {
        SecretBytes line = new();
        try
        {
            int read = stream.ReadByte();
            if (read < 0)
            {
                line.Dispose();
                return null;
            }

            for (; read >= 0 && read != '\n'; read = stream.ReadByte())
            {
                line.Add((byte)read);
            }

            if (line.Span is [.., (byte)'\r'])
            {
                line.RemoveLast();
            }

            return line;
        }
        catch
        {
            line.Dispose();
            throw;
        }
    }

    /// <summary>Says that it is a secret.</summary>
    public override string ToString() => "(secret, not shown)";

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_buffer);
        Length = 0;
    }
}
