using Research.Chain;
using Research.Chain.Contracts;
using Research.Chain.Networks;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Chain.Signing;
using Research.Cli.Wallets;
using Research.Interactive.Chains;
using Research.Market;
using Research.Storage;
using Research.Training;

namespace Research.Cli.Tasks;

/// <summary>A connection to a market for the length of one command.</summary>
internal sealed class MarketSession : IDisposable
{
    private const ulong OtherDevelopmentChain = 1337;
    private const int IndexDepth = 12;

    private readonly Dictionary<Address, Currency> _currencies = [];
    private readonly IReadOnlyList<IBlobStore> _stores;
    private bool _hasComparedClocks;

    private MarketSession(
        MarketOptions options, EthereumClient client, ulong chainId, ISigner? account, EthereumNetwork? network)
    {
        Network = network;
        Options = options;
        Client = client;
        Account = account;
        _stores = StoreAddress.Open(options.Stores, options.StoreOptionsOf, options.Progress);
        Store = new StoreList(
            [.. _stores.Select(Written)],
            options.Node.Notices,
            openNamed: options.AsksNamedStores ? address => OpenNamed(address, IsDevelopment(chainId)) : null);
    }

    public MarketOptions Options { get; }

    public EthereumClient Client { get; }

    /// <summary>Gets what is known of the chain; null for nothing.</summary>
    public EthereumNetwork? Network { get; }

    /// <summary>Gets what stakes, bonds, fees, gas and balances are counted in.</summary>
    public Currency Native => Currency.Native(Network?.Symbol);

    public StoreList Store { get; }

    /// <summary>
    /// Gets the market, which signs with <see cref="Account"/>; set by <see cref="OpenAsync"/> or a deployment.
    /// </summary>
    public TrainingMarket Market { get; private set; } = null!;

    /// <summary>Gets who signs; null in a session that only reads, until <see cref="SignAsync"/>.</summary>
    public ISigner? Account { get; private set; }

    /// <summary>Gets what earlier runs of this account had sent and not seen mined: it is, before anything else is looked
    /// at.</summary>
    public IReadOnlyList<TransactionReceipt> Settled { get; private set; } = [];

    /// <summary>Gets the address of who signs.</summary>
    public Address Self => Account!.Address;

