using Research.Federation.Aggregation;
using Research.TorchSharp.Exchange;
using Research.TorchSharp.Specification;
using Research.Training;
using Research.Training.Data;
using Research.Training.Losses;
using Research.Training.Optimizers;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Research.TorchSharp;

/// <summary>The TorchSharp twin of a specification: the same layers, names, first weights, loss and
/// optimiser.</summary>
/// <remarks>
/// What it computes differs from the engine's by rounding only: the engine's bits are the same on every machine,
/// libtorch's are not. Exception: dropout, whose masks are libtorch's own here. Pay does not depend on which of the two
/// an owner trains with: what is scored is the released update, by integers.
/// </remarks>
/// <example>
/// <code>
/// using SpecModule twin = SpecModule.From(spec, cuda.is_available() ? CUDA : null);
/// TorchRun run = twin.MakePrivate(data, start).Run();
/// ModelUpdate update = run.ReleaseUpdate(start, round, ledger, task);
/// </code>
/// </example>
public sealed class SpecModule : Module<Tensor, Tensor>
{
    private readonly Device _device;
    private readonly Func<Tensor, Tensor> _stack; // TorchSharp would register a module by its field's name too.
    private readonly long[] _input;

    private SpecModule(ModelSpec spec, Device device)
        : base(nameof(SpecModule))
    {
        Spec = spec;
        _device = device;
        _input = [-1, .. spec.Model.Input.Select(size => (long)size)];
        SpecStack layers = new(spec.Model.Layers);
        _stack = layers.call;
        register_module("layers", layers);
    }

    /// <summary>Gets the specification.</summary>
    public ModelSpec Spec { get; }

    // Tokens, where the model begins with a table of them.
    private ValueRange? TokenRange =>
        Spec.Model.Layers[0] is Training.Layers.Embedding table ? new ValueRange(0, table.Tokens - 1) : null;

    /// <summary>Builds the twin, with the specification's seeded first weights.</summary>
    /// <param name="spec">The specification.</param>
    /// <param name="device">Where it computes; null is the processor.</param>
    /// <exception cref="SpecException">The specification is not valid.</exception>
    /// <exception cref="NotSupportedException">It asks for scattering features or augmentation, which only the engine
    /// has.</exception>
    public static SpecModule From(ModelSpec spec, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        spec.Validate();
        if (spec.Model.Features is not null || spec.Training.Augmentation is not null)
        {
            throw new NotSupportedException(
                "Expected a specification without $.model.features and $.training.augmentation: only the engine "
                + "computes these.");
        }

        SpecModule module = new(spec, device ?? CPU);
        TorchWeights.Load(module, Network.Create(spec).ToCheckpoint());
        _ = module.to(module._device);
        return module;
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return _stack(input.reshape(_input));
    }

    /// <summary>Computes the specification's loss of each example.</summary>
    /// <param name="inputs">[N, ...] floats; tokens are whole numbers held as floats.</param>
    /// <param name="labels">[N] whole numbers.</param>
    /// <returns>[N].</returns>
    public Tensor Losses(Tensor inputs, Tensor labels)
    {
        Tensor scores = call(inputs);
        return Spec.Loss switch
        {
            CrossEntropy cross => functional.cross_entropy(
                scores, labels, reduction: Reduction.None, label_smoothing: cross.LabelSmoothing),
            MeanSquaredError => functional.mse_loss(scores, Targets(scores, labels), Reduction.None).mean([1L]),
            BinaryCrossEntropy => functional.binary_cross_entropy_with_logits(
                scores, Targets(scores, labels), reduction: Reduction.None).mean([1L]),
            _ => throw new NotSupportedException($"No twin of the loss {Spec.Loss.Type}."),
        };
    }

    /// <summary>Makes the specification's optimiser; its schedule is <see cref="Optimizer.Schedule"/>.</summary>
    public optim.Optimizer NewOptimizer() => Spec.Optimizer switch
    {
        Sgd sgd => optim.SGD(
            parameters(), sgd.LearningRate, sgd.Momentum, 0, sgd.WeightDecay, sgd.Nesterov),
        Adam adam => optim.Adam(parameters(), adam.LearningRate, adam.Beta1, adam.Beta2, adam.Epsilon),
        AdamW adam => optim.AdamW(
            parameters(), adam.LearningRate, adam.Beta1, adam.Beta2, adam.Epsilon, adam.WeightDecay),
        _ => throw new NotSupportedException($"No twin of the optimiser {Spec.Optimizer.Type}."),
    };

    /// <summary>Makes the private trainer that the specification describes.</summary>
    /// <param name="data">The records; their shape and classes must fit the model.</param>
    /// <param name="start">The round's model, to start from; null starts from the weights that the module has.</param>
    /// <param name="options">Method, randomness, progress; what the specification decides is taken from it.</param>
    /// <exception cref="SpecException">The data do not fit the model.</exception>
    /// <exception cref="ArgumentException">The specification has no privacy, or the start is of another.</exception>
    public PrivateTrainer MakePrivate(Dataset data, GlobalModel? start = null, TorchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        DataFit.Check(Spec, Network.Create(Spec).Nodes, data);
        if (start is not null)
        {
            if (start.Spec != Spec)
            {
                throw new ArgumentException(
                    $"Expected a model of specification {Spec.Hash}; got one of {start.Spec.Hash}.", nameof(start));
            }

            TorchWeights.Load(this, start.ToCheckpoint());
        }

        options ??= new TorchOptions();
        return PrivacyEngine.MakePrivate(
            this,
            NewOptimizer(),
            TorchExamples.From(data, _device),
            Losses,
            PrivatePlan.Of(Spec),
            options with
            {
                InputRange = options.InputRange ?? TokenRange,
                TargetRange = options.TargetRange ?? new ValueRange(0, data.Classes - 1),
                Schedule = Spec.Optimizer.Schedule,
                AverageDecay = Spec.Training.AverageDecay,
            });
    }

    // The labels' one-hot vectors, or, with one output and two classes, the labels.
    private static Tensor Targets(Tensor scores, Tensor labels) => scores.shape[1] == 1
        ? labels.to(scores.dtype).unsqueeze(1)
        : functional.one_hot(labels, scores.shape[1]).to(scores.dtype);
}
