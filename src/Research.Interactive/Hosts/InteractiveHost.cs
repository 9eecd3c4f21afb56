using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;

namespace Research.Interactive.Hosts;

/// <summary>.NET Interactive's kernel.</summary>
/// <remarks>
/// Its own <c>display(x)</c> publishes one id and returns a handle with another (dotnet/interactive at 098a01b,
/// DisplayExtensions.Display), so what its <c>Update</c> sends reaches nobody. Here both events carry one id.
/// </remarks>
internal sealed class InteractiveHost : INotebookHost
{
    public Action<object?> Show(object? value)
    {
        if (KernelInvocationContext.Current is not { } shownIn)
        {
            return new ConsoleHost().Show(value);
        }

        string id = Guid.NewGuid().ToString("N");
        shownIn.Publish(new DisplayedValueProduced(
            value, shownIn.Command, FormattedValue.CreateManyFromObject(value), id));
        return later =>
        {
            KernelInvocationContext context = KernelInvocationContext.Current ?? shownIn;
            context.Publish(new DisplayedValueUpdated(
                later, id, context.Command, FormattedValue.CreateManyFromObject(later)));
        };
    }
}
