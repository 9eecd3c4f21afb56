namespace Research.Plotting;

/// <summary>What a boxed remark wants of its reader.</summary>
public enum CalloutKind
{
    /// <summary>Context worth knowing.</summary>
    Note,

    /// <summary>Something that must not be missed.</summary>
    Warning,

    /// <summary>A check that passed.</summary>
    Success,
}
