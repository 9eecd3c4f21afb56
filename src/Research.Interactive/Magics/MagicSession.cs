using Research.Interactive.Chains;

namespace Research.Interactive.Magics;

/// <summary>What magic commands keep for as long as their kernel lives.</summary>
internal sealed class MagicSession : IDisposable
{
    /// <summary>Gets the chain that <c>#!chain up</c> started; null where none runs.</summary>
    public LocalChain? Chain { get; private set; }

    /// <summary>Takes over a chain.</summary>
    public void Keep(LocalChain chain) => Chain = chain;

    /// <summary>Stops the chain, and returns once it has ended.</summary>
    public async Task StopChainAsync()
    {
        LocalChain? chain = Chain;
        Chain = null;
        if (chain is not null)
        {
            await chain.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Asks the chain to stop; what watches over it outlives this process for the moment that takes.</summary>
    public void Dispose() => _ = StopChainAsync();
}
