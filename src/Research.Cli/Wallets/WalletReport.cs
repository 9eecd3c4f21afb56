using System.Text.Json;
using Research.Chain.Wallets;

namespace Research.Cli.Wallets;

/// <summary>What verbs about wallets print: names, addresses and files, and never a secret.</summary>
internal static class WalletReport
{
    public static string Json(StoredWallet wallet) => JsonReport.Write(json => Write(json, wallet));

    public static string Json(IReadOnlyList<StoredWallet> wallets) => JsonReport.Write(json =>
    {
        json.WriteStartArray();
        foreach (StoredWallet wallet in wallets)
        {
            Write(json, wallet);
        }

        json.WriteEndArray();
    });

    public static string Text(StoredWallet wallet) =>
        $"""
        wallet      {wallet.Name}
        address     {wallet.Address}
        file        {wallet.Path}
        """.ReplaceLineEndings("\n");

    public static string Text(IReadOnlyList<StoredWallet> wallets, string folder)
    {
        int width = wallets.Count == 0 ? 0 : wallets.Max(wallet => wallet.Name.Length);
        return wallets.Count == 0
            ? $"There is no wallet in {folder}. Make one: research wallet new NAME"
            : string.Join('\n', wallets.Select(wallet => $"{wallet.Name.PadRight(width)}  {Shown(wallet)}"));
    }

    private static string Shown(StoredWallet wallet) => wallet switch
    {
        { Problem: string problem } => $"(no wallet: {problem})",
        { Address: { } address } => address.ToString(),
        _ => "(its file names no address)",
    };

    private static void Write(Utf8JsonWriter json, StoredWallet wallet)
    {
        json.WriteStartObject();
        json.WriteString("name", wallet.Name);
        json.WriteString("address", wallet.Address?.ToString());
        json.WriteString("file", wallet.Path);
        if (wallet.Problem is not null)
        {
            json.WriteString("problem", wallet.Problem);
        }

        json.WriteEndObject();
    }
}
