// SPDX-License-Identifier: MIT

// Run one agent; print what it says and how it ends.  Ctrl-C cancels it.
//
//	go run . -- claude -p "say hi" --output-format stream-json --verbose
//
// $LINEHOOK_PLUGIN_PATH and $LINEHOOK_EXEC are for a linehook that is not
// installed.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"

	"example.org/linehook/linehook"
)

func main() {
	timeout := flag.Duration("timeout", 0, "end the run after this `time`")
	plugin := flag.String("plugin", "", "`name` of the plugin")
	flag.Parse()
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt)
	defer cancel()

	host, err := linehook.NewHost(linehook.HostOptions{
		PluginDirs: filepath.SplitList(os.Getenv("LINEHOOK_PLUGIN_PATH")),
		Monitor:    os.Getenv("LINEHOOK_EXEC"),
	})
	if err != nil {
		fail(err)
	}
	defer host.Close()
	run, err := host.Start(ctx, flag.Args(),
		linehook.Options{Timeout: *timeout, Plugin: *plugin})
	if err != nil {
		fail(err)
	}
	for event := range run.Events() {
		if event.Kind == "text" && event.Role == "assistant" {
			fmt.Println(event.Text)
		}
	}
	result, err := run.Wait()
	if err != nil {
		fail(err)
	}
	fmt.Fprintln(os.Stderr, "verdict:", result.Verdict)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
