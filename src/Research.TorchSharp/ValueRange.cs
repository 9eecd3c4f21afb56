namespace Research.TorchSharp;

/// <summary>Between which numbers values lie, as everybody knows without seeing a record.</summary>
/// <param name="Least">The least, finite.</param>
/// <param name="Largest">The largest, finite and not below it.</param>
public readonly record struct ValueRange(double Least, double Largest)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Least:G6} to {Largest:G6}");

    /// <summary>Throws unless both are finite and in order.</summary>
    internal void Check(string name)
    {
        if (!(double.IsFinite(Least) && double.IsFinite(Largest) && Least <= Largest))
        {
            throw new ArgumentOutOfRangeException(
                name, ToString(), "Expected a range of finite numbers, the least first.");
        }
    }
}
