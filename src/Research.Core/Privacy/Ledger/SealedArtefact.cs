namespace Research.Privacy.Ledger;

/// <summary>What a run made, sealed in its owner's home: it opens only once the run is charged.</summary>
/// <param name="Id">What names it: the run's receipt and the kind.</param>
/// <param name="Kind">What it is, such as <c>model</c> or <c>update</c>.</param>
/// <param name="Purpose">What it was made for.</param>
/// <param name="Time">When it was sealed, in UTC.</param>
/// <param name="IsCharged">Whether its run is charged: then fetching it costs nothing.</param>
/// <param name="Bytes">Its length.</param>
public sealed record SealedArtefact(
    string Id, string Kind, ReleasePurpose Purpose, DateTimeOffset Time, bool IsCharged, int Bytes);
