using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;
using Research.Privacy;
using Research.Privacy.Ledger;
using Research.Training;

namespace Research.Tests.Magics;

public sealed class TrainMagicTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("research-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Train_AVariable_DeclaresTheRunAndShowsAccuracyAndCost()
    {
        using NotebookKernel kernel = await NotebookKernel.StartAsync();

        IReadOnlyList<DisplayEvent> shown = await kernel.MustRunAsync(SpecSource.Private + "\n#!train tiny --data digits");

        TrainingRun run = Assert.IsType<TrainingRun>(kernel.Variable("run"));
        Assert.True(run.IsNoiseCryptographic);
        string text = NotebookKernel.Text(shown[^1]);
        Assert.Contains("accuracy", text, StringComparison.Ordinal);
        Assert.Contains(EpsilonText.Spent(EpsilonText.Of(run.Spec.PrivacyEvents, 1e-5)!.Value), text, StringComparison.Ordinal);
        Assert.Contains("add or remove one record", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_Plot_IsOneOutputThatGrows()
    {
        using NotebookKernel kernel = await NotebookKernel.StartAsync();

        IReadOnlyList<DisplayEvent> shown = await kernel.MustRunAsync(
            SpecSource.Plain + "\n#!train plain --data digits --name mine");

        DisplayedValueUpdated[] updates = [.. shown.OfType<DisplayedValueUpdated>()];
        Assert.NotEmpty(updates);
        Assert.Equal(shown[0].ValueId, Assert.Single(updates.Select(update => update.ValueId).Distinct()));
        Assert.Contains("1 … 20", NotebookKernel.Text(updates[^1]), StringComparison.Ordinal);
        Assert.IsType<TrainingRun>(kernel.Variable("mine"));
    }

    [Fact]
    public async Task Train_ThenCodeInTheSameCell_SeesTheRun()
    {
        using NotebookKernel kernel = await NotebookKernel.StartAsync();

        await kernel.MustRunAsync(SpecSource.Plain + "\n#!train plain --data digits\nint steps = run.LossCurve.Count;");

        Assert.Equal(20, kernel.Variable("steps"));
    }

    [Fact]
    public async Task Train_ForAnEpsilon_AsksTheLedgerAndChargesNothing()
    {
        using NotebookKernel kernel = await NotebookKernel.StartAsync();

        string text = await kernel.TextAsync(
            SpecSource.Private + $"\n#!train tiny --data digits --epsilon 2 --ledger \"{_folder}/home\"");

        TrainingRun run = (TrainingRun)kernel.Variable("run")!;
        Assert.NotEqual(2, run.Spec.Privacy!.NoiseMultiplier);
        Assert.InRange(EpsilonText.Of(run.Spec.PrivacyEvents, PrivacyLedger.DefaultDelta)!.Value, 1, 2);
        Assert.Contains("nothing is charged", text, StringComparison.Ordinal);
        Assert.False(Directory.Exists($"{_folder}/home")); // No ledger is made on the way.
    }

    [Fact]
    public async Task Train_OwnRecords_AreNotMeasured()
    {
        File.WriteAllLines(
            $"{_folder}/own.csv", Enumerable.Range(0, 60).Select(i => $"{i % 7},{i % 5},{i % 2}"));
        using NotebookKernel kernel = await NotebookKernel.StartAsync();

        string text = await kernel.TextAsync(
            SpecSource.Private
            + "\nModelSpec two = tiny with { Model = new ModelSection([2], Seed: 1, [new Linear(2, 2)]) };"
            + $"\n#!train two --data csv:{_folder}/own.csv");

        Assert.Contains("looking at your own records is a release", text, StringComparison.Ordinal);
        Assert.Null(((TrainingRun)kernel.Variable("run")!).LossCurve[^1].Validation);
    }

    [Theory]
    [InlineData("tiny --data nothing", "--data: expected digits, fashion-mnist:FOLDER, mnist:FOLDER or csv:FILE, got nothing.")]
    [InlineData("tiny", "--data: expected digits, fashion-mnist:FOLDER, mnist:FOLDER or csv:FILE, got nothing.")]
    [InlineData("--data digits", "SPEC: expected a variable of type ModelSpec or a specification's file, got nothing.")]
    [InlineData("number --data digits", "SPEC: expected a ModelSpec, got the variable number of type Int32.")]
    [InlineData("tiny --data digits --name int", "--name: expected a variable's name: letters, digits and _, no word of C#, got int.")]
    [InlineData("tiny --data digits --epsilon -1", "--epsilon: expected a number above 0, got -1.")]
    [InlineData("tiny --data digits --seed 3", "--seed: leave it out: with privacy there is no shuffle, and sampling and noise are secret.")]
    [InlineData("plain --data digits --epsilon 2", "--epsilon: leave it out, or train with privacy: plain has no $.privacy.")]
    [InlineData("tiny more --data digits", "words: expected at most 1, as in #!train SPEC --data NAME [--name run] [--epsilon E] [--ledger FOLDER], got tiny more.")]
    public async Task Train_BadInput_IsOneLineAndTrainsNothing(string arguments, string expected)
    {
        using NotebookKernel kernel = await NotebookKernel.StartAsync();
        await kernel.MustRunAsync(SpecSource.Plain + "\nint number = 3;");

        (_, string? error) = await kernel.RunAsync($"#!train {arguments}");

        Assert.Equal($"#!train: {expected}", error);
        Assert.Null(kernel.Variable("run"));
    }

    [Fact]
    public async Task Train_ASpecThatDoesNotFitTheData_NamesTheField()
    {
        using NotebookKernel kernel = await NotebookKernel.StartAsync();

        (_, string? error) = await kernel.RunAsync(
            SpecSource.Plain + "\nModelSpec narrow = plain with { Model = new ModelSection([64], 1, [new Linear(64, 8)]) };"
            + "\n#!train narrow --data digits");

        Assert.StartsWith("#!train: $.model", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_Cancelled_StopsAndTheKernelGoesOn()
    {
        using NotebookKernel kernel = await NotebookKernel.StartAsync();
        await kernel.MustRunAsync(
            SpecSource.Plain + "\nModelSpec endless = plain with { Training = new TrainingSection(64, Steps: 5_000_000) };");
        Task<(IReadOnlyList<DisplayEvent> Shown, string? Error)> training = kernel.RunAsync("#!train endless --data digits");
        await Task.Delay(TimeSpan.FromSeconds(1));

        await kernel.Root.SendAsync(new Cancel(kernel.CSharp.Name)); // What an interrupt becomes.
        (_, string? error) = await training;

        Assert.NotNull(error);
        Assert.Null(kernel.Variable("run"));
        await kernel.MustRunAsync("int after = 1;");
    }

    [Fact]
    public async Task Completion_OffersSpecificationsAndDataSets()
    {
        using NotebookKernel kernel = await NotebookKernel.StartAsync();
        await kernel.MustRunAsync(SpecSource.Private);

        Assert.Contains("tiny", await kernel.CompleteAsync("#!train "));
        Assert.Contains("digits", await kernel.CompleteAsync("#!train tiny --data "));
    }
}
