using System.Diagnostics;
using System.Globalization;
using Research.Privacy.Accounting;
using Research.Privacy.Ledger;
using Research.Privacy.Sums;

namespace Research.Benchmarks;

/// <summary>Times of a ledger with many charges, and the size of one with many records, on this disk.</summary>
internal static class LedgerBenchmark
{
    private const int Charges = 10_000;
    private const int Measured = 500;
    private const int Records = 1437;
    private const int Many = 1_000_000;

    public static int Run(string folder, TextWriter output)
    {
        DirectoryInfo home = Directory.CreateDirectory(Path.Combine(folder, Path.GetRandomFileName()));
        try
        {
            OfCharges(Path.Combine(home.FullName, "charges"), output);
            OfRecords(Path.Combine(home.FullName, "records"), output);
            return 0;
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    // Fills a ledger, then times its last charges, each with its write to disk, and what opening and checking takes.
    private static void OfCharges(string home, TextWriter output)
    {
        GaussianEvent plan = new(0.001, 10, 1);
        DataIdentity data = Identity(Records, 0);
        PrivacyLedger ledger = PrivacyLedger.Open(home, epsilonCap: 100);
        double[] milliseconds = new double[Measured];
        for (int i = 0; i < Charges + Measured; i++)
        {
            long start = Stopwatch.GetTimestamp();
            ledger.Charge(data, [plan], "benchmark");
            if (i >= Charges)
            {
                milliseconds[i - Charges] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        }

        Array.Sort(milliseconds);
        Write(output, "charge-at-10000", milliseconds[Measured / 2], "ms median");
        Write(output, "charge-at-10000", milliseconds[Measured * 9 / 10], "ms 90th percentile");
        byte[] line = new byte[900];
        double[] syncs = new double[101];
        using (FileStream file = new(Path.Combine(home, "probe"), FileMode.CreateNew))
        {
            for (int i = 0; i < syncs.Length; i++)
            {
                long start = Stopwatch.GetTimestamp();
                file.Write(line);
                file.Flush(flushToDisk: true);
                syncs[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        }

        Array.Sort(syncs);
        Write(output, "append-and-flush-alone", syncs[syncs.Length / 2], "ms median");
        Write(output, "open-at-10500", Time(() => PrivacyLedger.Open(home)), "ms");
        Write(output, "verify-at-10500", Time(() => PrivacyLedger.Verify(home)), "ms");
        Write(output, "size-at-10500", new FileInfo(Path.Combine(home, "ledger.jsonl")).Length / 1e6, "MB");
    }

    private static void OfRecords(string home, TextWriter output)
    {
        GaussianEvent plan = new(0.001, 10, 1);
        DataIdentity data = Identity(Many, 0);
        PrivacyLedger ledger = PrivacyLedger.Open(home, epsilonCap: 100);
        Write(output, "quote-of-1000000-hashing", Time(() => ledger.Quote(data, [plan], "benchmark")), "ms");
        Write(output, "charge-of-1000000-new", Time(() => ledger.Charge(data, [plan], "benchmark")), "ms");
        Write(output, "charge-of-1000000-again", Time(() => ledger.Charge(data, [plan], "benchmark")), "ms");
        DataIdentity half = Identity(Many / 2, Many / 4);
        Write(output, "charge-of-500000-of-them", Time(() => ledger.Charge(half, [plan], "benchmark")), "ms");
        Write(output, "size-of-1000000", new FileInfo(Path.Combine(home, "ledger.jsonl")).Length / 1e6, "MB");
        Write(output, "open-of-1000000", Time(() => PrivacyLedger.Open(home)), "ms");
    }

    private static DataIdentity Identity(int count, int from) =>
        DataIdentity.Of([.. Enumerable.Range(from, count).Select(i => (float)i)], 1);

    private static double Time(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static void Write(TextWriter output, string name, double value, string unit) => output.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"{{\"bench\":\"ledger\",\"model\":\"{name}\",\"value\":{value:0.###},\"unit\":\"{unit}\"}}"));
}
