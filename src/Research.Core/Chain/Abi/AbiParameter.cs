namespace Research.Chain.Abi;

/// <summary>A named parameter of a function, an event or an error.</summary>
/// <param name="Name">The name; empty where the source gives none.</param>
/// <param name="Type">The type.</param>
/// <param name="IsIndexed">Whether an event carries it as a topic.</param>
public sealed record AbiParameter(string Name, AbiType Type, bool IsIndexed = false);
