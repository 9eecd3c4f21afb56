using Research.Federation.Evaluation;
using Research.Federation.Trace;
using Research.Storage;
using Research.Training;

namespace Research.Tests.Federation.Evaluation;

public sealed class CommittedRecordsTests
{
    private static readonly EvaluationRecords Round = FederatedDigits.Rounds[0];
    private static readonly RecordChoice Choice = FederatedDigits.ChoiceOf(0);

    [Fact]
    public void Parse_WhatWasCommitted_IsTaken() =>
        Assert.Equal(
            Round.Commitment, CommittedRecords.Parse(FederatedDigits.Spec, 0, Round.Committed.Bytes.Span).Commitment);

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(-30720)]
    public void Parse_OtherSize_SaysWhichBeforeHashing(int more)
    {
        byte[] file = [.. Round.Committed.Bytes.Span, 0];

        InvalidDataException refused = Assert.Throws<InvalidDataException>(
            () => CommittedRecords.Parse(FederatedDigits.Spec, 0, file.AsSpan(0, 30720 + more), "a file"));

        Assert.Equal(
            $"a file: expected 30720 bytes, 120 records of 256; got {30720 + more}.", refused.Message);
    }

    [Fact]
    public void Parse_OtherBytesOrAnotherRounds_NamesBothHashes()
    {
        byte[] file = Round.Committed.Bytes.ToArray();
        file[77] ^= 1;

        InvalidDataException refused = Assert.Throws<InvalidDataException>(
            () => CommittedRecords.Parse(FederatedDigits.Spec, 0, file, "a file"));

        Assert.Equal(
            $"a file: expected sha256 {Round.Commitment.Sha256}, got {ContentHash.Of(file)}.", refused.Message);
        Assert.Throws<InvalidDataException>(
            () => CommittedRecords.Parse(FederatedDigits.Spec, 1, Round.Committed.Bytes.Span));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => CommittedRecords.Parse(FederatedDigits.Spec, 3, Round.Committed.Bytes.Span));
    }

    [Fact]
    public void Parse_OtherRoot_NamesBoth()
    {
        TreeHash other = new(new byte[32]);
        ModelSpec spec = With(Round.Commitment with { Records = other });

        InvalidDataException refused = Assert.Throws<InvalidDataException>(
            () => CommittedRecords.Parse(spec, 0, Round.Committed.Bytes.Span, "a file"));

        Assert.Equal(
            $"a file: expected the root (records) {other}, got {Round.Commitment.Records}.", refused.Message);
    }

    public static TheoryData<string, Func<byte[], byte[]>> Wrongs => new()
    {
        { "bytes, 120 keys; got 0", _ => [] },
        { "bytes, 120 keys; got 3839", keys => keys[..^1] },
        { "bytes, 120 keys; got 3841", keys => [.. keys, 0] },
        { "the root (keys)", keys => [.. keys[..^1], (byte)(keys[^1] ^ 1)] },
        { "the root (keys)", keys => [.. keys[32..64], .. keys[..32], .. keys[64..]] },
        { "the root (keys)", _ => new byte[3840] },
    };

    [Theory]
    [MemberData(nameof(Wrongs))]
    public void Open_WrongKeys_AreRefusedWithWhatWasExpected(string expected, Func<byte[], byte[]> spoil)
    {
        InvalidDataException refused = Assert.Throws<InvalidDataException>(
            () => ScoringRecords.Open(Round.Committed, Choice, spoil(Round.AllKeys.ToArray()), "a file"));

        Assert.StartsWith("a file: expected ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    // Whatever bytes a sponsor commits to, under whatever keys: they decode, by rule, to records in range.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Open_GarbageThatWasCommittedTo_DecodesTotally(int seed)
    {
        (CommittedRecords committed, byte[] keys) = Garbage(seed);

        ScoringRecords scoring = ScoringRecords.Open(committed, Choice, keys);

        Assert.Equal((60, 60 * 64), (scoring.Count, scoring.Inputs.Length));
        Assert.DoesNotContain(short.MinValue, scoring.Inputs.ToArray());
        Assert.All(scoring.Labels.ToArray(), label => Assert.InRange(label, 0, 9));
        for (int pair = 0; pair < 60; pair++)
        {
            int record = Choice.Scoring(pair);
            int[] plain = PlainRecords.Decode(
                committed.Bytes.Slice(256 * record, 256).ToArray(), keys[(32 * record)..(32 * (record + 1))], 64);
            Assert.Equal(
                plain[..64].Select(number => Math.Max(number, -32767)),
                scoring.Inputs.Slice(64 * pair, 64).ToArray().Select(number => (int)number));
            Assert.Equal(Math.Clamp(plain[64], 0, 9), scoring.Labels.Span[pair]);
        }
    }

    // Ciphertext under a pad that is chosen here: the extremes of 16 bits, and labels on both sides of the classes.
    [Theory]
    [InlineData(-32768, -32767, -32768, 0)]
    [InlineData(-32767, -32767, -1, 0)]
    [InlineData(32767, 32767, 32767, 9)]
    [InlineData(0, 0, 10, 9)]
    [InlineData(1, 1, 9, 9)]
    public void Open_ExtremesOf16Bits_AreReadAsTheFormatSays(int written, int read, int label, int clamped)
    {
        RecordFormat format = RecordFormat.Of(FederatedDigits.Spec);
        short[] numbers = [.. Enumerable.Range(0, 120 * 65).Select(i => (short)(i % 65 == 64 ? label : written))];
        byte[] keys = RecordKeys.Derive(new byte[32], 120);
        CommittedRecords committed = CommittedRecords.Seal(format, numbers, keys);

        ScoringRecords scoring = ScoringRecords.Open(committed, Choice, keys);

        Assert.All(scoring.Inputs.ToArray(), number => Assert.Equal(read, number));
        Assert.All(scoring.Labels.ToArray(), one => Assert.Equal(clamped, one));
        Assert.All(scoring.ToDataset().Inputs.ToArray(), input => Assert.Equal(read / 16384.0, input));
    }

    internal static (CommittedRecords Committed, byte[] Keys) Garbage(int seed)
    {
        Random random = new(seed);
        byte[] file = new byte[30720];
        byte[] keys = new byte[120 * 32];
        random.NextBytes(file);
        random.NextBytes(keys);
        EvaluationCommitment commitment = new(
            new TreeHash(PlainRecords.KeyRoot(keys)), new TreeHash(PlainRecords.Root(file)), ContentHash.Of(file));
        return (CommittedRecords.Parse(With(commitment), 0, file), keys);
    }

    private static ModelSpec With(EvaluationCommitment first) => FederatedDigits.Spec with
    {
        Task = FederatedDigits.Spec.Task! with
        {
            Evaluation = FederatedDigits.Spec.Task.Evaluation with
            {
                Rounds = [first, .. FederatedDigits.Spec.Task.Evaluation.Rounds.Skip(1)],
            },
        },
    };
}
