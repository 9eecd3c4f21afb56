using System.Reflection;
using Microsoft.DotNet.Interactive.Events;
using Research.Interactive.Formatters;
using Research.Training;

namespace Research.Tests.Formatters;

public sealed class SecrecyTests : IDisposable
{
    // Public by what they are: what a chain, a contract's interface or a file of one's choice says, and the roster,
    // the trace and the results of a round, which anybody computes from those.
    private static readonly HashSet<string> Published =
    [
        "Research.Chain.Contracts.NodeShown.Data", "Research.Chain.Contracts.RefutationCall.Data",
        "Research.Chain.Contracts.ShownLeaves.Data", "Research.Chain.Rpc.CallRequest.Data",
        "Research.Chain.Rpc.EventLog.Data", "Research.Chain.Rpc.RevertException.RevertData",
        "Research.Chain.Signing.Eip1559Transaction.Data", "Research.Federation.Refutation.OpenLeaves.Data",
        "Research.Federation.Scoring.Roster.Head", "Research.Federation.Scoring.RosterEntry.Participant",
        "Research.Federation.Scoring.RoundScore.Trace", "Research.Market.RoundResults.Bytes",
        "Research.Market.RoundResults.Leaves",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("research-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Display_OfWhatHoldsASecret_ShowsNothingOfIt()
    {
        using NotebookKernel kernel = await NotebookKernel.StartAsync();
        foreach ((object value, string[] hidden) in Secrets.All(_folder))
        {
            await kernel.CSharp.SetValueAsync("secret", value, value.GetType());

            foreach (string cell in (string[])["secret", "new { secret }", "new[] { secret }", "display(secret);"])
            {
                DisplayEvent shown = (await kernel.MustRunAsync(cell))[^1];
                string all = string.Join('\n', shown.FormattedValues.Select(form => form.Value));
                Assert.All(hidden, text => Assert.DoesNotContain(text, all, StringComparison.OrdinalIgnoreCase));
                Assert.NotEmpty(all);
            }
        }
    }

    // Which cells do: the documentation of .NET Interactive tells them to.
    [Fact]
    public async Task Display_AfterACellResetTheFormatters_ShowsNothingEither()
    {
        using NotebookKernel kernel = await NotebookKernel.StartAsync();
        foreach ((object value, string[] hidden) in Secrets.All(_folder))
        {
            await kernel.CSharp.SetValueAsync("secret", value, value.GetType());
            await kernel.MustRunAsync("Microsoft.DotNet.Interactive.Formatting.Formatter.ResetToDefault();");

            DisplayEvent shown = (await kernel.MustRunAsync("secret"))[^1];

            string all = string.Join('\n', shown.FormattedValues.Select(form => form.Value));
            Assert.All(hidden, text => Assert.DoesNotContain(text, all, StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public void PublicTypes_WhoseDefaultFormWouldShowABuffer_HaveAFormatterOfTheirOwn()
    {
        IEnumerable<string> shown =
            from type in typeof(ModelSpec).Assembly.GetExportedTypes()
            where !type.IsEnum && !(type.IsAbstract && type.IsSealed) && !IsFormatted(type)
            from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            where property.GetIndexParameters().Length == 0 && IsBuffer(property.PropertyType)
            select $"{type.FullName}.{property.Name}";

        Assert.Empty(shown.Except(Published));
    }

    private static bool IsFormatted(Type type) => ValueFormatters.All.Any(one => one.Type.IsAssignableFrom(type))
        || type.GetCustomAttributes().Any(one => one.GetType().Name == "TypeFormatterSourceAttribute");

    private static bool IsBuffer(Type type)
    {
        Type? item = type.IsArray ? type.GetElementType()
            : type.IsGenericType && type.GetGenericTypeDefinition() is var open
                && (open == typeof(ReadOnlyMemory<>) || open == typeof(Memory<>) || open == typeof(IReadOnlyList<>))
            ? type.GetGenericArguments()[0]
            : null;
        return item == typeof(byte) || item == typeof(float);
    }
}
