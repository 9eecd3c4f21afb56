namespace Research.Scripting.Intelligence.Completion;

/// <summary>What the grammar allows at a place.</summary>
internal enum SiteKind
{
    /// <summary>A new name, which nobody can guess.</summary>
    Declaration,

    /// <summary>A member after a dot, or a part of a qualified name.</summary>
    Member,

    /// <summary>The namespace of a using directive.</summary>
    Namespace,

    /// <summary>A type.</summary>
    Type,

    /// <summary>The type of a new object.</summary>
    NewType,

    /// <summary>The type of a caught exception.</summary>
    ExceptionType,

    /// <summary>An attribute.</summary>
    Attribute,

    /// <summary>A member of the object in an initialiser or a pattern.</summary>
    ObjectMember,

    /// <summary>A value.</summary>
    Expression,

    /// <summary>The beginning of a statement.</summary>
    Statement,

    /// <summary>The beginning of a type's member.</summary>
    TypeMember,

    /// <summary>An accessor of a property.</summary>
    Accessor,
}
