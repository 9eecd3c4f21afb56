namespace Research.Privacy.Mechanisms;

/// <summary>A standard deviation and the grid that noisy values land on.</summary>
internal readonly struct NoiseGrid
{
    private const int GridBits = 16;

    public NoiseGrid(double standardDeviation)
    {
        Step = Math.ScaleB(1.0, Math.ILogB(standardDeviation) - GridBits);
        StepsPerUnit = 1 / Step;
        DeviationInSteps = standardDeviation * StepsPerUnit;
    }

    /// <summary>Gets the spacing: 2⁻¹⁶ of the largest power of two that is at most the deviation.</summary>
    public double Step { get; }

    /// <summary>Gets 1/<see cref="Step"/>: exact, the step is a power of two.</summary>
    public double StepsPerUnit { get; }

    /// <summary>Gets the deviation over <see cref="Step"/>: in [2¹⁶, 2¹⁷), exact.</summary>
    public double DeviationInSteps { get; }
}
