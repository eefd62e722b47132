/* SPDX-License-Identifier: MIT */
/* monitor_driver.h - drive linehook-exec through its protocol, without a host. */
#ifndef TESTS_MONITOR_DRIVER_H
#define TESTS_MONITOR_DRIVER_H

#include "process/monitor_client.h"

/* Start a monitor for ARGV; the streams of the agent are the null device. */
void monitor_driver_start (struct monitor_client *h, const char *const *argv);

/* Receive HELLO, send START with CONTAIN and FLAGS, and receive STARTED into
 * RET. */
void monitor_driver_begin (struct monitor_client *h, int contain,
			   unsigned int flags, struct proto_report *ret);

/* Receive the next report other than PLACED, within 20 s.  Returns its type; 0:
 * the monitor has closed the socket. */
uint32_t monitor_driver_next (struct monitor_client *h,
			      struct proto_report *ret);

/* Receive the last report: EMPTY or SURVIVORS_LEFT; 0: none came. */
uint32_t monitor_driver_last (struct monitor_client *h,
			      struct proto_report *ret);

/* The exit status of the monitor, or minus the signal that killed it. */
int monitor_driver_end (struct monitor_client *h);

#endif /* TESTS_MONITOR_DRIVER_H */
