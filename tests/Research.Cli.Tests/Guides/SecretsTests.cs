using Xunit.Sdk;

namespace Research.Tests.Guides;

/// <summary>That nobody has another's secrets is looked for in a way that would find them.</summary>
public sealed class SecretsTests
{
    [Fact]
    public void AssertKept_AnotherHomeHoldsAFile_Fails()
    {
        const string Secret = "0123456789abcdef";
        using TemporaryFolder homes = new();
        Person owner = new("owner", Guide.Load("2-owner"), homes.Path, ["bash"], new Transcript());
        Person other = new("other", Guide.Load("2-owner"), homes.Path, ["bash"], new Transcript());
        Directory.CreateDirectory(Path.Combine(owner.Home, "private"));
        File.WriteAllText(Path.Combine(owner.Home, "private", "salt"), Secret);
        IReadOnlyList<(string Name, byte[] Bytes)> secrets = Secrets.Of(owner, _ => false);
        Secrets.AssertKept(owner, secrets, [owner, other]);

        File.WriteAllText(Path.Combine(other.Home, "log"), $"a line with {Secret} in it");

        Assert.ThrowsAny<XunitException>(() => Secrets.AssertKept(owner, secrets, [owner, other]));
    }
}
