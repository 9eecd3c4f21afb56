using Research.Chain;
using Research.Chain.Primitives;
using Research.Chain.Wallets;
using Research.Tests.Tools;

namespace Research.Tests.Commands.Tasks;

/// <summary>Verbs that a wallet signs for, or a program elsewhere: on a chain, with no key in the
/// environment.</summary>
public sealed class TaskSignerTests
{
    [RequiresFact("node", "npm")]
    public async Task Publish_ByAWallet_IsPaidByItsAccount()
    {
        await using TaskChain chain = await TaskChain.StartAsync();
        string folder = chain.Folder["wallets"];
        byte[] key = Convert.FromHexString(DevChain.PublicKnowledgeKeys(5)[4][2..]);
        new WalletStore(folder).Add("carol", Keystore.Encrypt(key, "open sesame"u8, new ScryptDerivation(2, 8, 1)));
        Environment.SetEnvironmentVariable("RESEARCH_PASSPHRASE", "open sesame");

        ulong id = await chain.PublishAsync(1, "--wallet", "carol", "--wallet-folder", folder);

        Assert.Equal(chain.Chain.Accounts[4].Address, (await chain.Market.GetTaskAsync(id)).Sponsor);
        Assert.Equal(2UL, await chain.Chain.Client.GetTransactionCountAsync(chain.Chain.Accounts[4].Address)); // And the pin.
    }

    // anvil holds the keys of its accounts and signs for them, as a signing service does.
    [RequiresFact("node", "npm")]
    public async Task Publish_ByASignerElsewhere_IsPaidByTheAccountNamed()
    {
        await using TaskChain chain = await TaskChain.StartAsync();
        await using DevChain signer = await DevChain.StartAsync(new DevChainOptions { AnvilPath = NodeTools.Anvil });
        Address account = chain.Chain.Accounts[3].Address;

        ulong id = await chain.PublishAsync(1, "--signer", $"{signer.Endpoint}", "--signer-account", $"{account}");

        Assert.Equal(account, (await chain.Market.GetTaskAsync(id)).Sponsor);
        Assert.Equal(0UL, await signer.Client.GetBlockNumberAsync());
    }

    [RequiresFact("node", "npm")]
    public async Task Verb_SignerThatCannotBeMeant_IsRefusedInOneLineAndSendsNothing()
    {
        await using TaskChain chain = await TaskChain.StartAsync();
        string node = $"{chain.Chain.Endpoint}";
        string state = await chain.StateAsync();
        (string[] Given, int Exit, string Expected)[] cases =
        [
            (["--signer", node], 1, "holds 10 accounts: expected one"),
            (["--signer", node, "--signer-account", $"0x{new string('7', 40)}"], 1, "does not hold 0x7777"),
            (["--signer", node, "--signer-account", "0x12"], 2, "--signer-account: "),
            (["--signer", "ftp://127.0.0.1"], 2, "--signer: expected an address such as http"),
            (["--signer", "http://127.0.0.1:1"], 1, "--signer: Asked the Ethereum node at http://127.0.0.1:1"),
            (["--signer", node, "--wallet", "carol"], 2, "the wallet carol is given too"),
            (["--signer-account", $"{chain.Chain.Accounts[0].Address}"], 2, "say with --signer where"),
        ];

        foreach ((string[] given, int exit, string expected) in cases)
        {
            CommandLineResult result = await chain.TaskAsync(null, ["withdraw", "1", .. given]);

            Assert.Equal((exit, ""), (result.ExitCode, result.Output));
            Assert.Contains(expected, Assert.Single(result.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        }

        CommandLineResult two = await chain.TaskAsync(0, "withdraw", "1", "--signer", node);
        Assert.Contains("RESEARCH_PRIVATE_KEY is given too", two.Error, StringComparison.Ordinal);
        Assert.Equal(state, await chain.StateAsync());
    }
}
