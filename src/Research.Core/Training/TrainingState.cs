using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Research.Privacy.Ledger;
using Research.Privacy.Mechanisms;
using Research.Storage;
using Research.Training.Data;

namespace Research.Training;

/// <summary>
/// Everything that a run needs to go on where it stopped. Warning: not private; it never leaves its owner.
/// </summary>
/// <remarks>
/// A safetensors file, sealed with the owner's key where the run is private, for no charge covers its weights: the weights, the weights that training began with, the optimiser's memory and the weight average
/// as F32 tensors, the loss curve as F64, counters as texts. The schedule and the shuffles follow from the step.
/// </remarks>
public sealed class TrainingState
{
    private const string Format = "research-training-state/1";
    private const string CurveName = "curve";
    private const int CurveColumns = 4;
    private const int HashedAtOnce = 1 << 24; // Spans of bytes hold 2^31.
    private const string NotPrivate = "none";
    private const string SealedName = "training-state";

    internal TrainingState()
    {
    }

    /// <summary>Gets the hash of the specification.</summary>
    public required ContentHash SpecHash { get; init; }

    /// <summary>Gets how many steps were made.</summary>
    public required int Step { get; init; }

    /// <summary>Gets the number of training examples.</summary>
    public required int Examples { get; init; }

    /// <summary>Gets the head of the privacy ledger when the state was made; null if there was none.</summary>
    public string? LedgerHead { get; init; }

    /// <summary>Gets the hash of the training examples, in their order.</summary>
    internal ContentHash DataHash { get; init; }

    /// <summary>Gets what the noise came from: none, secret, or a seeded source by its fingerprint.</summary>
    /// <remarks>A run that began with seeded noise must not end as one with secret noise.</remarks>
    internal string Randomness { get; init; } = NotPrivate;

    internal ulong Seed { get; init; }

    internal ulong SamplerPosition { get; init; }

    internal ulong NoisePosition { get; init; }

    internal long NonFiniteGradients { get; init; }

    internal IReadOnlyList<LossPoint> Curve { get; init; } = [];

    /// <summary>Gets how many examples each validation measured; 0 if there was none.</summary>
    internal int ValidationExamples { get; init; }

    /// <summary>Gets the tensors: weights under their own names, and the others under prefixes.</summary>
    internal IReadOnlyDictionary<string, float[]> Tensors { get; init; } = new Dictionary<string, float[]>();

    /// <summary>Gets whether the run is private, so that only its owner may read what the state holds.</summary>
    public bool IsPrivate => Randomness != NotPrivate;

    /// <summary>Writes the state of a run without privacy as a safetensors file.</summary>
    /// <exception cref="InvalidOperationException">The run is private: use <see cref="Seal"/>.</exception>
    public byte[] ToSafetensors() => IsPrivate
        ? throw new InvalidOperationException(
            "The state of a private run holds weights that are not charged: seal it for its owner (Seal).")
        : Write();

    /// <summary>Writes the state so that only a run with the same owner's ledger can go on from it.</summary>
    /// <param name="ledger">The owner's ledger; made, with its key, where it is not yet.</param>
    public byte[] Seal(PrivacyLedger ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        return ledger.SealForOwner(Write(), SealedName);
    }

    /// <summary>Reads a state that <see cref="Seal"/> wrote.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="ledger">The owner's ledger.</param>
    /// <param name="source">What the bytes are, for errors.</param>
    /// <exception cref="DataFormatException">The bytes are no sealed state, are damaged, or another owner's.</exception>
    public static TrainingState Unseal(
        ReadOnlySpan<byte> file, PrivacyLedger ledger, string source = "training state")
    {
        ArgumentNullException.ThrowIfNull(ledger);
        try
        {
            return Read(ledger.UnsealForOwner(file, SealedName), source);
        }
        catch (FormatException e)
        {
            throw new DataFormatException(source, "the file", "a state that this owner's key opens", e.Message, e);
        }
    }

