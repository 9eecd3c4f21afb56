using Research.Chain.Primitives;

namespace Research.Chain.Contracts;

/// <summary>A participant in a task; all zero where nothing is locked.</summary>
/// <param name="Word">Its commitment; once revealed, a hash of the update's root and its place.</param>
/// <param name="Committed">The block of the commitment.</param>
/// <param name="Round">The round of the commitment.</param>
/// <param name="Standing">Where it stands.</param>
public sealed record Position(Bytes24 Word, ulong Committed, int Round, Standing Standing)
{
    internal static Position From(Generated.Position message) => new(
        message.Word.ToBytes24(), message.Committed, message.Round, message.Standing.ToEnum<Standing>());
}
