using System.IO.Compression;
using Research.Privacy.Accounting;
using Research.Privacy.Ledger;
using Research.Privacy.Sums;
using Research.Training.Data;

namespace Research.Tests.Privacy.Ledger;

/// <summary>The budget follows the records, whatever they come in.</summary>
public sealed class LedgerIdentityTests : IDisposable
{
    private const string Header = "a,b,label\n";

    private static readonly GaussianEvent Plan = new(0.2, 1.1, 100);

    private static readonly string[] Rows = [.. Enumerable.Range(0, 40).Select(i => $"{i},{i * i},{i % 3}")];

    private readonly TemporaryLedger _file = new();
    private readonly PrivacyLedger _ledger;

    public LedgerIdentityTests()
    {
        _ledger = _file.Open(cap: 20);
        File.WriteAllText(_file["data.csv"], Header + string.Join('\n', Rows) + '\n');
        _ledger.Charge(Identity("data.csv"), [Plan], "first");
    }

    public void Dispose() => _file.Dispose();

    [Fact]
    public void Quote_TheSameRecordsInAnyContainer_HaveNoFreshBudget()
    {
        File.Copy(_file["data.csv"], _file["copy.csv"]);
        File.CreateSymbolicLink(_file["link.csv"], _file["data.csv"]);
        Directory.CreateDirectory(_file["folder"]);
        File.Copy(_file["data.csv"], _file["folder/data.csv"]);
        Directory.CreateSymbolicLink(_file["parent"], _file["folder"]);
        using (FileStream packed = File.Create(_file["data.csv.gz"]))
        using (GZipStream gzip = new(packed, CompressionLevel.Optimal))
        {
            gzip.Write(File.ReadAllBytes(_file["data.csv"]));
        }

        Write("order.csv", Header, Rows.Reverse());
        Write("more.csv", Header, [.. Rows, "1000,1000,1"]);
        Write("fewer.csv", Header, Rows.Take(20));
        Write("headless.csv", "", Rows);
        Write("renamed.csv", "x,y,z\n", Rows);
        Write("spelled.csv", Header, Rows.Select(row => row.Replace(",", ".00, ", StringComparison.Ordinal)));
        Write("labels.csv", Header, Rows.Select(row => row[..^1] + '0'));
        Write("twice.csv", Header, [.. Rows, .. Rows]);
        Write("units.csv", "unit,a,b,label\n", Rows.Select((row, i) => $"person{i % 7},{row}"));
        string[] names =
        [
            "data.csv", "copy.csv", "link.csv", "parent/data.csv", "data.csv.gz", "order.csv", "more.csv", "fewer.csv",
            "headless.csv", "renamed.csv", "labels.csv", "twice.csv", "units.csv",
        ];
        foreach (string name in names)
        {
            LedgerQuote quote = _ledger.Quote(Identity(name), [Plan], "again");
            Assert.Equal((name, _ledger.Epsilon), (name, quote.Before));
            Assert.True(quote.After > quote.Before + 1, name);
        }

        Assert.Equal(_ledger.Epsilon, _ledger.EpsilonOf(Identity("data.csv")));
    }

    [Fact]
    public void Quote_NegativeZeroAndOtherNaNs_AreTheSameRecord()
    {
        DataIdentity one = DataIdentity.Of([0, float.NaN], 2);
        DataIdentity other = DataIdentity.Of([-0f, BitConverter.Int32BitsToSingle(unchecked((int)0xFFC12345))], 2);
        _ledger.Charge(one, [Plan], "one");
        Assert.True(_ledger.EpsilonOf(other) > 1);
    }

    [Fact]
    public void Charge_AppendedRecords_StartAtZero()
    {
        DataIdentity appended = TemporaryLedger.Records(5, from: 5000);
        Assert.Equal(0, _ledger.EpsilonOf(appended));
        int known = _ledger.Standings[0].Records;
        double alone = _ledger.Quote(appended, [Plan], "alone").After;

        Assert.Equal(_ledger.Epsilon, alone);
        _ledger.Charge(appended, [Plan], "alone");
        Assert.Equal((alone, known + 5), (_ledger.Standings.Single().Epsilon, _ledger.Standings.Single().Records));
    }

