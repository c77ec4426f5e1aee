"""Installs a client of clients.json from its registry, once, at the version that stands there."""

import json
import os
import pathlib
import shutil
import subprocess

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
LIMIT = 400


class Missing(Exception):
    """A client can't be had."""


def install(client, directory):
    """Installs into the directory; returns the interpreter of a Python client."""
    directory.mkdir(parents=True, exist_ok=True)
    python = run([ROOT / "bench/venv.sh", directory, *client["pip"]], ROOT).strip() if "pip" in client else None
    # Node, Go and Maven look for libraries from where a script is.
    for script in client.get("scripts", []):
        shutil.copy(HERE / script, directory / pathlib.Path(script).name)
    if "npm" in client:
        once(directory, client["npm"], ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", ".", *client["npm"]])
    if "maven" in client:
        (directory / "pom.xml").write_text(pom(client["maven"]))
        once(directory, client["maven"], ["mvn", "-B", "-q", "dependency:copy-dependencies", "-DoutputDirectory=lib"])
        sources = [pathlib.Path(script).name for script in client["scripts"]]
        run(["javac", "-parameters", "-cp", "lib/*", "-d", "classes", *sources], directory)
    if "go" in client:
        once(directory, client["go"], ["go", "build", "-o", "client", "."])
    return python


def once(directory, packages, command):
    mark = directory / "installed"
    if not mark.is_file() or mark.read_text() != json.dumps(packages):
        shutil.rmtree(directory / "lib", ignore_errors=True)
        run(command, directory)
        mark.write_text(json.dumps(packages))


def run(command, directory):
    environment = os.environ | {"PIP_LIMIT": str(LIMIT - 10)}
    try:
        done = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=LIMIT, env=environment)
    except (OSError, subprocess.TimeoutExpired) as e:
        raise Missing(e) from None
    if done.returncode != 0:
        raise Missing((done.stderr + done.stdout).strip()[-800:])
    return done.stdout


def pom(packages):
    dependencies = "".join(
        "<dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version></dependency>" % tuple(package.split(":"))
        for package in packages)
    return (
        "<project><modelVersion>4.0.0</modelVersion><groupId>client</groupId><artifactId>client</artifactId><version>1</version>"
        f"<dependencies>{dependencies}</dependencies></project>")
