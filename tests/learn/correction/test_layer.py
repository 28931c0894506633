"""A hook on a layer: tokens, pictures, and the embedding of a sentence encoder."""

from __future__ import annotations

import torch

from matomari import LatentClusterCorrection
from matomari.learn.correction.layer import Latent, pooled


def test_tokens_are_averaged_where_the_mask_says_so_and_pictures_over_their_area() -> None:
    from transformers import BertConfig, BertModel

    torch.manual_seed(0)
    model = BertModel(BertConfig(vocab_size=50, hidden_size=8, num_hidden_layers=2, num_attention_heads=2, intermediate_size=16)).eval()
    latent = Latent(model, "encoder.layer.1")
    words, mask = torch.tensor([[1, 2, 3, 4], [5, 6, 0, 0]]), torch.tensor([[1, 1, 1, 1], [1, 1, 0, 0]])
    tokens = model(input_ids=words, attention_mask=mask).last_hidden_state
    torch.testing.assert_close(latent.last, torch.stack([tokens[0].mean(dim=0), tokens[1, :2].mean(dim=0)]))
    picture = torch.randn(2, 3, 5, 5)
    torch.testing.assert_close(pooled(picture), picture.flatten(2).mean(dim=2))
    latent.close()
    assert not any(module._forward_hooks or module._forward_pre_hooks for module in model.modules())


def test_the_embedding_of_a_sentence_encoder() -> None:
    from builders.learner import student

    model = student()
    texts = [f"w{i % 4} w{i % 4 + 10} w{20 + i}" for i in range(40)]
    y = torch.arange(40) % 4
    lcc = LatentClusterCorrection("", weight=1.0).attach(model)
    features = model.tokenize(texts)
    model(features)
    assert lcc(torch.arange(40), y).item() == 0
    lcc.epoch_ended()
    out = model(model.tokenize(texts[:6]))["sentence_embedding"]
    loss = lcc(torch.arange(6), y[:6])
    gradient = torch.autograd.grad(loss, out, allow_unused=True)[0]
    assert gradient is not None
    assert float(gradient.norm()) > 0
