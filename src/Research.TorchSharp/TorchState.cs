using System.Globalization;
using Research.Privacy.Ledger;
using Research.Storage;
using Research.Training;
using Research.Training.Data;

namespace Research.TorchSharp;

/// <summary>Everything that a run needs to go on where it stopped. Warning: not private; it never leaves its
/// owner.</summary>
/// <remarks>
/// Weights before and now, the optimiser's memory, the average, the loss curve and counters, as a safetensors file that
/// <see cref="Seal"/> encrypts with the owner's key: no charge covers what it holds.
/// </remarks>
public sealed class TorchState
{
    private const string Format = "research-torch-state/2";
    private const string SealedName = "torch-state";
    private const int CurveColumns = 4;

    internal TorchState()
    {
    }

    /// <summary>Gets how many steps were made.</summary>
    public required int Step { get; init; }

    /// <summary>Gets the hash of plan, records and parameters: another run cannot take the state up.</summary>
    internal ContentHash Run { get; init; }

    internal string Randomness { get; init; } = "none";

    internal ulong SamplerPosition { get; init; }

    internal ulong NoisePosition { get; init; }

    internal long NonFiniteGradients { get; init; }

    internal float[] Initial { get; init; } = [];

    internal double[] Weights { get; init; } = [];

    internal float[] Average { get; init; } = [];

    internal byte[] Optimizer { get; init; } = [];

    internal IReadOnlyList<LossPoint> Curve { get; init; } = [];

    /// <summary>Writes the state so that only a run with the same owner's ledger can go on from it.</summary>
    /// <param name="ledger">The owner's ledger; made, with its key, where it is not yet.</param>
    public byte[] Seal(PrivacyLedger ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        double[] curve =
        [
            .. Curve.SelectMany(point => (double[])[
                point.Loss ?? double.NaN,
                point.BatchSize,
                point.Validation?.Loss ?? double.NaN,
                point.Validation?.Accuracy ?? double.NaN]),
        ];
        byte[] file = Safetensors.Write(
            [
                SafeTensor.Of<float>("initial", [Initial.Length], Initial),
                SafeTensor.Of<double>("weights", [Weights.Length], Weights),
                SafeTensor.Of<float>("average", [Average.Length], Average),
                SafeTensor.Of<byte>("optimizer", [Optimizer.Length], Optimizer),
                SafeTensor.Of<double>("curve", [Curve.Count, CurveColumns], curve),
                SafeTensor.Of<int>("validated", [Curve.Count], [.. Curve.Select(p => p.Validation?.Count ?? 0)]),
            ],
            new Dictionary<string, string>
            {
                ["format"] = Format,
                ["step"] = Step.ToString(CultureInfo.InvariantCulture),
                ["run"] = Run.ToString(),
                ["randomness"] = Randomness,
                ["sampler"] = SamplerPosition.ToString(CultureInfo.InvariantCulture),
                ["noise"] = NoisePosition.ToString(CultureInfo.InvariantCulture),
                ["nonFinite"] = NonFiniteGradients.ToString(CultureInfo.InvariantCulture),
            });
        return ledger.SealForOwner(file, SealedName);
    }

    /// <summary>Reads a state that <see cref="Seal"/> wrote.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="ledger">The owner's ledger.</param>
    /// <param name="source">What the bytes are, for errors.</param>
    /// <exception cref="DataFormatException">The bytes are no sealed state, are damaged, or another
    /// owner's.</exception>
    public static TorchState Unseal(ReadOnlySpan<byte> file, PrivacyLedger ledger, string source = "torch state")
    {
        ArgumentNullException.ThrowIfNull(ledger);
        try
        {
            return Read(Safetensors.Read(ledger.UnsealForOwner(file, SealedName), source));
        }
        catch (Exception e) when (e is FormatException or KeyNotFoundException or InvalidOperationException)
        {
            throw new DataFormatException(source, "the file", "a state that this owner's key opens", e.Message, e);
        }
    }

    // What the owner's key opened, this class wrote: no stranger's bytes arrive here.
    private static TorchState Read(SafetensorsFile file)
    {
        Dictionary<string, SafeTensor> tensors = file.Tensors.ToDictionary(tensor => tensor.Name);
        double[] curve = tensors["curve"].ToArray<double>();
        int[] validated = tensors["validated"].ToArray<int>();
        LossPoint[] points =
        [
            .. validated.Select((count, i) => new LossPoint(
                i + 1,
                curve[(i * CurveColumns) + 1] == 0 ? null : curve[i * CurveColumns],
                (int)curve[(i * CurveColumns) + 1],
                count == 0 ? null : new Evaluation(
                    curve[(i * CurveColumns) + 2], curve[(i * CurveColumns) + 3], count))),
        ];
        return new TorchState
        {
            Step = int.Parse(file.Metadata["step"], CultureInfo.InvariantCulture),
            Run = ContentHash.Parse(file.Metadata["run"]),
            Randomness = file.Metadata["randomness"],
            SamplerPosition = ulong.Parse(file.Metadata["sampler"], CultureInfo.InvariantCulture),
            NoisePosition = ulong.Parse(file.Metadata["noise"], CultureInfo.InvariantCulture),
            NonFiniteGradients = long.Parse(file.Metadata["nonFinite"], CultureInfo.InvariantCulture),
            Initial = tensors["initial"].ToArray<float>(),
            Weights = tensors["weights"].ToArray<double>(),
            Average = tensors["average"].ToArray<float>(),
            Optimizer = tensors["optimizer"].ToArray<byte>(),
            Curve = points,
        };
    }
}
