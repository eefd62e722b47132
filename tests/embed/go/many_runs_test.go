// SPDX-License-Identifier: MIT

// The Go example drives many runs, and nothing is left of them.
package many_runs

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"example.org/linehook/linehook"
)

const (
	nRuns   = 20
	nRounds = 3
)

var agent = os.Getenv("AGENT")

func newHost(t *testing.T) *linehook.Host {
	host, err := linehook.NewHost(linehook.HostOptions{
		PluginDirs: []string{os.Getenv("PLUGIN_DIR")},
		Monitor:    os.Getenv("LINEHOOK_EXEC"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return host
}

// left is what must be the same before and after; zombies are children, too.
// Threads are not counted, because Go itself starts some.
func left(t *testing.T) string {
	fds, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob("/proc/self/task/*/children")
	children := ""
	for _, file := range files {
		text, _ := os.ReadFile(file)
		children += string(text)
	}
	return fmt.Sprintf("%d descriptors, children [%s]", len(fds), children)
}

// by NUMBER % 4: what the agent does after its first "out", and the verdict
var kinds = []struct {
	words   string
	verdict string
}{
	{"pause", "canceled"},
	{"err oops exit 3", "failed"},
	{"lines 200", "ok"},
	{"fork ( sleep 5 ) cat", "ok"},
}

func one(host *linehook.Host, round, number int) error {
	kind := kinds[number%len(kinds)]
	name := fmt.Sprintf("round %d run %d", round, number)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	run, err := host.Start(ctx,
		append([]string{agent, "out", name}, strings.Fields(kind.words)...),
		linehook.Options{Plugin: "raw", Timeout: time.Minute,
			Grace: time.Second, Input: []byte("in " + name + "\n"),
			Env: []string{fmt.Sprint("N=", number)}})
	if err != nil {
		return err
	}
	wanted := []string{name}
	if kind.words == "lines 200" {
		for i := 1; i <= 200; i++ {
			wanted = append(wanted, fmt.Sprint("line ", i))
		}
	}
	if strings.HasSuffix(kind.words, "cat") {
		wanted = append(wanted, "in "+name)
	}
	var texts []string
	seq := uint64(0)
	for event := range run.Events() {
		if seq++; event.Seq != seq {
			return fmt.Errorf("%s: seq %d, wanted %d", name, event.Seq, seq)
		}
		if event.Kind != "text" {
			continue
		}
		texts = append(texts, event.Text)
		if kind.words == "pause" {
			cancel()
		}
	}
	result, err := run.Wait()
	if err != nil {
		return err
	}
	if result.Verdict != kind.verdict || !reflect.DeepEqual(texts, wanted) {
		return fmt.Errorf("%s: %s %q, wanted %s %q", name, result.Verdict,
			texts, kind.verdict, wanted)
	}
	if kind.verdict == "failed" && *result.Outcome.ExitCode != 3 {
		return fmt.Errorf("%s: exit code %d", name, *result.Outcome.ExitCode)
	}
	return nil
}

func round(t *testing.T, number int) {
	host := newHost(t)
	defer host.Close()
	errs := make(chan error, nRuns)
	for i := 0; i < nRuns; i++ {
		go func(i int) { errs <- one(host, number, i) }(i)
	}
	for i := 0; i < nRuns; i++ {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

func TestGo20RunsAtOnceHaveNoCrossTalkAndLeaveNothing(t *testing.T) {
	round(t, -1) // what Go itself opens once
	before := left(t)
	for i := 0; i < nRounds; i++ {
		round(t, i)
		if after := left(t); after != before {
			t.Errorf("round %d: %s, wanted %s", i, after, before)
		}
	}
}

func TestGoClosingTheHostEndsTheRunsAndWhoWaits(t *testing.T) {
	before := left(t)
	host := newHost(t)
	run, err := host.Start(context.Background(),
		[]string{agent, "out", "up", "ignoreall", "pause"},
		linehook.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error)
	go func() { _, err := run.Wait(); ended <- err }()
	host.Close()
	if err := <-ended; !errors.Is(err, linehook.ErrClosed) {
		t.Errorf("Wait gave %v", err)
	}
	run.Cancel()
	host.Close()
	_, err = host.Start(context.Background(), []string{"true"},
		linehook.Options{})
	if !errors.Is(err, linehook.ErrClosed) {
		t.Errorf("Start of a closed host gave %v", err)
	}
	if after := left(t); after != before {
		t.Errorf("%s, wanted %s", after, before)
	}
}

func TestGoEventsThatNobodyReadsHoldNothingUp(t *testing.T) {
	host := newHost(t)
	defer host.Close()
	start := func(words ...string) *linehook.Run {
		run, err := host.Start(context.Background(),
			append([]string{agent}, words...), linehook.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return run
	}
	unread := start("lines", "20000")
	if result, err := start("out", "a").Wait(); err != nil ||
		result.Text != "a" {
		t.Errorf("found %v, %v", result, err)
	}
	if result, err := unread.Wait(); err != nil ||
		result.Text != "line 20000" {
		t.Errorf("found %v, %v", result, err)
	}
}

func TestGoAHostThatIsIdleUsesNoTime(t *testing.T) {
	host := newHost(t)
	defer host.Close()
	run, err := host.Start(context.Background(),
		[]string{agent, "out", "up", "pause"}, linehook.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for event := range run.Events() {
		if event.Kind == "text" {
			break
		}
	}
	waited := make(chan struct{})
	go func() { run.Wait(); close(waited) }()
	before := switches(t)
	time.Sleep(300 * time.Millisecond)
	// A busy loop would dispatch tens of thousands of times.
	if n := switches(t) - before; n > 3000 {
		t.Errorf("%d switches of context while nothing happened", n)
	}
	run.Cancel()
	<-waited
}

func switches(t *testing.T) (sum int) {
	files, _ := filepath.Glob("/proc/self/task/*/status")
	for _, file := range files {
		text, _ := os.ReadFile(file)
		for _, line := range strings.Split(string(text), "\n") {
			var n int
			if _, err := fmt.Sscanf(line, "voluntary_ctxt_switches: %d",
				&n); err == nil {
				sum += n
			}
		}
	}
	return sum
}

func TestGoErrorsAreSentences(t *testing.T) {
	host := newHost(t)
	defer host.Close()
	var failed *linehook.Error
	_, err := host.Start(context.Background(), []string{"true"},
		linehook.Options{Plugin: "none-such"})
	if !errors.As(err, &failed) || failed.Code != -7 ||
		!strings.Contains(failed.Text, "none-such") {
		t.Errorf("found %v", err)
	}
	_, err = host.Start(context.Background(), []string{"echo", "a\x00b"},
		linehook.Options{})
	if err == nil {
		t.Error("a word was cut")
	}
	run, err := host.Start(context.Background(),
		[]string{"/nowhere/agent"}, linehook.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if result, err := run.Wait(); err != nil ||
		result.Verdict != "spawn_failed" {
		t.Errorf("found %v, %v", result, err)
	}
}
