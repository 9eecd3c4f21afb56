// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../src/interfaces/ITrainingMarket.sol";
import {MarketTest} from "./fixtures/MarketTest.sol";

/// @title LimitsTest
/// @author The Research authors
/// @notice Every bound of the terms: the last number inside is taken, the first outside is not.
contract LimitsTest is MarketTest {
    function setUp() public override {
        super.setUp();
        VM.chainId(1);
    }

    function test_Publish_PublicLeastTerms_AreTaken() public {
        ITrainingMarket.Terms memory terms = publicTerms();
        (terms.pool, terms.stake, terms.bond, terms.auditFee) = (0.4 ether, 0.001 ether, 0.01 ether, 0);
        publish(terms);
    }

    function test_Publish_PublicGreatestTerms_AreTaken() public {
        ITrainingMarket.Terms memory terms = publicTerms();
        uint32 most = 90 days;
        (terms.commitSeconds, terms.revealSeconds, terms.answerSeconds) = (most, most, most);
        (terms.openSeconds, terms.scoreSeconds, terms.refuteSeconds) = (most, most, 14 days);
        terms.target = 65_536_000_000;
        (terms.rounds, terms.pool, terms.stake, terms.bond, terms.auditFee) =
        (256, 1024 ether, 1 ether, 10 ether, 10 ether);
        (terms.updateBytes, terms.keys, terms.start) = (64 * 16_384, type(uint16).max, NOW + most);
        uint256 taskId = publish(terms);

        VM.assertEq(market.scheduleOf(taskId, 255).end, NOW + most + 256 * (5 * uint256(most) + 14 days), "it ends");
    }

    function test_Publish_Windows_HaveLeastAndMost() public {
        ITrainingMarket.Terms memory terms = publicTerms();
        terms.commitSeconds = 1 hours - 1;
        _refused(terms, "commitSeconds", 1 hours - 1, 1 hours, 90 days);
        terms.commitSeconds = 90 days + 1;
        _refused(terms, "commitSeconds", 90 days + 1, 1 hours, 90 days);
        terms = publicTerms();
        terms.revealSeconds = 12 hours - 1;
        _refused(terms, "revealSeconds", 12 hours - 1, 12 hours, 90 days);
        terms.revealSeconds = 90 days + 1;
        _refused(terms, "revealSeconds", 90 days + 1, 12 hours, 90 days);
        terms = publicTerms();
        terms.answerSeconds = 1 days - 1;
        _refused(terms, "answerSeconds", 1 days - 1, 1 days, 90 days);
        terms.answerSeconds = 90 days + 1;
        _refused(terms, "answerSeconds", 90 days + 1, 1 days, 90 days);
        terms = publicTerms();
        terms.openSeconds = 12 hours - 1;
        _refused(terms, "openSeconds", 12 hours - 1, 12 hours, 90 days);
        terms.openSeconds = 90 days + 1;
        _refused(terms, "openSeconds", 90 days + 1, 12 hours, 90 days);
        terms = publicTerms();
        terms.scoreSeconds = 1 days - 1;
        _refused(terms, "scoreSeconds", 1 days - 1, 1 days, 90 days);
        terms.scoreSeconds = 90 days + 1;
        _refused(terms, "scoreSeconds", 90 days + 1, 1 days, 90 days);
        terms = publicTerms();
        terms.refuteSeconds = 36 hours - 1;
        _refused(terms, "refuteSeconds", 36 hours - 1, 36 hours, 14 days);
        terms.refuteSeconds = 14 days + 1;
        _refused(terms, "refuteSeconds", 14 days + 1, 36 hours, 14 days);
    }

    function test_Publish_Money_HasLeastAndMost() public {
        ITrainingMarket.Terms memory terms = publicTerms();
        terms.pool = 0;
        _refused(terms, "pool", 0, 1, type(uint128).max);
        terms = publicTerms();
        terms.stake = 0.001 ether - 1;
        _refused(terms, "stake", 0.001 ether - 1, 0.001 ether, 1 ether);
        terms.stake = 1 ether + 1;
        _refused(terms, "stake", 1 ether + 1, 0.001 ether, 1 ether);
        terms = publicTerms();
        terms.pool = 0.4 ether;
        (terms.stake, terms.bond) = (0.001 ether, 0.01 ether - 1);
        _refused(terms, "bond", 0.01 ether - 1, 0.01 ether, 10 ether);
        terms.bond = 10 ether + 1;
        _refused(terms, "bond", 10 ether + 1, 0.01 ether, 10 ether);
        terms = publicTerms();
        terms.auditFee = 10 ether + 1;
        _refused(terms, "auditFee", 10 ether + 1, 0, 10 ether);
    }

    /// @dev A stake above a quarter of a round's part would be what a sponsor is after.
    function test_Publish_StakeAgainstPool_IsBounded() public {
        ITrainingMarket.Terms memory terms = publicTerms();
        (terms.pool, terms.rounds, terms.stake) = (0.8 ether, 2, 0.1 ether);
        publish(terms);
        terms.stake = 0.1 ether + 1;
        _refused(terms, "stake", 0.1 ether + 1, 0.001 ether, 0.1 ether);
        // A pool too small for any stake is refused whatever the stake.
        (terms.pool, terms.stake) = (0.008 ether - 1, 0.001 ether);
        _refused(terms, "stake", 0.001 ether, 0.001 ether, 0.001 ether - 1);
    }

    /// @dev Whoever lies of a round risks a twentieth of what it is after, or more.
    function test_Publish_BondAgainstPool_IsBounded() public {
        ITrainingMarket.Terms memory terms = publicTerms();
        (terms.pool, terms.rounds, terms.stake, terms.bond) = (8 ether, 2, 0.001 ether, 0.2 ether);
        publish(terms);
        terms.bond = 0.2 ether - 1;
        _refused(terms, "bond", 0.2 ether - 1, 0.2 ether, 10 ether);
        // A pool in a token cannot be held against ETH.
        (terms.token, terms.bond) = (address(token), 0.01 ether);
        publish(terms);
        // Of the greatest pools ten ETH are enough.
        (terms.token, terms.pool, terms.bond) = (address(0), 1000 ether, 10 ether);
        publish(terms);
        terms.bond = 10 ether - 1;
        _refused(terms, "bond", 10 ether - 1, 10 ether, 10 ether);
    }

    /// @dev A refutation must pay at the base fee of the day.
    function test_Publish_BondAgainstBaseFee_IsBounded() public {
        ITrainingMarket.Terms memory terms = publicTerms();
        (terms.token, terms.bond) = (address(token), 0.4 ether);
        VM.fee(50 gwei);
        publish(terms);
        terms.bond = 0.4 ether - 1;
        _refused(terms, "bond", 0.4 ether - 1, 0.4 ether, 10 ether);
        VM.fee(10_000 gwei);
        _refused(terms, "bond", 0.4 ether - 1, 10 ether, 10 ether);
        VM.fee(1 gwei);
        terms.bond = 0.01 ether;
        publish(terms);
    }

    function test_Publish_Targets_HaveMost() public {
        ITrainingMarket.Terms memory terms = publicTerms();
        terms.target = 65_536_000_001;
        _refused(terms, "target", 65_536_000_001, 0, 65_536_000_000);
        terms = publicTerms();
        (terms.rounds, terms.keys, terms.targetRight) = (1, 9, 4);
        publish(terms);
        terms.targetRight = 5;
        _refused(terms, "targetRight", 5, 0, 4);
        (terms.keys, terms.targetRight) = (type(uint16).max, 32_768);
        _refused(terms, "targetRight", 32_768, 0, 32_767);
    }

    /// @dev Demands hold up a claim by nine refute windows: a round that reached its target must be final before the next
    /// one's commitments close.
    function test_Publish_EarlyEnd_NeedsLongCommits() public {
        ITrainingMarket.Terms memory terms = publicTerms();
        (terms.targetRight, terms.commitSeconds) = (2, 15 days);
        publish(terms);
        terms.commitSeconds = 15 days - 1;
        _refused(terms, "commitSeconds", 15 days - 1, 15 days, 90 days);
        terms.refuteSeconds = 9 days + 1;
        _refused(terms, "commitSeconds", 15 days - 1, 90 days + 10, 90 days);
        terms = publicTerms();
        (terms.targetRight, terms.rounds) = (2, 1);
        publish(terms);
    }

    function test_Publish_Sizes_HaveLeastAndMost() public {
        ITrainingMarket.Terms memory terms = publicTerms();
        terms.rounds = 0;
        _refused(terms, "rounds", 0, 1, 256);
        terms.rounds = 257;
        _refused(terms, "rounds", 257, 1, 256);
        terms = publicTerms();
        terms.updateBytes = 3;
        _refused(terms, "updateBytes", 3, 4, 64 * 16_384);
        terms.updateBytes = 64 * 16_384 + 1;
        _refused(terms, "updateBytes", 64 * 16_384 + 1, 4, 64 * 16_384);
        terms = publicTerms();
        terms.keys = 1;
        _refused(terms, "keys", 1, 2, type(uint16).max);
    }

    function test_Publish_WholeUpdates_HaveNoAnswersAndOnePiece() public {
        ITrainingMarket.Terms memory terms = publicTerms();
        terms.delivery = ITrainingMarket.Delivery.Calldata;
        _refused(terms, "answerSeconds", 1 days, 0, 0);
        terms.answerSeconds = 0;
        terms.updateBytes = 16_384;
        publish(terms);
        terms.updateBytes = 16_385;
        _refused(terms, "updateBytes", 16_385, 4, 16_384);
    }

    function test_Publish_Start_IsAheadAndNear() public {
        ITrainingMarket.Terms memory terms = publicTerms();
        terms.start = NOW;
        publish(terms);
        terms.start = NOW - 1;
        _refused(terms, "start", NOW - 1, NOW, NOW + 90 days);
        terms.start = NOW + 90 days + 1;
        _refused(terms, "start", NOW + 90 days + 1, NOW, NOW + 90 days);
    }

    function test_Publish_DevelopmentChains_AreRelaxed() public {
        ITrainingMarket.Terms memory terms = publicTerms();
        (terms.commitSeconds, terms.revealSeconds, terms.answerSeconds) = (1, 1, 2);
        (terms.openSeconds, terms.scoreSeconds, terms.refuteSeconds) = (1, 2, 1);
        (terms.stake, terms.bond) = (1, 1);
        _refused(terms, "commitSeconds", 1, 1 hours, 90 days);
        VM.chainId(1337);
        publish(terms);
        VM.chainId(31_337);
        publish(terms);
        VM.chainId(31_338);
        _refused(terms, "commitSeconds", 1, 1 hours, 90 days);
    }

    function test_Publish_DevelopmentChains_KeepTheirOwnLeast() public {
        VM.chainId(31_337);
        VM.fee(10_000 gwei);
        ITrainingMarket.Terms memory terms = defaultTerms();
        (terms.bond, terms.targetRight) = (1, 2);
        publish(terms);
        terms = defaultTerms();
        terms.scoreSeconds = 1;
        _refused(terms, "scoreSeconds", 1, 2, 90 days);
        terms = defaultTerms();
        terms.targetRight = 3;
        _refused(terms, "targetRight", 3, 0, 2);
        terms = defaultTerms();
        terms.target = 65_536_000_001;
        _refused(terms, "target", 65_536_000_001, 0, 65_536_000_000);
        terms = defaultTerms();
        terms.answerSeconds = 1;
        _refused(terms, "answerSeconds", 1, 2, 90 days);
        terms = defaultTerms();
        terms.stake = 0;
        _refused(terms, "stake", 0, 1, 1 ether);
        terms = defaultTerms();
        terms.bond = 0;
        _refused(terms, "bond", 0, 1, 10 ether);
        terms = defaultTerms();
        terms.refuteSeconds = 0;
        _refused(terms, "refuteSeconds", 0, 1, 14 days);
    }

    function _refused(
        ITrainingMarket.Terms memory terms,
        string memory field,
        uint256 value,
        uint256 least,
        uint256 most
    ) private {
        refuse(
            sponsor,
            due(terms),
            abi.encodeCall(ITrainingMarket.publish, (SPEC, terms)),
            abi.encodeWithSelector(ITrainingMarket.TermOutOfRange.selector, field, value, least, most)
        );
    }
}
