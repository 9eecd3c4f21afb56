namespace Research.Cli;

/// <summary>Tells the failures that a user can mend, whose message says how, from bugs, whose stack trace is wanted.</summary>
internal static class UserError
{
    /// <summary>Gets the message for people, or null where <paramref name="exception"/> is a bug of ours.</summary>
    public static string? Describe(Exception exception) => exception switch
    {
        IOException or UnauthorizedAccessException or FormatException => exception.Message,
        _ => null,
    };
}
