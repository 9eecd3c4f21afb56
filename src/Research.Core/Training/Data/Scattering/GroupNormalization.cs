using System.Text.Json;
using Research.Training.Specification;

namespace Research.Training.Data.Scattering;

/// <summary>
/// Each example by itself: zero mean and unit variance over every group of channels. Costs no privacy.
/// </summary>
/// <remarks>
/// As torch's <c>GroupNorm</c> without weights: variance divided by the number of values, 1e-5 added inside the root.
/// </remarks>
/// <param name="Groups">Number of groups; divides the number of channels (81 by default).</param>
public sealed record GroupNormalization(int Groups = 27) : FeatureNormalization
{
    /// <inheritdoc/>
    public override string Type => "group";

    internal override void Check(int channels, string path)
    {
        SpecRange.Check(Groups, 1, channels, path + ".groups");
        if (channels % Groups != 0)
        {
            throw new SpecException(path + ".groups", $"a divisor of the {channels} channels", $"{Groups}");
        }
    }

    internal override void WriteFields(Utf8JsonWriter json) => json.WriteNumber("groups", Groups);
}
