namespace Research.Chain.Contracts;

/// <summary>What shows that a result contradicts its own trace.</summary>
public enum CaseField
{
    /// <summary>The next model's root.</summary>
    ModelRoot,

    /// <summary>The sum of the points.</summary>
    Total,

    /// <summary>The records that the next model predicts right.</summary>
    Right,
}
