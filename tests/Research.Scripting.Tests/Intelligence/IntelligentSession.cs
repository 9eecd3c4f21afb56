using Microsoft.CodeAnalysis.CSharp;
using Research.Scripting.Intelligence;
using Research.Scripting.Outputs;

namespace Research.Tests.Intelligence;

/// <summary>A session with some cells behind it, shared by the tests of a class, none of which runs more.</summary>
public sealed class IntelligentSession : IAsyncLifetime, IDisposable
{
    private readonly Cells _cells = new();

    public async Task InitializeAsync()
    {
        await _cells.RunAsync("""
            int answer = 42;
            string greeting = "hello";
            List<string> words = new() { "a", "b" };
            var numbers = new int[] { 1, 2, 3 };
            DayOfWeek day = DayOfWeek.Monday;
            int? maybe = 3;
            /// <summary>Adds <paramref name="left"/> to <paramref name="right"/>.</summary>
            /// <param name="left">The first.</param>
            /// <param name="right">The second.</param>
            /// <returns>The sum.</returns>
            int AddUp(int left, int right) => left + right;
            """);
        await _cells.RunAsync("""
            class Shape
            {
                public string Title { get; set; } = "";
                public DayOfWeek Day;
                public int Area => 1;
                public Shape Inner { get; } = null;
                public void Draw(int times, string colour = "red") { }
                public void Draw() { }
                [Obsolete("no")] public void Paint() { }
                [System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
                public void Secret() { }
                public static Shape Make() => new();
                private int hidden;
                public override string ToString() => throw new InvalidOperationException("User code ran.");
            }
            class Square : Shape { public double Side { get; set; } }
            record Point(int X, int Y);
            void Plan(DayOfWeek when, bool urgent = false) { }
            var shape = new Shape();
            Shape square = new Square();
            int @class = 1;
            """);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _cells.Dispose();

    internal ScriptSessionCode At(string marked)
    {
        (string code, int position) = MarkedCode.Read(marked);
        return new ScriptSessionCode(_cells, code, position);
    }

    internal CSharpCompilation Draft(string code) => _cells.Session.Draft(code);

    internal ScriptSessionCode At(string code, int position) => new(_cells, code, position);

    internal sealed record ScriptSessionCode(Cells Cells, string Code, int Position)
    {
        public Task<CompletionList> CompleteAsync() => Cells.Session.Intelligence.CompleteAsync(Code, Position);

        public CellCompleteness CheckCompleteness() => Cells.Session.Intelligence.CheckCompleteness(Code);

        public Task<MimeBundle?> InspectAsync(bool detailed = false) =>
            Cells.Session.Intelligence.InspectAsync(Code, Position, detailed);
    }

    internal async Task<IReadOnlyList<string>> NamesAsync(string marked) =>
        [.. (await At(marked).CompleteAsync()).Items.Select(item => item.Text)];

    internal async Task<string> PlainAsync(string marked, bool detailed = false) =>
        (await At(marked).InspectAsync(detailed))?.PlainText ?? "";
}
