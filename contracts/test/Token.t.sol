// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../src/interfaces/ITrainingMarket.sol";
import {MarketTest} from "./fixtures/MarketTest.sol";
import {LyingToken, NoReturnToken} from "./fixtures/Tokens.sol";
import {Trees} from "./fixtures/Trees.sol";

/// @title TokenTest
/// @author The Research authors
/// @notice Pools in tokens that are not what they say: balances alone are believed.
contract TokenTest is MarketTest {
    LyingToken private _liar;

    function setUp() public override {
        super.setUp();
        _liar = new LyingToken();
        _liar.mint(sponsor, POOL);
        VM.prank(sponsor);
        _liar.approve(address(market), POOL);
    }

    function test_ClaimReward_NoReturnToken_Pays() public {
        NoReturnToken silent = new NoReturnToken();
        silent.mint(sponsor, POOL);
        VM.prank(sponsor);
        silent.approve(address(market), POOL);
        ITrainingMarket.Terms memory terms = defaultTerms();
        terms.token = address(silent);
        uint256 taskId = publishScored(terms);

        rewardAlice(taskId, 0);

        VM.assertEq(silent.balanceOf(alice), 1.5 ether, "tokens");
    }

    function test_ClaimReward_TokenMovesNothing_StaysClaimable() public {
        _staysClaimable(LyingToken.Lie.Nothing, _wrongMove(1.5 ether, 0));
    }

    function test_ClaimReward_TokenMovesHalf_StaysClaimable() public {
        _staysClaimable(LyingToken.Lie.Half, _wrongMove(1.5 ether, 0.75 ether));
    }

    /// @dev Else one task's payment would take tokens of another's pool.
    function test_ClaimReward_TokenTakesTwice_StaysClaimable() public {
        _staysClaimable(LyingToken.Lie.TakesTwice, _wrongMove(1.5 ether, 3 ether));
    }

    function test_ClaimReward_TokenReverts_StaysClaimable() public {
        _staysClaimable(LyingToken.Lie.Reverts, abi.encodeWithSelector(LyingToken.Refused.selector));
    }

    function test_ClaimReward_TokensToMarketItself_Refused() public {
        uint256 taskId = publishScored(tokenTerms());
        bytes32[] memory proof = Trees.proof(twoLeaves(), 0, 0);

        refuse(
            alice,
            0,
            abi.encodeCall(ITrainingMarket.claimReward, (taskId, 0, 0, alice, ALICES, proof, address(market))),
            _wrongMove(1.5 ether, 0)
        );
    }

    function test_ClaimReward_EthToMarketItself_Refused() public {
        uint256 taskId = publishScored();
        bytes32[] memory proof = Trees.proof(twoLeaves(), 0, 0);

        refuse(
            alice,
            0,
            abi.encodeCall(ITrainingMarket.claimReward, (taskId, 0, 0, alice, ALICES, proof, address(market))),
            paymentFailed(address(market), 1.5 ether)
        );
    }

    function test_Refund_LyingToken_StaysClaimable() public {
        uint256 taskId = publish(_terms());
        warpTo(taskId, 0, ITrainingMarket.Phase.Closed);
        finalise(taskId, 0);
        _liar.lie(LyingToken.Lie.Nothing);
        refuse(sponsor, 0, abi.encodeCall(ITrainingMarket.refund, (taskId, 0, sponsor)), _wrongMove(FIRST, 0));
        _liar.lie(LyingToken.Lie.None);

        market.refund(taskId, 0, sponsor);

        VM.assertEq(_liar.balanceOf(sponsor), FIRST, "tokens");
    }

    function _staysClaimable(LyingToken.Lie lie, bytes memory failure) private {
        uint256 taskId = publishScored(_terms());
        bytes32[] memory proof = Trees.proof(twoLeaves(), 0, 0);
        _liar.lie(lie);
        refuse(
            alice, 0, abi.encodeCall(ITrainingMarket.claimReward, (taskId, 0, 0, alice, ALICES, proof, alice)), failure
        );
        VM.assertFalse(market.isPaid(taskId, 0, 0), "not marked");
        _liar.lie(LyingToken.Lie.None);

        rewardAlice(taskId, 0);

        VM.assertEq(_liar.balanceOf(alice), 1.5 ether, "paid when the token is honest again");
    }

    function _terms() private view returns (ITrainingMarket.Terms memory terms) {
        terms = defaultTerms();
        terms.token = address(_liar);
    }

    function _wrongMove(uint256 expected, uint256 actual) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ITrainingMarket.WrongTokenMove.selector, expected, actual);
    }
}
