using System.Security.Cryptography;
using Research.Privacy.Sums;

namespace Research.Privacy.Ledger;

/// <summary>The names under which an owner's ledger knows records, each with the rows that it is charged for.</summary>
/// <remarks>
/// Rows that are equal are one record's, and count together. A unit's rows each carry the whole unit's weight, so that
/// neither other names of units nor none start afresh.
/// </remarks>
internal static class RecordNames
{
    /// <summary>Names the records of a run, and their units where they have any.</summary>
    public static Dictionary<UInt128, int> Of(DataIdentity data, OwnerKey key)
    {
        using IncrementalHash naming = key.StartNaming();
        UInt128[] names = new UInt128[data.Count];
        Dictionary<UInt128, int> rows = new(data.Count);
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = OwnerKey.Name(naming, data.Record(i));
            rows[names[i]] = rows.GetValueOrDefault(names[i]) + 1;
        }

        if (data.HasUnits)
        {
            AddUnits(data, naming, names, rows);
        }

        return rows;
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
