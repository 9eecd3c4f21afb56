using Research.Training;

namespace Research.Tests.Training;

/// <summary>Clipping of one example's gradient in double, as the papers state it.</summary>
internal static class PlainClipping
{
    /// <summary>Adds a clipped gradient to a sum.</summary>
    public static void AddTo(double[] sum, double[] gradient, Network network, Clipping? clipping)
    {
        double norm = Norm(gradient, 0..gradient.Length);
        IReadOnlyList<Range> layers = Layers(network);
        foreach (Range layer in layers)
        {
            double own = Norm(gradient, layer);
            double bound = clipping is { } c ? c.Norm / Math.Sqrt(layers.Count) : 0;
            double factor = clipping switch
            {
                null => 1,
                { Mode: ClippingMode.Flat } flat => Math.Min(1, flat.Norm / norm),
                { Mode: ClippingMode.PerLayer } => Math.Min(1, bound / own),
                { } automatic => automatic.Norm / (norm + 0.01),
            };
            (int start, int length) = layer.GetOffsetAndLength(gradient.Length);
            for (int i = start; i < start + length; i++)
            {
                sum[i] += gradient[i] * factor;
            }
        }
    }

    /// <summary>Gets where each layer with parameters has them.</summary>
    public static IReadOnlyList<Range> Layers(Network network)
    {
        List<Range> layers = [];
        foreach (IGrouping<string, ParameterTensor> layer in network.Parameters.GroupBy(
            parameter => parameter.Name[..parameter.Name.LastIndexOf('.')]))
        {
            layers.Add(layer.First().Offset..(layer.Last().Offset + layer.Last().Length));
        }

        return layers;
    }

    public static double Norm(double[] gradient, Range range) => Math.Sqrt(gradient[range].Sum(g => g * g));
}
