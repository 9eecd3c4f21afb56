using System.Text.Json;

namespace Research.Training.Specification;

/// <summary>The training section in JSON.</summary>
internal static class TrainingJson
{
    public static TrainingSection Read(SpecObject training)
    {
        TrainingSection section = new(
            training.Int("batchSize"),
            training.Int("steps"),
            training.Optional("averageDecay") is { } decay
                ? SpecObject.Number(decay, training.At("averageDecay"))
                : null,
            training.Optional("augmentation") is { } augmentation
                ? ReadAugmentation(new SpecObject(augmentation, training.At("augmentation")))
                : null);
        training.End();
        return section;
    }

    public static void Write(Utf8JsonWriter json, TrainingSection training)
    {
        json.WriteStartObject("training");
        json.WriteNumber("batchSize", training.BatchSize);
        json.WriteNumber("steps", training.Steps);
        if (training.AverageDecay is { } decay)
        {
            json.WriteNumber("averageDecay", decay);
        }

        if (training.Augmentation is { } augmentation)
        {
            json.WriteStartObject("augmentation");
            json.WriteNumber("shift", augmentation.Shift);
            json.WriteBoolean("flip", augmentation.Flip);
            json.WriteNumber("copies", augmentation.Copies);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static Augmentation ReadAugmentation(SpecObject augmentation)
    {
        Augmentation result = new(
            augmentation.Int("shift"), augmentation.Flag("flip"), augmentation.Int("copies"));
        augmentation.End();
        return result;
    }
}
