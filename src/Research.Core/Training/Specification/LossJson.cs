using System.Text.Json;
using Research.Training.Losses;

namespace Research.Training.Specification;

/// <summary>The loss of a specification in JSON.</summary>
internal static class LossJson
{
    public static Loss Read(SpecObject loss)
    {
        string type = loss.Text("type");
        Loss result = type switch
        {
            "crossEntropy" => new CrossEntropy(loss.Number("labelSmoothing", absent: 0)),
            "binaryCrossEntropy" => new BinaryCrossEntropy(),
            "meanSquaredError" => new MeanSquaredError(),
            _ => throw loss.UnknownText("type", type, "crossEntropy, binaryCrossEntropy or meanSquaredError"),
        };
        loss.End();
        return result;
    }

    public static void Write(Utf8JsonWriter json, Loss loss)
    {
        json.WriteStartObject("loss");
        json.WriteString("type", loss.Type);
        if (loss is CrossEntropy { LabelSmoothing: not 0 } smoothed)
        {
            json.WriteNumber("labelSmoothing", smoothed.LabelSmoothing);
        }

        json.WriteEndObject();
    }
}
