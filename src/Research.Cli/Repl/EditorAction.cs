namespace Research.Cli.Repl;

/// <summary>What is to be done after a key press.</summary>
internal enum EditorAction
{
    /// <summary>The text may have changed: draw it.</summary>
    Draw,

    /// <summary>The entry is complete: run it.</summary>
    Submit,

    /// <summary>The entry is given up.</summary>
    Cancel,

    /// <summary>There will be no more entries.</summary>
    Exit,

    /// <summary>Clear the screen, then draw.</summary>
    Clear,

    /// <summary>Complete at the cursor.</summary>
    Complete,
}
