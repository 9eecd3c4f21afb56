using Research.Chain;
using Research.Chain.Contracts;
using Research.Chain.Networks;
using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Cli.Tasks;

/// <summary>This user's record of markets, as far as a command needs it: whatever it lacks is looked for on chain.</summary>
/// <param name="record">The record; null where this user has no folder for it.</param>
/// <param name="notices">Who is told what was assumed.</param>
internal sealed class KnownMarkets(DeploymentRecord? record, IProgress<string>? notices)
{
    /// <summary>Gets the record's path; null where there is none.</summary>
    public string? Path => record?.Path;

    /// <summary>Says whether there is any market to choose from, on whatever chain.</summary>
    /// <exception cref="InvalidDataException">The record is damaged.</exception>
    public bool HasAny() => record?.Read().Count > 0;

    /// <summary>Gets the market where none was named: the last that this user deployed on the chain, or else the only one that is
    /// known there.</summary>
    /// <exception cref="CommandException">There is none, or there are several.</exception>
    public async Task<Deployment> UsualAsync(EthereumClient client, CancellationToken cancellationToken)
    {
        IReadOnlyList<Deployment> known = record is null
            ? []
            : await record.OnChainAsync(client, cancellationToken).ConfigureAwait(false);
        Deployment? usual = known.LastOrDefault(one => one.IsOwn) ?? (known.Count == 1 ? known[0] : null);
        if (usual is null)
        {
            ulong chainId = await client.GetChainIdAsync(cancellationToken).ConfigureAwait(false);
            throw Unnamed(
                known.Count == 0
                    ? $"; none is recorded on chain {chainId}"
                    : $"; known on chain {chainId} are {string.Join(", ", known.Select(one => one.Market))}");
        }

        notices?.Report(
            $"The market is {usual.Market} of chain {usual.ChainId}, recorded {(usual.IsOwn ? "when you deployed it" : "before")} at "
            + $"block {usual.Block}; --market names another.");
        return usual;
    }

    /// <summary>Gets the error where no market is named.</summary>
    public static CommandException Unnamed(string more = "") => new(
        $"--market: name the market's address there or in RESEARCH_MARKET (research market deploy makes a market){more}.",
        CommandRunner.WrongUsage);

    /// <summary>Gets the block of a market's deployment: recorded, or found on chain once and recorded; 0 where it cannot be
    /// known.</summary>
    /// <remarks>A development chain that has few blocks is looked through from its first.</remarks>
    /// <exception cref="ChainException">The address holds no market of this version.</exception>
    public async Task<ulong> BlockOfAsync(EthereumClient client, Address market, CancellationToken cancellationToken)
    {
        if (record is null)
        {
            return 0;
        }

        try
        {
            if (await record.FindAsync(client, market, cancellationToken).ConfigureAwait(false) is { } known)
            {
                return known.Block;
            }

            if (await client.GetBlockNumberAsync(cancellationToken).ConfigureAwait(false) < client.LogBlockRange)
            {
                return 0; // One question finds all events anyway.
            }

            if (await DeploymentRecord.LocateAsync(client, market, cancellationToken).ConfigureAwait(false) is { } found)
            {
                await record.RecordAsync(found, cancellationToken).ConfigureAwait(false);
                notices?.Report($"The market {market} was deployed in block {found.Block}: recorded in {record.Path}.");
                return found.Block;
            }

            notices?.Report(
                $"The block in which the market {market} was deployed is not recorded, and this node does not keep the old states by "
                + "which to find it: events are looked for from block 0 on. --from-block names a later one.");
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            notices?.Report($"{e.Message} Events are looked for from block 0 on.");
        }

        return 0;
    }

    /// <summary>Throws where the record could not take a deployment: before money is spent on one.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public void RequireReadable() => record?.Read();

    /// <summary>Records a market that this user deployed.</summary>
    /// <returns>The deployment, also where it could not be recorded, which is told.</returns>
    public async Task<Deployment> RecordAsync(
        EthereumClient client, TrainingMarket market, CancellationToken cancellationToken)
    {
        Block block = await client.GetBlockAsync(market.FromBlock, cancellationToken).ConfigureAwait(false);
        Deployment deployment = new(
            await client.GetChainIdAsync(cancellationToken).ConfigureAwait(false),
            market.Address,
            block.Number,
            block.Hash,
            TrainingMarket.CodeHash,
            IsOwn: true);
        try
        {
            await (record?.RecordAsync(deployment, cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            notices?.Report($"The market {market.Address} (block {block.Number}) was not recorded: {e.Message}");
        }

        return deployment;
    }
}
