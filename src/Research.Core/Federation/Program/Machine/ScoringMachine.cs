using System.Runtime.InteropServices;

namespace Research.Federation.Program.Machine;

/// <summary>Runs a program: its loops, the memory between steps, and the order in which outputs leave.</summary>
/// <remarks>
/// What later parts read is kept; everything else lives as long as the run of its loop, so that memory does not grow with
/// the trace. The runs of a loop of the program that read nothing of the run before are shared among threads; they never
/// change a bit.
/// </remarks>
internal sealed unsafe class ScoringMachine : IDisposable
{
    private const int MostLeaves = 1 << 16; // Bytes that are turned and handed out at once.
    private const int ZeroBytes = 64;

    private readonly ScoringProgram _program;
    private readonly ProgramInputs _inputs;
    private readonly long _blocks;
    private readonly int _threads;
    private readonly Dictionary<Step, CompiledStep> _steps = [];
    private readonly Dictionary<int, NativeImage> _trees = [];
    private readonly NativeImage?[] _kept;
    private readonly NativeImage _zero = new(ZeroBytes);
    private readonly Worker _root;

    /// <param name="program">The program.</param>
    /// <param name="inputs">What it reads.</param>
    /// <param name="threads">Threads; they never change a bit.</param>
    public ScoringMachine(ScoringProgram program, ProgramInputs inputs, int threads)
    {
        (_program, _inputs, _threads) = (program, inputs, threads);
        Seats = inputs.Seats;
        _blocks = Seats / Extent.SeatBlock;
        int p = program.Numbers.Parameters;
        foreach (Step step in program.Draft.Steps)
        {
            _steps.Add(step, new CompiledStep(step, _blocks, (long)p * sizeof(short)));
        }

        _kept = new NativeImage?[program.Draft.Loops.Count];
        _root = new Worker(program.Draft.Loops.Count);
        Load();
    }

    /// <summary>Gets the seats: the reveals, rounded up to whole blocks.</summary>
    public int Seats { get; }

    /// <summary>Gets the bytes of the trace.</summary>
    public long Bytes => _program.Bytes.At(_blocks);

    /// <summary>Runs the whole program.</summary>
    /// <param name="sink">Takes the outputs.</param>
    /// <param name="progress">Hears of the share done, 0 to 1.</param>
    /// <param name="cancellationToken">Stops between two runs of a loop.</param>
    public void Run(ITraceSink sink, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        Loop root = _program.Draft.Root;
        NativeImage image = _kept[root.Number] ??= new NativeImage(root.OwnBytes.At(_blocks));
        _root.Now[root.Number] = (nint)image.Start;
        Job job = new(sink, progress, Bytes, cancellationToken);
        foreach (object item in root.Items)
        {
            if (item is Step step)
            {
                Compute(_steps[step], _root);
                Hand(_root, root, step, step, job);
            }
            else
            {
                RunAll((Loop)item, job);
            }
        }
    }

    /// <summary>Computes the part of the trace that some bytes lie in once more, after <see cref="Run"/>.</summary>
    /// <param name="address">The first byte.</param>
    /// <param name="count">How many.</param>
    /// <returns>The bytes; zero beyond the trace.</returns>
    public byte[] Read(long address, int count)
    {
        RangeSink sink = new(address, count);
        Loop root = _program.Draft.Root;
        Job job = new(sink, null, Bytes, CancellationToken.None);
        foreach (object item in root.Items)
        {
            if (item is Step step)
            {
                Hand(_root, root, step, step, job);
            }
            else
            {
                Repeat((Loop)item, address, count, job);
            }
        }

        return sink.Bytes;
    }

    /// <summary>Gets an output of one of the program's own steps, or of one that is kept.</summary>
    /// <param name="step">The step.</param>
    /// <param name="index">Which of its outputs.</param>
    /// <param name="run">Which run of its loop, where that is kept.</param>
    public long ValueOf(Step step, long index = 0, long run = 0) => Rows.One(Pointer(step, run) + (index * step.Width), step.Width);

    /// <summary>Gets outputs of such a step.</summary>
    public ReadOnlySpan<T> ValuesOf<T>(Step step, int count, long run = 0)
        where T : unmanaged => new(Pointer(step, run), count);

    public void Dispose()
    {
        foreach (NativeImage? image in _kept)
        {
            image?.Dispose();
        }

        foreach (NativeImage image in _trees.Values)
        {
            image.Dispose();
        }

        _zero.Dispose();
        _root.Dispose();
    }

    private byte* Pointer(Step step, long run) =>
        _kept[step.Parent.Number]!.Start + (run * step.Parent.OwnBytes.At(_blocks)) + _steps[step].Offset;

