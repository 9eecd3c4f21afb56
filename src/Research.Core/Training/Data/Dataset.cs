using System.Globalization;
using Research.Privacy.Sums;
using Research.Training.Specification;

namespace Research.Training.Data;

/// <summary>Labelled examples in memory.</summary>
public sealed class Dataset
{
    private const int MostClasses = 1 << 20;

    private DataIdentity? _identity;

    /// <summary>Creates a data set with a copy of the numbers: who the records are cannot change afterwards.</summary>
    /// <param name="inputs">Inputs, [N, D] row-major, D being the product of <paramref name="shape"/>.</param>
    /// <param name="labels">Labels, [N], each in [0, <paramref name="classes"/>).</param>
    /// <param name="shape">Shape of one example; images are [channels, height, width].</param>
    /// <param name="classes">Number of classes, 1 to 2^20.</param>
    /// <exception cref="ArgumentException">Lengths do not agree, or a label is out of range.</exception>
    public Dataset(ReadOnlyMemory<float> inputs, ReadOnlyMemory<int> labels, IReadOnlyList<int> shape, int classes)
        : this(inputs.ToArray(), labels.ToArray(), shape, classes, identity: null)
    {
    }

    private Dataset(
        ReadOnlyMemory<float> inputs,
        ReadOnlyMemory<int> labels,
        IReadOnlyList<int> shape,
        int classes,
        DataIdentity? identity)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classes, MostClasses);
        long size = Size(shape);
        if (inputs.Length != labels.Length * size)
        {
            throw new ArgumentException(
                $"Expected {labels.Length} × {size} input numbers for {labels.Length} labels "
                + $"and shape {Shapes.Text(shape)}; got {inputs.Length}.",
                nameof(inputs));
        }

        CheckLabels(labels.Span, classes);
        Inputs = inputs;
        Labels = labels;
        Shape = [.. shape];
        Classes = classes;
        _identity = identity;
    }

    /// <summary>Creates a data set over memory that nobody else has.</summary>
    internal static Dataset Over(
        ReadOnlyMemory<float> inputs, ReadOnlyMemory<int> labels, IReadOnlyList<int> shape, int classes) =>
        new(inputs, labels, shape, classes, identity: null);

    /// <summary>Gets the number of examples.</summary>
    public int Count => Labels.Length;

    /// <summary>Gets the inputs, [N, D] row-major.</summary>
    public ReadOnlyMemory<float> Inputs { get; }

    /// <summary>Gets the labels, [N].</summary>
    public ReadOnlyMemory<int> Labels { get; }

    /// <summary>Gets the shape of one example.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>Gets the number of classes; labels are below it.</summary>
    public int Classes { get; }

    /// <summary>
    /// Gets who the records are: made at first use, kept by copies, subsets, other labels or shapes, and features.
    /// </summary>
    public DataIdentity Identity => _identity ??= DataIdentity.Of(Inputs.Span, Shapes.Size(Shape));

    /// <summary>Copies the examples named, in the order given.</summary>
    /// <param name="indices">Indices of examples; one may come more than once.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index is not below <see cref="Count"/>.</exception>
    public Dataset Select(ReadOnlySpan<int> indices)
    {
        int size = Shapes.Size(Shape);
        foreach (int index in indices)
        {
            if ((uint)index >= (uint)Count)
            {
                throw new ArgumentOutOfRangeException(nameof(indices), index, $"Expected indices below {Count}.");
            }
        }

        float[] inputs = new float[checked(indices.Length * size)];
        int[] labels = new int[indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            Inputs.Span.Slice(indices[i] * size, size).CopyTo(inputs.AsSpan(i * size, size));
            labels[i] = Labels.Span[indices[i]];
        }

        return new Dataset(inputs, labels, Shape, Classes, _identity?.Select(indices));
    }

    /// <summary>Gives the same inputs other labels.</summary>
    /// <param name="labels">Labels, [N].</param>
    /// <exception cref="ArgumentException">There are more or fewer than <see cref="Count"/>, or one is out of
    /// range.</exception>
    public Dataset WithLabels(ReadOnlyMemory<int> labels) =>
        new(Inputs, labels, Shape, Classes, _identity);

    /// <summary>Says which unit each example belongs to: a ledger charges a unit's examples as a group.</summary>
    /// <param name="units">[N] texts, such as a patient's number; equal texts are one unit.</param>
    /// <exception cref="ArgumentException">There are more or fewer than <see cref="Count"/>, or one is empty.</exception>
    public Dataset WithUnits(IReadOnlyList<string> units) =>
        new(Inputs, Labels, Shape, Classes, Identity.WithUnits(units));

    /// <summary>Gives the same numbers another shape.</summary>
    /// <param name="shape">The new shape of one example, of as many numbers.</param>
    /// <exception cref="ArgumentException">The number of elements differs.</exception>
    public Dataset Reshape(params IReadOnlyList<int> shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (Size(shape) != Shapes.Size(Shape))
        {
            throw new ArgumentException(
                $"Expected a shape of {Shapes.Size(Shape)} elements as {Shapes.Text(Shape)}; "
                + $"got {Shapes.Text(shape)}.",
                nameof(shape));
        }

        return new Dataset(Inputs, Labels, shape, Classes, _identity);
    }

    /// <summary>Gets whether examples belong to units.</summary>
    internal bool HasUnits => _identity?.HasUnits ?? false;

    /// <summary>Gives the same records other inputs that follow from them, such as features.</summary>
    /// <param name="inputs">Inputs, [N, D′] row-major.</param>
    /// <param name="shape">Shape of one example, of D′ numbers.</param>
    internal Dataset Derived(ReadOnlyMemory<float> inputs, IReadOnlyList<int> shape) =>
        new(inputs, Labels, shape, Classes, Identity);

    private static long Size(IReadOnlyList<int> shape)
    {
        long size = 1;
        foreach (int length in shape)
        {
            if (length < 1 || (size *= length) > Shapes.LargestSize)
            {
                throw new ArgumentException(
                    $"Expected positive sizes and at most {Shapes.LargestSize} numbers in an example; "
                    + $"got {Shapes.Text(shape)}.",
                    nameof(shape));
            }
        }

        return size;
    }

    private static void CheckLabels(ReadOnlySpan<int> labels, int classes)
    {
        for (int i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)classes)
            {
                throw new ArgumentException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Expected labels from 0 to {classes - 1}; got {labels[i]} at example {i}."),
                    nameof(labels));
            }
        }
    }
}
