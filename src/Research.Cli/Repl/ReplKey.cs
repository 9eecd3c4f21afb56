namespace Research.Cli.Repl;

/// <summary>What a key press asks the line editor for.</summary>
internal enum ReplKey
{
    /// <summary>Nothing the editor knows.</summary>
    None,

    /// <summary>Characters to insert, typed or pasted.</summary>
    Text,

    /// <summary>The end of a line, perhaps of the entry.</summary>
    Enter,

    /// <summary>A line break, whether the entry is complete or not.</summary>
    LineBreak,

    /// <summary>Completion.</summary>
    Tab,

    /// <summary>Deletes backwards.</summary>
    Backspace,

    /// <summary>Deletes forwards.</summary>
    Delete,

    /// <summary>One character left.</summary>
    Left,

    /// <summary>One character right.</summary>
    Right,

    /// <summary>A line up, or the entry before.</summary>
    Up,

    /// <summary>A line down, or the entry after.</summary>
    Down,

    /// <summary>The beginning of the line.</summary>
    Home,

    /// <summary>The end of the line.</summary>
    End,

    /// <summary>A word left.</summary>
    WordLeft,

    /// <summary>A word right.</summary>
    WordRight,

    /// <summary>Cuts to the end of the line.</summary>
    CutToEnd,

    /// <summary>Cuts to the beginning of the line.</summary>
    CutToStart,

    /// <summary>Cuts the word before the cursor.</summary>
    CutWord,

    /// <summary>Inserts what was cut last.</summary>
    Yank,

    /// <summary>Clears the screen.</summary>
    ClearScreen,

    /// <summary>Searches the history backwards.</summary>
    Search,

    /// <summary>Leaves a search.</summary>
    Escape,

    /// <summary>Gives the entry up.</summary>
    Interrupt,

    /// <summary>Leaves when the entry is empty, else deletes forwards.</summary>
    EndOfInput,
}
