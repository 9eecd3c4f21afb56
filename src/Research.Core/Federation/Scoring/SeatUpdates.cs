using System.Collections.Concurrent;
using Research.Federation.Aggregation;
using Research.Storage;

namespace Research.Federation.Scoring;

/// <summary>A round's updates by index, opened when a program asks for them, and the same each time.</summary>
/// <param name="start">The model that the round starts from.</param>
/// <param name="submissions">The submissions.</param>
internal sealed class SeatUpdates(GlobalModel start, IReadOnlyList<Submission> submissions)
{
    private readonly Dictionary<int, Submission> _byIndex = submissions.ToDictionary(one => one.Index);
    private readonly ConcurrentDictionary<int, ContentHash> _found = new();
    private readonly ConcurrentDictionary<int, string> _problems = new();

    /// <summary>Opens an update, [P]; empty where there is none.</summary>
    /// <exception cref="IOException">It was there before and is another now, or gone.</exception>
    public ReadOnlyMemory<int> Open(int index)
    {
        Submission submission = _byIndex[index];
        if (_problems.ContainsKey(index))
        {
            return default;
        }

        if (_found.TryGetValue(index, out ContentHash hash))
        {
            return submission.OpenAgain(hash).Delta.ToArray();
        }

        (ModelUpdate? update, string problem) = submission.Open();
        if (update is null || update.Delta.Length != start.Weights.Length)
        {
            _problems[index] = update is null
                ? problem
                : $"has {update.Delta.Length} weights, of {start.Weights.Length} that the model has";
            return default;
        }

        _found[index] = update.Hash;
        return update.Delta.ToArray();
    }

    /// <summary>Gets why there is no update; null where it has one.</summary>
    public string? ProblemOf(int index) => _problems.GetValueOrDefault(index);
}
