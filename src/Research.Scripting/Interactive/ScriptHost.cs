using Research.Interactive.Hosts;
using Research.Scripting.Display;
using Research.Scripting.Outputs;

namespace Research.Scripting.Interactive;

/// <summary>This library as the host of what shows itself in a notebook.</summary>
internal sealed class ScriptHost : INotebookHost
{
    public Action<object?> Show(object? value)
    {
        LiveOutput shown = new(MimeFormatter.Format(value));
        return later => shown.Update(MimeFormatter.Format(later));
    }
}
