using Research.Scripting.Intelligence;

namespace Research.Tests.Intelligence;

/// <summary>What must not happen, whatever is asked about: an exception, or the end of the process.</summary>
public sealed class HostileCodeTests(IntelligentSession session) : IClassFixture<IntelligentSession>
{
    private static readonly string[] Corpus =
    [
        "greeting.Sub",
        "Console.WriteLine(AddUp(answer, words.Count(w => w.Length > 1 && w.StartsWith(\"a\"))));",
        "foreach (var (key, value) in new Dictionary<string, List<int?>> { [\"a\"] = [1, 2, .. numbers] "
            + "})\n{\n    shape?.Draw(times: value[^1] ?? 0, key);\n}",
        "[Obsolete] record struct P<T>(T X, in int Y = 3) where T : IComparable<T>, new() { public T Z { "
            + "get; init; } = default!; }",
        "#r \"nuget: Some.Package, 1.2.3\"\n#load \"a/b.csx\"\n#!time\nusing static System.Math;\nusing "
            + "M = System.Math;\nMax(1, M.PI)",
        "#!html\n<b>bold</b>\n#!csharp\nvar x = $\"{greeting,10:N2} {(answer > 1 ? \"y\" : "
            + "\"n\")}\";\r\n\"\"\"\r\n  raw {{\r\n  \"\"\".Length",
        "day switch { DayOfWeek.Monday or DayOfWeek.Friday => 1, { } d when d > 0 => 2, _ => throw new "
            + "Exception(nameof(Shape.Draw)) }",
        "from w in words let n = w.Length where n > 1 orderby n descending group w by n into g select "
            + "new { g.Key, Count = g.Count() }",
        "unsafe { int* p = stackalloc int[3]; p->ToString(); *p = 1; fixed (char* c = greeting) { } } "
            + "goto end; end: ;",
        "try { await Task.Delay(1); } catch (ArgumentException e) when (e.Message is { Length: > 3 and < "
            + "9 }) { throw; } finally { } // 😀 é",
        "class C : Shape { event Action? E; int this[int i] => i; ~C() { } public static C operator +(C "
            + "a, C b) => a; partial void M(); delegate*<int, void> f; }",
        "var t = (a: 1, b: \"😀\"); t.a++; (int, string) u = t; static T Id<T>(T x) => x; Id<int>(3); "
            + "extension(string s) { }",
        "#if DEBUG && (!X || Y)\nint hidden;\n#elif true\nint shown = answer;\n#endif\n#pragma warning "
            + "disable CS0168\n#region R\n#endregion\n/// <see cref=\"Shape\"/>\nvoid D() { }",
    ];

    [Fact]
    public async Task Ask_EveryPrefixOfEveryCell_Answers()
    {
        foreach (string cell in Corpus)
        {
            for (int length = 0; length <= cell.Length; length++)
            {
                await AskAsync(cell[..length], length);
            }
        }
    }

    [Fact]
    public async Task Ask_EveryPlaceOfEveryCell_Answers()
    {
        foreach (string cell in Corpus)
        {
            for (int position = 0; position <= cell.Length; position += 4)
            {
                await AskAsync(cell, position);
            }
        }
    }

    [Fact]
    public async Task Ask_RandomMutations_Answers()
    {
        Random random = new(20261122);
        const string Noise = "(){}[]<>\"'`#!?.,;:=+-*/\\@$& \n\r\tab_1\0\uD83D\uDE00\uFEFFé";
        for (int i = 0; i < 600; i++)
        {
            List<char> cell = [.. Corpus[random.Next(Corpus.Length)]];
            for (int edits = random.Next(1, 8); edits > 0 && cell.Count > 0; edits--)
            {
                int at = random.Next(cell.Count);
                switch (random.Next(3))
                {
                    case 0:
                        cell.RemoveRange(at, Math.Min(random.Next(1, 12), cell.Count - at));
                        break;
                    case 1:
                        cell.Insert(at, Noise[random.Next(Noise.Length)]);
                        break;
                    default:
                        string other = Corpus[random.Next(Corpus.Length)];
                        int from = random.Next(other.Length);
                        cell.InsertRange(at, other.AsSpan(from, Math.Min(20, other.Length - from)).ToArray());
                        break;
                }
            }

            await AskAsync(new string([.. cell]), random.Next(-1, cell.Count + 2));
        }
    }

    // Most of these end the process when the compiler gets them.
    [Theory]
    [InlineData("", "(")]
    [InlineData("", "[")]
    [InlineData("", "{")]
    [InlineData("", "A<")]
    [InlineData("", "$\"{")]
    [InlineData("", "f(")]
    [InlineData("", "x=>")]
    [InlineData("", "if(a)")]
    [InlineData("", "a?b:")]
    [InlineData("#if ", "!")]
    [InlineData("#if ", "(")]
    [InlineData("x is ", "not ")]
    [InlineData("var t = ", "1 + ")]
    [InlineData("", "a.")]
    [InlineData("int", "*")]
    [InlineData("int", "[]")]
    [InlineData("int", "?")]
    [InlineData("", "a.\n")]
    [InlineData("", "A<\n")]
    [InlineData("", "a ?? ")]
    [InlineData("", "from x in y ")]
    [InlineData("", "if(a) x; else ")]
    [InlineData("", "await ")]
    [InlineData("", "a: ")]
    public async Task Ask_VeryDeepNesting_Answers(string before, string repeated)
    {
        string code = before + string.Concat(Enumerable.Repeat(repeated, 20_000));

        await AskAsync(code, code.Length);
    }

    [Fact]
    public async Task Ask_DocumentationOfAStranger_ReadsNoEntitiesOfIt() => Assert.DoesNotContain(
        "root:",
        await session.PlainAsync(
            "/// <!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><summary>&e;</summary>\nvoid Ev|il() { }"),
        StringComparison.Ordinal);

    private async Task AskAsync(string code, int position)
    {
        IntelligentSession.ScriptSessionCode place = session.At(code, position);
        try
        {
            CompletionList list = await place.CompleteAsync();
            Assert.InRange(list.Start, 0, list.End);
            Assert.InRange(list.End, list.Start, code.Length);
            Assert.InRange(Math.Clamp(position, 0, code.Length), list.Start, list.End);
            await place.InspectAsync(detailed: position % 3 == 0);
            Assert.Contains(
                place.CheckCompleteness().Status, (string[])["complete", "incomplete", "invalid", "unknown"]);
        }
        catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
        {
            string start = code[..Math.Min(400, code.Length)];
            Assert.Fail($"At {position} of {code.Length} characters, {start}:\n{exception}");
        }
    }
}
