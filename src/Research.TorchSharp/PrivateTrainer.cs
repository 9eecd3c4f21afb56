using TorchSharp;

namespace Research.TorchSharp;

/// <summary>A private training that was checked and is ready to run, once.</summary>
public sealed class PrivateTrainer : IDisposable
{
    private readonly PrivateTraining _training;
    private int _runs;

    internal PrivateTrainer(PrivateTraining training) => _training = training;

    /// <summary>Gets how the gradient of each layer is had.</summary>
    public IReadOnlyList<LayerGradient> Layers => _training.Probed.Layers;

    /// <summary>Gets why examples are computed one at a time; null where they are not.</summary>
    public string? LoopReason => _training.Probed.LoopReason;

    /// <summary>Gets the plan.</summary>
    public PrivatePlan Plan => _training.Plan;

    /// <summary>Gets what it was made of.</summary>
    internal PrivateTraining Training => _training;

    /// <summary>
    /// Trains. Nothing leaves and no ledger is charged: afterwards module and optimiser are as they began, and the run
    /// keeps the weights that it ended with until they are released. While it runs, the module's weights are not
    /// charged yet: who hears of progress leaves them alone.
    /// </summary>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <exception cref="OperationCanceledException">It was stopped; nothing was charged, the module has its first
    /// weights, and <see cref="TorchOptions.SaveState"/> has the state.</exception>
    /// <exception cref="InvalidOperationException">It was run before.</exception>
    /// <exception cref="ArgumentException">The state to resume is of another run.</exception>
    /// <exception cref="NotSupportedException">The optimiser is none whose memory TorchSharp can put back.</exception>
    public TorchRun Run(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _runs, 1) != 0)
        {
            throw new InvalidOperationException("Expected one run of a trainer; make another for another run.");
        }

        using IDisposable grad = torch.enable_grad(); // Whatever the caller's mode is.
        using KeptState before = new(_training.Module);
        byte[] memory = OptimizerMemory.Save(_training.Optimizer); // Momentum tells of records as weights do.
        using torch.Tensor random = torch.get_rng_state();
        try
        {
            using TrainingLoop loop = new(_training);
            return loop.Run(cancellationToken);
        }
        finally
        {
            before.Restore();
            OptimizerMemory.Load(_training.Optimizer, memory);
            torch.set_rng_state(random);
            Dispose();
        }
    }

    /// <summary>Takes the hooks off the module.</summary>
    public void Dispose() => _training.Map.Dispose();
}
