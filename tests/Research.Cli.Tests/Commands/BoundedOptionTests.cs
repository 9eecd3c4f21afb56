using System.CommandLine;
using Research.Cli.Commands;

namespace Research.Tests.Commands;

public sealed class BoundedOptionTests
{
    private readonly Option<int> _rounds = BoundedOption.Create("--rounds", "Rounds", 3, 1, 10);
    private readonly Option<ulong?> _seed = BoundedOption.Optional("--seed", "Seed", 0UL, ulong.MaxValue);
    private readonly Option<double?> _rate = BoundedOption.Optional<double>(
        "--rate", "Rate", "a number above 0", x => x > 0);

    [Theory]
    [InlineData("--rounds", "11", "--rounds: expected a whole number from 1 to 10, got 11.")]
    [InlineData("--rounds", "0", "--rounds: expected a whole number from 1 to 10, got 0.")]
    [InlineData("--rounds", "2.5", "--rounds: expected a whole number from 1 to 10, got 2.5.")]
    [InlineData("--rounds", "99999999999", "--rounds: expected a whole number from 1 to 10, got 99999999999.")]
    [InlineData("--seed", "q", "--seed: expected a whole number from 0 to 18446744073709551615, got q.")]
    [InlineData("--seed", "-1", "--seed: expected a whole number from 0 to 18446744073709551615, got -1.")]
    [InlineData("--seed", "", "--seed: expected a whole number from 0 to 18446744073709551615, got nothing.")]
    [InlineData("--rate", "0,1", "--rate: expected a number above 0, got 0,1.")]
    [InlineData("--rate", "NaN", "--rate: expected a number above 0, got NaN.")]
    public void Parse_OtherValues_SaysWhichAreTaken(string option, string given, string message) =>
        Assert.Equal([message], Parse(option, given).Errors.Select(error => error.Message));

    [Fact]
    public void Parse_GoodValues_AreRead()
    {
        ParseResult result = Parse("--rounds", "10", "--seed", "18446744073709551615", "--rate", "1e-3");

        Assert.Empty(result.Errors);
        Assert.Equal(
            (10, ulong.MaxValue, 0.001), (result.GetValue(_rounds), result.GetValue(_seed), result.GetValue(_rate)));
    }

    [Fact]
    public void Parse_Nothing_GivesTheDefaultOrNull()
    {
        ParseResult result = Parse();

        Assert.Empty(result.Errors);
        Assert.Equal((3, null, null), (result.GetValue(_rounds), result.GetValue(_seed), result.GetValue(_rate)));
    }

    private ParseResult Parse(params string[] arguments) => new RootCommand { _rounds, _seed, _rate }.Parse(arguments);
}
