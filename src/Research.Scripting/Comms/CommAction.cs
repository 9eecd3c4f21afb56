namespace Research.Scripting.Comms;

/// <summary>What is done to a comm.</summary>
public enum CommAction
{
    /// <summary>It comes into being at both ends.</summary>
    Open,

    /// <summary>A message travels.</summary>
    Message,

    /// <summary>It ends at both ends.</summary>
    Close,
}
