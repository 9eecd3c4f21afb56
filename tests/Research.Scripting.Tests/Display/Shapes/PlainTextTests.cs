using System.Data;
using System.Dynamic;
using System.Numerics;
using Microsoft.DotNet.Interactive.Formatting;
using Research.Scripting.Display;
using static Research.Tests.Display.Shapes.Samples;

namespace Research.Tests.Display.Shapes;

public sealed class PlainTextTests
{
    private static readonly Person Ada = new("ada", 36);

    public PlainTextTests() => Formatter.ResetToDefault();

    public static TheoryData<object?, string> Values { get; } = new()
    {
        { null, "<null>" },
        { 1, "1" },
        { -0.5, "-0.5" },
        { true, "True" },
        { 'c', "c" },
        { 1.10m, "1.10" },
        { BigInteger.Pow(10, 30), "1000000000000000000000000000000" },
        { DayOfWeek.Friday, "Friday" },
        { new DateOnly(2026, 1, 2), "2026-01-02" },
        { TimeSpan.FromSeconds(90), "00:01:30" },
        { new Uri("https://example.com/a"), "https://example.com/a" },
        { "two\nlines", "two\nlines" },
        { "", "" },
        { new Person("ada", 36), "Person\n  Name: ada\n  Age: 36" },
        { (1, "two", 3.5), "(1, two, 3.5)" },
        { new { A = 1, B = "x" }, "A: 1\nB: x" },
        { new { }, "{ }" },
        { new object(), "object" },
        { new[] { 1, 2, 3 }, "[ 1, 2, 3 ]" },
        { Array.Empty<int>(), "[ ]" },
        { new[] { "a", "b\nc" }, "[ a, b\\nc ]" },
        { new int?[] { 1, null }, "[ 1, <null> ]" },
        { new[] { new Person("ada", 36), new Person("al", 7) }, "   Name  Age\n0  ada    36\n1  al      7" },
        { new[] { Ada, null }, "   Name    Age\n0  ada      36\n1  <null>" },
        { new List<(int, string)> { (1, "a") }, "   Item1  Item2\n0      1  a" },
        { new object?[] { 1, "a", Ada, null }, "   type    value\n0  int     1\n1  string  a\n" +
            "2  Person  Person { Name = ada, Age = 36 }\n3          <null>" },
        { new Dictionary<string, int> { ["a"] = 1, ["bb"] = 22 }, "key  value\na        1\nbb      22" },
        { new Dictionary<int, Person> { [7] = Ada }, "key  Name  Age\n  7  ada    36" },
        { new int[][] { [1], [2, 3] }, "   value\n0  [ 1 ]\n1  [ 2, 3 ]" },
        { new double[,] { { 1, 2.5 }, { 30, 4 } }, "    0    1\n0   1  2.5\n1  30    4" },
        { new int[1, 2, 2], "int[1, 2, 2]\n  [0, *, *]:\n       0  1\n    0  0  0\n    1  0  0" },
        { new Account { Owner = "ada", Deposits = [5, 7], Parent = new Account { Owner = "bank" } },
            "Account\n  Owner: ada\n  Deposits: [ 5, 7 ]\n  Parent: Account\n    Owner: bank\n    Deposits: [ ]\n" +
            "    Parent: <null>" },
        { new Described("x"), "described x\n  Length: 1" },
        { new Memory<int>([1, 2]), "[ 1, 2 ]" },
        { "text".AsMemory(), "text" },
        { Task.FromResult(3), "Task<int> (RanToCompletion; not awaited)" },
        { new ValueTask<int>(3), "ValueTask<int> (not awaited)" },
        { (Func<int, bool>)(number => number > 0), "Func<int, bool>" },
        { new InvalidOperationException("no"), "System.InvalidOperationException: no" },
        { typeof(List<int>), "System.Collections.Generic.List<System.Int32>" },
        { new { E = new InvalidOperationException("no") }, "E: InvalidOperationException: no" },
    };

    [Theory]
    [MemberData(nameof(Values), DisableDiscoveryEnumeration = true)]
    public void Format_AnyValue_HasThisText(object? value, string expected) =>
        Assert.Equal(expected, MimeFormatter.Format(value).PlainText);

    [Fact]
    public void Format_DataTable_IsItsRows()
    {
        using DataTable table = new();
        table.Columns.Add("Owner", typeof(string));
        table.Columns.Add("Records", typeof(int));
        table.Rows.Add("ada", 12);
        table.Rows.Add("bob", DBNull.Value);

        const string expected = "   Owner  Records\n0  ada    12\n1  bob    <null>";
        Assert.Equal(expected, MimeFormatter.Format(table).PlainText);
        using DataTableReader reader = table.CreateDataReader();
        Assert.Equal(expected, MimeFormatter.Format(reader).PlainText);
    }

    [Fact]
    public void Format_ExpandoObjects_AreRowsOfTheirMembers()
    {
        dynamic row = new ExpandoObject();
        row.Step = 1;
        row.Loss = 0.5;

        Assert.Equal("   Step  Loss\n0     1   0.5", MimeFormatter.Format(new object[] { row }).PlainText);
    }

    [Fact]
    public void Format_Bytes_AreAHexDump() => Assert.Equal(
        "byte[18]\n" +
        "00000000  41 42 43 00 01 02 03 04  05 06 07 08 09 0a 0b 0c  ABC.............\n" +
        "00000010  0d 7e                                             .~",
        MimeFormatter.Format("ABC\0\u0001\u0002\u0003\u0004\u0005\u0006\a\b\t\n\v\f\r~"u8.ToArray()).PlainText);

    [Fact]
    public void Format_ManyBytes_SaysHowManyMore() =>
        Assert.EndsWith("\n(744 more bytes)", MimeFormatter.Format(new byte[1000]).PlainText, StringComparison.Ordinal);
}
