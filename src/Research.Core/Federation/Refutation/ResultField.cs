namespace Research.Federation.Refutation;

/// <summary>What a claim says beside its trees, each an output of its own trace.</summary>
public enum ResultField
{
    /// <summary>The next model's root.</summary>
    ModelRoot = 0,

    /// <summary>The total of the points.</summary>
    Total = 1,

    /// <summary>How many records the next model predicts right.</summary>
    Right = 2,
}
