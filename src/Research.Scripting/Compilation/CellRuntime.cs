using System.Reflection;

namespace Research.Scripting.Compilation;

/// <summary>Runs compiled cells and holds what they left: their variables.</summary>
/// <remarks>Knows no compiler, so that a cached script starts without one.</remarks>
internal sealed class CellRuntime
{
    private const BindingFlags AllFields =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private readonly HashSet<string> _captured = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CellVariable> _variables = new(StringComparer.Ordinal);
    private object?[] _slots = new object?[16];

    public CellRuntime(object? globals) => _slots[0] = globals;

    /// <summary>Gets where the code lives.</summary>
    public CellLoadContext Context { get; } = new();

    /// <summary>Gets the variables, the last of each name.</summary>
    public IReadOnlyCollection<CellVariable> Variables => _variables.Values;

    public CellVariable? Variable(string name) => _variables.GetValueOrDefault(name);

    /// <summary>Loads a cell, ready to run.</summary>
    public Func<Task<object?>> Load(CellImage image)
    {
        Func<object?[], Task<object?>> entry = Context.Load(image);
        if (_slots.Length <= image.Slot)
        {
            Array.Resize(ref _slots, image.Slot * 2);
        }

        object?[] slots = _slots;
        slots[image.Slot] = null;
        return () => entry(slots);
    }

    /// <summary>Takes over a cell's variables once it has run, or was stopped.</summary>
    /// <param name="image">The cell.</param>
    /// <param name="captured">Names in its code that may run later.</param>
    public void Keep(CellImage image, IEnumerable<string> captured)
    {
        _captured.UnionWith(captured);
        if (image.Variables.Count == 0 || _slots[image.Slot] is not { } cell)
        {
            return;
        }

        Type type = cell.GetType();
        foreach (string name in image.Variables)
        {
            if (type.GetField(name, AllFields) is not { } field)
            {
                continue;
            }

            if (_variables.TryGetValue(name, out CellVariable? hidden) && !_captured.Contains(name))
            {
                hidden.Release(); // Nothing can name it any more: a large array must not wait for the session's end.
            }

            _variables[name] = new CellVariable(name, field, cell);
        }
    }
}
