namespace Research.Scripting.Compilation;

/// <summary>How cells share an assembly of the host.</summary>
internal enum HostShare
{
    /// <summary>Not at all: a cell's own version is the only one it sees.</summary>
    None,

    /// <summary>As part of the library's own API: always the host's, or values could not pass between the two.</summary>
    Library,

    /// <summary>As part of .NET: the host's unless a package has a newer one.</summary>
    Framework,

    /// <summary>As part of ASP.NET Core, where a cell asked for that; else not at all.</summary>
    AspNet,
}
