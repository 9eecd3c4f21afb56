using Research.Training;
using Research.Training.Optimizers;

namespace Research.Federation.Rewards;

/// <summary>What a specification must be for its rounds to be scored and paid.</summary>
public static class PayableSpec
{
    /// <summary>Throws where the reward rule cannot be applied: before a sponsor publishes, and before an owner trains.</summary>
    /// <exception cref="SpecException">There is no task, no privacy, or an optimiser whose noise does not add up
    /// linearly.</exception>
    public static void Require(ModelSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (spec.Task is null)
        {
            throw new SpecException(
                "$.task", "a task section (rounds, reward, evaluation, licence, consent)", "nothing");
        }

        if (spec.Privacy is null)
        {
            throw new SpecException(
                "$.privacy", "a privacy section: updates are released from private training only", "nothing");
        }

        if (spec.Optimizer is not Sgd)
        {
            throw new SpecException(
                "$.optimizer.type",
                "\"sgd\" in a task: the reward rule knows how its noise adds up, and no other's",
                $"\"{spec.Optimizer.Type}\"");
        }
    }
}
