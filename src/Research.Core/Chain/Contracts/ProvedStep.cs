using System.Numerics;

namespace Research.Chain.Contracts;

/// <summary>A step of a claim's trace: its record, its output, and what it reads.</summary>
/// <param name="Record">Its record.</param>
/// <param name="At">Its coordinates, 32 bits for each of the record's loops, the outermost in the lowest bits.</param>
/// <param name="Output">The leaf, or leaves, that its output lies in.</param>
/// <param name="Inputs">What it reads, in the order a, b, c, where it reads it.</param>
public sealed record ProvedStep(
    ProvedRecord Record, BigInteger At, ShownLeaves Output, IReadOnlyList<ShownLeaves> Inputs)
{
    internal Generated.Refuter.Step ToMessage() => new()
    {
        Record = Record.ToMessage(),
        At = At,
        Output = Output.ToMessage(),
        Inputs = [.. Inputs.Select(input => input.ToMessage())],
    };
}
