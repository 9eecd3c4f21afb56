using Research.Federation.Program;
using Research.Federation.Trace;
using Research.Storage;
using Research.Training;
using Research.Training.Aggregation;

namespace Research.Federation.Aggregation;

/// <summary>The model that a round starts from: integer weights, the same bits for everyone.</summary>
public sealed class GlobalModel
{
    private const string Format = "research-model/1";

    private readonly int[] _weights;

    private GlobalModel(ModelSpec spec, IReadOnlyList<ParameterTensor> parameters, int[] weights)
    {
        Spec = spec;
        Parameters = parameters;
        _weights = weights;
        Bytes = IntegerTensors.Write(parameters, weights, new Dictionary<string, string>
        {
            ["format"] = Format,
            ["spec"] = spec.Hash.ToString(),
            ["unitsPerOne"] = $"{FixedPoint.UnitsPerOne}",
        });
        Hash = ContentHash.Of(Bytes.Span);
    }

    /// <summary>Gets the specification that the model follows.</summary>
    public ModelSpec Spec { get; }

    /// <summary>
    /// Gets the weights, [P] in units of <see cref="FixedPoint"/>, in the order of <see cref="Parameters"/>.
    /// </summary>
    public ReadOnlySpan<int> Weights => _weights;

    /// <summary>Gets names, shapes and places of the parameters.</summary>
    public IReadOnlyList<ParameterTensor> Parameters { get; }

    /// <summary>Gets the model as a safetensors file of I32 tensors.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Gets the SHA-256 of <see cref="Bytes"/>: its name in a store.</summary>
    public ContentHash Hash { get; }

    /// <summary>Gets the root of the tree over <see cref="Weights"/>, 4 bytes each and most significant first.</summary>
    public TreeHash Root => LeafTree.Root(ProgramInputs.ToBytes(_weights));

    /// <summary>
    /// Makes the model of a first round: the specification's seeded first weights, rounded to the grid.
    /// </summary>
    public static GlobalModel Initial(ModelSpec spec)
    {
        Network network = Network.Create(spec);
        int[] weights = new int[network.Weights.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = FixedPoint.Quantise(network.Weights[i]);
        }

        return new GlobalModel(spec, network.Parameters, weights);
    }

    /// <summary>Reads a model from a stranger's bytes.</summary>
    /// <param name="spec">The specification that it must follow.</param>
    /// <param name="bytes">A safetensors file.</param>
    /// <param name="source">What to call the bytes in errors.</param>
    /// <exception cref="InvalidDataException">The bytes are not a model of that specification.</exception>
    public static GlobalModel Parse(ModelSpec spec, ReadOnlySpan<byte> bytes, string source = "model")
    {
        SafetensorsFile file = Safetensors.Read(bytes, source);
        IntegerTensors.CheckMetadata(file, "format", Format, source);
        IntegerTensors.CheckMetadata(file, "spec", spec.Hash.ToString(), source);
        IReadOnlyList<ParameterTensor> parameters = Network.Create(spec).Parameters;
        return new GlobalModel(spec, parameters, IntegerTensors.Read(parameters, file, FixedPoint.Limit, source));
    }

    /// <summary>Gets the weights as floats, exactly, for training to start from.</summary>
    public Checkpoint ToCheckpoint()
    {
        float[] values = new float[_weights.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = FixedPoint.Dequantise(_weights[i]);
        }

        return new Checkpoint(Parameters, values);
    }

    /// <summary>Adds the mean of some updates: federated averaging with equal weights, in integers.</summary>
    /// <remarks>See <see cref="Mean"/>; it is rounded once, so the order of the updates changes nothing.</remarks>
    /// <param name="updates">Updates made from this model; none leaves the model as it is.</param>
    /// <exception cref="ArgumentException">An update was made from another model.</exception>
    public GlobalModel Average(IReadOnlyList<ModelUpdate> updates)
    {
        ArgumentNullException.ThrowIfNull(updates);
        BucketedMean mean = new(_weights.Length);
        for (int i = 0; i < updates.Count; i++)
        {
            if (updates[i].Start != Hash)
            {
                throw new ArgumentException(
                    $"Expected updates made from model {Hash}; got one from {updates[i].Start}.", nameof(updates));
            }

            mean.Add(i, updates[i].Delta);
        }

        return Moved(mean.Finish());
    }

    /// <summary>Adds a step, each weight saturating at ±<see cref="FixedPoint.Limit"/>.</summary>
    /// <param name="step">The change of each weight, [P] in units: what an <see cref="Aggregate"/> makes.</param>
    /// <exception cref="ArgumentException">There are more or fewer weights than the model has.</exception>
    public GlobalModel Moved(ReadOnlySpan<int> step)
    {
        if (step.Length != _weights.Length)
        {
            throw new ArgumentException(
                $"Expected {_weights.Length} weights as the model has; got {step.Length}.", nameof(step));
        }

        int[] weights = new int[step.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = (int)Math.Clamp((long)_weights[i] + step[i], -FixedPoint.Limit, FixedPoint.Limit);
        }

        return new GlobalModel(Spec, Parameters, weights);
    }
}
