"""How Google Photos says "edited" in the file name of an edit, by language.

Takeout writes the word of the account's language behind a hyphen. A language has
several where the word was translated anew, or agrees with what it is about.
"""

EDIT_WORDS: dict[str, tuple[str, ...]] = {
    "ca": ("editat", "editada"),
    "cs": ("upraveno", "upravené", "upravený", "upravená"),
    "da": ("redigeret",),
    "de": ("bearbeitet",),
    "el": ("επεξεργασμένο", "τροποποιήθηκε"),
    "en": ("edited",),
    "es": ("ha editado", "editado", "editada"),
    "et": ("muudetud",),
    "fi": ("muokattu",),
    "fr": ("modifié", "modifiée"),
    "hr": ("uređeno",),
    "hu": ("szerkesztve", "szerkesztett"),
    "id": ("diedit",),
    "it": ("modificato", "modificata"),
    "ja": ("編集済み", "編集"),
    "ko": ("수정됨", "편집됨"),
    "lt": ("redaguota",),
    "lv": ("rediģēts",),
    "nb": ("redigert",),
    "nl": ("bewerkt",),
    "pl": ("edytowane", "edytowany", "edytowana", "edytowano"),
    "pt": ("editado", "editada"),
    "ro": ("editat", "editată", "modificat"),
    "ru": ("изменено", "отредактировано", "измененный", "изменённый"),
    "sk": ("upravené", "upravený"),
    "sl": ("urejeno",),
    "sv": ("redigerad", "redigerat"),
    "tr": ("düzenlendi", "düzenlenmiş", "düzenlenen"),
    "uk": ("змінено", "відредаговано", "відредагований"),
    "vi": ("đã chỉnh sửa",),
    "zh": ("已修改", "已编辑", "编辑", "已編輯", "編輯", "已编辑的"),
}
