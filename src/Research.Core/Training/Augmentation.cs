namespace Research.Training;

/// <summary>Random changes to training images.</summary>
/// <remarks>
/// The gradient of an example is the mean over its copies, taken before clipping, so that copies cost no privacy.
/// Source: De, Berrada, Hayes, Smith and Balle 2022, arXiv:2204.13650v2, augmentation multiplicity.
/// </remarks>
/// <param name="Shift">Largest shift in each direction, in pixels, 0 to 64 and less than the image's sides.</param>
/// <param name="Flip">Whether each copy is mirrored left to right with probability ½.</param>
/// <param name="Copies">Changed copies of each example in one step, 1 to 64.</param>
public sealed record Augmentation(int Shift, bool Flip, int Copies);
