using System.Text;
using Research.Training;
using Research.Training.Data;
using Research.Training.Layers;

namespace Research.Tests.Training;

/// <summary>What cannot be trained is refused with a clear text, before memory is taken for it.</summary>
public sealed class RefusalTests
{
    private const long FewBytes = 4 << 20;

    private static readonly Dataset Train = Datasets.Open("digits").Train;

    [Fact]
    public void Create_BillionParameters_IsRefusedBeforeAllocation()
    {
        ModelSpec huge = Specs.DigitsMlp with
        {
            Model = new ModelSection([64], 1, [new Linear(64, 1 << 20), new Linear(1 << 20, 1 << 10)]),
        };

        SpecException e = Refused<SpecException>(() => Trainer.Train(huge, Train));

        Assert.Matches(@"^\$\.model\.layers.*: expected .*268,?435,?456.*, got \d", e.Message);
    }

    [Theory]
    [InlineData(
        "\"batchSize\": 32",
        "\"batchSize\": 0",
        "$.training.batchSize: expected a whole number from 1 to 16777216, got 0.")]
    [InlineData(
        "\"steps\": 40",
        "\"steps\": 0",
        "$.training.steps: expected a whole number from 1 to 100000000, got 0.")]
    public void Parse_EmptyTraining_IsRefused(string find, string replacement, string message)
    {
        SpecException e = Refused<SpecException>(() => Specs.Edited(find, replacement));

        Assert.Equal(message, e.Message);
    }

    [Fact]
    public void Dataset_LabelOutOfRange_NamesIt()
    {
        ArgumentException e = Refused<ArgumentException>(
            () => _ = new Dataset(new float[8], (int[])[0, 1, 3, 2], [2], 3));

        Assert.StartsWith("Expected labels from 0 to 2; got 3 at example 2.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_DataOfAnotherShape_NamesBoth()
    {
        Dataset wide = new(new float[2 * 65], new int[2], [65], 10);

        SpecException e = Refused<SpecException>(() => Trainer.Train(Specs.DigitsMlp, wide));

        Assert.Equal("$.model.input: expected [65] (the shape of the data), got [64].", e.Message);
    }

    [Fact]
    public void Train_NoiseTooLargeForItsGrid_NamesTheMultiplier()
    {
        ModelSpec loud = Specs.DigitsMlp with { Privacy = new PrivacySection(0.1, 1, 1e6, 1e-5, 100) };

        SpecException e = Refused<SpecException>(() => Trainer.Train(loud, Train));

        Assert.Equal("$.privacy.noiseMultiplier", e.Path);
    }

    [Fact]
    public void FromSafetensors_WholeNumbers_AreRefusedAsWeights()
    {
        byte[] file = Safetensors.Write([SafeTensor.Of<int>("layers.0.weight", [2], [1, 2])]);

        DataFormatException e = Refused<DataFormatException>(() => Checkpoint.FromSafetensors(file, "weights"));

        Assert.Equal("weights, tensor 'layers.0.weight': expected F32, got I32.", e.Message);
    }

    [Fact]
    public void FromSafetensors_HeaderThatClaimsGigabytes_IsRefusedBeforeAllocation()
    {
        string header = """{"w":{"dtype":"F32","shape":[500000000],"data_offsets":[0,2000000000]}}""";
        byte[] file = [.. BitConverter.GetBytes((long)header.Length), .. Encoding.ASCII.GetBytes(header), 0, 0, 0, 0];

        Refused<DataFormatException>(() => Checkpoint.FromSafetensors(file));
        Refused<DataFormatException>(() => TrainingState.FromSafetensors(file));
    }

    [Fact]
    public void BatchPass_WideConvolution_TakesAFewTimesItsWeights()
    {
        // 2.4 million weights: the gradients of a batch's examples apart would take 9 MB each.
        Layer[] layers = [new Conv2d(512, 512, 3), new Flatten(), new Linear(512, 10)];
        ModelSpec spec = Specs.DigitsMlp with { Model = new ModelSection([512, 3, 3], 1, layers) };
        Network network = Network.Create(spec);
        long weights = network.Weights.Length * sizeof(float);
        long one = Bytes(() => new BatchPass(network, 1, training: true).Dispose());
        long three = Bytes(() => new BatchPass(network, 3, training: true).Dispose());

        // Prepared weights forward and backward, twice the weights; rows of a chunk, 16 MiB; and arenas.
        Assert.InRange(one, weights, (2 * weights) + (16 << 20) + (16 << 20));
        Assert.InRange((three - one) / 2, 1, 16 << 20); // a thread more is an arena more
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public void BatchPass_AnyBatchSize_TakesTheSameMemory(int copies)
    {
        ModelSpec spec = Specs.DigitsCnn with
        {
            Training = new TrainingSection(1, 5, Augmentation: copies == 1 ? null : new Augmentation(1, true, copies)),
        };
        Network network = Network.Create(spec);
        long bytes = Bytes(() => new BatchPass(network, 1, training: true).Dispose());
        using BatchPass pass = new(network, 1, training: true);
        float[] sum = new float[network.Weights.Length];
        int[] chosen = [.. Enumerable.Range(0, Train.Count)];
        pass.AddGradients(Train, chosen.AsSpan(0, 16), PassSums.Clip(ClippingMode.Flat, 1), sum);

        long more = Bytes(() => pass.AddGradients(Train, chosen, PassSums.Clip(ClippingMode.Flat, 1), sum));

        Assert.InRange(bytes, 1 << 10, 24 << 20);
        Assert.InRange(more, 0, 8 << 20); // this thread's packed blocks of a product may grow, to 2.2 MB
    }

    private static TException Refused<TException>(Action action)
        where TException : Exception
    {
        TException? refusal = null;
        long bytes = Bytes(() => refusal = Assert.Throws<TException>(action));
        Assert.InRange(bytes, 1, FewBytes);
        return refusal!;
    }

    private static long Bytes(Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
