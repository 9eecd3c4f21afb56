using Research.Tests.Tools;

namespace Research.TorchSharp.Tests;

/// <summary>Holds the package's public surface to a reviewed list, so that each change of it shows in a diff.</summary>
public sealed class PublicApiTests
{
    [Fact]
    public void PublicSurface_OfTorchSharp_IsTheReviewedOne() =>
        PublicSurface.RequireReviewed(typeof(PrivacyEngine).Assembly, "Research.TorchSharp.Tests");
}
