using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Directives;
using Microsoft.DotNet.Interactive.Events;
using Research.Interactive.Magics;

namespace Research.Interactive.Hosts;

/// <summary>The magic commands in .NET Interactive.</summary>
/// <remarks>
/// One directive a command, whose verbs are values of the parameter that needs no name. Real subcommands would lose
/// words: an unknown option after one passes unseen, and of two words without a name neither arrives (dotnet/interactive
/// at 098a01b, DirectiveParameterNode.GetDiagnostics and DirectiveNode.BindParameters). So the line itself is read, as
/// in Research's own kernel; what the host refuses before that is an unknown option, by name.
/// </remarks>
internal static class InteractiveMagics
{
    // DirectiveCommand.ToString: the one public way to the line.
    private const string LinePrefix = "Directive: ";

    /// <summary>Adds them to a kernel that runs C#, unless it has them.</summary>
    public static void AddTo(Kernel kernel)
    {
        if (kernel.KernelInfo.SupportedDirectives.Any(one => one.Name == Magic.All[0].Name))
        {
            return;
        }

        MagicSession session = new();
        kernel.RegisterForDisposal(session);
        InteractiveVariables variables = new(kernel);
        foreach (Magic magic in Magic.All)
        {
            kernel.AddDirective(
                DirectiveOf(magic, variables),
                (command, context) => RunAsync(magic, session, variables, command, context));
        }
    }

    private static KernelActionDirective DirectiveOf(Magic magic, InteractiveVariables variables)
    {
        KernelActionDirective directive = new(magic.Name, magic.Description);
        MagicParameter[] places = [.. magic.Parameters.Where(parameter => parameter.IsPositional)];
        directive.Parameters.Add(Completed(
            new KernelDirectiveParameter(places[0].Name, places[0].Description) { AllowImplicitName = true },
            places,
            variables));
        foreach (MagicParameter option in magic.Options)
        {
            directive.Parameters.Add(Completed(
                new KernelDirectiveParameter(option.Name, option.Description) { Flag = option.IsFlag },
                [option],
                variables));
        }

        foreach (string help in (string[])["-h", "--help"])
        {
            directive.Parameters.Add(new KernelDirectiveParameter(help, "Shows how it is used.") { Flag = true });
        }

        return directive;
    }

    private static KernelDirectiveParameter Completed(
        KernelDirectiveParameter shown, IReadOnlyList<MagicParameter> parameters, InteractiveVariables variables) =>
        parameters.All(parameter => parameter.Complete is null) ? shown : shown.AddCompletions(async context =>
        {
            MagicScope scope = new(
                Environment.CurrentDirectory,
                await variables.ListAsync(CancellationToken.None).ConfigureAwait(false));
            foreach (string value in parameters.SelectMany(parameter => parameter.Complete?.Invoke(scope) ?? []))
            {
                context.CompletionItems.Add(new CompletionItem(value, "Parameter"));
            }
        });

    private static async Task RunAsync(
        Magic magic,
        MagicSession session,
        InteractiveVariables variables,
        KernelCommand command,
        KernelInvocationContext context)
    {
        string line = $"{command}";
        IReadOnlyList<string>? words = line.StartsWith($"{LinePrefix}{magic.Name}", StringComparison.Ordinal)
            ? MagicLine.TrySplit(line[(LinePrefix.Length + magic.Name.Length)..])
            : throw new InvalidOperationException($"Expected \"{LinePrefix}{magic.Name}…\" of the host, got \"{line}\".");
        string? problem = words is null
            ? $"{magic.Name}: expected a second quote, got an open one."
            : await magic.CallAsync(words, Environment.CurrentDirectory, session, variables, context.CancellationToken)
                .ConfigureAwait(false);
        if (problem is not null)
        {
            context.Fail(command, message: problem);
        }
    }
}
