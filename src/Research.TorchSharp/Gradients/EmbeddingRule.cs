using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Research.TorchSharp.Gradients;

/// <summary>Gradients of <c>Embedding</c>: dy at the rows that were looked up.</summary>
internal sealed class EmbeddingRule(TrainedLayer layer, TapRecorder recorder, Embedding embedding)
    : LayerRule(layer, recorder, Hook(embedding))
{
    private readonly bool[] _learns = Learning(embedding);

    public override GradientRule Kind => GradientRule.Embedding;

    /// <summary>
    /// Gets whether the rule knows an embedding: one that does not scale by how often a row comes, nor shortens its
    /// rows when they are looked up.
    /// </summary>
    public static bool Knows(Embedding embedding)
    {
        using DisposeScope scope = NewDisposeScope();
        long tokens = embedding.weight!.shape[0];
        Tensor before = embedding.weight.detach().clone();
        bool isPlain = IsPlain(embedding, tokens);
        bool isSame = embedding.weight.detach().equal(before).all().item<bool>();
        using (no_grad())
        {
            embedding.weight.copy_(before);
        }

        return isPlain && isSame;
    }

    private static bool IsPlain(Embedding embedding, long tokens)
    {
        using (enable_grad())
        {
            Tensor all = arange(tokens, dtype: int64, device: embedding.weight!.device);
            Tensor twice = cat([all, all]);
            Tensor gradient = autograd.grad([embedding.forward(twice).sum()], [embedding.weight])[0];
            return (gradient.eq(2) | gradient.eq(0)).all().item<bool>();
        }
    }

    public override IReadOnlyList<GradientPiece> Form(IReadOnlyList<TapCall> calls, int batch)
    {
        long size = embedding.weight!.shape[1];
        Tensor rows = Join(calls.Select(call => call.Inputs[0].to(int64)), batch, 1).squeeze(2);
        Tensor dy = Join(calls.Select(call => call.Gradients[0]!), batch, size);
        if (Array.IndexOf(_learns, false) >= 0)
        {
            Tensor learns = tensor(_learns, device: rows.device).index_select(0, rows.reshape(-1)).reshape(rows.shape);
            rows = where(learns, rows, -1);
        }

        return [new RowGradient(Layer.Slots[0], rows, dy)];
    }

    // All but the padding row, of which TorchSharp does not tell.
    private static bool[] Learning(Embedding embedding)
    {
        using DisposeScope scope = NewDisposeScope();
        using (enable_grad())
        {
            Tensor all = arange(embedding.weight!.shape[0], dtype: int64, device: embedding.weight.device);
            Tensor gradient = autograd.grad([embedding.forward(all).sum()], [embedding.weight])[0];
            return gradient.ne(0).any(1).cpu().data<bool>().ToArray();
        }
    }
}
