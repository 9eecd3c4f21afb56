"""Makes mlp-torchscript.pt: a TorchScript module, which TorchSharp loads and no hook sees into.

Made with Debian's python3-torch 1.13.1: python3 mlp-torchscript.py
"""
import torch


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.a = torch.nn.Linear(6, 8)
        self.b = torch.nn.Linear(8, 4)

    def forward(self, x):
        return self.b(torch.tanh(self.a(x)))


torch.manual_seed(0)
torch.jit.script(Net()).save("mlp-torchscript.pt")
