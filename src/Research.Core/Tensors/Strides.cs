namespace Research.Tensors;

/// <summary>How far apart a matrix's neighbours lie in memory, in elements.</summary>
internal readonly record struct Strides(int Row, int Column)
{
    public Strides Transposed => new(Column, Row);

    /// <summary>The strides of a row-major matrix with <paramref name="columns"/> columns.</summary>
    public static Strides RowMajor(int columns) => new(columns, 1);

    /// <summary>
    /// The strides of the transpose of a row-major matrix that has <paramref name="columns"/> columns.
    /// </summary>
    public static Strides TransposeOf(int columns) => new(1, columns);

    public int At(int row, int column) => (row * Row) + (column * Column);

    public void Check(int length, int rows, int columns, string name)
    {
        long last = ((long)(rows - 1) * Row) + ((long)(columns - 1) * Column);
        if (last >= length)
        {
            throw new ArgumentException(
                $"Expected at least {last + 1} elements for [{rows}, {columns}]; got {length}.", name);
        }
    }
}
