using Research.Chain;
using Research.Market;
using Research.Privacy.Ledger;
using Research.Training;
using Research.Training.Data;

namespace Research.Interactive;

/// <summary>Tells the library's failures that a user can mend, whose message says how, from bugs.</summary>
internal static class LibraryError
{
    /// <summary>Gets the message for people, or null where <paramref name="exception"/> is a bug.</summary>
    public static string? Describe(Exception exception) => exception switch
    {
        RefusedException
            or SpecException
            or DataFormatException
            or InvalidDataException
            or BudgetExceededException
            or LedgerException
            or ChainException
            or MarketException
            or TimeoutException
            or HttpRequestException
            or IOException
            or UnauthorizedAccessException
            or FormatException => exception.Message,
        OutOfMemoryException => "There is not enough memory for this.",
        AggregateException { InnerExceptions: [Exception only] } => Describe(only),
        _ => null,
    };
}
