"""The files around the code: locks, Dockerfile, settings example, scripts, licence."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest

from bot.config import DEFAULT_DATABASE, SETTING_NAMES

ROOT = Path(__file__).parent.parent
LOCKS = ("base", "build", "play", "dev")
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


def lock_text(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(text: str) -> dict[str, str]:
    return {canonical(name): version for name, version in PIN.findall(text)}


def pins_without_hash(text: str) -> list[str]:
    blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)
    lone = [b for b in blocks if PIN.match(b) and not re.search(r"--hash=sha256:[0-9a-f]{64}", b)]
    return [block.split()[0] for block in lone]


def not_pins(text: str) -> list[str]:
    """Lines that are neither a pin, a hash nor a comment: options, addresses, loose versions."""
    known = re.compile(r"^(\s*#.*|\s+--hash=sha256:[0-9a-f]{64}( \\)?|[\w.-]+==\S+( ; .+)? \\|)$")
    return [line for line in text.splitlines() if not known.match(line)]


def tracked() -> list[Path]:
    """The files of the repository, or in a copy without git every text file of it."""
    if shutil.which("git") and (ROOT / ".git").exists():
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
        )
        paths = [ROOT / name for name in listed.stdout.split("\0") if name]
        return [path for path in paths if path.is_file()]
    parts = ("bot", "docs", "knowledge", "requirements", "scripts", "tests")
    inside = [path for part in parts for path in (ROOT / part).rglob("*") if path.is_file()]
    inside += [path for path in ROOT.iterdir() if path.is_file() and path.suffix != ".db"]
    return [path for path in inside if "__pycache__" not in path.parts]


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_has_a_hash_and_nothing_but_pins_is_locked(name):
    text = lock_text(name)
    assert pins(text)
    assert pins_without_hash(text) == []
    assert not_pins(text) == []


def test_the_lock_rules_see_a_breach():
    good = f"a==1 \\\n    --hash=sha256:{'0' * 64}\n    # via b\n"
    assert pins_without_hash(good) == not_pins(good) == []
    assert pins_without_hash(good + "b==2\n    # via c\n") == ["b==2"]
    for line in ("--index-url elsewhere", "c>=1", "d @ file:d.whl"):
        assert not_pins(good + line) == [line]


@pytest.mark.parametrize(("small", "large"), [("base", "play"), ("build", "play"), ("play", "dev")])
def test_the_smaller_lock_is_in_the_larger_with_equal_versions(small, large):
    assert pins(lock_text(small)).items() <= pins(lock_text(large)).items()


def test_everything_that_the_project_names_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]

    def names(requirements: list[str]) -> set[str]:
        return {canonical(re.split(r"[\[<>=~!; ]", line)[0]) for line in requirements}

    base = names(project["dependencies"])
    assert base <= set(pins(lock_text("base")))
    assert base | names(extras["play"]) <= set(pins(lock_text("play")))
    assert base | names(extras["dev"]) <= set(pins(lock_text("dev")))


# What its name already says.
PLAIN = {"pytest", "pytest-asyncio", "ruff", "mypy"}


def test_every_dependency_says_what_it_is_for():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    part = text[text.index("dependencies = [") : text.index("[project.scripts]")]
    lines = [line for line in part.splitlines() if re.search(r'"[\w.\[\],-]+>=', line)]
    assert len(lines) > 10
    for line in lines:
        name = re.search(r'"([\w.-]+)', line)
        assert name is not None
        if name[1] not in PLAIN and not name[1].startswith("types-"):
            assert re.search(r"#\s\S+", line), line


# Where this machine or a package registry lives; split, so that this file does not name them.
FORBIDDEN = [
    re.compile("/" + rf"{folder}/[\w.-]") for folder in ("work", "root", "home/[a-z]+", "Users")
] + [re.compile(host.replace("|", "")) for host in ("py|pi.org", "python|hosted.org", "npm|js.org")]


def machine_traces(text: str) -> list[str]:
    return [found[0] for pattern in FORBIDDEN if (found := pattern.search(text))]


def test_no_file_names_a_machine_or_a_registry():
    traces = {}
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture
        if found := machine_traces(text):
            traces[str(path.relative_to(ROOT))] = found
    assert traces == {}


@pytest.mark.parametrize("text", ["/".join(["", "work", "x"]), "https://" + "py" + "pi.org/simple"])
def test_the_search_for_traces_sees_one(text):
    assert machine_traces(f"see {text} there")


def test_the_licence_is_mit_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["license"] == "MIT"
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")
    assert "MIT" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no executable bit")
def test_scripts_can_be_run():
    scripts = [ROOT / ".ci" / "run", *(p for p in (ROOT / "scripts").iterdir() if p.is_file())]
    for script in scripts:
        assert os.access(script, os.X_OK), script
        assert script.read_text(encoding="utf-8").startswith("#!/"), script


def test_the_example_settings_hold_no_value():
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    values = re.findall(r"^[A-Z_]+=(.*)$", text, re.MULTILINE)
    assert values
    assert set(values) == {""}


@pytest.mark.parametrize(("name", "is_read"), [(".env", True), (".env.example", False)])
def test_the_settings_file_is_read_and_its_example_is_not(tmp_path, name, is_read):
    (tmp_path / name).write_text("STUDY_BOT_LOG_LEVEL=LOUD\n", encoding="utf-8")
    env = {key: value for key, value in os.environ.items() if key not in SETTING_NAMES}
    run = subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        cwd=tmp_path,
        env={**env, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1
    assert ("STUDY_BOT_LOG_LEVEL must be one of" in run.stderr) is is_read
    assert ("DISCORD_TOKEN is not set" in run.stderr) is not is_read


def test_settings_with_secrets_stay_out_of_git():
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {".env", "*.db", "data/", ".venv"} <= set(ignored)


# --- Dockerfile ---


def instructions(text: str) -> list[tuple[str, str]]:
    """Return (keyword, rest) in order, continued lines joined, comments left out."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    pairs = [line.split(maxsplit=1) for line in joined.splitlines() if line.strip()]
    return [(keyword.upper(), rest[0] if rest else "") for keyword, *rest in pairs]


