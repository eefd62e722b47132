// SPDX-License-Identifier: MIT

package linehook

/*
#include <stdlib.h>
#include <linehook/run.h>

static struct lhk_run_opts run_opts (void)
{
	return (struct lhk_run_opts) LHK_RUN_OPTS_INIT;
}
*/
import "C"

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unsafe"
)

// Options of a run.  Zero is the default: no limit, or, of Linger and Grace,
// 30 and 5 seconds.
type Options struct {
	Plugin      string        // name or path; else by the command
	Dir         string        // working directory
	Env         []string      // "K=V"; nil: that of this process
	Input       []byte        // for stdin; nil: the null device
	Timeout     time.Duration // whole run
	IdleTimeout time.Duration // silence while no tool is open
	Linger      time.Duration // time to leave after the final answer
	Grace       time.Duration // from SIGTERM to SIGKILL
}

// Event is one event; Raw is all of it as JSON, see linehook-events(7).
type Event struct {
	Seq  uint64          `json:"seq"`
	Kind string          `json:"kind"`
	Role string          `json:"role"`
	Text string          `json:"text"`
	Raw  json.RawMessage `json:"-"`
}

// Result is the end of a run.
type Result struct {
	Verdict string // "ok", "failed", "canceled"..
	Text    string // the final answer
	Error   string
	Outcome struct {
		How      string
		ExitCode *int `json:"exit_code"`
		Signal   int
	}
	CostUSD *float64        `json:"cost_usd"`
	Raw     json.RawMessage `json:"-"`
}

// Run is one agent.
type Run struct {
	host   *Host
	ptr    *C.struct_lhk_run // of the host's goroutine; nil: freed
	hungry bool              // likewise: pump waits for a meal
	meals  chan meal
	events chan Event
	ended  chan struct{}
	result *Result // once ended
}

// What is carried from the library to the channel at once.
type meal struct {
	lines [][]byte
	last  bool
}

const mealLines = 64

// Start starts a command (no shell).  A program that cannot be executed is a
// result, not an error.
func (h *Host) Start(ctx context.Context, argv []string, o Options) (*Run, error) {
	run := &Run{
		host:   h,
		meals:  make(chan meal, 1),
		events: make(chan Event),
		ended:  make(chan struct{}),
	}
	err := ctx.Err()
	for _, s := range append(append([]string{o.Dir, o.Plugin}, argv...),
		o.Env...) {
		if strings.IndexByte(s, 0) >= 0 {
			err = fmt.Errorf("linehook: %q has a NUL byte: C would cut it", s)
		}
	}
	if err != nil {
		return nil, err
	}
	if !h.do(func() { err = run.start(argv, o) }) {
		err = ErrClosed
	}
	if err != nil {
		return nil, err
	}
	go run.pump()
	go func() {
		select {
		case <-ctx.Done():
			run.Cancel()
		case <-run.ended:
		}
	}()
	return run, nil
}

// Events gives what happens, until it is closed after the final result.
// Whoever does not read it to its end must call Wait.
func (r *Run) Events() <-chan Event { return r.events }

// Wait returns the result.  Events that nobody has read are dropped.
func (r *Run) Wait() (*Result, error) {
	for range r.events {
	}
	<-r.ended
	if r.result == nil {
		return nil, ErrClosed
	}
	return r.result, nil
}

// Cancel asks for the end: SIGTERM, then SIGKILL.  The second call skips the
// time between them.  Events go on to the result.
func (r *Run) Cancel() {
	r.host.do(func() {
		if r.ptr != nil {
			C.lhk_run_cancel(r.ptr, 0)
		}
	})
}

// start is called by the host's goroutine.
func (r *Run) start(argv []string, o Options) error {
	var detail C.struct_lhk_error
	var memory memory
	defer memory.free()
	opts := C.run_opts()
	opts.argv = memory.strings(argv)
	if o.Env != nil {
		opts.envp = memory.strings(o.Env)
	}
	if o.Dir != "" {
		opts.cwd = memory.string(o.Dir)
	}
	if o.Input != nil {
		opts.stdin_mode = C.LHK_STDIN_BYTES
		opts.input.ptr = memory.string(string(o.Input))
		opts.input.len = C.size_t(len(o.Input))
	}
	for _, t := range []struct {
		ms *C.uint32_t
		d  time.Duration
	}{
		{&opts.total_ms, o.Timeout}, {&opts.idle_ms, o.IdleTimeout},
		{&opts.linger_ms, o.Linger}, {&opts.grace_ms, o.Grace},
	} {
		if t.d != 0 {
			*t.ms = C.uint32_t(t.d.Milliseconds())
		}
	}
	if o.Plugin != "" {
		code := C.lhk_host_plugin(r.host.ptr, memory.string(o.Plugin),
			&opts.plugin, &detail)
		if code < 0 {
			return newError(code, &detail)
		}
	}
	code := C.lhk_run_start(r.host.ptr, &opts, &r.ptr, &detail)
	if code < 0 {
		return newError(code, &detail)
	}
	r.host.runs[r] = true
	return nil
}

// feed is called by the host's goroutine after each turn.
func (r *Run) feed() {
	if !r.hungry {
		return
	}
	if m := r.take(); m.last || len(m.lines) > 0 {
		r.hungry = false
		r.meals <- m
	}
}

// take is called by the host's goroutine.  What it does not take waits in the
// library, which never slows the agent.
func (r *Run) take() (m meal) {
	var line C.struct_lhk_str
	for len(m.lines) < mealLines {
		code := C.lhk_run_next_json(r.ptr, &line)
		if code == C.LHK_AGAIN {
			return m
		}
		if code != C.LHK_OK {
			m.last = true
			delete(r.host.runs, r)
			C.lhk_run_free(r.ptr)
			r.ptr = nil
			return m
		}
		m.lines = append(m.lines,
			C.GoBytes(unsafe.Pointer(line.ptr), C.int(line.len)))
	}
	return m
}

// pump carries events from the host's goroutine to the channel.
func (r *Run) pump() {
	defer close(r.ended)
	defer close(r.events)
	for m := (meal{}); !m.last; {
		if !r.host.do(func() { r.hungry = true }) {
			return
		}
		select {
		case m = <-r.meals:
		case <-r.host.done:
			return
		}
		for _, line := range m.lines {
			if !r.pass(line) {
				return
			}
		}
	}
}

func (r *Run) pass(line []byte) bool {
	var final struct{ Final bool }
	event := Event{Raw: line}
	if json.Unmarshal(line, &event) != nil {
		return true
	}
	if event.Kind == "result" && json.Unmarshal(line, &final) == nil &&
		final.Final {
		result := &Result{Raw: line}
		if json.Unmarshal(line, result) == nil {
			r.result = result
		}
	}
	select {
	case r.events <- event:
		return true
	case <-r.host.done:
		return false
	}
}

// memory is C memory that is freed together.
type memory []unsafe.Pointer

func (m *memory) free() {
	for _, p := range *m {
		C.free(p)
	}
}

func (m *memory) string(s string) *C.char {
	p := C.CString(s)
	*m = append(*m, unsafe.Pointer(p))
	return p
}

// strings makes an array that ends with NULL.
func (m *memory) strings(all []string) **C.char {
	p := C.calloc(C.size_t(len(all)+1), C.size_t(unsafe.Sizeof((*C.char)(nil))))
	*m = append(*m, p)
	array := unsafe.Slice((**C.char)(p), len(all))
	for i, s := range all {
		array[i] = m.string(s)
	}
	return (**C.char)(p)
}
