# SPDX-License-Identifier: MIT
"""linehook.py - agent programs under asyncio, by liblinehook and ctypes.

    async with linehook.Host() as host:
        run = host.start(["claude", "-p", "hi", "--output-format",
                          "stream-json", "--verbose"], timeout=600)
        async for event in run:             # dicts, see linehook-events(7)
            print(event["kind"])
        print(run.result.verdict, run.result.text)

Python 3.9 or later, no other package; copy this file.  The library is the one
that $LIBLINEHOOK names, else the one that is installed.

A Host belongs to the event loop it was opened in.  Nothing runs in a thread,
no signal is handled.  After a fork (multiprocessing) the child can only call
Host.close(); all else raises LinehookError with code EFORKED.
"""
import asyncio
import ctypes
import ctypes.util
import json
import os
from ctypes import byref, c_char, c_char_p, c_int, c_int32, c_int64
from ctypes import c_size_t, c_uint32, c_uint64, c_void_p

OK, AGAIN, END = 0, 2, 3
EINVAL, ESYS, ESTATE, ECANCELED, EFORKED = -1, -3, -8, -9, -11

_STDIN_BYTES = 1


# ---- structs: as in <linehook/run.h>; a test compares them ----

class _Error(ctypes.Structure):
    _fields_ = [("code", c_int32), ("sys_errno", c_int32),
                ("text", c_char * 240)]


class _Str(ctypes.Structure):
    _fields_ = [("ptr", c_void_p), ("len", c_size_t)]


class _HostOpts(ctypes.Structure):
    _fields_ = [("size", c_uint32), ("flags", c_uint32), ("user", c_void_p),
                ("log", c_void_p), ("alloc", c_void_p), ("monitor", c_char_p),
                ("buffer_budget", c_size_t)]

    def __init__(self):
        super().__init__(size=ctypes.sizeof(self))


class _RunOpts(ctypes.Structure):
    _fields_ = [("size", c_uint32), ("stdin_mode", c_int32),
                ("plugin", c_void_p), ("argv", ctypes.POINTER(c_char_p)),
                ("envp", ctypes.POINTER(c_char_p)), ("cwd", c_char_p),
                ("input", _Str), ("stdin_fd", c_int32),
                ("stdout_mode", c_int32), ("total_ms", c_uint32),
                ("idle_ms", c_uint32), ("linger_ms", c_uint32),
                ("grace_ms", c_uint32), ("drain_ms", c_uint32),
                ("stderr_keep", c_uint32), ("max_output", c_uint64),
                ("max_tokens", c_uint64), ("max_cost_nano", c_int64),
                ("limits", c_void_p), ("n_limits", c_size_t),
                ("run_id", c_char_p), ("tmp_dir", c_char_p),
                ("on_stderr", c_void_p), ("stream", c_void_p),
                ("on_stdout", c_void_p), ("contain", c_int32),
                ("flags", c_uint32), ("record_dir", c_char_p),
                ("tool_ms", c_uint32), ("reserved", c_uint32),
                ("stderr_max", c_uint64),
                ("labels", ctypes.POINTER(c_char_p)), ("prompt", c_char_p),
                ("memory_max", c_uint64), ("pids_max", c_uint32),
                ("cpus_milli", c_uint32)]

    def __init__(self):
        # LHK_RUN_OPTS_INIT
        super().__init__(size=ctypes.sizeof(self), stdin_fd=-1,
                         linger_ms=30000, grace_ms=5000, drain_ms=2000,
                         stderr_keep=65536, tool_ms=1800000)


# ---- the library ----

def _load():
    name = (os.environ.get("LIBLINEHOOK")
            or ctypes.util.find_library("linehook") or "liblinehook.so.0")
    # PyDLL keeps the interpreter lock in a call.  No call blocks, and so no
    # other thread can fork while the library is in the middle of something.
    lib = ctypes.PyDLL(name)
    for function, result, *arguments in (
            ("lhk_strerror", c_char_p, c_int),
            ("lhk_plugin_dir", c_char_p),
            ("lhk_host_new", c_int, c_void_p, c_void_p, c_void_p),
            ("lhk_host_free", None, c_void_p),
            ("lhk_host_fd", c_int, c_void_p),
            ("lhk_host_dispatch", c_int, c_void_p, c_int),
            ("lhk_host_add_plugin_dir", c_int, c_void_p, c_char_p),
            ("lhk_host_plugin", c_int, c_void_p, c_char_p, c_void_p,
             c_void_p),
            ("lhk_run_start", c_int, c_void_p, c_void_p, c_void_p, c_void_p),
            ("lhk_run_next_json", c_int, c_void_p, c_void_p),
            ("lhk_run_cancel", None, c_void_p, c_int),
            ("lhk_run_free", None, c_void_p)):
        f = getattr(lib, function)
        f.restype, f.argtypes = result, arguments
    return lib


_lib = _load()


class LinehookError(Exception):
    """A call failed: .code is one of LHK_E*, the text a sentence."""

    def __init__(self, code, text=None):
        super().__init__(text or _lib.lhk_strerror(code).decode())
        self.code = code


def _check(code, error=None):
    if code < 0:
        text = error.text.decode(errors="replace") if error else None
        raise LinehookError(code, text)
    return code


def _string(word):
    word = os.fsencode(word)
    if b"\0" in word:
        raise ValueError("%r has a NUL byte: C would cut it" % word)
    return word


def _strings(words):
    words = [_string(word) for word in words]
    return (c_char_p * (len(words) + 1))(*words, None)


def _ms(seconds):
    return int(seconds * 1000)


