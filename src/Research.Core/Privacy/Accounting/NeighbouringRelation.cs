namespace Research.Privacy.Accounting;

/// <summary>Which data sets count as neighbours: what an ε protects. An ε of one relation is not one of
/// another.</summary>
public enum NeighbouringRelation
{
    /// <summary>One has a record more than the other.</summary>
    AddOrRemoveOne,

    /// <summary>As many records, one of them another: the number of records is public.</summary>
    ReplaceOne,

    /// <summary>One record's contributions are replaced by zero, and nothing else moves.</summary>
    ZeroOutOne,
}
