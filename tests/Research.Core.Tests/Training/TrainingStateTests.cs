using System.Text;
using Research.Training;
using Research.Training.Data;
using Research.Training.Layers;
using Research.Training.Optimizers;

namespace Research.Tests.Training;

public sealed class TrainingStateTests
{
    private static readonly Dataset Train = new(
        (float[])[.. Enumerable.Range(0, 20).Select(i => i / 20f)],
        (int[])[.. Enumerable.Range(0, 10).Select(i => i % 2)], [2], 2);

    private static readonly ModelSpec Spec = Specs.DigitsMlp with
    {
        Model = new ModelSection([2], 1, [new Linear(2, 2)]),
        Optimizer = new Adam(0.1, 0.9, 0.999, 1e-8),
        Training = new TrainingSection(4, 6),
    };

    private static readonly byte[] Bytes = State().Write();

    [Fact]
    public void ToSafetensors_ReadBack_GivesTheSameBytes() =>
        Assert.Equal(Bytes, TrainingState.Read(Bytes).Write());

    [Fact]
    public void FromSafetensors_OfAPrivateRun_IsRefused()
    {
        TrainingState? state = null;
        ModelSpec spec = Specs.DigitsMlp with { Training = new TrainingSection(72, 2), Privacy = Specs.Privacy };
        TrainerOptions options = new() { SaveState = saved => state = saved, SaveInterval = 1 };
        Trainer.Train(spec, Datasets.Open("digits").Train, options);
        byte[] bytes = state!.Write();
        Assert.True(TrainingState.Read(bytes).IsPrivate);

        DataFormatException refused =
            Assert.Throws<DataFormatException>(() => TrainingState.FromSafetensors(bytes));

        Assert.Contains("randomness: expected none (the state of a private run is sealed)", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromSafetensors_CutAnywhere_IsRefused()
    {
        for (int length = 0; length < Bytes.Length; length++)
        {
            Assert.Throws<DataFormatException>(() => TrainingState.Read(Bytes.AsSpan(0, length)));
        }

        Assert.Throws<DataFormatException>(() => TrainingState.Read([.. Bytes, 0]));
    }

    [Fact]
    public void FromSafetensors_MutatedBytes_AreReadOrRefusedAndNothingElse()
    {
        Random random = new(11);
        int refused = 0;
        int resumed = 0;
        for (int i = 0; i < 300; i++)
        {
            byte[] mutated = [.. Bytes];
            for (int count = random.Next(1, 4); count > 0; count--)
            {
                mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
            }

            try
            {
                TrainingState state = TrainingState.Read(mutated);
                Trainer.Train(Spec, Train, new TrainerOptions { Resume = state });
                resumed++;
            }
            catch (Exception e) when (e is DataFormatException or ArgumentException)
            {
                refused++;
            }
        }

        Assert.True(refused > 100, $"{refused} refused");
        Assert.True(resumed > 0);
    }

    [Theory]
    [InlineData("\"step\":\"3\"", "\"step\":\"4\"", "tensor 'curve': expected 16 numbers (4 steps), got 12 numbers")]
    [InlineData("\"step\":\"3\"", "\"step\":\"x\"", "metadata 'step': expected 0 to 100000000, got x")]
    [InlineData("\"examples\":\"10\"", "\"examples\":\"-1\"", "metadata 'examples': expected 0 to 2147483647, got -1")]
    [InlineData(
        "state/1",
        "state/2",
        "metadata 'format': expected research-training-state/1, got research-training-state/2")]
    [InlineData("\"curve\"", "\"curvy\"", "tensor 'curvy': expected F32, got F64")]
    [InlineData("\"seed\":\"0\"", "\"sede\":\"0\"", "metadata 'seed': expected 0 to 18446744073709551615, got nothing")]
    public void FromSafetensors_WrongField_NamesExpectedAndActual(string find, string replacement, string message)
    {
        DataFormatException e = Assert.Throws<DataFormatException>(
            () => TrainingState.Read(Edited(find, replacement), "run.state"));

        Assert.StartsWith("run.state", e.Message, StringComparison.Ordinal);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("weights")]
    [InlineData("initial")]
    [InlineData("optimizer.secondMoment")]
    public void Train_TensorMissingOrOfAnotherLength_IsRefusedByName(string name)
    {
        TrainingState state = State();
        foreach (float[]? values in (float[]?[])[null, new float[5], new float[7]])
        {
            Dictionary<string, float[]> tensors = new(state.Tensors);
            string actualName = tensors.Keys.First(key => key.StartsWith(name, StringComparison.Ordinal));
            tensors.Remove(actualName);
            if (values is not null)
            {
                tensors[actualName] = values;
            }

            TrainingState wrong = new()
            {
                SpecHash = state.SpecHash,
                Step = state.Step,
                Examples = state.Examples,
                DataHash = state.DataHash,
                Curve = state.Curve,
                Tensors = tensors,
            };
            ArgumentException e = Assert.Throws<ArgumentException>(
                () => Trainer.Train(Spec, Train, new TrainerOptions { Resume = wrong }));
            string actual = values is null ? "none" : $"one of {values.Length}";
            Assert.Equal(
                $"The training state: expected a tensor '{actualName}' of 6 numbers, got {actual}.", e.Message);
        }
    }

    [Fact]
    public void Train_StateWithMoreStepsThanTheRun_IsRefused()
    {
        TrainingState state = State();
        TrainingState wrong = new()
        {
            SpecHash = state.SpecHash,
            Step = 7,
            Examples = 10,
            DataHash = state.DataHash,
            Tensors = state.Tensors,
        };

        ArgumentException e = Assert.Throws<ArgumentException>(
            () => Trainer.Train(Spec, Train, new TrainerOptions { Resume = wrong }));

        Assert.Equal("The state to resume: expected at most so many steps made: 6, got 7.", e.Message);
    }

    private static TrainingState State() => ResumeTests.Stopped(Spec, Train, new TrainerOptions(), 3);

    private static byte[] Edited(string find, string replacement)
    {
        string text = Encoding.Latin1.GetString(Bytes);
        Assert.Contains(find, text, StringComparison.Ordinal);
        return Encoding.Latin1.GetBytes(text.Replace(find, replacement, StringComparison.Ordinal));
    }
}
