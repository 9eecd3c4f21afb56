namespace Research.Chain.Contracts;

/// <summary>Which tree of a claim.</summary>
public enum CaseTree
{
    /// <summary>The tree over its trace.</summary>
    Trace,

    /// <summary>The tree over its results.</summary>
    Results,
}
