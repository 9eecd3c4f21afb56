using System.Reflection;
using Research.Chain.Abi;
using Research.Chain.Contracts;

namespace Research.Tests.Chain.Contracts;

/// <summary>
/// The binding's literals against what the compiler wrote; neither may have a member that the other lacks.
/// </summary>
public sealed class MarketAbiTests
{
    [Fact]
    public void Functions_OfTheBinding_AreThoseOfTheCompiledAbi() =>
        Assert.Equal(
            TrainingMarket.Abi.Functions.Select(Describe).Order(),
            Literals<AbiFunction>().Select(Describe).Order());

    [Fact]
    public void Events_OfTheBinding_AreThoseOfTheCompiledAbi() =>
        Assert.Equal(
            TrainingMarket.Abi.Events.Select(Describe).Order(),
            Literals<AbiEvent>().Select(Describe).Order());

    private static IEnumerable<T> Literals<T>() => typeof(MarketAbi)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field.FieldType == typeof(T))
        .Select(field => (T)field.GetValue(null)!);

    private static string Describe(AbiFunction function) =>
        $"{Convert.ToHexString(function.Selector.Span)} {function} -> {function.Outputs}";

    private static string Describe(AbiEvent description) =>
        $"{description.Topic} {description} "
        + $"{string.Concat(description.Parameters.Select(parameter => parameter.IsIndexed ? 'i' : '-'))}";
}
