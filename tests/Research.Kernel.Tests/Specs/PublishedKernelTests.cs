using Research.Kernel.Specs;
using Research.Tests.Tools;

namespace Research.Tests.Specs;

public sealed class PublishedKernelTests
{
    [Fact]
    public void RepositoryOf_BuildInTheRepository_IsItsRoot() =>
        Assert.Equal(ExternalTool.RepositoryRoot, PublishedKernel.RepositoryOf(AppContext.BaseDirectory));

    [Fact]
    public void RepositoryOf_AnywhereElse_IsNull()
    {
        using TemporaryFolder elsewhere = new();

        Assert.Null(PublishedKernel.RepositoryOf(elsewhere.Path));
    }
}
