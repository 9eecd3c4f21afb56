using Research.TorchSharp.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Research.TorchSharp.Gradients;

/// <summary>Dropout whose masks follow from each record's own seed, wherever it stands in its batch.</summary>
/// <remarks>
/// TorchSharp's layers draw one mask for a whole batch, so that a record more changes the masks of those behind it. While
/// this is on, they pass everything (<c>eval</c>), and hooks multiply by masks that are drawn record by record.
/// </remarks>
internal sealed class RecordDropout : IDisposable
{
    private readonly List<Layer> _layers = [];
    private Generator[] _generators = []; // One a record, while it is on; each call draws on.

    public RecordDropout(Module module)
    {
        foreach ((string name, Module part) in module.named_modules()
            .Select(one => (one.name, one.module))
            .Prepend((string.Empty, module))
            .DistinctBy(one => one.Item2, ReferenceEqualityComparer.Instance))
        {
            (double Rate, bool Channels)? kind = part switch
            {
                Dropout plain => (plain.p, false),
                Dropout1d channels => (channels.p, true),
                Dropout2d channels => (channels.p, true),
                Dropout3d channels => (channels.p, true),
                _ => null,
            };
            if (kind is { } found && part is Module<Tensor, Tensor> layer)
            {
                _layers.Add(new Layer(name, layer, found.Rate, found.Channels, this));
            }
        }
    }

    /// <summary>Gets why masks could not follow the records in the last pass; null where they did.</summary>
    public string? Problem { get; private set; }

    /// <summary>Draws by record until what is returned is disposed of.</summary>
    /// <param name="seeds">One a record of the batch, [B].</param>
    public IDisposable Begin(long[] seeds)
    {
        Problem = null;
        if (_layers.Count > 0)
        {
            _generators = [.. seeds.Select(seed => new Generator((ulong)seed))];
            _layers.ForEach(layer => layer.Begin());
        }

        return new Turn(this);
    }

    /// <inheritdoc/>
    public void Dispose() => _layers.ForEach(layer => layer.Remove());

    private void End()
    {
        _layers.ForEach(layer => Problem ??= layer.End());
        Array.ForEach(_generators, generator => generator.Dispose());
        _generators = [];
    }

    private sealed class Turn(RecordDropout dropout) : IDisposable
    {
        public void Dispose() => dropout.End();
    }

    private sealed class Layer
    {
        private readonly Action _remove;
        private readonly RecordDropout _whole;
        private readonly string _name;
        private readonly Module<Tensor, Tensor> _module;
        private readonly double _rate;
        private readonly bool _channels; // Whole channels are dropped.
        private bool _isOn;
        private bool _isCalled;
        private string? _problem;

        public Layer(string name, Module<Tensor, Tensor> module, double rate, bool channels, RecordDropout whole)
        {
            (_name, _module, _rate, _channels, _whole) = (name, module, rate, channels, whole);
            _remove = module.register_forward_hook((_, _, y) => _isOn ? Masked(y) : y).remove;
        }

        public void Begin()
        {
            _isOn = _module.training && _rate > 0;
            (_isCalled, _problem) = (false, null);
            if (_isOn)
            {
                _module.eval();
            }
        }

        public string? End()
        {
            if (!_isOn)
            {
                return null;
            }

            _isOn = false;
            _module.train();
            return _problem ?? (_isCalled
                ? null
                : $"{_name} ({_module.GetType().Name}): it is used around its hooks (call it by 'call')");
        }

        public void Remove() => _remove();

        private Tensor Masked(Tensor y)
        {
            _isCalled = true;
            int records = _whole._generators.Length;
            if (y.dim() < (_channels ? 3 : 1) || y.shape[0] % records != 0)
            {
                _problem = $"{_name} ({_module.GetType().Name}): its examples do not lie along the first dimension of "
                    + $"[{string.Join(", ", y.shape)}]";
                return y;
            }

            long[] shape = [y.shape[0] / records, .. y.shape[1..]];
            if (_channels)
            {
                Array.Fill(shape, 1, 2, shape.Length - 2);
            }

            using Tensor mask = MaskLike(y, shape);
            return y * mask;
        }

        private Tensor MaskLike(Tensor y, long[] shape)
        {
            using IDisposable still = no_grad();
            using DisposeScope scope = NewDisposeScope();
            Tensor[] drawn = [.. _whole._generators.Select(generator => rand(shape, generator: generator))];
            Tensor kept = Held.Apply(cat(drawn, 0), _rate, (all, rate) => all.ge(rate)).to(y.dtype).to(y.device);
            return (_rate < 1 ? Held.Apply(kept, 1 - _rate, (all, share) => all / share) : kept).DetachFromDisposeScope();
        }
    }
}
