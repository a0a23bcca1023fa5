# SPDX-License-Identifier: GPL-3.0-or-later
# Drives headless Chromium over the DevTools protocol: pages are judged as a browser lays them out, not as they are
# written. The protocol runs through two pipes (--remote-debugging-pipe), so nothing but the standard library is needed.

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from pathlib import Path


def find():
    """The browser's program; None where there is none."""
    return next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)


class Browser:
    """A headless browser; a context manager that ends it."""

    def __init__(self, program):
        self.profile = tempfile.mkdtemp(prefix="breakeven-chromium-")
        child_read, self.write_end = os.pipe()
        self.read_end, child_write = os.pipe()
        # Chromium speaks the protocol on descriptors 3 and 4; bash puts them there, whatever they are here.
        command = f'exec "$@" 3<&{child_read} 4>&{child_write}'
        self.process = subprocess.Popen(
            ["bash", "-c", command, "bash", program, "--headless=new", "--remote-debugging-pipe", "--no-sandbox",
             "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run", "--mute-audio",
             "--disable-background-networking", "--disable-component-update", "--disable-extensions",
             "--disable-sync", "--font-render-hinting=none", f"--user-data-dir={self.profile}", "about:blank"],
            pass_fds=(child_read, child_write), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(child_read)
        os.close(child_write)
        self.buffer = b""
        self.next_id = 0
        self.events = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.write_end)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.read_end)
        shutil.rmtree(self.profile, ignore_errors=True)

    def call(self, method, **parameters):
        """Calls a method and returns its result; events that come meanwhile are kept."""
        self.next_id += 1
        message = {"id": self.next_id, "method": method, "params": parameters}
        if getattr(self, "session", None):
            message["sessionId"] = self.session
        os.write(self.write_end, json.dumps(message).encode() + b"\0")
        while True:
            reply = self.receive(60)
            if reply.get("id") == self.next_id:
                if "error" in reply:
                    raise RuntimeError(f"{method}: {reply['error']['message']}")
                return reply["result"]
            self.events.append(reply)

    def receive(self, seconds):
        """The next message of the browser."""
        end = time.monotonic() + seconds
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.read_end], [], [], max(0, end - time.monotonic()))
            part = os.read(self.read_end, 1 << 20) if ready else b""
            if not part:
                raise RuntimeError("the browser does not answer")
            self.buffer += part
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def evaluate(self, expression):
        """The value of a JavaScript expression, awaited where it is a promise."""
        reply = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in reply:
            details = reply["exceptionDetails"]
            raise RuntimeError(details.get("exception", {}).get("description", details["text"]))
        return reply["result"].get("value")

    def layout(self, width, height=900, media="screen", scheme="light"):
        """Lays the page out at a width, in CSS pixels, for a medium and a color scheme."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", media=media,
                  features=[{"name": "prefers-color-scheme", "value": scheme}])

    def open(self, file):
        """Opens a file and waits until it is shown; returns what it asked for and what it complained about."""
        address = Path(file).resolve().as_uri()
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.events.clear()
        self.call("Page.navigate", url=address)
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self.receive(60))
        # Whatever a script would still ask for.
        self.evaluate("new Promise(done => setTimeout(done, 300))")
        requests, complaints = [], []
        for event in self.events:
            data = event.get("params", {})
            if event["method"] == "Network.requestWillBeSent" and data["request"]["url"] != address:
                requests.append(data["request"]["url"])
            elif event["method"] == "Log.entryAdded" and data["entry"]["level"] in ("error", "warning"):
                complaints.append(data["entry"]["text"])
            elif event["method"] == "Runtime.consoleAPICalled" and data["type"] in ("error", "warning", "assert"):
                complaints.append(str([part.get("value", part.get("description")) for part in data["args"]]))
            elif event["method"] == "Runtime.exceptionThrown":
                complaints.append(data["exceptionDetails"]["text"])
        return requests, complaints

    def pdf(self):
        """The page printed on A4 as a PDF's bytes."""
        # An imposed width would be that of the paper too.
        self.call("Emulation.clearDeviceMetricsOverride")
        self.call("Emulation.setEmulatedMedia", media="", features=[])
        return base64.b64decode(
            self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True, paperWidth=8.27,
                      paperHeight=11.69)["data"])

    def screenshot(self, file, width, height):
        """The top of the page as a PNG file."""
        self.layout(width, height)
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=False)["data"]
        Path(file).write_bytes(base64.b64decode(data))
