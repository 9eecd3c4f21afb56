using System.ComponentModel;

namespace Research.Scripting;

/// <summary>Where a cell's <c>_ = value</c> goes: nowhere.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Discarded
{
    /// <summary>Gets null; what is set is forgotten.</summary>
    public static object? Value
    {
        get => null;
        set => _ = value;
    }
}