    private void Load()
    {
        ScoringNumbers numbers = _program.Numbers;
        _trees[Tree.Constants] = NativeImage.Of(_program.Draft.Constants.ToNative());
        _trees[Tree.Model] = NativeImage.Of(MemoryMarshal.AsBytes(_inputs.Model.Span));
        long all = (long)numbers.Blocks * numbers.Block;
        _trees[Tree.Records] = Padded(_inputs.Records.Span, 2 * all * numbers.RecordBytes);
        _trees[Tree.Keys] = Padded(_inputs.KeyLeaves(), 2 * all * Program.Step.Leaf);
        _trees[Tree.Chain] = NativeImage.Of(_inputs.Seed.Span);
        NativeImage past = new((long)_inputs.PastSteps.Count * numbers.Parameters * sizeof(short));
        for (int i = 0; i < _inputs.PastSteps.Count; i++)
        {
            _inputs.PastSteps[i].Span.CopyTo(
                new Span<short>((short*)past.Start + ((long)i * numbers.Parameters), numbers.Parameters));
        }

        _trees[Tree.PastSteps] = past;
    }

    private static NativeImage Padded(ReadOnlySpan<byte> bytes, long size)
    {
        NativeImage image = new(size);
        bytes[..(int)Math.Min(size, bytes.Length)].CopyTo(new Span<byte>(image.Start, (int)size));
        return image;
    }

    private void RunAll(Loop loop, Job job)
    {
        long count = loop.Extent.At(Seats);
        long own = loop.OwnBytes.At(_blocks);
        if (loop.IsKept && _kept[loop.Number] is null)
        {
            _kept[loop.Number] = new NativeImage(own * count);
        }

        if (loop.IsCarried || _threads == 1 || count == 1)
        {
            for (long run = 0; run < count; run++)
            {
                job.CancellationToken.ThrowIfCancellationRequested();
                RunOne(loop, run, _root, job); // What its last run leaves is there for those who read it.
                job.Report(loop.Stride.At(_blocks));
            }

            return;
        }

        ParallelOptions options = new() { MaxDegreeOfParallelism = _threads, CancellationToken = job.CancellationToken };
        ParallelLoop.For(count, options, _root.Fork, (run, worker) =>
        {
            RunOne(loop, run, worker, job);
            job.Report(loop.Stride.At(_blocks));
        });
    }

    // The runs that a range lies in, and those before them that they carry on from.
    private void Repeat(Loop loop, long address, long bytes, Job job)
    {
        long start = loop.Address.At(_blocks);
        long stride = loop.Stride.At(_blocks);
        long count = loop.Extent.At(Seats);
        if (address + bytes <= start || address >= start + (stride * count))
        {
            return;
        }

        long first = loop.IsCarried ? 0 : Math.Max(0, (address - start) / stride);
        long last = Math.Min(count - 1, (address + bytes - 1 - start) / stride);
        using Worker worker = _root.Fork();
        for (long run = first; run <= last; run++)
        {
            RunOne(loop, run, worker, job);
        }
    }

    private void RunOne(Loop loop, long run, Worker worker, Job job)
    {
        Enter(loop, run, worker);
        if (ReferenceEquals(loop, _program.Reward.Seats))
        {
            Open((int)run, worker);
        }

        Step? first = null;
        Step? last = null;
        foreach (object item in loop.Items)
        {
            if (item is Step step)
            {
                Compute(_steps[step], worker);
                first ??= step;
                last = step;
                continue;
            }

            Hand(worker, loop, first, last, job);
            first = null;
            Loop inner = (Loop)item;
            long count = inner.Extent.At(Seats);
            for (long i = 0; i < count; i++)
            {
                job.CancellationToken.ThrowIfCancellationRequested();
                RunOne(inner, i, worker, job);
            }
        }

        Hand(worker, loop, first, last, job);
    }

    private void Enter(Loop loop, long run, Worker worker)
    {
        int number = loop.Number;
        long own = loop.OwnBytes.At(_blocks);
        Loop parent = loop.Parent!;
        worker.Runs[number] = run;
        worker.Addresses[number] = worker.Addresses[parent.Number]
            + (loop.Address - parent.Address).At(_blocks) + (run * loop.Stride.At(_blocks));
        if (_kept[number] is { } kept)
        {
            worker.Before[number] = run == 0 ? 0 : (nint)(kept.Start + ((run - 1) * own));
            worker.Now[number] = (nint)(kept.Start + (run * own));
            return;
        }

        (nint one, nint two) = worker.Pair(number, own, loop.IsCarried);
        worker.Now[number] = run % 2 == 0 ? one : two;
        worker.Before[number] = run == 0 ? 0 : run % 2 == 0 ? two : one;
    }

