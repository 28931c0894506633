"""Sessions of onnxruntime: the number of threads, and whether 8-bit products are exact on this processor."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

import numpy as np


def session(graph: bytes, plain: bool = False) -> Any:
    """An onnxruntime session on as many threads as this process may use; `plain` keeps every tensor of the graph."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads()
    options.log_severity_level = 3
    if plain:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def threads() -> int:
    """Processors that this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def exact_products() -> bool:
    """Whether 8-bit products are exact here: some processors add pairs in 16 bits, where 2 · 255 · 127 overflows."""
    from onnx import TensorProto, helper

    node = helper.make_node("MatMulInteger", ["a", "b"], ["c"])
    shapes = {"a": (TensorProto.UINT8, [8, 64]), "b": (TensorProto.INT8, [64, 32]), "c": (TensorProto.INT32, [8, 32])}
    a, b, c = (helper.make_tensor_value_info(name, kind, shape) for name, (kind, shape) in shapes.items())
    model = helper.make_model(helper.make_graph([node], "probe", [a, b], [c]), opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    inputs = {"a": np.full((8, 64), 255, np.uint8), "b": np.full((64, 32), 127, np.int8)}
    return bool((session(model.SerializeToString()).run(None, inputs)[0] == 255 * 127 * 64).all())
