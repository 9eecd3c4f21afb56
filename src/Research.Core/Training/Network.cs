using Research.Tensors;
using Research.Training.Data;
using Research.Training.Layers;

namespace Research.Training;

/// <summary>A model's layers with its weights, all in one flat buffer.</summary>
/// <remarks>
/// The same specification, weights and inputs give the same bits on any processor and with any number of threads.
/// </remarks>
public sealed class Network
{
    private readonly AlignedBuffer _weights;
    private readonly LayerOperator[] _operators;
    private readonly int[] _offsets;

    private Network(ModelSpec spec, LayerOperator[] operators)
    {
        Spec = spec;
        _operators = operators;
        _offsets = new int[operators.Length + 1];
        List<ParameterTensor> parameters = [];
        int offset = 0;
        for (int layer = 0; layer < operators.Length; layer++)
        {
            _offsets[layer] = offset;
            foreach ((string name, int[] shape) in operators[layer].Parameters)
            {
                int length = Specification.Shapes.Size(shape);
                parameters.Add(new ParameterTensor($"layers.{layer}.{name}", shape, offset, length));
                offset += length;
            }
        }

        _offsets[^1] = offset;
        Parameters = parameters;
        _weights = new AlignedBuffer(offset);
    }

    /// <summary>Gets the specification that the network was made from.</summary>
    public ModelSpec Spec { get; }

    /// <summary>Gets where each parameter lies in <see cref="Weights"/>, in order and without gaps.</summary>
    public IReadOnlyList<ParameterTensor> Parameters { get; }

    /// <summary>Gets all weights, in one buffer; changes take effect at once.</summary>
    public Span<float> Weights => _weights.Span;

    /// <summary>Gets the number of classes that the last layer scores.</summary>
    public int Classes => _operators[^1].OutputSize;

    /// <summary>Gets how many numbers one example has.</summary>
    public int InputSize => _operators[0].InputSize;

    /// <summary>Creates a network with the first weights that the specification's seed determines.</summary>
    /// <param name="spec">The specification; only its model section matters here.</param>
    /// <exception cref="SpecException">The specification is not valid.</exception>
    public static Network Create(ModelSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        LayerOperator[] operators = spec.Bind();
        Network network = new(spec, operators);
        SeededGenerator generator = new((ulong)spec.Model.Seed);
        for (int layer = 0; layer < operators.Length; layer++)
        {
            operators[layer].Initialise(generator, network.LayerWeights(layer));
        }

        return network;
    }

    /// <summary>Copies the weights into a checkpoint.</summary>
    public Checkpoint ToCheckpoint() => new(Parameters, Weights.ToArray());

    /// <summary>Takes over a checkpoint's weights.</summary>
    /// <param name="checkpoint">Must hold exactly this network's parameters, in any order.</param>
    /// <exception cref="ArgumentException">A parameter is missing, unknown or of another shape; nothing was
    /// changed.</exception>
    public void Load(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        checkpoint.CheckFits(Parameters);
        foreach (ParameterTensor parameter in Parameters)
        {
            checkpoint[parameter.Name].CopyTo(Weights.Slice(parameter.Offset, parameter.Length));
        }
    }

    /// <summary>Computes class scores.</summary>
    /// <param name="inputs">Examples, [N, D] row-major.</param>
    /// <param name="scores">Receives the scores (logits), [N, <see cref="Classes"/>].</param>
    /// <exception cref="ArgumentException">The lengths are not those of N examples.</exception>
    public void Forward(ReadOnlySpan<float> inputs, Span<float> scores)
    {
        int count = inputs.Length / InputSize;
        if (inputs.Length != count * InputSize || scores.Length != count * Classes)
        {
            throw new ArgumentException(
                $"Expected [N, {InputSize}] inputs and [N, {Classes}] scores; "
                + $"got {inputs.Length} and {scores.Length} elements.",
                nameof(scores));
        }

        BatchPass pass = new(this, threads: 1, training: false);
        for (int start = 0; start < count; start += pass.Capacity)
        {
            int rows = Math.Min(pass.Capacity, count - start);
            pass.Forward(inputs.Slice(start * InputSize, rows * InputSize)).CopyTo(scores[(start * Classes)..]);
        }
    }

    /// <summary>Computes the loss of each example.</summary>
    /// <param name="data">The examples; their shape and classes must fit the model.</param>
    /// <param name="perExampleLoss">Receives a loss for each example.</param>
    /// <param name="threads">Threads to use, at least 1; never changes a bit.</param>
    /// <exception cref="SpecException">The data do not fit the model.</exception>
    public void Losses(Dataset data, Span<float> perExampleLoss, int threads = 1) =>
        Score(data, perExampleLoss, threads);

    /// <summary>Computes mean loss and accuracy.</summary>
    /// <param name="data">The examples, at least one; their shape and classes must fit the model.</param>
    /// <param name="threads">Threads to use, at least 1; never changes a bit.</param>
    /// <exception cref="SpecException">The data do not fit the model.</exception>
    public Evaluation Evaluate(Dataset data, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfZero(data.Count, nameof(data));
        float[] losses = new float[data.Count];
        int correct = Score(data, losses, threads);
        double sum = 0;
        foreach (float loss in losses)
        {
            sum += loss;
        }

        return new Evaluation(sum / data.Count, (double)correct / data.Count, data.Count);
    }

    internal IReadOnlyList<LayerOperator> Operators => _operators;

    internal Span<float> LayerWeights(int layer) => Weights[_offsets[layer].._offsets[layer + 1]];

    internal Range LayerRange(int layer) => _offsets[layer].._offsets[layer + 1];

    private int Score(Dataset data, Span<float> losses, int threads)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        if (losses.Length != data.Count)
        {
            throw new ArgumentException($"Expected room for {data.Count} losses; got {losses.Length}.", nameof(losses));
        }

        DataFit.Check(Spec, _operators, data);
        BatchPass pass = new(this, threads, training: false);
        int correct = 0;
        for (int start = 0; start < data.Count; start += pass.Capacity)
        {
            int rows = Math.Min(pass.Capacity, data.Count - start);
            ReadOnlySpan<float> scores = pass.Forward(data.Inputs.Span.Slice(start * InputSize, rows * InputSize));
            ReadOnlySpan<int> labels = data.Labels.Span.Slice(start, rows);
            SoftmaxCrossEntropy.Forward(scores, Classes, labels, losses.Slice(start, rows));
            correct += Correct(scores, labels);
        }

        return correct;
    }

    private int Correct(ReadOnlySpan<float> scores, ReadOnlySpan<int> labels)
    {
        int correct = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            ReadOnlySpan<float> x = scores.Slice(row * Classes, Classes);
            int best = 0;
            for (int c = 1; c < x.Length; c++)
            {
                best = x[c] > x[best] ? c : best;
            }

            correct += best == labels[row] ? 1 : 0;
        }

        return correct;
    }
}
