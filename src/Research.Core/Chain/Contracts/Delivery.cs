namespace Research.Chain.Contracts;

/// <summary>How updates become available to everybody before they are scored.</summary>
public enum Delivery
{
    /// <summary>An update travels whole in its reveal.</summary>
    Calldata,

    /// <summary>Anyone may demand pieces of an update on chain.</summary>
    Demand,
}
