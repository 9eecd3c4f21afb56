using Research.Scripting.Outputs;

namespace Research.Scripting.Comms;

/// <summary>Something a comm's end in the session says to its end in the front end; others ignore it.</summary>
/// <param name="Action">What is done to the comm.</param>
/// <param name="CommId">The comm.</param>
/// <param name="TargetName">Whom it is opened with in the front end.</param>
/// <param name="Message">What is said.</param>
public sealed record CommOutput(CommAction Action, string CommId, string TargetName, CommMessage Message) : CellOutput;
