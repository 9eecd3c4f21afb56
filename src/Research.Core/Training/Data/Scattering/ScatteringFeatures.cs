using Research.Training.Specification;

namespace Research.Training.Data.Scattering;

/// <summary>Fixed features that replace an image before the first layer: its wavelet scattering transform.</summary>
/// <remarks>
/// Nothing is learned, so nothing is spent: private learning does better on them than on pixels (Tramèr and Boneh
/// 2021, arXiv:2011.11660v3). An image [1, H, W] becomes [1 + J·L + L²·J(J−1)/2, H/2ᴶ, W/2ᴶ]: [81, 7, 7] of 28×28.
/// </remarks>
/// <param name="Scales">J: wavelets of scale 1, 2, … 2ᴶ⁻¹; 1 to 3, and 2ᴶ divides height and width.</param>
/// <param name="Angles">L: orientations of each wavelet; 1 to 16.</param>
/// <param name="Normalization">How the channels are brought to one scale; null leaves them as they are.</param>
public sealed record ScatteringFeatures(
    int Scales = 2, int Angles = 8, FeatureNormalization? Normalization = null)
{
    private const int MostScales = 3;
    private const int MostAngles = 16;
    private const int LargestSide = 128;

    /// <summary>Gets the number of channels, K.</summary>
    internal int Channels => 1 + (Scales * Angles) + (Angles * Angles * Scales * (Scales - 1) / 2);

    /// <summary>Checks everything and returns the shape of the features of such an image.</summary>
    /// <exception cref="SpecException">A field is out of range, or the image is of another kind.</exception>
    internal int[] OutputShape(IReadOnlyList<int> image, string path = "$.model.features")
    {
        SpecRange.Check(Scales, 1, MostScales, path + ".scales");
        SpecRange.Check(Angles, 1, MostAngles, path + ".angles");
        Normalization?.Check(Channels, path + ".normalization");
        int multiple = 1 << Scales;
        if (image.Count != 3 || image[0] != 1 || !Fits(image[1], multiple) || !Fits(image[2], multiple))
        {
            throw new SpecException(
                "$.model.input",
                $"[1, height, width] for scattering of {Scales} scales, "
                + $"both multiples of {multiple} and at most {LargestSide}",
                Shapes.Text(image));
        }

        return [Channels, image[1] / multiple, image[2] / multiple];
    }

    private static bool Fits(int side, int multiple) => side > 0 && side <= LargestSide && side % multiple == 0;
}
