namespace Research.Federation.Program;

/// <summary>What a step computes from its operands; <c>contracts/SCORING.md</c> is the definition.</summary>
/// <remarks>
/// Every kind is total: whatever the operands, there is one value. ⌊x⌉ₛ is (x + 2ˢ⁻¹) div 2ˢ rounded down, x itself for
/// s = 0; every result is then brought into the step's [low, high].
/// </remarks>
internal enum StepKind : byte
{
    /// <summary>0.</summary>
    Zero = 0,

    /// <summary>⌊Σ aₖ·bₖ + c·2ᵗ⌉ₛ over a run, in parts of 256 terms; a and b have 16 bits.</summary>
    Dot = 1,

    /// <summary>⌊Σ aₖ + b·2ᵗ⌉ₛ over a run, in parts of 256 terms.</summary>
    Sum = 2,

    /// <summary>⌊a·b + c·2ᵗ⌉ₛ.</summary>
    Mac = 3,

    /// <summary>a·c·2ᵗ / b rounded down, or to nearest where the length is 1; 0 where b is not positive.</summary>
    Ratio = 4,

    /// <summary>The element of b that a names, of so many as the length says; 0 where there is none.</summary>
    Gather = 5,

    /// <summary>The element of b that a + c names, of so many as the length says; the nearest where there is none.</summary>
    Table = 6,

    /// <summary>The index of the first largest element of a run.</summary>
    Largest = 7,

    /// <summary>b where a is positive, else c.</summary>
    Select = 8,

    /// <summary>1 where a is less than b, else 0.</summary>
    Less = 9,

    /// <summary>c where a equals b, else 0.</summary>
    Match = 10,

    /// <summary>The square root of a, rounded down; 0 where a is negative.</summary>
    Root = 11,

    /// <summary>A word of an evaluation record: ciphertext b under key c, of the one of a pair that a leaves closed.</summary>
    Decode = 12,

    /// <summary>1 where the 16 bits of the stream that lie at the output's place are less than a, else 0; b is the seed.</summary>
    Coin = 13,

    /// <summary>Twice the number of set bits, less 16, of the 16 that lie at the output's place; b is the seed.</summary>
    Noise = 14,

    /// <summary>c + a² where a² is at least b, else c.</summary>
    Explain = 15,

    /// <summary>The mean, rounded, of a run's elements whose counts at b are positive, without the extremes.</summary>
    Trim = 16,

    /// <summary>keccak-256 of 128 bytes at a, or of the 32 bytes at a and the 32 at b.</summary>
    Hash = 17,

    /// <summary>A seat's entry in the roster: 128 bytes whose hash the entry before it, or the chain, has.</summary>
    Entry = 18,

    /// <summary>Which of a pair of records was opened before the commitments: a bit of the seed at b.</summary>
    Choice = 19,
}
