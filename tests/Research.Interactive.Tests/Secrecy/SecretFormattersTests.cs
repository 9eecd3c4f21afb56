using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;
using Research.Tests.Tools;

namespace Research.Tests.Secrecy;

public sealed class SecretFormattersTests
{
    private const string Reset = "Microsoft.DotNet.Interactive.Formatting.Formatter.ResetToDefault();";

    [Fact]
    public async Task Display_ValuesThatHoldAKey_ShowNothingOfIt()
    {
        using NotebookKernel kernel = await NotebookKernel.StartAsync();
        List<string> problems = [];
        foreach (bool isReset in (bool[])[false, true])
        {
            foreach (object value in KeyHolders.OfPackages().Concat(KeyHolders.OfUsers()))
            {
                await kernel.CSharp.SetValueAsync("secret", value, typeof(object));
                if (isReset)
                {
                    await kernel.MustRunAsync(Reset);
                }

                foreach (string cell in (string[])
                    ["secret", "new { secret }", "new { outer = new { secret } }", "new[] { secret }", "display(secret);"])
                {
                    string text = All((await kernel.MustRunAsync(cell))[^1]);
                    Assert.NotEmpty(text);
                    problems.AddRange(Leaks(text).Select(hidden => $"{value.GetType()}, {cell}: {hidden}"));
                }
            }
        }

        Assert.Empty(problems);
    }

    [Fact]
    public async Task Display_TypesOfCells_HideTheirSecretMembers()
    {
        using NotebookKernel kernel = await NotebookKernel.StartAsync();
        foreach (string cell in (string[])
            [
                $"public record Holder(string PrivateKey, int Age);\nnew Holder(\"{KeyHolders.Key}\", 7)",
                $"new Holder(\"{KeyHolders.Key}\", 7)",
                $"new[] {{ new Holder(\"{KeyHolders.Key}\", 7) }}",
                $"new {{ PrivateKey = \"{KeyHolders.Key}\", Age = 7 }}",
                $"new {{ Inner = new {{ Password = \"{KeyHolders.Password}\" }}, Age = 7 }}",
                $"new System.Net.NetworkCredential(\"Age 7\", \"{KeyHolders.Password}\")",
            ])
        {
            string text = All((await kernel.MustRunAsync(cell))[^1]);

            Assert.True(!Leaks(text).Any(), $"{cell}: {text}");
            Assert.Contains("7", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Variables_InTheListOfTheFrontEnd_ShowNoKey()
    {
        using NotebookKernel kernel = await NotebookKernel.StartAsync();
        await kernel.MustRunAsync(
            $"public record Holder(string PrivateKey, int Age);\nHolder mine = new(\"{KeyHolders.Key}\", 7);");
        await kernel.CSharp.SetValueAsync("account", KeyHolders.OfPackages().First(), typeof(object));

        KernelCommandResult result = await kernel.Root.SendAsync(new RequestValueInfos(kernel.CSharp.Name));

        ValueInfosProduced found = result.Events.OfType<ValueInfosProduced>().Single();
        Assert.NotEmpty(found.ValueInfos);
        Assert.All(found.ValueInfos, one => Assert.Empty(Leaks(one.FormattedValue?.Value ?? "")));
    }

    [Fact]
    public async Task Display_OtherValues_LookAsBefore()
    {
        using NotebookKernel kernel = await NotebookKernel.StartAsync();

        string text = All((await kernel.MustRunAsync("new { Inner = new { Seed = 7 }, B = new System.Version(1, 2) }"))[^1]);

        Assert.Contains("{ Inner = { Seed = 7 }, B = 1.2 }", text, StringComparison.Ordinal);
    }

    private static string All(DisplayEvent shown) =>
        string.Join('\n', shown.FormattedValues.Select(form => form.Value));

    private static IEnumerable<string> Leaks(string text) =>
        KeyHolders.Hidden.Where(hidden => text.Contains(hidden, StringComparison.OrdinalIgnoreCase));
}
