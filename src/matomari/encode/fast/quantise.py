"""Turn a float32 graph into one that multiplies 8-bit integers, with scales that are fixed in advance.

The usual dynamic quantisation takes the scale of the activations from the batch, so that a text's vector depends on
its neighbours, and one outlier costs all others their precision. Here:

1. *Scales are fixed* by a few sentences (`SENTENCES`): nothing depends on the batch, nothing is measured at run time.
2. *Channels are equalised* where a LayerNorm feeds the product: it returns (x - middle) / s instead of x, and the
   weights become s·w, with s = a^0.7 / b^0.3 (a the channel's range, b its largest weight), as in SmoothQuant.
3. *Outliers are separated*: elsewhere (after GELU one channel reaches 25 where the others stay below 6) the sixteen widest
   channels' excess over the common range is multiplied in float32 and added.

References
----------
Xiao et al., "SmoothQuant", ICML 2023, equation 4. Dettmers et al., "LLM.int8()", NeurIPS 2022, section 3.2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .sentences import SENTENCES
from .session import session

if TYPE_CHECKING:
    import onnx

Floats = NDArray[np.float32]
ALPHA = 0.7
WIDEST = 16
_DOMAIN = "com.microsoft"


@dataclass(frozen=True)
class Span:
    """The range of each channel of one tensor, two arrays of shape (k,)."""

    low: Floats
    high: Floats


def quantise(model: onnx.ModelProto, tokens: Sequence[Sequence[int]], bits: int = 8) -> onnx.ModelProto:
    """The graph with every product by a constant matrix in 8-bit integers.

    Parameters
    ----------
    model : ModelProto
        A float32 graph from `export`; it is changed.
    tokens : sequence of sequences of int
        Token numbers of the sentences that fix the scales.
    bits : int
        Bits of a weight; 7 where the processor would overflow with 8.

    Returns
    -------
    model : ModelProto
        The same graph.
    """
    graph = model.graph
    constants = _constants(graph)
    products = [n for n in graph.node if n.op_type == "MatMul" and n.input[1] in constants and constants[n.input[1]].ndim == 2]
    spans = measure(model, sorted({n.input[0] for n in products}), tokens)
    surgeon = _Surgeon(graph, constants, bits)
    for name in sorted(spans):
        surgeon.replace(name, spans[name], [n for n in products if n.input[0] == name])
    surgeon.finish()
    model.opset_import.extend([_opset()] if all(o.domain != _DOMAIN for o in model.opset_import) else [])
    return model


def measure(model: onnx.ModelProto, names: Sequence[str], tokens: Sequence[Sequence[int]]) -> Mapping[str, Span]:
    """The range that each channel of the named tensors takes over the sentences."""
    import onnx

    probed = onnx.ModelProto()
    probed.CopyFrom(model)
    del probed.graph.output[:]
    probed.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names)
    run = session(probed.SerializeToString(), plain=True)
    low: dict[str, Any] = {}
    high: dict[str, Any] = {}
    for row in tokens:
        for name, values in zip(names, run.run(list(names), {"tokens": np.array([row], np.int64)}), strict=True):
            flat = values.reshape(-1, values.shape[-1])
            low[name] = np.minimum(low.get(name, np.inf), flat.min(0))
            high[name] = np.maximum(high.get(name, -np.inf), flat.max(0))
    return {name: Span(low[name].astype(np.float32), high[name].astype(np.float32)) for name in names}


def calibration_tokens(tokenizer: Any) -> list[list[int]]:
    """Token numbers of the sentences, one by one and one longer run of them."""
    texts = [*SENTENCES, " ".join(SENTENCES[:12])]
    return [row.ids for row in tokenizer.encode_batch(texts) if row.ids]


class _Surgeon:
    """Replaces products in a graph, and keeps the nodes in an order in which they can run."""

    def __init__(self, graph: onnx.GraphProto, constants: Mapping[str, NDArray[Any]], bits: int) -> None:
        self.graph, self.constants, self.top = graph, constants, 2 ** (bits - 1) - 1
        self.maker = {output: node for node in graph.node for output in node.output}
        self.users: dict[str, list[onnx.NodeProto]] = {}
        for node in graph.node:
            for name in node.input:
                self.users.setdefault(name, []).append(node)
        self.before: dict[int, list[onnx.NodeProto]] = {}  # new nodes, by the old node that they replace
        self.gone: set[int] = set()
        self.known: dict[str, str] = {}

    def replace(self, name: str, span: Span, products: list[onnx.NodeProto]) -> None:
        """Quantise tensor `name` once, and all products that read it."""
        first = products[0]
        weights = [self.constants[n.input[1]].astype(np.float32) for n in products]
        source, shift, even, span = self._evened(name, span, weights, first)
        wide = np.empty(0, np.int64)
        if source == name:
            wide = np.sort(np.argsort(-np.maximum(span.high, -span.low), kind="stable")[: min(WIDEST, len(span.low) // 2)])
        common = np.delete(np.arange(len(span.high)), wide)
        low, high = min(float(span.low[common].min()), 0.0), max(float(span.high[common].max()), 1e-6)
        scale = np.float32((high - low) / 255)
        zero = np.uint8(round(-low / float(scale)))
        a, z = self._constant(name + "_scale", scale), self._constant(name + "_zero", zero)
        self._add(first, "QuantizeLinear", [source, a, z], [name + "_u8"])
        limits = np.float32(-float(zero) * scale), np.float32((255 - float(zero)) * scale)
        over = self._overflow(first, source, wide, limits) if len(wide) else None
        for node, weight in zip(products, weights, strict=True):
            self._product(node, name, quantised=(a, z), parts=(shift, even, weight), side=(over, wide))

    def _evened(self, name: str, span: Span, weights: list[Floats], first: Any) -> tuple[str, Floats, Floats, Span]:
        """If a LayerNorm computes the tensor, add a second one that computes it with equalised channels."""
        k, norm = len(span.low), self.maker.get(name)
        if norm is None or norm.op_type != "LayerNormalization" or any(i not in self.constants for i in norm.input[1:]):
            return name, np.zeros(k, np.float32), np.ones(k, np.float32), span
        middle = ((span.low + span.high) / 2).astype(np.float32)
        reach = np.maximum((span.high - span.low) / 2, 1e-4)
        largest = np.maximum(np.max([np.abs(w).max(1) for w in weights], axis=0), 1e-4)
        even = (reach**ALPHA / largest ** (1 - ALPHA)).astype(np.float32)
        gain = self._constant(name + "_gain", self.constants[norm.input[1]] / even)
        bias = self._constant(name + "_bias", (self.constants[norm.input[2]] - middle) / even)
        evened = self._add(first, "LayerNormalization", [norm.input[0], gain, bias], [name + "_even"])
        evened.attribute.extend(norm.attribute)
        return name + "_even", middle, even, Span((span.low - middle) / even, (span.high - middle) / even)

    def _overflow(self, first: Any, source: str, wide: NDArray[np.int64], limits: tuple[np.float32, np.float32]) -> str:
        """How far the widest channels exceed the common range, shape (…, 16)."""
        picked, clipped, over = source + "_wide", source + "_clipped", source + "_over"
        low, high = (self._constant(source + end, limit) for end, limit in zip(("_low", "_high"), limits, strict=True))
        self._add(first, "Gather", [source, self._constant(source + "_which", wide)], [picked], axis=-1)
        self._add(first, "Clip", [picked, low, high], [clipped])
        self._add(first, "Sub", [picked, clipped], [over])
        return over

    def _product(self, node: Any, name: str, quantised: tuple[str, str], parts: Any, side: Any) -> None:
        (a, z), (shift, even, weight), (over, wide) = quantised, parts, side
        key = node.output[0]
        scaled = weight * even[:, None]
        step = (np.maximum(np.abs(scaled).max(0), 1e-12) / self.top).astype(np.float32)
        whole = np.clip(np.rint(scaled / step), -self.top, self.top).astype(np.int8)
        constant = shift @ weight
        end, bias = self._following_bias(node)
        target = end.output[0]
        b = self._constant(key + "_b", (constant + (bias if bias is not None else 0)).astype(np.float32))
        inputs = [name + "_u8", self._constant(key + "_w", whole), a, self._constant(key + "_step", step), z, "", b]
        if over is None:
            self._add(end, "MatMulIntegerToFloat", inputs, [target], domain=_DOMAIN)
        else:
            self._add(end, "MatMulIntegerToFloat", inputs, [key + "_main"], domain=_DOMAIN)
            self._add(end, "MatMul", [over, self._constant(key + "_rest", weight[wide])], [key + "_side"])
            self._add(end, "Add", [key + "_main", key + "_side"], [target])
        self.gone |= {id(node), id(end)}

    def _following_bias(self, node: Any) -> tuple[Any, Floats | None]:
        """The Add of a constant that is the only reader of the product, so that it can be folded in."""
        users = self.users.get(node.output[0], [])
        if len(users) == 1 and users[0].op_type == "Add":
            others = [i for i in users[0].input if i != node.output[0]]
            if len(others) == 1 and others[0] in self.constants and self.constants[others[0]].ndim == 1:
                return users[0], self.constants[others[0]].astype(np.float32)
        return node, None

    def _constant(self, name: str, value: Any) -> str:
        from onnx import numpy_helper

        value = np.asarray(value)
        value = value.astype(np.float32) if value.dtype == np.float64 else value
        if name not in self.known:
            self.graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(value).reshape(value.shape), name))
            self.known[name] = name
        return name

    def _add(self, at: Any, kind: str, inputs: list[str], outputs: list[str], domain: str = "", **attributes: Any) -> Any:
        from onnx import helper

        node = helper.make_node(kind, inputs, outputs, name=f"{outputs[0]}_node", domain=domain, **attributes)
        self.before.setdefault(id(at), []).append(node)
        return node

    def finish(self) -> None:
        """Write the nodes back, and drop constants that nothing reads."""
        nodes = []
        for node in list(self.graph.node):
            nodes += self.before.get(id(node), [])
            nodes += [] if id(node) in self.gone else [node]
        copied = [type(node).FromString(node.SerializeToString()) for node in nodes]
        del self.graph.node[:]
        self.graph.node.extend(copied)
        read = {name for node in copied for name in node.input}
        held = [type(c).FromString(c.SerializeToString()) for c in self.graph.initializer if c.name in read]
        del self.graph.initializer[:]
        self.graph.initializer.extend(held)


def _constants(graph: onnx.GraphProto) -> dict[str, NDArray[Any]]:
    from onnx import numpy_helper

    constants = {c.name: numpy_helper.to_array(c) for c in graph.initializer}
    for node in graph.node:
        if node.op_type == "Constant" and node.attribute[0].name == "value":
            constants[node.output[0]] = numpy_helper.to_array(node.attribute[0].t)
    return constants


def _opset() -> Any:
    from onnx import helper

    return helper.make_opsetid(_DOMAIN, 1)
