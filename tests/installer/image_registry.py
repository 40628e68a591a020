# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ImageRegistry: serves one image by its digest as a container registry does (pull only), from what podman itself saved.
There is no registry on the machines that run the tests; podman on the other end is the real one."""

import contextlib
import hashlib
import http.server
import json
import pathlib
import subprocess
import threading


class ImageRegistry:
    def __init__(self, folder, image):
        """Saves IMAGE below FOLDER and serves it as `reference`; `settings` is the registries.conf that lets podman ask without TLS."""
        self.folder = pathlib.Path(folder)
        subprocess.run(["podman", "save", "--quiet", "--format", "oci-dir", "-o", self.folder / "layout", image], check=True, stdin=subprocess.DEVNULL)
        index = json.loads((self.folder / "layout/index.json").read_text())
        self.digest = index["manifests"][0]["digest"]
        blobs = self.folder / "layout/blobs/sha256"
        self.asked = []

        class Answers(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(this):  # noqa: N802, N805
                self.asked.append(this.path)
                blob = blobs / this.path.rsplit(":", 1)[-1]
                body, kind, code = b"{}", "application/json", 200
                if this.path != "/v2/":
                    if blob.is_file():
                        body, kind = blob.read_bytes(), "application/octet-stream"
                        if "/manifests/" in this.path:
                            kind = "application/vnd.oci.image.manifest.v1+json"
                    else:
                        code = 404
                this.send_response(code)
                this.send_header("Content-Type", kind)
                this.send_header("Content-Length", str(len(body)))
                this.send_header("Docker-Content-Digest", "sha256:" + hashlib.sha256(body).hexdigest())
                this.end_headers()
                if this.command != "HEAD":
                    with contextlib.suppress(BrokenPipeError):
                        this.wfile.write(body)

            do_HEAD = do_GET

            def log_message(this, *_):  # noqa: N805
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.server.daemon_threads = True
        self.host = f"localhost:{self.server.server_address[1]}"
        self.reference = f"{self.host}/team/openclaw@{self.digest}"
        self.settings = self.folder / "registries.conf"
        self.settings.write_text(f'[[registry]]\nlocation = "{self.host}"\ninsecure = true\n', encoding="utf-8")

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
