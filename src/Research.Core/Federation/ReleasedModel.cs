using System.Buffers.Binary;
using Research.Privacy.Ledger;
using Research.Training;

namespace Research.Federation;

/// <summary>The weights of a private run, once they are charged: what may be written for others.</summary>
public sealed class ReleasedModel
{
    private const string Kind = "model";

    private ReleasedModel(ModelSpec spec, Checkpoint checkpoint, LedgerEntry entry, string id)
    {
        Spec = spec;
        Checkpoint = checkpoint;
        Entry = entry;
        Id = id;
    }

    /// <summary>Gets the specification.</summary>
    public ModelSpec Spec { get; }

    /// <summary>Gets the weights.</summary>
    public Checkpoint Checkpoint { get; }

    /// <summary>Gets what was charged for them.</summary>
    public LedgerEntry Entry { get; }

    /// <summary>Gets the name under which the weights stay sealed in the owner's home until they are forgotten.</summary>
    public string Id { get; }

    /// <summary>Charges a run to its owner's ledger and only then gives out its weights.</summary>
    /// <param name="run">A private run.</param>
    /// <param name="ledger">The ledger of the owner of the records that the run was given.</param>
    /// <param name="purpose">What the release is for, as the ledger shall say it.</param>
    /// <param name="insecure">True for a run with seeded noise, which is not private: charged, and marked.</param>
    /// <exception cref="BudgetExceededException">The release would overspend the owner's cap;
    /// nothing was charged.</exception>
    /// <exception cref="ArgumentException">The run is not private, or its noise was seeded and
    /// <paramref name="insecure"/> does not say so.</exception>
    public static ReleasedModel Release(
        TrainingRun run, PrivacyLedger ledger, ReleasePurpose purpose, bool insecure = false)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(ledger);
        if (run.Receipt is not { } receipt)
        {
            throw new ArgumentException(
                "Expected a private run; one without privacy opens its weights by OpenNetwork.", nameof(run));
        }

        byte[] spec = run.Spec.ToCanonicalJson();
        byte[] length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, spec.Length);
        byte[] artefact = [.. length, .. spec, .. run.Final.ToSafetensors()];
        LedgerEntry entry = ledger.Release(receipt, Kind, artefact, purpose, insecure);
        return new ReleasedModel(run.Spec, run.Final, entry, SealedFolder.IdOf(receipt.Id, Kind));
    }

    /// <summary>Opens weights that a crash left sealed, after charging their run where that had not happened.</summary>
    /// <param name="ledger">The owner's ledger.</param>
    /// <param name="id">The name, as <see cref="PrivacyLedger.Sealed"/> lists it.</param>
    /// <exception cref="LedgerException">There is none of that name, or it is damaged.</exception>
    /// <exception cref="BudgetExceededException">Other charges came first and leave too little.</exception>
    public static ReleasedModel Recover(PrivacyLedger ledger, string id)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(id);
        if (!id.EndsWith($"-{Kind}", StringComparison.Ordinal))
        {
            throw new LedgerException(ledger.Home, 0, $"expected the name of a sealed {Kind}, got {id}");
        }

        ReadOnlySpan<byte> artefact = ledger.Recover(id).Span;
        int length = BinaryPrimitives.ReadInt32LittleEndian(artefact);
        ModelSpec spec = ModelSpec.Parse(artefact.Slice(sizeof(int), length));
        Checkpoint checkpoint = Checkpoint.FromSafetensors(artefact[(sizeof(int) + length)..], id);
        string receipt = id[..^(Kind.Length + 1)];
        return new ReleasedModel(spec, checkpoint, ledger.Entries.First(one => one.Receipt == receipt), id);
    }

    /// <summary>Makes a network of the weights.</summary>
    public Network ToNetwork()
    {
        Network network = Network.Create(Spec);
        network.Load(Checkpoint);
        return network;
    }

    /// <summary>Writes the weights as a safetensors file, with the specification's hash and whether the noise was
    /// secret.</summary>
    public byte[] ToSafetensors() => Checkpoint.ToSafetensors(new Dictionary<string, string>
    {
        ["format"] = "research-checkpoint/1",
        ["spec"] = Spec.Hash.ToString(),
        ["noise"] = Noise,
    });

    /// <summary>Writes the model as ONNX, for inference elsewhere.</summary>
    /// <exception cref="NotSupportedException">As <see cref="Network.ToOnnx"/>.</exception>
    public byte[] ToOnnx() => ToNetwork().ToOnnx(new Dictionary<string, string> { ["noise"] = Noise });

    private string Noise => Entry.IsNoiseSecret ? "secret" : "seeded, not private";
}
