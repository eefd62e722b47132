// SPDX-License-Identifier: MIT

// Package linehook runs agent programs by liblinehook.
//
//	host, err := linehook.NewHost(linehook.HostOptions{})
//	defer host.Close()
//	run, err := host.Start(ctx, []string{"claude", "-p", "hi"},
//		linehook.Options{Timeout: 10 * time.Minute})
//	for event := range run.Events() { // see linehook-events(7)
//		fmt.Println(event.Kind, event.Text)
//	}
//	result, err := run.Wait()
//
// A host has one goroutine, locked to its thread, that makes all calls into
// the library; everything here may be used from any goroutine.  When the
// context of a run is done, the run is canceled.
package linehook

/*
#cgo pkg-config: linehook
#include <stdlib.h>
#include <linehook/run.h>

// Initializers are macros, which Go cannot use.
static struct lhk_host_opts host_opts (void)
{
	return (struct lhk_host_opts) LHK_HOST_OPTS_INIT;
}
*/
import "C"

import (
	"errors"
	"runtime"
	"sync"
	"unsafe"
)

// ErrClosed says that the host was closed before the run had ended.
var ErrClosed = errors.New("linehook: the host was closed")

// Error is a failed call: one of LHK_E* and a sentence.
type Error struct {
	Code int
	Text string
}

func (e *Error) Error() string { return "linehook: " + e.Text }

func newError(code C.int, detail *C.struct_lhk_error) error {
	if detail != nil {
		return &Error{int(code), C.GoString(&detail.text[0])}
	}
	return &Error{int(code), C.GoString(C.lhk_strerror(code))}
}

// HostOptions may be left empty: the defaults are those of the installation.
type HostOptions struct {
	PluginDirs []string // searched before the installed directory
	Monitor    string   // path of linehook-exec
}

// Host starts runs.
type Host struct {
	ptr  *C.struct_lhk_host
	runs map[*Run]bool // of the host's goroutine
	stop bool          // likewise
	done chan struct{} // closed when all is given back

	mu     sync.Mutex
	calls  []func() // for the host's goroutine
	closed bool     // it takes no more of them
}

// NewHost makes a host, to be closed by Close.
func NewHost(o HostOptions) (*Host, error) {
	var detail C.struct_lhk_error
	h := &Host{runs: make(map[*Run]bool), done: make(chan struct{})}
	opts := C.host_opts()
	if o.Monitor != "" {
		opts.monitor = C.CString(o.Monitor)
		defer C.free(unsafe.Pointer(opts.monitor))
	}
	if r := C.lhk_host_new(&opts, &h.ptr, &detail); r < 0 {
		return nil, newError(r, &detail)
	}
	for _, dir := range o.PluginDirs {
		name := C.CString(dir)
		r := C.lhk_host_add_plugin_dir(h.ptr, name)
		C.free(unsafe.Pointer(name))
		if r < 0 {
			C.lhk_host_free(h.ptr)
			return nil, newError(r, nil)
		}
	}
	r := C.lhk_host_add_plugin_dir(h.ptr, C.lhk_plugin_dir())
	if r == C.LHK_OK {
		// From now on there is something that wake can wake.
		r = C.lhk_host_fd(h.ptr)
	}
	if r < 0 {
		C.lhk_host_free(h.ptr)
		return nil, newError(r, nil)
	}
	go h.loop()
	return h, nil
}

// Close kills what still runs and gives everything back.
func (h *Host) Close() {
	h.do(func() { h.stop = true })
	<-h.done
}

// loop makes every call on the host but the one that wakes it.
func (h *Host) loop() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for !h.stop {
		C.lhk_host_dispatch(h.ptr, -1)
		h.makeCalls(false)
		for run := range h.runs {
			run.feed()
		}
	}
	h.makeCalls(true)
	for run := range h.runs {
		run.ptr = nil
	}
	C.lhk_host_free(h.ptr)
	close(h.done)
}

func (h *Host) makeCalls(last bool) {
	h.mu.Lock()
	calls := h.calls
	h.calls = nil
	h.closed = last
	h.mu.Unlock()
	for _, call := range calls {
		call()
	}
}

// do has the host's goroutine call f, and waits; false: the host is closed.
func (h *Host) do(f func()) bool {
	called := make(chan struct{})
	h.mu.Lock()
	if h.closed {
		h.mu.Unlock()
		return false
	}
	h.calls = append(h.calls, func() { f(); close(called) })
	C.lhk_host_wake(h.ptr)
	h.mu.Unlock()
	<-called
	return true
}
