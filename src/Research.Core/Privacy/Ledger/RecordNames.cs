using System.Security.Cryptography;
using Research.Privacy.Sums;

namespace Research.Privacy.Ledger;

/// <summary>The names under which an owner's ledger knows the records of a run.</summary>
/// <remarks>
/// A unit pays for all its rows as a group, and each of these carries the whole unit's weight by itself too, so that
/// neither other names of units nor none start afresh. Equal rows without units share a name, and each is a record: to
/// add or remove one of them is what their ε is of.
/// </remarks>
/// <param name="Rows">Each name with the rows that it is charged for.</param>
/// <param name="MostEqual">The most rows that are equal and belong to no unit.</param>
internal sealed record RecordNames(Dictionary<UInt128, int> Rows, int MostEqual)
{
    /// <summary>Names the records of a run, and their units where they have any.</summary>
    public static RecordNames Of(DataIdentity data, OwnerKey key)
    {
        using IncrementalHash naming = key.StartNaming();
        UInt128[] names = new UInt128[data.Count];
        Dictionary<UInt128, int> rows = new(data.Count);
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = OwnerKey.Name(naming, data.Record(i));
            rows[names[i]] = rows.GetValueOrDefault(names[i]) + 1;
        }

        int mostEqual = data.HasUnits ? 1 : rows.Values.Max();
        foreach (UInt128 name in names)
        {
            rows[name] = 1;
        }

        if (data.HasUnits)
        {
            AddUnits(data, naming, names, rows);
        }

        return new RecordNames(rows, mostEqual);
    }

    private static void AddUnits(
        DataIdentity data, IncrementalHash naming, UInt128[] names, Dictionary<UInt128, int> rows)
    {
        UInt128[] units = new UInt128[names.Length];
        Dictionary<UInt128, int> ofUnit = [];
        for (int i = 0; i < units.Length; i++)
        {
            units[i] = OwnerKey.Name(naming, data.Unit(i));
            ofUnit[units[i]] = ofUnit.GetValueOrDefault(units[i]) + 1;
        }

        for (int i = 0; i < names.Length; i++)
        {
            rows[names[i]] = Math.Max(rows[names[i]], ofUnit[units[i]]);
        }

        foreach ((UInt128 unit, int count) in ofUnit)
        {
            rows[unit] = count;
        }
    }
}
