using Research.Tensors;
using Research.Training;

namespace Research.Federation.Program.Layers;

/// <summary>The windows of a pool over an image, and what they lie on.</summary>
/// <param name="Channels">Channels of the image.</param>
/// <param name="Window">The window; a whole image where it is not square.</param>
/// <param name="Places">Where it stands, of one channel: [places, taps] elements of that channel.</param>
/// <param name="OutputShape">The shape of what leaves.</param>
internal sealed record Windows(int Channels, string Window, int[][] Places, IReadOnlyList<int> OutputShape)
{
    /// <summary>Gets how many elements one window has.</summary>
    public int Taps => Places[0].Length;

    /// <summary>Gets how many windows there are in all channels.</summary>
    public int Count => Channels * Places.Length;

    /// <summary>Gets the elements of a channel.</summary>
    public required int Plane { get; init; }

    /// <summary>Gets square windows.</summary>
    public static Windows Of(IReadOnlyList<int> shape, int kernel, int stride)
    {
        ImageWindow window = new(shape[0], shape[1], shape[2], kernel, stride, 0);
        long taps = (long)window.Positions * kernel * kernel * shape[0];
        if (taps * sizeof(int) > ProgramSize.MostConstants)
        {
            throw new SpecException(
                "$.model.layers", $"tables of at most {ProgramSize.MostConstants} bytes in a task", $"{taps * sizeof(int)}");
        }

        int[][] places = new int[window.Positions][];
        for (int place = 0; place < places.Length; place++)
        {
            int top = place / window.OutputWidth * stride;
            int left = place % window.OutputWidth * stride;
            places[place] = [.. Enumerable.Range(0, kernel * kernel)
                .Select(tap => ((top + (tap / kernel)) * window.Width) + left + (tap % kernel))];
        }

        return new Windows(shape[0], $"{window}", places, [shape[0], window.OutputHeight, window.OutputWidth])
        {
            Plane = shape[1] * shape[2],
        };
    }

    /// <summary>Gets one window on each whole channel.</summary>
    public static Windows Whole(IReadOnlyList<int> shape)
    {
        int plane = shape[1] * shape[2];
        return new Windows(shape[0], $"whole {plane} × {shape[0]}", [[.. Enumerable.Range(0, plane)]], [shape[0]])
        {
            Plane = plane,
        };
    }

    /// <summary>Copies each window's elements into a row, [B, windows, taps].</summary>
    public Step Rows(LayerBlock pass, Signal x)
    {
        pass.Draft.Constants.Require((long)Count * Taps, sizeof(int));
        Operand table = pass.Draft.Constants.Table("windows " + Window, sizeof(int), () => Elements().Select(i => (long)i));
        return pass.Draft.Gather(
            pass.At,
            "pool, windows",
            2,
            [pass.Records, Count, Taps],
            table with { Strides = [0, Taps, 1] },
            x.By(x.RecordStride),
            x.Size);
    }

    /// <summary>Gets the element of each (window, tap), in that order.</summary>
    public IEnumerable<int> Elements()
    {
        for (int channel = 0; channel < Channels; channel++)
        {
            foreach (int[] place in Places)
            {
                foreach (int element in place)
                {
                    yield return (channel * Plane) + element;
                }
            }
        }
    }

    /// <summary>Adds up, for each element of an image, what the places that belong to it received.</summary>
    /// <param name="pass">The block.</param>
    /// <param name="name">What people call it.</param>
    /// <param name="parts">What the places received, [B, places], 16 bits.</param>
    /// <param name="places">How many places.</param>
    /// <param name="size">How many elements.</param>
    /// <param name="key">What tells these places from others.</param>
    /// <param name="elements">The elements of each place, so many each; negative for none.</param>
    /// <param name="each">How many elements a place has.</param>
    public static Step AddUp(
        LayerBlock pass,
        string name,
        Step parts,
        int places,
        int size,
        string key,
        Func<IEnumerable<int>> elements,
        int each = 1)
    {
        pass.Draft.Constants.Require(((long)places * each) + size, sizeof(int));
        List<int>[] of = [.. Enumerable.Range(0, size).Select(_ => new List<int>())];
        int at = 0;
        foreach (int element in elements())
        {
            if (element >= 0)
            {
                of[element].Add(at / each);
            }

            at++;
        }

        int most = Math.Max(1, of.Max(one => one.Count));
        Operand table = pass.Draft.Constants.Table($"back {key}", sizeof(int), () => of.SelectMany(one =>
            Enumerable.Range(0, most).Select(i => i < one.Count ? (long)one[i] : -1)));
        Step gathered = pass.Draft.Gather(
            pass.At,
            name + ", gathered",
            2,
            [pass.Records, size, most],
            table with { Strides = [0, most, 1] },
            parts.At(places),
            places);
        return most == 1
            ? gathered
            : pass.Draft.Sum(pass.At, name, 2, [pass.Records, size], most, gathered.At((long)size * most, most));
    }
}
