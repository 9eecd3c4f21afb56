namespace Research.Scripting.Intelligence.Completion;

/// <summary>How near a candidate is to what the cursor asks for; among equal matches, the nearer come first.</summary>
internal enum CandidateGroup
{
    /// <summary>What the place itself asks for: a member of the expected enum, the expected type, a parameter's
    /// name.</summary>
    Expected,

    /// <summary>A local variable or a parameter.</summary>
    Local,

    /// <summary>A variable or method of this or an earlier cell.</summary>
    Cell,

    /// <summary>A member of the type itself.</summary>
    Member,

    /// <summary>A member of a base type.</summary>
    Inherited,

    /// <summary>An extension method.</summary>
    Extension,

    /// <summary>What every object has.</summary>
    OfObject,

    /// <summary>A keyword.</summary>
    Keyword,

    /// <summary>A member that a <c>using static</c> brings in.</summary>
    Imported,

    /// <summary>A type.</summary>
    Type,

    /// <summary>A namespace.</summary>
    Namespace,
}
