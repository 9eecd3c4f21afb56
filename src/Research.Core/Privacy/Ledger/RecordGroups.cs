using System.Numerics;

namespace Research.Privacy.Ledger;

/// <summary>Which records pay for a charge, in as few bytes as that takes.</summary>
/// <remarks>
/// A cohort that pays whole takes a few bytes, part of one a bit for each member at most, a new record 16 bytes. The
/// content is filled up to a power of two before it is encrypted, so that its length tells an order of magnitude only.
/// </remarks>
internal static class RecordGroups
{
    private const int NameLength = 16;
    private const int Shortest = 64;
    private const byte Whole = 0;
    private const byte List = 1;
    private const byte Bits = 2;
    private const byte New = 3;

    /// <summary>Writes the groups.</summary>
    public static byte[] Write(IReadOnlyList<RecordGroup> groups, RecordBook book)
    {
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes);
        writer.Write7BitEncodedInt(groups.Count);
        foreach (RecordGroup group in groups)
        {
            writer.Write7BitEncodedInt(group.Rows);
            if (group.Cohort == RecordGroup.Unknown)
            {
                writer.Write(New);
                writer.Write7BitEncodedInt(group.Names.Length);
                foreach (UInt128 name in group.Names)
                {
                    writer.Write((ulong)(name >> 64));
                    writer.Write((ulong)name);
                }
            }
            else
            {
                Write(writer, group, book.Cohorts[group.Cohort]);
            }
        }

        byte[] padded = new byte[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(Shortest, bytes.Length))];
        bytes.GetBuffer().AsSpan(0, (int)bytes.Length).CopyTo(padded);
        return padded;
    }

    /// <summary>Reads the groups of the next charge.</summary>
    /// <exception cref="FormatException">They are no such groups.</exception>
    public static List<RecordGroup> Read(byte[] bytes, RecordBook book)
    {
        using MemoryStream stream = new(bytes);
        using BinaryReader reader = new(stream);
        try
        {
            int count = Bounded(reader.Read7BitEncodedInt(), 0, bytes.Length, "groups");
            List<RecordGroup> groups = new(count);
            for (int i = 0; i < count; i++)
            {
                int rows = Bounded(reader.Read7BitEncodedInt(), 1, int.MaxValue, "rows");
                byte kind = reader.ReadByte();
                groups.Add(kind == New ? ReadNew(reader, rows, bytes.Length) : ReadKnown(reader, rows, kind, book));
            }

            return groups;
        }
        catch (EndOfStreamException e)
        {
            throw new FormatException("records: expected more bytes", e);
        }
    }

    private static void Write(BinaryWriter writer, RecordGroup group, Cohort cohort)
    {
        if (group.Members is null)
        {
            writer.Write(Whole);
            writer.Write7BitEncodedInt(group.Cohort);
            return;
        }

        int[] places = Places(cohort.Members, group.Members);
        bool asList = places.Length < cohort.Members.Length / 16;
        writer.Write(asList ? List : Bits);
        writer.Write7BitEncodedInt(group.Cohort);
        writer.Write7BitEncodedInt(places.Length);
        if (asList)
        {
            int last = -1;
            foreach (int place in places)
            {
                writer.Write7BitEncodedInt(place - last - 1);
                last = place;
            }

            return;
        }

        byte[] bits = new byte[(cohort.Members.Length + 7) / 8];
        foreach (int place in places)
        {
            bits[place >> 3] |= (byte)(1 << (place & 7));
        }

        writer.Write(bits);
    }

    private static RecordGroup ReadNew(BinaryReader reader, int rows, int most)
    {
        UInt128[] names = new UInt128[Bounded(reader.Read7BitEncodedInt(), 1, most / NameLength, "new records")];
        for (int i = 0; i < names.Length; i++)
        {
            ulong high = reader.ReadUInt64();
            names[i] = new UInt128(high, reader.ReadUInt64());
            if (i > 0 && names[i] <= names[i - 1])
            {
                throw new FormatException("records: expected names in ascending order");
            }
        }

        return new RecordGroup(RecordGroup.Unknown, rows, null, names);
    }

    private static RecordGroup ReadKnown(BinaryReader reader, int rows, byte kind, RecordBook book)
    {
        int cohort = Bounded(reader.Read7BitEncodedInt(), 0, book.Cohorts.Count - 1, "cohort");
        if (kind == Whole)
        {
            return new RecordGroup(cohort, rows, null, []);
        }

        int[] all = book.Cohorts[cohort].Members;
        int[] members = new int[Bounded(reader.Read7BitEncodedInt(), 1, all.Length - 1, "members")];
        if (kind == List)
        {
            long place = -1;
            for (int i = 0; i < members.Length; i++)
            {
                place += reader.Read7BitEncodedInt() + 1L;
                members[i] = place >= 0 && place < all.Length && (i == 0 || all[place] > members[i - 1])
                    ? all[place]
                    : throw new FormatException($"records: expected places below {all.Length}, ascending");
            }
        }
        else if (kind == Bits)
        {
            byte[] bits = reader.ReadBytes((all.Length + 7) / 8);
            int found = 0;
            for (int i = 0; i < all.Length && i >> 3 < bits.Length; i++)
            {
                if ((bits[i >> 3] & (1 << (i & 7))) != 0 && found++ < members.Length)
                {
                    members[found - 1] = all[i];
                }
            }

            if (found != members.Length)
            {
                throw new FormatException($"records: expected {members.Length} bits set, got {found}");
            }
        }
        else
        {
            throw new FormatException($"records: expected a group of kind 0 to 3, got {kind}");
        }

        return new RecordGroup(cohort, rows, members, []);
    }

    private static int[] Places(int[] all, int[] some)
    {
        int[] places = new int[some.Length];
        int next = 0;
        for (int i = 0; next < some.Length; i++)
        {
            if (all[i] == some[next])
            {
                places[next++] = i;
            }
        }

        return places;
    }

    private static int Bounded(int value, int least, int most, string what) => value >= least && value <= most
        ? value
        : throw new FormatException(FormattableString.Invariant($"records: expected {least} to {most} {what}, got {value}"));
}
