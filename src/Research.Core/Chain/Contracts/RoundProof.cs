using Research.Chain.Primitives;

namespace Research.Chain.Contracts;

/// <summary>What a round is scored by, and its way to the terms' program root.</summary>
/// <param name="Program">Root of the round's program.</param>
/// <param name="Records">Root of the round's records.</param>
/// <param name="Siblings">The hashes beside the way from the round's leaf, from below.</param>
public sealed record RoundProof(Bytes32 Program, Bytes32 Records, IReadOnlyList<Bytes32> Siblings)
{
    internal Generated.RoundProof ToMessage() => new()
    {
        Program = Program.ToArray(),
        Records = Records.ToArray(),
        Siblings = Siblings.ToMessage(),
    };
}
