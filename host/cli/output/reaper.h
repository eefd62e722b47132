/* SPDX-License-Identifier: MIT */
/*
 * reaper.h - what process 1 owes to the orphans of its pid namespace.
 *
 * The tree of the command is reaped by linehook-exec.  As the first process
 * of a container we also get orphans of others (of what an operator started
 * in it, say), which nobody else reaps.  The helper is reaped by this too;
 * the library knows its end by a descriptor, and asks nothing of its status.
 */
#ifndef CLI_OUTPUT_REAPER_H
#define CLI_OUTPUT_REAPER_H

/* From now on; does nothing in a process that is not number 1. */
void reaper_start (void);

#endif /* CLI_OUTPUT_REAPER_H */
