using System.Buffers;
using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Data;
using System.Diagnostics;
using System.Dynamic;
using System.Globalization;
using System.Linq.Expressions;
using System.Net;
using System.Numerics;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;
using Microsoft.DotNet.Interactive.Formatting;
using Research.Scripting.Display;

namespace Research.Tests.Display.Shapes;

/// <summary>Values of the framework as notebooks have them, with something in them.</summary>
public sealed class FrameworkValuesTests
{
    public FrameworkValuesTests() => Formatter.ResetToDefault();

    [Fact]
    public void Format_ValuesOfTheFramework_AreShownInBounds()
    {
        List<string> problems = [];
        foreach (object value in Values())
        {
            if (OutputBounds.Problem(value) is { } problem)
            {
                problems.Add($"{value.GetType()}: {problem}");
            }

            if (MimeFormatter.Format(value).PlainText.Length == 0)
            {
                problems.Add($"{value.GetType()}: shown as nothing");
            }
        }

        Assert.Empty(problems);
    }

    [Fact]
    public void Format_KeysOfCryptography_AreNotWritten()
    {
        using RSA rsa = RSA.Create(1024);
        RSAParameters secret = rsa.ExportParameters(includePrivateParameters: true);
        using Aes aes = Aes.Create();
        using HMACSHA256 hash = new([0xab, 0xcd, 0xef, 0x01, 0x23]);
        foreach ((object value, byte[] key) in ((object, byte[])[])
            [(rsa, secret.D!), (secret, secret.D!), (secret, secret.P!), (aes, aes.Key), (hash, hash.Key)])
        {
            string start = Convert.ToHexStringLower(key.AsSpan(0, 4));
            Assert.DoesNotContain(start, MimeFormatter.Format(value).PlainText, StringComparison.Ordinal);
            Assert.DoesNotContain(start, MimeFormatter.Format(value).Text("text/html")!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Format_StandardReaders_ReadNothing()
    {
        using StreamReader reader = new(new MemoryStream("text"u8.ToArray()));

        Assert.Equal("StreamReader", MimeFormatter.Format(reader).PlainText);
        Assert.Equal(0, reader.BaseStream.Position);
    }

    private static IEnumerable<object> Values() =>
        [.. Collections(), .. Documents(), .. Numbers(), .. Tables(), .. Programs(), .. Machines()];

    private static IEnumerable<object> Collections()
    {
        PriorityQueue<string, int> queue = new();
        queue.Enqueue("a", 1);
        dynamic expando = new ExpandoObject();
        expando.A = 1;
        expando.Self = expando;
        LinkedList<int> linked = new(Enumerable.Range(0, 10));
        return
        [
            linked, linked.First!, queue, queue.UnorderedItems, (object)expando, new BitArray(70), new BitArray(0),
            new SortedList { ["a"] = 1 }, new Hashtable { ["a"] = null! }, new Stack<int>([1, 2]), new Queue(new object[] { 1, "a" }),
            new SortedDictionary<int, string> { [1] = "" }, new SortedSet<int> { 2, 1 },
            ImmutableArray.Create(1, 2), default(ImmutableArray<int>), ImmutableDictionary<string, int>.Empty.Add("a", 1),
            ImmutableList.Create("a"), ImmutableStack.Create(1), ImmutableSortedSet.Create(2, 1),
            Enumerable.Range(1, 2).ToFrozenSet(), new Dictionary<string, int> { ["a"] = 1 }.ToFrozenDictionary(),
            new ConcurrentDictionary<string, int> { ["a"] = 1 }, new ConcurrentBag<int> { 1 }, new BlockingCollection<int>(),
            new ArraySegment<int>([1, 2, 3], 1, 1), default(ArraySegment<int>), new Memory<string>(["a"]),
            new ReadOnlySequence<byte>(new byte[100]), new ReadOnlySequence<char>("text".AsMemory()),
            Enumerable.Range(1, 2).GroupBy(number => number), Enumerable.Range(1, 2).ToLookup(number => number), Enumerable.Range(0, 5),
            Enumerable.Empty<int>(), new List<int> { 1 }.GetEnumerator(), new Dictionary<int, int>().GetEnumerator(),
            KeyValuePair.Create("a", (string?)null), new DictionaryEntry("a", null), Tuple.Create(1, 2, 3, 4, 5, 6, 7, 8),
            (1, 2, 3, 4, 5, 6, 7, 8, 9, 10), new Lazy<int>(1), new Lazy<int>(() => 1), new WeakReference(linked),
            new Dictionary<string, int>().GetAlternateLookup<ReadOnlySpan<char>>().Dictionary, new OrderedDictionary<string, int> { ["a"] = 1 },
        ];
    }

    private static IEnumerable<object> Documents()
    {
        JsonDocument disposed = JsonDocument.Parse("{}");
        disposed.Dispose();
        XmlDocument xml = new();
        xml.LoadXml("<a b='1'><c/>text</a>");
        return
        [
            JsonDocument.Parse("{\"a\":[1,null]}"), disposed, default(JsonElement), JsonNode.Parse("[1]")!,
            JsonDocument.Parse("{\"a\":1}").RootElement.EnumerateObject().First(), JsonValue.Create(1),
            JsonDocument.Parse("{\"a\":1}").RootElement.EnumerateObject(), JsonSerializer.SerializeToNode(new { A = 1 })!,
            XDocument.Parse("<a b='1'><c/></a>"), new XAttribute("a", 1), new XComment("x"), xml, xml.DocumentElement!,
            xml.DocumentElement!.ChildNodes, xml.DocumentElement.Attributes, XmlReader.Create(new StringReader("<a/>")),
            new StringReader("text"), new StringWriter(new StringBuilder("text")), new StringBuilder().Append('x', 5_000_000),
            Encoding.UTF8, Encoding.ASCII.GetEncoder(), new Rune('x'), "text".EnumerateRunes(), "x".AsMemory(),
            System.Text.RegularExpressions.Regex.Match("ab", "(?<x>a)(b)"), new System.Text.RegularExpressions.Regex("a"),
            System.Text.RegularExpressions.Regex.Matches("aa", "a"), CompositeFormat.Parse("{0}"), new StringInfo("x"),
        ];
    }

    private static IEnumerable<object> Numbers() =>
    [
        double.NaN, -0.0, double.Epsilon, float.NegativeInfinity, Half.MaxValue, decimal.MinValue, Int128.MinValue,
        BigInteger.Pow(7, 300), BigInteger.One << 40_000_000, new Complex(1, double.NaN), Quaternion.Identity,
        Matrix3x2.Identity, Matrix4x4.Identity, new Plane(1, 2, 3, 4), new Vector2(1, -0f), new Vector3(1), new Vector4(1),
        Vector<float>.One, Vector64.Create(1), Vector128.Create(1.5), Vector256<byte>.Zero, Vector512.Create(1L),
        default(Vector128<bool>), TimeSpan.MaxValue, DateTime.MinValue, DateTimeOffset.MaxValue, DateOnly.MaxValue,
        TimeOnly.MinValue, Guid.Empty, new Version(1, 2), new Index(1, fromEnd: true), 1..^1, DayOfWeek.Monday, (DayOfWeek)99,
        nint.MaxValue, '\0', '\ud800',
    ];

    private static IEnumerable<object> Tables()
    {
        DataTable table = new("people");
        table.Columns.Add("Name", typeof(string));
        table.Columns.Add("Self", typeof(object));
        table.Rows.Add("ada", table);
        DataRow gone = table.Rows.Add("bob", 1);
        table.AcceptChanges();
        DataRowView shown = table.DefaultView[0];
        gone.Delete();
        DataSet set = new();
        set.Tables.Add(table);
        return
        [
            table, set, table.Rows[0], gone, table.NewRow(), shown, table.DefaultView, new DataView(), table.Columns,
            table.Columns[0], table.Rows, table.CreateDataReader(), new DataTable(), set.Relations, table.Constraints,
            DBNull.Value,
        ];
    }

    private static IEnumerable<object> Programs()
    {
        Expression<Func<int, bool>> expression = number => number > 1;
        TaskCompletionSource never = new();
        return
        [
            typeof(Dictionary<,>), typeof(List<>).GetGenericArguments()[0], typeof(int*), typeof(int).MakeByRefType(),
            typeof(string).GetMethod("Trim", [])!, typeof(string).GetProperties(), typeof(string).Assembly, typeof(string).Module,
            typeof(string).GetMethod("Trim", [])!.ReturnParameter, expression, expression.Body, expression.Compile(),
            new AggregateException(new InvalidOperationException("a"), new ArgumentException("b")), never.Task, never,
            Task.FromException(new InvalidOperationException("no")), Task.FromCanceled(new CancellationToken(true)),
            default(ValueTask<int>), new CancellationTokenSource(), CancellationToken.None, Stopwatch.StartNew(),
            new Random(1), new object(), new AsyncLocal<int>(), new ThreadLocal<int>(() => 1), new SemaphoreSlim(1),
            new Timer(_ => { }), ArrayPool<int>.Shared, StringComparer.Ordinal, EqualityComparer<int>.Default,
            new EventArgs(), new Progress<int>(), new StackTrace(), Environment.GetEnvironmentVariables(),
        ];
    }

    private static IEnumerable<object> Machines() =>
    [
        new Uri("http://a/b?c#d"), new Uri("relative", UriKind.Relative), IPAddress.IPv6Loopback, new IPEndPoint(1, 2),
        CultureInfo.InvariantCulture, TimeZoneInfo.Utc, Process.GetCurrentProcess(), Thread.CurrentThread, new FileInfo("/none"),
        new DirectoryInfo("/"), new DirectoryInfo("/tmp"), new DriveInfo("/"), new HttpClient(), new HttpResponseMessage(),
        new HttpRequestMessage(HttpMethod.Get, "http://a"), new StringContent("text"), new MemoryStream([1, 2]), Stream.Null,
        RSA.Create(1024), ECDsa.Create(ECCurve.NamedCurves.nistP256), Aes.Create(), SHA256.Create(),
        new HMACSHA256([1, 2, 3]), new Cookie("a", "b"), new CookieContainer(), AppDomain.CurrentDomain, new Process(),
        new ProcessStartInfo("x"), TimeProvider.System, GC.GetGCMemoryInfo(), new NetworkCredential("a", "b"),
    ];
}
