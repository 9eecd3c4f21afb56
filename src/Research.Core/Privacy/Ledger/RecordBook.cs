using System.Runtime.InteropServices;

namespace Research.Privacy.Ledger;

/// <summary>Every record that was ever charged, by name, with its cohort.</summary>
internal sealed class RecordBook
{
    private readonly Dictionary<UInt128, int> _places = [];
    private readonly List<int> _cohortOf = [];
    private readonly List<Cohort> _cohorts = [];

    /// <summary>Gets the cohorts, in the order in which they came about; some may be empty by now.</summary>
    public IReadOnlyList<Cohort> Cohorts => _cohorts;

    /// <summary>Gets the number of records.</summary>
    public int Count => _cohortOf.Count;

    /// <summary>Sorts records into groups that pay alike.</summary>
    /// <param name="records">Each record's name, with the rows that it is charged for.</param>
    public List<RecordGroup> Group(Dictionary<UInt128, int> records)
    {
        Dictionary<(int Cohort, int Rows), List<int>> known = [];
        Dictionary<int, List<UInt128>> unknown = [];
        foreach ((UInt128 name, int rows) in records)
        {
            if (_places.TryGetValue(name, out int place))
            {
                Add(known, (_cohortOf[place], rows), place);
            }
            else
            {
                Add(unknown, rows, name);
            }
        }

        List<RecordGroup> groups = [];
        foreach (((int cohort, int rows), List<int> places) in known.OrderBy(group => group.Key))
        {
            places.Sort();
            bool isWhole = places.Count == _cohorts[cohort].Members.Length;
            groups.Add(new RecordGroup(cohort, rows, isWhole ? null : [.. places], []));
        }

        foreach ((int rows, List<UInt128> names) in unknown.OrderBy(group => group.Key))
        {
            names.Sort();
            groups.Add(new RecordGroup(RecordGroup.Unknown, rows, null, [.. names]));
        }

        return groups;
    }

    /// <summary>Parts the groups from their cohorts, so that each is a cohort of its own.</summary>
    /// <returns>The cohort of each group.</returns>
    /// <exception cref="FormatException">A record is in two groups, or a new one is known already.</exception>
    public Cohort[] Part(IReadOnlyList<RecordGroup> groups)
    {
        CheckNew(groups);
        Cohort[] parted = new Cohort[groups.Count];
        HashSet<int> whole = [];
        for (int i = 0; i < groups.Count; i++)
        {
            RecordGroup group = groups[i];
            if (group.Cohort != RecordGroup.Unknown && group.Members is null)
            {
                parted[i] = whole.Add(group.Cohort)
                    ? _cohorts[group.Cohort]
                    : throw new FormatException("records: a cohort stands in two groups");
                continue;
            }

            int[] members = group.Members ?? Enter(group.Names);
            if (group.Members is not null
                && (whole.Contains(group.Cohort) || members.Any(member => _cohortOf[member] != group.Cohort)))
            {
                throw new FormatException("records: a record stands in two groups");
            }

            parted[i] = group.Members is null ? Cohort.New(members) : _cohorts[group.Cohort].Split(members);
            foreach (int member in members)
            {
                _cohortOf[member] = _cohorts.Count;
            }

            _cohorts.Add(parted[i]);
        }

        return parted;
    }

    // Before anything changes, for a fault must leave the book as it was.
    private void CheckNew(IReadOnlyList<RecordGroup> groups)
    {
        HashSet<UInt128> names = [];
        foreach (UInt128 name in groups.SelectMany(group => group.Names))
        {
            if (_places.ContainsKey(name) || (groups.Count > 1 && !names.Add(name)))
            {
                throw new FormatException("records: a new record is known already");
            }
        }
    }

    private int[] Enter(UInt128[] names)
    {
        int[] members = new int[names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            members[i] = _cohortOf.Count;
            _places.Add(names[i], members[i]);
            _cohortOf.Add(RecordGroup.Unknown);
        }

        return members;
    }

    private static void Add<TKey, TValue>(Dictionary<TKey, List<TValue>> lists, TKey key, TValue value)
        where TKey : notnull
    {
        ref List<TValue>? list = ref CollectionsMarshal.GetValueRefOrAddDefault(lists, key, out _);
        (list ??= []).Add(value);
    }
}
