using Research.Federation.Evaluation;
using Research.Storage;
using Research.Training;
using Research.Training.Data;
using Research.Training.Layers;

namespace Research.Tests.Federation.Evaluation;

public sealed class EvaluationRecordsTests : IDisposable
{
    private static readonly Dataset Digits = FederatedDigits.Split.Test;
    private static readonly int[] NoLabels = [0, 0];
    private static readonly int[] SixLabels = [0, 1, 2, 3, 4, 32767];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("research-records-");

    public void Dispose() => _folder.Delete(recursive: true);

    // D + 1 numbers that end one before, at, and one after a leaf of 128 bytes.
    [Theory]
    [InlineData(62)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(1)]
    public void Create_Records_AreWhatThePlainReadingGivesBack(int size)
    {
        Random random = new(size);
        float[] inputs = [.. Enumerable.Range(0, 6 * size).Select(_ => random.Next(-32767, 32768) / 16f)];
        Dataset records = new(inputs, SixLabels, [size], 32768);

        EvaluationRecords made = EvaluationRecords.Create(records, fraction: 4);

        byte[] file = made.Committed.Bytes.ToArray();
        byte[] keys = made.AllKeys.ToArray();
        int bytes = ((2 * (size + 1)) + 127) / 128 * 128;
        Assert.Equal(6 * bytes, file.Length);
        Assert.Equal(PlainRecords.Root(file), made.Commitment.Records.ToArray());
        Assert.Equal(PlainRecords.KeyRoot(keys), made.Commitment.Keys.ToArray());
        Assert.Equal(ContentHash.Of(file), made.Commitment.Sha256);
        Assert.Equal(6, keys.Chunk(32).Select(Convert.ToHexString).Distinct().Count());
        for (int i = 0; i < 6; i++)
        {
            int[] numbers = PlainRecords.Decode(file[(i * bytes)..((i + 1) * bytes)], keys[(32 * i)..(32 * (i + 1))], size);
            Assert.Equal(inputs[(i * size)..((i + 1) * size)], numbers[..size].Select(number => number / 16f));
            Assert.Equal(records.Labels.Span[i], numbers[size]);
        }

        Assert.Equal(inputs, made.Records.Inputs.ToArray());
        Assert.Equal(records.Labels.ToArray(), made.Records.Labels.ToArray());
    }

    [Fact]
    public void Create_SameRecordsTwice_HidesThatTheyAreTheSame()
    {
        EvaluationCommitment first = EvaluationRecords.Create(Digits).Commitment;
        EvaluationCommitment second = EvaluationRecords.Create(Digits).Commitment;

        Assert.NotEqual(first.Sha256, second.Sha256);
        Assert.NotEqual(first.Records, second.Records);
        Assert.NotEqual(first.Keys, second.Keys);
    }

    [Theory]
    [InlineData(1f, 14)]
    [InlineData(0.5f, 15)]
    [InlineData(0f, 15)]
    [InlineData(1.001f, 13)]
    [InlineData(-255f, 6)]
    [InlineData(16384f, 0)]
    [InlineData(1e30f, 0)]
    [InlineData(float.NaN, 0)]
    public void FractionFor_LargestInput_StaysAtHalfOf16Bits(float largest, int expected) =>
        Assert.Equal(expected, EvaluationRecords.FractionFor(new Dataset(new[] { 0, largest }, NoLabels, [1], 2)));

