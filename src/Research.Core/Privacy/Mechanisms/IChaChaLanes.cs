using System.Diagnostics.CodeAnalysis;

namespace Research.Privacy.Mechanisms;

/// <summary>Words of several ChaCha blocks side by side: what <see cref="ChaCha"/> needs of a vector.</summary>
/// <typeparam name="TVector">The vector; lane j belongs to block j.</typeparam>
internal interface IChaChaLanes<TVector>
    where TVector : struct
{
    /// <summary>Gets the number of lanes: a divisor of <see cref="ChaCha.ChunkBlocks"/>.</summary>
    static abstract int Count { get; }

    /// <summary>Gets <paramref name="value"/> in every lane.</summary>
    static abstract TVector Create(uint value);

    /// <summary>Gets <paramref name="first"/>, <paramref name="first"/> + 1, … in the lanes.</summary>
    static abstract TVector Counting(uint first);

    /// <summary>Gets a + b modulo 2³², lane by lane.</summary>
    static abstract TVector Add(TVector a, TVector b);

    /// <summary>Gets a xor b.</summary>
    static abstract TVector Xor(TVector a, TVector b);

    /// <summary>Gets a rotated left by 7, 8, 12 or 16 bits, lane by lane.</summary>
    static abstract TVector RotateLeft(TVector a, [ConstantExpected] byte bits);

    /// <summary>Writes the lanes one after the other.</summary>
    static abstract void Store(TVector lanes, ref uint destination);
}
