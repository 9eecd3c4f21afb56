using System.Globalization;
using Research.Federation.Aggregation;
using Research.Privacy.Accounting;
using Research.Privacy.Ledger;
using Research.Storage;
using Research.Training;

namespace Research.Federation;

/// <summary>
/// What a participant releases in a round: how far its private training moved each weight, as integers.
/// </summary>
public sealed class ModelUpdate
{
    private const string Format = "research-update/1";
    private const int Limit = 2 * FixedPoint.Limit;

    private readonly int[] _delta;

    private ModelUpdate(
        ModelSpec spec, IReadOnlyList<ParameterTensor> parameters, ContentHash start, int round, int[] delta)
    {
        Start = start;
        Round = round;
        _delta = delta;
        Bytes = IntegerTensors.Write(parameters, delta, new Dictionary<string, string>
        {
            ["format"] = Format,
            ["spec"] = spec.Hash.ToString(),
            ["start"] = start.ToString(),
            ["round"] = round.ToString(CultureInfo.InvariantCulture),
            ["unitsPerOne"] = $"{FixedPoint.UnitsPerOne}",
        });
        Hash = ContentHash.Of(Bytes.Span);
    }

    /// <summary>Gets the hash of the model that training started from.</summary>
    public ContentHash Start { get; }

    /// <summary>Gets the round, from 0.</summary>
    public int Round { get; }

    /// <summary>Gets the change of each weight, [P] in units of <see cref="FixedPoint"/>.</summary>
    public ReadOnlySpan<int> Delta => _delta;

    /// <summary>Gets the update as a safetensors file of I32 tensors: all that ever leaves a participant.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Gets the SHA-256 of <see cref="Bytes"/>: what a participant commits to.</summary>
    public ContentHash Hash { get; }

    /// <summary>Charges a run to the data set's ledger and only then makes its update.</summary>
    /// <param name="run">A private run that started from <paramref name="start"/>.</param>
    /// <param name="start">The round's model.</param>
    /// <param name="round">The round, from 0.</param>
    /// <param name="ledger">The ledger of the data set that was trained on.</param>
    /// <param name="purpose">What the release is for, as the ledger shall say it.</param>
    /// <exception cref="BudgetExceededException">The release would overspend the owner's cap;
    /// nothing was charged.</exception>
    /// <exception cref="ArgumentException">The run is not private, or started from other weights.</exception>
    public static ModelUpdate Release(
        TrainingRun run, GlobalModel start, int round, PrivacyLedger ledger, string purpose)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentOutOfRangeException.ThrowIfNegative(round);
        if (run.Spec.PrivacyEvents.Count > 1)
        {
            throw new ArgumentException(
                "Expected a run whose features are not normalised by the data: an update cannot hold the statistics.",
                nameof(run));
        }

        if (run.Privacy is not GaussianEvent spent)
        {
            throw new ArgumentException(
                "Expected a private run; this one has no noise, and must not be released.", nameof(run));
        }

        if (!run.Initial.Values.SequenceEqual(start.ToCheckpoint().Values))
        {
            throw new ArgumentException(
                $"Expected a run that started from model {start.Hash}; its first weights differ.", nameof(run));
        }

        ledger.Charge(spent, purpose);

        int[] delta = new int[start.Weights.Length];
        for (int i = 0; i < delta.Length; i++)
        {
            delta[i] = FixedPoint.Quantise(run.Final.Values[i]) - start.Weights[i];
        }

        return new ModelUpdate(start.Spec, start.Parameters, start.Hash, round, delta);
    }

    /// <summary>Reads an update from a stranger's bytes.</summary>
    /// <param name="start">The model that it must start from.</param>
    /// <param name="round">The round that it must be for, from 0.</param>
    /// <param name="bytes">A safetensors file.</param>
    /// <param name="source">What to call the bytes in errors.</param>
    /// <exception cref="InvalidDataException">The bytes are not an update of that model for that round.</exception>
    public static ModelUpdate Parse(GlobalModel start, int round, ReadOnlySpan<byte> bytes, string source = "update")
    {
        ArgumentNullException.ThrowIfNull(start);
        SafetensorsFile file = Safetensors.Read(bytes, source);
        IntegerTensors.CheckMetadata(file, "format", Format, source);
        IntegerTensors.CheckMetadata(file, "spec", start.Spec.Hash.ToString(), source);
        IntegerTensors.CheckMetadata(file, "start", start.Hash.ToString(), source);
        IntegerTensors.CheckMetadata(file, "round", round.ToString(CultureInfo.InvariantCulture), source);
        int[] delta = IntegerTensors.Read(start.Parameters, file, Limit, source);
        ModelUpdate update = new(start.Spec, start.Parameters, start.Hash, round, delta);
        return update.Bytes.Span.SequenceEqual(bytes)
            ? update
            : throw new InvalidDataException($"{source}: expected the canonical bytes of its content; got others.");
    }
}
