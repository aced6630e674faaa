"""The process `metersim serve`: started, found ready, ended. Nothing of it stays, however
this process ends: its standard input is a pipe, and --parent ends it when that does; what
it writes goes to files that have no name."""
import contextlib
import io
import json
import os
import re
import resource
import shutil
import subprocess
import tempfile
import weakref

from ._errors import MetersimError, hint

END_S = 30
# Bytes of a capture or a tape; 2 h 20 min of a meter's tape. Beyond it there is none.
FILE_MAX = 512 << 20
TOO_LONG = b"It became longer than %d MB, and was not kept.\n" % (FILE_MAX >> 20)

_running = weakref.WeakSet()


def _leave_to_parent():
    """After os.fork the pipe is the parent's alone, or the program would outlive it."""
    for process in list(_running):
        process.abandon()


os.register_at_fork(after_in_child=_leave_to_parent)


def _option_hint(program, words):
    """What an option that the program does not know may have been."""
    unknown = re.search(r"Unknown option (--[\w-]+)", words)
    if not unknown:
        return ""
    text = subprocess.run([program, "serve", "--help"], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, check=False).stdout.decode()
    return hint(unknown.group(1), set(re.findall(r"^ +(--[\w-]+)", text, re.MULTILINE)))


class Process:
    """`command` with the options that this end needs; `files` are options that name a
    file each, which `file` returns after the end."""

    def __init__(self, command, files=()):
        self._log = tempfile.TemporaryFile()
        self._last_log = ""
        self._files = {option: tempfile.TemporaryFile() for option in files}
        self._popen = None
        try:
            self.ready = self._await_ready(command)
            if not self.ready:
                raise MetersimError(self._failure(command))
        except BaseException:
            self.end()
            self.drop_files()
            raise

    def _await_ready(self, command):
        """The object that --ready writes, or None when the program ends before. It has
        the pipe's end open until then, so the object's own end is what counts."""
        receive, send = os.pipe()
        with os.fdopen(receive, "rb", buffering=0) as pipe:
            try:
                self._start(command, send)
            finally:
                os.close(send)
            text = b""
            while True:
                part = pipe.read(65536)
                text += part
                if not part:
                    return None
                if part.rstrip().endswith(b"}"):
                    with contextlib.suppress(ValueError):
                        return json.loads(text)

    def _start(self, command, send):
        named = [part for option, file in self._files.items()
                 for part in (option, "/dev/fd/%d" % file.fileno())]
        command = [*command, "--parent", "--ready", "/dev/fd/%d" % send, *named]
        keep = [send, *(file.fileno() for file in self._files.values())]
        try:
            self._popen = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=self._log, stderr=self._log,
                pass_fds=keep, start_new_session=True, restore_signals=False)
        except OSError as error:
            raise MetersimError("`%s` cannot be started: %s" % (command[0], error)) from error
        _running.add(self)
        if self._files:
            resource.prlimit(self._popen.pid, resource.RLIMIT_FSIZE, (FILE_MAX, FILE_MAX))

    def _failure(self, command):
        code = self._popen.wait()
        words = self.log().strip()
        return ("`%s` ended with exit code %d before it was ready:\n%s%s\n"
                "`%s serve --help` lists the options." % (
                    " ".join(command), code, words, _option_hint(command[0], words),
                    command[0]))

    @property
    def pid(self):
        return self._popen.pid

    def log(self):
        """What the program has printed so far."""
        if self._log.closed:
            return self._last_log
        size = os.fstat(self._log.fileno()).st_size
        return os.pread(self._log.fileno(), size, 0).decode("utf-8", "replace")

    def last_words(self):
        """Why nothing answers, for a message."""
        if not self._popen:
            return "The plant is closed."
        try:
            code = self._popen.wait(END_S)  # its sockets close a little before it ends
        except subprocess.TimeoutExpired:
            return "The program still runs (process %d)." % self._popen.pid
        return "The program has ended with code %d; it last printed:\n%s" % (
            code, self.log()[-2000:].strip())

    def end(self):
        """Ends the program; its exit code."""
        if not self._popen:
            self._log.close()
            return None
        popen, self._popen = self._popen, None
        _running.discard(self)
        try:
            popen.stdin.close()
            code = popen.wait(END_S)
        except BaseException:
            popen.kill()
            popen.wait()
            raise
        finally:
            self._last_log = self.log()
            self._log.close()
        return code

    def has_file(self, option):
        return option in self._files

    def save_file(self, option, path):
        """After the end: what the program has written into that file."""
        source = self._files[option]
        if os.fstat(source.fileno()).st_size >= FILE_MAX:
            path, source = path + ".txt", io.BytesIO(TOO_LONG)
        source.seek(0)
        with open(path, "wb") as target:
            shutil.copyfileobj(source, target)

    def drop_files(self):
        for file in self._files.values():
            file.close()
        self._files.clear()

    def abandon(self):
        """In a forked child: lets go of what is the parent's."""
        if self._popen:
            self._popen.stdin.close()
            self._popen.returncode = 0  # no child of this process
            self._popen = None
