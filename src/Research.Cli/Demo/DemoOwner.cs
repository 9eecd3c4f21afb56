using Research.Training.Data;

namespace Research.Cli.Demo;

/// <summary>How a data owner of the demo behaves.</summary>
internal enum DemoRole
{
    /// <summary>Trains on its own records as the specification says.</summary>
    Honest,

    /// <summary>Trains on records whose labels are worthless.</summary>
    ShuffledLabels,

    /// <summary>Trains on nothing and submits another owner's update.</summary>
    Copies,
}

/// <summary>A data owner of the demo.</summary>
/// <param name="Name">What the tables call it.</param>
/// <param name="Role">How it behaves.</param>
/// <param name="Records">Its shard, disjoint from the others'.</param>
internal sealed record DemoOwner(string Name, DemoRole Role, Dataset Records)
{
    /// <summary>Gets the role for people.</summary>
    public string RoleText => Role switch
    {
        DemoRole.ShuffledLabels => "shuffled labels",
        DemoRole.Copies => "copies owner1",
        _ => "honest",
    };
}