    // Some records twice, some once, some never before: each pays by its own history, and the file says so afterwards.
    [Fact]
    public void Charge_OverlappingData_CountsEachRecordByItself()
    {
        GaussianEvent plan = new(0.2, 4, 10);
        Random random = new(1);
        Dictionary<int, int> counts = [];
        PrivacyLedger ledger = PrivacyLedger.Open(_file["other"], 20);
        for (int i = 0; i < 12; i++)
        {
            int[] chosen = [.. Enumerable.Range(0, 300).Where(_ => random.Next(i % 4 == 0 ? 30 : 3) == 0)];
            if (i == 7)
            {
                chosen = [.. counts.Keys]; // All that are known: whole cohorts.
            }

            ledger.Charge(DataIdentity.Of([.. chosen.Select(c => (float)c)], 1), [plan], $"charge {i}");
            foreach (int record in chosen)
            {
                counts[record] = counts.GetValueOrDefault(record) + 1;
            }
        }

        foreach (PrivacyLedger one in (PrivacyLedger[])[ledger, PrivacyLedger.Open(_file["other"])])
        {
            Assert.Equal(
                counts.Values.CountBy(count => count).OrderByDescending(pair => pair.Key),
                one.Standings.Select(standing => KeyValuePair.Create(standing.Plans, standing.Records)));
            foreach ((int record, int count) in counts)
            {
                double epsilon = one.EpsilonOf(TemporaryLedger.Records(1, record));
                Assert.Equal(one.Standings.Single(standing => standing.Plans == count).Epsilon, epsilon);
            }
        }

        Assert.True(PrivacyLedger.Verify(_file["other"]).IsIntact);
    }

    [Fact]
    public void Charge_AUnitsRows_ArePaidAsAGroup()
    {
        GaussianEvent plan = new(0.1, 6, 20);
        string[] rows = ["p1,1,2,0", "p1,3,4,1", "p1,5,6,0", "p2,7,8,1"];
        string[] others = ["q1,11,2,0", "q1,13,4,1", "q1,15,6,0", "q2,17,8,1"];
        Write("units.csv", "unit,a,b,label\n", [.. rows, .. others]);
        Dataset data = CsvTable.Read(File.OpenText(_file["units.csv"]), "units");
        Assert.Equal((2, 8, true), (data.Shape[0], data.Count, data.Identity.HasUnits));
        double Exact(GaussianEvent e)
        {
            ExactAccountant accountant = new();
            accountant.Compose(e);
            return accountant.Epsilon(1e-5);
        }

        LedgerEntry entry = _ledger.Charge(data.Identity, [plan], "units");

        double group = Exact(new GaussianEvent(1 - Math.Pow(0.9, 3), 2, 20));
        Assert.Equal(group, entry.Epsilon, 1e-6);
        Dataset alone = data.Select([3]);
        Assert.Equal(Exact(plan), _ledger.EpsilonOf(alone.Identity), 1e-9); // p2 has one row.
        Assert.True(_ledger.EpsilonOf(data.Select([0]).Identity) >= group * (1 - 1e-9));
        Assert.True(PrivacyLedger.Verify(_file.Home).IsIntact);

        // Equal rows without units are records like others: ε is of one of them, and the quote tells that there are some.
        DataIdentity copies = DataIdentity.Of([9999, 9999, 9999], 1);
        Assert.Equal((1, 3), (_ledger.Quote(copies, [plan], "copies").Rows, _ledger.Quote(copies, [plan], "copies").EqualRows));
        Assert.Equal(Exact(plan), _ledger.Charge(copies, [plan], "copies").Epsilon, 1e-9);

        // Neither other names of units nor none start afresh: each row carries its unit's weight.
        Write("renamed.csv", "unit,a,b,label\n", [.. rows.Select(row => row.Replace("p", "r", StringComparison.Ordinal))]);
        Dataset renamed = CsvTable.Read(File.OpenText(_file["renamed.csv"]), "renamed");
        Assert.True(_ledger.EpsilonOf(renamed.Identity) >= group * (1 - 1e-9));
        Write("plain.csv", "a,b,label\n", [.. rows.Select(row => row[3..])]);
        Dataset plain = CsvTable.Read(File.OpenText(_file["plain.csv"]), "plain");
        Assert.True(_ledger.EpsilonOf(plain.Identity) >= group * (1 - 1e-9));
    }

