using Research.Tensors;

namespace Research.Privacy.Accounting;

/// <summary>A running sum of positive numbers given by their logarithms.</summary>
internal struct LogSum()
{
    private double _largest = double.NegativeInfinity;
    private double _scaled; // The sum over e to the largest.

    /// <summary>Adds e to <paramref name="logarithm"/>; negative infinity adds nothing.</summary>
    public void Add(double logarithm)
    {
        if (double.IsNegativeInfinity(logarithm))
        {
            return;
        }

        if (logarithm <= _largest)
        {
            _scaled += DoubleExp.Of(logarithm - _largest);
            return;
        }

        _scaled = (_scaled * DoubleExp.Of(_largest - logarithm)) + 1;
        _largest = logarithm;
    }

    /// <summary>Multiplies the sum by <paramref name="factor"/>, a normal number above 0.</summary>
    public void Scale(double factor) => _largest += DoubleLog.Of(factor);

    /// <summary>Gets ln(1 + sum).</summary>
    public readonly double LogOnePlus() => _largest switch
    {
        double.NegativeInfinity => 0,
        double.PositiveInfinity => double.PositiveInfinity,
        <= 0 => DoubleLog1P.Of(_scaled * DoubleExp.Of(_largest)),
        _ => _largest + DoubleLog.Of(_scaled + DoubleExp.Of(-_largest)),
    };
}
