using Research.Interactive.Secrecy;
using Research.Scripting.Display;
using Research.Scripting.Display.Shapes;
using Research.Scripting.Outputs;
using Research.Tests.Tools;

namespace Research.Tests.Display;

public sealed class SecretValuesTests
{
    private static readonly string[] MimeTypes = ["text/plain", "text/html", "application/json", "text/csv"];

    [Fact]
    public void Format_ValuesThatHoldAKey_ShowNothingOfIt()
    {
        List<string> problems = [];
        foreach (object value in KeyHolders.OfPackages().Concat(KeyHolders.OfUsers()))
        {
            object[] places =
            [
                value, new { value }, new { Outer = new { value } }, new[] { value }, new List<object> { 1, value },
                new Dictionary<string, object> { ["a"] = value }, (value, 1), Tuple.Create("a", value), new Lazy<object>(value),
            ];
            foreach (object place in places)
            {
                foreach (string text in Texts(place))
                {
                    problems.AddRange(KeyHolders.Hidden
                        .Where(hidden => text.Contains(hidden, StringComparison.OrdinalIgnoreCase))
                        .Select(hidden => $"{hidden}: {value.GetType().Name} in {place.GetType().Name}, {text}"));
                }
            }
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems.Take(10)));
    }

    [Fact]
    public void Format_Accounts_StillSayWhoTheyAre()
    {
        Assert.Equal(
            $"Account 0x2c7536E3605D9C16a7a3D7b1898e529396a65c23 {SecretMembers.Shown}",
            MimeFormatter.Format(KeyHolders.OfPackages().First()).PlainText);
        Assert.Equal(
            $"Holder\n  PrivateKey: {SecretMembers.Shown}\n  Age: 7",
            MimeFormatter.Format(new KeyHolders.Holder(KeyHolders.Key, 7)).PlainText);
    }

    // What is called alike and is no secret stays readable.
    [Fact]
    public void Format_SeedsCountsAndFlags_AreShown()
    {
        string text = MimeFormatter.Format(new
        {
            Seed = 4711,
            HasPassword = true,
            PasswordLength = 8,
            Entropy = 0.5,
            Words = (string[])["a", "b"],
            PublicKey = "04ab",
            Key = "name",
        }).PlainText;

        Assert.DoesNotContain(SecretMembers.Shown, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cell_ValuesVariablesTablesAndErrors_ShowNoKey()
    {
        using Cells cells = new();
        await cells.RunAsync(
            $$"""
            record Wallet(string Name, string PrivateKey);
            string privateKey = "{{KeyHolders.Key}}";
            Wallet wallet = new("mine", privateKey);
            """);
        foreach (string cell in (string[])
            [
                "wallet", "#!whos", "new[] { wallet, wallet }", "display(new[] { wallet }, \"text/csv\");",
                "display(wallet, \"application/json\");", "new System.Data.DataTable { Columns = { \"a\", \"Password\" }, "
                    + $"Rows = {{ {{ \"1\", \"{KeyHolders.Key}\" }} }} }}",
            ])
        {
            CellResultOf(cells, await cells.TryAsync(cell), cell);
        }

        await cells.TryAsync(
            "throw new System.InvalidOperationException(\"no\") { Data = { [\"key\"] = privateKey } };");
        NoKey(cells.Error!.ToString() + string.Join('\n', cells.Error.Traceback), "throw");
    }

    private static void CellResultOf(Cells cells, Research.Scripting.CellResult result, string cell)
    {
        Assert.True(result.Succeeded, $"{cell}: {result.Error?.Message}");
        IEnumerable<MimeBundle> bundles = cells.Outputs.OfType<ResultOutput>().Select(output => output.Bundle)
            .Concat(cells.Displays.Select(output => output.Bundle));
        NoKey(
            cells.StandardOutput + cells.StandardError
                + string.Join('\n', bundles.SelectMany(bundle => bundle.MimeTypes.Select(bundle.Text))),
            cell);
    }

    private static void NoKey(string text, string cell) => Assert.All(
        KeyHolders.Hidden,
        hidden => Assert.False(text.Contains(hidden, StringComparison.OrdinalIgnoreCase), $"{cell}: {text}"));

    private static string Text(object value, string mimeType)
    {
        try
        {
            MimeBundle bundle = MimeFormatter.Format(value, mimeType);
            return string.Join('\n', bundle.MimeTypes.Select(bundle.Text));
        }
        catch (InvalidOperationException failure) // The package has no text/csv for some.
        {
            return failure.Message;
        }
    }

    private static IEnumerable<string> Texts(object value)
    {
        foreach (string mimeType in MimeTypes)
        {
            yield return Text(value, mimeType);
        }

        yield return MimeFormatter.Format(value).PlainText;
        yield return ShapeText.Brief(ShapeReader.ReadFew(value));
    }
}
