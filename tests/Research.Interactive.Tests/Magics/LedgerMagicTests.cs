using Research.Privacy.Accounting;
using Research.Privacy.Ledger;
using Research.Privacy.Sums;

namespace Research.Tests.Magics;

public sealed class LedgerMagicTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("research-").FullName;

    private string Home => $"{_folder}/home";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task New_ThenShow_IsTheLedgerWithoutItsPlace()
    {
        using NotebookKernel kernel = await NotebookKernel.StartAsync();

        await kernel.MustRunAsync($"#!ledger new {Home} --epsilon-cap 5");
        PrivacyLedger.Open(Home).Charge(DataIdentity.Of([1, 2, 3], 1), [new GaussianEvent(0.1, 2, 10)], "a <b>task</b>");
        string text = await kernel.TextAsync($"#!ledger show {Home}");

        Assert.Contains("ε 5 at δ 1e-05", text, StringComparison.Ordinal);
        Assert.Contains("a <b>task</b>", text, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Statement_IsWhatOthersMaySee()
    {
        PrivacyLedger ledger = PrivacyLedger.Open(Home, 5);
        ledger.Make();
        using NotebookKernel kernel = await NotebookKernel.StartAsync();

        Assert.Equal(ledger.Statement(), await kernel.TextAsync($"#!ledger statement {Home}"));
    }

    [Fact]
    public async Task Verify_OfAnEditedFile_NamesTheLine()
    {
        PrivacyLedger.Open(Home, 5).Charge(DataIdentity.Of([1], 1), [new GaussianEvent(0.1, 2, 10)], "one");
        string file = $"{Home}/ledger.jsonl";
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"one\"", "\"two\"", StringComparison.Ordinal));
        using NotebookKernel kernel = await NotebookKernel.StartAsync();

        Assert.StartsWith(
            "Ledger: DAMAGED", await kernel.TextAsync($"#!ledger verify {Home}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("show FOLDER", "there is no ledger here yet")]
    [InlineData("", "VERB: expected show, statement, verify, new, got nothing.")]
    [InlineData("show FOLDER --epsilon-cap 3", "--epsilon-cap: leave it out with show; it is for new.")]
    [InlineData("new FOLDER", "--epsilon-cap: expected a number above 0, got nothing.")]
    public async Task BadInput_IsOneLineAndMakesNothing(string arguments, string expected)
    {
        using NotebookKernel kernel = await NotebookKernel.StartAsync();

        (_, string? error) = await kernel.RunAsync(
            $"#!ledger {arguments.Replace("FOLDER", Home, StringComparison.Ordinal)}");

        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Home));
    }

    [Fact]
    public async Task Completion_OffersTheVerbs()
    {
        using NotebookKernel kernel = await NotebookKernel.StartAsync();

        Assert.Superset(
            new HashSet<string>(["show", "statement", "verify", "new"]),
            new HashSet<string>(await kernel.CompleteAsync("#!ledger ")));
    }
}
