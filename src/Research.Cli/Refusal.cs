using Research.Interactive;

namespace Research.Cli;

/// <summary>What the notebooks' commands refuse, this program's refuse in the same words.</summary>
internal static class Refusal
{
    /// <summary>Runs something, and makes a refusal a command's.</summary>
    /// <exception cref="CommandException">It was refused.</exception>
    public static T AsCommand<T>(Func<T> run)
    {
        try
        {
            return run();
        }
        catch (RefusedException e)
        {
            throw new CommandException(e.Message, innerException: e);
        }
    }
}
