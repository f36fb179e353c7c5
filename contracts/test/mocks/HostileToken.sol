// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @dev A token as OPEN must never be: in every transfer it calls somebody back. It keeps honest balances, so that
/// what a re-entrant call gained can be counted. It remembers whether the call back went through.
contract HostileToken {
    mapping(address account => uint256) public balanceOf;
    mapping(address owner => mapping(address spender => uint256)) public allowance;
    mapping(address payer => mapping(bytes32 nonce => address)) private _paidTo;
    mapping(address payer => mapping(bytes32 nonce => uint256)) private _paidWei;

    address private _target;
    bytes private _call;
    bool public succeeded;
    bytes public failure;
    uint256 public attempts;

    function mint(address account, uint256 amount) external {
        balanceOf[account] += amount;
    }

    function arm(address target, bytes calldata data) external {
        (_target, _call) = (target, data);
    }

    function recordPayment(address payer, bytes32 nonce, address to, uint256 value) external {
        balanceOf[to] += value;
        _paidTo[payer][nonce] = to;
        _paidWei[payer][nonce] = value;
    }

    function authorizedTransfer(address payer, bytes32 nonce) external view returns (address, uint256) {
        return (_paidTo[payer][nonce], _paidWei[payer][nonce]);
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        return true;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        return _move(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        require(allowance[from][msg.sender] >= amount, "allowance");
        return _move(from, to, amount);
    }

    function _move(address from, address to, uint256 amount) private returns (bool) {
        if (_target != address(0)) {
            address target = _target;
            _target = address(0);
            attempts++;
            (succeeded, failure) = target.call(_call);
        }
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
        return true;
    }
}
