using Research.Federation.Scoring;
using Research.Storage;
using Research.Training;

namespace Research.Tests.Federation.Scoring;

public sealed class EvaluationSetTests
{
    [Fact]
    public void Parse_WhatWasCommitted_GivesTheRecordsBack()
    {
        EvaluationSet made = EvaluationSet.Create(FederatedDigits.Split.Test);

        EvaluationSet parsed = EvaluationSet.Parse(made.Hash, made.Bytes.ToArray());

        Assert.Equal(made.Records.Inputs.ToArray(), parsed.Records.Inputs.ToArray());
        Assert.Equal(made.Records.Labels.ToArray(), parsed.Records.Labels.ToArray());
    }

    [Fact]
    public void Create_SameRecordsTwice_HidesThatTheyAreTheSame() =>
        Assert.NotEqual(
            EvaluationSet.Create(FederatedDigits.Split.Test).Hash, EvaluationSet.Create(FederatedDigits.Split.Test).Hash);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public void ForRounds_Records_AreEachInOneRoundAndEveryClassInAll(int rounds)
    {
        IReadOnlyList<EvaluationSet> sets = EvaluationSet.ForRounds(FederatedDigits.Split.Test, rounds);

        Assert.Equal(rounds, sets.Select(set => set.Hash).Distinct().Count());
        Assert.Equal(360, sets.Sum(set => set.Records.Count));
        string[] inputs = [.. sets.SelectMany(set => set.Records.Inputs.ToArray().Chunk(64)).Select(one => string.Join(' ', one)).Order()];
        Assert.Equal(FederatedDigits.Split.Test.Inputs.ToArray().Chunk(64).Select(one => string.Join(' ', one)).Order(), inputs);
        Assert.All(sets, set => Assert.Equal(10, set.Records.Labels.ToArray().Distinct().Count()));
    }

    [Fact]
    public void Parse_OtherBytes_NamesBothHashes()
    {
        EvaluationSet made = EvaluationSet.Create(FederatedDigits.Split.Test);
        byte[] bytes = made.Bytes.ToArray();
        bytes[^1] ^= 1;

        InvalidDataException error = Assert.Throws<InvalidDataException>(
            () => EvaluationSet.Parse(made.Hash, bytes));

        Assert.Contains($"expected SHA-256 {made.Hash}, got {ContentHash.Of(bytes)}", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Malformed => new()
    {
        { "no inputs", "Expected a tensor 'inputs'" },
        { "label out of range", "labels" },
        { "too few inputs", "input numbers" },
        { "no records", "expected one record or more" },
        { "no classes", "metadata classes" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Parse_CommittedButMalformed_SaysWhatIsWrong(string kind, string expected)
    {
        float[] inputs = kind == "no records" ? [] : kind == "too few inputs" ? [1f] : [1f, 2f];
        int[] labels = kind == "no records" ? [] : kind == "label out of range" ? [0, 7] : [0, 1];
        Dictionary<string, string> metadata = new() { ["format"] = "research-evaluation/1" };
        if (kind != "no classes")
        {
            metadata["classes"] = "2";
        }

        byte[] bytes = Safetensors.Write(
            [
                SafeTensor.Of<float>(kind == "no inputs" ? "features" : "inputs", [inputs.Length, 1], inputs),
                SafeTensor.Of<int>("labels", [labels.Length], labels),
            ],
            metadata);

        InvalidDataException error = Assert.Throws<InvalidDataException>(
            () => EvaluationSet.Parse(ContentHash.Of(bytes), bytes));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
