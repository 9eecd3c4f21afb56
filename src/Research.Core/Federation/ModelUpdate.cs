using System.Buffers.Binary;
using System.Globalization;
using Research.Federation.Aggregation;
using Research.Federation.Program;
using Research.Federation.Trace;
using Research.Privacy.Ledger;
using Research.Privacy.Sums;
using Research.Storage;
using Research.Training;
using Research.Training.Data;

namespace Research.Federation;

/// <summary>
/// What a participant releases in a round: how far its private training moved each weight, as integers.
/// </summary>
public sealed class ModelUpdate
{
    private const string Format = "research-update/1";

    /// <summary>What it is called where it lies sealed.</summary>
    public const string Kind = "update";

    private const int Limit = 2 * FixedPoint.Limit;

    private readonly int[] _delta;
    private readonly Lazy<TreeHash> _root;

    private ModelUpdate(
        ModelSpec spec, IReadOnlyList<ParameterTensor> parameters, ContentHash start, int round, int[] delta)
    {
        Start = start;
        Round = round;
        _delta = delta;
        _root = new Lazy<TreeHash>(() => LeafTree.Root(ProgramInputs.ToBytes(delta)));
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

    /// <summary>Gets the SHA-256 of <see cref="Bytes"/>: the name under which it can be fetched.</summary>
    public ContentHash Hash { get; }

    /// <summary>
    /// Gets the root of the tree over <see cref="Delta"/>, 4 bytes each and most significant first: what a participant
    /// commits to.
    /// </summary>
    public TreeHash Root => _root.Value;

    /// <summary>Gets what was charged for it; null for an update that was read.</summary>
    public LedgerEntry? Entry { get; private set; }

    /// <summary>
    /// Gets the name under which it stays sealed in the owner's home until it is forgotten; null for one that was read.
    /// </summary>
    public string? SealedId { get; private set; }

    /// <summary>Charges a run of this engine to its owner's ledger and only then makes its update.</summary>
    /// <param name="run">A private run that started from <paramref name="start"/>.</param>
    /// <param name="start">The round's model.</param>
    /// <param name="round">The round, from 0, of those that the specification has; without a task it has one.</param>
    /// <param name="ledger">The ledger of the owner of the records that the run was given.</param>
    /// <param name="task">What names the task, the same text in each round: chain, market and number. The first round
    /// charges all rounds, and later ones draw on that.</param>
    /// <param name="insecure">True for a run with seeded noise, which is not private: charged, and marked.</param>
    /// <exception cref="BudgetExceededException">The release would overspend the owner's cap;
    /// nothing was charged.</exception>
    /// <exception cref="ArgumentException">The run is not private, started from other weights, or its noise was
    /// seeded and <paramref name="insecure"/> does not say so.</exception>
    public static ModelUpdate Release(
        TrainingRun run, GlobalModel start, int round, PrivacyLedger ledger, string task, bool insecure = false)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(start);
        if (run.Receipt is null)
        {
            throw new ArgumentException(
                "Expected a private run; this one has no noise, and must not be released.", nameof(run));
        }

        if (run.Spec.PrivacyEvents.Count > 1)
        {
            throw new ArgumentException(
                "Expected a run whose features are not normalised by the data: an update cannot hold the statistics.",
                nameof(run));
        }

        if (!run.Initial.Values.SequenceEqual(start.ToCheckpoint().Values))
        {
            throw new ArgumentException(
                $"Expected a run that started from model {start.Hash}; its first weights differ.", nameof(run));
        }

        return Release(run.Receipt, run.Final.Values, start, round, ledger, task, insecure);
    }

