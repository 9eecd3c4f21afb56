using System.Buffers;
using System.Text.Json;
using Research.Chain.Contracts;
using Research.Chain.Primitives;
using Research.Chain.Rpc;

namespace Research.Chain.Networks;

/// <summary>The file in which this user's markets are kept, so that nobody types their block, or their address twice.</summary>
/// <remarks>
/// It is replaced whole, by one process at a time. An entry counts only on the chain on which its block has its hash: a
/// development chain that was started anew makes it void.
/// </remarks>
/// <param name="path">The file; made when first written to.</param>
/// <param name="time">The clock by which a turn is waited for; null for the system's.</param>
public sealed class DeploymentRecord(string path, TimeProvider? time = null)
{
    private const int MostBytes = 4 << 20;
    private const int MostEntries = 5000;

    private static readonly string[] RootFields = ["version", "deployments"];
    private static readonly string[] EntryFields = ["chainId", "market", "block", "blockHash", "codeHash", "own"];

    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    /// <summary>Gets the record of <c>research/deployments.json</c> in the user's application data; null where this user has no
    /// such folder.</summary>
    public static DeploymentRecord? Usual() =>
        ApplicationFolder.Find("deployments.json") is string path ? new DeploymentRecord(path) : null;

    /// <summary>Gets the file's path.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>Gets all entries, the one recorded last at the end.</summary>
    /// <exception cref="InvalidDataException">The file is damaged; the message names it, the JSON path, what was expected and what
    /// is there.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public IReadOnlyList<Deployment> Read()
    {
        try
        {
            return LocalFile.Read(Path, MostBytes) is { } bytes ? StrictObject.Parse(bytes, Parse) : [];
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException(
                $"{Path}: {e.Message} Mend it, or move it away: what it says can be found again on chain.", e);
        }
    }

    /// <summary>Finds a market's entry that counts on the chain of a node; null where there is none.</summary>
    /// <param name="client">The node.</param>
    /// <param name="market">The market.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public async Task<Deployment?> FindAsync(
        EthereumClient client, Address market, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<Deployment> valid = await ValidAsync(
            client, one => one.Market == market, cancellationToken).ConfigureAwait(false);
        return valid.Count == 0 ? null : valid[^1];
    }

    /// <summary>Gets the entries that count on the chain of a node, the one recorded last at the end.</summary>
    /// <param name="client">The node.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public Task<IReadOnlyList<Deployment>> OnChainAsync(
        EthereumClient client, CancellationToken cancellationToken = default) =>
        ValidAsync(client, _ => true, cancellationToken);

    /// <summary>Records a deployment, in the place of one of the same market that was there; others stay as they are.</summary>
    /// <param name="deployment">What to record.</param>
    /// <param name="cancellationToken">Leaves the file as it is.</param>
    /// <exception cref="InvalidDataException">The file is damaged; it is left as it is.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public async Task RecordAsync(Deployment deployment, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        using IDisposable turn = await LocalFile.TurnAsync(Path, time ?? TimeProvider.System, cancellationToken)
            .ConfigureAwait(false);
        List<Deployment> all =
            [.. Read().Where(one => one.ChainId != deployment.ChainId || one.Market != deployment.Market), deployment];
        while (all.Count > MostEntries)
        {
            all.RemoveAt(Math.Max(0, all.FindIndex(one => !one.IsOwn))); // What was found can be found again.
        }

        LocalFile.Replace(Path, Write(all));
    }

    /// <summary>Finds on chain the block of a market's deployment: the first after which its address has code.</summary>
    /// <remarks>Some 25 questions about old states, which a node need not keep.</remarks>
    /// <param name="client">A node that keeps old states.</param>
    /// <param name="market">The market; it must have the code of this version.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>What was found; null where the node does not keep old states.</returns>
    /// <exception cref="NoCodeException">The address has no code.</exception>
    /// <exception cref="WrongCodeException">It is no market of this version.</exception>
    public static async Task<Deployment?> LocateAsync(
        EthereumClient client, Address market, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        await client.RequireContractAsync(market, "TrainingMarket", TrainingMarket.CodeHash, cancellationToken)
            .ConfigureAwait(false);
        try
        {
            ulong without = 0; // No code after any block before this one.
            ulong with = await client.GetBlockNumberAsync(cancellationToken).ConfigureAwait(false);
            while (without < with)
            {
                ulong middle = without + ((with - without) / 2);
                byte[] code = await client.GetCodeAsync(market, middle, cancellationToken).ConfigureAwait(false);
                (without, with) = code.Length > 0 ? (without, middle) : (middle + 1, with);
            }

            Block block = await client.GetBlockAsync(with, cancellationToken).ConfigureAwait(false);
            TrainingMarket found = new(client, market, fromBlock: with);
            if (await found.TaskCountAsync(cancellationToken).ConfigureAwait(false) > 0
                && (await found.Events.TaskPublishedAsync(1, cancellationToken).ConfigureAwait(false)).Count == 0)
            {
                return null; // A node without old states has put it too late: the first task is before it.
            }

            return new Deployment(
                await client.GetChainIdAsync(cancellationToken).ConfigureAwait(false),
                market,
                with,
                block.Hash,
                TrainingMarket.CodeHash,
                IsOwn: false);
        }
        catch (ChainException)
        {
            return null; // Nodes say "I no longer have that state" each in their own way.
        }
    }

    private async Task<IReadOnlyList<Deployment>> ValidAsync(
        EthereumClient client, Func<Deployment, bool> isAsked, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        Deployment[] candidates = [.. Read().Where(isAsked)];
        if (candidates.Length == 0)
        {
            return [];
        }

        ulong chainId = await client.GetChainIdAsync(cancellationToken).ConfigureAwait(false);
        List<Deployment> valid = [];
        foreach (Deployment one in candidates.Where(one => one.ChainId == chainId))
        {
            if (one.CodeHash == TrainingMarket.CodeHash
                && await client.FindBlockAsync(one.Block, cancellationToken).ConfigureAwait(false) is { } block
                && block.Hash == one.BlockHash)
            {
                valid.Add(one);
            }
        }

        return valid;
    }

    private static Deployment[] Parse(JsonElement root)
    {
        StrictObject file = new(root, "$", RootFields);
        file.Whole("version", 1, 1);
        return
        [
            .. file.Items("deployments", MostEntries).Select(item =>
            {
                StrictObject one = new(item.Item, item.Path, EntryFields);
                return new Deployment(
                    one.Whole("chainId", 1, long.MaxValue),
                    one.Account("market"),
                    one.Whole("block", 0, long.MaxValue),
                    one.Hash("blockHash"),
                    one.Hash("codeHash"),
                    one.Flag("own"));
            }),
        ];
    }

    private static ReadOnlySpan<byte> Write(List<Deployment> all)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, Indented))
        {
            json.WriteStartObject();
            json.WriteNumber("version", 1);
            json.WriteStartArray("deployments");
            foreach (Deployment one in all)
            {
                json.WriteStartObject();
                json.WriteNumber("chainId", one.ChainId);
                json.WriteString("market", one.Market.ToString());
                json.WriteNumber("block", one.Block);
                json.WriteString("blockHash", one.BlockHash.ToString());
                json.WriteString("codeHash", one.CodeHash.ToString());
                json.WriteBoolean("own", one.IsOwn);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan;
    }
}