    /// <summary>Writes all of it.</summary>
    internal byte[] Write()
    {
        List<SafeTensor> tensors =
            [.. Tensors.Select(t => SafeTensor.Of<float>(t.Key, [t.Value.Length], t.Value))];
        double[] curve = new double[Curve.Count * CurveColumns];
        for (int i = 0; i < Curve.Count; i++)
        {
            LossPoint point = Curve[i];
            curve[i * CurveColumns] = point.Loss ?? double.NaN;
            curve[(i * CurveColumns) + 1] = point.BatchSize;
            curve[(i * CurveColumns) + 2] = point.Validation?.Loss ?? double.NaN;
            curve[(i * CurveColumns) + 3] = point.Validation?.Accuracy ?? double.NaN;
        }

        tensors.Add(SafeTensor.Of<double>(CurveName, [Curve.Count, CurveColumns], curve));
        Dictionary<string, string> metadata = new()
        {
            ["format"] = Format,
            ["spec"] = SpecHash.ToString(),
            ["step"] = Text(Step),
            ["examples"] = Text(Examples),
            ["data"] = DataHash.ToString(),
            ["randomness"] = Randomness,
            ["seed"] = Text(Seed),
            ["sampler"] = Text(SamplerPosition),
            ["noise"] = Text(NoisePosition),
            ["nonFinite"] = Text(NonFiniteGradients),
            ["validationExamples"] = Text(ValidationExamples),
        };
        if (LedgerHead is not null)
        {
            metadata["ledger"] = LedgerHead;
        }

        return Safetensors.Write(tensors, metadata);
    }

    /// <summary>Reads the state of a run without privacy.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="source">What the bytes are, for errors.</param>
    /// <exception cref="DataFormatException">The bytes are not a state, are damaged, or say that the run is private:
    /// only what the owner's key sealed is believed to have had its noise.</exception>
    public static TrainingState FromSafetensors(ReadOnlySpan<byte> file, string source = "training state")
    {
        TrainingState state = Read(file, source);
        return state.IsPrivate
            ? throw new DataFormatException(
                source, "randomness", $"{NotPrivate} (the state of a private run is sealed)", state.Randomness)
            : state;
    }

    /// <summary>Reads a state, private or not.</summary>
    internal static TrainingState Read(ReadOnlySpan<byte> file, string source = "training state")
    {
        SafetensorsFile content = Safetensors.Read(file, source);
        Fields fields = new(content.Metadata, source);
        fields.Expect("format", Format);
        int step = (int)fields.Whole("step", 100_000_000);
        int validationExamples = (int)fields.Whole("validationExamples", int.MaxValue);
        Dictionary<string, float[]> tensors = [];
        double[]? curve = null;
        foreach (SafeTensor tensor in content.Tensors)
        {
            if (tensor.Name == CurveName && tensor.Type == SafeTensorType.F64)
            {
                curve = tensor.ToArray<double>();
            }
            else if (tensor.Type == SafeTensorType.F32)
            {
                tensors[tensor.Name] = tensor.ToArray<float>();
            }
            else
            {
                throw new DataFormatException(source, $"tensor '{tensor.Name}'", "F32", $"{tensor.Type}");
            }
        }

        if (curve is null || curve.Length != (long)step * CurveColumns)
        {
            string actual = curve is null ? "no tensor" : $"{curve.Length} numbers";
            throw new DataFormatException(
                source, $"tensor '{CurveName}'", $"{(long)step * CurveColumns} numbers ({step} steps)", actual);
        }

        return new TrainingState
        {
            SpecHash = fields.Hash("spec"),
            Step = step,
            Examples = (int)fields.Whole("examples", int.MaxValue),
            DataHash = fields.Hash("data"),
            Randomness = fields.Text("randomness"),
            LedgerHead = content.Metadata.GetValueOrDefault("ledger"),
            Seed = fields.Whole("seed", ulong.MaxValue),
            SamplerPosition = fields.Whole("sampler", ulong.MaxValue),
            NoisePosition = fields.Whole("noise", ulong.MaxValue),
            NonFiniteGradients = (long)fields.Whole("nonFinite", long.MaxValue),
            ValidationExamples = validationExamples,
            Curve = Points(curve, validationExamples, source),
            Tensors = tensors,
        };
    }