    /// <summary>Charges a private run of any trainer to its owner's ledger and only then makes its update.</summary>
    /// <param name="receipt">What the run did to which records.</param>
    /// <param name="weights">The weights that the run ended with, [P] in the order of the model's parameters.</param>
    /// <param name="start">The round's model, from which the run started.</param>
    /// <param name="round">The round, from 0.</param>
    /// <param name="ledger">The ledger of the owner of the records.</param>
    /// <param name="task">What names the task, the same text in each round.</param>
    /// <param name="insecure">True for a run with seeded noise, which is not private.</param>
    /// <exception cref="BudgetExceededException">The release would overspend the owner's cap;
    /// nothing was charged.</exception>
    /// <exception cref="ArgumentException">There are more or fewer weights than the model has, the plan is not the
    /// specification's, or the noise was seeded and <paramref name="insecure"/> does not say so.</exception>
    public static ModelUpdate Release(
        PrivacyReceipt receipt,
        ReadOnlySpan<float> weights,
        GlobalModel start,
        int round,
        PrivacyLedger ledger,
        string task,
        bool insecure = false)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(ledger);
        if (weights.Length != start.Weights.Length)
        {
            throw new ArgumentException(
                $"Expected {start.Weights.Length} weights as the model has, got {weights.Length}.", nameof(weights));
        }

        if (!receipt.Plan.SequenceEqual(start.Spec.PrivacyEvents))
        {
            throw new ArgumentException(
                $"Expected the plan of the specification, {string.Join(", ", start.Spec.PrivacyEvents)}; "
                + $"got {string.Join(", ", receipt.Plan)}.",
                nameof(receipt));
        }

        ReleasePurpose purpose = ReleasePurpose.OfTask(task, start.Spec, round);
        int[] delta = new int[start.Weights.Length];
        for (int i = 0; i < delta.Length; i++)
        {
            delta[i] = FixedPoint.Quantise(weights[i]) - start.Weights[i];
        }

        ModelUpdate update = new(start.Spec, start.Parameters, start.Hash, round, delta);
        update.Entry = ledger.Release(receipt, Kind, update.Bytes.ToArray(), purpose, insecure);
        update.SealedId = SealedFolder.IdOf(receipt.Id, Kind);
        return update;
    }

    /// <summary>Makes an update of any numbers, as whoever cheats does; what comes of it is the scorer's business.</summary>
    internal static ModelUpdate Forge(GlobalModel start, int round, int[] delta) =>
        new(start.Spec, start.Parameters, start.Hash, round, delta);

    /// <summary>Gets the numbers as the chain carries them: 4 bytes each, most significant first.</summary>
    internal byte[] Numbers => ProgramInputs.ToBytes(_delta);

    /// <summary>Reads an update from its numbers, as the chain carries them.</summary>
    /// <remarks>Any numbers: on chain nobody holds them to the range of a file, and a step brings them into its own.</remarks>
    /// <exception cref="InvalidDataException">There are more or fewer than the model has.</exception>
    internal static ModelUpdate OfNumbers(GlobalModel start, int round, ReadOnlySpan<byte> numbers, string source)
    {
        int[] delta = new int[start.Weights.Length];
        if (numbers.Length != delta.Length * sizeof(int))
        {
            throw new InvalidDataException(
                $"{source}: expected {delta.Length * sizeof(int)} bytes, got {numbers.Length}.");
        }

        for (int i = 0; i < delta.Length; i++)
        {
            delta[i] = BinaryPrimitives.ReadInt32BigEndian(numbers[(i * sizeof(int))..]);
        }

        return new ModelUpdate(start.Spec, start.Parameters, start.Hash, round, delta);
    }

    /// <summary>Gets how many bytes an update of a model may have: its numbers, and room for their names.</summary>
    public static long MostBytes(GlobalModel start) =>
        start.Bytes.Length + (1 << 16); // The model's file differs in its metadata only.

    /// <summary>Reads an update from a stranger's bytes.</summary>
    /// <param name="start">The model that it must start from.</param>
    /// <param name="round">The round that it must be for, from 0.</param>
    /// <param name="bytes">A safetensors file.</param>
    /// <param name="source">What to call the bytes in errors.</param>
    /// <exception cref="InvalidDataException">The bytes are not an update of that model for that round.</exception>
    /// <exception cref="DataFormatException">The bytes are no safetensors file.</exception>
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
