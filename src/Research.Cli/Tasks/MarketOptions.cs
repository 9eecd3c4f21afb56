using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Cli.Commands;
using Research.Cli.Wallets;
using Research.Storage;

namespace Research.Cli.Tasks;

/// <summary>Where the market is, and where blobs are kept.</summary>
internal sealed record MarketOptions
{
    /// <summary>
    /// The environment variable that holds the private key of whoever signs; there is no option for it.
    /// </summary>
    public const string KeyVariable = "RESEARCH_PRIVATE_KEY";

    /// <summary>Gets who is asked for the chain.</summary>
    public required NodeChoice Nodes { get; init; }

    /// <summary>Gets the market; null where none was named.</summary>
    public Address? Market { get; init; }

    /// <summary>Gets the stores of the blobs that everyone in a task shares, in order; a folder is first.</summary>
    public required IReadOnlyList<StoreAddress> Stores { get; init; }

    /// <summary>Gets how servers among the stores are spoken to.</summary>
    public Func<Uri, HttpStoreOptions> StoreOptionsOf { get; init; } = _ => new HttpStoreOptions();

    /// <summary>Gets who is told how far blobs from and to IPFS have come; null for nobody.</summary>
    public IProgress<BlobProgress>? Progress { get; init; }

    /// <summary>Gets whether the stores that a specification names are asked too, after one's own.</summary>
    public bool AsksNamedStores { get; init; } = true;

    /// <summary>Gets the folder of what must not be shared yet: salts, unrevealed updates, evaluation records and
    /// keys.</summary>
    public required string PrivateFolder { get; init; }

    /// <summary>Gets the block from which events are looked for; null for that of the market's deployment.</summary>
    public ulong? FromBlock { get; init; }

    /// <summary>Gets the wallet that signs; null where the key in <see cref="KeyVariable"/> does, or nothing.</summary>
    public WalletChoice? Wallet { get; init; }

    /// <summary>Gets the program that signs and holds the key; null where a wallet or a key does.</summary>
    public SignerChoice? Signer { get; init; }

    /// <summary>Gets the account that a verb which only reads is about; null for anybody.</summary>
    public Address? Account { get; init; }

    /// <summary>Gets the patience with the node, and what is offered for gas.</summary>
    public EthereumClientOptions Node { get; init; } = new();

    /// <summary>Gets the copy of the private folder in which a dry run writes; null where there is none.</summary>
    public ScratchFolder? Scratch { get; init; }

    /// <summary>Gets whether to print JSON.</summary>
    public bool Json { get; init; }
}
