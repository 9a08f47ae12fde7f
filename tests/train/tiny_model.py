"""A language model of a few thousand numbers, made on the spot: it proves that all is plugged together, and nothing else."""

from pathlib import Path

from tests.judging.pairs_of_weather import BETTER, OTHERS, WORSE

END = "<|endoftext|>"


def tiny_model(folder: Path, seed: int = 0) -> Path:
    """A Qwen2 of two layers, with a tokenizer that was taught the words below."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import Qwen2Config, Qwen2ForCausalLM, Qwen2TokenizerFast

    cut = Tokenizer(models.BPE())
    cut.pre_tokenizer, cut.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    known = [" ".join(["", *BETTER, *WORSE, *OTHERS])] * 9
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    cut.train_from_iterator(known, trainers.BpeTrainer(vocab_size=420, special_tokens=[END], initial_alphabet=alphabet))
    Qwen2TokenizerFast(tokenizer_object=cut, eos_token=END, pad_token=END, unk_token=END).save_pretrained(folder)
    torch.manual_seed(seed)
    config = Qwen2Config(
        vocab_size=cut.get_vocab_size(),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        max_position_embeddings=256,
        eos_token_id=0,
        pad_token_id=0,
        bos_token_id=None,
    )
    Qwen2ForCausalLM(config).save_pretrained(folder)
    return folder
