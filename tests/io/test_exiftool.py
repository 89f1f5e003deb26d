"""Real ExifTool processes: any name, any content, and they die and hang for real."""

import os
import signal
import stat
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image

from home_media_pipelines.core.errors import ExifToolMissingError
from home_media_pipelines.core.metadata.tags import CUT_SHORT
from home_media_pipelines.io import exiftool
from home_media_pipelines.io.exiftool import ExifTool, ReadFailure
from tests.waiting import until


def content_id(number: int) -> str:
    return f"{number:064x}"


def jpeg(path: Path, make: str = "Canon") -> Path:
    exif = Image.Exif()
    exif[271] = make
    with path.open("wb") as file:
        Image.new("RGB", (8, 6)).save(file, "JPEG", exif=exif)
    return path


def png(path: Path, kind: bytes, data: bytes) -> Path:
    Image.new("RGB", (8, 6)).save(path)
    plain = path.read_bytes()
    crc = struct.pack(">I", zlib.crc32(kind + data))
    chunk = struct.pack(">I", len(data)) + kind + data + crc
    path.write_bytes(plain[:33] + chunk + plain[33:])  # right after IHDR
    return path


def pids(tool: ExifTool) -> list[int]:
    return [process._process.pid for process in tool._started if process.alive()]


HOSTILE_NAMES = [
    b"-execute",
    b"-o=x.jpg",
    b"@args",
    b"#comment.jpg",
    b"a\n-delete_original\nb.jpg",
    b"{ready100001}.jpg",
    b"|touch pwned|.jpg",
    b"%d%f.%e.jpg",
    b"*.jpg",
    b"\xff\xfe.jpg",
    b" x .jpg ",
    "Öl 😀".encode(),
    b"x" * 251 + b".jpg",
]


def test_no_file_name_reaches_exiftool(tmp_path):
    """Options, newlines, pipes, wildcards, bytes that are no text: all just files."""
    paths = [jpeg(tmp_path / os.fsdecode(n)) for n in HOSTILE_NAMES]
    before = sorted(tmp_path.iterdir())
    files = {content_id(n): path for n, path in enumerate(paths)}
    with ExifTool() as tool:
        read = dict(tool.read(files))
    assert [tags["IFD0:Make"] for tags in read.values()] == ["Canon"] * len(paths)
    assert sorted(tmp_path.iterdir()) == before


def test_an_original_is_not_touched_even_where_nothing_may_be_written(tmp_path):
    path = jpeg(tmp_path / "a.jpg")
    path.chmod(0o444)
    tmp_path.chmod(0o555)
    before = (path.stat(), path.read_bytes())
    with ExifTool() as tool:
        ((_, tags),) = tool.read({content_id(1): path})
    assert tags["IFD0:Make"] == "Canon"
    after = path.stat()
    assert (after.st_mtime_ns, after.st_ctime_ns) == (
        before[0].st_mtime_ns,
        before[0].st_ctime_ns,
    )
    assert stat.S_IMODE(after.st_mode) == 0o444
    tmp_path.chmod(0o755)


def test_answers_come_in_order_whoever_reads_them(tmp_path):
    """Three processes, more files than three batches hold."""
    files = {
        content_id(n): jpeg(tmp_path / f"{n}.jpg", make=f"Make {n}")
        for n in range(exiftool.BATCH * 3 + 5)
    }
    with ExifTool(processes=3) as tool:
        read = list(tool.read(files))
        assert len(pids(tool)) == 3
    assert [name for name, _ in read] == list(files)
    assert [tags["IFD0:Make"] for _, tags in read] == [
        f"Make {n}" for n in range(len(files))
    ]


def test_a_person_s_exiftool_config_is_not_run(tmp_path, monkeypatch):
    """It is Perl, and it would run as whoever scans."""
    marker = tmp_path / "ran"
    (tmp_path / ".ExifTool_config").write_text(f"open(F, '>', '{marker}'); 1;")
    monkeypatch.setenv("HOME", str(tmp_path))
    with ExifTool() as tool:
        list(tool.read({content_id(1): jpeg(tmp_path / "a.jpg")}))
    assert not marker.exists()


def test_what_is_gone_or_no_file_fails_alone(tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")  # opening it would wait for ever
    files = {
        content_id(1): tmp_path / "gone.jpg",
        content_id(2): tmp_path,
        content_id(3): tmp_path / "pipe.jpg",
        content_id(4): jpeg(tmp_path / "a.jpg"),
    }
    with ExifTool() as tool:
        read = dict(tool.read(files))
    assert read[content_id(1)] == ReadFailure("No such file or directory", False)
    assert read[content_id(2)] == ReadFailure("not a regular file", False)
    assert read[content_id(3)] == ReadFailure("not a regular file", False)
    assert read[content_id(4)]["IFD0:Make"] == "Canon"


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "File is empty"), (b"\x00\x01\x02" * 99, "File format error")],
)
def test_bytes_that_are_no_media_are_a_permanent_failure(tmp_path, content, reason):
    path = tmp_path / "a.jpg"
    path.write_bytes(content)
    with ExifTool() as tool:
        ((_, failure),) = tool.read({content_id(1): path})
    assert failure == ReadFailure(reason, permanent=True)


def test_a_killed_process_is_replaced(tmp_path):
    files = {content_id(1): jpeg(tmp_path / "a.jpg")}
    with ExifTool() as tool:
        list(tool.read(files))
        (first,) = pids(tool)
        os.kill(first, signal.SIGKILL)
        ((_, tags),) = tool.read(files)
        assert tags["IFD0:Make"] == "Canon"
        assert pids(tool) != [first]


