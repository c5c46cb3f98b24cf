"""The sandbox holds: tried from inside the real child."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from custodes.kernel.errors import Damaged, Refused
from custodes.media.sandbox import (
    BytesReader,
    FileSink,
    Limits,
    SandboxFailed,
    keep_ready,
    layers,
    run,
    starting,
    tasks,
    zygote,
)
from custodes.media.sandbox.ports import MemorySink

CHILD = (sys.executable, "-I", str(Path(__file__).with_name("sandbox_child.py")))
QUICK = Limits(seconds=20, memory_bytes=512 << 20)


TRIALS = frozenset(
    ["escape", "swell", "spin", "sleep", "crash", "pull", "pull_all", "lie", "write", "leave"]
)


@pytest.fixture(params=["fresh", "ready", "forked"])
def trials(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every trial three times: a child started fresh, one kept ready, one of the zygote's."""
    monkeypatch.setattr(starting, "CHILD", CHILD)
    monkeypatch.setattr(starting, "ZYGOTE", (*CHILD, "zygote"))
    monkeypatch.setattr(starting, "WARM", TRIALS if request.param == "forked" else frozenset())
    nursery = starting._Nursery()
    monkeypatch.setattr(starting, "_nursery", nursery)
    standby = starting._Standby()
    monkeypatch.setattr(starting, "_standby", standby)
    if request.param == "ready":
        keep_ready()
    yield
    standby.close()
    nursery.close()


