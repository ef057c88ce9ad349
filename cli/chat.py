"""`mamori chat`: serves the page on this machine alone."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from importlib.util import find_spec
from typing import Annotated

import typer

from cli.ask import build_if_missing
from cli.options import DataDir, Debug

_HOST = "127.0.0.1"


def chat(
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="画面を開くポート。")] = 8501,
    data_dir: DataDir = None,
    debug: Debug = False,
) -> None:
    """チャット画面を http://127.0.0.1:8501 で開きます。止めるときは Ctrl+C を押してください。"""
    from assistant.settings import Settings

    settings = Settings.from_environment(data_dir)
    if not _is_free(port):
        print(
            f"mamori: ポート {port} はほかのプログラムが使っています。http://{_HOST}:{port} を確かめるか、"
            "--port で別の番号を指定してください。",
            file=sys.stderr,
        )
        raise typer.Exit(1)
    build_if_missing(settings)
    print(
        f"ブラウザーで http://{_HOST}:{port} を開いてください。止めるときは Ctrl+C を押してください。", file=sys.stderr
    )
    _serve(_command(port), {**os.environ, "MAMORI_DATA_DIR": str(settings.data_dir)})


def _serve(command: list[str], environment: dict[str, str]) -> None:
    """Become the server, so that signals reach it and nothing outlives its end; Windows cannot, so waits for it."""
    sys.stdout.flush()
    if os.name != "nt":
        os.execve(command[0], command, environment)
    raise typer.Exit(subprocess.call(command, env=environment))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        if os.name != "nt":
            # As the server does: a port that a stopped one has just left is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError:
            return False
    return True


def _command(port: int) -> list[str]:
    from assistant.uploads import MOST_MEGABYTES

    page = find_spec("app")
    if page is None or page.origin is None:
        raise FileNotFoundError("app.py")
    return [
        *(sys.executable, "-m", "streamlit", "run", page.origin),
        *("--server.address", _HOST),
        *("--server.port", str(port)),
        *("--server.headless", "true"),
        *("--server.fileWatcherType", "none"),
        *("--server.maxUploadSize", str(MOST_MEGABYTES)),
        *("--browser.gatherUsageStats", "false"),
        *("--browser.serverAddress", _HOST),
        # Against a page of another site that asks this server under a name of its own (DNS rebinding).
        *("--server.allowedHosts", _HOST, "--server.allowedHosts", "localhost"),
        *("--client.toolbarMode", "minimal"),
        # Else the files of pages/ are listed for a moment, and an unexpected error shows a stack trace.
        *("--client.showSidebarNavigation", "false"),
        *("--client.showErrorDetails", "none"),
        *("--client.showErrorLinks", "false"),
        *("--theme.light.primaryColor", "#0b57b0"),
        *("--theme.dark.primaryColor", "#8ab8ff"),
    ]
