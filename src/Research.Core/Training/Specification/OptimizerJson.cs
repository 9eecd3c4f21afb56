using System.Text.Json;
using Research.Training.Optimizers;

namespace Research.Training.Specification;

/// <summary>The optimiser of a specification and its schedule in JSON.</summary>
internal static class OptimizerJson
{
    public static Optimizer Read(SpecObject optimizer)
    {
        string type = optimizer.Text("type");
        Optimizer result = type switch
        {
            "sgd" => new Sgd(
                optimizer.Number("learningRate"),
                optimizer.Number("momentum"),
                optimizer.Flag("nesterov", absent: false),
                optimizer.Number("weightDecay", absent: 0)),
            "adam" => new Adam(
                optimizer.Number("learningRate"),
                optimizer.Number("beta1"),
                optimizer.Number("beta2"),
                optimizer.Number("epsilon")),
            "adamW" => new AdamW(
                optimizer.Number("learningRate"),
                optimizer.Number("beta1"),
                optimizer.Number("beta2"),
                optimizer.Number("epsilon"),
                optimizer.Number("weightDecay")),
            _ => throw optimizer.UnknownText("type", type, "sgd, adam or adamW"),
        };
        if (optimizer.Optional("schedule") is { } schedule)
        {
            result = result with { Schedule = ReadSchedule(new SpecObject(schedule, optimizer.At("schedule"))) };
        }

        optimizer.End();
        return result;
    }

    public static void Write(Utf8JsonWriter json, Optimizer optimizer)
    {
        json.WriteStartObject("optimizer");
        json.WriteString("type", optimizer.Type);
        json.WriteNumber("learningRate", optimizer.LearningRate);
        switch (optimizer)
        {
            case Sgd sgd:
                Write(json, sgd);
                break;
            case Adam adam:
                WriteMoments(json, adam.Beta1, adam.Beta2, adam.Epsilon);
                break;
            case AdamW adamW:
                WriteMoments(json, adamW.Beta1, adamW.Beta2, adamW.Epsilon);
                json.WriteNumber("weightDecay", adamW.WeightDecay);
                break;
            default:
                throw new InvalidOperationException($"No JSON form of optimiser {optimizer.Type}.");
        }

        if (optimizer.Schedule is { } schedule)
        {
            WriteSchedule(json, schedule);
        }

        json.WriteEndObject();
    }

    private static LearningRateSchedule ReadSchedule(SpecObject schedule)
    {
        string type = schedule.Text("type");
        LearningRateSchedule result = type switch
        {
            "constant" => new ConstantSchedule(schedule.Int("warmUpSteps")),
            "cosine" => new CosineSchedule(
                schedule.Int("warmUpSteps", absent: 0), schedule.Number("finalFraction", absent: 0)),
            "step" => new StepSchedule(
                schedule.Int("every"), schedule.Number("factor"), schedule.Int("warmUpSteps", absent: 0)),
            _ => throw schedule.UnknownText("type", type, "constant, cosine or step"),
        };
        schedule.End();
        return result;
    }

    private static void Write(Utf8JsonWriter json, Sgd sgd)
    {
        json.WriteNumber("momentum", sgd.Momentum);
        if (sgd.Nesterov)
        {
            json.WriteBoolean("nesterov", true);
        }

        if (sgd.WeightDecay != 0)
        {
            json.WriteNumber("weightDecay", sgd.WeightDecay);
        }
    }

    private static void WriteMoments(Utf8JsonWriter json, double beta1, double beta2, double epsilon)
    {
        json.WriteNumber("beta1", beta1);
        json.WriteNumber("beta2", beta2);
        json.WriteNumber("epsilon", epsilon);
    }

    private static void WriteSchedule(Utf8JsonWriter json, LearningRateSchedule schedule)
    {
        json.WriteStartObject("schedule");
        json.WriteString("type", schedule.Type);
        if (schedule.WarmUpSteps != 0)
        {
            json.WriteNumber("warmUpSteps", schedule.WarmUpSteps);
        }

        if (schedule is CosineSchedule { FinalFraction: not 0 } cosine)
        {
            json.WriteNumber("finalFraction", cosine.FinalFraction);
        }
        else if (schedule is StepSchedule step)
        {
            json.WriteNumber("every", step.Every);
            json.WriteNumber("factor", step.Factor);
        }

        json.WriteEndObject();
    }
}
