using Research.Scripting.Outputs;

namespace Research.Scripting.Input;

/// <summary>Whom one cell asks for a line, and until when.</summary>
/// <param name="ask">Asks the user; null when the front end has none.</param>
/// <param name="interrupted">Ends the asking when the cell is interrupted.</param>
internal sealed class CellInput(
    Func<InputRequest, CancellationToken, Task<string?>>? ask, CancellationToken interrupted)
{
    /// <summary>Asks the user of the cell that the current flow of execution belongs to.</summary>
    /// <returns>The line, or null at the end of input.</returns>
    /// <exception cref="InputUnavailableException">There is nobody to ask.</exception>
    public static Task<string?> AskAsync(InputRequest request)
    {
        CellInput input = OutputChannel.Current?.Input ?? throw new InputUnavailableException(
            "Input was asked for outside a cell, where nobody can be asked.");
        return input.AskUserAsync(request);
    }

    private Task<string?> AskUserAsync(InputRequest request) => ask is null
        ? throw new InputUnavailableException(
            "Input was asked for, but this front end has nobody to ask; pass the value as a parameter instead.")
        : ask(request, interrupted);
}
