"""Make the tokenizer of the tiny CLIP: the words of the sentences, and no others."""

import re
from pathlib import Path

from tokenizers import Tokenizer, normalizers
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import TemplateProcessing
from transformers import PreTrainedTokenizerFast

from training.vocabulary import all_words

PAD, UNHEARD, END = "[PAD]", "[UNK]", "[END]"

_PIECES = re.compile(r"\w+|[^\w\s]+")


def vocabulary() -> list[str]:
    """Return the words in the order of their numbers.

    The end comes last: where a text has its largest number, open_clip reads it off.
    """
    words = {word for said in all_words() for word in _PIECES.findall(said.lower())}
    return [PAD, UNHEARD, *sorted(words), END]


def write_tokenizer(folder: Path) -> None:
    """Write the files from which open_clip makes the tokenizer of a `local-dir:`."""
    words = vocabulary()
    numbers = {word: number for number, word in enumerate(words)}
    made = Tokenizer(WordLevel(numbers, UNHEARD))
    made.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    made.pre_tokenizer = Whitespace()
    made.post_processor = TemplateProcessing(
        single=f"$A {END}", special_tokens=[(END, numbers[END])]
    )
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=made, pad_token=PAD, unk_token=UNHEARD, eos_token=END
    )
    tokenizer.save_pretrained(folder)
