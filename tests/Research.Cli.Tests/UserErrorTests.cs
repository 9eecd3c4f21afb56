using Research.Chain;
using Research.Chain.Rpc;
using Research.Cli;
using Research.Market;
using Research.Privacy.Ledger;
using Research.Scripting.Input;
using Research.Scripting.Notebooks;
using Research.Storage;
using Research.Training;
using Research.Training.Data;

namespace Research.Tests;

public sealed class UserErrorTests
{
    // Every public exception of the library speaks to people; a new one must be decided on here.
    [Fact]
    public void Describe_EveryPublicExceptionOfTheLibrary_IsForPeople()
    {
        Type[] exceptions =
        [
            .. typeof(SpecException).Assembly.GetExportedTypes()
                .Concat(typeof(NotebookFormatException).Assembly.GetExportedTypes())
                .Where(type => type.IsSubclassOf(typeof(Exception))),
        ];

        Type[] known =
        [
            typeof(SpecException), typeof(DataFormatException), typeof(BudgetExceededException),
            typeof(LedgerException), typeof(MarketException), typeof(NotebookFormatException),
            typeof(NotebookLanguageException), typeof(InputUnavailableException), typeof(StoreException),
            typeof(DryRunException), // No failure: what a dry run answers.
        ];
        IEnumerable<Type> others = exceptions
            .Where(type => !type.IsSubclassOf(typeof(ChainException)) && type != typeof(ChainException));
        Assert.Equal([], others.Except(known));
        Assert.Contains(exceptions, type => type.Name == "RpcConnectionException");
    }

    [Fact]
    public void Describe_ErrorsForPeople_GivesTheirMessage()
    {
        Exception[] errors =
        [
            new SpecException("$.name", "a text", "nothing"),
            new DataFormatException("a.csv", "row 1", "2 columns", "1"),
            new BudgetExceededException(new LedgerQuote(1, 1, 9, 8, 1e-5, false), 2.5), new LedgerException("a.jsonl", 2, "changed"),
            new InvalidDataException("cut off"),
            new DirectoryNotFoundException("gone"),
            new FileNotFoundException("gone"),
            new StoreException("https://store.example", "it is away."), new UnauthorizedAccessException("no"), new TimeoutException("late"), new CommandException("no"),
        ];

        Assert.All(errors, error => Assert.Equal(error.Message, UserError.Describe(error)));
        Assert.Equal("no", UserError.Describe(new AggregateException(new CommandException("no"))));
    }

    [Fact]
    public async Task Describe_WrongRpcAddress_SaysWhatWasTried()
    {
        using EthereumClient client = new(new Uri("http://127.0.0.1:1"));

        Exception error = await Assert.ThrowsAsync<RpcConnectionException>(() => client.GetChainIdAsync());

        Assert.Contains("http://127.0.0.1:1", UserError.Describe(error)!, StringComparison.Ordinal);
    }

    [Fact]
    public void Describe_ErrorsThatAreOurs_IsNull() => Assert.All(
        (Exception[])[
            new ArgumentException("x"), new InvalidOperationException("x"),
            new NotSupportedException("x"), new KeyNotFoundException("x")],
        error => Assert.Null(UserError.Describe(error)));
}