def test_a_process_that_hangs_is_replaced(tmp_path):
    """It stops in the middle, as one does that waits for a dead NAS."""
    files = {content_id(n): jpeg(tmp_path / f"{n}.jpg") for n in range(3)}
    with ExifTool() as tool:
        list(tool.read(files))
        (first,) = pids(tool)
        os.kill(first, signal.SIGSTOP)
        tool._started[0]._timeout = 1  # the next one has all its time
        read = dict(tool.read(files))
        assert [tags["IFD0:Make"] for tags in read.values()] == ["Canon"] * 3
        assert first not in pids(tool)


def test_a_file_that_kills_exiftool_costs_no_other(tmp_path, monkeypatch):
    """A few kilobytes that unpack to more than the process may have."""
    monkeypatch.setattr(exiftool, "MEMORY_LIMIT", 256 * 2**20)
    packed = zlib.compress(b"x" * 300 * 2**20, 1)
    bomb = png(tmp_path / "bomb.png", b"zTXt", b"Comment\0\0" + packed)
    files = {content_id(n): jpeg(tmp_path / f"{n}.jpg") for n in range(4)}
    files = {content_id(99): bomb} | files
    with ExifTool() as tool:
        read = dict(tool.read(files))
    assert read.pop(content_id(99)) == ReadFailure("ExifTool died", permanent=True)
    assert [tags["IFD0:Make"] for tags in read.values()] == ["Canon"] * 4


def test_a_giant_tag_does_not_hide_the_others(tmp_path, monkeypatch):
    """The file is still dated and sized, and says what was left out."""
    monkeypatch.setattr(exiftool, "ANSWER_LIMIT", 2**20)
    giant = png(tmp_path / "giant.png", b"tEXt", b"Comment\0" + b"x" * 2**21)
    with ExifTool() as tool:
        ((_, tags),) = tool.read({content_id(1): giant})
    assert tags["PNG:ImageWidth"] == 8
    assert "PNG:Comment" not in tags
    assert "bytes of answer" in tags[CUT_SHORT]


@pytest.mark.parametrize(
    "text",
    [b"{ready100001}\n", b"\xff\xfe\x00\x80", b'"}]\n', b"\x1b[31m", b"=0=post100001"],
)
def test_what_a_tag_says_cannot_end_the_answer(tmp_path, text):
    path = png(tmp_path / "a.png", b"tEXt", b"Comment\0" + text)
    files = {content_id(1): path, content_id(2): jpeg(tmp_path / "b.jpg")}
    with ExifTool() as tool:
        read = dict(tool.read(files))
    assert read[content_id(1)]["PNG:ImageWidth"] == 8
    assert read[content_id(2)]["IFD0:Make"] == "Canon"


def test_numbers_keep_the_digits_they_were_written_with(tmp_path):
    """`14.40` is a version of software, and not 14.4."""
    path = png(tmp_path / "a.png", b"tEXt", b"Software\x0014.40")
    with ExifTool() as tool:
        ((_, tags),) = tool.read({content_id(1): path})
    assert tags["PNG:Software"] == "14.40"


def test_nothing_is_left_behind(tmp_path):
    with ExifTool(processes=2) as tool:
        files = {content_id(n): jpeg(tmp_path / f"{n}.jpg") for n in range(70)}
        reader = tool.read(files)
        next(reader)  # and never asked again
        links = Path(tool._links.name)
        assert stat.S_IMODE(links.stat().st_mode) == 0o700
    assert not links.exists()
    for process in tool._started:
        assert not process.alive()


def test_without_exiftool_no_file_is_to_blame(tmp_path, monkeypatch):
    """Missing or broken: the run fails, and nothing is recorded of the files."""
    files = {content_id(1): jpeg(tmp_path / "a.jpg")}
    monkeypatch.setenv("PATH", str(tmp_path))
    with ExifTool() as tool, pytest.raises(ExifToolMissingError):
        list(tool.read(files))
    broken = tmp_path / "exiftool"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    with ExifTool() as tool, pytest.raises(ExifToolMissingError):
        list(tool.read(files))


def test_a_silent_storage_is_no_permanent_failure(tmp_path, monkeypatch):
    """A NAS that sleeps for a minute must not cost a picture its date for ever."""
    dead = tmp_path / "exiftool"
    dead.write_text(
        f"#!{sys.executable}\n"
        "import sys, re, time\n"
        "for line in sys.stdin:\n"
        "    if found := re.match(r'=\\$\\{status\\}=post(\\d+)', line):\n"
        "        print('12.57'), print('{ready%s}' % found[1], flush=True)\n"
        "        time.sleep(60)\n"
    )
    dead.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with ExifTool(timeout=1) as tool:
        ((_, failure),) = tool.read({content_id(1): jpeg(tmp_path / "a.jpg")})
    assert failure == ReadFailure("no answer within 1 s", permanent=False)


def test_a_key_that_is_no_content_id_is_refused(tmp_path):
    """It becomes a file name."""
    with ExifTool() as tool, pytest.raises(ValueError, match="not a content_id"):
        list(tool.read({"../../x": tmp_path}))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child")
def test_processes_end_with_the_one_that_started_them(tmp_path):
    """A killed run must not leave ExifTools spinning."""
    path = jpeg(tmp_path / "a.jpg")
    program = (
        "import os, sys, pathlib\n"
        "from home_media_pipelines.io.exiftool import ExifTool\n"
        "tool = ExifTool().__enter__()\n"
        f"list(tool.read({{'0' * 64: pathlib.Path({str(path)!r})}}))\n"
        "print(tool._started[0]._process.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    command = [sys.executable, "-c", program]
    pid = int(subprocess.run(command, capture_output=True, check=False).stdout)

    def ended() -> bool:
        try:  # nothing there: dead, and waiting for somebody to notice
            return not Path(f"/proc/{pid}/cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            return True

    until(ended, 60, "ExifTool to end")
