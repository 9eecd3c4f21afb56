using System.Text.Json;
using Research.Privacy.Accounting;
using Research.Training.Specification;

namespace Research.Training.Data.Scattering;

/// <summary>
/// Every channel by the training set's mean and variance, which are released with Gaussian noise and charged.
/// </summary>
/// <remarks>The two releases are part of the run's privacy cost; see <see cref="ChannelStatistics"/>.</remarks>
/// <param name="NoiseMultiplier">Standard deviation of each release's noise over its sensitivity;
/// in [1e-9, 1e6].</param>
public sealed record DataNormalization(double NoiseMultiplier = 8) : FeatureNormalization
{
    /// <inheritdoc/>
    public override string Type => "data";

    /// <summary>Gets what the two releases cost. Neighbouring relation: add or remove one record.</summary>
    public GaussianEvent Privacy => new(1, NoiseMultiplier, 2);

    internal override void Check(int channels, string path) => SpecRange.Check(
        NoiseMultiplier,
        PrivacyRanges.IsNoiseMultiplier(NoiseMultiplier),
        PrivacyRanges.NoiseMultipliers,
        path + ".noiseMultiplier");

    internal override void WriteFields(Utf8JsonWriter json) => json.WriteNumber("noiseMultiplier", NoiseMultiplier);
}
