namespace Research.Tests.Tools;

/// <summary>Tells a test that code of a cell in this process has come to a certain place, and lets it go on.</summary>
internal sealed class CellSignal : IDisposable
{
    /// <summary>No verdict: only so that a test that would wait for ever fails.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly string _name = $"signal {Guid.NewGuid():N}";
    private readonly TaskCompletionSource _given = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CellSignal() => AppDomain.CurrentDomain.SetData(_name, (Func<Task>)(() =>
    {
        _given.TrySetResult();
        return _answered.Task;
    }));

    /// <summary>Gets an expression of a cell that gives the signal; its value is a task that ends with
    /// <see cref="Answer"/>.</summary>
    public string Give => "System.Runtime.CompilerServices.Unsafe.As<System.Func<System.Threading.Tasks.Task>>("
        + $"System.AppDomain.CurrentDomain.GetData(\"{_name}\")).Invoke()";

    /// <summary>Waits until the cell has given the signal; fails as the cell does if it ends before.</summary>
    public async Task WaitAsync(Task cell)
    {
        if (await Task.WhenAny(_given.Task, cell).WaitAsync(Patience) == cell)
        {
            await cell;
        }

        Assert.True(_given.Task.IsCompleted, "The cell ended before it gave its signal.");
    }

    /// <summary>Lets whatever waits in the cell go on.</summary>
    public void Answer() => _answered.TrySetResult();

    public void Dispose() => AppDomain.CurrentDomain.SetData(_name, null);
}
