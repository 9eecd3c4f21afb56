using System.Globalization;
using Research.Federation.Aggregation;
using Research.Federation.Program;
using Research.Federation.Program.Machine;
using Research.Federation.Trace;
using Research.Storage;
using Research.Tests.Federation.Program.Plain;
using Research.Training;
using Research.Training.Layers;
using Research.Training.Losses;

namespace Research.Tests.Federation.Program;

/// <summary>A round, and both implementations of its scoring.</summary>
internal sealed class PlainCase
{
    private readonly ScoringProgram _real;
    private readonly ProgramCode _code;
    private readonly PlainProgram _plain;
    private readonly Random _random;
    private readonly Dictionary<uint, byte[]> _trees = [];

    public PlainCase(ModelSpec spec, int round, int seed)
    {
        _random = new Random(seed);
        _plain = PlainProgram.Of(spec, round);
        _real = ScoringProgram.Of(spec, round);
        _code = ProgramCode.Of(_real);
    }

    public PlainNumbers Numbers => _plain.Numbers;

    public int Parameters => _plain.Parameters;

    /// <summary>Makes a task's specification of a model.</summary>
    public static ModelSpec Spec(IReadOnlyList<int> input, IReadOnlyList<Layer> layers, int rounds = 1, int records = 60, int references = 2)
    {
        EvaluationCommitment[] commitments = [.. Enumerable.Range(1, rounds).Select(round => new EvaluationCommitment(
            TreeHash.Parse(Hex(round)), TreeHash.Parse(Hex(round + 100)), ContentHash.Parse(Hex(round + 200))))];
        return new ModelSpec
        {
            Name = "plain",
            Model = new ModelSection(input, 1, layers),
            Loss = new CrossEntropy(),
            Optimizer = new Research.Training.Optimizers.Sgd(0.5),
            Training = new TrainingSection(16, 2),
            Privacy = new PrivacySection(0.25, 1, 0.5, 1e-5, 10),
            Task = new TaskSection(
                rounds,
                new RewardSection(100, References: references),
                new EvaluationSection(records, 8, commitments),
                "CC0-1.0",
                "Plain."),
        };

        static string Hex(int number) => number.ToString("x64", CultureInfo.InvariantCulture);
    }

    /// <summary>Compares records, constants and roots.</summary>
    public void CompareCode()
    {
        int count = Math.Min(_plain.Records.Count, _code.Records.Count);
        CompareRecords(count, 16); // What is computed first: strides follow from it.
        CompareRecords(count, PlainRecord.Bytes);
        Assert.Equal(_plain.Records.Count, _code.Records.Count);
        int first = _plain.Constants.AsSpan().CommonPrefixLength(_code.Constants);
        Assert.True(
            first == _plain.Constants.Length && first == _code.Constants.Length,
            $"Constants of {_plain.Constants.Length} and {_code.Constants.Length} bytes differ at {first}.");
        Assert.Equal(_plain.RecordsRoot, _code.RecordsRoot);
        Assert.Equal(_plain.ConstantsRoot, _code.ConstantsRoot);
        Assert.Equal(_plain.Root, _code.Root);
    }

    /// <summary>Compares a trace, of inputs that <paramref name="change"/> may alter.</summary>
    /// <returns>The total of the points.</returns>
    public long CompareTrace(int reveals, Action<PlainInputs>? change = null)
    {
        PlainInputs inputs = new(this, _random, reveals);
        byte[] changes = RunReal(inputs);
        inputs.MakeUpdates(Changes(changes));
        change?.Invoke(inputs);
        byte[] real = RunReal(inputs);
        PlainMachine machine = new(_plain.RecordBytes, tree => Tree(inputs, tree), PlainFacts.Seats(reveals));
        byte[] plain = machine.Run();
        int first = plain.AsSpan().CommonPrefixLength(real);
        if (first < plain.Length || first < real.Length)
        {
            Fail(machine, plain, real, first);
        }

        const int Total = 5 * 128; // From the end: it and what follows have a leaf each.
        return System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(plain.AsSpan(plain.Length - Total));
    }

    private void CompareRecords(int count, int bytes)
    {
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> plain = _plain.RecordBytes.AsSpan(i * PlainRecord.Bytes, PlainRecord.Bytes);
            ReadOnlySpan<byte> real = _code.Bytes.AsSpan(i * PlainRecord.Bytes, PlainRecord.Bytes);
            if (!plain[..bytes].SequenceEqual(real[..bytes]))
            {
                Assert.Fail(
                    $"Record {i} of {_plain.Records.Count} and {_code.Records.Count}, {_plain.Records[i].Section}:\n"
                    + $"plain {Text(plain)}\nreal  {Text(real)}");
            }
        }
    }

    private static string Text(ReadOnlySpan<byte> record)
    {
        List<string> parts = [];
        for (int i = 0; i < PlainRecord.Bytes; i += 4)
        {
            int value = (record[i] << 24) | (record[i + 1] << 16) | (record[i + 2] << 8) | record[i + 3];
            if (value != 0)
            {
                parts.Add(i == 0 || i == 8 || (i >= 320 && (i - 320) % 192 == 4)
                    ? $"{i}:{record[i]},{record[i + 1]},{record[i + 2]},{record[i + 3]}"
                    : $"{i}:{value}");
            }
        }

        return $"{(PlainKind)record[0]} {string.Join(' ', parts)}";
    }

    private byte[] RunReal(PlainInputs inputs)
    {
        using ScoringMachine machine = new(_real, inputs.ToReal(), threads: 1);
        CopySink sink = new(machine.Bytes);
        machine.Run(sink, null, CancellationToken.None);
        return sink.Bytes;
    }

    // The changes of the reference runs, in units of 2^-20.
    private int[][] Changes(byte[] trace)
    {
        (long start, long stride) = _plain.ChangePlace;
        return [.. Enumerable.Range(0, Numbers.K + 1).Select(run => Enumerable.Range(0, Parameters).Select(i =>
            System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(
                trace.AsSpan((int)(start + (run * stride) + (4 * i))))).ToArray())];
    }

    private byte[] Tree(PlainInputs inputs, uint tree)
    {
        if (!inputs.Trees.TryGetValue(tree, out byte[]? bytes))
        {
            bytes = tree == 1 ? _plain.Constants : inputs.ToBytes(tree);
            inputs.Trees.Add(tree, bytes);
        }

        return bytes;
    }

    private void Fail(PlainMachine machine, byte[] plain, byte[] real, int first)
    {
        (long start, int record, long[] around) = machine.Arrays().Last(array => array.Start <= first);
        PlainRecord found = _plain.Records[record];
        Assert.Fail(
            $"Traces of {plain.Length} and {real.Length} bytes differ at {first}: record {record}, {found.Section}, "
            + $"{found.Kind} {found.Output.Width}, run [{string.Join(", ", around)}], output {(first - start) / found.Output.Width} of own [{string.Join(", ", found.Own)}]; "
            + $"plain {Convert.ToHexString(plain.AsSpan(first, Math.Min(16, plain.Length - first)))}, "
            + $"real {Convert.ToHexString(real.AsSpan(first, Math.Min(16, real.Length - first)))}.");
    }

    private sealed class CopySink(long bytes) : ITraceSink
    {
        public byte[] Bytes { get; } = new byte[bytes];

        public bool Wants(long address, long count) => true;

        public void Take(long address, ReadOnlySpan<byte> leaves) => leaves.CopyTo(Bytes.AsSpan((int)address));
    }
}
