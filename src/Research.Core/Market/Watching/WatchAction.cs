namespace Research.Market.Watching;

/// <summary>What a watcher did, or saw.</summary>
public enum WatchAction
{
    /// <summary>The node cannot be reached: the next pass tries again.</summary>
    NodeAway,

    /// <summary>A task cannot be watched; <see cref="WatchEvent.Why"/> says why.</summary>
    Skipped,

    /// <summary>Something could not be done; <see cref="WatchEvent.Why"/> says why. The next pass tries again.</summary>
    Failed,

    /// <summary>Pieces of updates that can be had nowhere were demanded.</summary>
    UpdatesDemanded,

    /// <summary>A round was scored.</summary>
    Scored,

    /// <summary>A claim was sealed.</summary>
    Sealed,

    /// <summary>The own sealed claim was opened.</summary>
    Posted,

    /// <summary>A posted claim does not say what scoring gives.</summary>
    FoundWrong,

    /// <summary>Nothing can be refuted or demanded before the round before is final.</summary>
    NotReady,

    /// <summary>A node of a wrong claim was demanded.</summary>
    NodeDemanded,

    /// <summary>A demanded node of a wrong claim is not shown yet, and there is time to.</summary>
    NodeAwaited,

    /// <summary>A wrong claim cannot be refuted any more: the time for its next node is over.</summary>
    TooLate,

    /// <summary>A demanded node of a right claim was shown.</summary>
    NodeAnswered,

    /// <summary>A demanded node of a right claim will be shown, unless somebody else does before.</summary>
    AnswerDue,

    /// <summary>A refutation was announced; a later block takes it.</summary>
    Announced,

    /// <summary>A wrong claim fell by a refutation.</summary>
    Refuted,

    /// <summary>A wrong claim fell because a node was not shown.</summary>
    Expired,

    /// <summary>A claim that says what scoring gives fell: nobody showed its nodes in time.</summary>
    RightFell,

    /// <summary>The bond of a claim that fell was taken.</summary>
    Struck,

    /// <summary>A round was finalised.</summary>
    Finalised,

    /// <summary>The own bond came back, with its part of the audit fee.</summary>
    BondCollected,

    /// <summary>The fee of a demand came in, or came back.</summary>
    FeeCollected,
}
