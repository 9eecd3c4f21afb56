using Research.Chain;
using Research.Scripting;
using Research.Scripting.Outputs;
using Research.Tests.Tools;
using Research.Training;

namespace Research.Tests.Directives;

/// <summary>The library's magic commands in this host; what each does is tested in .NET Interactive's.</summary>
public sealed class MagicDirectiveTests : IDisposable
{
    private const string Specs = """
        ModelSpec tiny = new()
        {
            Name = "tiny", Model = new ModelSection([64], Seed: 1, [new Linear(64, 10)]), Optimizer = new Sgd(0.5),
            Training = new TrainingSection(BatchSize: 64, Steps: 20),
            Privacy = new PrivacySection(0.05, ClipNorm: 1, NoiseMultiplier: 2, Delta: 1e-5, EpsilonCap: 8),
        };
        ModelSpec plain = tiny with { Privacy = null };
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly Cells _cells;

    public MagicDirectiveTests() => _cells = new Cells(_folder.Path);

    public void Dispose()
    {
        _cells.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Account_OfAVariableAboveIt_ShowsATable()
    {
        await _cells.RunAsync(Specs + "\n#!account spec tiny");

        Assert.Contains("add or remove one record", _cells.Displays[^1].Bundle.PlainText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_DeclaresTheRunForTheRestOfTheCell()
    {
        await _cells.RunAsync(Specs + "\n#!train plain --data digits\nint steps = run.LossCurve.Count;");

        Assert.True(_cells.Session.TryGetVariable("steps", out object? steps));
        Assert.Equal(20, steps);
        Assert.True(_cells.Session.TryGetVariable("run", out object? run));
        Assert.IsType<TrainingRun>(run);
    }

    [Fact]
    public async Task Train_Plot_IsOneOutputThatGrows()
    {
        await _cells.RunAsync(Specs + "\n#!train plain --data digits");

        DisplayUpdate[] updates = [.. _cells.Outputs.OfType<DisplayUpdate>()];
        Assert.NotEmpty(updates);
        Assert.All(updates, update => Assert.Equal(_cells.Displays[0].DisplayId, update.DisplayId));
        Assert.Contains("1 … 20", updates[^1].Bundle.PlainText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LivePlot_InCode_IsShownByThisHost()
    {
        await _cells.RunAsync(
            Specs + "\nTrainer.Train(plain, Datasets.Open(\"digits\").Train, new() { Progress = LivePlot.Show(\"digits\") });");

        Assert.Equal(
            ["application/vnd.plotly.v1+json", "image/svg+xml", "text/plain"], _cells.Displays[0].Bundle.MimeTypes);
        Assert.NotEmpty(_cells.Outputs.OfType<DisplayUpdate>());
    }

    [Fact]
    public async Task Train_Interrupted_StopsAndKeepsTheVariables()
    {
        await _cells.RunAsync(
            Specs + "\nModelSpec endless = plain with { Training = new TrainingSection(64, Steps: 5_000_000) };");
        using CancellationTokenSource source = new(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _cells.TryAsync("#!train endless --data digits", source.Token));

        Assert.Equal("tiny", await _cells.RunAsync("tiny.Name"));
    }

    [Theory]
    [InlineData("#!train tiny --data nothing", "--data: expected digits, fashion-mnist:FOLDER, mnist:FOLDER or csv:FILE, got nothing.")]
    [InlineData("#!account --bogus 3", "option: expected one of --sample-rate, --noise-multiplier, --steps, --delta, --target-epsilon, got --bogus.")]
    [InlineData("#!chain down", "down: no chain runs here: #!chain up starts one.")]
    [InlineData("#!ledger", "VERB: expected show, statement, verify, new, got nothing.")]
    [InlineData("#!audit", "SPEC: expected a variable of type ModelSpec or a specification's file, got nothing.")]
    [InlineData("#!task list --market x", "--market: Expected an address, 0x and 40 hex digits, got \"x\".")]
    public async Task BadInput_IsOneLineThatNamesTheOption(string line, string expected)
    {
        await _cells.RunAsync(Specs);

        CellError error = await _cells.FailAsync(line);

        Assert.Equal($"{line.Split(' ')[0]}: {expected}", error.Message);
    }

    [Fact]
    public async Task SpecFile_IsFoundInTheSessionsFolder()
    {
        await _cells.RunAsync(Specs);
        await _cells.RunAsync($"File.WriteAllBytes(@\"{_folder.Path}/tiny.json\", tiny.ToCanonicalJson());");

        await _cells.RunAsync("#!account spec tiny.json");

        Assert.Contains("tiny", _cells.Displays[^1].Bundle.PlainText, StringComparison.Ordinal);
    }

    [RequiresFact("node", "npm")]
    public async Task Chain_EndsWithTheSession()
    {
        NodeTools.EnsureInstalled();
        Uri endpoint;
        using (Cells cells = new(_folder.Path))
        {
            await cells.RunAsync("#!chain up");
            Assert.True(cells.Session.TryGetVariable("chain", out object? chain));
            endpoint = Assert.IsType<DevChain>(chain).Endpoint;
            await cells.RunAsync("#!task list");
        }

        using HttpClient client = new();
        using CancellationTokenSource patience = new(TimeSpan.FromMinutes(2));
        while (await AnswersAsync(client, endpoint))
        {
            await Task.Delay(50, patience.Token);
        }
    }

    [Fact]
    public async Task Completion_OffersVerbsOptionsDataSetsAndSpecifications()
    {
        await _cells.RunAsync(Specs);
        await _cells.RunAsync($"File.WriteAllBytes(@\"{_folder.Path}/tiny.json\", tiny.ToCanonicalJson());");

        Assert.Contains("#!train", await CompleteAsync("#!tra"));
        Assert.Superset(new HashSet<string>(["tiny", "plain", "tiny.json", "--data"]), await CompleteAsync("#!train "));
        Assert.Contains("digits", await CompleteAsync("#!train tiny --data "));
        Assert.Contains("statement", await CompleteAsync("#!ledger st"));
        Assert.Contains("--noise-multiplier", await CompleteAsync("#!account --noi"));
    }

    private static async Task<bool> AnswersAsync(HttpClient client, Uri endpoint)
    {
        try
        {
            using HttpResponseMessage answer = await client.GetAsync(endpoint);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<HashSet<string>> CompleteAsync(string code) =>
        [.. (await _cells.Session.Intelligence.CompleteAsync(code, code.Length)).Items.Select(item => item.Text)];
}
