using Research.Scripting.Packages;

namespace Research.Tests.Packages;

public sealed class PackageVersionTests
{
    // SemVer 2.0.0, clause 11's own examples, and NuGet's fourth number.
    [Theory]
    [InlineData("1.0.0-alpha", "1.0.0-alpha.1")]
    [InlineData("1.0.0-alpha.1", "1.0.0-alpha.beta")]
    [InlineData("1.0.0-alpha.beta", "1.0.0-beta")]
    [InlineData("1.0.0-beta.2", "1.0.0-beta.11")]
    [InlineData("1.0.0-beta.11", "1.0.0-rc.1")]
    [InlineData("1.0.0-rc.1", "1.0.0")]
    [InlineData("1.9", "1.10")]
    [InlineData("13.0.3", "13.0.3.1")]
    public void CompareTo_LowerVersion_IsNegative(string lower, string higher)
    {
        Assert.True(PackageVersion.Parse(lower)!.CompareTo(PackageVersion.Parse(higher)) < 0);
        Assert.True(PackageVersion.Parse(higher)!.CompareTo(PackageVersion.Parse(lower)) > 0);
    }

    [Theory]
    [InlineData("1.0", "1.0.0+build.5")]
    [InlineData("1", "1.0.0.0")]
    public void CompareTo_SameVersion_IsZero(string one, string other) =>
        Assert.Equal(0, PackageVersion.Parse(one)!.CompareTo(PackageVersion.Parse(other)));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("1.")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.0.0-")]
    [InlineData("1.0.0-a..b")]
    [InlineData("99999999999.0")]
    [InlineData("1.0 beta")]
    public void Parse_NoVersion_IsNull(string text) => Assert.Null(PackageVersion.Parse(text));

    [Theory]
    [InlineData("1.2.0", "1.2.0", true)]
    [InlineData("1.2.0", "3.0.0", true)]
    [InlineData("1.2.0", "1.1.9", false)]
    [InlineData("[1.2.0]", "1.2.1", false)]
    [InlineData("[1.0,2.0)", "1.9.9", true)]
    [InlineData("[1.0,2.0)", "2.0.0", false)]
    [InlineData("(1.0,2.0]", "1.0.0", false)]
    [InlineData("(,2.0]", "0.1.0", true)]
    [InlineData("1.2.*", "1.2.7", true)]
    [InlineData("1.2.*", "1.20.0", false)]
    [InlineData("*", "7.0.0", true)]
    [InlineData("1.0.0-beta.*", "1.0.0-beta.3", true)]
    public void Allows_Version_AsNuGetReadsRanges(string range, string version, bool allowed) =>
        Assert.Equal(allowed, PackageVersionRange.Parse(range)!.Allows(PackageVersion.Parse(version)!));

    [Theory]
    [InlineData("")]
    [InlineData("1.x")]
    [InlineData("[1.0")]
    [InlineData("(1.0)")]
    [InlineData("[2.0,1.0]")]
    [InlineData("[,]")]
    [InlineData("[a,1.0]")]
    [InlineData("1.0.0; rm")]
    [InlineData("**")]
    [InlineData("latest")]
    public void Parse_NoRange_IsNull(string text) => Assert.Null(PackageVersionRange.Parse(text));
}
