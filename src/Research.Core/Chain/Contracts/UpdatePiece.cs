using Research.Chain.Primitives;

namespace Research.Chain.Contracts;

/// <summary>A piece of an update that was revealed in the current round.</summary>
/// <param name="Participant">Whose update.</param>
/// <param name="Index">Its place in reveal order, from zero.</param>
/// <param name="UpdateRoot">Its root.</param>
/// <param name="Chunk">Which piece, from zero: 16,384 bytes each, the last one shorter.</param>
public sealed record UpdatePiece(Address Participant, int Index, Bytes32 UpdateRoot, int Chunk)
{
    internal Generated.Piece ToMessage() => new()
    {
        Participant = Participant.ToString(),
        Index = Index,
        UpdateRoot = UpdateRoot.ToArray(),
        Chunk = Chunk,
    };
}
