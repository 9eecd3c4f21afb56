using Research.Chain.Primitives;

namespace Research.Chain.Contracts;

/// <summary>What a refuter must know of a claim and its round.</summary>
/// <param name="Digest">The claim's digest.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Place">Its place in the order of posting.</param>
/// <param name="Base">When the time in which it can be demanded begins to count; zero while the round before is not
/// final.</param>
/// <param name="Window">The task's refute window in seconds.</param>
/// <param name="Depth">Levels of the trace's tree above its leaves; zero until keys are open.</param>
/// <param name="Reveals">Number of updates revealed.</param>
/// <param name="Roster">See <see cref="Round"/>.</param>
/// <param name="ProgramRoot">See <see cref="Terms"/>.</param>
/// <param name="Model">Root of the model that the round starts from; zero for the one that the task starts from.</param>
/// <param name="Seed">What follows which records were opened before the commitments.</param>
public sealed record CaseFacts(
    Bytes24 Digest,
    ClaimState State,
    int Place,
    ulong Base,
    uint Window,
    int Depth,
    int Reveals,
    Bytes24 Roster,
    Bytes32 ProgramRoot,
    Bytes32 Model,
    Bytes32 Seed)
{
    internal static CaseFacts From(Generated.CaseFacts message) => new(
        message.Digest.ToBytes24(),
        message.State.ToEnum<ClaimState>(),
        checked((int)message.Place),
        message.Base,
        message.Window,
        message.Depth,
        checked((int)message.Reveals),
        message.Roster.ToBytes24(),
        message.ProgramRoot.ToBytes32(),
        message.Model.ToBytes32(),
        message.Seed.ToBytes32());
}
