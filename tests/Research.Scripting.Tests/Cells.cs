using Research.Scripting;
using Research.Scripting.Input;
using Research.Scripting.Outputs;

namespace Research.Tests;

/// <summary>A session with the outputs of its cells, as a front end would see them.</summary>
internal sealed class Cells : IDisposable
{
    private int _count;

    public Cells(string? folder = null, Func<InputRequest, CancellationToken, Task<string?>>? readLine = null) =>
        Session = new ScriptSession(new ScriptSessionOptions { Folder = folder, ReadLine = readLine });

    public ScriptSession Session { get; }

    public List<CellOutput> Outputs { get; } = [];

    public CellError? Error { get; private set; }

    public string StandardOutput => Stream("stdout");

    public string StandardError => Stream("stderr");

    public IReadOnlyList<DisplayOutput> Displays => [.. Outputs.OfType<DisplayOutput>()];

    /// <summary>Runs a cell that must succeed and gives its value.</summary>
    public async Task<object?> RunAsync(string code)
    {
        CellResult result = await TryAsync(code);
        Assert.True(result.Succeeded, result.Error is null ? "" : string.Join('\n', result.Error.Traceback));
        return result.Value;
    }

    /// <summary>Runs a cell that must fail and gives its error.</summary>
    public async Task<CellError> FailAsync(string code) =>
        (await TryAsync(code)).Error ?? throw new InvalidOperationException("The cell succeeded.");

    public async Task<CellResult> TryAsync(string code, CancellationToken cancellationToken = default)
    {
        Outputs.Clear();
        CellResult result = await Session.ExecuteAsync(
            new CellSource(code, $"cell {++_count}"), Outputs.Add, cancellationToken);
        Error = result.Error;
        return result;
    }

    public MimeBundle Result => Assert.Single(Outputs.OfType<ResultOutput>()).Bundle;

    public void Dispose() => Session.Dispose();

    private string Stream(string name) => string.Concat(
        Outputs.OfType<StreamOutput>().Where(stream => stream.Name == name).Select(stream => stream.Text));
}
