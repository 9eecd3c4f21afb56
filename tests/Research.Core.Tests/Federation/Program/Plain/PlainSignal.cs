namespace Research.Tests.Federation.Program.Plain;

/// <summary>The numbers of a block's records at a place in the network.</summary>
/// <param name="From">The first number of the first record.</param>
/// <param name="Size">Numbers of a record.</param>
/// <param name="Row">Elements from a record to the next.</param>
/// <param name="Places">Binary places.</param>
/// <param name="Least0">Whether its step's low is 0.</param>
/// <param name="Input">Whether it is the records themselves.</param>
/// <param name="Shape">The shape of a record.</param>
internal sealed record PlainSignal(
    PlainOperand From, int Size, int Row, int Places, bool Least0, bool Input, IReadOnlyList<int> Shape)
{
    /// <summary>Gets x[r, element], r being the reader's first own loop.</summary>
    public PlainOperand Row0(long element = 0) => From.Plus(element).Along(0, Row);
}

/// <summary>The gradient of a tensor, one for each record.</summary>
/// <param name="Tensor">m.</param>
/// <param name="Delta">δ of an outer gradient, else the gradient itself; [B, Size].</param>
/// <param name="Size">Numbers of a record.</param>
/// <param name="Input">x of an outer gradient.</param>
internal sealed record PlainGradient(int Tensor, PlainArray Delta, int Size, PlainSignal? Input);
