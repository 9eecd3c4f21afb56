using Research.Tensors;
using Research.Training.Data;
using Research.Training.Data.Scattering;
using Research.Training.Export;
using Research.Training.Layers;

namespace Research.Training;

/// <summary>A model's layers with its weights, all in one flat buffer.</summary>
/// <remarks>
/// The same specification, weights and inputs give the same bits on any processor and with any number of threads.
/// </remarks>
public sealed class Network
{
    private const string MeanName = "features.mean";
    private const string VarianceName = "features.variance";
    private const int FeaturesAtOnce = 1024;

    private readonly AlignedBuffer<float> _weights;
    private readonly Node[] _nodes;
    private readonly int[] _offsets;
    private ScatteringTransform? _transform;

    private Network(ModelSpec spec, Node[] nodes)
    {
        Spec = spec;
        InputSize = Specification.Shapes.Size(spec.Model.Input);
        _nodes = nodes;
        _offsets = new int[nodes.Length + 1];
        Parameters = ParameterLayout.Of(nodes, _offsets);
        _weights = new AlignedBuffer<float>(_offsets[^1]);
    }

    /// <summary>Gets the specification that the network was made from.</summary>
    public ModelSpec Spec { get; }

    /// <summary>Gets where each parameter lies in <see cref="Weights"/>, in order and without gaps.</summary>
    public IReadOnlyList<ParameterTensor> Parameters { get; }

    /// <summary>Gets all weights, in one buffer; changes take effect at once.</summary>
    public Span<float> Weights => _weights.Span;

    /// <summary>Gets the number of classes that the last layer tells apart.</summary>
    public int Classes => Spec.Loss.Classes(Outputs);

    /// <summary>Gets how many numbers one example has, before features replace it.</summary>
    public int InputSize { get; }

    /// <summary>
    /// Gets the statistics by which features are normalised; null unless the specification asks for
    /// <see cref="DataNormalization"/> and the network was trained or loaded.
    /// </summary>
    public ChannelStatistics? FeatureStatistics { get; internal set; }

    /// <summary>Creates a network with the first weights that the specification's seed determines.</summary>
    /// <param name="spec">The specification; only its model section matters here.</param>
    /// <exception cref="SpecException">The specification is not valid.</exception>
    public static Network Create(ModelSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Node[] nodes = spec.Bind();
        Network network = new(spec, nodes);
        SeededGenerator generator = new((ulong)spec.Model.Seed);
        for (int layer = 0; layer < nodes.Length; layer++)
        {
            nodes[layer].Operator.Initialise(generator, network.Weights[network.RangeOf(layer)]);
        }

        return network;
    }

    /// <summary>Copies the weights into a checkpoint.</summary>
    public Checkpoint ToCheckpoint() => FeatureStatistics is { } statistics
        ? new Checkpoint(
            ParametersWithStatistics(),
            [.. Weights, .. statistics.Mean.Span, .. statistics.Variance.Span])
        : new Checkpoint(Parameters, Weights.ToArray());

    /// <summary>Takes over a checkpoint's weights.</summary>
    /// <param name="checkpoint">Must hold exactly this network's parameters, in any order.</param>
    /// <exception cref="ArgumentException">A parameter is missing, unknown or of another shape; nothing was
    /// changed.</exception>
    public void Load(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        bool hasStatistics = Spec.Model.Features?.Normalization is DataNormalization;
        checkpoint.CheckFits(hasStatistics ? ParametersWithStatistics() : Parameters);
        if (hasStatistics)
        {
            FeatureStatistics = StatisticsOf(checkpoint[MeanName], checkpoint[VarianceName]);
        }

        foreach (ParameterTensor parameter in Parameters)
        {
            checkpoint[parameter.Name].CopyTo(Weights.Slice(parameter.Offset, parameter.Length));
        }
    }

    /// <summary>Writes the network as an ONNX model of operator set 17, for inference elsewhere.</summary>
    /// <remarks>
    /// Input <c>input</c> [N, ...] of any number of examples, output <c>scores</c> [N, outputs], both
    /// float. Weights keep their names and bits; a runtime sums in an order of its own, so its scores agree with
    /// <see cref="Forward"/> to rounding. Dropout is left out, as <see cref="Forward"/> leaves it out. An embedding's
    /// token numbers are not checked there: a runtime may take −1 for the last token.
    /// </remarks>
    /// <param name="metadata">Texts to store beside the specification's hash (<c>spec</c>) and name (<c>name</c>).
    /// </param>
    /// <exception cref="ArgumentException">A key of the metadata is <c>spec</c> or <c>name</c>.</exception>
    /// <exception cref="NotSupportedException">The model computes features before its layers, or is longer than the
    /// 2 GiB that protobuf can hold.</exception>
    public byte[] ToOnnx(IReadOnlyDictionary<string, string>? metadata = null) => OnnxModel.Export(this, metadata);

