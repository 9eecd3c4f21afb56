namespace Research.Chain.Abi;

/// <summary>A named value.</summary>
/// <param name="Name">The parameter's name; may be empty.</param>
/// <param name="Value">The value, as it was decoded.</param>
public sealed record AbiArgument(string Name, object Value)
{
    /// <summary>Gets <c>name: value</c>.</summary>
    public override string ToString() => Name.Length == 0 ? AbiText.Format(Value) : $"{Name}: {AbiText.Format(Value)}";
}
