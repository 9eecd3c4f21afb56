namespace Research.Scripting.Notebooks;

/// <summary>Makes a folder the process's current directory for a while.</summary>
/// <remarks>
/// User code opens relative paths by the process's current directory, so there is no other way in one process. The
/// former directory comes back at the end. Runs that overlap in one process wait for each other; a notebook that runs
/// another one nests.
/// </remarks>
internal sealed class WorkingFolder : IDisposable
{
    private static readonly SemaphoreSlim Turn = new(1);
    private static readonly AsyncLocal<bool> Held = new();

    private readonly string _former;
    private readonly bool _outermost;

    private WorkingFolder(string folder, bool outermost)
    {
        _outermost = outermost;
        _former = Environment.CurrentDirectory;
        Environment.CurrentDirectory = folder;
    }

    /// <summary>Waits for a turn; to be followed by <see cref="Enter"/> in the same method.</summary>
    public static async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        if (Held.Value)
        {
            return false;
        }

        await Turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Changes the directory.</summary>
    /// <param name="folder">The new one.</param>
    /// <param name="outermost">What <see cref="WaitAsync"/> returned.</param>
    public static WorkingFolder Enter(string folder, bool outermost)
    {
        try
        {
            WorkingFolder entered = new(folder, outermost);
            Held.Value = true;
            return entered;
        }
        catch (IOException)
        {
            Release(outermost);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(_former))
        {
            Environment.CurrentDirectory = _former;
        }

        Release(_outermost);
    }

    private static void Release(bool outermost)
    {
        if (outermost)
        {
            Held.Value = false;
            Turn.Release();
        }
    }
}