    /// <summary>Computes class scores.</summary>
    /// <param name="inputs">Examples, [N, D] row-major.</param>
    /// <param name="scores">Receives the scores (logits), [N, outputs of the last layer].</param>
    /// <exception cref="ArgumentException">The lengths are not those of N examples.</exception>
    public void Forward(ReadOnlySpan<float> inputs, Span<float> scores)
    {
        int count = inputs.Length / InputSize;
        if (inputs.Length != count * InputSize || scores.Length != count * Outputs)
        {
            throw new ArgumentException(
                $"Expected [N, {InputSize}] inputs and [N, {Outputs}] scores; "
                + $"got {inputs.Length} and {scores.Length} elements.",
                nameof(scores));
        }

        using BatchPass pass = new(this, threads: 1, training: false);
        if (Spec.Model.Features is null)
        {
            pass.Forward(inputs, scores);
            return;
        }

        for (int start = 0; start < count; start += FeaturesAtOnce)
        {
            int some = Math.Min(FeaturesAtOnce, count - start);
            Dataset images = new(
                inputs.Slice(start * InputSize, some * InputSize).ToArray(), new int[some], Spec.Model.Input, Classes);
            pass.Forward(Featured(images, 1).Inputs.Span, scores.Slice(start * Outputs, some * Outputs));
        }
    }

    /// <summary>Computes the loss of each example.</summary>
    /// <param name="data">The examples; their shape and classes must fit the model.</param>
    /// <param name="perExampleLoss">Receives a loss for each example.</param>
    /// <param name="threads">Threads to use, at least 1; never changes a bit.</param>
    /// <exception cref="SpecException">The data do not fit the model.</exception>
    public void Losses(Dataset data, Span<float> perExampleLoss, int threads = 1) =>
        Score(data, perExampleLoss, [], threads);

    /// <summary>Computes mean loss and accuracy.</summary>
    /// <param name="data">The examples, at least one; their shape and classes must fit the model.</param>
    /// <param name="threads">Threads to use, at least 1; never changes a bit.</param>
    /// <exception cref="SpecException">The data do not fit the model.</exception>
    public Evaluation Evaluate(Dataset data, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfZero(data.Count, nameof(data));
        float[] losses = new float[data.Count];
        int[] predicted = new int[data.Count];
        Score(data, losses, predicted, threads);
        ReadOnlySpan<int> labels = data.Labels.Span;
        double sum = 0;
        int correct = 0;
        for (int i = 0; i < losses.Length; i++)
        {
            sum += losses[i];
            correct += predicted[i] == labels[i] ? 1 : 0;
        }

        return new Evaluation(sum / data.Count, (double)correct / data.Count, data.Count);
    }

    internal IReadOnlyList<Node> Nodes => _nodes;

    /// <summary>Gets how many numbers the last layer gives.</summary>
    internal int Outputs => _nodes[^1].Operator.OutputSize;

    /// <summary>Gets how many numbers the first layer reads of an example.</summary>
    internal int LayerInputSize => _nodes[0].Operator.InputSize;

    /// <summary>Gets the transform of the specification's features.</summary>
    internal ScatteringTransform Transform =>
        _transform ??= ScatteringTransform.For(Spec.Model.Features!, Spec.Model.Input);

    /// <summary>Gets the statistics that were released before; their cost is the specification's.</summary>
    internal ChannelStatistics StatisticsOf(ReadOnlySpan<float> mean, ReadOnlySpan<float> variance) =>
        new(mean, variance, ((DataNormalization)Spec.Model.Features!.Normalization!).Privacy, isNoiseCryptographic: false);

    /// <summary>Gets what the first layer reads: the data's features, or the data themselves.</summary>
    internal Dataset Featured(Dataset data, int threads, CancellationToken cancellationToken = default) =>
        Spec.Model.Features is null || DataFit.AreFeatures(Spec, data)
            ? data
            : Transform.Apply(data, FeatureStatistics, threads, progress: null, cancellationToken);

    internal Range RangeOf(int node) => _offsets[node].._offsets[node + 1];

    /// <summary>Gets where a node's weights start in <see cref="Weights"/>.</summary>
    internal int OffsetOf(int node) => _offsets[node];

    /// <summary>Holds the weights for whoever computes with their address.</summary>
    internal PinnedBuffer<float> PinWeights() => _weights.Pin();

    private void Score(Dataset data, Span<float> losses, Span<int> predicted, int threads)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        if (losses.Length != data.Count)
        {
            throw new ArgumentException($"Expected room for {data.Count} losses; got {losses.Length}.", nameof(losses));
        }

        DataFit.Check(Spec, _nodes, data);
        using BatchPass pass = new(this, threads, training: false);
        if (Spec.Model.Features is null || DataFit.AreFeatures(Spec, data))
        {
            pass.Evaluate(data, losses, predicted);
            return;
        }

        for (int start = 0; start < data.Count; start += FeaturesAtOnce)
        {
            int count = Math.Min(FeaturesAtOnce, data.Count - start);
            Dataset images = new(
                data.Inputs.Slice(start * InputSize, count * InputSize),
                data.Labels.Slice(start, count),
                Spec.Model.Input,
                data.Classes);
            Span<int> some = predicted.IsEmpty ? [] : predicted.Slice(start, count);
            pass.Evaluate(Featured(images, threads), losses.Slice(start, count), some);
        }
    }

    private ParameterTensor[] ParametersWithStatistics()
    {
        int channels = Spec.Model.Features!.Channels;
        int end = Weights.Length;
        return
        [
            .. Parameters,
            new ParameterTensor(MeanName, [channels], end, channels),
            new ParameterTensor(VarianceName, [channels], end + channels, channels),
        ];
    }
}
