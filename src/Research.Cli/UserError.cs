using Research.Interactive;
using Research.Kernel.Specs;
using Research.Scripting.Input;
using Research.Scripting.Notebooks;

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
            or NotebookFormatException
            or NotebookLanguageException
            or InputUnavailableException
            or KernelSpecException => exception.Message,
        AggregateException { InnerExceptions: [Exception only] } => Describe(only),
        _ => LibraryError.Describe(exception),
    };

    /// <summary>Gets what to print for a bug: one line that says so, then everything that helps to mend it.</summary>
    public static string DescribeBug(Exception exception) =>
        $"This is a bug in research, not something you did wrong. Please report it with these lines:\n{exception}";
}
