using System.Globalization;

namespace Research.Privacy.Ledger;

/// <summary>Thrown when a charge would take a data set's ε past its cap; nothing was written.</summary>
public sealed class BudgetExceededException : Exception
{
    /// <summary>Creates the refusal.</summary>
    /// <param name="dataSet">The data set.</param>
    /// <param name="spent">ε spent so far, in nats.</param>
    /// <param name="asked">ε that the total would have reached.</param>
    /// <param name="cap">The cap.</param>
    public BudgetExceededException(string dataSet, double spent, double asked, double cap)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"Data set '{dataSet}': the charge would raise epsilon from {spent:R} to {asked:R}, "
            + $"past the cap of {cap:R}."))
    {
        DataSet = dataSet;
        Spent = spent;
        Asked = asked;
        Cap = cap;
    }

    /// <summary>Gets the data set's name.</summary>
    public string DataSet { get; }

    /// <summary>Gets ε spent before the charge, an upper bound in nats.</summary>
    public double Spent { get; }

    /// <summary>
    /// Gets ε that the total would have reached, an upper bound in nats; infinite where there is too little noise.
    /// </summary>
    public double Asked { get; }

    /// <summary>Gets the cap, in nats.</summary>
    public double Cap { get; }
}
