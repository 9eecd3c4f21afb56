using System.Collections.Immutable;
using Research.Privacy.Accounting;

namespace Research.Privacy.Ledger;

/// <summary>Records with one history of charges.</summary>
internal sealed class Cohort
{
    private Cohort(int[] members) => Members = members;

    /// <summary>Gets the records, by their places in the ledger, ascending.</summary>
    public int[] Members { get; private set; }

    /// <summary>Gets how many plans were charged.</summary>
    public int Plans { get; private set; }

    /// <summary>Gets the plan of records that were charged one; null otherwise.</summary>
    public PrivacyEvent[]? Only { get; private set; }

    /// <summary>Gets the sum of all charges, in the filter's terms.</summary>
    public double Cost { get; private set; }

    /// <summary>Gets the tasks whose rounds are paid for, with the size of the group that they were charged as.</summary>
    public ImmutableDictionary<string, int> Tasks { get; private set; } = ImmutableDictionary<string, int>.Empty;

    /// <summary>Makes a cohort of records that were never charged.</summary>
    public static Cohort New(int[] members) => new(members);

    /// <summary>Takes some members out into a cohort with the same history.</summary>
    /// <param name="members">Some of <see cref="Members"/>, ascending.</param>
    public Cohort Split(int[] members)
    {
        Members = Without(Members, members);
        return new Cohort(members) { Plans = Plans, Only = Only, Cost = Cost, Tasks = Tasks };
    }

    /// <summary>Adds a charge to the history.</summary>
    /// <param name="plan">The plan as it touches these records; not free.</param>
    /// <param name="cost">Its cost in the filter's terms.</param>
    public void Add(PrivacyEvent[] plan, double cost)
    {
        Only = Plans == 0 ? plan : null;
        Plans++;
        Cost += cost;
    }

    /// <summary>Notes that all rounds of a task are paid for.</summary>
    public void Reserve(string task, int group) => Tasks = Tasks.SetItem(task, group);

    private static int[] Without(int[] all, int[] some)
    {
        int[] rest = new int[all.Length - some.Length];
        int at = 0;
        int next = 0;
        foreach (int member in all)
        {
            if (next < some.Length && some[next] == member)
            {
                next++;
            }
            else
            {
                rest[at++] = member;
            }
        }

        return rest;
    }
}
