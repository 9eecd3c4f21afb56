using Research.Training.Data;
using Research.Training.Data.Scattering;
using Research.Training.Layers;

namespace Research.Training;

/// <summary>The model of a specification: input shape, layers and the seed of their first weights.</summary>
/// <param name="Input">Shape of one example; images are [channels, height, width].</param>
/// <param name="Seed">Seed of the weight initialisation, 0 to 2^53 − 1.</param>
/// <param name="Layers">The layers, first to last.</param>
/// <param name="Features">Fixed features that replace each input before the first layer; null leaves it.</param>
public sealed record ModelSection(
    IReadOnlyList<int> Input, long Seed, IReadOnlyList<Layer> Layers, ScatteringFeatures? Features = null)
{
    /// <summary>Makes a perceptron of one hidden layer that fits some records: something to begin with.</summary>
    /// <param name="records">The records, for their shape and classes.</param>
    /// <param name="seed">Seed of the weight initialisation, 0 to 2^53 − 1.</param>
    public static ModelSection PerceptronFor(Dataset records, long seed)
    {
        ArgumentNullException.ThrowIfNull(records);
        int inputs = records.Shape.Aggregate(1, (product, size) => product * size);
        int hidden = inputs > 256 ? 64 : 32;
        List<Layer> layers = [new Linear(inputs, hidden), new ReLU(), new Linear(hidden, records.Classes)];
        if (records.Shape.Count > 1)
        {
            layers.Insert(0, new Flatten());
        }

        return new ModelSection(records.Shape, seed, layers);
    }
}
