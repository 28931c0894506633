"""A SentenceTransformer as one ONNX graph: token numbers of texts of one length in, vectors out."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, Any

from ...errors import MachineError
from ...wording import one_line

if TYPE_CHECKING:
    import onnx
    from sentence_transformers import SentenceTransformer

_POOLS = ("mean", "cls")


def obstacle(model: SentenceTransformer) -> str | None:
    """Why this model cannot become such a graph, or None when it can.

    Only the chain Transformer, Pooling (mean or cls), then any Dense and Normalize of the sentence vector is exported, because
    only then is the graph known to compute the same as the model's own encode.
    """
    modules: list[Any] = list(model)
    kinds = [type(module).__name__ for module in modules]
    if kinds[:2] != ["Transformer", "Pooling"] or not all(_on_the_vector(module) for module in modules[2:]):
        return f"its modules are {', '.join(kinds)}"
    pooling = modules[1].get_config_dict().get("pooling_mode")
    if pooling not in _POOLS:
        return f"its pooling is {pooling}"
    if model.default_prompt_name or model.truncate_dim or getattr(modules[0], "do_lower_case", False):
        return "it uses a prompt, a cut width or lower-casing"
    if getattr(model.tokenizer, "backend_tokenizer", None) is None:
        return "its tokenizer has no fast form"
    if not isinstance(model.max_seq_length, int):
        return "it has no longest sequence"
    return None


def _on_the_vector(module: Any) -> bool:
    """Whether a module turns the sentence vector into another, and does nothing else."""
    if type(module).__name__ not in ("Dense", "Normalize"):
        return False
    return {module.module_input_name, module.module_output_name} == {"sentence_embedding"}


def export(model: SentenceTransformer) -> onnx.ModelProto:
    """The float32 graph ``tokens (n, l) -> vectors (n, d)``.

    There is no attention mask: texts of one length are encoded together, so that nothing is padded and a text's
    vector cannot depend on its neighbours.

    Raises
    ------
    MachineError
        torch cannot trace this model.
    """
    import onnx
    import torch

    graph = _graph(model)
    tokens = torch.randint(1, 100, (2, 7), generator=torch.Generator().manual_seed(0))
    out: Any = io.BytesIO()  # the legacy exporter accepts it, although its signature does not
    was = model.training
    try:
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")  # the tracer warns of every Python branch; the vectors are compared later
            torch.onnx.export(
                graph.eval(),
                (tokens,),
                out,
                input_names=["tokens"],
                output_names=["vectors"],
                dynamic_axes={"tokens": {0: "n", 1: "l"}, "vectors": {0: "n"}},
                opset_version=17,
                dynamo=False,
            )
    except Exception as error:  # the tracer raises many kinds of errors on models that it does not support
        raise MachineError(f"this model cannot be exported to ONNX: {one_line(error)}.", hint="load_encoder(…, fast='off')") from error
    finally:
        model.train(was)
    return onnx.load_from_string(out.getvalue())


def _graph(model: SentenceTransformer) -> Any:
    import torch

    modules: list[Any] = list(model)
    transformer, mean = modules[0].model, modules[1].get_config_dict()["pooling_mode"] == "mean"

    class Graph(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.transformer, self.rest = transformer, torch.nn.Sequential(*modules[2:])

        def forward(self, tokens: torch.Tensor) -> torch.Tensor:
            states = self.transformer(input_ids=tokens, return_dict=False)[0]
            vectors = states.mean(dim=1) if mean else states[:, 0]
            embedding: torch.Tensor = self.rest({"sentence_embedding": vectors})["sentence_embedding"]
            return embedding

    return Graph()