    /// <summary>Connects, and checks that the market is one.</summary>
    /// <param name="options">Where.</param>
    /// <param name="signs">Whether transactions will be sent; the key is then needed.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="CommandException">There is no key, or no market.</exception>
    /// <exception cref="ChainException">The node does not answer within 5 s, or the address has no code.</exception>
    public static async Task<MarketSession> OpenAsync(
        MarketOptions options, bool signs, CancellationToken cancellationToken)
    {
        KnownMarkets markets = MarketsOf(options);
        if (options.Market is null && !markets.HasAny())
        {
            throw KnownMarkets.Unnamed();
        }

        MarketSession session = await ConnectAsync(options, signs, cancellationToken).ConfigureAwait(false);
        try
        {
            Deployment? usual = options.Market is null
                ? await markets.UsualAsync(session.Client, cancellationToken).ConfigureAwait(false)
                : null;
            Address address = usual?.Market ?? options.Market!.Value;
            session.Market = new TrainingMarket(session.Client, address, session.Account);
            await session.CountAsync(cancellationToken).ConfigureAwait(false); // A market, before more is made of it.
            ulong fromBlock = options.FromBlock
                ?? usual?.Block
                ?? await markets.BlockOfAsync(session.Client, address, cancellationToken).ConfigureAwait(false);
            session.Market = new TrainingMarket(
                session.Client, address, session.Account, fromBlock, IndexOf(session.Network, options));
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Connects to a node where there is no market yet.</summary>
    public static async Task<MarketSession> ConnectAsync(
        MarketOptions options, bool signs, CancellationToken cancellationToken)
    {
        ISigner? account = signs ? await SignerAsync(options, cancellationToken).ConfigureAwait(false) : null;
        EthereumClient client = new(options.Nodes.Endpoints, options.Node);
        try
        {
            ulong chainId = await client.GetChainIdAsync(cancellationToken).ConfigureAwait(false);
            EthereumNetwork? network = ChainNetwork.Find(options.Nodes.Network, chainId, options.Node.Notices);
            return new MarketSession(options, client, chainId, account, network)
            {
                Settled = account is null || options.Node.IsDryRun // It may send again what is not mined.
                    ? []
                    : await client.SettleAsync(account, cancellationToken).ConfigureAwait(false),
            };
        }
        catch
        {
            client.Dispose();
            (account as IDisposable)?.Dispose();
            throw;
        }
    }

    /// <summary>Lets a session that only read sign from now on.</summary>
    /// <exception cref="CommandException">There is no key.</exception>
    public async Task SignAsync(CancellationToken cancellationToken)
    {
        if (Account is null)
        {
            Account = await SignerAsync(Options, cancellationToken).ConfigureAwait(false);
            Settled = await Client.SettleAsync(Account, cancellationToken).ConfigureAwait(false);
            Market = Market.As(Account);
        }
    }

    /// <summary>Gets whether the chain is one that developers start for themselves: the contract's limits are relaxed
    /// there.</summary>
    public async Task<bool> IsDevelopmentAsync(CancellationToken cancellationToken) =>
        IsDevelopment(await Client.GetChainIdAsync(cancellationToken).ConfigureAwait(false));

    /// <summary>Gets what the pool of a task is counted in.</summary>
    public async Task<Currency> CurrencyAsync(Address token, CancellationToken cancellationToken)
    {
        if (token.IsZero)
        {
            return Native;
        }

        if (!_currencies.TryGetValue(token, out Currency? known))
        {
            known = await new Erc20(Client, token).DescribeAsync(Native, cancellationToken).ConfigureAwait(false);
            _currencies[token] = known;
        }

        return known;
    }

    /// <summary>Begins a report of what this session did.</summary>
    /// <remarks>A dry run that gets as far as writing it had no transaction to send: that is said first.</remarks>
    public VerbReport Report() => Options.Node.IsDryRun
        ? new VerbReport(Network)
            .Line("dry run", "no transaction is needed: nothing was sent, and what follows was written nowhere")
            .Field("dryRun", true)
        : new VerbReport(Network);

    /// <summary>Deploys a market of this session's own, and records it.</summary>
    /// <exception cref="InvalidDataException">The record is damaged; nothing was sent.</exception>
    public async Task<Deployment> DeployAsync(CancellationToken cancellationToken)
    {
        KnownMarkets markets = MarketsOf(Options);
        markets.RequireReadable();
        Market = await DeployedBeforeAsync(cancellationToken).ConfigureAwait(false)
            ?? await TrainingMarket.DeployAsync(Client, Account!, cancellationToken).ConfigureAwait(false);
        return await markets.RecordAsync(Client, Market, cancellationToken).ConfigureAwait(false);
    }

    // By an earlier run, which died before it saw the receipt and recorded the market.
    private async Task<TrainingMarket?> DeployedBeforeAsync(CancellationToken cancellationToken)
    {
        foreach (TransactionReceipt receipt in Settled)
        {
            if (receipt is { Succeeded: true, ContractAddress: Address address }
                && Keccak256.Hash(await Client.GetCodeAsync(address, cancellationToken).ConfigureAwait(false))
                    == TrainingMarket.CodeHash)
            {
                Options.Node.Notices?.Report($"An earlier run deployed the market {address}: it is used.");
                return new TrainingMarket(Client, address, Account, receipt.BlockNumber);
            }
        }

        return null;
    }

    // Verbs that only read count a block at once; what is kept for later must not be replaced.
    private static EventIndex IndexOf(EthereumNetwork? network, MarketOptions options) => new(
        UserFolder.PathOf("index", "index"),
        Math.Max(IndexDepth, Math.Max(options.Node.Confirmations, network?.Confirmations ?? 1)));

    private static KnownMarkets MarketsOf(MarketOptions options) => new(DeploymentRecord.Usual(), options.Node.Notices);

    /// <summary>Gets a task's terms and state.</summary>
    /// <exception cref="CommandException">There is no such task.</exception>
    public async Task<MarketTask> FindAsync(ulong taskId, CancellationToken cancellationToken)
    {
        ulong count = await CountAsync(cancellationToken).ConfigureAwait(false);
        return taskId <= count
            ? await Market.GetTaskAsync(taskId, cancellationToken).ConfigureAwait(false)
            : throw new CommandException(
                $"There is no task {taskId} on the market {Market.Address}: "
                + $"it has {(count == 0 ? "none yet" : $"tasks 1 to {count}")}.");
    }

    /// <summary>Gets a task with its specification from the store.</summary>
    /// <exception cref="CommandException">There is no such task, or the store lacks its specification.</exception>
    public async Task<OpenTask> LoadAsync(ulong taskId, CancellationToken cancellationToken)
    {
        MarketTask found = await FindAsync(taskId, cancellationToken).ConfigureAwait(false);
        try
        {
            return await OpenTask.LoadAsync(Market, Store, taskId, cancellationToken).ConfigureAwait(false);
        }
        catch (SpecException e)
        {
            throw new CommandException(
                $"The specification {found.Terms.SpecHash.ToContentHash()} of task {taskId}, {e.Message}",
                innerException: e);
        }
    }

    /// <summary>Gets where a task stands now.</summary>
    public async Task<TaskMoment> MomentAsync(ulong taskId, Terms terms, CancellationToken cancellationToken)
    {
        await CompareClocksAsync(cancellationToken).ConfigureAwait(false);
        return new TaskMoment(taskId, terms, await Client.GetNextTimestampAsync(cancellationToken).ConfigureAwait(false));
    }

    // Once a command. The clocks of development chains are moved on purpose.
    private async Task CompareClocksAsync(CancellationToken cancellationToken)
    {
        if (_hasComparedClocks || await IsDevelopmentAsync(cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        _hasComparedClocks = true;
        ulong chain = (await Client.GetBlockAsync(null, cancellationToken).ConfigureAwait(false)).Timestamp;
        ulong here = (ulong)TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        if (LocalTime.ClockNotice(here, chain, Network?.BlockSeconds ?? 0) is string notice)
        {
            Options.Node.Notices?.Report(notice);
        }
    }

    /// <summary>Throws unless the account can pay an amount, with something left for gas; nothing is sent.</summary>
    /// <exception cref="CommandException">It cannot.</exception>
    public async Task RequireFundsAsync(Wei amount, CancellationToken cancellationToken)
    {
        Wei balance = await Client.GetBalanceAsync(Self, cancellationToken).ConfigureAwait(false);
        if (balance <= amount)
        {
            ulong chain = await Client.GetChainIdAsync(cancellationToken).ConfigureAwait(false);
            string needed = amount == Wei.Zero ? "gas" : $"{Native.Of(amount)} and gas";
            throw new CommandException(
                $"The account {Self} has {Native.Of(balance)} on chain {chain} and needs {needed}: fund it, "
                + $"or use another --wallet, --signer, or key in {MarketOptions.KeyVariable}. Nothing was sent.");
        }
    }

    public void Dispose()
    {
        Store.Dispose();
        foreach (IDisposable store in _stores.OfType<IDisposable>())
        {
            store.Dispose();
        }

        Client.Dispose();
        (Account as IDisposable)?.Dispose(); // A key is cleared, a signer's connection closed.
        Options.Scratch?.Dispose();
    }

    private static bool IsDevelopment(ulong chainId) => chainId is DevChain.ChainId or OtherDevelopmentChain;

    private IBlobStore Written(IBlobStore store) => Options.Node.IsDryRun ? new DryRunStore(store) : store;

    // A stranger's choice: less patience than with one's own, and nothing behind a firewall, but on a chain of one's own.
    private IBlobStore OpenNamed(StoreAddress address, bool isDevelopment)
    {
        IBlobStore store = StoreAddress.Open(
            [address],
            server => Options.StoreOptionsOf(server) with { Timeout = TimeSpan.FromSeconds(10), Attempts = 2 },
            Options.Progress,
            publicOnly: !isDevelopment,
            names: _stores)[0];
        Options.Node.Notices?.Report(
            $"The specification names the store {store.Name}: it is asked after yours, and sees this machine's network address "
            + "(--own-stores-only asks none).");
        return Written(store);
    }

    private static async Task<ISigner> SignerAsync(MarketOptions options, CancellationToken cancellationToken) =>
        options.Signer is { } signer ? await signer.OpenAsync(cancellationToken).ConfigureAwait(false)
        : options.Wallet is { } wallet
            ? await wallet.OpenAsync(new SecretTerminal(), cancellationToken).ConfigureAwait(false)
            : ReadKey();

    /// <summary>Reads the key in the environment.</summary>
    /// <exception cref="CommandException">There is none, or it is malformed.</exception>
    public static PrivateKeyAccount ReadKey()
    {
        try
        {
            return PrivateKeyAccount.FromEnvironment(MarketOptions.KeyVariable);
        }
        catch (InvalidOperationException e)
        {
            throw new CommandException(
                "Who signs? Name a wallet with --wallet (research wallet new makes one), or "
                + $"{WalletOptionSet.NameVariable}, or a program that signs with --signer; for machines, put a "
                + "private key (64 hex digits) into the environment "
                + $"variable {MarketOptions.KeyVariable}: {MarketOptions.KeyVariable} is not set. "
                + "No option takes a key, so that none ends up in a shell's history.",
                innerException: e);
        }
        catch (FormatException e)
        {
            throw new CommandException($"{MarketOptions.KeyVariable}: {e.Message}", innerException: e);
        }
    }

    private async Task<ulong> CountAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await Market.TaskCountAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (WrongCodeException e)
        {
            throw new CommandException($"--market: {e.Message}", innerException: e);
        }
    }
}