# ---- what a user sees ----

class Result:
    """The end of a run; .event is all of it, see linehook-events(7)."""

    def __init__(self, event):
        self.event = event
        self.verdict = event["verdict"]     # "ok", "failed", "canceled"..
        self.text = event.get("text", "")   # the final answer
        self.error = event.get("error")
        self.exit_code = event["outcome"].get("exit_code")
        self.cost_usd = event.get("cost_usd")

    def __repr__(self):
        return "Result(%r, exit_code=%r)" % (self.verdict, self.exit_code)


class Run:
    """One agent.  Iterate over its events, or wait for its result."""

    def __init__(self, host, ptr):
        self.result = None
        self._host = host
        self._ptr = ptr
        self._news = asyncio.Event()

    def __aiter__(self):
        return self

    async def __anext__(self):
        line = _Str()
        while self._ptr:
            code = _check(_lib.lhk_run_next_json(self._ptr, byref(line)))
            if code == OK:
                event = json.loads(ctypes.string_at(line.ptr, line.len))
                if event["kind"] == "result" and event["final"]:
                    self.result = Result(event)
                    self._free()
                return event
            if code == END:
                self._free()
                break
            # Events wait in the library, which never slows the agent.
            self._news.clear()
            await self._news.wait()
        raise StopAsyncIteration

    async def wait(self):
        """The Result.  Events that were not iterated over are dropped."""
        async for _ in self:
            pass
        if self.result is None:
            raise LinehookError(ECANCELED, "no result: the host was closed "
                                "before the run had ended")
        return self.result

    def cancel(self, signo=0):
        """Ask for the end: SIGTERM or SIGNO, then SIGKILL.  The second call
        skips the time between them.  The events go on to the result."""
        if self._ptr:
            _lib.lhk_run_cancel(self._ptr, signo)

    def _free(self):
        self._host._runs.discard(self)
        _lib.lhk_run_free(self._ptr)
        self._ptr = None


class Host:
    """Runs agents; an asynchronous context manager."""

    def __init__(self, *, plugin_dirs=(), monitor=None):
        """The defaults are those of the installation; plugin_dirs are
        searched before its directory, monitor is the path of linehook-exec."""
        self._ptr = None
        self._fd = -1
        self._runs = set()
        self._dirs = [os.fsencode(dir) for dir in plugin_dirs]
        self._monitor = os.fsencode(monitor) if monitor else None

    async def __aenter__(self):
        opts, ptr, error = _HostOpts(), c_void_p(), _Error()
        opts.monitor = self._monitor
        _check(_lib.lhk_host_new(byref(opts), byref(ptr), byref(error)), error)
        self._ptr, self._pid = ptr, os.getpid()
        try:
            for dir in self._dirs + [_lib.lhk_plugin_dir()]:
                _check(_lib.lhk_host_add_plugin_dir(ptr, dir))
            self._fd = _check(_lib.lhk_host_fd(ptr))
            self._loop = asyncio.get_running_loop()
            self._loop.add_reader(self._fd, self._dispatch)
        except BaseException:
            self.close()
            raise
        return self

    async def __aexit__(self, *_):
        self.close()

    def fileno(self):
        """Readable when there is something to do; never read from it."""
        return self._fd

    def close(self):
        """Kill what still runs and give everything back."""
        if not self._ptr:
            return
        # A forked child shares the parent's selector: hands off.
        if self._fd >= 0 and self._pid == os.getpid():
            self._loop.remove_reader(self._fd)
        for run in self._runs:
            run._ptr = None
            run._news.set()
        self._runs.clear()
        _lib.lhk_host_free(self._ptr)
        self._ptr, self._fd = None, -1

    def start(self, argv, *, plugin=None, cwd=None, env=None, input=None,
              timeout=0, idle_timeout=0, linger=30, grace=5, max_tokens=0,
              max_cost_usd=0):
        """Start a command (a list of words, no shell) and return its Run.

        plugin: a name or path, else by the command; env: a dict, else that
        of this process; input: bytes or text for its stdin; times are in
        seconds and, as the other limits, 0 for none.  A program that cannot
        be executed is a result, not an error."""
        if not self._ptr:
            raise LinehookError(ESTATE, "the host is not open: use "
                                "'async with Host() as host'")
        opts, ptr, error = _RunOpts(), c_void_p(), _Error()
        opts.argv = _strings(argv)
        if env is not None:
            opts.envp = _strings(k + "=" + v for k, v in env.items())
        if cwd is not None:
            opts.cwd = _string(cwd)
        if input is not None:
            data = input.encode() if isinstance(input, str) else bytes(input)
            opts.stdin_mode = _STDIN_BYTES
            opts.input.ptr = ctypes.cast(data, c_void_p)
            opts.input.len = len(data)
        opts.total_ms = _ms(timeout)
        opts.idle_ms = _ms(idle_timeout)
        opts.linger_ms = _ms(linger)
        opts.grace_ms = _ms(grace)
        opts.max_tokens = max_tokens
        opts.max_cost_nano = int(max_cost_usd * 1e9)
        if plugin is not None:
            ref = c_void_p()
            _check(_lib.lhk_host_plugin(self._ptr, plugin.encode(), byref(ref),
                                        byref(error)), error)
            opts.plugin = ref
        _check(_lib.lhk_run_start(self._ptr, byref(opts), byref(ptr),
                                  byref(error)), error)
        run = Run(self, ptr)
        self._runs.add(run)
        return run

    def _dispatch(self):
        _check(_lib.lhk_host_dispatch(self._ptr, 0))
        for run in self._runs:
            run._news.set()
