using Research.Tests.Tools;
using Research.Training;

namespace Research.Tests;

/// <summary>Holds the library's public surface to a reviewed list, so that each change of it shows in a diff.</summary>
public sealed class PublicApiTests
{
    [Fact]
    public void PublicSurface_OfCore_IsTheReviewedOne() =>
        PublicSurface.RequireReviewed(typeof(ModelSpec).Assembly, "Research.Core.Tests");
}