    /// <summary>Copies a tensor out; it must be there and as long as asked for.</summary>
    internal void CopyTo(string name, Span<float> values)
    {
        if (!Tensors.TryGetValue(name, out float[]? own) || own.Length != values.Length)
        {
            string actual = own is null ? "none" : $"one of {own.Length}";
            throw new ArgumentException(
                $"The training state: expected a tensor '{name}' of {values.Length} numbers, got {actual}.");
        }

        own.CopyTo(values);
    }

    /// <summary>Names what noise comes from; forks, so that no stream of the run moves.</summary>
    internal static string NameOf(RandomSource random)
    {
        if (random.IsCryptographic)
        {
            return "secret";
        }

        Span<byte> fingerprint = stackalloc byte[16];
        random.Fork("training-state").Fill(fingerprint);
        return $"seeded {Convert.ToHexStringLower(fingerprint)}";
    }

    /// <summary>Hashes shape, labels and inputs.</summary>
    internal static ContentHash HashOf(Dataset data)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes<int>([.. data.Shape, data.Classes, data.Count]));
        hash.AppendData(MemoryMarshal.AsBytes(data.Labels.Span));
        for (int start = 0; start < data.Inputs.Length; start += HashedAtOnce)
        {
            int count = Math.Min(HashedAtOnce, data.Inputs.Length - start);
            hash.AppendData(MemoryMarshal.AsBytes(data.Inputs.Span.Slice(start, count)));
        }

        return new ContentHash(hash.GetHashAndReset());
    }

    private static LossPoint[] Points(double[] curve, int validationExamples, string source)
    {
        LossPoint[] points = new LossPoint[curve.Length / CurveColumns];
        for (int i = 0; i < points.Length; i++)
        {
            ReadOnlySpan<double> row = curve.AsSpan(i * CurveColumns, CurveColumns);
            if (!(row[1] >= 0 && row[1] <= int.MaxValue && row[1] == (int)row[1]))
            {
                throw new DataFormatException(
                    source, $"tensor '{CurveName}', row {i}", "a whole number of examples", $"{row[1]}");
            }

            // An empty batch has no loss; one whose loss is NaN has that.
            Evaluation? validation = double.IsNaN(row[3]) ? null : new Evaluation(row[2], row[3], validationExamples);
            points[i] = new LossPoint(i + 1, row[1] == 0 ? null : row[0], (int)row[1], validation);
        }

        return points;
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    private readonly struct Fields(IReadOnlyDictionary<string, string> metadata, string source)
    {
        public void Expect(string name, string value)
        {
            if (Get(name) != value)
            {
                throw new DataFormatException(source, $"metadata '{name}'", value, Shown(name));
            }
        }

        public ulong Whole(string name, ulong most) =>
            ulong.TryParse(Get(name), NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) && value <= most
                ? value
                : throw new DataFormatException(source, $"metadata '{name}'", $"0 to {most}", Shown(name));

        public ContentHash Hash(string name) => ContentHash.TryParse(Get(name), out ContentHash hash)
            ? hash
            : throw new DataFormatException(source, $"metadata '{name}'", "64 hexadecimal digits", Shown(name));

        public string Text(string name) => Get(name) is { Length: > 0 and <= 128 } text
            ? text
            : throw new DataFormatException(source, $"metadata '{name}'", "a short text", Shown(name));

        private string? Get(string name) => metadata.GetValueOrDefault(name);

        private string Shown(string name) =>
            Get(name) is not { } text ? "nothing" : text.Length <= 40 ? text : $"{text.Length} characters";
    }
}
