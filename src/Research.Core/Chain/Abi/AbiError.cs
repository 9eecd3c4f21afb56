namespace Research.Chain.Abi;

/// <summary>A custom error of a contract.</summary>
/// <param name="Name">The name.</param>
/// <param name="Parameters">The parameters in order.</param>
public sealed record AbiError(string Name, IReadOnlyList<AbiParameter> Parameters)
{
    /// <summary>Gets the parameters' types as a tuple.</summary>
    public AbiType Inputs { get; } = AbiType.Tuple([.. Parameters.Select(parameter => parameter.Type)]);

    /// <summary>Gets the canonical signature.</summary>
    public string Signature => Name + Inputs.Name;

    /// <summary>Gets the canonical signature.</summary>
    public override string ToString() => Signature;
}