@pytest.fixture
def standby(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The real program with the trials in it, and nothing kept ready yet."""
    monkeypatch.setattr(starting, "CHILD", CHILD)
    monkeypatch.setattr(starting, "WARM", frozenset())
    kept = starting._Standby()
    monkeypatch.setattr(starting, "_standby", kept)
    yield
    kept.close()


@pytest.fixture
def escape(
    trials: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[dict[str, Any]]:
    monkeypatch.setenv("A_SECRET_OF_THE_SERVER", "hunter2")
    with Path("/etc/hostname").open("rb") as inherited:
        os.set_inheritable(inherited.fileno(), True)
        into = {"into": str(tmp_path / "escaped")}
        yield run("escape", BytesReader(b""), into, limits=QUICK)


def test_the_child_can_open_no_file_and_list_no_folder(
    escape: dict[str, Any], tmp_path: Path
) -> None:
    tried = {escape[name] for name in ("read_file", "write_file", "list_folder", "proc_environ")}
    assert tried == {"PermissionError"}
    assert not (tmp_path / "escaped").exists()


def test_the_child_can_open_no_socket(escape: dict[str, Any]) -> None:
    assert escape["socket"] == escape["unix_socket"] == "PermissionError"


def test_the_child_can_start_no_program_and_signal_nobody(escape: dict[str, Any]) -> None:
    assert escape["exec"] == escape["fork"] == escape["signal"] == "PermissionError"
    assert escape["ptrace"] == -1


def test_the_child_cannot_raise_its_own_limits(escape: dict[str, Any]) -> None:
    assert escape["more_memory"] != "done"


def test_the_child_may_start_threads_because_decoders_need_them(escape: dict[str, Any]) -> None:
    assert escape["thread"] == "done"


def test_the_child_sees_no_environment_and_no_descriptor_but_its_socket(
    escape: dict[str, Any],
) -> None:
    assert escape["environment"] == {}
    assert escape["open_descriptors"] == [escape["socket_descriptor"]]


def test_every_wall_that_stands_is_reported(escape: dict[str, Any]) -> None:
    assert set(escape["layers"]) == {"no_new_privs", "rlimits", "landlock", "seccomp"}
    assert escape["layers"]["no_new_privs"] is True
    assert escape["layers"]["seccomp"] is True


def test_the_doctor_is_told_every_layer_in_words() -> None:
    found = layers()

    assert [layer.name.split()[0] for layer in found] == [
        "own", "no", "limits", "Landlock", "seccomp",
    ]  # fmt: skip
    assert all(layer.says for layer in found)


def test_files_stay_shut_even_where_the_kernel_lacks_seccomp_or_landlock(
    trials: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "weak.py"
    for missing in ("landlock.deny_everything = lambda: 0", "seccomp.lock = lambda: False"):
        source = Path(CHILD[-1]).read_text()
        weakened = f"from custodes.media.sandbox import landlock, seccomp\n{missing}\nmodule ="
        program.write_text(source.replace("module =", weakened, 1))
        monkeypatch.setattr(starting, "CHILD", (*CHILD[:-1], str(program)))
        monkeypatch.setattr(starting, "ZYGOTE", (*CHILD[:-1], str(program), "zygote"))
        monkeypatch.setattr(starting, "_nursery", starting._Nursery())
        starting._standby.close()
        into = {"into": str(tmp_path / "escaped")}
        found = run("escape", BytesReader(b""), into, limits=QUICK)
        assert found["read_file"] in ("PermissionError", "OSError")
        assert found["write_file"] in ("PermissionError", "OSError")
        assert not all(found["layers"].values())


def test_a_child_over_its_memory_is_stopped_with_a_sentence(trials: None) -> None:
    with pytest.raises(SandboxFailed, match="needed more than 512 MB") as refusal:
        run("swell", BytesReader(b""), {"bytes": 2 << 30}, limits=QUICK)
    assert refusal.value.kind == "memory"


def test_a_child_within_its_memory_is_not_stopped(trials: None) -> None:
    done = run("swell", BytesReader(b""), {"bytes": 64 << 20}, limits=QUICK)
    assert done["bytes"] == 64 << 20


@pytest.mark.parametrize("task", ["spin", "sleep"])
def test_a_child_over_its_time_is_killed(trials: None, task: str) -> None:
    began = time.monotonic()
    with pytest.raises(SandboxFailed, match=r"longer than 0\.5 seconds") as refusal:
        run(task, BytesReader(b""), {}, limits=Limits(seconds=0.5))
    assert refusal.value.kind == "time"
    assert time.monotonic() - began < 60  # spinning or asleep, it would go on for ten minutes


def test_a_child_over_its_processor_time_is_killed(trials: None) -> None:
    with pytest.raises(SandboxFailed, match="more than 1 seconds of computing") as refusal:
        run("spin", BytesReader(b""), {}, limits=Limits(seconds=30, cpu_seconds=1))
    assert refusal.value.kind == "cpu"


def test_a_crash_is_a_refusal_and_leaves_the_parent_alive(trials: None) -> None:
    with pytest.raises(SandboxFailed, match="crashed") as refusal:
        run("crash", BytesReader(b""), {}, limits=QUICK)
    assert refusal.value.kind == "crash"
    assert isinstance(refusal.value, Refused)


def test_time_spent_waiting_for_an_upload_does_not_count(trials: None) -> None:
    class Slow:
        size = 4

        def read_at(self, offset: int, length: int) -> bytes:
            time.sleep(7)
            return b"late"[offset : offset + length]

    done = run("pull_all", Slow(), {}, limits=Limits(seconds=6))
    assert done["bytes"] == 4


def test_reads_in_any_order_return_exactly_the_bytes_asked_for(trials: None) -> None:
    whole = bytes(range(256)) * 20_000
    spans = [(0, 10), (10, 10), (20, 3 << 20), (5, 7), (len(whole) - 3, 99), (len(whole), 5)]
    done = run("pull", BytesReader(whole), {"reads": spans}, limits=QUICK)
    assert done["parts"] == [whole[o : o + n].hex() for o, n in spans]


def test_large_output_while_reading_ahead_does_not_deadlock(trials: None) -> None:
    whole = os.urandom(1 << 20) * 24
    sink = MemorySink()
    run("pull_all", BytesReader(whole), {"echo": True}, limits=QUICK, sink=sink)
    assert sink.blobs["echo"] == whole


def test_a_failing_store_comes_out_as_its_own_error(trials: None) -> None:
    class Broken:
        size = 10

        def read_at(self, offset: int, length: int) -> bytes:
            raise Damaged("The stored bytes changed.")

    with pytest.raises(Damaged, match="stored bytes changed"):
        run("pull_all", Broken(), {}, limits=QUICK)


@pytest.mark.parametrize("how", ["huge", "unknown", "deep", "not_json", "outside", "name", "patch"])
def test_a_lying_child_is_cut_off(trials: None, how: str) -> None:
    sink = MemorySink()
    with pytest.raises(SandboxFailed) as refusal:
        run("lie", BytesReader(b"abc"), {"how": how}, limits=Limits(seconds=5), sink=sink)
    assert refusal.value.kind == "broken"


def test_output_over_the_limit_is_cut_off(trials: None) -> None:
    small = Limits(seconds=10, output_bytes=1 << 20)
    with pytest.raises(SandboxFailed, match="more output"):
        run("pull_all", BytesReader(bytes(3 << 20)), {"echo": 1}, limits=small, sink=MemorySink())


def test_output_reaches_the_sink_with_its_patch_and_progress(trials: None, tmp_path: Path) -> None:
    told: list[float] = []
    with FileSink(tmp_path) as sink:
        run("write", BytesReader(b""), {}, limits=QUICK, sink=sink, progress=told.append)
    assert (tmp_path / "out").read_bytes() == b"01AB456789"
    assert told == [0.5]


def test_the_trial_tasks_do_not_exist_in_production() -> None:
    with pytest.raises(SandboxFailed, match="knows no task called 'escape'"):
        run("escape", BytesReader(b""), {}, limits=QUICK)


def test_no_child_is_left_behind(trials: None) -> None:
    run("pull_all", BytesReader(b""), {}, limits=QUICK)  # the zygote itself stays
    before = len(psutil.Process().children(recursive=True))
    for task in ("spin", "crash"):
        with pytest.raises(SandboxFailed):
            run(task, BytesReader(b""), {}, limits=Limits(seconds=0.5))
    assert len(psutil.Process().children(recursive=True)) == before


def test_every_job_has_a_process_of_its_own_that_knows_nothing_of_the_last(trials: None) -> None:
    first = run("leave", BytesReader(b""), {"mark": "the first"}, limits=QUICK)
    second = run("leave", BytesReader(b""), {"mark": "the second"}, limits=QUICK)
    assert first["found"] is second["found"] is None
    assert first["pid"] != second["pid"]


def _ready() -> psutil.Process | None:
    """Return the child that this process keeps ready."""
    waiting = starting._standby._waiting
    return psutil.Process(waiting[1]._process.pid) if waiting else None


def test_a_child_that_is_ready_is_taken_once_and_the_next_waits_before_it_is_asked_for(
    standby: None,
) -> None:
    keep_ready()
    first = _ready()
    one = run("leave", BytesReader(b""), {"mark": "one"}, limits=QUICK)
    second = _ready()
    other = run("leave", BytesReader(b""), {"mark": "other"}, limits=QUICK)

    assert first is not None
    assert second is not None
    assert [one["pid"], other["pid"]] == [first.pid, second.pid]
    assert not first.is_running()
    assert not second.is_running()


def test_a_child_that_is_ready_has_imported_the_decoders_and_locks_itself_in_when_told(
    standby: None,
) -> None:
    keep_ready()
    waiting = _ready()
    assert waiting is not None
    until = time.monotonic() + 20
    while not any("numpy" in each.path for each in waiting.memory_maps()):
        assert time.monotonic() < until
        time.sleep(0.05)

    assert set(starting.AWAITED) <= set(tasks.TASKS)
    assert run("pull_all", BytesReader(b"abc"), {}, limits=QUICK)["layers"]["seccomp"] is True


def test_where_nobody_asked_for_it_no_child_waits(standby: None) -> None:
    run("pull_all", BytesReader(b"abc"), {}, limits=QUICK)

    assert _ready() is None


def test_a_fork_of_the_server_leaves_its_waiting_child_alone(standby: None) -> None:
    keep_ready()
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.write(writer, b"none" if starting._standby.take() is None else b"took")
        os._exit(0)
    os.waitpid(pid, 0)

    assert os.read(reader, 4) == b"none"
    assert starting._standby.take() is not None


def test_a_child_that_waits_ends_with_whoever_kept_it() -> None:
    keeper = "from custodes.media.sandbox import keep_ready; keep_ready(); import time; "
    keeper += "import psutil; print(psutil.Process().children()[0].pid, flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", keeper], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        waiting = psutil.Process(int(process.stdout.readline()))
        process.kill()

        waiting.wait(20)
    assert not waiting.is_running()


def test_jobs_go_on_when_the_zygote_was_killed(trials: None) -> None:
    run("pull_all", BytesReader(b"abc"), {}, limits=QUICK)
    for process in psutil.Process().children():
        process.kill()
        process.wait(5)
    assert run("pull_all", BytesReader(b"abc"), {}, limits=QUICK)["bytes"] == 3


def test_where_there_can_be_no_zygote_every_child_is_fresh(
    trials: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starting, "ZYGOTE", (sys.executable, "-c", "raise SystemExit(1)"))
    assert run("pull_all", BytesReader(b"abc"), {}, limits=QUICK)["bytes"] == 3


def test_only_tasks_without_a_decoder_are_forked() -> None:
    assert zygote.WARM == ("commit",)
