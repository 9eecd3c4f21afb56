namespace Research.Federation.Refutation;

/// <summary>Which tree of a claim.</summary>
public enum ClaimTree
{
    /// <summary>The outputs of all steps of a round's scoring.</summary>
    Trace = 0,

    /// <summary>What each participant earns.</summary>
    Results = 1,
}
