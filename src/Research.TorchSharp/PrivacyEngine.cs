using Research.TorchSharp.Gradients;
using Research.TorchSharp.Native;
using Research.TorchSharp.Probing;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Research.TorchSharp;

/// <summary>Trains any TorchSharp module privately: what Opacus is to PyTorch.</summary>
/// <remarks>
/// <para>
/// DP-SGD with this library's Poisson sampling, integer sums, cryptographic noise, exact accounting and ledger.
/// Neighbouring relation: add or remove one record. What a module is asked: that the loss of an example is a function
/// of its weights and of that example alone. That is probed on random records before training, and refused or computed
/// one example at a time where it does not hold; coupling that only shows on other values is not seen
/// (<see cref="GradientMethod"/>).
/// </para>
/// <para>
/// Runs are repeatable to the bit, with seeded randomness, over runs and processes on one machine with one number of
/// threads; libtorch gives other bits for other processors and threads. Pay does not depend on it: only scoring is
/// executed again by others, and that is this library's own integers.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// PrivateTrainer trainer = PrivacyEngine.MakePrivate(
///     module,
///     optim.SGD(module.parameters(), 0.5),
///     TorchExamples.Of(inputs, targets),
///     (x, y) => functional.cross_entropy(module.call(x), y, reduction: Reduction.None),
///     PrivatePlan.ForEpsilon(3, sampleRate: 0.05, steps: 200, batchSize: 64));
/// TorchRun run = trainer.Run();
/// Checkpoint released = run.Release(ledger, "what it is for");
/// </code>
/// </example>
public static class PrivacyEngine
{
    /// <summary>Checks a module and everything around it, and makes its private trainer. Nothing is trained or
    /// charged.</summary>
    /// <param name="module">The module; it stays the caller's. Its weights change during a run, and hold the result
    /// only once that is released.</param>
    /// <param name="optimizer">An optimiser of the module's trained parameters that only sees gradients; a new one for
    /// each run, since it remembers.</param>
    /// <param name="examples">The records, all that the run may read.</param>
    /// <param name="losses">One loss an example, [B], of inputs [B, ...] and targets [B, ...]: unreduced. It calls the
    /// module's <c>call</c>.</param>
    /// <param name="plan">Clip norm, noise, rate and steps.</param>
    /// <param name="options">Everything else; null takes the defaults.</param>
    /// <exception cref="ArgumentException">A value lies outside its range, the module has no trained parameters or
    /// holds NaN, the optimiser is another module's, or the losses cannot be computed or are reduced.</exception>
    /// <exception cref="ModuleRefusedException">The module couples records, keeps state or changes buffers.</exception>
    public static PrivateTrainer MakePrivate(
        Module module,
        optim.Optimizer optimizer,
        TorchExamples examples,
        Func<Tensor, Tensor, Tensor> losses,
        PrivatePlan plan,
        TorchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentNullException.ThrowIfNull(plan);
        MklBits.Ask();
        OneDnn.TurnOff();
        options ??= new TorchOptions();
        plan.Check();
        options.Check();
        using IDisposable grad = enable_grad(); // Whatever the caller's mode is.
        using DisposeScope scope = NewDisposeScope();
        TrainedParameters parameters = new(module);
        ParameterChecks.RequireSound(module, parameters);
        ParameterChecks.RequireSame(parameters, optimizer);
        LayerMap map = new(module, parameters);
        try
        {
            ExampleLosses each = new(losses);
            ProbeResult probed = new ModuleProbe(module, map, each, examples, plan.BatchSize, options).Run();
            return new PrivateTrainer(
                new PrivateTraining(module, optimizer, examples, each, plan, options, map, probed));
        }
        catch
        {
            map.Dispose();
            throw;
        }
    }

    /// <summary>Says how each layer's gradient would be had, or why not, by its type alone.</summary>
    /// <param name="module">The module.</param>
    /// <exception cref="ArgumentException">It has no trained parameters.</exception>
    public static IReadOnlyList<LayerGradient> Inspect(Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        using DisposeScope scope = NewDisposeScope();
        using LayerMap map = new(module, new TrainedParameters(module));
        return map.Describe(map.WholeLoopReason);
    }
}
