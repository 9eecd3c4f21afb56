using Research.Training;

namespace Research.Privacy.Auditing;

/// <summary>Places canaries so that their gradients are orthogonal: each is then a trial of its own.</summary>
internal static class CanaryLayout
{
    private const float Spike = 1000; // In clip norms and at least 1000: every way of clipping shortens it.

    /// <summary>Gets as many canaries as fit, none of them a member.</summary>
    /// <remarks>
    /// The first strike every layer at once, until the smallest layer is full: a trainer that clips layers apart lets
    /// too much of them through. The others strike one weight each, unless layers are meant to be clipped apart, where
    /// one layer alone never fills the norm.
    /// </remarks>
    public static Canary[] Place(Network network, PrivacySection privacy, int most)
    {
        (int Start, int End)[] layers = Layers(network);
        int smallest = layers.Min(layer => layer.End - layer.Start);
        bool isApart = privacy.Clipping == ClippingMode.PerLayer;
        int striking = Math.Min(layers.Length == 1 ? 0 : smallest, isApart ? most : (most + 1) / 2);
        float spike = Spike * (float)(1 + privacy.ClipNorm);
        List<Canary> canaries = [];
        for (int i = 0; i < striking; i++)
        {
            canaries.Add(new Canary([.. layers.Select(layer => layer.Start + i)], spike, IsMember: false));
        }

        foreach ((int start, int end) in isApart && layers.Length > 1 ? [] : layers)
        {
            for (int at = start + striking; at < end && canaries.Count < most; at++)
            {
                canaries.Add(new Canary([at], spike, IsMember: false));
            }
        }

        return [.. canaries];
    }

    /// <summary>Gets where each layer's weights lie, of the layers that have any.</summary>
    public static (int Start, int End)[] Layers(Network network) =>
    [
        .. Enumerable.Range(0, network.Nodes.Count)
            .Select(network.RangeOf)
            .Select(range => (range.Start.Value, range.End.Value))
            .Where(layer => layer.Item2 > layer.Item1),
    ];
}
