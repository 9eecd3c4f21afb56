namespace Research.Interactive.Magics;

/// <summary>The variables of the notebook that a magic command runs in.</summary>
internal interface IMagicVariables
{
    /// <summary>Lists them, the last of each name.</summary>
    Task<IReadOnlyList<MagicVariable>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Gets the value of one that is there.</summary>
    Task<object?> GetAsync(string name, CancellationToken cancellationToken);

    /// <summary>Declares one, of its value's own type.</summary>
    /// <exception cref="RefusedException">The host cannot.</exception>
    Task DeclareAsync(string name, object value, CancellationToken cancellationToken);
}
