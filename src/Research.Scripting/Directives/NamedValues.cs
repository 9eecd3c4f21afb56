namespace Research.Scripting.Directives;

/// <summary>Texts kept by <c>#!value</c>, for <c>#!share</c> and <c>#!set</c>.</summary>
internal sealed class NamedValues
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public void Set(string name, string value) => _values[name] = value;

    /// <summary>Gets a text.</summary>
    /// <exception cref="DirectiveException">There is none of that name.</exception>
    public string Get(string name)
    {
        if (_values.TryGetValue(name, out string? value))
        {
            return value;
        }

        throw new DirectiveException(_values.Count == 0
            ? $"There is no value named {name}: no #!value ran yet."
            : $"There is no value named {name}. Did you mean {string.Join(", ", NearNames.Of(name, _values.Keys))}?");
    }
}
