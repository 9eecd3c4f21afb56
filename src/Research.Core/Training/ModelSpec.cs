using Research.Privacy.Accounting;
using Research.Storage;
using Research.Training.Data.Scattering;
using Research.Training.Layers;
using Research.Training.Losses;
using Research.Training.Optimizers;
using Research.Training.Specification;

namespace Research.Training;

/// <summary>
/// A model, how it is trained, how private that is and how it is paid: the document whose hash stands on chain.
/// </summary>
/// <remarks>
/// Read one with <see cref="Parse"/>, or build one in code and vary it with <c>with</c>. Both are checked alike, a
/// built one when it is first
/// used. Two specifications are equal when their canonical bytes (RFC 8785) are.
/// </remarks>
public sealed record ModelSpec
{
    /// <summary>The value of the document's <c>format</c> field.</summary>
    public const string Format = "research-spec/1";

    /// <summary>The largest document that is read, in bytes.</summary>
    public const int LargestDocument = 1 << 20;

    /// <summary>Gets the specification's name, 1 to 200 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the input shape, the layers and the seed of the first weights.</summary>
    public required ModelSection Model { get; init; }

    /// <summary>Gets the loss.</summary>
    public Loss Loss { get; init; } = new CrossEntropy();

    /// <summary>Gets the optimiser.</summary>
    public required Optimizer Optimizer { get; init; }

    /// <summary>Gets batch size and steps.</summary>
    public required TrainingSection Training { get; init; }

    /// <summary>Gets the privacy parameters; null trains without privacy.</summary>
    public PrivacySection? Privacy { get; init; }

    /// <summary>Gets what makes the specification a paid task; null if nothing does.</summary>
    public TaskSection? Task { get; init; }

    /// <summary>Gets the SHA-256 hash of the canonical bytes; computed at each call.</summary>
    /// <exception cref="SpecException">The specification is not valid.</exception>
    public ContentHash Hash => ContentHash.Of(ToCanonicalJson());

    /// <summary>
    /// Gets what a run of this specification costs: training, and before it the release of statistics where features
    /// are normalised by the data; empty if training is not private.
    /// </summary>
    /// <remarks>Neighbouring relation: add or remove one record.</remarks>
    public IReadOnlyList<GaussianEvent> PrivacyEvents =>
        Privacy is not { } privacy ? []
        : Model.Features?.Normalization is DataNormalization data
            ? [data.Privacy, new GaussianEvent(privacy.SampleRate, privacy.NoiseMultiplier, Training.Steps)]
            : [new GaussianEvent(privacy.SampleRate, privacy.NoiseMultiplier, Training.Steps)];

    /// <summary>Reads a specification.</summary>
    /// <param name="utf8Json">The JSON document in UTF-8, at most 1 MiB.</param>
    /// <exception cref="SpecException">A field is missing, unknown, doubled, of the wrong type or out of range, or
    /// shapes do not fit.</exception>
    public static ModelSpec Parse(ReadOnlySpan<byte> utf8Json)
    {
        ModelSpec spec = SpecReader.Read(utf8Json);
        spec.Validate();
        return spec;
    }

    /// <summary>Reads a specification from a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SpecException">As <see cref="Parse"/>.</exception>
    public static ModelSpec Load(string path)
    {
        using FileStream file = File.OpenRead(path);
        if (file.Length > LargestDocument)
        {
            throw new SpecException("$", $"a document of at most {LargestDocument} bytes", $"{file.Length}");
        }

        byte[] utf8Json = new byte[file.Length];
        file.ReadExactly(utf8Json);
        return Parse(utf8Json);
    }

    /// <summary>Gets the tensors that the model learns, in order, without making any.</summary>
    /// <exception cref="SpecException">The specification is not valid.</exception>
    public IReadOnlyList<ParameterTensor> GetParameters()
    {
        Node[] nodes = Bind();
        return ParameterLayout.Of(nodes, new int[nodes.Length + 1]);
    }

    /// <summary>Checks every range and shape.</summary>
    /// <exception cref="SpecException">The specification is not valid; the message names the field.</exception>
    public void Validate() => Bind();

    /// <summary>Gets the one form of this specification that is hashed.</summary>
    /// <exception cref="SpecException">The specification is not valid.</exception>
    public byte[] ToCanonicalJson()
    {
        Validate();
        return SpecWriter.Write(this);
    }

    /// <inheritdoc/>
    public bool Equals(ModelSpec? other) => other is not null && Hash.Equals(other.Hash);

    /// <inheritdoc/>
    public override int GetHashCode() => Hash.GetHashCode();

    /// <summary>Checks everything and builds what computes the layers.</summary>
    internal Node[] Bind() => SpecValidator.Validate(this);
}
