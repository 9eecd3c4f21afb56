using System.Reflection;

namespace Research.Scripting;

/// <summary>A variable that a cell declared.</summary>
public sealed class CellVariable
{
    private readonly FieldInfo _field;
    private readonly object _cell;

    internal CellVariable(string name, FieldInfo field, object cell)
    {
        Name = name;
        _field = field;
        _cell = cell;
    }

    /// <summary>Gets the name.</summary>
    public string Name { get; }

    /// <summary>Gets the declared type.</summary>
    public Type Type => _field.FieldType;

    /// <summary>Gets or sets the value.</summary>
    /// <exception cref="ArgumentException">The value set is not of <see cref="Type"/>.</exception>
    /// <exception cref="FieldAccessException">The value of a constant is set.</exception>
    public object? Value
    {
        get => _field.GetValue(_cell);
        set => _field.SetValue(_cell, value);
    }

    internal void Release()
    {
        if (!_field.IsInitOnly && !_field.IsLiteral && !Type.IsPrimitive)
        {
            _field.SetValue(_cell, null);
        }
    }
}
