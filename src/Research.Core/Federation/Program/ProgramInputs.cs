using System.Runtime.InteropServices;
using Research.Federation.Evaluation;

namespace Research.Federation.Program;

/// <summary>What a program reads that no step made.</summary>
/// <remarks>Bytes beyond the end of an input are zero.</remarks>
internal sealed class ProgramInputs
{
    /// <summary>Gets the weights of the model that the round starts from, [P] in units of 2⁻¹⁶.</summary>
    public required ReadOnlyMemory<int> Model { get; init; }

    /// <summary>Gets the directions in which earlier rounds moved the model, [P] each.</summary>
    public required IReadOnlyList<ReadOnlyMemory<short>> PastSteps { get; init; }

    /// <summary>Gets the encrypted evaluation records.</summary>
    public required ReadOnlyMemory<byte> Records { get; init; }

    /// <summary>Gets the keys of the evaluation records, 32 bytes each.</summary>
    public required ReadOnlyMemory<byte> Keys { get; init; }

    /// <summary>Gets what the chain says; see <see cref="FactsPart"/>.</summary>
    public required ReadOnlyMemory<byte> Facts { get; init; }

    /// <summary>Gets how many updates were revealed.</summary>
    public required int Reveals { get; init; }

    /// <summary>Gets what opens a seat's update, [P] in units of 2⁻¹⁶: the same each time, on any thread; empty for one
    /// that is absent or excluded.</summary>
    public required Func<int, ReadOnlyMemory<int>> Update { get; init; }

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

    /// <summary>Gets the facts in this machine's order: a head of 16 bits, then 64.</summary>
    internal byte[] NativeFacts(ScoringNumbers numbers)
    {
        byte[] native = Facts.ToArray();
        int head = (int)FactsPart.Order(numbers) * sizeof(long);
        NativeOrder.Swap(native.AsSpan(0, head), sizeof(short));
        NativeOrder.Swap(native.AsSpan(head), sizeof(long));
        return native;
    }
}
