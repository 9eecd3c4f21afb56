using System.Numerics;
using Research.Federation.Trace;

namespace Research.Federation.Refutation;

/// <summary>What makes a wrong claim fall: something of it that is wrong by itself, opened against its own roots.</summary>
public abstract record Refutation;

/// <summary>A step of the claim's trace whose operands do not give its output.</summary>
/// <param name="Record">The step's record.</param>
/// <param name="At">Its coordinates, 32 bits for each loop, the outermost in the lowest bits.</param>
/// <param name="Output">The leaf that its output lies in.</param>
/// <param name="Inputs">What it reads, in order.</param>
/// <param name="Address">The address of the output.</param>
public sealed record StepRefutation(
    RecordProof Record, BigInteger At, OpenLeaves Output, IReadOnlyList<OpenLeaves> Inputs, long Address) : Refutation;

/// <summary>A byte that fills up a leaf of the claim's trace, and is not zero.</summary>
/// <param name="Record">The record of the array before it.</param>
/// <param name="At">The coordinates of the loops around the array.</param>
/// <param name="Output">The array's last leaf.</param>
public sealed record PaddingRefutation(RecordProof Record, BigInteger At, OpenLeaves Output) : Refutation;

/// <summary>A leaf behind the end of the claim's trace that is not zero.</summary>
/// <param name="Output">The leaf.</param>
public sealed record EndRefutation(OpenLeaves Output) : Refutation;

/// <summary>A claim that says another model, total or accuracy than its own trace.</summary>
/// <param name="Field">What differs.</param>
/// <param name="Output">The leaf of the trace that has it.</param>
public sealed record FieldRefutation(ResultField Field, OpenLeaves Output) : Refutation;

/// <summary>A claim whose results say of a participant what its own trace does not.</summary>
/// <param name="Result">The leaf of the results.</param>
/// <param name="Entry">The participant's entry in the trace; null behind the last participant.</param>
/// <param name="Points">The leaf of the trace that has the points; null behind the last participant.</param>
public sealed record ResultRefutation(OpenLeaves Result, OpenLeaves? Entry, OpenLeaves? Points) : Refutation;

/// <summary>A record of a round's program: the words of its 1,024 bytes that are not zero, and its way to the root.</summary>
/// <param name="Number">The record's number.</param>
/// <param name="Mask">Bit i: word i is among the words.</param>
/// <param name="Words">The words, in order.</param>
/// <param name="Siblings">The hashes beside the record's subtree, from below.</param>
public sealed record RecordProof(int Number, uint Mask, IReadOnlyList<TreeHash> Words, IReadOnlyList<TreeHash> Siblings);
