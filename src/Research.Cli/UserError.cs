using Research.Chain;
using Research.Kernel.Specs;
using Research.Market;
using Research.Privacy.Ledger;
using Research.Scripting.Input;
using Research.Scripting.Notebooks;
using Research.Training;
using Research.Training.Data;

namespace Research.Cli;

/// <summary>
/// Tells the failures that a user can mend, whose message says how, from bugs, whose stack trace is wanted.
/// </summary>
internal static class UserError
{
    /// <summary>Gets the message for people, or null where <paramref name="exception"/> is a bug of ours.</summary>
    public static string? Describe(Exception exception) => exception switch
    {
        CommandException
            or SpecException
            or DataFormatException
            or InvalidDataException
            or BudgetExceededException
            or LedgerException
            or NotebookFormatException
            or NotebookLanguageException
            or InputUnavailableException
            or KernelSpecException
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

    /// <summary>Gets what to print for a bug: one line that says so, then everything that helps to mend it.</summary>
    public static string DescribeBug(Exception exception) =>
        $"This is a bug in research, not something you did wrong. Please report it with these lines:\n{exception}";
}
