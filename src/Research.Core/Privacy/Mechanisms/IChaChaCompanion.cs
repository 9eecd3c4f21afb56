namespace Research.Privacy.Mechanisms;

/// <summary>Work done between ChaCha's rounds, which wait for one another and leave vector units idle.</summary>
internal interface IChaChaCompanion
{
    /// <summary>Does a share of the work after a round of columns.</summary>
    /// <param name="doubleRound">0 to 9.</param>
    void AfterColumns(int doubleRound);

    /// <summary>Does a share of the work after a round of diagonals.</summary>
    /// <param name="doubleRound">0 to 9.</param>
    void AfterDiagonals(int doubleRound);
}
