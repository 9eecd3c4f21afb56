using System.Diagnostics.CodeAnalysis;

namespace Research.Federation.Trace;

/// <summary>
/// Keccak's words of several messages side by side: a static strategy, so that the permutation is compiled once for
/// each.
/// </summary>
internal unsafe interface IKeccakWidth<TWord>
    where TWord : unmanaged
{
    /// <summary>Gets how many messages lie side by side in a word.</summary>
    static abstract int Messages { get; }

    /// <summary>Gets a word that is <paramref name="value"/> for every message.</summary>
    static abstract TWord Broadcast(ulong value);

    static abstract TWord Xor(TWord a, TWord b);

    static abstract TWord Xor(TWord a, TWord b, TWord c);

    /// <summary>Gets a ⊕ (¬b ∧ c): step χ.</summary>
    static abstract TWord Chi(TWord a, TWord b, TWord c);

    /// <summary>Rotates the 64 bits of each message's word.</summary>
    /// <param name="a">The word.</param>
    /// <param name="bits">1 to 63.</param>
    static abstract TWord RotateLeft(TWord a, [ConstantExpected] byte bits);

    /// <summary>Reads messages into words.</summary>
    /// <param name="messages">[<see cref="Messages"/>, <paramref name="words"/>] little-endian 64-bit words.</param>
    /// <param name="words">Words of a message, a multiple of 8.</param>
    /// <param name="state">Receives [<paramref name="words"/>, <see cref="Messages"/>].</param>
    static abstract void Load(byte* messages, int words, TWord* state);

    /// <summary>Writes words 0 to 3 of each state as a digest.</summary>
    /// <param name="state">[4, <see cref="Messages"/>].</param>
    /// <param name="digests">Receives [<see cref="Messages"/>, 4] little-endian 64-bit words.</param>
    static abstract void Store(TWord* state, byte* digests);
}
