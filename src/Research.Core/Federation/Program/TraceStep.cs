namespace Research.Federation.Program;

/// <summary>One step of a round's scoring: what it reads, what it makes of it, and where.</summary>
/// <param name="Name">What people call the array of outputs.</param>
/// <param name="Kind">What is computed, by its name in <c>contracts/SCORING.md</c>.</param>
/// <param name="Record">The number of the program's record.</param>
/// <param name="Address">The address of the output in the trace, in bytes.</param>
/// <param name="Coordinates">Which run of each loop, the outermost first.</param>
/// <param name="Operands">What it reads.</param>
/// <param name="Output">The output's bytes in the trace, big-endian, in hexadecimal digits.</param>
/// <param name="Computed">The output's bytes as the operands say.</param>
public sealed record TraceStep(
    string Name,
    string Kind,
    int Record,
    long Address,
    IReadOnlyList<long> Coordinates,
    IReadOnlyList<TraceOperand> Operands,
    string Output,
    string Computed)
{
    /// <summary>Gets whether the trace has what the operands say.</summary>
    public bool IsRight => Output == Computed;
}

/// <summary>An operand of a step, as it was read.</summary>
/// <param name="Tree">The tree: 0 the trace, others the inputs.</param>
/// <param name="Address">The address of the first number, in bytes; negative where nothing was read.</param>
/// <param name="Numbers">The numbers, of up to 64 bits; empty for others.</param>
public sealed record TraceOperand(int Tree, long Address, IReadOnlyList<long> Numbers);
