using Research.Training.Data.Scattering;
using Research.Training.Layers;

namespace Research.Training;

/// <summary>The model of a specification: input shape, layers and the seed of their first weights.</summary>
/// <param name="Input">Shape of one example; images are [channels, height, width].</param>
/// <param name="Seed">Seed of the weight initialisation, 0 to 2^53 − 1.</param>
/// <param name="Layers">The layers, first to last.</param>
/// <param name="Features">Fixed features that replace each input before the first layer; null leaves it.</param>
public sealed record ModelSection(
    IReadOnlyList<int> Input, long Seed, IReadOnlyList<Layer> Layers, ScatteringFeatures? Features = null);
