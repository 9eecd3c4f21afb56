using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Research.Federation.Trace;

/// <summary>One message in plain 64-bit words: the scalar twin.</summary>
internal readonly unsafe struct KeccakWidth64 : IKeccakWidth<ulong>
{
    public static int Messages => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Broadcast(ulong value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Xor(ulong a, ulong b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Xor(ulong a, ulong b, ulong c) => a ^ b ^ c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Chi(ulong a, ulong b, ulong c) => a ^ (~b & c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong RotateLeft(ulong a, [ConstantExpected] byte bits) => BitOperations.RotateLeft(a, bits);

    public static void Load(byte* messages, int words, ulong* state)
    {
        ReadOnlySpan<byte> message = new(messages, words * sizeof(ulong));
        for (int word = 0; word < words; word++)
        {
            state[word] = BinaryPrimitives.ReadUInt64LittleEndian(message[(word * sizeof(ulong))..]);
        }
    }

    public static void Store(ulong* state, byte* digests)
    {
        Span<byte> digest = new(digests, KeccakPermutation.DigestWords * sizeof(ulong));
        for (int word = 0; word < KeccakPermutation.DigestWords; word++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(digest[(word * sizeof(ulong))..], state[word]);
        }
    }
}
