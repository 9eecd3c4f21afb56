using System.Runtime.InteropServices;
using Research.Federation.Evaluation;
using Research.Federation.Scoring;

namespace Research.Federation.Program;

/// <summary>What a program reads that no step made.</summary>
/// <remarks>Bytes beyond the end of an input are zero.</remarks>
internal sealed class ProgramInputs
{
    /// <summary>Gets the weights of the model that the round starts from, [P] in units of 2⁻¹⁶.</summary>
    public required ReadOnlyMemory<int> Model { get; init; }

    /// <summary>Gets the weights of the models that the rounds before this one started from, the first to the last; only
    /// openings read them.</summary>
    public IReadOnlyList<ReadOnlyMemory<int>> PastModels { get; init; } = [];

    /// <summary>Gets the directions in which earlier rounds moved the model, [P] each.</summary>
    public required IReadOnlyList<ReadOnlyMemory<short>> PastSteps { get; init; }

    /// <summary>Gets the encrypted evaluation records.</summary>
    public required ReadOnlyMemory<byte> Records { get; init; }

    /// <summary>Gets the keys of the evaluation records, 32 bytes each.</summary>
    public required ReadOnlyMemory<byte> Keys { get; init; }

    /// <summary>Gets the seed of the choice of records, 32 bytes.</summary>
    public required ReadOnlyMemory<byte> Seed { get; init; }

    /// <summary>Gets who takes part.</summary>
    public required Roster Roster { get; init; }

    /// <summary>Gets what opens a reveal's update by its index, [P] in units of 2⁻¹⁶: the same each time, on any thread;
    /// empty for one that is absent or out.</summary>
    public required Func<int, ReadOnlyMemory<int>> Update { get; init; }

    /// <summary>Gets how many updates were revealed.</summary>
    public int Reveals => Roster.Count;

    /// <summary>Gets the seats.</summary>
    public int Seats => Extent.SeatsOf(Reveals);

    /// <summary>Opens a seat's update; empty for one that is absent or out.</summary>
    public ReadOnlyMemory<int> UpdateOf(int seat) => IndexOf(seat) is { } index ? Update(index) : default;

    /// <summary>Gets the index of a seat's reveal; null for an empty seat.</summary>
    public int? IndexOf(int seat) => Seats - 1 - seat is int index && index < Reveals ? index : null;

    /// <summary>Gets the roster's entries by seat, 128 bytes each; zeros for an empty seat.</summary>
    internal byte[] EntriesBySeat()
    {
        byte[] entries = new byte[Seats * Step.Leaf];
        for (int index = 0; index < Reveals; index++)
        {
            Roster.EntryOf(index).CopyTo(entries.AsSpan((Seats - 1 - index) * Step.Leaf));
        }

        return entries;
    }

    /// <summary>Writes 32-bit numbers as inputs have them, big-endian.</summary>
    public static byte[] ToBytes(ReadOnlySpan<int> values)
    {
        byte[] bytes = new byte[values.Length * sizeof(int)];
        NativeOrder.Swap(MemoryMarshal.AsBytes(values), bytes, sizeof(int));
        return bytes;
    }

    /// <summary>Writes 16-bit numbers as inputs have them, big-endian.</summary>
    public static byte[] ToBytes(ReadOnlySpan<short> values)
    {
        byte[] bytes = new byte[values.Length * sizeof(short)];
        NativeOrder.Swap(MemoryMarshal.AsBytes(values), bytes, sizeof(short));
        return bytes;
    }

    /// <summary>Gets the keys as their tree has them: each at the front of a leaf of its own.</summary>
    internal byte[] KeyLeaves() => RecordHashes.LeavesOf(Keys.Span);
}
