using Research.Federation;
using Research.Federation.Aggregation;
using Research.Privacy.Accounting;
using Research.Privacy.Ledger;
using Research.Privacy.Sums;
using Research.TorchSharp.Exchange;
using Research.Training;

namespace Research.TorchSharp;

/// <summary>What one private training of a module produced.</summary>
/// <remarks>
/// Nothing here has been charged, so the weights are closed, and the module has those that it began with:
/// <see cref="Release"/> seals and charges first. Losses are not private: keep them local.
/// </remarks>
public sealed class TorchRun
{
    private const string Kind = "torch";

    private readonly PrivateTraining _training;
    private readonly float[] _final;
    private readonly float[] _initial;

    internal TorchRun(PrivateTraining training, float[] final, float[] initial)
    {
        _training = training;
        _final = [.. final];
        _initial = initial;
    }

    /// <summary>Gets a point for each step. Training losses are not private: keep them local.</summary>
    public required IReadOnlyList<LossPoint> LossCurve { get; init; }

    /// <summary>Gets what a ledger charges before anything of the run leaves.</summary>
    public required PrivacyReceipt Receipt { get; init; }

    /// <summary>Gets how often an example's gradient held NaN or infinity and counted as zero. It is not private: keep
    /// it local.</summary>
    public required long NonFiniteGradients { get; init; }

    /// <summary>Gets how long the run took.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Gets what training costs in a ledger. Neighbouring relation: add or remove one record.</summary>
    public GaussianEvent Privacy => _training.Plan.Event;

    /// <summary>Gets ε at the plan's δ: an upper bound, in nats; infinite where the noise was seeded and hides
    /// nothing.</summary>
    public double Epsilon => IsNoiseSecret ? _training.Plan.Epsilon : double.PositiveInfinity;

    /// <summary>Gets whether sampling and noise came from a cryptographic generator.</summary>
    public bool IsNoiseSecret => Receipt.IsNoiseSecret;

    /// <summary>Gets how each layer's gradients were had.</summary>
    public IReadOnlyList<LayerGradient> Layers => _training.Probed.Layers;

    /// <summary>Seals the weights, charges the run to its owner's ledger, and only then gives them out: returned, and
    /// in the module.</summary>
    /// <param name="ledger">The ledger of the owner of the records.</param>
    /// <param name="purpose">What the release is for, as the ledger shall say it.</param>
    /// <param name="insecure">True for a run with seeded noise, which is not private: charged, and marked.</param>
    /// <returns>All parameters of the module by name, the frozen ones too, as floats.</returns>
    /// <exception cref="BudgetExceededException">The release would overspend the owner's cap; nothing was
    /// charged.</exception>
    /// <exception cref="ArgumentException">The noise was seeded, and <paramref name="insecure"/> does not say
    /// so.</exception>
    public Checkpoint Release(PrivacyLedger ledger, ReleasePurpose purpose, bool insecure = false)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(purpose);
        Checkpoint final = TorchWeights.Of(_training.Module, _training.Parameters, _final);
        ledger.Release(Receipt, Kind, final.ToSafetensors(), purpose, insecure);
        _training.Parameters.Set(_final);
        return final;
    }

    /// <summary>Charges the run and makes the update that a round of a task asks for, as the engine's runs
    /// do.</summary>
    /// <param name="start">The round's model, from which the run started.</param>
    /// <param name="round">The round, from 0.</param>
    /// <param name="ledger">The ledger of the owner of the records.</param>
    /// <param name="task">What names the task, the same text in each round.</param>
    /// <param name="insecure">True for a run with seeded noise, which is not private.</param>
    /// <exception cref="BudgetExceededException">The release would overspend the owner's cap; nothing was
    /// charged.</exception>
    /// <exception cref="ArgumentException">The module is not the specification's twin, all of it trained, the run
    /// started from other weights, its plan is another, or its noise was seeded.</exception>
    public ModelUpdate ReleaseUpdate(
        GlobalModel start, int round, PrivacyLedger ledger, string task, bool insecure = false)
    {
        ArgumentNullException.ThrowIfNull(start);
        Checkpoint before = TorchWeights.Of(_training.Module, _training.Parameters, _initial);
        Checkpoint after = TorchWeights.Of(_training.Module, _training.Parameters, _final);
        before.CheckFits(start.Parameters);
        if (_training.Parameters.Length != start.Weights.Length
            || !Ordered(before, start).AsSpan().SequenceEqual(start.ToCheckpoint().Values))
        {
            throw new ArgumentException(
                $"Expected a run that started from model {start.Hash} and trained all of it; its first weights differ.",
                nameof(start));
        }

        ModelUpdate update =
            ModelUpdate.Release(Receipt, Ordered(after, start), start, round, ledger, task, insecure);
        _training.Parameters.Set(_final);
        return update;
    }

    /// <summary>Opens weights that a crash left sealed, after charging their run where that had not happened.</summary>
    /// <param name="ledger">The owner's ledger.</param>
    /// <param name="id">The name, as <see cref="PrivacyLedger.Sealed"/> lists it.</param>
    /// <exception cref="LedgerException">There is none of that name, or it is damaged.</exception>
    /// <exception cref="BudgetExceededException">Other charges came first and leave too little.</exception>
    public static Checkpoint Recover(PrivacyLedger ledger, string id)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(id);
        return id.EndsWith($"-{Kind}", StringComparison.Ordinal)
            ? Checkpoint.FromSafetensors(ledger.Recover(id).Span, id)
            : throw new LedgerException(ledger.Home, 0, $"expected the name of a sealed {Kind} run, got {id}");
    }

    private static float[] Ordered(Checkpoint weights, GlobalModel model) =>
        [.. model.Parameters.SelectMany(parameter => weights[parameter.Name].ToArray())];
}