    private void Open(int seat, Worker worker)
    {
        int p = _program.Numbers.Parameters;
        worker.Update ??= new NativeImage((long)p * sizeof(int));
        Span<int> update = new(worker.Update.Start, p);
        ReadOnlyMemory<int> opened = _inputs.UpdateOf(seat);
        if (opened.IsEmpty)
        {
            update.Clear();
        }
        else
        {
            opened.Span.CopyTo(update);
        }
    }

    private void Compute(CompiledStep step, Worker worker)
    {
        Loop loop = step.Step.Parent;
        byte* output = (byte*)worker.Now[loop.Number] + step.Offset;
        if (step.Step.Kind == StepKind.Entry)
        {
            byte[] entries = _inputs.EntriesBySeat(); // Nothing computes them: they are known by their hashes.
            NativeOrder.Swap(entries, step.Step.Width);
            entries.CopyTo(new Span<byte>(output, entries.Length));
            return;
        }

        Kernel.Run(
            step,
            Reach(step.A, worker, output),
            Reach(step.B, worker, output),
            Reach(step.C, worker, output),
            output,
            worker.Addresses[loop.Number] + (step.Step.Address - loop.Address).At(_blocks) - RosterPart.BytesOf(Seats));
    }

    private byte* Reach(CompiledOperand operand, Worker worker, byte* output)
    {
        byte* start;
        switch (operand.Reach)
        {
            case Machine.Reach.Nothing:
                return _zero.Start;
            case Machine.Reach.Own:
                return output;
            case Machine.Reach.Input:
                start = _trees[operand.Tree].Start;
                break;
            case Machine.Reach.Update:
                start = worker.Update!.Start;
                break;
            case Machine.Reach.Now:
                start = (byte*)worker.Now[operand.Loop!.Number];
                break;
            case Machine.Reach.Before when worker.Before[operand.Loop!.Number] != 0:
                start = (byte*)worker.Before[operand.Loop.Number];
                break;
            case Machine.Reach.Before:
                return operand.First is { } first ? (byte*)worker.Now[first.Loop.Number] + first.Offset : null;
            default:
                long own = operand.Loop!.OwnBytes.At(_blocks);
                long run = operand.IsWalked ? 0
                    : operand.Walk is { } walk ? worker.Runs[walk.Number]
                    : operand.Loop.Extent.At(Seats) - 1;
                start = _kept[operand.Loop.Number]!.Start + (run * own);
                break;
        }

        start += operand.Offset;
        foreach ((int loop, long stride) in operand.Around)
        {
            start += worker.Runs[loop] * stride;
        }

        return start;
    }

    // Hands out the outputs of some steps of a loop that follow each other.
    private void Hand(Worker worker, Loop loop, Step? first, Step? last, Job job)
    {
        if (first is null || last is null)
        {
            return;
        }

        long start = worker.Addresses[loop.Number] + (first.Address - loop.Address).At(_blocks);
        long bytes = _steps[last].Offset + _steps[last].Bytes - _steps[first].Offset;
        if (!job.Sink.Wants(start, bytes))
        {
            return;
        }

        if (worker.Leaves.Length == 0)
        {
            worker.Leaves = new byte[MostLeaves];
        }

        byte* image = (byte*)worker.Now[loop.Number];
        int filled = 0;
        for (int i = IndexOf(loop, first); ; i++)
        {
            Step step = (Step)loop.Items[i];
            CompiledStep compiled = _steps[step];
            for (long done = 0; done < compiled.Bytes;)
            {
                int some = (int)Math.Min(compiled.Bytes - done, MostLeaves - filled);
                NativeOrder.Swap(
                    new ReadOnlySpan<byte>(image + compiled.Offset + done, some),
                    worker.Leaves.AsSpan(filled, some),
                    step.Width);
                done += some;
                filled += some;
                if (filled == MostLeaves)
                {
                    job.Sink.Take(start, worker.Leaves);
                    start += filled;
                    filled = 0;
                }
            }

            if (ReferenceEquals(step, last))
            {
                break;
            }
        }

        if (filled > 0)
        {
            job.Sink.Take(start, worker.Leaves.AsSpan(0, filled));
        }
    }

    private static int IndexOf(Loop loop, Step step)
    {
        for (int i = 0; ; i++)
        {
            if (ReferenceEquals(loop.Items[i], step))
            {
                return i;
            }
        }
    }

    private sealed class Job(ITraceSink sink, IProgress<double>? progress, long bytes, CancellationToken cancellationToken)
    {
        private long _done;

        public ITraceSink Sink => sink;

        public CancellationToken CancellationToken => cancellationToken;

        public void Report(long more)
        {
            if (progress is not null)
            {
                progress.Report(Math.Min(1, Interlocked.Add(ref _done, more) / (double)bytes));
            }
        }
    }
}