    [Theory]
    [InlineData(32768f, 0)]
    [InlineData(-2.0001f, 14)]
    [InlineData(float.NaN, 0)]
    [InlineData(float.PositiveInfinity, 0)]
    public void Create_InputThatDoesNotFit_IsRefusedByName(float input, int fraction)
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => EvaluationRecords.Create(
            new Dataset(new[] { 0, input }, NoLabels, [1], 2), fraction));

        Assert.Contains($"32767 times 2^-{fraction}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("in record 1", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 180)]
    [InlineData(3, 60)]
    [InlineData(7, 25)]
    [InlineData(3, 50)]
    public void ForRounds_Records_AreEachInOneRoundAndEveryClassEvenlyInAll(int rounds, int examples)
    {
        IReadOnlyList<EvaluationRecords> made = EvaluationRecords.ForRounds(Digits, rounds, examples);

        Assert.All(made, one => Assert.Equal((examples, 2 * examples), (one.Examples, one.Records.Count)));
        string[] inputs = [.. made.SelectMany(one => one.Records.Inputs.ToArray().Chunk(64)).Select(one => string.Join(' ', one))];
        string[] given = [.. Digits.Inputs.ToArray().Chunk(64).Select(one => string.Join(' ', one))];
        Assert.Equal(inputs.Length, inputs.Intersect(given).Count());
        foreach (EvaluationRecords one in made)
        {
            int[] labels = one.Records.Labels.ToArray();
            int mixed = Enumerable.Range(0, examples).Count(pair => labels[2 * pair] != labels[(2 * pair) + 1]);
            Assert.InRange(mixed, 0, 5); // One of each class with an odd number is left over, at most.
            RecordChoice choice = RecordChoice.Of(new byte[32], 1, 0, examples);
            int[] sample = Counts(one.Sample(choice).Records.Labels.ToArray());
            int[] scoring = Counts(one.Scoring(choice).ToDataset().Labels.ToArray());
            Assert.All(sample.Zip(scoring), both => Assert.InRange(Math.Abs(both.First - both.Second), 0, 5));
            Assert.All(scoring, count => Assert.InRange(count, (examples / 10) - 4, (examples / 10) + 4));
        }

        static int[] Counts(int[] labels) => [.. Enumerable.Range(0, 10).Select(label => labels.Count(one => one == label))];
    }

    [Fact]
    public void ForRounds_TooFewRecords_SaysHowManyItTakes()
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => EvaluationRecords.ForRounds(Digits, 3, 61));

        Assert.Contains("at least 366 records", refused.Message, StringComparison.Ordinal);
        Assert.Contains("got 360", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => EvaluationRecords.ForRounds(Digits.Select([0]), 1));
    }

    [Fact]
    public void Halves_OfARound_AreAllOfItsRecordsAndHaveNoneInCommon()
    {
        EvaluationRecords round = FederatedDigits.Rounds[0];
        RecordChoice choice = FederatedDigits.ChoiceOf(0);
        ScoringRecords scoring = round.Scoring(choice);
        Dataset both = round.Records;

        for (int pair = 0; pair < 60; pair++)
        {
            Assert.Equal(
                both.Inputs.Slice(64 * choice.Scoring(pair), 64).ToArray(),
                scoring.ToDataset().Inputs.Slice(64 * pair, 64).ToArray());
            Assert.Equal(
                both.Inputs.Slice(64 * choice.Opened(pair), 64).ToArray(),
                round.Sample(choice).Records.Inputs.Slice(64 * pair, 64).ToArray());
        }

        Assert.Equal(
            scoring.ToDataset().Inputs.ToArray(), scoring.Inputs.ToArray().Select(number => number / 16384f));
        Assert.Equal(scoring.Labels.ToArray().Select(label => (int)label), scoring.ToDataset().Labels.ToArray());
    }

    [Fact]
    public async Task KeepAsync_ThenFindAsync_GivesTheRecordsBack()
    {
        FolderStore own = new(_folder.FullName);
        Assert.Null(await EvaluationRecords.FindAsync(FederatedDigits.Spec, 1, own));
        await FederatedDigits.Rounds[1].KeepAsync(own);
        await FederatedDigits.Rounds[1].KeepAsync(own);

        EvaluationRecords? found = await EvaluationRecords.FindAsync(FederatedDigits.Spec, 1, own);

        Assert.Equal(FederatedDigits.Rounds[1].AllKeys.ToArray(), found!.AllKeys.ToArray());
        Assert.Equal(FederatedDigits.Rounds[1].Records.Inputs.ToArray(), found.Records.Inputs.ToArray());
        Assert.Null(await EvaluationRecords.FindAsync(FederatedDigits.Spec, 0, own));
    }

    [Fact]
    public void InputsFor_SpecificationWithFeatures_CommitsToTheFeatures()
    {
        ModelSpec spec = ModelSpec.Load(Path.Combine(SpecFolder(), "fashion-scatter-linear.json")) with { Task = null };
        Dataset images = new(new float[2 * 784], new int[2], [1, 28, 28], 10);

        Dataset features = EvaluationRecords.InputsFor(spec, images);

        Assert.Equal(spec.GetParameters()[0].Shape[0] == 10 ? spec.GetParameters()[0].Shape[1] : spec.GetParameters()[0].Shape[0],
            features.Inputs.Length / 2);
        Assert.Throws<SpecException>(() => EvaluationRecords.InputsFor(
            FederatedDigits.Spec with { Model = new ModelSection([3], 1, [new Linear(3, 10)]) }, Digits));
    }

    private static string SpecFolder()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Research.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return Path.Combine(folder, "notebooks", "specs");
    }
}
