using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Contracts;

/// <summary>Somebody is about to refute something.</summary>
/// <param name="Sender">Who.</param>
/// <param name="Intent">See <see cref="RefutationCall.IntentOf"/>.</param>
/// <param name="Log">Where it stands on chain.</param>
public sealed record Intended(Address Sender, Bytes32 Intent, EventLog Log)
{
    internal static Intended From(Generated.Refuter.IntendedEventDTO message, EventLog log) =>
        new(message.Sender.ToAddress(), message.Intent.ToBytes32(), log);
}