DOCKER = instructions((ROOT / "Dockerfile").read_text(encoding="utf-8"))
FINAL = DOCKER[max(i for i, (keyword, _) in enumerate(DOCKER) if keyword == "FROM") :]


def values(steps: list[tuple[str, str]], keyword: str) -> list[str]:
    return [rest for name, rest in steps if name == keyword]


def ignored(path: str, rules: list[str]) -> bool:
    """Whether .dockerignore keeps ``path`` from the build: the last rule that fits decides."""
    result = False
    for rule in rules:
        pattern = rule.removeprefix("!").removeprefix("**/")
        parents = [path, *(str(parent) for parent in Path(path).parents if str(parent) != ".")]
        inner = [Path(name).name for name in parents] if rule.startswith("**/") else []
        if any(fnmatch(name, pattern) for name in (*parents, *inner)):
            result = not rule.startswith("!")
    return result


def test_the_image_is_built_in_two_stages_from_pinned_bases():
    bases = values(DOCKER, "FROM")
    assert len(bases) == 2
    for base in bases:
        assert re.match(r"python:3\.\d+-slim( AS \w+)?$", base), base
    assert len({base.split()[0] for base in bases}) == 1, "the environment's Python is the base's"


def test_the_image_runs_without_rights_with_one_volume_that_the_user_owns():
    (user,) = values(FINAL, "USER")
    (volume,) = values(DOCKER, "VOLUME")
    assert user not in ("root", "0")
    made = " ".join(values(FINAL, "RUN"))
    assert re.search(rf"useradd .*--uid [1-9]\d{{3,}} .*\b{user}\b", made)
    assert re.search(rf"install --directory --owner={user} --group={user} {volume}\b", made)
    names = [name for name, _ in FINAL]
    assert names.index("RUN") < names.index("USER") < names.index("VOLUME")
    environment = " ".join(values(FINAL, "ENV"))
    assert f"STUDY_BOT_DB={volume}/" in environment


def test_the_image_starts_and_checks_the_bot_without_a_shell():
    (entry,) = values(FINAL, "ENTRYPOINT")
    (command,) = values(FINAL, "CMD")
    assert json.loads(entry) == ["study-bot"]  # a shell would swallow SIGTERM
    assert json.loads(command) == ["run"]
    (health,) = values(FINAL, "HEALTHCHECK")
    assert json.loads(health.split("CMD", 1)[1]) == ["study-bot", "health"]
    assert values(FINAL, "STOPSIGNAL") == ["SIGTERM"]


def test_the_image_installs_only_what_is_locked():
    for run in values(DOCKER, "RUN"):
        for call in re.findall(r"pip (?:install|wheel)[^&]*", run):
            assert "--require-hashes" in call or "--no-deps" in call, call


def test_everything_that_is_copied_is_there_and_reaches_the_build():
    rules = [r for r in (ROOT / ".dockerignore").read_text().splitlines() if r and r[0] != "#"]
    copied = [rest.split()[:-1] for rest in values(DOCKER, "COPY") if "--from=" not in rest]
    sources = {source for group in copied for source in group}
    assert {"bot", "knowledge", "pyproject.toml", "requirements/base.txt"} <= sources
    for source in sources:
        assert (ROOT / source).exists(), source
        assert not ignored(source, rules), source
    let_through = {rule[1:] for rule in rules if rule.startswith("!")}
    assert let_through == sources
    for private in (".env", ".git/config", "data/study.db", "tests/conftest.py", "study.db"):
        assert ignored(private, rules), private
    assert ignored("bot/core/__pycache__/model.pyc", rules)
    assert not ignored("bot/core/model.py", rules)


def test_an_empty_setting_means_the_images_own_paths():
    # `docker run --env-file` with a copy of .env.example sets every name, most of them to nothing
    assert values(FINAL, "WORKDIR") == ["/"]
    assert Path("/") / DEFAULT_DATABASE == Path("/data/study.db")
    assert any(run.startswith("ln -s /knowledge ") for run in values(DOCKER, "RUN"))


def test_the_final_stage_holds_the_environment_and_the_knowledge_only():
    assert values(FINAL, "COPY") == ["--from=build /venv /venv", "knowledge /knowledge"]
    assert "STUDY_BOT_KNOWLEDGE=/knowledge" in " ".join(values(FINAL, "ENV"))


# --- make and CI ---


def test_make_help_lists_every_target():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", text, re.MULTILINE)
    assert phony is not None
    listed = re.findall(r"^([a-z]+):.*## \S", text, re.MULTILINE)
    assert sorted(listed) == sorted(phony[1].split())


def test_ci_runs_the_checks_and_the_readmes_test_command():
    text = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "set -euo pipefail" in text
    calls = ["make format", "make lint", "make types", "study-bot check", "make test"]
    assert sorted(calls, key=text.index) == calls
    assert "STUDY_BOT_REQUIRE_BROWSER=1 make test" in text
