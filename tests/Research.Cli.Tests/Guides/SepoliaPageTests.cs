using System.Globalization;
using System.Text.Json.Nodes;
using Research.Tests.Tools;

namespace Research.Tests.Guides;

/// <summary>What the page on Sepolia says of gas is what the contracts' tests measured.</summary>
public sealed class SepoliaPageTests
{
    private const int Columns = 6;

    [Fact]
    public void GasTable_EachRow_IsTheSnapshots()
    {
        string root = ExternalTool.RepositoryRoot;
        JsonObject market = Snapshot("gas.json");
        JsonObject refuter = Snapshot("refuter.json");
        string[][] rows =
        [
            .. File.ReadLines(Path.Combine(root, "notebooks", "guides", "sepolia.md"))
                .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..])
                .Where(row => row.Length > Columns && row[3].Length > 0 && char.IsAsciiDigit(row[3][0])),
        ];

        Assert.NotEmpty(rows);
        Assert.All(rows, row =>
        {
            decimal gas = decimal.Parse((string)(market[row[2]] ?? refuter[row[2]])!, CultureInfo.InvariantCulture);
            Assert.Equal(gas.ToString("N0", CultureInfo.InvariantCulture), row[3]);
            Assert.Equal(Math.Round(gas / 1_000_000_000, 6), decimal.Parse(row[4], CultureInfo.InvariantCulture));
            Assert.Equal(Math.Round(gas * 20 / 1_000_000_000, 6), decimal.Parse(row[5], CultureInfo.InvariantCulture));
        });

        JsonObject Snapshot(string name) =>
            JsonNode.Parse(File.ReadAllText(Path.Combine(root, "contracts", "snapshots", name)))!.AsObject();
    }
}
