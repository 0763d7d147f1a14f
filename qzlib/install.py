"""The environment: Python packages, Node packages, the built front end. Each step runs only when needed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import threading
import venv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from qzlib import stamps
from qzlib.places import BUILD, PYTHON, ROOT, VENV
from qzlib.say import StopError, step

RUN_LOCK = ROOT / "requirements.txt"
DEV_LOCK = ROOT / "requirements-dev.txt"
NODE_LOCK = ROOT / "requirements-node.txt"
NPM_LOCK = ROOT / "package-lock.json"
MODULES = ROOT / "node_modules"
SOURCES = [ROOT / "frontend", ROOT / "vite.config.js", NPM_LOCK]
LINES_SHOWN = 25
_venv_lock = threading.Lock()  # Node.js may come from a wheel, while the other packages are installed
VERSION = re.compile(r"v?(\d+)\.(\d+)")


@dataclass(frozen=True)
class Node:
    """A Node.js that can build the front end, and its npm."""

    node: str
    npm: str


def prepare(
    *,
    is_dev: bool,
    meanwhile: Callable[[], None] | None = None,
    once_built: Callable[[], None] | None = None,
) -> None:
    """Bring the environment up to date: packages and front end side by side, for neither needs the other.

    `meanwhile` needs only the packages, such as filling a database: it runs while the front end is built;
    `once_built` needs both, such as gathering static files: it may run while `meanwhile` still does.
    """
    failures: list[BaseException] = []
    has_packages = threading.Event()

    def front_end() -> None:
        try:
            build_front_end()
            if once_built is not None:
                has_packages.wait()
                once_built()
        except BaseException as error:  # noqa: BLE001 - raised again below, in the main thread
            failures.append(error)

    other = threading.Thread(target=front_end, daemon=True)
    other.start()
    if _needs_packages(is_dev=is_dev):
        make_venv()
        install_packages(is_dev=is_dev)
    has_packages.set()
    if meanwhile is not None:
        meanwhile()
    other.join()
    if failures:
        raise failures[0]


def make_venv() -> None:
    """Make `.venv` unless a working one is there."""
    with _venv_lock:
        if not (PYTHON.exists() and _succeeds([str(PYTHON), "-c", "import encodings"])):
            bundled_pip()  # says what is missing before anything is made
            with step("Python environment 建立 Python 环境"):
                venv.create(VENV, clear=VENV.exists())


def bundled_pip() -> Path:
    """The wheel of pip that comes with Python: it runs as it is; installing it takes ten seconds."""
    try:
        import ensurepip  # noqa: PLC0415 - Debian ships Python without it
    except ImportError:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        message = (
            "Python's venv module is missing 缺少 venv 模块. "
            f"Install it 请安装: sudo apt-get install python{version}-venv"
        )
        raise StopError(message) from None
    # Debian keeps the wheels of Python elsewhere, and Python knows where.
    folders = [sysconfig.get_config_var("WHEEL_PKG_DIR"), Path(ensurepip.__file__).parent / "_bundled"]
    wheels = [wheel for folder in folders if folder for wheel in sorted(Path(folder).glob("pip-*.whl"))]
    if not wheels:
        message = f"Python came without pip Python 自带的 pip 缺失: {folders[-1]}"
        raise StopError(message)
    return wheels[0]


def install_packages(*, is_dev: bool) -> None:
    """Install what the lock says, checked by hash; the development lock holds the other one too."""
    lock = DEV_LOCK if is_dev else RUN_LOCK
    with step("Python packages 安装 Python 软件包"):
        pip_install(lock)
    stamps.write(_package_stamp(is_dev=is_dev), stamps.digest([lock]))


def pip_install(lock: Path) -> None:
    """Install a lock file into the environment; wheels only, so that no package runs code meanwhile."""
    command = [
        *(str(PYTHON), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"),
        *("--require-hashes", "--only-binary", ":all:", "--no-deps", "-r", str(lock)),
        "--no-compile",  # Python compiles what it imports, and that is a small part of it
    ]
    environ = {**os.environ, "PYTHONPATH": str(bundled_pip())}
    with _venv_lock:
        run(
            command,
            "Packages not installed 软件包安装失败; is the package index reachable 能否连上软件源?",
            environ,
        )


def build_front_end() -> None:
    """Install the Node packages and build, when the lock or the sources changed."""
    wanted = stamps.digest(SOURCES)
    modules_stamp, modules_wanted = MODULES / ".qz-stamp", stamps.digest([NPM_LOCK])
    is_built = stamps.is_current(BUILD / ".stamp", wanted) and (BUILD / "manifest.json").exists()
    # The PDF takes its fonts from node_modules: they are wanted even when the build is current.
    if is_built and stamps.is_current(modules_stamp, modules_wanted):
        return
    node = find_node(os.environ) or install_node()
    environ = {**os.environ, "PATH": f"{Path(node.node).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    if not stamps.is_current(modules_stamp, modules_wanted):
        with step("Front-end packages 安装前端软件包"):
            run(
                [node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
                "npm ci failed 前端软件包安装失败; is the npm registry reachable 能否连上软件源?",
                environ,
            )
        stamps.write(modules_stamp, modules_wanted)
    if not is_built:
        with step("Front-end build 构建前端"):
            vite = str(MODULES / "vite" / "bin" / "vite.js")
            run([node.node, vite, "build"], "The front end could not be built 前端构建失败", environ)
        stamps.write(BUILD / ".stamp", wanted)


def find_node(environ: Mapping[str, str]) -> Node | None:
    """The Node.js on the path or in the environment, if it is new enough for Vite and has npm."""
    for path in (environ.get("PATH", ""), str(VENV / "bin")):
        node, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
        if node and npm and is_new_enough(_output([node, "--version"])):
            return Node(node, npm)
    return None


def is_new_enough(version: str) -> bool:
    """Whether `v20.19.0` or the like builds with Vite 8: 20.19 and later of 20, or 22.12 and later."""
    match = VERSION.match(version.strip())
    if not match:
        return False
    major, minor = int(match[1]), int(match[2])
    return (major == 20 and minor >= 19) or (major, minor) >= (22, 12)  # noqa: PLR2004 - Vite's own numbers


def install_node() -> Node:
    """Put Node.js from its wheel into the environment."""
    message = (
        "Node.js 20.19 or 22.12 (or newer) is missing 缺少 Node.js. "
        "Install it with npm 请安装: sudo apt-get install nodejs npm, or from nodejs.org"
    )
    make_venv()
    try:
        with step("Node.js from its wheel 安装 Node.js"):
            pip_install(NODE_LOCK)
    except StopError as error:
        raise StopError(message) from error
    found = find_node({"PATH": str(VENV / "bin")})
    if found is None:
        raise StopError(message)
    return found


def run(
    command: list[str],
    failure: str,
    environ: Mapping[str, str] | None = None,
) -> None:
    """Run a tool in silence; if it fails, show the end of what it said and stop with one clear line."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environ,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        end = "\n".join(done.stdout.splitlines()[-LINES_SHOWN:])
        message = f"{failure}\n{end}"
        raise StopError(message)


def _package_stamp(*, is_dev: bool) -> Path:
    return VENV / (".stamp-dev" if is_dev else ".stamp")


def _needs_packages(*, is_dev: bool) -> bool:
    """Whether the environment lacks what is asked for; a development environment serves to run, too."""
    if not PYTHON.exists():
        return True
    if stamps.is_current(_package_stamp(is_dev=True), stamps.digest([DEV_LOCK])):
        return False
    return is_dev or not stamps.is_current(_package_stamp(is_dev=False), stamps.digest([RUN_LOCK]))


def _succeeds(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _output(command: list[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except OSError:
        return ""
