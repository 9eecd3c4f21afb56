using Research.Federation.Evaluation;
using Research.Training.Data;

namespace Research.Tests.Federation.Evaluation;

public sealed class EvaluationSampleTests
{
    private static readonly EvaluationRecords Round = FederatedDigits.Rounds[0];
    private static readonly RecordChoice Choice = FederatedDigits.ChoiceOf(0);

    [Fact]
    public void SampleKeys_File_HoldsNoKeyThatScores()
    {
        byte[] file = Round.SampleKeys(Choice);
        byte[] keys = Round.AllKeys.ToArray();

        for (int pair = 0; pair < 60; pair++)
        {
            Assert.True(file.AsSpan().IndexOf(Key(Choice.Opened(pair))) >= 0);
            Assert.Equal(-1, file.AsSpan().IndexOf(Key(Choice.Scoring(pair))));
        }

        ReadOnlySpan<byte> Key(int record) => keys.AsSpan(32 * record, 32);
    }

    // With another choice the file would open the other half: whoever reads derives the choice from the chain.
    [Fact]
    public void Open_FileOfAnotherChoice_IsRefused()
    {
        byte[] other = Round.SampleKeys(RecordChoice.Of(new byte[32], 2, 0, 60));

        InvalidDataException refused = Assert.Throws<InvalidDataException>(
            () => EvaluationSample.Open(Round.Committed, Choice, other, "a file"));

        Assert.StartsWith("a file: expected the root (keys) ", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(
            () => EvaluationSample.Open(Round.Committed, RecordChoice.Of(new byte[32], 1, 0, 61), other));
    }

    // Any bytes but the file itself, of any length: refused, with a message that names the file.
    [Fact]
    public void Open_FuzzedFiles_AreRefusedByName()
    {
        byte[] file = Round.SampleKeys(Choice);
        Random random = new(1);
        for (int i = 0; i < 200; i++)
        {
            byte[] fuzzed = (i % 4) switch
            {
                0 => [.. file[..random.Next(file.Length)]],
                1 => [.. file, .. new byte[random.Next(1, 200)]],
                2 => Flipped(file, random.Next(8 * file.Length)),
                _ => Drawn(random, file.Length),
            };

            InvalidDataException refused = Assert.Throws<InvalidDataException>(
                () => EvaluationSample.Open(Round.Committed, Choice, fuzzed, "a file"));

            Assert.StartsWith("a file: expected ", refused.Message, StringComparison.Ordinal);
        }

        static byte[] Flipped(byte[] file, int bit)
        {
            byte[] flipped = [.. file];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            return flipped;
        }

        static byte[] Drawn(Random random, int length)
        {
            byte[] drawn = new byte[length];
            random.NextBytes(drawn);
            return drawn;
        }
    }

    [Fact]
    public void Check_HonestRecords_FindsNothing()
    {
        SampleFindings findings = Round.Sample(Choice).Check();

        Assert.False(findings.IsSuspicious);
        Assert.Equal((60, 10, 0), (findings.ClassCounts.Sum(), findings.ClassCounts.Count, findings.MissingClasses.Count));
    }

    // A sponsor that publishes random bytes is found, whatever the keys.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Check_RandomBytes_AreFound(int seed)
    {
        (CommittedRecords committed, byte[] keys) = CommittedRecordsTests.Garbage(seed);

        SampleFindings findings =
            EvaluationSample.Open(committed, Choice, RecordKeys.WriteSample(keys, Choice)).Check();

        Assert.True(findings.IsSuspicious);
        Assert.InRange(findings.LabelsOutOfRange, 58, 60);
    }

    public static TheoryData<string, Func<int, float[]>, Func<int, int>> Odd => new()
    {
        { "constant", record => [record, record], record => record % 2 },
        { "duplicates", record => [record % 10, 1], record => record % 2 },
        { "limits", record => [record, 32767], record => record % 2 },
        { "limits", record => [record, -32767], record => record % 2 },
        { "missing", record => [record, -1], _ => 1 },
    };

    [Theory]
    [MemberData(nameof(Odd))]
    public void Check_OddRecords_AreFoundByKind(string kind, Func<int, float[]> input, Func<int, int> label)
    {
        Dataset records = new(
            Enumerable.Range(0, 120).SelectMany(record => input(record / 2)).ToArray(),
            Enumerable.Range(0, 120).Select(record => label(record / 2)).ToArray(),
            [2],
            2);

        SampleFindings findings = EvaluationRecords.Create(records, 0).Sample(Choice).Check();

        Assert.True(findings.IsSuspicious);
        Assert.Equal(
            kind switch { "constant" => 60, "duplicates" => 50, "limits" => 60, _ => 1 },
            kind switch
            {
                "constant" => findings.ConstantInputs,
                "duplicates" => findings.Duplicates,
                "limits" => findings.NumbersAtLimits,
                _ => findings.MissingClasses.Count,
            });
    }
}
