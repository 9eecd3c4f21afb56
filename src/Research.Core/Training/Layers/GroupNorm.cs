using Research.Training.Specification;

namespace Research.Training.Layers;

/// <summary>Brings each group of channels to mean 0 and variance 1, then scales and shifts each channel.</summary>
/// <remarks>
/// y = (x − mean) / √(variance + 10⁻⁵) · weight + bias, over the channels of a group and all their positions; the
/// variance is divided by the count. As <c>torch.nn.GroupNorm</c>. No example sees another. Parameters:
/// <c>weight</c> [channels], first 1, and <c>bias</c> [channels], first 0. Source: Wu and He 2018, arXiv:1803.08494v3,
/// section 3.1.
/// </remarks>
/// <param name="Groups">Into how many groups the channels fall; divides <paramref name="Channels"/>.</param>
/// <param name="Channels">Channels that arrive: the first size of the input.</param>
public sealed record GroupNorm(int Groups, int Channels) : Layer
{
    /// <inheritdoc/>
    public override string Type => "groupNorm";

    internal override LayerOperator Bind(IReadOnlyList<int> input, string path)
    {
        SpecRange.Check(Channels, 1, Shapes.LargestSize, path + ".channels");
        if (input[0] != Channels)
        {
            throw new SpecException(
                path + ".channels", $"{input[0]} (the channels that arrive there)", $"{Channels}");
        }

        SpecRange.Check(Groups, 1, Channels, path + ".groups");
        if (Channels % Groups != 0)
        {
            throw new SpecException(path + ".groups", $"a divisor of {Channels}, the channels", $"{Groups}");
        }

        int size = Shapes.Size(input);
        return new NormOperator(input, Channels, size / Channels, size / Groups);
    }
}
