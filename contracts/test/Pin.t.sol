// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingMarket} from "../src/interfaces/ITrainingMarket.sol";
import {MarketTest} from "./fixtures/MarketTest.sol";

/// @title PinTest
/// @author The Research authors
/// @notice `pin`: the hash of the block after the publication's, once, while the chain has it.
contract PinTest is MarketTest {
    uint256 private constant BLOCK = 20_000_000; // Of the publication: above 2^24.

    function test_Pin_SecondBlockAfter_WritesNextBlocksHash() public {
        uint256 taskId = _published();
        VM.roll(BLOCK + 2);
        VM.setBlockhash(BLOCK + 1, "the next");
        VM.setBlockhash(BLOCK, "its own");
        VM.assertEq(market.pinOf(taskId), 0, "not yet");
        VM.expectEmit(address(market));
        emit ITrainingMarket.Pinned(taskId, "the next");

        VM.prank(stranger);
        market.pin(taskId);

        VM.assertEq(market.pinOf(taskId), "the next", "pin");
    }

    /// @dev Before, the hash is not there, and whoever makes the next block could still choose it.
    function test_Pin_TooEarlyOrTooLate_Reverts() public {
        uint256 taskId = _published();
        bytes memory data = abi.encodeCall(ITrainingMarket.pin, (taskId));
        bytes memory wrong = abi.encodeWithSelector(ITrainingMarket.WrongBlock.selector, BLOCK + 1);
        refuse(sponsor, 0, data, wrong);
        VM.roll(BLOCK + 1);
        refuse(sponsor, 0, data, wrong);
        uint256 state = VM.snapshotState();
        VM.roll(BLOCK + 257);
        VM.setBlockhash(BLOCK + 1, "the next");
        market.pin(taskId);
        VM.assertEq(market.pinOf(taskId), "the next", "the last block in which it can");
        VM.revertToState(state);
        VM.roll(BLOCK + 258);
        refuse(sponsor, 0, data, wrong);
        // Not even when the block's low bits come again.
        VM.roll(BLOCK + 2 ** 24 + 2);
        refuse(sponsor, 0, data, wrong);
    }

    function test_Pin_Again_Reverts() public {
        uint256 taskId = _published();
        VM.roll(BLOCK + 2);
        market.pin(taskId);
        VM.roll(BLOCK + 3);

        refuse(
            sponsor,
            0,
            abi.encodeCall(ITrainingMarket.pin, (taskId)),
            abi.encodeWithSelector(ITrainingMarket.WrongBlock.selector, BLOCK + 1)
        );
    }

    function test_Pin_UnknownTask_Reverts() public {
        refuse(stranger, 0, abi.encodeCall(ITrainingMarket.pin, (1)), unknownTask(1));
    }

    /// @dev Two tasks of one block have one pin, and other seeds.
    function test_Pin_SameBlock_OtherSeeds() public {
        uint256 taskId = _published();
        VM.roll(BLOCK);
        VM.prank(sponsor);
        market.publish{value: due(defaultTerms())}(SPEC, defaultTerms());
        VM.roll(BLOCK + 2);
        market.pin(taskId);
        market.pin(taskId + 1);

        VM.assertEq(market.pinOf(taskId), market.pinOf(taskId + 1), "pin");
        VM.assertTrue(
            market.caseOf(taskId, 0, poster).seed != market.caseOf(taskId + 1, 0, poster).seed, "by the task's number"
        );
    }

    function _published() private returns (uint256 taskId) {
        VM.roll(BLOCK);
        VM.prank(sponsor);
        taskId = market.publish{value: due(defaultTerms())}(SPEC, defaultTerms());
    }
}
