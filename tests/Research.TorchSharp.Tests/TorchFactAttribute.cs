namespace Research.TorchSharp.Tests;

/// <summary>A test that runs where libtorch can be loaded, and elsewhere says why it is skipped.</summary>
internal sealed class TorchFactAttribute : FactAttribute
{
    public TorchFactAttribute() => Skip = TorchHere.Skip;
}

/// <summary>A theory of the same kind.</summary>
internal sealed class TorchTheoryAttribute : TheoryAttribute
{
    public TorchTheoryAttribute() => Skip = TorchHere.Skip;
}
