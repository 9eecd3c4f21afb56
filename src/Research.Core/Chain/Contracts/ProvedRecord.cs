using Research.Chain.Primitives;

namespace Research.Chain.Contracts;

/// <summary>A record of a round's program, 32 words, and its way to the round's code.</summary>
/// <param name="Proof">What the round is scored by.</param>
/// <param name="Keys">Root of the round's keys.</param>
/// <param name="Number">The record's number.</param>
/// <param name="Mask">Bit i: word i is among <paramref name="Words"/>; the others are zero.</param>
/// <param name="Words">Those words, in order.</param>
/// <param name="Siblings">The hashes beside the record's subtree of eight leaves, from below.</param>
public sealed record ProvedRecord(
    RoundProof Proof,
    Bytes32 Keys,
    int Number,
    uint Mask,
    IReadOnlyList<Bytes32> Words,
    IReadOnlyList<Bytes32> Siblings)
{
    internal Generated.Refuter.ProgramRecord ToMessage() => new()
    {
        Proof = Proof.ToRefuterMessage(),
        Keys = Keys.ToArray(),
        Number = Number,
        Mask = Mask,
        Words = Words.ToMessage(),
        Siblings = Siblings.ToMessage(),
    };
}
