namespace Research.Interactive.Magics;

/// <summary>A magic command, whichever host runs it.</summary>
/// <param name="Name">With its sign, such as <c>#!train</c>.</param>
/// <param name="Description">One sentence.</param>
/// <param name="Usage">The ways to write it, a line each.</param>
/// <param name="Parameters">The words that it takes; those at a place in their order.</param>
/// <param name="RunAsync">Carries it out.</param>
internal sealed record Magic(
    string Name,
    string Description,
    IReadOnlyList<string> Usage,
    IReadOnlyList<MagicParameter> Parameters,
    Func<MagicCall, CancellationToken, Task> RunAsync)
{
    /// <summary>Gets every magic command.</summary>
    public static IReadOnlyList<Magic> All { get; } =
    [
        AccountMagic.Create(), TrainMagic.Create(), LedgerMagic.Create(), AuditMagic.Create(), ChainMagic.Create(),
        TaskMagic.Create(),
    ];

    /// <summary>Gets the options, without what stands at a place.</summary>
    public IEnumerable<MagicParameter> Options => Parameters.Where(parameter => !parameter.IsPositional);

    /// <summary>Carries out a line that calls it.</summary>
    /// <param name="words">What follows the name.</param>
    /// <param name="folder">Against which paths resolve.</param>
    /// <param name="session">What lives as long as the kernel.</param>
    /// <param name="variables">The notebook's variables.</param>
    /// <param name="cancellationToken">Interrupts it.</param>
    /// <returns>Null, or in a line what is wrong and how to mend it.</returns>
    public async Task<string?> CallAsync(
        IReadOnlyList<string> words,
        string folder,
        MagicSession session,
        IMagicVariables variables,
        CancellationToken cancellationToken)
    {
        if (words.Any(word => word is "-h" or "--help" or "-?"))
        {
            LiveOutput.Show(MagicHelp.Of(this));
            return null;
        }

        try
        {
            MagicCall call = new(MagicArguments.Parse(this, words), folder, session, variables);
            await RunAsync(call, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (LibraryError.Describe(e) is not null)
        {
            return $"{Name}: {LibraryError.Describe(e)}";
        }
    }
}
