using System.Globalization;
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
    private const int Opened = 10;
    private const int Again = 5000;

    private readonly ScoringProgram _real;
    private readonly ProgramCode _code;
    private readonly PlainProgram _plain;
    private readonly Random _random;
    private readonly int _seed;

    public PlainCase(ModelSpec spec, int round, int seed)
    {
        (_seed, _random) = (seed, new Random(seed));
        _plain = PlainProgram.Of(spec, round);
        _real = ScoringProgram.Of(spec, round);
        _code = ProgramCode.Of(_real);
    }

    public PlainProgram Plain => _plain;

    public PlainNumbers Numbers => _plain.Numbers;

    public int Parameters => _plain.Parameters;

    /// <summary>Makes a task's specification of a model.</summary>
    public static ModelSpec Spec(
        IReadOnlyList<int> input, IReadOnlyList<Layer> layers, int rounds = 1, int records = 60, int references = 2)
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
        Assert.Equal(_real.Numbers.ScaledDeviation, Numbers.D16);
        int count = Math.Min(_plain.Records.Count, _code.Records.Count);
        CompareRecords(count, 16); // What is computed first: strides follow from it.
        CompareRecords(count, PlainRecord.Bytes);
        Assert.Equal(_plain.Records.Count, _code.Records.Count);
        int first = _plain.Constants.AsSpan().CommonPrefixLength(_code.Constants);
        Assert.True(
            first == _plain.Constants.Length && first == _code.Constants.Length,
            $"Seed {_seed}: constants of {_plain.Constants.Length} and {_code.Constants.Length} bytes differ at {first}.");
        Assert.Equal(_plain.RecordsRoot, _code.RecordsRoot);
        Assert.Equal(_plain.ConstantsRoot, _code.ConstantsRoot);
        Assert.Equal(_plain.Layout, _code.Words.Layout.ToArray());
        Assert.Equal(_plain.Root, _code.Root);
        _ = ProgramChecker.Check(_code.Records);
    }

    /// <summary>Makes inputs, with updates of which some are worth something.</summary>
    /// <param name="reveals">How many updates.</param>
    /// <param name="change">What is done to the inputs before there are updates.</param>
    public PlainInputs Inputs(int reveals, Action<PlainInputs>? change = null)
    {
        PlainInputs inputs = new(this, _random, reveals);
        change?.Invoke(inputs);
        using ScoringMachine machine = new(_real, inputs.ToReal(), threads: 1);
        inputs.MakeUpdates(Changes(Run(machine), machine.Seats));
        return inputs;
    }

    /// <summary>Compares a trace, the opening of some of its steps, and what is read of it again.</summary>
    /// <returns>The trace.</returns>
    public byte[] CompareTrace(PlainInputs inputs)
    {
        PlainRoster roster = inputs.Roster;
        ProgramInputs real = inputs.ToReal();
        Assert.Equal(roster.Roster, real.Roster.Head.ToArray());
        using ScoringMachine machine = new(_real, real, threads: _random.Next(1, 3));
        byte[] trace = Run(machine);
        Assert.Equal(inputs.Seats, machine.Seats);
        PlainMachine plain = new(_plain.RecordBytes, tree => Tree(inputs, tree), roster, machine.Seats);
        byte[] expected = plain.Run();
        int first = expected.AsSpan().CommonPrefixLength(trace);
        if (first < expected.Length || first < trace.Length)
        {
            Fail(plain, expected, trace, first);
        }

        StepReader reader = new(
            _real, real, _code, machine.Seats, (address, count) => trace.AsSpan((int)address, count).ToArray());
        IReadOnlyList<(long Start, int Record, long[] Around)> arrays = plain.Arrays();
        for (int i = 0; i < Opened; i++)
        {
            Assert.True(reader.At(arrays[_random.Next(arrays.Count)].Start).IsRight);
        }

        int from = _random.Next(trace.Length);
        int some = Math.Min(Again, trace.Length - from);
        Assert.True(machine.Read(from, some).AsSpan().SequenceEqual(trace.AsSpan(from, some)));
        return trace;
    }

    /// <summary>Gets outputs of an array of no loop.</summary>
    public static ReadOnlySpan<byte> Read(byte[] trace, PlainArray array, int count, int reveals) =>
        trace.AsSpan((int)array.Start.At(PlainRoster.Seats(reveals)), count * array.Width);

    private void CompareRecords(int count, int bytes)
    {
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> plain = _plain.RecordBytes.AsSpan(i * PlainRecord.Bytes, PlainRecord.Bytes);
            ReadOnlySpan<byte> real = _code.Bytes.AsSpan(i * PlainRecord.Bytes, PlainRecord.Bytes);
            if (!plain[..bytes].SequenceEqual(real[..bytes]))
            {
                Assert.Fail(
                    $"Seed {_seed}: record {i} of {_plain.Records.Count} and {_code.Records.Count}, "
                    + $"{_plain.Records[i].Section}:\n"
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

    private static byte[] Run(ScoringMachine machine)
    {
        CopySink sink = new(machine.Bytes);
        machine.Run(sink, null, CancellationToken.None);
        return sink.Bytes;
    }

    // The changes of the reference runs, in units of 2^-20.
    private int[][] Changes(byte[] trace, int seats)
    {
        (PlainPolynomial first, long stride) = _plain.ChangePlace;
        long start = first.At(seats);
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
            $"Seed {_seed}: traces of {plain.Length} and {real.Length} bytes differ at {first}: record {record}, "
            + $"{found.Section}, {found.Kind} {found.Output.Width}, run [{string.Join(", ", around)}], "
            + $"output {(first - start) / found.Output.Width} of own [{string.Join(", ", found.Own)}]; "
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
