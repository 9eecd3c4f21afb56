using System.Runtime.Intrinsics;
using Research.Tensors;

namespace Research.Training.Layers;

/// <summary>Computes <see cref="GroupNorm"/> and <see cref="LayerNorm"/>.</summary>
/// <remarks>
/// An example is cut into sets of elements that are normalised together, and each set into runs of elements that share
/// a parameter; the parameters follow each other and begin again after the last. With x̂ = (x − mean)·s, s = 1/√(variance
/// + ε) and g = dy·weight, dx = s·(g − mean(g) − x̂·mean(g·x̂)).
/// </remarks>
/// <param name="shape">Of what arrives and leaves.</param>
/// <param name="parameters">Number of weights, and of biases.</param>
/// <param name="run">Elements that share a parameter.</param>
/// <param name="set">Elements that are normalised together; a multiple of <paramref name="run"/>.</param>
internal sealed unsafe class NormOperator(IReadOnlyList<int> shape, int parameters, int run, int set)
    : LayerOperator(shape, shape)
{
    private const float Epsilon = 1e-5f; // torch's default

    private readonly int _sets = Specification.Shapes.Size(shape) / set;

    public override IReadOnlyList<(string Name, int[] Shape)> Parameters =>
        [("weight", [parameters]), ("bias", [parameters])];

    public override int SavedLength => 2 * _sets; // mean and s of each set

    public override int KeptLength => 2 * parameters;

    public override void Initialise(SeededGenerator generator, Span<float> weights)
    {
        weights[..parameters].Fill(1);
        weights[parameters..].Clear();
    }

    public override void Forward(in LayerPass pass)
    {
        Vector512<float> share = Vector512.Create(1f / set);
        for (long at = 0; at < (long)pass.Blocks * _sets; at++)
        {
            float* x = pass.X + (at * set * Lanes.Count);
            Vector512<float> mean = LaneMoments.Sum(x, set) * share;
            Vector512<float> variance = LaneMoments.SumSquares(x, set, mean) * share;
            Vector512<float> scale = Vector512<float>.One / Vector512.Sqrt(variance + Vector512.Create(Epsilon));
            mean.Store(pass.Saved + (at * 2 * Lanes.Count));
            scale.Store(pass.Saved + (((at * 2) + 1) * Lanes.Count));

            float* y = pass.Y + (at * set * Lanes.Count);
            int parameter = FirstParameter(at);
            for (int start = 0; start < set; start += run, parameter = Next(parameter))
            {
                Vector512<float> weight = Vector512.Create(pass.Weights[parameter]);
                Vector512<float> bias = Vector512.Create(pass.Weights[parameters + parameter]);
                for (int i = 0; i < run; i++, x += Lanes.Count, y += Lanes.Count)
                {
                    Vector512<float> normal = (Vector512.Load(x) - mean) * scale;
                    Vector512.FusedMultiplyAdd(normal, weight, bias).Store(y);
                }
            }
        }
    }

    public override void Differentiate(in LayerPass pass)
    {
        new Span<float>(pass.Kept, pass.Groups * KeptLength * Lanes.Count).Clear();
        for (long at = 0; at < (long)pass.Blocks * _sets; at++)
        {
            float* x = pass.X + (at * set * Lanes.Count);
            float* dy = pass.Dy + (at * set * Lanes.Count);
            (Vector512<float> mean, Vector512<float> scale) = Moments(pass, at);
            float* kept = pass.Kept + (at / _sets / pass.Copies * KeptLength * Lanes.Count);
            int parameter = FirstParameter(at);
            for (int start = 0; start < set; start += run, parameter = Next(parameter))
            {
                float* weight = kept + ((long)parameter * Lanes.Count);
                float* bias = weight + ((long)parameters * Lanes.Count);
                long from = (long)start * Lanes.Count;
                Vector512<float> product = LaneMoments.SumProducts(dy + from, x + from, run, mean);
                Vector512.FusedMultiplyAdd(product, scale, Vector512.Load(weight)).Store(weight);
                (Vector512.Load(bias) + LaneMoments.Sum(dy + from, run)).Store(bias);
            }
        }
    }

    public override void Backward(in LayerPass pass)
    {
        Vector512<float> share = Vector512.Create(1f / set);
        for (long at = 0; at < (long)pass.Blocks * _sets; at++)
        {
            float* x = pass.X + (at * set * Lanes.Count);
            float* dy = pass.Dy + (at * set * Lanes.Count);
            float* dx = pass.Dx + (at * set * Lanes.Count);
            (Vector512<float> mean, Vector512<float> scale) = Moments(pass, at);
            Vector512<float> sum = Vector512<float>.Zero;
            Vector512<float> product = Vector512<float>.Zero;
            int parameter = FirstParameter(at);
            for (int start = 0; start < set; start += run, parameter = Next(parameter))
            {
                Vector512<float> weight = Vector512.Create(pass.Weights[parameter]);
                long from = (long)start * Lanes.Count;
                sum = Vector512.FusedMultiplyAdd(LaneMoments.Sum(dy + from, run), weight, sum);
                product = Vector512.FusedMultiplyAdd(
                    LaneMoments.SumProducts(dy + from, x + from, run, mean), weight, product);
            }

            sum *= share;
            product = product * scale * share;
            parameter = FirstParameter(at);
            for (int start = 0; start < set; start += run, parameter = Next(parameter))
            {
                Vector512<float> weight = Vector512.Create(pass.Weights[parameter]);
                for (int i = 0; i < run; i++, x += Lanes.Count, dy += Lanes.Count, dx += Lanes.Count)
                {
                    Vector512<float> normal = (Vector512.Load(x) - mean) * scale;
                    Vector512<float> rest = Vector512.FusedMultiplyAdd(Vector512.Load(dy), weight, -sum);
                    (scale * Vector512.FusedMultiplyAdd(-normal, product, rest)).Store(dx);
                }
            }
        }
    }

    private static (Vector512<float> Mean, Vector512<float> Scale) Moments(in LayerPass pass, long at)
    {
        float* saved = pass.Saved + (at * 2 * Lanes.Count);
        return (Vector512.Load(saved), Vector512.Load(saved + Lanes.Count));
    }

    private int FirstParameter(long at) => (int)(at * (set / run) % parameters);

    private int Next(int parameter) => parameter + 1 == parameters ? 0 : parameter + 1;
}
