namespace Research.Privacy.Ledger;

/// <summary>Thrown when a file of an owner's ledger is not what it should be; nothing was written.</summary>
public sealed class LedgerException : Exception
{
    /// <summary>Creates the refusal.</summary>
    /// <param name="path">The file.</param>
    /// <param name="line">Number of the line at fault, from 1; 0 where it is the whole file.</param>
    /// <param name="problem">What differs: expected and actual.</param>
    public LedgerException(string path, int line, string problem)
        : base(line == 0
            ? $"{path}: {problem}."
            : FormattableString.Invariant($"{path}, line {line}: {problem}."))
    {
        Path = path;
        Line = line;
        Problem = problem;
    }

    /// <summary>Gets the file.</summary>
    public string Path { get; }

    /// <summary>Gets the number of the line at fault, from 1; 0 where it is the whole file.</summary>
    public int Line { get; }

    /// <summary>Gets what differs.</summary>
    public string Problem { get; }
}
