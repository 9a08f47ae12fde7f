"""A language model taught by pairs, with trl's SimPO and a LoRA adapter of peft, on the processor.

The pieces that are learned from are cut by our own hand (`LanguageModel.pieces`), as those that are scored are: trl leaves a pair
whose prompt fills the whole length without a text, and its loss is then no number.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import Any

from touchstone.errors import Refused
from touchstone.judging.simpo.language_model import LanguageModel, PromptedText, one_thread, quiet
from touchstone.judging.simpo.settings import SimpoSettings
from touchstone.preferences.training_pairs import TrainingPair

MASKED = -100  # of a piece that counts nothing in the loss


@dataclass(frozen=True)
class Taught:
    """`steps` that were taken, and the mean `loss` of the first and of the last pass over the pairs."""

    steps: int
    first_loss: float
    last_loss: float


def teach(
    base: LanguageModel,
    pairs: Sequence[TrainingPair],
    settings: SimpoSettings,
    told: Callable[[float], None] = lambda share: None,
) -> tuple[LanguageModel, Taught]:
    """The base model with an adapter that was taught; the base's own weights stay. The same pairs, settings and base model give
    the same adapter on one machine. `told` hears the share that is done, and may raise to stop. Raises Refused where the loss is
    no number any more."""
    import torch
    from datasets import Dataset, disable_progress_bars
    from peft import LoraConfig
    from transformers import TrainerCallback
    from trl.experimental.cpo import CPOConfig, CPOTrainer

    rows: list[dict[str, Any]] = [_row(base, pair, settings.longest) for pair in pairs]

    class Telling(TrainerCallback):  # type: ignore[misc]
        def on_step_end(self, args: Any, state: Any, control: Any, **more: Any) -> None:
            told(state.global_step / state.max_steps)

    class Trainer(CPOTrainer):  # type: ignore[misc]
        def tokenize_row(self, feature: dict[str, Any], model: Any = None) -> dict[str, Any]:
            return rows[int(feature["row"])]

    disable_progress_bars()
    with quiet(), one_thread(), TemporaryDirectory(prefix="touchstone-train-") as folder:
        torch.manual_seed(settings.seed)
        trainer = Trainer(
            model=base.model,
            args=CPOConfig(
                output_dir=folder,
                loss_type="simpo",
                cpo_alpha=0.0,
                beta=settings.beta,
                simpo_gamma=settings.gamma,
                learning_rate=settings.rate,
                num_train_epochs=settings.epochs,
                per_device_train_batch_size=settings.at_once,
                gradient_accumulation_steps=settings.batch // settings.at_once,
                max_length=settings.longest,
                seed=settings.seed,
                data_seed=settings.seed,
                use_cpu=True,
                bf16=False,
                fp16=False,
                gradient_checkpointing=False,
                remove_unused_columns=False,
                report_to=[],
                save_strategy="no",
                logging_strategy="epoch",
                disable_tqdm=True,
                dataloader_num_workers=0,
                dataloader_pin_memory=False,
            ),
            train_dataset=Dataset.from_list([{"prompt": "", "chosen": "", "rejected": "", "row": at} for at in range(len(rows))]),
            processing_class=base.tokenizer,
            peft_config=LoraConfig(
                r=settings.rank, lora_alpha=settings.alpha, lora_dropout=0.0, target_modules="all-linear", task_type="CAUSAL_LM"
            ),
            callbacks=[Telling()],
        )
        trainer.remove_callback(_printer())
        trainer.train()
    losses = [float(each["loss"]) for each in trainer.state.log_history if "loss" in each]
    if not losses or not all(abs(each) < float("inf") for each in losses):
        raise Refused("the loss grew past any number, so nothing was learned; teach with a lower rate", way=("rate 1e-5",))
    return LanguageModel(base.name, base.digest, trainer.model, base.tokenizer), Taught(
        trainer.state.global_step, losses[0], losses[-1]
    )


def _printer() -> Any:
    from transformers import PrinterCallback

    return PrinterCallback


def _row(base: LanguageModel, pair: TrainingPair, longest: int) -> dict[str, Any]:
    """A pair as trl's collator takes it."""
    row: dict[str, Any] = {}
    for name, side in (("chosen", pair.chosen), ("rejected", pair.rejected)):
        pieces = base.pieces(PromptedText(side.prompt, side.text), longest)
        whole = [*pieces.prompt, *pieces.text]
        row |= {
            f"{name}_input_ids": whole,
            f"{name}_attention_mask": [1] * len(whole),
            f"{name}_labels": [MASKED] * len(pieces.prompt) + pieces.text,
            "prompt_input_ids": pieces.prompt,
            "prompt_attention_mask": [1] * len(pieces.prompt),
        }
    return row
