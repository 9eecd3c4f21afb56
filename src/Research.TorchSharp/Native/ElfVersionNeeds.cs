using System.Buffers.Binary;
using System.Text;

namespace Research.TorchSharp.Native;

/// <summary>The symbol versions that a 64-bit little-endian ELF library needs of others.</summary>
/// <remarks>
/// Source: Linux Standard Base Core 5.0, section 10.7.3 (.gnu.version_r), and glibc's <c>dl-version.c</c>: a need that
/// is marked weak (VER_FLG_WEAK) and not met is no error.
/// </remarks>
internal static class ElfVersionNeeds
{
    private const uint NeedsSection = 0x6ffffffe; // SHT_GNU_verneed
    private const ushort Weak = 2;                // VER_FLG_WEAK
    private const int MostEntries = 1 << 12;

    /// <summary>Gets a copy of a library in which the need of one version is marked weak.</summary>
    /// <param name="library">The whole file.</param>
    /// <param name="version">The version, such as <c>GLIBCXX_3.4.32</c>.</param>
    /// <exception cref="InvalidDataException">It is no such library, or does not need that version.</exception>
    public static byte[] MarkWeak(ReadOnlySpan<byte> library, string version)
    {
        byte[] copy = library.ToArray();
        try
        {
            foreach (int flags in Flags(copy, Encoding.ASCII.GetBytes(version)))
            {
                ushort value = BinaryPrimitives.ReadUInt16LittleEndian(copy.AsSpan(flags));
                BinaryPrimitives.WriteUInt16LittleEndian(copy.AsSpan(flags), (ushort)(value | Weak));
                return copy;
            }
        }
        catch (Exception e) when (e is ArgumentException or OverflowException or IndexOutOfRangeException)
        {
            throw new InvalidDataException("Expected an ELF library of 64 bits; got another or a damaged file.", e);
        }

        throw new InvalidDataException($"Expected a library that needs {version}; got one that does not.");
    }

    private static IEnumerable<int> Flags(byte[] file, byte[] version)
    {
        int headers = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(0x28, 8));
        int size = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(0x3a, 2));
        int count = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(0x3c, 2));
        for (int section = 0; section < count; section++)
        {
            int header = headers + (section * size);
            if (Word(file, header + 4) != NeedsSection)
            {
                continue;
            }

            int names = Offset(file, headers + ((int)Word(file, header + 40) * size));
            foreach (int entry in Entries(file, Offset(file, header)))
            {
                int name = names + (int)Word(file, entry + 8);
                if (file.AsSpan(name, version.Length).SequenceEqual(version) && file[name + version.Length] == 0)
                {
                    yield return entry + 4;
                }
            }
        }
    }

    // A list of libraries, each with a list of the versions needed of it; both are linked by distances.
    private static IEnumerable<int> Entries(byte[] file, int library)
    {
        int left = MostEntries;
        while (true)
        {
            int entry = library + (int)Word(file, library + 8);
            for (int next = -1; next != 0 && left > 0; left--)
            {
                yield return entry;
                next = (int)Word(file, entry + 12);
                entry += next;
            }

            int following = (int)Word(file, library + 12);
            if (following == 0 || left <= 0)
            {
                yield break;
            }

            library += following;
        }
    }

    private static int Offset(byte[] file, int header) =>
        checked((int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(header + 24, 8)));

    private static uint Word(byte[] file, int at) => BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at, 4));
}
