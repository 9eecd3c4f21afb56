namespace Research.Federation.Evaluation;

/// <summary>What an opened sample shows.</summary>
/// <param name="ClassCounts">Records of each class, labels out of range clamped into it.</param>
/// <param name="LabelsOutOfRange">Records whose label is of no class.</param>
/// <param name="Duplicates">Records whose input an earlier one of the sample has too.</param>
/// <param name="ConstantInputs">Records whose input is one number throughout, zero or another.</param>
/// <param name="NumbersAtLimits">Numbers of inputs at -32767 or 32767, where 16 bits end.</param>
public sealed record SampleFindings(
    IReadOnlyList<int> ClassCounts, int LabelsOutOfRange, int Duplicates, int ConstantInputs, int NumbersAtLimits)
{
    /// <summary>Gets the classes of which the sample has no record.</summary>
    public IReadOnlyList<int> MissingClasses =>
        [.. Enumerable.Range(0, ClassCounts.Count).Where(label => ClassCounts[label] == 0)];

    /// <summary>Gets whether there is anything that honest records do not show.</summary>
    public bool IsSuspicious =>
        LabelsOutOfRange > 0 || Duplicates > 0 || ConstantInputs > 0 || NumbersAtLimits > 0
        || ClassCounts.Any(count => count == 0);
}
