namespace Research.Federation.Program;

/// <summary>An output of a program, or the bytes behind an array.</summary>
/// <param name="Step">The array's steps.</param>
/// <param name="Number">The number of their record.</param>
/// <param name="Record">The record.</param>
/// <param name="Coordinates">Which run of each loop, the outermost first; behind an array, zero for its own.</param>
/// <param name="Output">The address of the output; behind an array, of nothing.</param>
/// <param name="IsPadding">Whether it is behind the array's last output.</param>
internal sealed record StepPlace(
    Step Step, int Number, ProgramRecord Record, long[] Coordinates, long Output, bool IsPadding);

/// <summary>What a step reads of an operand.</summary>
/// <param name="Tree">The tree.</param>
/// <param name="Address">The first byte.</param>
/// <param name="Count">How many bytes.</param>
/// <param name="Width">Bytes of a number.</param>
internal readonly record struct StepRead(int Tree, long Address, int Count, int Width)
{
    /// <summary>Gets the same further on.</summary>
    public StepRead Moved(long bytes) => this with { Address = Address + bytes };
}
