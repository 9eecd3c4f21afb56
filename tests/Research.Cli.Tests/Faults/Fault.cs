namespace Research.Tests.Faults;

/// <summary>What becomes of a request on its way to a server and back.</summary>
internal enum Fault
{
    /// <summary>Nothing: it is answered.</summary>
    None,

    /// <summary>The server is slow.</summary>
    Delay,

    /// <summary>429, with a second to wait.</summary>
    TooMany,

    /// <summary>500 without a body.</summary>
    Broken,

    /// <summary>200, and a page.</summary>
    Page,

    /// <summary>200, and half of the answer.</summary>
    Half,

    /// <summary>The server does what was asked, and its answer is lost.</summary>
    LostAnswer,

    /// <summary>The process that asks is killed before the server sees it.</summary>
    KillBefore,

    /// <summary>The process that asks is killed when the server has done it.</summary>
    KillAfter,
}
