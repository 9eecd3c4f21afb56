using Research.Privacy.Mechanisms;

namespace Research.Tests.Privacy.Mechanisms;

/// <summary>Words of a seeded stream.</summary>
internal readonly struct SeededWords(string stream) : IWords
{
    private readonly InsecureSeededRandom _source = new(20261122, stream);

    public ulong Next()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        _source.Fill(bytes);
        return BitConverter.ToUInt64(bytes);
    }
}
