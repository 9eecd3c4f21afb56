using System.CommandLine;
using Research.Chain.Primitives;
using Research.Chain.Rpc;
using Research.Chain.Signing;
using Research.Chain.Wallets;
using Research.Cli.Tasks;
using Research.Cli.Wallets;
using Research.Storage;

namespace Research.Cli.Commands.Tasks;

/// <summary>
/// The options that all <c>research task</c> verbs share, each with an environment variable behind it.
/// </summary>
internal sealed class MarketOptionSet
{
    private const string MarketVariable = "RESEARCH_MARKET";

    private readonly NodeOption _node = new();

    private readonly Option<string?> _market = new("--market")
    {
        Description = $"The market's address; left out, {MarketVariable}, or the one that you deployed last on the chain.",
        HelpName = "ADDRESS",
    };

    private readonly Option<string[]> _store = StoreOption.Create();

    private readonly Option<bool> _ownStoresOnly = new("--own-stores-only")
    {
        Description = "Ask no store that a task's specification names. They are asked after yours, and learn this machine's "
            + "network address.",
    };

    private readonly Option<string?> _private = PrivateFolderOption.Create();

    private readonly Option<ulong?> _fromBlock = BoundedOption.Optional(
        "--from-block",
        "Look for events from this block on; left out, that of the market's deployment, as recorded or found on chain",
        0UL,
        ulong.MaxValue);

    private readonly Option<int?> _confirmations = BoundedOption.Optional(
        "--confirmations",
        "Blocks, its own included, in which a transaction must lie before the step counts; left out, what --network asks, or 1",
        1,
        1000);

    private readonly Option<int> _maximumFee = BoundedOption.Create(
        "--max-fee",
        "The most to offer for a unit of gas, in gwei; nothing is sent where the chain wants more",
        500,
        1,
        1_000_000);

    private readonly WalletOptionSet _wallets = new();

    private readonly SignerOptionSet _signers = new();

    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON document on standard output." };

    private readonly Option<bool> _dryRun = new("--dry-run")
    {
        Description = "Say what would be sent first, with its gas and what that costs now, and send nothing.",
    };

    private readonly Option<Address?> _account = TaskArguments.Account(
        "--account", "Say what this account can do next; left out, the account that would sign, or anybody");

    private bool _signs;
    private bool _looks;

    /// <summary>Adds the options to a verb.</summary>
    /// <param name="command">The verb.</param>
    /// <param name="signs">Whether it sends transactions, for which an account is needed.</param>
    /// <param name="looks">Whether it only reads, but says what an account can do.</param>
    public void AddTo(Command command, bool signs = true, bool looks = false)
    {
        _signs = signs;
        _looks = looks;
        _node.AddTo(command);
        command.Options.Add(_market);
        command.Options.Add(_store);
        command.Options.Add(_ownStoresOnly);
        command.Options.Add(_private);
        command.Options.Add(_fromBlock);
        if (signs)
        {
            AddSigningTo(command);
        }

        if (looks)
        {
            command.Options.Add(_account);
            _wallets.AddSignerTo(command);
        }

        command.Options.Add(_json);
    }

    /// <summary>Adds the options to the verb that makes a market.</summary>
    public void AddForDeploymentTo(Command command)
    {
        _signs = true;
        _node.AddTo(command);
        AddSigningTo(command);
        command.Options.Add(_json);
    }

    /// <summary>Reads what was given, or the environment, or the defaults.</summary>
    /// <exception cref="CommandException">A value is malformed; the message names the option or
    /// the variable.</exception>
    public MarketOptions Read(ParseResult parse)
    {
        NodeChoice node = _node.Read(parse);
        if (_signs)
        {
            node.RequireSending();
        }

        bool isDryRun = _signs && parse.GetValue(_dryRun);
        ScratchFolder? scratch = isDryRun ? ScratchFolder.Of(PrivateFolderOption.Read(parse, _private)) : null;
        WalletChoice? wallet = _signs ? _wallets.ChoiceOf(parse) : null;
        IReadOnlyList<StoreAddress> stores = StoreOption.Read(parse, _store);
        StoreTokens tokens = StoreTokens.Read(stores);
        TransferText progress = new(parse.InvocationConfiguration.Error);
        return new MarketOptions
        {
            Nodes = node,
            Market = EnvironmentOption.Read(parse, _market, MarketVariable) is (string source, string text)
                ? ReadAddress(source, text)
                : null,
            Stores = stores,
            AsksNamedStores = !parse.GetValue(_ownStoresOnly),
            StoreOptionsOf = server => new HttpStoreOptions
            {
                Token = tokens.Of(server),
                PartsFolder = UserFolder.PathOf("parts", "--store"),
                Progress = progress,
            },
            Progress = progress,
            PrivateFolder = scratch?.Path ?? PrivateFolderOption.Read(parse, _private),
            Scratch = scratch,
            FromBlock = parse.GetValue(_fromBlock),
            Node = new EthereumClientOptions
            {
                ChainId = node.Network?.ChainId,
                IsDryRun = isDryRun,
                Confirmations = _signs ? parse.GetValue(_confirmations) ?? node.Network?.Confirmations ?? 1 : 1,
                MaximumFeePerGas = _signs ? new Wei(parse.GetValue(_maximumFee)) * 1_000_000_000 : Wei.Zero,
                SentFolder = _signs ? UserFolder.PathOf("sent", "--rpc") : null,
                Notices = new SynchronousProgress<string>(parse.InvocationConfiguration.Error.WriteLine),
            },
            Wallet = wallet,
            Signer = _signs ? _signers.ChoiceOf(parse, wallet) : null,
            Account = _looks ? AccountOf(parse) : null,
            Json = parse.GetValue(_json),
        };
    }

    private void AddSigningTo(Command command)
    {
        _wallets.AddSignerTo(command);
        _signers.AddTo(command);
        command.Options.Add(_confirmations);
        command.Options.Add(_maximumFee);
        command.Options.Add(_dryRun);
    }

    // No passphrase is asked for: a wallet's file says its address.
    private Address? AccountOf(ParseResult parse)
    {
        if (parse.GetValue(_account) is Address given)
        {
            return given;
        }

        if (_wallets.ChoiceOf(parse) is { } wallet)
        {
            return new WalletStore(wallet.Folder).Read(wallet.Name).Address;
        }

        if (string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(MarketOptions.KeyVariable)))
        {
            return null;
        }

        using PrivateKeyAccount account = MarketSession.ReadKey();
        return account.Address;
    }

    private static Address ReadAddress(string source, string text)
    {
        try
        {
            return Address.Parse(text);
        }
        catch (FormatException e)
        {
            throw new CommandException($"{source}: {e.Message}", CommandRunner.WrongUsage, e);
        }
    }
}
