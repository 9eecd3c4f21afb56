using Research.Chain.Primitives;

namespace Research.Chain.Contracts;

/// <summary>What a round is scored by, and its way to the terms' program root.</summary>
/// <param name="Code">Root of the tree over the program's records.</param>
/// <param name="Constants">Root of the tree over its constants.</param>
/// <param name="Layout">Size of its trace, and depths of what it reads.</param>
/// <param name="Records">Root of the round's evaluation records.</param>
/// <param name="Initial">Root of the model that the task starts from.</param>
/// <param name="Siblings">The hashes beside the way from the round's leaf, from below.</param>
public sealed record RoundProof(
    Bytes32 Code,
    Bytes32 Constants,
    Bytes32 Layout,
    Bytes32 Records,
    Bytes32 Initial,
    IReadOnlyList<Bytes32> Siblings)
{
    internal Generated.RoundProof ToMessage() => new()
    {
        Code = Code.ToArray(),
        Constants = Constants.ToArray(),
        Layout = Layout.ToArray(),
        Records = Records.ToArray(),
        Initial = Initial.ToArray(),
        Siblings = Siblings.ToMessage(),
    };

    internal Generated.Refuter.RoundProof ToRefuterMessage() => new()
    {
        Code = Code.ToArray(),
        Constants = Constants.ToArray(),
        Layout = Layout.ToArray(),
        Records = Records.ToArray(),
        Initial = Initial.ToArray(),
        Siblings = Siblings.ToMessage(),
    };
}
