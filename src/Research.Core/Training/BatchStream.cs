namespace Research.Training;

/// <summary>Batches of a fixed size from one shuffle of the examples after another; a batch may straddle two.</summary>
internal sealed class BatchStream
{
    private readonly SeededGenerator _generator;
    private readonly int[] _order;
    private int _next;

    public BatchStream(int count, ulong seed)
    {
        _generator = new SeededGenerator(seed);
        _order = [.. Enumerable.Range(0, count)];
        _next = count;
    }

    public void Take(int size, List<int> chosen)
    {
        chosen.Clear();
        while (chosen.Count < size)
        {
            if (_next == _order.Length)
            {
                _generator.Shuffle(_order);
                _next = 0;
            }

            int count = Math.Min(size - chosen.Count, _order.Length - _next);
            chosen.AddRange(_order.AsSpan(_next, count));
            _next += count;
        }
    }
}
