using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;
using Research.Interactive.Magics;

namespace Research.Interactive.Hosts;

/// <summary>The variables of a kernel of .NET Interactive.</summary>
internal sealed class InteractiveVariables(Kernel kernel) : IMagicVariables
{
    private const string Text = "text/plain";

    public async Task<IReadOnlyList<MagicVariable>> ListAsync(CancellationToken cancellationToken)
    {
        ValueInfosProduced? found = await AskAsync<ValueInfosProduced>(new RequestValueInfos(), cancellationToken)
            .ConfigureAwait(false);
        return [.. (found?.ValueInfos ?? []).Select(one => new MagicVariable(one.Name, one.Type ?? typeof(object)))];
    }

    public async Task<object?> GetAsync(string name, CancellationToken cancellationToken)
    {
        RequestValue request = new(name, Text);
        ValueProduced? found = await AskAsync<ValueProduced>(request, cancellationToken).ConfigureAwait(false);
        return found?.Value;
    }

    public async Task DeclareAsync(string name, object value, CancellationToken cancellationToken)
    {
        // The text stands in for a JSON form of the whole value, which the constructor would write else.
        SendValue command = new(name, value, new FormattedValue(Text, ""));
        KernelCommandResult result = await kernel.SendAsync(command, cancellationToken).ConfigureAwait(false);
        if (result.Events.OfType<CommandFailed>().FirstOrDefault() is { } failed)
        {
            throw new RefusedException($"The variable {name} could not be declared: {failed.Message}");
        }
    }

    private async Task<T?> AskAsync<T>(KernelCommand command, CancellationToken cancellationToken)
        where T : KernelEvent
    {
        KernelCommandResult result = await kernel.SendAsync(command, cancellationToken).ConfigureAwait(false);
        return result.Events.OfType<T>().FirstOrDefault();
    }
}
