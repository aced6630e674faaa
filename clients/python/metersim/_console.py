"""The console of a running program: a line of JSON for each text of Lua."""
import contextlib
import json
import os
import re
import socket
import threading

from ._errors import MetersimError


class Console:
    def __init__(self, path, last_words):
        self.path = path
        self._last_words = last_words  # called when the program is gone
        self._socket = self._file = None
        self._lock = threading.Lock()

    def close(self):
        for end in (self._file, self._socket):
            if end:
                end.close()
        self._socket = self._file = None

    def remove(self):
        """The socket's file."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.path)

    def _connect(self):
        end = socket.socket(socket.AF_UNIX)
        try:
            end.connect(self.path)
        except OSError:
            end.close()
            raise
        self._socket, self._file = end, end.makefile("rb")

    def _exchange(self, line):
        if not self._socket:
            self._connect()
        self._socket.sendall(line)
        answer = self._file.readline()
        if not answer.endswith(b"\n"):
            raise ConnectionError("the connection was closed")
        return json.loads(answer)

    def request(self, lua):
        """The answer's object. An interrupted request (Ctrl-C) closes the connection, so
        that its answer is not taken for the next one's."""
        line = json.dumps({"lua": lua}).encode() + b"\n"
        with self._lock:
            try:
                return self._exchange(line)
            except OSError as error:
                self.close()
                raise MetersimError("metersim did not answer on %s (%s). %s" % (
                    self.path, error, self._last_words())) from error
            except BaseException:
                self.close()
                raise

    def run(self, lua):
        """The value of a text of Lua, or None."""
        __tracebackhide__ = True  # pytest shows where the test called
        answer = self.request(lua)
        if not answer["ok"]:
            raise MetersimError(re.sub(r"^console:\d+: ", "", answer["error"]))
        return answer.get("value")
