using System.Buffers.Binary;
using Research.Chain.Primitives;
using Research.Federation;
using Research.Federation.Aggregation;
using Research.Privacy.Ledger;
using Research.Training;

namespace Research.Tests.Federation;

public sealed class ModelUpdateTests : IDisposable
{
    private static readonly GlobalModel Start = GlobalModel.Initial(FederatedDigits.Spec);
    private static readonly TrainingRun Run = FederatedDigits.Train(Start, 0, 5);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("research-update-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Release_PrivateRun_ChargesTheLedgerAndMovesTheModelByTheRun()
    {
        PrivacyLedger ledger = Ledger(20);

        ModelUpdate update = ModelUpdate.Release(Run, Start, 0, ledger, "test", insecure: true);

        Assert.Equal(Run.Privacy! with { Steps = 90 }, Assert.Single(Assert.Single(ledger.Entries).Plan));
        Assert.Equal(ledger.Entries[0], update.Entry);
        GlobalModel next = Start.Average([update]);
        float[] moved = next.ToCheckpoint().Values.ToArray();
        for (int i = 0; i < moved.Length; i++)
        {
            Assert.Equal(Run.Final.Values[i], moved[i], 0.5 / FixedPoint.UnitsPerOne);
        }
    }

    [Fact]
    public void Release_OverBudget_ThrowsAndChargesNothing()
    {
        PrivacyLedger ledger = Ledger(0.5);

        Assert.Throws<BudgetExceededException>(() => ModelUpdate.Release(Run, Start, 0, ledger, "test", insecure: true));
        Assert.Empty(ledger.Entries);
    }

    [Fact]
    public void Release_NotPrivateOrFromOtherWeights_ThrowsAndChargesNothing()
    {
        PrivacyLedger ledger = Ledger(20);
        TrainingRun open = Trainer.Train(FederatedDigits.Spec with { Privacy = null }, FederatedDigits.Split.Train);

        ArgumentException notPrivate =
            Assert.Throws<ArgumentException>(() => ModelUpdate.Release(open, Start, 0, ledger, "test", insecure: true));
        Assert.Contains("private", notPrivate.Message, StringComparison.Ordinal);
        GlobalModel other = GlobalModel.Initial(
            FederatedDigits.Spec with { Model = FederatedDigits.Spec.Model with { Seed = 2 } });
        Assert.Throws<ArgumentException>(() => ModelUpdate.Release(Run, other, 0, ledger, "test", insecure: true));
        Assert.Empty(ledger.Entries);
    }

    [Fact]
    public void Parse_WhatWasReleased_GivesItBack()
    {
        ModelUpdate update = ModelUpdate.Release(Run, Start, 2, Ledger(20), "test", insecure: true);

        ModelUpdate parsed = ModelUpdate.Parse(Start, 2, update.Bytes.Span);

        Assert.Equal(update.Hash, parsed.Hash);
        Assert.Equal(update.Delta.ToArray(), parsed.Delta.ToArray());
    }

    // Oracle: SCORING.md's tree once more, with Nethereum's keccak.
    [Fact]
    public void Root_OfAnUpdate_IsThatOfTheTreeOverItsBigEndianNumbers()
    {
        ModelUpdate update = ModelUpdate.Release(Run, Start, 2, Ledger(20), "test", insecure: true);
        byte[] bytes = new byte[16384]; // 2,410 numbers of 4 bytes, filled up to 128 leaves.
        foreach ((int i, int number) in update.Delta.ToArray().Index())
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 * i), number);
        }

        byte[][] level = [.. bytes.Chunk(128).Select(leaf => Keccak256.Hash(leaf).ToArray())];
        while (level.Length > 1)
        {
            level = [.. level.Chunk(2).Select(pair => Keccak256.Hash([.. pair[0], .. pair[1]]).ToArray())];
        }

        Assert.Equal(2410, update.Delta.Length);
        Assert.Equal(level[0], update.Root.ToArray());
        Assert.Equal(update.Root, ModelUpdate.Parse(Start, 2, update.Bytes.Span).Root);
        int[] other = update.Delta.ToArray();
        other[^1]++;
        Assert.NotEqual(update.Root, ModelUpdate.Forge(Start, 2, other).Root);
    }

    // What a file may not have, the chain may.
    [Fact]
    public void OfNumbers_BeyondAFile_AreTheNumbers()
    {
        int[] numbers = [.. Enumerable.Range(0, 2410).Select(i => i % 3 == 0 ? int.MinValue : int.MaxValue - i)];

        ModelUpdate update = ModelUpdate.OfNumbers(Start, 1, ModelUpdate.Forge(Start, 1, numbers).Numbers, "reveal #0");

        Assert.Equal(numbers, update.Delta.ToArray());
        Assert.Contains("16777216", Refusal(Start, 1, update.Bytes.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void OfNumbers_MoreOrFewer_AreRefusedByName() => Assert.Contains(
        "reveal #0",
        Assert.Throws<InvalidDataException>(() => ModelUpdate.OfNumbers(Start, 1, new byte[9644], "reveal #0")).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Parse_OtherRoundModelOrBytes_NamesWhatDiffers()
    {
        ModelUpdate update = ModelUpdate.Release(Run, Start, 2, Ledger(20), "test", insecure: true);

        Assert.Contains("round: expected 1, got 2", Refusal(Start, 1, update.Bytes.Span), StringComparison.Ordinal);
        GlobalModel next = Start.Average([update]);
        Assert.Contains($"start: expected {next.Hash}", Refusal(next, 2, update.Bytes.Span), StringComparison.Ordinal);
        Assert.Contains("format", Refusal(Start, 2, Start.Bytes.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_MutatedBytes_ReturnsAnUpdateOfThoseBytesOrRefuses()
    {
        byte[] bytes = ModelUpdate.Release(Run, Start, 0, Ledger(20), "test", insecure: true).Bytes.ToArray();
        Random random = new(1);
        for (int i = 0; i < 2000; i++)
        {
            byte[] mutated = bytes[..(random.Next(10) == 0 ? random.Next(bytes.Length) : bytes.Length)];
            for (int flips = random.Next(1, 4); flips > 0 && mutated.Length > 0; flips--)
            {
                mutated[random.Next(Math.Min(mutated.Length, 700))] ^= (byte)(1 << random.Next(8));
            }

            try
            {
                Assert.True(ModelUpdate.Parse(Start, 0, mutated).Bytes.Span.SequenceEqual(mutated));
            }
            catch (Exception refused)
                when (refused is InvalidDataException or Research.Training.Data.DataFormatException)
            {
                Assert.NotEmpty(refused.Message);
            }
        }
    }

    private static string Refusal(GlobalModel start, int round, ReadOnlySpan<byte> bytes)
    {
        try
        {
            ModelUpdate.Parse(start, round, bytes);
        }
        catch (InvalidDataException refused)
        {
            return refused.Message;
        }

        return "";
    }

    private PrivacyLedger Ledger(double cap) =>
        PrivacyLedger.Open(Path.Combine(_folder.FullName, $"{cap}"), cap, 1e-5);
}
