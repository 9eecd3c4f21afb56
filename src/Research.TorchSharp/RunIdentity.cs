using System.Globalization;
using System.Text;
using Research.Storage;
using Research.TorchSharp.Gradients;

namespace Research.TorchSharp;

/// <summary>What tells one run's states from another's.</summary>
internal static class RunIdentity
{
    /// <summary>Hashes plan, parameters and records.</summary>
    public static ContentHash Of(PrivatePlan plan, TrainedParameters parameters, TorchExamples examples)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{plan.SampleRate:R} {plan.Steps} {plan.BatchSize} ");
        text.Append(CultureInfo.InvariantCulture, $"{plan.NoiseMultiplier:R} {plan.ClipNorm:R} {plan.Clipping}\n");
        foreach (ParameterSlot slot in parameters.Slots)
        {
            text.Append(CultureInfo.InvariantCulture, $"{slot.Name} {string.Join(' ', slot.Parameter.shape)}\n");
        }

        for (int i = 0; i < examples.Count; i++)
        {
            text.Append(Convert.ToHexString(examples.Identity.Record(i)));
        }

        return ContentHash.Of(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
