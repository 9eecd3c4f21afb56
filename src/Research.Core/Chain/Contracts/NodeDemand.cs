using Research.Chain.Primitives;

namespace Research.Chain.Contracts;

/// <summary>A demanded node; all zero where there is none, or its fee was paid.</summary>
/// <param name="Demander">Who asked.</param>
/// <param name="Due">First second in which no answer is taken.</param>
/// <param name="Fee">What goes to who answers.</param>
/// <param name="Answerer">Zero: not answered. One: answered, the fee is the case's party's. Else: the place of the claim whose
/// account answered, and two.</param>
public sealed record NodeDemand(Address Demander, ulong Due, Wei Fee, int Answerer)
{
    /// <summary>Gets whether it stands.</summary>
    public bool Exists => Due != 0;

    /// <summary>Gets whether somebody answered.</summary>
    public bool IsAnswered => Answerer != 0;

    internal static NodeDemand From(Generated.Refuter.Demand message) => new(
        message.Demander.ToAddress(),
        message.Due,
        new Wei(message.Fee) * Refuter.FeeUnit,
        checked((int)message.Answerer));
}
