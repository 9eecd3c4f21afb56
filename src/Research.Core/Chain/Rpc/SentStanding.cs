namespace Research.Chain.Rpc;

/// <summary>What became of a transaction whose process died.</summary>
internal enum SentStanding
{
    /// <summary>It is mined, or waits and will be.</summary>
    Alive,

    /// <summary>It waits behind a nonce that nothing has.</summary>
    BehindAGap,

    /// <summary>Another has its nonce; or no node has it, and the next transaction takes its nonce.</summary>
    Gone,
}