    [Fact]
    public void Units_OfASplitOrPartition_AreOnOneSide()
    {
        string[] rows = [.. Enumerable.Range(0, 200).Select(i => $"{i},{i % 2},person {i % 23}")];
        Write("units.csv", "a,label,unit\n", rows);
        DatasetSplit split = Datasets.Open($"csv:{_file["units.csv"]}");
        Assert.Equal(200, split.Train.Count + split.Test.Count);
        Assert.True(split.Test.Count > 0);
        Assert.Empty(UnitsOf(split.Train).Intersect(UnitsOf(split.Test)));

        Dataset[] shards = Partition.Unequal(split.Train, 4, seed: 1);
        Assert.Equal(split.Train.Count, shards.Sum(shard => shard.Count));
        HashSet<string>[] units = [.. shards.Select(UnitsOf)];
        Assert.Equal(units.Sum(set => set.Count), units.SelectMany(set => set).Distinct().Count());
        Assert.All(shards, shard => Assert.True(shard.WithLabels(shard.Labels).Reshape(1, 1).Identity.HasUnits));
    }

    [Theory]
    [InlineData("unit,a,label\n,1,0\n", "row 2, column 1 (unit)")]
    [InlineData("unit,a,unit,label\np,1,p,0\n", "one column named unit at most")]
    [InlineData("unit,label\np,0\n", "3 to ")]
    [InlineData("Unit,a,label\np,1,0\n", "row 1: expected unit, written so, for the column that says whose a row is, got Unit")]
    public void Read_WrongUnits_NamesThem(string text, string problem) => Assert.Contains(
        problem,
        Assert.Throws<DataFormatException>(() => CsvTable.Read(new StringReader(text), "units")).Message,
        StringComparison.Ordinal);

    // What others may see, and the files that lie about, tell nothing of how many records there are.
    [Fact]
    public void Statement_OfOtherRecords_IsTheSameToTheByte()
    {
        string[] statements = [.. ((int[])[3, 500]).Select(count =>
        {
            PrivacyLedger ledger = PrivacyLedger.Open(_file[$"of {count}"], 8);
            ledger.Charge(TemporaryLedger.Records(count), [new GaussianEvent(0.1, 4, 10)], "one");
            ledger.Charge(
                TemporaryLedger.Records(count == 3 ? 3 : 200, count == 3 ? 0 : 400),
                [new GaussianEvent(0.1, 4, 10)],
                "two");
            Assert.Contains("\"epsilonAtMost\": ", ledger.Statement(), StringComparison.Ordinal);
            return ledger.Statement();
        })];
        Assert.Equal(statements[0], statements[1]);
        Assert.DoesNotContain(Path.GetTempPath(), statements[0], StringComparison.Ordinal);
    }

    // 10⁶ records, then half of them again: the file stays far below 64 MB, and opens to the same state.
    [Fact]
    public void Charge_AMillionRecords_TakesLessThan64Megabytes()
    {
        PrivacyLedger ledger = PrivacyLedger.Open(_file["million"], 8);
        DataIdentity data = TemporaryLedger.Records(1_000_000);
        ledger.Charge(data, [new GaussianEvent(0.1, 4, 10)], "all");
        ledger.Charge(data.Select([.. Enumerable.Range(0, 500_000).Select(i => 2 * i)]), [new GaussianEvent(0.1, 4, 10)], "half");
        ledger.Charge(data, [new GaussianEvent(0.1, 9, 10)], "all again");

        Assert.InRange(new FileInfo(Path.Combine(_file["million"], "ledger.jsonl")).Length, 16_000_000, 64_000_000);
        Assert.Equal(ledger.Standings, PrivacyLedger.Open(_file["million"]).Standings);
        Assert.Equal([500_000, 500_000], ledger.Standings.Select(standing => standing.Records));
    }

    private static HashSet<string> UnitsOf(Dataset data) =>
        [.. Enumerable.Range(0, data.Count).Select(i => Convert.ToHexString(data.Identity.Unit(i)))];

    private DataIdentity Identity(string name) => Datasets.Open($"csv:{_file[name]}").Train.Identity;

    private void Write(string name, string header, IEnumerable<string> rows) =>
        File.WriteAllText(_file[name], header + string.Join('\n', rows) + '\n');
}
