namespace Research.Privacy.Accounting;

/// <summary>What a query may still compute, in operations of about a nanosecond each; it also hears a
/// cancellation.</summary>
/// <remarks>
/// Plans come from strangers, and some would take hours. Operations are counted, never timed, so that an answer is the
/// same on every machine, however busy.
/// </remarks>
internal sealed class WorkBudget
{
    /// <summary>What a query may spend: some tenths of a second.</summary>
    public const double Query = 5e8;

    private const double Least = 1e6;

    private readonly WorkBudget? _whole;
    private readonly CancellationToken _cancellationToken;
    private double _left;

    /// <summary>Creates a budget.</summary>
    /// <param name="operations">What may be spent.</param>
    /// <param name="cancellationToken">Stops whoever spends.</param>
    public WorkBudget(double operations, CancellationToken cancellationToken) =>
        (_left, _cancellationToken) = (operations, cancellationToken);

    private WorkBudget(WorkBudget whole, double operations)
    {
        (_whole, _cancellationToken) = (whole, whole._cancellationToken);
        _left = Math.Min(operations, whole._left);
    }

    /// <summary>Gets what may still be spent; negative once more was done.</summary>
    public double Left => _left;

    /// <summary>Gets whether hardly anything is left, too little for an integral.</summary>
    public bool IsSpent => _left <= Least;

    /// <summary>Creates a budget of one query, without a way to stop it.</summary>
    public static WorkBudget OfQuery() => new(Query, CancellationToken.None);

    /// <summary>Sets a part aside; what is spent of it is spent of the whole.</summary>
    public WorkBudget Part(double operations) => new(this, operations);

    /// <summary>Asks for operations, before they are done.</summary>
    /// <exception cref="ContourException">There are not so many left.</exception>
    /// <exception cref="OperationCanceledException">The caller no longer waits.</exception>
    public void Spend(double operations)
    {
        if (!(operations <= Left))
        {
            throw new ContourException("The plan takes more work than a query may do.");
        }

        Charge(operations);
    }

    /// <summary>Counts operations that are done in any case.</summary>
    public void Charge(double operations)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        _left -= operations;
        _whole?.Charge(operations);
    }
}
