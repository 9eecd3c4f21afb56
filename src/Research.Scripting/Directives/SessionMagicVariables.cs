using Research.Interactive;
using Research.Interactive.Magics;

namespace Research.Scripting.Directives;

/// <summary>A session's variables, for a magic command in one of its cells.</summary>
internal sealed class SessionMagicVariables(DirectiveCall call) : IMagicVariables
{
    public Task<IReadOnlyList<MagicVariable>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult(Of(call.Session));

    public Task<object?> GetAsync(string name, CancellationToken cancellationToken)
    {
        call.Session.TryGetVariable(name, out object? value);
        return Task.FromResult(value);
    }

    public async Task DeclareAsync(string name, object value, CancellationToken cancellationToken)
    {
        CellError? error = await call.Session
            .DeclareAsync(name, value.GetType(), value, call.Channel, cancellationToken).ConfigureAwait(false);
        if (error is not null)
        {
            throw new RefusedException($"The variable {name} could not be declared: {error.Message}");
        }
    }

    /// <summary>Lists a session's variables.</summary>
    public static IReadOnlyList<MagicVariable> Of(ScriptSession session) =>
        [.. session.Variables.Select(variable => new MagicVariable(variable.Name, variable.Type))];
}
