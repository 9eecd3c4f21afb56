using System.Globalization;
using Research.Chain;
using Research.Chain.Contracts;
using Research.Chain.Rpc;
using Research.Chain.Signing;

namespace Research.Interactive.Formatters;

/// <summary>Connections and accounts: addresses, never a key, be it of an account or in a node's address.</summary>
internal static class ChainCards
{
    private const int MostAccounts = 10;

    public static Card Of(PrivateKeyAccount account) => new Card("PrivateKeyAccount")
        .Line("address", account.Address.ToString())
        .Line("key", "never shown");

    public static Card Of(EthereumClient client) => new Card("EthereumClient").Line("node", Host(client.Endpoint));

    public static Card Of(TrainingMarket market) => new Card("TrainingMarket")
        .Line("address", market.Address.ToString())
        .Line("signs as", market.Account?.Address.ToString() ?? "nobody: it only reads");

    public static Card Of(DevChain chain)
    {
        Card card = new Card("DevChain")
            .Line("node", chain.Endpoint.ToString())
            .Line("chain", DevChain.ChainId.ToString(CultureInfo.InvariantCulture));
        for (int i = 0; i < Math.Min(MostAccounts, chain.Accounts.Count); i++)
        {
            card.Line(
                string.Create(CultureInfo.InvariantCulture, $"Accounts[{i}]"), chain.Accounts[i].Address.ToString());
        }

        return card.Note("Loopback only. Everybody knows these accounts' keys: never send anything of value to them on "
            + "another chain.");
    }

    /// <summary>Writes a node's address without what may hold a provider's key: user, path and query.</summary>
    public static string Host(Uri endpoint) =>
        endpoint.GetComponents(UriComponents.Scheme | UriComponents.Host | UriComponents.Port, UriFormat.UriEscaped);
}
