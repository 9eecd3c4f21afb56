using System.Runtime.CompilerServices;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Research.Interactive.Charts;
using Research.Interactive.Formatters;
using Research.Interactive.Hosts;
using Research.Interactive.Secrecy;

namespace Research.Interactive;

/// <summary>Makes .NET Interactive a home for Research: it is loaded by <c>#r "nuget: Research.Interactive"</c>.</summary>
/// <remarks>Loading it again changes nothing.</remarks>
public sealed class NotebookExtension : IKernelExtension
{
    private static readonly ConditionalWeakTable<Kernel, object> Known = [];

    /// <inheritdoc/>
    public Task OnLoadAsync(Kernel kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        NotebookHost.Current = new InteractiveHost();
        OneFSharpCore.Offer();
        ChartFormatters.Offer();
        ValueFormatters.Register();
        SecretFormatters.Offer();
        kernel.VisitSubkernelsAndSelf(one =>
        {
            if (one.KernelInfo.LanguageName == "C#" && Known.TryAdd(one, Known))
            {
                one.DeferCommand(new SubmitCode(Usings()));
                one.AddMiddleware((command, context, next) =>
                {
                    ValueFormatters.Register(); // The cell before may have reset them.
                    ChartFormatters.Restore();
                    SecretFormatters.Restore();
                    return next(command, context);
                });
                InteractiveMagics.AddTo(one);
            }
        });
        return Task.CompletedTask;
    }

    // .NET Interactive opens no System.IO, which every other C# host does.
    private static string Usings() =>
        string.Concat(NotebookImports.Library.Prepend("System.IO").Select(name => $"using {name};\n"));
}
