namespace Research.Training.Data.Scattering;
/// <summary>stub</summary>
public sealed class ChannelStatistics
{
    /// <summary>stub</summary>
    public static void Estimate() { }
    internal static void Check(ScatteringFeatures f, IReadOnlyList<int> s) { }
    internal static void Apply(Span<float> f, int size, int threads) { }
}
